"""Several contrasts of one model at once: adjusted p values and simultaneous intervals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import check_level, check_seed, check_word
from ketbio.statistics.mixed.contrast import (
    ALTERNATIVES,
    ContrastTest,
    as_rows,
    evaluate_rows,
)
from ketbio.statistics.mixed.degrees_of_freedom.denominators import Denominator, denominator
from ketbio.statistics.mixed.degrees_of_freedom.quantiles import t_quantile
from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.mixed.multivariate_t import MOST, multivariate_t
from ketbio.statistics.multiplicity import LABELS, adjust_p
from ketbio.statistics.records import FloatArray

ADJUSTMENTS = ("mvt", *LABELS)

NOTICEABLE = 5e-4
"""Numerical error of a multivariate t probability from which it is said."""

_COVERED = {
    "mvt": "simultaneous, multivariate t",
    "holm": "simultaneous, Bonferroni",
    "hochberg": "simultaneous, Bonferroni",
    "fdr_bh": "each by itself",
    "fdr_by": "each by itself",
    "none": "each by itself",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SimultaneousTests:
    """Contrasts tested as one family.

    Attributes
    ----------
    tests : tuple of ContrastTest
        Each contrast by itself, in the order given.
    p_adjusted : array of shape (k,)
        Never below the contrast's own p.
    ci_low, ci_high : array of shape (k,)
        Confidence limits, of what ``interval`` says.
    critical_values : array of shape (k,)
        Multiples of the standard error that the limits are away from the estimate.
    correlation : array of shape (k, k)
        Of the estimates.
    adjustment : str
        The word that was asked for.
    label : str
        As written for readers: ``"multivariate t"``, ``"Holm"`` ….
    interval : str
        ``"simultaneous, multivariate t"``, ``"simultaneous, Bonferroni"`` (Holm has no simple
        interval of its own) or ``"each by itself"``.
    error : float
        Numerical error of ``p_adjusted`` (three standard errors where points were drawn); 0
        without an integral.
    seed : int
        Of the points.
    warnings : tuple of str
        Sentences that a reader must see.
    """

    tests: tuple[ContrastTest, ...]
    p_adjusted: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    critical_values: FloatArray
    correlation: FloatArray
    adjustment: str
    label: str
    interval: str
    error: float
    seed: int
    warnings: tuple[str, ...] = ()


def simultaneous_tests(
    model: MixedModel,
    contrasts: ArrayLike,
    *,
    adjust: str = "mvt",
    df: str | None = None,
    null: ArrayLike = 0.0,
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    information: str | None = None,
    covariance: str = "model",
    seed: int | None = None,
) -> SimultaneousTests:
    """Test several contrasts of a mixed model as one family.

    Parameters
    ----------
    model : MixedModel
        As `fit_mixed_model` or `fit_random_effects` returns it.
    contrasts : array-like of numbers, shape (k, p)
        One contrast per row; rows may follow from others (an average beside what it is of).
    adjust : {"mvt", "holm", "hochberg", "fdr_bh", "fdr_by", "none"}
        ``"mvt"``: single-step by the multivariate t distribution of the estimates' correlation
        (Dunnett's test where every contrast is against one reference); the others as `adjust_p`.
    df, null, alternative, confidence_level, information, covariance
        As `contrast_test`.
    seed : int, optional
        Of the lattice's shifts, where more than three contrasts are independent; 0 when None, so
        that results are the same every time.

    Returns
    -------
    SimultaneousTests
        The tests one by one, p adjusted, and intervals.

    Raises
    ------
    StatisticsError
        As `contrast_test`, or too many contrasts for the integral.

    Notes
    -----
    Dunnett (1955); Hothorn, Bretz & Westfall (2008); the integral by Genz & Bretz (2009). Each
    contrast is held against the multivariate t with its own degrees of freedom, as R emmeans does
    (which rounds them down to whole numbers). With small-sample degrees of freedom it is an
    approximation: standard errors that are not multiples of one estimate have no joint t.

    Examples
    --------
    >>> from ketbio.statistics.mmrm import fit_mixed_model
    >>> y = [30, 20, 24, 28, 21, 20, 35, 22, 30, 31, 27, 24]
    >>> design = np.column_stack([np.ones(12), [0, 1, 0] * 4, [0, 0, 1] * 4])
    >>> model = fit_mixed_model(y, design, participants=np.repeat([1, 2, 3, 4], 3),
    ...     visits=[0, 1, 2] * 4, structure="compound_symmetry")
    >>> found = simultaneous_tests(model, [[0, 1, 0], [0, 0, 1]])
    >>> found.p_adjusted.round(4).tolist(), round(found.tests[0].p_value, 4)
    ([0.0067, 0.0226], 0.0038)
    """
    check_word("adjust", adjust, ADJUSTMENTS)
    check_word("alternative", alternative, ALTERNATIVES)
    level, drawn = check_level(confidence_level), check_seed(seed) or 0
    rows, against = as_rows(contrasts, null, model.coefficients.size)
    made = denominator(model, df=df, information=information, covariance=covariance)
    tests = tuple(
        evaluate_rows(
            made, model.coefficients, rows[[k]], against[[k]], alternative=alternative, level=level
        )
        for k in range(len(rows))
    )
    correlation = _correlation(made, rows)
    family = _Family(tests, correlation, alternative, level, drawn)
    adjusted, error, critical = _BY_WORD.get(adjust, _by_p)(family, adjust)
    estimates = np.array([one.estimate for one in tests])
    reach = critical * np.array([one.standard_error for one in tests])
    label = "multivariate t" if adjust == "mvt" else LABELS[adjust]
    return SimultaneousTests(
        tests=tests,
        p_adjusted=np.maximum(adjusted, [one.p_value for one in tests]),
        ci_low=np.full(len(rows), -np.inf) if alternative == "less" else estimates - reach,
        ci_high=np.full(len(rows), np.inf) if alternative == "greater" else estimates + reach,
        critical_values=critical,
        correlation=correlation,
        adjustment=adjust,
        label=label,
        interval=_COVERED[adjust],
        error=error,
        seed=drawn,
        warnings=(*made.warnings, *_told(error)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Family:
    tests: tuple[ContrastTest, ...]
    correlation: FloatArray
    alternative: str
    level: float
    seed: int


def _correlation(made: Denominator, rows: FloatArray) -> FloatArray:
    spread = rows @ made.covariance @ rows.T
    size = np.sqrt(np.diag(spread))
    if not size.all():
        raise StatisticsError(
            "a contrast has a standard error of 0; allowed: contrasts that the data leave "
            "uncertain. Leave the contrast of zeros out."
        )
    correlation: FloatArray = spread / np.outer(size, size)
    return correlation


def _by_multivariate_t(family: _Family, _: str) -> tuple[FloatArray, float, FloatArray]:
    if np.linalg.matrix_rank(family.correlation) > MOST:
        raise StatisticsError(
            f"adjust is 'mvt' for {len(family.tests)} contrasts; allowed: up to {MOST} that do not "
            "follow from each other. Take adjust='holm'."
        )
    is_two_sided = family.alternative == "two-sided"
    joint = multivariate_t(family.correlation, is_two_sided=is_two_sided, seed=family.seed)
    limits = [_TOWARDS[family.alternative](one.statistic) for one in family.tests]
    found = [joint.within(c, one.df) for c, one in zip(limits, family.tests, strict=True)]
    known = {df: joint.quantile(family.level, df) for df in {one.df for one in family.tests}}
    critical = np.array([known[one.df] for one in family.tests])
    adjusted = np.array([1 - inside for inside, _ in found])
    return adjusted, max(error for _, error in found), critical


def _by_p(family: _Family, word: str) -> tuple[FloatArray, float, FloatArray]:
    adjusted = adjust_p([one.p_value for one in family.tests], method=word).p_adjusted
    sides = 2 if family.alternative == "two-sided" else 1
    shared = len(family.tests) if "Bonferroni" in _COVERED[word] else 1
    share = 1 - (1 - family.level) / sides / shared
    return adjusted, 0.0, np.array([t_quantile(share, one.df) for one in family.tests])


def _told(error: float) -> tuple[str, ...]:
    if error < NOTICEABLE:
        return ()
    return (f"The adjusted p values come from an integral with a numerical error of {error:.1g}.",)


_TOWARDS: dict[str, Callable[[float], float]] = {
    "two-sided": abs,
    "greater": lambda t: t,
    "less": lambda t: -t,
}

_BY_WORD: dict[str, Callable[[_Family, str], tuple[FloatArray, float, FloatArray]]] = {
    "mvt": _by_multivariate_t
}
