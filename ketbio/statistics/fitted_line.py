"""The least-squares line through points, and the lines with one point left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ketbio.statistics.inputs import as_same_length
from ketbio.statistics.records import NAN, FloatArray

TOLERANCE = 1e-12
"""x that vary by less, relative to their size, are the same."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedLine:
    """A line y = intercept + slope · x.

    Attributes
    ----------
    intercept, slope : float
        In the unit of y, and of y per x; NaN where all x are the same.
    left_out : ndarray, shape (n, 2)
        Intercept and slope with each point left out in turn.
    """

    intercept: float
    slope: float
    left_out: FloatArray


def fitted_line(x: ArrayLike, y: ArrayLike) -> FittedLine:
    """Return the least-squares line of y on x, and those with one point left out.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Points.

    Returns
    -------
    FittedLine
        Coefficients.

    Raises
    ------
    StatisticsError
        ``x`` and ``y`` cannot be used.

    Examples
    --------
    >>> line = fitted_line([0, 1, 2, 3], [1, 3, 5, 11])
    >>> round(line.intercept, 6), round(line.slope, 6)
    (0.2, 3.2)
    >>> line.left_out[3].round(6).tolist()  # the last point left out: 1, 3, 5
    [1.0, 2.0]
    """
    across, upwards = as_same_length(x, y)
    intercept, slope = _line(across, upwards)
    kept = ~np.eye(across.size, dtype=np.bool_)
    left_out = [_line(across[one], upwards[one]) for one in kept]
    return FittedLine(
        intercept=intercept, slope=slope, left_out=np.array(left_out, dtype=np.float64)
    )


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    if x.size < 2:
        return (NAN, NAN)
    from_mean = x - x.mean()
    if float(np.abs(from_mean).max()) <= TOLERANCE * max(float(np.abs(x).max()), 1e-300):
        return (NAN, NAN)
    slope = float(from_mean @ (y - y.mean())) / float(from_mean @ from_mean)
    return (float(y.mean()) - slope * float(x.mean()), slope)
