"""Least squares for the four-parameter curves of many plates of one design at once.

Levenberg–Marquardt (Marquardt 1963) over stacks of 4 × 4 systems, every plate with its own damping.
SciPy's MINPACK stays the reference and the way out: it takes one curve at a time, and calling it
costs more than the arithmetic of a plate of a dozen wells, so that a thousand plates are quicker in
a stack. Whatever does not settle here without ado is left to it, and tests hold the two together.
"""

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.curves.curve_solving import variance_shape
from ketbio.statistics.curves.logistic_curve import parameter_sizes, values_and_slopes
from ketbio.statistics.records import FloatArray

MAX_STEPS = 40
FIRST_DAMPING, LEAST_DAMPING, MOST_DAMPING = 1e-2, 1e-10, 1e10
"""Of the diagonal. The least is what keeps the systems solvable, and changes no digit."""
UNDAMPED = 1e-5
"""Damping below this does not shorten a step: only then does a short one mean the minimum."""
CLOSE = 1e-11
"""The last step, as a share of each parameter's size; the next would be a good deal smaller."""
NO_WORSE = 1 + 1e-12
"""Squares at the minimum differ by rounding."""

_DIAGONAL = np.arange(4)


def solve_stack(
    log_x: FloatArray, means: FloatArray, weights: FloatArray, starts: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return the least-squares curves, and which have settled.

    Parameters
    ----------
    log_x, weights : arrays of shape (g,)
    means : array of shape (n, g)
    starts : array of shape (n, 4)

    Returns
    -------
    theta : array of shape (n, 4)
    settled : array of bool, shape (n,)
    """
    theta, moving = starts.copy(), np.arange(starts.shape[0])
    settled = np.zeros(moving.size, dtype=np.bool_)
    damping = np.full(moving.size, FIRST_DAMPING)
    values, slopes = values_and_slopes(theta, log_x)
    squares = (means - values) ** 2 @ weights
    for _ in range(MAX_STEPS):
        at, y = theta[moving], means[moving]
        step = _damped_step(slopes, y - values, weights, damping)
        tried_values, tried_slopes = values_and_slopes(at + step, log_x)
        tried = (y - tried_values) ** 2 @ weights
        better = tried <= squares * NO_WORSE  # False for NaN
        ended = better & (damping < UNDAMPED) & is_short(step, at)
        theta[moving[better]] += step[better]
        settled[moving[ended]] = True
        values = np.where(better[:, None], tried_values, values)
        slopes = np.where(better[:, None, None], tried_slopes, slopes)
        squares = np.where(better, tried, squares)
        damping = np.where(better, np.maximum(damping / 30, LEAST_DAMPING), damping * 10)
        going = ~ended & (damping < MOST_DAMPING)
        if not going.any():
            break
        moving, damping, squares = moving[going], damping[going], squares[going]
        values, slopes = values[going], slopes[going]
    return theta, settled


def reweigh_stack(
    log_x: FloatArray, means: FloatArray, counts: FloatArray, theta: FloatArray, weights: str
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return the curves of generalised least squares from those of ordinary, and which settled.

    The same equations as `curve_solving.solve_curve` solves, with the weights worked out anew at
    every step instead of at every minimum.
    """
    theta, moving = theta.copy(), np.arange(theta.shape[0])
    settled = np.zeros(moving.size, dtype=np.bool_)
    undamped = np.full(moving.size, LEAST_DAMPING)
    for _ in range(MAX_STEPS):
        at = theta[moving]
        values, slopes = values_and_slopes(at, log_x)
        variances = variance_shape(values, np.abs(values).max(axis=1, keepdims=True), weights)
        step = _damped_step(slopes, means[moving] - values, counts / variances, undamped[moving])
        theta[moving] = at + step
        ended = is_short(step, at)
        settled[moving[ended]] = True
        moving = moving[~ended & np.isfinite(step).all(axis=1)]
        if moving.size == 0:
            break
    return theta, settled


def is_short(step: FloatArray, theta: FloatArray) -> NDArray[np.bool_]:
    """Return which steps are as good as none; NaN is not."""
    return np.asarray((np.abs(step) <= CLOSE * parameter_sizes(theta)).all(axis=-1))


def _damped_step(
    slopes: FloatArray, residuals: FloatArray, weights: FloatArray, damping: FloatArray
) -> FloatArray:
    """Solve for the step, scaled to a diagonal of 1, so that no system can be singular."""
    weighted = slopes * weights[..., None]
    product = np.swapaxes(weighted, 1, 2) @ slopes
    sizes = product[:, _DIAGONAL, _DIAGONAL]
    root = np.sqrt(np.where(sizes > 0, sizes, 1.0))
    scaled = product / (root[:, :, None] * root[:, None, :])
    scaled[:, _DIAGONAL, _DIAGONAL] = 1.0 + damping[:, None]
    gradient = (weighted * residuals[:, :, None]).sum(axis=1) / root
    return np.asarray(np.linalg.solve(scaled, gradient[:, :, None])[:, :, 0] / root)
