"""When somebody first responded, remitted or relapsed, as the visits saw it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from ketbio.endpoints.frames import one_row_each, require_one_of, select_markers
from ketbio.endpoints.visit_days import days_after, named_day
from ketbio.errors import TableError
from ketbio.vocabulary import (
    MARKER,
    NOTE,
    PARTICIPANT_ID,
    REASON,
    SCALES,
    VALUE,
    VISIT,
)
from ketbio.wording import join_words

EVENT_TIME_COLUMNS = (
    PARTICIPANT_ID, "rating_scale", "event", "rule", "day", "is_event", "after_day", "from_visit",
    VISIT, "baseline_value", VALUE, REASON, NOTE,
)  # fmt: skip
"""Columns of the table of event times: one row per participant."""

EVENTS = ("response", "remission", "relapse")
RELAPSES = ("response_lost", "half_lost")
_NAN = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What counts as the events on one scale."""

    scale: str
    floor: float
    percent: float
    cut: float
    relapse: str

    def responds(self, baseline: float, value: float) -> bool:
        # products, not the quotient: 50 % of 33 points must not hang on rounding
        return 100 * (baseline - value) >= self.percent * (baseline - self.floor)

    def remits(self, _baseline: float, value: float) -> bool:
        return value <= self.cut

    def relapses(self, baseline: float, at_response: float, value: float) -> bool:
        if self.relapse == "response_lost":
            return not self.responds(baseline, value)
        return 2 * (value - at_response) >= baseline - at_response

    def words(self, event: str) -> str:
        """Return the rule of an event, as written for readers."""
        lost = {
            "response_lost": f"a reduction below {self.percent:g}% after a response",
            "half_lost": "at least half of the improvement at the first response lost",
        }
        return {
            "response": f"a reduction of at least {self.percent:g}%",
            "remission": f"a total of {self.cut:g} or lower",
            "relapse": lost[self.relapse],
        }[event]


