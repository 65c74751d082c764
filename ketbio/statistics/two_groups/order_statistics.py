"""Differences of medians and of 20% trimmed means over every way to deal the group labels.

Robust measures of location: single outliers move neither. The test is of exchangeability. A
two-sided distance is measured from 0, no difference: E T is 0 for groups of one size only, and of a
distance from it p(δ) would not fall on either side of the estimate (16 v 18 values without any
overlap can have p = .24). How the interval inverts the test stands in `order_statistic_limits`.
"""

import math
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from ketbio.errors import StatisticsError
from ketbio.statistics.counting.budgets import (
    GIBIBYTE,
    OUT_OF_REACH,
    Budget,
    Cost,
    budget_of,
    refusal,
)
from ketbio.statistics.counting.counted import (
    Counted,
    agreement_warning,
    limit_warnings,
    write_record,
)
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import SIDES, UNLIMITED, Limits
from ketbio.statistics.counting.subset_plan import LISTED
from ketbio.statistics.counting.tails import smallest_p
from ketbio.statistics.records import PermutationTest
from ketbio.statistics.two_groups.groups import TwoGroups, in_units
from ketbio.statistics.two_groups.label_arrangements import Labels, draw_values, drawn_arrangements
from ketbio.statistics.two_groups.order_statistic_limits import (
    EVALUATIONS,
    Interval,
    bootstrap_interval_of,
    shift_limits,
)
from ketbio.statistics.two_groups.order_statistic_shifts import (
    DrawnShifts,
    ListedShifts,
    ShiftedGroups,
    Shifts,
    shifted_groups,
)
from ketbio.statistics.two_groups.order_statistic_sums import (
    OrderTails,
    WeightsOf,
    median_weights,
    order_weights,
    trimmed_weights,
)

SECONDS_PER_SUM = 3e-7
"""To list one sum of a half, put it in order and look it up."""

BYTES_PER_SUM = 100

SECONDS_PER_LABEL = 3e-8
"""To take one label of one drawn arrangement into account."""

BYTES_PER_LABEL = 30

QUICK_SUMS = 100_000
"""Up to so many sums the smallest p of a design that is drawn is counted."""

MAX_BITS = 1000
"""Beyond 2**1000 arrangements a count no longer fits a float."""


def median_difference(groups: TwoGroups, question: Question) -> PermutationTest:
    """Test the difference of medians, with the interval of the shift that inverts the test.

    Parameters
    ----------
    groups : TwoGroups
        On a line for ranks, without blocks.
    question : Question
        How.
    """
    return _difference(groups, question, median_weights, "median_difference")


def trimmed_mean_difference(groups: TwoGroups, question: Question) -> PermutationTest:
    """Test the difference of 20% trimmed means, with the interval that inverts the test.

    Parameters
    ----------
    groups : TwoGroups
        On a line for ranks, without blocks.
    question : Question
        How.
    """
    return _difference(groups, question, trimmed_weights, "trimmed_mean_difference")


NAMES = {
    "median_difference": "difference of medians",
    "trimmed_mean_difference": "difference of 20% trimmed means",
}


def _difference(
    groups: TwoGroups,
    question: Question,
    weights_of: WeightsOf,
    word: str,
) -> PermutationTest:
    _refuse_blocks(groups, word)
    n, m = groups.n
    weights = order_weights(weights_of(n), weights_of(m))
    shifted = shifted_groups(groups, weights)
    counted, shifts = _count(shifted, question)
    unit = groups.line.unit
    interval = _interval(shifted, counted, shifts, question, weights_of)
    per_sum = float(unit) / weights.scale
    estimate = shifted.observed_sum * per_sum
    if groups.line.is_exact:
        estimate = float(Fraction(int(shifted.observed_sum), weights.scale) * unit)
    return write_record(
        replace(
            counted,
            null=None if counted.null is None else counted.null * per_sum,
            seed=interval.seed if counted.seed is None else counted.seed,
        ),
        question,
        statistic=estimate,
        statistic_name=NAMES[word],
        estimate=estimate,
        estimate_name=NAMES[word],
        limits=in_units(interval.limits, unit),
        ci_method=interval.method,
        n=groups.n,
        warnings=interval.warnings,
    )


def _refuse_blocks(groups: TwoGroups, word: str) -> None:
    n_blocks = int(groups.block[-1]) + 1
    if n_blocks > 1:
        raise StatisticsError(
            f"blocks holds {n_blocks} blocks, and statistic {word!r} has no form within blocks; "
            'allowed with blocks: "mean_difference", "rank_sum", "welch_t", "brunner_munzel". '
            "Use one of these, or leave blocks out."
        )


def _count(groups: ShiftedGroups, question: Question) -> tuple[Counted, Shifts | None]:
    """Count every arrangement if that is in reach, else draw; with the same at any shift."""
    labels = Labels(
        is_x=groups.is_x, block_sizes=(groups.is_x.size,), takes=(int(groups.is_x.sum()),)
    )
    budget = budget_of(question.exact, question.budget)
    if question.exact is not False:
        listed = ListedShifts(groups=groups, n_arrangements=labels.n_arrangements)
        fits = labels.n_arrangements.bit_length() <= MAX_BITS
        tails = listed.within(0.0, _most_sums(budget)) if fits else None
        if tails is not None:
            return _counted(listed, tails, question)
        if question.exact is True:
            many = f"{labels.n_arrangements:.2e}" if fits else f"more than 2**{MAX_BITS}"
            what = f"{many} arrangements of {groups.is_x.size} values"
            raise StatisticsError(refusal(what, OUT_OF_REACH, budget))
    return _drawn(groups, labels, question)


