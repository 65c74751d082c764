"""Two groups: the exact permutation test with the interval that agrees with it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.statistics.counted import (
    Question,
    agreement_warning,
    counted_subsets,
    limit_warnings,
    write_record,
)
from ketbio.statistics.inputs import (
    ALTERNATIVES,
    Exact,
    alpha_of,
    as_blocks,
    as_values,
    check_draws,
    check_exact,
    check_level,
    check_seed,
    check_word,
)
from ketbio.statistics.number_lines import NumberLine, to_number_line, to_rank_line
from ketbio.statistics.rank_intervals import (
    PAtShift,
    limits_from_gaps,
    pairwise_differences,
)
from ketbio.statistics.rank_scores import mid_ranks, shifted_group_scores
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.shift_intervals import Limits
from ketbio.statistics.subset_runs import (
    SubsetRun,
    estimated_shift,
    run_subsets,
    shift_limits,
)
from ketbio.statistics.subset_sums import SubsetDesign
from ketbio.statistics.tails import p_value

RERUN_RANKS = 60
"""Up to so many values, tied ranks are tested anew for every shift."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TwoGroups:
    """Validated input: values on one line, sorted by block with x first.

    Attributes
    ----------
    line : NumberLine
        All values, block by block, x before y.
    is_x : array of bool, shape (N,)
        Which are x.
    block : array of int, shape (N,)
        Block numbers, ascending.
    """

    line: NumberLine
    is_x: NDArray[np.bool_]
    block: NDArray[np.intp]

    @property
    def n(self) -> tuple[int, int]:
        """Values in x and in y."""
        return int(self.is_x.sum()), int((~self.is_x).sum())


def permutation_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    statistic: str = "mean_difference",
    alternative: str = "two-sided",
    blocks: ArrayLike | None = None,
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    confidence_level: float = 0.95,
    seed: int | None = None,
) -> PermutationTest:
    """Test whether two groups are exchangeable, over every way to deal the group labels.

    Parameters
    ----------
    x, y : array-like of numbers, shapes (n,) and (m,)
        The two groups; no missing values.
    statistic : {"mean_difference", "rank_sum"}
        Mean of x − mean of y, or the sum of x's mid-ranks (within blocks).
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        x against y. ``"two-sided"`` is the share of arrangements with abs(T − E T) ≥ abs(t − E T);
        ``"two-sided-doubled"`` is twice the smaller one-sided p (SciPy's way).
    blocks : array-like of labels, shape (n + m,), optional
        Labels are dealt within blocks only; those of x first, then those of y.
    exact : {"auto", True, False}
        ``"auto"`` counts every arrangement if time and memory allow, and draws otherwise.
    n_resamples : int
        How many arrangements to draw where they are drawn.
    confidence_level : float
        Of the interval of the shift, made by inverting this very test: it holds the shifts with
        p ≥ 1 − ``confidence_level``.
    seed : int, optional
        Seed of the draws; a fresh one is taken, and recorded, where none is given.

    Returns
    -------
    PermutationTest
        ``estimate`` is the mean difference (within blocks: weighted by n·m/(n + m)) or the
        Hodges–Lehmann shift, in the data's units.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or ``exact=True`` is out of reach.

    Notes
    -----
    Pitman (1937); subset sums by meeting in the middle (Horowitz & Sahni 1974; Pagano & Tritchler
    1983 for the idea of exact tests without enumeration). It tests exchangeability: groups of
    unequal spread can differ in that alone.

    Examples
    --------
    >>> found = permutation_test([5, 6, 7, 8], [1, 2, 3, 4])
    >>> found.statistic, round(found.p_value, 6), found.method
    (4.0, 0.028571, 'exact, 70 arrangements')
    >>> found.ci_low, found.ci_high
    (1.0, 7.0)
    """
    check_word("statistic", statistic, STATISTICS)
    check_word("alternative", alternative, ALTERNATIVES)
    groups = two_groups(x, y, blocks, ranked=statistic == "rank_sum")
    question = Question(
        alternative=alternative,
        exact=check_exact(exact),
        n_draws=check_draws(n_resamples),
        confidence_level=check_level(confidence_level),
        seed=check_seed(seed),
    )
    return STATISTICS[statistic](groups, question)


