"""Every way to deal values to k groups: both halves' sums listed, and all pairs of them compared.

T is a quadratic form of the groups' sums, so that T of two halves together is T of either plus
twice their product: one matrix product compares all pairs. Equal sums of whole numbers are kept
once with their number.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.subset_sums import Number
from ketbio.statistics.records import FloatArray
from ketbio.statistics.several_groups.k_group_designs import GroupDesign

BATCH_PAIRS = 1 << 18
"""Pairs of sums compared at a time."""

MERGE_FROM = 64
"""Lists shorter than this are not searched for equal sums."""

MOST_CODES = 2**62

Key = tuple[int, ...]
"""How many of the open block each group has."""


@dataclass(frozen=True, slots=True, eq=False)
class DealtSums:
    """Sums of the groups, shape (deals, k), and how many deals have each, shape (deals,)."""

    sums: FloatArray
    ways: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HalvedDeals:
    """The deals of both halves of the values, by how they go together.

    Attributes
    ----------
    design : GroupDesign
        What is dealt.
    pairs : tuple of pairs of DealtSums
        Every deal of the first goes with every deal of the second.
    """

    design: GroupDesign
    pairs: tuple[tuple[DealtSums, DealtSums], ...]

    @property
    def n_pairs(self) -> int:
        """How many pairs of sums one count has to look at."""
        return sum(one.ways.size * other.ways.size for one, other in self.pairs)

    def batches(self) -> Iterator[tuple[FloatArray, FloatArray, FloatArray]]:
        """Yield T of pairs of deals, shape (rows, columns), with the ways of rows and columns."""
        weights = self.design.weights
        for one, other in self.pairs:
            own, others = (deals.sums**2 @ weights for deals in (one, other))
            across = np.ascontiguousarray(2 * (other.sums * weights).T)
            rows = max(1, BATCH_PAIRS // other.ways.size)
            for start in range(0, one.ways.size, rows):
                part = slice(start, start + rows)
                together = one.sums[part] @ across
                together += own[part, None]
                together += others
                yield together, one.ways[part], other.ways


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DealTails:
    """Tail counts of T − E T over every deal.

    Attributes
    ----------
    deals : HalvedDeals
        Every deal.
    expected : Fraction or float
        E T.
    highest : tuple of float and int
        The largest T (∞ where not known) and how many deals have it.
    """

    deals: HalvedDeals
    expected: Number
    highest: tuple[float, int]

    @property
    def n_counted(self) -> int:
        """All deals."""
        return self.deals.design.n_arrangements

    @property
    def tolerance(self) -> float:
        """How close two values of T count as tied."""
        return self.deals.design.tolerance

    @property
    def n_sums(self) -> int:
        """Numbers that one count has to look at."""
        return self.deals.n_pairs

    def at_least(self, threshold: Number, *, strict: bool = False) -> int:
        """Count deals with T − E T of ``threshold`` or more (``strict``: more)."""
        raw = threshold + self.expected
        near = max(self.tolerance, 0.25 if self.deals.design.is_exact else 0.0)
        most, ways = self.highest
        if float(raw) >= most - near:
            return ways if not strict and float(raw) <= most + near else 0
        edge = float(raw) + near if strict else float(raw) - near
        found = 0
        for together, of_rows, of_columns in self.deals.batches():
            beyond = (together > edge) if strict else (together >= edge)
            found += round(float(of_rows @ (beyond @ of_columns)))
        return found

    def at_most(self, threshold: Number, *, strict: bool = False) -> int:
        """Count deals with T − E T of ``threshold`` or less (``strict``: less)."""
        return self.n_counted - self.at_least(threshold, strict=not strict)

    def both(self, upper: Number, lower: Number, *, strict: bool = False) -> tuple[int, int]:
        """Count deals of ``upper`` or more, and those of ``lower`` or less."""
        return self.at_least(upper, strict=strict), self.at_most(lower, strict=strict)

    def extremes(self) -> tuple[Number, Number]:
        """Return what T − E T is at least (0 if it is constant, else −E T) and its largest value.

        The smallest T itself is a partition problem, and no p needs it: only large T speak against
        the null hypothesis.
        """
        expected, most = float(self.expected), self.highest[0]
        if most - expected <= max(self.tolerance, 0.25 if self.deals.design.is_exact else 0.0):
            return 0.0, 0.0
        return -expected, most - expected


def halve_deals(design: GroupDesign) -> HalvedDeals:
    """List the sums that the groups can have of either half of the values."""
    split = design.scores.size // 2
    first = _list_deals(design, _order(design)[:split])
    rest = _list_deals(design, _order(design)[split:][::-1])
    wanted = _open_take(design, split)
    pairs = tuple(
        (deals, rest[complement])
        for key, deals in first.items()
        if (complement := tuple(map(int.__sub__, wanted, key))) in rest
    )
    return HalvedDeals(design=design, pairs=pairs)


def list_deals(deals: HalvedDeals) -> FloatArray:
    """Return T of every deal (few of them only), ascending."""
    listed = [
        np.repeat(together.ravel(), np.outer(of_rows, of_columns).ravel().astype(np.intp))
        for together, of_rows, of_columns in deals.batches()
    ]
    return np.sort(np.concatenate(listed))


def count_states(design: GroupDesign) -> float:
    """Return how many sums the halves have to list, at most; ∞ where even that is too much."""
    split = design.scores.size // 2
    order = _order(design)
    return sum(_count_half(design, half) for half in (order[:split], order[split:][::-1]))


MOST_KEYS = 2_500
"""Beyond so many ways to fill a block in part nothing is listed."""

MOST_STATES = 1e8
"""Beyond so many sums nothing is listed either."""


def _count_half(design: GroupDesign, places: list[tuple[int, int]]) -> float:
    takes = design.takes.tolist()
    k = design.weights.size
    if max(math.prod(sorted(taken + 1 for taken in row)[:-1]) for row in takes) > MOST_KEYS:
        return math.inf
    cells = _cells(design)
    ways: dict[Key, float] = {(0,) * k: 1.0}
    total = 0.0
    seen = [0] * len(takes)
    for number, (_, block) in enumerate(places, 1):
        seen[block] += 1
        grown: dict[Key, float] = {}
        for key, count in ways.items():
            for now in _grown_keys(key, takes[block], closes=seen[block] == sum(takes[block])):
                grown[now] = min(grown.get(now, 0.0) + count, (number * cells + 1) ** (k - 1))
        ways = grown
        total += sum(ways.values())
        if total > MOST_STATES:
            return math.inf
    return total


def _cells(design: GroupDesign) -> float:
    """Return how far apart two scores can be, in steps of the line; ∞ where there is no line."""
    if not design.is_exact:
        return math.inf
    steps = [
        int(step)
        for part in _parts(design)
        for step in np.diff(np.sort(design.scores[part])).tolist()
        if step
    ]
    return float(np.ptp(design.scores)) / math.gcd(*steps) if steps else 0.0


def _parts(design: GroupDesign) -> list[NDArray[np.intp]]:
    return [np.flatnonzero(design.block == block) for block in np.unique(design.block)]


def _order(design: GroupDesign) -> list[tuple[int, int]]:
    """Return (place, block from 0) of every value, block by block."""
    return [(int(place), number) for number, part in enumerate(_parts(design)) for place in part]


def _open_take(design: GroupDesign, split: int) -> Key:
    """Return how many each group must take from the block that is split, 0 where none is."""
    order, k = _order(design), design.weights.size
    if split in (0, len(order)) or order[split - 1][1] != order[split][1]:
        return (0,) * k
    return tuple(design.takes[order[split][1]].tolist())


def _grown_keys(key: Key, takes: list[int], *, closes: bool) -> Iterator[Key]:
    for place, most in enumerate(takes):
        if key[place] < most:
            yield (0,) * len(key) if closes else (*key[:place], key[place] + 1, *key[place + 1 :])


def _list_deals(design: GroupDesign, places: list[tuple[int, int]]) -> dict[Key, DealtSums]:
    takes, k = design.takes.tolist(), design.weights.size
    lists = {(0,) * k: DealtSums(np.zeros((1, k)), np.ones(1))}
    seen = [0] * len(takes)
    for place, block in places:
        seen[block] += 1
        closes = seen[block] == sum(takes[block])
        parts: dict[Key, list[DealtSums]] = {}
        for key, deals in lists.items():
            for group in range(k):
                if key[group] == takes[block][group]:
                    continue
                now = (*key[:group], key[group] + 1, *key[group + 1 :])
                sums = deals.sums.copy()
                sums[:, group] += design.scores[place]
                parts.setdefault((0,) * k if closes else now, []).append(
                    DealtSums(sums, deals.ways)
                )
        lists = {key: _join(found, is_exact=design.is_exact) for key, found in parts.items()}
    return lists


def _join(parts: list[DealtSums], *, is_exact: bool) -> DealtSums:
    sums = np.concatenate([part.sums for part in parts])
    ways = np.concatenate([part.ways for part in parts])
    if not is_exact or ways.size < MERGE_FROM:
        return DealtSums(sums, ways)
    lowest = sums.min(axis=0)
    spans = [int(span) + 1 for span in np.ptp(sums, axis=0)]
    if math.prod(spans[:-1]) > MOST_CODES:
        return DealtSums(sums, ways)
    # The last group has what the others leave, so that their sums tell everything.
    codes = np.zeros(ways.size, dtype=np.int64)
    for group, span in enumerate(spans[:-1]):
        codes = codes * span + (sums[:, group] - lowest[group]).astype(np.int64)
    _, first, member = np.unique(codes, return_index=True, return_inverse=True)
    return DealtSums(sums[first], np.bincount(member, weights=ways).astype(np.float64))
