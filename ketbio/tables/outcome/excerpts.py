"""Complaints with the cells that they speak of: pieces of the spreadsheet, row by row.

A block is one spreadsheet row with all that is said of it. It shows the columns that a reader
needs to find the cell again: the keys, the cells complained of, and those beside them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ketbio.tables.files.source import Source
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.hidden import Hidden, hidden_in
from ketbio.tables.outcome.lines import Line
from ketbio.tables.outcome.places import column_letter, column_numbers
from ketbio.tables.outcome.visible import visible
from ketbio.tables.phrases import SHOWN_IN_TABLE, cut
from ketbio.tables.records.columns import EVERY_VISIT
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

NARROW = 8
"""A table of at most so many columns is shown whole."""
MOST_COLUMNS = 16
"""Most columns of an excerpt: the keys, the cells complained of, and those beside them."""
MOST_OTHERS = 200
"""Most of the other cells of a row that can be unfolded."""
_BELOW_HEADER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of an excerpt; ``marks`` are the numbers of the complaints that speak of it."""

    text: str
    severity: str = ""
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of an excerpt.

    ``is_key`` where the heading of the row tells it too; ``is_after_gap`` where columns are left
    out before it.
    """

    letter: str
    name: Cell
    is_key: bool = False
    is_after_gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One spreadsheet row, and what is said of it.

    Attributes
    ----------
    row : int
        Its number; that of the header where columns or the whole table are meant.
    header_row : int
        The number of the header's row.
    who : str
        Participant and visit, empty where there are none.
    columns : tuple of Column
        The columns of the excerpt; none where the row cannot be shown.
    cells : tuple of (int, tuple of Cell)
        Number and cells of each row of the excerpt below the header.
    number : Cell
        The row's number, with the complaints that speak of no cell in it.
    lines : tuple of Line
        The complaints, numbered from 1.
    others : tuple of (str, str, str)
        Letter, name and text of the other filled cells of the row.
    n_empty : int
        How many other cells are empty.
    n_past : int
        How many filled cells are not among ``others``.
    """

    row: int
    header_row: int
    who: str
    columns: tuple[Column, ...]
    cells: tuple[tuple[int, tuple[Cell, ...]], ...]
    number: Cell
    lines: tuple[Line, ...]
    others: tuple[tuple[str, str, str], ...] = ()
    n_empty: int = 0
    n_past: int = 0

    @property
    def is_header(self) -> bool:
        """Whether it is the header's row."""
        return self.row == self.header_row


def blocks_of(check: Check, lines: Sequence[Line]) -> Iterator[Block]:
    """Return complaints with their rows, in the order of the spreadsheet.

    Parameters
    ----------
    check : Check
        Where they belong.
    lines : sequence of Line
        The complaints to show.
    """
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(line.record_row, []).append(line)
    sheet = None if check.source is None else _Sheet.of(check, check.source)
    for row in sorted(rows):
        # Numbered as the eye meets them: the row's own first, then cell by cell from the left.
        told = rows[row] if sheet is None else sorted(rows[row], key=sheet.place_of)
        numbered = [line.numbered(number) for number, line in enumerate(told, start=1)]
        if sheet is None or not (row == check.header_row or row in sheet.index):
            yield _bare(row, check.header_row, numbered)
        else:
            yield _block(sheet, row, numbered)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """What the blocks of one table share."""

    source: Source
    header_row: int
    index: Mapping[int, int]
    place: Mapping[str, int]
    letters: tuple[str, ...]
    keys: tuple[int, ...]
    hidden: Hidden

    @classmethod
    def of(cls, check: Check, source: Source) -> "_Sheet":
        place = {name: i for i, name in enumerate(source.header)}
        numbers = column_numbers(source)
        keys = [check.records.plan.feeds.get((name, EVERY_VISIT)) for name in _KEYS]
        return cls(
            source=source,
            header_row=check.header_row,
            index={row: i for i, row in enumerate(source.row_numbers)},
            place=place,
            letters=tuple(column_letter(numbers.get(name, 0)) for name in source.header),
            keys=tuple(place[name] for name in keys if name in place),
            hidden=hidden_in(check),
        )

    def place_of(self, line: Line) -> int:
        """Return the column of a complaint's cell, -1 for one of the whole row."""
        return self.place.get(line.column, -1)

    def text(self, row: int, column: int) -> str:
        """Return a cell as it may be shown."""
        name = self.source.header[column]
        written = name if row == self.header_row else self.source.rows[self.index[row]][column]
        return visible(self.hidden.shown(row, name, written))


