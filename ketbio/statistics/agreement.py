"""Two methods that measure the same samples: bias and limits of agreement."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_same_length, check_level, check_word
from ketbio.statistics.records import NAN, Estimate, FloatArray
from ketbio.statistics.spreads import standard_deviation

SCALES = ("difference", "ratio")
COVERAGE = 0.95
"""Share of differences that lies between the limits of agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Bias and limits of agreement of a first method against a second.

    Attributes
    ----------
    bias, lower, upper : Estimate
        Mean difference, first minus second, and mean ± 1.96 SD, with intervals; as ratios, first
        over second, with ``scale="ratio"``.
    sd : float
        Of the differences, or of the differences of natural logarithms.
    slope : Estimate
        By how much the difference changes per unit of the mean of both methods: 0 where the bias
        is the same at every level. With ``scale="ratio"`` of logarithms.
    slope_p : float
        Two-sided p of slope 0; NaN where all means, or all differences, are equal.
    n : int
        Pairs.
    """

    bias: Estimate
    lower: Estimate
    upper: Estimate
    sd: float
    slope: Estimate
    slope_p: float
    n: int


def limits_of_agreement(
    first: ArrayLike,
    second: ArrayLike,
    *,
    scale: str = "difference",
    confidence_level: float = 0.95,
) -> Agreement:
    """Return the bias of one method against another, and their limits of agreement.

    Parameters
    ----------
    first, second : array-like of numbers, shape (n,)
        Both methods' values of the same samples, in the same unit; at least three pairs.
    scale : {"difference", "ratio"}
        Whether the methods differ by an amount or by a factor (values above 0).
    confidence_level : float
        Of the intervals.

    Returns
    -------
    Agreement
        The interval of each limit is exact for normal differences (non-central t; Carkeet 2015),
        where Bland & Altman (1986) give an approximation.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or a value at or below 0 with ``scale="ratio"``.

    Examples
    --------
    >>> found = limits_of_agreement([10.0, 12, 15, 20, 31], [11.0, 12, 14, 22, 29])
    >>> found.bias.value, round(found.lower.value, 2), round(found.upper.value, 2)
    (0.0, -3.1, 3.1)
    """
    check_word("scale", scale, SCALES)
    level = check_level(confidence_level)
    a, b = as_same_length(first, second, at_least=3, names=("first", "second"))
    is_ratio = scale == "ratio"
    if is_ratio:
        a, b = _logarithms(a, b)
    differences, n = _differences(a, b), a.size
    mean, sd = float(differences.mean()), standard_deviation(differences)
    reach = float(stats.norm.ppf((1 + COVERAGE) / 2))
    made = {
        name: (mean + z * sd, *_percentile_interval(mean, sd, n, z, level))
        for name, z in (("bias", 0.0), ("lower limit of agreement", -reach),
                        ("upper limit of agreement", reach))
    }  # fmt: skip
    bias, lower, upper = (
        Estimate(
            value=_back(value, is_ratio),
            name=f"{name}, as a ratio" if is_ratio else name,
            ci_low=_back(low, is_ratio),
            ci_high=_back(high, is_ratio),
            ci_level=level,
            ci_method="Student's t" if name == "bias" else "exact, non-central t",
            n=(n,),
        )
        for name, (value, low, high) in made.items()
    )
    slope, slope_p = _slope((a + b) / 2, differences, level)
    return Agreement(bias=bias, lower=lower, upper=upper, sd=sd, slope=slope, slope_p=slope_p, n=n)


def _differences(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return a − b; one number where they differ by no more than the rounding of a and b."""
    found = a - b
    rounding = 4 * np.finfo(float).eps * float(max(np.abs(a).max(), np.abs(b).max()))
    if np.ptp(found) <= rounding:
        return np.full_like(found, np.median(found))
    return found


def _percentile_interval(
    mean: float, sd: float, n: int, z: float, level: float
) -> tuple[float, float]:
    """Return the interval of μ + zσ of a normal distribution; Student's where z is 0."""
    root = math.sqrt(n)
    # A lower limit is the mirror image of an upper one.
    law = stats.nct(n - 1, abs(z) * root) if z else stats.t(n - 1)
    low, high = (float(law.ppf(share)) for share in ((1 - level) / 2, (1 + level) / 2))
    if z < 0:
        low, high = -high, -low
    return mean + low * sd / root, mean + high * sd / root


def _slope(means: FloatArray, differences: FloatArray, level: float) -> tuple[Estimate, float]:
    name, n = "slope of the difference on the mean", means.size
    if np.ptp(means) == 0 or np.ptp(differences) == 0:
        return Estimate(value=NAN, name=name, ci_level=level, n=(n,)), NAN
    line = stats.linregress(means, differences)
    reach = float(stats.t.ppf((1 + level) / 2, n - 2)) * float(line.stderr)
    slope = float(line.slope)
    estimate = Estimate(
        value=slope,
        name=name,
        ci_low=slope - reach,
        ci_high=slope + reach,
        ci_level=level,
        ci_method="Student's t",
        n=(n,),
    )
    return estimate, float(line.pvalue)


def _logarithms(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    lowest = min(float(a.min()), float(b.min()))
    if lowest <= 0:
        raise StatisticsError(
            f"first or second holds {lowest:g}, which has no logarithm; allowed with "
            "scale='ratio': values above 0. Use scale='difference', or leave the pair out."
        )
    return np.log(a), np.log(b)


def _back(value: float, is_ratio: bool) -> float:
    return math.exp(value) if is_ratio else value
