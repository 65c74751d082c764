"""Correlations with their intervals on Fisher's z scale."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_same_length, check_level
from ketbio.statistics.number_lines import without_noise
from ketbio.statistics.rank_scores import mid_ranks
from ketbio.statistics.records import NAN, Estimate, FloatArray

MIN_PAIRS = 3

PERFECT = 1e-12
"""A correlation so near to ±1 is ±1: rounding alone can take it that far off."""


def pearson(x: ArrayLike, y: ArrayLike, *, confidence_level: float = 0.95) -> Estimate:
    """Return Pearson's r with its Fisher-z interval.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, at least three; neither may be constant.
    confidence_level : float
        Of the interval.

    Returns
    -------
    Estimate
        ``ci_method`` ``"Fisher z"``: SE 1/√(n − 3) (Fisher 1921).

    Raises
    ------
    StatisticsError
        An argument cannot be used, or is constant.

    Examples
    --------
    >>> found = pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    >>> round(found.value, 4), round(found.ci_low, 4), round(found.ci_high, 4)
    (0.8, -0.2796, 0.9862)
    """
    first, second = correlation_input(x, y)
    value = pearson_r(first, second)
    return _estimate("pearson", value, first.size, check_level(confidence_level))


def spearman(x: ArrayLike, y: ArrayLike, *, confidence_level: float = 0.95) -> Estimate:
    """Return Spearman's ρ (mid-ranks) with an interval on Fisher's z scale.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, at least three; neither may be constant.
    confidence_level : float
        Of the interval.

    Returns
    -------
    Estimate
        ``ci_method`` ``"Fisher z, Bonett–Wright"``: SE √((1 + ρ²/2)/(n − 3)) (Bonett & Wright
        2000).

    Raises
    ------
    StatisticsError
        An argument cannot be used, or is constant.

    Examples
    --------
    >>> round(spearman([1, 2, 3, 4, 50], [2, 1, 4, 3, 5]).value, 4)
    0.8
    """
    first, second = correlation_input(x, y)
    value = spearman_rho(first, second)
    return _estimate("spearman", value, first.size, check_level(confidence_level))


def correlation_input(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Validate pairs to be correlated, without noise: at least three, neither side constant."""
    first, second = map(without_noise, as_same_length(x, y, at_least=MIN_PAIRS))
    for name, values in (("x", first), ("y", second)):
        if np.ptp(values) == 0:
            raise StatisticsError(
                f"{name} is constant ({values[0]:g} for all {values.size}); allowed: values that "
                "differ, since a constant has no correlation. Leave it out of the plan."
            )
    return first, second


def pearson_r(x: FloatArray, y: FloatArray) -> float:
    """Return Pearson's r of validated pairs, kept within −1 to 1 (see `PERFECT`)."""
    centred_x, centred_y = x - x.mean(), y - y.mean()
    centred_x, centred_y = centred_x / np.abs(centred_x).max(), centred_y / np.abs(centred_y).max()
    size = float(np.linalg.norm(centred_x) * np.linalg.norm(centred_y))
    return perfect_if_near(float((centred_x * centred_y).sum()) / size)


def perfect_if_near(r: float) -> float:
    """Return ±1 for a correlation that only rounding keeps from it.

    Examples
    --------
    >>> perfect_if_near(-0.9999999999999998), perfect_if_near(0.9999)
    (-1.0, 0.9999)
    """
    return math.copysign(1.0, r) if 1 - abs(r) < PERFECT else r


def spearman_rho(x: FloatArray, y: FloatArray) -> float:
    """Return Spearman's ρ of validated pairs."""
    return pearson_r(mid_ranks(x), mid_ranks(y))


FISHER_METHODS = {
    "pearson": "Fisher z",
    "spearman": "Fisher z, Bonett–Wright",
    "kendall": "Fisher z, Fieller",
}
NAMES = {
    "pearson": "Pearson r",
    "spearman": "Spearman rho",
    "kendall": "Kendall tau-b",
    "percentage_bend": "percentage-bend r",
}


def fisher_interval(
    kind: str, value: float, n: int, level: float, *, alternative: str = "two-sided"
) -> tuple[float, float]:
    """Return an interval on Fisher's z scale; NaN for n < 4 (Kendall n < 5) or abs(r) = 1.

    Standard errors: Pearson 1/√(n − 3) (Fisher 1921), Spearman √((1 + ρ²/2)/(n − 3)) (Bonett &
    Wright 2000), Kendall √(.437/(n − 4)) (Fieller, Hartley & Pearson 1957).
    """
    if n < (5 if kind == "kendall" else 4) or abs(value) >= 1:
        return NAN, NAN
    variance = {
        "pearson": lambda: 1 / (n - 3),
        "spearman": lambda: (1 + value**2 / 2) / (n - 3),
        "kendall": lambda: 0.437 / (n - 4),
    }[kind]()
    sides = 1 if alternative in {"less", "greater"} else 2
    reach = -float(special.ndtri((1 - level) / sides)) * math.sqrt(variance)
    middle = math.atanh(value)
    low = -1.0 if alternative == "less" else math.tanh(middle - reach)
    high = 1.0 if alternative == "greater" else math.tanh(middle + reach)
    return low, high


def fisher_warnings(kind: str, value: float, n: int) -> tuple[str, ...]:
    """Return a sentence where there is no Fisher interval."""
    needed = 5 if kind == "kendall" else 4
    if n < needed:
        return (f"An interval of {NAMES[kind]} needs at least {needed} pairs; there are {n}.",)
    if abs(value) >= 1:
        return (f"{NAMES[kind]} is {value:+.0f}: Fisher's z has no interval there.",)
    return ()


def _estimate(kind: str, value: float, n: int, level: float) -> Estimate:
    low, high = fisher_interval(kind, value, n, level)
    return Estimate(
        value=value,
        name=NAMES[kind],
        ci_low=low,
        ci_high=high,
        ci_level=level,
        ci_method=FISHER_METHODS[kind],
        n=(n,),
        warnings=fisher_warnings(kind, value, n),
    )
