"""Identifiers beside the table: in names of columns, sheets and files, above it, in other sheets.

Every person here is invented.
"""

import zipfile

import pandas as pd
import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from ketbio.errors import FileError
from ketbio.tables import annotate_workbook, check_table, render_checks
from ketbio.tables.privacy.cell_words import cell_kind
from ketbio.tables.privacy.identifiers import without_emails
from ketbio.tables.privacy.titles import text_kind, title_kind

ROWS = [["participant_id", "visit", "madrs_total"], ["P01", "baseline", 90]]


def everything(check, tmp_path, source=None):
    annotate_workbook(check, tmp_path / "annotated.xlsx", source=source, overwrite=True)
    with zipfile.ZipFile(tmp_path / "annotated.xlsx") as parts:
        shown = [parts.read(name).decode("utf-8", "replace") for name in parts.namelist()]
    shown += [render_checks([check], format=form) for form in ("text", "json", "html")]
    shown += [check.rejected.to_csv(), check.accepted.to_csv(), repr(check.source), *check.notes]
    return "\n".join([*shown, *check.sentences()])


@pytest.mark.parametrize(
    "lines",
    [
        ["participant_id,visit,madrs_total,Name: Jane Doe", "P01,baseline,20,x"],
        ["Patient: Jane Doe,,", "DOB: 14.03.1987,,", "participant_id,visit,madrs_total",
         "P01,baseline,20"],
        ["Pat.: Doe Jane,,", "participant_id,visit,madrs_total", "P01,baseline,20"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_named", [False, True])
def test_names_in_and_above_the_header_are_not_shown(lines, is_named, csv_file, tmp_path):
    above = len(lines) - 2
    if is_named and not above:
        pytest.skip("the header is the first row")
    check = check_table(csv_file(*lines), "madrs", header_row=above + 1 if is_named else None)
    shown = everything(check, tmp_path)
    assert not {word for word in ("Jane", "Doe", "14.03.1987") if word in shown}
    assert not check.ok


def test_a_harmless_line_above_the_header_stops_nothing(csv_file):
    path = csv_file("Ratings of the site,,", "participant_id,visit,madrs_total", "P01,baseline,20")
    assert check_table(path, "madrs", header_row=2).ok


def book_with(tmp_path, change):
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    change(book)
    path = tmp_path / "ratings.xlsx"
    book.save(path)
    return path


def _other_sheet(book):
    book.create_sheet("Other")["A1"] = "Jane Doe"


def _other_column(book):
    page = book.create_sheet("Other")
    for row in (["code", "surname"], ["P01", "Doe"]):
        page.append(row)


def _comment(book):
    book.active["A2"].comment = Comment("this is Jane Doe", "Doe")


def _title(book):
    book.create_sheet("Doe Jane")


def _properties(book):
    book.properties.creator = book.properties.lastModifiedBy = "Doe"
    book.properties.title = book.properties.keywords = "Doe"
    book.active["A2"].comment = Comment("ask the site", "Doe")


@pytest.mark.parametrize("change", [_other_sheet, _other_column, _comment, _title, _properties])
def test_the_annotated_copy_spreads_nothing(change, tmp_path):
    path = book_with(tmp_path, change)
    shown = everything(check_table(path, "madrs"), tmp_path, path)
    assert "Doe" not in shown
    assert ("This is no copy of the file" in shown.replace("\n", " ")) == (change != _properties)


def test_errors_before_the_screening_repeat_nothing(csv_file, tmp_path):
    path = csv_file("participant_id,someone@example.org,someone@example.org", "P01,1,2")
    with pytest.raises(FileError) as caught:
        check_table(path, "madrs")
    assert "someone" not in str(caught.value)
    for change in (_title, _other_sheet):
        path = book_with(tmp_path, change)
        with pytest.raises(FileError) as caught:
            check_table(path, "madrs", sheet="nope")
        assert "Doe" not in str(caught.value)
    empty = csv_file(name="Doe_Jane.csv")
    with pytest.raises(FileError) as caught:
        check_table(empty, "madrs")
    assert "Doe" not in str(caught.value)


def test_a_turned_name_or_a_day_of_birth_names_no_file(csv_file, tmp_path):
    path = csv_file("participant_id,visit,madrs_total", "P01,baseline,20",
                    name="Doe_Jane_1987-03-14.csv")  # fmt: skip
    check = check_table(path, "madrs")
    shown = everything(check, tmp_path)
    assert not {word for word in ("Doe", "Jane", "1987") if word in shown}
    assert check.complaints[["rule", "severity"]].to_numpy().tolist() == [
        ["identifier_in_title", "warning"]
    ]


@pytest.mark.parametrize(
    "title", ["madrs_2026-01-31", "Site São Paulo", "Sheet1", "MADRS Baseline"]
)
def test_usual_titles_are_none(title):
    assert title_kind(title) == ""


def test_full_width_signs_hide_nothing():
    address = "someone＠example.org"
    assert cell_kind(address) == cell_kind("someone\u200b@example.org") == "e-mail address"
    assert cell_kind("＋44 20 7946 ００００") == "telephone number"
    assert "someone" not in without_emails(f"it is {address}")
    frame = pd.DataFrame(
        {"participant_id": ["P01"], "visit": ["baseline"], "madrs_total": [address]}
    )
    assert "someone" not in "".join(check_table(frame, "madrs").sentences())


@pytest.mark.parametrize("name", ["Reported Sadness", "Visit name", "Patient code", "Age: years"])
def test_usual_column_names_are_none(name):
    assert text_kind(name) == ""


@pytest.mark.parametrize(
    ("day", "is_shown"),
    [("0026-01-31", True), ("1899-12-30", True), ("1987-03-14", False), ("2011-03-14", False)],
)
def test_a_day_long_ago_is_an_error_and_one_of_birth_not_shown(day, is_shown, tmp_path):
    frame = pd.DataFrame(
        {
            "participant_id": ["P01", "P02", "P03"],
            "visit": ["baseline"] * 3,
            "madrs_total": ["20"] * 3,
            "rating_date": [day, "2026-01-31", "2026-01-30"],
        }
    )
    check = check_table(frame, "madrs")
    assert check.complaints[["row", "rule", "severity"]].to_numpy().tolist() == [
        [2, "date", "error"]
    ]
    assert (day in everything(check, tmp_path)) == is_shown
    assert ("is it a date of birth?" in check.sentences()[0]) != is_shown
