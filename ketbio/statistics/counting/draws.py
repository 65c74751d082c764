"""Random arrangements from counter-based streams: draw i is the same however draws are batched.

Each draw has its own stretch of one Philox stream (Salmon et al. 2011), found by its number, so
that neither the batch size nor the number of workers can change a result.
"""

from collections.abc import Iterator

import numpy as np

from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.sequential import ROUNDING, Stopping
from ketbio.statistics.counting.subset_sums import SubsetDesign
from ketbio.statistics.counting.subset_tails import SubsetList
from ketbio.statistics.records import FloatArray

BATCH_NUMBERS = 1 << 20
"""Random numbers held at a time (8 bytes each)."""

STOPPING_ROWS = 1_000
"""Draws made before it is looked whether to stop."""

_PER_COUNT = 4


def fresh_seed() -> int:
    """Return a new seed below 2**32, to be recorded with the result."""
    return int(np.random.SeedSequence().generate_state(1)[0])


def uniform_rows(
    seed: int, n_rows: int, width: int, *, batch_rows: int | None = None
) -> Iterator[FloatArray]:
    """Yield ``n_rows`` rows of ``width`` uniform numbers, in batches.

    Examples
    --------
    >>> whole = np.concatenate(list(uniform_rows(7, 5, 3)))
    >>> parts = np.concatenate(list(uniform_rows(7, 5, 3, batch_rows=2)))
    >>> bool((whole == parts).all())
    True
    """
    rows = batch_rows or max(1, BATCH_NUMBERS // _padded(width))
    for start in range(0, n_rows, rows):
        yield uniform_batch(seed, start, min(rows, n_rows - start), width)


def uniform_batch(seed: int, start: int, count: int, width: int) -> FloatArray:
    """Return rows ``start`` to ``start + count − 1`` of `uniform_rows`, shape (count, width)."""
    padded = _padded(width)
    stream = np.random.Philox(key=seed).advance(start * padded // _PER_COUNT)
    return np.random.Generator(stream).random((count, padded))[:, :width]


def _padded(width: int) -> int:
    """Return how many numbers a row takes from the stream: whole counts of the generator."""
    return max(1, -(-width // _PER_COUNT)) * _PER_COUNT


def draw_subsets(
    design: SubsetDesign, question: Question, seed: int, *, batch_rows: int | None = None
) -> SubsetList:
    """Draw subsets of the design; the observed subset comes first, so that p is never 0.

    Returns
    -------
    SubsetList
        ``question.n_draws + 1`` subsets, or fewer where ``stop_after`` has been reached.
    """
    sums = [np.array([design.positions[design.is_x].sum()])]
    overlaps = [np.array([float(design.observed_size)])]
    middle = float(design.expected_sum)
    stopping = Stopping(
        question=question,
        observed=float(sums[0][0]) - middle,
        tolerance=max(design.tolerance, ROUNDING),
    )
    if batch_rows is None and question.stop_after is not None:
        batch_rows = STOPPING_ROWS
    rows = uniform_rows(seed, question.n_draws, design.positions.size, batch_rows=batch_rows)
    for batch in rows:
        found = _any_subsets(design, batch) if design.takes is None else _subsets(design, batch)
        kept = stopping.place_in(found.sums - middle)
        sums.append(found.sums[:kept])
        overlaps.append(found.overlaps[:kept])
        if kept is not None:
            break
    return SubsetList(sums=np.concatenate(sums), overlaps=np.concatenate(overlaps))


def _any_subsets(design: SubsetDesign, rows: FloatArray) -> SubsetList:
    kept = rows < 0.5
    return SubsetList(
        sums=np.where(kept, design.positions, 0.0).sum(axis=1),
        overlaps=(kept & design.is_x).sum(axis=1).astype(np.float64),
    )


def _subsets(design: SubsetDesign, rows: FloatArray) -> SubsetList:
    sums = np.zeros(rows.shape[0])
    overlaps = np.zeros(rows.shape[0])
    start = 0
    for size, take in zip(design.block_sizes, design.takes or (), strict=True):
        members = slice(start, start + size)
        # The places of the smallest numbers are a random subset of the block.
        chosen = np.sort(np.argsort(rows[:, members], axis=1, kind="stable")[:, :take], axis=1)
        sums += design.positions[members][chosen].sum(axis=1)
        overlaps += design.is_x[members][chosen].sum(axis=1)
        start += size
    return SubsetList(sums=sums, overlaps=overlaps)
