"""Intervals for differences of order statistics: the shifts that the test does not reject.

T follows a shift δ of x no faster in any arrangement than in the observed one, where it falls by
δ. So p(δ) only rises towards the estimate, and a limit is found by bracketing; there is none where
p is not below α at shifts without end. Where that would cost too much the interval is a BCa
bootstrap, and says so.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from ketbio.statistics.bootstrap import bootstrap_interval
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import SIDES, UNLIMITED, Limits
from ketbio.statistics.counting.shift_search import ShiftCurve, limit_from_curve
from ketbio.statistics.counting.subset_runs import ONE_SIDE
from ketbio.statistics.counting.tails import p_value
from ketbio.statistics.records import FloatArray
from ketbio.statistics.two_groups.order_statistic_shifts import ShiftedGroups, Shifts
from ketbio.statistics.two_groups.order_statistic_sums import WeightsOf

EVALUATIONS = 100
"""Shifts at which both limits together are looked for, at most."""


def shift_limits(
    groups: ShiftedGroups,
    shifts: Shifts,
    p_at_zero: Callable[[str], float],
    question: Question,
) -> Limits:
    """Return the limits of the shift, in steps of the number line.

    Parameters
    ----------
    groups : ShiftedGroups
        What is shifted.
    shifts : Shifts
        Counts at any shift.
    p_at_zero : callable
        Alternative → p as the test gave it.
    question : Question
        Alternative, level and mid-p.
    """
    limits = {"low": -math.inf, "high": math.inf}
    for side, parts in SIDES[question.alternative]:
        word = "two-sided" if question.alternative == "two-sided" else ONE_SIDE[side]
        alpha = float(question.alpha / parts)
        curve = _curve(groups, shifts, p_at_zero(word), side=side, word=word, question=question)
        limits[side] = limit_from_curve(curve, side=side, alpha=alpha)
    return Limits(limits["low"], limits["high"])


def _curve(
    groups: ShiftedGroups,
    shifts: Shifts,
    p_at_zero: float,
    *,
    side: str,
    word: str,
    question: Question,
) -> ShiftCurve:
    peaks = word == "two-sided"
    p_far = shifts.far(side).p_value(
        groups.observed_sum, side=side, both=peaks, mid_p=question.mid_p
    )
    outwards, furthest = -1 if side == "low" else 1, groups.furthest_jump

    def p_at(shift: float) -> float:
        if outwards * shift > furthest:
            return p_far
        tails = shifts.tails(shift)
        return p_value(tails, groups.observed(shift), word, mid_p=question.mid_p)

    return ShiftCurve(
        p_at=cache(p_at),
        estimate=groups.observed_sum / groups.weights.scale,
        scale=groups.standard_error,
        p_at_zero=p_at_zero,
        p_far=p_far,
        peaks=peaks,
        # T of an arrangement is (whole + whole · δ)/scale: two are equal in size at such fractions.
        largest_denominator=2 * groups.weights.scale if groups.is_exact else None,
    )


BOOTSTRAPPED = (
    "The interval is a bootstrap's, since inverting the test would take too long: the two need not "
    "agree about zero."
)
NO_BOOTSTRAP = (
    "No interval: inverting the test would take too long, and one value cannot be resampled."
)

MOST_RESAMPLES = 9_999


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Limits, how they were made, what must be said of them, and the seed of a bootstrap."""

    limits: Limits
    method: str
    warnings: tuple[str, ...] = ()
    seed: int | None = None


def bootstrap_interval_of(
    groups: ShiftedGroups, question: Question, weights_of: WeightsOf, seed: int
) -> Interval:
    """Return BCa limits, in steps of the number line; one-sided ones at the level of one side."""
    x, y = groups.positions[groups.is_x], groups.positions[~groups.is_x]
    if min(x.size, y.size) < 2:
        return Interval(limits=UNLIMITED, method="", warnings=(NO_BOOTSTRAP,))

    def location(values: FloatArray, axis: int) -> FloatArray:
        weights, total = weights_of(values.shape[axis])
        ascending = np.sort(np.moveaxis(values, axis, -1), axis=-1)
        return np.asarray(ascending @ weights) / total

    def difference(mine: FloatArray, others: FloatArray, axis: int = -1) -> FloatArray:
        return location(mine, axis) - location(others, axis)

    found = bootstrap_interval(
        difference,
        x,
        y,
        n_resamples=min(question.n_draws, MOST_RESAMPLES),
        confidence_level=1 - float(question.alpha),
        alternative=question.alternative,
        vectorized=True,
        seed=seed,
    )
    return Interval(
        limits=Limits(found.ci_low, found.ci_high),
        method=found.ci_method,
        warnings=(BOOTSTRAPPED, *found.warnings),
        seed=seed,
    )
