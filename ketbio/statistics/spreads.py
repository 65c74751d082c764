"""Standard deviations that are zero where values are equal, and hold for values of any size."""

import math

import numpy as np

from ketbio.statistics.records import NAN, FloatArray


def standard_deviation(values: FloatArray) -> float:
    """Return the SD (n − 1); 0 where all values are equal, NaN for one value.

    Equal values differ from their rounded mean, and the square of a value near 1e-200 is 0, so
    that neither is left to the formula.

    Examples
    --------
    >>> standard_deviation(np.array([0.1, 0.1, 0.1]))
    0.0
    >>> standard_deviation(np.array([1e-200, 3e-200]))
    1.414213562373095e-200
    """
    if values.size < 2:
        return NAN
    if np.ptp(values) == 0:
        return 0.0
    centred = values - values.mean()
    size = float(np.abs(centred).max())
    return size * float(np.linalg.norm(centred / size)) / math.sqrt(values.size - 1)


def root_of_weighted_squares(parts: tuple[float, float], weights: tuple[float, float]) -> float:
    """Return √(Σ weight · part²) without squaring what is too small or too large for it.

    Examples
    --------
    >>> root_of_weighted_squares((3e-200, 4e-200), (1, 1))
    5e-200
    """
    size = max(map(abs, parts))
    if size == 0 or math.isnan(size):
        return size
    squares = (weight * (part / size) ** 2 for part, weight in zip(parts, weights, strict=True))
    return size * math.sqrt(sum(squares))
