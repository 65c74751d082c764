"""Mean, SD and median of values of which some are only known to lie beyond a limit."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.censored.censored_likelihood import fit_normal, profile_interval
from ketbio.statistics.censored.censored_order import impute_by_order
from ketbio.statistics.censored.censored_samples import (
    CensoredSample,
    censored_sample,
    logarithms,
)
from ketbio.statistics.censored.censored_survival import survival_curve
from ketbio.statistics.inputs import check_level, check_word
from ketbio.statistics.records import NAN, FloatArray
from ketbio.statistics.spreads import standard_deviation
from ketbio.wording import count_of, format_number

SCALES = ("log", "raw")
MANY, MOST = 0.5, 0.8
"""Shares of censored values from which a summary leans on its model, and from which on nothing."""
_UPPER_QUARTILE = float(stats.norm.ppf(0.75))
_NO_INTERVAL = (NAN, NAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CensoredSummary:
    """A sample with values beyond limits in a few numbers, in the data's units.

    Attributes
    ----------
    method : str
        ``"maximum likelihood, lognormal"`` …, as written for readers.
    mean, sd : float
        Arithmetic. Maximum likelihood: of the fitted distribution, the SD with n below.
    geometric_mean : float
        NaN on the raw scale.
    median, quartile_low, quartile_high : float
        NaN where they lie among values of which only a limit is known.
    n, n_below, n_above : int
        Values, and those below and above a limit.
    detection_rate : float
        Share that was measured, 0 to 1.
    mean_interval, geometric_mean_interval : tuple of float
        Confidence limits; NaN where the method has none.
    ci_level : float
        Their level.
    ci_method : str
        How they were made; empty where there are none.
    warnings : tuple of str
        What a reader must know of these numbers.
    """

    method: str
    mean: float
    sd: float
    median: float
    quartile_low: float
    quartile_high: float
    n: int
    n_below: int
    n_above: int
    geometric_mean: float = NAN
    mean_interval: tuple[float, float] = _NO_INTERVAL
    geometric_mean_interval: tuple[float, float] = _NO_INTERVAL
    ci_level: float = 0.95
    ci_method: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def n_censored(self) -> int:
        """Values beyond a limit."""
        return self.n_below + self.n_above

    @property
    def detection_rate(self) -> float:
        """Share that was measured, 0 to 1."""
        return 1 - self.n_censored / self.n


def censored_summary(
    values: ArrayLike,
    *,
    below: ArrayLike | None = None,
    above: ArrayLike | None = None,
    method: str = "ml",
    scale: str = "log",
    confidence_level: float = 0.95,
) -> CensoredSummary:
    """Return mean, SD and median of values of which some are beyond a limit, substituting nothing.

    Parameters
    ----------
    values : array-like of numbers, shape (n,)
        Values, or limits where ``below`` or ``above``; limits may differ.
    below, above : array-like of bool, shape (n,), optional
        Whether the value is strictly below, or above, the number given.
    method : {"ml", "ros", "km"}
        Maximum likelihood of a (log)normal distribution, limits on either side; regression on
        order statistics, limits below; or Kaplan & Meier, limits on one side.
    scale : {"log", "raw"}
        Whether a normal distribution is taken for the logarithms or for the values themselves;
        Kaplan & Meier's needs neither, and has a geometric mean with ``"log"``.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    CensoredSummary
        Without censored values: the ordinary mean and SD, but for ``"ml"``: those of its model.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or too few values were measured for the method.

    Notes
    -----
    Cohen (1959) for maximum likelihood: the profile-likelihood interval is cut so that it is
    Student's where nothing is censored. Helsel & Cohn (1988) for regression on order statistics,
    with measured values and model values taken together for the summary; it has no interval here.
    Kaplan & Meier (1958), turned for values below limits (Helsel 2012): the share that lies beyond
    every measured value is put at its limit, which a warning says; normal interval (Greenwood).

    Examples
    --------
    >>> found = censored_summary([0.5, 0.5, 0.8, 1.1, 2.4], below=[True, True, False, False, False])
    >>> found.n_below, found.detection_rate, round(found.geometric_mean, 3), round(found.mean, 3)
    (2, 0.6, 0.69, 1.028)
    """
    check_word("method", method, METHODS)
    check_word("scale", scale, SCALES)
    level = check_level(confidence_level)
    sample = censored_sample(values, below, above)
    _refuse_too_few(sample, method)
    found = METHODS[method](sample, scale, level)
    return replace(found, warnings=(*_share_warning(found, method), *found.warnings))


def _maximum_likelihood(sample: CensoredSample, scale: str, level: float) -> CensoredSummary:
    if scale == "raw":
        fit = fit_normal(sample)
        reach = _UPPER_QUARTILE * fit.sd
        return CensoredSummary(
            method="maximum likelihood, normal",
            mean=fit.mean,
            sd=fit.sd,
            median=fit.mean,
            quartile_low=fit.mean - reach,
            quartile_high=fit.mean + reach,
            mean_interval=profile_interval(sample, fit, level=level),
            ci_level=level,
            ci_method=PROFILE,
            **_counts(sample),
        )
    logs = logarithms(sample)
    fit = fit_normal(logs)
    reach = _UPPER_QUARTILE * fit.sd
    mean = _exp(fit.mean + fit.sd**2 / 2)
    low, high = profile_interval(logs, fit, level=level, of_exp_mean=True)
    g_low, g_high = profile_interval(logs, fit, level=level)
    return CensoredSummary(
        method="maximum likelihood, lognormal",
        mean=mean,
        sd=mean * math.sqrt(math.expm1(min(fit.sd**2, 700))),
        geometric_mean=_exp(fit.mean),
        median=_exp(fit.mean),
        quartile_low=_exp(fit.mean - reach),
        quartile_high=_exp(fit.mean + reach),
        mean_interval=(_exp(low), _exp(high)),
        geometric_mean_interval=(_exp(g_low), _exp(g_high)),
        ci_level=level,
        ci_method=PROFILE_OF_LOGS,
        **_counts(sample),
    )


PROFILE = "profile likelihood, Student's where nothing is censored"
PROFILE_OF_LOGS = "profile likelihood; geometric mean: Student's where nothing is censored"


def _order_statistics(sample: CensoredSample, scale: str, level: float) -> CensoredSummary:
    if sample.above.any():
        raise StatisticsError(
            f"method is 'ros', but {count_of(int(sample.above.sum()), 'value')} lie above a limit; "
            "allowed with it: values below limits. Use method='ml'."
        )
    is_log = scale == "log"
    filled = impute_by_order(logarithms(sample) if is_log else sample)
    whole = np.where(sample.seen, sample.value, np.exp(filled) if is_log else filled)
    low, median, high = np.quantile(whole, [0.25, 0.5, 0.75], method="linear")
    return CensoredSummary(
        method=f"regression on order statistics, {'lognormal' if is_log else 'normal'}",
        mean=float(whole.mean()),
        sd=standard_deviation(whole),
        geometric_mean=_exp(float(filled.mean())) if is_log else NAN,
        median=float(median),
        quartile_low=float(low),
        quartile_high=float(high),
        ci_level=level,
        warnings=_beyond_their_limit(sample, whole),
        **_counts(sample),
    )


def _beyond_their_limit(sample: CensoredSample, whole: FloatArray) -> tuple[str, ...]:
    """Say which values the regression put above the limits that they are known to be below."""
    n = int((whole > sample.value)[sample.below].sum())
    if not n:
        return ()
    return (
        f"{count_of(n, 'value')} below a limit {'was' if n == 1 else 'were'} put above it, as the "
        "method knows ranks only: mean and quartiles are too high, the SD too small.",
    )


def _kaplan_meier(sample: CensoredSample, scale: str, level: float) -> CensoredSummary:
    if sample.above.any() and sample.below.any():
        raise StatisticsError(
            "method is 'km', but some values lie below a limit and others above one; allowed with "
            "it: limits on one side. Use method='ml'."
        )
    curve = survival_curve(sample)
    logs = survival_curve(logarithms(sample)) if scale == "log" else None
    low, high = logs.mean_interval(level) if logs else _NO_INTERVAL
    side = "below" if sample.below.any() else "above"
    warnings: tuple[str, ...] = ()
    if curve.open_share > 0:
        limit = curve.points[0 if curve.is_open_below else -1]
        warnings = (
            f"{100 * curve.open_share:.0f}% of the distribution lies {side} every measured value "
            f"and was put at the limit of {format_number(float(limit))}, so that the mean is a "
            f"little too {'high' if side == 'below' else 'low'}.",
        )
    return CensoredSummary(
        method="Kaplan–Meier",
        mean=curve.mean,
        sd=curve.sd(sample.value.size),
        geometric_mean=_exp(logs.mean) if logs else NAN,
        median=curve.quantile(0.5),
        quartile_low=curve.quantile(0.25),
        quartile_high=curve.quantile(0.75),
        mean_interval=curve.mean_interval(level),
        geometric_mean_interval=(_exp(low), _exp(high)),
        ci_level=level,
        ci_method="normal, with Greenwood's variance",
        warnings=warnings,
        **_counts(sample),
    )


METHODS: dict[str, Callable[[CensoredSample, str, float], CensoredSummary]] = {
    "ml": _maximum_likelihood,
    "ros": _order_statistics,
    "km": _kaplan_meier,
}
FEWEST_SEEN = {"ml": 3, "ros": 3, "km": 1}
"""Measured values that a method needs; a model needs two different ones among them."""


def _refuse_too_few(sample: CensoredSample, method: str) -> None:
    seen = sample.value[sample.seen]
    n_different, fewest = np.unique(seen).size, FEWEST_SEEN[method]
    if seen.size >= fewest and (n_different > 1 or fewest == 1):
        return
    found = f"{seen.size} of {sample.value.size} values were measured"
    if seen.size >= fewest:
        found = f"all {seen.size} measured values are equal"
    raise StatisticsError(
        f"{found}, which is too few for method={method!r}; allowed: at least {fewest} measured "
        "values, two of them different. Report how many were measured, and the limits."
        if fewest > 1
        else f"{found}; allowed: at least 1. Report the limits alone."
    )


def _share_warning(found: CensoredSummary, method: str) -> tuple[str, ...]:
    share = found.n_censored / found.n
    if share <= MANY:
        return ()
    said = f"{found.n_censored} of {found.n} values ({100 * share:.0f}%) are beyond a limit: "
    if share > MOST:
        return (said + "no method gives a trustworthy mean; the share measured says more.",)
    if method == "km":
        median = "the median is not known, and " if math.isnan(found.median) else ""
        return (said + median + "the mean leans on the limits.",)
    return (said + "these numbers lean on the shape taken for the distribution.",)


class _Counts(TypedDict):
    n: int
    n_below: int
    n_above: int


def _counts(sample: CensoredSample) -> _Counts:
    return {
        "n": sample.value.size,
        "n_below": int(sample.below.sum()),
        "n_above": int(sample.above.sum()),
    }


def _exp(value: float) -> float:
    return math.inf if value > 709 else math.exp(value)
