"""Confidence limits of a shift from rank tests: between which ordered differences p falls below α.

The rank statistic only changes where the shift passes one of the pairwise differences (two
samples) or Walsh averages (pairs). p is constant in the gaps between them, so the limits are found
by halving the gaps (Hodges & Lehmann 1963; Bauer 1972), outwards from the one that holds the
Hodges–Lehmann estimate. Ties can make the test reject even there; then the gap with the largest p
is the start, and where every gap is rejected the interval is that of the differences themselves
with p ≥ α. A shift with p = α is inside, as in `shift_intervals`.
"""

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from ketbio.statistics.counting.shift_intervals import Limits
from ketbio.statistics.number_lines import merge_near, noise_of_pairs
from ketbio.statistics.records import FloatArray

PAtShift = Callable[[float], float]
"""Shift → p value of the rank test."""


def limits_from_gaps(
    jumps: FloatArray,
    p_in_gap: PAtShift,
    p_at_jump: PAtShift,
    *,
    estimate: float,
    alternative: str,
    alpha: float,
) -> Limits:
    """Return the closure of the gaps whose p is α or more.

    Parameters
    ----------
    jumps : array of shape (jumps,)
        Ascending, each once.
    p_in_gap, p_at_jump : callable
        Shift inside a gap, or equal to a jump → p value.
    estimate : float
        The Hodges–Lehmann estimate.
    alternative : str
        The test's alternative; one-sided tests have one limit.
    alpha : float
        1 − confidence level.
    """

    @cache
    def p_of(gap: int) -> float:
        return p_in_gap(_inside(jumps, gap))

    start = {"greater": int(jumps.size), "less": 0}.get(alternative, -1)
    if start < 0:
        start = _start(jumps, p_of, estimate, alpha)
    if p_of(start) < alpha:
        return _limits_from_jumps(jumps, p_at_jump, alpha)
    low, high = -math.inf, math.inf
    if alternative != "less":
        gap = _last_accepted(p_of, start, 0, alpha)
        low = -math.inf if gap == 0 else float(jumps[gap - 1])
    if alternative != "greater":
        gap = _last_accepted(p_of, start, int(jumps.size), alpha)
        high = math.inf if gap == jumps.size else float(jumps[gap])
    return Limits(low, high)


def _start(jumps: FloatArray, p_of: Callable[[int], float], estimate: float, alpha: float) -> int:
    """Return the gap that holds the estimate, or the one with the largest p if that is rejected."""
    around = {int(np.searchsorted(jumps, estimate, side=side)) for side in ("left", "right")}
    start = max(sorted(around), key=p_of)
    return start if p_of(start) >= alpha else max(range(jumps.size + 1), key=p_of)


def _limits_from_jumps(jumps: FloatArray, p_at_jump: PAtShift, alpha: float) -> Limits:
    p_values = np.array([p_at_jump(float(jump)) for jump in jumps])
    # The best of them where even that is rejected: an interval is never empty.
    inside = jumps[p_values >= min(alpha, float(p_values.max()))]
    return Limits(float(inside[0]), float(inside[-1]))


def _inside(jumps: FloatArray, gap: int) -> float:
    if gap == 0:
        return -math.inf
    if gap == jumps.size:
        return math.inf
    return float(jumps[gap - 1] / 2 + jumps[gap] / 2)


def _last_accepted(p_of: Callable[[int], float], start: int, end: int, alpha: float) -> int:
    """Return the gap furthest from the start towards ``end`` that is not rejected."""
    if p_of(end) >= alpha:
        return end
    accepted, rejected = start, end
    while abs(accepted - rejected) > 1:
        probe = (accepted + rejected) // 2
        if p_of(probe) >= alpha:
            accepted = probe
        else:
            rejected = probe
    return accepted


def pairwise_differences(x: FloatArray, y: FloatArray, *, is_exact: bool = False) -> FloatArray:
    """Return every x − y, of shape (n, m); equal on paper is equal here."""
    differences = np.subtract.outer(x, y)
    if is_exact:
        return differences
    noise = noise_of_pairs(x[:, None], y[None, :])
    return merge_near(differences.ravel(), noise.ravel()).reshape(differences.shape)


def walsh_averages(differences: FloatArray, *, is_exact: bool = False) -> FloatArray:
    """Return the mean of every two differences, each with itself too, of shape (n, n)."""
    averages = np.add.outer(differences, differences) / 2
    if is_exact:
        return averages
    noise = noise_of_pairs(differences[:, None], differences[None, :])
    return merge_near(averages.ravel(), noise.ravel()).reshape(averages.shape)


def each_once(averages: FloatArray) -> FloatArray:
    """Return the Walsh averages of each pair once, flat: the upper half with the diagonal."""
    return averages[np.triu_indices(averages.shape[0])]
