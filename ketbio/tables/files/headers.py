"""The lines of a file → its header: which row it is, and the names in it."""

import re
import unicodedata
from collections.abc import Sequence

from ketbio.errors import FileError, SchemaError
from ketbio.tables.phrases import listed_words
from ketbio.wording import count_of

# Zero-width blanks and joiners, the byte-order mark and the soft hyphen: nobody sees them.
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_BLANKS = re.compile(r"\r\n|\s")


def header_place(
    lines: Sequence[tuple[int, Sequence[str]]], what: str, *, header_row: int | None = None
) -> int:
    """Return the place of the header among the filled lines: the first, unless told otherwise.

    Parameters
    ----------
    lines : sequence of (int, sequence of str)
        Row and cells of the lines with any filled cell.
    what : str
        The file, for messages.
    header_row : int, optional
        The spreadsheet row wanted.

    Raises
    ------
    FileError
        There is nothing in that row.

    Examples
    --------
    >>> header_place([(1, ["Levels"]), (3, ["id", "level"])], "a.csv", header_row=3)
    1
    """
    if header_row is None:
        return 0
    for place, (number, _) in enumerate(lines):
        if number == header_row:
            return place
    last = lines[-1][0]
    found = "is blank" if header_row < last else f"is not there: the last row is {last}"
    raise FileError(
        f"header_row is {header_row}, but row {header_row} of {what} {found}; "
        "give the row of the column names (--header-row on the command line)."
    )


def require_row(header_row: int | None) -> None:
    """Refuse a row of the header that is no row.

    Examples
    --------
    >>> require_row(0)
    Traceback (most recent call last):
    ketbio.errors.SchemaError: header_row is 0; a whole number from 1 is wanted.
    """
    is_row = isinstance(header_row, int) and not isinstance(header_row, bool) and header_row >= 1
    if header_row is not None and not is_row:
        raise SchemaError(f"header_row is {header_row!r}; a whole number from 1 is wanted.")


def header_names(cells: Sequence[str]) -> list[str]:
    r"""Return the names of the columns, without what is not seen and without empty ones at the end.

    Examples
    --------
    >>> header_names(["\ufeffid ", "madrs\u00a0total", "\u200b", " "])
    ['id', 'madrs total']
    """
    names = [_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _name(cell: str) -> str:
    # NFC: the same accented letter can be written in two ways that look alike.
    composed = unicodedata.normalize("NFC", _UNSEEN.sub("", cell))
    return _BLANKS.sub(" ", composed).strip()


def cleaned_note(cells: Sequence[str], names: Sequence[str]) -> str:
    """Return the note on names that held signs which are not seen, empty where none did."""
    n = sum(
        name != unicodedata.normalize("NFC", cell).strip().strip("\ufeff")
        for cell, name in zip(cells, names, strict=False)
    )
    if not n:
        return ""
    return (
        f"{count_of(n, 'column name')} written without line breaks, hard blanks and signs that are "
        "not seen."
    )


def refuse_same_names(names: Sequence[str], what: str) -> None:
    """Refuse a header that names two columns alike."""
    seen: set[str] = set()
    twice = sorted({name for name in names if name and (name in seen or seen.add(name))})  # type: ignore[func-returns-value]
    if twice:
        raise FileError(
            f"{what} has two columns of the same name: {listed_words(map(repr, twice))}; "
            "rename one of each."
        )


def above_note(above: Sequence[tuple[int, Sequence[str]]], header_row: int) -> str:
    """Return the note on filled rows above a header that the caller named."""
    if not above:
        return ""
    rows = count_of(len(above), "filled row")
    return f"{rows} above the header (header_row = {header_row}) left out."
