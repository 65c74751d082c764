"""k groups: Σ S²/n over the groups, of scores centred within blocks, on an exact line."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.subset_sums import Number
from ketbio.statistics.number_lines import EXACT_LIMIT, TIE_TOLERANCE, to_number_line
from ketbio.statistics.pairings.paired_values import block_slices, centred_within
from ketbio.statistics.records import FloatArray

LARGEST_ORDERED = 7
"""The largest T is found from the k! orders of up to so many groups."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupDesign:
    """Scores that are dealt to k groups within blocks.

    T = Σ_g w_g·S_g², S_g being the sum of the scores of group g: the sum of squares between
    groups, times a whole number where scores are whole.

    Attributes
    ----------
    scores : array of shape (N,)
        Centred within blocks; by block and then by group. Whole numbers where ``tolerance`` is 0.
    group, block : array of int, shape (N,)
        Group and block numbers from 0.
    weights : array of shape (k,)
        1/n_g, times a whole number where scores are whole.
    tolerance : float
        How close two values of T count as tied.
    """

    scores: FloatArray
    group: NDArray[np.intp]
    block: NDArray[np.intp]
    weights: FloatArray
    tolerance: float

    @property
    def is_exact(self) -> bool:
        """Whether T is a whole number."""
        return self.tolerance == 0

    @property
    def takes(self) -> NDArray[np.intp]:
        """How many values each group has in each block, shape (blocks, k)."""
        k = self.weights.size
        return np.array(
            [np.bincount(self.group[part], minlength=k) for part in block_slices(self.block)],
            dtype=np.intp,
        )

    @property
    def n_arrangements(self) -> int:
        """All deals."""
        return math.prod(
            math.factorial(sum(row)) // math.prod(map(math.factorial, row))
            for row in self.takes.tolist()
        )

    @property
    def largest(self) -> float:
        """T if the groups left nothing within them: what T is at most."""
        return float((self.scores**2).sum()) * self._per_square

    @property
    def expected(self) -> Number:
        """Mean of T over all deals: S_g is the sum of a sample drawn without replacement."""
        total: Number = Fraction(0) if self.is_exact else 0.0
        for part, row in zip(block_slices(self.block), self.takes.tolist(), strict=True):
            size = part.stop - part.start
            if size < 2:
                continue
            squares = self._number(float((self.scores[part] ** 2).sum()))
            for weight, taken in zip(self.weights.tolist(), row, strict=True):
                share = Fraction(taken * (size - taken), size * (size - 1))
                total += self._number(weight) * squares * self._fraction(share)
        return total

    def observed(self) -> Number:
        """Return T as observed."""
        sums = np.bincount(self.group, weights=self.scores, minlength=self.weights.size)
        return self._number(float(self.weights @ sums**2))

    def of_rows(self, rows: FloatArray) -> FloatArray:
        """Return T of scores dealt anew, shape (rows, N)."""
        member = self.group[:, None] == np.arange(self.weights.size)
        return np.asarray((rows @ member) ** 2 @ self.weights, dtype=np.float64)

    def most_extreme(self) -> tuple[float, int]:
        """Return the largest T and how many deals have it; (∞, 1) where groups are too many.

        T is strictly convex in the sums, so that it is largest where some order of the groups
        takes the values as they ascend, in every block alike; deals that have the same sums there
        exchange equal values only.
        """
        if self.weights.size > LARGEST_ORDERED:
            return math.inf, 1
        blocks = [
            (np.sort(self.scores[part]), row)
            for part, row in zip(block_slices(self.block), self.takes, strict=True)
        ]
        found: dict[tuple[float, ...], int] = {}
        for order in permutations(range(self.weights.size)):
            sums, ways = _dealt_in_order(blocks, order)
            found[tuple(np.round(sums, 9).tolist())] = ways
        reached = {sums: float(self.weights @ np.array(sums) ** 2) for sums in found}
        highest = max(reached.values())
        near = max(self.tolerance, 1e-9)
        return highest, sum(found[s] for s, value in reached.items() if value >= highest - near)

    @property
    def _per_square(self) -> float:
        # Every weight times its group's size.
        return float(self.weights[0] * self.takes[:, 0].sum())

    def _number(self, value: float) -> Number:
        return Fraction(int(value)) if self.is_exact else value

    def _fraction(self, share: Fraction) -> Number:
        return share if self.is_exact else float(share)


def group_design(
    values: FloatArray, group: NDArray[np.intp], block: NDArray[np.intp]
) -> GroupDesign:
    """Centre values within blocks, exactly if whole numbers allow.

    Parameters
    ----------
    values : array of shape (N,)
        Values or ranks, by block and then by group.
    group, block : array of int, shape (N,)
        Group and block numbers.
    """
    line = to_number_line(values)
    sizes = np.bincount(group)
    multiple = math.lcm(*(part.stop - part.start for part in block_slices(block)))
    per_square = math.lcm(*sizes.tolist())
    centred = multiple * line.positions
    for part in block_slices(block):
        centred[part] -= multiple // (part.stop - part.start) * line.positions[part].sum()
    # A half's own sums can be a few times larger than those of all.
    is_exact = line.is_exact and 16 * per_square * float((centred**2).sum()) < EXACT_LIMIT
    if is_exact:
        return GroupDesign(
            scores=centred,
            group=group,
            block=block,
            weights=per_square / sizes,
            tolerance=0.0,
        )
    scores = centred_within(line.positions, block)
    scores = scores / (np.abs(scores).max() or 1.0)
    return GroupDesign(
        scores=scores,
        group=group,
        block=block,
        weights=1 / sizes,
        tolerance=TIE_TOLERANCE * max(float((scores**2).sum()), 1e-9),
    )


def _dealt_in_order(
    blocks: Sequence[tuple[FloatArray, NDArray[np.intp]]], order: tuple[int, ...]
) -> tuple[FloatArray, int]:
    """Return the groups' sums where they take ascending values in this order, and in how many ways.

    Equal values can be exchanged between groups.
    """
    sums, ways = np.zeros(len(order)), 1
    for ascending, row in blocks:
        owner = np.repeat(order, row[list(order)])
        sums += np.bincount(owner, weights=ascending, minlength=len(order))
        for value in np.unique(ascending):
            shared = np.bincount(owner[ascending == value]).tolist()
            ways *= math.factorial(sum(shared)) // math.prod(map(math.factorial, shared))
    return sums, ways
