"""How large a file may be to be read whole; what is larger is refused before memory is spent."""

from pathlib import Path

from ketbio.errors import FileError

MIB = 2**20
MOST_BYTES = 128 * MIB
"""The largest file that is read whole."""
MOST_CELLS = 5_000_000
"""The most cells of a table that is read whole."""
MOST_SHEET_CELLS = 1_000_000
"""The most cells of a workbook, whose programs take far more memory for each."""
MOST_COLUMNS = 16_384
"""The most columns: as many as a spreadsheet has."""
LONGEST_CELL = 131_072
"""The most characters of a cell: four times what a spreadsheet takes."""
MOST_UNPACKED = 256 * MIB
"""The most that a file may unpack to."""

BY_BATCH = (".csv", ".tsv", ".txt", ".tab", ".parquet", ".pq")
"""Endings of the files that are read in batches too."""
_BY_BATCH = "a table of that size is checked in batches, from CSV or Parquet (check_large_table)"


def is_large(path: Path) -> bool:
    """Return whether a file is one that only `check_large_table` reads."""
    return path.suffix.lower() in BY_BATCH and path.is_file() and path.stat().st_size > MOST_BYTES


def refuse_large_file(name: str, size: int) -> None:
    """Refuse a file that is too large to be read whole.

    Examples
    --------
    >>> refuse_large_file("a.csv", 500 * MIB)
    Traceback (most recent call last):
    ketbio.errors.FileError: a.csv has 500 MiB; at most 128 MiB are read at once, and a table of
    that size is checked in batches, from CSV or Parquet (check_large_table).
    """
    if size > MOST_BYTES:
        raise FileError(
            f"{name} has {size // MIB:,} MiB; at most {MOST_BYTES // MIB} MiB are read at once, "
            f"and {_BY_BATCH}."
        )


def refuse_many_cells(name: str, n: int, *, most: int = MOST_CELLS) -> None:
    """Refuse a table with too many cells to be read whole.

    Examples
    --------
    >>> refuse_many_cells("a.csv", 5_000_001)
    Traceback (most recent call last):
    ketbio.errors.FileError: a.csv has more than 5,000,000 cells, the most that are read at once;
    a table of that size is checked in batches, from CSV or Parquet (check_large_table).
    """
    if n > most:
        raise FileError(
            f"{name} has more than {most:,} cells, the most that are read at once; {_BY_BATCH}."
        )


def refuse_many_columns(name: str, n: int, *, row: int = 1) -> None:
    """Refuse a table with more columns than a spreadsheet has.

    Examples
    --------
    >>> refuse_many_columns("a.csv", 20_000)
    Traceback (most recent call last):
    ketbio.errors.FileError: a.csv has 20,000 columns in row 1, more than the 16,384 that a
    spreadsheet can have; is the delimiter right, or the table on its side?
    """
    if n > MOST_COLUMNS:
        raise FileError(
            f"{name} has {n:,} columns in row {row}, more than the {MOST_COLUMNS:,} that a "
            "spreadsheet can have; is the delimiter right, or the table on its side?"
        )
