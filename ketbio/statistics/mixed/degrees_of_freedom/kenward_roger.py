"""Kenward & Roger (1997): a covariance made for small samples, and an F scaled to fit."""

import numpy as np

from ketbio.statistics.mixed.sums import KenwardRogerSums
from ketbio.statistics.records import FloatArray


def adjusted_covariance(phi: FloatArray, sums: KenwardRogerSums, weights: FloatArray) -> FloatArray:
    """Return Φ_A = Φ + 2 Φ Σ W_ab (Q_ab − P_a Φ P_b − ¼ R_ab) Φ, shape (p, p).

    Without R (the linear form) it does not depend on how the covariance is parameterised.

    Parameters
    ----------
    phi : array of shape (p, p)
        Covariance of the coefficients, as if the covariance parameters were known.
    sums : KenwardRogerSums
        P, Q and, for the full form, R.
    weights : array of shape (h, h)
        W, the covariance of the covariance parameters.
    """
    inner = sums.q - np.einsum("apq,qr,brs->abps", sums.p, phi, sums.p, optimize=True)
    if sums.r is not None:
        inner = inner - sums.r / 4
    adjusted: FloatArray = phi + 2 * phi @ np.einsum("ab,abpq->pq", weights, inner) @ phi
    return (adjusted + adjusted.T) / 2


def scaled_f(
    contrast: FloatArray, phi: FloatArray, gradient: FloatArray, weights: FloatArray
) -> tuple[float, float]:
    """Return λ and the denominator degrees of freedom m, so that λF is F(q, m) in good part.

    Parameters
    ----------
    contrast : array of shape (q, p)
        Of full row rank.
    phi : array of shape (p, p)
        Covariance of the coefficients, not adjusted.
    gradient : array of shape (h, p, p)
        P.
    weights : array of shape (h, h)
        Covariance of the covariance parameters.
    """
    q = contrast.shape[0]
    spread = contrast @ phi @ contrast.T
    moved = contrast @ phi @ gradient @ phi @ contrast.T
    each = np.linalg.solve(spread, moved)  # (h, q, q)
    traces = np.trace(each, axis1=1, axis2=2)
    a1 = float(traces @ weights @ traces)
    a2 = float(np.einsum("ab,aij,bji->", weights, each, each))
    return _matched(q, a1, a2)


def _matched(q: int, a1: float, a2: float) -> tuple[float, float]:
    """Match mean and variance of F to those of an F distribution that balanced designs have."""
    if a2 <= 0:  # nothing in the covariance that the contrast depends on was estimated
        return 1.0, np.inf
    if q == 1:
        return 1.0, 2 / a2
    b = (a1 + 6 * a2) / (2 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    below = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    mean_inverse = 1 - a2 / q
    ratio = mean_inverse / (1 - c2 * b)
    rho = ratio**2 * (1 + c1 * b) / (1 - c3 * b) / q
    m = 4 + (q + 2) / (q * rho - 1)
    scale = 1.0 if abs(m - 2) < 0.01 else m * mean_inverse / (m - 2)
    return float(scale), float(m)
