"""Suicidal thoughts: what is flagged, in what order, and that it never keeps a row out."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import SafetyWarning, TableError
from ketbio.tables import check_table, flag_suicidality, read_table
from ketbio.vocabulary import SUICIDALITY_ALERT_AT, SUICIDALITY_ALERT_RISE

VISITS = ["baseline", "day_7", "day_14"]


def ratings(*lines: tuple[str, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(lines, columns=["participant_id", "visit", "suicidal_thoughts"])


def flagged(frame: pd.DataFrame, **how: object) -> list[tuple[str, str]]:
    alerts = flag_suicidality(frame, **how)
    return list(zip(alerts["participant_id"], alerts["visit"], strict=True))


def test_a_score_of_4_is_flagged_and_one_of_3_is_not():
    assert flagged(ratings(("P01", "baseline", 3), ("P02", "baseline", 4))) == [("P02", "baseline")]


def test_a_rise_of_2_is_flagged_and_one_of_1_is_not():
    lines = ratings(
        ("P01", "baseline", 1), ("P01", "day_7", 2), ("P02", "baseline", 0), ("P02", "day_7", 2)
    )
    assert flagged(lines) == [("P02", "day_7")]


def test_the_previous_visit_is_found_by_the_order_of_the_visits_not_of_the_rows():
    lines = ratings(("P01", "day_14", 3), ("P01", "baseline", 0), ("P01", "day_7", 1))
    assert flagged(lines, visits=VISITS) == [("P01", "day_14")]
    # By the order of the rows day_7 follows baseline, and day_14 has nothing before it.
    assert flagged(lines) == []


def test_a_visit_without_a_score_is_passed_over():
    lines = ratings(("P01", "baseline", 0), ("P01", "day_7", None), ("P01", "day_14", 2))
    alert = flag_suicidality(lines, visits=VISITS)
    assert alert["previous_visit"].tolist() == ["baseline"]


def test_of_two_ratings_before_the_lower_one_counts():
    lines = ratings(("P01", "baseline", 0), ("P01", "baseline", 3), ("P01", "day_7", 3))
    assert flagged(lines, visits=VISITS) == [("P01", "day_7")]


def test_the_largest_rise_comes_first_then_the_highest_score():
    lines = ratings(
        ("P01", "baseline", 4),
        ("P02", "baseline", 6),
        ("P03", "baseline", 0),
        ("P03", "day_7", 2),
        ("P04", "baseline", 2),
        ("P04", "day_7", 5),
        ("P05", "baseline", 5),
        ("P05", "day_7", 6),
    )
    assert flagged(lines) == [
        ("P04", "day_7"),
        ("P03", "day_7"),
        ("P02", "baseline"),
        ("P05", "day_7"),
        ("P05", "baseline"),
        ("P01", "baseline"),
    ]


def test_the_index_and_the_rows_are_those_of_the_ratings():
    lines = ratings(("P01", "baseline", 1), ("P02", "baseline", 5)).assign(row=[2, 3])
    lines.index = pd.Index([10, 20])
    before = lines.copy()
    alerts = flag_suicidality(lines)
    assert (alerts.index.tolist(), alerts["row"].tolist()) == ([20], [3])
    pd.testing.assert_frame_equal(lines, before)


def test_a_missing_column_is_named():
    with pytest.raises(TableError) as caught:
        flag_suicidality(pd.DataFrame({"participant_id": [], "visit": []}))
    assert str(caught.value) == (
        "The ratings have no column 'suicidal_thoughts', which the safety flag needs."
    )


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 6)), max_size=8))
def test_against_the_definition_row_by_row(lines):
    frame = ratings(*((who, f"v{n}", score) for n, (who, score) in enumerate(lines)))
    expected, last = set(), {}
    for n, (who, score) in enumerate(lines):
        rise = score - last.get(who, score)
        if score >= SUICIDALITY_ALERT_AT or rise >= SUICIDALITY_ALERT_RISE:
            expected.add(n)
        last[who] = score
    assert set(flag_suicidality(frame).index) == expected


def test_the_complaint_comes_first_and_keeps_nobody_out():
    frame = ratings(("P01", "baseline", 3), ("P01", "day_14", 6)).assign(madrs_total=[40, 30])
    check = check_table(frame, "madrs", visits=VISITS)
    assert check.ok
    assert len(check.accepted) == 2
    assert check.complaints[["severity", "row", "participant_id", "visit", "column", "value"]][
        :1
    ].to_numpy().tolist() == [["safety", 3, "P01", "day_14", "suicidal_thoughts", "6"]]
    assert check.complaints["message"].iloc[0] == (
        "Participant P01: suicidal thoughts 6 at day_14, up from 3 at baseline (a rise of 2 or "
        "more and a score of 4 or more); inform the responsible clinician now."
    )


def test_a_rejected_rating_still_raises_it():
    frame = ratings(("P01", "baseline", 7), ("P02", "nowhere", 5)).assign(madrs_total=[40, 30])
    check = check_table(frame, "madrs", visits=VISITS)
    assert check.counts()["safety"] == 2
    assert len(check.rejected) == 2


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (">=4", "'>=4', which cannot be read"),
        ("6 (!)", "'6 (!)', which cannot be read"),
        ("4,0", "'4,0', which cannot be read"),
        ("7", "'7', which is out of range (a whole number from 0 to 6)"),
        ("-1", "'-1', which is out of range (a whole number from 0 to 6)"),
        ("3.5", "'3.5', which is out of range (a whole number from 0 to 6)"),
    ],
)
def test_an_item_that_is_not_known_is_looked_at_now(cell, what):
    frame = ratings(("P01", "baseline", cell)).assign(madrs_total=30)
    check = check_table(frame, "madrs", visits=VISITS)
    assert check.complaints["severity"].tolist() == ["safety", "error"]
    assert check.complaints["message"].iloc[0] == (
        f"Participant P01: suicidal thoughts at baseline is {what}; look at the original rating "
        "now."
    )


@pytest.mark.parametrize("cell", ["NA", "n/a", ""])
def test_a_usual_word_for_missing_is_no_alarm(cell):
    frame = ratings(("P01", "baseline", cell)).assign(madrs_total=30)
    assert check_table(frame, "madrs").counts()["safety"] == 0


def test_a_formula_without_a_result_is_an_item_that_is_not_known(xlsx_file):
    path = xlsx_file(
        ["participant_id", "visit", "suicidal_thoughts", "madrs_total"], ["P01", "a", "=2+3", 30]
    )
    assert check_table(path, "madrs").sentences("safety") == (
        "table.xlsx, row 2: Participant P01: suicidal thoughts at a is a formula without a result, "
        "which cannot be read; look at the original rating now.",
    )


def test_an_item_out_of_range_hides_no_rise_after_it():
    frame = ratings(("P01", "baseline", 0), ("P01", "day_7", 7), ("P01", "day_14", 3))
    check = check_table(frame, "madrs", visits=VISITS)
    assert check.complaints.query("severity == 'safety'")["row"].tolist() == [3, 4]
    assert "up from 0 at baseline" in check.complaints["message"].iloc[1]


def test_an_item_that_was_left_out_is_a_warning():
    frame = ratings(("P01", "baseline", 5)).assign(madrs_total=30)
    ignored = check_table(frame, "madrs", ignore=["suicidal_thoughts"], visits=VISITS)
    assert ignored.sentences() == (
        "table madrs, row 1: suicidal_thoughts was left out by ignore: the safety check was not "
        "done. Let it feed suicidal_thoughts if it holds that item.",
    )
    away = check_table(frame, "madrs", columns={"lassitude": "suicidal_thoughts"}, visits=VISITS)
    assert away.sentences() == (
        "table madrs, row 1: suicidal_thoughts was mapped to lassitude by columns: the safety "
        "check was not done. Let it feed suicidal_thoughts if it holds that item.",
    )
    own_name = frame.rename(columns={"suicidal_thoughts": "MADRS_Suicide"})
    check = check_table(own_name, "madrs", ignore=["MADRS_Suicide"], visits=VISITS)
    assert check.complaints["column"].tolist() == ["MADRS_Suicide"]


def test_totals_alone_are_noted_as_not_checked():
    frame = ratings(("P01", "baseline", 5)).assign(madrs_total=30)
    totals = check_table(frame.drop(columns="suicidal_thoughts"), "madrs", visits=VISITS)
    assert totals.ok
    assert totals.notes == (
        "There is no column suicidal_thoughts: the safety check could not be done.",
    )
    assert not check_table(frame, "madrs", visits=VISITS).notes


def test_a_visit_without_its_item_is_noted_as_not_checked():
    wide = pd.DataFrame({"Id": ["P01"], "S0": [1], "T0": [30], "T7": [20]})
    columns = {
        "participant_id": "Id",
        "suicidal_thoughts@baseline": "S0",
        "madrs_total@baseline": "T0",
        "madrs_total@day_7": "T7",
    }
    assert check_table(wide, "madrs", columns=columns, visits=VISITS).notes == (
        "No column feeds suicidal_thoughts at 'day_7': the safety check could not be done there.",
    )


def test_read_table_warns_of_safety_and_keeps_the_rating():
    ratings = pd.DataFrame(
        {"participant_id": ["P01"], "visit": ["baseline"], "madrs_total": ["30"],
         "suicidal_thoughts": ["5"]}
    )  # fmt: skip
    with pytest.warns(SafetyWarning, match="Participant P01: suicidal thoughts 5 at baseline"):
        assert len(read_table(ratings, "madrs", visits=["baseline"])) == 1
