"""Cells below or above a limit → an empty value with its flag and its limit, in their columns."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.phrases import limits_hint, quoted
from ketbio.tables.records.amounts import ABOVE, BELOW
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.cells import FLAGS, TypedColumn
from ketbio.tables.records.places import complaint_at
from ketbio.wording import count_of

_SIGNS = {BELOW: "<", ABOVE: ">"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """A cell that lies on one side of a limit, and the columns that this is kept in."""

    position: int
    column: ColumnSpec
    side: str
    limit: float
    flag: str
    limit_column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsSet:
    """What came of the limits.

    Attributes
    ----------
    complaints : tuple of Complaint
        Limits that contradict another cell, and words without a limit.
    unread : frozenset of (int, str)
        Record and column of the words without a limit.
    notes : tuple of str
        How many cells were taken as below or above a limit.
    """

    complaints: tuple[Complaint, ...]
    unread: frozenset[tuple[int, str]]
    notes: tuple[str, ...]


def set_limits(
    frame: pd.DataFrame,
    columns: Mapping[str, TypedColumn],
    records: Records,
    schema: TableSchema,
) -> LimitsSet:
    """Set flag and limit in ``frame`` where a cell was below or above a limit.

    Parameters
    ----------
    frame : DataFrame
        The typed records; changed in place.
    columns : mapping of str to TypedColumn
        The columns as read.
    records, schema : Records, TableSchema
        Where the cells came from, and what they are.
    """
    complaints: list[Complaint] = []
    unread: set[tuple[int, str]] = set()
    told: Counter[tuple[str, str, str, str]] = Counter()
    for bound in _bounds(columns, schema):
        known = frame[bound.limit_column].iloc[bound.position]
        limit, by_row = bound.limit, pd.isna(bound.limit)
        if by_row and pd.isna(known):
            complaints.append(_no_limit(bound, records))
            unread.add((bound.position, bound.column.name))
            continue
        if by_row:
            limit = float(known)
        elif against := _contradicted(bound, known, records):
            complaints.append(_against(bound, against, records))
        frame.loc[bound.position, bound.flag] = True
        frame.loc[bound.position, bound.limit_column] = limit
        told[bound.column.name, bound.side, bound.flag, _how(bound, records, by_row)] += 1
    return LimitsSet(
        complaints=tuple(complaints), unread=frozenset(unread), notes=tuple(_notes(told))
    )


def _bounds(columns: Mapping[str, TypedColumn], schema: TableSchema) -> Iterator[_Bound]:
    for name, typed in columns.items():
        spec = schema.columns[name]
        sides = (
            (BELOW, typed.limits, spec.limit_flag, spec.limit_column),
            (ABOVE, typed.above, spec.above_flag, spec.above_column),
        )
        for side, limits, flag, limit_column in sides:
            for position, found in limits.items():
                yield _Bound(
                    position=position,
                    column=spec,
                    side=side,
                    limit=found / spec.factor,
                    flag=flag,
                    limit_column=limit_column,
                )


def _contradicted(bound: _Bound, known: float, records: Records) -> str:
    """Return the column that a limit written in a cell contradicts, empty where none does."""
    if FLAGS.get(_cell(records, bound.flag, bound.position)) is False:
        return bound.flag
    is_given = bool(_cell(records, bound.limit_column, bound.position))
    differs = is_given and pd.notna(known) and known != bound.limit
    return bound.limit_column if differs else ""


def _cell(records: Records, name: str, position: int) -> str:
    return str(records.cells[name].iloc[position]).casefold() if name in records.cells else ""


def _against(bound: _Bound, against: str, records: Records) -> Complaint:
    name, position = bound.column.name, bound.position
    return complaint_at(
        records,
        position,
        rule=f"{bound.side}_limit",
        column=name,
        message=f"{records.label(name, position)} is {quoted(records.shown(name, position))}, but "
        f"{against} is {quoted(records.shown(against, position))}; correct one of them.",
    )


def _no_limit(bound: _Bound, records: Records) -> Complaint:
    name, position = bound.column.name, bound.position
    word, sign = records.shown(name, position), _SIGNS[bound.side]
    message = (
        f"{records.label(name, position)} is {quoted(word)} without a number; {limits_hint(word)}, "
        f"or write {sign!r} and the limit, or fill in {bound.limit_column}."
    )
    return complaint_at(
        records,
        position,
        rule=f"{bound.side}_limit",
        column=name,
        message=message,
        together=message,
    )


def _how(bound: _Bound, records: Records, by_row: bool) -> str:
    """Return what a note says of a word that stands for a limit; empty for a number."""
    word = records.shown(bound.column.name, bound.position)
    if by_row:
        return f"{quoted(word)}, the limit from {bound.limit_column}"
    has_number = any(letter.isdigit() for letter in word)
    return "" if has_number else f"{quoted(word)}, taken as {_SIGNS[bound.side]}{bound.limit:g}"


def _notes(told: Mapping[tuple[str, str, str, str], int]) -> Iterator[str]:
    for (name, side, flag, how), n in told.items():
        written = f"written as {how}: {side} a limit," if how else f"written as {side} a limit:"
        yield f"{count_of(n, 'cell')} of {name} {written} value empty, {flag} true."
