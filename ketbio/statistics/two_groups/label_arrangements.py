"""The ways to deal group labels to values, one row of labels each: all of them, or drawn.

For statistics that no sum over one group gives. Rows are made in batches, so that memory is bounded
whatever their number; draws are those of `draws.draw_subsets`, whatever the batch size.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.draws import STOPPING_ROWS, uniform_rows
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.sequential import Stopping
from ketbio.statistics.records import FloatArray
from ketbio.statistics.two_groups.groups import TwoGroups

BoolArray = NDArray[np.bool_]

BATCH_LABELS = 1 << 18
"""Labels held at a time: few enough for the processor's cache."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labels:
    """What may be dealt: to each block, so many labels x.

    Attributes
    ----------
    is_x : array of bool, shape (N,)
        The observed labels, block by block.
    block_sizes, takes : tuple of int
        Values per block, and how many of them are x.
    """

    is_x: BoolArray
    block_sizes: tuple[int, ...]
    takes: tuple[int, ...]

    @property
    def n_arrangements(self) -> int:
        """How many ways there are."""
        return math.prod(map(math.comb, self.block_sizes, self.takes))

    @property
    def members(self) -> tuple[slice, ...]:
        """Where each block's values stand."""
        ends = np.cumsum(self.block_sizes).tolist()
        return tuple(
            slice(end - size, end) for end, size in zip(ends, self.block_sizes, strict=True)
        )

    @property
    def listed_bytes(self) -> int:
        """Memory that `every_arrangement` needs for its lists per block."""
        return sum(
            math.comb(size, take) * size
            for size, take in zip(self.block_sizes, self.takes, strict=True)
        )


def labels_of(groups: TwoGroups) -> Labels:
    """Return the labels of two groups, to be dealt within blocks."""
    return Labels(
        is_x=groups.is_x,
        block_sizes=tuple(np.bincount(groups.block).tolist()),
        takes=tuple(np.bincount(groups.block, weights=groups.is_x).astype(int).tolist()),
    )


def compared(groups: TwoGroups) -> TwoGroups:
    """Return the groups without the blocks that hold one of them only, which compare nothing."""
    mine = np.bincount(groups.block, weights=groups.is_x)
    both = (mine > 0) & (mine < np.bincount(groups.block))
    kept = both[groups.block]
    return TwoGroups(
        line=replace(groups.line, positions=groups.line.positions[kept]),
        is_x=groups.is_x[kept],
        block=np.cumsum(both)[groups.block[kept]] - 1,
    )


def label_rows(size: int, take: int) -> BoolArray:
    """Return every way to label ``take`` of ``size`` values x, of shape (ways, ``size``).

    Examples
    --------
    >>> label_rows(3, 1).astype(int).tolist()
    [[0, 0, 1], [0, 1, 0], [1, 0, 0]]
    """
    lists = {0: np.zeros((1, 0), dtype=np.bool_)}
    for seen in range(1, size + 1):
        fewest, most = max(0, take - (size - seen)), min(seen, take)
        lists = {
            taken: np.concatenate(
                [
                    np.insert(lists[before], 0, taken > before, axis=1)
                    for before in (taken, taken - 1)
                    if before in lists
                ]
            )
            for taken in range(fewest, most + 1)
        }
    return lists[take]


def every_arrangement(labels: Labels) -> Iterator[BoolArray]:
    """Yield every arrangement once, in batches of shape (rows, N)."""
    lists = [label_rows(*block) for block in zip(labels.block_sizes, labels.takes, strict=True)]
    n_ways = tuple(found.shape[0] for found in lists)
    rows = max(1, BATCH_LABELS // max(1, labels.is_x.size))
    for start in range(0, labels.n_arrangements, rows):
        numbers = np.arange(start, min(start + rows, labels.n_arrangements))
        places = np.unravel_index(numbers, n_ways)
        yield np.concatenate(
            [found[place] for found, place in zip(lists, places, strict=True)], axis=1
        )


def drawn_arrangements(
    labels: Labels, seed: int, n_draws: int, *, batch_rows: int | None = None
) -> Iterator[BoolArray]:
    """Yield drawn arrangements in batches of shape (rows, N); draw i is the same in any batch."""
    if batch_rows is None:
        batch_rows = max(1, BATCH_LABELS // labels.is_x.size)
    for uniform in uniform_rows(seed, n_draws, labels.is_x.size, batch_rows=batch_rows):
        dealt = np.zeros(uniform.shape, dtype=np.bool_)
        for members, take in zip(labels.members, labels.takes, strict=True):
            # The places of the smallest numbers are a random subset of the block.
            chosen = np.argsort(uniform[:, members], axis=1, kind="stable")[:, :take]
            np.put_along_axis(dealt[:, members], chosen, True, axis=1)
        yield dealt


def draw_values(
    labels: Labels,
    question: Question,
    seed: int,
    value_of: Callable[[BoolArray], FloatArray],
    *,
    tolerance: float,
) -> FloatArray:
    """Return the centred statistic of the observed arrangement and, after it, of each draw.

    Parameters
    ----------
    labels : Labels
        What may be dealt.
    question : Question
        How many draws, and when to stop.
    seed : int
        Of the draws.
    value_of : callable
        Labels of shape (rows, N) → T − E T of shape (rows,).
    tolerance : float
        How close two values count as tied.
    """
    observed = value_of(labels.is_x[None, :])
    values = [observed]
    stopping = Stopping(question=question, observed=float(observed[0]), tolerance=tolerance)
    batch_rows = None if question.stop_after is None else STOPPING_ROWS
    for dealt in drawn_arrangements(labels, seed, question.n_draws, batch_rows=batch_rows):
        batch = value_of(dealt)
        kept = stopping.place_in(batch)
        values.append(batch[:kept])
        if kept is not None:
            break
    return np.concatenate(values)
