"""Incoming rows → records under the schema's names: wide rows made long, values recoded."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.files.source import Source
from ketbio.tables.phrases import cut, listed_rows, listed_words
from ketbio.tables.records.columns import EVERY_VISIT, Plan, Wish
from ketbio.vocabulary import VISIT
from ketbio.wording import count_of, join_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The incoming records under our column names, as text.

    Attributes
    ----------
    written : DataFrame
        Cells as written, one row per record.
    cells : DataFrame
        The same, trimmed and recoded; missing words are empty.
    rows : ndarray of int
        The spreadsheet row of each record.
    made_for : tuple of str
        The visit that a wide row's record was made for, else `EVERY_VISIT`.
    extra_cells : tuple of str
        For each record the cells of its row past the header, as written, with ``|`` between.
    plan : Plan
        Where the columns came from.
    notes : tuple of str
        What was decided.
    cell_rows : mapping of (int, str) to int
        As of the `Source`: where the cells of a record gathered from several rows stand.
    record_names, cell_names : mapping
        As of the `Source`: what records and cells are called that are no rows of their own.
    """

    written: pd.DataFrame
    cells: pd.DataFrame
    rows: NDArray[np.int64]
    made_for: tuple[str, ...]
    extra_cells: tuple[str, ...]
    plan: Plan
    notes: tuple[str, ...]
    cell_rows: Mapping[tuple[int, str], int] = field(default_factory=dict)
    record_names: Mapping[int, str] = field(default_factory=dict)
    cell_names: Mapping[tuple[int, str], str] = field(default_factory=dict)

    @property
    def sheet_rows(self) -> NDArray[np.int64]:
        """The spreadsheet row of each record, also of those that share one (wells of a plate)."""
        if not self.cell_rows:
            return self.rows
        found = [self.cell_rows.get((int(row), ""), int(row)) for row in self.rows]
        return np.array(found, dtype=np.int64)

    def listed(self, positions: Sequence[int]) -> str:
        """Return how a message names several records: by what they are, else by their rows."""
        numbers = [int(self.rows[position]) for position in positions]
        names = [self.record_names[row] for row in numbers if row in self.record_names]
        return listed_words(names) if len(names) == len(numbers) else listed_rows(numbers)

    def place(self, column: str, position: int) -> str:
        """Return what a record and its cell are called; empty where its row says enough."""
        row = int(self.rows[position])
        name = self.record_names.get(row, "")
        cell = self.cell_names.get((row, self.incoming_name(column, position)), "")
        return f"{name} ({cell})" if name and cell else name

    def cell_row(self, column: str, position: int) -> int:
        """Return the spreadsheet row of a cell of ours; the record's own unless it was gathered."""
        row = int(self.rows[position])
        return self.cell_rows.get((row, self.incoming_name(column, position)), row)

    def incoming_name(self, column: str, position: int) -> str:
        """Return the name in the file of one of our columns, for a record."""
        visit = self.made_for[position]
        feeds = self.plan.feeds
        return feeds.get((column, visit)) or feeds.get((column, EVERY_VISIT)) or column

    def label(self, column: str, position: int) -> str:
        """Return how a message names a column: in the file's words, then ours."""
        incoming = self.incoming_name(column, position)
        return column if incoming == column else f"{cut(incoming)} ({column})"

    def shown(self, column: str, position: int) -> str:
        """Return a cell as written, trimmed, for a message."""
        if column not in self.written:
            return ""
        return str(self.written[column].iloc[position]).strip()


def arrange_records(source: Source, plan: Plan, wish: Wish) -> Records:
    """Return the records under our names, wide rows made long.

    Parameters
    ----------
    source : Source
        What came in.
    plan : Plan
        Which column feeds which.
    wish : Wish
        The caller's recodes, constants and missing words.

    Returns
    -------
    Records
        In the order of the file; a wide row's records stand together, in the order of the visits.
    """
    visits = plan.visits or (EVERY_VISIT,)
    place = {name: i for i, name in enumerate(source.header)}
    absent: dict[str, list[int]] = {}
    lines: list[dict[str, str]] = []
    rows: list[int] = []
    made_for: list[str] = []
    for number, cells in zip(source.row_numbers, source.rows, strict=True):
        for visit in visits:
            own = {n: cells[place[c]] for (n, v), c in plan.feeds.items() if v == visit and visit}
            if visit and not any(_is_filled(name, cell, wish) for name, cell in own.items()):
                absent.setdefault(visit, []).append(number)
                continue
            line = {n: cells[place[c]] for (n, v), c in plan.feeds.items() if not v}
            line.update(own, **({VISIT: visit} if visit else {}), **dict(wish.constants))
            lines.append(line)
            rows.append(number)
            made_for.append(visit)
    names = list(dict.fromkeys([*plan.columns, *([VISIT] if plan.visits else []), *wish.constants]))
    written = pd.DataFrame(lines, columns=names).fillna("").astype("str")
    return Records(
        written=written,
        cells=_recoded(written, wish),
        rows=np.array(rows, dtype=np.int64),
        made_for=tuple(made_for),
        extra_cells=tuple(" | ".join(source.overflow.get(number, ())) for number in rows),
        plan=plan,
        cell_rows=source.cell_rows,
        record_names=source.record_names,
        cell_names=source.cell_names,
        notes=(
            *plan.notes,
            *(_absent_note(visit, rows) for visit, rows in absent.items()),
            *_missing_notes(written, wish),
        ),
    )


def _is_filled(name: str, cell: str, wish: Wish) -> bool:
    word = trimmed(cell)
    return word != "" and word not in _missing_words(name, wish)


def _missing_words(name: str, wish: Wish) -> Collection[str]:
    own = wish.missing_in.get(name, ())
    return {*wish.missing, *map(str, own)} if own else wish.missing


def trimmed(cell: str) -> str:
    r"""Return a cell without the blanks around it, the invisible ones among them.

    Examples
    --------
    >>> trimmed(" P01\u00a0\u200b")
    'P01'
    """
    return cell.strip().strip("\u200b\ufeff").strip()


def _recoded(written: pd.DataFrame, wish: Wish) -> pd.DataFrame:
    def cell_of(name: str, cell: str) -> str:
        word = trimmed(cell)
        word = str(wish.values.get(name, {}).get(word, word))
        return "" if word in _missing_words(name, wish) else word

    columns = {}
    for name in map(str, written):
        read = {cell: cell_of(name, cell) for cell in set(written[name])}
        columns[name] = [read[cell] for cell in written[name]]
    return pd.DataFrame(columns, index=written.index, columns=written.columns, dtype="str")


def _missing_notes(written: pd.DataFrame, wish: Wish) -> Iterator[str]:
    """Say how many cells of a column held a word named as missing there."""
    for name, words in wish.missing_in.items():
        found = Counter(map(trimmed, written[name])) if name in written else Counter[str]()
        for word in map(str, words):
            if found[word]:
                yield f"{count_of(found[word], 'cell')} {word!r} of {name} taken as missing."


def _absent_note(visit: str, rows: Sequence[int]) -> str:
    if len(rows) == 1:
        return f"Row {rows[0]} has no value at visit {visit!r}: no record made there."
    listed = join_words(map(str, rows))
    return f"Rows {listed} have no value at visit {visit!r}: no record made there."
