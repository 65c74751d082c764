"""Two deliveries of one table → what changed between them, row by row of the same key."""

from collections.abc import Collection, Iterator, Sequence
from os import PathLike
from typing import Any

import pandas as pd

from ketbio.errors import SchemaError, did_you_mean
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.tables.delivered_rows import Delivery, Key, delivery_of, folded_units
from ketbio.tables.differences import (
    CHANGED,
    COLUMN_ADDED,
    COLUMN_VANISHED,
    EMPTIED,
    FILLED,
    KINDS,
    NEW_NOT_COMPARED,
    OLD_NOT_COMPARED,
    REWRITTEN,
    ROW_ADDED,
    ROW_VANISHED,
    Difference,
    Differences,
)
from ketbio.tables.keywords import several
from ketbio.tables.outcome.check import Check
from ketbio.tables.reading import check_table
from ketbio.wording import count_of


def compare_deliveries(
    old: str | PathLike[str] | pd.DataFrame,
    new: str | PathLike[str] | pd.DataFrame,
    schema: str | PathLike[str],
    *,
    keys: Collection[str] | None = None,
    **how: Any,
) -> Differences:
    """Return what changed between two deliveries of a table; the order of the rows is nothing.

    Parameters
    ----------
    old, new : path or DataFrame
        The earlier and the later delivery, of any kind that `check_table` reads.
    schema : str or path
        The schema of both.
    keys : collection of str, optional
        Columns that together identify a row; those of the schema's rule of unique rows by default.
    **how
        Every keyword of `check_table`, for both deliveries. Columns that ``ignore`` names are not
        compared.

    Returns
    -------
    Differences
        Two numbers of equal value (3 and 3.0) are the same, written differently; levels are
        compared in one unit. A code is the same only where it is written alike. Rows whose key
        stands more than once, or is empty, cannot be told apart: those that have no equal in the
        other delivery are listed as not compared. Direct identifiers are masked as in a check.

    Raises
    ------
    FileError
        A file cannot be used, or its key holds direct identifiers or is not there.
    SchemaError
        There is no such schema, it has no rule of unique rows, or ``keys`` names no column.

    Examples
    --------
    >>> march = pd.DataFrame({"participant_id": ["P01", "P02"], "age_years": ["15", "16.0"]})
    >>> april = pd.DataFrame({"participant_id": ["P02", "P01"], "age_years": ["16", "51"]})
    >>> differences = compare_deliveries(march, april, "participants")
    >>> print(differences.frame[["kind", "participant_id", "column", "old", "new"]])
                      kind participant_id     column   old new
    0              changed            P01  age_years    15  51
    1  written differently            P02  age_years  16.0  16
    """
    contract = load_schema(schema)
    before, after = (check_table(source, schema, **how) for source in (old, new))
    by = _keys(keys, contract, before, after)
    ignored = set(how.get("ignore", ()))
    one = delivery_of(before, by, contract, ignored, "old")
    other = delivery_of(after, by, contract, ignored, "new")
    one, other = folded_units(one, other, contract), folded_units(other, one, contract)
    found, n_same = _differences(one, other, _needed(by, contract), len(by))
    return Differences(
        table=contract.name,
        old_file=before.file,
        new_file=after.file,
        keys=by,
        found=tuple(sorted(found, key=lambda one: KINDS.index(one.kind))),
        n_old=before.n_incoming,
        n_new=after.n_incoming,
        n_same=n_same,
        notes=tuple(dict.fromkeys((*one.notes, *other.notes))),
    )


def _keys(
    keys: Collection[str] | None, schema: TableSchema, old: Check, new: Check
) -> tuple[str, ...]:
    """Return the columns that identify a row: the caller's, or those of the schema's rule."""
    if keys is not None:
        keys = several(keys, "keys")
        known = [*schema.columns, *old.records.cells, *new.records.cells]
        unknown = [name for name in keys if name not in known]
        if unknown or not keys:
            shown = repr(unknown[0]) if unknown else "empty"
            raise SchemaError(
                f"keys is {shown}, but columns of {schema.name} are wanted."
                f"{did_you_mean(unknown[0], known) if unknown else ''}"
            )
        return tuple(keys)
    rules = [rule for rule in schema.rules if rule.check == "unique_rows"]
    if not rules:
        raise SchemaError(
            f"{schema.name} has no rule of unique rows, so that nothing says which columns "
            "identify a row; name them as keys (--keys on the command line)."
        )
    return tuple(rules[0].settings["columns"])


