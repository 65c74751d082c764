"""Differences of weighted order statistics over every way to deal the group labels.

A median or a trimmed mean is a weighted sum of a group's values in ascending order. Deal labels to
the pooled values from the lowest up: each value's part is known as soon as it is known how many of
its group came before. So the lower and the upper half of the pooled values can be dealt apart, each
half's sums listed by how many labels x it took, and pairs of them counted (meeting in the middle);
equal sums are kept once with their number. A median leaves few different sums, and is counted
exactly for hundreds of values.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.counting.subset_sums import Number, SumList
from ketbio.statistics.records import FloatArray
from ketbio.statistics.two_groups.label_arrangements import BoolArray

MERGE_FROM = 64
"""Shorter lists are not searched for equal sums."""

MANY = 2**14
"""From so many sums on, it is looked whether their number grows out of reach."""


WeightsOf = Callable[[int], tuple[FloatArray, int]]
"""Group size → weights of its values, ascending, as whole numbers, and what they add up to."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderWeights:
    """What T is: Σ x-weights · ascending x − Σ y-weights · ascending y, over ``scale``.

    Attributes
    ----------
    x, y : array of shape (n,) and (m,)
        Whole numbers.
    scale : int
        What they add up to in either group.
    """

    x: FloatArray
    y: FloatArray
    scale: int

    def sums(self, values: FloatArray, labels: BoolArray) -> FloatArray:
        """Return ``scale`` · T of labelled values.

        Parameters
        ----------
        values : array of shape (N,)
            In any order.
        labels : array of bool, shape (rows, N)
            Which are x.
        """
        order = np.argsort(values, kind="stable")
        return np.asarray(self.signed(labels[:, order]) @ values[order])

    def signed(self, dealt: BoolArray) -> FloatArray:
        """Return what each value counts for in ``scale`` · T, negative in y.

        Parameters
        ----------
        dealt : array of bool, shape (rows, N)
            Which are x, the values being in ascending order.
        """
        # Place in the weights of x, or behind them in those of y.
        place = np.cumsum(dealt, axis=1, dtype=np.int32)
        place -= 1
        size = dealt.shape[1]
        others = np.arange(self.x.size, self.x.size + size, dtype=np.int32) - 1 - place
        np.copyto(place, others, where=~dealt)
        return np.asarray(np.concatenate([self.x, -self.y])[place])


