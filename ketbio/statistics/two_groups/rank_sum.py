"""The rank sum over every way to deal the group labels, with the Hodges–Lehmann shift."""

import math
from fractions import Fraction

import numpy as np

from ketbio.statistics.counting.counted import (
    agreement_warning,
    counted_subsets,
    limit_warnings,
    write_record,
)
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.rank_intervals import (
    PAtShift,
    limits_from_gaps,
    pairwise_differences,
)
from ketbio.statistics.counting.shift_intervals import UNLIMITED, Limits
from ketbio.statistics.counting.subset_runs import SubsetRun, run_subsets
from ketbio.statistics.counting.tails import p_value
from ketbio.statistics.rank_scores import doubled_ranks, shifted_group_scores
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.two_groups.groups import (
    TwoGroups,
    block_warnings,
    in_unit,
    in_units,
    label_design,
)

RERUN_RANKS = 60
"""Up to so many values, tied ranks are tested anew for every shift."""


def rank_sum(groups: TwoGroups, question: Question) -> PermutationTest:
    """Test the rank sum of x, with the interval of the Hodges–Lehmann shift.

    Parameters
    ----------
    groups : TwoGroups
        On a line for ranks.
    question : Question
        How.
    """
    line = groups.line
    scores = doubled_ranks(line.positions, groups.block)
    design = label_design(groups, scores, tolerance=0.0)
    run = run_subsets(design, question, with_shifts=False)
    differences = _differences_within_blocks(groups)
    known = differences[~np.isnan(differences)]
    wanted = question.confidence_level is not None
    limits, shift = Limits(-math.inf, math.inf) if wanted else UNLIMITED, math.nan
    if known.size:
        shift = float(np.median(known))
        if wanted:
            found = limits_from_gaps(
                np.unique(known),
                *_rank_curves(groups, differences, run),
                estimate=shift,
                alternative=question.alternative,
                alpha=float(question.alpha),
            )
            limits = in_units(found, line.unit)
        shift = in_unit(shift, line.unit)
    counted = counted_subsets(run, lambda sums: sums / 2)
    return write_record(
        counted,
        question,
        statistic=float(design.observed_sum) / 2,
        statistic_name="rank sum of x",
        estimate=shift,
        estimate_name="Hodges–Lehmann shift",
        limits=limits,
        ci_method="inverted rank-sum test",
        n=groups.n,
        warnings=(
            *block_warnings(groups),
            *limit_warnings(limits, question, counted),
            *agreement_warning(counted, limits, question),
        ),
    )


def _rank_curves(
    groups: TwoGroups, differences: FloatArray, run: SubsetRun
) -> tuple[PAtShift, PAtShift]:
    """Return shift → p of the rank-sum test, between the pairwise differences and at them.

    Where no two values of one group are equal all shifts between differences share one null
    distribution; where some are, and at a difference, the ranks are tested anew (between
    differences up to 60 values; beyond that ties are taken as broken). So they are where
    arrangements are drawn, since p must come from the draws that the test itself made.
    """
    positions, is_x, question = groups.line.positions, groups.is_x, run.again()
    own = [doubled_ranks(positions[mine], groups.block[mine]) for mine in (is_x, ~is_x)]

    def run_at(scores: FloatArray) -> SubsetRun:
        design = label_design(groups, scores, tolerance=0.0)
        return run_subsets(design, question, with_shifts=False)

    def anew(shift: float) -> float:
        scores = np.empty(positions.size)
        scores[is_x], scores[~is_x] = shifted_group_scores(own[0], own[1], differences, shift)
        return run_at(scores).p_value(question.alternative)

    tied = any(np.unique(group).size < group.size for group in (positions[is_x], positions[~is_x]))
    if not run.is_exact or (tied and positions.size <= RERUN_RANKS):
        return anew, anew
    untied = np.arange(positions.size, dtype=np.float64)
    shared = run_at(doubled_ranks(untied, groups.block))
    sizes = np.bincount(groups.block[is_x])
    alone = int((sizes * (sizes + 1) // 2).sum())

    def from_shared(shift: float) -> float:
        wins = int((differences > shift).sum())
        centred = Fraction(2 * (alone + wins)) - Fraction(shared.design.expected_sum)
        return p_value(shared.tails, centred, question.alternative, mid_p=question.mid_p)

    return from_shared, anew


def _differences_within_blocks(groups: TwoGroups) -> FloatArray:
    """Return every x − y, of shape (n, m), NaN where the blocks differ."""
    line, is_x, block = groups.line, groups.is_x, groups.block
    differences = pairwise_differences(
        line.positions[is_x], line.positions[~is_x], is_exact=line.is_exact
    )
    return np.where(block[is_x][:, None] == block[~is_x][None, :], differences, np.nan)
