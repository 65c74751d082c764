"""What every derivation shares: columns asked for, rows of the endpoints table made."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ketbio.errors import TableError, did_you_mean, unknown_word
from ketbio.vocabulary import (
    ENDPOINT_COLUMNS,
    LIMIT,
    MARKER,
    PARTICIPANT_ID,
    SCALE,
    UNIT,
    VALUE,
    VISIT,
)
from ketbio.wording import join_words

_NUMBERS = (VALUE, LIMIT)


def require_columns(table: pd.DataFrame, columns: Iterable[str], *, what: str) -> None:
    """Raise `TableError` unless every column is there; the message names the missing ones."""
    if not isinstance(table, pd.DataFrame):
        raise TableError(
            f"{what} is a {type(table).__name__}; a pandas DataFrame is wanted, "
            "as read_table() returns it."
        )
    wanted = list(columns)
    twice = [column for column in wanted if list(table.columns).count(column) > 1]
    if twice:
        raise TableError(f"{what} has the column {twice[0]!r} twice; keep one of them.")
    missing = [column for column in wanted if column not in table.columns]
    if missing:
        here = [str(column) for column in table.columns]
        listed = ", ".join(repr(column) for column in missing)
        raise TableError(
            f"{what} has no column {listed}; its columns are "
            f"{', '.join(map(repr, here))}.{did_you_mean(missing[0], here)}"
        )


def require_one_of(what: str, given: object, allowed: Iterable[str]) -> None:
    """Raise `TableError` unless ``given`` is one of the allowed words."""
    words = list(allowed)
    if given not in words:
        raise TableError(unknown_word(what, given, words))


def endpoint_table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Return rows as an endpoints table: its columns in order, its types set.

    Missing keys become ``""`` (text) or NaN (``value``, ``limit``).
    """
    filled = [
        {name: row.get(name, float("nan") if name in _NUMBERS else "") for name in ENDPOINT_COLUMNS}
        for row in rows
    ]
    table = pd.DataFrame(filled, columns=list(ENDPOINT_COLUMNS))
    types = {name: "float64" if name in _NUMBERS else "str" for name in ENDPOINT_COLUMNS}
    return table.astype(types)


def one_row_each(table: pd.DataFrame, *, what: str) -> None:
    """Raise `TableError` where a participant × visit × marker occurs twice."""
    twice = table[table.duplicated([PARTICIPANT_ID, VISIT, MARKER], keep=False)]
    if len(twice):
        first = twice.iloc[0]
        raise TableError(
            f"{what} has {len(twice)} rows that share participant, visit and marker, the first: "
            f"{first[PARTICIPANT_ID]}, {first[VISIT]}, {first[MARKER]}; one row each is allowed. "
            "Pool replicates first, or remove the duplicate."
        )


def select_markers(endpoints: pd.DataFrame, markers: Sequence[str] | None) -> list[str]:
    """Return the markers asked for (all that are there when None), each known to be there."""
    require_columns(endpoints, ENDPOINT_COLUMNS, what="endpoints")
    here = list(dict.fromkeys(endpoints[MARKER]))
    asked = here if markers is None else list(markers)
    for marker in asked:
        require_one_of("marker", marker, here)
        measured_alike(endpoints[endpoints[MARKER] == marker])
    return asked


def measured_alike(rows: pd.DataFrame) -> None:
    """Raise `TableError` where the values of one marker are in two units or on two scales."""
    known = rows[rows[VALUE].notna()]
    for column in (UNIT, SCALE):
        words = list(dict.fromkeys(known[column]))
        if len(words) > 1:
            raise TableError(
                f"the {column}s of {known[MARKER].iloc[0]} differ: "
                f"{join_words(map(repr, words))}; one {column} is allowed. Bring all values to one "
                f"{column} first."
            )


def select_visit(endpoints: pd.DataFrame, visit: str, *, argument: str) -> None:
    """Raise `TableError` unless the visit occurs in the endpoints."""
    require_one_of(argument, visit, dict.fromkeys(endpoints[VISIT]))
