"""The first sheet of an annotated workbook: the list of complaints, the counts, what to know."""

from collections.abc import Sequence
from typing import Any

from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from ketbio.tables.list_sheet import LIST_SHEET
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.visible import visible
from ketbio.tables.outcome.writing import as_text_cell

_COLUMNS = {"done": 6, "severity": 9, "cell": 8, "participant": 13, "visit": 12, "column": 19,
            "value": 15, "complaint": 58, "rule": 19}  # fmt: skip
_FIELDS = ("participant_id", "visit", "column", "value", "message", "rule")
_COUNT_COLUMNS = ("severity", "complaints", "rows", "rule")
"""Heads of the counts, from the second column on; the rule's name has room at its right."""
_LINE_HEIGHT, _MOST_LINES = 15, 20
_BOLD, _LINK = Font(bold=True), Font(color="0B5394", underline="single")
_TOP = Alignment(vertical="top")
_WRAPPED = Alignment(vertical="top", wrap_text=True)


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
    header = len(marked) + 4
    _add_heads(page, header)
    row = header
    for check, title, places in marked:
        for place, one in zip(places, check.complaints.to_dict("records"), strict=True):
            row += 1
            _add_complaint(page, row, title, place, one)
    below = row + 2
    as_text_cell(page.cell(header - 2, 1), f"Counts by rule and notes: from row {below} on.")
    last = _add_notes(page, _add_counts(page, below, marked), marked, notes)
    page.freeze_panes = page.cell(header + 1, 1)
    _fit_paper(page, header, last)


def _fit_paper(page: Any, header: int, last: int) -> None:
    """Print the list as wide as the paper, and nothing beside it."""
    page.print_area = f"A1:{get_column_letter(len(_COLUMNS))}{last}"
    page.print_title_rows = f"{header}:{header}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _add_heads(page: Any, row: int) -> None:
    for place, (name, width) in enumerate(_COLUMNS.items(), start=1):
        cell = page.cell(row, place, name)
        cell.font = _BOLD
        page.column_dimensions[cell.column_letter].width = width


def _add_complaint(page: Any, row: int, title: str, place: str, one: dict[Any, Any]) -> None:
    page.cell(row, 2, one["severity"]).alignment = _TOP
    link = page.cell(row, 3, place)
    link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{quote_sheetname(title)}!{place}")
    link.font, link.alignment = _LINK, _TOP
    n_lines = 1
    for column, name in enumerate(_FIELDS, start=4):
        text = visible(str(one[name]))
        as_text_cell(page.cell(row, column), text).alignment = _WRAPPED
        n_lines = max(n_lines, _lines_in(text, list(_COLUMNS.values())[column - 1]))
    page.row_dimensions[row].height = _LINE_HEIGHT * min(n_lines, _MOST_LINES)


def _lines_in(text: str, width: int) -> int:
    # A row written by a program keeps the height of one line unless told.
    return 1 + len(text) // max(1, width - 1)


def _add_counts(page: Any, row: int, marked: Sequence[tuple[Check, str, Sequence[str]]]) -> int:
    """Write the counts by rule; return the next row that is free."""
    for place, name in enumerate(_COUNT_COLUMNS, start=2):
        page.cell(row, place, name).font = _BOLD
    for check, _, _ in marked:
        for line in check.counts_by_rule()[list(_COUNT_COLUMNS)].itertuples(index=False, name=None):
            row += 1
            for place, value in enumerate(line, start=2):
                page.cell(row, place, value).alignment = _TOP
    return row + 2


def _add_notes(
    page: Any,
    row: int,
    marked: Sequence[tuple[Check, str, Sequence[str]]],
    notes: Sequence[str],
) -> int:
    """Write what there is to know, each sentence over the whole width; return the last row."""
    said = [*notes, "Other sheets and cells outside the table were not checked."]
    for check, title, _ in marked:
        version = f", version {check.schema_version}" if check.schema_version else ""
        said.append(f"{title}: schema {check.schema}{version}; SHA-256 {check.sha256 or '–'}")
        said += [f"{title}: {note}" for note in check.notes]
    for place, words in enumerate(map(visible, said), start=row):
        as_text_cell(page.cell(place, 1), words).alignment = _WRAPPED
        page.merge_cells(start_row=place, end_row=place, start_column=1, end_column=len(_COLUMNS))
        n_lines = min(_lines_in(words, sum(_COLUMNS.values())), _MOST_LINES)
        page.row_dimensions[place].height = _LINE_HEIGHT * n_lines
    return row + len(said) - 1
