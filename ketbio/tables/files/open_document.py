"""What calamine does not tell of an ODS file: how large it grows, what is merged, hidden or shown.

Cells and rows of the format carry the number of times that they are repeated; a file of a few
kilobytes can ask for thousands of millions. It is gone through once before any cell is made.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import IO
from xml.parsers.expat import ParserCreate

from openpyxl.utils import get_column_letter

from ketbio.tables.files.sheets import Area
from ketbio.tables.files.size_limits import (
    MOST_COLUMNS,
    MOST_SHEET_CELLS,
    refuse_many_cells,
    refuse_many_columns,
)

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_AS_SHOWN = re.compile(r"0[0-9]+|#[A-Z/0!?]+|Err:[0-9]+")
_CHUNK = 2**18


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What is known of a sheet beside its values; rows and columns from 1.

    Attributes
    ----------
    areas : sequence of Area
        Merged cells.
    shown : mapping of (int, int) to str
        Cells whose value is not what is shown: with leading zeros, errors, truth values.
    hidden_rows : sequence of int
        Hidden rows.
    hidden_columns : sequence of str
        Letters of the hidden columns.
    """

    areas: Sequence[Area] = ()
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[str] = ()


@dataclass(slots=True, kw_only=True)
class _Page:
    """A sheet while it is gone through."""

    row: int = 1
    column: int = 1
    last_row: int = 0
    last_column: int = 0
    column_place: int = 1
    areas: list[Area] = field(default_factory=list)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)


class _Scan:
    """Where the parser is, and the sheet that it is in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pages: dict[str, _Page] = {}
        self.page = _Page()
        self.cell: dict[str, str] = {}
        self.row: dict[str, str] = {}
        self.text: list[str] = []
        self.shown_here: dict[int, str] = {}
        self.in_text = 0
        self.has_cell = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{_TABLE}table":
            self.page = self.pages.setdefault(attributes.get(f"{_TABLE}name", ""), _Page())
        elif tag == f"{_TABLE}table-column":
            self._column(attributes)
        elif tag == f"{_TABLE}table-row":
            self.row, self.has_cell, self.page.column = attributes, False, 1
            self.shown_here = {}
        elif tag in _CELLS:
            self.cell, self.text = attributes, []
        elif tag == f"{_TEXT}p":
            self.in_text += 1

    def end(self, tag: str) -> None:
        if tag == f"{_TEXT}p":
            self.in_text -= 1
        elif tag in _CELLS:
            self._cell()
        elif tag == f"{_TABLE}table-row":
            self._row()

    def characters(self, text: str) -> None:
        if self.in_text:
            self.text.append(text)

    def _column(self, attributes: dict[str, str]) -> None:
        n = _count(attributes, "number-columns-repeated")
        first = self.page.column_place
        if _is_hidden(attributes) and n < 1_000 and first + n <= MOST_COLUMNS:
            self.page.hidden_columns += [get_column_letter(i) for i in range(first, first + n)]
        self.page.column_place += n

    def _cell(self) -> None:
        page, n = self.page, _count(self.cell, "number-columns-repeated")
        kind = self.cell.get(f"{_OFFICE}value-type", "")
        if kind or self.text:
            self.has_cell = True
            page.last_column = max(page.last_column, page.column + n - 1)
            refuse_many_columns(self.name, page.last_column, row=page.row)
            self._shown(kind, n)
        rows = _count(self.cell, "number-rows-spanned")
        columns = _count(self.cell, "number-columns-spanned")
        if rows * columns > 1:
            last = (page.row + rows - 1, page.column + columns - 1)
            page.areas.append((page.row, page.column, *last))
        page.column += n

    def _shown(self, kind: str, n: int) -> None:
        text = "".join(self.text)
        is_error = self.cell.get(f"{_CALC}value-type") == "error"
        if kind == "boolean":
            text = self.cell.get(f"{_OFFICE}boolean-value", text)
        elif not (is_error or (kind == "float" and _AS_SHOWN.fullmatch(text))):
            return
        for column in range(self.page.column, self.page.column + n):
            self.shown_here[column] = text

    def _row(self) -> None:
        page, n = self.page, _count(self.row, "number-rows-repeated")
        if self.has_cell:
            page.last_row = page.row + n - 1
            # Calamine makes the whole rectangle of it.
            n_cells = page.last_row * page.last_column
            refuse_many_cells(self.name, n_cells, most=MOST_SHEET_CELLS)
            for column, text in self.shown_here.items():
                page.shown.update({(row, column): text for row in range(page.row, page.row + n)})
            if _is_hidden(self.row):
                page.hidden_rows += range(page.row, page.row + n)
        page.row += n


def scan_open_document(stream: IO[bytes], name: str) -> dict[str, PageFacts]:
    """Return what is known of each sheet of an ODS file beside its values.

    Parameters
    ----------
    stream : file
        The part ``content.xml``.
    name : str
        Base name of the file, for messages.

    Raises
    ------
    FileError
        It has too many cells.
    xml.parsers.expat.ExpatError, ValueError
        It is damaged.
    """
    scan = _Scan(name)
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.characters
    while piece := stream.read(_CHUNK):
        parser.Parse(piece, False)
    parser.Parse(b"", True)
    return {
        title: PageFacts(
            areas=page.areas,
            shown=page.shown,
            hidden_rows=page.hidden_rows,
            hidden_columns=page.hidden_columns,
        )
        for title, page in scan.pages.items()
    }


def _count(attributes: dict[str, str], what: str) -> int:
    n = int(attributes.get(f"{_TABLE}{what}", "1"))
    if n < 1:
        raise ValueError(what)
    return n


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get(f"{_TABLE}visibility") in ("collapse", "filter")
