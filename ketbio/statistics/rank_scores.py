"""Mid-ranks as whole numbers: twice the rank where ties make halves."""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ketbio.statistics.records import FloatArray


def mid_ranks(values: FloatArray) -> FloatArray:
    """Return mid-ranks of shape (n,); equal values tie, so give them without binary noise.

    Examples
    --------
    >>> mid_ranks(np.array([10.0, 30.0, 10.0]))
    array([1.5, 3. , 1.5])
    """
    return np.asarray(stats.rankdata(values), dtype=np.float64)


def doubled_ranks(values: FloatArray, block: NDArray[np.intp]) -> FloatArray:
    """Return twice the mid-ranks within blocks: whole numbers.

    Examples
    --------
    >>> doubled_ranks(np.array([10.0, 30.0, 10.0, 5.0]), np.array([0, 0, 0, 1]))
    array([3., 6., 3., 2.])
    """
    doubled = np.empty(values.size)
    for number in np.unique(block):
        mine = block == number
        doubled[mine] = 2 * mid_ranks(values[mine])
    return doubled


def shifted_group_scores(
    x: FloatArray, y: FloatArray, differences: FloatArray, shift: float
) -> tuple[FloatArray, FloatArray]:
    """Return twice the mid-ranks of x − shift and of y.

    Nothing is subtracted from x: a difference below, at or above the shift says who is ahead, so
    that a large shift cannot blur small values.

    Parameters
    ----------
    x, y : arrays of shape (n,) and (m,)
        Twice the mid-ranks within each group (and block).
    differences : array of shape (n, m)
        Every x − y; NaN where blocks differ.
    shift : float
        Equal to a difference, or between two.
    """
    ahead, level, behind = differences > shift, differences == shift, differences < shift
    return (
        x + 2 * ahead.sum(axis=1) + level.sum(axis=1),
        y + 2 * behind.sum(axis=0) + level.sum(axis=0),
    )


def shifted_signed_scores(
    differences: FloatArray, averages: FloatArray, shift: float, *, keep_zeros: bool = False
) -> FloatArray:
    """Return twice the signed mid-ranks of abs(d − shift), 0 for zeros.

    abs(a − s) is above abs(b − s) where a is above b and their mean above s, or both are below.

    Parameters
    ----------
    differences : array of shape (n,)
        Values d.
    averages : array of shape (n, n)
        Mean of every two (NaN where they are not ranked together); the diagonal holds the
        differences themselves.
    shift : float
        Equal to an average, or between two.
    keep_zeros : bool
        Whether zeros are ranked with the rest (Pratt) or left out first (Wilcoxon).
    """
    kept = (np.diagonal(averages) != shift) | keep_zeros
    d, means = differences[kept], averages[np.ix_(kept, kept)]
    side = np.sign(d[:, None] - d[None, :]) * np.sign(means - shift)
    doubled = 1 + 2 * (side > 0).sum(axis=1) + (side == 0).sum(axis=1)
    return np.asarray(doubled * np.sign(np.diagonal(means) - shift), dtype=np.float64)
