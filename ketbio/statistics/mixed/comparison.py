"""Models compared: likelihood ratios between nested ones, AIC and BIC between any."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.mixed.model import MixedModel
from ketbio.wording import join_words

_WITHIN: dict[str, tuple[str, ...]] = {
    "compound_symmetry": ("toeplitz", "heterogeneous_compound_symmetry"),
    "ar1": ("toeplitz", "heterogeneous_ar1", "ante_dependence"),
    "toeplitz": ("heterogeneous_toeplitz",),
    "ante_dependence": ("heterogeneous_ante_dependence",),
    "heterogeneous_compound_symmetry": ("heterogeneous_toeplitz",),
    "heterogeneous_ar1": ("heterogeneous_toeplitz", "heterogeneous_ante_dependence"),
    "heterogeneous_toeplitz": ("unstructured",),
    "heterogeneous_ante_dependence": ("unstructured",),
}
"""Structure → those that contain it in one step."""

BOUNDARY = (
    "Under the smaller model a variance of the larger one is 0, at the edge of what it can be: the "
    "chi-squared distribution does not hold there, and this p value is too large (conservative)."
)
LARGE_SAMPLES = (
    "The chi-squared distribution of a likelihood ratio is an approximation for many participants."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodRatioTest:
    """Two nested models compared.

    Attributes
    ----------
    statistic : float
        Twice the difference of the log-likelihoods, larger − smaller model.
    df : int
        Parameters that the larger model has more.
    p_value : float
        From the chi-squared distribution.
    asks_about : str
        ``"covariance"`` or ``"fixed effects"``, or both.
    method : str
        ``"REML"`` or ``"ML"``.
    warnings : tuple of str
        Sentences that a reader must see.
    """

    statistic: float
    df: int
    p_value: float
    asks_about: str
    method: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationCriteria:
    """One model's line among others.

    Attributes
    ----------
    name : str
        What the model was called.
    structure : str
        The covariance fitted.
    log_likelihood : float
        Restricted where the method is REML.
    n_parameters : int
        Of those that AIC and BIC count.
    aic, bic : float
        Smaller is better; BIC counts participants.
    """

    name: str
    structure: str
    log_likelihood: float
    n_parameters: int
    aic: float
    bic: float


def likelihood_ratio_test(smaller: MixedModel, larger: MixedModel) -> LikelihoodRatioTest:
    """Test whether the larger of two nested models fits better than chance would make it.

    Parameters
    ----------
    smaller, larger : MixedModel
        Fitted to the same rows by the same method: covariance structures by REML (with the same
        fixed effects) or ML, fixed effects by ML.

    Returns
    -------
    LikelihoodRatioTest
        With a warning where a variance lies at its boundary.

    Raises
    ------
    StatisticsError
        The models are not of the same rows or method, differ in fixed effects under REML, or are
        not nested.

    Examples
    --------
    >>> from ketbio.statistics.mmrm import fit_mixed_model
    >>> y = [30, 20, 24, 28, 21, 20, 35, 22, 30, 31, 27, 24, 29, 26, 20]
    >>> design = np.column_stack([np.ones(15), [0, 1, 0] * 5, [0, 0, 1] * 5])
    >>> models = [fit_mixed_model(y, design, participants=np.repeat([1, 2, 3, 4, 5], 3),
    ...     visits=[0, 1, 2] * 5, structure=word) for word in ("compound_symmetry", "toeplitz")]
    >>> found = likelihood_ratio_test(*models)
    >>> found.df, found.statistic > 0, found.method
    (1, True, 'REML')
    """
    _refuse_other_rows(smaller, larger)
    asks = []
    if not _same_span(smaller, larger):
        _refuse_fixed(smaller, larger)
        asks.append("fixed effects")
    is_other = _covariance_key(smaller) != _covariance_key(larger)
    if is_other:
        _refuse_structures(smaller, larger)
        asks.append("covariance")
    df = larger.n_parameters - smaller.n_parameters + larger.n_columns - smaller.n_columns
    if df <= 0:
        raise StatisticsError(
            "the two models have as many parameters; allowed: the smaller model first and then "
            "one that contains it. Compare such models by AIC or BIC."
        )
    statistic = max(2 * (larger.log_likelihood - smaller.log_likelihood), 0.0)
    at_edge = is_other and larger.random_covariance is not None
    return LikelihoodRatioTest(
        statistic=statistic,
        df=df,
        p_value=float(stats.chi2.sf(statistic, df)),
        asks_about=" and ".join(asks),
        method=smaller.method.upper(),
        warnings=(LARGE_SAMPLES, *([BOUNDARY] if at_edge else [])),
    )


def compare_models(models: Mapping[str, MixedModel]) -> tuple[InformationCriteria, ...]:
    """Return each model's AIC and BIC, the smallest AIC first.

    Parameters
    ----------
    models : mapping of str to MixedModel
        Name → model; all of the same rows and by the same method, under REML with the same fixed
        effects.

    Raises
    ------
    StatisticsError
        The models cannot be compared, or there are none.
    """
    if not models:
        raise StatisticsError("models is empty; allowed: at least one fitted model by its name.")
    first = next(iter(models.values()))
    for other in models.values():
        _refuse_other_rows(first, other)
        if first.method == "reml" and not _same_span(first, other):
            raise StatisticsError(_REML_FIXED)
    lines = [
        InformationCriteria(
            name=name,
            structure=model.structure.name,
            log_likelihood=model.log_likelihood,
            n_parameters=model.n_counted,
            aic=model.aic,
            bic=model.bic,
        )
        for name, model in models.items()
    ]
    return tuple(sorted(lines, key=lambda line: line.aic))


_REML_FIXED = (
    "the models differ in their fixed effects and were fitted by REML, whose likelihoods are then "
    "of different data; allowed: ML for fixed effects. Fit both with method='ml'."
)


def _refuse_other_rows(one: MixedModel, other: MixedModel) -> None:
    if one.method != other.method:
        raise StatisticsError(
            f"one model was fitted by {one.method.upper()} and the other by "
            f"{other.method.upper()}; allowed: the same method. Fit both by one."
        )
    same = one.response.shape == other.response.shape and all(
        np.array_equal(*pair)
        for pair in (
            (one.response, other.response),
            (one.participants, other.participants),
            (one.weights, other.weights),
        )
    )
    if not same:
        raise StatisticsError(
            f"the models are of different rows ({one.n_observations} and {other.n_observations} "
            "observations, or other values); allowed: models of the same rows in the same order. "
            "Leave out what is missing in either, and fit both again."
        )


def _same_span(one: MixedModel, other: MixedModel) -> bool:
    return one.n_columns == other.n_columns and _is_within(one, other)


def _is_within(small: MixedModel, large: MixedModel) -> bool:
    basis, _ = np.linalg.qr(large.design)
    left = small.design - basis @ (basis.T @ small.design)
    sizes = np.linalg.norm(small.design, axis=0)
    return bool((np.linalg.norm(left, axis=0) <= 1e-8 * sizes).all())


def _refuse_fixed(smaller: MixedModel, larger: MixedModel) -> None:
    if smaller.method == "reml":
        raise StatisticsError(_REML_FIXED)
    if not _is_within(smaller, larger):
        raise StatisticsError(
            "the fixed effects of the first model are not among those of the second; allowed: the "
            "smaller model first, every column of it part of the larger. Compare others by AIC."
        )


def _covariance_key(model: MixedModel) -> tuple[str, tuple[str, ...]]:
    return model.structure.name, model.structure.parameter_names


def _refuse_structures(smaller: MixedModel, larger: MixedModel) -> None:
    names = smaller.structure.name, larger.structure.name
    if names == ("random_effects",) * 2:
        if set(smaller.structure.parameter_names) < set(larger.structure.parameter_names):
            return
    elif names[0] == names[1] or names[1] in _containing(names[0]):
        return
    wider = [repr(name) for name in sorted(_containing(names[0]))]
    listed = join_words(wider, last="or") if wider else "none; compare by AIC or BIC"
    raise StatisticsError(
        f"{names[0]!r} is not known to be contained in {names[1]!r}; allowed beside {names[0]!r}: "
        f"{listed}. Give the smaller model first."
    )


def _containing(name: str) -> set[str]:
    found = set(_WITHIN.get(name, ()))
    for wider in tuple(found):
        found |= _containing(wider)
    return found
