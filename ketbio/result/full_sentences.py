"""The full sentence of a result: everything a reader needs to judge it, in one line."""

from typing import TYPE_CHECKING

import numpy as np

from ketbio.result.told import has_statistic, is_count, is_test_alone
from ketbio.result.words import (
    QUARTILES,
    contrast_words,
    how_many,
    is_superiority,
    n_excluded,
    named,
    on_one_line,
    statistic_words,
)
from ketbio.wording import capitalised, count_of, format_interval, format_number, format_p

if TYPE_CHECKING:
    from ketbio.result.record import Result

LARGEST_COUNT_TOLD = 1_000_000
"""Up to this many arrangements, a sentence says how many were as extreme."""

SIDES = {
    "less": ", one-sided: less",
    "greater": ", one-sided: greater",
    "two-sided-doubled": ", two-sided by doubling",
}
"""What a sentence adds where a test is not two-sided by distance."""


def full_sentence(result: "Result") -> str:
    """Return the subject and the answer of a result."""
    subject = f"{result.label}, {result.outcome}" if result.outcome else result.label
    return on_one_line(f"{capitalised(subject)}: {_answer(result)}")


def answer_words(result: "Result") -> str:
    """Return the sentence of a result without its subject, where a question has just named it.

    Examples
    --------
    >>> from ketbio.result import Result
    >>> answer_words(Result(analysis="compare_visits", marker="MADRS", outcome="total",
    ...     groups=("day_14", "baseline"), n={"pairs": 10}, estimate=-12.3, unit="points",
    ...     estimate_name="mean change"))
    'Mean change −12.3 points; 10 pairs.'
    """
    return capitalised(_answer(result))


def _answer(result: "Result") -> str:
    parts = [_estimate_words(result), *_effect_words(result), *_p_words(result)]
    who = [how_many(group, count) for group, count in result.n.items()]
    if left_out := n_excluded(result):
        who.append(f"{count_of(left_out, 'participant')} excluded")
    told = ", ".join(part for part in parts if part)
    return f"{'; '.join(part for part in (told, ', '.join(who)) if part)}."


def _estimate_words(result: "Result") -> str:
    if is_test_alone(result):
        if not has_statistic(result):
            return "tested"
        return f"{statistic_words(result)} = {format_number(result.statistic)}"
    if np.isnan(result.estimate):
        why = result.warnings[0].rstrip(".") if result.warnings and not result.p_method else ""
        return why or result.estimate_name or "no estimate"
    unit = result.unit if result.unit in ("", "%") else f" {result.unit}"
    number = f"{format_number(result.estimate)}{unit}"
    words = f"{named(result.estimate_name)}{_direction(result)} {number}"
    if is_count(result):
        words = f"{result.estimate_name} {round(result.statistic)} of {result.n_total}, {number}"
    if not np.isnan(result.spread):
        words += f" (SD {format_number(result.spread)})"
    return words + _interval_words(result.ci_low, result.ci_high, result.ci_level, result.ci_method)


_OF_GROUPS = (
    "compare_responders", "compare_crossover", "compare_imputed", "compare_response_rates",
    "describe_time_to_response", "fit_mmrm", "fit_random_effects", "summarise_participants",
)  # fmt: skip
"""Analyses that set one group, arm or treatment against another."""


def _direction(result: "Result") -> str:
    """Say which group is subtracted from which, or which is over which."""
    has_sides = result.unit or is_superiority(result) or "difference" in result.estimate_name
    contrast = contrast_words(result) if result.analysis in _OF_GROUPS else ""
    return f" ({contrast})" if contrast and has_sides else ""


def _interval_words(low: float, high: float, level: float, method: str) -> str:
    if np.isnan(low) or np.isnan(high):
        return ""
    if method.startswith(QUARTILES):
        return f", {QUARTILES} {format_number(low)} and {format_number(high)}"
    if np.isinf(low) and np.isinf(high):
        return f", no {100 * level:g}% interval (open on both sides)"
    sided = " (one-sided)" if np.isinf(low) != np.isinf(high) else ""
    interval = format_interval(low, high, level=level)
    return f", {interval}{sided}" + (f" ({method})" if method else "")


def _effect_words(result: "Result") -> list[str]:
    """Give the standardised effect where there is no estimate in the unit to give."""
    if not np.isnan(result.estimate) or np.isnan(result.effect_size):
        return []
    interval = _interval_words(
        *result.effect_size_ci, result.ci_level, result.effect_size_ci_method
    )
    name = result.effect_size_name or "effect size"
    if len(result.groups) == 2:
        name += f" ({result.groups[0]} over {result.groups[1]})"
    return [f"{name} {format_number(result.effect_size)}{interval}"]


def _p_words(result: "Result") -> list[str]:
    words = [f"{format_p(result.p_value)} ({_p_method(result)})"] if result.p_method else []
    if not np.isnan(result.p_adjusted):
        words.append(f"{format_p(result.p_adjusted)} after {result.adjustment}")
    return words


def _p_method(result: "Result") -> str:
    count = result.n_extreme
    words = result.p_method
    if count is not None and (result.n_arrangements or 0) <= LARGEST_COUNT_TOLD:
        words = f"exact, {count:,} of {count_of(result.n_arrangements or 0, 'arrangement')}"
    if not np.isnan(result.p_interval[0]):
        low, high = (format_p(p, symbol=False) for p in result.p_interval)
        words += f", 99% interval of p {low} to {high}"
    return words + SIDES.get(result.alternative, "")
