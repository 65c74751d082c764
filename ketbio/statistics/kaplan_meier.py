"""Times to an event with some not seen to the end: Kaplan & Meier's curve, and what it says."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_array, as_values, check_level
from ketbio.statistics.record_words import shown, sizes_in_words
from ketbio.statistics.records import NAN, Estimate, FloatArray

IntArray = NDArray[np.int64]
NO_MEDIAN = (
    "Fewer than half had the event while they were followed, so that the median time is not reached"
)
ONE_WIDTH = (
    "The interval of the difference up to {until:g} counts the spread of one group only: the "
    "variance of the other cannot be estimated, since at no time before did some of it have the "
    "event and others stay. It is too short."
)
NO_WIDTH = (
    "The restricted mean up to {until:g} has no interval: at no time before it did some have the "
    "event and others stay, so that its variance cannot be estimated."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SurvivalCurve:
    """The share still without the event, after each time at which somebody had it or left.

    Attributes
    ----------
    times : array of shape (k,)
        The different times, rising, in the unit given.
    n_at_risk, n_events, n_censored : array of int, shape (k,)
        Still followed just before; with the event at that time; seen for the last time then.
    survival : array of shape (k,)
        The share without the event just after.
    standard_error : array of shape (k,)
        Greenwood's (1926).
    ci_low, ci_high : array of shape (k,)
        Pointwise, on the scale log(−log S); NaN where the share is 1 or 0, of which it gives none.
    ci_level : float
    n : int
        People.
    """

    times: FloatArray
    n_at_risk: IntArray
    n_events: IntArray
    n_censored: IntArray
    survival: FloatArray
    standard_error: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    ci_level: float
    n: int

    def __repr__(self) -> str:
        """Return how many people and events in a line."""
        events = f"{int(self.n_events.sum())} events"
        return shown("SurvivalCurve", events, sizes_in_words((self.n,)), warnings=())

    @property
    def known_until(self) -> float:
        """The last time at which the curve is known: infinite where it has fallen to 0."""
        return math.inf if self.survival[-1] == 0 else float(self.times[-1])

    def median(self) -> Estimate:
        """Return the median time with Brookmeyer & Crowley's interval on the log(−log) scale.

        The first time at which the share is at or below ½ (the middle of the step where it is
        exactly ½ over a time, as R's survfit); NaN where it is not reached. A limit that is not
        reached is infinite.
        """
        middle = _first_at_half(self.times, self.survival)
        has_median = middle < np.inf
        low, high = (_first_at_half(self.times, one) for one in (self.ci_low, self.ci_high))
        return Estimate(
            value=middle if has_median else NAN,
            name="median time",
            ci_low=low if low < np.inf else NAN,
            ci_high=high if low < np.inf else NAN,
            ci_level=self.ci_level,
            ci_method="Brookmeyer–Crowley, log–log",
            n=(self.n,),
            warnings=() if has_median else (f"{NO_MEDIAN}.",),
        )

    def restricted_mean(self, until: float) -> Estimate:
        """Return the mean time without the event up to ``until``: the area below the curve.

        Parameters
        ----------
        until : float
            More than 0, and no later than ``known_until``: when the last person was seen, or any
            time where the curve has fallen to 0, at which it stays.

        Raises
        ------
        StatisticsError
            A time outside that.
        """
        mean, variance = _area(self, until)
        low, high = _normal(mean, variance, self.ci_level)
        return Estimate(
            value=mean,
            name=f"restricted mean time up to {until:g}",
            ci_low=low if math.isnan(low) else max(0.0, low),
            ci_high=high if math.isnan(high) else min(float(until), high),
            ci_level=self.ci_level,
            ci_method="normal, Greenwood",
            n=(self.n,),
            warnings=() if variance else (NO_WIDTH.format(until=until),),
        )


def kaplan_meier(
    times: ArrayLike, is_event: ArrayLike, *, confidence_level: float = 0.95
) -> SurvivalCurve:
    """Return the share without the event over time, with those who left counted while they stayed.

    Parameters
    ----------
    times : array-like of numbers, shape (n,)
        Time of the event, or of the last look at who had none; 0 or later, in one unit.
    is_event : array-like of bool, shape (n,)
        Whether the event was seen. At one time, events count before those who left.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    SurvivalCurve

    Raises
    ------
    StatisticsError
        Times below 0 or not finite, no people, or flags that are not one true or false each.

    Notes
    -----
    Kaplan & Meier (1958), Greenwood (1926), log–log intervals as Kalbfleisch & Prentice (1980);
    R: ``survfit(Surv(times, is_event) ~ 1, conf.type = "log-log")``.

    Examples
    --------
    >>> curve = kaplan_meier([1, 1, 7, 14, 14], [True, True, True, False, False])
    >>> curve.survival.round(2).tolist(), curve.n_at_risk.tolist(), curve.median().value
    ([0.6, 0.4, 0.4], [5, 3, 2], 7.0)
    """
    level = check_level(confidence_level)
    when, seen = check_times(times, is_event)
    levels = np.unique(when)
    events = np.array([int((seen & (when == one)).sum()) for one in levels])
    left = np.array([int((~seen & (when == one)).sum()) for one in levels])
    risk = np.array([int((when >= one).sum()) for one in levels])
    survival = np.cumprod(1 - events / risk)
    survival[events == risk] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(events < risk, events / (risk * (risk - events)), 0.0)
        total = np.cumsum(terms)
        spread = np.sqrt(total) / np.abs(np.log(survival))
        z = stats.norm.ppf((1 + level) / 2)
        low, high = (survival ** np.exp(sign * z * spread) for sign in (1, -1))
    is_inside = (survival > 0) & (survival < 1)
    low, high = (np.where(is_inside, one, NAN) for one in (low, high))
    return SurvivalCurve(
        times=levels,
        n_at_risk=risk,
        n_events=events,
        n_censored=left,
        survival=survival,
        standard_error=survival * np.sqrt(total),
        ci_low=low,
        ci_high=high,
        ci_level=level,
        n=len(when),
    )


def check_times(times: ArrayLike, is_event: ArrayLike) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Return times and flags as arrays, or refuse them.

    Raises
    ------
    StatisticsError
        Times below 0 or not finite, no people, or flags that are not one true or false each.
    """
    when = as_values(times, "times")
    flags = as_array(is_event, "is_event")
    if flags.dtype.kind != "b" or flags.shape != when.shape:
        raise StatisticsError(
            f"is_event has shape {flags.shape} of type {flags.dtype}; allowed: one true or false "
            f"per time, {when.size} of them."
        )
    if when.min() < 0:
        raise StatisticsError(
            f"times holds {when.min():g}; allowed: 0 or later. Count them from the beginning of "
            "the follow-up."
        )
    return when, flags


def restricted_mean_difference(
    first: SurvivalCurve, second: SurvivalCurve, until: float
) -> Estimate:
    """Return the first group's restricted mean time minus the second's, up to ``until``.

    Parameters
    ----------
    first, second : SurvivalCurve
        Of independent groups; the interval has the level of the first.
    until : float
        More than 0, and no later than the ``known_until`` of either curve.

    Returns
    -------
    Estimate
        With a normal interval; without one where neither curve has a variance.

    Raises
    ------
    StatisticsError
        A time outside that.

    Notes
    -----
    Royston & Parmar (2013). With few people the normal interval is too short.

    Examples
    --------
    >>> early, late = (kaplan_meier(days, [True] * 3) for days in ([1, 2, 3], [3, 7, 8]))
    >>> round(restricted_mean_difference(early, late, 3).value, 6)
    -1.0
    """
    (mean, variance), (other, other_variance) = (_area(one, until) for one in (first, second))
    total = variance + other_variance
    low, high = _normal(mean - other, total, first.ci_level)
    return Estimate(
        value=mean - other,
        name=f"difference in restricted mean time up to {until:g}",
        ci_low=low,
        ci_high=high,
        ci_level=first.ci_level,
        ci_method="normal, Greenwood",
        n=(first.n, second.n),
        warnings=_without_width(variance, other_variance, until),
    )


def _without_width(variance: float, other: float, until: float) -> tuple[str, ...]:
    if variance and other:
        return ()
    return ((ONE_WIDTH if variance or other else NO_WIDTH).format(until=until),)


def _area(curve: SurvivalCurve, until: float) -> tuple[float, float]:
    """Return the area below a curve and its variance, 0 where it cannot be estimated."""
    last = curve.known_until
    if not (0 < until <= last and math.isfinite(until)):
        most = (
            f" and at most {last:g}, the last time at which anybody was seen. The curve is not "
            "known beyond."
        )
        raise StatisticsError(
            f"until is {until!r}; allowed: more than 0{most if math.isfinite(last) else '.'}"
        )
    inside = curve.times < until
    ends = np.concatenate([[0.0], curve.times[inside], [until]])
    heights = np.concatenate([[1.0], curve.survival[inside]])
    areas = np.diff(ends) * heights
    beyond = np.cumsum(areas[::-1])[::-1][1:]
    events, risk = curve.n_events[inside], curve.n_at_risk[inside]
    has = (events > 0) & (events < risk)
    terms = beyond[has] ** 2 * events[has] / (risk[has] * (risk[has] - events[has]))
    return float(areas.sum()), float(terms.sum())


def _normal(middle: float, variance: float, level: float) -> tuple[float, float]:
    """Return a normal interval; none where there is no variance, which is not certainty."""
    width = float(stats.norm.ppf((1 + level) / 2)) * math.sqrt(variance) if variance else NAN
    return middle - width, middle + width


def _first_at_half(times: FloatArray, shares: FloatArray) -> float:
    """Return the first time at which shares are at most ½; the middle of a step that lies on it."""
    near = np.isclose(shares, 0.5, rtol=0, atol=1e-12)
    at = np.flatnonzero(near | (shares < 0.5))
    if not at.size:
        return float("inf")
    first = int(at[0])
    below = np.flatnonzero(shares < 0.5 - 1e-12)
    if near[first] and below.size:
        return float((times[first] + times[below[0]]) / 2)
    return float(times[first])
