"""A table in another row, on another sheet or of another layout: one sentence says so."""

import openpyxl
import pytest

from ketbio.tables import check_table


def book(path, *pages, merged=()):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in pages:
        page = made.create_sheet(title)
        for row in rows:
            page.append(list(row))
    for area in merged:
        made.worksheets[0].merge_cells(area)
    made.save(path)
    return path


NAMES = ["Subject ID", "Time of visit", "MADRS"]
BODY = [["P01", "baseline", 30], ["P02", "baseline", 31]]


@pytest.mark.parametrize(
    "columns", [None, {"participant_id": "Subject ID", "visit": "Time of visit"}]
)
def test_titles_above_the_header_are_one_complaint_with_the_row(columns, tmp_path):
    rows = [["Ratings, site 1"], ["Export of 12 March"], [], NAMES, *BODY]
    path = book(tmp_path / "t.xlsx", ("A", rows), merged=["A1:C1"])
    check = check_table(path, "madrs", columns=columns)
    assert check.sentences() == (
        "t.xlsx, row 1: The header seems to be in row 4; remove the rows above it, or set "
        "header_row = 4 (--header-row 4 on the command line).",
    )
    assert len(check.accepted) == 0


def test_titles_in_a_text_file_too(csv_file):
    check = check_table(csv_file("Ratings", "", ",".join(NAMES), "P01,baseline,30"), "madrs")
    assert check.complaints["rule"].tolist() == ["header_row"]


def test_a_row_of_numbers_is_no_header(tmp_path):
    path = book(tmp_path / "t.xlsx", ("A", [["Levels"], [1, 2, 3], *BODY]))
    assert "header_row" not in set(check_table(path, "madrs").complaints["rule"])


def test_cells_beyond_the_header_of_a_workbook_are_told_once_and_without_a_delimiter(tmp_path):
    head = ["participant_id", "visit", "madrs_total"]
    rows = [head, *[[f"P{i:02d}", "a", 30, "tired"] for i in range(1, 7)]]
    check = check_table(book(tmp_path / "t.xlsx", ("A", rows)), "madrs")
    assert check.sentences() == (
        "t.xlsx, row 2: The row has more cells than the header; give the column a name in the "
        "header, or clear the cells beyond it. This holds for 6 rows (rows 2, 3, 4 and 3 more).",
    )
    assert len(check.rejected) == 6


def test_long_rows_of_a_text_file_are_told_once_with_the_delimiter(csv_file):
    rows = [f"P{i:02d},a,30,5" for i in range(1, 6)]
    check = check_table(csv_file("participant_id,visit,madrs_total", *rows), "madrs")
    assert len(check.sentences()) == 1
    assert "(a delimiter or a decimal comma inside a cell?)" in check.sentences()[0]
    assert "This holds for 5 rows" in check.sentences()[0]
    assert len(check.rejected) == 5


def test_a_cover_sheet_names_the_other_sheets(tmp_path):
    pages = [("Cover", [["KETA-7"], ["Site 3"]]), ("Data", [["participant_id"], ["P01"]])]
    path = book(tmp_path / "t.xlsx", *pages)
    assert check_table(path, "madrs").sentences() == (
        "t.xlsx, row 1: Sheet 'Cover' has none of the columns of madrs; there is another sheet: "
        "'Data'. Set sheet = 'Data' (--sheet Data on the command line) if the table is there.",
    )
    # where the caller chose the sheet, the others are none of the answer
    said = check_table(path, "madrs", sheet="Cover").complaints["rule"].tolist()
    assert "other_sheet" not in said


def test_a_table_of_contents_is_a_cover_too(tmp_path):
    cover = [["KETA-7"], ["Item", "Page", "Who"], ["a", "b", "c"]]
    path = book(tmp_path / "t.xlsx", ("Cover", cover), ("Data", [["participant_id"], ["P01"]]))
    assert check_table(path, "madrs").complaints["rule"].tolist() == ["other_sheet"]


TWO_ROWS = [
    ["ID", "Baseline", None, "Day 14", None],
    [None, "MADRS total", "Date", "MADRS total", "Date"],
]
AREAS = ["A1:A2", "B1:C1", "D1:E1"]


def test_a_header_of_two_rows_says_how_to_name_the_columns(tmp_path):
    path = book(tmp_path / "t.xlsx", ("A", [*TWO_ROWS, ["P01", 30, "", 12, ""]]), merged=AREAS)
    assert check_table(path, "madrs").sentences() == (
        "t.xlsx, row 1: Cells A1:A2, B1:C1 and D1:E1 of the header are merged, so that columns "
        "stand without a name; unmerge them and write one row of names, such as 'Baseline MADRS "
        "total'.",
    )


def test_a_lower_row_of_names_is_offered_where_it_is_one(tmp_path):
    lower = [None, "MADRS BL", "Date BL", "MADRS D14", "Date D14"]
    rows = [TWO_ROWS[0], lower, ["P01", 30, "2026-01-06", 12, "2026-01-20"]]
    path = book(tmp_path / "t.xlsx", ("A", rows), merged=AREAS)
    assert "or set header_row = 2 (--header-row 2" in check_table(path, "madrs").sentences()[0]
    columns = {"participant_id": "ID", "madrs_total@baseline": "MADRS BL"}
    taken = check_table(path, "madrs", header_row=2, columns=columns)
    assert taken.records.cells["participant_id"].tolist() == ["P01"]


REDCAP = ["record_id,redcap_event_name,rater_id,reduced_appetite", "1,baseline_arm_1,R1,2"]


@pytest.mark.parametrize("name", ["redcap_event_name", "redcap_repeat_instrument"])
def test_a_redcap_export_without_its_dictionary_is_one_sentence(name, csv_file):
    lines = [line.replace("redcap_event_name", name) for line in REDCAP]
    check = check_table(csv_file(*lines), "madrs")
    assert check.sentences() == (
        f"table.csv, row 1: This is a REDCap export (it has a column {name!r}); read it with "
        "[tables.madrs.redcap] in a study file.",
    )
    assert len(check.rejected) == 1


def test_a_redcap_column_that_the_caller_maps_is_a_column(csv_file):
    lines = ["participant_id,redcap_event_name,madrs_total", "P01,baseline,20"]
    assert check_table(csv_file(*lines), "madrs", columns={"visit": "redcap_event_name"}).ok