def two_groups(
    x: ArrayLike, y: ArrayLike, blocks: ArrayLike | None = None, *, ranked: bool = False
) -> TwoGroups:
    """Validate two groups and sort them by block, x first within each."""
    first, second = as_values(x, "x"), as_values(y, "y")
    block = as_blocks(blocks, first.size + second.size)
    is_x = np.arange(block.size) < first.size
    order = np.lexsort((~is_x, block))
    to_line = to_rank_line if ranked else to_number_line
    line = to_line(np.concatenate([first, second])[order])
    return TwoGroups(line=line, is_x=is_x[order], block=block[order])


def label_design(groups: TwoGroups, scores: FloatArray, *, tolerance: float) -> SubsetDesign:
    """Return the design in which ``scores`` are dealt to x and y within blocks."""
    sizes = np.bincount(groups.block)
    takes = np.bincount(groups.block, weights=groups.is_x)
    return SubsetDesign(
        positions=scores,
        is_x=groups.is_x,
        block_sizes=tuple(int(size) for size in sizes),
        takes=tuple(int(take) for take in takes),
        is_exact=tolerance == 0,
        tolerance=tolerance,
    )


def mean_design(groups: TwoGroups) -> SubsetDesign:
    """Return the design of the mean difference."""
    return label_design(groups, groups.line.positions, tolerance=groups.line.tolerance)


def rank_design(groups: TwoGroups, values: FloatArray) -> SubsetDesign:
    """Return the design of the rank sum: twice the mid-ranks of ``values`` within blocks."""
    return label_design(groups, _doubled_ranks(values, groups.block), tolerance=0.0)


def _doubled_ranks(values: FloatArray, block: NDArray[np.intp]) -> FloatArray:
    doubled = np.empty(values.size)
    for number in range(int(block.max()) + 1):
        mine = block == number
        doubled[mine] = 2 * mid_ranks(values[mine])
    return doubled


def _mean_difference(groups: TwoGroups, question: Question) -> PermutationTest:
    design, unit = mean_design(groups), groups.line.unit
    run = run_subsets(
        design,
        exact=question.exact,
        n_draws=question.n_draws,
        seed=question.seed,
        with_shifts=True,
    )
    limits = shift_limits(
        run,
        alternative=question.alternative,
        alpha=alpha_of(question.confidence_level),
        scale=_standard_error(groups),
    )
    mean_of = _mean_difference_of(groups)
    within = len(design.block_sizes) > 1
    return write_record(
        counted_subsets(run, mean_of),
        question,
        statistic=float(mean_of(np.array([float(design.observed_sum)]))[0]),
        statistic_name="mean difference",
        estimate=estimated_shift(design) * float(unit),
        estimate_name="mean difference within blocks" if within else "mean difference",
        limits=Limits(_times(limits.low, unit), _times(limits.high, unit)),
        ci_method="inverted permutation test",
        n=groups.n,
        warnings=(*_block_warnings(groups), *limit_warnings(limits, question)),
    )


def _rank_sum(groups: TwoGroups, question: Question) -> PermutationTest:
    line = groups.line
    design = rank_design(groups, line.positions)
    run = run_subsets(
        design,
        exact=question.exact,
        n_draws=question.n_draws,
        seed=question.seed,
        with_shifts=False,
    )
    differences = _differences_within_blocks(groups)
    known = differences[~np.isnan(differences)]
    limits, shift = Limits(math.nan, math.nan), math.nan
    if known.size:
        shift = float(np.median(known))
        found = limits_from_gaps(
            np.unique(known),
            *_rank_curves(groups, differences, question, run.seed),
            estimate=shift,
            alternative=question.alternative,
            alpha=float(alpha_of(question.confidence_level)),
        )
        limits = Limits(_times(found.low, line.unit), _times(found.high, line.unit))
        shift = _times(shift, line.unit)
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
            *_block_warnings(groups),
            *limit_warnings(limits, question),
            *agreement_warning(counted, limits, question),
        ),
    )


