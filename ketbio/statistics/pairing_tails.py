"""Tail counts over pairings: every way to deal y to x, counted by meeting in the middle.

T = Σ x·y over the pairs. The x are split in halves; for each way to deal the y to the halves the
sums of either half over its own orders are listed and sorted, and pairs of sums beyond the
threshold are counted: C(n, n/2) · 2 · (n/2)! sums where enumeration needs n!. Deals that cannot
reach the threshold even in their best order (rearrangement inequality) are passed over.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, permutations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.number_lines import EXACT_LIMIT, TIE_TOLERANCE, NumberLine
from ketbio.statistics.records import FloatArray
from ketbio.statistics.subset_sums import Number

Side = Literal["left", "right"]

BATCH_SUMS = 1 << 15
"""Sums sorted at a time: what a processor's cache holds."""


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


def pairing_design(x: NumberLine, y: NumberLine) -> PairingDesign:
    """Centre x exactly if whole numbers allow, and say what counts as tied."""
    n = x.positions.size
    if x.is_exact and y.is_exact:
        centred = n * x.positions - x.positions.sum()
        if float(np.abs(centred).sum()) * float(y.positions.max()) < EXACT_LIMIT:
            return PairingDesign(x=centred, y=y.positions, tolerance=0.0)
    centred_x, centred_y = (line.positions - line.positions.mean() for line in (x, y))
    size = float(np.linalg.norm(centred_x) * np.linalg.norm(centred_y))
    return PairingDesign(x=centred_x, y=centred_y, tolerance=TIE_TOLERANCE * size)


def count_sorted_sums(n: int) -> int:
    """Return how many sums must be sorted to count all pairings of n."""
    half = n // 2
    return math.comb(n, half) * (math.factorial(half) + math.factorial(n - half))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
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
        top = math.inf if upper is None else float(upper) - slack
        bottom = -math.inf if lower is None else float(lower) + slack
        from_top: Side = "right" if strict else "left"
        to_bottom: Side = "left" if strict else "right"
        halves = _Halves.of(self.design)
        above = below = 0
        for less, others in halves.sums(halves.within_reach(top, bottom)):
            if upper is not None:
                places = np.searchsorted(others, top + less, side=from_top)
                above += less.size * others.size - int(places.sum())
            if lower is not None:
                places = np.searchsorted(others, bottom + less, side=to_bottom)
                below += int(places.sum())
        return above, below


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Halves:
    """Both halves of x, and every way to deal the sorted y to them."""

    x_first: FloatArray
    x_rest: FloatArray
    y: FloatArray
    first: NDArray[np.intp]
    rest: NDArray[np.intp]

    @classmethod
    def of(cls, design: PairingDesign) -> "_Halves":
        half = design.x.size // 2
        first, rest = _deals(design.x.size, half)
        x = np.sort(design.x)
        return cls(
            x_first=x[:half],
            x_rest=x[half:],
            y=np.sort(design.y),
            first=first,
            rest=rest,
        )

    def within_reach(self, top: float, bottom: float) -> NDArray[np.intp]:
        """Return the deals with at least one pairing beyond a limit."""
        y_first, y_rest = self.y[self.first], self.y[self.rest]
        best = y_first @ self.x_first + y_rest @ self.x_rest
        worst = y_first @ self.x_first[::-1] + y_rest @ self.x_rest[::-1]
        slack = 1e-12 * float(np.abs(best).max() + np.abs(worst).max())
        return np.flatnonzero((best >= top - slack) | (worst <= bottom + slack))

    def sums(self, deals: NDArray[np.intp]) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield for each deal the sums of the first half, negative, and those of the rest.

        Sums of the rest are ascending. Those of the first half need not be; they ascend in short
        runs, which makes looking them up quicker for next to nothing.
        """
        orders_first, orders_rest = (
            np.ascontiguousarray(half[every_order(half.size)].T)
            for half in (-self.x_first, self.x_rest)
        )
        half = self.x_first.size
        run = math.factorial(half) // max(1, half * (half - 1))
        batch = max(1, BATCH_SUMS // orders_rest.shape[1])
        firsts, rests = (
            np.empty((batch, orders.shape[1])) for orders in (orders_first, orders_rest)
        )
        for start in range(0, deals.size, batch):
            chosen = deals[start : start + batch]
            # einsum, since BLAS would start threads for products as small as these.
            for room, dealt, orders in (
                (firsts, self.first, orders_first),
                (rests, self.rest, orders_rest),
            ):
                np.einsum("dh,ho->do", self.y[dealt[chosen]], orders, out=room[: chosen.size])
            firsts[: chosen.size].reshape(chosen.size, -1, run).sort(axis=2)
            rests[: chosen.size].sort(axis=1)
            yield from zip(firsts[: chosen.size], rests[: chosen.size], strict=True)


@lru_cache(maxsize=4)
def _deals(n: int, half: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    first = np.array(list(combinations(range(n), half)), dtype=np.intp)
    everyone = np.ones((first.shape[0], n), dtype=np.bool_)
    everyone[np.arange(first.shape[0])[:, None], first] = False
    rest = np.nonzero(everyone)[1].reshape(first.shape[0], n - half)
    return first, rest


@lru_cache(maxsize=8)
def every_order(size: int) -> NDArray[np.intp]:
    """Return every order of 0 … size − 1, one per row, in lexicographic order."""
    return np.array(list(permutations(range(size))), dtype=np.intp).reshape(-1, size)


def list_pairings(design: PairingDesign) -> FloatArray:
    """Return T of every pairing (few of them only)."""
    return np.asarray(design.x @ design.y[every_order(design.x.size)].T, dtype=np.float64)
