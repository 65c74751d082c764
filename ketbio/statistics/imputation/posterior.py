"""Draws of the means and the covariance of trajectories from their posterior distribution.

Data augmentation (Tanner & Wong 1987; Schafer 1997, chapter 5) under Jeffreys' prior for the
covariance and a flat one for the coefficients: missing values are drawn given the parameters, and
parameters given the completed values, covariance (inverse Wishart on n − k degrees of freedom)
before coefficients. Both steps are exact draws from known distributions: there is nothing to tune,
no normal approximation to the posterior of a covariance, and no bootstrap that could lose an arm's
last participant at a visit, which is why it suits trials of a few per arm. Every imputation has a
chain of its own, so that the draws are independent of each other.
"""

import numpy as np

from ketbio.statistics.imputation.restricted import TrajectoryModel
from ketbio.statistics.imputation.trajectories import Trajectories
from ketbio.statistics.records import FloatArray

BURN_IN = 100
"""Steps of each chain. A share f of missing information is forgotten like f to the power of the
steps: at f = 0.9 that leaves less than a ten-thousandth of where the chain began."""


def draw_parameters(
    data: Trajectories,
    start: TrajectoryModel,
    *,
    n_draws: int,
    generator: np.random.Generator,
) -> TrajectoryModel:
    """Return independent draws of coefficients and covariance from their posterior.

    Parameters
    ----------
    data : Trajectories
    start : TrajectoryModel
        Where each chain begins: the REML fit.
    n_draws : int
        How many chains, each of which gives one draw.
    generator : numpy.random.Generator

    Returns
    -------
    TrajectoryModel
        Coefficients of shape (n_draws, k, T), covariance of shape (n_draws, T, T).
    """
    used = data.measured()
    patterns = [one for one in used.patterns() if one.missing.size]
    projection = np.linalg.pinv(used.design).astype(np.float64)
    root = np.linalg.cholesky(projection @ projection.T).astype(np.float64)
    coefficients = np.broadcast_to(start.coefficients, (n_draws, *start.coefficients.shape))
    covariance = np.broadcast_to(start.covariance, (n_draws, *start.covariance.shape))
    completed = np.broadcast_to(used.outcomes, (n_draws, *used.outcomes.shape)).copy()
    for _ in range(BURN_IN if patterns else 1):
        for one in patterns:
            means = used.design[one.rows] @ coefficients
            residuals = used.outcomes[np.ix_(one.rows, one.seen)] - means[:, :, one.seen]
            drawn = conditional_residuals(
                residuals,
                covariance,
                seen=one.seen,
                missing=one.missing,
                normals=generator.standard_normal((n_draws, one.rows.size, one.missing.size)),
            )
            completed[:, one.rows[:, None], one.missing] = means[:, :, one.missing] + drawn
        coefficients, covariance = _parameters(used.design, completed, projection, root, generator)
    return TrajectoryModel(coefficients=coefficients, covariance=covariance)


def conditional_residuals(
    residuals: FloatArray,
    covariance: FloatArray,
    *,
    seen: np.ndarray,
    missing: np.ndarray,
    normals: FloatArray | None,
) -> FloatArray:
    """Return residuals at missing visits given those at the visits seen.

    Parameters
    ----------
    residuals : ndarray, shape (m, r, s)
        Of r participants at the s visits seen, one layer per draw.
    covariance : ndarray, shape (m, T, T)
    seen, missing : ndarray of int
        Visits.
    normals : ndarray, shape (m, r, q), or None
        Standard normal draws at the q visits missing; None gives the conditional means.
    """
    across = covariance[:, missing[:, None], seen]
    onto = np.linalg.solve(covariance[:, seen[:, None], seen], across.swapaxes(1, 2))
    expected: FloatArray = residuals @ onto
    if normals is None:
        return expected
    left = covariance[:, missing[:, None], missing] - across @ onto
    return expected + normals @ np.linalg.cholesky(left).swapaxes(1, 2)


def _parameters(
    design: FloatArray,
    completed: FloatArray,
    projection: FloatArray,
    root: FloatArray,
    generator: np.random.Generator,
) -> tuple[FloatArray, FloatArray]:
    """Draw coefficients and covariance given completed outcomes of shape (m, n, T)."""
    n_draws, n, n_visits = completed.shape
    fitted = projection @ completed
    residuals = completed - design @ fitted
    squares = residuals.swapaxes(1, 2) @ residuals
    half = _inverse_wishart_root(squares, n - design.shape[1], generator)
    normals = generator.standard_normal((n_draws, design.shape[1], n_visits))
    coefficients = fitted + root @ normals @ half.swapaxes(1, 2)
    return coefficients, half @ half.swapaxes(1, 2)


def _inverse_wishart_root(
    squares: FloatArray, df: int, generator: np.random.Generator
) -> FloatArray:
    """Return F with F Fᵀ inverse Wishart(df, squares), by Bartlett's decomposition."""
    n_draws, size, _ = squares.shape
    lower = np.tril(generator.standard_normal((n_draws, size, size)), -1)
    place = np.arange(size)
    lower[:, place, place] = np.sqrt(generator.chisquare(df - place, size=(n_draws, size)))
    # Wishart(df, S⁻¹) = L⁻ᵀ A Aᵀ L⁻¹ with S = L Lᵀ; its inverse is (L A⁻ᵀ)(L A⁻ᵀ)ᵀ.
    inverse = np.linalg.inv(lower).swapaxes(1, 2)
    root: FloatArray = np.linalg.cholesky(squares) @ inverse
    return root
