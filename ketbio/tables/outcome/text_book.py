"""The checked cells as a new workbook: text at the places where they stood, masked."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font

from ketbio.errors import FileError
from ketbio.tables.files.source import Source
from ketbio.tables.outcome.annotated_marks import MarkedSheet
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.hidden import hidden_in, is_stopped
from ketbio.tables.outcome.places import (
    LAST_COLUMN,
    LAST_ROW,
    column_letter,
    column_numbers,
    record_row,
)
from ketbio.tables.outcome.writing import as_text_cell
from ketbio.tables.privacy.identifiers import without_emails
from ketbio.tables.privacy.masks import REMOVED

_NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")
_LONGEST_TITLE = 31


def text_book(checks: Sequence[Check]) -> tuple[Any, list[MarkedSheet]]:
    """Return a new workbook with one sheet for each check, and where the cells stand in each.

    Parameters
    ----------
    checks : sequence of Check
        What was checked.

    Raises
    ------
    FileError
        A table is too large for a workbook, or its cells are not at hand.
    """
    book = Workbook()
    book.remove(book.active)
    sheets = []
    for check in checks:
        source = _fitting(check)
        wished = _NOT_IN_TITLES.sub("_", check.sheet or check.table).strip("'") or "table"
        page = book.create_sheet(wished[: _LONGEST_TITLE - 2])
        columns = _columns(source)
        _fill(page, check, source, columns)
        row_of = partial(record_row, check)
        sheets.append(MarkedSheet(title=page.title, columns=columns, row_of=row_of))
    return book, sheets


def _columns(source: Source) -> dict[str, int]:
    """Return the column of each: its own of the spreadsheet, else one after those."""
    columns = column_numbers(source)
    free = max(columns.values(), default=0) + 1
    for name in source.header:
        if name not in columns:
            columns[name] = free
            free += 1
    return columns


def _fitting(check: Check) -> Source:
    source = check.source
    if source is None:
        raise FileError(f"the cells of {check.table} are not at hand; check the file itself.")
    last = max([source.header_row, *source.row_numbers])
    past = max(map(len, source.overflow.values()), default=0)
    width = max(_columns(source).values(), default=0) + past
    if last > LAST_ROW or width > LAST_COLUMN:
        raise FileError(
            f"{check.table} has {last:,} rows and {width:,} columns, more than a workbook holds "
            f"({LAST_ROW:,} and {LAST_COLUMN:,}); take the page or the rejected rows instead."
        )
    return source


def _fill(page: Any, check: Check, source: Source, columns: Mapping[str, int]) -> None:
    hidden = hidden_in(check)
    for name, place in columns.items():
        cell = as_text_cell(page.cell(source.header_row, place), without_emails(name))
        cell.font = Font(bold=True)
        page.column_dimensions[column_letter(place)].width = min(max(10, len(name) + 3), 40)
    for row, cells in zip(source.row_numbers, source.rows, strict=True):
        for name, text in zip(source.header, cells, strict=True):
            if text:
                as_text_cell(page.cell(row, columns[name]), hidden.shown(row, name, text))
    for row, past in source.overflow.items():
        for place, text in enumerate(past, start=max(columns.values(), default=0) + 1):
            if text:
                shown = REMOVED if is_stopped(check) else without_emails(text)
                as_text_cell(page.cell(row, place), shown)
    page.freeze_panes = page.cell(source.header_row + 1, 1)
