"""Suicidal thoughts: what is flagged, in what order, and that it never keeps a row out."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import TableError
from ketbio.tables import check_table, flag_suicidality
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
        "more and a score of 4 or more); inform the responsible clinician now. The rating stays in "
        "the data."
    )


def test_a_rejected_rating_still_raises_it():
    frame = ratings(("P01", "baseline", 7), ("P02", "nowhere", 5)).assign(madrs_total=[40, 30])
    check = check_table(frame, "madrs", visits=VISITS)
    assert check.counts()["safety"] == 2
    assert len(check.rejected) == 2
