"""Step-down adjustment over common arrangements (Westfall & Young 1993): max T and min p."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.markers.marker_arrangements import Arrangements
from ketbio.statistics.markers.marker_scores import MarkerScores
from ketbio.statistics.records import FloatArray

Counts = NDArray[np.int64]
Made = TypeVar("Made")

BATCH_ROWS = 8_192
"""Arrangements made at a time, at most."""

BATCH_NUMBERS = 2**20
"""Numbers that a batch of arrangements may hold (8 bytes each)."""

BATCH_MARKERS = 64
"""Markers multiplied at a time, so that their scores stay in the cache."""

MIN_P_NUMBERS = 2**25
"""Scores (8 bytes each) that min p keeps at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepDown:
    """What was counted.

    Attributes
    ----------
    order : array of shape (k,)
        Markers from the most extreme to the least.
    alone : array of shape (k,)
        Arrangements in which the marker is at least as extreme as observed.
    joint : array of shape (k,)
        Arrangements in which it or a marker after it in ``order`` is; never less than for the
        markers before it.
    at_top : int
        Arrangements whose most extreme marker is as extreme as in any arrangement: the smallest
        count that ``joint`` can have.
    """

    order: NDArray[np.intp]
    alone: Counts
    joint: Counts
    at_top: int


def max_t(scores: MarkerScores, arrangements: Arrangements, workers: int) -> StepDown:
    """Count over the running maximum of scores, from the least extreme marker to the most."""
    observed = scores.observed(arrangements.observed)
    order = np.argsort(-observed, kind="stable")
    upwards = order[::-1]
    edges = (observed - scores.tolerance)[upwards]
    count = partial(_count_batch, scores.take(upwards), arrangements, edges)
    batches = _over_batches(count, arrangements, workers)
    alone, joint = np.empty_like(observed, np.int64), np.empty_like(observed, np.int64)
    alone[upwards] = sum(batch.alone for batch in batches)
    joint[upwards] = sum(batch.joint for batch in batches)
    top = max(batch.top for batch in batches)
    near = float(scores.tolerance.max(initial=0.0))
    at_top = sum(batch.at_top for batch in batches if batch.top >= top - near)
    return StepDown(order=order, alone=alone, joint=_rising(joint, order), at_top=at_top)


def min_p(scores: MarkerScores, arrangements: Arrangements, workers: int) -> StepDown:
    """Count over the running minimum of each marker's own p, marker by marker.

    The p of an arrangement is the share of arrangements in which the marker is at least as
    extreme (Ge, Dudoit & Speed 2003), so that one marker's scores are needed at a time.
    """
    observed = scores.observed(arrangements.observed)
    alone = max_t(scores, arrangements, workers).alone
    # Of markers with one p the order does not matter: the largest joint p of them is given to all.
    order = np.lexsort((-observed, alone))
    upwards = order[::-1]
    smallest = np.full(arrangements.n_counted, arrangements.n_counted, dtype=np.int64)
    joint = np.empty_like(alone)
    at_once = max(1, MIN_P_NUMBERS // arrangements.n_counted)
    for start in range(0, upwards.size, at_once):
        markers = upwards[start : start + at_once]
        some = scores.take(markers)
        for marker, row, near in zip(
            markers, _all_scores(some, arrangements, workers), some.tolerance, strict=True
        ):
            np.minimum(smallest, _own_counts(row, near), out=smallest)
            joint[marker] = np.count_nonzero(smallest <= alone[marker])
    at_top = int(np.count_nonzero(smallest == smallest.min()))
    return StepDown(order=order, alone=alone, joint=_rising(joint, order), at_top=at_top)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Batch:
    alone: Counts
    joint: Counts
    top: float
    at_top: int


def _count_batch(
    scores: MarkerScores, arrangements: Arrangements, edges: FloatArray, start: int, stop: int
) -> _Batch:
    """Count one batch, the markers being in the order in which the maximum runs."""
    rows = arrangements.rows(start, stop)
    highest = np.full(stop - start, -np.inf)
    is_past = np.empty(stop - start, dtype=np.bool_)
    alone, joint = np.zeros(edges.size, np.int64), np.zeros(edges.size, np.int64)
    for first in range(0, edges.size, BATCH_MARKERS):
        some = scores.take(np.arange(first, min(first + BATCH_MARKERS, edges.size)))
        for marker, score in enumerate(some.extremeness(rows), start=first):
            np.greater_equal(score, edges[marker], out=is_past)
            alone[marker] = np.count_nonzero(is_past)
            np.maximum(highest, score, out=highest)
            np.greater_equal(highest, edges[marker], out=is_past)
            joint[marker] = np.count_nonzero(is_past)
    top = float(highest.max())
    near = float(scores.tolerance.max(initial=0.0))
    at_top = int(np.count_nonzero(highest >= top - near))
    return _Batch(alone=alone, joint=joint, top=top, at_top=at_top)


def _all_scores(scores: MarkerScores, arrangements: Arrangements, workers: int) -> FloatArray:
    """Return the scores of some markers over all arrangements, shape (k, arrangements)."""
    table = np.empty((scores.tolerance.size, arrangements.n_counted))

    def fill(start: int, stop: int) -> None:
        table[:, start:stop] = scores.extremeness(arrangements.rows(start, stop))

    _over_batches(fill, arrangements, workers)
    return table


def _own_counts(scores: FloatArray, near: float) -> Counts:
    """Return for each arrangement how many are at least as extreme by this marker."""
    ascending = np.sort(scores)
    return scores.size - np.searchsorted(ascending, scores - near, side="left")


def _rising(joint: Counts, order: NDArray[np.intp]) -> Counts:
    rising = np.empty_like(joint)
    rising[order] = np.maximum.accumulate(joint[order])
    return rising


def _over_batches(
    work: Callable[[int, int], Made], arrangements: Arrangements, workers: int
) -> list[Made]:
    """Return what the work makes of each batch, in the order of batches."""
    rows = min(BATCH_ROWS, max(1, BATCH_NUMBERS // arrangements.observed.size))
    starts = range(0, arrangements.n_counted, rows)
    stops = [min(start + rows, arrangements.n_counted) for start in starts]
    if workers == 1:
        return list(map(work, starts, stops))
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(work, starts, stops))
