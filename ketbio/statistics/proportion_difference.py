"""The difference between two proportions, with an interval that holds for small groups."""

import math

from scipy import stats

from ketbio.statistics.inputs import check_level
from ketbio.statistics.proportion import check_count
from ketbio.statistics.records import Estimate

SAME_IN_ALL = (
    "The proportion does not vary within either group, so that there is nothing to divide by: no "
    "standardised difference."
)


def proportion_difference(
    first: tuple[int, int], second: tuple[int, int], *, confidence_level: float = 0.95
) -> Estimate:
    """Return the first proportion minus the second with Newcombe's hybrid score interval.

    Parameters
    ----------
    first, second : tuple of int
        How many of how many in each group: ``(count, n)``, n at least 1.
    confidence_level : float
        Of the interval.

    Returns
    -------
    Estimate
        A difference of proportions, −1 to 1; its limits never leave that range.

    Raises
    ------
    StatisticsError
        Not whole numbers, or a count outside 0 to n.

    Notes
    -----
    Method 10 of Newcombe (1998), without continuity correction: the limits of Wilson's score
    interval of each proportion, combined as squares. It has a width where both counts are 0, and
    keeps its level far better in small groups than the Wald interval.

    Examples
    --------
    >>> found = proportion_difference((9, 10), (3, 10))
    >>> round(found.value, 4), round(found.ci_low, 4), round(found.ci_high, 4)
    (0.6, 0.1705, 0.809)
    """
    level = check_level(confidence_level)
    (p, low, high), (q, other_low, other_high) = (_wilson(*one, level) for one in (first, second))
    return Estimate(
        value=p - q,
        name="difference of proportions",
        # at 0 of n and n of n rounding can take a limit a hair past the estimate or past 1
        ci_low=max(-1.0, p - q - math.hypot(p - low, other_high - q)),
        ci_high=min(1.0, p - q + math.hypot(high - p, q - other_low)),
        ci_level=level,
        ci_method="Newcombe hybrid score",
        n=(int(first[1]), int(second[1])),
    )


def standardised_proportion_difference(first: tuple[int, int], second: tuple[int, int]) -> Estimate:
    """Return the first proportion minus the second in pooled standard deviations.

    Parameters
    ----------
    first, second : tuple of int
        ``(count, n)`` of each group, n at least 1.

    Returns
    -------
    Estimate
        (p − q) / √((p(1 − p) + q(1 − q)) / 2), after Austin (2009); NaN with a warning where
        neither proportion varies. It has no interval.

    Raises
    ------
    StatisticsError
        Not whole numbers, or a count outside 0 to n.

    Examples
    --------
    >>> round(standardised_proportion_difference((9, 10), (3, 10)).value, 4)
    1.5492
    """
    for count, n in (first, second):
        check_count(count, n)
    p, q = (count / n for count, n in (first, second))
    spread = math.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    same = spread == 0
    return Estimate(
        value=math.nan if same else (p - q) / spread,
        name="difference over the pooled SD",
        n=(int(first[1]), int(second[1])),
        warnings=(SAME_IN_ALL,) if same else (),
    )


def _wilson(count: int, n: int, level: float) -> tuple[float, float, float]:
    """Return a proportion with the limits of Wilson's score interval."""
    check_count(count, n)
    limits = stats.binomtest(int(count), int(n)).proportion_ci(level, method="wilson")
    return count / n, float(limits.low), float(limits.high)
