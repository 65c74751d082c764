"""The jump points of p(δ) between two shifts, where arrangements are counted and not listed.

As δ moves from a shift to another, a subset can only start or stop being as extreme as the
observed one if its sum lies between the thresholds at the two. Those few sums are listed from the
halves, and the confidence limit is an order statistic of their jump points (see
`shift_intervals`).
"""

import math
from fractions import Fraction

import numpy as np

from ketbio.statistics.counting.pair_counts import Count, SumPair, list_sums_within
from ketbio.statistics.counting.shift_intervals import jump_points
from ketbio.statistics.counting.subset_sums import Number
from ketbio.statistics.counting.subset_tails import SubsetList, SubsetTails, shifted
from ketbio.statistics.records import FloatArray


def limit_between(
    tails: SubsetTails, inside: float, outside: float, *, alternative: str, alpha: float, most: int
) -> float | None:
    """Return the outermost shift with p ≥ α between two shifts.

    Parameters
    ----------
    tails : SubsetTails
        Of every subset, by overlap, each sum listed once.
    inside, outside : float
        Shifts with p ≥ α and p < α, on one side of the estimate.
    alternative : {"two-sided", "less", "greater"}
        Whose p it is.
    alpha : float
        The level.
    most : int
        How many sums may be listed.

    Returns
    -------
    float or None
        None where more would have to be listed.
    """
    listed = _between(shifted(tails, inside), shifted(tails, outside), alternative, most)
    if listed is None:
        return None
    side = "low" if outside < inside else "high"
    points = jump_points(tails.design, listed, side=side, both=alternative == "two-sided")
    low, high = sorted((inside, outside))
    if side == "low":
        outwards = np.sort(points[(points > low) & (points <= high)])
    else:
        outwards = np.sort(points[(points >= low) & (points < high)])[::-1]
    place = _fewest(alpha, tails.n_counted) - int(_as_extreme(shifted(tails, outside), alternative))
    if not 1 <= place <= outwards.size:
        return None
    return float(outwards[place - 1])


def _as_extreme(tails: SubsetTails, alternative: str) -> Count:
    observed = tails.observed()
    if alternative == "two-sided":
        distance = _size(observed)
        above, below = tails.both(distance, -distance)
        return above + below
    return tails.at_least(observed) if alternative == "greater" else tails.at_most(observed)


def _size(number: Number) -> Number:
    return number if number >= 0 else -number


def _fewest(alpha: float, n_arrangements: int) -> int:
    """Return how many of the arrangements make a p that is not below α."""
    fewest = math.ceil(Fraction(alpha) * n_arrangements)
    return fewest - 1 if (fewest - 1) / n_arrangements >= alpha else fewest


def _between(
    one: SubsetTails, other: SubsetTails, alternative: str, most: int
) -> SubsetList | None:
    """List the subsets whose sums lie between the thresholds at the two shifts."""
    sums: list[FloatArray] = []
    overlaps: list[FloatArray] = []
    for pair in one.pairs:
        for low, high in _windows(one, other, pair, alternative):
            found = list_sums_within(pair, low, high, most)
            if found is None:
                return None
            most -= found.size
            sums.append(found)
            overlaps.append(np.full(found.size, float(pair.overlap)))
    return SubsetList(sums=np.concatenate(sums), overlaps=np.concatenate(overlaps))


def _windows(
    one: SubsetTails, other: SubsetTails, pair: SumPair, alternative: str
) -> list[tuple[float, float]]:
    """Return from which to which sum thresholds move between the shifts, joined where they meet."""
    thresholds: list[tuple[Number, Number]] = [(one.observed(), other.observed())]
    if alternative == "two-sided":
        here, there = map(_size, thresholds[0])
        thresholds = [(-here, -there), (here, there)]
    slack = 1.0 if one.design.is_exact else 4 * one.tolerance
    moved = sorted(
        sorted((float(one.raw(here, pair)), float(other.raw(there, pair))))
        for here, there in thresholds
    )
    windows = [(low - slack, high + slack) for low, high in moved]
    if len(windows) == 2 and windows[0][1] >= windows[1][0]:
        return [(windows[0][0], max(windows[0][1], windows[1][1]))]
    return windows
