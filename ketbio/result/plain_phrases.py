"""Phrases of plain sentences: how it moved, what goes with what, what is left open."""

import math
import re
from typing import TYPE_CHECKING

from ketbio.result.plain_numbers import MOVED, everyday, how_much, level_of, log_base, with_unit
from ketbio.result.plain_people import measure, quantity, score_of
from ketbio.result.told import Told
from ketbio.result.words import AVERAGE, is_of_change, quantity_words, visits_of_change
from ketbio.vocabulary import marker_label
from ketbio.wording import spaced

if TYPE_CHECKING:
    from ketbio.result.record import Result


def what_fits(told: Told, words: str, question: str) -> str:
    """Return what the data fit, and what they leave open where both directions do."""
    if not told.has_interval:
        return ""
    is_open = told.holds_both_sides and question
    return f"{words}, which leaves open {question}" if is_open else words


def typical_words(told: Told) -> str:
    """Return how the number stands for all: as an average, or as what is typical."""
    if "percent" in told.name:
        return ""
    is_mean = "mean" in told.name or "estimated changes" in told.name
    is_typical = not math.isnan(log_base(told.unit)) or not is_mean
    return " typically" if is_typical else " on average"


def moved_words(result: "Result", told: Told) -> str:
    """Return what rose or fell, how far, and between which visits."""
    first, last = visits_of_change(result)
    if not first and len(result.groups) == 2:
        last, first = map(spaced, result.groups)
    when = f" from {first} to {last}" if first else ""
    if result.outcome.endswith(AVERAGE):
        when = f" from {first}, averaged over the visits up to {last}"
    how = how_much(told.value, told.unit, MOVED)
    how = re.sub(r"^(rose|fell) ", rf"\1{typical_words(told)} ", how)
    return f"{measure(result)} {how}{when}"


def compared_words(result: "Result", told: Told) -> str:
    """Return what is compared; a change of logarithms is a ratio to the first visit."""
    first, last = visits_of_change(result)
    if first and not math.isnan(log_base(told.unit)):
        return f"measured against {first}, {measure(result)} at {last}"
    about = quantity(result)
    about = f"the share for {about}" if told.unit == "percentage points" else about
    return f"{about}," if "," in about else about


def bare_quantity(result: "Result") -> str:
    """Return what was analysed, without an article."""
    return quantity_words(result, measure(result).removeprefix("the "))


def together_words(result: "Result", told: Told) -> str:
    """Return how two things went together."""
    first, second = _two_things(result)
    of_marker = len(result.groups) != 2 or result.groups[0] == result.marker
    way = _MOVES if is_of_change(result) or "change of" in result.outcome else _LIES
    is_rise = (is_of_change(result) or result.outcome.startswith("changes")) and of_marker
    lead = f"the more {first} rose" if is_rise else f"the higher {first} was"
    return f"{lead}, {way[_sign(told.value)].format(second)}"


_MOVES = {
    1: "the more {} tended to rise",
    -1: "the more {} tended to fall",
    0: "{} tended neither to rise nor to fall",
}
_LIES = {
    1: "the higher {} tended to be",
    -1: "the lower {} tended to be",
    0: "{} tended to be neither higher nor lower",
}


def _two_things(result: "Result") -> tuple[str, str]:
    first = measure(result)
    if len(result.groups) != 2:
        return first, "the score"
    one, two = result.groups
    if one == result.marker:
        return first, score_of(two, marker_label(two))
    against = re.search(r", against (.+)", result.outcome)
    what = against[1] if against else f"the {spaced(one)}"
    about = f"{what} of {first}" if what.startswith("the ") else f"{first} at {what}"
    return about, first if two == "change" else f"the {spaced(two)}"


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def of_100(value: float) -> str:
    """Return a probability as times in 100."""
    return f"{100 * abs(value):.0f}" if 0 <= value <= 1 else everyday(100 * value)


def share_words(percent: float) -> str:
    """Return a percentage without decimals, but for one below 1."""
    if 1 <= percent <= 99 or percent == 100:
        return f"{percent:.0f}%"
    return "more than 99%" if 99 < percent < 100 else f"{everyday(percent)}%"


_COUNTED = {
    "at or above the LLOQ": "had a value high enough to be measured reliably: {about}",
    "at or below the ULOQ": "had a value low enough to be measured reliably: {about}",
    "missing": "had no value: {about}",
    "percent": "were counted under {about}",
}
"""What a count is of, in everyday words."""


def counted_words(result: "Result") -> str:
    """Return what the counted people have in common."""
    if result.analysis in ("summarise_response", "compare_response_rates"):
        return f"had a {result.outcome} by {measure(result)}"
    words = _COUNTED.get(result.estimate_name, "were counted as “{name}”: {about}")
    return words.format(name=result.estimate_name, about=quantity(result))


def spread_words(result: "Result", told: Told, is_range: bool) -> str:
    """Return how single values lay about the number."""
    if is_range and not math.isnan(told.low) and not math.isnan(told.high):
        low, high = (level_of(one, told.unit) for one in (told.low, told.high))
        return f"The middle half of the values lay between {low} and {high}"
    if math.isnan(result.spread) or not math.isnan(log_base(told.unit)):
        return ""
    return f"Single values typically lay {with_unit(result.spread, told.unit)} away from that"
