"""Profile-likelihood limits of read-off concentrations: standards and sample fitted together.

A concentration x is inside where the weighted squares of standards and sample, the curve refitted
with the sample at x, rise by no more than σ² F(1, df) over those of the standards alone. Near a
limit the squares are a quadratic in the parameters, and its least value for a given x is known; a
step solves for x with that, moves the parameters to their least squares there, and repeats.
All limits of all samples move together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.curves.curve_reading import CurveReading
from ketbio.statistics.curves.logistic_curve import LOG_OF_ZERO, values_and_slopes
from ketbio.statistics.records import FloatArray

N_GRID = 40
NEAR = 2.5
"""How far beyond the standards, in logarithms, the grid of starts reaches."""
BEYOND = float(np.log(1e6))
"""Limits further than this from the standards, in logarithms, are open: 0 or infinity."""
MAX_STEPS = 40
UNDAMPED = 8
"""Steps that are taken whole; later ones are halved."""
LONGEST = 1.5
"""Of a step of log x."""
CLOSE = 1e-5
"""A step of log x below this is the last: the next one is a good deal smaller."""
LONGEST_SHARE = 0.4
"""Of a step of slope and asymptotes, of their size; also of log e (times 1/slope) and log f."""
RIDGE = 1e-12
"""Of the diagonal, so that curves that have run flat can be solved (and are then held back)."""


_DIAGONAL = np.arange(5)


@dataclass(slots=True, kw_only=True)
class Limits:
    """Limits on their way: a row each.

    Attributes
    ----------
    theta : array of shape (n, p)
        The curve refitted with the sample at its limit.
    log_x, y, n_wells : arrays of shape (n,)
        The limit sought, the sample's response and its wells.
    side : array of shape (n,)
        +1 where the response lies above the curve at the limit, −1 where it lies below.
    """

    theta: FloatArray
    log_x: FloatArray
    y: FloatArray
    n_wells: FloatArray
    side: FloatArray


def profile_limits(
    reading: CurveReading, response: FloatArray, n_wells: FloatArray
) -> tuple[FloatArray, FloatArray, int]:
    """Return lower and upper limits of shape (n,), and how many did not settle.

    0 or infinite where an end is open; both NaN where no concentration agrees with the response.
    A limit that does not settle (a poor curve, far from linear in its parameters) is that of the
    curve as if it were linear.
    """
    n = response.size
    # At the lower limit of a rising curve the response lies above the curve.
    side = np.repeat([1.0, -1.0] if reading.is_rising else [-1.0, 1.0], n)
    limits = _started(reading, np.tile(response, 2), np.tile(n_wells, 2), side)
    as_if_linear = limits.log_x.copy()
    unsettled = _settle(reading, limits)
    limits.log_x[unsettled] = as_if_linear[unsettled]
    low, high = _log_bounds(reading)
    x = np.exp(limits.log_x)
    x[limits.log_x <= low] = 0.0
    x[limits.log_x >= high] = np.inf
    lower, upper = x[:n], x[n:]
    empty = np.isinf(lower) | (upper == 0)
    lower[empty] = upper[empty] = np.nan
    return lower, upper, int(unsettled.size)


def _log_bounds(reading: CurveReading) -> tuple[float, float]:
    first = 1 if reading.log_x[0] == LOG_OF_ZERO else 0
    return float(reading.log_x[first]) - BEYOND, float(reading.log_x[-1]) + BEYOND


def _started(reading: CurveReading, y: FloatArray, n_wells: FloatArray, side: FloatArray) -> Limits:
    """Start from the limits of the curve as if it were linear in its parameters, on a grid."""
    low, high = _log_bounds(reading)
    inner = np.linspace(low + BEYOND - NEAR, high - BEYOND + NEAR, N_GRID - 2)
    grid = np.concatenate([[low], inner, [high]])
    fitted, slopes = values_and_slopes(reading.theta, grid)
    own = values_and_slopes(reading.theta, reading.log_x)[1]
    product = (own.T * reading.weights) @ own
    tau = (slopes.T * np.linalg.solve(product, slopes.T)).sum(axis=0)
    log_x = np.empty(y.size)
    towards = 1.0 if reading.is_rising else -1.0
    for m in sorted(set(n_wells.tolist())):
        reach = _reach(reading, reading.wells_variance(fitted, m) + tau, 0.0)
        for sign in (-1.0, 1.0):
            band = np.maximum.accumulate(towards * (fitted + sign * reach))
            these = (n_wells == m) & (side == sign)
            log_x[these] = np.interp(towards * y[these], band, grid)
    return Limits(
        theta=np.repeat(reading.theta[None], y.size, axis=0),
        log_x=log_x,
        y=y,
        n_wells=n_wells,
        side=side,
    )


def _settle(reading: CurveReading, limits: Limits) -> NDArray[np.intp]:
    """Move the limits until none moves; return those that still do."""
    low, high = _log_bounds(reading)
    moving = np.arange(limits.y.size)
    for done in range(MAX_STEPS):
        if moving.size == 0:
            break
        delta, still, slope = _step(reading, limits, moving)
        share = 1.0 if done < UNDAMPED else 0.5  # what still swings is damped
        limits.theta[moving] += delta * share * _held_back(reading.theta, delta)
        before = limits.log_x[moving]
        after = np.clip(before + share * _bounded(still, slope), low, high)
        limits.log_x[moving] = after
        moving = moving[np.abs(after - before) > CLOSE * share]
    return moving


def _held_back(theta: FloatArray, delta: FloatArray) -> FloatArray:
    """Return by what each row's step is to be shortened, of shape (n, 1)."""
    span, slope = theta[2] - theta[1], abs(theta[0])
    sizes = LONGEST_SHARE * np.array([slope, span, span, max(1.0, 1 / slope), 1.0])[: theta.size]
    return np.asarray(1 / np.maximum(1.0, (np.abs(delta) / sizes).max(axis=1, keepdims=True)))


