"""Rubin's rules: estimates of several completions as one, with what imputing has cost."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_same_length, check_level


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledEstimate:
    """One estimate of several completions.

    Attributes
    ----------
    estimate, standard_error, df : float
        Pooled, with the degrees of freedom of Barnard & Rubin (1999).
    ci_low, ci_high, ci_level : float
    statistic, p_value : float
        Student's t of ``estimate − null``, two-sided.
    within, between : float
        Mean variance within completions; variance of the estimates between them.
    missing_information : float
        Share of information that was missing, 0 to 1 (Rubin 1987, with the degrees of freedom of
        the draws: those of a small complete trial would be taken for missing information).
    relative_efficiency : float
        Of so many completions against infinitely many, 0 to 1.
    monte_carlo_error : float
        Standard deviation of the estimate over repeated imputation of the same data.
    n_imputations : int
    """

    estimate: float
    standard_error: float
    df: float
    ci_low: float
    ci_high: float
    ci_level: float
    statistic: float
    p_value: float
    within: float
    between: float
    missing_information: float
    relative_efficiency: float
    monte_carlo_error: float
    n_imputations: int


def pool_estimates(
    estimates: ArrayLike, variances: ArrayLike, *, df: float, confidence_level: float = 0.95
) -> PooledEstimate:
    """Pool the estimates of several completions by Rubin's rules.

    Parameters
    ----------
    estimates, variances : array-like of numbers, shape (m,)
        Of each completion: the estimate and its squared standard error.
    df : float
        Degrees of freedom that each would have if nothing had been missing.
    confidence_level : float
        Of the interval.

    Returns
    -------
    PooledEstimate

    Raises
    ------
    StatisticsError
        Fewer than two completions, or numbers that cannot be used.

    Notes
    -----
    Total variance W + (1 + 1/m) B; degrees of freedom by Barnard & Rubin (1999, Biometrika 86,
    948). Where all completions are alike (B = 0) nothing was imputed that mattered, and the degrees
    of freedom are those of the complete data.

    Examples
    --------
    >>> found = pool_estimates([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], df=20)
    >>> found.estimate, round(found.standard_error**2, 6), round(found.df, 3)
    (2.0, 2.333333, 3.436)
    """
    level = check_level(confidence_level)
    q, u = as_same_length(estimates, variances, at_least=2, names=("estimates", "variances"))
    m = q.size
    estimate, within = float(q.mean()), float(u.mean())
    between = float(q.var(ddof=1)) if np.ptp(q) > 1e-12 * (np.abs(q).max() + 1e-300) else 0.0
    total = within + (1 + 1 / m) * between
    if total <= 0:
        raise StatisticsError(
            "the completions have no variance at all: every value follows from arm, baseline and "
            "covariates; allowed: outcomes that vary. There is nothing to test."
        )
    pooled_df, missing = _degrees_of_freedom(within, between, m, float(df))
    error = math.sqrt(total)
    half = float(stats.t.ppf((1 + level) / 2, pooled_df)) * error
    t = estimate / error
    return PooledEstimate(
        estimate=estimate,
        standard_error=error,
        df=pooled_df,
        ci_low=estimate - half,
        ci_high=estimate + half,
        ci_level=level,
        statistic=t,
        p_value=float(2 * stats.t.sf(abs(t), pooled_df)),
        within=within,
        between=between,
        missing_information=missing,
        relative_efficiency=1 / (1 + missing / m),
        monte_carlo_error=math.sqrt(between / m),
        n_imputations=m,
    )


def _degrees_of_freedom(
    within: float, between: float, m: int, complete: float
) -> tuple[float, float]:
    """Return Barnard and Rubin's degrees of freedom and the share of missing information."""
    if between == 0:
        return complete, 0.0
    share = (1 + 1 / m) * between / (within + (1 + 1 / m) * between)
    of_draws = (m - 1) / share**2
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    df = of_draws * observed / (of_draws + observed) if observed > 0 else 0.0
    df = max(df, 1e-3)
    relative = (1 + 1 / m) * between / within if within > 0 else math.inf
    missing = 1.0 if math.isinf(relative) else (relative + 2 / (of_draws + 3)) / (relative + 1)
    return df, min(missing, 1.0)
