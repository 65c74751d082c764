"""From checked arrays to a fitted model: one structure, and the chain of those to fall back on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ketbio.errors import StatisticsError
from ketbio.statistics.mixed.arrays import Observations
from ketbio.statistics.mixed.blocks import stack_patterns
from ketbio.statistics.mixed.information import expected_information
from ketbio.statistics.mixed.likelihood import Likelihood, Problem
from ketbio.statistics.mixed.maximum import RUNAWAY, Maximum, maximise
from ketbio.statistics.mixed.model import FailedStructure
from ketbio.statistics.mixed.patterns import IntArray, Pattern
from ketbio.statistics.mixed.starts import starts
from ketbio.statistics.mixed.structures.choice import STRUCTURE_WORDS, STRUCTURES
from ketbio.statistics.mixed.structures.structure import CovarianceStructure
from ketbio.statistics.mixed.support import lack_of_support, no_remainder, pair_counts
from ketbio.statistics.mixed.visit_data import VisitData
from ketbio.statistics.records import FloatArray

SINGULAR = 1e-9
"""Lowest eigenvalue of a correlation matrix of all visits that still counts as regular."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A structure at its maximum.

    Attributes
    ----------
    structure : CovarianceStructure
    maximum : Maximum
    """

    structure: CovarianceStructure
    maximum: Maximum


def problem_of(
    observations: Observations, patterns: Sequence[Pattern], *, is_reml: bool
) -> Problem:
    """Return the likelihood's problem in terms of orthonormal columns."""
    p = observations.design.shape[1]
    constant = float(np.log(observations.weights).sum()) / 2
    if is_reml:
        constant -= float(np.log(np.abs(np.diag(observations.triangle))).sum())
    return Problem(
        blocks=stack_patterns(patterns, observations.basis),
        n_observations=observations.n,
        n_columns=p,
        is_reml=is_reml,
        constant=constant,
    )


def fit_chain(
    data: VisitData, asked: str, chain: Sequence[str], *, is_reml: bool
) -> tuple[Fit, tuple[FailedStructure, ...]]:
    """Fit the structure asked for, or the first of the chain that can be fitted.

    Raises
    ------
    StatisticsError
        None could be.
    """
    problem = problem_of(data.observations, data.patterns, is_reml=is_reml)
    tried: list[FailedStructure] = []
    for name in (asked, *chain):
        found = _fit_one(data, problem, name)
        if isinstance(found, Fit):
            return found, tuple(tried)
        tried.append(FailedStructure(name=name, reason=found))
    raise StatisticsError(_none_fitted(tried))


def coefficients_of(observations: Observations, at: Likelihood) -> tuple[FloatArray, FloatArray]:
    """Return β and its covariance in terms of the design's own columns."""
    back = np.linalg.inv(observations.triangle)
    coefficients = observations.least_squares + back @ at.coefficients
    covariance = back @ at.covariance @ back.T
    return coefficients, (covariance + covariance.T) / 2


def covariances_of_parameters(maximum: Maximum) -> tuple[FloatArray, FloatArray]:
    """Return the inverses of the observed and the expected information."""
    return inverse_information(maximum.information), inverse_information(
        expected_information(maximum.at)
    )


def inverse_information(information: FloatArray) -> FloatArray:
    """Return the inverse; flat directions, of variances that are 0, are left out of it."""
    scale = np.sqrt(np.maximum(np.abs(np.diag(information)), 1e-300))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    kept = values > 1e-9 * max(float(values.max()), 0.0)
    inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
    return np.asarray(inverse / np.outer(scale, scale))


def _fit_one(data: VisitData, problem: Problem, name: str) -> Fit | str:
    lacking = lack_of_support(name, _counts(data)) or no_remainder(name, _sizes(data))
    if lacking:
        return lacking
    structure = STRUCTURES[name](data.n_visits, data.n_groups)
    if structure.n_parameters >= data.observations.n:
        return f"it has {structure.n_parameters} parameters for {data.observations.n} observations"
    maximum = maximise(problem, structure, starts(data, structure))
    if maximum.failure:
        return maximum.failure
    if _is_singular(structure.visit_covariance(maximum.at.theta)):
        return RUNAWAY
    return Fit(structure=structure, maximum=maximum)


def _counts(data: VisitData) -> list[IntArray]:
    people = data.observations.participants
    return [pair_counts(people[mine], data.visits[mine], data.n_visits) for mine in data.in_groups]


def _sizes(data: VisitData) -> list[FloatArray]:
    """Residual sum of squares of least squares at each visit, as a share of the whole."""
    squares = data.observations.basis[:, -1] ** 2
    shares = squares / squares.sum()
    return [
        np.bincount(data.visits[mine], shares[mine], minlength=data.n_visits).astype(float)
        for mine in data.in_groups
    ]


def _is_singular(covariances: FloatArray | None) -> bool:
    """Whether the covariance of all visits is, though those of no pattern are."""
    if covariances is None:
        return False
    sd = np.sqrt(np.diagonal(covariances, axis1=-2, axis2=-1))
    correlation = covariances / (sd[..., :, None] * sd[..., None, :])
    return bool(np.linalg.eigvalsh(correlation)[..., 0].min() < SINGULAR)


def _none_fitted(tried: Sequence[FailedStructure]) -> str:
    told = "; ".join(f"{STRUCTURE_WORDS[each.name]}: {each.reason}" for each in tried)
    return (
        f"the covariance over visits cannot be estimated ({told}); allowed: a structure that these "
        "visits support. Choose one with fewer parameters, such as compound_symmetry, leave out "
        "visits with few participants, or let fallbacks be tried."
    )
