"""Pairs of values of two markers over the visits of each participant: at a visit, or lagged."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ketbio.analyses.companions import FloatArray
from ketbio.endpoints.change import CHANGES
from ketbio.endpoints.frames import one_row_each, require_one_of, select_markers
from ketbio.errors import TableError
from ketbio.vocabulary import CENSORED, MARKER, PARTICIPANT_ID, REASON, UNIT, VALUE, VISIT
from ketbio.wording import count_of, join_words

MEASURES = ("level", "change")
LEAST_EACH = 2
"""One pair of values says nothing about what goes on within a participant."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RepeatedPairs:
    """What is correlated within participants.

    Attributes
    ----------
    data : DataFrame
        ``participant_id, visit, visit_y, x, y``, in the order of participants and visits; those
        with at least two pairs.
    excluded : DataFrame
        ``participant_id, reason`` of everybody else who has a row of either marker.
    visits : tuple of str
        In order.
    units : tuple of str
        Of x and y.
    n_beyond : int
        Values left out since only a limit of them is known.
    """

    data: pd.DataFrame
    excluded: pd.DataFrame
    visits: tuple[str, ...]
    units: tuple[str, str]
    n_beyond: int

    @property
    def x(self) -> FloatArray:
        """Of the marker, shape (pairs,)."""
        return self.data["x"].to_numpy(dtype=np.float64)

    @property
    def y(self) -> FloatArray:
        """Of the outcome, shape (pairs,)."""
        return self.data["y"].to_numpy(dtype=np.float64)

    @property
    def ids(self) -> list[str]:
        """Whose pairs these are, shape (pairs,)."""
        return list(self.data[PARTICIPANT_ID])

    @property
    def people(self) -> list[str]:
        """Each participant once."""
        return list(dict.fromkeys(self.ids))


def repeated_pairs(
    endpoints: pd.DataFrame,
    *,
    marker: str,
    outcome: str,
    visits: Sequence[str] | None,
    measure: str,
    lag: int,
) -> RepeatedPairs:
    """Return the pairs of values of a marker and an outcome.

    Raises
    ------
    TableError
        An unknown marker or visit, a visit twice, too few visits for the lag, or a participant
        twice at a visit.
    """
    select_markers(endpoints, [marker, outcome])
    order = _visits(endpoints, marker, outcome, visits)
    needed = lag + (2 if measure == "level" else 3)
    if len(order) < needed:
        raise TableError(
            f"{marker} and {outcome} share {count_of(len(order), 'visit')} "
            f"({join_words(order) or 'none'}); {measure}s with a lag of {lag} need at least "
            f"{needed}, for two pairs of them per participant. Name more visits, or a smaller lag."
        )
    rows = endpoints[endpoints[MARKER].isin([marker, outcome])]
    one_row_each(rows, what="endpoints")
    x, y = (_wide(rows, name, order) for name in (marker, outcome))
    people = list(dict.fromkeys(rows[PARTICIPANT_ID]))
    table = _paired(x.reindex(people), y.reindex(people), order, measure, lag)
    counts = table.groupby(PARTICIPANT_ID).size().reindex(people, fill_value=0)
    few = counts[counts < LEAST_EACH]
    here = rows[rows[VISIT].isin(order)]
    return RepeatedPairs(
        data=table[~table[PARTICIPANT_ID].isin(few.index)].reset_index(drop=True),
        excluded=pd.DataFrame(
            [(one, _why(int(n), measure)) for one, n in few.items()],
            columns=[PARTICIPANT_ID, REASON],
            dtype=str,
        ),
        visits=order,
        units=(_unit(rows, marker), _unit(rows, outcome)),
        n_beyond=int((here[CENSORED] != "").sum()),
    )


def complete_table(pairs: RepeatedPairs, column: str) -> FloatArray:
    """Return one side of those with every pair, participants in rows."""
    wide = pairs.data.pivot_table(index=PARTICIPANT_ID, columns=VISIT, values=column)
    return wide.dropna().to_numpy(dtype=np.float64)


def _visits(
    endpoints: pd.DataFrame, marker: str, outcome: str, visits: Sequence[str] | None
) -> tuple[str, ...]:
    """Return the visits in order at which somebody has a value of each of the two."""
    here = list(dict.fromkeys(endpoints[VISIT]))
    order = here if visits is None else list(visits)
    for place, visit in enumerate(order):
        require_one_of("a visit of visits", visit, here)
        if visit in order[:place]:
            raise TableError(f"visits names {visit!r} twice; name each visit once, in order.")
    known = endpoints[endpoints[VALUE].notna() & (endpoints[CENSORED] == "")]
    seen = [set(known.loc[known[MARKER] == name, VISIT]) for name in (marker, outcome)]
    return tuple(visit for visit in order if visit in seen[0] & seen[1])


def _wide(rows: pd.DataFrame, marker: str, order: Sequence[str]) -> pd.DataFrame:
    own = rows[(rows[MARKER] == marker) & (rows[CENSORED] == "")]
    wide = own.pivot_table(index=PARTICIPANT_ID, columns=VISIT, values=VALUE, aggfunc="first")
    return wide.reindex(columns=list(order))


def _paired(
    x: pd.DataFrame, y: pd.DataFrame, order: Sequence[str], measure: str, lag: int
) -> pd.DataFrame:
    first = 0 if measure == "level" else 1
    parts = [
        pd.DataFrame(
            {
                PARTICIPANT_ID: x.index,
                VISIT: order[at],
                "visit_y": order[at + lag],
                "x": _at(x, order, at, measure),
                "y": _at(y, order, at + lag, measure),
                "place": range(len(x)),
            }
        )
        for at in range(first, len(order) - lag)
    ]
    table = pd.concat(parts, ignore_index=True).dropna(subset=["x", "y"])
    table = table.sort_values("place", kind="stable").drop(columns="place")
    return table.astype({PARTICIPANT_ID: "str"}).reset_index(drop=True)


def _at(wide: pd.DataFrame, order: Sequence[str], at: int, measure: str) -> FloatArray:
    """Return the values at a visit, or their change from the visit before."""
    now = wide[order[at]].to_numpy(dtype=np.float64)
    if measure == "level":
        return now
    before = wide[order[at - 1]].to_numpy(dtype=np.float64)
    return np.array(
        [CHANGES["difference"](a, b) for a, b in zip(before, now, strict=True)], dtype=np.float64
    )


def _why(n: int, measure: str) -> str:
    what = "both values" if measure == "level" else "both changes"
    return f"{what} at {'one visit only' if n else 'no visit'}"


def _unit(rows: pd.DataFrame, marker: str) -> str:
    return str(rows.loc[rows[MARKER] == marker, UNIT].iloc[0])
