"""Pairs to be correlated, validated, block by block: y may be dealt anew within blocks only."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.correlation import correlation_input
from ketbio.statistics.inputs import as_blocks
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairings:
    """Validated input, sorted by block.

    Attributes
    ----------
    x, y : array of shape (n,)
        Values without binary noise.
    block : array of int, shape (n,)
        Block numbers, ascending.
    """

    x: FloatArray
    y: FloatArray
    block: NDArray[np.intp]

    @property
    def n(self) -> int:
        """Pairs."""
        return int(self.x.size)

    @property
    def slices(self) -> tuple[slice, ...]:
        """Where each block stands."""
        return block_slices(self.block)

    @property
    def is_blocked(self) -> bool:
        """Whether there is more than one block."""
        return len(self.slices) > 1

    @property
    def n_arrangements(self) -> int:
        """All pairings within blocks."""
        return math.prod(math.factorial(part.stop - part.start) for part in self.slices)

    def name(self, statistic: str) -> str:
        """Return the name of a statistic, with the blocks where there are some."""
        return f"{statistic} within blocks" if self.is_blocked else statistic


def pairings_of(x: ArrayLike, y: ArrayLike, blocks: ArrayLike | None = None) -> Pairings:
    """Validate pairs and sort them by block.

    Raises
    ------
    StatisticsError
        Fewer than three pairs, a side that is constant (within every block), or blocks that are
        not one label per pair.
    """
    first, second = correlation_input(x, y)
    block = as_blocks(blocks, first.size, of_pairs=True)
    order = np.argsort(block, kind="stable")
    found = Pairings(x=first[order], y=second[order], block=block[order])
    for name, values in (("x", found.x), ("y", found.y)):
        if all(np.ptp(values[part]) == 0 for part in found.slices):
            raise StatisticsError(
                f"{name} is constant within each of {len(found.slices)} blocks; allowed: values "
                "that differ within a block, since only these are compared. Leave the blocks or "
                "the test out of the plan."
            )
    return found


def block_slices(block: NDArray[np.intp]) -> tuple[slice, ...]:
    """Return where each block stands, block numbers being ascending.

    Examples
    --------
    >>> block_slices(np.array([0, 0, 1]))
    (slice(0, 2, None), slice(2, 3, None))
    """
    ends = np.flatnonzero(np.append(np.diff(block) != 0, True)) + 1
    starts = [0, *ends[:-1].tolist()]
    return tuple(slice(start, end) for start, end in zip(starts, ends.tolist(), strict=True))


def centred_within(values: FloatArray, block: NDArray[np.intp]) -> FloatArray:
    """Return the values less the mean of their block.

    Examples
    --------
    >>> centred_within(np.array([1.0, 3.0, 7.0]), np.array([0, 0, 1]))
    array([-1.,  1.,  0.])
    """
    centred = values.astype(np.float64)
    for part in block_slices(block):
        centred[part] -= centred[part].mean()
    return centred


def idle_block_warnings(pairings: Pairings) -> tuple[str, ...]:
    """Return a sentence where blocks add nothing: one pair, or a side that is constant there."""
    idle = sum(
        1
        for part in pairings.slices
        if np.ptp(pairings.x[part]) == 0 or np.ptp(pairings.y[part]) == 0
    )
    if idle == 0:
        return ()
    hold = "block holds" if idle == 1 else "blocks hold"
    return (
        f"{idle} {hold} one pair or one value of x or y only: nothing can be exchanged there that "
        "would change the correlation.",
    )