STATISTICS: dict[str, Callable[[TwoGroups, Question], PermutationTest]] = {
    "mean_difference": _mean_difference,
    "rank_sum": _rank_sum,
}


def _rank_curves(
    groups: TwoGroups, differences: FloatArray, question: Question, seed: int | None
) -> tuple[PAtShift, PAtShift]:
    """Return shift → p of the rank-sum test, between the pairwise differences and at them.

    Where no two values of one group are equal all shifts between differences share one null
    distribution; where some are, and at a difference, the ranks are tested anew (between
    differences up to 60 values; beyond that ties are taken as broken).
    """
    positions, is_x = groups.line.positions, groups.is_x
    own = [_doubled_ranks(positions[mine], groups.block[mine]) for mine in (is_x, ~is_x)]

    def run_at(scores: FloatArray) -> SubsetRun:
        design = label_design(groups, scores, tolerance=0.0)
        exact, draws = question.exact, question.n_draws
        return run_subsets(design, exact=exact, n_draws=draws, seed=seed, with_shifts=False)

    def anew(shift: float) -> float:
        scores = np.empty(positions.size)
        scores[is_x], scores[~is_x] = shifted_group_scores(own[0], own[1], differences, shift)
        return run_at(scores).p_value(question.alternative)

    tied = any(np.unique(group).size < group.size for group in (positions[is_x], positions[~is_x]))
    if tied and positions.size <= RERUN_RANKS:
        return anew, anew
    untied = np.arange(positions.size, dtype=np.float64)
    shared = run_at(_doubled_ranks(untied, groups.block))
    sizes = np.bincount(groups.block[is_x])
    alone = int((sizes * (sizes + 1) // 2).sum())

    def from_shared(shift: float) -> float:
        wins = int((differences > shift).sum())
        centred = Fraction(2 * (alone + wins)) - Fraction(shared.design.expected_sum)
        return p_value(shared.tails, centred, question.alternative)

    return from_shared, anew


def _differences_within_blocks(groups: TwoGroups) -> FloatArray:
    """Return every x − y, of shape (n, m), NaN where the blocks differ."""
    line, is_x, block = groups.line, groups.is_x, groups.block
    differences = pairwise_differences(
        line.positions[is_x], line.positions[~is_x], is_exact=line.is_exact
    )
    return np.where(block[is_x][:, None] == block[~is_x][None, :], differences, np.nan)


def _mean_difference_of(groups: TwoGroups) -> Callable[[FloatArray], FloatArray]:
    n, m = groups.n
    total = float(groups.line.positions.sum())
    unit = float(groups.line.unit)

    def scale(sums: FloatArray) -> FloatArray:
        # One division, so that a difference with few decimals comes out as written.
        return np.asarray(((n + m) * sums - n * total) / (n * m) * unit, dtype=np.float64)

    return scale


def _standard_error(groups: TwoGroups) -> float:
    x, y = groups.line.positions[groups.is_x], groups.line.positions[~groups.is_x]
    squares = float(((x - x.mean()) ** 2).sum() + ((y - y.mean()) ** 2).sum())
    pooled = squares / max(1, x.size + y.size - 2)
    return math.sqrt(pooled * (1 / x.size + 1 / y.size)) or 1.0


def _block_warnings(groups: TwoGroups) -> tuple[str, ...]:
    sizes = np.bincount(groups.block)
    mine = np.bincount(groups.block, weights=groups.is_x)
    idle = int(((mine == 0) | (mine == sizes)).sum())
    if idle == 0:
        return ()
    blocks = "block holds" if idle == 1 else "blocks hold"
    return (f"{idle} {blocks} values of one group only and add nothing to the comparison.",)


def _times(limit: float, unit: Fraction) -> float:
    return limit * float(unit) if math.isfinite(limit) else limit
