"""The methods by name: each gives a covariance of the fixed effects and a denominator."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.linalg import eigh

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import check_word
from ketbio.statistics.mixed.degrees_of_freedom.between_within import between_within_df
from ketbio.statistics.mixed.degrees_of_freedom.kenward_roger import adjusted_covariance, scaled_f
from ketbio.statistics.mixed.degrees_of_freedom.orthonormal import in_orthonormal_columns
from ketbio.statistics.mixed.degrees_of_freedom.robust import POWERS, robust_covariance
from ketbio.statistics.mixed.degrees_of_freedom.satterthwaite import eigen_df, satterthwaite_df
from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.records import FloatArray

INFORMATION = ("observed", "expected")
COVARIANCES = ("model", *POWERS)

Match = Callable[[FloatArray], tuple[float, float]]
"""A contrast (q, p) of full row rank → the scale of its F, and its denominator df."""


@dataclass(frozen=True, slots=True, eq=False)
class Denominator:
    """What a test of fixed effects is made with.

    Attributes
    ----------
    covariance : array of shape (p, p)
        Of the fixed effects.
    match : callable
        A contrast (q, p) → the scale of its F, and its denominator degrees of freedom.
    words : str
        The method as written for readers.
    warnings : tuple of str
        Sentences that a reader must see.
    joint_warnings : tuple of str
        Those of tests of several rows at once.
    """

    covariance: FloatArray
    match: Match
    words: str
    warnings: tuple[str, ...] = ()
    joint_warnings: tuple[str, ...] = ()

    def spread(self, rows: FloatArray) -> FloatArray:
        """Return the covariance (q, q) of contrasts (q, p).

        Raises
        ------
        StatisticsError
            It is none: second derivatives can take more from a variance than there is.
        """
        spread: FloatArray = rows @ self.covariance @ rows.T
        size = np.sqrt(np.maximum(np.diag(spread), 0.0))
        if not (size > 0).all() or np.linalg.eigvalsh(spread / np.outer(size, size))[0] <= 0:
            raise StatisticsError(NO_VARIANCE.format(words=self.words))
        return spread


def denominator(
    model: MixedModel, *, df: str | None, information: str | None, covariance: str
) -> Denominator:
    """Return the denominator asked for; None takes the default of the model and covariance.

    Raises
    ------
    StatisticsError
        An unknown word; Kenward–Roger with a robust covariance or without REML.
    """
    check_word("covariance", covariance, COVARIANCES)
    default = "kenward_roger_linear" if covariance == "model" else "satterthwaite"
    method = default if df is None else check_word("df", df, METHODS)
    is_random = model.random_covariance is not None
    usual = "expected" if is_random and method.startswith("kenward") else "observed"
    kind = usual if information is None else check_word("information", information, INFORMATION)
    if covariance != "model":
        return _robust(model, method, covariance)
    return METHODS[method](model, kind)


def _parameter_covariance(model: MixedModel, information: str) -> FloatArray:
    is_expected = information == "expected"
    return model.expected_parameter_covariance if is_expected else model.parameter_covariance


def _kenward_roger(model: MixedModel, information: str, *, is_linear: bool) -> Denominator:
    if model.method != "reml":
        raise StatisticsError(
            f"df is Kenward–Roger and the model was fitted by {model.method.upper()}; allowed: "
            "REML. Fit it by REML, or take df='satterthwaite'."
        )
    weights = _parameter_covariance(model, information)
    turned, back = in_orthonormal_columns(model)
    sums, phi = turned.kenward_roger_sums(with_second=not is_linear), turned.covariance
    form = "Kenward–Roger, linear form" if is_linear else "Kenward–Roger with second derivatives"
    adjusted = adjusted_covariance(phi, sums, weights)
    least = float(eigh(adjusted, phi, eigvals_only=True)[0])
    return Denominator(
        covariance=back @ adjusted @ back.T,
        match=lambda contrast: scaled_f(contrast @ back, phi, sums.p, weights),
        words=f"{form}, {information} information",
        warnings=(MADE_SMALLER,) if least < SMALLER else (),
    )


def _satterthwaite(model: MixedModel, information: str) -> Denominator:
    weights = _parameter_covariance(model, information)
    turned, back = in_orthonormal_columns(model)
    gradient, phi = turned.kenward_roger_sums().p, turned.covariance
    of_row = partial(satterthwaite_df, phi=phi, gradient=gradient, weights=weights)
    return Denominator(
        covariance=model.covariance,
        match=lambda contrast: (1.0, eigen_df(contrast @ back, phi, of_row)),
        words=f"Satterthwaite, {information} information",
        joint_warnings=(JOINTLY_TOO_SMALL,),
    )


def _between_within(model: MixedModel, _: str) -> Denominator:
    return Denominator(
        covariance=model.covariance,
        match=lambda contrast: (1.0, between_within_df(model, contrast)),
        words="between–within degrees of freedom",
    )


def _residual(model: MixedModel, _: str) -> Denominator:
    left = float(model.n_observations - model.coefficients.size)
    return Denominator(
        covariance=model.covariance,
        match=lambda _: (1.0, left),
        words="residual degrees of freedom",
    )


def _normal(model: MixedModel, _: str) -> Denominator:
    return Denominator(
        covariance=model.covariance,
        match=lambda _: (1.0, np.inf),
        words="normal approximation",
        warnings=(TOO_SMALL,),
    )


def _robust(model: MixedModel, method: str, kind: str) -> Denominator:
    if method.startswith("kenward"):
        raise StatisticsError(
            f"df is {method!r} with covariance {kind!r}; allowed: 'satterthwaite', "
            "'between_within', 'residual', 'normal'. Kenward–Roger adjusts the model's own "
            "covariance only."
        )
    turned, back = in_orthonormal_columns(model)
    found = robust_covariance(turned, kind)
    if method == "satterthwaite":
        words = "Satterthwaite of Bell & McCaffrey"
        match: Match = lambda rows: (1.0, eigen_df(rows @ back, found.covariance, found.df))  # noqa: E731
    else:
        rule = METHODS[method](model, "observed")
        words, match = rule.words, rule.match
    return Denominator(
        covariance=back @ found.covariance @ back.T,
        match=match,
        words=f"{kind} robust covariance, {words}",
        warnings=found.warnings,
    )


SMALLER = 0.9
"""Share of a variance that is left of it by an adjustment, below which that is said."""

MADE_SMALLER = (
    "Second derivatives made variances of the fixed effects smaller than if the covariance over "
    "visits were known: with few participants such intervals can be too narrow and p values too "
    "small. The linear form does not do so."
)

NO_VARIANCE = (
    "{words}: a contrast is left with a variance that is not above 0, and so without a standard "
    "error, as there are too few participants for it; allowed: what leaves every contrast "
    "uncertain. Take df='kenward_roger_linear' or 'satterthwaite'."
)

TOO_SMALL = (
    "The normal approximation takes the covariance as known: with few participants its p values "
    "are too small and its intervals too narrow."
)

JOINTLY_TOO_SMALL = (
    "Satterthwaite's F of several contrasts at once takes their covariance as known: with few "
    "participants its p values are far too small. Kenward–Roger's is scaled for that."
)

METHODS: dict[str, Callable[[MixedModel, str], Denominator]] = {
    "kenward_roger_linear": partial(_kenward_roger, is_linear=True),
    "kenward_roger": partial(_kenward_roger, is_linear=False),
    "satterthwaite": _satterthwaite,
    "between_within": _between_within,
    "residual": _residual,
    "normal": _normal,
}
"""How denominators are made: word → function of the model and the kind of information."""
