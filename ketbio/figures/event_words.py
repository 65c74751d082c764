"""What is said of the figures of response rates and of times to an event."""

import math

from ketbio.figures.labels import spoken
from ketbio.result import Result
from ketbio.wording import (
    capitalised,
    count_of,
    day_words,
    format_interval,
    format_number,
    join_words,
)

GROUP = "group"
RATES = "compare_response_rates"
TIMES = "describe_time_to_response"


def event_of(result: Result) -> str:
    """Return the event of a result of times: ``"response"``, ``"remission"`` or ``"relapse"``.

    Examples
    --------
    >>> event_of(Result(analysis="describe_time_to_response", marker="MADRS", groups=(), n={},
    ...                 outcome="time to relapse (a reduction below 50% after a response)"))
    'relapse'
    """
    return result.outcome.removeprefix("time to ").partition(" (")[0] or "event"


def is_of_remission(result: Result) -> bool:
    """Return whether the rates are of remission."""
    return result.outcome.startswith("remission")


def groups_drawn(result: Result) -> list[str]:
    """Return the groups in the order of the contrast, then others that have rows."""
    return list(dict.fromkeys([*result.groups, *map(str, result.data[GROUP])]))


def rate_words(result: Result, group: str) -> str:
    """Return how many of how many of a group had the outcome: ``"6 of 12, 50%"``."""
    for one in result.companions:
        if one.role == "description" and one.groups == (group,) and one.unit == "%":
            n = one.n.get(group, 0)
            return f"{one.statistic:g} of {n}, {format_number(one.estimate)}%"
    return f"n = {result.n.get(group, 0)}"


def read_rates(result: Result) -> list[str]:
    """Return how to read the figure of two response rates."""
    said = ["Each mark is one participant; dashed line: what counts as the outcome."]
    missing = int(result.data["is_imputed"].sum())
    if missing:
        said.append(
            f"Cross below the line ({missing}): no endpoint, counted by the rule for the missing."
        )
    if math.isfinite(result.estimate):
        said.append("Grey line on the right: 0, equal percentages.")
    return said


def tell_rates(result: Result) -> list[str]:
    """Return what the figure of two response rates shows, for those who do not see it."""
    told = [f"{capitalised(spoken(one))}: {rate_words(result, one)}." for one in result.groups]
    missing = int(result.data["is_imputed"].sum())
    return [
        *told,
        *([f"{count_of(missing, 'participant')} without the endpoint."] if missing else []),
    ]


def read_times(result: Result) -> list[str]:
    """Return how to read Kaplan–Meier curves."""
    event = event_of(result)
    said = [f"Step: percentage with {event} (Kaplan–Meier); mark on it: one participant's."]
    has_interval = result.data["share_low"].notna() & result.data["share_high"].notna()
    is_curved = has_interval & (result.data["share"] > 0)
    if bool(is_curved.any()):
        said.append(f"Shaded: pointwise {100 * result.ci_level:g}% CI.")
    censored = int((~result.data["is_event"].astype(bool)).sum())
    if censored:
        said.append(
            f"Tick ({censored}): one participant last seen without {event}, those of a day side by "
            "side."
        )
    said.append("Below: how many were still followed just before, without it.")
    return said


def _whose(name: str) -> list[str]:
    return [] if name == "all" else [spoken(name)]


def count_times(result: Result) -> str:
    """Return how many participants are drawn, and how many had the event, by group."""
    parts = [
        " ".join([*_whose(str(name)), f"{int(own['is_event'].sum())} of {len(own)}"])
        for name, own in result.data.groupby(GROUP, sort=False)
    ]
    return f"With {event_of(result)}: {join_words(parts)} participants."


def tell_times(result: Result) -> list[str]:
    """Return what the figure of times shows, for those who do not see it."""
    event = event_of(result)
    said = [count_times(result)]
    for name, own in result.data.groupby(GROUP, sort=False):
        last = own.sort_values("day").iloc[-1]
        whose = "" if name == "all" else f"{capitalised(spoken(str(name)))}: "
        end = f"{format_number(float(last['share']))}% with {event} by {day_words(last['day'])}"
        interval = format_interval(last["share_low"], last["share_high"], level=result.ci_level)
        shown = "" if interval == "no interval" else f", {interval}"
        said.append(f"{whose}{end}{shown}.")
    return said


READING = {RATES: read_rates, TIMES: read_times}
COUNT = {TIMES: count_times}
TELLER = {
    RATES: ("Response rates", tell_rates),
    TIMES: ("Kaplan–Meier curves", tell_times),
}
CONTRASTS = (RATES, TIMES)
"""Analyses whose estimate is the first group minus the second."""
