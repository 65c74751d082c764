"""Covariance matrices over all T visits with both derivatives: what patterns are cut out of.

Parameterised as R's mmrm: log standard deviations, then correlations through ρ = t/√(1 + t²);
unstructured by the Cholesky factor L = diag(e^θ) L̃ with 1 on the diagonal of L̃. The full form of
Kenward and Roger's method depends on this choice, estimates and the linear form do not.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.mixed.structures.correlations import CORRELATIONS, link_of, with_links
from ketbio.statistics.records import FloatArray

SAFE = 1e-6
"""Lowest eigenvalue of a correlation matrix to start from."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Σ over all visits, and its derivatives.

    Attributes
    ----------
    covariance : array of shape (T, T)
    gradient : array of shape (h, T, T)
    hessian : array of shape (h, h, T, T)
    """

    covariance: FloatArray
    gradient: FloatArray
    hessian: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMaker:
    """A structure over T visits for one group.

    Attributes
    ----------
    parameter_names : tuple of str
    make : callable
        θ (h,) → `Table`.
    start : callable
        A covariance matrix (T, T) of moments → θ near it.
    """

    parameter_names: tuple[str, ...]
    make: Callable[[FloatArray], Table]
    start: Callable[[FloatArray], FloatArray]


def scaled_correlation(kind: str, n_visits: int, *, is_heterogeneous: bool) -> TableMaker:
    """Return standard deviations times a correlation matrix of ``CORRELATIONS``."""
    correlation, count = CORRELATIONS[kind]
    n_sds = n_visits if is_heterogeneous else 1
    sds = tuple(f"log SD of visit {v + 1}" for v in range(n_visits))
    names = (sds if is_heterogeneous else ("log SD",)) + tuple(
        f"correlation {c + 1} (t)" for c in range(count(n_visits))
    )
    picks = np.eye(n_visits) if is_heterogeneous else np.ones((1, n_visits))
    powers = picks[:, :, None] + picks[:, None, :]

    def make(theta: FloatArray) -> Table:
        sd = np.exp(theta[:n_sds] @ picks)
        size = np.outer(sd, sd)
        matrix, first, second = with_links(correlation, theta[n_sds:], n_visits)
        covariance = size * matrix
        by_correlation = size * first
        h = theta.size
        hessian = np.empty((h, h, n_visits, n_visits))
        hessian[:n_sds, :n_sds] = powers[:, None] * powers[None] * covariance
        hessian[:n_sds, n_sds:] = powers[:, None] * by_correlation[None]
        hessian[n_sds:, :n_sds] = hessian[:n_sds, n_sds:].swapaxes(0, 1)
        hessian[n_sds:, n_sds:] = size * second
        gradient = np.concatenate([powers * covariance, by_correlation])
        return Table(covariance=covariance, gradient=gradient, hessian=hessian)

    def start(moments: FloatArray) -> FloatArray:
        sd = np.sqrt(np.diag(moments))
        log_sd = np.log(sd) if is_heterogeneous else [np.log(np.mean(sd**2)) / 2]
        rho = _STARTS[kind](moments / np.outer(sd, sd))
        while rho.size and np.linalg.eigvalsh(correlation(rho, n_visits)[0])[0] < SAFE:
            rho = rho * 0.8
        return np.concatenate([log_sd, link_of(rho)])

    return TableMaker(parameter_names=names, make=make, start=start)


def unstructured(n_visits: int) -> TableMaker:
    """Return any covariance matrix, by its Cholesky factor diag(e^θ) L̃."""
    rows, columns = np.tril_indices(n_visits, -1)
    names = tuple(f"log diagonal {v + 1}" for v in range(n_visits)) + tuple(
        f"factor {i + 1},{j + 1}" for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
    )
    h, low = len(names), np.arange(rows.size) + n_visits
    diagonal = np.arange(n_visits)

    def make(theta: FloatArray) -> Table:
        size = np.exp(theta[:n_visits])
        unit = np.eye(n_visits)
        unit[rows, columns] = theta[n_visits:]
        factor = size[:, None] * unit
        first = np.zeros((h, n_visits, n_visits))
        first[diagonal, diagonal] = factor
        first[low, rows, columns] = size[rows]
        second = np.zeros((h, h, n_visits, n_visits))
        second[diagonal, diagonal, diagonal] = factor
        second[rows, low, rows, columns] = second[low, rows, rows, columns] = size[rows]
        half = first @ factor.T
        cross = first[:, None] @ first[None].swapaxes(-1, -2) + second @ factor.T
        return Table(
            covariance=factor @ factor.T,
            gradient=half + half.swapaxes(-1, -2),
            hessian=cross + cross.swapaxes(-1, -2),
        )

    def start(moments: FloatArray) -> FloatArray:
        factor = np.linalg.cholesky(moments)
        size = np.diag(factor)
        return np.concatenate([np.log(size), (factor / size[:, None])[rows, columns]])

    return TableMaker(parameter_names=names, make=make, start=start)


def _start_of_one(correlation: FloatArray) -> FloatArray:
    t = correlation.shape[0]
    return np.array([correlation[np.tril_indices(t, -1)].mean()] if t > 1 else [])


def _start_of_neighbours(correlation: FloatArray) -> FloatArray:
    return np.asarray(np.diag(correlation, 1))


def _start_of_first_lag(correlation: FloatArray) -> FloatArray:
    neighbours = np.diag(correlation, 1)
    return np.array([neighbours.mean()] if neighbours.size else [])


def _start_of_lags(correlation: FloatArray) -> FloatArray:
    t = correlation.shape[0]
    return np.array([np.diag(correlation, lag).mean() for lag in range(1, t)])


_STARTS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "compound_symmetry": _start_of_one,
    "ar1": _start_of_first_lag,
    "toeplitz": _start_of_lags,
    "ante_dependence": _start_of_neighbours,
}
