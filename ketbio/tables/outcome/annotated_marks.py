"""Complaints at the cells of a worksheet: a comment, a pattern and a border, never colour alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Border, PatternFill, Side

from ketbio.tables.complaints import Complaint
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.places import record_column
from ketbio.tables.outcome.visible import visible
from ketbio.tables.phrases import cut

OWN_WORDS = "ketbio check"
"""Begins what ketbio writes into a comment, after what stood there."""
PATTERN = "lightUp"
MOST_COMMENTS = 20_000
"""Cells of a sheet that get a comment; the list has every complaint."""
_LONGEST = 8_000
_BORDERS = {"safety": "double", "error": "thick", "warning": "mediumDashed"}
_COLOURS = {"safety": "8A0F14", "error": "B3261E", "warning": "6B4E00"}
_PAPER = "FFFDE9E7"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedSheet:
    """A sheet of the workbook, and where the cells of a check stand in it.

    Attributes
    ----------
    title : str
        Of the sheet.
    columns : mapping of str to int
        The column of each column of the source that has one there.
    row_of : callable
        Complaint → row of its cell there.
    """

    title: str
    columns: Mapping[str, int]
    row_of: Callable[[Complaint], int]


def mark_cells(page: Any, sheet: MarkedSheet, check: Check) -> list[str]:
    """Write the complaints of a check into a worksheet.

    Parameters
    ----------
    page : openpyxl worksheet
        Where to write.
    sheet : MarkedSheet
        Where the cells stand there.
    check : Check
        What was found.

    Returns
    -------
    list of str
        For each complaint the cell that it stands at, such as ``C5``.
    """
    first = min(sheet.columns.values(), default=1)
    told: dict[str, list[tuple[str, str]]] = {}
    places = []
    for one, message in zip(check.found, check.complaints["message"], strict=True):
        has_cell = one.column in sheet.columns
        beside = first if sheet.columns else record_column(check, one) or first
        cell = _writable(page, sheet.row_of(one), sheet.columns[one.column] if has_cell else beside)
        where = "" if has_cell or not one.column else f" ({cut(one.column)})"
        words = f"{one.severity.upper()}, {one.rule}{where}: {visible(message)}"
        places.append(cell.coordinate)
        told.setdefault(cell.coordinate, []).append((one.severity, words))
    for coordinate, complaints in list(told.items())[:MOST_COMMENTS]:
        _mark(page[coordinate], complaints)
    return places


def without_own_words(comment: str) -> str:
    r"""Return a comment without what an earlier check wrote there.

    Examples
    --------
    >>> without_own_words("ask the site\n\nketbio check\nERROR, range: …")
    'ask the site'
    """
    before, mark, _ = comment.partition(f"{OWN_WORDS}\n")
    return before.rstrip() if mark else comment


def is_own_mark(cell: Any) -> bool:
    """Return whether a cell has the pattern that a check gives it, in a colour of a check."""
    colour = getattr(cell.fill.fgColor, "rgb", None)
    is_own = isinstance(colour, str) and colour[-6:] in _COLOURS.values()
    return bool(cell.has_style and cell.fill.patternType == PATTERN and is_own)


def _writable(page: Any, row: int, column: int) -> Any:
    """Return a cell; of merged cells the one that can hold something."""
    cell = page.cell(row, column)
    if isinstance(cell, MergedCell):
        area = next(area for area in page.merged_cells.ranges if cell.coordinate in area)
        return page.cell(area.min_row, area.min_col)
    return cell


def _mark(cell: Any, complaints: list[tuple[str, str]]) -> None:
    # Complaints come with the gravest first.
    gravest = complaints[0][0]
    own = "\n\n".join([words for _, words in complaints])
    before = f"{cell.comment.text}\n\n" if cell.comment else ""
    text = cut(f"{before}{OWN_WORDS}\n{own}", _LONGEST)
    lines = sum(1 + len(line) // 45 for line in text.splitlines())
    cell.comment = Comment(text, "ketbio", width=340, height=min(24 + 18 * lines, 600))
    side = Side(style=_BORDERS[gravest], color=_COLOURS[gravest])
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    cell.fill = PatternFill(PATTERN, fgColor=_COLOURS[gravest], bgColor=_PAPER)
