"""p values of two groups for thousands of data sets at once, from the definitions."""

import warnings
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from validity_tables import FloatArray, in_chunks, share_as_far

NEAR = 1e-10


@cache
def labels(n: int, m: int) -> FloatArray:
    """Every way to choose x, one per row; the first is the observed one."""
    rows = list(combinations(range(n + m), n))
    dealt = np.zeros((len(rows), n + m))
    dealt[np.arange(len(rows))[:, None], rows] = 1
    return dealt


def mean_p(values: FloatArray, n: int) -> FloatArray:
    """Exact two-sided p of the mean difference, of shape (rows,)."""

    def some(rows: FloatArray) -> FloatArray:
        total = rows.shape[1]
        far = np.abs(rows @ labels(n, total - n).T - rows.sum(axis=1, keepdims=True) * n / total)
        return share_as_far(far, far[:, 0], NEAR * np.abs(rows).sum(axis=1))

    return in_chunks(some, values)


def rank_p(values: FloatArray, n: int) -> FloatArray:
    return mean_p(stats.rankdata(values, axis=1), n)


def welch_parts(values: FloatArray, n: int) -> tuple[FloatArray, FloatArray]:
    """Mean difference and its squared standard error of every arrangement."""
    m = values.shape[1] - n
    centred = values - np.rint(values.mean(axis=1, keepdims=True))
    dealt = labels(n, m).T
    x, xx = centred @ dealt, centred**2 @ dealt
    y = centred.sum(axis=1, keepdims=True) - x
    yy = (centred**2).sum(axis=1, keepdims=True) - xx
    small = 1e-13 * (centred**2).sum(axis=1, keepdims=True)
    within = [
        np.where(squares < small, 0.0, squares) / (k * (k - 1))
        for squares, k in ((xx - x**2 / n, n), (yy - y**2 / m, m))
    ]
    return x / n - y / m, within[0] + within[1]


def place(difference: FloatArray, variance: FloatArray) -> FloatArray:
    """Arsinh of abs(t), so that ties are told alike where t is large."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(difference) / np.sqrt(variance)
    return np.arcsinh(np.where(np.abs(difference) < 1e-12, 0.0, np.minimum(t, 1e200)))


def welch_p(values: FloatArray, n: int, shift: float = 0.0) -> FloatArray:
    """p of (t − shift/SE) over the arrangements of the values as they are."""

    def some(rows: FloatArray) -> FloatArray:
        difference, variance = welch_parts(rows, n)
        own = place(difference[:, 0] - shift, variance[:, 0])
        return share_as_far(place(difference, variance), own, np.full(rows.shape[0], NEAR))

    return in_chunks(some, values)


@cache
def brunner_munzel_table(ascending: tuple[int, ...], n: int) -> FloatArray:
    """p of every arrangement of these sorted values, by the definition of the statistic."""
    values = np.array(ascending)
    m = values.size - n
    dealt = labels(n, m)
    above = (np.sign(np.subtract.outer(values, values)) + 1) / 2
    of_x = np.where(dealt == 1, (1 - dealt) @ above.T, np.nan) / m
    of_y = np.where(dealt == 0, dealt @ above.T, np.nan) / n
    variance = np.nanvar(of_x, axis=1, ddof=1) / n + np.nanvar(of_y, axis=1, ddof=1) / m
    difference = np.nanmean(of_x, axis=1) - 0.5
    far = place(difference, np.where(variance < 1e-14, 0.0, variance))
    return np.array([(far >= own - NEAR).mean() for own in far])


def brunner_munzel_p(values: FloatArray, n: int) -> FloatArray:
    """p by look-up: it depends on the order and the ties alone."""
    size = values.shape[1]
    order = np.argsort(values, axis=1, kind="stable")
    ties = stats.rankdata(np.take_along_axis(values, order, axis=1), method="dense", axis=1)
    bits = 1 << np.arange(size)
    number_of = np.zeros(1 << size, dtype=np.intp)
    number_of[(labels(n, size - n) @ bits).astype(np.intp)] = np.arange(len(labels(n, size - n)))
    found: NDArray[np.intp] = number_of[((order < n) @ bits).astype(np.intp)]
    patterns = map(tuple, ties.astype(int).tolist())
    return np.array(
        [brunner_munzel_table(one, n)[k] for one, k in zip(patterns, found, strict=True)]
    )


def classical_p(values: FloatArray, n: int) -> FloatArray:
    """p of Welch's t test by the t distribution; 1 where there is no variance at all."""
    with warnings.catch_warnings():
        # SciPy warns of groups without variance, which tied totals can be.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = stats.ttest_ind(values[:, :n], values[:, n:], axis=1, equal_var=False)
    return np.nan_to_num(found.pvalue, nan=1.0)


P_VALUES = {
    "mean_difference": mean_p,
    "rank_sum": rank_p,
    "welch_t": welch_p,
    "brunner_munzel": brunner_munzel_p,
}
