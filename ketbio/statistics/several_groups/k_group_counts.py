"""Σ S²/n over every way to deal values to k groups: listed, counted in halves, or drawn."""

import math
from collections.abc import Callable
from functools import partial

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import GIBIBYTE, OUT_OF_REACH, Cost, budget_of, refusal
from ketbio.statistics.counting.counted import Counted
from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.pairings.drawn_pairings import draw_pairings
from ketbio.statistics.records import FloatArray
from ketbio.statistics.several_groups.k_group_deals import (
    DealTails,
    HalvedDeals,
    count_states,
    halve_deals,
    list_deals,
)
from ketbio.statistics.several_groups.k_group_designs import GroupDesign

LISTED = 200_000
"""Up to so many arrangements are listed one by one."""

STATE_SECONDS, PAIR_SECONDS = 5e-7, 6e-9
"""For listing one sum of a half, and for comparing one pair of sums."""


def count_deals(
    design: GroupDesign, question: Question, scale: Callable[[FloatArray], FloatArray]
) -> Counted:
    """Count every deal if that is within the budget, else draw.

    Parameters
    ----------
    design : GroupDesign
        What is dealt.
    question : Question
        How.
    scale : callable
        T → the statistic as reported.

    Raises
    ------
    StatisticsError
        ``exact=True``, and counting is beyond the budget.
    """
    if question.exact is False:
        return _drawn(design, question, scale)
    budget = budget_of(question.exact, question.budget)
    deals, cost = None, _listing_cost(design)
    if math.isfinite(cost.seconds) and budget.allows(cost):
        deals = halve_deals(design)
        cost = _comparing_cost(cost, deals, question)
        if budget.allows(cost):
            return _counted(deals, question, scale)
    if question.exact is True:
        what = f"every deal of {design.scores.size} values to {design.weights.size} groups"
        raise StatisticsError(refusal(what, cost, budget))
    return _drawn(design, question, scale)


def _listing_cost(design: GroupDesign) -> Cost:
    states = count_states(design)
    if not math.isfinite(states):
        return OUT_OF_REACH
    per_state = 8 * (design.weights.size + 1) * 4
    return Cost(seconds=STATE_SECONDS * states, gibibytes=per_state * states / GIBIBYTE)


def _comparing_cost(listing: Cost, deals: HalvedDeals, question: Question) -> Cost:
    passes = 2 if question.mid_p else 1
    return Cost(
        seconds=listing.seconds + passes * PAIR_SECONDS * deals.n_pairs,
        gibibytes=listing.gibibytes,
    )


def _counted(
    deals: HalvedDeals, question: Question, scale: Callable[[FloatArray], FloatArray]
) -> Counted:
    design = deals.design
    expected, n = design.expected, design.n_arrangements
    tails: DealTails | ListedTails = DealTails(
        deals=deals, expected=expected, highest=design.most_extreme()
    )
    null = centred = None
    if n <= LISTED:
        listed = list_deals(deals)
        null, centred = scale(listed), listed - float(expected)
        # Fractions of T − E T are rounded, whole T are not: half a unit parts them.
        near = max(design.tolerance, 0.25 if design.is_exact else 0.0)
        tails = ListedTails(values=centred, n_counted=n, tolerance=near)
    return Counted(
        tails=tails,
        observed=design.observed() - expected,
        algorithm="enumeration" if n <= LISTED else "meet in the middle",
        n_arrangements=n,
        seed=None,
        null=null,
        centred=centred,
        mid_p=question.mid_p,
    )


def _drawn(
    design: GroupDesign, question: Question, scale: Callable[[FloatArray], FloatArray]
) -> Counted:
    expected = float(design.expected)
    drawn = draw_pairings(
        lambda rows: design.of_rows(rows) - expected,
        design.scores,
        design.block,
        question,
        observed=float(design.observed()) - expected,
        tolerance=max(design.tolerance, 0.25 if design.is_exact else 0.0),
    )
    return Counted(
        tails=drawn.tails,
        observed=drawn.observed,
        algorithm="Monte Carlo",
        n_arrangements=design.n_arrangements,
        seed=drawn.seed,
        null=scale(drawn.values + expected),
        floor_of_design=partial(_floor, design),
        mid_p=question.mid_p,
        stopped_after=drawn.stopped_after,
    )


def _floor(design: GroupDesign, alternative: str) -> float:
    """Return the share of deals with the largest T (one of them at least); T is one-sided."""
    del alternative
    return design.most_extreme()[1] / design.n_arrangements
