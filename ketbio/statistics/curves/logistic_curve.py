"""The logistic curve of four or five parameters: value, derivatives and inverse.

Inside, a curve is an array (b, c, d, log e) or (b, c, d, log e, log f), so that e and f stay
positive, and a concentration is its logarithm. Arrays of curves have the parameters last.
"""

import math

import numpy as np
from scipy.special import expit

from ketbio.statistics.records import FloatArray

LOG_OF_ZERO = -1e9
"""Stands for log 0: every curve is at its limit there, and no infinity has to be multiplied."""


def log_concentration(concentration: FloatArray) -> FloatArray:
    """Return the logarithm, `LOG_OF_ZERO` for 0."""
    return np.log(concentration, out=np.full(concentration.shape, LOG_OF_ZERO),
                  where=concentration > 0)  # fmt: skip


def curve_shape(b: FloatArray, log_e: FloatArray, log_f: FloatArray | None,
                log_x: FloatArray) -> FloatArray:  # fmt: skip
    """Return (1 + (x/e)^b)^−f, between 0 (the curve is at c) and 1 (at d)."""
    z = b * (log_x - log_e)
    if log_f is None:
        return np.asarray(expit(-z))
    return np.asarray(np.exp(-np.exp(log_f) * np.logaddexp(0.0, z)))


def values_and_slopes(theta: FloatArray, log_x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the curve at ``log_x`` and its derivatives in the parameters.

    Parameters
    ----------
    theta : array of shape (..., p)
    log_x : array of shape (n,) or (..., n)

    Returns
    -------
    values : array of shape (..., n)
    slopes : array of shape (..., n, p)
        In b, c, d, log e (and log f). The derivative in ``log_x`` is that in log e, negated.
    """
    columns = theta[..., None, :]
    b, c, d, log_e = (columns[..., i] for i in range(4))
    away = log_x - log_e
    z = b * away
    if theta.shape[-1] == 4:
        shape = expit(-z)
        steep = (d - c) * shape * (1.0 - shape)
    else:
        f, soft = np.exp(columns[..., 4]), np.logaddexp(0.0, z)
        shape = np.exp(-f * soft)
        steep = (d - c) * f * shape * expit(z)
    slopes = np.empty((*shape.shape, theta.shape[-1]))
    slopes[..., 0] = -steep * away
    slopes[..., 1] = 1.0 - shape
    slopes[..., 2] = shape
    slopes[..., 3] = steep * b
    if theta.shape[-1] == 5:
        slopes[..., 4] = -(d - c) * shape * f * soft
    return c + (d - c) * shape, slopes


def curve_values(theta: FloatArray, log_x: FloatArray) -> FloatArray:
    """Return the curve at ``log_x``, of shape (n,), for one curve."""
    b, c, d, log_e, *rest = theta.tolist()  # floats are quicker than arrays of none
    z = b * (log_x - log_e)
    shape = np.exp(-_f(rest) * np.logaddexp(0.0, z)) if rest else expit(-z)
    return np.asarray(c + (d - c) * shape)


def curve_slopes(theta: FloatArray, log_x: FloatArray) -> FloatArray:
    """Return the derivatives of `values_and_slopes` for one curve, of shape (p, n): quicker."""
    b, c, d, log_e, *rest = theta.tolist()
    away = log_x - log_e
    slopes = np.empty((theta.size, log_x.size))
    if rest:
        f, soft = _f(rest), np.logaddexp(0.0, b * away)
        shape = np.exp(-f * soft)
        steep = (d - c) * f * shape * expit(b * away)
        slopes[4] = (c - d) * f * shape * soft
    else:
        shape = expit(-b * away)
        steep = (d - c) * shape * (1.0 - shape)
    slopes[0] = -steep * away
    slopes[1] = 1.0 - shape
    slopes[2] = shape
    slopes[3] = steep * b
    return slopes


def _f(rest: list[float]) -> float:
    """Return the asymmetry, short of an overflow on the way of a fit that runs off."""
    return math.exp(min(rest[0], 700.0))


def parameter_sizes(theta: FloatArray) -> FloatArray:
    """Return what steps of each parameter are measured by, (..., p): slope, span, span, 1/slope."""
    sizes = np.ones(theta.shape)
    sizes[..., 0] = np.abs(theta[..., 0])
    sizes[..., 1] = sizes[..., 2] = np.abs(theta[..., 2] - theta[..., 1])
    sizes[..., 3] = 1 / sizes[..., 0]
    return sizes


def inverse(theta: FloatArray, response: FloatArray) -> FloatArray:
    """Return the log concentrations that give the responses; NaN at or beyond an asymptote.

    ``theta`` has shape (..., p), ``response`` (..., n).
    """
    b, c, d, log_e, *rest = np.moveaxis(theta[..., None], -2, 0)
    share = (response - c) / (d - c)
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    # log(s^(−1/f) − 1), written so that neither a power nor a difference loses digits
    exponent = -np.log(safe) * (np.exp(-rest[0]) if rest else 1.0)
    z = exponent + np.log(-np.expm1(-exponent))
    return np.where(inside, log_e + z / b, np.nan)
