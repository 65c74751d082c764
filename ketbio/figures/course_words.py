"""What is said of the figure of a course: how to read it, its first mean, who is drawn."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ketbio.figures.labels import amount, spoken, tick_number
from ketbio.figures.limits import beyond_limit
from ketbio.result import Result
from ketbio.vocabulary import LIMIT, PARTICIPANT_ID, REASON, VALUE, VISIT
from ketbio.wording import count_of, format_interval, format_number, join_words

ROOM = 0.5
"""Of the span of the values, that their intervals may take beyond them on the axis."""

ARMS = "A difference between arms describes; only random assignment would let it speak of a cause."
"""Stands where arms are compared, since no result says how participants came into an arm."""


def first_centre(result: Result) -> list[str]:
    """Return the mean or median of all at the first visit, for beside that at the last.

    Examples
    --------
    >>> line = Result(analysis="summarise_course", marker="m", outcome="value at baseline",
    ...               groups=("all",), n={"all": 3}, role="description", estimate=39.25,
    ...               estimate_name="mean", unit="points", ci_low=35.0, ci_high=43.5)
    >>> first_centre(Result(analysis="summarise_course", marker="m", outcome="course", groups=(),
    ...                     n={}, companions=(line,)))
    ['mean at baseline 39.2 points, 95% CI 35.0 to 43.5']
    """
    for one in result.companions:
        if one.groups == ("all",) and np.isfinite(one.estimate):
            when = spoken(one.outcome.removeprefix("value "))
            interval = format_interval(one.ci_low, one.ci_high, level=one.ci_level)
            shown = "" if interval == "no interval" else f", {interval}"
            return [f"{one.estimate_name} {when} {amount(one)}{shown}"]
    return []


def read_course(result: Result) -> list[str]:
    """Return how to read the lines of a course."""
    centre = "median" if "median" in result.estimate_name else "mean"
    bars = any(np.isfinite(one.ci_low) for one in (result, *result.companions))
    level = f"{100 * result.ci_level:g}% CI"
    said = [
        "Each thin line is one participant.",
        f"Thick line: {centre} of those present at the visit"
        + (f"; bar: its {level}." if bars else "."),
    ]
    gaps = _with_gaps(result.data)
    beyond = int((beyond_limit(result.data) != "").sum())
    dashed = [*(["a visit without a value"] if gaps else [])]
    dashed += ["a value beyond a limit"] if beyond else []
    if dashed:
        said.append(f"Dashed: over {join_words(dashed, last='or to')}.")
    if beyond:
        said.append(f"Open ({beyond}): beyond a limit of quantification, drawn at it.")
    if bars and _goes_on(result):
        said.append("Arrow: an interval that goes on beyond the axis.")
    said += _groups_part(result)
    if REASON in result.data:
        said.append("Below: how many have a value.")
    return said


def read_repeated(result: Result) -> list[str]:
    """Return how to read the lines of a marker measured repeatedly.

    Examples
    --------
    >>> read_repeated(Result(analysis="fit_random_effects", marker="m", outcome="", groups=(),
    ...                      n={}))[1]
    'Thick lines: estimated marginal means; bars: their 95% intervals.'
    """
    level = f"{100 * result.ci_level:g}%"
    said = [
        "Each thin line is one participant, dashed over a visit without a value.",
        f"Thick lines: estimated marginal means; bars: their {level} intervals.",
        "Below: how many have a value.",
    ]
    return [*said, ARMS] if len(result.groups) == 2 else said


def interval_room(values: ArrayLike) -> tuple[float, float]:
    """Return how far an axis goes for intervals: those of few values would flatten all lines.

    Examples
    --------
    >>> interval_room([10.0, 20.0, float("nan")])
    (5.0, 25.0)
    """
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known)]
    if not known.size:
        return (float("-inf"), float("inf"))
    low, high = float(known.min()), float(known.max())
    room = ROOM * ((high - low) or abs(high) or 1.0)
    return (low - room, high + room)


def _goes_on(result: Result) -> bool:
    """Return whether an interval that is drawn reaches beyond the axis."""
    limits = result.data[LIMIT] if LIMIT in result.data else result.data[VALUE].head(0)
    low, high = interval_room(pd.concat([result.data[VALUE], limits]))
    pairs = [(one.ci_low, one.ci_high) for one in (result, *result.companions)]
    return any((a < low or b > high) and not (np.isinf(a) and np.isinf(b)) for a, b in pairs)


def _groups_part(result: Result) -> list[str]:
    return [one for one in result.warnings if one.startswith("The groups are defined by")]


def _with_gaps(data: pd.DataFrame) -> bool:
    """Return whether anybody lacks a visit between two others."""
    seen = data[VALUE].notna() | (beyond_limit(data) != "")
    for _, own in seen.groupby(data[PARTICIPANT_ID], sort=False):
        places = np.flatnonzero(own.to_numpy())
        if len(places) and len(places) < places[-1] - places[0] + 1:
            return True
    return False


def count_course(result: Result) -> str:
    """Return how many participants are drawn, and how many of them came to the last visit.

    Examples
    --------
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P1", "P2"], "value": [3.0, 2.0, 4.0],
    ...                      "visit": ["baseline", "day_7", "baseline"]})
    >>> count_course(Result(analysis="summarise_course", marker="m", outcome="course", groups=(),
    ...                     n={"all": 1}, data=rows))
    'n = 2 participants, 1 with a value at day 7.'
    """
    everyone = result.data[PARTICIPANT_ID].nunique()
    last = spoken(str(list(dict.fromkeys(result.data[VISIT]))[-1]))
    return f"n = {count_of(everyone, 'participant')}, {result.n_total} with a value at {last}."


def tell_course(result: Result) -> list[str]:
    """Return what the figure of a course shows, for those who do not see it."""
    told = []
    for one in (*result.companions, result):
        if one.role != "description" and one is not result:
            continue
        where = one.outcome if one is not result else "the last visit"
        who = "" if one.groups in ((), ("all",)) else f"{spoken(one.groups[0])}s "
        if np.isfinite(one.estimate) and one.outcome.startswith("value at "):
            when = spoken(where.removeprefix("value at "))
            told.append(f"{who}{when} {format_number(one.estimate)} (n = {one.n_total})")
    values = result.data[VALUE].dropna()
    low, high = (tick_number(float(f"{end:.3g}")) for end in (values.min(), values.max()))
    everyone = count_of(result.data[PARTICIPANT_ID].nunique(), "participant")
    centre = "Medians" if "median" in result.estimate_name else "Means"
    said = [f"One line per participant ({everyone}), values {low} to {high}."]
    return [*said, *([f"{centre}: {'; '.join(told)}."] if told else [])]


HEADLINE = {"summarise_course": first_centre}
READING = {"summarise_course": read_course, "fit_random_effects": read_repeated}
COUNT = {"summarise_course": count_course}
TELLER = {"summarise_course": ("Trajectory plot", tell_course)}
