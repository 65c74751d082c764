"""Random effects: Σ = Z D Zᵀ + Σ_l τ_l² S_l + σ² I, with S_l 1 where two rows share a unit.

Two forms of the same family. `RandomEffects` has the variances and covariances themselves as
parameters: Σ is linear in them, and inference is in their terms (Kenward & Roger 1997). The
maximum is sought in `RelativeFactor`, θ = (Λ, λ_l, log σ) with D = σ² Λ Λᵀ and τ_l = σ λ_l (Bates
and others 2015): any real θ is a covariance matrix, and a variance of 0 is an ordinary point.
"""

from dataclasses import dataclass

import numpy as np

from ketbio.statistics.mixed.patterns import IntArray
from ketbio.statistics.mixed.structures.structure import CovarianceStructure, Evaluated, Observed
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectsShape:
    """How many random effects there are, and which may covary.

    Attributes
    ----------
    n_effects : int
        Columns q of Z.
    is_diagonal : bool
        Whether the effects are independent.
    n_levels : int
        Levels of units within the participant.
    names : tuple of str
        Of the columns of Z.
    """

    n_effects: int
    is_diagonal: bool = False
    n_levels: int = 0
    names: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[IntArray, IntArray]:
        """Rows and columns of the free entries of D, column by column of the lower triangle."""
        if self.is_diagonal:
            return np.arange(self.n_effects), np.arange(self.n_effects)
        columns, rows = np.triu_indices(self.n_effects)
        return rows, columns

    @property
    def n_free(self) -> int:
        """Free entries of D."""
        return int(self.places[0].size)

    @property
    def effect_names(self) -> tuple[str, ...]:
        """Names of the effects, made up where none were given."""
        return self.names or tuple(f"effect {a + 1}" for a in range(self.n_effects))


class RandomEffects(CovarianceStructure):
    """Variances and covariances of the random effects, variances of units, residual variance."""

    name = "random_effects"
    is_linear = True

    def __init__(self, shape: EffectsShape) -> None:
        self.shape = shape
        called = shape.effect_names
        rows, columns = shape.places
        entries = tuple(
            f"variance of {called[i]}" if i == j else f"covariance of {called[j]} and {called[i]}"
            for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
        )
        units = tuple(f"variance of units {level + 1}" for level in range(shape.n_levels))
        self.parameter_names = (*entries, *units, "residual variance")

    def at(self, theta: FloatArray) -> Evaluated:
        """Return the structure at θ: entries of D, variances of units, σ²."""
        return _Linear(self.shape, theta)

    def effects_covariance(self, theta: FloatArray) -> FloatArray:
        """Return D, shape (q, q)."""
        out = np.zeros((self.shape.n_effects,) * 2)
        rows, columns = self.shape.places
        out[rows, columns] = out[columns, rows] = theta[: self.shape.n_free]
        return out


class RelativeFactor(CovarianceStructure):
    """The same by Λ, λ and log σ, which may take any value."""

    name = "random_effects"

    def __init__(self, shape: EffectsShape) -> None:
        self.shape = shape
        self.parameter_names = (
            *(f"relative factor {c + 1}" for c in range(shape.n_free)),
            *(f"relative SD of units {level + 1}" for level in range(shape.n_levels)),
            "log residual SD",
        )

    def at(self, theta: FloatArray) -> Evaluated:
        """Return the structure at θ."""
        return _Relative(self.shape, theta)

    def factor(self, theta: FloatArray) -> FloatArray:
        """Return Λ, shape (q, q)."""
        out = np.zeros((self.shape.n_effects,) * 2)
        out[self.shape.places] = theta[: self.shape.n_free]
        return out

    def variances(self, theta: FloatArray) -> FloatArray:
        """Return the parameters of `RandomEffects`."""
        shape, variance = self.shape, np.exp(2 * theta[-1])
        factor = self.factor(theta)
        entries = (factor @ factor.T)[shape.places]
        units = theta[shape.n_free : -1] ** 2
        return np.concatenate([entries * variance, units * variance, [variance]])

    def jacobian(self, theta: FloatArray) -> FloatArray:
        """Return ∂variances/∂θ, shape (h, h)."""
        shape, variance = self.shape, np.exp(2 * theta[-1])
        rows, columns = shape.places
        out = np.zeros((theta.size,) * 2)
        half = _unit_factors(shape) @ self.factor(theta).T
        by_factor = half + half.swapaxes(-1, -2)
        out[: shape.n_free, : shape.n_free] = variance * by_factor[:, rows, columns].T
        level = np.arange(shape.n_free, theta.size - 1)
        out[level, level] = 2 * variance * theta[level]
        out[:, -1] = 2 * self.variances(theta)
        return out

    def start(self, residual_variance: float, sizes: FloatArray) -> FloatArray:
        """Return θ that gives half the variance to the random effects.

        Parameters
        ----------
        residual_variance : float
            Of least squares.
        sizes : array of shape (q,)
            Root mean squares of the columns of Z.
        """
        shape = self.shape
        share = 1 / np.sqrt(shape.n_effects + shape.n_levels)
        factor = np.diag(share / np.where(sizes > 0, sizes, 1.0))
        units = np.full(shape.n_levels, share)
        return np.concatenate([factor[shape.places], units, [np.log(residual_variance / 2) / 2]])


