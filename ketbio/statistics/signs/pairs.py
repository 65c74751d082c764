"""Pairs, validated: their differences on a line from zero, and the signs that can be dealt."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.statistics.counting.shift_intervals import Limits
from ketbio.statistics.counting.subset_sums import SubsetDesign
from ketbio.statistics.inputs import as_blocks, as_same_length, as_values
from ketbio.statistics.number_lines import NumberLine, to_difference_line, to_number_line
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Validated differences.

    Attributes
    ----------
    line : NumberLine
        The differences, from zero.
    block : array of int, shape (n,)
        Block numbers.
    """

    line: NumberLine
    block: NDArray[np.intp]

    @property
    def n(self) -> int:
        """Pairs."""
        return int(self.line.positions.size)

    @property
    def is_zero(self) -> NDArray[np.bool_]:
        """Which differences are zero (those within the noise of it are, on a line)."""
        return np.asarray(self.line.positions == 0)

    def units(self, limits: Limits) -> Limits:
        """Return limits in the data's units, given in steps of the number line."""
        unit = float(self.line.unit)
        return Limits(limits.low * unit, limits.high * unit)


def pairs_of(x: ArrayLike, y: ArrayLike | None, blocks: ArrayLike | None = None) -> Pairs:
    """Validate pairs and put their differences on a line from zero."""
    if y is None:
        line = to_number_line(as_values(x, "x"), from_zero=True)
    else:
        line = to_difference_line(*as_same_length(x, y))
    return Pairs(line=line, block=as_blocks(blocks, line.positions.size, of_pairs=True))


def sign_design(scores: FloatArray, *, tolerance: float) -> SubsetDesign:
    """Return the design in which each score is kept or has its sign changed."""
    return SubsetDesign(
        positions=scores,
        is_x=np.ones(scores.size, dtype=np.bool_),
        block_sizes=(scores.size,),
        takes=None,
        is_exact=tolerance == 0,
        tolerance=tolerance,
    )


IDLE_BLOCKS = (
    "Blocks change nothing here: the signs of pairs are dealt pair by pair, within blocks as "
    "without, and this statistic ranks nothing."
)


def idle_blocks(pairs: Pairs) -> tuple[str, ...]:
    """Return a sentence where blocks were given to a statistic that they do not change."""
    if pairs.n == 0 or pairs.block.max() == 0:
        return ()
    return (IDLE_BLOCKS,)
