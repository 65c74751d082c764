"""Contrasts of fixed effects: one row gives a t test with its interval, several an F test."""

from dataclasses import dataclass
from math import isinf, isnan, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_array, check_level, check_word
from ketbio.statistics.mixed.degrees_of_freedom.denominators import Denominator, denominator
from ketbio.statistics.mixed.degrees_of_freedom.quantiles import t_above, t_quantile
from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.record_words import estimate_in_words, p_in_words, shown
from ketbio.statistics.records import NAN, FloatArray
from ketbio.wording import count_of, format_number

ALTERNATIVES = ("two-sided", "less", "greater")

DEPENDENT = 1e-10
"""A row of which less than this share is left follows from others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class ContrastTest:
    """A linear contrast of the fixed effects, tested.

    Attributes
    ----------
    estimate : float
        lᵀβ in units of the response; NaN for a contrast of several dimensions.
    standard_error : float
        Of the estimate (Kenward–Roger: adjusted); NaN for several dimensions.
    df : float
        Denominator degrees of freedom; infinite for the normal approximation.
    num_df : int
        The rank of the contrast.
    statistic : float
        t, or F (Kenward–Roger: scaled by ``scale``).
    statistic_name : str
        ``"t(23.4)"``, ``"z"``, ``"F(3, 41.2)"`` or ``"chi-squared(3)"`` (over its df).
    p_value : float
        Of the contrast against ``null``.
    ci_low, ci_high : float
        Confidence limits of the estimate: one of them infinite for a one-sided alternative; NaN
        for several dimensions.
    ci_level : float
        Confidence level, 0 to 1.
    null : float
        What the estimate was tested against (NaN where several rows had several nulls).
    alternative : str
        ``"two-sided"``, ``"less"`` or ``"greater"``.
    scale : float
        λ of Kenward & Roger; 1 elsewhere.
    method : str
        How covariance and degrees of freedom were made.
    warnings : tuple of str
        Sentences that a reader of the numbers must see.
    """

    estimate: float
    standard_error: float
    df: float
    num_df: int
    statistic: float
    statistic_name: str
    p_value: float
    ci_low: float
    ci_high: float
    ci_level: float
    null: float
    alternative: str
    scale: float
    method: str
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return estimate and interval first, p after."""
        head = f"F = {format_number(self.statistic)}"
        if self.num_df == 1:
            head = estimate_in_words(
                "estimate", self.estimate, self.ci_low, self.ci_high,
                level=self.ci_level, method="",
            )  # fmt: skip
        words = p_in_words(self.p_value, f"{self.statistic_name}; {self.method}", self.alternative)
        return shown("ContrastTest", head, words, warnings=self.warnings)


def contrast_test(
    model: MixedModel,
    contrast: ArrayLike,
    *,
    df: str | None = None,
    null: ArrayLike = 0.0,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    information: str | None = None,
    covariance: str = "model",
) -> ContrastTest:
    """Test a contrast of the fixed effects of a mixed model.

    Parameters
    ----------
    model : MixedModel
        As `fit_mixed_model` or `fit_random_effects` returns it.
    contrast : array-like of numbers, shape (p,) or (q, p)
        One weight per coefficient; several rows are tested together. Rows that follow from others
        add nothing.
    df : str, optional
        ``"kenward_roger_linear"`` (the default: no second derivatives, as SAS gives it for an
        unstructured covariance), ``"kenward_roger"`` (with the second derivatives in the
        structure's parameterisation, as R mmrm's default), ``"satterthwaite"``,
        ``"between_within"``, ``"residual"`` or ``"normal"``. With a robust covariance the default
        is ``"satterthwaite"`` of Bell & McCaffrey (2002).
    null : float, or array-like of shape (q,)
        What the contrast is tested against, in units of the response.
    alternative : {"two-sided", "less", "greater"}
        Of one row; several rows are two-sided.
    confidence_level : float
        Of the interval, one-sided where the alternative is.
    information : {"observed", "expected"}, optional
        Of the covariance parameters. When None: expected for Kenward–Roger with random effects
        (as R pbkrtest), observed otherwise (as SAS, R mmrm and lmerTest).
    covariance : {"model", "CR0", "CR2", "CR3"}
        The model's own, or a sandwich: CR2 is unbiased where the model is right, CR3 is the
        jackknife.

    Returns
    -------
    ContrastTest
        Estimate with interval, or F.

    Raises
    ------
    StatisticsError
        A contrast that does not fit the model, an unknown word, a one-sided F, or Kenward–Roger of
        a model that was not fitted by REML.

    Notes
    -----
    Kenward & Roger (1997), Satterthwaite (1946), in several dimensions Fai & Cornelius (1996). For
    one row Kenward–Roger has the degrees of freedom of Satterthwaite and another standard error.

    Examples
    --------
    >>> from ketbio.statistics.mmrm import fit_mixed_model
    >>> before, after = [20, 24, 22, 27, 25], [14, 21, 15, 22, 23]
    >>> people = [1, 2, 3, 4, 5] * 2
    >>> visits = [0] * 5 + [1] * 5
    >>> design = [[1, visit] for visit in visits]
    >>> model = fit_mixed_model(before + after, design, participants=people, visits=visits,
    ...     structure="compound_symmetry")
    >>> found = contrast_test(model, [0, 1])
    >>> round(found.estimate, 4), round(found.standard_error, 4), round(found.df, 4)
    (-4.6, 0.9274, 4.0)
    """
    check_word("alternative", alternative, ALTERNATIVES)
    rows, against = as_contrast(contrast, null, model.coefficients.size)
    made = denominator(model, df=df, information=information, covariance=covariance)
    level = check_level(confidence_level)
    return evaluate_rows(
        made, model.coefficients, rows, against, alternative=alternative, level=level
    )


