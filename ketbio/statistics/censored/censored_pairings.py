"""Censored values to be correlated: scores of y dealt to those of x."""

from dataclasses import replace
from itertools import product
from math import factorial, nan

import numpy as np
from numpy.typing import ArrayLike

from ketbio.statistics.censored.censored_findings import (
    Censored,
    Finding,
    limits_differ_warning,
    nothing_known_warning,
)
from ketbio.statistics.censored.censored_orderings import (
    MOST_ORDERINGS,
    count_orderings,
    orderings,
    p_over,
    too_many,
)
from ketbio.statistics.censored.censored_placements import PRange, counted_only
from ketbio.statistics.censored.censored_scores import block_scores, score_line
from ketbio.statistics.censored.censored_values import CensoredValues, censored_pairs
from ketbio.statistics.correlation_permutation import correlation_permutation_test
from ketbio.statistics.counting.counted import Counted, write_record
from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import UNLIMITED
from ketbio.statistics.pairings.pairing_costs import LISTED_PAIRS
from ketbio.statistics.pairings.pairing_tails import count_sorted_sums
from ketbio.statistics.records import FloatArray, PermutationTest

MOST_SORTED = 4 * 10**6
"""Sums to sort that the range of a correlation's p may take: some 10 pairs."""


def of_pairings(given: Censored, question: Question) -> Finding:
    """Deal the scores of y to those of x, each scored among its own kind."""
    values = censored_pairs(
        given.x,
        given.y,
        given.sides,
        given.blocks,
        at_least=3,
        on_one_line=False,
    )
    both = (values.of_group(x=True), values.of_group(x=False))
    x, y = (score_line(block_scores(one, given.scores)).positions for one in both)
    name = f"Pearson r of {given.label} scores"
    warnings = (
        *limits_differ_warning(both, "between the pairs"),
        *nothing_known_warning(values),
    )
    if x.any() and y.any():
        found = _correlation(x, y, given.blocks, question)
        test = replace(
            found,
            statistic_name=name,
            estimate_name=name,
            warnings=(*warnings, *found.warnings),
        )
    else:
        test = _constant_pairings(values.n[0], question, name, warnings)
    return Finding(
        test=test,
        values=values,
        p_range=_pairings_range(both, given.blocks, question),
        range_of="Spearman rho",
        n_undetermined=None,
    )


def _correlation(
    x: FloatArray, y: FloatArray, blocks: ArrayLike | None, question: Question
) -> PermutationTest:
    return correlation_permutation_test(
        x,
        y,
        blocks=blocks,
        alternative=question.alternative,
        exact=question.exact,
        n_resamples=question.n_draws,
        confidence_level=None,
        seed=question.seed,
        mid_p=question.mid_p,
        stop_after=question.stop_after,
        budget=question.budget,
    )


def _constant_pairings(
    n: int, question: Question, name: str, warnings: tuple[str, ...]
) -> PermutationTest:
    """Return p = 1 where the scores of x or of y are all equal, so that there is no correlation."""
    counted = Counted(
        tails=ListedTails(values=np.zeros(1), n_counted=1, tolerance=0.0),
        observed=0.0,
        algorithm="enumeration",
        n_arrangements=factorial(n),
        seed=None,
        null=None,
        mid_p=question.mid_p,
    )
    return write_record(
        counted,
        question,
        statistic=nan,
        statistic_name=name,
        estimate=nan,
        estimate_name=f"{name} (not defined: scores are constant)",
        limits=UNLIMITED,
        ci_method="",
        n=(n,),
        warnings=warnings,
    )


def _pairings_range(
    both: tuple[CensoredValues, CensoredValues], blocks: ArrayLike | None, question: Question
) -> PRange:
    ways = count_orderings(both[0]) * count_orderings(both[1])
    n = both[0].level.size
    sorted_sums = factorial(n) if n <= LISTED_PAIRS else count_sorted_sums(n)
    if ways > MOST_ORDERINGS or ways * sorted_sums > MOST_SORTED:
        n_censored = sum(both[0].n_censored) + sum(both[1].n_censored)
        is_counted = not any(one.has_both_sides for one in both)
        return too_many(ways, n_censored, is_counted=is_counted)
    counted = counted_only(question)

    def p_of(ranks: tuple[FloatArray, FloatArray]) -> float:
        x, y = ranks
        if not (x.any() and y.any()):
            return 1.0
        return _correlation(x, y, blocks, counted).p_value

    return p_over(map(p_of, product(orderings(both[0]), orderings(both[1]))))
