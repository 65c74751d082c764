"""Workbooks: every value as a person would see it, and what cannot be seen is said."""

import datetime as dt
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from ketbio.errors import FileError
from ketbio.tables.files import spreadsheets
from ketbio.tables.files.native import is_fraction, native_text
from ketbio.tables.files.source import read_source

DATA = Path(__file__).parent / "data"
TABLE = {
    "participant_id": ["P01", "P02", ""],
    "level": [0.1, 12.5, np.nan],
    "sex": [1.0, 2.0, 9.0],
    "day": [dt.date(2026, 1, 31), None, dt.date(1999, 12, 31)],
}


def refused(path, **how):
    with pytest.raises(FileError) as caught:
        read_source(path, **how)
    return str(caught.value)


# -- values --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(0.1), "0.1"),
        (Decimal("12345678901234567890.10"), "12345678901234567890.1"),
        (Decimal("7.00"), "7"),
        (Decimal("NaN"), ""),
        (2**63 + 1, "9223372036854775809"),
        (1e16, "1e+16"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
        (dt.time(12, 30), "12:30:00"),
        (dt.datetime(2026, 1, 31, 8, 30), "2026-01-31 08:30:00"),
    ],
)
def test_a_value_loses_nothing_as_text(value, text):
    assert native_text(value) == text


def test_a_number_that_has_lost_digits_is_a_fraction():
    assert [is_fraction(one) for one in (1e15, 1e14, Decimal("1.5"), Decimal("2.0"))] == [
        True, False, True, False,
    ]  # fmt: skip


def test_single_precision_of_a_frame_is_what_was_meant():
    frame = pd.DataFrame({"x": np.array([0.1, 2.5], dtype="float32")})
    assert read_source(frame).rows == (("0.1",), ("2.5",))


# -- XLSX ----------------------------------------------------------------------------------------
def test_a_header_over_two_rows_is_named_once(xlsx_file):
    path = xlsx_file(
        ["participant_id", "Day 1", None], [None, "age_years", "site"], ["P01", 15, "S1"]
    )
    book = load_workbook(path)
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:C1")
    book.save(path)
    fault, *followers = read_source(path).faults
    assert (fault.row, fault.rule) == (1, "merged_cells")
    assert fault.message == (
        "Cells A1:A2 and B1:C1 of the header are merged, so that columns stand without a name; "
        "unmerge them and write one name per column in one row, or set header_row = 2 "
        "(--header-row 2 on the command line) if the names stand there."
    )
    assert {one.rule for one in followers} == {"cell_count"}
    told = read_source(path, header_row=2)
    assert told.header == ("participant_id", "age_years", "site")
    assert told.faults == ()
    assert "1 filled row above the header (header_row = 2) left out." in told.notes


def test_what_is_hidden_is_read_and_said(xlsx_file):
    path = xlsx_file(["participant_id", "site"], ["P01", "S1"], ["P02", "S1"])
    book = load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.create_sheet("Old").sheet_state = "hidden"
    book.save(path)
    source = read_source(path)
    assert len(source.rows) == 2
    assert source.notes == (
        "Read from the first sheet, 'Sheet1'; not read: 'Old' (hidden).",
        "Hidden in the spreadsheet and read all the same: 1 row (3), 1 column (B).",
    )


def test_a_hidden_first_sheet_is_not_the_first(xlsx_file):
    path = xlsx_file(["a"], ["b"], sheet="Lists")
    book = load_workbook(path)
    book.create_sheet("Ratings").append(["participant_id"])
    book["Lists"].sheet_state = "hidden"
    book.active = 1
    book.save(path)
    assert read_source(path).sheet == "Ratings"
    assert read_source(path, sheet="Lists").notes == ("Read from sheet 'Lists' (hidden).",)


def test_numbers_are_written_with_the_comma_that_was_found(xlsx_file):
    source = read_source(xlsx_file(["id", "x"], ["P01", 15.5], ["P02", "16,5"], ["P03", 2]))
    assert (source.decimal, [row[1] for row in source.rows]) == (",", ["15,5", "16,5", "2"])
    assert source.notes[-1] == "Read with the decimal comma, found in 1 cell (in row 3)."


