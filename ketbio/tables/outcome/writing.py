"""Tables → disk: whole or not at all, nothing over an existing file unless asked."""

import re
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from ketbio.errors import FileError
from ketbio.tables.records.cells import read_number
from ketbio.whole_files import write_whole

_EXACT_BELOW = 1e15
_FORMULA_START = re.compile(r"[=+\-@\t\r]")


def write_rows(frame: pd.DataFrame, path: str | PathLike[str], *, overwrite: bool = False) -> Path:
    r"""Write a table as CSV, TSV or XLSX, by the ending of the path.

    Parameters
    ----------
    frame : DataFrame
        What to write; its index is left out. Text that a spreadsheet program would run as a
        formula (it starts with ``=``, ``+``, ``-``, ``@`` or a tab, and is no number) gets an
        apostrophe before it. Whole numbers are written whole: ``3``, not ``3.0``.
    path : path
        Ends in ``.csv``, ``.tsv`` or ``.xlsx``.
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
    writers: dict[str, Callable[[pd.DataFrame, Path], None]] = {
        ".csv": lambda table, place: _write_delimited(table, place, ","),
        ".tsv": lambda table, place: _write_delimited(table, place, "\t"),
        ".xlsx": _write_workbook,
    }
    if target.suffix.lower() not in writers:
        raise FileError(
            f"{target.name} cannot be written by its ending; allowed: {', '.join(writers)}."
        )
    safe = pd.concat([_as_shown(frame.iloc[:, i]) for i in range(frame.shape[1])], axis=1)
    safe.columns = pd.Index([_escaped(str(name)) for name in frame.columns])
    write = writers[target.suffix.lower()]
    return write_file(target, lambda place: write(safe, place), overwrite=overwrite)


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


def _as_shown(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return a column as it is written: text that is safe to open, whole numbers whole."""
    if not pd.api.types.is_float_dtype(column.dtype):
        return column.map(_escaped)
    # Numbers are floats in memory; as objects each is written by itself, 3 and not 3.0.
    return pd.Series([_whole(value) for value in column], index=column.index, dtype="object")


def _whole(value: float) -> float:
    return int(value) if value.is_integer() and abs(value) < _EXACT_BELOW else value


def _escaped(value: object) -> object:
    if not isinstance(value, str) or not _FORMULA_START.match(value):
        return value
    return value if read_number(value) is not None else f"'{value}"


def _write_delimited(frame: pd.DataFrame, place: Path, delimiter: str) -> None:
    frame.to_csv(place, sep=delimiter, index=False, lineterminator="\n", encoding="utf-8")


def _write_workbook(frame: pd.DataFrame, place: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("rows")
    page.append([_storable(name) for name in frame.columns])
    for line in frame.itertuples(index=False, name=None):
        page.append([_storable(value) for value in line])
    book.save(place)


def _storable(value: object) -> object:
    """Return a value as a workbook can hold it: missing is empty, control characters are marked."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):  # type: ignore[call-overload]
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", value) if isinstance(value, str) else value