def median_weights(size: int) -> tuple[FloatArray, int]:
    """Return the weights of a median, as whole numbers, and what they add up to."""
    weights = np.zeros(size)
    weights[(size - 1) // 2] += 1
    weights[size // 2] += 1
    return (weights, 2) if size % 2 == 0 else (weights / 2, 1)


def trimmed_weights(size: int) -> tuple[FloatArray, int]:
    """Return the weights of a 20% trimmed mean, as whole numbers, and what they add up to.

    The lowest and the highest fifth, rounded down, are left out (Yuen 1974; Wilcox).
    """
    cut = size // 5
    weights = np.zeros(size)
    weights[cut : size - cut] = 1.0
    return weights, size - 2 * cut


def order_weights(x: tuple[FloatArray, int], y: tuple[FloatArray, int]) -> OrderWeights:
    """Return the weights of a difference, on a common scale."""
    scale = math.lcm(x[1], y[1])
    return OrderWeights(x=x[0] * (scale // x[1]), y=y[0] * (scale // y[1]), scale=scale)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HalfSums:
    """Sums of lower and of upper values, each of which goes with every one of the others.

    Attributes
    ----------
    few, many : SumList
        Ascending, with their ways; the shorter list is looked up in the longer one.
    below, above : array of shape (len(many) + 1,)
        Ways of ``many`` before place i, and from it on: both, since a small tail taken as a
        difference would drown in rounding.
    """

    few: SumList
    many: SumList
    below: FloatArray
    above: FloatArray

    @property
    def lowest(self) -> float:
        """Smallest sum of both."""
        return float(self.few.sums[0] + self.many.sums[0])

    @property
    def highest(self) -> float:
        """Largest sum of both."""
        return float(self.few.sums[-1] + self.many.sums[-1])

    def at_least(self, threshold: float) -> float:
        """Count arrangements with a sum of ``threshold`` or more."""
        places = np.searchsorted(self.many.sums, threshold - self.few.sums, side="left")
        return float(ways_of(self.few) @ self.above[places])

    def at_most(self, threshold: float) -> float:
        """Count arrangements with a sum of ``threshold`` or less."""
        places = np.searchsorted(self.many.sums, threshold - self.few.sums, side="right")
        return float(ways_of(self.few) @ self.below[places])

    def listed(self) -> FloatArray:
        """Return the sum of every arrangement, in any order."""
        sums = np.add.outer(self.few.sums, self.many.sums).ravel()
        ways = np.multiply.outer(ways_of(self.few), ways_of(self.many)).ravel()
        return np.repeat(sums, ways.astype(np.intp))


def half_sums(one: SumList, other: SumList) -> HalfSums:
    """Return two lists as one, the shorter list first."""
    few, many = sorted((one, other), key=lambda found: found.sums.size)
    ways = ways_of(many)
    return HalfSums(
        few=few,
        many=many,
        below=np.concatenate([[0.0], np.cumsum(ways)]),
        above=np.concatenate([np.cumsum(ways[::-1])[::-1], [0.0]]),
    )


def ways_of(found: SumList) -> FloatArray:
    """Return how many arrangements give each sum."""
    return np.ones(found.sums.size) if found.ways is None else found.ways


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderTails:
    """Tail counts of ``scale`` · T over all arrangements.

    Attributes
    ----------
    pairs : tuple of HalfSums
        Sums of lower and upper values that go together.
    n_counted : int
        How many arrangements they make.
    tolerance : float
        How close two sums count as tied.
    """

    pairs: tuple[HalfSums, ...]
    n_counted: int
    tolerance: float

    @property
    def n_sums(self) -> int:
        """Numbers that one count has to look at."""
        return sum(int(pair.few.sums.size) for pair in self.pairs)

    def at_least(self, threshold: Number, *, strict: bool = False) -> float:
        """Count arrangements of ``threshold`` or more (``strict``: more)."""
        edge = float(threshold) + (self.tolerance if strict else -self.tolerance)
        return math.fsum(pair.at_least(edge) for pair in self.pairs)

    def at_most(self, threshold: Number, *, strict: bool = False) -> float:
        """Count arrangements of ``threshold`` or less (``strict``: less)."""
        edge = float(threshold) + (-self.tolerance if strict else self.tolerance)
        return math.fsum(pair.at_most(edge) for pair in self.pairs)

    def both(self, upper: Number, lower: Number, *, strict: bool = False) -> tuple[float, float]:
        """Count arrangements of ``upper`` or more, and those of ``lower`` or less."""
        return self.at_least(upper, strict=strict), self.at_most(lower, strict=strict)

    def extremes(self) -> tuple[Number, Number]:
        """Return the smallest and the largest value."""
        return (
            min(pair.lowest for pair in self.pairs),
            max(pair.highest for pair in self.pairs),
        )

    def listed(self) -> FloatArray:
        """Return the value of every arrangement, in any order."""
        return np.concatenate([pair.listed() for pair in self.pairs])


def pair_sums(
    values: FloatArray,
    weights: OrderWeights,
    *,
    most_sums: float,
    carried_by: tuple[BoolArray, BoolArray] | None = None,
) -> tuple[HalfSums, ...] | None:
    """Return the sums of lower and upper values that go together, or None if too many to list.

    Parameters
    ----------
    values : array of shape (N,)
        In the order in which they are weighted.
    weights : OrderWeights
        The statistic.
    most_sums : float
        How many sums may be listed.
    carried_by : two arrays of bool, shape (N,) each, optional
        Which values may carry weight in x, and which in y: other arrangements are left out.
    """
    middle = values.size // 2
    may = np.ones((2, values.size), dtype=np.bool_) if carried_by is None else np.array(carried_by)
    lower = _list_sums(values[:middle], may[:, :middle], weights.x, weights.y, most_sums / 2)
    if lower is None:
        return None
    upper = _list_sums(
        values[middle:][::-1],
        may[:, middle:][:, ::-1],
        weights.x[::-1],
        weights.y[::-1],
        most_sums / 2,
    )
    if upper is None:
        return None
    return tuple(
        half_sums(found, upper[weights.x.size - taken])
        for taken, found in lower.items()
        if weights.x.size - taken in upper
    )


def _list_sums(
    values: FloatArray, may: BoolArray, x: FloatArray, y: FloatArray, most_sums: float
) -> dict[int, SumList] | None:
    """List the sums of values, dealt in their order, by how many of them are x."""
    lists = {0: SumList(np.zeros(1), np.ones(1))}
    listed = 1
    for seen, (value, in_x, in_y) in enumerate(zip(values.tolist(), *may.tolist(), strict=True)):
        parts: dict[int, list[SumList]] = {}
        for taken, found in lists.items():
            if taken < x.size and (in_x or not x[taken]):
                parts.setdefault(taken + 1, []).append(_plus(found, x[taken] * value))
            if seen - taken < y.size and (in_y or not y[seen - taken]):
                parts.setdefault(taken, []).append(_plus(found, -y[seen - taken] * value))
        lists = {taken: _joined(found) for taken, found in parts.items()}
        listed, before = sum(found.sums.size for found in lists.values()), listed
        # Lists that still double will go on doing so, since few of their sums are equal.
        still = values.size - 1 - seen if listed > MANY and listed > 1.8 * before else 0
        if listed * 1.8**still > most_sums:
            return None
    return {taken: _ascending(found) for taken, found in lists.items()}


def _plus(found: SumList, number: float) -> SumList:
    return SumList(found.sums + number, found.ways) if number else found


def _joined(parts: list[SumList]) -> SumList:
    if len(parts) == 1:
        return parts[0]
    sums = np.concatenate([part.sums for part in parts])
    ways = np.concatenate([ways_of(part) for part in parts])
    found = SumList(sums, ways)
    return found if sums.size < MERGE_FROM else _ascending(found)


def _ascending(found: SumList) -> SumList:
    """Return the sums ascending, equal ones once with their number."""
    order = np.argsort(found.sums)
    sums = found.sums[order]
    firsts = np.flatnonzero(np.concatenate([[True], np.diff(sums) > 0]))
    return SumList(sums[firsts], np.add.reduceat(ways_of(found)[order], firsts))
