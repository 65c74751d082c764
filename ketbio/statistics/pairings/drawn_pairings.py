"""Pairings drawn at random within blocks, in batches, until enough are as extreme if so asked."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.counting.draws import STOPPING_ROWS, fresh_seed, uniform_rows
from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.sequential import ROUNDING, Stopping
from ketbio.statistics.pairings.paired_values import block_slices
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnPairings:
    """Draws of T − E T.

    Attributes
    ----------
    values : array of shape (draws,)
        T − E T of each, in the order drawn, without the observed pairing.
    observed : float
        T − E T as observed.
    tolerance : float
        How close two values count as tied.
    seed : int
        Of the draws.
    stopped_after : int or None
        At how many draws as extreme drawing was stopped; None where it was not.
    """

    values: FloatArray
    observed: float
    tolerance: float
    seed: int
    stopped_after: int | None

    @property
    def tails(self) -> ListedTails:
        """Tail counts; the observed pairing counts as one, so that p is never 0."""
        every = np.sort(np.append(self.values, self.observed))
        return ListedTails(values=every, n_counted=every.size, tolerance=self.tolerance)


def draw_pairings(
    statistic: Callable[[FloatArray], FloatArray],
    y: FloatArray,
    block: np.ndarray[tuple[int], np.dtype[np.intp]],
    question: Question,
    *,
    observed: float,
    tolerance: float,
) -> DrawnPairings:
    """Draw pairings: y dealt anew within blocks.

    Parameters
    ----------
    statistic : callable
        Rows of dealt y, shape (rows, n) → T − E T of each.
    y : array of shape (n,)
        What is dealt.
    block : array of int, shape (n,)
        Block numbers, ascending.
    question : Question
        How many, from which seed, and when to stop.
    observed : float
        T − E T as observed.
    tolerance : float
        How close two values count as tied.
    """
    seed = fresh_seed() if question.seed is None else question.seed
    stopping = Stopping(question=question, observed=observed, tolerance=max(tolerance, ROUNDING))
    batch_rows = None if question.stop_after is None else STOPPING_ROWS
    slices = block_slices(block)
    values, kept = [], None
    for batch in uniform_rows(seed, question.n_draws, y.size, batch_rows=batch_rows):
        found = statistic(_dealt(y, batch, slices))
        kept = stopping.place_in(found)
        values.append(found[:kept])
        if kept is not None:
            break
    return DrawnPairings(
        values=np.concatenate(values),
        observed=observed,
        tolerance=tolerance,
        seed=seed,
        stopped_after=None if kept is None else question.stop_after,
    )


def _dealt(y: FloatArray, rows: FloatArray, slices: tuple[slice, ...]) -> FloatArray:
    """Return y in the order of each row's random numbers, block by block."""
    return np.concatenate(
        [y[part][np.argsort(rows[:, part], axis=1, kind="stable")] for part in slices], axis=1
    )
