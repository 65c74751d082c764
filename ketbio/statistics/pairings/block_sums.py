"""Σ x·y over every pairing within blocks, real values: each block's sums, met in the middle."""

import math
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.counting.pair_counts import (
    Count,
    SumPair,
    count_at_least,
    count_at_most,
    list_pair,
    make_pair,
)
from ketbio.statistics.counting.subset_sums import Number, SumList
from ketbio.statistics.pairings.pairing_tails import PairingDesign, list_pairings
from ketbio.statistics.pairings.product_designs import ProductDesign
from ketbio.statistics.records import FloatArray

LISTED_AT_ONCE = 8
"""So many values have their orders written out; more are taken one by one first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockTails:
    """Tail counts of T over every pairing within blocks.

    Attributes
    ----------
    pair : SumPair
        The sums of some blocks, and those of the others.
    n_counted : int
        All pairings.
    tolerance : float
        How close two values of T count as tied.
    """

    pair: SumPair
    n_counted: int
    tolerance: float

    @property
    def n_sums(self) -> int:
        """Numbers that one count has to look at."""
        return int(self.pair.few.sums.size)

    def at_least(self, threshold: Number, *, strict: bool = False) -> Count:
        """Count pairings with T of ``threshold`` or more (``strict``: more)."""
        return count_at_least(self.pair, float(threshold) + (self._near if strict else -self._near))

    def at_most(self, threshold: Number, *, strict: bool = False) -> Count:
        """Count pairings with T of ``threshold`` or less (``strict``: less)."""
        return count_at_most(self.pair, float(threshold) + (-self._near if strict else self._near))

    @property
    def _near(self) -> float:
        # Between whole numbers, so that taking one sum from the edge cannot round it onto another.
        return self.tolerance or 0.25

    def both(self, upper: Number, lower: Number, *, strict: bool = False) -> tuple[Count, Count]:
        """Count pairings of ``upper`` or more, and those of ``lower`` or less."""
        return self.at_least(upper, strict=strict), self.at_most(lower, strict=strict)

    def extremes(self) -> tuple[Number, Number]:
        """Return the smallest and the largest T."""
        return self.pair.lowest, self.pair.highest


def block_tails(design: ProductDesign) -> BlockTails:
    """List each block's sums and prepare tail counts over their combinations."""
    halves = [SumList(_all_together(half), None) for half in _halves(design.parts)]
    return BlockTails(
        pair=make_pair(*halves, overlap=0),
        n_counted=design.n_arrangements,
        tolerance=design.tolerance,
    )


def list_block_sums(design: ProductDesign) -> FloatArray:
    """Return T of every pairing within blocks (few of them only)."""
    return list_pair(block_tails(design).pair)


def half_sizes(block_sizes: tuple[int, ...]) -> tuple[int, int]:
    """Return how many sums either half of the blocks has.

    Examples
    --------
    >>> half_sizes((4, 3, 3))
    (36, 24)
    """
    dealt = _deal(block_sizes)
    first, rest = (
        math.prod(
            math.factorial(size)
            for size, mine in zip(block_sizes, dealt, strict=True)
            if mine is side
        )
        for side in (True, False)
    )
    return max(first, rest), min(first, rest)


def _deal(block_sizes: tuple[int, ...]) -> list[bool]:
    """Deal blocks to two halves, the largest first, each to the half with fewer sums."""
    sums = {True: 1, False: 1}
    dealt = [False] * len(block_sizes)
    for place in sorted(range(len(block_sizes)), key=lambda i: -block_sizes[i]):
        dealt[place] = sums[True] <= sums[False]
        sums[dealt[place]] *= math.factorial(block_sizes[place])
    return dealt


def _halves(
    parts: tuple[PairingDesign, ...],
) -> tuple[list[PairingDesign], list[PairingDesign]]:
    dealt = _deal(tuple(part.x.size for part in parts))
    mine = [part for part, is_first in zip(parts, dealt, strict=True) if is_first]
    return mine, [part for part, is_first in zip(parts, dealt, strict=True) if not is_first]


def _all_together(parts: list[PairingDesign]) -> FloatArray:
    sums = np.zeros(1)
    for part in parts:
        sums = np.add.outer(sums, _order_sums(part.x, part.y)).ravel()
    return np.sort(sums)


def _order_sums(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return Σ x·y for every order of y."""
    if x.size <= LISTED_AT_ONCE:
        return list_pairings(PairingDesign(x=x, y=y, tolerance=0.0))
    return np.concatenate(
        [x[0] * y[i] + _order_sums(x[1:], np.delete(y, i)) for i in range(y.size)]
    )
