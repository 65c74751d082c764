"""Which results are told together: the contrasts of one model are one analysis."""

import math
import re
from collections.abc import Iterable, Sequence

from ketbio.result import AVERAGE, MARGINAL_MEAN, Result
from ketbio.wording import spaced

MODELS = frozenset({"fit_mmrm", "fit_random_effects"})
"""Analyses that answer one question with several results."""


_LAST = re.compile(r"(?:change, (?P<first>.+?) to |value at )(?P<visit>[^,]+)")


def told_together(results: Iterable[Result]) -> tuple[tuple[Result, ...], ...]:
    """Return results in the groups in which a report tells them.

    Parameters
    ----------
    results : iterable of Result

    Returns
    -------
    tuple of tuple of Result
        In their order; a result that stands alone is a group of one.

    Examples
    --------
    >>> one, other = (Result(analysis="fit_mmrm", marker="MADRS", groups=(), n={}, outcome=visit)
    ...               for visit in ("change, baseline to day_1", "change, baseline to day_7"))
    >>> [len(group) for group in told_together([one, other])]
    [2]
    """
    groups: list[list[Result]] = []
    for one in results:
        if groups and is_of_model(groups[-1][0], one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return tuple(map(tuple, groups))


def is_of_model(first: Result, one: Result) -> bool:
    """Tell whether two results are of the same model: analysis, title, aim and marker."""
    same = (first.analysis, first.title, first.aim, first.marker)
    return one.analysis in MODELS and same == (one.analysis, one.title, one.aim, one.marker)


def leading(results: Iterable[Result]) -> tuple[Result, ...]:
    """Return the first result of each group: it stands for the group."""
    return tuple(group[0] for group in told_together(results))


def main_contrasts(group: Sequence[Result]) -> tuple[Result, ...]:
    """Return the contrasts that a summary tells: of the last visit, and on the average.

    Examples
    --------
    >>> main_contrasts([])
    ()
    """
    average = [one for one in group if one.outcome.endswith(AVERAGE)]
    single = [one for one in group if one not in average]
    last = [one for one in single if one.outcome == single[-1].outcome]
    return (*last, *average)


def where(one: Result) -> str:
    """Return the visit of a contrast, as words; the whole outcome where it names none.

    Examples
    --------
    >>> where(Result(analysis="fit_mmrm", marker="m", outcome="change, baseline to day_14",
    ...              groups=(), n={}))
    'day 14'
    """
    if one.outcome.endswith(AVERAGE):
        return AVERAGE
    found = _LAST.match(one.outcome)
    return spaced(found["visit"]) if found else spaced(one.outcome)


def model_outcome(group: Sequence[Result]) -> str:
    """Return what a model is of: ``change from baseline, day 1 to day 14``.

    Examples
    --------
    >>> model_outcome([Result(analysis="fit_mmrm", marker="m", groups=(), n={},
    ...                       outcome=f"change, baseline to {visit}")
    ...                for visit in ("day_1", "day_14")])
    'change from baseline, day 1 to day 14'
    """
    visits = list(dict.fromkeys(where(one) for one in group if not one.outcome.endswith(AVERAGE)))
    found = _LAST.match(group[0].outcome)
    if not found or not visits:
        return spaced(group[0].outcome)
    span = visits[0] if len(visits) == 1 else f"{visits[0]} to {visits[-1]}"
    start = found["first"]
    return f"change from {spaced(start)}, {span}" if start else f"value, {span}"


def simultaneous_of(one: Result) -> Result | None:
    """Return the interval for all visits together beside a contrast; None where there is none."""
    found = (
        each
        for each in one.companions
        if "simultaneous" in each.ci_method and not math.isnan(each.ci_low)
    )
    return next(found, None)


def means_of(one: Result) -> tuple[Result, ...]:
    """Return the estimated marginal means beside a contrast."""
    return tuple(
        each
        for each in one.companions
        if each.role == "description" and each.estimate_name == MARGINAL_MEAN
    )
