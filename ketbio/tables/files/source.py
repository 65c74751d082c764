"""An incoming file or DataFrame → its cells as text, each with its place in the spreadsheet."""

import hashlib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path

import pandas as pd

from ketbio.errors import FileError
from ketbio.tables.files.delimited import parse_delimited
from ketbio.tables.files.grid import Fault, Grid
from ketbio.tables.files.native import is_fraction, native_text
from ketbio.tables.files.workbook import parse_workbook
from ketbio.wording import count_of, join_words

DELIMITED = (".csv", ".tsv", ".txt", ".tab")
WORKBOOKS = (".xlsx", ".xlsm")
_ZIP, _OLE2 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


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
    cell_rows : mapping of (int, str) to int
        For records gathered from several rows: (row of the record, column) → row of the cell.
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
    cell_rows: Mapping[tuple[int, str], int] = field(default_factory=dict)


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
        A CSV, TSV or XLSX file, or a DataFrame (never modified; its header counts as row 1).
    sheet : str, optional
        Sheet of an XLSX file; the first by default.
    header_row : int, optional
        Spreadsheet row of the header; found by default.
    decimal : str, optional
        Decimal mark of numbers written as text; found by default.
    delimiter : str, optional
        Found from the header line by default.
    encoding : str, optional
        Encoding of a CSV or TSV file; found by default.

    Raises
    ------
    FileError
        The file cannot be used; one sentence says why and what to do.

    Examples
    --------
    >>> read_source(pd.DataFrame({"participant_id": ["007"], "age": [15.0]})).rows
    (('007', '15'),)
    """
    del header_row
    decimal, encoding = decimal or ".", encoding or "utf-8"
    if isinstance(source, pd.DataFrame):
        return _settled(_frame_grid(source, decimal), file="", sha256="", decimal=decimal)
    path = Path(source)
    content = _content(path)
    if path.suffix.lower() in WORKBOOKS:
        grid = parse_workbook(content, path.name, sheet=sheet, decimal=decimal)
    else:
        if sheet is not None:
            raise FileError(f"{path.name} has no sheets, but sheet is {sheet!r}; leave sheet out.")
        grid = parse_delimited(content, path.name, delimiter=delimiter, encoding=encoding)
    sha256 = hashlib.sha256(content).hexdigest()
    return _settled(grid, file=path.name, sha256=sha256, decimal=decimal)


def _content(path: Path) -> bytes:
    suffix = path.suffix.lower()
    if path.is_dir():
        raise FileError(f"{str(path)!r} is a folder; give a CSV, TSV or XLSX file.")
    if not path.exists():
        raise FileError(f"There is no file {str(path)!r}.")
    if suffix not in (*DELIMITED, *WORKBOOKS):
        raise FileError(
            f"{path.name} is not of a kind that can be read; allowed: .csv, .tsv, .txt, .xlsx. "
            "Save it as 'CSV UTF-8' or as XLSX."
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path.name} cannot be read: {error.strerror}.") from None
    if not content.strip():
        raise FileError(f"{path.name} is empty; a header line and at least one row are wanted.")
    _refuse_wrong_kind(content, path.name, suffix)
    return content


def _refuse_wrong_kind(content: bytes, name: str, suffix: str) -> None:
    if content.startswith(_OLE2):
        raise FileError(
            f"{name} is password-protected or an old .xls file; "
            "save it as XLSX without a password and try again."
        )
    if suffix in DELIMITED and content.startswith(_ZIP):
        raise FileError(f"{name} is a spreadsheet file with the wrong ending; rename it to .xlsx.")
    if suffix in WORKBOOKS and not content.startswith(_ZIP):
        raise FileError(
            f"{name} is not an XLSX file; rename it to .csv if it is text, else save it again."
        )


def _frame_grid(frame: pd.DataFrame, decimal: str) -> Grid:
    columns = [
        [native_text(value, decimal=decimal) for value in frame.iloc[:, place].tolist()]
        for place in range(frame.shape[1])
    ]
    rows = [list(cells) for cells in zip(*columns, strict=True)]
    header = [str(name) for name in frame.columns]
    fractions = {
        (row, place)
        for place in range(frame.shape[1])
        for row, value in enumerate(frame.iloc[:, place].tolist(), start=2)
        if is_fraction(value)
    }
    return Grid(lines=[(1, header), *enumerate(rows, start=2)], fractions=fractions)


def _settled(grid: Grid, *, file: str, sha256: str, decimal: str) -> Source:
    """Take the first line that is not blank as the header; skip blank lines, keep their count."""
    what = file or "the DataFrame"
    filled = [(number, cells) for number, cells in grid.lines if any(map(str.strip, cells))]
    if not filled:
        raise FileError(f"{what} is empty; a header line and at least one row are wanted.")
    header_row, first = filled[0]
    header, body = _trimmed_header(first), filled[1:]
    width = len(header)
    _refuse_duplicates(header, what)
    blank = sum(1 for number, _ in grid.lines if header_row < number < filled[-1][0])
    blank -= sum(1 for number, _ in body if number < filled[-1][0])
    notes = list(grid.notes)
    if blank:
        notes.append(f"{count_of(blank, 'blank row')} skipped; row numbers count them.")
    rows = tuple(tuple((*cells, *[""] * width)[:width]) for _, cells in body)
    past = {
        number: tuple(cells[width:]) for number, cells in body if any(map(str.strip, cells[width:]))
    }
    faults = [*grid.faults, *_ragged(body, width, grid.is_delimited)]
    empty = [i for i in range(width) if not header[i] and not any(row[i].strip() for row in rows)]
    if empty:
        notes.append(f"{count_of(len(empty), 'empty column')} without a name left out.")
    kept = [i for i in range(width) if i not in empty]
    return Source(
        file=file,
        sheet=grid.sheet,
        sha256=sha256,
        header=tuple(header[i] for i in kept),
        header_row=header_row,
        rows=tuple(tuple(row[i] for i in kept) for row in rows),
        row_numbers=tuple(number for number, _ in body),
        faults=tuple(faults),
        notes=tuple(notes),
        overflow=past,
        decimal=decimal,
        fractions={(row, header[i]) for row, i in grid.fractions if i < width},
    )


def _trimmed_header(cells: Sequence[str]) -> list[str]:
    # NFC: the same accented letter can be written in two ways that look alike.
    names = [unicodedata.normalize("NFC", name).strip().strip("\ufeff") for name in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _refuse_duplicates(header: Sequence[str], what: str) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise FileError(
            f"{what} has two columns of the same name: {join_words(map(repr, twice))}; "
            "rename one of each."
        )


def _ragged(body: list[tuple[int, list[str]]], width: int, is_delimited: bool) -> list[Fault]:
    """Complain of rows with filled cells past the header, and of delimited rows cut short."""
    faults = []
    for number, cells in body:
        used = len(cells)
        while used > width and not cells[used - 1].strip():
            used -= 1
        if used > width or (is_delimited and used < width):
            hint = "a delimiter or a decimal comma inside a cell?" if used > width else "cut short?"
            message = (
                f"The row has {count_of(used, 'cell')}, the header {width} ({hint}); "
                "write one cell per column, with quotes around a cell that holds the delimiter."
            )
            faults.append(Fault(row=number, rule="cell_count", message=message))
    return faults