_KEYS = (PARTICIPANT_ID, VISIT)


def _bare(row: int, header_row: int, lines: Sequence[Line]) -> Block:
    """Return a row that is not at hand: what is said of it only."""
    return Block(
        row=row,
        header_row=header_row,
        who=_whose(lines),
        columns=(),
        cells=(),
        number=Cell(text=str(row)),
        lines=tuple(lines),
    )


def _block(sheet: _Sheet, row: int, lines: Sequence[Line]) -> Block:
    is_header = row == sheet.header_row
    marked = _marked(sheet, lines)
    shown = _columns_shown(len(sheet.letters), marked, sheet.keys)
    rest = [] if is_header else [i for i in range(len(sheet.letters)) if i not in set(shown)]
    filled = [i for i in rest if sheet.text(row, i).strip()]
    others = tuple(_other(sheet, row, i) for i in filled[:MOST_OTHERS])
    return Block(
        row=row,
        header_row=sheet.header_row,
        who=_whose(lines),
        columns=tuple(_columns(sheet, row, shown, marked)),
        cells=tuple(_cells(sheet, row, shown, {} if is_header else marked)),
        number=_cell(str(row), [line for line in lines if line.column not in sheet.place]),
        lines=tuple(lines),
        others=others,
        n_empty=len(rest) - len(filled),
        n_past=len(filled) - len(others),
    )


def _whose(lines: Sequence[Line]) -> str:
    return next((line.who for line in lines if line.who), "")


def _other(sheet: _Sheet, row: int, i: int) -> tuple[str, str, str]:
    name = cut(sheet.text(sheet.header_row, i))
    return sheet.letters[i], name, cut(sheet.text(row, i), SHOWN_IN_TABLE)


def _marked(sheet: _Sheet, lines: Sequence[Line]) -> dict[int, list[Line]]:
    marked: dict[int, list[Line]] = {}
    for line in lines:
        if line.column in sheet.place:
            marked.setdefault(sheet.place[line.column], []).append(line)
    return marked


def _columns_shown(n: int, marked: Collection[int], keys: Sequence[int]) -> list[int]:
    """Return which columns an excerpt shows, in the order of the spreadsheet."""
    if n <= NARROW:
        return list(range(n))
    beside = [i + step for i in sorted(marked) for step in (-1, 1) if 0 <= i + step < n]
    wanted = dict.fromkeys([*keys, *sorted(marked), *beside])
    if not marked:
        wanted = dict.fromkeys([*keys, *range(NARROW)])
    most = max(MOST_COLUMNS, len(keys) + len(marked))
    return sorted(list(wanted)[:most])


def _columns(
    sheet: _Sheet, row: int, shown: Sequence[int], marked: Mapping[int, Sequence[Line]]
) -> Iterator[Column]:
    before = -1
    told = marked if row == sheet.header_row else {}
    for i in shown:
        cell = _cell(sheet.text(sheet.header_row, i), told.get(i, ()))
        yield Column(
            letter=sheet.letters[i],
            name=cell,
            is_key=i in sheet.keys and i not in marked,
            is_after_gap=i > before + 1,
        )
        before = i


def _cells(
    sheet: _Sheet, row: int, shown: Sequence[int], marked: Mapping[int, Sequence[Line]]
) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    # Under a header that is complained of, the first rows tell what the columns hold.
    rows = sheet.source.row_numbers[:_BELOW_HEADER] if row == sheet.header_row else (row,)
    for number in rows:
        yield number, tuple(_cell(sheet.text(number, i), marked.get(i, ())) for i in shown)


def _cell(text: str, lines: Sequence[Line]) -> Cell:
    return Cell(
        text=cut(text),
        # Complaints come with the gravest first.
        severity=lines[0].severity if lines else "",
        marks=tuple(line.number for line in lines),
    )
