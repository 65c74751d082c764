"""Two groups, validated and put on one line, block by block."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.statistics.counting.shift_intervals import Limits
from ketbio.statistics.counting.subset_sums import SubsetDesign
from ketbio.statistics.inputs import as_blocks, as_values
from ketbio.statistics.number_lines import NumberLine, to_number_line, to_rank_line
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoGroups:
    """Validated input: values on one line, sorted by block with x first.

    Attributes
    ----------
    line : NumberLine
        All values, block by block, x before y.
    is_x : array of bool, shape (N,)
        Which are x.
    block : array of int, shape (N,)
        Block numbers, ascending.
    """

    line: NumberLine
    is_x: NDArray[np.bool_]
    block: NDArray[np.intp]

    @property
    def n(self) -> tuple[int, int]:
        """Values in x and in y."""
        return int(self.is_x.sum()), int((~self.is_x).sum())


def two_groups(
    x: ArrayLike, y: ArrayLike, blocks: ArrayLike | None = None, *, ranked: bool = False
) -> TwoGroups:
    """Validate two groups and sort them by block, x first within each."""
    first, second = as_values(x, "x"), as_values(y, "y")
    block = as_blocks(blocks, first.size + second.size)
    is_x = np.arange(block.size) < first.size
    order = np.lexsort((~is_x, block))
    to_line = to_rank_line if ranked else to_number_line
    line = to_line(np.concatenate([first, second])[order])
    return TwoGroups(line=line, is_x=is_x[order], block=block[order])


def label_design(groups: TwoGroups, scores: FloatArray, *, tolerance: float) -> SubsetDesign:
    """Return the design in which ``scores`` are dealt to x and y within blocks."""
    sizes = np.bincount(groups.block)
    takes = np.bincount(groups.block, weights=groups.is_x)
    return SubsetDesign(
        positions=scores,
        is_x=groups.is_x,
        block_sizes=tuple(int(size) for size in sizes),
        takes=tuple(int(take) for take in takes),
        is_exact=tolerance == 0,
        tolerance=tolerance,
    )


def block_warnings(groups: TwoGroups) -> tuple[str, ...]:
    """Return a sentence where a block holds values of one group only."""
    return one_sided_blocks(groups.block, groups.is_x)


def one_sided_blocks(block: NDArray[np.intp], is_x: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return a sentence where a block holds values of one group only."""
    sizes = np.bincount(block)
    mine = np.bincount(block, weights=is_x)
    idle = int(((mine == 0) | (mine == sizes)).sum())
    if idle == 0:
        return ()
    hold, add = ("block holds", "adds") if idle == 1 else ("blocks hold", "add")
    return (f"{idle} {hold} values of one group only and {add} nothing to the comparison.",)


def in_units(limits: Limits, unit: Fraction) -> Limits:
    """Return limits in the data's units, given in steps of the number line."""
    return Limits(in_unit(limits.low, unit), in_unit(limits.high, unit))


def in_unit(limit: float, unit: Fraction) -> float:
    """Return one limit in the data's units, infinite as it was."""
    return limit * float(unit) if math.isfinite(limit) else limit
