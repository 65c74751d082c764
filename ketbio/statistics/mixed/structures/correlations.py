"""Correlation matrices over T visits by their parameters ρ, with both derivatives.

Each function takes ρ of shape (c,) and T and returns C (T, T), ∂C/∂ρ (c, T, T) and ∂²C/∂ρ∂ρ
(c, c, T, T). As in R's mmrm, ρ = t/√(1 + t²) of a free parameter t.
"""

from collections.abc import Callable

import numpy as np

from ketbio.statistics.records import FloatArray

Derivatives = tuple[FloatArray, FloatArray, FloatArray]
Correlation = Callable[[FloatArray, int], Derivatives]


def lags(n_visits: int) -> FloatArray:
    """Return |i − j|, shape (T, T)."""
    place = np.arange(n_visits)
    return np.asarray(np.abs(place[:, None] - place[None, :]), dtype=float)


def compound_symmetry(rho: FloatArray, n_visits: int) -> Derivatives:
    """One correlation between any two visits."""
    first = (1.0 - np.eye(n_visits))[None]
    second = np.zeros((1, 1, n_visits, n_visits))
    return np.eye(n_visits) + rho[0] * first[0], first, second


def ar1(rho: FloatArray, n_visits: int) -> Derivatives:
    """Return ρ to the power of the number of visits between."""
    lag = lags(n_visits)
    r = float(rho[0])
    first = lag * r ** np.maximum(lag - 1, 0)
    second = lag * (lag - 1) * r ** np.maximum(lag - 2, 0)
    return np.asarray(r**lag), np.asarray(first)[None], np.asarray(second)[None, None]


def toeplitz(rho: FloatArray, n_visits: int) -> Derivatives:
    """One correlation per number of visits between."""
    lag = lags(n_visits)
    first = (lag[None] == np.arange(1, n_visits)[:, None, None]).astype(float)
    second = np.zeros((rho.size, rho.size, n_visits, n_visits))
    return np.eye(n_visits) + np.tensordot(rho, first, axes=1), first, second


def ante_dependence(rho: FloatArray, n_visits: int) -> Derivatives:
    """Products of the correlations of neighbouring visits (Gabriel 1962)."""
    c = rho.size
    step = np.arange(c)[:, None, None]
    place = np.arange(n_visits)
    low = np.minimum(place[:, None], place[None, :])[None]
    high = np.maximum(place[:, None], place[None, :])[None]
    between = (low <= step) & (step < high)
    factors = np.where(between, rho[:, None, None], 1.0)
    first = np.zeros((c, n_visits, n_visits))
    second = np.zeros((c, c, n_visits, n_visits))
    for a in range(c):
        first[a] = between[a] * np.prod(np.delete(factors, a, axis=0), axis=0)
        for b in range(a):
            left = np.prod(np.delete(factors, (a, b), axis=0), axis=0)
            second[a, b] = second[b, a] = between[a] * between[b] * left
    return np.asarray(np.prod(factors, axis=0)), first, second


CORRELATIONS: dict[str, tuple[Correlation, Callable[[int], int]]] = {
    "compound_symmetry": (compound_symmetry, lambda n_visits: min(1, n_visits - 1)),
    "ar1": (ar1, lambda n_visits: min(1, n_visits - 1)),
    "toeplitz": (toeplitz, lambda n_visits: n_visits - 1),
    "ante_dependence": (ante_dependence, lambda n_visits: n_visits - 1),
}
"""Word → the correlation and how many parameters it has for T visits."""


def with_links(correlation: Correlation, t: FloatArray, n_visits: int) -> Derivatives:
    """Return C and its derivatives by t, where ρ = t/√(1 + t²)."""
    if not t.size:
        empty = np.zeros((0, n_visits, n_visits))
        return np.eye(n_visits), empty, empty[None].reshape(0, 0, n_visits, n_visits)
    root = np.sqrt(1 + t**2)
    matrix, first, second = correlation(t / root, n_visits)
    slope, bend = root**-3, -3 * t * root**-5
    by_t = first * slope[:, None, None]
    twice = second * (slope[:, None] * slope[None, :])[:, :, None, None]
    place = np.arange(t.size)
    twice[place, place] += first * bend[:, None, None]
    return matrix, by_t, twice


def link_of(rho: FloatArray | float) -> FloatArray:
    """Return t with ρ = t/√(1 + t²)."""
    rho = np.asarray(rho, dtype=float)
    return np.asarray(rho / np.sqrt(1 - rho**2))
