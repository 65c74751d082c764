"""An incoming file or DataFrame → its cells as text, each with its place in the spreadsheet."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from os import PathLike
from pathlib import Path

import pandas as pd

from ketbio.errors import FileError
from ketbio.tables.files.decimals import found_decimal, text_cells, with_decimal
from ketbio.tables.files.delimited import parse_delimited
from ketbio.tables.files.frames import parse_frame
from ketbio.tables.files.grid import Fault, Grid
from ketbio.tables.files.headers import (
    above_note,
    cleaned_note,
    header_names,
    header_place,
    refuse_same_names,
    require_row,
)
from ketbio.tables.files.opening import KINDS, read_content
from ketbio.tables.files.parquet import parse_parquet
from ketbio.tables.files.sheet_kinds import SHEETS
from ketbio.tables.files.size_limits import refuse_many_columns
from ketbio.tables.files.statistical import parse_statistical
from ketbio.tables.privacy.titles import errors_masked
from ketbio.wording import count_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What came in, as written.

    Attributes
    ----------
    file, sheet, sha256 : str
        Base name, sheet and hash of the file; empty for a DataFrame.
    header : tuple of str
        Column names as written (blanks around them trimmed).
    header_row : int
        The spreadsheet row of the header.
    rows : tuple of tuple of str
        Cells as text, one tuple per row, each as long as the header.
    row_numbers : tuple of int
        The spreadsheet row of each.
    faults : tuple of Fault
        What was wrong with single rows or cells.
    notes : tuple of str
        What was decided while reading.
    overflow : mapping of int to tuple of str
        For each row with filled cells past the header: those cells.
    fractions : collection of (int, str)
        Row and column of the cells that held a number with decimals, and no text.
    decimal : str
        The decimal mark of numbers written as text.
    is_decimal_sure : bool
        Whether it holds for numbers such as 1.234 too, whose mark may stand for thousands. Where
        it was only found, in whatever column, it does not.
    cell_rows : mapping of (int, str) to int
        For records gathered from several rows: (row of the record, column) → row of the cell;
        under ``""`` the row of the record as a whole.
    record_names, record_columns : mapping of int to str, to int
        For records that are cells: row of the record → what it is ("well A1"), and its column.
    cell_names : mapping of (int, str) to str
        (row of the record, column) → the cell, where its row alone does not find it.
    column_numbers : tuple of int
        The spreadsheet column of each (1 is A); empty where the columns stand in no spreadsheet.
    above : tuple of (int, tuple of str)
        The filled rows above the header: their numbers and cells.
    identifier_columns : frozenset of str
        Columns that the file itself says hold direct identifiers (a REDCap dictionary does).
    other_sheets : tuple of str
        Sheets of the workbook that were not read, where none was asked for.
    after_blank : frozenset of int
        The rows below a blank row.
    """

    file: str
    sheet: str
    sha256: str
    header: tuple[str, ...]
    header_row: int
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    overflow: Mapping[int, tuple[str, ...]]
    fractions: Collection[tuple[int, str]]
    decimal: str = "."
    is_decimal_sure: bool = True
    cell_rows: Mapping[tuple[int, str], int] = field(default_factory=dict)
    record_names: Mapping[int, str] = field(default_factory=dict)
    record_columns: Mapping[int, int] = field(default_factory=dict)
    cell_names: Mapping[tuple[int, str], str] = field(default_factory=dict)
    column_numbers: tuple[int, ...] = ()
    identifier_columns: frozenset[str] = frozenset()
    above: tuple[tuple[int, tuple[str, ...]], ...] = ()
    other_sheets: tuple[str, ...] = ()
    after_blank: frozenset[int] = frozenset()


def read_source(
    source: str | PathLike[str] | pd.DataFrame,
    *,
    sheet: str | None = None,
    header_row: int | None = None,
    decimal: str | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
) -> Source:
    """Return the cells of a file or a DataFrame as text.

    Parameters
    ----------
    source : path or DataFrame
        A file of a kind in `ketbio.tables.files.opening.KINDS`: delimited text, XLSX, XLS, ODS,
        Parquet, SPSS, Stata, SAS. Or a DataFrame (never modified). Where column names stand in no
        row of a sheet they count as row 1.
    sheet : str, optional
        Sheet of a workbook; the first that is not hidden by default.
    header_row : int, optional
        Spreadsheet row of the header; the first filled row by default.
    decimal : str, optional
        Decimal mark of numbers written as text; found, and said, by default (in a DataFrame the
        point).
    delimiter : str, optional
        Of a text file; found, and said, by default.
    encoding : str, optional
        Of a text file, or of the texts in a file of a statistics program; found, and said, by
        default.

    Raises
    ------
    FileError
        The file cannot be used; one sentence says why and what to do.
    SchemaError
        ``header_row`` is no row number.

    Examples
    --------
    >>> read_source(pd.DataFrame({"participant_id": ["007"], "age": [15.0]})).rows
    (('007', '15'),)
    """
    require_row(header_row)
    if isinstance(source, pd.DataFrame):
        with errors_masked(""):
            return settled(
                parse_frame(source),
                file="",
                sha256="",
                decimal=decimal or ".",
                header_row=header_row,
            )
    path = Path(source)
    # Nothing has been screened yet: what cannot be read must not be repeated.
    with errors_masked(path.name):
        return _read_file(
            path,
            sheet=sheet,
            header_row=header_row,
            decimal=decimal,
            delimiter=delimiter,
            encoding=encoding,
        )