def _needed(keys: Sequence[str], schema: TableSchema) -> tuple[int, ...]:
    """Return the parts of a key that a row must have to be told from others."""
    required = [
        i for i, name in enumerate(keys) if name in schema.columns and schema.columns[name].required
    ]
    return tuple(required)


def _differences(
    old: Delivery, new: Delivery, needed: Sequence[int], n_keys: int
) -> tuple[list[Difference], int]:
    """Return all differences, and how many records are in both and alike."""
    shared = [name for name in old.values if name in new.values]
    found = [
        *_columns(old, new, COLUMN_VANISHED, n_keys),
        *_columns(new, old, COLUMN_ADDED, n_keys),
    ]
    before, after = old.places(), new.places()
    n_same = 0
    for key in {**before, **after}:
        one, other = before.get(key, []), after.get(key, [])
        is_told_apart = any(key) and all(key[i] for i in needed)
        if len(one) == len(other) == 1 and is_told_apart:
            cells = list(_cells(key, (old, one[0]), (new, other[0]), shared))
            n_same += all(cell.kind == REWRITTEN for cell in cells)
            found += cells
        else:
            one, other, n = _without_equals((old, one), (new, other), shared)
            n_same += n
            found += _rows(key, (old, one), (new, other))
    return found, n_same


def _columns(here: Delivery, there: Delivery, kind: str, n_keys: int) -> Iterator[Difference]:
    for name, cells in here.written.items():
        if name not in there.written:
            told = count_of(sum(map(bool, cells)), "filled cell")
            is_new = kind == COLUMN_ADDED
            yield Difference(
                kind=kind,
                key=("",) * n_keys,
                column=name,
                old="" if is_new else told,
                new=told if is_new else "",
            )


def _cells(
    key: Key, old: tuple[Delivery, int], new: tuple[Delivery, int], shared: Sequence[str]
) -> Iterator[Difference]:
    (before, i), (after, j) = old, new
    for name in shared:
        was, now = before.written[name][i], after.written[name][j]
        value, other = before.values[name][i], after.values[name][j]
        if was == now and value == other:
            continue
        if was == now:  # alike as written, but under another unit
            was, now = f"{was} (read as {value})", f"{now} (read as {other})"
        yield Difference(
            kind=_kind(value, other),
            key=key,
            column=name,
            old=was,
            new=now,
            old_row=before.row(i, name),
            new_row=after.row(j, name),
        )


def _kind(value: str, other: str) -> str:
    if value == other:
        return REWRITTEN
    if not value:
        return FILLED
    return CHANGED if other else EMPTIED


def _without_equals(
    old: tuple[Delivery, list[int]], new: tuple[Delivery, list[int]], shared: Sequence[str]
) -> tuple[list[int], list[int], int]:
    """Take the rows that are alike in both away; return what is left, and how many pairs went."""
    (before, one), (after, other) = old, new
    waiting: dict[tuple[str, ...], list[int]] = {}
    for j in reversed(other):
        waiting.setdefault(tuple(after.values[name][j] for name in shared), []).append(j)
    left = []
    for i in one:
        same = waiting.get(tuple(before.values[name][i] for name in shared))
        if same:
            same.pop()
        else:
            left.append(i)
    rest = sorted(j for places in waiting.values() for j in places)
    return left, rest, len(one) - len(left)


def _rows(
    key: Key, old: tuple[Delivery, list[int]], new: tuple[Delivery, list[int]]
) -> Iterator[Difference]:
    """Return the rows of one delivery only; where both have some, none can be said to have gone."""
    (before, one), (after, other) = old, new
    is_unclear = bool(one and other)
    for i in one:
        kind = OLD_NOT_COMPARED if is_unclear else ROW_VANISHED
        yield Difference(kind=kind, key=key, old_row=before.row(i))
    for j in other:
        kind = NEW_NOT_COMPARED if is_unclear else ROW_ADDED
        yield Difference(kind=kind, key=key, new_row=after.row(j))
