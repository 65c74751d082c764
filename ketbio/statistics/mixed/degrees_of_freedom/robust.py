"""Covariances of the fixed effects that hold though the model of the covariance is wrong.

With rows whitened by the model's covariance (X̃ = L⁻¹X, V = LLᵀ) the coefficients are ordinary
least squares, and participant i contributes X̃_iᵀ A_i ẽ_i to the middle of the sandwich:

- CR0: A = I (White, Liang & Zeger), biased downwards in small samples;
- CR2: A = (I − H_i)^(−1/2) (Bell & McCaffrey 2002), unbiased where the model is right;
- CR3: A = (I − H_i)⁻¹, the participants left out one by one with the covariance held.

R mmrm calls them Empirical, Empirical-Bias-Reduced and Empirical-Jackknife.
"""

from dataclasses import dataclass

import numpy as np

from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.records import FloatArray

SINGULAR = 1e-8
"""Eigenvalues of I − H below this: the participant alone determines some coefficient."""

SOLE = (
    "At least one coefficient is determined by a single participant: what {kind} would need to "
    "know of that participant's scatter is not in the data, and its standard error may be too "
    "small."
)

POWERS: dict[str, float] = {"CR0": 0.0, "CR2": -0.5, "CR3": -1.0}
"""Kind → the power of I − H that residuals are multiplied by."""


@dataclass(frozen=True, slots=True, eq=False)
class RobustCovariance:
    """A cluster-robust covariance and what its degrees of freedom are computed from.

    Attributes
    ----------
    covariance : array of shape (p, p)
        Of the fixed effects.
    norms : array of shape (n, p, p)
        X̃_iᵀ A_i² X̃_i of each participant.
    leverages : array of shape (n, p, p)
        X̃_iᵀ A_i X̃_i of each participant.
    phi : array of shape (p, p)
        The model's own covariance.
    warnings : tuple of str
        Sentences that a reader must see.
    """

    covariance: FloatArray
    norms: FloatArray
    leverages: FloatArray
    phi: FloatArray
    warnings: tuple[str, ...]

    def df(self, row: FloatArray) -> float:
        """Return Bell & McCaffrey's degrees of freedom of one row l of shape (p,).

        Under the model lᵀ V l is a quadratic form εᵀ G Gᵀ ε: tr(G)² / tr(G²) matches its first
        two moments to a χ². The elements of G come from participants' p-vectors, never n × n rows.
        """
        moved = self.phi @ row
        own = np.einsum("p,ipq,q->i", moved, self.norms, moved)
        tilted = self.leverages @ moved
        shared = np.einsum("ip,pq,iq->i", tilted, self.phi, tilted)
        trace = float((own - shared).sum())
        between = self.phi @ (tilted.T @ tilted)
        squares = float((own**2 - 2 * own * shared).sum() + np.einsum("pq,qp->", between, between))
        return trace**2 / squares if squares > 0 else float("inf")


def robust_covariance(model: MixedModel, kind: str) -> RobustCovariance:
    """Return the sandwich of one ``kind`` of `POWERS`."""
    phi = model.covariance
    scores, norms, leverages = [], [], []
    is_sole = False
    for rows, residuals in whitened(model):
        power, lacks = _power(rows, phi, POWERS[kind])
        is_sole = is_sole or lacks
        adjusted = power @ rows
        norms.append(np.einsum("imp,imq->ipq", adjusted, adjusted))
        leverages.append(np.einsum("imp,imq->ipq", rows, adjusted))
        scores.append(np.einsum("imp,im->ip", adjusted, residuals))
    middle = np.concatenate(scores)
    covariance = phi @ (middle.T @ middle) @ phi
    return RobustCovariance(
        covariance=covariance,
        norms=np.concatenate(norms),
        leverages=np.concatenate(leverages),
        phi=phi,
        warnings=(SOLE.format(kind=kind),) if is_sole and kind != "CR0" else (),
    )


def whitened(model: MixedModel) -> list[tuple[FloatArray, FloatArray]]:
    """Return per pattern the whitened rows (k, m, p) and residuals (k, m) of its participants."""
    design, residual = model.scaled_design, model.scaled_residuals
    made = []
    for pattern in model.patterns:
        covariance = model.structure.covariance(model.parameters, pattern)
        inverse = np.linalg.inv(np.linalg.cholesky(covariance))
        made.append((inverse @ design[pattern.members], residual[pattern.members] @ inverse.T))
    return made


def _power(rows: FloatArray, phi: FloatArray, power: float) -> tuple[FloatArray, bool]:
    """Return (I − H_i)^power per participant, and whether any I − H_i is singular."""
    n_rows = rows.shape[1]
    left = np.eye(n_rows) - rows @ phi @ np.swapaxes(rows, 1, 2)
    if power == 0:
        return np.broadcast_to(np.eye(n_rows), left.shape), False
    values, vectors = np.linalg.eigh(left)
    is_left = values > SINGULAR
    scale = np.where(is_left, np.where(is_left, values, 1.0) ** power, 0.0)
    raised: FloatArray = (vectors * scale[:, None, :]) @ np.swapaxes(vectors, 1, 2)
    return raised, bool((~is_left).any())
