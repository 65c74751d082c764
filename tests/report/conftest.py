"""A study's run in miniature, and text that must come through a report letter by letter."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ketbio.result import Result, Results
from ketbio.study import ReportPlan, Study, StudyRun
from ketbio.tables import Check, check_table
from ketbio.tables.complaints import Complaint

NASTY = (
    "<script>alert(1)</script> *x* $x$ | `code` [@key] ![](x) {#id} \\cmd <!-- c --> #h @c "
    '"q" -- ... ~s~ ^s^ [l](u) {{ t }} &amp; 1. _u_ == https://example.org'
)
"""What pandoc, typst, Word or a browser could take for more than text."""

CHANGE = "change, baseline to day_14"


COMPLAINTS = (
    Complaint(
        rule="range", message="lassitude is 7; allowed: 0 to 6.", row=7, participant_id="P03",
        visit="day_14", column="lassitude", value="7", severity="error",
    ),
    Complaint(
        rule="prorated", message="The total was prorated.", row=9, participant_id="P03",
        visit="day_14", column="lassitude", severity="warning",
    ),
    Complaint(
        rule="suicidality", message="suicidal_thoughts is 5, at or above 4: see the participant.",
        row=12, participant_id="P10", visit="day_14", column="suicidal_thoughts", value="5",
        severity="safety",
    ),
)  # fmt: skip


def small_check(**fields: object) -> Check:
    """26 ratings, one kept out; complaints in the order of the file, not of their weight."""
    ids = [f"P{number:02}" for number in range(1, 14)]
    ratings = pd.DataFrame(
        {"participant_id": ids * 2, "visit": ["baseline"] * 13 + ["day_14"] * 13, "madrs_total": 30}
    )
    ratings.loc[5, "madrs_total"] = 99
    given = {
        "file": "madrs.csv", "sha256": "ab12" * 16, "found": COMPLAINTS,
        "notes": ("read as UTF-8, comma between the columns",), **fields,
    }  # fmt: skip
    return replace(check_table(ratings, "madrs"), **given)  # type: ignore[arg-type]


def table_line(group: str, n: int, **fields: object) -> Result:
    given = {
        "marker": "age_years", "label": "Age", "outcome": "", "estimate": 15.25, "spread": 1.5,
        "estimate_name": "mean", "unit": "years", **fields,
    }  # fmt: skip
    return Result(
        analysis="summarise_participants",
        role="description",
        groups=(group,),
        n={group: n},
        **given,  # type: ignore[arg-type]
    )


def count_line(group: str, n: int, count: int, **fields: object) -> Result:
    return table_line(
        group, n,
        **{"marker": "sex", "label": "Sex", "outcome": "female", "estimate": 100 * count / n,
           "spread": float("nan"), "estimate_name": "percent", "unit": "%",
           "statistic": float(count), "statistic_name": "count", **fields},
    )  # fmt: skip


def responders_result(**fields: object) -> Result:
    ids = [f"P{number:02}" for number in range(1, 12)]
    values = [1.9, 1.2, 1.6, 0.9, 1.4, 0.3, 0.5, 1.0, 0.1, 0.6, 0.4]
    group = ["responder"] * 5 + ["non-responder"] * 6
    mean = Result(
        analysis="compare_responders", marker="p_mTOR_S2448", outcome=CHANGE,
        groups=("responder",), n={"responder": 5}, role="description", estimate=1.4,
        estimate_name="mean", unit="log2", spread=0.38,
    )  # fmt: skip
    t_test = Result(
        analysis="compare_responders", marker="p_mTOR_S2448", outcome=CHANGE,
        groups=("responder", "non-responder"), n={"responder": 5, "non-responder": 6},
        role="sensitivity", estimate=0.917, estimate_name="mean difference", unit="log2",
        p_value=0.0021, p_method="t test, Welch", statistic=4.4, statistic_name="t",
        references=("welch1947",),
    )  # fmt: skip
    given = {
        "estimate": 0.9167, "estimate_name": "mean difference", "unit": "log2", "ci_low": 0.4,
        "ci_high": 1.4, "ci_method": "inversion of the exact test", "effect_size": 2.4,
        "effect_size_name": "Hedges' g", "effect_size_ci": (0.9, 3.9), "p_value": 2 / 462,
        "p_method": "exact, 462 arrangements", "is_exact": True, "p_floor": 2 / 462,
        "n_arrangements": 462, "p_adjusted": 0.0087, "adjustment": "Holm",
        "alternative": "two-sided", "warnings": ("Groups formed by the outcome.",),
        "data": pd.DataFrame({"participant_id": ids, "group": group, "value": values}),
        "excluded": pd.DataFrame(
            {"participant_id": ["P12", "P13"], "reason": ["no blot at day_14"] * 2}
        ),
        "leave_one_out": pd.DataFrame(
            {"participant_id": ids[:3], "estimate": [0.79, 1.02, 0.88], "p_value": [0.01, 0.02, 0.03]}  # noqa: E501
        ),
        "references": ("fisher1935", "pitman1937", "holm1979"), "companions": (mean, t_test),
        **fields,
    }  # fmt: skip
    return Result(
        analysis="compare_responders",
        marker="p_mTOR_S2448",
        outcome=CHANGE,
        groups=("responder", "non-responder"),
        n={"responder": 5, "non-responder": 6},
        **given,  # type: ignore[arg-type]
    )


def visits_result(**fields: object) -> Result:
    baseline = np.array([42.0, 35, 40, 38, 33, 47, 41, 36, 30, 44])
    change = np.array([-14.0, -5, -20, 2, -9, -18, -25, -12, -3, -19])
    data = pd.DataFrame(
        {
            "participant_id": [f"P{number:02}" for number in range(1, 11)],
            "baseline_value": baseline,
            "endpoint_value": baseline + change,
            "change": change,
        }
    )
    given = {
        "estimate": -12.3, "estimate_name": "mean change", "unit": "points", "ci_low": -18.9,
        "ci_high": -5.7, "ci_method": "t, 9 df", "p_value": 2 / 1024,
        "p_method": "exact, 1,024 arrangements", "is_exact": True, "n_arrangements": 1024,
        "alternative": "two-sided", "data": data, "references": ("student1908",), **fields,
    }  # fmt: skip
    return Result(
        analysis="compare_visits",
        marker="MADRS",
        outcome="total, day_14 against baseline",
        groups=("day_14", "baseline"),
        n={"pairs": 10},
        **given,  # type: ignore[arg-type]
    )


def small_results() -> Results:
    lines = [
        table_line("all", 11),
        table_line("responder", 5, estimate=15.0),
        table_line("non-responder", 6, estimate=15.5),
        count_line("all", 11, 6),
        count_line("responder", 5, 3),
        count_line("non-responder", 5, 3, warnings=("1 of 6 missing.",)),
    ]
    return Results([*lines, responders_result(), visits_result()])


def small_study(**fields: object) -> Study:
    given = {
        "id": "DEMO-1", "title": "A small trial", "registration": "NCT00000000",
        "description": "Six infusions over two weeks.", "is_simulated": True,
        "visits": ("baseline", "day_7", "day_14"), "baseline": "baseline", "endpoint": "day_14",
        "tables": (), "seed": 20260101, "path": Path("study.toml"),
        "report": ReportPlan(title="Ketamine and mTOR", authors=("A. Author", "B. Author")),
        **fields,
    }  # fmt: skip
    return Study(**given)  # type: ignore[arg-type]


def small_run(**fields: object) -> StudyRun:
    given = {
        "study": small_study(), "checks": (small_check(),), "endpoints": pd.DataFrame(),
        "response": pd.DataFrame(), "results": small_results(),
        "flow": pd.DataFrame(
            [{"step": "enrolled", "n": 13, "excluded": 0, "reasons": ""},
             {"step": "with MADRS at day_14", "n": 11, "excluded": 2, "reasons": "no visit (2)"}]
        ),
        "inputs": pd.DataFrame([{"table": "madrs", "file": "madrs.csv", "sha256": "ab12" * 16,
                                 "n_rows": 26}]),
        "software": pd.DataFrame([{"package": "ketbio", "version": "0.1.0"}]), **fields,
    }  # fmt: skip
    return StudyRun(**given)  # type: ignore[arg-type]


def nasty_run() -> StudyRun:
    """A run in which every text of the user's own is `NASTY`."""
    result = responders_result(
        warnings=(f"warned {NASTY}",),
        excluded=pd.DataFrame({"participant_id": [f"id {NASTY}"], "reason": [f"why {NASTY}"]}),
        references=("fisher1935", f"nobody {NASTY}"),
        label=f"label {NASTY}",
    )
    found = Complaint(
        rule="range", row=7, severity="safety", value=f"two\nlines {NASTY}",
        message=f"said {NASTY}", participant_id=f"who {NASTY}", visit=f"visit {NASTY}",
        column=f"col {NASTY}",
    )  # fmt: skip
    return small_run(
        study=small_study(
            id=f"study {NASTY}",
            title=f"title {NASTY}",
            registration=f"reg {NASTY}",
            description=f"described {NASTY}",
            report=ReportPlan(title=f"head {NASTY}", authors=(f"author {NASTY}",)),
        ),
        checks=(small_check(file=f"file {NASTY}", found=(found,), notes=(f"note {NASTY}",)),),
        results=Results([table_line(f"group {NASTY}", 3, label=f"variable {NASTY}"), result]),
        flow=pd.DataFrame(
            [{"step": f"step {NASTY}", "n": 1, "excluded": 0, "reasons": f"reason {NASTY}"}]
        ),
    )


@pytest.fixture(scope="module")
def module_run() -> StudyRun:
    return small_run()


@pytest.fixture(scope="session")  # it is only read: a test changes a copy
def run() -> StudyRun:
    return small_run()


@pytest.fixture(scope="session")
def nasty() -> StudyRun:
    return nasty_run()


@pytest.fixture
def nasty_text() -> str:
    return NASTY


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01
