"""What is said of the figures of a mixed model: the answer, how to read it, n, p, exclusions."""

import math
import re
from collections.abc import Iterable

from ketbio.figures.captions import excluded_part
from ketbio.figures.course_parts import GROUP
from ketbio.figures.course_words import ARMS
from ketbio.figures.labels import amount, quantity_label, spoken, with_unit
from ketbio.figures.model_parts import Model, permuted, simultaneous
from ketbio.result import Result, side_words
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import (
    capitalised,
    count_of,
    format_interval,
    format_number,
    format_p,
    join_words,
)

_EXACT = re.compile(r"exact, (?P<count>[0-9,]+) arrangements")
MOST_TOLD = 3
"""Contrasts in a headline."""
LONGEST_LABEL = 44
"""An axis names the arms up to so many characters; the legend always does."""


def model_headline(model: Model) -> str:
    """Return the contrasts at the last visit and on the average over the visits, p after."""
    last = model.visits.names[-1]
    told = [
        f"{contrast_of(model, arm)} at {spoken(last)}: {_numbers(one)}"
        for arm in model.compared[:MOST_TOLD]
        if (one := model.contrasts.get((last, arm)))
    ]
    told += [
        f"average over visits: {_numbers(one)}"
        for one in list(model.averages.values())[: 1 if len(model.compared) == 1 else 0]
    ]
    return capitalised("; ".join(told)) if told else _of_any(model)


def _of_any(model: Model) -> str:
    """Return the answer where only some of the contrasts were given."""
    one = model.first
    who = contrast_of(model, one.groups[0]) if one.groups else spoken(one.label)
    return capitalised(f"{who}, {spoken(one.outcome)}: {_numbers(one)}")


def contrast_of(model: Model, arm: str) -> str:
    """Return what is compared: an arm with the reference, or one arm with its baseline."""
    if model.reference:
        return f"{spoken(arm)} − {spoken(model.reference)}"
    return f"{spoken(arm)}, change from baseline" if model.column == "change" else spoken(arm)


def _numbers(one: Result) -> str:
    if math.isnan(one.estimate):
        return "not estimated"
    interval = format_interval(one.ci_low, one.ci_high, level=one.ci_level)
    said = [f"{amount(one)}, {interval}"]
    if not math.isnan(one.p_value):
        said.append(format_p(one.p_value))
    if test := permuted(one):
        said.append(f"by permutation {format_p(test.p_value)}")
    return "; ".join(said)


def subject(model: Model) -> str:
    """Return what the values are: ``Change in MADRS from baseline``."""
    one = model.first
    if model.column == "change":
        start = spoken(one.outcome.removeprefix("change, ").partition(" to ")[0])
        return f"Change in {spoken(one.label)} from {start}"
    return capitalised(spoken(one.label))


def value_label(model: Model) -> str:
    """Return the label of the axis of the values."""
    return with_unit(subject(model), model.first.unit)


def difference_label(model: Model) -> str:
    """Return the label of the axis of the differences."""
    if not model.reference:
        return value_label(model)
    arms = [spoken(one) for one in model.compared]
    who = arms[0] if len(arms) == 1 else "Arm"
    words = f"{who} − {spoken(model.reference)}"
    long = "Difference between the arms" if len(arms) == 1 else "Difference from the reference"
    return with_unit(words if len(words) <= LONGEST_LABEL else long, model.first.unit)


def who_part(model: Model) -> str:
    """Return how many participants are drawn, by arm."""
    people = model.rows.drop_duplicates(PARTICIPANT_ID)
    counts = [
        f"{spoken(arm) or 'not known'} {int((people[GROUP] == arm).sum()):,}" for arm in model.arms
    ]
    return f"n: {', '.join(counts)}."


