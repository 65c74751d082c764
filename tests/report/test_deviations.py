"""Departures from the plan: from the registered one, stated ones, and those of the run."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from ketbio.errors import StudyError
from ketbio.report.deviations import ALIKE, NO_PLAN, NOT_REGISTERED, describe_deviations
from ketbio.report.row_numbers import number_rows
from ketbio.result import Results
from ketbio.study import AnalysisPlan, MarkerPlan, ReportPlan, TablePlan, read_study
from ketbio.study.departures import run_departures
from ketbio.study.deviations import compare_plans

DEMO = Path(__file__).resolve().parents[2] / "ketbio" / "demo"


@pytest.fixture
def study(run):
    marker = MarkerPlan(name="BDNF_serum", label="serum BDNF", table="bdnf")
    other = MarkerPlan(name="mine", label="my marker", table="imaging", options={"scale": "raw"})
    analyses = (
        AnalysisPlan(kind="compare_visits", title="", options={"markers": ["BDNF_serum", "mine"]}),
        AnalysisPlan(kind="correlate_changes", title="", options={"markers": ["mine"]}),
    )
    return replace(run.study, markers=(marker, other), analyses=analyses)


def described(run):
    return describe_deviations(run, run.results, number_rows(run.results))


def sentences(run):
    return [one.sentence for one in run_departures(run)]


# -- against the registered plan --------------------------------------------------------------
def test_the_same_plan_has_no_difference(study):
    assert compare_plans(study, study) == ()


def test_a_default_written_out_is_no_difference(study):
    visits, changes = study.analyses
    spelt = replace(
        visits,
        options={
            **visits.options, "alternative": "two-sided", "adjust": "holm", "statistic": "mean",
            "baseline": study.baseline, "endpoint": study.endpoint,
        },
    )  # fmt: skip
    outcome = replace(changes, options={**changes.options, "outcome": "MADRS"})
    assert compare_plans(study, replace(study, analyses=(spelt, outcome))) == ()


def test_the_order_of_analyses_and_of_their_markers_is_no_difference(study):
    visits, changes = study.analyses
    turned = replace(visits, options={"markers": ["mine", "BDNF_serum"]})
    assert compare_plans(study, replace(study, analyses=(changes, turned))) == ()


def test_visits_response_and_seed_are_compared(study):
    done = replace(
        study,
        visits=("baseline", "day_14"),
        windows={"day_14": (12.0, 16.0)},
        response=replace(study.response, reduction_percent=40.0),
        seed=7,
    )
    assert compare_plans(study, done) == (
        "Visits, order. Registered: baseline, day_7 and day_14; done: baseline and day_14.",
        "Visits, days of day_14. Registered: not stated; done: 12 to 16.",
        "Response, reduction_percent. Registered: 50; done: 40.",
        "Seed. Registered: 20260101; done: 7.",
    )


def test_markers_added_dropped_and_changed_are_told(study):
    _, second = study.markers
    new = MarkerPlan(name="new", label="a new one", table="imaging")
    changed = replace(second, options={"scale": "log2", "column": "m"})
    done = replace(study, markers=(changed, new), analyses=())
    told = compare_plans(replace(study, analyses=()), done)
    assert told == (
        "Marker serum BDNF. Registered: from bdnf; done: not carried out.",
        "Marker my marker, scale. Registered: raw; done: log2.",
        "Marker my marker, column. Registered: not stated; done: m.",
        "Marker a new one. Registered: not planned; done: from imaging.",
    )


def test_an_analysis_is_told_option_by_option(study):
    visits, changes = study.analyses
    done = replace(
        visits, aim="primary", options={**visits.options, "adjust": "none", "mid_p": True}
    )
    named = "Analysis compare_visits of serum BDNF and my marker"
    assert compare_plans(study, replace(study, analyses=(done, changes))) == (
        f"{named}, adjust. Registered: holm; done: none.",
        f"{named}, mid_p. Registered: false; done: true.",
        f"{named}, aim. Registered: not stated; done: primary.",
    )


def test_analyses_added_and_dropped_are_told(study):
    visits, _ = study.analyses
    added = AnalysisPlan(kind="compare_responders", title="Later", options={"markers": ["mine"]})
    assert compare_plans(study, replace(study, analyses=(visits, added))) == (
        "Analysis correlate_changes of my marker. Registered: planned; done: not carried out.",
        "Analysis compare_responders “Later” of my marker. Registered: not planned; "
        "done: carried out.",
    )


def test_of_two_alike_each_finds_its_own(study):
    one = AnalysisPlan(kind="compare_visits", title="a", options={"markers": ["mine"]})
    two = replace(one, title="b", options={"markers": ["mine"], "statistic": "sign"})
    before, after = replace(study, analyses=(one, two)), replace(study, analyses=(two, one))
    assert compare_plans(before, after) == ()


def test_more_markers_than_can_be_named_are_counted(study):
    names = [f"m{number}" for number in range(40)]
    many = AnalysisPlan(kind="compare_visits", title="", options={"markers": names})
    (told,) = compare_plans(replace(study, analyses=()), replace(study, analyses=(many,)))
    assert told == (
        "Analysis compare_visits of m0, m1, m2, m3 and 36 further. Registered: not planned; "
        "done: carried out."
    )


def test_a_registered_file_is_read_without_its_data(tmp_path):
    text = (DEMO / "study.toml").read_text(encoding="utf-8")
    for file in DEMO.iterdir():
        if file.suffix in (".csv", ".txt"):
            (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "elsewhere").mkdir()
    registered = tmp_path / "elsewhere" / "registered.toml"
    registered.write_text(text.replace("seed = 20260101", "seed = 3"), encoding="utf-8")
    plan = tmp_path / "study.toml"
    plan.write_text(text + 'registered_plan = "elsewhere/registered.toml"\n', encoding="utf-8")
    report = read_study(plan).report
    assert report.differences == ("Seed. Registered: 3; done: 20260101.",)
    registered.write_text(text.replace("compare_visits", "compare_vists"), encoding="utf-8")
    with pytest.raises(StudyError) as error:
        read_study(plan)
    assert "registered_plan cannot be used: registered.toml, line" in str(error.value)
    assert "kind is 'compare_vists'" in str(error.value)


# -- what the run tells -----------------------------------------------------------------------
def test_rejected_rows_are_told(run):
    assert sentences(run) == [
        "1 row of the 26 that came in with the table madrs was rejected and left out, though "
        "planned for analysis."
    ]


def test_a_drawn_test_is_told_with_its_rows(run):
    drawn = replace(
        run.results[6], is_exact=False, p_method="9,999 draws", p_interval=(0.003, 0.006)
    )
    told = described(replace(run, checks=(), results=Results([*run.results[:6], drawn])))
    assert told.of_run == (
        r"The arrangements were too many to count all of them\, as an exact test does\; p was "
        r"drawn \(9\,999 draws\)\. \[row [7](#row-7)\]",
    )
    assert told.nothing_else == ""


def test_an_analysis_without_an_estimate_is_told(run):
    nan = float("nan")
    empty = replace(
        run.results[7], estimate=nan, p_value=nan, warnings=("Nothing could be computed: n = 1.",)
    )
    (told,) = sentences(replace(run, checks=(), results=Results([empty])))
    assert told.endswith("planned, and not estimated. Nothing could be computed: n = 1.")


def test_a_marker_without_a_value_is_told(run, study):
    endpoints = pd.DataFrame(
        {"marker": ["BDNF_serum", "mine"], "value": [1.0, float("nan")], "reason": ["", "lost"],
         "note": "", "censored": ""}
    )  # fmt: skip
    (told,) = sentences(replace(run, checks=(), study=study, endpoints=endpoints))
    assert told == "my marker was planned as a marker; no value of it could be derived."


def test_an_expected_direction_is_told_with_what_it_was(run, study):
    plan = AnalysisPlan(
        kind="compare_visits", title="", options={"markers": ["MADRS"], "alternative": "expected"}
    )
    less = replace(run.results[7], alternative="less")
    asked = replace(study, markers=(), analyses=(plan,))
    (told,) = sentences(replace(run, checks=(), study=asked, results=Results([less])))
    assert "it was taken from earlier reports (less)." in told


# -- what the section says --------------------------------------------------------------------
def test_without_a_registered_plan_the_section_says_so(run):
    plain = described(replace(run, checks=()))
    assert plain.sentence == NOT_REGISTERED
    assert plain.nothing_else.startswith("The run itself tells of no other departure")


def test_what_the_authors_state_comes_with_its_rows(run):
    late = replace(run.results[7], deviation="Measured *late*.")
    plan = ReportPlan(title="", deviations=("Fewer came.",), registered_plan=Path("r.toml"))
    told = described(
        replace(run, study=replace(run.study, report=plan), results=Results([late]), checks=())
    )
    assert told.stated == (r"Fewer came\.", r"Measured \*late\*\. \[row [1](#row-1)\]")
    assert told.sentence == ALIKE.format(file="r.toml")


def test_results_alone_know_of_no_plan(run):
    late = replace(run.results[7], deviation="Measured late.")
    told = describe_deviations(None, Results([late]), {late: 1})
    assert told.sentence == NO_PLAN
    assert told.stated == (r"Measured late\. \[row [1](#row-1)\]",)
    assert told.of_run == ()


def test_table_1_named_as_the_run_makes_it_is_no_difference(study):
    named = AnalysisPlan(kind="summarise_participants", title="", options={"by_response": True})
    assert compare_plans(study, replace(study, analyses=(*study.analyses, named))) == ()
    whole = replace(named, options={"by_response": False})
    assert compare_plans(study, replace(study, analyses=(*study.analyses, whole))) == (
        "Analysis summarise_participants, by_response. Registered: true; done: false.",
    )


def test_what_an_analysis_takes_from_the_study_is_told_as_what_it_is(study):
    visits, changes = study.analyses
    other = replace(visits, options={**visits.options, "endpoint": "day_7"})
    assert compare_plans(study, replace(study, analyses=(other, changes))) == (
        "Analysis compare_visits of serum BDNF and my marker, endpoint. Registered: day_14; "
        "done: day_7.",
    )
    # named where the study's own has changed, it is what it was
    kept = replace(visits, options={**visits.options, "endpoint": "day_14"})
    done = replace(study, endpoint="day_7", analyses=(kept, replace(changes, aim="")))
    assert compare_plans(study, done) == ("Visits, endpoint. Registered: day_14; done: day_7.",)


def test_a_default_of_a_marker_written_out_is_no_difference(study):
    levels = TablePlan(name="bdnf", schema="bdnf", file=Path("levels.csv"))
    study = replace(study, tables=(levels,))
    first, second = study.markers
    spelt = replace(first, options={"scale": "raw", "below": "keep"})
    assert compare_plans(study, replace(study, markers=(spelt, second))) == ()
    logged = replace(first, options={"scale": "log2"})
    assert compare_plans(study, replace(study, markers=(logged, second))) == (
        "Marker serum BDNF, scale. Registered: raw; done: log2.",
    )
