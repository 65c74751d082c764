"""How many pairs, one sum from each half, lie beyond a threshold.

Both lists ascend, so that the places of one in the other come from merging the two (a stable sort
of two runs, linear time), or from binary search where one is much longer.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.subset_sums import Half, SumList
from ketbio.statistics.records import FloatArray

CHUNK = 1 << 16
"""Sums looked up at a time: what a processor's cache holds."""

MERGED_FROM = 256
MERGED_RATIO = 3
"""Lists are merged from so many sums on, unless one is so many times longer than the other."""

Side = Literal["left", "right"]

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
    stands_for : float
        How many sums of the shorter list each one kept stands for; 1 unless they are a sample.
    """

    few: SumList
    many: SumList
    ways_below: FloatArray | None
    ways_from: FloatArray | None
    overlap: int
    stands_for: float = 1

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


def sample_pair(pair: SumPair, share: float) -> SumPair:
    """Return a pair with an evenly spaced share of its shorter list, for rough counts."""
    size = pair.few.sums.size
    kept = max(1, math.ceil(share * size))
    places = ((np.arange(kept) + 0.5) * size / kept).astype(np.intp)
    few = SumList(pair.few.sums[places], None)
    return replace(pair, few=few, stands_for=size / kept)


def list_sums_within(pair: SumPair, low: float, high: float, most: int) -> FloatArray | None:
    """Return every sum of a pair from ``low`` to ``high``, or None where there are over ``most``.

    Lists without ``ways`` only.
    """
    few, many = pair.few.sums, pair.many.sums
    found: list[FloatArray] = []
    n_found = 0
    begin = int(np.searchsorted(few, low - many[-1], side="left"))
    end = int(np.searchsorted(few, high - many[0], side="right"))
    for chunk in _chunks(begin, end):
        start = places_in(many, _wanted(few[chunk], low), "left")
        lengths = places_in(many, _wanted(few[chunk], high), "right") - start
        n_here = int(lengths.sum())
        n_found += n_here
        if n_found > most:
            return None
        offsets = np.arange(n_here) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        partners = many[np.repeat(start, lengths) + offsets]
        found.append(np.repeat(few[chunk][::-1], lengths) + partners)
    return np.concatenate(found) if found else np.empty(0)


def list_pair(pair: SumPair) -> FloatArray:
    """Return every sum of a pair, ascending (lists without ``ways`` only)."""
    sums = np.add.outer(pair.few.sums, pair.many.sums)
    return np.sort(sums, axis=None, kind="stable")  # rows ascend, so that they are only merged


def count_at_least(pair: SumPair, threshold: float) -> Count:
    """Count pairs whose sum is ``threshold`` or more."""
    few, many = pair.few.sums, pair.many.sums
    # Outside these places either no partner reaches the threshold or all do.
    start = int(np.searchsorted(few, threshold - many[-1], side="left"))
    all_from = int(np.searchsorted(few, threshold - many[0], side="left"))
    found: list[Count] = [_ways(pair, all_from, few.size) * _all_ways(pair)]
    for chunk in _chunks(start, all_from):
        wanted = _wanted(few[chunk], threshold)
        if pair.ways_from is None:
            found.append(wanted.size * many.size - sum_of_places(many, wanted, "left"))
        else:
            partners = _partners(many, wanted, pair.ways_from, "left")
            found.append(_weighted(pair, chunk, partners))
    return total(found) * pair.stands_for


def count_at_most(pair: SumPair, threshold: float) -> Count:
    """Count pairs whose sum is ``threshold`` or less."""
    few, many = pair.few.sums, pair.many.sums
    stop = int(np.searchsorted(few, threshold - many[0], side="right"))
    all_to = int(np.searchsorted(few, threshold - many[-1], side="right"))
    found: list[Count] = [_ways(pair, 0, all_to) * _all_ways(pair)]
    for chunk in _chunks(all_to, stop):
        wanted = _wanted(few[chunk], threshold)
        if pair.ways_below is None:
            found.append(sum_of_places(many, wanted, "right"))
        else:
            partners = _partners(many, wanted, pair.ways_below, "right")
            found.append(_weighted(pair, chunk, partners))
    return total(found) * pair.stands_for


def places_in(many: FloatArray, wanted: FloatArray, side: Side) -> NDArray[np.intp]:
    """Return the places at which ``wanted`` would be put into ``many``.

    Parameters
    ----------
    many, wanted : array
        Both ascending.
    side : {"left", "right"}
        Before or behind equal ones, as in `numpy.searchsorted`.
    """
    begin, end = np.searchsorted(many, wanted[[0, -1]], side=side)
    among = many[begin:end]
    if not _is_merged(among, wanted):
        return np.searchsorted(many, wanted, side=side)
    found = np.flatnonzero(_wanted_among(among, wanted, side))
    return np.asarray(begin + found - np.arange(wanted.size))


def sum_of_places(many: FloatArray, wanted: FloatArray, side: Side) -> int:
    """Return the sum of `places_in`, in fewer passes."""
    begin, end = np.searchsorted(many, wanted[[0, -1]], side=side)
    among = many[begin:end]
    if not _is_merged(among, wanted):
        return int(np.searchsorted(many, wanted, side=side).sum())
    found = np.flatnonzero(_wanted_among(among, wanted, side))
    return int(found.sum()) + wanted.size * int(begin) - wanted.size * (wanted.size - 1) // 2


def _is_merged(among: FloatArray, wanted: FloatArray) -> bool:
    return wanted.size >= MERGED_FROM and among.size <= MERGED_RATIO * wanted.size


def _wanted_among(among: FloatArray, wanted: FloatArray, side: Side) -> NDArray[np.bool_]:
    """Return which of both, merged, are the wanted ones."""
    # Of equal numbers the stable sort keeps those of the first run first.
    if side == "left":
        return np.argsort(np.concatenate([wanted, among]), kind="stable") < wanted.size
    return np.argsort(np.concatenate([among, wanted]), kind="stable") >= among.size


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


def _partners(many: FloatArray, wanted: FloatArray, ways: FloatArray, side: Side) -> FloatArray:
    """Return ``ways`` at the places of ``wanted``; a lattice without gaps needs no search.

    Lists have ``ways`` where they hold whole numbers, and so are the sums looked for.
    """
    if many[-1] - many[0] != many.size - 1:
        return np.asarray(ways[np.searchsorted(many, wanted, side=side)])
    places = (wanted - many[0]).astype(np.intp) + (side == "right")
    return np.asarray(ways[places])


def _weighted(pair: SumPair, chunk: slice, partners: FloatArray) -> float:
    ways = pair.few.ways
    if ways is None:
        return float(partners.sum())
    # einsum, since BLAS would start threads for products as small as these.
    return float(np.einsum("i,i->", partners, np.ascontiguousarray(ways[chunk][::-1])))


def _all_ways(pair: SumPair) -> Count:
    return pair.many.sums.size if pair.ways_from is None else float(pair.ways_from[0])


def _ways(pair: SumPair, start: int, stop: int) -> Count:
    if pair.few.ways is None:
        return max(0, stop - start)
    return float(pair.few.ways[start:stop].sum())
