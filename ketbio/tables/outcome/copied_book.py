"""A copy of an incoming workbook, with a word on everything that the copy does not hold."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles import Border, PatternFill

from ketbio.tables.list_sheet import is_list_title
from ketbio.tables.outcome.annotated_marks import is_own_mark, without_own_words
from ketbio.wording import count_of

# Parts of the file that openpyxl leaves out without a word.
_LOST = {
    "xl/vbaProject": "Macros are not in the copy.",
    "xl/charts/": "Charts are not in the copy.",
    "xl/ctrlProps/": "Form controls are not in the copy.",
    "xl/activeX/": "Form controls are not in the copy.",
    "xl/threadedComments/": "Threaded comments stand in the copy as plain comments.",
}
# A formula that calls out of the workbook: a program (DDE), a library or an address.
_CALLS_OUT = re.compile(
    r"\||\b(?:WEBSERVICE|DDE|CALL|REGISTER(?:\.ID)?|EXEC|RTD|HYPERLINK|IMAGE)\s*\(", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedBook:
    """A workbook to mark, and what its copy does not hold."""

    book: Any
    notes: tuple[str, ...]


def copied_book(content: bytes) -> CopiedBook | None:
    """Return a copy of a workbook; None where it cannot be copied.

    Parameters
    ----------
    content : bytes
        The file.
    """
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            book = load_workbook(io.BytesIO(content), rich_text=True)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
    except Exception:  # a file that another reader could read makes openpyxl raise nearly anything
        return None
    lost = [words for part, words in _LOST.items() if any(n.startswith(part) for n in names)]
    lost += [f"Not kept by the copy: {one.message}" for one in caught]
    lists = [page for page in book.worksheets if is_list_title(page.title)]
    for page in lists if len(lists) < len(book.worksheets) else []:
        book.remove(page)
    notes = [note for page in book.worksheets for note in _cleaned(page)]
    return CopiedBook(book=book, notes=tuple(dict.fromkeys([*lost, *notes])))


def _cleaned(page: Any) -> Iterator[str]:
    """Make formulas that call out of the workbook text; take away the marks of an earlier check."""
    n_formulas = n_calls = 0
    for cells in page.iter_rows():
        for cell in cells:
            _unmark(cell)
            if cell.data_type != "f":
                continue
            n_formulas += 1
            if _CALLS_OUT.search(_formula(cell.value)):
                cell.value = f"'{_formula(cell.value)}"
                cell.data_type = "s"
                n_calls += 1
    if n_calls:
        what = count_of(n_calls, "formula")
        yield f"{page.title}: {what} that would call a program or an address made text."
    if n_formulas > n_calls:
        yield "Formulas are kept; their results are computed when the copy is opened."


def _formula(value: Any) -> str:
    # An array formula is an object that holds its text.
    return str(getattr(value, "text", None) or value)


def _unmark(cell: Any) -> None:
    # Somebody who corrects a cell may take its comment away and leave the pattern.
    if is_own_mark(cell):
        cell.fill, cell.border = PatternFill(), Border()
    if cell.comment is None:
        return
    kept = without_own_words(cell.comment.text)
    if kept == cell.comment.text:
        return
    cell.comment = None if not kept else cell.comment
    if cell.comment is not None:
        cell.comment.text = kept
