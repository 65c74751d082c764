"""Pairs: the exact sign-flip test with the interval that agrees with it."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

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
    as_same_length,
    as_values,
    check_draws,
    check_exact,
    check_level,
    check_seed,
    check_word,
)
from ketbio.statistics.number_lines import NumberLine, to_difference_line, to_number_line
from ketbio.statistics.rank_intervals import (
    PAtShift,
    each_once,
    limits_from_gaps,
    walsh_averages,
)
from ketbio.statistics.rank_scores import mid_ranks, shifted_signed_scores
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.shift_intervals import Limits
from ketbio.statistics.subset_runs import SubsetRun, run_subsets, shift_limits
from ketbio.statistics.subset_sums import SubsetDesign
from ketbio.statistics.tails import p_value
from ketbio.wording import count_of

RERUN_RANKS = 60
"""Up to so many differences, tied ranks are tested anew for every shift."""


def paired_permutation_test(
    x: ArrayLike,
    y: ArrayLike | None = None,
    *,
    statistic: str = "mean",
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    confidence_level: float = 0.95,
    seed: int | None = None,
) -> PermutationTest:
    """Test whether differences are symmetric about zero, over every way to deal their signs.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, tested as x − y; without ``y``, ``x`` are the differences themselves.
    statistic : {"mean", "signed_rank"}
        Mean of the differences, or the sum of the ranks of the positive ones (Wilcoxon: zeros are
        dropped, and a warning says how many).
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Differences against zero. Signs make a symmetric distribution, so that both two-sided ways
        agree.
    exact, n_resamples, confidence_level, seed
        As in `permutation_test`; the interval holds the shifts with p ≥ 1 − ``confidence_level``.

    Returns
    -------
    PermutationTest
        ``estimate`` is the mean of the differences, or their Hodges–Lehmann centre (median of
        Walsh averages), in the data's units.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or ``exact=True`` is out of reach.

    Notes
    -----
    Fisher (1935, §21); Wilcoxon (1945); interval by inversion (Tukey; Maritz 1979).

    Examples
    --------
    >>> baseline = [38, 27, 34, 44, 45, 33, 48, 41, 40, 41]
    >>> after = [33, 22, 27, 10, 22, 21, 40, 31, 29, 33]
    >>> found = paired_permutation_test(after, baseline)
    >>> found.statistic, found.p_value, found.method
    (-12.3, 0.001953125, 'exact, 1,024 arrangements')
    """
    check_word("statistic", statistic, STATISTICS)
    check_word("alternative", alternative, ALTERNATIVES)
    line, n = differences_of(x, y)
    question = Question(
        alternative=alternative,
        exact=check_exact(exact),
        n_draws=check_draws(n_resamples),
        confidence_level=check_level(confidence_level),
        seed=check_seed(seed),
    )
    return STATISTICS[statistic](line, n, question)


def differences_of(x: ArrayLike, y: ArrayLike | None) -> tuple[NumberLine, int]:
    """Validate pairs and put their differences on a line from zero."""
    if y is None:
        differences = as_values(x, "x")
        return to_number_line(differences, from_zero=True), int(differences.size)
    first, second = as_same_length(x, y)
    return to_difference_line(first, second), int(first.size)


def sign_design(scores: FloatArray, *, tolerance: float) -> SubsetDesign:
    """Return the design in which each score is kept or has its sign changed."""
    return SubsetDesign(
        positions=scores,
        is_x=np.ones(scores.size, dtype=np.bool_),
        block_sizes=(scores.size,),
        takes=None,
        is_exact=tolerance == 0,
        tolerance=tolerance,
    )


def signed_rank_design(differences: FloatArray) -> SubsetDesign:
    """Return the design of the signed ranks: twice the mid-ranks of abs(d), with d's signs."""
    scores = 2 * mid_ranks(np.abs(differences)) * np.sign(differences)
    return sign_design(scores, tolerance=0.0)


def without_zeros(line: NumberLine) -> FloatArray:
    """Return the positions that are not zero (those within the noise of it are, on a line)."""
    return np.asarray(line.positions[line.positions != 0], dtype=np.float64)


