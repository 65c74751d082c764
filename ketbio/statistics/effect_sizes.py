"""Effect sizes with their intervals."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from ketbio.statistics.correlation import pearson_r
from ketbio.statistics.inputs import as_same_length, as_values, check_level, check_word
from ketbio.statistics.number_lines import differences_without_noise, without_noise
from ketbio.statistics.paired_permutation import paired_permutation_test
from ketbio.statistics.permutation import permutation_test
from ketbio.statistics.records import NAN, Estimate, FloatArray
from ketbio.statistics.spreads import root_of_weighted_squares, standard_deviation

NO_SPREAD = "The values do not vary, so that there is nothing to divide by: no effect size."
TOO_LARGE = "The effect is too large for limits from the noncentral t distribution: no interval."
TOO_FEW = "Too few values for an effect size: it needs at least 2 degrees of freedom."
WELL_SOLVED = 1e-6
"""How near the tail of the noncentral t must come to what was asked for its root to be one."""

SEPARATED = (
    "The groups do not overlap (or their ranks do not vary), so that the Brunner–Munzel variance "
    "is zero: no interval."
)


def hedges_g(x: ArrayLike, y: ArrayLike, *, confidence_level: float = 0.95) -> Estimate:
    """Return Hedges' g: (mean x − mean y) / pooled SD, times the exact small-sample correction.

    Parameters
    ----------
    x, y : array-like of numbers, shapes (n,) and (m,)
        Two groups.
    confidence_level : float
        Of the interval.

    Returns
    -------
    Estimate
        In pooled standard deviations. ``ci_method`` ``"noncentral t"``: limits of the
        noncentrality of t, turned to d and corrected like the estimate. NaN with a warning where
        nothing varies or n + m < 4.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Notes
    -----
    Hedges (1981) for the correction J = Γ(ν/2)/(√(ν/2) Γ((ν − 1)/2)); Steiger & Fouladi (1997) and
    Cumming & Finch (2001) for the interval.

    Examples
    --------
    >>> found = hedges_g([5, 6, 7, 8], [1, 2, 3, 5])
    >>> round(found.value, 4), round(found.ci_low, 3), round(found.ci_high, 3)
    (2.1517, 0.419, 3.801)
    """
    first, second = without_noise(as_values(x, "x")), without_noise(as_values(y, "y"))
    level = check_level(confidence_level)
    n, m = int(first.size), int(second.size)
    df = n + m - 2
    standardised = _Standardised(
        name="Hedges' g", method="noncentral t", n=(n, m), df=df, level=level
    )
    if df < 2:
        return _missing(standardised, TOO_FEW)
    # The SD of one value is unknown, and its weight is 0.
    spreads = tuple(standard_deviation(g) if g.size > 1 else 0.0 for g in (first, second))
    pooled = root_of_weighted_squares((spreads[0], spreads[1]), ((n - 1) / df, (m - 1) / df))
    if pooled == 0:
        return _missing(standardised, NO_SPREAD)
    d = float(first.mean() - second.mean()) / pooled
    return _corrected(standardised, d, per_noncentrality=math.sqrt(1 / n + 1 / m))


def paired_effect(
    x: ArrayLike, y: ArrayLike, *, standardiser: str = "d_av", confidence_level: float = 0.95
) -> Estimate:
    """Return the mean of x − y in standard deviations, with Hedges' correction (n − 1 df).

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs.
    standardiser : {"d_av", "d_rm"}
        ``"d_av"`` divides by √((s_x² + s_y²)/2) (Cumming 2012); ``"d_rm"`` by s_d/√(2(1 − r)),
        the SD within a measurement occasion (Morris & DeShon 2002; Lakens 2013).
    confidence_level : float
        Of the interval.

    Returns
    -------
    Estimate
        ``name`` says which, and that it is corrected. The interval is that of the noncentrality of
        the paired t, scaled to the standardiser as if variances and correlation were known
        (Algina & Keselman 2003), and corrected like the estimate. NaN with a warning for fewer
        than 3 pairs or where nothing varies.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> baseline = [38, 27, 34, 44, 45, 33, 48, 41, 40, 41]
    >>> after = [33, 22, 27, 10, 22, 21, 40, 31, 29, 33]
    >>> found = paired_effect(after, baseline)
    >>> found.name, round(found.value, 4)
    ('d_av (Hedges-corrected)', -1.5138)
    """
    check_word("standardiser", standardiser, _STANDARDISERS)
    first, second = as_same_length(x, y)
    n = int(first.size)
    standardised = _Standardised(
        name=f"{standardiser} (Hedges-corrected)",
        method="noncentral t (Algina–Keselman)",
        n=(n,),
        df=n - 1,
        level=check_level(confidence_level),
    )
    if n < 3:
        return _missing(standardised, TOO_FEW)
    differences = differences_without_noise(first, second)
    first, second = without_noise(first), without_noise(second)
    spread = standard_deviation(differences)
    unit = _STANDARDISERS[standardiser](first, second)
    if spread == 0 or unit == 0 or math.isnan(unit):
        return _missing(standardised, NO_SPREAD)
    d = float(differences.mean()) / unit
    return _corrected(standardised, d, per_noncentrality=spread / unit / math.sqrt(n))


def probability_of_superiority(
    x: ArrayLike, y: ArrayLike, *, confidence_level: float = 0.95
) -> Estimate:
    """Return A = P(X > Y) + ½ P(X = Y) with the Brunner–Munzel interval.

    Parameters
    ----------
    x, y : array-like of numbers, shapes (n,) and (m,)
        Two groups.
    confidence_level : float
        Of the interval.

    Returns
    -------
    Estimate
        0 to 1; .5 where neither tends to be larger. The interval is A ± t·SE with Satterthwaite
        degrees of freedom, cut off at 0 and 1 (Brunner & Munzel 2000). Where the groups do not
        overlap at all its variance is zero: NaN limits and a warning.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> found = probability_of_superiority([3, 4, 5, 6], [1, 2, 3, 5])
    >>> found.value, round(found.ci_low, 3), found.ci_high
    (0.8125, 0.367, 1.0)
    """
    first, second = as_values(x, "x"), as_values(y, "y")
    level = check_level(confidence_level)
    n, m = int(first.size), int(second.size)
    values = without_noise(np.concatenate([first, second]))
    above = np.sign(np.subtract.outer(values[:n], values[n:]))
    value = float((above.mean() + 1) / 2)
    low = high = NAN
    warnings: tuple[str, ...] = ("One value has no spread: no interval.",)
    if min(n, m) > 1:
        # Placements: the share of the other group below each value.
        parts = [
            standard_deviation((above.mean(axis=1) + 1) / 2) ** 2 / n,
            standard_deviation((above.mean(axis=0) + 1) / 2) ** 2 / m,
        ]
        variance = sum(parts)
        warnings = (SEPARATED,)
        if variance > 0:
            df = variance**2 / (parts[0] ** 2 / (n - 1) + parts[1] ** 2 / (m - 1))
            reach = float(special.stdtrit(df, 0.5 + level / 2)) * math.sqrt(variance)
            low, high = max(0.0, value - reach), min(1.0, value + reach)
            warnings = ()
    return Estimate(
        value=value,
        name="probability of superiority",
        ci_low=low,
        ci_high=high,
        ci_level=level,
        ci_method="Brunner–Munzel",
        n=(n, m),
        warnings=warnings,
    )


def hodges_lehmann(
    x: ArrayLike, y: ArrayLike | None = None, *, confidence_level: float = 0.95
) -> Estimate:
    """Return the Hodges–Lehmann shift with the interval that inverts the exact rank test.

    Parameters
    ----------
    x, y : array-like of numbers, shapes (n,) and (m,)
        Two groups: the median of every x − y. Without ``y``: the median of the Walsh averages of
        the differences ``x``, zeros among them.
    confidence_level : float
        Of the interval.

    Returns
    -------
    Estimate
        In the data's units (Hodges & Lehmann 1963).

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> found = hodges_lehmann([5, 6, 7, 8], [1, 2, 3, 4])
    >>> found.value, found.ci_low, found.ci_high
    (4.0, 1.0, 7.0)
    """
    if y is None:
        test = paired_permutation_test(
            x, statistic="signed_rank", confidence_level=confidence_level, seed=0
        )
    else:
        test = permutation_test(
            x, y, statistic="rank_sum", confidence_level=confidence_level, seed=0
        )
    return Estimate(
        value=test.estimate,
        name=test.estimate_name,
        ci_low=test.ci_low,
        ci_high=test.ci_high,
        ci_level=test.ci_level,
        ci_method=test.ci_method,
        n=test.n,
        warnings=test.warnings,
    )


def hedges_correction(df: float) -> float:
    """Return J, by which d overstates on average (Hedges 1981, exact).

    Examples
    --------
    >>> round(hedges_correction(10), 6)
    0.922746
    """
    return math.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2)) / math.sqrt(df / 2)


def _d_av_unit(x: FloatArray, y: FloatArray) -> float:
    return root_of_weighted_squares((standard_deviation(x), standard_deviation(y)), (0.5, 0.5))


def _d_rm_unit(x: FloatArray, y: FloatArray) -> float:
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return NAN
    r = pearson_r(x, y)
    if r == 1:
        return NAN
    return standard_deviation(differences_without_noise(x, y)) / math.sqrt(2 * (1 - r))


_STANDARDISERS: dict[str, Callable[[FloatArray, FloatArray], float]] = {
    "d_av": _d_av_unit,
    "d_rm": _d_rm_unit,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standardised:
    name: str
    method: str
    n: tuple[int, ...]
    df: int
    level: float


def _missing(what: _Standardised, warning: str) -> Estimate:
    return Estimate(
        value=NAN,
        name=what.name,
        ci_level=what.level,
        ci_method=what.method,
        n=what.n,
        warnings=(warning,),
    )


def _corrected(what: _Standardised, d: float, *, per_noncentrality: float) -> Estimate:
    correction = hedges_correction(what.df)
    low, high = _noncentrality_limits(d / per_noncentrality, what.df, what.level)
    return Estimate(
        value=correction * d,
        name=what.name,
        ci_low=correction * low * per_noncentrality,
        ci_high=correction * high * per_noncentrality,
        ci_level=what.level,
        ci_method=what.method,
        n=what.n,
        warnings=(TOO_LARGE,) if math.isnan(low) else (),
    )


def _noncentrality_limits(t: float, df: int, level: float) -> tuple[float, float]:
    """Return the noncentralities under which t is at the edge of the central ``level``.

    NaN where the distribution cannot be calculated for so large a t.
    """
    tail = (1 - level) / 2
    low, high = (_noncentrality(t, df, share) for share in (1 - tail, tail))
    return (low, high) if low <= high else (NAN, NAN)


def _noncentrality(t: float, df: int, probability: float) -> float:
    """Return the noncentrality under which ``probability`` is below t, or NaN."""

    def excess(noncentrality: float) -> float:
        return float(special.nctdtr(df, noncentrality, t)) - probability

    # The cdf falls as the noncentrality grows; beyond its reach it is NaN, which compares false.
    low, high = -1.0, 1.0
    while excess(low) < 0:
        low *= 2
    while excess(high) > 0:
        high *= 2
    if not (excess(low) >= 0 >= excess(high)):
        return NAN
    try:
        found = float(optimize.brentq(excess, low, high, xtol=1e-12))
    except ValueError:  # NaN on the way
        return NAN
    return found if abs(excess(found)) < WELL_SOLVED else NAN
