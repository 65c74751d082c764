"""A file of plates → its pages: every sheet, or the text, as lines of cells with their places."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import pandas as pd
from openpyxl.utils import get_column_letter

from ketbio.errors import FileError, unknown_word
from ketbio.tables.files.delimited import parse_delimited
from ketbio.tables.files.encodings import decode_text
from ketbio.tables.files.frames import parse_frame
from ketbio.tables.files.grid import Grid
from ketbio.tables.files.opening import KINDS, read_content
from ketbio.tables.files.sheet_kinds import SHEETS
from ketbio.tables.privacy.titles import errors_masked

PLATE_ENDINGS = tuple(ending for ending, kind in KINDS.items() if kind in ("text", *SHEETS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell: its text, trimmed, and where it stands."""

    text: str
    row: int
    column: int
    page: "Page"

    @property
    def name(self) -> str:
        """How a message finds it in its file: ``cell C5 of sheet 'layout'``."""
        cell = f"cell {get_column_letter(self.column)}{self.row}"
        return f"{cell} of sheet {self.page.sheet!r}" if self.page.sheet else cell


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """A sheet, or a text file.

    Attributes
    ----------
    file, sheet, sha256 : str
        The file's base name and hash, the sheet's name (empty for text).
    lines : mapping of int to tuple of str
        Spreadsheet row → its cells, trimmed; filled rows only, in order.
    grid : Grid
        As the reader of the file's kind gave it.
    """

    file: str
    sheet: str
    sha256: str
    lines: Mapping[int, tuple[str, ...]]
    grid: Grid = field(repr=False)

    def cell(self, row: int, place: int) -> Cell:
        """Return a cell by its row and its place in the line (from 0)."""
        cells = self.lines.get(row, ())
        text = cells[place] if place < len(cells) else ""
        return Cell(text=text, row=row, column=place + 1, page=self)

    @property
    def title(self) -> str:
        """How a message names the page."""
        named = self.file or "the DataFrame"
        return f"{named}, sheet {self.sheet!r}" if self.sheet else named


def pages_of(
    source: str | PathLike[str] | pd.DataFrame,
    *,
    sheet: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> list[Page]:
    """Return the pages of a file, or of a DataFrame (its column names are the first line).

    Parameters
    ----------
    source : path or DataFrame
        Text, XLSX, XLS or ODS.
    sheet : str, optional
        The only sheet to read.
    delimiter, encoding : str, optional
        Of a text file; found by default.

    Raises
    ------
    FileError
        The file cannot be used, or has no such sheet.
    """
    if isinstance(source, pd.DataFrame):
        return [_page(parse_frame(source), "", "")]
    path = Path(source)
    with errors_masked(path.name):
        content = read_content(path)
        kind = KINDS[path.suffix.lower()]
        if kind not in ("text", *SHEETS):
            listed = ", ".join(PLATE_ENDINGS)
            raise FileError(f"{path.name} is no file of a plate reader; allowed endings: {listed}.")
        sha256 = hashlib.sha256(content).hexdigest()
        if kind == "text":
            grid = parse_delimited(
                content,
                path.name,
                delimiter=delimiter or _reader_delimiter(content, path.name, encoding),
                encoding=encoding,
            )
            return [_page(grid, path.name, sha256)]
        grids = _sheets(content, path.name, kind, sheet)
        return [_page(grid, path.name, sha256) for grid in grids]


def _reader_delimiter(content: bytes, name: str, encoding: str | None) -> str | None:
    """Return the tab where a reader's text has one: most of its lines hold other things."""
    text = decode_text(content, name, encoding=encoding).text
    return "\t" if "\t" in text else None


def _sheets(content: bytes, name: str, kind: str, sheet: str | None) -> Iterator[Grid]:
    first = SHEETS[kind](content, name, sheet=sheet)
    yield first
    for other in first.other_sheets:
        yield SHEETS[kind](content, name, sheet=other)


def _page(grid: Grid, file: str, sha256: str) -> Page:
    lines = {row: tuple(map(_trimmed, cells)) for row, cells in grid.lines}
    filled = {row: cells for row, cells in lines.items() if any(cells)}
    return Page(file=file, sheet=grid.sheet, sha256=sha256, lines=filled, grid=grid)


def _trimmed(cell: str) -> str:
    return cell.strip().strip("\u200b\ufeff").strip()


def page_named(pages: list[Page], sheet: str) -> Page:
    """Return the page of a sheet.

    Raises
    ------
    FileError
        There is none of that name.
    """
    for page in pages:
        if page.sheet == sheet:
            return page
    names = [page.sheet for page in pages]
    raise FileError(f"{pages[0].file}: {unknown_word('sheet', sheet, names)}")
