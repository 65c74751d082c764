"""Satterthwaite's degrees of freedom, in one dimension and by eigenvectors in more."""

from collections.abc import Callable

import numpy as np

from ketbio.statistics.records import FloatArray

EQUAL = 1e-8
"""Degrees of freedom that differ by no more are one number (as in lmerTest)."""


def satterthwaite_df(
    row: FloatArray, phi: FloatArray, gradient: FloatArray, weights: FloatArray
) -> float:
    """Return 2 v² / Var(v) of v = lᵀ Φ l, for one row l of shape (p,)."""
    moved = phi @ row
    variance = float(row @ moved)
    slopes = np.einsum("p,apq,q->a", moved, gradient, moved)
    spread = float(slopes @ weights @ slopes)
    return 2 * variance**2 / spread if spread > 0 else float("inf")


def matched_df(each: FloatArray) -> float:
    """Return the denominator df whose F has the mean of the squared t with these df.

    Fai & Cornelius (1996), as lmerTest and mmrm: E = Σ ν/(ν − 2), df = 2E/(E − q).
    """
    if np.isinf(each).all() or np.ptp(each) < EQUAL:
        return float(each[0] if np.isinf(each[0]) else each.mean())
    if (each <= 2).any():
        return 2.0
    finite = each[np.isfinite(each)]
    expected = float((finite / (finite - 2)).sum()) + (each.size - finite.size)
    return 2 * expected / (expected - each.size)


def eigen_df(
    contrast: FloatArray, covariance: FloatArray, df_of_row: Callable[[FloatArray], float]
) -> float:
    """Return the denominator df of a contrast (q, p), each eigenvector taken by itself."""
    if contrast.shape[0] == 1:
        return df_of_row(contrast[0])
    _, vectors = np.linalg.eigh(contrast @ covariance @ contrast.T)
    return matched_df(np.array([df_of_row(row) for row in vectors.T @ contrast]))
