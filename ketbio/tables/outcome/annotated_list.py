"""The first sheet of an annotated workbook: the list of complaints, the counts, what to know."""

from collections.abc import Sequence
from typing import Any

from openpyxl.styles import Alignment, Font
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.visible import visible
from ketbio.tables.outcome.writing import as_text_cell

LIST_SHEET = "ketbio checks"
"""Title of the first sheet."""
_COLUMNS = {"done": 7, "severity": 11, "cell": 16, "participant": 16, "visit": 14, "column": 24,
            "value": 20, "complaint": 80, "rule": 26}  # fmt: skip
_FIELDS = ("participant_id", "visit", "column", "value", "message", "rule")
_COUNT_COLUMNS = {"severity": 11, "rule": 26, "complaints": 12, "rows": 8}
# One empty column between the list and the counts.
_COUNTS_AT = len(_COLUMNS) + 2
_LINE_HEIGHT, _MOST_LINES = 15, 20
_BOLD, _LINK = Font(bold=True), Font(color="0B5394", underline="single")
_TOP = Alignment(vertical="top")
_WRAPPED = Alignment(vertical="top", wrap_text=True)


def is_list_sheet(page: Any) -> bool:
    """Return whether a worksheet is the list of an earlier check."""
    return bool(page.title.startswith(LIST_SHEET) and page["A1"].value == LIST_SHEET)


def add_list_sheet(
    book: Any, marked: Sequence[tuple[Check, str, Sequence[str]]], notes: Sequence[str]
) -> None:
    """Put the list of complaints before the other sheets of a workbook.

    Parameters
    ----------
    book : openpyxl workbook
        With the complaints marked.
    marked : sequence of (Check, str, sequence of str)
        Each check, the title of its sheet, and the cell of each of its complaints.
    notes : sequence of str
        What there is to say of the copy.
    """
    for page in book.worksheets:
        # Two sheets selected at once would take every keystroke twice.
        page.sheet_view.tabSelected = False
    page = book.create_sheet(LIST_SHEET, 0)
    page.sheet_view.tabSelected = True
    book.active = 0
    page["A1"] = LIST_SHEET
    page["A1"].font = Font(bold=True, size=14)
    for row, (check, title, _) in enumerate(marked, start=2):
        as_text_cell(page.cell(row, 1), f"{title}: {check.summary()}")
    header = len(marked) + 3
    _add_heads(page, header, 1, _COLUMNS)
    _add_heads(page, header, _COUNTS_AT, _COUNT_COLUMNS)
    row = header
    for check, title, places in marked:
        for place, one in zip(places, check.complaints.to_dict("records"), strict=True):
            row += 1
            _add_complaint(page, row, title, place, one)
    _add_counts(page, header + 1, marked, notes)
    page.freeze_panes = page.cell(header + 1, 1)
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _add_heads(page: Any, row: int, first: int, widths: dict[str, int]) -> None:
    for place, (name, width) in enumerate(widths.items(), start=first):
        cell = page.cell(row, place, name)
        cell.font = _BOLD
        page.column_dimensions[cell.column_letter].width = width


def _add_complaint(page: Any, row: int, title: str, place: str, one: dict[Any, Any]) -> None:
    page.cell(row, 2, one["severity"]).alignment = _TOP
    link = page.cell(row, 3, place)
    link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{quote_sheetname(title)}!{place}")
    link.font, link.alignment = _LINK, _TOP
    for column, name in enumerate(_FIELDS, start=4):
        as_text_cell(page.cell(row, column), visible(str(one[name]))).alignment = _WRAPPED
    # A row written by a program keeps the height of one line unless told.
    n_lines = 1 + len(str(one["message"])) // _COLUMNS["complaint"]
    page.row_dimensions[row].height = _LINE_HEIGHT * min(n_lines, _MOST_LINES)


def _add_counts(
    page: Any, row: int, marked: Sequence[tuple[Check, str, Sequence[str]]], notes: Sequence[str]
) -> None:
    for check, _, _ in marked:
        for line in check.counts_by_rule().itertuples(index=False, name=None):
            for place, value in enumerate(line, start=_COUNTS_AT):
                page.cell(row, place, value).alignment = _TOP
            row += 1
    said = [*notes, "Other sheets and cells outside the table were not checked."]
    for check, title, _ in marked:
        version = f", version {check.schema_version}" if check.schema_version else ""
        said.append(f"{title}: schema {check.schema}{version}; SHA-256 {check.sha256 or '–'}")
        said += [f"{title}: {note}" for note in check.notes]
    for place, words in enumerate(said, start=row + 1):
        as_text_cell(page.cell(place, _COUNTS_AT), visible(words))
