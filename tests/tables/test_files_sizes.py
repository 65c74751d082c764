"""Files that would take all memory, or hold everything up: refused by size, before it is spent."""

import io
import os
import struct
import time
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook

from ketbio.errors import FileError
from ketbio.tables.files import size_limits, zip_limits
from ketbio.tables.files.source import read_source

MOST_MEMORY = 200 * 2**20
MOST_SECONDS = 3.0  # on a machine that does other work at the same time
SHEET = "xl/worksheets/sheet1.xml"


def refused(path, **how):
    """Refuse a file within the bounds of time and memory; return the sentence."""
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(FileError) as caught:
            read_source(path, **how)
        assert time.process_time() - begun < MOST_SECONDS
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    return str(caught.value)


@pytest.fixture
def book(tmp_path):
    """Write a workbook with some of its parts replaced or added."""

    def write(parts, name="a.xlsx"):
        plain = io.BytesIO()
        made = Workbook()
        made.active.append(["participant_id"])
        made.save(plain)
        path = tmp_path / name
        with (
            zipfile.ZipFile(plain) as old,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for part in old.namelist():
                new.writestr(part, parts.pop(part, None) or old.read(part))
            for part, content in parts.items():
                new.writestr(part, content)
        return path

    return write


def sheet_of(rows: str) -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'


def test_a_zip_bomb_is_refused_by_its_directory(book):
    path = book({"xl/media/zeros.xml": b"\0" * (100 * 2**20)})
    assert refused(path) == (
        "a.xlsx unpacks to 100 MiB from 1 MiB, which no table needs; it is not opened. Save the "
        "sheet as CSV."
    )


def test_a_directory_that_promises_gigabytes_is_believed(book):
    path = book({})
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 3 * 2**30)
    path.write_bytes(content)
    assert "unpacks to 3,072 MiB" in refused(path)


def test_a_directory_that_lies_is_damaged(book):
    path = book({SHEET: sheet_of("<row><c/></row>" * 500_000)})
    content = bytearray(path.read_bytes())
    at = content.index(SHEET.encode(), content.index(b"PK\x01\x02")) - 46
    content[at + 24 : at + 28] = struct.pack("<I", 100)
    path.write_bytes(content)
    assert "truncated or damaged" in refused(path)


def test_a_million_cells_are_refused(book):
    path = book({SHEET: sheet_of(f"<row>{'<c/>' * 1_000_001}</row>")})
    assert refused(path) == (
        "a.xlsx has more than 1,000,000 cells, the most that are read at once; a table of that "
        "size is checked in batches, from CSV or Parquet (check_large_table)."
    )


@pytest.mark.parametrize("tag", ["<c r='A1'/>", "<x:c/>", "<c\nr='A1'></c>", "<row/>", "<row\t/>"])
def test_cells_are_counted_however_they_are_written(book, tag, monkeypatch):
    monkeypatch.setattr(zip_limits, "MOST_SHEET_CELLS", 50_000)
    space = "xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    sheet = sheet_of(tag * 50_001).replace("<sheetData>", f"<sheetData {space}>")
    for encoding in ("utf-8", "utf-16"):
        path = book({SHEET: sheet.encode(encoding)})
        assert "more than 50,000 cells" in refused(path)


@pytest.mark.parametrize("tag", ["mergeCell", "hyperlink"])
def test_a_range_over_the_whole_sheet_is_refused(book, tag):
    group = f"<{tag}s><{tag} ref='A1:XFD1048576'/></{tag}s></worksheet>"
    sheet = sheet_of("<row r='1'><c r='A1' t='str'><v>id</v></c></row>")
    path = book({SHEET: sheet.replace("</worksheet>", group)})
    assert refused(path).startswith("a.xlsx merges or links more than 1,000,000 cells; unmerge")


