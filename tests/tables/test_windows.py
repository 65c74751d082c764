"""Days of visits: their order, their windows, one visit a day."""

import pandas as pd
import pytest

from ketbio.errors import SchemaError
from ketbio.tables import Check, check_table

VISITS = ["screening", "baseline", "day_7", "day_14"]
WINDOWS = {"day_7": (6, 8), "day_14": (12, 16)}
STUDY = {"visits": VISITS, "baseline": "baseline", "windows": WINDOWS}


def rated(*lines: tuple[str, str, str | None], **study: object) -> Check:
    """Check ratings of (participant, visit, day)."""
    frame = pd.DataFrame(lines, columns=["participant_id", "visit", "rating_date"])
    return check_table(frame.assign(madrs_total=range(20, 20 + len(lines))), "madrs", **study)


def told(check: Check) -> list[list[object]]:
    return check.complaints[["row", "severity", "rule"]].to_numpy().tolist()


def said(check: Check) -> list[str]:
    return check.complaints["message"].tolist()


def test_days_in_order_and_in_their_windows_say_nothing():
    days = ["2026-01-01", "2026-01-05", "2026-01-12", "2026-01-17"]
    check = rated(*(("P01", visit, day) for visit, day in zip(VISITS, days, strict=True)), **STUDY)
    assert not said(check)
    assert not [note for note in check.notes if "order" in note]


def test_of_two_days_against_the_order_neither_is_trusted():
    check = rated(("P01", "baseline", "2026-01-05"), ("P01", "day_7", "2026-01-03"), visits=VISITS)
    assert said(check) == [
        "rating_date is 2026-01-05 at baseline, after 2026-01-03 at day_7 (row 3), but baseline "
        "comes before day_7; correct the date or the visit that is wrong.",
        "rating_date is 2026-01-03 at day_7, before 2026-01-05 at baseline (row 2), but day_7 "
        "comes after baseline; correct the date or the visit that is wrong.",
    ]
    assert check.rejected["row"].tolist() == [2, 3]


def test_one_wrong_day_among_several_is_the_only_one_named():
    lines = [
        ("P01", "screening", "2026-01-01"),
        ("P01", "baseline", "2027-01-05"),
        ("P01", "day_7", "2026-01-12"),
        ("P01", "day_14", "2026-01-19"),
    ]
    check = rated(*lines, visits=VISITS)
    assert told(check)[0] == [3, "error", "dates_in_order"]
    assert check.rejected["row"].tolist() == [3]


def test_another_participant_and_unknown_visits_say_nothing_about_the_order():
    lines = [("P01", "baseline", "2026-01-05"), ("P02", "day_7", "2026-01-01")]
    assert rated(*lines, visits=VISITS).ok
    backwards = [("P01", "baseline", "2026-01-05"), ("P01", "day_7", "2026-01-03")]
    assert rated(*backwards).ok
    unnamed = [("P01", "baseline", "2026-01-05"), ("P01", "later", "2026-01-03")]
    assert set(rated(*unnamed, visits=VISITS).complaints["rule"]) == {"known_visit"}


def test_a_day_outside_its_window_is_kept_with_a_warning():
    lines = [("P01", "baseline", "2026-01-05"), ("P01", "day_14", "2026-01-24")]
    check = rated(*lines, **STUDY)
    assert check.ok
    assert said(check) == [
        "rating_date is 2026-01-24, day 19 counted from baseline; day_14 is allowed from day 12 to "
        "day 16. Correct the date or the visit, or record the deviation; the row is kept."
    ]


def test_both_ends_of_a_window_are_inside():
    for day in ("2026-01-17", "2026-01-21"):
        assert not said(rated(("P01", "baseline", "2026-01-05"), ("P01", "day_14", day), **STUDY))
    for day in ("2026-01-16", "2026-01-22"):
        lines = [("P01", "baseline", "2026-01-05"), ("P01", "day_14", day)]
        assert told(rated(*lines, **STUDY)) == [[3, "warning", "visit_window"]]


@pytest.mark.parametrize(
    ("baseline", "why"),
    [
        ([("P01", "baseline", None)], "has no date at baseline (row 4)"),
        (
            [("P01", "baseline", "2026-01-05"), ("P01", "baseline", "2026-01-06")],
            "has 2 dates at baseline (rows 4 and 5)",
        ),
    ],
)
def test_windows_without_a_day_to_count_from_say_so_once(baseline, why):
    lines = [("P01", "day_7", "2026-01-12"), ("P01", "day_14", "2026-01-19"), *baseline]
    check = rated(*lines, **STUDY)
    windows = check.complaints.query("rule == 'visit_window'")
    assert windows["message"].tolist() == [
        f"Participant P01 {why}, so that the windows of rows 2 and 3 were not checked; give one "
        "date there."
    ]


