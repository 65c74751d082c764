"""Where searches start: at moments of the least-squares residuals."""

import numpy as np

from ketbio.statistics.mixed.patterns import IntArray
from ketbio.statistics.mixed.structures.by_visit import VisitStructure
from ketbio.statistics.mixed.structures.structure import CovarianceStructure
from ketbio.statistics.mixed.visit_data import VisitData
from ketbio.statistics.records import FloatArray

LOWEST_SHARE = 0.05
"""A visit's starting variance is at least this share of the mean over the visits."""
USABLE, LOWEST_EIGENVALUE = 1e-6, 0.05
"""A correlation matrix of moments is taken as it is if its lowest eigenvalue is at least the first;
otherwise it is shrunk until that is the second."""


def starts(data: VisitData, structure: CovarianceStructure) -> list[FloatArray]:
    """Return where to begin: at moments, and at moments without correlation.

    Structures whose correlations are tied to each other can have two maxima; unstructured ones
    begin where they would end without missing visits.

    Parameters
    ----------
    data : VisitData
        The observations.
    structure : CovarianceStructure
        Whose parameters are sought.
    """
    n, p = data.observations.design.shape
    rest = data.observations.basis[:, -1] * np.sqrt(n / (n - p))
    if not isinstance(structure, VisitStructure):
        return _spatial_starts(data, rest)
    people = data.observations.participants
    moments = np.stack(
        [
            moment_covariance(rest[mine], people[mine], data.visits[mine], data.n_visits)
            for mine in data.in_groups
        ]
    )
    begun = [structure.start(moments)]
    if structure.name != "unstructured":
        begun.append(structure.start(moments * np.eye(data.n_visits)))
    return begun


def _spatial_starts(data: VisitData, rest: FloatArray) -> list[FloatArray]:
    """Correlations of a half, then of a tenth, at the median step of time."""
    if data.times is None:
        raise TypeError("a spatial covariance has times")
    steps = [
        np.linalg.norm(np.diff(data.times[pattern.members], axis=1), axis=-1).ravel()
        for pattern in data.patterns
        if pattern.n_visits > 1
    ]
    every = np.concatenate(steps) if steps else np.ones(1)
    median = float(np.median(every[every > 0])) if (every > 0).any() else 1.0
    size = float(np.log(np.mean(rest**2)))
    logits = [-float(np.log(np.expm1(-np.log(at) / median))) for at in (0.5, 0.1)]
    return [np.tile([size, logit], data.n_groups) for logit in logits]


def moment_covariance(
    residuals: FloatArray, participants: IntArray, visits: IntArray, n_visits: int
) -> FloatArray:
    """Return a positive definite covariance matrix near the moments of residuals, (T, T).

    Each entry is a mean over the participants seen at both visits; where that is no covariance
    matrix, correlations are shrunk to 0 together until it is.

    Parameters
    ----------
    residuals : array of shape (n,)
        Of least squares.
    participants, visits : array of int, shape (n,)
        Codes of each row.
    n_visits : int
        T.

    Examples
    --------
    >>> import numpy as np
    >>> moment_covariance(
    ...     np.array([1.0, 1, -1, -1]), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2
    ... ).round(2)
    array([[1.  , 0.95],
           [0.95, 1.  ]])
    """
    _, people = np.unique(participants, return_inverse=True)
    table = np.zeros((people.max() + 1, n_visits))
    seen = np.zeros_like(table)
    table[people, visits] = residuals
    seen[people, visits] = 1.0
    counts = seen.T @ seen
    moments = (table.T @ table) / np.maximum(counts, 1)
    mean = float(np.mean(residuals**2))
    variance = np.where(np.diag(counts) > 0, np.diag(moments), mean)
    sd = np.sqrt(np.maximum(variance, LOWEST_SHARE * mean))
    correlation = moments / np.outer(sd, sd)
    np.fill_diagonal(correlation, 1.0)
    return np.outer(sd, sd) * shrunk(correlation)


def shrunk(correlation: FloatArray) -> FloatArray:
    """Return a correlation matrix that is positive definite: the one given, if it is."""
    lowest = float(np.linalg.eigvalsh(correlation)[0])
    if lowest >= USABLE:
        return correlation
    share = (1 - LOWEST_EIGENVALUE) / (1 - lowest)
    return np.asarray(np.eye(correlation.shape[0]) * (1 - share) + share * correlation)
