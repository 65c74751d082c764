"""How often a test rejects where nothing is there: its true size, which moves in steps."""

import numpy as np

from ketbio.statistics.records import FloatArray

ROUNDING = 1e-9
"""Centred whole numbers that are equal on paper are this close."""


def attained_size(
    centred: FloatArray,
    alternative: str,
    alpha: float,
    *,
    tolerance: float = 0.0,
    mid_p: bool = False,
) -> float:
    """Return the share of arrangements whose own p is below alpha.

    Parameters
    ----------
    centred : array of shape (arrangements,)
        T − E T of every arrangement, in any order.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Whose p it is.
    alpha : float
        The level.
    tolerance : float
        How close two statistics count as tied.
    mid_p : bool
        Whether arrangements exactly as extreme count half.

    Examples
    --------
    Of the 20 arrangements of 3 v 3 the most extreme on either side have p = .1.

    >>> sums = np.array([-4.5, -3.5, -2.5, -2.5, -1.5, -1.5, -1.5, -.5, -.5, -.5])
    >>> every = np.concatenate([sums, -sums])
    >>> attained_size(every, "two-sided", .05), attained_size(every, "two-sided", .11)
    (0.0, 0.1)
    """
    near = max(tolerance, ROUNDING)
    if alternative == "two-sided":
        return _beyond(np.abs(centred), alpha, near, mid_p=mid_p)
    sides = {
        "greater": (centred,),
        "less": (-centred,),
        "two-sided-doubled": (centred, -centred),
    }[alternative]
    return sum(_beyond(side, alpha / len(sides), near, mid_p=mid_p) for side in sides)


def _beyond(values: FloatArray, alpha: float, near: float, *, mid_p: bool) -> float:
    """Return the share of the largest values whose own upper p is below alpha."""
    descending = np.sort(values)[::-1]
    last_of_tie = np.append(-np.diff(descending) > near, True)
    up_to = (np.flatnonzero(last_of_tie) + 1) / descending.size
    p = (up_to + np.concatenate([[0.0], up_to[:-1]])) / 2 if mid_p else up_to
    rejected = up_to[p < alpha]
    return float(rejected[-1]) if rejected.size else 0.0
