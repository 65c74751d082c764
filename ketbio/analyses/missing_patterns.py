"""Which visits each participant has: the rows behind the pattern table, nobody dropped."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.course_rows import visit_days
from ketbio.endpoints.frames import one_row_each, require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import CENSORED, LIMIT, MARKER, PARTICIPANT_ID, REASON, VALUE, VISIT

MEASURED, BEYOND, MISSING = "measured", "beyond a limit", "missing"
"""What there is of a participant at a visit; a value beyond a limit is there, without its size."""

COMPLETE, DROP_OUT, INTERMITTENT, NEVER = (
    "complete", "drop-out", "intermittent", "never measured",
)  # fmt: skip
"""Kinds: nothing missing; nothing after a last visit; a gap before a later visit; no visit."""

PATTERN_COLUMNS = [
    PARTICIPANT_ID, "group", VISIT, "day", "state", VALUE, CENSORED, LIMIT, REASON, "pattern",
    "kind",
]  # fmt: skip
NO_RECORD = "no record"
NAN = float("nan")


def ordered_visits(endpoints: pd.DataFrame, visits: Sequence[str] | None) -> tuple[str, ...]:
    """Return the visits in order: those given, else by the days of their names, else as they came.

    Raises
    ------
    TableError
        A visit that does not occur, one named twice, or a text in place of a list.
    """
    here = [str(visit) for visit in dict.fromkeys(endpoints[VISIT])]
    if isinstance(visits, str):
        raise TableError(
            f"visits is the text {visits!r}; a list of visits in order is wanted, such as "
            f'["{visits}"].'
        )
    if visits is None:
        first = next((visit for visit in here if visit.casefold() == "baseline"), here[0])
        days = {visit: visit_days([first, visit], first, None).get(visit) for visit in here}
        known = {visit: day for visit, day in days.items() if day is not None}
        known[first] = 0.0
        if len(known) == len(here) and len(set(known.values())) == len(here):
            return tuple(sorted(here, key=lambda visit: known[visit]))
        return tuple(here)
    if not visits:
        raise TableError("visits is an empty list; name at least one visit, or leave it out.")
    for place, visit in enumerate(visits):
        require_one_of("a visit of visits", visit, here)
        if visit in visits[:place]:
            raise TableError(f"visits names {visit!r} twice; name each visit once, in order.")
    return tuple(visits)


def pattern_rows(
    endpoints: pd.DataFrame,
    *,
    marker: str,
    visits: Sequence[str],
    groups: Mapping[str, str],
) -> pd.DataFrame:
    """Return one row per participant expected and visit, with the pattern of the participant.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    marker : str
        One that occurs in it.
    visits : sequence of str
        In order.
    groups : mapping of str to str
        Everybody expected → arm.

    Returns
    -------
    DataFrame
        `PATTERN_COLUMNS`; ``pattern`` has one character per visit, ``1`` where it is there and
        ``0`` where it is missing.
    """
    own = endpoints[(endpoints[MARKER] == marker) & endpoints[VISIT].isin(visits)]
    one_row_each(own, what="endpoints")
    by_key = {(row[PARTICIPANT_ID], row[VISIT]): row for row in own.to_dict("records")}
    days = visit_days(visits, visits[0], None)
    rows: list[dict[str, Any]] = []
    for participant, group in groups.items():
        found = [by_key.get((participant, visit)) for visit in visits]
        states = [_state(row) for row in found]
        pattern = "".join("0" if state == MISSING else "1" for state in states)
        for visit, row, state in zip(visits, found, states, strict=True):
            rows.append(
                {
                    PARTICIPANT_ID: participant,
                    "group": group,
                    VISIT: visit,
                    "day": days.get(visit, NAN),
                    "state": state,
                    VALUE: row[VALUE] if row else NAN,
                    CENSORED: row[CENSORED] if row else "",
                    LIMIT: row[LIMIT] if row else NAN,
                    REASON: _reason(row, state),
                    "pattern": pattern,
                    "kind": pattern_kind(pattern),
                }
            )
    texts = [PARTICIPANT_ID, "group", VISIT, "state", CENSORED, REASON, "pattern", "kind"]
    table = pd.DataFrame(rows, columns=PATTERN_COLUMNS)
    return table.astype(dict.fromkeys(texts, "str") | {VALUE: "float64", LIMIT: "float64"})


def pattern_kind(pattern: str) -> str:
    """Return the kind of a pattern of ones and zeros.

    Examples
    --------
    >>> [pattern_kind(one) for one in ("111", "110", "101", "011", "000")]
    ['complete', 'drop-out', 'intermittent', 'intermittent', 'never measured']
    """
    if "1" not in pattern:
        return NEVER
    if "0" not in pattern:
        return COMPLETE
    falls_only = all(before >= after for before, after in pairwise(pattern))
    return DROP_OUT if falls_only else INTERMITTENT


def _state(row: Mapping[Any, Any] | None) -> str:
    if row is None:
        return MISSING
    if row[CENSORED]:
        return BEYOND
    return MEASURED if np.isfinite(row[VALUE]) else MISSING


def _reason(row: Mapping[Any, Any] | None, state: str) -> str:
    if state != MISSING:
        return ""
    return str(row[REASON]) or "no value" if row else NO_RECORD
