"""Parallelism: the common slope of log level on log share of sample, over samples."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import check_level
from ketbio.statistics.records import Estimate


def dilution_slope(
    log_share: ArrayLike,
    log_level: ArrayLike,
    sample: ArrayLike,
    *,
    confidence_level: float = 0.95,
) -> Estimate:
    """Return the slope that samples share: 1 where they run parallel to the standards.

    Parameters
    ----------
    log_share : array-like of numbers, shape (n,)
        Logarithm of the share of sample in the well, log(1/dilution).
    log_level : array-like of numbers, shape (n,)
        Logarithm of the concentration read in the well, to the same base.
    sample : array-like of labels, shape (n,)
        Which sample each is of; every sample has a level of its own.
    confidence_level : float
        Of the t interval.

    Returns
    -------
    Estimate
        The within-sample slope (analysis of covariance); the interval is NaN where as many numbers
        are estimated as were measured.

    Raises
    ------
    StatisticsError
        Arrays of different lengths, or no sample at two dilutions.

    Notes
    -----
    Least squares after taking off each sample's means: b = Σ(x − x̄ᵢ)(y − ȳᵢ) / Σ(x − x̄ᵢ)², with
    N − k − 1 degrees of freedom for k samples. Plikaytis et al. (1994).

    Examples
    --------
    >>> found = dilution_slope([0, -1, -2], [3.0, 2.1, 0.9], ["a", "a", "a"])
    >>> round(found.value, 4), round(found.ci_low, 3), round(found.ci_high, 3)
    (1.05, -0.05, 2.15)
    """
    level = check_level(confidence_level)
    x, y = (np.asarray(one, dtype=float) for one in (log_share, log_level))
    labels = np.asarray(sample).astype(str)
    if not x.shape == y.shape == labels.shape or x.ndim != 1:
        raise StatisticsError(
            f"log_share, log_level and sample have the shapes {x.shape}, {y.shape} and "
            f"{labels.shape}; one number each per reading is wanted."
        )
    _, place = np.unique(labels, return_inverse=True)
    counts = np.bincount(place)
    dx, dy = (one - (np.bincount(place, one) / counts)[place] for one in (x, y))
    sxx = float(dx @ dx)
    if sxx == 0:
        raise StatisticsError(
            "no sample was read at two dilutions; a slope needs two of one sample."
        )
    slope = float(dx @ dy) / sxx
    df = x.size - counts.size - 1
    half = math.nan
    if df > 0:
        rest = dy - slope * dx
        half = float(stats.t.ppf(0.5 + level / 2, df)) * math.sqrt(float(rest @ rest) / df / sxx)
    return Estimate(
        value=slope,
        name="slope on dilution",
        ci_low=slope - half,
        ci_high=slope + half,
        ci_level=level,
        ci_method=f"t on {df} df" if df > 0 else "",
        n=(int(x.size),),
    )
