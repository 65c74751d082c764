"""Rows that share a key: both named, alike or not, and told tersely however many they are."""

import time

import pandas as pd

from ketbio.tables import check_table
from ketbio.tables.alike import folded_look


def ratings(ids, visits="a", totals=20, **more):
    return pd.DataFrame(
        {"participant_id": ids, "visit": visits, "madrs_total": totals, **more}, dtype="str"
    )


def messages(check):
    return check.complaints["message"].tolist()


def test_duplicates_say_in_what_they_differ():
    check = check_table(
        ratings(["P01", "P01"], totals=["20", "21"], rater_id=["R1", "R2"]), "madrs"
    )
    assert "rows 2 and 3, which differ in rater_id and madrs_total; one is" in messages(check)[0]
    copies = check_table(ratings(["P01", "P01"]), "madrs")
    assert "rows 2 and 3, identical in every column; one is" in messages(copies)[0]


def test_cells_that_cannot_be_read_are_not_called_identical():
    check = check_table(ratings(["P01", "P01"], totals=["x", "y"], rater_id="R1"), "madrs")
    duplicates = check.complaints.query("rule == 'one_rating_per_visit'")["message"]
    assert duplicates.str.contains("which differ in madrs_total").all()


def test_a_thousand_duplicates_are_told_in_words_that_fit_a_line():
    check = check_table(ratings(["P01"] * 1000), "madrs")
    told = set(messages(check))
    assert told == {
        "1,000 ratings of the same participant and visit (P01, a): rows 2, 3, 4 and 997 more, "
        "identical in every column; one is allowed. Keep the right one and delete the rest."
    }
    assert len(check.complaints) == 1000
    assert len(check.rejected) == 1000


def test_a_lane_of_many_samples_is_told_once_and_in_time():
    n = 2000
    bands = pd.DataFrame(
        {
            "participant_id": [f"P{i:04}" for i in range(n)],
            "visit": "a", "gel_id": "G1", "lane": "1",
            "target": [f"t{i}" for i in range(n)], "form": "total", "intensity": 9,
        }
    )  # fmt: skip
    start = time.perf_counter()
    check = check_table(bands, "blots")
    assert time.perf_counter() - start < 10
    assert set(messages(check)) == {
        "gel and lane G1, 1 holds rows that differ in participant_id (rows 2, 3, 4 and 1,997 more);"
        " one sample is allowed. Correct them."
    }


def test_a_lane_whose_other_rows_agree_is_not_blamed_for_an_empty_cell():
    band = {"visit": "a", "gel_id": "G1", "lane": "1", "form": "total", "intensity": 9}
    lines = [("P01", "mTOR"), ("P01", "GSK3B"), ("", "actin")]
    frame = pd.DataFrame([{**band, "participant_id": who, "target": t} for who, t in lines])
    check = check_table(frame, "blots")
    assert check.complaints["rule"].tolist() == ["participant_of_sample"]
    assert check.accepted_rows.tolist() == [2, 3]


# -- codes that look alike -------------------------------------------------------------------
def test_letters_that_look_like_digits_are_a_warning():
    people = pd.DataFrame({"participant_id": ["P01", "PO1", "P02"]})
    check = check_table(people, "participants")
    assert check.ok
    assert messages(check) == [
        "participant_id: 'P01' (row 2) and 'PO1' (row 3) look alike (O and 0, I, l and 1, or "
        "letters of two alphabets) and count as different; write one code for one participant. The "
        "rows are kept."
    ]
    assert check.found[0].positions == (1, 0) or set(check.found[0].positions) == {0, 1}


def test_what_does_not_look_alike():
    assert folded_look("S5") != folded_look("55")
    assert folded_look("P08") != folded_look("PB8") != folded_look("P88")
    people = pd.DataFrame({"participant_id": ["P01", "P11", "P10", "A01", "B01"]})
    assert not messages(check_table(people, "participants"))


def test_codes_that_differ_by_case_only_are_told_by_their_own_rule():
    check = check_table(pd.DataFrame({"participant_id": ["P01", "p1"]}), "participants")
    assert check.complaints["rule"].tolist() == ["alike_codes"]
