"""Arrangements of the participants, common to all markers: every one by its number, or drawn.

An arrangement gives each participant one number: 1 or 0 for the groups, 1 or −1 for the sign of a
difference, or somebody's outcome for pairings. Any stretch of arrangements can be made without
those before it, so that neither the batch size nor the number of workers can change a result.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb, factorial, prod

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.draws import uniform_batch
from ketbio.statistics.records import FloatArray

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealing:
    """How one block is dealt anew.

    Attributes
    ----------
    count : callable
        The block's observed numbers, shape (n,) → in how many ways they can be dealt.
    unrank : callable
        Numbers of ways, shape (rows,), and the block's numbers → arrangements, shape (rows, n).
    deal : callable
        Uniform numbers, shape (rows, n), and the block's numbers → arrangements, shape (rows, n).
    nanoseconds : float
        Of one core per participant and arrangement, for the cost model.
    """

    count: Callable[[FloatArray], int]
    unrank: Callable[[Places, FloatArray], FloatArray]
    deal: Callable[[FloatArray, FloatArray], FloatArray]
    nanoseconds: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrangements:
    """The arrangements that are counted: all of them, or the observed one and some drawn.

    Attributes
    ----------
    observed : array of shape (N,)
        The observed arrangement, block by block.
    block_sizes : tuple of int
        Participants per block.
    dealing : Dealing
        How each block is dealt.
    n_draws : int or None
        How many are drawn; None where all are counted.
    seed : int or None
        Of the draws.
    """

    observed: FloatArray
    block_sizes: tuple[int, ...]
    dealing: Dealing
    n_draws: int | None = None
    seed: int | None = None

    @property
    def parts(self) -> list[FloatArray]:
        """The observed arrangement by block."""
        return np.split(self.observed, np.cumsum(self.block_sizes)[:-1])

    @property
    def n_arrangements(self) -> int:
        """How many the design allows."""
        return prod(self.dealing.count(part) for part in self.parts)

    @property
    def n_counted(self) -> int:
        """How many are counted, the observed one among them."""
        return self.n_arrangements if self.n_draws is None else self.n_draws + 1

    def rows(self, start: int, stop: int) -> FloatArray:
        """Return arrangements ``start`` to ``stop`` − 1, shape (stop − start, N).

        Where they are drawn, number 0 is the observed one.
        """
        if self.n_draws is None:
            return self._listed(start, stop)
        if start > 0:
            return self._drawn(start - 1, stop - 1)
        return np.concatenate([self.observed[None, :], self._drawn(0, stop - 1)])

    def _listed(self, start: int, stop: int) -> FloatArray:
        places = np.arange(start, stop, dtype=np.int64)
        made = []
        for part in self.parts:
            places, place = np.divmod(places, self.dealing.count(part))
            made.append(self.dealing.unrank(place, part))
        return np.concatenate(made, axis=1)

    def _drawn(self, start: int, stop: int) -> FloatArray:
        uniform = uniform_batch(self.seed or 0, start, stop - start, self.observed.size)
        blocks = np.split(uniform, np.cumsum(self.block_sizes)[:-1], axis=1)
        pairs = zip(blocks, self.parts, strict=True)
        return np.concatenate([self.dealing.deal(block, part) for block, part in pairs], axis=1)


def _count_labels(part: FloatArray) -> int:
    return comb(part.size, int(part.sum()))


def _unrank_labels(place: Places, part: FloatArray) -> FloatArray:
    """Return the subsets with these numbers in lexicographic order."""
    take = int(part.sum())
    left = np.full(place.size, take)
    labels = np.empty((place.size, part.size))
    for i in range(part.size):
        behind = part.size - 1 - i
        # How many subsets have this member, by how many members are still to be taken.
        with_it = np.array([0, *(comb(behind, more) for more in range(take))], dtype=np.int64)
        chosen = place < with_it[left]
        place = np.where(chosen, place, place - with_it[left])
        labels[:, i] = chosen
        left -= chosen
    return labels


def _deal_labels(uniform: FloatArray, part: FloatArray) -> FloatArray:
    """Give label 1 to the places of the smallest numbers: a random subset of the block."""
    take = int(part.sum())
    if take in (0, part.size):
        return np.broadcast_to(part, uniform.shape)
    last = np.partition(uniform, take - 1, axis=1)[:, take - 1 : take]
    labels = uniform <= last
    for row in np.flatnonzero(labels.sum(axis=1) != take):  # two equal numbers: once in 10**12
        labels[row] = False
        labels[row, np.argsort(uniform[row], kind="stable")[:take]] = True
    return labels.astype(np.float64)


def _count_signs(part: FloatArray) -> int:
    return 1 << part.size


def _unrank_signs(place: Places, part: FloatArray) -> FloatArray:
    changed = (place[:, None] >> np.arange(part.size)) & 1
    return np.where(changed == 1, -part, part)


def _deal_signs(uniform: FloatArray, part: FloatArray) -> FloatArray:
    return np.where(uniform < 0.5, part, -part)


def _count_pairings(part: FloatArray) -> int:
    return factorial(part.size)


def _unrank_pairings(place: Places, part: FloatArray) -> FloatArray:
    """Return the orders with these numbers in lexicographic order."""
    left = np.tile(part, (place.size, 1))
    dealt = np.empty_like(left)
    for i in range(part.size):
        chosen, place = np.divmod(place, factorial(part.size - 1 - i))
        is_chosen = np.arange(left.shape[1]) == chosen[:, None]
        dealt[:, i] = left[is_chosen]
        left = left[~is_chosen].reshape(place.size, -1)
    return dealt


def _deal_pairings(uniform: FloatArray, part: FloatArray) -> FloatArray:
    return part[np.argsort(uniform, axis=1, kind="stable")]


LABELS = Dealing(count=_count_labels, unrank=_unrank_labels, deal=_deal_labels, nanoseconds=20)
SIGNS = Dealing(count=_count_signs, unrank=_unrank_signs, deal=_deal_signs, nanoseconds=10)
PAIRINGS = Dealing(
    count=_count_pairings, unrank=_unrank_pairings, deal=_deal_pairings, nanoseconds=60
)
