"""CSV and TSV files → lines of cells, every cell as written."""

import csv
import re
from collections.abc import Iterator

from ketbio.errors import FileError
from ketbio.tables.files.encodings import decode_text
from ketbio.tables.files.grid import Grid
from ketbio.tables.files.size_limits import (
    LONGEST_CELL,
    MOST_COLUMNS,
    refuse_many_cells,
    refuse_many_columns,
)

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAMPLED_CHARACTERS = 65_536
SAMPLED_ROWS = 200
"""How much of a file is looked at to find its delimiter."""

# Not str.splitlines: it would also cut at signs that no spreadsheet takes for the end of a line.
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z")
_NAMES_DELIMITER = re.compile(r'\s*"?sep=(.)"?[ \t]*(?:\r\n?|\n|\Z)', re.IGNORECASE)


def parse_delimited(
    content: bytes, name: str, *, delimiter: str | None = None, encoding: str | None = None
) -> Grid:
    r"""Return the lines of a delimited file.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its base name, for messages.
    delimiter : str or None
        One character; None to find it.
    encoding : str or None
        Encoding of the file; None to find it.

    Returns
    -------
    Grid
        Rows are numbered as a spreadsheet shows them: one per record, so that a quoted cell of
        several lines is one row, and blank lines are counted.

    Raises
    ------
    FileError
        The file is not text in that encoding, its quotes do not close, or it is too large.

    Examples
    --------
    >>> parse_delimited(b'id;level\n1;"12,5"\n', "a.csv").lines
    [(1, ['id', 'level']), (2, ['1', '12,5'])]
    """
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise FileError(f"delimiter is {delimiter!r}; one character is wanted, for instance ';'.")
    decoded = decode_text(content, name, encoding=encoding)
    text, notes = decoded.text, list(decoded.notes)
    named = _NAMES_DELIMITER.match(text)
    if named is not None:
        # A spreadsheet program takes this line for itself, so that row 1 is the one below it.
        text = text[named.end() :]
        delimiter = delimiter or named[1]
        notes.append("The line 'sep=' that names the delimiter is no row.")
    delimiter = delimiter or found_delimiter(text)
    word = DELIMITERS.get(delimiter, repr(delimiter))
    notes.insert(0, f"Read as {decoded.how} with the {word} as delimiter.")
    lines = _parsed(text, name, delimiter)
    return Grid(
        lines=lines, is_delimited=True, faults=decoded.faults, notes=notes, delimiter=delimiter
    )


def _parsed(text: str, name: str, delimiter: str) -> list[tuple[int, list[str]]]:
    lines: list[tuple[int, list[str]]] = []
    n_cells = 0
    reader = csv.reader(_narrow_lines(text, name, delimiter), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            lines.append((len(lines) + 1, cells))
            n_cells += len(cells)
            refuse_many_cells(name, n_cells)
    except csv.Error as error:
        raise FileError(_unreadable(name, reader.line_num, len(lines) + 1, error)) from None
    return lines


def _narrow_lines(text: str, name: str, delimiter: str) -> Iterator[str]:
    """Yield line by line; one of a million cells is refused before it is cut up."""
    for number, line in enumerate(_LINE.finditer(text), start=1):
        if line.end() - line.start() > MOST_COLUMNS:
            refuse_many_columns(name, line[0].count(delimiter) + 1, row=number)
        yield line[0]


def _unreadable(name: str, line: int, row: int, error: csv.Error) -> str:
    where = f"{name} cannot be read after line {line} (row {row})"
    if "field larger" in str(error):
        return (
            f"{where}: a cell of more than {LONGEST_CELL:,} characters; "
            "a quote that is not closed, or not a table?"
        )
    return (
        f"{where}: {error}; a quote that is not closed, or one inside a cell that is not doubled?"
    )


def found_delimiter(text: str) -> str:
    r"""Return the delimiter that cuts most rows in a row into the same number of cells.

    Examples
    --------
    >>> found_delimiter("Levels of site 2, in March\n\nid;level\n1;12,5\n2;13,5\n")
    ';'
    """
    scores = {mark: _agreement(text[:SAMPLED_CHARACTERS], mark) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: scores[mark])
    return best if scores[best] > (0, 0) else ","


def _agreement(sample: str, delimiter: str) -> tuple[int, int]:
    """Return the longest run of rows with as many cells (two or more), and that number."""
    best, run, width = (0, 0), 0, 0
    reader = csv.reader((line[0] for line in _LINE.finditer(sample)), delimiter=delimiter)
    try:
        for cells in reader:
            if not any(map(str.strip, cells)):
                continue
            run = run + 1 if len(cells) == width else 1
            width = len(cells)
            best = max(best, (run, width)) if width > 1 else best
            if reader.line_num >= SAMPLED_ROWS:
                break
    except csv.Error:
        pass  # what was cut up until here tells enough
    return best
