"""Trajectories with missing visits: what is there, who dropped out when, what is refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of, join_words

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MissingPattern:
    """Participants who lack the same visits.

    Attributes
    ----------
    rows : ndarray of int
        Their rows.
    seen, gaps, later : ndarray of int
        Visits observed, missing before the last one observed, and missing after it.
    """

    rows: NDArray[np.intp]
    seen: NDArray[np.intp]
    gaps: NDArray[np.intp]
    later: NDArray[np.intp]

    @property
    def missing(self) -> NDArray[np.intp]:
        """All visits that are missing, in order."""
        return np.concatenate([self.gaps, self.later])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trajectories:
    """Outcomes of participants over visits, and what they are regressed on at each visit.

    Attributes
    ----------
    outcomes : ndarray, shape (n, T)
        In the unit of the outcome; NaN where missing.
    design : ndarray, shape (n, k)
        Regressors, the same at every visit (each has a coefficient per visit).
    reference_design : ndarray, shape (n, k)
        The same as if everybody were in the reference arm.
    visits : tuple of str
        Names of the T visits, for sentences.
    """

    outcomes: FloatArray
    design: FloatArray
    reference_design: FloatArray
    visits: tuple[str, ...]

    @property
    def is_missing(self) -> BoolArray:
        """Where a value is missing, shape (n, T)."""
        return np.isnan(self.outcomes)

    @property
    def dropped_out(self) -> BoolArray:
        """Where a value is missing with none after it, shape (n, T)."""
        ahead = ~self.is_missing[:, ::-1]
        return ~np.logical_or.accumulate(ahead, axis=1)[:, ::-1]

    @property
    def n_regressors(self) -> int:
        """How many coefficients there are at each visit."""
        return int(self.design.shape[1])

    def without(self, row: int) -> "Trajectories":
        """Return the same without one participant."""
        return Trajectories(
            outcomes=np.delete(self.outcomes, row, axis=0),
            design=np.delete(self.design, row, axis=0),
            reference_design=np.delete(self.reference_design, row, axis=0),
            visits=self.visits,
        )

    def measured(self) -> "Trajectories":
        """Return those with a value at some visit: the others say nothing of the parameters."""
        keep = ~self.is_missing.all(axis=1)
        return Trajectories(
            outcomes=self.outcomes[keep],
            design=self.design[keep],
            reference_design=self.reference_design[keep],
            visits=self.visits,
        )

    def patterns(self) -> tuple[MissingPattern, ...]:
        """Return the patterns of missing visits that occur, complete ones among them."""
        missing, dropped = self.is_missing, self.dropped_out
        kinds, member = np.unique(missing, axis=0, return_inverse=True)
        found = []
        for number in range(len(kinds)):
            rows = np.flatnonzero(member.reshape(-1) == number)
            lacks, late = missing[rows[0]], dropped[rows[0]]
            found.append(
                MissingPattern(
                    rows=rows,
                    seen=np.flatnonzero(~lacks),
                    gaps=np.flatnonzero(lacks & ~late),
                    later=np.flatnonzero(late),
                )
            )
        return tuple(found)


SPARE = 2
"""Participants wanted beyond regressors and the visits that somebody lacks, where values are drawn:
with fewer, draws have a t distribution with one or two degrees of freedom, whose variance is
infinite, so that more imputations would not settle the estimate."""


def refuse_unidentified(
    data: Trajectories, names: Sequence[str], *, is_drawn: bool = False
) -> None:
    """Refuse trajectories that cannot tell the means and the covariance of the visits.

    Parameters
    ----------
    data : Trajectories
    names : sequence of str
        What the columns of the design are called, for the sentence.
    is_drawn : bool
        Whether missing values are to be drawn, which takes `SPARE` more.

    Raises
    ------
    StatisticsError
        A regressor that follows from others among those measured at a visit, or a pair of visits
        measured in too few participants.
    """
    seen, k = ~data.is_missing, data.n_regressors
    for place, visit in enumerate(data.visits):
        _refuse_rank(data.design[seen[:, place]], visit, names)
    together = seen.T.astype(np.int64) @ seen.astype(np.int64)
    lacked = int(data.is_missing.sum(axis=1).max())
    to_draw = lacked + SPARE if is_drawn and lacked else 0
    needed = k + max(len(data.visits), to_draw)
    fewest = int(together.min())
    if fewest < needed:
        pairs = sorted(np.argwhere(together == fewest).tolist(), key=lambda pair: len(set(pair)))
        why = " for draws to have a variance" if needed > k + len(data.visits) else ""
        where = [data.visits[one] for one in dict.fromkeys(pairs[0])]
        raise StatisticsError(
            f"{count_of(fewest, 'participant')} measured at "
            f"{join_words(where)}; the covariance of {count_of(len(data.visits), 'visit')} with "
            f"{k} regressors (the arms among them) needs at least {needed} there{why}. Name fewer "
            "visits, take out covariates, or describe the missing visits without imputing them."
        )


def _refuse_rank(rows: FloatArray, visit: str, names: Sequence[str]) -> None:
    if len(rows) and np.linalg.matrix_rank(rows) == len(names):
        return
    for place, name in enumerate(names):
        before = np.linalg.matrix_rank(rows[:, :place]) if place and len(rows) else 0
        after = np.linalg.matrix_rank(rows[:, : place + 1]) if len(rows) else 0
        if after == before:
            raise StatisticsError(
                f"{name} cannot be told from the other regressors among those measured at {visit} "
                "(nobody is there, or it is the same in all); allowed: at least one participant "
                "of each arm at each visit, and covariates that differ. Leave the visit or the "
                "covariate out."
            )
