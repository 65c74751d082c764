"""One fault gets one complaint: what only follows from it is not said again."""

import pandas as pd

from ketbio.tables import check_table


def sentences(check):
    return list(check.sentences())


def test_a_header_further_down_is_one_complaint(csv_file):
    path = csv_file(
        "Ratings of a study", "", "participant_id;visit;madrs_total", "P01;a;3", "P02;a;99"
    )
    check = check_table(path, "madrs")
    assert sentences(check) == [
        "table.csv, row 1: The header seems to be in row 3; remove the rows above it, or set "
        "header_row = 3 (--header-row 3 on the command line)."
    ]
    assert (len(check.accepted), len(check.rejected)) == (0, 3)


def test_a_header_in_row_2_counts_the_names_that_the_caller_gave(xlsx_file):
    path = xlsx_file(["Ratings"], ["Id", "visit", "madrs_total"], ["P01", "a", 3])
    check = check_table(path, "madrs", columns={"participant_id": "Id"})
    assert sentences(check) == [
        "table.xlsx, row 1: The header seems to be in row 2; remove the row above it, or set "
        "header_row = 2 (--header-row 2 on the command line)."
    ]


def test_a_required_column_and_its_near_miss_are_one_complaint():
    frame = pd.DataFrame({"Participant": ["P01", "P02"], "visit": ["a", "a"], "entropy": [1, 2]})
    check = check_table(frame, "markers")
    assert sentences(check) == [
        "table markers, row 1: The file has no column 'participant_id'; column 'Participant' is "
        "not known: map it under columns (--columns participant_id=Participant on the command "
        "line)."
    ]
    assert len(check.rejected) == 2


def test_a_column_that_every_row_misses_is_one_complaint_with_its_near_miss():
    frame = pd.DataFrame({"participant_id": ["P01", "P02"], "visit": ["a", "a"], "MADRS": [1, 2]})
    check = check_table(frame, "madrs")
    assert sentences(check) == [
        "table madrs, row 1: The file has no column 'madrs_total'; column 'MADRS' is not known: "
        "map it under columns (--columns madrs_total=MADRS on the command line), or name it under "
        "ignore (--ignore on the command line) to leave it out."
    ]
    assert check.rejected["row"].tolist() == [2, 3]
    assert check.found[0].whole_table


def test_a_note_under_the_table_is_one_complaint(csv_file):
    path = csv_file("participant_id,visit,madrs_total", "P01,a,3", "P02,a,4", "P01 was tired,,")
    check = check_table(path, "madrs")
    assert sentences(check) == [
        "table.csv, row 4: Row 4 holds text in one cell only: notes do not belong in the table. "
        "Remove it."
    ]
    assert check.accepted_rows.tolist() == [2, 3]


def test_a_note_cut_short_by_its_delimiters_is_still_a_note(csv_file):
    path = csv_file("participant_id,visit,madrs_total", "P01,a,3", "all rated by phone")
    assert check_table(path, "madrs").complaints["rule"].tolist() == ["note_row"]


def test_a_table_of_keys_alone_is_no_list_of_notes(csv_file):
    check = check_table(csv_file("participant_id,visit,madrs_total", "P01,,", "P02,,"), "madrs")
    assert set(check.complaints["rule"]) == {"required", "items_or_total"}


def test_a_participant_of_whom_nothing_else_is_known_is_no_note():
    people = pd.DataFrame(
        {"participant_id": ["P01", "P02"], "sex": ["male", ""], "site": ["S", ""]}
    )
    assert check_table(people, "participants").ok
    noted = people.assign(participant_id=["P01", "rated by phone"])
    assert check_table(noted, "participants").complaints["rule"].tolist() == ["note_row"]


def test_a_row_cut_short_is_not_also_empty(csv_file):
    check = check_table(csv_file("participant_id,visit,madrs_total", "P01", "P02,a,3"), "madrs")
    assert sentences(check) == [
        "table.csv, row 2: The row has 1 cell, the header 3 (cut short?); write one cell per "
        "column, with quotes around a cell that holds the delimiter."
    ]


def test_a_formula_without_a_result_is_not_also_empty(xlsx_file):
    path = xlsx_file(
        ["participant_id", "visit", "specimen", "bdnf_ng_ml"], ["=A1", "a", "serum", 20]
    )
    assert sentences(check_table(path, "bdnf")) == [
        "table.xlsx, row 2: The cell in column participant_id holds a formula that has no stored "
        "result; open the file in a spreadsheet program and save it, or write the value."
    ]


def test_long_values_are_cut():
    people = pd.DataFrame({"participant_id": ["P01"], "age_years": ["x" * 300], "sex": ["z" * 61]})
    check = check_table(people, "participants")
    shown = "x" * 59 + "…"
    assert check.complaints["message"].tolist() == [
        f"age_years is '{shown}', not a number from 0 to 120; correct it, or name it under missing "
        f'(--missing "{shown}" on the command line) if it means that there is no value.',
        f"sex is '{'z' * 59}…'; allowed: 'female', 'male', 'other'. Correct it, or recode it under "
        "values in the study file.",
    ]
    assert check.complaints["value"].tolist() == ["x" * 199 + "…", "z" * 61]
