"""What a copied workbook holds beside the checked cells: whether it says who a person is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList

from ketbio.tables.files.headers import header_names
from ketbio.tables.files.source import Source
from ketbio.tables.privacy.findings import find_identifiers
from ketbio.tables.privacy.titles import text_kind, title_kind
from ketbio.vocabulary import PARTICIPANT_ID

_CODES = (PARTICIPANT_ID, "rater_id")


def holds_identifiers(book: Any, checked: Mapping[str, int]) -> bool:
    """Return whether a workbook may hold direct identifiers where the check did not look.

    Parameters
    ----------
    book : openpyxl workbook
        The copy.
    checked : mapping of str to int
        The sheets that were checked, and the row of the header of each.
    """
    for page in book.worksheets:
        header_row = checked.get(page.title)
        lines = [_line(cells) for cells in page.iter_rows()]
        looked_at = lines if header_row is None else lines[: header_row - 1]
        if title_kind(page.title) or any(text_kind(word) for word in _words(page, looked_at)):
            return True
        if header_row is None and _has_columns(lines):
            return True
    return False


def without_authors(book: Any) -> None:
    """Clear what the file says of who wrote it and its comments."""
    book.properties = DocumentProperties(creator="ketbio")
    book.custom_doc_props = CustomPropertyList()
    for page in book.worksheets:
        for cells in page.iter_rows():
            for cell in cells:
                if cell.comment is not None:
                    cell.comment.author = "ketbio"


def _line(cells: Sequence[Any]) -> list[str]:
    found = []
    for cell in cells:
        value = cell.value
        day = value.isoformat() if hasattr(value, "isoformat") else ""
        # A cell of days holds a time of the day too: midnight.
        found.append(day.removesuffix("T00:00:00") or ("" if value is None else str(value)))
    return found


def _words(page: Any, lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Return the texts of a sheet: its cells, comments, links, head and foot lines."""
    for line in lines:
        yield from filter(None, line)
    for cells in page.iter_rows():
        for cell in cells:
            if cell.comment is not None:
                yield from cell.comment.text.splitlines()
            if cell.hyperlink is not None:
                yield str(cell.hyperlink.target or "").removeprefix("mailto:")
    for part in (page.oddHeader, page.oddFooter, page.evenHeader, page.evenFooter):
        yield from (str(one.text) for one in (part.left, part.center, part.right) if one.text)


def _has_columns(lines: Sequence[Sequence[str]]) -> bool:
    """Return whether a sheet, taken for a table, has columns of identifiers."""
    filled = [line for line in lines if any(line)]
    if not filled:
        return False
    header = header_names(filled[0])
    width = len(header)
    source = Source(
        file="",
        sheet="",
        sha256="",
        header=tuple(header),
        header_row=1,
        rows=tuple(tuple(line[:width]) for line in filled[1:]),
        row_numbers=tuple(range(2, len(filled) + 1)),
        faults=(),
        notes=(),
        overflow={i: tuple(line[width:]) for i, line in enumerate(filled[1:], start=2)},
        fractions=(),
    )
    found = find_identifiers(source, codes=_CODES, dates=(), known=(), missing=())
    return bool(found)
