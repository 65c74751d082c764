"""A proportion with its exact interval."""

import numpy as np
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import check_level
from ketbio.statistics.records import Estimate


def proportion_interval(count: int, n: int, *, confidence_level: float = 0.95) -> Estimate:
    """Return count/n with its Clopper–Pearson interval.

    Parameters
    ----------
    count, n : int
        How many of how many; n at least 1.
    confidence_level : float
        Of the interval, which covers at least so often (Clopper & Pearson 1934).

    Returns
    -------
    Estimate
        A proportion, 0 to 1.

    Raises
    ------
    StatisticsError
        Not whole numbers, or ``count`` outside 0 to ``n``.

    Examples
    --------
    >>> found = proportion_interval(2, 10)
    >>> found.value, round(found.ci_low, 4), round(found.ci_high, 4)
    (0.2, 0.0252, 0.5561)
    """
    level = check_level(confidence_level)
    check_count(count, n)
    interval = stats.binomtest(int(count), int(n)).proportion_ci(level, method="exact")
    return Estimate(
        value=int(count) / int(n),
        name="proportion",
        ci_low=float(interval.low),
        ci_high=float(interval.high),
        ci_level=level,
        ci_method="Clopper–Pearson",
        n=(int(n),),
    )


def check_count(count: int, n: int) -> None:
    """Refuse what is not so many people of so many.

    Raises
    ------
    StatisticsError
        Not whole numbers, or ``count`` outside 0 to ``n``.
    """
    for name, number in (("count", count), ("n", n)):
        if not isinstance(number, (int, np.integer)) or isinstance(number, bool):
            raise StatisticsError(f"{name} is {number!r}; allowed: a whole number. Count people.")
    if n < 1 or not 0 <= count <= n:
        raise StatisticsError(
            f"count is {count} and n is {n}; allowed: n of at least 1 and a count from 0 to n."
        )
