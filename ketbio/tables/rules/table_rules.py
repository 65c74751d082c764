"""Rules of any table: rows that occur once, rows that belong together, cells to fill in."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.phrases import listed_rows, listed_words
from ketbio.tables.records.arrange import Records
from ketbio.tables.rules.registry import Finding, Frame, key_values, key_words, rule
from ketbio.tables.rules.settings import Columns, ColumnsIfAny, FlagColumn, Word
from ketbio.wording import count_of, join_words


# -- rows that share a key -------------------------------------------------------------------
def _groups(keys: Frame) -> "NDArray[np.intp]":
    """Return the number of each row's group: rows of equal cells, an empty cell being a value."""
    groups = keys.groupby(list(keys), sort=False, dropna=False).ngroup()
    return groups.to_numpy().astype(np.intp)


def _members(groups: "NDArray[np.intp]") -> list["NDArray[np.intp]"]:
    """Return the rows of each group, groups and rows in order."""
    order = np.argsort(groups, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(groups[order])) + 1)


def _differing(rows: Frame, groups: "NDArray[np.intp]") -> Frame:
    """Return for each group and column whether its rows differ; two empty cells do not."""
    # Each row stands against the first of its group: no list of pairs is ever made.
    first = np.unique(groups, return_index=True)[1][groups]
    words = {str(name): pd.factorize(rows[name])[0] for name in rows}
    same = {name: numbers == numbers[first] for name, numbers in words.items()}
    return ~pd.DataFrame(same, index=range(len(rows))).groupby(groups).all()


def _explain_unique_rows(
    frame: Frame, failed: Sequence[int], records: Records, *, columns: Columns, noun: Word
) -> Iterator[Finding]:
    groups = _groups(frame[list(columns)].iloc[list(failed)])
    others = [str(name) for name in frame if name not in columns]
    differing = _differing(_as_found(frame, records, others, failed), groups)
    for number, members in enumerate(_members(groups)):
        listed = [failed[i] for i in members]
        differ = [str(name) for name in differing if differing[name].iloc[number]]
        key = ", ".join(key_values(frame, columns, listed[0]))
        message = (
            f"{count_of(len(listed), noun)} of the same {key_words(columns)} "
            f"({key}): {listed_rows(records.rows[listed])}, {_how_alike(len(listed), differ)}; "
            "one is allowed. Keep the right one and delete the rest."
        )
        for position in listed:
            yield Finding(position=position, message=message)


def _as_found(frame: Frame, records: Records, columns: Sequence[str], rows: Sequence[int]) -> Frame:
    """Return typed cells, and as written those without a value: two unread cells may differ."""
    cells = {name: frame[name].iloc[list(rows)].astype("object") for name in columns}
    written = {
        name: records.cells[name].iloc[list(rows)] for name in columns if name in records.cells
    }
    found = {name: cells[name].where(cells[name].notna(), written.get(name)) for name in columns}
    # The index keeps the rows where a schema has no other column.
    return pd.DataFrame(found, index=frame.index[list(rows)]).reset_index(drop=True)


def _how_alike(n: int, differ: Sequence[str]) -> str:
    if n == 1:
        return "of which the others have faults of their own"
    if differ:
        return f"which differ in {listed_words(differ)}"
    return "identical in every column"


@rule(_explain_unique_rows)
def unique_rows(frame: Frame, *, columns: Columns, noun: Word) -> "pd.Series[bool]":
    """Hold where no other row has the same values in ``columns`` (an empty cell is a value)."""
    del noun
    return ~frame.duplicated(subset=list(columns), keep=False)


def _without_empty(frame: Frame, within: Sequence[str], columns: Sequence[str]) -> Frame:
    """Return the frame with empty cells of some columns filled from the rows beside them."""
    if not columns:
        return frame
    keys = frame.groupby(list(within), dropna=False, sort=False)
    return frame.assign(
        **{name: frame[name].fillna(keys[name].transform("first")) for name in columns}
    )


def _explain_same_within(
    frame: Frame,
    failed: Sequence[int],
    records: Records,
    *,
    within: Columns,
    columns: Columns,
    noun: Word,
    skip_empty: ColumnsIfAny,
) -> Iterator[Finding]:
    rows = _without_empty(frame, within, skip_empty).iloc[list(failed)].reset_index(drop=True)
    groups = _groups(rows[list(within)])
    differing = _differing(rows[list(columns)], groups)
    for number, members in enumerate(_members(groups)):
        listed = [failed[i] for i in members]
        differ = [name for name in columns if differing[name].iloc[number]]
        if not differ:
            continue  # the row that differs has an empty or unread cell, which is said there
        place = ", ".join(key_values(frame, within, listed[0]))
        message = (
            f"{key_words(within)} {place} holds rows that differ in {join_words(differ)} "
            f"({listed_rows(records.rows[listed])}); one {noun} is allowed. Correct them."
        )
        for position in listed:
            yield Finding(position=position, column=differ[0], message=message)


@rule(_explain_same_within)
def same_within(
    frame: Frame,
    *,
    within: Columns,
    columns: Columns,
    noun: Word = "sample",
    skip_empty: ColumnsIfAny = (),
) -> "pd.Series[bool]":
    """Hold where all rows that share ``within`` share ``columns`` too (an empty cell is a value).

    ``noun`` is what the columns together say, for the message. An empty cell of ``skip_empty`` is
    no value: another rule says that it is to be filled in, and the rows beside it are not at fault.
    """
    del noun
    given = _without_empty(frame, within, skip_empty)
    groups = _groups(given[list(within)])
    both = _groups(given[[*within, *columns]])
    first = np.unique(groups, return_index=True)[1][groups]
    mixed = np.unique(groups[both != both[first]])
    return pd.Series(~np.isin(groups, mixed), index=frame.index)


# -- cells to fill in ------------------------------------------------------------------------
def _explain_any_filled(
    frame: Frame, failed: Sequence[int], records: Records, *, columns: Columns
) -> Iterator[Finding]:
    del frame, records
    for position in failed:
        yield Finding(
            position=position,
            message=f"The row has none of {_listed(columns)}; "
            "fill in what was recorded, or leave the row out.",
        )


def _listed(columns: Sequence[str]) -> str:
    if len(columns) <= 4:
        return join_words(columns, last="or")
    return f"{columns[0]} … {columns[-2]} or {columns[-1]}"


@rule(_explain_any_filled)
def any_filled(frame: Frame, *, columns: Columns) -> "pd.Series[bool]":
    """Hold where at least one of ``columns`` has a value."""
    return frame[list(columns)].notna().any(axis=1)


def _explain_not_flagged(
    frame: Frame, failed: Sequence[int], records: Records, *, flag: FlagColumn, consequence: Word
) -> Iterator[Finding]:
    del frame
    for position in failed:
        yield Finding(
            position=position,
            column=flag,
            message=f"{records.label(flag, position)} is true; {consequence}.",
        )


@rule(_explain_not_flagged)
def not_flagged(frame: Frame, *, flag: FlagColumn, consequence: Word) -> "pd.Series[bool]":
    """Hold where the flag is not set."""
    del consequence
    return ~frame[flag].fillna(False).astype(bool)