def _mean(line: NumberLine, n: int, question: Question) -> PermutationTest:
    design, unit = sign_design(line.positions, tolerance=line.tolerance), float(line.unit)
    run = run_subsets(
        design,
        exact=question.exact,
        n_draws=question.n_draws,
        seed=question.seed,
        with_shifts=True,
    )
    spread = float(line.positions.std(ddof=1)) if n > 1 else 0.0
    limits = shift_limits(
        run,
        alternative=question.alternative,
        alpha=alpha_of(question.confidence_level),
        scale=spread / math.sqrt(n) or 1.0,
    )
    total = float(line.positions.sum())
    mean = total * unit / n
    return write_record(
        counted_subsets(run, lambda sums: (2 * sums - total) * unit / n),
        question,
        statistic=mean,
        statistic_name="mean of differences",
        estimate=mean,
        estimate_name="mean of differences",
        limits=_in_units(limits, unit),
        ci_method="inverted permutation test",
        n=(n,),
        warnings=limit_warnings(limits, question),
    )


def _signed_rank(line: NumberLine, n: int, question: Question) -> PermutationTest:
    kept = without_zeros(line)
    design = signed_rank_design(kept)
    run = run_subsets(
        design,
        exact=question.exact,
        n_draws=question.n_draws,
        seed=question.seed,
        with_shifts=False,
    )
    limits, centre = Limits(math.nan, math.nan), 0.0
    if kept.size:
        averages = walsh_averages(kept, is_exact=line.is_exact)
        centre = float(np.median(each_once(averages)))
        found = limits_from_gaps(
            np.unique(averages),
            *_rank_curves(kept, averages, question, run.seed),
            estimate=centre,
            alternative=question.alternative,
            alpha=float(alpha_of(question.confidence_level)),
        )
        limits = _in_units(found, float(line.unit))
        centre *= float(line.unit)
    # Kept subsets sum to (positive ranks − negative ranks + all ranks)/2, at twice the ranks.
    negative = float(-design.positions[design.positions < 0].sum())
    counted = counted_subsets(run, lambda sums: (sums + negative) / 2)
    return write_record(
        counted,
        question,
        statistic=float(design.positions[design.positions > 0].sum()) / 2,
        statistic_name="sum of positive ranks",
        estimate=centre,
        estimate_name="Hodges–Lehmann centre",
        limits=limits,
        ci_method="inverted signed-rank test",
        n=(n,),
        warnings=(
            *_zero_warning(n - int(kept.size)),
            *limit_warnings(limits, question),
            *agreement_warning(counted, limits, question),
        ),
    )


STATISTICS: dict[str, Callable[[NumberLine, int, Question], PermutationTest]] = {
    "mean": _mean,
    "signed_rank": _signed_rank,
}


def _rank_curves(
    kept: FloatArray, averages: FloatArray, question: Question, seed: int | None
) -> tuple[PAtShift, PAtShift]:
    """Return shift → p of the signed-rank test, between the Walsh averages and at them."""

    def run_at(scores: FloatArray) -> SubsetRun:
        return run_subsets(
            sign_design(scores, tolerance=0.0),
            exact=question.exact,
            n_draws=question.n_draws,
            seed=seed,
            with_shifts=False,
        )

    def anew(shift: float) -> float:
        return run_at(shifted_signed_scores(kept, averages, shift)).p_value(question.alternative)

    if np.unique(kept).size < kept.size <= RERUN_RANKS:
        return anew, anew
    shared = run_at(2 * np.arange(1.0, kept.size + 1))
    middle = float(shared.design.expected_sum)
    once = each_once(averages)

    def from_shared(shift: float) -> float:
        # As many Walsh averages lie above the shift as the positive ranks sum to.
        above = 2 * int((once > shift).sum())
        return p_value(shared.tails, above - middle, question.alternative)

    return from_shared, anew


def _zero_warning(n_zeros: int) -> tuple[str, ...]:
    if n_zeros == 0:
        return ()
    were = "was" if n_zeros == 1 else "were"
    return (
        f"{count_of(n_zeros, 'difference')} of zero {were} dropped before ranking (Wilcoxon's "
        "way).",
    )


def _in_units(limits: Limits, unit: float) -> Limits:
    return Limits(limits.low * unit, limits.high * unit)