def as_contrast(contrast: ArrayLike, null: ArrayLike, p: int) -> tuple[FloatArray, FloatArray]:
    """Return a contrast as (q, p) rows of full rank with their nulls (q,), or refuse it."""
    return _independent(*as_rows(contrast, null, p))


def as_rows(contrast: ArrayLike, null: ArrayLike, p: int) -> tuple[FloatArray, FloatArray]:
    """Return contrasts as (q, p) rows with their nulls (q,), or refuse them."""
    given = as_array(contrast, "contrast")
    is_shaped = given.ndim in (1, 2) and given.size > 0 and given.shape[-1] == p
    if given.dtype.kind not in "iufb" or not is_shaped:
        raise StatisticsError(
            f"contrast has shape {given.shape} and type {given.dtype}; allowed: {p} numbers per "
            "row, one for each coefficient of the model."
        )
    rows = np.atleast_2d(given.astype(np.float64))
    against = as_array(null, "null")
    if against.dtype.kind not in "iuf" or against.ndim > 1 or against.size not in (1, len(rows)):
        raise StatisticsError(
            f"null has shape {against.shape} and type {against.dtype}, and the contrast has "
            f"{count_of(len(rows), 'row')}; allowed: one number, or one per row."
        )
    if not (np.isfinite(rows).all() and np.isfinite(against).all()):
        raise StatisticsError("contrast or null holds NaN or infinity; allowed: finite numbers.")
    if not rows.any(axis=1).all():
        raise StatisticsError("contrast holds a row of nothing but zeros; allowed: some weight.")
    return rows, np.broadcast_to(against.astype(np.float64).ravel(), len(rows))


def _independent(rows: FloatArray, against: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the rows as they are where they are independent, else a basis of what they span."""
    if rows.shape[0] == 1:
        return rows, against
    left, size, right = np.linalg.svd(rows, full_matrices=False)
    kept = size > DEPENDENT * size[0]
    if kept.all() and rows.shape[0] <= rows.shape[1]:
        return rows, against
    turned = left.T @ against
    basis, nulls = right[kept], turned[kept] / size[kept]
    if not np.allclose(left[:, kept] @ turned[kept], against):
        raise StatisticsError(
            "null contradicts itself: rows of the contrast follow from others and their nulls do "
            "not; allowed: nulls that can all be true together."
        )
    return basis, nulls


def evaluate_rows(
    made: Denominator,
    coefficients: FloatArray,
    rows: FloatArray,
    against: FloatArray,
    *,
    alternative: str,
    level: float,
) -> ContrastTest:
    """Test rows of full rank with a denominator that was made before."""
    if rows.shape[0] == 1:
        null = float(against[0])
        return _t_test(made, coefficients, rows, null=null, alternative=alternative, level=level)
    if alternative != "two-sided":
        raise StatisticsError(
            f"alternative is {alternative!r} for a contrast of {rows.shape[0]} rows; allowed: "
            "'two-sided'. An F test has no side."
        )
    return _f_test(made, coefficients, rows, against, level)


def _t_test(
    made: Denominator,
    coefficients: FloatArray,
    rows: FloatArray,
    *,
    null: float,
    alternative: str,
    level: float,
) -> ContrastTest:
    estimate = float(rows[0] @ coefficients)
    error = sqrt(float(made.spread(rows)[0, 0]))
    _, df = made.match(rows)
    t = (estimate - null) / error
    reach = error * t_quantile(level if alternative != "two-sided" else (1 + level) / 2, df)
    return ContrastTest(
        estimate=estimate,
        standard_error=error,
        df=df,
        num_df=1,
        statistic=t,
        statistic_name="z" if isinf(df) else f"t({df:.1f})",
        p_value=float(_TAILS[alternative](t, df)),
        ci_low=-np.inf if alternative == "less" else estimate - reach,
        ci_high=np.inf if alternative == "greater" else estimate + reach,
        ci_level=level,
        null=null,
        alternative=alternative,
        scale=1.0,
        method=made.words,
        warnings=made.warnings,
    )


def _f_test(
    made: Denominator, coefficients: FloatArray, rows: FloatArray, against: FloatArray, level: float
) -> ContrastTest:
    q = rows.shape[0]
    away = rows @ coefficients - against
    scale, df = made.match(rows)
    f = scale * float(away @ np.linalg.solve(made.spread(rows), away)) / q
    p = stats.chi2.sf(f * q, q) if isinf(df) else stats.f.sf(f, q, df)
    name = f"F({q})" if isnan(df) else f"F({q}, {df:.1f})"
    return ContrastTest(
        estimate=NAN,
        standard_error=NAN,
        df=df,
        num_df=q,
        statistic=f,
        statistic_name=f"chi-squared({q}), divided by it" if isinf(df) else name,
        p_value=float(p),
        ci_low=NAN,
        ci_high=NAN,
        ci_level=level,
        null=float(against[0]) if np.ptp(against) == 0 else NAN,
        alternative="two-sided",
        scale=scale,
        method=made.words,
        warnings=(*made.warnings, *made.joint_warnings, *([NO_MATCH] if isnan(df) else [])),
    )


NO_MATCH = (
    "No F distribution matches the mean and the variance of this statistic: there are too few "
    "degrees of freedom for a test of all these contrasts at once. Read them one by one."
)
_TAILS = {
    "two-sided": lambda t, df: 2 * t_above(abs(t), df),
    "less": lambda t, df: t_above(-t, df),
    "greater": t_above,
}
