"""The score statistic of a difference between two proportions, for every table of a design."""

import math

import numpy as np

from ketbio.statistics.records import FloatArray
from ketbio.statistics.two_proportions.orderings import over_root, pooled_z


def score_statistics(n: tuple[int, int], difference: float) -> FloatArray:
    """Return (p̂₁ − p̂₂ − Δ) over its standard error at the likeliest proportions that differ by Δ.

    Parameters
    ----------
    n : tuple of int
        People in the two groups.
    difference : float
        Δ, −1 to 1. At 0 this is the pooled z.

    Returns
    -------
    array of shape (n₁ + 1, n₂ + 1)

    Notes
    -----
    Miettinen & Nurminen (1985) and Farrington & Manning (1990): the proportions solve a cubic.
    """
    if difference == 0:
        return pooled_z(n, "greater")
    x, y = np.arange(n[0] + 1.0)[:, None], np.arange(n[1] + 1.0)[None, :]
    second = likeliest_second(x, y, n, difference)
    first = np.clip(second + difference, 0.0, 1.0)
    variance = first * (1 - first) / n[0] + second * (1 - second) / n[1]
    return over_root(x / n[0] - y / n[1] - difference, variance)


def likeliest_second(
    x: FloatArray, y: FloatArray, n: tuple[int, int], difference: float
) -> FloatArray:
    """Return the second proportion of largest likelihood where the first is Δ higher."""
    total = float(sum(n))
    square = (n[0] + 2 * n[1]) * difference - total - (x + y)
    linear = (n[1] * difference - total - 2 * y) * difference + x + y
    constant = y * difference * (1 - difference)
    q = square**3 / (27 * total**3) - square * linear / (6 * total**2) + constant / (2 * total)
    p = np.sqrt(np.maximum(square**2 / (9 * total**2) - linear / (3 * total), 0.0))
    p = np.where(q < 0, -p, p)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.where(p == 0, 0.0, q / p**3)
    angle = (math.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
    found = 2 * p * np.cos(angle) - square / (3 * total)
    return np.asarray(np.clip(found, max(0.0, -difference), min(1.0, 1.0 - difference)))
