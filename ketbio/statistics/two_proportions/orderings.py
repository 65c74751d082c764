"""How extreme each 2 × 2 table of a design is: one number per table, larger for more extreme."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from ketbio.statistics.records import FloatArray

BoolArray = NDArray[np.bool_]

SIGNS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "two-sided": np.abs,
    "greater": np.positive,
    "less": np.negative,
}
"""Alternative → what of a signed statistic is extreme."""

TIED = 1e-9
"""Relative distance under which two tables are equally extreme: rounding may not part them."""
TIED_FISHER = 1e-7
"""The same for the probabilities that a two-sided Fisher p adds up (R's ``fisher.test``)."""


def pooled_z(n: tuple[int, int], alternative: str) -> FloatArray:
    """Return the z of every table with the variance of one common proportion.

    Parameters
    ----------
    n : tuple of int
        People in the two groups.
    alternative : {"two-sided", "greater", "less"}

    Returns
    -------
    array of shape (n₁ + 1, n₂ + 1)
        Row and column are the two counts.
    """
    first, second = _shares(n)
    both = (n[0] * first + n[1] * second) / sum(n)
    return SIGNS[alternative](over_root(first - second, both * (1 - both) * (1 / n[0] + 1 / n[1])))


def unpooled_z(n: tuple[int, int], alternative: str) -> FloatArray:
    """Return the z of every table with the variances of its own two proportions."""
    first, second = _shares(n)
    variance = first * (1 - first) / n[0] + second * (1 - second) / n[1]
    return SIGNS[alternative](over_root(first - second, variance))


def fisher_p(n: tuple[int, int], alternative: str) -> FloatArray:
    """Return minus Fisher's conditional p of every table; two-sided: tables as probable or less."""
    a, b = (np.arange(size + 1) for size in n)
    logs = _log_choose(n[0], a)[:, None] + _log_choose(n[1], b)[None, :]
    found = np.empty((n[0] + 1, n[1] + 1))
    for responders in range(sum(n) + 1):
        first = np.arange(max(0, responders - n[1]), min(n[0], responders) + 1)
        weights = np.exp(
            logs[first, responders - first] - _log_choose(sum(n), np.array(responders))
        )
        found[first, responders - first] = _CONDITIONAL[alternative](weights / weights.sum())
    return -np.minimum(found, 1.0)


def _upper(weights: FloatArray) -> FloatArray:
    return np.cumsum(weights[::-1])[::-1]


def _as_probable(weights: FloatArray) -> FloatArray:
    is_counted = weights[None, :] <= weights[:, None] * (1 + TIED_FISHER)
    return np.asarray((is_counted * weights[None, :]).sum(axis=1))


_CONDITIONAL: dict[str, Callable[[FloatArray], FloatArray]] = {
    "two-sided": _as_probable,
    "greater": _upper,
    "less": np.cumsum,
}

ORDERINGS: dict[str, Callable[[tuple[int, int], str], FloatArray]] = {
    "boschloo": fisher_p,
    "barnard": pooled_z,
    "barnard_unpooled": unpooled_z,
    "fisher": fisher_p,
}
"""Test → how it orders the tables."""


def as_extreme(extremeness: FloatArray, observed: float, *, tied: float = TIED) -> BoolArray:
    """Return which tables are at least as extreme as a value; near ties count as ties."""
    if math.isinf(observed):
        return np.asarray(extremeness >= observed)
    return np.asarray(extremeness >= observed - tied * abs(observed))


def _shares(n: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    return np.arange(n[0] + 1)[:, None] / n[0], np.arange(n[1] + 1)[None, :] / n[1]


def over_root(difference: FloatArray, variance: FloatArray) -> FloatArray:
    """Return difference over the root of variance: 0 for 0/0, infinite for the rest over 0."""
    gap = np.where(np.abs(difference) < 1e-12, 0.0, difference)
    root = np.sqrt(np.where(variance < 1e-14, 0.0, variance))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(gap == 0, 0.0, gap / root))


def _log_choose(n: int, k: NDArray[np.int64]) -> FloatArray:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
