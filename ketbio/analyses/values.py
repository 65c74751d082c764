"""One marker, one value per participant, with who is left out and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from ketbio.endpoints import derive_change
from ketbio.endpoints.change import why_missing
from ketbio.endpoints.frames import (
    one_row_each,
    require_columns,
    require_one_of,
    select_markers,
    select_visit,
)
from ketbio.errors import TableError
from ketbio.vocabulary import CENSORED, LIMIT, MARKER, PARTICIPANT_ID, REASON, UNIT, VALUE, VISIT

MEASURES = ("change", "baseline", "endpoint")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkerValues:
    """Values of one marker.

    Attributes
    ----------
    marker, unit : str
        The marker and the unit of its values.
    outcome : str
        What the values are, in words.
    table : DataFrame
        ``participant_id, value, censored, limit, reason`` and, for a change, ``baseline_value``
        and ``endpoint_value``; one row per participant expected.
    """

    marker: str
    unit: str
    outcome: str
    table: pd.DataFrame


def marker_values(
    endpoints: pd.DataFrame,
    *,
    marker: str,
    measure: str,
    baseline: str,
    endpoint: str,
    participants: Iterable[str],
) -> MarkerValues:
    """Return a marker's change, or its value at one of the two visits, per participant."""
    require_one_of("measure", measure, MEASURES)
    select_markers(endpoints, [marker])
    if measure == "change":
        return _changes(endpoints, marker, baseline, endpoint, participants)
    visit = baseline if measure == "baseline" else endpoint
    return _at_visit(endpoints, marker, visit, participants)


def require_shared_ids(
    endpoints: pd.DataFrame, response: pd.DataFrame, *, what: str = "response"
) -> None:
    """Raise `TableError` where no participant is in both tables, as with ids of two kinds."""
    require_columns(endpoints, [PARTICIPANT_ID], what="endpoints")
    theirs, ours = list(response[PARTICIPANT_ID]), list(endpoints[PARTICIPANT_ID])
    if theirs and ours and not set(theirs) & set(ours):
        raise TableError(
            f"no participant of {what} is in endpoints: participant_id is {theirs[0]!r} … there "
            f"and {ours[0]!r} … here; write the ids alike, as text."
        )


def require_one_row_each(response: pd.DataFrame) -> None:
    """Raise `TableError` where a participant has two rows in the response table."""
    ids = response[PARTICIPANT_ID]
    twice = ids[ids.duplicated()]
    if len(twice):
        raise TableError(
            f"response has two rows of {twice.iloc[0]}; one row per participant is allowed. "
            "Remove the duplicate."
        )


def markers_asked(marker: str | Sequence[str]) -> list[str]:
    """Return one name or several as a list.

    Raises
    ------
    TableError
        Neither a name nor names, no name at all, or one twice.

    Examples
    --------
    >>> markers_asked("BDNF_serum")
    ['BDNF_serum']
    """
    if isinstance(marker, str):
        return [marker]
    if not isinstance(marker, Iterable):
        raise TableError(f"marker is {marker!r}; allowed: the name of a marker, or a list of them.")
    names = list(marker)
    if not names:
        raise TableError(
            "marker is an empty list; allowed: the name of a marker, or a list of at least one."
        )
    for place, name in enumerate(names):
        if name in names[:place]:
            raise TableError(
                f"marker names {name!r} twice; allowed: each marker once, since the p values are "
                "adjusted for how many there are. Remove one."
            )
    return names


def excluded_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``participant_id, reason`` of the rows that carry a reason."""
    return table.loc[table[REASON] != "", [PARTICIPANT_ID, REASON]].reset_index(drop=True)


def _changes(
    endpoints: pd.DataFrame, marker: str, baseline: str, endpoint: str, participants: Iterable[str]
) -> MarkerValues:
    change = derive_change(
        endpoints, baseline=baseline, endpoint=endpoint, markers=[marker], participants=participants
    )
    table = change.rename(columns={"change": VALUE})
    columns = [PARTICIPANT_ID, VALUE, "baseline_value", "endpoint_value", REASON]
    return MarkerValues(
        marker=marker,
        unit=str(change[UNIT].iloc[0]) if len(change) else "",
        outcome=f"change, {baseline} to {endpoint}",
        table=table[columns].assign(censored="", limit=float("nan")),
    )


def _at_visit(
    endpoints: pd.DataFrame, marker: str, visit: str, participants: Iterable[str]
) -> MarkerValues:
    select_visit(endpoints, visit, argument="visit")
    rows = endpoints[(endpoints[MARKER] == marker) & (endpoints[VISIT] == visit)]
    one_row_each(rows, what="endpoints")
    by_id = {row[PARTICIPANT_ID]: row for row in rows.to_dict("records")}
    records = []
    for participant in participants:
        row = by_id.get(participant)
        censored = row[CENSORED] if row else ""
        records.append(
            {
                PARTICIPANT_ID: participant,
                VALUE: row[VALUE] if row else float("nan"),
                CENSORED: censored,
                LIMIT: row[LIMIT] if row else float("nan"),
                REASON: "" if censored else why_missing(row, visit),
            }
        )
    unit = endpoints.loc[endpoints[MARKER] == marker, UNIT].iloc[0]
    table = pd.DataFrame(records, columns=[PARTICIPANT_ID, VALUE, CENSORED, LIMIT, REASON])
    return MarkerValues(marker=marker, unit=str(unit), outcome=f"value at {visit}", table=table)
