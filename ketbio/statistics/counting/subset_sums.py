"""Every sum that a subset can have, listed by how the subset may be completed.

A two-group arrangement is a subset A of the values (those called x) with a set size in each
block; a sign arrangement is any subset of the differences (those kept). The values are dealt in
two halves, each half lists its own subset sums, and `pair_counts` counts pairs of them: 2**(N/2)
sums where enumeration needs 2**N (Horowitz & Sahni 1974). Where values are whole numbers and many
sums agree, equal sums are kept once with their number, which makes the list a convolution on the
lattice (the shift algorithm of Streitberg & Röhmel 1986).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.records import FloatArray

Number = Fraction | float

MERGE_FROM = 256
"""Lists shorter than this are not searched for equal sums."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubsetDesign:
    """Which subsets the design allows, and the one observed.

    Attributes
    ----------
    positions : array of shape (N,)
        Values on a `NumberLine`, block by block, x before y within a block.
    is_x : array of bool, shape (N,)
        The observed subset.
    block_sizes : tuple of int
        Values per block, in order.
    takes : tuple of int, or None
        How many of each block every subset has; None: any subset.
    is_exact : bool
        Whether positions are whole numbers.
    tolerance : float
        How close two sums count as tied; 0 where exact.
    """

    positions: FloatArray
    is_x: NDArray[np.bool_]
    block_sizes: tuple[int, ...]
    takes: tuple[int, ...] | None
    is_exact: bool
    tolerance: float

    @property
    def n_arrangements(self) -> int:
        """How many subsets the design allows."""
        if self.takes is None:
            return 1 << int(self.positions.size)
        return math.prod(map(math.comb, self.block_sizes, self.takes))

    @property
    def is_symmetric(self) -> bool:
        """Whether the complement of every subset is one too, so that both tails are equal.

        Blocks of one group only have a single subset and do not matter.
        """
        if self.takes is None:
            return True
        return all(k in (0, n / 2, n) for k, n in zip(self.takes, self.block_sizes, strict=True))

    @property
    def observed_sum(self) -> Number:
        """Sum of the observed subset."""
        return self._number(self.positions[self.is_x].sum())

    @property
    def observed_size(self) -> int:
        """Size of the observed subset."""
        return int(self.is_x.sum())

    @property
    def expected_sum(self) -> Number:
        """Mean of the sum over all subsets."""
        return self._mean_over_subsets(self.positions)

    @property
    def expected_overlap(self) -> Number:
        """Mean over all subsets of how many observed members they share."""
        return self._mean_over_subsets(self.is_x.astype(np.float64))

    def _mean_over_subsets(self, scores: FloatArray) -> Number:
        shares = (
            [Fraction(1, 2)] * len(self.block_sizes)
            if self.takes is None
            else [Fraction(k, n) for k, n in zip(self.takes, self.block_sizes, strict=True)]
        )
        ends = np.cumsum(self.block_sizes)[:-1]
        totals = [self._number(part.sum()) for part in np.split(scores, ends)]
        if self.is_exact:
            return sum((s * t for s, t in zip(shares, totals, strict=True)), Fraction(0))
        return math.fsum(float(s) * float(t) for s, t in zip(shares, totals, strict=True))

    def _number(self, value: float) -> Number:
        return Fraction(int(value)) if self.is_exact else float(value)


@dataclass(frozen=True, slots=True, eq=False)
class SumList:
    """Subset sums of one class, ascending; ``ways``: how often each is reached (None: once)."""

    sums: FloatArray
    ways: FloatArray | None


ClassKey = tuple[int, int]
"""(members taken from the open block, members shared with the observed subset)."""

Half = dict[ClassKey, SumList]


@dataclass(frozen=True, slots=True)
class _Step:
    value: float
    is_x: bool
    fewest: int
    most: int
    closes: bool


def list_halves(
    design: SubsetDesign, split: int, *, by_overlap: bool, merge: bool
) -> tuple[Half, Half]:
    """List the subset sums of the first ``split`` values and those of the rest.

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are.
    split : int
        Where the halves part, 0 to N.
    by_overlap : bool
        Whether classes tell how many observed members a subset has (needed for shifts).
    merge : bool
        Whether equal sums may be kept once with their number.
    """
    steps = _steps(design.positions, design.is_x, design.block_sizes, design.takes)
    first = _list_sums(steps[:split], design, by_overlap=by_overlap, merge=merge)
    takes = None if design.takes is None else design.takes[::-1]
    back = _steps(design.positions[::-1], design.is_x[::-1], design.block_sizes[::-1], takes)
    rest = back[: design.positions.size - split]
    return first, _list_sums(rest, design, by_overlap=by_overlap, merge=merge)


def open_take(design: SubsetDesign, split: int) -> int:
    """Return how many members the two halves must take together from the block that is split."""
    if design.takes is None:
        return 0
    end = 0
    for size, take in zip(design.block_sizes, design.takes, strict=True):
        if end < split < end + size:
            return take
        end += size
    return 0