def test_parts(model: Model) -> list[str]:
    """Return how the model's and the permutation's p values, and the intervals, were made."""
    one = model.first
    said = []
    if one.p_method:
        how = ", ".join(word for word in (one.p_method, side_words(one.alternative)) if word)
        said.append(f"p: {how}.")
    if adjusted := _different(each.adjustment for each in model.results):
        said.append(f"p adj.: {join_words(adjusted, last='or')}.")
    if ways := _different(test.p_method for each in model.results if (test := permuted(each))):
        said.append(f"p perm.: {_ways_words(ways)}.")
    return [*said, excluded_part(one)]


def _ways_words(ways: list[str]) -> str:
    """Return how many arrangements were gone through, as a range where visits differ."""
    counts = [_EXACT.fullmatch(one) for one in ways]
    if len(ways) == 1 or not all(counts):
        return join_words(ways, last="or")
    numbers = sorted(int(one["count"].replace(",", "")) for one in counts if one)
    return f"exact, {numbers[0]:,} to {numbers[-1]:,} arrangements"


def _different(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))


def level_words(model: Model) -> str:
    """Return the level of the intervals."""
    levels = sorted({one.ci_level for one in model.results})
    return f"{' or '.join(f'{100 * level:g}%' for level in levels)} interval"


NO_REFERENCE = "There is no arm to compare with: this describes and cannot say why."


def trajectory_caption(model: Model, *, has_gaps: bool) -> str:
    """Return the small print of the figure of the means."""
    said = [
        f"{subject(model)}. Each thin line is one participant"
        + (", dashed over a visit without a value." if has_gaps else "."),
        f"Thick lines: estimated marginal means; bars: their {level_words(model)}s.",
        f"Below: {_differences(model)} at each visit with its {level_words(model)}.",
        who_part(model),
        *test_parts(model),
        ARMS if model.reference else NO_REFERENCE,
    ]
    return " ".join(said)


def _differences(model: Model) -> str:
    if not model.reference:
        return "the estimated marginal mean"
    arms = join_words(spoken(arm) for arm in model.compared)
    return f"{arms} less {spoken(model.reference)}"


def contrasts_caption(model: Model) -> str:
    """Return the small print of the figure of the contrasts."""
    both = any(simultaneous(one) for one in model.results)
    said = [
        f"{subject(model)}: {_differences(model)}"
        + (", estimated marginal means." if model.reference else "."),
        f"Thick bars: {level_words(model)}s, each for its visit alone"
        + ("; thin bars with caps: simultaneous, for all visits together." if both else "."),
        _null_words(model),
        who_part(model),
        *test_parts(model),
        ARMS if model.reference else NO_REFERENCE,
    ]
    return " ".join(one for one in said if one)


def _null_words(model: Model) -> str:
    null = model.first.null_value
    if math.isnan(null):
        return ""
    return f"Grey line: {null:g}, no {'difference' if model.reference else 'change'}."


def told_contrasts(model: Model) -> str:
    """Return the contrasts in words, for those who do not see them."""
    told = []
    for arm in model.compared:
        own = [
            f"{spoken(visit)} {format_number(one.estimate)} "
            f"({format_interval(one.ci_low, one.ci_high, level=one.ci_level)})"
            for visit in model.visits.names
            if (one := model.contrasts.get((visit, arm))) and not math.isnan(one.estimate)
        ]
        if own:
            told.append(f"{contrast_of(model, arm)}: {'; '.join(own[:12])}")
    return f"{'. '.join(told)}." if told else "No contrast was estimated."


def trajectory_words(model: Model) -> str:
    """Return what the figure of the means shows, in words."""
    people = count_of(model.rows[PARTICIPANT_ID].nunique(), "participant")
    visits = count_of(model.rows[VISIT].nunique(), "visit")
    return (
        f"Estimated means of {quantity_label(model.first)}, and other visits: one line per "
        f"participant ({people}, {visits}). {told_contrasts(model)} {model_headline(model)}."
    )


def contrasts_words(model: Model) -> str:
    """Return what the figure of the contrasts shows, in words."""
    return f"Contrasts by visit of {subject(model)}. {told_contrasts(model)}"
