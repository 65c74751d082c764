"""Student's and Welch's t with their intervals: the parametric companions."""

import math

from numpy.typing import ArrayLike
from scipy import special

from ketbio.statistics.inputs import as_same_length, as_values, check_level
from ketbio.statistics.number_lines import differences_without_noise, without_noise
from ketbio.statistics.records import NAN, FloatArray, TTest
from ketbio.statistics.spreads import root_of_weighted_squares, standard_deviation


def mean_interval(x: ArrayLike, *, confidence_level: float = 0.95) -> TTest:
    """Return the mean with its t interval.

    Parameters
    ----------
    x : array-like of numbers, shape (n,)
        At least one value; with one there is no interval and a warning says so.
    confidence_level : float
        Of the interval.

    Returns
    -------
    TTest
        The p value is against a mean of zero.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> found = mean_interval([1, 2, 3, 4, 5])
    >>> found.estimate, round(found.ci_low, 4), round(found.ci_high, 4)
    (3.0, 1.0368, 4.9632)
    """
    values = without_noise(as_values(x, "x"))
    return _one_sample(values, "mean", "t", check_level(confidence_level))


def paired_t(x: ArrayLike, y: ArrayLike, *, confidence_level: float = 0.95) -> TTest:
    """Return the mean of x − y with the paired t test.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs.
    confidence_level : float
        Of the interval.

    Returns
    -------
    TTest
        In the data's units.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> found = paired_t([33, 22, 27, 10, 22], [38, 27, 34, 44, 45])
    >>> found.estimate, round(found.t, 4), round(found.p_value, 4)
    (-14.8, -2.5219, 0.0652)
    """
    first, second = as_same_length(x, y)
    level = check_level(confidence_level)
    differences = differences_without_noise(first, second)
    return _one_sample(differences, "mean of differences", "paired t", level)


def welch_t(x: ArrayLike, y: ArrayLike, *, confidence_level: float = 0.95) -> TTest:
    """Return mean of x − mean of y with Welch's t test (unequal variances).

    Parameters
    ----------
    x, y : array-like of numbers, shapes (n,) and (m,)
        Two groups.
    confidence_level : float
        Of the interval.

    Returns
    -------
    TTest
        Welch–Satterthwaite degrees of freedom (Welch 1947).

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> found = welch_t([5, 6, 7, 8], [1, 2, 3, 5])
    >>> found.estimate, round(found.t, 4), round(found.df, 3), round(found.p_value, 5)
    (3.75, 3.5032, 5.585, 0.01437)
    """
    first, second = without_noise(as_values(x, "x")), without_noise(as_values(y, "y"))
    level = check_level(confidence_level)
    difference = float(first.mean() - second.mean())
    n = (int(first.size), int(second.size))
    standard_error = df = NAN
    if min(n) > 1:
        spreads = standard_deviation(first), standard_deviation(second)
        standard_error = root_of_weighted_squares(spreads, (1 / n[0], 1 / n[1]))
        if standard_error > 0:
            shares = [(s / standard_error) ** 2 / k for s, k in zip(spreads, n, strict=True)]
            df = 1 / sum(share**2 / (k - 1) for share, k in zip(shares, n, strict=True))
    return t_record(
        difference, standard_error, df, name="mean difference", method="Welch t", n=n, level=level
    )


def _one_sample(values: FloatArray, name: str, method: str, level: float) -> TTest:
    n = int(values.size)
    standard_error = standard_deviation(values) / math.sqrt(n)
    return t_record(
        float(values.mean()), standard_error, n - 1, name=name, method=method, n=(n,), level=level
    )


def t_record(
    estimate: float,
    standard_error: float,
    df: float,
    *,
    name: str,
    method: str,
    n: tuple[int, ...],
    level: float,
) -> TTest:
    """Return an estimate with its standard error as a t test with its interval."""
    t = p = low = high = NAN
    warnings: tuple[str, ...] = ()
    if math.isnan(standard_error):
        warnings = ("One value has no spread: there is neither a t test nor an interval.",)
    elif standard_error == 0:
        warnings = ("The values do not vary: there is neither a t test nor an interval.",)
    else:
        t = estimate / standard_error
        p = float(2 * special.stdtr(df, -abs(t)))
        reach = float(special.stdtrit(df, 0.5 + level / 2)) * standard_error
        low, high = estimate - reach, estimate + reach
    return TTest(
        estimate=estimate,
        estimate_name=name,
        standard_error=standard_error,
        df=float(df),
        t=t,
        p_value=p,
        ci_low=low,
        ci_high=high,
        ci_level=level,
        ci_method=method,
        n=n,
        warnings=warnings,
    )
