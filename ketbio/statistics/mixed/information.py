"""Observed and expected information of the covariance parameters.

Observed: minus the second derivatives of ℓ at θ, analytic, as SAS, mmrm and lmerTest use it (the
latter two numerically or by automatic differentiation). Expected: Kenward & Roger (1997, eq. 5),
½ {tr(W S_h W S_k) − 2 tr(Φ Q_hk) + tr(Φ P_h Φ P_k)}, as pbkrtest; by ML its first term.
"""

import numpy as np

from ketbio.statistics.mixed.likelihood import Likelihood
from ketbio.statistics.records import FloatArray


def observed_information(at: Likelihood) -> FloatArray:
    """Return −∂²ℓ/∂θ∂θ, shape (h, h).

    Parameters
    ----------
    at : Likelihood
        The log-likelihood at the θ in question.

    Notes
    -----
    With M_h = W S_h W, u_h = Σ X_iᵀ M_h r_i, B_h = Σ X_iᵀ M_h X_i and A = Σ X_iᵀ W X_i:
    −2 ∂²ℓ/∂θ_h∂θ_k = Σ tr(S_hk K) − Σ n tr(W S_h W S_k) + 2 Σ tr(S_h W S_k N) − 2 u_hᵀ A⁻¹ u_k
    − tr(A⁻¹ B_h A⁻¹ B_k), where K is the kernel of the gradient and N = W (R + T) W; by ML T and
    the last term fall away.
    """
    is_reml = at.problem.is_reml
    h, p = at.theta.size, at.problem.n_columns
    twice = np.zeros((h, h))
    crossed = np.zeros((h, p + 1, p + 1))
    for place, (block, w) in enumerate(zip(at.problem.blocks, at.inverses, strict=True)):
        rest, spread = at.kernels[place]
        inside = rest + spread if is_reml else rest
        ws, n = w @ at.slopes[place], block.counts[:, None, None]
        twice += at.family.curvature(block, at.first_kernels[place])
        twice += _traces(2 * inside @ at.slopes[place] - n * ws, ws)
        crossed += block.weighted(ws @ w)
    scores = crossed[:, :p] @ at.residual_weights
    twice -= 2 * scores @ at.covariance @ scores.T
    if is_reml:
        twice -= _traces_of(at.covariance @ crossed[:, :p, :p])
    return (twice + twice.T) / 4


def expected_information(at: Likelihood) -> FloatArray:
    """Return the expectation of the observed information, shape (h, h)."""
    is_reml = at.problem.is_reml
    h, p = at.theta.size, at.problem.n_columns
    twice = np.zeros((h, h))
    crossed = np.zeros((h, p + 1, p + 1))
    for place, (block, w) in enumerate(zip(at.problem.blocks, at.inverses, strict=True)):
        ws, n = w @ at.slopes[place], block.counts[:, None, None]
        left = n * ws
        if is_reml:
            left = left - 2 * at.kernels[place][1] @ at.slopes[place]
            crossed += block.weighted(ws @ w)
        twice += _traces(left, ws)
    if is_reml:
        twice += _traces_of(at.covariance @ crossed[:, :p, :p])
    return (twice + twice.T) / 4


def _traces(left: FloatArray, right: FloatArray) -> FloatArray:
    """Σ tr(left_h right_k) over patterns, for (h, K, m, m)."""
    h = left.shape[0]
    other = np.ascontiguousarray(right.swapaxes(-1, -2)).reshape(h, -1)
    return np.asarray(left.reshape(h, -1) @ other.T)


def _traces_of(matrices: FloatArray) -> FloatArray:
    """tr(a_h a_k), for (h, p, p)."""
    h = matrices.shape[0]
    return np.asarray(matrices.reshape(h, -1) @ matrices.swapaxes(-1, -2).reshape(h, -1).T)
