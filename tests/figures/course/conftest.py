"""Courses to draw, made by the analysis from a few lines of numbers, and what is seen of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from ketbio.analyses import summarise_course
from ketbio.endpoints import derive_concentration, derive_response, derive_scale_total
from ketbio.result import Result

VISITS = ["baseline", "day_1", "day_7", "day_14"]
ROWS = {
    "P01": [40, 25, 18, 12],
    "P02": [38, 30, None, 17],
    "P03": [35, 36, 33, 30],
    "P04": [44, 40, 41, None],
    "P05": [30, 28, 27, 27],
    "P06": [33, 20, 15, 16],
}


def totals(
    rows: Mapping[str, Sequence[float | None]], visits: Sequence[str] = VISITS
) -> pd.DataFrame:
    made = [
        (one, visit, value)
        for one, values in rows.items()
        for visit, value in zip(visits, values, strict=True)
    ]
    table = pd.DataFrame(made, columns=["participant_id", "visit", "madrs_total"])
    return derive_scale_total(table.astype({"madrs_total": float}))


def madrs(
    rows: Mapping[str, Sequence[float | None]] = ROWS,
    visits: Sequence[str] = VISITS,
    *,
    grouped: bool = True,
    **fields: object,
) -> Result:
    table = totals(rows, visits)
    response = derive_response(table, baseline=visits[0], endpoint=visits[-1]) if grouped else None
    made = summarise_course(table, marker="MADRS", response=response)
    return replace(made, **fields)


def many() -> Result:
    rng = np.random.default_rng(20260101)
    rows = {
        f"P{one:02d}": [int(v) for v in np.clip(rng.normal([38, 30, 25, 22], 7), 0, 60)]
        for one in range(1, 41)
    }
    return madrs(rows)


def plasma() -> Result:
    parts = [
        pd.DataFrame(
            {
                "participant_id": [f"P{place:02d}" for place in range(1, 8)],
                "visit": visit,
                "specimen": "plasma",
                "bdnf_ng_ml": values,
                "below_lloq": [bool(np.isnan(one)) for one in values],
                "lloq_ng_ml": 0.5,
            }
        )
        for visit, values in {
            "baseline": [np.nan, 0.8, 1.1, 2.4, 0.9, 1.5, 1.2],
            "day_14": [0.7, 0.9, np.nan, 2.0, 1.4, 1.6, 1.1],
        }.items()
    ]
    levels = derive_concentration(pd.concat(parts), specimen="plasma")
    return summarise_course(levels, marker="BDNF_plasma")


NASTY = ["60% <script>&_^{}#~$\\x", "多中心研究 患者", "مشارك", "🙂", "x" * 60]
SLACK = 0.5


def lines(panel: Axes, label: str) -> list[Line2D]:
    return [one for one in panel.lines if one.get_label() == label]


def overlaps(found: Mapping[str, Bbox]) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, a), (other, b) in combinations(found.items(), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]


@pytest.fixture(scope="session")
def course() -> SimpleNamespace:
    return SimpleNamespace(
        madrs=madrs, many=many, plasma=plasma, lines=lines, overlaps=overlaps,
        rows=ROWS, visits=VISITS,
    )  # fmt: skip


@pytest.fixture(scope="session")
def nasty() -> Result:
    """Names of participants and of the marker as nobody wishes them."""
    names = [*NASTY, "P06"]
    made = madrs(dict(zip(names, ROWS.values(), strict=True)))
    return replace(made, label=" ".join(NASTY[:2]), unit="µg·mL⁻¹ $_{x}$")