class _Linear(Evaluated):
    def __init__(self, shape: EffectsShape, theta: FloatArray) -> None:
        self.shape = shape
        self.theta = theta

    def covariance(self, where: Observed) -> FloatArray:
        return np.asarray(np.tensordot(self.theta, self.gradient(where), axes=1))

    def gradient(self, where: Observed) -> FloatArray:
        z = _z(where)
        rows, columns = self.shape.places
        mixed = z[..., :, None, rows] * z[..., None, :, columns]
        mixed = np.moveaxis(mixed, -1, 0)
        weight = np.where(rows == columns, 0.5, 1.0).reshape(-1, *(1,) * (mixed.ndim - 1))
        entries = weight * (mixed + mixed.swapaxes(-1, -2))
        identity = np.broadcast_to(np.eye(z.shape[-2]), entries.shape[1:])[None]
        return np.concatenate([entries, _shared_units(where, self.shape), identity])

    def hessian(self, where: Observed) -> FloatArray:
        h, z = self.theta.size, _z(where)
        return np.zeros((h, h, *z.shape[:-1], z.shape[-2]))

    def curvature(self, where: Observed, kernel: FloatArray) -> FloatArray:  # noqa: ARG002
        return np.zeros((self.theta.size,) * 2)


class _Relative(Evaluated):
    def __init__(self, shape: EffectsShape, theta: FloatArray) -> None:
        self.shape = shape
        self.variance = float(np.exp(2 * theta[-1]))
        self.units = theta[shape.n_free : -1]
        self.lower = np.zeros((shape.n_effects,) * 2)
        self.lower[shape.places] = theta[: shape.n_free]
        self.steps = _unit_factors(shape)

    def covariance(self, where: Observed) -> FloatArray:
        root = _z(where) @ self.lower
        shared = np.tensordot(self.units**2, _shared_units(where, self.shape), axes=1)
        return np.asarray(
            self.variance * (root @ root.swapaxes(-1, -2) + shared + np.eye(root.shape[-2]))
        )

    def gradient(self, where: Observed) -> FloatArray:
        by_factor = self._by_factor(where)
        return np.concatenate([by_factor, 2 * self.covariance(where)[None]])

    def hessian(self, where: Observed) -> FloatArray:
        """Second derivatives: Λ and λ among themselves are quadratic, log σ only scales."""
        z = _z(where)
        by_factor = self._by_factor(where)
        c, free = by_factor.shape[0], self.shape.n_free
        second = np.zeros((c + 1, c + 1, *by_factor.shape[1:]))
        half = self.steps[:, None] @ self.steps[None].swapaxes(-1, -2)
        middle = (half + half.swapaxes(-1, -2)).reshape(
            free, free, *(1,) * (z.ndim - 2), *half.shape[-2:]
        )
        second[:free, :free] = self.variance * (z @ middle @ z.swapaxes(-1, -2))
        level = np.arange(free, c)
        second[level, level] = 2 * self.variance * _shared_units(where, self.shape)
        second[-1, :c] = second[:c, -1] = 2 * by_factor
        second[-1, -1] = 4 * self.covariance(where)
        return second

    def _by_factor(self, where: Observed) -> FloatArray:
        z = _z(where)
        half = self.steps @ self.lower.T
        middle = (half + half.swapaxes(-1, -2)).reshape(-1, *(1,) * (z.ndim - 2), *self.lower.shape)
        entries = z @ middle @ z.swapaxes(-1, -2)
        shared = _shared_units(where, self.shape)
        scale = self.units.reshape(-1, *(1,) * (shared.ndim - 1))
        return np.asarray(self.variance * np.concatenate([entries, 2 * scale * shared]))


def _unit_factors(shape: EffectsShape) -> FloatArray:
    """∂Λ by each of its free entries, (free, q, q)."""
    rows, columns = shape.places
    out = np.zeros((rows.size, shape.n_effects, shape.n_effects))
    out[np.arange(rows.size), rows, columns] = 1.0
    return out


def _z(where: Observed) -> FloatArray:
    if where.inputs.z is None:
        raise TypeError("random effects have columns")
    return where.inputs.z


def _shared_units(where: Observed, shape: EffectsShape) -> FloatArray:
    """Where two rows share a unit, by level: (levels, …, m, m)."""
    z, units = _z(where), where.inputs.units
    if units is None or not shape.n_levels:
        return np.zeros((0, *z.shape[:-1], z.shape[-2]))
    shared = units[..., :, None, :] == units[..., None, :, :]
    return np.asarray(np.moveaxis(shared, -1, 0), dtype=float)