def test_a_participant_without_a_baseline_is_told_of_once():
    lines = [("P01", "day_7", "2026-01-12"), ("P01", "day_14", "2026-01-19"),
             ("P02", "baseline", "2026-01-05"), ("P02", "day_7", "2026-01-30")]  # fmt: skip
    check = rated(*lines, **STUDY)
    assert told(check) == [[2, "warning", "has_baseline"], [5, "warning", "visit_window"]]
    assert "no change from baseline can be formed, and no day counted from it" in said(check)[0]


def test_a_baseline_date_that_cannot_be_read_is_said_there_only():
    lines = [("P01", "baseline", "2026-02-31"), ("P01", "day_7", "2026-01-12")]
    check = rated(*lines, **STUDY)
    assert check.complaints["rule"].tolist() == ["date"]


def test_windows_and_no_date_at_all_are_one_warning():
    lines = [("P01", "baseline", None), ("P01", "day_7", None), ("P01", "day_14", None)]
    check = rated(*lines, **STUDY)
    assert said(check) == [
        "The study has visit windows, but no row of those visits has a rating_date: the windows "
        "were not checked."
    ]
    level = {"participant_id": "P01", "visit": "day_7", "specimen": "serum", "bdnf_ng_ml": 20}
    assert not said(check_table(pd.DataFrame([level]), "bdnf", **STUDY))


def test_rules_that_need_the_study_are_idle_without_it_and_a_note_says_so():
    level = {"participant_id": "P01", "specimen": "serum", "bdnf_ng_ml": 20}
    days = [("b", "2026-01-05"), ("a", "2026-01-03")]
    frame = pd.DataFrame({**level, "visit": visit, "sample_date": day} for visit, day in days)
    check = check_table(frame, "bdnf")
    assert not said(check)
    assert [note.split(",")[0] for note in check.notes if "order" in note] == [
        "Whether the days are in order (sample_date) was not checked"
    ]


def test_two_visits_on_one_day_are_a_warning_that_names_both():
    lines = [("P01", "baseline", "2026-01-05"), ("P01", "day_7", "2026-01-05")]
    check = rated(*lines, visits=VISITS)
    assert check.ok
    assert said(check) == [
        "Participant P01 has ratings of 2 visits on 2026-01-05: baseline (row 2) and day_7 (row "
        "3). Correct the date or the visit if one rating was entered twice; the rows are kept."
    ]


def test_visits_whose_windows_overlap_may_share_a_day():
    visits = ["baseline", "minute_40"]
    lines = [("P01", visit, "2026-01-05") for visit in visits]
    study = {"visits": visits, "baseline": "baseline"}
    assert told(rated(*lines, **study))[0][2] == "one_visit_a_day"
    assert not said(rated(*lines, **study, windows={"minute_40": (0, 1)}))


def test_two_spellings_of_a_visit_are_not_two_visits():
    lines = [("P01", "baseline", "2026-01-05"), ("P01", "Baseline", "2026-01-05")]
    assert "one_visit_a_day" not in rated(*lines).complaints["rule"].tolist()


@pytest.mark.parametrize("schema", ["bdnf", "blots"])
def test_sample_days_are_held_to_the_same_rules(schema):
    cells = {
        "bdnf": {"specimen": "serum", "bdnf_ng_ml": 20},
        "blots": {"gel_id": "G1", "target": "actin", "form": "loading", "intensity": 900},
    }[schema]
    lines = [("baseline", "2026-01-05", "1"), ("day_7", "2026-01-03", "2")]
    frame = pd.DataFrame(
        {"participant_id": "P01", "visit": visit, "sample_date": day, **cells}
        | ({"lane": lane} if schema == "blots" else {})
        for visit, day, lane in lines
    )
    check = check_table(frame, schema, **STUDY)
    assert check.complaints.query("severity == 'error'")["rule"].tolist() == ["dates_in_order"] * 2


@pytest.mark.parametrize(
    ("study", "sentence"),
    [
        (
            {"windows": WINDOWS},
            "windows are given, but no visit that they count from; name it under baseline "
            "(--baseline on the command line).",
        ),
        (
            {"windows": {"day7": (6, 8)}, "baseline": "baseline", "visits": VISITS},
            "the visit of a window is 'day7'; allowed: 'screening', 'baseline'",
        ),
        (
            {"baseline": "basline", "visits": VISITS},
            "baseline is 'basline'; allowed: 'screening', 'baseline'",
        ),
    ],
)
def test_windows_that_cannot_be_meant_are_refused(study, sentence):
    with pytest.raises(SchemaError) as caught:
        rated(("P01", "day_7", "2026-01-12"), **study)
    assert str(caught.value).startswith(sentence)
