"""Cells that look like numbers → the decimal mark of a file.

A number such as 1,234 tells nothing (its comma may stand for thousands), so that only marks that
can stand for nothing but decimals are counted. They tell how the file is written, and not what an
unsure number of *another* column is: lane 1,2 of a gel says nothing of an intensity 24,123.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ketbio.tables.files.grid import Grid
from ketbio.tables.phrases import decimal_hint
from ketbio.wording import count_of

_NUMBER = re.compile(
    r"\s*(?:[<>≤≥]|<=|>=)?\s*[+\-−]?([0-9]*)([.,])([0-9]*)(?:[eE][+\-−]?[0-9]+)?"
    r"\s*(?:[%a-zA-Zµ]+(?:/[a-zA-Z]+)?)?\s*"  # a unit
)
_BEFORE_UNIT = re.compile(r"\s*(?:<=|>=|[<>≤≥])?\s*([+\-−]?[0-9]*[.,][0-9]*)(?![0-9.,])")
_MAYBE_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCount:
    """How often a mark was seen, and in which row first."""

    n: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecimalMark:
    """The decimal mark of a file.

    Attributes
    ----------
    mark : str
        ``"."`` or ``","``.
    is_sure : bool
        Whether no number of the file is written with the comma, so that a point can hardly stand
        for thousands.
    notes : tuple of str
        What was found, where it is not what everybody expects.
    """

    mark: str
    is_sure: bool = True
    notes: tuple[str, ...] = ()


def found_decimal(lines: Iterable[tuple[int, Sequence[str]]]) -> DecimalMark:
    """Return the decimal mark that the cells of a file are written with.

    Parameters
    ----------
    lines : iterable of (int, sequence of str)
        Row and its cells as text; none that the file holds as a number.

    Examples
    --------
    >>> found_decimal([(2, ["P01", "24,1"]), (3, ["P02", "1.5"])]).notes
    ("Decimals are written with a comma in 1 cell (in row 2) and with a point in 1 cell (in row 3);
    the point was taken: set decimal = ',' (--decimal , on the command line) if the comma is
    meant.",)
    >>> found_decimal([(2, ["P01", "24,1"])]).mark
    ','
    """
    sure = _counted(lines)
    comma, point = sure[","], sure["."]
    if comma.n and point.n:
        return DecimalMark(
            mark=".",
            is_sure=False,
            notes=(
                f"Decimals are written with a comma in {_cells(comma)} and with a point in "
                f"{_cells(point)}; the point was taken: {decimal_hint(',')} if the comma is meant.",
            ),
        )
    if comma.n:
        found = f"Read with the decimal comma, found in {_cells(comma)}."
        return DecimalMark(mark=",", is_sure=False, notes=(found,))
    return DecimalMark(mark=".")


def _counted(lines: Iterable[tuple[int, Sequence[str]]]) -> dict[str, MarkCount]:
    """Count the marks that are surely those of decimals."""
    found = {".": MarkCount(), ",": MarkCount()}
    for row, cells in lines:
        for cell in cells:
            if "," not in cell and "." not in cell:
                continue
            number = _NUMBER.fullmatch(cell)
            if number and (number[1] or number[3]) and not _is_unsure(number[1], number[3]):
                before = found[number[2]]
                found[number[2]] = MarkCount(n=before.n + 1, row=before.row or row)
    return found


def _is_unsure(before: str, after: str) -> bool:
    return len(after) == 3 and _MAYBE_THOUSANDS.fullmatch(before) is not None


def is_sure_of(cell: str, mark: str) -> bool | None:
    """Return whether a mark of a cell's number can stand for nothing but decimals.

    None where the cell holds no number with that mark.

    Examples
    --------
    >>> is_sure_of("24,1", ","), is_sure_of("<24,123 pg mL-1", ","), is_sure_of("24", ",")
    (True, False, None)
    """
    found = _BEFORE_UNIT.match(cell)
    before, at, after = found[1].lstrip("+-−").partition(mark) if found else ("", "", "")
    if not at or not (before or after):
        return None
    return not _is_unsure(before, after)


def _cells(count: MarkCount) -> str:
    return f"{count_of(count.n, 'cell')} ({'' if count.n == 1 else 'first '}in row {count.row})"


def with_decimal(grid: Grid, mark: str) -> Sequence[tuple[int, Sequence[str]]]:
    """Return the lines with the numbers that the file holds as such written with that mark."""
    if mark == "." or not grid.fractions:
        return grid.lines
    places: dict[int, list[int]] = {}
    for row, place in grid.fractions:
        places.setdefault(row, []).append(place)
    return [(row, _rewritten(cells, places.get(row, ()), mark)) for row, cells in grid.lines]


def _rewritten(cells: Sequence[str], places: Sequence[int], mark: str) -> list[str]:
    written = list(cells)
    for place in places:
        written[place] = written[place].replace(".", mark)
    return written


def text_cells(grid: Grid, *, below: int) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows below the header without the numbers that the file holds as such."""
    for row, cells in grid.lines:
        if row > below:
            numbers = {place for place in range(len(cells)) if (row, place) in grid.fractions}
            yield row, ["" if place in numbers else cell for place, cell in enumerate(cells)]
