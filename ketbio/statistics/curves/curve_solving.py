"""Least squares for one curve: MINPACK's Levenberg–Marquardt, with the analytic Jacobian."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import leastsq

from ketbio.statistics.curves.curve_covariance import half_hessian, inverse_of
from ketbio.statistics.curves.curve_starts import curve_starts
from ketbio.statistics.curves.logistic_curve import (
    curve_slopes,
    curve_values,
    parameter_sizes,
    values_and_slopes,
)
from ketbio.statistics.curves.standard_wells import StandardWells
from ketbio.statistics.records import FloatArray

CONVERGED = (1, 2, 3, 4, 6, 7, 8)
"""MINPACK's words for an end; 5 is too many evaluations."""
MAX_EVALUATIONS = 600
TOLERANCE = 1e-12
"""Relative, of the sum of squares and of the parameters."""
LARGEST_POLISH = 1e-3
"""Of each parameter's size: a longer Newton step is no polish, and is not taken."""

LOWEST_SHARE = 0.01
"""Relative weights take no fitted response as smaller than this share of the largest: the noise of
a reader does not vanish with the signal, and a zero standard would get an infinite weight."""
MAX_ROUNDS = 100
STEADY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedCurve:
    """A curve that least squares found.

    Attributes
    ----------
    theta : array of shape (p,)
        As in `logistic_curve`.
    variances : array of shape (g,)
        What the variance of a well is proportional to at each concentration (1 without weights).
    is_steady : bool
        Whether the weights had stopped to change.
    """

    theta: FloatArray
    variances: FloatArray
    is_steady: bool = True


def variance_shape(fitted: FloatArray, largest: FloatArray | float, weights: str) -> FloatArray:
    """Return what the variance of a well is proportional to, by its fitted response.

    Parameters
    ----------
    fitted : array
        Fitted responses, of any shape.
    largest : float, or an array that fits ``fitted``
        The largest fitted response of the standards, in size.
    weights : {"none", "relative"}
    """
    if weights == "none":
        return np.ones_like(fitted)
    return np.asarray(np.maximum(np.abs(fitted), LOWEST_SHARE * largest) ** 2)


def solve_curve(
    standards: StandardWells, counts: FloatArray, n_parameters: int, weights: str
) -> SolvedCurve | None:
    """Return the least-squares curve, or None where no start leads to one.

    Relative weights are worked out from the fitted curve and the curve fitted again, until neither
    moves: the estimating equations of generalised least squares (Carroll & Ruppert 1988), which
    stay unbiased, as a minimum over weights that move with the curve would not.

    Parameters
    ----------
    standards : StandardWells
    counts : array of shape (g,)
        How much a mean weighs before the weights: 1, or its wells.
    n_parameters : int
        4 or 5.
    weights : {"none", "relative"}
    """
    theta = _from_the_best_start(standards, counts, n_parameters)
    if theta is not None and weights == "relative":
        return _reweighted(standards, counts, theta, weights)
    if theta is None:
        return None
    polished = _polished(standards, counts, theta)
    return SolvedCurve(
        theta=theta if polished is None else polished, variances=np.ones(standards.means.size)
    )


def _reweighted(
    standards: StandardWells, counts: FloatArray, theta: FloatArray, weights: str
) -> SolvedCurve | None:
    before: FloatArray | None = None
    for _ in range(MAX_ROUNDS):
        fitted = curve_values(theta, standards.log_x)
        variances = variance_shape(fitted, float(np.abs(fitted).max()), weights)
        if variances.max() == 0:
            return None
        if before is not None and np.abs(variances / before - 1).max() < STEADY:
            return SolvedCurve(theta=theta, variances=variances)
        found = _polished(standards, counts / variances, theta)
        if found is None:
            found = _minimum(standards, counts / variances, theta)
        if found is None:
            return None
        theta, before = found, variances
    return SolvedCurve(theta=theta, variances=variances, is_steady=False)


def _polished(
    standards: StandardWells, weights: FloatArray, theta: FloatArray
) -> FloatArray | None:
    """Take one Newton step, with second derivatives; None where the minimum is not that near.

    MINPACK stops where the sum of squares stands still, which leaves the parameters about half as
    many digits: this gives the rest, so that the curve is the minimum and not a matter of the path.
    """
    log_x, means = standards.log_x, standards.means
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # curves that run off
        values, slopes = values_and_slopes(theta, log_x)
        inverse = inverse_of(half_hessian(theta, log_x, means, weights))
        if inverse is None:
            return None
        step = inverse @ ((weights * (means - values)) @ slopes)
    is_near = (np.abs(step) <= LARGEST_POLISH * parameter_sizes(theta)).all()  # NaN is not
    return theta + step if is_near else None


def _from_the_best_start(
    standards: StandardWells, weights: FloatArray, n_parameters: int
) -> FloatArray | None:
    for start in curve_starts(standards, weights, n_parameters):
        found = _minimum(standards, weights, start)
        if found is not None:
            return found
    return None


def _minimum(standards: StandardWells, weights: FloatArray, start: FloatArray) -> FloatArray | None:
    root, log_x, means = np.sqrt(weights), standards.log_x, standards.means

    def residuals(theta: FloatArray) -> FloatArray:
        return np.asarray(root * (curve_values(theta, log_x) - means))

    def jacobian(theta: FloatArray) -> FloatArray:
        return root * curve_slopes(theta, log_x)

    with np.errstate(over="ignore", invalid="ignore"):
        theta, _, _, _, ended = leastsq(
            residuals, start, Dfun=jacobian, full_output=True, col_deriv=True, ftol=TOLERANCE,
            xtol=TOLERANCE, maxfev=MAX_EVALUATIONS,
        )  # fmt: skip
    if ended not in CONVERGED or not np.isfinite(theta).all():
        return None
    return _lower_first(np.asarray(theta, dtype=np.float64))


def _lower_first(theta: FloatArray) -> FloatArray | None:
    """Return the same curve with c < d; a 5PL with its asymptotes exchanged is another curve."""
    if theta[2] > theta[1]:
        return theta
    if theta.size == 5 or theta[2] == theta[1]:
        return None
    b, c, d, log_e = theta.tolist()
    return np.array([-b, d, c, log_e])
