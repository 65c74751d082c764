"""Tables small enough to read, and one whose every text is what a renderer could trip over."""

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import summarise_participants
from ketbio.report.tables.table import Cell, Column, Row, Table
from ketbio.result import Result, Results

NASTY = (
    "<script>alert(1)</script> $x$ 50% & _u_ ^s^ \\cmd {b} #h ~t~ [l](u) \"q\" 'r' | `c` *e* @c "
    "−1 日本語 العربية 😀"
)
"""What HTML, LaTeX, typst, Markdown or Word could take for more than text."""


def small_table(**fields):
    given = {
        "title": "Participants",
        "name": "participants",
        "columns": (
            Column(heading="Variable"),
            Column(heading="All (n = 11)", align="right"),
            Column(heading="Difference", align="right", spanner="A − B"),
            Column(heading="95% CI", align="right", spanner="A − B", notes=("Welch t.",)),
        ),
        "rows": (
            Row(cells=(Cell(text="Age, years"), Cell(), Cell(), Cell()), is_heading=True),
            Row(
                cells=(
                    Cell(text="Mean (SD)"),
                    Cell(text="15.2 (1.50)", notes=("1 missing.",), rows=(3,)),
                    Cell(text="−0.31", rows=(4,)),
                    Cell(text="−2.7 to 2.1", notes=("1 missing.",), rows=(4,)),
                ),
                level=1,
            ),
        ),
        "notes": ("Simulated data.",),
        **fields,
    }
    return Table(**given)


def people_results(**options):
    ids = [f"P{number:02}" for number in range(1, 9)]
    people = pd.DataFrame(
        {
            "participant_id": ids,
            "sex": ["female", "male", "female", None, "male", "female", "female", "male"],
            "age_years": [15.0, 16, 14, 17, 13, np.nan, 15, 14],
            "arm": ["active"] * 4 + ["placebo"] * 4,
        }
    )
    return summarise_participants(people, by="arm", **options)


def compared(marker="BDNF_serum", **fields):
    groups = ("responder", "non-responder")
    means = [
        Result(
            analysis="compare_responders", marker=marker, outcome="change", groups=(group,),
            n={group: n}, role="description", estimate=mean, estimate_name="mean", spread=0.5,
            unit="ng/mL",
        )
        for group, n, mean in zip(groups, (5, 6), (1.4, 0.4833), strict=True)
    ]  # fmt: skip
    other = Result(
        analysis="compare_responders", marker=marker, outcome="change", groups=groups,
        n={"responder": 5, "non-responder": 6}, role="sensitivity", estimate=0.9167,
        estimate_name="mean difference", unit="ng/mL", p_value=0.0021, p_method="Welch t test",
    )  # fmt: skip
    given = {
        "estimate": 0.9167, "estimate_name": "mean difference", "unit": "ng/mL", "ci_low": 0.4,
        "ci_high": 1.4, "ci_method": "inverted permutation test", "effect_size": 2.4,
        "effect_size_name": "Hedges' g", "effect_size_ci": (0.9, 3.9),
        "effect_size_ci_method": "noncentral t", "p_value": 4 / 462,
        "p_method": "exact, 462 arrangements", "alternative": "two-sided", "is_exact": True,
        "p_floor": 2 / 462, "n_arrangements": 462, "p_adjusted": 0.017, "adjustment": "Holm",
        "warnings": ("Groups formed by the outcome.",), "companions": (*means, other), **fields,
    }  # fmt: skip
    return Result(
        analysis="compare_responders", marker=marker, outcome="change", groups=groups,
        n={"responder": 5, "non-responder": 6}, **given,
    )  # fmt: skip


@pytest.fixture
def table():
    return small_table()


@pytest.fixture
def nasty_table():
    cells = (Cell(text=NASTY, notes=(NASTY,)), Cell(text=NASTY))
    return Table(
        title=NASTY,
        columns=(Column(heading=NASTY, notes=(NASTY,)), Column(heading=NASTY, spanner=NASTY)),
        rows=(Row(cells=cells), Row(cells=(Cell(text=NASTY), Cell()), is_heading=True)),
        notes=(NASTY,),
        name=NASTY,
    )


@pytest.fixture
def nasty_text():
    return NASTY


@pytest.fixture
def people():
    return people_results()


@pytest.fixture
def results():
    left_out = pd.DataFrame({"participant_id": ["P12"], "reason": ["no blot at day_14"]})
    return Results([compared(), compared("BDNF_plasma", excluded=left_out, p_adjusted=0.12)])
