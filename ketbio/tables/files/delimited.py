"""CSV and TSV files → lines of cells, every cell as written."""

import csv
import io

from ketbio.errors import FileError, did_you_mean
from ketbio.tables.files.grid import Grid

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def parse_delimited(content: bytes, name: str, *, delimiter: str | None, encoding: str) -> Grid:
    r"""Return the lines of a delimited file.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its base name, for messages.
    delimiter : str or None
        One character; None to find it from the header line.
    encoding : str
        Encoding of the file.

    Returns
    -------
    Grid
        Rows are numbered as a spreadsheet shows them: one per record, so that a quoted cell of
        several lines is one row, and blank lines are counted.

    Raises
    ------
    FileError
        The file is not text in that encoding, or its quotes do not close.

    Examples
    --------
    >>> parse_delimited(b'id;level\n1;"12,5"\n', "a.csv", delimiter=None, encoding="utf-8").lines
    [(1, ['id', 'level']), (2, ['1', '12,5'])]
    """
    text = _decoded(content, name, encoding)
    if delimiter is None:
        delimiter = _found_delimiter(text)
    elif len(delimiter) != 1:
        raise FileError(f"delimiter is {delimiter!r}; one character is wanted, for instance ';'.")
    lines: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            lines.append((len(lines) + 1, cells))
    except csv.Error as error:
        raise FileError(
            f"{name} cannot be read after line {reader.line_num} (row {len(lines) + 1}): {error}; "
            "a quote that is not closed, or one inside a cell that is not doubled?"
        ) from None
    word = DELIMITERS.get(delimiter, repr(delimiter))
    notes = [f"Read as {encoding.upper()} with the {word} as delimiter."]
    return Grid(lines=lines, is_delimited=True, notes=notes)


def _decoded(content: bytes, name: str, encoding: str) -> str:
    for mark, meant in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark) and encoding.lower() in ("utf-8", "utf8"):
            raise FileError(
                f"{name} is not UTF-8 but {meant.upper()}; "
                f"set encoding = {meant!r} (--encoding {meant} on the command line), "
                "or save it as 'CSV UTF-8'."
            )
    try:
        text = content.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except LookupError:
        known = ["utf-8", "latin-1", "cp1252", "utf-16"]
        raise FileError(
            f"encoding is {encoding!r}, which is not known.{did_you_mean(encoding, known)} "
            "Usual ones: 'utf-8', 'latin-1', 'cp1252', 'utf-16'."
        ) from None
    except UnicodeDecodeError as error:
        raise FileError(_not_decodable(content, name, encoding, error)) from None
    if "\x00" in text:
        row = text[: text.index("\x00")].count("\n") + 1
        raise FileError(f"{name} holds a NUL byte in line {row}; it is damaged or not a text file.")
    return text


def _not_decodable(content: bytes, name: str, encoding: str, error: UnicodeDecodeError) -> str:
    before = content[: error.start]
    line = before.count(b"\n") + 1
    start = before.rfind(b"\n") + 1
    column = len(before[start:].decode(encoding, errors="replace")) + 1
    return (
        f"{name} is not {encoding.upper()}: byte 0x{content[error.start]:02X} at line {line}, "
        f'column {column}; set encoding = "latin-1" (--encoding latin-1 on the command line) if it '
        "comes from an older program, or save it as 'CSV UTF-8'."
    )


def _found_delimiter(text: str) -> str:
    """Return the delimiter that the first line with any holds most of, outside quotes."""
    for line in text.splitlines():
        outside = "".join(line.split('"')[::2])
        if any(mark in outside for mark in DELIMITERS):
            return max(DELIMITERS, key=outside.count)
    return ","
