"""Mid-ranks as whole numbers: twice the rank where ties make halves."""

import numpy as np
from scipy import stats

from ketbio.statistics.records import FloatArray


def mid_ranks(values: FloatArray, tolerance: float = 0.0) -> FloatArray:
    """Return mid-ranks of shape (n,); values closer than ``tolerance`` to their neighbour tie.

    Examples
    --------
    >>> mid_ranks(np.array([10.0, 30.0, 10.0]))
    array([1.5, 3. , 1.5])
    """
    if tolerance > 0 and values.size:
        order = np.argsort(values, kind="stable")
        new_level = np.concatenate([[0], np.cumsum(np.diff(values[order]) > tolerance)])
        levels = np.empty(values.size)
        levels[order] = new_level
        values = levels
    return np.asarray(stats.rankdata(values), dtype=np.float64)
