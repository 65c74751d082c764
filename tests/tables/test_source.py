"""Files that cannot be used, and how what can be used is read."""

import hashlib
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from ketbio.errors import FileError
from ketbio.tables import check_table


def refused(path: Path, **how: object) -> str:
    with pytest.raises(FileError) as caught:
        check_table(path, "participants", **how)
    return str(caught.value)


def test_a_missing_file(tmp_path):
    path = tmp_path / "gone.csv"
    assert refused(path) == f"There is no file {str(path)!r}."


def test_a_folder(tmp_path):
    assert refused(tmp_path) == (f"{str(tmp_path)!r} is a folder; give a CSV, TSV or XLSX file.")


@pytest.mark.parametrize("content", [b"", b"  \n\n \r\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refused(path) == "a.csv is empty; a header line and at least one row are wanted."


def test_an_empty_sheet(xlsx_file):
    assert refused(xlsx_file()) == (
        "table.xlsx is empty; a header line and at least one row are wanted."
    )


OLE2 = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods", "csv"])
def test_a_password_protected_workbook(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    path.write_bytes(OLE2 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 512)
    assert refused(path) == (
        f"a.{ending} is protected by a password; save it without the password and try again."
    )


def test_an_old_workbook_with_the_ending_of_a_new_one(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLE2)
    assert refused(path) == (
        "a.xlsx is a spreadsheet file with the wrong ending; rename it to .xls."
    )


@pytest.mark.parametrize("share", [0.3, 0.6, 0.98])
def test_a_truncated_workbook(xlsx_file, share):
    path = xlsx_file(["participant_id"], ["P01"])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert refused(path) == (
        "table.xlsx is truncated or damaged and cannot be opened as XLSX; "
        "open it in a spreadsheet program and save it again."
    )


def test_text_named_xlsx(csv_file):
    assert refused(csv_file("participant_id", "P01", name="a.xlsx")) == (
        "a.xlsx is not an XLSX file; rename it to .csv if it is text, else save it again."
    )


def test_a_workbook_named_csv(xlsx_file):
    path = xlsx_file(["participant_id"], ["P01"])
    assert refused(path.rename(path.with_suffix(".csv"))) == (
        "table.csv is a spreadsheet file with the wrong ending; rename it to .xlsx."
    )


def test_an_unknown_ending(csv_file):
    assert refused(csv_file("participant_id", name="a.docx")) == (
        "a.docx is not of a kind that can be read; allowed: .csv, .tsv, .txt, .tab, .xlsx, .xlsm, "
        ".xls, .ods, .parquet, .sav, .zsav, .dta, .xpt and .sas7bdat. "
        "Save it as 'CSV UTF-8' or as XLSX."
    )


def test_a_file_that_is_not_in_the_encoding_given_is_refused_with_its_place(csv_file):
    path = csv_file("participant_id,site", "P01,Évora", "P02,São Paulo", encoding="latin-1")
    assert refused(path, encoding="utf-8") == (
        'table.csv is not UTF-8: byte 0xC9 at line 2, column 5; set encoding = "latin-1" '
        "(--encoding latin-1 on the command line) if it comes from an older program, or save it as "
        "'CSV UTF-8'."
    )
    check = check_table(path, "participants", encoding="latin-1")
    assert check.accepted["site"].tolist() == ["Évora", "São Paulo"]


def test_utf_16_given_as_utf_8_is_named(csv_file):
    path = csv_file("participant_id", "P01", encoding="utf-16")
    assert refused(path, encoding="utf-8") == (
        "table.csv is not UTF-8 but UTF-16; set encoding = 'utf-16' (--encoding utf-16 on the "
        "command line), or save it as 'CSV UTF-8'."
    )
    assert check_table(path, "participants", encoding="utf-16").ok


def test_an_unknown_encoding(csv_file):
    assert refused(csv_file("participant_id", "P01"), encoding="latin1x") == (
        "encoding is 'latin1x', which is not known. Did you mean 'latin-1'? "
        "Usual ones: 'utf-8', 'latin-1', 'cp1252', 'utf-16'."
    )


def test_a_byte_order_mark_is_no_part_of_the_header(csv_file):
    check = check_table(csv_file("participant_id", "P01", encoding="utf-8-sig"), "participants")
    assert check.accepted["participant_id"].tolist() == ["P01"]


def test_nul_bytes(csv_file):
    assert refused(csv_file("participant_id", "P0\x001")) == (
        "table.csv holds a NUL byte in line 2; it is damaged or not a text file."
    )


def test_two_columns_of_one_name(csv_file):
    assert refused(csv_file("participant_id,age_years,age_years", "P01,1,2")) == (
        "table.csv has two columns of the same name: 'age_years'; rename one of each."
    )


def test_an_open_quote(csv_file):
    assert refused(csv_file("participant_id,site", 'P01,"S1', "P02,S2")) == (
        "table.csv cannot be read after line 3 (row 2): unexpected end of data; "
        "a quote that is not closed, or one inside a cell that is not doubled?"
    )


def test_a_wrong_sheet(xlsx_file):
    path = xlsx_file(["participant_id"], ["P01"], sheet="Ratings")
    assert refused(path, sheet="Rating") == (
        "table.xlsx: sheet is 'Rating'; allowed: 'Ratings'. Did you mean 'Ratings'?"
    )


def test_a_sheet_of_a_csv_file(csv_file):
    assert refused(csv_file("participant_id", "P01"), sheet="A") == (
        "table.csv has no sheets, but sheet is 'A'; leave sheet out."
    )


def test_a_delimiter_of_two_characters(csv_file):
    assert refused(csv_file("participant_id", "P01"), delimiter=";;") == (
        "delimiter is ';;'; one character is wanted, for instance ';'."
    )


@pytest.mark.parametrize(
    ("delimiter", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)
def test_the_delimiter_is_found_and_noted(csv_file, delimiter, word):
    path = csv_file(delimiter.join(["participant_id", "age_years"]), delimiter.join(["P01", "15"]))
    check = check_table(path, "participants")
    assert check.accepted["age_years"].tolist() == [15.0]
    assert check.notes[0] == f"Read as UTF-8 with the {word} as delimiter."


def test_rows_are_those_a_spreadsheet_shows(csv_file):
    path = csv_file(
        "participant_id,age_years,site",
        "",
        'P01,15,"two',
        'lines"',
        ",,",
        "P02,200,S1",
    )
    check = check_table(path, "participants")
    assert check.complaints["row"].tolist() == [5]
    assert check.accepted_rows.tolist() == [3]
    assert "2 blank rows skipped; row numbers count them." in check.notes


def test_rows_of_a_workbook_count_blank_ones(xlsx_file):
    path = xlsx_file(["participant_id", "age_years"], [], ["P01", 15], [None, None], ["P02", 200])
    check = check_table(path, "participants")
    assert check.complaints["row"].tolist() == [5]
    assert check.accepted_rows.tolist() == [3]


def test_a_header_below_blank_lines_keeps_its_row(csv_file):
    check = check_table(csv_file("", "participant_id,e_mail", "P01,x"), "participants")
    assert check.complaints["row"].tolist() == [2]


def test_rows_of_the_wrong_length_are_kept_out(csv_file):
    path = csv_file("participant_id,age_years,site", "P01,12,5,S1", "P02,15", "P03,15,S1,,")
    check = check_table(path, "participants")
    assert check.complaints["message"].tolist() == [
        "The row has 4 cells, the header 3 (a delimiter or a decimal comma inside a cell?); write "
        "one cell per column, with quotes around a cell that holds the delimiter.",
        "The row has 2 cells, the header 3 (cut short?); write one cell per column, with quotes "
        "around a cell that holds the delimiter.",
    ]
    assert check.rejected["participant_id"].tolist() == ["P01", "P02"]


def test_a_header_without_rows(csv_file):
    check = check_table(csv_file("participant_id,age_years"), "participants")
    assert not check.ok
    assert check.sentences() == (
        "table.csv, row 1: There is nothing to read: the file has a header but no rows; "
        "one row per record is wanted there.",
    )


def test_cells_of_a_workbook_are_what_a_person_sees(xlsx_file):
    path = xlsx_file(
        ["participant_id", "age_years", "score", "start", "is_new"],
        [7, 15.0, 0.1, pd.Timestamp("2026-01-31").to_pydatetime(), True],
        ["008", 15.5, 2, None, False],
    )
    check = check_table(path, "participants")
    assert check.records.written.to_numpy().tolist() == [
        ["7", "15", "0.1", "2026-01-31", "true"],
        ["008", "15.5", "2", "", "false"],
    ]
    assert check.accepted["participant_id"].tolist() == ["7", "008"]
    assert check.notes == ("Read from sheet 'Sheet1'.",)


def test_native_numbers_are_understood_with_a_decimal_comma_too(xlsx_file):
    path = xlsx_file(["participant_id", "age_years"], ["P01", 15.5], ["P02", "16,5"])
    check = check_table(path, "participants", decimal=",")
    assert check.accepted["age_years"].tolist() == [15.5, 16.5]


def test_other_sheets_are_noted(tmp_path):
    book = Workbook()
    book.active.append(["participant_id"])
    book.active.append(["P01"])
    book.create_sheet("More")
    book.save(tmp_path / "a.xlsx")
    check = check_table(tmp_path / "a.xlsx", "participants")
    assert check.notes == ("Read from the first sheet, 'Sheet'; not read: 'More'.",)


def test_a_formula_without_result_is_no_empty_cell(xlsx_file):
    path = xlsx_file(["participant_id", "age_years"], ["P01", "=7+8"], ["P02", 15])
    check = check_table(path, "participants")
    assert check.sentences() == (
        "table.xlsx, row 2: The cell in column age_years holds a formula that has no stored "
        "result; open the file in a spreadsheet program and save it, or write the value.",
    )
    assert check.complaints["column"].tolist() == ["age_years"]
    assert check.rejected["row"].tolist() == [2]


def test_merged_cells_are_no_empty_cells(xlsx_file):
    path = xlsx_file(["participant_id", "site"], ["P01", "S1"], ["P02", None])
    book = load_workbook(path)
    book.active.merge_cells("B2:B3")
    book.save(path)
    check = check_table(path, "participants")
    assert check.sentences() == (
        "table.xlsx, row 2: Cells B2:B3 are merged, so that only the first holds the value; "
        "unmerge them and fill in each.",
    )


def test_the_file_is_named_without_its_folder_and_hashed(csv_file):
    path = csv_file("participant_id", "P01")
    check = check_table(path, "participants")
    assert check.file == "table.csv"
    assert check.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_frame_is_never_touched():
    frame = pd.DataFrame({"participant_id": [7, 8], "age_years": [15.0, None]}, index=[5, 5])
    before = frame.copy()
    check = check_table(frame, "participants")
    pd.testing.assert_frame_equal(frame, before)
    assert check.accepted["participant_id"].tolist() == ["7", "8"]
    assert check.accepted_rows.tolist() == [2, 3]
    assert (check.file, check.sha256) == ("", "")
