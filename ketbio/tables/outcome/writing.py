"""Tables → disk: whole or not at all, nothing over an existing file unless asked."""

from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ketbio.errors import FileError
from ketbio.safe_cells import safe_frame
from ketbio.tables.phrases import cut
from ketbio.tables.records.amounts import read_number
from ketbio.whole_files import write_whole
from ketbio.wording import join_words

_LONGEST_CELL = 32_767


def write_rows(frame: pd.DataFrame, path: str | PathLike[str], *, overwrite: bool = False) -> Path:
    r"""Write a table as CSV, TSV, XLSX or Parquet, by the ending of the path.

    Parameters
    ----------
    frame : DataFrame
        What to write; its index is left out. Text that a spreadsheet program would run as a
        formula (it starts with ``=``, ``+``, ``-``, ``@`` or a tab, and is no number) gets an
        apostrophe before it, in the names of columns too; in XLSX text is typed as text besides.
        Whole numbers are written whole: ``3``, not ``3.0``. Parquet, which no spreadsheet program
        runs, holds the values as they are, with their types.
    path : path
        Ends in ``.csv``, ``.tsv``, ``.xlsx`` or ``.parquet``.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    FileError
        The ending is not known, the file exists, or it cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     written = write_rows(pd.DataFrame({"id": ["=1+1", "-5"]}), Path(folder) / "a.csv")
    ...     written.read_text(encoding="utf-8")
    "id\n'=1+1\n-5\n"
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in _WRITERS:
        raise FileError(
            f"{target.name} cannot be written by its ending; allowed: {', '.join(_WRITERS)}."
        )
    return write_file(target, lambda place: _WRITERS[ending](frame, place), overwrite=overwrite)


def write_file(path: Path, write: Callable[[Path], None], *, overwrite: bool) -> Path:
    """Write a file beside its place and move it there when it is whole.

    Parameters
    ----------
    path : Path
        Where the file shall be.
    write : callable
        Writes the file at the path that it is given.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    FileError
        The file exists, or it cannot be written; nothing is left behind.
    """
    if path.exists() and not overwrite:
        raise FileError(f"{path.name} exists already; give another name, or ask to overwrite it.")
    if not path.parent.is_dir():
        raise FileError(f"There is no folder {str(path.parent)!r} to write {path.name} to.")
    try:
        write_whole({path: write})
    except OSError as error:
        raise FileError(f"{path.name} cannot be written: {error.strerror}.") from None
    return path


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table that a spreadsheet program can open and will not run."""
    return safe_frame(frame, is_number=lambda text: read_number(text) is not None)


def _write_delimited(frame: pd.DataFrame, place: Path, delimiter: str) -> None:
    safe = _safe(frame)
    safe.to_csv(place, sep=delimiter, index=False, lineterminator="\n", encoding="utf-8")


def _write_parquet(frame: pd.DataFrame, place: Path) -> None:
    names = frame.columns.astype("str")
    twice = sorted(set(names[names.duplicated()]))
    if twice:
        raise FileError(
            f"there are two columns named {join_words(map(repr, twice))}, which Parquet cannot "
            "hold; write CSV or XLSX, or rename one."
        )
    frame.set_axis(names, axis=1).to_parquet(place, index=False)


def _write_workbook(frame: pd.DataFrame, place: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("rows")
    safe = _safe(frame)
    page.append([_stored(page, name) for name in safe.columns])
    for line in safe.itertuples(index=False, name=None):
        page.append([_stored(page, value) for value in line])
    book.save(place)


def _stored(page: Any, value: object) -> object:
    """Return a value as a workbook can hold it: missing is empty, text is typed as text."""
    if isinstance(value, str):
        return as_text_cell(WriteOnlyCell(page), value)
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def as_text_cell(cell: Any, text: str) -> Any:
    """Put text into a cell of a workbook so that it stays text, whatever it looks like.

    Parameters
    ----------
    cell : openpyxl cell
        Where to put it.
    text : str
        What to put; control characters are marked, and what a cell cannot hold is cut off.
    """
    cell.value = cut(ILLEGAL_CHARACTERS_RE.sub("\ufffd", text), _LONGEST_CELL)
    # openpyxl takes "=1+1" for a formula and "#N/A" for an error.
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


_WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    ".csv": lambda frame, place: _write_delimited(frame, place, ","),
    ".tsv": lambda frame, place: _write_delimited(frame, place, "\t"),
    ".xlsx": _write_workbook,
    ".parquet": _write_parquet,
}
ROW_ENDINGS = tuple(_WRITERS)
"""How rows can be written."""
