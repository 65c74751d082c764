"""XLS and ODS files → lines of cells, by calamine; what it cannot see is said."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ketbio.errors import FileError
from ketbio.tables.files.apart import read_apart
from ketbio.tables.files.grid import Grid
from ketbio.tables.files.native import is_fraction, native_text
from ketbio.tables.files.open_document import PageFacts, scan_open_document
from ketbio.tables.files.sheets import (
    Area,
    chosen_sheet,
    header_cells,
    hidden_note,
    inside_sheet,
    merged_faults,
    other_sheets,
    sheet_note,
    with_merged_names,
)
from ketbio.tables.files.size_limits import MOST_CELLS, refuse_many_cells
from ketbio.tables.files.zip_limits import refuse_zip_bomb
from ketbio.tables.list_sheet import LIST_SHEET

MOST_SECONDS = 120
MOST_MEMORY = 2**31
"""What a file may take to be read; a damaged one asks for anything."""

_PROCESS = "calamine_process.py"
_UNSEEN = (
    "An .xls file does not tell formats (such as leading zeros), errors of formulas and "
    "what is hidden: save it as XLSX to have them checked."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A sheet as calamine gives it.

    Attributes
    ----------
    rows : sequence of sequence
        Cells from the first row and column on.
    names, hidden : sequence of str
        All sheets of the workbook, and those that are hidden.
    title : str
        The sheet's name.
    areas : sequence of Area
        Merged cells.
    """

    rows: Sequence[Sequence[Any]]
    names: Sequence[str]
    hidden: Sequence[str]
    title: str
    areas: Sequence[Area] = field(default_factory=tuple)


def parse_xls(
    content: bytes, name: str, *, sheet: str | None = None, header_row: int | None = None
) -> Grid:
    """Return the lines of one sheet of an XLS file; see `parse_workbook` for the arguments.

    Raises
    ------
    FileError
        The file is damaged, protected or too large, or has no such sheet.
    """
    page = _page(content, name, sheet, "XLS")
    return _grid(page, PageFacts(areas=page.areas), sheet, header_row, _UNSEEN)


def parse_ods(
    content: bytes, name: str, *, sheet: str | None = None, header_row: int | None = None
) -> Grid:
    """Return the lines of one sheet of an ODS file; see `parse_workbook` for the arguments.

    Raises
    ------
    FileError
        The file is damaged, protected or too large, or has no such sheet.
    """
    facts = _scanned(content, name)
    page = _page(content, name, sheet, "ODS")
    return _grid(page, facts.get(page.title, PageFacts()), sheet, header_row, "")


def _scanned(content: bytes, name: str) -> dict[str, PageFacts]:
    try:
        refuse_zip_bomb(content, name)
        with zipfile.ZipFile(io.BytesIO(content)) as parts, parts.open("content.xml") as stream:
            return scan_open_document(stream, name)
    except FileError:
        raise
    except Exception:  # a damaged file makes the libraries raise nearly anything
        raise FileError(_damaged(name, "ODS")) from None


def _page(content: bytes, name: str, wanted: str | None, kind: str) -> Page:
    found = read_apart(
        _PROCESS,
        content,
        wanted or "",
        str(MOST_CELLS),
        LIST_SHEET,
        most_seconds=MOST_SECONDS,
        most_memory=MOST_MEMORY,
    )
    if found is None:
        raise FileError(_damaged(name, kind))
    if found.get("refused") == "password":
        raise FileError(
            f"{name} is protected by a password; save it without the password and try again."
        )
    if found.get("refused") == "cells":
        refuse_many_cells(name, MOST_CELLS + 1)
    title = chosen_sheet(found["names"], found["hidden"], wanted, name)
    return Page(title=title, **found)


def _damaged(name: str, kind: str) -> str:
    return (
        f"{name} is truncated or damaged and cannot be opened as {kind}; "
        "open it in a spreadsheet program and save it again."
    )


def _grid(
    page: Page, facts: PageFacts, sheet: str | None, header_row: int | None, unseen: str
) -> Grid:
    shown = facts.shown
    lines: Sequence[tuple[int, list[str]]] = [
        (row, [shown.get((row, i)) or native_text(cell) for i, cell in enumerate(cells, start=1)])
        for row, cells in enumerate(page.rows, start=1)
    ]
    fractions = {
        (row, place)
        for row, cells in enumerate(page.rows, start=1)
        for place, cell in enumerate(cells)
        if is_fraction(cell)
    }
    areas = inside_sheet(facts.areas)
    lines = with_merged_names(lines, areas, header_row)
    head = header_cells(lines, header_row)
    faults = list(merged_faults(areas, head, lines))
    notes = [sheet_note(page.title, page.names, page.hidden, sheet)]
    if facts.hidden_rows or facts.hidden_columns:
        notes.append(hidden_note(facts.hidden_rows, facts.hidden_columns))
    notes += [unseen] if unseen else []
    return Grid(
        lines=lines,
        sheet=page.title,
        faults=faults,
        notes=notes,
        fractions=fractions,
        other_sheets=other_sheets(page.title, page.names, sheet),
    )
