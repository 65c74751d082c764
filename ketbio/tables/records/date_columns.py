"""A column of days: what its cells together say of the order in which their numbers stand.

A cell that can be read in two ways stays unread, however clear its neighbours are: they are named
as evidence, and the reader decides.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ketbio.tables.phrases import date_order_hint, missing_hint, quoted
from ketbio.tables.records.days import DATE_ORDERS, WRITE_ISO, Day, read_day
from ketbio.tables.records.sentinels import is_missing_word, spreadsheet_error
from ketbio.wording import count_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DateCells:
    """The cells of a date column, read.

    Attributes
    ----------
    values : tuple of datetime or None
        The day of each.
    problems, doubts : dict of int to str
        What is wrong with a cell, or odd about it.
    shared : dict of int to str
        What several cells have wrong in common.
    notes : tuple of str
        What was decided.
    """

    values: tuple[dt.datetime | None, ...]
    problems: dict[int, str]
    doubts: dict[int, str]
    shared: dict[int, str]
    notes: tuple[str, ...]


def read_days(
    cells: Sequence[str], rows: Sequence[int], *, order: str | None, is_past: bool = False
) -> DateCells:
    """Return a column of days.

    Parameters
    ----------
    cells : sequence of str
        Trimmed text, ``""`` where missing.
    rows : sequence of int
        The spreadsheet row of each.
    order : {"dmy", "mdy"} or None
        The order of the numbers where the caller has said it.
    is_past : bool
        Whether the days may be long before the study.

    Examples
    --------
    >>> found = read_days(["31/01/2026", "05/01/2026"], [2, 3], order=None)
    >>> found.problems[1]
    "is '05/01/2026', which may be 2026-01-05 or 2026-05-01 (row 2 is '31/01/2026', day first); set
    date_order = 'dmy' (--date-order dmy on the command line), or write the date as year-month-day,
    for instance 2026-01-31."
    """
    known = {cell: read_day(cell, order=order, is_past=is_past) for cell in set(cells)}
    days = [known[cell] for cell in cells]
    evidence = {} if order else _evidence(days)
    problems = {i: _no_day_words(cells[i], one) for i, one in enumerate(days) if one.problem}
    shared = {i: said for i, said in problems.items() if _is_word(cells[i])}
    for i, one in enumerate(days):
        if one.order == "either":
            problems[i] = _unsure(one, evidence, cells, rows)
            shared[i] = _unsure_together(evidence, cells, rows)
        elif len(evidence) > 1 and one.order:
            problems[i] = _against(cells[i], one.order, evidence, cells, rows)
            shared[i] = problems[i]
    return DateCells(
        values=tuple(None if i in problems else one.value for i, one in enumerate(days)),
        problems=problems,
        doubts={i: one.doubt for i, one in enumerate(days) if one.doubt and i not in problems},
        shared=shared,
        notes=tuple(_notes(one for i, one in enumerate(days) if i not in problems)),
    )


def _evidence(days: Sequence[Day]) -> dict[str, int]:
    """Return for each order the first cell that can be read in that order only."""
    first: dict[str, int] = {}
    for i, one in enumerate(days):
        if one.order in DATE_ORDERS and one.value is not None:
            first.setdefault(one.order, i)
    return first


def _is_word(cell: str) -> bool:
    return is_missing_word(cell) or bool(spreadsheet_error(cell))


def _no_day_words(cell: str, day: Day) -> str:
    if error := spreadsheet_error(cell):
        return error
    if is_missing_word(cell):
        return (
            f"is {quoted(cell)}, not a date; {missing_hint(cell)} if it means that there is none."
        )
    return day.problem


def _seen(order: str, evidence: dict[str, int], cells: Sequence[str], rows: Sequence[int]) -> str:
    i = evidence[order]
    return f"row {rows[i]} is {quoted(cells[i])}, {DATE_ORDERS[order]}"


def _what_is_known(
    evidence: dict[str, int], cells: Sequence[str], rows: Sequence[int]
) -> tuple[str, str]:
    """Return what the other cells say, and what to do about it."""
    told = "; ".join(_seen(order, evidence, cells, rows) for order in evidence)
    order = next(iter(evidence)) if len(evidence) == 1 else ""
    if len(evidence) > 1:
        return f" ({told})", WRITE_ISO
    return f" ({told})" if told else "", f"{date_order_hint(order)}, or {WRITE_ISO}"


def _unsure(one: Day, evidence: dict[str, int], cells: Sequence[str], rows: Sequence[int]) -> str:
    told, advice = _what_is_known(evidence, cells, rows)
    ways = one.problem.partition("; ")[0]
    return f"{ways}{told}; {advice}"


def _unsure_together(evidence: dict[str, int], cells: Sequence[str], rows: Sequence[int]) -> str:
    told, advice = _what_is_known(evidence, cells, rows)
    return f"holds days that may be read day first or month first{told}; {advice}"


def _against(
    cell: str, order: str, evidence: dict[str, int], cells: Sequence[str], rows: Sequence[int]
) -> str:
    other = next(name for name in evidence if name != order)
    return (
        f"is {quoted(cell)}, {DATE_ORDERS[order]}, while {_seen(other, evidence, cells, rows)}; "
        f"one of the two is wrong: {WRITE_ISO}"
    )


def _notes(days: Iterable[Day]) -> Iterator[str]:
    n = sum(1 for one in days if one.value is not None and not one.is_iso)
    if n:
        yield f"{count_of(n, 'day')} written in another way than year-month-day read."
