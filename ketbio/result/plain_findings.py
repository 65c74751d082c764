"""What was found, in everyday words: one function for each kind of number."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ketbio.result.plain_laboratory import laboratory_finding
from ketbio.result.plain_numbers import (
    CHANGE,
    DIFFERENCE,
    everyday,
    factor_of,
    fit_words,
    how_much,
    level_of,
    levels_fit,
)
from ketbio.result.plain_people import group_people, measure, people, quantity, whom
from ketbio.result.plain_phrases import (
    bare_quantity,
    compared_words,
    counted_words,
    moved_words,
    of_100,
    share_words,
    spread_words,
    together_words,
    typical_words,
    what_fits,
)
from ketbio.result.told import Told, is_range_of_data, why_nothing
from ketbio.result.words import (
    is_of_change,
    last_visit_of_course,
    named,
)
from ketbio.wording import spaced

if TYPE_CHECKING:
    from ketbio.result.record import Result

NOT_WHY = "This shows what went together, not why"
ORDER_BY_CHANCE = (
    "Whether the treatment was the reason depends on whether chance decided the order of the "
    "treatments"
)
NO_COMPARISON = "There was no comparison group, so this cannot say why"
ABOUT_MEASURING = "This is about the measuring, not about the people in the study"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a plain sentence is made of; no part ends with a full stop.

    Attributes
    ----------
    words : str
        What was found.
    fit : str
        What the data fit, after "The data fit"; ``""`` where there is no interval.
    spread : str
        How single people differed, where there is no interval.
    what : str
        What chance would have to bring about.
    limit : str
        What the number does not say.
    """

    words: str
    fit: str = ""
    spread: str = ""
    what: str = "a result"
    limit: str = ""


def visits(result: "Result", told: Told) -> Finding:
    """Tell a change between two visits of the same people."""
    return Finding(
        words=f"in {people(result)}, {moved_words(result, told)}",
        fit=what_fits(
            told, fit_words(told.low, told.high, told.unit, CHANGE), "whether it rose or fell"
        ),
        what="a rise or fall",
        limit=NO_COMPARISON,
    )


def groups(result: "Result", told: Told) -> Finding:
    """Tell a difference between two groups of people."""
    first, second = (group_people(result, group) for group in result.groups)
    size = how_much(told.value, told.unit, DIFFERENCE)
    than = "as" if size.endswith("as high") else "than"
    typical = typical_words(told)
    counted = any(group in result.n for group in result.groups)
    who = f"in {first} {than} in {second}" + ("" if counted else f" ({people(result)})")
    return Finding(
        words=f"{compared_words(result, told)} was{typical} {size} {who}",
        fit=what_fits(
            told,
            fit_words(told.low, told.high, told.unit, DIFFERENCE),
            "which group is higher",
        ),
        what="a difference",
        limit=NOT_WHY,
    )


def treatments(result: "Result", told: Told) -> Finding:
    """Tell a difference within the same people: between treatments, or between periods."""
    first, second = (_within(result, group) for group in result.groups)
    size = how_much(told.value, told.unit, DIFFERENCE)
    than = "as" if size.endswith("as high") else "than"
    of_treatment = first.startswith("with ")
    each = f" ({people(result)}, each of whom had both)" if of_treatment else ""
    return Finding(
        words=f"{compared_words(result, told)} was{typical_words(told)} {size} {first} {than} "
        f"{second}{each}",
        fit=what_fits(
            told, fit_words(told.low, told.high, told.unit, DIFFERENCE), "which is higher"
        ),
        what="a difference",
        limit=ORDER_BY_CHANCE if of_treatment else NOT_WHY,
    )


def _within(result: "Result", group: str) -> str:
    """Return one side of a crossover's contrast: a treatment, a period, or a sequence."""
    if group in result.n:
        return f"in {group_people(result, group)}"
    return f"{'in' if group.startswith('period ') else 'with'} {spaced(group)}"


def correlation(result: "Result", told: Told) -> Finding:
    """Tell how two things go together."""
    number = f"correlation {everyday(told.value)}, where 0 is no link and −1 or 1 a perfect one"
    return Finding(
        words=f"in {people(result)}, {together_words(result, told)} ({number})",
        fit=what_fits(
            told,
            f"anything from {everyday(told.low)} to {everyday(told.high)}",
            "which way the link runs",
        ),
        what="a link",
        limit=NOT_WHY,
    )


