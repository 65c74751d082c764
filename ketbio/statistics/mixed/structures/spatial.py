"""Covariance that falls exponentially with the distance between observations."""

import numpy as np

from ketbio.statistics.mixed.structures.structure import CovarianceStructure, Evaluated, Observed
from ketbio.statistics.records import FloatArray


class SpatialExponential(CovarianceStructure):
    """σ² ρ^d with d the Euclidean distance of the times; θ = (log σ², logit ρ), as R's mmrm.

    Parameters
    ----------
    n_groups : int
        How many groups have parameters of their own.
    """

    name = "spatial_exponential"

    def __init__(self, n_groups: int = 1) -> None:
        self.n_groups = n_groups
        suffixes = [""] if n_groups == 1 else [f", group {g + 1}" for g in range(n_groups)]
        self.parameter_names = tuple(
            f"{word}{suffix}" for suffix in suffixes for word in ("log variance", "logit rho")
        )

    def at(self, theta: FloatArray) -> Evaluated:
        """Return the structure at θ."""
        return _Spatial(theta.reshape(self.n_groups, 2))


class _Spatial(Evaluated):
    def __init__(self, theta: FloatArray) -> None:
        self.theta = theta

    def covariance(self, where: Observed) -> FloatArray:
        return self._parts(where)[0]

    def gradient(self, where: Observed) -> FloatArray:
        value, by_logit, _ = self._parts(where)
        return self._by_group(np.stack([value, by_logit]), where)

    def hessian(self, where: Observed) -> FloatArray:
        value, first, second = self._parts(where)
        both = np.stack([np.stack([value, first]), np.stack([first, second])])
        return np.stack([self._by_group(row, where) for row in self._rows(both, where)])

    def _rows(self, both: FloatArray, where: Observed) -> FloatArray:
        """Rows of the Hessian, those of other groups 0."""
        group = np.asarray(where.inputs.group)[..., None, None]
        return np.concatenate([both * (group == g) for g in range(self.theta.shape[0])])

    def _by_group(self, pair: FloatArray, where: Observed) -> FloatArray:
        group = np.asarray(where.inputs.group)[..., None, None]
        return np.concatenate([pair * (group == g) for g in range(self.theta.shape[0])])

    def _parts(self, where: Observed) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Σ and its derivatives by logit ρ: log ρ has slope 1 − ρ and bend −ρ(1 − ρ)."""
        times = where.inputs.times
        if times is None:
            raise TypeError("a spatial covariance has times")
        mine = self.theta[np.asarray(where.inputs.group)][..., None, None, :]
        distance = np.sqrt(((times[..., :, None, :] - times[..., None, :, :]) ** 2).sum(axis=-1))
        log_rho = -np.logaddexp(0.0, -mine[..., 1])
        other = np.exp(-np.logaddexp(0.0, mine[..., 1]))  # 1 − ρ
        value = np.exp(mine[..., 0] + distance * log_rho)
        slope = distance * other
        bend = -distance * np.exp(log_rho) * other
        return value, value * slope, value * (slope**2 + bend)
