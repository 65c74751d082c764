"""How many pairs, one sum from each half, lie beyond a threshold: binary search in sorted lists."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.records import FloatArray
from ketbio.statistics.subset_sums import Half, SumList

CHUNK = 1 << 20

Count = int | float
"""Whole where sums are listed one by one; float (exact to 2**53) where equal ones are merged."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SumPair:
    """Two ascending lists; every sum of the one goes with every sum of the other.

    Attributes
    ----------
    few, many : SumList
        The shorter list is looked up in the longer one.
    ways_below, ways_from : array of shape (len(many) + 1,), or None
        Ways of ``many`` before place i, and from it on; None where every sum counts once. Both are
        kept, since a small upper tail taken as a difference would drown in rounding.
    overlap : int
        How many observed members these subsets have (0 where not told apart).
    """

    few: SumList
    many: SumList
    ways_below: FloatArray | None
    ways_from: FloatArray | None
    overlap: int

    @property
    def lowest(self) -> float:
        """Smallest sum of a pair."""
        return float(self.few.sums[0] + self.many.sums[0])

    @property
    def highest(self) -> float:
        """Largest sum of a pair."""
        return float(self.few.sums[-1] + self.many.sums[-1])


def join_halves(first: Half, rest: Half, take: int) -> tuple[SumPair, ...]:
    """Pair the classes of two halves that make an allowed subset together."""
    return tuple(
        make_pair(one, other, overlap=shared + also_shared)
        for (taken, shared), one in first.items()
        for (also_taken, also_shared), other in rest.items()
        if taken + also_taken == take
    )


def make_pair(one: SumList, other: SumList, *, overlap: int) -> SumPair:
    """Return a `SumPair`, the shorter list first."""
    few, many = sorted((one, other), key=lambda found: found.sums.size)
    if few.ways is None and many.ways is None:
        return SumPair(few=few, many=many, ways_below=None, ways_from=None, overlap=overlap)
    ways = np.ones(many.sums.size) if many.ways is None else many.ways
    return SumPair(
        few=few,
        many=many,
        ways_below=np.concatenate([[0.0], np.cumsum(ways)]),
        ways_from=np.concatenate([np.cumsum(ways[::-1])[::-1], [0.0]]),
        overlap=overlap,
    )


def list_pair(pair: SumPair) -> FloatArray:
    """Return every sum of a pair, ascending (lists without ``ways`` only)."""
    return np.sort(np.add.outer(pair.few.sums, pair.many.sums), axis=None)


def count_at_least(pair: SumPair, threshold: float) -> Count:
    """Count pairs whose sum is ``threshold`` or more."""
    few, many = pair.few.sums, pair.many.sums
    # Outside these places either no partner reaches the threshold or all do.
    start = int(np.searchsorted(few, threshold - many[-1], side="left"))
    all_from = int(np.searchsorted(few, threshold - many[0], side="left"))
    found: list[Count] = [_ways(pair, all_from, few.size) * _all_ways(pair)]
    for chunk in _chunks(start, all_from):
        places = np.searchsorted(many, _wanted(few[chunk], threshold), side="left")
        if pair.ways_from is None:
            found.append(places.size * many.size - int(places.sum()))
        else:
            found.append(_weighted(pair, chunk, pair.ways_from[places]))
    return total(found)


def count_at_most(pair: SumPair, threshold: float) -> Count:
    """Count pairs whose sum is ``threshold`` or less."""
    few, many = pair.few.sums, pair.many.sums
    stop = int(np.searchsorted(few, threshold - many[0], side="right"))
    all_to = int(np.searchsorted(few, threshold - many[-1], side="right"))
    found: list[Count] = [_ways(pair, 0, all_to) * _all_ways(pair)]
    for chunk in _chunks(all_to, stop):
        places = np.searchsorted(many, _wanted(few[chunk], threshold), side="right")
        if pair.ways_below is None:
            found.append(int(places.sum()))
        else:
            found.append(_weighted(pair, chunk, pair.ways_below[places]))
    return total(found)


def total(counts: Iterable[Count]) -> Count:
    """Add counts up without losing whole numbers."""
    found = list(counts)
    return sum(found) if all(isinstance(count, int) for count in found) else math.fsum(found)


def _chunks(start: int, stop: int) -> Iterator[slice]:
    for begin in range(start, stop, CHUNK):
        yield slice(begin, min(begin + CHUNK, stop))


def _wanted(few: FloatArray, threshold: float) -> FloatArray:
    """Return the partners to look for, ascending, which is the quicker order."""
    return np.ascontiguousarray(threshold - few[::-1])


def _weighted(pair: SumPair, chunk: slice, partners: FloatArray) -> float:
    ways = pair.few.ways
    return float(partners.sum() if ways is None else partners @ ways[chunk][::-1])


def _all_ways(pair: SumPair) -> Count:
    return pair.many.sums.size if pair.ways_from is None else float(pair.ways_from[0])


def _ways(pair: SumPair, start: int, stop: int) -> Count:
    if pair.few.ways is None:
        return max(0, stop - start)
    return float(pair.few.ways[start:stop].sum())
