"""Means and covariance of trajectories by restricted maximum likelihood (REML), by EM.

The unstructured covariance of an MMRM whose regressors all have a coefficient per visit. EM is
slow and sure: it cannot leave the covariances that exist, and from a fit close by (one participant
left out) it takes few steps, which is what the jackknife needs many hundred times.
"""

from dataclasses import dataclass

import numpy as np

from ketbio.statistics.imputation.trajectories import MissingPattern, Trajectories
from ketbio.statistics.records import FloatArray

MOST_STEPS = 5_000
ENOUGH = 1e-9
"""EM ends where no element of the covariance moves by more than this share of the variances."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrajectoryModel:
    """Outcomes are normal about ``design @ coefficients`` with one covariance for all.

    Attributes
    ----------
    coefficients : ndarray, shape (…, k, T)
    covariance : ndarray, shape (…, T, T)
        Axes in front are draws, where there are several.
    """

    coefficients: FloatArray
    covariance: FloatArray


def fit_trajectories(
    data: Trajectories, *, start: FloatArray | None = None, tolerance: float = ENOUGH
) -> TrajectoryModel:
    """Return the REML fit to trajectories with visits missing at random.

    Parameters
    ----------
    data : Trajectories
    start : ndarray, shape (T, T), optional
        Covariance to begin from.
    tolerance : float
        Share of the variances by which the covariance may still move.

    Returns
    -------
    TrajectoryModel

    Notes
    -----
    Expectation–maximisation with the coefficients integrated out under a flat prior, so that its
    fixed point is REML (Laird & Ware 1982): with nothing missing, residual squares over n − k.

    Examples
    --------
    >>> data = Trajectories(outcomes=np.array([[1.0, 2], [3, 3], [5, 7]]), design=np.ones((3, 1)),
    ...                     reference_design=np.ones((3, 1)), visits=("day_1", "day_2"))
    >>> fit_trajectories(data).covariance.round(6)
    array([[4., 5.],
           [5., 7.]])
    """
    used = data.measured()
    patterns = used.patterns()
    covariance = _start(used) if start is None else start
    for _ in range(MOST_STEPS):
        coefficients, spread = _generalised_least_squares(used, patterns, covariance)
        renewed = _expected_squares(used, patterns, covariance, coefficients, spread)
        moved = np.abs(renewed - covariance).max()
        covariance = renewed
        if moved <= tolerance * np.diagonal(covariance).max():
            break
    coefficients, _ = _generalised_least_squares(used, patterns, covariance)
    return TrajectoryModel(coefficients=coefficients, covariance=covariance)


def _start(data: Trajectories) -> FloatArray:
    """Return each visit's residual variance, without correlations."""
    variances = []
    for place in range(len(data.visits)):
        seen = ~data.is_missing[:, place]
        x, y = data.design[seen], data.outcomes[seen, place]
        residuals = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
        variances.append(float(residuals @ residuals) / max(len(y) - data.n_regressors, 1))
    largest = max(variances)
    return np.diag([max(one, 1e-8 * largest) for one in variances])


def _generalised_least_squares(
    data: Trajectories, patterns: tuple[MissingPattern, ...], covariance: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return coefficients (k, T) and their covariance, shape (T, k, T, k)."""
    n_visits, k = covariance.shape[0], data.n_regressors
    information = np.zeros((n_visits, k, n_visits, k))
    score = np.zeros((n_visits, k))
    for one in patterns:
        weight = np.linalg.inv(covariance[one.seen[:, None], one.seen])
        x, y = data.design[one.rows], data.outcomes[one.rows[:, None], one.seen]
        products = x.T @ x
        information[one.seen[:, None], :, one.seen, :] += weight[:, :, None, None] * products
        score[one.seen] += weight @ y.T @ x
    spread = np.linalg.inv(information.reshape(n_visits * k, -1)).astype(np.float64)
    coefficients = (spread @ score.reshape(-1)).reshape(n_visits, k).T
    return coefficients, spread.reshape(n_visits, k, n_visits, k)


def _expected_squares(
    data: Trajectories,
    patterns: tuple[MissingPattern, ...],
    covariance: FloatArray,
    coefficients: FloatArray,
    spread: FloatArray,
) -> FloatArray:
    """Return the expected mean squares of the residuals, missing ones and coefficients open."""
    total = np.zeros_like(covariance)
    for one in patterns:
        seen, rows = one.seen, one.rows
        x = data.design[rows]
        residuals = data.outcomes[rows[:, None], seen] - x @ coefficients[:, seen]
        open_part = (spread[seen[:, None], :, seen, :] * (x.T @ x)).sum(axis=(2, 3))
        squares = residuals.T @ residuals + open_part
        onto = covariance[:, seen] @ np.linalg.inv(covariance[seen[:, None], seen])
        left = covariance - onto @ covariance[seen, :]
        total += onto @ squares @ onto.T + rows.size * left
    return total / len(data.outcomes)
