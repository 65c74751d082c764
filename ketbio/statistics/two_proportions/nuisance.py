"""The largest probability of a set of tables over the proportion that nobody knows."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlog1py, xlogy

from ketbio.statistics.records import FloatArray
from ketbio.statistics.two_proportions.orderings import BoolArray

GRID = 1_001
"""Places at which the proportion is tried, evenly spaced as arcsine roots."""
PEAKS = 4
"""So many of the highest of them are searched more closely."""
ZOOMS = 5
ZOOM_GRID = 17


def largest_probability(
    tables: BoolArray,
    *,
    difference: float = 0.0,
    within: tuple[float, float] = (0.0, 1.0),
    grid: int = GRID,
    is_refined: bool = True,
) -> tuple[float, float]:
    """Return the largest probability of the tables, and the second proportion where it is reached.

    Parameters
    ----------
    tables : array of bool, shape (n₁ + 1, n₂ + 1)
    difference : float
        First proportion minus second.
    within : tuple of float
        Where the second proportion is looked for.
    grid : int
        Places of the first search; always the same ones, so that p is the same everywhere.
    is_refined : bool
        Whether the highest places are then searched more and more closely.
    """
    low, high = max(0.0, -difference, within[0]), min(1.0, 1.0 - difference, within[1])
    places = low + (high - low) * _arcsine_grid(grid)
    is_usual = difference == 0 and (low, high) == (0.0, 1.0)
    heights = _on_grid(tables, grid) if is_usual else _probabilities(tables, places, difference)
    best = int(np.argmax(heights))
    found = (float(heights[best]), float(places[best]))
    if is_refined and high > low:
        found = max(found, _zoomed(tables, difference, places, _peaks(heights)))
    return (min(found[0], 1.0), found[1])


def _peaks(heights: FloatArray) -> NDArray[np.intp]:
    padded = np.concatenate([[-1.0], heights, [-1.0]])
    peaks = np.flatnonzero((heights >= padded[:-2]) & (heights >= padded[2:]))
    return peaks[np.argsort(-heights[peaks], kind="stable")][:PEAKS]


def _zoomed(
    tables: BoolArray, difference: float, places: FloatArray, peaks: NDArray[np.intp]
) -> tuple[float, float]:
    """Close in on all peaks together, each between its two neighbours on the grid."""
    low, high = places[np.maximum(peaks - 1, 0)], places[np.minimum(peaks + 1, places.size - 1)]
    share = np.linspace(0.0, 1.0, ZOOM_GRID)
    rows = np.arange(peaks.size)
    found = (0.0, float(low[0]))
    for _ in range(ZOOMS):
        tried = low[:, None] + (high - low)[:, None] * share
        heights = _probabilities(tables, tried.ravel(), difference).reshape(tried.shape)
        best = heights.argmax(axis=1)
        tallest = int(heights[rows, best].argmax())
        at = best[tallest]
        found = max(found, (float(heights[tallest, at]), float(tried[tallest, at])))
        low = tried[rows, np.maximum(best - 1, 0)]
        high = tried[rows, np.minimum(best + 1, ZOOM_GRID - 1)]
    return found


@lru_cache(maxsize=8)
def _arcsine_grid(grid: int) -> FloatArray:
    return np.asarray(np.sin(np.linspace(0.0, np.pi / 2, grid)) ** 2)


def _on_grid(tables: BoolArray, grid: int) -> FloatArray:
    first, second = (_binomial_on_grid(size - 1, grid) for size in tables.shape)
    return np.asarray(((first @ tables.astype(np.float64)) * second).sum(axis=1))


@lru_cache(maxsize=16)
def _binomial_on_grid(n: int, grid: int) -> FloatArray:
    return _binomial(n, _arcsine_grid(grid))


def _probabilities(tables: BoolArray, second: FloatArray, difference: float) -> FloatArray:
    first = np.clip(second + difference, 0.0, 1.0)
    n = (tables.shape[0] - 1, tables.shape[1] - 1)
    rows = _binomial(n[0], first) @ tables.astype(np.float64)
    return np.asarray((rows * _binomial(n[1], second)).sum(axis=1))


def _binomial(n: int, share: FloatArray) -> FloatArray:
    """Return the probability of 0, …, n, one row per share."""
    counts, logs = _counts(n)
    places = share[:, None]
    return np.asarray(np.exp(logs + xlogy(counts, places) + xlog1py(n - counts, -places)))


@lru_cache(maxsize=64)
def _counts(n: int) -> tuple[FloatArray, FloatArray]:
    counts = np.arange(n + 1, dtype=np.float64)
    return counts, np.asarray(gammaln(n + 1) - gammaln(counts + 1) - gammaln(n - counts + 1))
