"""The workbook as it came, with every complaint as a comment at its cell."""

import hashlib
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from ketbio.errors import FileError
from ketbio.tables.list_sheet import is_list_title
from ketbio.tables.outcome.annotated_list import add_list_sheet
from ketbio.tables.outcome.annotated_marks import MOST_COMMENTS, MarkedSheet, mark_cells
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.copied_book import copied_book
from ketbio.tables.outcome.copied_words import holds_identifiers, without_authors
from ketbio.tables.outcome.hidden import is_stopped
from ketbio.tables.outcome.places import column_numbers
from ketbio.tables.outcome.text_book import text_book
from ketbio.tables.outcome.writing import write_file

ENDING = ".xlsx"
_NO_COPY = (
    "Other sheets, comments or lines above the table seem to hold direct identifiers. This is no "
    "copy of the file: it holds the checked cells only."
)
_SEVERAL_SHEETS = (
    "The records stand on several sheets of the file. This is no copy of it: it holds them as "
    "one table."
)
_NO_FORMATS = "The workbook could not be copied with its formats; its cells are text here."
_COPIED = (".xlsx", ".xlsm")


def annotate_workbook(
    checks: Check | Sequence[Check],
    path: str | PathLike[str],
    *,
    source: str | PathLike[str] | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a workbook with every complaint as a comment at its cell, and a list of them in front.

    The copy of an XLSX or XLSM file keeps its formats, formulas, comments and other sheets; what a
    copy cannot hold (macros, charts) is left out, and the first sheet says so. Any other source,
    and an XLSX file whose path is not given, becomes a new workbook with the cells as text at
    their rows. A file in which direct identifiers were found is never copied: its cells are
    written as text too, masked; so is one whose other sheets or comments seem to hold some. Who
    wrote the file and its comments is left out of every copy.

    Parameters
    ----------
    checks : Check or sequence of Check
        What was checked; with ``source`` all of them of that one file.
    path : path
        Where to write; ends in ``.xlsx``.
    source : path, optional
        The file that was checked.
    overwrite : bool
        Whether an existing file may be replaced; never the source.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    FileError
        The source has changed since the check, a table is too large for a workbook or was read
        from the list of an earlier check, the ending is another, the file exists, or it cannot be
        written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> from openpyxl import load_workbook
    >>> from ketbio.tables import check_table
    >>> ages = pd.DataFrame({"participant_id": ["P01"], "age_years": ["150"]})
    >>> with TemporaryDirectory() as folder:
    ...     check = check_table(ages, "participants")
    ...     written = annotate_workbook(check, Path(folder) / "ages.xlsx")
    ...     print(load_workbook(written)["participants"]["B2"].comment.text)
    ketbio check
    ERROR, range: age_years is 150; allowed: a number from 0 to 120. Correct it, or leave it empty
    if it is not known.
    """
    several = (checks,) if isinstance(checks, Check) else tuple(checks)
    target = Path(path)
    if not several:
        raise FileError(f"there is no check to write to {target.name}.")
    if target.suffix.lower() != ENDING:
        raise FileError(
            f"{target.name} cannot be an annotated workbook; its name ends in {ENDING}."
        )
    _refuse_list(several)
    content = None if source is None else _checked_content(Path(source), target, several)
    book, sheets, notes = _book(several, content, Path(source or "").suffix.lower())
    marked = [
        (check, sheet.title, mark_cells(book[sheet.title], sheet, check))
        for check, sheet in zip(several, sheets, strict=True)
    ]
    if max(len(check.found) for check in several) > MOST_COMMENTS:
        notes.append(f"Only the first {MOST_COMMENTS:,} cells of a sheet carry a comment.")
    add_list_sheet(book, marked, notes)
    return write_file(target, book.save, overwrite=overwrite)


def _checked_content(source: Path, target: Path, checks: Sequence[Check]) -> bytes:
    """Return the bytes of the file that was checked; refuse any other."""
    try:
        content = source.read_bytes()
    except OSError as error:
        raise FileError(f"{source.name} cannot be read: {error.strerror}.") from None
    if target.exists() and target.samefile(source):
        raise FileError(
            f"{target.name} is the file that was checked, which is never changed; "
            "give the annotated copy another name."
        )
    digest = hashlib.sha256(content).hexdigest()
    for check in checks:
        if check.sha256 != digest:
            raise FileError(
                f"{source.name} is not the file that was checked as {check.table}, or it has "
                "changed since; check it again."
            )
    return content


def _book(
    checks: Sequence[Check], content: bytes | None, ending: str
) -> tuple[Any, list[MarkedSheet], list[str]]:
    """Return the workbook to mark, the sheet of each check, and what there is to say of it."""
    notes: list[str] = []
    if any(map(is_stopped, checks)):
        notes.append(
            "Direct identifiers were found in the file. This is no copy of it: it holds the "
            "checked cells only, and those that may say who a person is are masked."
        )
    elif content is not None and ending in _COPIED and not all(check.sheet for check in checks):
        notes.append(_SEVERAL_SHEETS)
    elif content is not None and ending in _COPIED:
        copied = copied_book(content)
        checked = {check.sheet: check.header_row for check in checks}
        is_telling = copied is not None and holds_identifiers(copied.book, checked)
        if copied is not None and not is_telling:
            without_authors(copied.book)
            return copied.book, list(map(_own_sheet, checks)), list(copied.notes)
        notes.append(_NO_COPY if is_telling else _NO_FORMATS)
    elif content is None and any(check.file.lower().endswith(_COPIED) for check in checks):
        notes.append("The formats of the original are not here: the file itself was not given.")
    book, sheets = text_book(checks)
    return book, sheets, notes


def _refuse_list(checks: Sequence[Check]) -> None:
    """Refuse what was read from the list of an earlier check: that is no table to write into."""
    for check in checks:
        if is_list_title(check.sheet):
            raise FileError(
                f"{check.file or check.table} was read from sheet {check.sheet!r}, the list of an "
                "earlier check; check the sheet of the table itself (sheet, --sheet on the command "
                "line)."
            )


def _own_sheet(check: Check) -> MarkedSheet:
    columns = column_numbers(check.source)
    return MarkedSheet(title=check.sheet, columns=columns, row_of=lambda one: one.row)
