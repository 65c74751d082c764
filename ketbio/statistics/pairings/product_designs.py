"""Σ x·y over pairings within blocks: scores on exact lines, centred so that its mean is 0."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.subset_sums import Number
from ketbio.statistics.number_lines import EXACT_LIMIT, TIE_TOLERANCE, to_number_line
from ketbio.statistics.pairings.paired_values import block_slices, centred_within
from ketbio.statistics.pairings.pairing_tails import PairingDesign
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductDesign:
    """What is paired, block by block.

    Attributes
    ----------
    x, y : array of shape (n,)
        Scores; x centred within blocks, so that T = Σ x·y has mean 0 over all pairings. Whole
        numbers where ``tolerance`` is 0.
    block : array of int, shape (n,)
        Block numbers, ascending.
    tolerance : float
        How close two values of T count as tied.
    multiple : int
        By how much whole x were multiplied to centre them.
    per_unit : float
        The correlation per unit of T − E T.
    offset : float
        The mean of the correlation over all pairings (0 but for percentage bend).
    """

    x: FloatArray
    y: FloatArray
    block: NDArray[np.intp]
    tolerance: float
    multiple: int
    per_unit: float
    offset: float

    @property
    def is_exact(self) -> bool:
        """Whether T is a whole number."""
        return self.tolerance == 0

    @property
    def parts(self) -> tuple[PairingDesign, ...]:
        """One design per block."""
        return tuple(
            PairingDesign(x=self.x[part], y=self.y[part], tolerance=self.tolerance)
            for part in block_slices(self.block)
        )

    @property
    def n_arrangements(self) -> int:
        """All pairings within blocks."""
        return math.prod(part.n_arrangements for part in self.parts)

    def observed(self) -> Number:
        """Return T of the pairs as they are."""
        value = float(self.x @ self.y)
        return Fraction(int(value)) if self.is_exact else value

    def correlations(self, sums: FloatArray) -> FloatArray:
        """Return T − E T as the correlation."""
        return np.clip(sums * self.per_unit + self.offset, -1.0, 1.0)


def product_design(
    x: FloatArray,
    y: FloatArray,
    block: NDArray[np.intp],
    *,
    shrink: float = 1.0,
    offset: float = 0.0,
) -> ProductDesign:
    """Put scores on lines and centre x within blocks, exactly if whole numbers allow.

    Parameters
    ----------
    x, y : array of shape (n,)
        Scores.
    block : array of int, shape (n,)
        Block numbers, ascending.
    shrink, offset : float
        The correlation is T − E T over the size of both centred scores, times ``shrink``, plus
        ``offset``.
    """
    lines = to_number_line(x), to_number_line(y)
    first, second = (line.positions for line in lines)
    multiple = math.lcm(*np.bincount(block)[np.unique(block)].tolist())
    is_exact = all(line.is_exact for line in lines) and (
        multiple * float(np.ptp(first)) * float(second.max(initial=1)) * first.size < EXACT_LIMIT
    )
    centred_x, centred_y = (centred_within(values, block) for values in (first, second))
    size = float(np.linalg.norm(centred_x) * np.linalg.norm(centred_y))
    if not is_exact:
        return ProductDesign(
            x=centred_x,
            y=centred_y,
            block=block,
            tolerance=TIE_TOLERANCE * size,
            multiple=1,
            per_unit=shrink / size,
            offset=offset,
        )
    return ProductDesign(
        x=_centred_exactly(first, block, multiple),
        y=second,
        block=block,
        tolerance=0.0,
        multiple=multiple,
        per_unit=shrink / (multiple * size),
        offset=offset,
    )


def _centred_exactly(values: FloatArray, block: NDArray[np.intp], multiple: int) -> FloatArray:
    centred = multiple * values
    for part in block_slices(block):
        # The block's size divides the multiple, so that this is whole.
        centred[part] -= multiple // (part.stop - part.start) * values[part].sum()
    return centred