def test_a_lone_cell_in_the_last_row_and_column_is_no_million_rows(book):
    cells = (
        "<row r='1'><c r='A1' t='str'><v>participant_id</v></c></row>"
        "<row r='2'><c r='A2' t='str'><v>P01</v></c></row>"
        "<row r='1048576'><c r='XFD1048576' t='str'><v> </v></c></row>"
    )
    source = read_source(book({SHEET: sheet_of(cells)}))
    assert source.rows == (("P01",),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused(book, encoding):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + sheet_of("")
    path = book({SHEET: laughs.encode(encoding)})
    assert refused(path).startswith("a.xlsx declares entities, which no spreadsheet program writes")


def test_a_large_part_beside_the_cells_is_refused(book):
    path = book({"xl/styles.xml": os.urandom(17 * 2**20)})
    assert refused(path).startswith("a.xlsx holds 17 MiB beside its cells ('xl/styles.xml')")


def test_very_many_parts_are_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"PK\x01\x02" * 5_001)
    assert refused(path) == "a.xlsx is made of more than 5,000 parts; save it again."


def test_a_zip_in_a_zip_is_not_opened(book):
    bomb = book({"xl/media/zeros.xml": b"\0" * 2**20}, name="b.xlsx").read_bytes()
    source = read_source(book({"xl/embeddings/b.xlsx": bomb}))
    assert source.header == ("participant_id",)


ODS_SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
)


@pytest.fixture
def ods(tmp_path):
    """Write an ODS file with these rows."""

    def write(rows, name="a.ods"):
        content = (
            f"<office:document-content {ODS_SPACES}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>"
        )
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        manifest = (
            '<manifest:manifest xmlns:manifest="'
            'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            "</manifest:manifest>"
        )
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr(zipfile.ZipInfo("mimetype"), kind)
            parts.writestr("META-INF/manifest.xml", manifest)
            parts.writestr("content.xml", content)
        return path

    return write


def ods_row(*cells: str, repeated: int = 1, again: int = 1) -> str:
    made = "".join(
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{again}">'
        f"<text:p>{cell}</text:p></table:table-cell>"
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{made}</table:table-row>'


def test_repeated_rows_of_an_ods_file_are_counted_before_they_are_made(ods):
    path = ods(ods_row("participant_id") + ods_row("P01", repeated=1_048_575))
    assert "more than 1,000,000 cells" in refused(path)


def test_repeated_columns_of_an_ods_file_are_counted_before_they_are_made(ods):
    path = ods(ods_row("participant_id", again=2_000_000_000))
    assert refused(path).startswith("a.ods has 2,000,000,000 columns in row 1")


def test_repeated_blank_cells_of_an_ods_file_are_nothing(ods):
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    blank = f'<table:table-row table:number-rows-repeated="1048570">{blank}</table:table-row>'
    source = read_source(ods(ods_row("participant_id") + ods_row("P01") + blank))
    assert source.rows == (("P01",),)


def test_a_million_columns_of_a_text_file_are_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"," * 20_000_000)
    assert refused(path) == (
        "a.csv has 20,000,001 columns in row 1, more than the 16,384 that a spreadsheet can have; "
        "is the delimiter right, or the table on its side?"
    )


def test_a_gigantic_cell_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"participant_id\n" + b"x" * 5_000_000)
    assert refused(path) == (
        "a.csv cannot be read after line 2 (row 2): a cell of more than 131,072 characters; "
        "a quote that is not closed, or not a table?"
    )


def test_a_text_file_of_too_many_cells_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(size_limits, "MOST_CELLS", 1_000)
    monkeypatch.setattr(size_limits.refuse_many_cells, "__kwdefaults__", {"most": 1_000})
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 500)
    assert "a.csv has more than 1,000 cells" in refused(path)


def test_a_large_file_is_refused_without_being_read(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(10 * 2**30)
    assert refused(path) == (
        "a.csv has 10,240 MiB; at most 128 MiB are read at once, and a table of that size is "
        "checked in batches, from CSV or Parquet (check_large_table)."
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_hold_the_check_up(tmp_path):
    path = tmp_path / "a.csv"
    os.mkfifo(path)
    assert refused(path) == "a.csv is not a regular file but a pipe or a device."


def test_a_device_behind_a_link_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.symlink_to("/dev/zero")
    if not path.exists():
        pytest.skip("this system has no /dev/zero")
    assert refused(path) == "a.csv is not a regular file but a pipe or a device."
