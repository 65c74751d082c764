"""The smallest p over pairings, without counting them: how many are the most extreme."""

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.design_floors import share_of_ends
from ketbio.statistics.pairings.pairing_tails import PairingDesign
from ketbio.statistics.records import FloatArray


def pairing_floor(parts: Sequence[PairingDesign], alternative: str) -> float:
    """Return the smallest p over the pairings within blocks, exactly.

    The largest sum of products pairs largest with largest (rearrangement inequality).

    Parameters
    ----------
    parts : sequence of PairingDesign
        What is paired, one per block.
    alternative : str
        One of `ALTERNATIVES`.
    """
    ordered = [(np.sort(part.x), np.sort(part.y)) for part in parts]
    return share_of_ends(
        reach=(
            sum(float(x @ y) for x, y in ordered),
            -sum(float(x[::-1] @ y) for x, y in ordered),
        ),
        ways=(
            math.prod(_ways_to_pair(x, y) for x, y in ordered),
            math.prod(_ways_to_pair(x[::-1], y) for x, y in ordered),
        ),
        n=math.prod(part.n_arrangements for part in parts),
        tolerance=max(parts[0].tolerance, 1e-9),
        alternative=alternative,
    )


def at_least_by_ties(parts: Sequence[tuple[FloatArray, FloatArray]]) -> float:
    """Return what p is at least: exchanging equal values never changes a statistic.

    Parameters
    ----------
    parts : sequence of two arrays of shape (n,)
        x and y of each block.
    """
    same, every = 1, 1
    for x, y in parts:
        same *= max(_factorials(np.unique(values, return_counts=True)[1]) for values in (x, y))
        every *= math.factorial(x.size)
    return float(Fraction(same, every))


def _ways_to_pair(x: FloatArray, y: FloatArray) -> int:
    """Return how many pairings have the table of equal values that x and y as they stand have."""
    in_x, in_y, in_both = (
        _factorials(np.unique(values, return_counts=True, axis=0)[1])
        for values in (x, y, np.column_stack([x, y]))
    )
    return in_x * in_y // in_both


def _factorials(counts: NDArray[np.intp]) -> int:
    return math.prod(math.factorial(count) for count in counts.tolist())
