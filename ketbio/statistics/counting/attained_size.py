"""How often a test rejects where nothing is there: its true size, which moves in steps."""

from collections.abc import Callable

import numpy as np

from ketbio.statistics.counting.tails import Tails, p_value
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


def attained_size_of_tails(
    tails: Tails, alternative: str, alpha: float, *, mid_p: bool = False
) -> float:
    """Return the same from tail counts, where arrangements are counted without being listed.

    Parameters
    ----------
    tails : Tails
        Every arrangement, counted.
    alternative, alpha, mid_p
        As in `attained_size`.
    """
    low, high = (float(end) for end in tails.extremes())
    if alternative == "two-sided":
        reach = max(-low, high)
        return _crossed(
            lambda d: p_value(tails, max(d, 0.0), "two-sided"), 0.0, reach, alpha, mid_p
        )
    share = alpha / 2 if alternative == "two-sided-doubled" else alpha
    size = 0.0
    if alternative != "less":
        size += _crossed(lambda d: p_value(tails, d, "greater"), low, high, share, mid_p)
    if alternative != "greater":
        size += _crossed(lambda d: p_value(tails, -d, "less"), -high, -low, share, mid_p)
    return size


def _crossed(
    p_at: Callable[[float], float], near: float, far: float, alpha: float, mid_p: bool
) -> float:
    """Return p just beyond where it falls below alpha, halving towards the value it falls at."""
    inside, outside = near - 1.0, far + 1.0
    p_inside, p_outside = 1.0, 0.0
    while outside - inside > 1e-9 * max(1.0, abs(far) + abs(near)):
        probe = (inside + outside) / 2
        p = p_at(probe)
        if p < alpha:
            outside, p_outside = probe, p
        else:
            inside, p_inside = probe, p
    # The value between the two is rejected too where half of it keeps its mid-p below alpha.
    return p_inside if mid_p and (p_inside + p_outside) / 2 < alpha else p_outside


def _beyond(values: FloatArray, alpha: float, near: float, *, mid_p: bool) -> float:
    """Return the share of the largest values whose own upper p is below alpha."""
    descending = np.sort(values)[::-1]
    last_of_tie = np.append(-np.diff(descending) > near, True)
    up_to = np.flatnonzero(last_of_tie) + 1
    twice = up_to + np.concatenate([[0], up_to[:-1]]) if mid_p else 2 * up_to
    rejected = up_to[twice / (2 * descending.size) < alpha]
    return float(rejected[-1] / descending.size) if rejected.size else 0.0