def _counted(
    listed: ListedShifts, tails: OrderTails, question: Question
) -> tuple[Counted, Shifts | None]:
    values = tails.listed() if listed.n_arrangements <= LISTED else None
    counted = Counted(
        tails=tails,
        observed=listed.groups.observed(0.0),
        algorithm="meet in the middle" if values is None else "enumeration",
        n_arrangements=listed.n_arrangements,
        seed=None,
        null=values,
        centred=values,
        mid_p=question.mid_p,
        centre="0",
    )
    if question.confidence_level is None:
        return counted, None
    # Where x stands between values of y fewer sums are equal, and more have to be listed.
    most_sums = _most_sums(budget_of(question.exact, question.budget)) / EVALUATIONS
    between = listed.within(listed.groups.standard_error / math.pi, most_sums)
    return counted, None if between is None else listed


def _drawn(
    groups: ShiftedGroups, labels: Labels, question: Question
) -> tuple[Counted, Shifts | None]:
    seed = fresh_seed() if question.seed is None else question.seed
    tolerance = groups.tolerance(0.0)
    sums = draw_values(
        labels,
        question,
        seed,
        lambda dealt: groups.weights.sums(groups.positions, dealt),
        tolerance=tolerance,
    )
    n_draws = sums.size - 1
    counted = Counted(
        tails=ListedTails(values=np.sort(sums), n_counted=int(sums.size), tolerance=tolerance),
        observed=float(sums[0]),
        algorithm="Monte Carlo",
        n_arrangements=labels.n_arrangements,
        seed=seed,
        null=sums[1:],
        floor_of_design=partial(_floor, groups, labels.n_arrangements),
        mid_p=question.mid_p,
        centre="0",
        stopped_after=question.stop_after if n_draws < question.n_draws else None,
    )
    budget = budget_of(question.exact, question.budget)
    seconds = EVALUATIONS * sums.size * labels.is_x.size * SECONDS_PER_LABEL
    gibibytes = sums.size * labels.is_x.size * BYTES_PER_LABEL / GIBIBYTE
    cost = Cost(seconds=seconds, gibibytes=gibibytes)
    if question.confidence_level is None or not budget.allows(cost):
        return counted, None
    dealt = [labels.is_x[None, :], *drawn_arrangements(labels, seed, n_draws)]
    return counted, DrawnShifts(groups=groups, labels=np.concatenate(dealt))


def _interval(
    groups: ShiftedGroups,
    counted: Counted,
    shifts: Shifts | None,
    question: Question,
    weights_of: WeightsOf,
) -> Interval:
    if question.confidence_level is None:
        return Interval(limits=UNLIMITED, method="")
    if shifts is None:
        given = question.seed if counted.seed is None else counted.seed
        seed = fresh_seed() if given is None else given
        return bootstrap_interval_of(groups, question, weights_of, seed)
    limits = shift_limits(groups, shifts, counted.p_value, question)
    return Interval(
        limits=limits,
        method="inverted permutation test",
        warnings=(
            *_open_warnings(groups, counted, limits, question),
            *agreement_warning(counted, limits, question),
        ),
    )


def _open_warnings(
    groups: ShiftedGroups, counted: Counted, limits: Limits, question: Question
) -> tuple[str, ...]:
    """Return a sentence where a limit is infinite: by few arrangements, few draws, or ties."""
    said = limit_warnings(limits, question, counted)
    # Groups of one size mirror each arrangement.
    mirrored = (
        question.alternative == "two-sided" and groups.weights.x.size == groups.weights.y.size
    )
    smallest = Fraction(2 if mirrored else 1, counted.n_arrangements)
    is_few = any(smallest >= question.alpha / parts for _, parts in SIDES[question.alternative])
    if not said or is_few or counted.draws_bind(question):
        return said
    return (
        "At any shift too many arrangements are as extreme as the observed one for a "
        f"{100 * (question.confidence_level or 0):g}% interval: it is open where a limit is "
        "infinite.",
    )


def _most_sums(budget: Budget) -> float:
    return min(budget.seconds / SECONDS_PER_SUM, budget.gibibytes * GIBIBYTE / BYTES_PER_SUM)


def _floor(groups: ShiftedGroups, n_arrangements: int, alternative: str) -> float:
    """Return the smallest p: counted where that is quick, else what it is at least."""
    if n_arrangements.bit_length() > MAX_BITS:
        return 0.0
    listed = ListedShifts(groups=groups, n_arrangements=n_arrangements)
    tails = listed.within(0.0, QUICK_SUMS)
    if tails is not None:
        return smallest_p(tails, alternative)
    return float(Fraction(2 if alternative == "two-sided-doubled" else 1, n_arrangements))
