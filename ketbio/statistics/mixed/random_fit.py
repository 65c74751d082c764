"""Fitting of random effects, where a variance of 0 is a solution like any other."""

import numpy as np

from ketbio.errors import StatisticsError
from ketbio.statistics.mixed.arrays import Observations
from ketbio.statistics.mixed.fitting import coefficients_of, inverse_information, problem_of
from ketbio.statistics.mixed.information import expected_information, observed_information
from ketbio.statistics.mixed.likelihood import Likelihood, Problem
from ketbio.statistics.mixed.maximum import FLAT_TOP, Maximum, maximise
from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.mixed.patterns import IntArray, gather_patterns
from ketbio.statistics.mixed.structures.random_effects import (
    EffectsShape,
    RandomEffects,
    RelativeFactor,
)
from ketbio.statistics.records import FloatArray

CANNOT = (
    "the random effects cannot be estimated ({why}); allowed: effects that rows of the same "
    "participant can tell apart. Leave out a random slope, or make the effects independent."
)

NEGLIGIBLE = 1e-4
"""Standard deviation, as a share of the residual's, below which a random effect counts as absent
(lme4's tolerance), and share of one that others leave below which they are perfectly correlated."""


def fit_effects(
    observations: Observations,
    z: FloatArray,
    *,
    units: FloatArray | None,
    is_diagonal: bool,
    is_reml: bool,
    names: tuple[str, ...],
) -> MixedModel:
    """Fit random effects of the columns ``z``.

    Raises
    ------
    StatisticsError
        No two rows share a participant, or the search does not end at a maximum.
    """
    if observations.n_participants == observations.n:
        raise StatisticsError(
            "every participant has one row, so that random effects cannot be told from the "
            "residual; allowed: two rows or more of some participants. Use ordinary regression."
        )
    scaled = z * np.sqrt(observations.weights)[:, None]
    codes = None if units is None else _unit_codes(units)
    visits = _row_numbers(observations.participants)
    patterns = gather_patterns(observations.participants, visits, z=scaled, units=codes)
    shape = EffectsShape(
        n_effects=z.shape[1],
        is_diagonal=is_diagonal,
        n_levels=0 if codes is None else codes.shape[1],
        names=names,
    )
    problem = problem_of(observations, patterns, is_reml=is_reml)
    relative = RelativeFactor(shape)
    sizes = np.sqrt(np.mean(scaled**2, axis=0))
    maximum, told = _maximum(problem, relative, observations, sizes)
    linear = RandomEffects(shape)
    theta = relative.variances(maximum.at.theta)
    at = Likelihood(problem, linear, theta)
    coefficients, covariance = coefficients_of(observations, maximum.at)
    return MixedModel(
        names=observations.names,
        coefficients=coefficients,
        covariance=covariance,
        log_likelihood=maximum.at.value,
        method="reml" if is_reml else "ml",
        n_observations=observations.n,
        n_participants=observations.n_participants,
        structure=linear,
        structure_asked=linear.name,
        parameters=theta,
        parameter_covariance=_observed_covariance(relative, maximum, at, is_at_boundary=bool(told)),
        expected_parameter_covariance=inverse_information(expected_information(at)),
        visit_covariance=None,
        patterns=patterns,
        tried=(),
        warnings=told,
        response=observations.response,
        weights=observations.weights,
        design=observations.design,
        participants=observations.participants,
        visits=visits,
        random_covariance=linear.effects_covariance(theta),
        unit_variances=tuple(theta[shape.n_free : -1].tolist()),
        residual_variance=float(theta[-1]),
    )


def _maximum(
    problem: Problem, relative: RelativeFactor, observations: Observations, sizes: FloatArray
) -> tuple[Maximum, tuple[str, ...]]:
    """The maximum, and what is to be said of variances that are 0."""
    rest = observations.basis[:, -1]
    start = relative.start(float(rest @ rest) / observations.n, sizes)
    maximum = maximise(problem, relative, [start], may_be_flat=True)
    if maximum.failure:
        raise StatisticsError(CANNOT.format(why=maximum.failure))
    told = _warnings(relative, maximum.at.theta, sizes)
    if maximum.is_flat and not told:
        raise StatisticsError(CANNOT.format(why=FLAT_TOP))
    return maximum, told


def _observed_covariance(
    relative: RelativeFactor, maximum: Maximum, at: Likelihood, *, is_at_boundary: bool
) -> FloatArray:
    """Covariance of the variances by the observed information.

    At a boundary ℓ is not level in the variances, but in the relative factor it is: its
    information is carried over, as lmerTest has it, and a variance of 0 counts as known.
    """
    if not is_at_boundary:
        return inverse_information(observed_information(at))
    jacobian = relative.jacobian(maximum.at.theta)
    return np.asarray(jacobian @ inverse_information(maximum.information) @ jacobian.T)


def _row_numbers(participants: IntArray) -> IntArray:
    """0, 1, … within each participant, in the order given."""
    order = np.argsort(participants, kind="stable")
    counts = np.bincount(participants)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    out = np.empty_like(participants)
    out[order] = np.arange(participants.size) - starts
    return out


def _unit_codes(units: FloatArray) -> IntArray:
    columns = [np.unique(column, return_inverse=True)[1] for column in units.T]
    return np.column_stack(columns).astype(np.intp)


def _warnings(relative: RelativeFactor, theta: FloatArray, sizes: FloatArray) -> tuple[str, ...]:
    shape, factor = relative.shape, relative.factor(theta)
    sds = np.sqrt((factor**2).sum(axis=1))
    told = [
        f"the variance of {name} is estimated as 0: participants do not differ in it beyond what "
        "chance gives"
        for name, sd in zip(shape.effect_names, (sds * sizes).tolist(), strict=True)
        if sd < NEGLIGIBLE
    ]
    told += [
        f"the variance of units {level + 1} is estimated as 0"
        for level, sd in enumerate(np.abs(theta[shape.n_free : -1]).tolist())
        if sd < NEGLIGIBLE
    ]
    if not told and (np.abs(np.diag(factor)) / sds).min() < NEGLIGIBLE:
        told.append(
            "the random effects are estimated as perfectly correlated: their covariance is singular"
        )
    return tuple(f"{sentence[0].upper()}{sentence[1:]}." for sentence in told)
