"""p of one table under each ordering: the worst case over the common proportion, or conditional."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ketbio.statistics.proportion import proportion_interval
from ketbio.statistics.records import NAN, FloatArray
from ketbio.statistics.two_proportions.nuisance import largest_probability
from ketbio.statistics.two_proportions.orderings import ORDERINGS, BoolArray, as_extreme


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTest:
    """One test asked of one table.

    Attributes
    ----------
    counts, n : tuple of int
        Responders and people in the two groups.
    test, alternative : str
        Words of `unconditional_test`.
    gamma : float
        Of Berger & Boos; 0 looks for the proportion everywhere.
    alpha : float or None
        Level that the true size is of; None where it is not asked for.
    """

    counts: tuple[int, int]
    n: tuple[int, int]
    test: str
    alternative: str
    gamma: float
    alpha: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundP:
    """A p value, what ordered the table, where p is reached, the smallest p and the true size."""

    p: float
    ordering: float
    nuisance: float
    floor: float
    size: float


@lru_cache(maxsize=512)
def find_p(asked: AskedTest) -> FoundP:
    """Return the p of a test; ``"two-sided-doubled"`` is twice the smaller one-sided one."""
    find = _FINDERS.get(asked.test, _unconditional)
    if asked.alternative != "two-sided-doubled":
        return find(asked)
    sides = [find(replace(asked, alternative=side)) for side in ("greater", "less")]
    best = min(sides, key=lambda one: one.p)
    floor = min(one.floor for one in sides)
    return replace(best, p=min(1.0, 2 * best.p), floor=min(1.0, 2 * floor), size=NAN)


def _unconditional(asked: AskedTest) -> FoundP:
    order = ORDERINGS[asked.test](asked.n, asked.alternative)
    observed = float(order[asked.counts])
    within = _within(asked)
    p, nuisance = largest_probability(as_extreme(order, observed), within=within)
    floor = largest_probability(as_extreme(order, float(order.max())))[0]
    return FoundP(
        p=min(1.0, p + asked.gamma),
        ordering=observed,
        nuisance=nuisance,
        floor=NAN if asked.gamma else floor,
        size=NAN if asked.gamma or asked.alpha is None else _size(order, asked.alpha),
    )


def _fisher(asked: AskedTest) -> FoundP:
    order = ORDERINGS[asked.test](asked.n, asked.alternative)
    p = -float(order[asked.counts])
    return FoundP(
        p=p,
        ordering=-p,
        nuisance=NAN,
        floor=-float(order.max()),
        size=NAN if asked.alpha is None else _size_of(-order < asked.alpha),
    )


def _size_of(rejected: BoolArray) -> float:
    return largest_probability(rejected)[0] if rejected.any() else 0.0


_FINDERS: dict[str, Callable[[AskedTest], FoundP]] = {"fisher": _fisher}


def _size(order: FloatArray, alpha: float) -> float:
    """Return the probability of p < α at worst: that of the largest set of tables rejected."""
    levels = np.unique(order)[::-1]
    low, high, found = 0, len(levels), 0.0
    while low < high:
        middle = (low + high) // 2
        p = largest_probability(as_extreme(order, float(levels[middle])))[0]
        if p < alpha:
            low, found = middle + 1, p
        else:
            high = middle
    return found


def _within(asked: AskedTest) -> tuple[float, float]:
    if not asked.gamma:
        return (0.0, 1.0)
    found = proportion_interval(sum(asked.counts), sum(asked.n), confidence_level=1 - asked.gamma)
    return (found.ci_low, found.ci_high)
