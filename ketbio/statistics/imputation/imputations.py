"""Many imputations of one set of trajectories, analysed under one assumption after another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.imputation.completed import fit_completed
from ketbio.statistics.imputation.filling import fill_visits
from ketbio.statistics.imputation.posterior import draw_parameters
from ketbio.statistics.imputation.restricted import TrajectoryModel, fit_trajectories
from ketbio.statistics.imputation.rubin import PooledEstimate, pool_estimates
from ketbio.statistics.imputation.trajectories import Trajectories, refuse_unidentified
from ketbio.statistics.inputs import check_seed
from ketbio.statistics.records import FloatArray

MOST_IMPUTATIONS = 10_000
MOST_NUMBERS = 40_000_000
"""Values of all completions together that are held at a time (8 bytes each)."""
SINGULAR = (
    "the covariance of the visits is singular: values at one visit follow from those at others, do "
    "not vary at all, or too few participants have enough of the visits; allowed: visits with "
    "variation of their own. Leave out a visit that repeats another, or name fewer visits."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Imputations:
    """Draws made once, with which every assumption is filled in.

    Attributes
    ----------
    data : Trajectories
    fitted : TrajectoryModel
        The REML fit.
    drawn : TrajectoryModel
        Draws from the posterior, m of them.
    normals : ndarray, shape (m, n, T)
        Standard normal draws of the values themselves: the same for every assumption, so that two
        assumptions differ by what they assume.
    seed : int
    """

    data: Trajectories
    fitted: TrajectoryModel
    drawn: TrajectoryModel
    normals: FloatArray
    seed: int

    @property
    def n_imputations(self) -> int:
        """How many completions there are."""
        return len(self.normals)

    def completed(self, assumption: str) -> FloatArray:
        """Return the outcomes filled in under an assumption, shape (m, n, T)."""
        return fill_visits(self.data, self.drawn, assumption=assumption, normals=self.normals)

    def pooled(
        self, outcomes: FloatArray, *, contrast: FloatArray, confidence_level: float
    ) -> PooledEstimate:
        """Return a contrast of completed outcomes of one visit, shape (m, n), by Rubin's rules."""
        fits = fit_completed(outcomes, self.data.design, contrast=contrast)
        return pool_estimates(
            fits.estimates, fits.variances, df=fits.df, confidence_level=confidence_level
        )


def check_imputations(n_imputations: object) -> int:
    """Return a number of imputations, or refuse it."""
    if (
        isinstance(n_imputations, (int, np.integer))
        and not isinstance(n_imputations, bool)
        and 2 <= n_imputations <= MOST_IMPUTATIONS
    ):
        return int(n_imputations)
    raise StatisticsError(
        f"n_imputations is {n_imputations!r}; allowed: a whole number from 2 to "
        f"{MOST_IMPUTATIONS:,}, such as 500."
    )


def impute_trajectories(
    data: Trajectories, *, names: Sequence[str], n_imputations: int, seed: int | None
) -> Imputations:
    """Draw what the imputation of trajectories needs, under any assumption.

    Parameters
    ----------
    data : Trajectories
    names : sequence of str
        What the columns of the design are called, for sentences.
    n_imputations : int
        2 to `MOST_IMPUTATIONS`.
    seed : int or None
        A fresh one is taken, and recorded, where none is given.

    Returns
    -------
    Imputations

    Raises
    ------
    StatisticsError
        Too few participants for the covariance, a regressor that cannot be told from others, or
        numbers that are not allowed.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> outcomes = rng.normal(size=(12, 2)) + [0.0, 3.0]
    >>> outcomes[0, 1] = np.nan
    >>> arm = np.column_stack([np.ones(12), np.repeat([0.0, 1.0], 6)])
    >>> data = Trajectories(outcomes=outcomes, design=arm, visits=("day_1", "day_7"),
    ...     reference_design=np.column_stack([np.ones(12), np.zeros(12)]))
    >>> made = impute_trajectories(data, names=("1", "arm"), n_imputations=20, seed=1)
    >>> made.completed("mar").shape
    (20, 12, 2)
    """
    m = check_imputations(n_imputations)
    given = check_seed(seed)
    refuse_unidentified(data, names, is_drawn=True)
    if m * data.outcomes.size > MOST_NUMBERS:
        raise StatisticsError(
            f"n_imputations is {m:,} of {data.outcomes.size:,} values each; allowed: up to "
            f"{MOST_NUMBERS:,} values together. Set n_imputations to "
            f"{max(MOST_NUMBERS // data.outcomes.size, 2):,} or fewer."
        )
    chosen = fresh_seed() if given is None else given
    generator = np.random.Generator(np.random.Philox(key=chosen))
    try:
        fitted = fit_trajectories(data)
        _refuse_singular(fitted)
        drawn = draw_parameters(data, fitted, n_draws=m, generator=generator)
    except np.linalg.LinAlgError:
        raise StatisticsError(SINGULAR) from None
    normals = generator.standard_normal((m, *data.outcomes.shape))
    return Imputations(data=data, fitted=fitted, drawn=drawn, normals=normals, seed=chosen)


def _refuse_singular(fitted: TrajectoryModel) -> None:
    variances = np.diagonal(fitted.covariance)
    scale = np.sqrt(np.outer(variances, variances))
    smallest = (
        float(np.linalg.eigvalsh(fitted.covariance / scale).min()) if (variances > 0).all() else 0.0
    )
    if not smallest > 1e-9:
        raise StatisticsError(SINGULAR)