# -- XLS and ODS ---------------------------------------------------------------------------------
def test_an_old_workbook_is_read_and_what_it_hides_said():
    source = read_source(DATA / "ratings.xls")
    assert source.header == ("participant_id", "visit", "madrs_total", "rating_date", "site")
    assert source.rows == (
        ("P01", "baseline", "30", "2026-01-31", "S1"),
        ("P02", "baseline", "12.5", "2026-02-14", ""),
        ("P03", "baseline", "28", "", "S2"),
    )
    assert (source.sheet, source.row_numbers) == ("Ratings", (2, 3, 5))
    assert [fault.message[:22] for fault in source.faults] == ["Cells E2:E3 are merged"]
    assert source.notes == (
        "Read from the first sheet, 'Ratings'; not read: 'Notes' (hidden).",
        "An .xls file does not tell formats (such as leading zeros), errors of formulas and what "
        "is hidden: save it as XLSX to have them checked.",
        "1 blank row skipped; row numbers count them.",
    )
    assert source.fractions == {(3, "madrs_total")}


def test_a_sheet_that_is_not_there_is_refused():
    assert refused(DATA / "ratings.xls", sheet="Rating") == (
        "ratings.xls: sheet is 'Rating'; allowed: 'Ratings', 'Notes'. Did you mean 'Ratings'?"
    )


@pytest.mark.parametrize(("bound", "value"), [("MOST_MEMORY", 2**22), ("MOST_SECONDS", 0.001)])
def test_a_workbook_that_takes_all_memory_or_time_ends_its_own_process_only(
    monkeypatch, bound, value
):
    if bound == "MOST_MEMORY":
        pytest.importorskip("resource")
    monkeypatch.setattr(spreadsheets, bound, value)
    assert refused(DATA / "ratings.xls") == (
        "ratings.xls is truncated or damaged and cannot be opened as XLS; open it in a spreadsheet "
        "program and save it again."
    )


ODS_CELLS = """
<table:table-column table:number-columns-repeated="2"/>
<table:table-column table:visibility="collapse"/>
<table:table-row>
 <table:table-cell office:value-type="string"><text:p>participant_id</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>level</text:p></table:table-cell>
 <table:table-cell office:value-type="string"><text:p>flag</text:p></table:table-cell>
</table:table-row>
<table:table-row table:number-rows-repeated="2" table:visibility="collapse">
 <table:table-cell office:value-type="float" office:value="7"><text:p>007</text:p></table:table-cell>
 <table:table-cell office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
 <table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TRUE</text:p></table:table-cell>
</table:table-row>
<table:table-row>
 <table:table-cell office:value-type="float" office:value="8" table:number-rows-spanned="2" table:number-columns-spanned="1"><text:p>8</text:p></table:table-cell>
 <table:table-cell office:value-type="float" office:value="2.5"><text:p>2.5</text:p></table:table-cell>
 <table:table-cell office:value-type="date" office:date-value="2026-01-31"><text:p>31/01/26</text:p></table:table-cell>
</table:table-row>
"""  # noqa: E501
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"


@pytest.fixture
def ods_file(tmp_path):
    cells = re.sub(r">\s+<", "><", ODS_CELLS).strip()
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "manifest")
    )
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f"<office:document-content {spaces} {calc}><office:body><office:spreadsheet>"
        f'<table:table table:name="Levels">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest {spaces}><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{ODS_KIND}"/></manifest:manifest>'
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", ODS_KIND)
        parts.writestr("META-INF/manifest.xml", manifest)
        parts.writestr("content.xml", content)
    return path


def test_an_open_document_is_read_as_it_is_shown(ods_file):
    source = read_source(ods_file)
    assert source.rows == (
        ("007", "#DIV/0!", "true"),
        ("007", "#DIV/0!", "true"),
        ("8", "2.5", "2026-01-31"),
    )
    assert [fault.message[:22] for fault in source.faults] == ["Cells A4:A5 are merged"]
    assert source.notes == (
        "Read from sheet 'Levels'.",
        "Hidden in the spreadsheet and read all the same: 2 rows (2 and 3), 1 column (C).",
    )
