"""The sums Σ x·y of both halves of x, for every way to deal the y to them.

A half's sums over all its orders are those of all but its last place, once for each y that the
last place can have, moved by that product. Sums of small sets of y are shared by many deals, so
they are listed and sorted once for all deals; those of a deal are a few of these sorted lists,
each moved, and a stable sort (which finds ascending runs) merges them in linear time.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, permutations

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.records import FloatArray

BATCH_SUMS = 1 << 15
"""Sums merged at a time: what a processor's cache holds."""

SHARED_SUMS = 1 << 26
"""Sums listed once for all deals, at most (8 bytes each)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Half:
    """One half of x and the sorted sums of its first places.

    Attributes
    ----------
    x : array of shape (h,)
        Its scores.
    y : array of shape (n,)
        All y.
    n_shared : int
        Of how many places the sums are shared by the deals.
    shared : array of shape (sets of so many y, orders)
        Ascending in each row.
    row_of : array of int, shape (2**n,)
        Row of a set of y, by the number whose bits are its members.
    last : array of int, shape (ways, h − n_shared)
        Which members of a deal the last places can have, in order.
    """

    x: FloatArray
    y: FloatArray
    n_shared: int
    shared: FloatArray
    row_of: NDArray[np.intp]
    last: NDArray[np.intp]

    @classmethod
    def of(cls, x: FloatArray, y: FloatArray) -> "_Half":
        # The places last dealt tell the ascending runs apart: the less these overlap, the less
        # merging there is, and so the most outlying scores come last.
        x = x[np.argsort(np.abs(x - x.mean()), kind="stable")]
        n_shared = _n_shared(x.size, y.size)
        shared, row_of = _sums_of_sets(x[:n_shared], y)
        places = list(permutations(range(x.size), x.size - n_shared))
        last = np.array(places, dtype=np.intp).reshape(len(places), -1)
        return cls(x=x, y=y, n_shared=n_shared, shared=shared, row_of=row_of, last=last)

    def ascending(self, dealt: NDArray[np.intp]) -> FloatArray:
        """Return the sums of some deals, of shape (deals, orders), ascending in each row."""
        members = dealt[:, self.last]
        left = (1 << dealt).sum(axis=1)[:, None] - (1 << members).sum(axis=2)
        moved = self.y[members] @ self.x[self.n_shared :]
        runs = self.shared[self.row_of[left]]
        runs += moved[:, :, None]
        sums = runs.reshape(dealt.shape[0], -1)
        sums.sort(axis=1, kind="stable")
        return np.asarray(sums)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DealtHalves:
    """Both halves of x, and every way to deal the sorted y to them.

    Attributes
    ----------
    less : _Half
        The first half, negative.
    others : _Half
        The rest.
    first, rest : array of int, shape (deals, places)
        Which y each deal gives to either.
    """

    less: _Half
    others: _Half
    first: NDArray[np.intp]
    rest: NDArray[np.intp]

    @classmethod
    def of(cls, x: FloatArray, y: FloatArray) -> "DealtHalves":
        """Sort x and y and part x in the middle."""
        ascending_x, ascending_y = np.sort(x), np.sort(y)
        half = x.size // 2
        first = _sets(x.size, half)
        everyone = np.ones((first.shape[0], x.size), dtype=np.bool_)
        everyone[np.arange(first.shape[0])[:, None], first] = False
        return cls(
            less=_Half.of(-ascending_x[:half], ascending_y),
            others=_Half.of(ascending_x[half:], ascending_y),
            first=first,
            rest=np.nonzero(everyone)[1].reshape(first.shape[0], x.size - half),
        )

    def within_reach(self, top: float, bottom: float) -> NDArray[np.intp]:
        """Return the deals with at least one pairing beyond a limit."""
        y_first, y_rest = self.less.y[self.first], self.others.y[self.rest]
        less, others = np.sort(self.less.x), np.sort(self.others.x)
        best = y_rest @ others - y_first @ less[::-1]
        worst = y_rest @ others[::-1] - y_first @ less
        slack = 1e-12 * float(np.abs(best).max() + np.abs(worst).max())
        return np.flatnonzero((best >= top - slack) | (worst <= bottom + slack))

    def sums(self, deals: NDArray[np.intp]) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield for each deal the sums of the first half, negative, and those of the rest.

        Both ascend: merging both costs less than looking up numbers that jump about.
        """
        batch = max(1, BATCH_SUMS // math.factorial(self.others.x.size))
        for start in range(0, deals.size, batch):
            chosen = deals[start : start + batch]
            yield from zip(
                self.less.ascending(self.first[chosen]),
                self.others.ascending(self.rest[chosen]),
                strict=True,
            )


def count_shared_sums(n: int) -> int:
    """Return how many sums of n pairs are listed once for all deals, for both halves together."""
    sizes = (_n_shared(half, n) for half in (n // 2, n - n // 2))
    return sum(math.comb(n, size) * math.factorial(size) for size in sizes)


def _n_shared(half: int, n: int) -> int:
    sizes = range(max(0, half - 1), 0, -1)
    fits = (size for size in sizes if math.comb(n, size) * math.factorial(size) <= SHARED_SUMS)
    return next(fits, 0)


def _sums_of_sets(x: FloatArray, y: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """Return the ascending sums of x over every order of every set of so many y, and their rows."""
    row_of = np.zeros(1 << y.size, dtype=np.intp)
    found = np.zeros((1, 1))
    for size in range(1, x.size + 1):
        sets = _sets(y.size, size)
        number = (1 << sets).sum(axis=1)
        before = row_of[number[:, None] - (1 << sets)]
        grown = found[before]
        grown += (x[size - 1] * y[sets])[:, :, None]
        found = grown.reshape(sets.shape[0], -1)
        found.sort(axis=1, kind="stable")
        row_of[number] = np.arange(sets.shape[0])
    return found, row_of


def _sets(n: int, size: int) -> NDArray[np.intp]:
    return np.array(list(combinations(range(n), size)), dtype=np.intp).reshape(-1, size)
