"""P values of a longitudinal model adjusted over its visits, arms and markers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ketbio.analyses.family import adjust_family
from ketbio.analyses.question import Settings
from ketbio.analyses.visit_models.answer import Answered
from ketbio.analyses.visit_models.words import MVT
from ketbio.result import AVERAGE, Result, Results
from ketbio.statistics.mixed.degrees_of_freedom.quantiles import t_quantile
from ketbio.statistics.mixed.simultaneous import SimultaneousTests, simultaneous_tests
from ketbio.wording import count_of

NOT_IN_FAMILY = (
    "The average over visits stands beside the contrasts at the visits and is not among those "
    "adjusted for."
)
BONFERRONI = ("holm", "hochberg")
"""Adjustments that have no simple interval of their own for all contrasts together."""

CITED_MVT = ("dunnett1955", "hothorn2008")

Limits = list[tuple[float, float]]


def adjust_contrasts(answered: Sequence[Answered], *, method: str, settings: Settings) -> Results:
    """Return all results in order, those at the visits adjusted as one family."""
    n = sum(len(_at_visits(each)) for each in answered)
    if method == MVT and n > 1:
        adjusted = [one for each in answered for one in _jointly(each, len(answered), settings)]
    else:
        family = [one for each in answered for one in _at_visits(each)]
        word = "none" if method == MVT else method
        adjusted = list(adjust_family(family, method=word, settings=settings, noun="contrasts"))
        if method in BONFERRONI and n > 1:
            limits = [pair for each in answered for pair in _bonferroni(each, n, settings)]
            adjusted = _with_intervals(adjusted, limits, "simultaneous, Bonferroni", settings, n)
    beside = iter(adjusted)
    return Results(
        replace(one, warnings=(*one.warnings, NOT_IN_FAMILY)) if _is_average(one) else next(beside)
        for each in answered
        for one in each.results
    )


def _is_average(one: Result) -> bool:
    return one.outcome.endswith(AVERAGE)


def _at_visits(each: Answered) -> list[Result]:
    return [one for one in each.results if not _is_average(one)]


def _jointly(each: Answered, n_markers: int, settings: Settings) -> list[Result]:
    """Return one marker's results by the multivariate t; markers share the level evenly."""
    family = _at_visits(each)
    found = _together(each, n_markers, settings)
    label = f"{found.label} over {count_of(len(family), 'contrast')}"
    if n_markers > 1:
        label = f"{label}, Bonferroni over {n_markers} markers"
    made = [
        replace(
            one,
            p_adjusted=min(1.0, float(p) * n_markers),
            adjustment=label,
            warnings=tuple(dict.fromkeys((*one.warnings, *found.warnings))),
            references=(*one.references, *CITED_MVT),
        )
        for one, p in zip(family, found.p_adjusted, strict=True)
    ]
    offsets = [one.offset for one in each.contrasts if one.visit != AVERAGE]
    limits = [
        (float(low) - offset, float(high) - offset)
        for low, high, offset in zip(found.ci_low, found.ci_high, offsets, strict=True)
    ]
    return _with_intervals(made, limits, found.interval, settings, len(family) * n_markers)


def _together(each: Answered, n_markers: int, settings: Settings) -> SimultaneousTests:
    contrasts = [one for one in each.contrasts if one.visit != AVERAGE]
    words = each.fitted.words
    return simultaneous_tests(
        each.fitted.model,
        np.array([one.weights for one in contrasts]),
        adjust=MVT,
        df=words.df,
        null=np.array([one.offset for one in contrasts]),
        alternative=words.alternative,
        confidence_level=1 - (1 - settings.confidence_level) / n_markers,
        covariance=words.covariance,
        seed=settings.seed,
    )


def _bonferroni(each: Answered, n: int, settings: Settings) -> Limits:
    """Return the limits of each contrast at the level shared by all of the family."""
    words = each.fitted.words
    sides = 2 if words.alternative == "two-sided" else 1
    share = 1 - (1 - settings.confidence_level) / (sides * n)
    made = []
    for contrast, test in zip(each.contrasts, each.tests, strict=True):
        if contrast.visit == AVERAGE:
            continue
        reach = t_quantile(share, test.df) * test.standard_error
        middle = test.estimate - contrast.offset
        low = -np.inf if words.alternative == "less" else middle - reach
        high = np.inf if words.alternative == "greater" else middle + reach
        made.append((low, high))
    return made


def _with_intervals(
    family: Sequence[Result],
    limits: Iterable[tuple[float, float]],
    words: str,
    settings: Settings,
    n: int,
) -> list[Result]:
    """Return results with the interval that holds for all of them together as a companion."""
    method = f"{words}, over {count_of(n, 'contrast')}"
    made = []
    for one, (low, high) in zip(family, limits, strict=True):
        line = replace(
            one,
            role="sensitivity",
            ci_low=low,
            ci_high=high,
            ci_level=settings.confidence_level,
            ci_method=method,
            **_WITHOUT_TEST,
        )
        made.append(replace(one, companions=(*one.companions, line)))
    return made


_PLAIN = Result(analysis="", marker="", outcome="", groups=(), n={})
_WITHOUT_TEST: dict[str, Any] = {
    name: getattr(_PLAIN, name)
    for name in (
        *("statistic", "statistic_name", "p_value", "p_method", "is_exact", "alternative"),
        *("p_adjusted", "adjustment", "warnings", "references"),
        *("data", "excluded", "leave_one_out", "companions"),
    )
}
"""An interval beside a result has no test, rows or companions of its own."""
