"""Censored values in two groups and in pairs: scores dealt to groups, or signs to pairs."""

from math import nan

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.censored.censored_findings import (
    Censored,
    Finding,
    KnownPairs,
    limits_differ_warning,
    nothing_known_warning,
    undetermined_warning,
)
from ketbio.statistics.censored.censored_orderings import (
    MOST_ORDERINGS,
    count_orderings,
    orderings,
    p_over,
    too_many,
)
from ketbio.statistics.censored.censored_placements import PRange, counted_only, rank_sum_range
from ketbio.statistics.censored.censored_scores import block_scores, score_line
from ketbio.statistics.censored.censored_values import (
    CensoredValues,
    censored_groups,
    censored_pairs,
)
from ketbio.statistics.counting.counted import counted_subsets, write_record
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import UNLIMITED
from ketbio.statistics.counting.subset_runs import SubsetRun, run_subsets
from ketbio.statistics.number_lines import NumberLine
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.signs.pairs import sign_design
from ketbio.statistics.two_groups.groups import TwoGroups, block_warnings, label_design


def of_two_groups(given: Censored, question: Question) -> Finding:
    """Deal the scores to the two groups, within blocks."""
    groups = censored_groups(given.x, given.y, given.sides, given.blocks)
    line = score_line(block_scores(groups, given.scores))
    dealt = TwoGroups(line=line, is_x=groups.is_x, block=groups.block)
    design = label_design(dealt, line.positions, tolerance=line.tolerance)
    pairs = _group_pairs(groups)
    run = run_subsets(design, question, with_shifts=False)
    test = _from_sums(
        run,
        question,
        line,
        twice=1,
        statistic_name=f"sum of {given.label} scores of x",
        estimate=pairs.lead,
        estimate_name="wins − losses of x, per pair of an x and a y",
        n=groups.n,
        warnings=(
            *block_warnings(dealt),
            *undetermined_warning(pairs, "pairs of a value of either group", groups.where),
            *limits_differ_warning((groups,), "between the groups"),
            *nothing_known_warning(groups),
        ),
    )
    return Finding(
        test=test,
        values=groups,
        p_range=rank_sum_range(groups, question),
        range_of="rank sum",
        n_undetermined=pairs.undetermined,
    )


def of_pairs(given: Censored, question: Question) -> Finding:
    """Deal the signs of the differences between the scores of x and y, pooled within blocks."""
    values = censored_pairs(given.x, given.y, given.sides, given.blocks)
    n = values.n[0]
    scores = block_scores(values, given.scores)
    line = score_line([a - b for a, b in zip(scores[:n], scores[n:], strict=True)])
    pairs = _own_pairs(values)
    design = sign_design(line.positions, tolerance=line.tolerance)
    run = run_subsets(design, question, with_shifts=False)
    test = _from_sums(
        run,
        question,
        line,
        twice=2,
        statistic_name=f"sum of differences of {given.label} scores",
        estimate=pairs.lead,
        estimate_name="wins − losses of x over its own y, per pair",
        n=(n,),
        warnings=(
            *undetermined_warning(pairs, "pairs", values.where),
            *limits_differ_warning((values,), "within pairs"),
            *nothing_known_warning(values),
        ),
    )
    return Finding(
        test=test,
        values=values,
        p_range=_pairs_range(values, question),
        range_of="sign flips of differences of pooled ranks",
        n_undetermined=pairs.undetermined,
    )


def _group_pairs(groups: CensoredValues) -> KnownPairs:
    """Count every pair of an x and a y of the same block."""
    is_x = np.flatnonzero(groups.is_x)
    is_y = np.flatnonzero(~groups.is_x)
    i, j = np.nonzero(groups.block[is_x][:, None] == groups.block[is_y][None, :])
    return _known(groups, is_x[i], is_y[j])


def _own_pairs(values: CensoredValues) -> KnownPairs:
    return _known(values, np.flatnonzero(values.is_x), np.flatnonzero(~values.is_x))


def _known(values: CensoredValues, x: NDArray[np.intp], y: NDArray[np.intp]) -> KnownPairs:
    """Count what is known of pairs of places."""
    low, high = values.ends()
    wins, losses = high[y] < low[x], high[x] < low[y]
    seen = ~values.beyond
    level = seen[x] & seen[y] & (values.level[x] == values.level[y])
    return KnownPairs(
        n=x.size,
        wins=int(wins.sum()),
        losses=int(losses.sum()),
        undetermined=int((~wins & ~losses & ~level).sum()),
    )


def _from_sums(
    run: SubsetRun,
    question: Question,
    line: NumberLine,
    *,
    twice: int,
    statistic_name: str,
    estimate: float,
    estimate_name: str,
    n: tuple[int, ...],
    warnings: tuple[str, ...],
) -> PermutationTest:
    """Return the record; ``twice`` is 2 for signs, where what is not kept is subtracted."""
    unit, total = float(line.unit), float(line.positions.sum()) * (twice - 1)

    def reported(sums: FloatArray) -> FloatArray:
        return (twice * sums - total) * unit

    return write_record(
        counted_subsets(run, reported),
        question,
        statistic=float(reported(np.array([float(run.design.observed_sum)]))[0]),
        statistic_name=statistic_name,
        estimate=estimate,
        estimate_name=estimate_name,
        limits=UNLIMITED,
        ci_method="",
        n=n,
        warnings=warnings,
    )


def _pairs_range(values: CensoredValues, question: Question) -> PRange:
    ways = count_orderings(values)
    if ways > MOST_ORDERINGS:
        return too_many(ways, sum(values.n_censored), is_counted=not values.has_both_sides)
    n, counted = values.n[0], counted_only(question)

    def p_of(ranks: FloatArray) -> float:
        design = sign_design(ranks[:n] - ranks[n:], tolerance=0.0)
        run = run_subsets(design, counted, with_shifts=False)
        return run.p_value(question.alternative) if run.is_exact else nan

    return p_over(map(p_of, orderings(values)))
