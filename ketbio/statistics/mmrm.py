"""Mixed models for repeated measures, and with random effects, by REML or ML.

y_i = X_i β + ε_i, with ε_i of covariance Σ_i(θ) for each participant i: for a trial's visits (MMRM)
Σ_i is cut out of a covariance over all visits (Jennrich & Schluchter 1986), whichever visits were
observed, so that under missingness at random nothing is imputed; with random effects it is
Z_i D Z_iᵀ + σ² I (Laird & Ware 1982; Lindstrom & Bates 1988). Fitted by Newton's method with
analytic first and second derivatives, on sums over participants with the same visits: twenty
thousand participants take hardly longer than two hundred.

Values agree with R's nlme, lme4 and mmrm and with SAS PROC MIXED (see the tests). Degrees of
freedom and tests are made from the fitted model by `contrast_test`.
"""

from collections.abc import Sequence

from numpy.typing import ArrayLike

from ketbio.statistics.inputs import check_flag, check_word
from ketbio.statistics.mixed.arrays import as_columns, as_observations
from ketbio.statistics.mixed.fitting import (
    Fit,
    coefficients_of,
    covariances_of_parameters,
    fit_chain,
)
from ketbio.statistics.mixed.model import FailedStructure, MixedModel
from ketbio.statistics.mixed.random_fit import fit_effects
from ketbio.statistics.mixed.structures.choice import (
    DEFAULT_CHAIN,
    STRUCTURE_WORDS,
    STRUCTURES,
)
from ketbio.statistics.mixed.visit_data import VisitData, as_visit_data
from ketbio.wording import count_of

__all__ = ["DEFAULT_CHAIN", "MixedModel", "fit_mixed_model", "fit_random_effects"]

METHODS = ("reml", "ml")


def fit_mixed_model(
    response: ArrayLike,
    design: ArrayLike,
    *,
    participants: ArrayLike,
    visits: ArrayLike,
    structure: str = "unstructured",
    n_visits: int | None = None,
    groups: ArrayLike | None = None,
    times: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    method: str = "reml",
    fallbacks: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
) -> MixedModel:
    """Fit fixed effects with a covariance over visits (MMRM).

    Parameters
    ----------
    response : array-like of numbers, shape (n,)
        One row per participant and visit observed; leave rows without a value out.
    design : array-like of numbers, shape (n, p)
        Columns of the fixed effects, the intercept among them; of full rank.
    participants : array-like of labels, shape (n,)
        Who each row belongs to, in any order.
    visits : array-like of int, shape (n,)
        Codes 0, 1, … in order of time.
    structure : str
        A word of ``STRUCTURES``: ``"unstructured"``, ``"heterogeneous_toeplitz"``,
        ``"toeplitz"``, ``"heterogeneous_ar1"``, ``"ar1"``, ``"heterogeneous_compound_symmetry"``,
        ``"compound_symmetry"``, ``"heterogeneous_ante_dependence"``, ``"ante_dependence"`` or
        ``"spatial_exponential"``.
    n_visits : int, optional
        How many visits there are; by default the largest code + 1.
    groups : array-like of labels, shape (n,), optional
        Each group gets covariance parameters of its own; one group per participant.
    times : array-like of numbers, shape (n,) or (n, d), optional
        Where each row was observed, for ``"spatial_exponential"``; by default the visit codes.
    weights : array-like of numbers, shape (n,), optional
        The variance of a row is divided by its weight (as in SAS and mmrm).
    method : {"reml", "ml"}
        Restricted or full maximum likelihood.
    fallbacks : sequence of str, optional
        Structures to try in turn where the one asked for cannot be fitted; by default those of
        `DEFAULT_CHAIN` that have no more parameters. ``()`` tries none.
    names : sequence of str, optional
        Of the columns.

    Returns
    -------
    MixedModel
        With ``tried`` and a warning where a fallback was taken.

    Raises
    ------
    StatisticsError
        An argument cannot be used, the design is singular, or no structure can be fitted.

    Notes
    -----
    A structure cannot be fitted if a variance or correlation of its own rests on fewer than two
    participants, if the search does not end at a maximum with positive definite observed
    information, or if the covariance there is singular. The parameters are those of R's mmrm.
    Jennrich & Schluchter (1986); Patterson & Thompson (1971) for REML.

    Examples
    --------
    Three participants at two visits: the estimate is the mean difference between the visits.

    >>> import numpy as np
    >>> design = np.column_stack([np.ones(6), np.tile([0, 1], 3)])
    >>> model = fit_mixed_model(
    ...     [30, 20, 28, 21, 35, 22], design, participants=list("AABBCC"),
    ...     visits=[0, 1] * 3, names=["intercept", "visit 2"],
    ... )
    >>> model
    <MixedModel: unstructured, reml; log-likelihood −8.68391; 3 participants; 6 observations>
      intercept: 31.0 (SE 2.08)
      visit 2: −10.0 (SE 1.73)
    """
    check_word("structure", structure, STRUCTURES)
    is_reml = check_word("method", method, METHODS) == "reml"
    observations = as_observations(response, design, participants, weights, names)
    further = None if fallbacks is None else _words(fallbacks)
    data = as_visit_data(
        observations,
        visits,
        n_visits=n_visits,
        groups=groups,
        times=times,
        is_spatial="spatial_exponential" in (structure, *(further or ())),
    )
    chain = _default_chain(structure, data) if further is None else further
    fit, tried = fit_chain(data, structure, chain, is_reml=is_reml)
    return _record(data, fit, tried, structure, method)


