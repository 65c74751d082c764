"""What one call of `compare_imputed` asks, and each marker made ready for it or refused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.covariates import Covariates, covariates_asked
from ketbio.analyses.imputation.rows import ImputedRows, imputed_rows
from ketbio.analyses.imputation.shifts import Delta, shift_words, shifts_asked
from ketbio.analyses.visit_models.arms import Arms, arms_asked
from ketbio.analyses.visit_models.visits import follow_up
from ketbio.endpoints.frames import require_one_of
from ketbio.errors import StatisticsError, TableError
from ketbio.statistics.imputation.assumptions import ASSUMPTIONS
from ketbio.statistics.imputation.imputations import check_imputations
from ketbio.statistics.imputation.shifts import shift_after_dropout
from ketbio.statistics.imputation.trajectories import refuse_unidentified
from ketbio.statistics.inputs import check_level, check_seed, check_word
from ketbio.wording import join_words


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What one call asks of every marker."""

    arms: Arms
    assumptions: tuple[str, ...]
    delta: Delta | None
    accumulate: bool
    covariates: Covariates
    level: float
    n_imputations: int
    seed: int | None
    baseline: str
    endpoint: str | None
    visits: Sequence[str] | None


def asked_of(
    participants: pd.DataFrame,
    *,
    arm: str,
    reference: str | None,
    assumption: str | Sequence[str],
    delta: Delta | None,
    accumulate: bool,
    covariates: str | Sequence[str] | None,
    level: float,
    n_imputations: int,
    seed: int | None,
    visits: tuple[str, str | None, Sequence[str] | None],
) -> Asked:
    """Return what is asked, or refuse it."""
    arms = arms_asked(participants, arm=arm, reference=reference, everybody=())
    if len(arms.names) < 2:
        raise TableError(
            f"everybody is in the arm {arms.names[0]!r}; two arms are wanted to compare. Name the "
            "column of arms with arm=, or describe the change with compare_visits."
        )
    words = [assumption] if isinstance(assumption, str) else list(assumption)
    if not words:
        raise StatisticsError(
            f"assumption is an empty list; allowed: one or more of {join_words(ASSUMPTIONS)}."
        )
    for word in words:
        check_word("assumption", word, ASSUMPTIONS)
    if ("delta" in words) != (delta is not None):
        raise StatisticsError(
            'assumption names "delta", but delta is not given; say how much is added to imputed '
            "values, such as delta=3."
            if delta is None
            else f'delta is {delta!r}, but assumption does not name "delta"; add it there, or '
            "leave delta out."
        )
    return Asked(
        arms=arms,
        assumptions=tuple(dict.fromkeys(words)),
        delta=delta,
        accumulate=accumulate,
        covariates=covariates_asked(covariates, participants),
        level=check_level(level),
        n_imputations=check_imputations(n_imputations),
        seed=check_seed(seed),
        baseline=visits[0],
        endpoint=visits[1],
        visits=visits[2],
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """One marker ready to be imputed.

    Attributes
    ----------
    rows : ImputedRows
    place : int
        Of the visit compared, among those after baseline.
    shifts : ndarray, shape (n, T)
        What delta adds to imputed values; zeros without it.
    shift_words : str
        The same in words; empty without it.
    """

    rows: ImputedRows
    place: int
    shifts: NDArray[np.float64]
    shift_words: str


def prepare(endpoints: pd.DataFrame, marker: str, asked: Asked) -> Prepared:
    """Return a marker's trajectories, or refuse what they do not allow.

    Raises
    ------
    TableError
        An unknown visit or delta; an arm with nobody at a visit.
    StatisticsError
        Too few participants for the covariance, a regressor that cannot be told from others.
    """
    seen = follow_up(endpoints, marker, baseline=asked.baseline, visits=asked.visits, days=None)
    last = seen.visits[-1] if asked.endpoint is None else asked.endpoint
    require_one_of("endpoint", last, seen.visits)
    rows = imputed_rows(
        endpoints, marker, arms=asked.arms, follow_up=seen, covariates=asked.covariates
    )
    shifts, said = _shifts(rows, asked)
    try:
        refuse_unidentified(rows.trajectories, rows.names, is_drawn=True)
    except StatisticsError as refused:
        raise StatisticsError(f"{marker}: {refused}") from None
    return Prepared(rows=rows, place=seen.visits.index(last), shifts=shifts, shift_words=said)


def _shifts(rows: ImputedRows, asked: Asked) -> tuple[NDArray[np.float64], str]:
    """Return what delta adds to each value, and in words."""
    if asked.delta is None:
        return np.zeros(rows.trajectories.outcomes.shape), ""
    visits = rows.follow_up.visits
    by_arm = shifts_asked(asked.delta, arms=rows.arms.names, visits=visits)
    each = np.array([by_arm[arm] for arm in rows.people["arm"]])
    shifts = shift_after_dropout(rows.trajectories, each, accumulate=asked.accumulate)
    return shifts, shift_words(by_arm, visits, unit=rows.unit, accumulate=asked.accumulate)
