"""One subset design tested: counted or drawn, with its p value, floor and shift limits."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial

import numpy as np

from ketbio.statistics.counting.draws import draw_subsets, fresh_seed
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import SIDES, Limits, limits_from_list
from ketbio.statistics.counting.shift_jumps import limit_between
from ketbio.statistics.counting.shift_search import ShiftCurve, limit_from_curve
from ketbio.statistics.counting.subset_plan import SubsetPlan, plan_subsets
from ketbio.statistics.counting.subset_sums import SubsetDesign
from ketbio.statistics.counting.subset_tails import (
    SubsetList,
    SubsetTails,
    convolve,
    enumerate_subsets,
    halve,
    sampled,
    shifted,
    tails_of_list,
)
from ketbio.statistics.counting.tails import p_value

SMALLEST_LIST, LARGEST_LIST = 2**12, 2**20
"""How many jump points are listed at the end of the search for a limit."""

SAMPLED_FROM, SAMPLED_SUMS = 2**16, 2**14
"""Where one count looks at so many sums, the search starts on a sample of them."""

ONE_SIDE = {"low": "greater", "high": "less"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SubsetRun:
    """A design with its arrangements counted or drawn.

    Attributes
    ----------
    design : SubsetDesign
        What was permuted.
    plan : SubsetPlan
        How it was counted.
    tails : SubsetTails
        Tail counts without a shift.
    listed : SubsetList or None
        The arrangements, where they were listed or drawn (the observed one first when drawn).
    question : Question
        How it was asked for.
    seed : int or None
        The seed of the draws.
    """

    design: SubsetDesign
    plan: SubsetPlan
    tails: SubsetTails
    question: Question
    listed: SubsetList | None = None
    seed: int | None = None

    @property
    def is_exact(self) -> bool:
        """Whether every arrangement was counted."""
        return self.plan.algorithm != "Monte Carlo"

    @property
    def stopped_after(self) -> int | None:
        """At how many draws as extreme drawing was stopped; None where it was not."""
        is_short = self.seed is not None and self.tails.n_counted <= self.question.n_draws
        return self.question.stop_after if is_short else None

    def again(self) -> Question:
        """Return the question for other scores with the same arrangements, drawn ones alike."""
        if self.seed is None:
            return self.question
        draws = max(1, self.tails.n_counted - 1)
        return replace(self.question, seed=self.seed, n_draws=draws, stop_after=None)

    def p_value(self, alternative: str) -> float:
        """Return the p value of the observed arrangement."""
        mid_p = self.question.mid_p
        return p_value(self.tails, self.tails.observed(), alternative, mid_p=mid_p)


def run_subsets(design: SubsetDesign, question: Question, *, with_shifts: bool) -> SubsetRun:
    """Count every arrangement of the design if that is in reach, else draw.

    Parameters
    ----------
    design : SubsetDesign
        What to permute.
    question : Question
        How: exact or drawn, within which budget, with which seed.
    with_shifts : bool
        Whether shift limits will be asked for.
    """
    plan = plan_subsets(design, question, with_shifts=with_shifts)
    if plan.is_counted:
        tails = _count(design, plan, by_overlap=with_shifts and not plan.relists)
        return SubsetRun(design=design, plan=plan, tails=tails, question=question)
    seed = None
    if plan.algorithm == "enumeration":
        listed = enumerate_subsets(design, plan.split)
    else:
        seed = fresh_seed() if question.seed is None else question.seed
        listed = draw_subsets(design, question, seed)
    return SubsetRun(
        design=design,
        plan=plan,
        tails=tails_of_list(design, listed),
        question=question,
        listed=listed,
        seed=seed,
    )


def shift_limits(run: SubsetRun, *, scale: float) -> Limits:
    """Return the confidence limits of a shift, in steps of the number line.

    Parameters
    ----------
    run : SubsetRun
        Made with ``with_shifts=True``; one-sided tests have one limit.
    scale : float
        Roughly the standard error of the shift.
    """
    alternative, alpha = run.question.alternative, run.question.alpha
    if run.listed is not None:
        return limits_from_list(
            run.design, run.listed, alternative=alternative, alpha=alpha, mid_p=run.question.mid_p
        )
    limits = {"low": -math.inf, "high": math.inf}
    for side, parts in SIDES[alternative]:
        word = alternative if alternative == "two-sided" else ONE_SIDE[side]
        level = float(alpha / parts)
        limits[side] = limit_from_curve(_curve(run, word, scale, level), side=side, alpha=level)
    return Limits(limits["low"], limits["high"])


def estimated_shift(design: SubsetDesign) -> float:
    """Return the shift that makes the observed statistic equal its expectation."""
    above = design.observed_sum - design.expected_sum
    below = design.observed_size - design.expected_overlap
    return float(above / below) if below else math.nan


def _count(design: SubsetDesign, plan: SubsetPlan, *, by_overlap: bool) -> SubsetTails:
    if plan.algorithm == "shift algorithm":
        return convolve(design, plan.split, by_overlap=by_overlap)
    return halve(design, plan.split, by_overlap=by_overlap, merge=not plan.relists)


def _curve(run: SubsetRun, alternative: str, scale: float, alpha: float) -> ShiftCurve:
    ends = 2 if alternative == "two-sided" and run.design.is_symmetric else 1
    mid_p, n_sums, n_all = run.question.mid_p, run.tails.n_sums, run.tails.n_counted
    most = min(LARGEST_LIST, max(SMALLEST_LIST, n_sums))
    p_at = _p_relisted if run.plan.relists else _p_at
    roughly = settle = None
    if not run.plan.relists and all(pair.ways_from is None for pair in run.tails.pairs):
        if n_sums > SAMPLED_FROM:
            roughly = partial(_p_at, run, sampled(run.tails, SAMPLED_SUMS), alternative)
        if not mid_p:  # there, arrangements at their jump point would count half
            settle = partial(
                limit_between, run.tails, alternative=alternative, alpha=alpha, most=most
            )
    return ShiftCurve(
        p_at=cache(partial(p_at, run, run.tails, alternative)),
        estimate=estimated_shift(run.design),
        scale=scale,
        p_at_zero=run.p_value(alternative),
        p_far=float(Fraction(ends, run.design.n_arrangements)) / (2 if mid_p else 1),
        peaks=alternative == "two-sided",
        largest_denominator=_largest_denominator(run.design),
        grain=run.plan.grain,
        roughly=roughly,
        settle=settle,
        settled_gap=float(Fraction(most, 2 * n_all)),
    )


def _p_at(run: SubsetRun, tails: SubsetTails, alternative: str, shift: float) -> float:
    moved = shifted(tails, shift)
    return p_value(moved, moved.observed(), alternative, mid_p=run.question.mid_p)


def _p_relisted(run: SubsetRun, tails: SubsetTails, alternative: str, shift: float) -> float:
    """List the subsets anew with the shift taken off: quicker than keeping overlaps apart."""
    del tails
    grain = run.plan.grain
    positions = run.design.positions - shift
    if grain:  # a shift on the grain leaves whole numbers of grains
        positions = np.rint(positions / grain)
    moved = halve(
        replace(run.design, positions=positions), run.plan.split, by_overlap=False, merge=False
    )
    return p_value(moved, moved.observed(), alternative, mid_p=run.question.mid_p)


def _largest_denominator(design: SubsetDesign) -> int | None:
    """Return how fine the fractions are that jump points can be, in steps of the number line."""
    if not design.is_exact:
        return None
    size = int(design.positions.size)
    if design.is_symmetric:
        return size
    return size * size if len(design.block_sizes) == 1 else None
