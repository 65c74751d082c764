"""Kenward & Roger (1997): a covariance made for small samples, and an F scaled to fit."""

import numpy as np

from ketbio.statistics.mixed.sums import KenwardRogerSums
from ketbio.statistics.records import NAN, FloatArray

AT_TWO = 1e-6
"""Nearer to 0: two degrees of freedom, a limit of 0/0 (Hotelling's T² or the balanced F, by A1)."""


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
    """Match mean and variance of F to those of an F distribution that balanced designs have.

    NaN where no F distribution has them: with hardly any denominator degrees of freedom.
    """
    if a2 <= 0:  # nothing in the covariance that the contrast depends on was estimated
        return 1.0, np.inf
    if q == 1:
        return 1.0, 2 / a2
    b = (a1 + 6 * a2) / (2 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    below = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    mean_inverse = 1 - a2 / q
    if abs(mean_inverse) < AT_TWO and abs(1 - c2 * b) < AT_TWO:
        return (1.0 if abs(a1 - q * a2) < abs(a1 - 2 * a2 / (q + 1)) else 2 / (q + 1)), 2.0
    # written without V itself, whose formula goes on to be right where m ≤ 4 has no variance
    inner = (mean_inverse / (1 - c2 * b)) ** 2 * (1 + c1 * b)
    apart = inner - (1 - c3 * b)
    m = 4 + (q + 2) * (1 - c3 * b) / apart if apart else NAN
    scale = m * mean_inverse / (m - 2) if m != 2 else NAN
    return (scale, m) if m > 0 and scale > 0 else (NAN, NAN)
