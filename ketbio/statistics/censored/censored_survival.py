"""The Kaplan–Meier distribution of values beyond limits of one side."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ketbio.statistics.censored.censored_samples import CensoredSample
from ketbio.statistics.records import NAN, FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurvivalCurve:
    """Where the values lie, and how much of them.

    Attributes
    ----------
    points : array of shape (k,)
        Ascending. The first or the last one may be a limit, at which the share that lies
        somewhere beyond it is put.
    shares : array of shape (k,)
        They sum to 1.
    open_share : float
        Of the values that lie beyond every measured value: somewhere beyond the limit.
    variance_of_mean : float
        Greenwood's, of the mean with the open share at its limit.
    """

    points: FloatArray
    shares: FloatArray
    open_share: float
    variance_of_mean: float
    is_open_below: bool

    @property
    def mean(self) -> float:
        """The mean, with the open share at its limit."""
        return float(self.points @ self.shares)

    def sd(self, n: int) -> float:
        """Return the SD, with n − 1 below; NaN for one value."""
        if n < 2:
            return NAN
        return math.sqrt(float(self.shares @ (self.points - self.mean) ** 2) * n / (n - 1))

    def quantile(self, share: float) -> float:
        """Return the smallest point that so much is at or below; between two where it is equal.

        NaN where it lies in the open share.
        """
        upto = np.cumsum(self.shares)
        place = int(np.searchsorted(upto, share - 1e-12))
        is_even = abs(upto[place] - share) < 1e-12 and place + 1 < self.points.size
        chosen = [place, place + 1] if is_even else [place]
        limit = 0 if self.is_open_below else self.points.size - 1
        if self.open_share > 0 and limit in chosen:
            return NAN
        return float(self.points[chosen].mean())

    def mean_interval(self, level: float) -> tuple[float, float]:
        """Return the interval of the mean: normal, with Greenwood's variance."""
        reach = float(stats.norm.ppf((1 + level) / 2)) * math.sqrt(self.variance_of_mean)
        return self.mean - reach, self.mean + reach


def survival_curve(sample: CensoredSample) -> SurvivalCurve:
    """Return the Kaplan–Meier estimate of a sample with limits on one side.

    Parameters
    ----------
    sample : CensoredSample
        No values below a limit beside values above one; at least one measured.

    Examples
    --------
    >>> curve = survival_curve(CensoredSample(value=np.array([1.0, 2.0, 3.0]),
    ...     below=np.array([False, True, False]), above=np.zeros(3, dtype=np.bool_)))
    >>> curve.points.tolist(), curve.shares.round(3).tolist()  # <2 is where 1 is
    ([1.0, 3.0], [0.667, 0.333])
    """
    if sample.below.any():
        mirrored = survival_curve(sample.mirrored())
        return SurvivalCurve(
            points=-mirrored.points[::-1],
            shares=mirrored.shares[::-1],
            open_share=mirrored.open_share,
            variance_of_mean=mirrored.variance_of_mean,
            is_open_below=True,
        )
    seen = sample.value[~sample.above]
    points, counts = np.unique(seen, return_counts=True)
    deaths = counts.astype(np.float64)
    # A value above a limit that equals a measured one is higher than it.
    at_risk = np.array([float((sample.value >= point).sum()) for point in points])
    survives = np.cumprod(1 - deaths / at_risk)
    shares = -np.diff(np.concatenate([[1.0], survives]))
    open_share = float(survives[-1]) if at_risk[-1] > deaths[-1] else 0.0
    if open_share > 0:
        limit = float(sample.value[sample.above].max())
        points, shares = np.append(points, limit), np.append(shares, open_share)
    return SurvivalCurve(
        points=points,
        shares=shares,
        open_share=open_share,
        variance_of_mean=_variance(points, shares, deaths, at_risk),
        is_open_below=False,
    )


def _variance(
    points: FloatArray, shares: FloatArray, deaths: FloatArray, at_risk: FloatArray
) -> float:
    """Return Greenwood's variance of the area under the curve."""
    survives = 1 - np.cumsum(shares)[:-1]
    steps = np.diff(points) * survives
    # The area to the right of each measured point.
    rest = np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]])[: deaths.size]
    left = at_risk - deaths
    usable = left > 0
    return float((rest[usable] ** 2 * deaths[usable] / (at_risk[usable] * left[usable])).sum())
