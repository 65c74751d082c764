"""What Kenward and Roger's method needs of the data: the sums P, Q and R.

With W = Σ⁻¹ and S_h = ∂Σ/∂θ_h (Kenward & Roger 1997): P_h = −Σ Xᵀ W S_h W X,
Q_hk = Σ Xᵀ W S_h W S_k W X, R_hk = Σ Xᵀ W (∂²Σ/∂θ_h∂θ_k) W X.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.mixed.blocks import stack_patterns
from ketbio.statistics.mixed.patterns import Pattern
from ketbio.statistics.mixed.structures.structure import CovarianceStructure
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KenwardRogerSums:
    """The sums in terms of the design's own columns.

    Attributes
    ----------
    p : array of shape (h, p, p)
    q : array of shape (h, h, p, p)
        ``q[h, k]`` is the transpose of ``q[k, h]``.
    r : array of shape (h, h, p, p), optional
        None where Σ is linear in the parameters (all 0), or where it was not asked for.
    """

    p: FloatArray
    q: FloatArray
    r: FloatArray | None


def kenward_roger_sums(
    patterns: Sequence[Pattern],
    structure: CovarianceStructure,
    theta: FloatArray,
    design: FloatArray,
    *,
    with_second: bool = False,
) -> KenwardRogerSums:
    """Return P, Q and, if asked for, R.

    Parameters
    ----------
    patterns : sequence of Pattern
        All participants.
    structure : CovarianceStructure
        The family of covariance matrices.
    theta : array of shape (h,)
        Its parameters.
    design : array of shape (n, p)
        Rows already scaled by the roots of weights.
    with_second : bool
        Whether R is needed (the full form of the method).
    """
    h, width = theta.size, design.shape[1]
    family = structure.at(theta)
    p = np.zeros((h, width, width))
    q = np.zeros((h, h, width, width))
    r = np.zeros_like(q) if with_second and not structure.is_linear else None
    for block in stack_patterns(patterns, design):
        w = np.linalg.inv(family.covariance(block))
        ws = w @ family.gradient(block)
        p -= block.weighted(ws @ w)
        second = None if r is None else family.hessian(block)
        for a in range(h):
            q[a] += block.weighted(ws[a] @ ws @ w)
            if r is not None and second is not None:
                r[a] += block.weighted(w @ second[a] @ w)
    return KenwardRogerSums(p=p, q=q, r=r)