def superiority(result: "Result", told: Told) -> Finding:
    """Tell how often a value of one group is higher than one of the other."""
    first, second = (group_people(result, group) for group in result.groups)
    picked = f"one of {first} and one of {second} were picked at random"
    if result.analysis == "compare_visits":
        first, second = map(spaced, result.groups)
        picked = f"a value at {first} and one at {second} were picked in {people(result)}"
    elif not any(group in result.n for group in result.groups):
        picked += f" ({people(result)})"
    low, high = (of_100(one) for one in (told.low, told.high))
    return Finding(
        words=f"if {picked}, the first would have the higher {bare_quantity(result)} about "
        f"{of_100(told.value)} times in 100",
        fit=what_fits(told, f"anything from {low} to {high} times in 100", "which is higher"),
        what="a difference",
        limit=NOT_WHY,
    )


def count(result: "Result", told: Told) -> Finding:
    """Tell a share of the people."""
    part = f"{round(result.statistic):,} of {whom(result)} ({share_words(told.value)})"
    low, high = share_words(told.low), share_words(told.high)
    of_treatment = result.analysis == "summarise_response"
    return Finding(
        words=f"{part} {counted_words(result)}",
        fit=f"a true share of anything from {low} to {high}" if told.has_interval else "",
        limit=NO_COMPARISON if of_treatment else "",
    )


def share(result: "Result", told: Told) -> Finding:
    """Tell an estimated share of the people, some of whom were not seen to the end."""
    low, high = share_words(told.low), share_words(told.high)
    what = told.name.removeprefix("with ")
    return Finding(
        words=f"an estimated {share_words(told.value)} of {whom(result)} had {what} "
        f"(by {measure(result)})",
        fit=f"a true share of anything from {low} to {high}" if told.has_interval else "",
        limit=NOT_WHY,
    )


def level(result: "Result", told: Told) -> Finding:
    """Tell how high the values were."""
    if is_of_change(result):
        words, fit = moved_words(result, told), fit_words(told.low, told.high, told.unit, CHANGE)
    else:
        last = last_visit_of_course(result)
        about = f"{measure(result)} at {last}" if last else quantity(result)
        words = f"{about} was{typical_words(told)} {level_of(told.value, told.unit)}"
        fit = levels_fit(told.low, told.high, told.unit)
    is_range = is_range_of_data(result)
    return Finding(
        words=f"in {whom(result)}, {words}",
        fit="" if is_range or not told.has_interval else fit,
        spread=spread_words(result, told, is_range),
    )


def laboratory(result: "Result", told: Told) -> Finding:
    """Tell a check of the laboratory."""
    return Finding(
        words=laboratory_finding(result, told),
        fit=levels_fit(told.low, told.high, told.unit) if told.has_interval else "",
        limit=ABOUT_MEASURING,
    )


def other(result: "Result", told: Told) -> Finding:
    """Tell a number that ketbio has no words of its own for."""
    name = named(told.name) or "estimate"
    return Finding(
        words=f"in {people(result)}, the {name} for {quantity(result)} was "
        f"{factor_of(told.value, told.unit)}",
        fit=what_fits(told, levels_fit(told.low, told.high, told.unit, factor_of), ""),
    )


def wins(result: "Result", told: Told) -> Finding:
    """Tell how much more often a value was higher than lower, where some are only bounded."""
    first, second = (group_people(result, group) for group in result.groups)
    compared = f"each of {first} with each of {second}"
    if result.analysis == "compare_visits":
        first, second = map(spaced, result.groups)
        compared = f"the values at {first} and at {second} in {people(result)}"
    often = "more" if told.value >= 0 else "less"
    return Finding(
        words=f"comparing {compared}, the first value of {bare_quantity(result)} was higher "
        f"{of_100(abs(told.value))} percentage points {often} often than it was lower",
        what="a difference",
        limit=NOT_WHY,
    )


def nothing(result: "Result", _: Told) -> Finding:
    """Tell that there is no number, and why."""
    why = "" if result.p_method or not result.warnings else f": {why_nothing(result)}"
    where = "; ".join(part for part in (spaced(result.outcome), people(result)) if part)
    return Finding(words=f"no single number can be given for {result.label} ({where}){why}")