def derive_event_times(
    endpoints: pd.DataFrame,
    *,
    baseline: str,
    marker: str = "MADRS",
    event: str = "response",
    visits: Sequence[str] | None = None,
    days: Mapping[str, float] | None = None,
    reduction_percent: float | None = None,
    remission_at_or_below: float | None = None,
    relapse: str = "response_lost",
    participants: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return the day of each participant's first event, or of the last visit without it.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table, with the scale as a marker.
    baseline : str
        The visit before treatment; days are counted from it.
    marker : str
        The rating scale.
    event : {"response", "remission", "relapse"}
        The first visit after baseline with a response or a remission; the first visit after the
        first response with a relapse, in days since that response.
    visits : sequence of str, optional
        Visits to look at, in order; all after baseline when None.
    days : mapping of str to float, optional
        Visit → its day; what the visits' names say when None (``"day_14"``, ``"hour_24"``).
    reduction_percent, remission_at_or_below : float, optional
        As `derive_response` takes them; the scale's own when None.
    relapse : {"response_lost", "half_lost"}
        A reduction below the response's, or at least half of the improvement at the first response
        lost.
    participants : iterable of str, optional
        Whom to expect; all in ``endpoints`` when None.

    Returns
    -------
    DataFrame
        `EVENT_TIME_COLUMNS`. ``day`` is that of the visit at which the event was first seen, or of
        the last visit with a value (``is_event`` False); ``after_day`` that of the last visit
        without it: the event came at some time between. Who cannot be followed has a ``reason``.

    Raises
    ------
    TableError
        Unknown words, a visit without a day, days that do not rise, or a visit before baseline.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_scale_total
    >>> totals = derive_scale_total(pd.DataFrame({"participant_id": ["P01", "P02"] * 3,
    ...     "visit": ["baseline"] * 2 + ["day_1"] * 2 + ["day_7"] * 2,
    ...     "madrs_total": [38.0, 31, 30, 20, 18, 21]}))
    >>> times = derive_event_times(totals, baseline="baseline")
    >>> times[["participant_id", "day", "is_event", "after_day"]]
      participant_id  day  is_event  after_day
    0            P01  7.0      True        1.0
    1            P02  7.0     False        7.0
    """
    require_one_of("marker", marker, SCALES)
    require_one_of("event", event, EVENTS)
    require_one_of("relapse", relapse, RELAPSES)
    select_markers(endpoints, [marker])
    rule = _rule(marker, reduction_percent, remission_at_or_below, relapse)
    own = endpoints[endpoints[MARKER] == marker]
    one_row_each(own, what="endpoints")
    order = _visits_in_order(own, baseline, visits, days)
    expected = list(
        dict.fromkeys(endpoints[PARTICIPANT_ID] if participants is None else participants)
    )
    known = own[own[VALUE].notna()]
    seen: dict[str, dict[str, float]] = {}
    for who, visit, value in zip(known[PARTICIPANT_ID], known[VISIT], known[VALUE], strict=True):
        seen.setdefault(who, {})[visit] = float(value)
    rows = [
        {PARTICIPANT_ID: who, **_followed(seen.get(who, {}), order, baseline, event, rule)}
        for who in expected
    ]
    table = pd.DataFrame(rows, columns=list(EVENT_TIME_COLUMNS))
    table = table.assign(rating_scale=marker, event=event, rule=rule.words(event))
    texts = ("rating_scale", "event", "rule", "from_visit", VISIT, REASON, NOTE)
    return table.astype(
        dict.fromkeys(texts, "str")
        | dict.fromkeys(("day", "after_day", "baseline_value", VALUE), "float64")
        | {"is_event": "boolean"}
    )


def _rule(marker: str, percent: float | None, cut: float | None, relapse: str) -> _Rule:
    scale = SCALES[marker]
    chosen = scale.response_percent if percent is None else percent
    if not 0 < chosen <= 100:
        raise TableError(
            f"reduction_percent is {chosen!r}; more than 0 and at most 100 is allowed."
        )
    return _Rule(
        scale=marker,
        floor=float(scale.floor),
        percent=float(chosen),
        cut=float(scale.remission_at_or_below if cut is None else cut),
        relapse=relapse,
    )


def _visits_in_order(
    own: pd.DataFrame,
    baseline: str,
    visits: Sequence[str] | None,
    days: Mapping[str, float] | None,
) -> dict[str, float]:
    """Return the visits after baseline with their days, in order of the days."""
    here = list(dict.fromkeys(own[VISIT]))
    require_one_of("baseline", baseline, here)
    for visit in visits or ():
        require_one_of("a visit of visits", visit, here)
    asked = [one for one in (here if visits is None else visits) if one != baseline]
    if visits is None and days is None:
        before = [one for one in here[: here.index(baseline)] if named_day(one) is None]
        asked = [one for one in asked if one not in before]  # a screening visit
    found = days_after([baseline, *asked], baseline, days)
    del found[baseline]
    if visits is None:
        found = {one: found[one] for one in sorted(found, key=lambda one: found[one])}
        found = {one: day for one, day in found.items() if day > 0}
    _refuse_falling(found, baseline)
    return found


def _refuse_falling(found: Mapping[str, float], baseline: str) -> None:
    for visit, day in found.items():
        if day <= 0:
            raise TableError(
                f"the visit {visit!r} is on day {day:g}, which is not after {baseline!r}; an event "
                "is looked for after baseline. Correct days, or leave the visit out."
            )
    for (first, day), (second, next_day) in pairwise(found.items()):
        if next_day <= day:
            raise TableError(
                f"days do not rise with the visits: {first!r} is on day {day:g} and {second!r} "
                f"after it on day {next_day:g}; correct days, or the order of visits."
            )
    if not found:
        raise TableError(
            f"there is no visit after {baseline!r}, so that no event can be seen; name the visits "
            "to look at, or another baseline."
        )


def _followed(
    seen: Mapping[str, float], days: Mapping[str, float], baseline: str, event: str, rule: _Rule
) -> dict[str, Any]:
    """Return the row of one participant."""
    start = seen.get(baseline)
    if start is None:
        return _unknown(f"no {rule.scale} at {baseline}")
    if start <= rule.floor and event != "remission":
        return _unknown(
            f"baseline is at the floor of the {rule.scale}: a reduction in percent does not exist"
        )
    if event == "relapse":
        return _relapse(seen, days, baseline, rule)
    if event == "remission" and rule.remits(start, start):
        return _unknown(f"in remission already at {baseline}")
    holds = {"response": rule.responds, "remission": rule.remits}[event]
    return _row(seen, days, baseline, start, holds)


def _relapse(
    seen: Mapping[str, float], days: Mapping[str, float], baseline: str, rule: _Rule
) -> dict[str, Any]:
    start = seen[baseline]
    responded = [one for one in days if one in seen and rule.responds(start, seen[one])]
    if not responded:
        return _unknown("no response was seen, which a relapse could follow")
    first = responded[0]
    later = {one: day - days[first] for one, day in days.items() if day > days[first]}

    def relapses(baseline_value: float, value: float) -> bool:
        return rule.relapses(baseline_value, seen[first], value)

    return _row(seen, later, first, start, relapses)


def _row(
    seen: Mapping[str, float],
    days: Mapping[str, float],
    origin: str,
    start: float,
    holds: Callable[[float, float], bool],
) -> dict[str, Any]:
    followed = [visit for visit in days if visit in seen]
    if not followed:
        return _unknown(f"no value at any visit after {origin}")
    event = next((visit for visit in followed if holds(start, seen[visit])), None)
    last = event or followed[-1]
    before = [visit for visit in followed if days[visit] < days[last]]
    after = days[last] if event is None else (days[before[-1]] if before else 0.0)
    missed = [one for one, day in days.items() if after < day < days[last] and one not in seen]
    return {
        "day": days[last],
        "is_event": event is not None,
        "after_day": after,
        "from_visit": origin,
        VISIT: last,
        "baseline_value": start,
        VALUE: seen[last],
        REASON: "",
        NOTE: f"not seen at {join_words(missed)}: it may have come by then" if missed else "",
    }


def _unknown(reason: str) -> dict[str, Any]:
    return {
        "day": _NAN, "is_event": None, "after_day": _NAN, "from_visit": "", VISIT: "",
        "baseline_value": _NAN, VALUE: _NAN, REASON: reason, NOTE: "",
    }  # fmt: skip