def count_sums(design: SubsetDesign) -> tuple[list[int], list[int]]:
    """Return how many sums the first i values have, and the last N − i, for i = 0 … N."""
    takes = None if design.takes is None else design.takes[::-1]
    forward = _counts(_steps(design.positions, design.is_x, design.block_sizes, design.takes))
    back = _counts(_steps(design.positions, design.is_x, design.block_sizes[::-1], takes))
    return forward, back[::-1]


def _steps(
    positions: FloatArray,
    is_x: NDArray[np.bool_],
    block_sizes: tuple[int, ...],
    takes: tuple[int, ...] | None,
) -> list[_Step]:
    values = iter(zip(positions.tolist(), is_x.tolist(), strict=True))
    if takes is None:
        return [_Step(value, mine, -1, -1, False) for value, mine in values]
    return [
        _Step(
            *next(values),
            fewest=max(0, take - (size - seen)),
            most=min(seen, take),
            closes=seen == size,
        )
        for size, take in zip(block_sizes, takes, strict=True)
        for seen in range(1, size + 1)
    ]


def _counts(steps: list[_Step]) -> list[int]:
    ways = {0: 1}
    totals = [1]
    for step in steps:
        if step.most < 0:
            ways = {0: 2 * ways[0]}
        else:
            grown = {
                taken: ways.get(taken, 0) + ways.get(taken - 1, 0)
                for taken in range(step.fewest, step.most + 1)
            }
            ways = {0: grown[step.most]} if step.closes else grown
        totals.append(sum(ways.values()))
    return totals


def _list_sums(steps: list[_Step], design: SubsetDesign, *, by_overlap: bool, merge: bool) -> Half:
    lists: dict[ClassKey, SumList] = {(0, 0): SumList(np.zeros(1), None)}
    largest = _largest_listed(steps)
    for step in steps:
        parts: dict[ClassKey, list[SumList]] = {}
        for key, part in _grow(lists, step, by_overlap=by_overlap):
            if key[0] <= largest:
                parts.setdefault(key, []).append(part)
        lists = {key: _join(found, merge=merge and design.is_exact) for key, found in parts.items()}
    if largest < len(steps):
        _add_complements(lists, steps, by_overlap=by_overlap)
    return lists


def _largest_listed(steps: list[_Step]) -> int:
    """Return up to which size subsets are listed; those of larger ones are their complements."""
    if not steps or any(step.most < 0 or step.closes for step in steps):
        return len(steps)
    size, last = len(steps), steps[-1]
    has_complements = last.fewest <= size - last.most and last.most > size // 2
    return size // 2 if has_complements else size


def _add_complements(lists: Half, steps: list[_Step], *, by_overlap: bool) -> None:
    whole = math.fsum(step.value for step in steps)
    n_shared = sum(step.is_x for step in steps) if by_overlap else 0
    size, most = len(steps), steps[-1].most
    for (taken, shared), found in list(lists.items()):
        if size - most <= taken < size - taken:
            ways = None if found.ways is None else found.ways[::-1]
            key = size - taken, n_shared - shared
            lists[key] = SumList(whole - found.sums[::-1], ways)


def _grow(
    lists: dict[ClassKey, SumList], step: _Step, *, by_overlap: bool
) -> Iterator[tuple[ClassKey, SumList]]:
    counts_block = step.most >= 0
    for (taken, shared), found in lists.items():
        shared_in = shared + 1 if by_overlap and step.is_x else shared
        with_it = SumList(found.sums + step.value, found.ways)
        for now, key_shared, part in ((taken, shared, found), (taken + 1, shared_in, with_it)):
            if not counts_block:
                yield (0, key_shared), part
            elif step.fewest <= now <= step.most:
                yield (0 if step.closes else now, key_shared), part


def _join(parts: list[SumList], *, merge: bool) -> SumList:
    if len(parts) == 1:
        return parts[0]
    sums = np.concatenate([part.sums for part in parts])
    ways = None
    if any(part.ways is not None for part in parts):
        ways = np.concatenate(
            [np.ones(part.sums.size) if part.ways is None else part.ways for part in parts]
        )
    if merge and sums.size >= MERGE_FROM:
        lowest = sums.min()
        span = int(sums.max() - lowest) + 1
        if span <= 2 * sums.size:
            tally = np.bincount((sums - lowest).astype(np.intp), weights=ways, minlength=span)
            reached = np.flatnonzero(tally)
            return SumList(reached + lowest, tally[reached].astype(np.float64))
    # Each part ascends, and the stable sort finds such runs and only merges them: linear time.
    if ways is None:
        sums.sort(kind="stable")
        return SumList(sums, None)
    order = np.argsort(sums, kind="stable")
    return SumList(sums[order], ways[order])
