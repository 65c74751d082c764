"""What every kind of workbook needs said: which sheet was read, what is merged, what is hidden."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from openpyxl.utils import get_column_letter

from ketbio.errors import FileError, unknown_word
from ketbio.tables.files.grid import Fault
from ketbio.tables.files.size_limits import MOST_COLUMNS
from ketbio.tables.list_sheet import is_list_title
from ketbio.tables.phrases import listed_words
from ketbio.wording import count_of, join_words

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column; all from 1."""


def chosen_sheet(
    names: Sequence[str], hidden: Collection[str], wanted: str | None, file: str
) -> str:
    """Return the name of the sheet to read: the one wanted, else the first that is not hidden.

    The list of complaints in front of an annotated workbook is no data, and is passed over.

    Raises
    ------
    FileError
        There is no such sheet, or none at all.
    """
    if wanted is not None and wanted not in names:
        raise FileError(f"{file}: {unknown_word('sheet', wanted, names)}")
    if not names:
        raise FileError(f"{file} has no sheet with cells.")
    tables = [name for name in names if not is_list_title(name)] or names
    return wanted or next((name for name in tables if name not in hidden), tables[0])


def sheet_note(
    title: str, names: Sequence[str], hidden: Collection[str], wanted: str | None
) -> str:
    """Return the note on which sheet was read and which were not.

    Examples
    --------
    >>> sheet_note("A", ["A", "B"], ["B"], None)
    "Read from the first sheet, 'A'; not read: 'B' (hidden)."
    >>> sheet_note("A", ["ketbio checks", "A"], [], None)
    "Read from the first sheet, 'A'; not read: 'ketbio checks' (the list of an earlier check)."
    """
    is_hidden = " (hidden)" if title in hidden else ""
    others = [f"{name!r}{_kind(name, hidden)}" for name in names if name != title]
    if wanted is not None or not others:
        return f"Read from sheet {title!r}{is_hidden}."
    return f"Read from the first sheet, {title!r}{is_hidden}; not read: {join_words(others)}."


def _kind(name: str, hidden: Collection[str]) -> str:
    if is_list_title(name):
        return " (the list of an earlier check)"
    return " (hidden)" if name in hidden else ""


def other_sheets(title: str, names: Sequence[str], wanted: str | None) -> tuple[str, ...]:
    """Return the sheets that were not read, none where the caller asked for one."""
    others = tuple(name for name in names if name != title and not is_list_title(name))
    return () if wanted is not None else others


def hidden_note(rows: Collection[int], columns: Collection[str]) -> str:
    """Return the note on rows and columns that a person would not see.

    Examples
    --------
    >>> hidden_note([3, 7], ["F"])
    'Hidden in the spreadsheet and read all the same: 2 rows (3 and 7), 1 column (F).'
    """
    told = [
        f"{count_of(len(found), word)} ({listed_words(map(str, found))})"
        for found, word in ((sorted(rows), "row"), (sorted(columns), "column"))
        if found
    ]
    return f"Hidden in the spreadsheet and read all the same: {', '.join(told)}."


def header_cells(
    lines: Iterable[tuple[int, Sequence[str]]], header_row: int | None
) -> tuple[int, Sequence[str]]:
    """Return the row of the header and its cells: the first that is filled, unless told."""
    filled = ((row, cells) for row, cells in lines if any(map(str.strip, cells)))
    wanted = ((row, cells) for row, cells in filled if header_row is None or row == header_row)
    return next(wanted, (header_row or 1, ()))


def column_name(head: Sequence[str], number: int) -> str:
    """Return the name of a column by its number from 1, empty where it has none."""
    return head[number - 1].strip() if number <= len(head) else ""


def inside_sheet(areas: Iterable[Area]) -> tuple[Area, ...]:
    """Return the areas that begin in a sheet, cut at its last column; damaged files have others.

    Examples
    --------
    >>> inside_sheet([(1, 1, 2, 59_141), (1, 20_000, 1, 20_001), (2, 1, 2, 3)])
    ((1, 1, 2, 16384), (2, 1, 2, 3))
    """
    return tuple(
        (first_row, first_column, last_row, min(last_column, MOST_COLUMNS))
        for first_row, first_column, last_row, last_column in areas
        if first_column <= MOST_COLUMNS
    )


def with_merged_names(
    lines: Sequence[tuple[int, list[str]]], areas: Iterable[Area], header_row: int | None
) -> Sequence[tuple[int, list[str]]]:
    """Return the lines with the names that stand in the header because a cell reaches down to it.

    Of a header of two rows that the caller names by its lower row, a column without a second name
    is usually merged with the row above.

    Examples
    --------
    >>> with_merged_names([(1, ["id", "Day 1"]), (2, ["", "total"])], [(1, 1, 2, 1)], 2)
    [(1, ['id', 'Day 1']), (2, ['id', 'total'])]
    """
    if header_row is None:
        return lines
    by_row = dict(lines)
    names = list(by_row.get(header_row, ()))
    for first_row, column, last_row, last_column in areas:
        if first_row < header_row <= last_row and column == last_column:
            names += [""] * (column - len(names))
            names[column - 1] = column_name(by_row.get(first_row, ()), column)
    return [(row, names if row == header_row else cells) for row, cells in lines]


def merged_faults(
    areas: Collection[Area],
    head: tuple[int, Sequence[str]],
    lines: Sequence[tuple[int, list[str]]] = (),
) -> Iterator[Fault]:
    """Complain of merged cells, of those of the header in one complaint."""
    header_row, names = head
    in_header = []
    for area in areas:
        first_row, first_column, last_row, last_column = area
        reaches_down = first_row < header_row == last_row and first_column == last_column
        if last_row < header_row or reaches_down:
            continue
        if first_row <= header_row:
            in_header.append(area)
            continue
        yield Fault(
            row=first_row,
            rule="merged_cells",
            column=column_name(names, first_column),
            message=f"Cells {_coordinates(area)} are merged, so that only the first holds the "
            "value; unmerge them and fill in each.",
        )
    if in_header:
        below = max(header_row + 1, *(area[2] for area in in_header))
        yield Fault(
            row=header_row,
            rule="merged_cells",
            message=f"Cells {listed_words(map(_coordinates, sorted(in_header)))} of the header are "
            f"merged, so that columns stand without a name; {_unmerge_words(areas, below, lines)}",
        )


def _unmerge_words(
    areas: Collection[Area], below: int, lines: Sequence[tuple[int, list[str]]]
) -> str:
    """Say how to make one row of names, and whether the row below the merged cells is one."""
    names = list(map(str.strip, dict(with_merged_names(lines, areas, below)).get(below, ())))
    widest = max((len(cells) for _, cells in lines), default=0)
    is_complete = len(names) == widest and all(names)
    if names and is_complete and len(set(names)) == len(names):
        return (
            "unmerge them and write one name per column in one row, or set header_row = "
            f"{below} (--header-row {below} on the command line) if the names stand there."
        )
    pair = next(_names_of_two(areas, below, dict(lines)), "")
    return f"unmerge them and write one row of names{f', such as {pair!r}' if pair else ''}."


def _names_of_two(areas: Iterable[Area], below: int, rows: dict[int, list[str]]) -> Iterator[str]:
    for row, column, _, last_column in sorted(areas):
        upper, lower = (column_name(rows.get(i, ()), column) for i in (row, below))
        if row < below and column < last_column and upper and lower:
            yield f"{upper} {lower}"


def _coordinates(area: Area) -> str:
    first_row, first_column, last_row, last_column = area
    return (
        f"{get_column_letter(first_column)}{first_row}:{get_column_letter(last_column)}{last_row}"
    )
