"""The log-likelihood at given covariance parameters, with β (and, by REML, its loss) worked out.

ML: ℓ = −½ {n log 2π + Σ log|Σ_i| + Σ (y_i − X_i β)ᵀ Σ_i⁻¹ (y_i − X_i β)} at the generalised
least-squares β; REML: n − p in place of n, and log|Σ X_iᵀ Σ_i⁻¹ X_i| added in the braces
(Patterson & Thompson 1971; Harville 1977), without the constant log|XᵀX|, as SAS PROC MIXED, R's
nlme, lme4 and mmrm. Derivatives: Lindstrom & Bates (1988); Jennrich & Schluchter (1986).

With W = Σ⁻¹ and S_h = ∂Σ/∂θ_h: ∂ℓ/∂θ_h = −½ Σ tr{S_h (n W − W (R + T) W)} for each pattern of n
participants, R = Σ r_i r_iᵀ of residuals r and, by REML, T = Σ X_i (XᵀWX)⁻¹ X_iᵀ. The second
derivatives follow by deriving once more, β moving with θ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from ketbio.statistics.mixed.blocks import Block
from ketbio.statistics.mixed.structures.structure import CovarianceStructure, Evaluated
from ketbio.statistics.records import FloatArray

LOG_2_PI = float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """What is to be maximised.

    Attributes
    ----------
    blocks : sequence of Block
        Of the columns [X y], X orthonormal and y free of its least-squares fit.
    n_observations, n_columns : int
        n and p.
    is_reml : bool
        By REML, or by ML.
    constant : float
        What the log-likelihood has beside the terms above: −log|R| of X = QR, ½ Σ log weights.
    """

    blocks: Sequence[Block]
    n_observations: int
    n_columns: int
    is_reml: bool
    constant: float


class Likelihood:
    """The log-likelihood at one θ; derivatives are worked out when asked for.

    Attributes
    ----------
    value : float
        ℓ(θ); minus infinity where Σ is no covariance matrix.
    coefficients : array of shape (p,)
        β, in terms of the orthonormal columns.
    lowest_share : float
        Smallest share of a variance that earlier observations of the participant leave: 0 where
        Σ is singular.
    lowest_variance : float
        Smallest variance of an observation.
    """

    def __init__(self, problem: Problem, structure: CovarianceStructure, theta: FloatArray) -> None:
        self.problem = problem
        self.theta = theta
        self.value = -np.inf
        self.lowest_share = np.inf
        self.lowest_variance = np.inf
        with np.errstate(all="ignore"):
            self.family: Evaluated = structure.at(theta)
            try:
                self._solve()
            except np.linalg.LinAlgError:
                self.value = -np.inf

    def _solve(self) -> None:
        problem, p = self.problem, self.problem.n_columns
        sums = np.zeros((p + 1, p + 1))
        log_determinant = 0.0
        self.inverses: list[FloatArray] = []
        for block in problem.blocks:
            matrices = self.family.covariance(block)
            if not np.isfinite(matrices).all():
                raise np.linalg.LinAlgError
            left = np.linalg.cholesky(matrices).diagonal(axis1=-2, axis2=-1) ** 2
            log_determinant += float(block.counts @ np.log(left).sum(axis=-1))
            self._note_lowest(np.asarray(left), matrices.diagonal(axis1=-2, axis2=-1))
            inverse = np.linalg.inv(matrices)
            inverse = (inverse + inverse.swapaxes(-1, -2)) / 2
            self.inverses.append(inverse)
            sums += block.weighted(inverse)
        information = (sums[:p, :p] + sums[:p, :p].T) / 2
        if not np.isfinite(sums).all():
            raise np.linalg.LinAlgError
        factor = cho_factor(information, lower=True)
        self.coefficients = np.asarray(cho_solve(factor, sums[:p, p]))
        self.covariance = np.asarray(cho_solve(factor, np.eye(p)))
        quadratic = float(sums[p, p] - sums[:p, p] @ self.coefficients)
        inside = log_determinant + quadratic + problem.n_observations * LOG_2_PI
        if problem.is_reml:
            inside -= p * LOG_2_PI
            inside += 2 * float(np.log(np.diag(factor[0])).sum())
        value = problem.constant - inside / 2
        self.value = value if np.isfinite(value) and quadratic > 0 else -np.inf

    def _note_lowest(self, left: FloatArray, variances: FloatArray) -> None:
        self.lowest_share = min(self.lowest_share, float((left / variances).min()))
        self.lowest_variance = min(self.lowest_variance, float(variances.min()))

    @cached_property
    def residual_weights(self) -> FloatArray:
        """(−β, 1): what makes residuals of [X y]."""
        return np.append(-self.coefficients, 1.0)

    @cached_property
    def slopes(self) -> list[FloatArray]:
        """∂Σ/∂θ of each block."""
        return [self.family.gradient(block) for block in self.problem.blocks]

    @cached_property
    def kernels(self) -> list[tuple[FloatArray, FloatArray]]:
        """W R W and W T W of each block (T also by ML, where the gradient leaves it out)."""
        p = self.problem.n_columns
        rest = np.outer(self.residual_weights, self.residual_weights)
        spread = np.zeros((p + 1, p + 1))
        spread[:p, :p] = self.covariance
        return [
            (w @ block.kernel(rest) @ w, w @ block.kernel(spread) @ w)
            for block, w in zip(self.problem.blocks, self.inverses, strict=True)
        ]

    @cached_property
    def gradient(self) -> FloatArray:
        """∂ℓ/∂θ, shape (h,)."""
        total = np.zeros(self.theta.size)
        for slope, kernel in zip(self.slopes, self.first_kernels, strict=True):
            total += slope.reshape(slope.shape[0], -1) @ kernel.ravel()
        return -total / 2

    @cached_property
    def first_kernels(self) -> list[FloatArray]:
        """N W − W (R + T) W of each block: what ∂Σ meets in the gradient."""
        out = []
        rows = zip(self.problem.blocks, self.inverses, self.kernels, strict=True)
        for block, w, (rest, spread) in rows:
            inside = rest + spread if self.problem.is_reml else rest
            out.append(block.counts[:, None, None] * w - inside)
        return out