def _read_file(
    path: Path,
    *,
    sheet: str | None,
    header_row: int | None,
    decimal: str | None,
    delimiter: str | None,
    encoding: str | None,
) -> Source:
    content = read_content(path)
    kind = KINDS[path.suffix.lower()]
    if sheet is not None and kind not in SHEETS:
        raise FileError(f"{path.name} has no sheets, but sheet is {sheet!r}; leave sheet out.")
    if kind in SHEETS:
        grid = SHEETS[kind](content, path.name, sheet=sheet, header_row=header_row)
    elif kind == "text":
        grid = parse_delimited(content, path.name, delimiter=delimiter, encoding=encoding)
    elif kind == "Parquet":
        grid = parse_parquet(content, path.name)
    else:
        grid = parse_statistical(content, path.name, kind=kind, encoding=encoding)
    sha256 = hashlib.sha256(content).hexdigest()
    return settled(grid, file=path.name, sha256=sha256, decimal=decimal, header_row=header_row)


BESIDE_COMMAS = frozenset(";\t|")
"""Delimiters of files whose numbers may have a comma: between cells it is hardly one inside."""


def settled(
    grid: Grid, *, file: str, sha256: str, decimal: str | None, header_row: int | None = None
) -> Source:
    """Take the first line that is not blank as the header; skip blank lines, keep their count."""
    what = file or "the DataFrame"
    notes, is_sure = list(grid.notes), True
    if decimal is None:
        below = header_row or next((row for row, line in grid.lines if _is_filled(line)), 0)
        cells = text_cells(grid, below=below)
        found = found_decimal(cells)
        decimal, notes = found.mark, [*notes, *found.notes]
        is_sure = found.is_sure and grid.delimiter not in BESIDE_COMMAS
    filled = [line for line in with_decimal(grid, decimal) if _is_filled(line[1])]
    if not filled:
        raise FileError(f"{what} is empty; a header line and at least one row are wanted.")
    place = header_place(filled, what, header_row=header_row)
    above, (number, first), body = filled[:place], filled[place], filled[place + 1 :]
    header = header_names(first)
    width = len(header)
    refuse_many_columns(what, width, row=number)
    refuse_same_names(header, what)
    notes += filter(None, [above_note(above, number), cleaned_note(first, header)])
    if blank := _n_blank(grid, number, body):
        notes.append(f"{count_of(blank, 'blank row')} skipped; row numbers count them.")
    rows = tuple(tuple((*cells, *[""] * width)[:width]) for _, cells in body)
    past = {row: tuple(cells[width:]) for row, cells in body if _is_filled(cells[width:])}
    faults = [fault for fault in grid.faults if fault.row >= number]
    faults += _ragged(body, width, grid.is_delimited)
    empty = {i for i in range(width) if not header[i] and not any(row[i].strip() for row in rows)}
    if empty:
        notes.append(f"{count_of(len(empty), 'empty column')} without a name left out.")
    kept = [i for i in range(width) if i not in empty]
    return Source(
        file=file,
        sheet=grid.sheet,
        sha256=sha256,
        header=tuple(header[i] for i in kept),
        column_numbers=tuple(i + 1 for i in kept),
        header_row=number,
        above=tuple((row, tuple(cells)) for row, cells in above),
        rows=tuple(tuple(row[i] for i in kept) for row in rows),
        row_numbers=tuple(row for row, _ in body),
        faults=tuple(faults),
        notes=tuple(notes),
        overflow=past,
        other_sheets=tuple(grid.other_sheets),
        after_blank=frozenset(row for (last, _), (row, _) in pairwise(body) if row > last + 1),
        decimal=decimal,
        is_decimal_sure=is_sure,
        fractions={(row, header[i]) for row, i in grid.fractions if row > number and i < width},
    )


def _is_filled(cells: Sequence[str]) -> bool:
    return any(map(str.strip, cells))


def _n_blank(grid: Grid, header_row: int, body: Sequence[tuple[int, Sequence[str]]]) -> int:
    """Count the blank rows between the header and the last row."""
    if not body:
        return 0
    last = body[-1][0]
    if grid.is_sparse:
        return last - header_row - len(body)
    return sum(header_row < row < last for row, _ in grid.lines) - len(body) + 1


def _ragged(
    body: Sequence[tuple[int, Sequence[str]]], width: int, is_delimited: bool
) -> list[Fault]:
    """Complain of rows with filled cells past the header, and of delimited rows cut short."""
    faults = []
    for number, cells in body:
        used = len(cells)
        while used > width and not cells[used - 1].strip():
            used -= 1
        if used > width or (is_delimited and used < width):
            found = f"has {count_of(used, 'cell')}, the header {width}"
            shared = f"has {'more' if used > width else 'fewer'} cells than the header"
            cause = _ragged_words(is_long=used > width, is_delimited=is_delimited)
            faults.append(
                Fault(
                    row=number,
                    rule="cell_count",
                    message=f"The row {found}{cause}",
                    together=f"The row {shared}{cause}",
                )
            )
    return faults


def _ragged_words(*, is_long: bool, is_delimited: bool) -> str:
    if not is_delimited:
        return "; give the column a name in the header, or clear the cells beyond it."
    hint = "a delimiter or a decimal comma inside a cell?" if is_long else "cut short?"
    return (
        f" ({hint}); write one cell per column, with quotes around a cell that holds the delimiter."
    )
