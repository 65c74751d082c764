"""One curve fitted to standards, with the squares that it explains and leaves."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.curves.curve_complaints import what_is_not_determined
from ketbio.statistics.curves.curve_covariance import unit_covariance
from ketbio.statistics.curves.curve_solving import solve_curve
from ketbio.statistics.curves.logistic_curve import curve_values
from ketbio.statistics.curves.standard_wells import StandardWells
from ketbio.statistics.records import NAN, FloatArray

N_PARAMETERS = {"4pl": 4, "5pl": 5}
NO_END = "least squares did not converge from any start"
NO_CURVATURE = "its parameters cannot be told apart (singular Hessian)"


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedCurve:
    """A curve and its squares; "points" are means of wells, or wells.

    Attributes
    ----------
    curve : str
    theta, fitted, variances : arrays of shapes (p,), (g,) and (g,)
    covariance : array of shape (p, p)
        For a residual variance of 1, of the parameters as inside.
    is_full, is_steady : bool
        Whether the whole Hessian was used, and whether relative weights came to rest.
    rss, total : float
        Weighted squares of the points about the curve, and about their mean.
    n_points : int
    squares_within : float
        Weighted squares of the wells within concentrations.
    squares_of_fit : float
        Weighted squares of the means, each as often as it has wells, about the curve.
    """

    curve: str
    theta: FloatArray
    fitted: FloatArray
    variances: FloatArray
    covariance: FloatArray
    is_full: bool
    is_steady: bool
    rss: float
    total: float
    total_of_wells: float
    n_points: int
    squares_within: float
    squares_of_fit: float
    aicc: float

    @property
    def df(self) -> int:
        """Points less parameters."""
        return self.n_points - self.theta.size


def fit_curve(
    standards: StandardWells, curve: str, *, weights: str, points: str
) -> FittedCurve | str:
    """Return the fitted curve, or why there is none."""
    counts = standards.counts.astype(np.float64)
    as_points = weights_of_points(standards.counts, points)
    solved = solve_curve(standards, as_points, N_PARAMETERS[curve], weights)
    if solved is None:
        return NO_END
    fault = what_is_not_determined(solved.theta, standards)
    if fault:
        return fault
    inverse_variances = 1 / solved.variances
    covariance, is_full = unit_covariance(solved.theta, standards, as_points * inverse_variances)
    if covariance is None:
        return NO_CURVATURE
    fitted = curve_values(solved.theta, standards.log_x)
    off = (standards.means - fitted) ** 2 * inverse_variances
    within = float(standards.squares_within @ inverse_variances)
    squares_of_fit, of_points = float(off @ counts), float(off @ as_points)
    n_points = standards.n_wells if points == "wells" else standards.means.size
    rss = of_points + (within if points == "wells" else 0.0)
    own = within if points == "wells" else 0.0
    return FittedCurve(
        curve=curve,
        theta=solved.theta,
        fitted=fitted,
        variances=solved.variances,
        covariance=covariance,
        is_full=is_full,
        is_steady=solved.is_steady,
        rss=rss,
        total=own + float(about_their_mean(standards.means, as_points * inverse_variances)),
        total_of_wells=within
        + float(about_their_mean(standards.means, counts * inverse_variances)),
        n_points=n_points,
        squares_within=within,
        squares_of_fit=squares_of_fit,
        aicc=_aicc(
            rss,
            n_points,
            solved.theta.size,
            as_points=as_points,
            means=standards.means,
            variances=solved.variances,
        ),
    )


def weights_of_points(counts: NDArray[np.int64], points: str) -> FloatArray:
    """Return how much each mean weighs: its wells, or 1."""
    return counts.astype(np.float64) if points == "wells" else np.ones(counts.size)


def about_their_mean(means: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the weighted squares of means, of shape (..., g), about their weighted mean."""
    centre = (weights * means).sum(axis=-1) / weights.sum(axis=-1)
    return np.asarray((weights * (means - centre[..., None]) ** 2).sum(axis=-1))


def _aicc(
    rss: float, n: int, n_parameters: int, *, as_points: FloatArray, means: FloatArray,
    variances: FloatArray,
) -> float:  # fmt: skip
    """Akaike's criterion with the correction of Hurvich & Tsai (1989); the variance counts too."""
    # squares below the digits that responses have are no better than those digits
    noise = n * float(np.abs(means).max() * 1e-15) ** 2 / float(variances.max())
    fit = n * math.log(max(rss, noise, 1e-300) / n) + float(as_points @ np.log(variances))
    return fit + aicc_penalty(n, n_parameters)


def aicc_penalty(n: int, n_parameters: int) -> float:
    """Return what AICc adds for the parameters and the variance; NaN with too few points."""
    k = n_parameters + 1
    return 2 * k + 2 * k * (k + 1) / (n - k - 1) if n > k + 1 else NAN
