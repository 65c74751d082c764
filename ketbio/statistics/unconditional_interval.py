"""The difference between two proportions with an interval that is exact for any margins."""

from ketbio.statistics.inputs import ALTERNATIVES, alpha_of, check_level, check_word
from ketbio.statistics.records import Estimate
from ketbio.statistics.two_proportions.exact_limits import exact_limits
from ketbio.statistics.unconditional import counts_of

INTERVALS = {
    "two-sided": "inverted two-sided score test, exact unconditional (Agresti–Min)",
    "two-sided-doubled": "inverted one-sided score tests, exact unconditional (Chan–Zhang)",
    "greater": "inverted one-sided score test, exact unconditional (Chan–Zhang)",
    "less": "inverted one-sided score test, exact unconditional (Chan–Zhang)",
}


def exact_proportion_difference(
    first: tuple[int, int],
    second: tuple[int, int],
    *,
    confidence_level: float = 0.95,
    alternative: str = "two-sided",
) -> Estimate:
    """Return the first proportion minus the second with an exact unconditional interval.

    Parameters
    ----------
    first, second : tuple of int
        ``(count, n)`` of each group, n from 1 to 200.
    confidence_level : float
        Of the interval, which covers at least so often whatever the proportions.
    alternative : {"two-sided", "two-sided-doubled", "greater", "less"}
        ``"two-sided"`` inverts one two-sided test (Agresti & Min 2001: shorter);
        ``"two-sided-doubled"`` two one-sided tests (Chan & Zhang 1999); one-sided: the interval
        reaches to 1 (``"greater"``) or −1.

    Returns
    -------
    Estimate
        −1 to 1. The differences with p ≥ α of the exact unconditional test of the score statistic
        (Miettinen & Nurminen 1985); against 0 that is Barnard's test with pooled z.

    Raises
    ------
    StatisticsError
        Not counts of people, groups too large, or a level outside 0 to 1.

    Examples
    --------
    >>> found = exact_proportion_difference((3, 3), (0, 3))
    >>> found.value, round(found.ci_low, 4), found.ci_high
    (1.0, 0.1515, 1.0)
    """
    level = check_level(confidence_level)
    check_word("alternative", alternative, ALTERNATIVES)
    counts, n = counts_of(first, second)
    low, high = exact_limits(counts, n, alternative=alternative, alpha=float(alpha_of(level)))
    return Estimate(
        value=counts[0] / n[0] - counts[1] / n[1],
        name="difference of proportions",
        ci_low=low,
        ci_high=high,
        ci_level=level,
        ci_method=INTERVALS[alternative],
        n=n,
    )
