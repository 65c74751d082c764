"""Results to draw, built by hand, and what can be read off a figure."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from ketbio.figures import draw
from ketbio.figures.style import drawing_settings
from ketbio.result import Result

RESPONDERS = [0.92, 0.41, 0.63, 0.12, 0.55]
NON_RESPONDERS = [0.05, -0.21, 0.18, -0.02, 0.31, -0.35]
GROUPS = ("responder", "non-responder")


def described(group: str, values: list[float], **fields: Any) -> Result:
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    question = {"analysis": "compare_responders", "marker": "p_mTOR_S2448", "outcome": ""} | fields
    return Result(
        **question,
        groups=(group,),
        n={group: len(values)},
        role="description",
        estimate=float(np.mean(values)),
        estimate_name="mean",
        spread=spread,
    )


def left_out(rows: list[tuple[str, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["participant_id", "estimate"]).assign(p_value=0.1)


def estimation(
    first: list[float] | None = None, second: list[float] | None = None, **fields: Any
) -> Result:
    x = RESPONDERS if first is None else first
    y = NON_RESPONDERS if second is None else second
    names = fields.get("groups", GROUPS)
    difference = float(np.mean(x) - np.mean(y))
    given = {
        "marker": "p_mTOR_S2448",
        "outcome": "change, baseline to day_14",
        "groups": names,
        "n": {names[0]: len(x), names[1]: len(y)},
        "estimate": difference,
        "estimate_name": "mean difference",
        "unit": "log2 ratio",
        "ci_low": difference - 0.4,
        "ci_high": difference + 0.35,
        "ci_method": "inversion of the exact permutation test",
        "statistic": difference,
        "statistic_name": "mean difference",
        "p_value": 0.0108,
        "p_method": "exact, 462 arrangements",
        "is_exact": True,
        "alternative": "two-sided",
        "data": pd.DataFrame(
            {
                "participant_id": [f"P{i:02d}" for i in range(1, len(x) + len(y) + 1)],
                "group": [names[0]] * len(x) + [names[1]] * len(y),
                "value": [*x, *y],
            }
        ),
        "excluded": pd.DataFrame(
            {
                "participant_id": ["P12", "P13"],
                "reason": ["no blot at day_14", "response not known: no MADRS at day_14"],
            }
        ),
        "companions": (described(names[0], x), described(names[1], y)),
    }
    return Result(analysis="compare_responders", **(given | fields))


def arrangements(x: list[float], y: list[float]) -> np.ndarray:
    pooled = np.array([*x, *y])
    chosen = combinations(range(len(pooled)), len(x))
    sums = np.array([pooled[list(places)].sum() for places in chosen])
    return sums / len(x) - (pooled.sum() - sums) / len(y)


BEFORE = [45.0, 38, 41, 33, 50, 36, 29, 44, 39, 36]
AFTER = [30.0, 22, 41, 12, 39, 20, 27, 24, 21, 32]


def slopes(
    before: list[float] | None = None, after: list[float] | None = None, **fields: Any
) -> Result:
    start = BEFORE if before is None else before
    end = AFTER if after is None else after
    change = [b - a for a, b in zip(start, end, strict=True)]
    given = {
        "marker": "MADRS",
        "outcome": "change, baseline to day_14",
        "groups": ("day_14", "baseline"),
        "n": {"pairs": len(start)},
        "estimate": float(np.mean(change)),
        "estimate_name": "mean change",
        "unit": "points",
        "ci_low": float(np.mean(change)) - 6.6,
        "ci_high": float(np.mean(change)) + 6.2,
        "ci_method": "inversion of the exact sign-flip test",
        "statistic_name": "mean",
        "p_value": 2 / 1024,
        "p_method": "exact, 1,024 arrangements",
        "is_exact": True,
        "alternative": "two-sided",
        "data": pd.DataFrame(
            {
                "participant_id": [f"P{i:02d}" for i in range(1, len(start) + 1)],
                "baseline_value": start,
                "endpoint_value": end,
                "change": change,
            }
        ),
        "companions": (described("baseline", start), described("day_14", end)),
    }
    return Result(analysis="compare_visits", **(given | fields))


X_CHANGES = [0.92, 0.41, 0.63, 0.12, 0.55, 0.05, -0.21, 0.18, -0.02, 0.31, -0.35]
Y_CHANGES = [-21.0, -12, -19, -20, -16, -8, -2, -11, 1, -4, -7]


def scatter(x: list[float] | None = None, y: list[float] | None = None, **fields: Any) -> Result:
    across = X_CHANGES if x is None else x
    upwards = Y_CHANGES if y is None else y
    ids = [f"P{i:02d}" for i in range(1, len(across) + 1)]
    outcome = "change, baseline to day_14"
    estimates = [-0.62 - 0.012 * i + (0.19 if i == 3 else 0) for i in range(len(across))]
    given = {
        "marker": "p_mTOR_S2448",
        "outcome": f"{outcome}, against the change of MADRS",
        "groups": ("p_mTOR_S2448", "MADRS"),
        "n": {"pairs": len(across)},
        "estimate": -0.69,
        "estimate_name": "Pearson r",
        "ci_low": -0.91,
        "ci_high": -0.15,
        "ci_method": "Fisher's z",
        "statistic_name": "Pearson r",
        "p_value": 0.0213,
        "p_method": "exact, 39,916,800 arrangements",
        "is_exact": True,
        "alternative": "two-sided",
        "data": pd.DataFrame(
            {
                "participant_id": ids,
                "x": across,
                "y": upwards,
                "group": (["responder"] * 5 + ["non-responder"] * len(across))[: len(across)],
            }
        ),
        "leave_one_out": left_out(list(zip(ids, estimates, strict=True))),
        "companions": (
            described("pairs", across, outcome=outcome, unit="log2 ratio"),
            described("pairs", upwards, marker="MADRS", outcome=outcome, unit="points"),
        ),
    }
    return Result(analysis="correlate_changes", **(given | fields))


REDUCTIONS = [61.3, 48.0, 0.0, -12.5, 72.1, 50.0, 21.4, 33.3, 55.9, 8.8, 14.0]


def waterfall(reductions: list[float] | None = None, **fields: Any) -> Result:
    percent = REDUCTIONS if reductions is None else reductions
    responds = [value >= 50 for value in percent]
    share = 100 * sum(responds) / len(percent)
    remission = Result(
        analysis="summarise_response",
        marker="MADRS",
        outcome="remission (MADRS at or below 10)",
        groups=("all",),
        n={"all": len(percent)},
        role="description",
        estimate=18.2,
        estimate_name="remitters",
        unit="%",
        ci_low=2.3,
        ci_high=51.8,
    )
    given = {
        "marker": "MADRS",
        "outcome": "response (reduction of at least 50%)",
        "groups": ("all",),
        "n": {"all": len(percent)},
        "estimate": share,
        "estimate_name": "responders",
        "unit": "%",
        "ci_low": share / 2,
        "ci_high": (share + 100) / 2,
        "ci_method": "Clopper–Pearson",
        "data": pd.DataFrame(
            {
                "participant_id": [f"P{i:02d}" for i in range(1, len(percent) + 1)],
                "baseline_value": 40.0,
                "endpoint_value": [40 - 0.4 * value for value in percent],
                "change": [-0.4 * value for value in percent],
                "percent_reduction": percent,
                "response": ["responder" if is_one else "non-responder" for is_one in responds],
                "is_remitter": pd.array([value > 60 for value in percent], dtype="boolean"),
                "response_percent": 50.0,
            }
        ),
        "companions": (remission,),
    }
    return Result(analysis="summarise_response", **(given | fields))


def _with_null() -> Result:
    null = arrangements(RESPONDERS, NON_RESPONDERS)
    return estimation(null_distribution=null)


def _censored() -> Result:
    data = pd.DataFrame(
        {
            "participant_id": [f"P{i:02d}" for i in range(1, 8)],
            "group": [GROUPS[0]] * 3 + [GROUPS[1]] * 4,
            "value": [1.2, np.nan, 2.4, np.nan, np.nan, 0.9, 1.0],
            "censored": ["", "left", "", "left", "left", "", ""],
            "limit": 0.5,
        }
    )
    return estimation(
        data=data,
        marker="BDNF_plasma",
        outcome="value at baseline",
        unit="ng/mL",
        n={GROUPS[0]: 3, GROUPS[1]: 4},
        estimate=float("nan"),
        estimate_name="shift (not estimated: values below the LLOQ)",
        ci_low=float("nan"),
        ci_high=float("nan"),
        ci_method="",
        companions=(),
    )


def superiority(**fields: Any) -> Result:
    """All responders above all non-responders: T is infinite, the probability 1."""
    means = [
        replace(described(name, values), unit="log2 ratio")
        for name, values in zip(GROUPS, ([3.0, 4.0, 5.0], [0.0, 1.0, 2.0]), strict=True)
    ]
    given = {
        "unit": "",
        "estimate": 1.0,
        "estimate_name": "probability of superiority",
        "null_value": 0.5,
        "statistic": float("inf"),
        "statistic_name": "Brunner–Munzel T",
        "null_distribution": np.array([-np.inf, -2.0, 0.0, 2.0, np.inf]),
        "companions": tuple(means),
    }
    values = ([3.0, 4.0, 5.0], [0.0, 1.0, 2.0])
    return estimation(*values, **(given | NO_INTERVAL | fields))


def medians(**fields: Any) -> Result:
    """Medians 0.55 and 0.015: their difference, where the means differ by 0.533."""
    difference = float(np.median(RESPONDERS) - np.median(NON_RESPONDERS))
    name = "difference of medians"
    given = {"estimate": difference, "estimate_name": name}
    return estimation(**(given | {"statistic": difference, "statistic_name": name} | fields))


LONG_MARKER = "phospho_S6_ribosomal_protein_Ser235_236_to_total_in_PBMC_$x_1"
_RNG = np.random.default_rng(20260101)
MANY = [round(float(value), 2) for value in _RNG.normal(0.3, 0.4, 40)]
NO_INTERVAL = {"ci_low": float("nan"), "ci_high": float("nan"), "ci_method": ""}

CASES: dict[str, Callable[[], Result]] = {
    "estimation": estimation,
    "estimation_null": _with_null,
    "estimation_one_each": lambda: estimation(
        [0.4], [0.1], ci_low=-np.inf, ci_high=np.inf, p_value=1.0, p_method="exact, 2 arrangements"
    ),
    "estimation_open_below": lambda: estimation(ci_low=-np.inf),
    "estimation_tied": lambda: estimation([2.0] * 5, [2.0] * 6, **NO_INTERVAL),
    "estimation_no_estimate": lambda: estimation(estimate=np.nan, **NO_INTERVAL),
    "estimation_shift": lambda: estimation(
        estimate=0.52, estimate_name="Hodges–Lehmann shift", statistic=41.0
    ),
    "estimation_superiority": superiority,
    "estimation_medians": medians,
    "estimation_forty": lambda: estimation(MANY[:18], MANY[18:]),
    "estimation_long": lambda: estimation(
        marker=LONG_MARKER,
        groups=("ketamine_racemic_0.5_mg_per_kg_six_infusions", "midazolam_active_placebo"),
    ),
    "estimation_greek": lambda: estimation(
        marker="Белок β-катенин", unit="мкг/л", groups=("ответ", "без ответа")
    ),
    "estimation_censored": _censored,
    "slopes": slopes,
    "slopes_forty": lambda: slopes([30 + 10 * v for v in MANY], [20 + 12 * v for v in MANY[::-1]]),
    "slopes_one": lambda: slopes([30.0], [12.0], ci_low=-np.inf, ci_high=np.inf),
    "slopes_tied": lambda: slopes([30.0] * 4, [30.0] * 4, **NO_INTERVAL),
    "slopes_long": lambda: slopes(marker=LONG_MARKER, unit="arbitrary densitometric units"),
    "scatter": scatter,
    "scatter_no_groups": lambda: scatter(
        data=scatter().data.assign(group=""), leave_one_out=left_out([])
    ),
    "scatter_unknown_group": lambda: scatter(
        data=scatter().data.assign(group=["responder"] * 5 + ["non-responder"] * 5 + [""])
    ),
    "scatter_forty": lambda: scatter(MANY, [-30 * v for v in MANY[::-1]]),
    "scatter_tied": lambda: scatter(
        [0.2] * 6, [-5.0] * 6, estimate=np.nan, leave_one_out=left_out([]), **NO_INTERVAL
    ),
    "waterfall": waterfall,
    "waterfall_forty": lambda: waterfall([round(100 * v, 1) for v in MANY]),
    "waterfall_one": lambda: waterfall([51.0]),
    "waterfall_missing": lambda: waterfall([60.0, np.nan, 20.0, np.nan]),
    "waterfall_all_worse": lambda: waterfall([-3.0, -10.0, -40.0, 0.0]),
    "waterfall_long_ids": lambda: waterfall(
        data=waterfall().data.assign(
            participant_id=[f"SITE-$_{i:02d}/SCREENING-2025" for i in range(len(REDUCTIONS))]
        )
    ),
}


@pytest.fixture(params=sorted(CASES))
def any_result(request: pytest.FixtureRequest) -> Result:
    return CASES[request.param]()


@pytest.fixture
def make() -> dict[str, Callable[..., Result]]:
    """Builders by name; keyword arguments replace fields of the result."""
    return {
        "estimation": estimation,
        "slopes": slopes,
        "scatter": scatter,
        "waterfall": waterfall,
        **{name: build for name, build in CASES.items() if "_" in name},
    }


def text_boxes(figure: Figure) -> dict[str, Bbox]:
    """Return the box of every text that is seen, in pixels."""
    with drawing_settings():
        figure.draw_without_rendering()
        return {f"{i} {t.get_text()}": t.get_window_extent() for i, t in enumerate(seen(figure))}


def seen(figure: Figure) -> list[Text]:
    axes = [axis for panel in figure.axes for axis in (panel.xaxis, panel.yaxis)]
    ticks = {id(t) for axis in axes for tick in axis.majorTicks for t in tick.findobj(Text)}
    shown = [text for text in figure.findobj(Text) if id(text) not in ticks]
    for axis in axes:
        low, high = sorted(axis.get_view_interval())
        labels = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=True)
        shown += [label for place, label in labels if low <= place <= high]
    return [text for text in shown if text.get_visible() and text.get_text().strip()]


SLACK = 0.5
"""Of a pixel at 150 dpi, by which texts may touch."""


def faults_of(figure: Figure) -> list[str]:
    """Return every text outside the page, and every pair of texts that lie over one another."""
    width, height = figure.bbox.width, figure.bbox.height
    found = text_boxes(figure)
    outside = [
        f"outside: {text}"
        for text, box in found.items()
        if min(box.x0, box.y0) < -SLACK or box.x1 > width + SLACK or box.y1 > height + SLACK
    ]
    over = [
        f"over: {one} | {other}"
        for (one, a), (other, b) in combinations(found.items(), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > SLACK and min(a.y1, b.y1) - max(a.y0, b.y0) > SLACK
    ]
    return [*outside, *over, *([] if len(found) > 4 else ["hardly any text is seen"])]


@pytest.fixture
def text_faults() -> Callable[[Figure], list[str]]:
    return faults_of


@pytest.fixture
def boxes() -> Callable[[Figure], dict[str, Bbox]]:
    return text_boxes


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Figure]:
    """Draw a case once per preset: the tests only look."""
    done: dict[tuple[str, str], Figure] = {}

    def get(name: str, style: str = "report") -> Figure:
        if (name, style) not in done:
            done[name, style] = draw(CASES[name](), style=style, note="Simulated data")
        return done[name, style]

    return get
