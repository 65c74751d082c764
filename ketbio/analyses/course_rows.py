"""One row per participant and visit: value, change and percent change, and what is missing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from ketbio.analyses.values import marker_values
from ketbio.endpoints.change import CHANGES
from ketbio.endpoints.frames import one_row_each, require_columns, require_one_of
from ketbio.endpoints.visit_days import named_day
from ketbio.errors import TableError
from ketbio.vocabulary import (
    CENSORED,
    LIMIT,
    MARKER,
    PARTICIPANT_ID,
    REASON,
    SCALE,
    SCALES,
    VALUE,
    VISIT,
)

COURSE_COLUMNS = [
    PARTICIPANT_ID, VISIT, "day", "group", VALUE, "change", "percent_change", CENSORED, LIMIT,
    REASON, "response_percent", "remission_at_or_below",
]  # fmt: skip
ABSENT = "no value at any visit of the course"
NAN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseVisits:
    """The visits of a course in order: those at which somebody has a value, and the others."""

    measured: tuple[str, ...]
    unmeasured: tuple[str, ...]
    baseline: str


def course_visits(
    endpoints: pd.DataFrame, marker: str, visits: Sequence[str] | None, baseline: str | None
) -> CourseVisits:
    """Return the visits of a marker's course, and the one from which changes are counted."""
    here = list(dict.fromkeys(endpoints[VISIT]))
    order = here if visits is None else list(visits)
    for place, visit in enumerate(order):
        require_one_of("a visit of visits", visit, here)
        if visit in order[:place]:
            raise TableError(f"visits names {visit!r} twice; name each visit once, in order.")
    if baseline is not None:
        require_one_of("baseline", baseline, order)
    own = endpoints[endpoints[MARKER] == marker]
    seen = set(own.loc[own[VALUE].notna() | (own[CENSORED] != ""), VISIT])
    measured = tuple(visit for visit in order if visit in seen)
    if len(measured) < 2:
        where = f"at {measured[0]} only" if measured else "at none of them"
        raise TableError(
            f"{marker} has values {where}; a course needs at least two of the visits "
            f"{', '.join(map(repr, order))}."
        )
    return CourseVisits(
        measured=measured,
        unmeasured=tuple(visit for visit in order if visit not in seen),
        baseline=measured[0] if baseline is None else baseline,
    )


def visit_days(
    visits: Sequence[str], baseline: str, days: Mapping[str, float] | None
) -> dict[str, float]:
    """Return the day of every visit, or none at all: an axis cannot be half of days.

    Examples
    --------
    >>> visit_days(["baseline", "day_1", "week_2"], "baseline", None)
    {'baseline': 0.0, 'day_1': 1.0, 'week_2': 14.0}
    >>> visit_days(["baseline", "follow_up"], "baseline", None)
    {}
    """
    found = {baseline: 0.0} | ({} if days is None else {name: float(days[name]) for name in days})
    if days is None:
        for visit in visits:
            day = named_day(visit)
            if day is not None:
                found[visit] = day
    chosen = [found.get(visit, NAN) for visit in visits]
    rises = all(a < b for a, b in pairwise(chosen))
    return dict(zip(visits, chosen, strict=True)) if rises else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseScale:
    """What a percent change of a marker is of, and the thresholds of a rating scale.

    Attributes
    ----------
    floor : float
        Lowest possible value, from which percents count; NaN where there are no percents.
    response_percent, remission_at_or_below : float
        NaN where no response is defined on the marker.
    """

    floor: float
    response_percent: float
    remission_at_or_below: float

    @classmethod
    def of(
        cls, endpoints: pd.DataFrame, marker: str, response: pd.DataFrame | None
    ) -> "CourseScale":
        """Return it from the response table where that is of this scale, else the scale's own."""
        if marker not in SCALES:
            own = endpoints.loc[endpoints[MARKER] == marker, SCALE]
            is_log = bool((own == "log2").any())
            return cls(
                floor=NAN if is_log else 0.0, response_percent=NAN, remission_at_or_below=NAN
            )
        scale = SCALES[marker]
        percent, cut = scale.response_percent, float(scale.remission_at_or_below)
        if response is not None and len(response) and "rating_scale" in response.columns:
            first = response.iloc[0]
            if first["rating_scale"] == marker:
                percent, cut = first["response_percent"], first["remission_at_or_below"]
        return cls(
            floor=float(scale.floor),
            response_percent=float(percent),
            remission_at_or_below=float(cut),
        )


def course_rows(
    endpoints: pd.DataFrame,
    *,
    marker: str,
    visits: Sequence[str],
    baseline: str,
    groups: pd.DataFrame,
    days: Mapping[str, float],
    scale: CourseScale,
) -> pd.DataFrame:
    """Return one row per participant and visit, in the order of the visits.

    Parameters
    ----------
    groups : DataFrame
        ``participant_id, group`` of everybody expected.
    days : mapping of str to float
        Day of every visit; empty where they are not known.
    """
    require_columns(endpoints, [PARTICIPANT_ID, VISIT, MARKER, VALUE], what="endpoints")
    one_row_each(endpoints[endpoints[MARKER] == marker], what="endpoints")
    ids = list(groups[PARTICIPANT_ID])
    tables = {visit: _at(endpoints, marker, visit, ids) for visit in dict.fromkeys(visits)}
    at_baseline = tables.get(baseline)
    before = [NAN] * len(ids) if at_baseline is None else at_baseline[VALUE].to_list()
    parts = []
    for visit in visits:
        table = tables[visit]
        pairs = list(zip(before, table[VALUE], strict=True))
        parts.append(
            table.assign(
                visit=visit,
                day=days.get(visit, NAN),
                group=groups["group"].to_list(),
                change=[_change(*pair) for pair in pairs],
                percent_change=[_percent(*pair, scale.floor) for pair in pairs],
                response_percent=scale.response_percent,
                remission_at_or_below=scale.remission_at_or_below,
            )
        )
    order = {one: place for place, one in enumerate(ids)}
    rows = pd.concat(parts, ignore_index=True)
    by_participant = rows[PARTICIPANT_ID].map(order).sort_values(kind="stable").index
    return rows.loc[by_participant].reset_index(drop=True)


def _at(endpoints: pd.DataFrame, marker: str, visit: str, ids: list[str]) -> pd.DataFrame:
    return marker_values(
        endpoints,
        marker=marker,
        measure="baseline",
        baseline=visit,
        endpoint=visit,
        participants=ids,
    ).table


def _change(before: float, now: float) -> float:
    return NAN if math.isnan(before) or math.isnan(now) else CHANGES["difference"](before, now)


def _percent(before: float, now: float, floor: float) -> float:
    span = before - floor
    return 100 * _change(before, now) / span if span > 0 else NAN
