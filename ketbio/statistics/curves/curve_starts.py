"""Where a fit starts: the best curves of a grid, their asymptotes by linear least squares."""

import numpy as np

from ketbio.statistics.curves.logistic_curve import curve_shape
from ketbio.statistics.curves.standard_wells import StandardWells
from ketbio.statistics.records import FloatArray

SLOPES = np.array([0.4, 0.7, 1.0, 1.5, 2.5, 5.0])
N_MIDDLES = 10
BEYOND = (1.0, 2.0)
"""How far, in logarithms, the middle may lie below the lowest and above the highest standard."""
LOG_ASYMMETRIES = {4: (0.0,), 5: (-1.2, 0.0, 1.2)}
TRIED = (0, 3, 10, 30)
"""Ranks of the starts that are handed on; the later ones serve where the first fails."""


def _grid(n_parameters: int) -> list[FloatArray]:
    """Return columns of slopes, of places of the middle from 0 to 1, and of log asymmetries."""
    axes = (
        np.concatenate([SLOPES, -SLOPES]),
        np.linspace(0.0, 1.0, N_MIDDLES),
        np.array(LOG_ASYMMETRIES[n_parameters]),
    )
    return [one.reshape(-1, 1) for one in np.meshgrid(*axes, indexing="ij")]


GRIDS = {n: _grid(n) for n in LOG_ASYMMETRIES}


def curve_starts(standards: StandardWells, weights: FloatArray, n_parameters: int) -> FloatArray:
    """Return starting curves of shape (k, p), the most promising first; c < d in each.

    Parameters
    ----------
    standards : StandardWells
    weights : array of shape (g,)
        Of the means.
    n_parameters : int
        4 or 5.
    """
    shapes, columns = _shapes(standards.log_range, standards.log_x, n_parameters)
    c, rise, left = _asymptotes(shapes, standards.means, weights)
    left = np.where(rise > 0, left, np.inf)
    chosen = np.argsort(left)[list(TRIED)]
    chosen = chosen[np.isfinite(left[chosen])]
    b, log_e, log_f = (column[chosen] for column in columns)
    starts = [b, c[chosen], (c + rise)[chosen], log_e, log_f]
    return np.stack(starts[:n_parameters], axis=1)


def stacked_starts(standards: StandardWells, means: FloatArray, weights: FloatArray) -> FloatArray:
    """Return the first of `curve_starts` of each of many plates of one design: four parameters.

    Parameters
    ----------
    standards : StandardWells
        The design; its means are not looked at.
    means : array of shape (n_plates, g)
    weights : array of shape (g,)

    Returns
    -------
    array of shape (n_plates, 4)
    """
    shapes, (b, log_e, _) = _shapes(standards.log_range, standards.log_x, 4)
    c, rise, left = _asymptotes(shapes, means, weights)
    best = np.where(rise > 0, left, np.inf).argmin(axis=1)
    own = np.arange(best.size), best
    return np.stack([b[best], c[own], c[own] + rise[own], log_e[best]], axis=1)


def _shapes(
    log_range: tuple[float, float], log_x: FloatArray, n_parameters: int
) -> tuple[FloatArray, tuple[FloatArray, FloatArray, FloatArray]]:
    """Return the grid's shapes, (k, g), and their slopes, log e and log f."""
    low, high = log_range
    b, place, log_f = GRIDS[n_parameters]
    log_e = low - BEYOND[0] + place * (high - low + sum(BEYOND))
    shapes = curve_shape(b, log_e, log_f if n_parameters == 5 else None, log_x)
    return shapes, (b[:, 0], log_e[:, 0], log_f[:, 0])


def _asymptotes(
    shapes: FloatArray, means: FloatArray, weights: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return c, d − c and what is left of the squares, by least squares for each shape.

    ``means`` has shape (g,) or (n_plates, g); what comes back (k,) or (n_plates, k).
    """
    share = weights / weights.sum()
    centre, middle = shapes @ share, np.expand_dims(means @ share, -1)
    off, y = shapes - centre[:, None], means - middle
    spread = (off * off) @ share
    flat = spread <= 1e-12
    rise = np.where(flat, 0.0, (share * y) @ off.T / np.where(flat, 1.0, spread))
    left = np.expand_dims((y * y) @ share, -1) - rise**2 * spread
    return middle - rise * centre, rise, left
