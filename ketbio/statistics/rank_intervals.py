"""Confidence limits of a shift from rank tests: between which ordered differences p falls below α.

The rank statistic only changes where the shift passes one of the pairwise differences (two
samples) or Walsh averages (pairs). p is constant in the gaps between them, so the limits are found
by halving the gaps (Hodges & Lehmann 1963; Bauer 1972).
"""

import math
from collections.abc import Callable

import numpy as np

from ketbio.statistics.records import FloatArray
from ketbio.statistics.shift_intervals import Limits


def limits_from_gaps(
    jumps: FloatArray, p_in_gap: Callable[[float], float], *, alternative: str, alpha: float
) -> Limits:
    """Return the closure of the gaps whose p is α or more.

    Parameters
    ----------
    jumps : array of shape (jumps,)
        Ascending, each once.
    p_in_gap : callable
        Shift inside a gap → p value.
    alternative : str
        The test's alternative; one-sided tests have one limit.
    alpha : float
        1 − confidence level.
    """
    middle = {"greater": jumps.size, "less": 0}.get(alternative, -1)
    if middle < 0:
        around = (jumps.size // 2, (jumps.size + 1) // 2)
        middle = max(around, key=lambda gap: p_in_gap(_inside(jumps, gap)))
    low, high = -math.inf, math.inf
    if alternative != "less":
        gap = _last_accepted(jumps, p_in_gap, middle, 0, alpha)
        low = -math.inf if gap == 0 else float(jumps[gap - 1])
    if alternative != "greater":
        gap = _last_accepted(jumps, p_in_gap, middle, jumps.size, alpha)
        high = math.inf if gap == jumps.size else float(jumps[gap])
    return Limits(low, high)


def _inside(jumps: FloatArray, gap: int) -> float:
    if gap == 0:
        return float(jumps[0] - 1)
    if gap == jumps.size:
        return float(jumps[-1] + 1)
    return float((jumps[gap - 1] + jumps[gap]) / 2)


def _last_accepted(
    jumps: FloatArray, p_in_gap: Callable[[float], float], middle: int, end: int, alpha: float
) -> int:
    """Return the gap furthest from the middle towards ``end`` that is not rejected."""
    if p_in_gap(_inside(jumps, end)) >= alpha:
        return end
    accepted, rejected = middle, end
    while abs(accepted - rejected) > 1:
        probe = (accepted + rejected) // 2
        if p_in_gap(_inside(jumps, probe)) >= alpha:
            accepted = probe
        else:
            rejected = probe
    return accepted


def pairwise_differences(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return every x − y, flat."""
    return np.subtract.outer(x, y).ravel()


def walsh_averages(differences: FloatArray) -> FloatArray:
    """Return the mean of every pair of differences, each with itself too."""
    first, second = np.triu_indices(differences.size)
    return (differences[first] + differences[second]) / 2
