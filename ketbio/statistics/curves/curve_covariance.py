"""How well a curve is known: the Hessian of the sum of squares, and standard errors from it."""

import numpy as np

from ketbio.statistics.curves.logistic_curve import curve_slopes, parameter_sizes, values_and_slopes
from ketbio.statistics.curves.standard_wells import StandardWells
from ketbio.statistics.records import FloatArray

STEP = 1e-4
"""Of the numerical derivative of the analytic gradient, as a share of each parameter's size."""
SINGULAR = 1e-13
"""Smallest eigenvalue, of the Hessian scaled to a diagonal of 1, that still means something."""


def unit_covariance(
    theta: FloatArray, standards: StandardWells, weights: FloatArray
) -> tuple[FloatArray | None, bool]:
    """Return the covariance for a residual variance of 1, and whether it is of the full Hessian.

    The inverse of half the Hessian of the weighted sum of squares, with the second derivatives of
    the curve, as drc takes it; where that is not positive definite, the Gauss–Newton part of it;
    None where even that is singular: the standards do not determine the curve.

    Parameters
    ----------
    theta : array of shape (p,)
        As in `logistic_curve`, at the minimum.
    standards : StandardWells
    weights : array of shape (g,)
        Of the means.
    """
    slopes = curve_slopes(theta, standards.log_x)
    of_slopes = inverse_of((slopes * weights) @ slopes.T)
    if of_slopes is None:
        return None, False
    full = inverse_of(half_hessian(theta, standards.log_x, standards.means, weights))
    return (of_slopes, False) if full is None else (full, True)


def half_hessian(
    theta: FloatArray, log_x: FloatArray, means: FloatArray, weights: FloatArray
) -> FloatArray:
    """Return half the Hessian of the weighted sum of squares, of shape (..., p, p).

    ``theta`` has shape (..., p), ``means`` and ``weights`` (..., g).
    """
    p = theta.shape[-1]
    steps = STEP * parameter_sizes(theta)[..., None]
    there = steps * np.eye(p)
    moved = theta[..., None, :] + np.concatenate([there, -there], axis=-2)
    values, slopes = values_and_slopes(moved, log_x)
    off = weights[..., None, :] * (values - means[..., None, :])
    gradients = (off[..., None, :] @ slopes)[..., 0, :]
    hessian = (gradients[..., :p, :] - gradients[..., p:, :]) / (2 * steps)
    return np.asarray((hessian + np.swapaxes(hessian, -1, -2)) / 2)


def inverse_of(half_hessian: FloatArray) -> FloatArray | None:
    """Return the inverse; None where the matrix is not positive definite."""
    sizes = half_hessian.diagonal()
    if not (np.isfinite(half_hessian).all() and (sizes > 0).all()):
        return None
    root = np.sqrt(sizes)
    scale = root[:, None] * root
    values, vectors = np.linalg.eigh(half_hessian / scale)
    if values[0] < SINGULAR:
        return None
    return np.asarray((vectors / values) @ vectors.T / scale)


def inverses_of(half_hessians: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the inverses of a stack, and the smallest eigenvalue of each with a diagonal of 1.

    Both NaN where a matrix has a diagonal that is not positive.
    """
    sizes = np.diagonal(half_hessians, axis1=-2, axis2=-1)
    usable = np.isfinite(half_hessians).all(axis=(-2, -1)) & (sizes > 0).all(axis=-1)
    root = np.sqrt(sizes[usable])
    scale = root[:, :, None] * root[:, None, :]
    values, vectors = np.linalg.eigh(half_hessians[usable] / scale)
    inverses, smallest = np.full(half_hessians.shape, np.nan), np.full(usable.size, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverses[usable] = (vectors / values[:, None, :]) @ np.swapaxes(vectors, 1, 2) / scale
    smallest[usable] = values[:, 0]
    return inverses, smallest


def on_the_usual_scale(covariance: FloatArray, theta: FloatArray) -> FloatArray:
    """Return the covariance of b, c, d, e (and f) from that of b, c, d, log e (and log f)."""
    return _scaled(covariance, np.exp(theta[..., 3:]))


def on_the_log_scale(covariance: FloatArray, theta: FloatArray) -> FloatArray:
    """Return the covariance of b, c, d, log e (and log f) from that of b, c, d, e (and f)."""
    return _scaled(covariance, np.exp(-theta[..., 3:]))


def _scaled(covariance: FloatArray, of_logs: FloatArray) -> FloatArray:
    scaled = covariance.copy()
    scaled[..., 3:, :] *= of_logs[..., :, None]
    scaled[..., :, 3:] *= of_logs[..., None, :]
    return scaled