def _bounded(still: FloatArray, slope: FloatArray) -> FloatArray:
    """Return still / slope, no longer than a step may be; flat curves (slope 0) too."""
    longest = np.abs(still) >= LONGEST * np.abs(slope)
    safe = np.where(longest, 1.0, slope)
    return np.where(longest, LONGEST * np.sign(still) * np.sign(slope), still / safe)


def _step(
    reading: CurveReading, limits: Limits, rows: NDArray[np.intp]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the step of the parameters, the response still to go, and the slope in log x."""
    theta, g = limits.theta[rows], reading.log_x.size
    log_x = np.empty((rows.size, g + 1))
    log_x[:, :g] = reading.log_x
    log_x[:, g] = limits.log_x[rows]
    values, slopes = values_and_slopes(theta, log_x)
    fitted, j, own = values[:, g], slopes[:, g], slopes[:, :g]
    residuals = reading.means - values[:, :g]
    weighted = np.swapaxes(own * reading.weights[:, None], 1, 2)
    sought = np.empty((rows.size, theta.shape[1], 2))
    sought[:, :, :1] = gradient = weighted @ residuals[:, :, None]
    sought[:, :, 1] = j
    product = weighted @ own
    product[:, _DIAGONAL[: theta.shape[1]], _DIAGONAL[: theta.shape[1]]] *= 1 + RIDGE
    solved = np.linalg.solve(product, sought)
    of_curve, of_sample = solved[:, :, 0], solved[:, :, 1]
    least = residuals**2 @ reading.weights - (gradient[:, :, 0] * of_curve).sum(axis=1)
    spread = reading.wells_variance(fitted, limits.n_wells[rows]) + (j * of_sample).sum(axis=1)
    reach = limits.side[rows] * _reach(reading, spread, least - reading.rss)
    pulled = reach / np.where(spread > 0, spread, 1.0)
    still = limits.y[rows] - fitted - (j * of_curve).sum(axis=1) - reach
    return of_curve + of_sample * pulled[:, None], still, -j[:, 3]


def _reach(reading: CurveReading, spread: FloatArray, gone: FloatArray | float) -> FloatArray:
    """Return how far the response may lie from the curve: √((t²σ² − what is gone) spread)."""
    left = np.maximum(reading.t**2 * reading.variance - gone, 0.0)
    return np.asarray(np.sqrt(left * spread))
