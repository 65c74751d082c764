"""Intraclass correlations: the share of variance that is not error of replicates."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_values, check_level
from ketbio.statistics.records import NAN, Estimate
from ketbio.statistics.reliability import sample_labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """The intraclass correlation of single values, and of means of replicates.

    Attributes
    ----------
    single, average : Estimate
        ICC(1,1), and ICC(1,k): the share of the variance of one value, or of the mean of k, that
        lies between samples.
    n_replicates : float
        k: replicates per sample, or their harmonic mean where they differ.
    f_ratio, df_samples, df_error
        What the interval is made from.
    """

    single: Estimate
    average: Estimate
    n_replicates: float
    f_ratio: float
    df_samples: int
    df_error: int


def intraclass_correlation(
    values: ArrayLike, samples: ArrayLike, *, confidence_level: float = 0.95
) -> Reliability:
    """Return ICC(1,1) and ICC(1,k) of replicates, also where their numbers differ.

    Parameters
    ----------
    values : array-like of numbers, shape (n,)
        Measured values.
    samples : array-like of labels, shape (n,)
        Whose value each is.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    Reliability
        Negative estimates, of samples that differ less than their replicates do, stay negative.

    Raises
    ------
    StatisticsError
        Fewer than two samples, none measured twice, or all values equal.

    Notes
    -----
    Shrout & Fleiss (1979): F is the mean square between samples over that within. Where numbers
    of replicates differ, unweighted sample means and the harmonic mean of the numbers stand in
    (Thomas & Hultquist 1978), which is the same where they do not.

    Examples
    --------
    >>> found = intraclass_correlation([1.0, 3.0, 6.0, 8.0], ["P01", "P01", "P02", "P02"])
    >>> round(found.single.value, 4), round(found.average.value, 4), found.n_replicates
    (0.8519, 0.92, 2.0)
    """
    x = as_values(values, "values", at_least=3)
    sample = sample_labels(samples, x.size, "samples")
    counts = np.bincount(sample).astype(float)
    if counts.size < 2 or counts.max() < 2:
        raise StatisticsError(
            f"values are of {counts.size} samples with at most {int(counts.max())} values each; "
            "allowed: at least two samples, and two values of one of them."
        )
    means = np.bincount(sample, x) / counts
    df_error = x.size - counts.size
    error = float(((x - means[sample]) ** 2).sum()) / df_error
    replicates = counts.size / float((1 / counts).sum())
    spread = replicates * float(means.var(ddof=1))
    if error == 0 and spread == 0:
        raise StatisticsError("all values are equal; allowed: values that differ.")
    return reliability_from_f(
        math.inf if error == 0 else spread / error,
        counts.size - 1,
        df_error,
        n_replicates=replicates,
        confidence_level=confidence_level,
    )


def reliability_from_f(
    f_ratio: float,
    df_samples: int,
    df_error: int,
    *,
    n_replicates: float,
    confidence_level: float = 0.95,
) -> Reliability:
    """Return both intraclass correlations from the ratio of the two mean squares.

    Parameters
    ----------
    f_ratio : float
        The variance of means of replicates over what their error alone gives.
    df_samples, df_error : int
        Degrees of freedom above and below.
    n_replicates : float
        k.
    confidence_level : float
        Of the intervals, exact for normal values and equal numbers.

    Examples
    --------
    >>> reliability_from_f(4.0, 9, 10, n_replicates=2).average.value
    0.75
    """
    level = check_level(confidence_level)
    ends = (float(stats.f.ppf((1 + side * level) / 2, df_samples, df_error)) for side in (1, -1))
    ratios = (f_ratio, *(f_ratio / end for end in ends))
    made = {
        f"ICC(1,{name})": tuple(_icc(ratio, k) for ratio in ratios)
        for name, k in (("1", n_replicates), ("k", 1.0))
    }
    single, average = (
        Estimate(
            value=value,
            name=name,
            ci_low=low,
            ci_high=high,
            ci_level=level,
            ci_method="F distribution",
            n=(df_samples + 1,),
        )
        for name, (value, low, high) in made.items()
    )
    return Reliability(
        single=single,
        average=average,
        n_replicates=n_replicates,
        f_ratio=f_ratio,
        df_samples=df_samples,
        df_error=df_error,
    )


def _icc(ratio: float, k: float) -> float:
    """Return (F − 1)/(F + k − 1), which is 1 − 1/F for means, of which k is 1."""
    return 1.0 if math.isinf(ratio) else (ratio - 1) / (ratio + k - 1) if ratio + k > 1 else NAN
