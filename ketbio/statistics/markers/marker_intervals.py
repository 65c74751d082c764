"""How well drawn p values of many markers are known."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ketbio.statistics.records import FloatArray


def drawn_intervals(
    counts: NDArray[np.int64], tested: NDArray[np.intp], n_draws: int | None, k: int
) -> FloatArray:
    """Return the 99 % Clopper–Pearson intervals of p values drawn as (b + 1)/(m + 1).

    Parameters
    ----------
    counts : array of shape (t,)
        b + 1: as extreme, the observed arrangement among them.
    tested : array of shape (t,)
        Which markers these are.
    n_draws : int or None
        m; None where every arrangement was counted.
    k : int
        Markers in all.

    Returns
    -------
    array of shape (k, 2)
        NaN where nothing was drawn or tested.

    Examples
    --------
    >>> drawn_intervals(np.array([1, 40]), np.array([0, 2]), 99, 3).round(3)
    array([[0.   , 0.052],
           [  nan,   nan],
           [0.27 , 0.528]])
    """
    found = np.full((k, 2), np.nan)
    if n_draws is None:
        return found
    beyond = counts - 1.0
    with np.errstate(invalid="ignore"):
        low = special.betaincinv(beyond, n_draws - beyond + 1, 0.005)
        high = special.betaincinv(beyond + 1, n_draws - beyond, 0.995)
    found[tested, 0] = np.where(beyond > 0, low, 0.0)
    found[tested, 1] = np.where(beyond < n_draws, high, 1.0)
    return found
