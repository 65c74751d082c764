"""Studentised permutation intervals: estimate − c·SE to estimate + c·SE.

c is the largest value of T, over the very arrangements that gave p, that the test does not reject;
one-sided and doubled tests take it from one tail. Where not even the most extreme arrangement has
p < α, c is infinite. By construction p < α exactly when the interval excludes the null value
(Janssen 1997; Neubert & Brunner 2007).

With mid-p the p of a value between two arrangements is the whole share beyond it, so that c is that
of p without the halves; but c itself may be rejected, and the limit is then open.
"""

import math
from collections.abc import Callable

from ketbio.statistics.counting.counted import Counted, limit_warnings
from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import SIDES, UNLIMITED, Limits
from ketbio.statistics.counting.shift_search import ShiftCurve, limit_from_curve
from ketbio.statistics.counting.subset_runs import ONE_SIDE
from ketbio.statistics.counting.tails import p_value, smallest_p
from ketbio.statistics.records import FloatArray

OPEN_LIMIT = (
    "The limit at the null value is open: with mid-p the test rejects that value itself and none "
    "beside it."
)

PAt = Callable[[float], float]
"""Distance towards one tail → p there."""

Search = Callable[[PAt, float, float, bool], float]
"""p, α, direction (+1: upper tail), whether two-sided → the largest distance with p ≥ α."""


def studentised_limits(
    counted: Counted,
    question: Question,
    search: Search,
    value_of: Callable[[float], float],
    standard_error: float,
) -> Limits:
    """Return the limits of estimate − null.

    Parameters
    ----------
    counted : Counted
        The test.
    question : Question
        Its alternative and level.
    search : callable
        How to find the largest value that p without halves does not reject: `search_list` or
        `search_curve`.
    value_of : callable
        Value on the scale of the tails → T.
    standard_error : float
        Of the observed arrangement; 0: no limits.
    """
    if question.confidence_level is None or standard_error == 0:
        return UNLIMITED
    limits = {"low": -math.inf, "high": math.inf}
    t = value_of(float(counted.observed))
    both = question.alternative == "two-sided"
    for side, parts in SIDES[question.alternative]:
        sign, alpha = 1.0 if side == "low" else -1.0, float(question.alpha / parts)
        word = "two-sided" if both else ONE_SIDE[side]
        if smallest_p(counted.tails, word, mid_p=counted.mid_p) >= alpha:
            continue
        critical = value_of(sign * _critical(counted, search, sign, alpha, word=word))
        # Not estimate − c·SE: so the sign is that of the comparison, whatever is rounded.
        if math.isfinite(critical):
            limits[side] = standard_error * (t - critical)
    return Limits(limits["low"], limits["high"])


def interval_warnings(
    counted: Counted, limits: Limits, question: Question, no_standard_error: str
) -> tuple[str, ...]:
    """Return what must be said of the limits of estimate − null.

    Parameters
    ----------
    counted, limits, question
        As given to and made by `studentised_limits`.
    no_standard_error : str
        The sentence where the standard error is 0.
    """
    if question.confidence_level is None:
        return ()
    if math.isnan(limits.low):
        return (no_standard_error,)
    rejects = counted.p_value(question.alternative) < float(question.alpha)
    is_open = question.mid_p and rejects and 0 in (limits.low, limits.high)
    return (*limit_warnings(limits, question, counted), *((OPEN_LIMIT,) if is_open else ()))


def search_list(values: FloatArray) -> Search:
    """Look among listed values, ascending."""

    def search(p_at: PAt, alpha: float, sign: float, both: bool) -> float:
        if both:
            return max(_largest_kept(values, s, p_at, alpha, least=0.0) for s in (1.0, -1.0))
        return _largest_kept(values, sign, p_at, alpha, least=-math.inf)

    return search


def search_counted(counted: Counted) -> Search:
    """Look among the values of counted arrangements that are listed."""
    if not isinstance(counted.tails, ListedTails):
        raise TypeError("only listed arrangements can be looked through")
    return search_list(counted.tails.values)


def search_curve(scale: float, largest_denominator: int | None) -> Search:
    """Look along a curve of p.

    Parameters
    ----------
    scale : float
        Roughly the standard deviation over arrangements.
    largest_denominator : int or None
        Of the values that arrangements have, where these are fractions.
    """

    def search(p_at: PAt, alpha: float, sign: float, both: bool) -> float:
        del sign
        curve = ShiftCurve(
            p_at=p_at,
            estimate=0.0,
            scale=scale,
            p_at_zero=p_at(0.0),
            p_far=0.0,
            peaks=both,
            largest_denominator=largest_denominator,
        )
        return limit_from_curve(curve, side="high", alpha=alpha)

    return search


def _critical(counted: Counted, search: Search, sign: float, alpha: float, *, word: str) -> float:
    """Return the largest distance with rejected ones beyond it only; the observed as its p says."""
    both = word == "two-sided"

    def p_at(distance: float) -> float:
        return p_value(counted.tails, sign * distance, word)

    observed = sign * float(counted.observed)
    distance = abs(observed) if both else observed
    found = search(p_at, alpha, sign, both)
    # Neither rounding nor a tie may part the observed value from its own p.
    if p_value(counted.tails, counted.observed, word, mid_p=counted.mid_p) >= alpha:
        return max(found, distance)
    # With mid-p just less is kept where the value itself is not: see `OPEN_LIMIT`.
    if p_at(distance) >= alpha:
        return distance
    return min(found, math.nextafter(distance, -math.inf))


def _largest_kept(
    values: FloatArray, sign: float, p_at: PAt, alpha: float, *, least: float
) -> float:
    """Return the largest of sign · values, from ``least`` on, with p ≥ α; −∞ if there is none."""

    def at(place: int) -> float:
        return sign * float(values[place if sign > 0 else values.size - 1 - place])

    kept, rejected = -1, values.size
    while rejected - kept > 1:
        middle = (kept + rejected) // 2
        if at(middle) < least or p_at(at(middle)) >= alpha:
            kept = middle
        else:
            rejected = middle
    return at(kept) if kept >= 0 and at(kept) >= least else -math.inf
