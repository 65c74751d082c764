"""How well replicates agree: components of variance and coefficients of variation."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_blocks, as_values, check_level
from ketbio.statistics.records import NAN, FloatArray

Labels = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceComponents:
    """What replicates, runs and samples each add to the spread of values.

    Attributes
    ----------
    mean : float
        Of all values.
    within_run : float
        SD of replicates of one sample in one run; NaN where no sample has two in a run.
    between_run : float
        SD of runs of one sample; NaN where no sample is in two runs. Where no run has replicates,
        it holds their error too.
    between_samples : float
        SD of samples; NaN for one sample.
    df_within : int
        Degrees of freedom of ``within_run``.
    n_values, n_samples, n_runs : int
        How many there are.
    """

    mean: float
    within_run: float
    between_run: float
    between_samples: float
    df_within: int
    n_values: int
    n_samples: int
    n_runs: int

    @property
    def measurement_error(self) -> float:
        """Standard error of measurement: SD of the values of one sample, in any run."""
        known = [one for one in (self.within_run, self.between_run) if not math.isnan(one)]
        return math.hypot(*known) if known else NAN

    @property
    def reliability_ratio(self) -> float:
        """Share of the variance of single values that lies between samples."""
        total = self.between_samples**2 + self.measurement_error**2
        return self.between_samples**2 / total if total > 0 else NAN


def variance_components(
    values: ArrayLike, samples: ArrayLike, runs: ArrayLike | None = None
) -> VarianceComponents:
    """Return the components of variance of replicates within runs within samples.

    Parameters
    ----------
    values : array-like of numbers, shape (n,)
        Measured values, or their logarithms.
    samples : array-like of labels, shape (n,)
        Whose value each is.
    runs : array-like of labels, shape (n,), optional
        In which run (plate, gel) it was measured; None: all in one.

    Returns
    -------
    VarianceComponents
        By analysis of variance; a component that comes out negative is 0.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or no sample was measured twice.

    Notes
    -----
    Nested, so that a run counts anew for each sample; numbers of replicates may differ. Mean
    squares are set equal to what is expected of them (Searle, Casella & McCulloch 1992).

    Examples
    --------
    >>> found = variance_components([1.0, 3.0, 6.0, 8.0], ["P01", "P01", "P02", "P02"])
    >>> round(found.within_run**2, 9), round(found.between_samples**2, 9)  # (25 − 2)/2
    (2.0, 11.5)
    """
    x = as_values(values, "values", at_least=2)
    sample = sample_labels(samples, x.size, "samples")
    run = np.zeros(x.size, dtype=np.intp) if runs is None else sample_labels(runs, x.size, "runs")
    cell = np.unique(np.stack([sample, run]), axis=1, return_inverse=True)[1].ravel()
    n_cells, n_samples = int(cell.max()) + 1, int(sample.max()) + 1
    if x.size == n_samples:
        raise StatisticsError(
            f"none of {n_samples} samples was measured twice; allowed: at least one with two "
            "values. Reliability needs replicates."
        )
    in_cell, in_sample = (np.bincount(one).astype(float) for one in (cell, sample))
    of_cell = np.bincount(cell, x) / in_cell
    of_sample = np.bincount(sample, x) / in_sample
    mean = float(x.mean())
    sums = (
        float(((x - of_cell[cell]) ** 2).sum()),
        float(((of_cell[cell] - of_sample[sample]) ** 2).sum()),
        float(((of_sample[sample] - mean) ** 2).sum()),
    )
    whose = np.zeros(n_cells, dtype=np.intp)
    whose[cell] = sample
    expected = _expected(in_cell, in_sample, whose)
    df = (x.size - n_cells, n_cells - n_samples, n_samples - 1)
    within, between, samples_var = _solved(sums, df, expected)
    return VarianceComponents(
        mean=mean,
        within_run=_root(within),
        between_run=_root(between),
        between_samples=_root(samples_var),
        df_within=df[0],
        n_values=x.size,
        n_samples=n_samples,
        n_runs=int(run.max()) + 1,
    )


def geometric_cv(sd_of_logs: float) -> float:
    """Return the geometric CV, 0 upwards, of values whose natural logarithms have this SD.

    The CV of a lognormal distribution: √(exp(σ²) − 1) (Kirkwood 1979, as it is used today).

    Examples
    --------
    >>> round(geometric_cv(0.2), 4)
    0.202
    """
    return math.sqrt(math.expm1(sd_of_logs**2))


def sd_interval(sd: float, df: int, *, confidence_level: float = 0.95) -> tuple[float, float]:
    """Return the interval of an SD with so many degrees of freedom, exact for normal values.

    Examples
    --------
    >>> low, high = sd_interval(2.0, 9)
    >>> round(low, 3), round(high, 3)
    (1.376, 3.651)
    """
    level = check_level(confidence_level)
    if df < 1 or math.isnan(sd):
        return (NAN, NAN)
    low, high = (float(stats.chi2.ppf(share, df)) for share in ((1 - level) / 2, (1 + level) / 2))
    return sd * math.sqrt(df / high), sd * math.sqrt(df / low)


def sample_labels(labels: ArrayLike, n: int, name: str) -> Labels:
    """Return label numbers 0, 1, … of shape (n,), or refuse them by name."""
    try:
        return as_blocks(labels, n)
    except StatisticsError as refused:
        raise StatisticsError(str(refused).replace("blocks", name)) from None


def _expected(in_cell: FloatArray, in_sample: FloatArray, whose: Labels) -> tuple[float, ...]:
    """Return how often each component is in the sums of squares of runs and of samples."""
    n = float(in_cell.sum())
    of_runs = float((in_cell**2 / in_sample[whose]).sum())
    return (
        n - of_runs,  # between runs, in the sum of squares of runs
        of_runs - float((in_cell**2).sum()) / n,  # between runs, in that of samples
        n - float((in_sample**2).sum()) / n,  # between samples, in that of samples
    )


def _solved(
    sums: tuple[float, ...], df: tuple[int, ...], expected: tuple[float, ...]
) -> tuple[float, float, float]:
    """Return variances within runs, between runs and between samples; NaN where not known."""
    within = sums[0] / df[0] if df[0] else NAN
    error = 0.0 if math.isnan(within) else within
    between = max(0.0, (sums[1] - df[1] * error) / expected[0]) if df[1] else NAN
    runs = 0.0 if math.isnan(between) else between
    if not df[2]:
        return within, between, NAN
    samples = (sums[2] - df[2] * error - expected[1] * runs) / expected[2]
    return within, between, max(0.0, samples)


def _root(variance: float) -> float:
    return math.sqrt(variance) if not math.isnan(variance) else NAN