def fit_random_effects(
    response: ArrayLike,
    design: ArrayLike,
    random: ArrayLike,
    *,
    participants: ArrayLike,
    diagonal: bool = False,
    units: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    method: str = "reml",
    names: Sequence[str] | None = None,
    random_names: Sequence[str] | None = None,
) -> MixedModel:
    """Fit fixed effects with random effects of the participants: Σ = Z D Zᵀ + σ² I.

    Parameters
    ----------
    response : array-like of numbers, shape (n,)
        Any number of rows per participant.
    design : array-like of numbers, shape (n, p)
        Columns of the fixed effects.
    random : array-like of numbers, shape (n,) or (n, q)
        Columns Z of the random effects: ones for an intercept, days beside them for a slope.
    participants : array-like of labels, shape (n,)
        Who each row belongs to, in any order.
    diagonal : bool
        Whether the effects are independent (lme4's ``||``).
    units : array-like of int, shape (n,) or (n, levels), optional
        Codes of units within the participant (gels, batches), each with a random intercept.
    weights : array-like of numbers, shape (n,), optional
        The residual variance of a row is σ²/weight (as lme4's ``weights``).
    method : {"reml", "ml"}
        Restricted or full maximum likelihood.
    names, random_names : sequence of str, optional
        Of the columns of ``design`` and ``random``.

    Returns
    -------
    MixedModel
        ``parameters`` are the variances and covariances themselves, then σ². A variance estimated
        as 0, or a correlation of ±1, is a solution and a sentence in ``warnings``.

    Raises
    ------
    StatisticsError
        An argument cannot be used, the design is singular, or no two rows share a participant.

    Notes
    -----
    Laird & Ware (1982); the maximum is sought in lme4's relative factor (Bates and others 2015).

    Examples
    --------
    >>> import numpy as np
    >>> design = np.column_stack([np.ones(6), np.tile([0, 1], 3)])
    >>> model = fit_random_effects(
    ...     [30, 20, 28, 21, 35, 22], design, np.ones(6), participants=list("AABBCC")
    ... )
    >>> model.coefficients.round(3), model.parameters.round(3)
    (array([ 31., -10.]), array([2.5, 4.5]))
    """
    is_reml = check_word("method", method, METHODS) == "reml"
    observations = as_observations(response, design, participants, weights, names)
    return fit_effects(
        observations,
        as_columns(random, observations.n, "random"),
        units=None if units is None else as_columns(units, observations.n, "units"),
        is_diagonal=check_flag("diagonal", diagonal),
        is_reml=is_reml,
        names=tuple(random_names or ()),
    )


def _words(fallbacks: Sequence[str]) -> tuple[str, ...]:
    words = (fallbacks,) if isinstance(fallbacks, str) else tuple(fallbacks)
    return tuple(check_word("fallbacks", word, STRUCTURES) for word in words)


def _default_chain(structure: str, data: VisitData) -> tuple[str, ...]:
    """What has no more parameters than the structure asked for."""
    sizes = {
        name: STRUCTURES[name](data.n_visits, data.n_groups).n_parameters
        for name in (structure, *DEFAULT_CHAIN)
    }
    return tuple(
        name for name in DEFAULT_CHAIN if name != structure and sizes[name] <= sizes[structure]
    )


def _record(
    data: VisitData, fit: Fit, tried: tuple[FailedStructure, ...], asked: str, method: str
) -> MixedModel:
    observations, at = data.observations, fit.maximum.at
    coefficients, covariance = coefficients_of(observations, at)
    observed, expected = covariances_of_parameters(fit.maximum)
    return MixedModel(
        names=observations.names,
        coefficients=coefficients,
        covariance=covariance,
        log_likelihood=at.value,
        method=method,
        n_observations=observations.n,
        n_participants=observations.n_participants,
        structure=fit.structure,
        structure_asked=asked,
        parameters=at.theta,
        parameter_covariance=observed,
        expected_parameter_covariance=expected,
        visit_covariance=fit.structure.visit_covariance(at.theta),
        patterns=data.patterns,
        tried=tried,
        warnings=_warnings(fit, tried),
        response=observations.response,
        weights=observations.weights,
        design=observations.design,
        participants=observations.participants,
        visits=data.visits,
        group_labels=data.group_labels,
    )


def _warnings(fit: Fit, tried: tuple[FailedStructure, ...]) -> tuple[str, ...]:
    if not tried:
        return ()
    told = "; ".join(f"{STRUCTURE_WORDS[each.name]} ({each.reason})" for each in tried)
    taken = STRUCTURE_WORDS[fit.structure.name]
    return (
        f"{count_of(len(tried), 'covariance structure')} could not be fitted: {told}. The model "
        f"has {taken} instead.",
    )
