"""Tail counts over pairings: every way to deal y to x, counted by meeting in the middle.

T = Σ x·y over the pairs. The x are split in halves; for each way to deal the y to the halves the
sums of either half over its own orders are listed (`dealt_halves`), and pairs of sums beyond the
threshold are counted: C(n, n/2) · 2 · (n/2)! sums where enumeration needs n!. Deals that cannot
reach the threshold even in their best order (rearrangement inequality) are passed over.
"""

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, partial
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.pair_counts import Side, sum_of_places
from ketbio.statistics.counting.subset_sums import Number
from ketbio.statistics.pairings.dealt_halves import DealtHalves
from ketbio.statistics.records import FloatArray

MOST_WORKERS = 4
"""Threads that count at a time, where there are so many processors."""

THREADED_FROM = 4_000
"""Deals from which on threads are worth starting (15 pairs): with fewer, lists are so short that
threads wait for each other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairingDesign:
    """Scores to be paired, x centred, so that the mean of T over all pairings is 0.

    Attributes
    ----------
    x, y : array of shape (n,)
        Scores; whole numbers where ``tolerance`` is 0.
    tolerance : float
        How close two values of T count as tied.
    """

    x: FloatArray
    y: FloatArray
    tolerance: float

    @property
    def n_arrangements(self) -> int:
        """All pairings."""
        return math.factorial(self.x.size)

    def observed(self) -> Number:
        """Return T of the pairs as they are."""
        value = float(self.x @ self.y)
        return value if self.tolerance else Fraction(int(value))


def count_sorted_sums(n: int) -> int:
    """Return how many sums must be sorted to count all pairings of n."""
    half = n // 2
    return math.comb(n, half) * (math.factorial(half) + math.factorial(n - half))


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots: the halves are kept once listed
class PairingTails:
    """Tail counts of T over every pairing.

    Attributes
    ----------
    design : PairingDesign
        What is paired.
    """

    design: PairingDesign

    @property
    def n_counted(self) -> int:
        """All pairings."""
        return self.design.n_arrangements

    @property
    def tolerance(self) -> float:
        """How close two values of T count as tied."""
        return self.design.tolerance

    @property
    def n_sums(self) -> int:
        """Numbers that one count has to look at."""
        return count_sorted_sums(self.design.x.size)

    @cached_property
    def _halves(self) -> DealtHalves:
        return DealtHalves.of(self.design.x, self.design.y)

    def at_least(self, threshold: Number, *, strict: bool = False) -> int:
        """Count pairings with T of ``threshold`` or more (``strict``: more)."""
        return self._count(threshold, None, strict=strict)[0]

    def at_most(self, threshold: Number, *, strict: bool = False) -> int:
        """Count pairings with T of ``threshold`` or less (``strict``: less)."""
        return self._count(None, threshold, strict=strict)[1]

    def both(self, upper: Number, lower: Number, *, strict: bool = False) -> tuple[int, int]:
        """Count pairings of ``upper`` or more, and those of ``lower`` or less, in one pass."""
        return self._count(upper, lower, strict=strict)

    def extremes(self) -> tuple[Number, Number]:
        """Return the smallest and the largest T: opposite order and same order."""
        x, y = np.sort(self.design.x), np.sort(self.design.y)
        found = float(x[::-1] @ y), float(x @ y)
        return found if self.tolerance else (Fraction(int(found[0])), Fraction(int(found[1])))

    def _count(
        self, upper: Number | None, lower: Number | None, *, strict: bool
    ) -> tuple[int, int]:
        slack = -self.tolerance if strict else self.tolerance
        thresholds = _Thresholds(
            top=math.inf if upper is None else float(upper) - slack,
            bottom=-math.inf if lower is None else float(lower) + slack,
            from_top="right" if strict else "left",
            to_bottom="left" if strict else "right",
        )
        halves = self._halves
        deals = halves.within_reach(thresholds.top, thresholds.bottom)
        workers = min(MOST_WORKERS, _n_processors()) if deals.size > THREADED_FROM else 1
        if workers == 1:
            return _count_deals(halves, thresholds, deals)
        # NumPy sorts and searches without the interpreter's lock, and whole numbers add up to the
        # same sum in any order.
        shares = np.array_split(deals, 4 * workers)
        with ThreadPoolExecutor(workers) as pool:
            counts = list(pool.map(partial(_count_deals, halves, thresholds), shares))
        return sum(above for above, _ in counts), sum(below for _, below in counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thresholds:
    top: float
    bottom: float
    from_top: Side
    to_bottom: Side


def _count_deals(
    halves: DealtHalves, thresholds: _Thresholds, deals: NDArray[np.intp]
) -> tuple[int, int]:
    above = below = 0
    for less, others in halves.sums(deals):
        if thresholds.top < math.inf:
            places = _sum_of_moved_places(others, less, thresholds.top, thresholds.from_top)
            above += less.size * others.size - places
        if thresholds.bottom > -math.inf:
            below += _sum_of_moved_places(others, less, thresholds.bottom, thresholds.to_bottom)
    return above, below


def _sum_of_moved_places(others: FloatArray, less: FloatArray, threshold: float, side: Side) -> int:
    """Return the sum of the places of ``threshold + less`` in ``others`` (both ascending)."""
    # Below `begin` none of the others comes before, from `end` on all do; rounding decides nothing.
    slack = 1e-15 * (abs(threshold) + max(-float(others[0]), float(others[-1])))
    ends = (others[0] - threshold - slack, others[-1] - threshold + slack)
    begin, end = np.searchsorted(less, ends)
    all_before = (less.size - int(end)) * others.size
    if begin == end:
        return all_before
    return sum_of_places(others, less[begin:end] + threshold, side) + all_before


def _n_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@lru_cache(maxsize=8)
def every_order(size: int) -> NDArray[np.intp]:
    """Return every order of 0 … size − 1, one per row, in lexicographic order."""
    return np.array(list(permutations(range(size))), dtype=np.intp).reshape(-1, size)


def list_pairings(design: PairingDesign) -> FloatArray:
    """Return T of every pairing (few of them only)."""
    return np.asarray(design.x @ design.y[every_order(design.x.size)].T, dtype=np.float64)
