"""Codes: near-identical ones, numbers and dates in their place, names; visits written unalike."""

import pandas as pd
import pytest
from openpyxl import Workbook

from ketbio.tables import check_across, check_table
from ketbio.tables.alike import folded_code


def ratings(ids, at, **how):
    frame = pd.DataFrame({"participant_id": ids, "visit": at, "madrs_total": 20})
    return check_table(frame, "madrs", **how)


@pytest.mark.parametrize("other", ["p1", "P-01", "P 001", "p_1", "Ｐ０１"])
def test_spellings_of_one_code(other):
    assert folded_code(other) == folded_code("P01")


@pytest.mark.parametrize(("one", "other"), [("1-11", "11-1"), ("P10", "P1"), ("1-1", "11")])
def test_what_is_another_code(one, other):
    assert folded_code(one) != folded_code(other)


def test_near_identical_participants_are_an_error_that_names_both():
    check = check_table(pd.DataFrame({"participant_id": ["P01", "P02", "p-1"]}), "participants")
    assert check.sentences() == (
        "table participants, row 4: participant_id: 'P01' (row 2) and 'p-1' (row 4) differ only in "
        "case, blanks, hyphens or leading zeros; write one code for one participant.",
    )
    assert check.rejected["row"].tolist() == [2, 4]


def test_near_identical_codes_of_a_data_table_are_one_warning():
    check = ratings(["P01", "P01", "p1", "p1"], ["a", "b", "c", "d"])
    assert check.ok
    assert check.sentences() == (
        "table madrs, row 4: participant_id: 'P01' (row 2) and 'p1' (row 4) differ only in case, "
        "blanks, hyphens or leading zeros; write one code for one participant.",
    )


def test_an_orphan_is_told_its_near_match():
    people = check_table(pd.DataFrame({"participant_id": ["P01", "P11"]}), "participants")
    across = check_across({"people": people, "ratings": ratings(["P1"], ["a"])})
    assert across["ratings"].sentences() == (
        "table madrs, row 2: participant_id is 'P1', who is not in the participants table. Did you "
        "mean 'P01'? Correct it, or add the participant there.",
    )


def test_visits_that_differ_by_case_are_a_warning_that_names_both():
    check = ratings(["P01", "P02", "P03"], ["baseline", "Baseline", "baseline"])
    assert check.ok
    assert check.sentences() == (
        "table madrs, row 3: visit: 'baseline' (row 2) and 'Baseline' (row 3) differ only in case, "
        "blanks, hyphens or leading zeros, and count as different visits; write one name for one "
        "visit.",
    )


NOTE = (
    "The visits' order was taken from the rows, since no visits were named; give visits "
    "([visits] order in the study file, --visits on the command line)."
)


def test_the_order_of_the_visits_is_noted_only_when_it_was_guessed():
    assert NOTE in ratings(["P01", "P01"], ["a", "b"]).notes
    assert NOTE not in ratings(["P01", "P01"], ["a", "b"], visits=["a", "b"]).notes
    assert NOTE not in ratings(["P01", "P02"], ["a", "a"]).notes


def test_swapped_days_without_visits_are_said_to_be_unchecked():
    def notes(schema, **columns):
        rows = {"participant_id": ["P01", "P01"], "visit": ["baseline", "week_2"]}
        return check_table(pd.DataFrame(rows | columns), schema).notes

    days = ["2026-02-01", "2026-01-18"]
    assert (
        "The visits' order was taken from the rows, since no visits were named; whether the days "
        "are in order (rating_date) was not checked; give visits ([visits] order in the study "
        "file, --visits on the command line)."
    ) in notes("madrs", madrs_total=["30", "20"], rating_date=days)
    assert (
        "Whether the days are in order (sample_date) was not checked, since no visits were named; "
        "give visits ([visits] order in the study file, --visits on the command line)."
    ) in notes("bdnf", specimen="serum", bdnf_ng_per_ml=["20", "21"], sample_date=days)


def test_a_code_shown_with_leading_zeros_keeps_them(tmp_path):
    book = Workbook()
    page = book.active
    for line in (["participant_id", "age_years"], [7, 15], [8, 16], [9, 17]):
        page.append(line)
    page["A2"].number_format = "000"
    page["A3"].number_format = '"P"00'
    book.save(tmp_path / "a.xlsx")
    check = check_table(tmp_path / "a.xlsx", "participants")
    assert check.accepted["participant_id"].tolist() == ["007", "P08", "9"]


def test_a_code_stored_as_a_number_with_decimals_is_an_error(xlsx_file):
    check = check_table(xlsx_file(["participant_id"], [1.1], [2], ["3.3"]), "participants")
    assert check.sentences() == (
        "table.xlsx, row 2: participant_id is the number 1.1, which may have lost a digit (1.10 "
        "becomes 1.1); format the column as text and write the code again.",
    )


def test_a_date_in_place_of_a_code_is_an_error_and_not_shown(xlsx_file):
    day = pd.Timestamp("2011-03-04").to_pydatetime()
    check = check_table(xlsx_file(["participant_id"], [day], ["P02"]), "participants")
    assert check.sentences() == (
        "table.xlsx, row 2: Column 'participant_id' holds a direct identifier: 1 cell (row 2) with "
        "a date, not shown. Remove it from the file; if the column holds none, name it under "
        "allow_identifiers (--allow-identifiers 'participant_id' on the command line). Use a code "
        "for a person, never a name or a date of birth. Where a spreadsheet program made a date of "
        "a code, format the column as text.",
    )
    assert "2011" not in check.complaints.to_string()


def test_a_name_in_place_of_a_code_is_never_repeated():
    frame = pd.DataFrame(
        {
            "participant_id": ["Doe, Jane", "Doe, Jane", "P02"],
            "visit": ["a", "a", "a"],
            "suicidal_thoughts": [6, 1, 1],
        }
    )
    check = check_table(frame, "madrs")
    assert check.sentences("error")[0].startswith(
        "table madrs, row 2: Column 'participant_id' holds a direct identifier: 2 cells (rows 2 "
        "and 3) with a name each, not shown."
    )
    people = check_table(pd.DataFrame({"participant_id": ["P02", "Roe, Richard"]}), "participants")
    across = check_across({"people": people, "ratings": check})
    for one in across.values():
        shown = one.complaints.to_string() + " ".join(one.sentences()) + one._repr_html_()
        shown += " ".join(one.rejected["complaint"])
        assert "Doe" not in shown
        assert "Roe" not in shown
    assert check.counts()["safety"] == 1
    assert check.accepted.empty  # a file with identifiers is stopped as a whole


def test_a_header_that_holds_an_e_mail_address_is_never_repeated():
    frame = pd.DataFrame({"participant_id": ["P01"], "sent by someone@example.org": ["x"]})
    check = check_table(frame, "participants")
    assert check.sentences() == (
        "table participants, row 1: The name of column 2 seems to hold a person's name or an "
        "e-mail address, which is not shown; remove it from the file.",
    )
    assert "example.org" not in check.complaints.to_string() + " ".join(check.notes)
    assert not any("@" in name for name in check.accepted)
