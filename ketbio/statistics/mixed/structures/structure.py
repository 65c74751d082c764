"""What every covariance structure can be asked: Σ(θ), its first and its second derivatives."""

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np

from ketbio.statistics.mixed.patterns import Inputs, IntArray
from ketbio.statistics.records import FloatArray


class Observed(Protocol):
    """A pattern, visits (m,), or several stacked, visits (K, m): the leading axes "…" below."""

    @property
    def visits(self) -> IntArray:
        """Codes of the visits observed."""

    @property
    def inputs(self) -> Inputs:
        """What else the covariance depends on."""


class Evaluated(ABC):
    """A structure at given parameters; what several questions share is worked out once."""

    @abstractmethod
    def covariance(self, where: Observed) -> FloatArray:
        """Return Σ, shape (…, m, m)."""

    @abstractmethod
    def gradient(self, where: Observed) -> FloatArray:
        """Return ∂Σ/∂θ_h, shape (h, …, m, m)."""

    @abstractmethod
    def hessian(self, where: Observed) -> FloatArray:
        """Return ∂²Σ/∂θ_h∂θ_k, shape (h, h, …, m, m)."""

    def curvature(self, where: Observed, kernel: FloatArray) -> FloatArray:
        """Return Σ ∂²Σ/∂θ_h∂θ_k · kernel over all entries, shape (h, h)."""
        second = self.hessian(where)
        h = second.shape[0]
        return np.asarray((second.reshape(h * h, -1) @ kernel.ravel()).reshape(h, h))


class CovarianceStructure(ABC):
    """A family of covariance matrices by its parameters θ.

    Attributes
    ----------
    name : str
        The word of `STRUCTURES`, or ``"random_effects"``.
    parameter_names : tuple of str
        One per parameter.
    is_linear : bool
        Whether Σ is linear in θ, so that all second derivatives are 0.
    """

    name: str
    parameter_names: tuple[str, ...]
    is_linear: bool = False

    @property
    def n_parameters(self) -> int:
        """Number of parameters h."""
        return len(self.parameter_names)

    @abstractmethod
    def at(self, theta: FloatArray) -> Evaluated:
        """Return the structure at θ of shape (h,)."""

    def covariance(self, theta: FloatArray, where: Observed) -> FloatArray:
        """Return Σ(θ) of a pattern, shape (m, m)."""
        return self.at(theta).covariance(where)

    def gradient(self, theta: FloatArray, where: Observed) -> FloatArray:
        """Return ∂Σ/∂θ_h of a pattern, shape (h, m, m)."""
        return self.at(theta).gradient(where)

    def hessian(self, theta: FloatArray, where: Observed) -> FloatArray:
        """Return ∂²Σ/∂θ_h∂θ_k of a pattern, shape (h, h, m, m)."""
        return self.at(theta).hessian(where)

    def visit_covariance(self, theta: FloatArray) -> FloatArray | None:  # noqa: ARG002
        """Return the covariance of all visits by group, (groups, T, T); None without visits."""
        return None
