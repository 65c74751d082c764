"""The day of a visit, as its name says it."""

import re
from collections.abc import Iterable, Mapping
from math import isfinite
from numbers import Real

from ketbio.errors import TableError

DAYS_PER = {
    "day": 1.0, "week": 7.0, "d": 1.0, "w": 7.0, "hour": 1 / 24, "h": 1 / 24,
    "minute": 1 / 1440, "min": 1 / 1440,
}  # fmt: skip
"""Unit in the name of a visit → days."""
NAMED_DAY = re.compile(rf"(?i)({'|'.join(DAYS_PER)})[_ ]?(\d+(?:\.\d+)?)")


def named_day(visit: str) -> float | None:
    """Return the day that the name of a visit says; None where it says none.

    Examples
    --------
    >>> [named_day(one) for one in ("day_14", "week 2", "hour_6", "follow_up")]
    [14.0, 14.0, 0.25, None]
    """
    found = NAMED_DAY.fullmatch(visit)
    return DAYS_PER[found[1].lower()] * float(found[2]) if found else None


def days_after(
    visits: Iterable[str], baseline: str, days: Mapping[str, float] | None
) -> dict[str, float]:
    """Return the day of every visit, counted from the baseline visit, or refuse what lacks one.

    Parameters
    ----------
    visits : iterable of str
    baseline : str
        Day 0, where ``days`` does not say otherwise.
    days : mapping of str to float or None
        Visit → day; what the names say where None.

    Raises
    ------
    TableError
        A visit without a day, or a day that is no finite number.

    Examples
    --------
    >>> days_after(["baseline", "day_1", "week_1"], "baseline", None)
    {'baseline': 0.0, 'day_1': 1.0, 'week_1': 7.0}
    """
    start = _number(baseline, days.get(baseline, 0.0)) if days is not None else 0.0
    found = {}
    for visit in visits:
        day = named_day(visit) if days is None else days.get(visit)
        if visit == baseline:
            day = start
        if day is None:
            how = (
                "its name says none (as day_14, week_2 or hour_24 do); give days={...} with the "
                "day of every visit"
                if days is None
                else "days has none for it; add it"
            )
            raise TableError(
                f"the visit {visit!r} has no day: {how}, or leave the visit out with visits=[...]."
            )
        found[visit] = _number(visit, day) - start
    return found


def _number(visit: str, day: object) -> float:
    if isinstance(day, bool) or not isinstance(day, Real) or not isfinite(day):
        raise TableError(
            f"the day of {visit!r} is {day!r}; allowed: a number of days, counted from the "
            "baseline visit. Correct days."
        )
    return float(day)
