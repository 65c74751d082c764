"""Which observation carries the finding: the test again without each of them."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from ketbio.statistics.correlation import NAMES, correlation_input
from ketbio.statistics.correlation_permutation import STATISTICS as CORRELATIONS
from ketbio.statistics.correlation_permutation import count_pairings
from ketbio.statistics.counted import Question
from ketbio.statistics.draws import fresh_seed
from ketbio.statistics.inputs import (
    ALTERNATIVES,
    Exact,
    as_values,
    check_draws,
    check_exact,
    check_seed,
    check_word,
)
from ketbio.statistics.number_lines import to_number_line
from ketbio.statistics.paired_permutation import (
    differences_of,
    sign_design,
    signed_rank_design,
    without_zeros,
)
from ketbio.statistics.permutation import mean_design, rank_design, two_groups
from ketbio.statistics.rank_intervals import each_once, pairwise_differences, walsh_averages
from ketbio.statistics.records import NAN, FloatArray, LeaveOneOut
from ketbio.statistics.subset_runs import run_subsets
from ketbio.statistics.subset_sums import SubsetDesign

Outcome = tuple[float, float, bool]
"""Estimate, p value, exact or not: inside this module only."""


def leave_one_out_groups(
    x: ArrayLike,
    y: ArrayLike,
    *,
    statistic: str = "mean_difference",
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
) -> LeaveOneOut:
    """Repeat `permutation_test` without each value in turn, without intervals.

    Parameters
    ----------
    x, y : array-like of numbers, shapes (n,) and (m,)
        The two groups.
    statistic, alternative, exact, n_resamples, seed
        As in `permutation_test`.

    Returns
    -------
    LeaveOneOut
        ``estimates`` and ``p_values`` of shape (n + m,): without each x, then without each y.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> leave_one_out_groups([5, 6, 7], [1, 2, 3]).estimates
    array([4.5, 4. , 3.5, 3.5, 4. , 4.5])
    """
    names = {"mean_difference": "mean difference", "rank_sum": "Hodges–Lehmann shift"}
    check_word("statistic", statistic, names)
    question = _question(alternative, exact, n_resamples, seed)
    first, second = as_values(x, "x"), as_values(y, "y")

    def outcome(mine: FloatArray, others: FloatArray) -> Outcome:
        if mine.size == 0 or others.size == 0:
            return NAN, NAN, True
        groups = two_groups(mine, others, ranked=statistic == "rank_sum")
        if statistic == "mean_difference":
            estimate = float(mine.mean() - others.mean())
            design = mean_design(groups)
        else:
            estimate = float(np.median(pairwise_differences(mine, others)))
            design = rank_design(groups, groups.line.positions)
        return (estimate, *_p_of(design, question))

    without = [outcome(rest, second) for rest in _without_each(first)]
    without += [outcome(first, rest) for rest in _without_each(second)]
    return _record(without, names[statistic], (first.size, second.size))


def leave_one_out_pairs(
    x: ArrayLike,
    y: ArrayLike | None = None,
    *,
    statistic: str = "mean",
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
) -> LeaveOneOut:
    """Repeat `paired_permutation_test` without each pair in turn, without intervals.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, or without ``y`` the differences.
    statistic, alternative, exact, n_resamples, seed
        As in `paired_permutation_test`.

    Returns
    -------
    LeaveOneOut
        ``estimates`` and ``p_values`` of shape (n,).

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> leave_one_out_pairs([1, 2, 6]).estimates
    array([4. , 3.5, 1.5])
    """
    names = {"mean": "mean of differences", "signed_rank": "Hodges–Lehmann centre"}
    check_word("statistic", statistic, names)
    question = _question(alternative, exact, n_resamples, seed)
    line, n = differences_of(x, y)
    unit = float(line.unit)

    def outcome(positions: FloatArray) -> Outcome:
        if positions.size == 0:
            return NAN, NAN, True
        if statistic == "mean":
            design = sign_design(positions, tolerance=line.tolerance)
            return (float(positions.sum()) * unit / positions.size, *_p_of(design, question))
        kept = without_zeros(to_number_line(positions, from_zero=True))
        averages = each_once(walsh_averages(kept))
        estimate = float(np.median(averages)) * unit if kept.size else 0.0
        return (estimate, *_p_of(signed_rank_design(kept), question))

    return _record(
        [outcome(rest) for rest in _without_each(line.positions)], names[statistic], (n,)
    )


def leave_one_out_correlation(
    x: ArrayLike,
    y: ArrayLike,
    *,
    statistic: str = "pearson",
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
) -> LeaveOneOut:
    """Repeat `correlation_permutation_test` without each pair in turn, without intervals.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, at least three.
    statistic, alternative, exact, n_resamples, seed
        As in `correlation_permutation_test`.

    Returns
    -------
    LeaveOneOut
        ``estimates`` and ``p_values`` of shape (n,); NaN where fewer than three pairs or a
        constant are left.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> leave_one_out_correlation([1, 2, 3, 9], [1, 3, 2, 9]).estimates.round(3)
    array([0.965, 0.992, 0.992, 0.5  ])
    """
    check_word("statistic", statistic, CORRELATIONS)
    question = _question(alternative, exact, n_resamples, seed)
    first, second = correlation_input(x, y)

    def outcome(mine: FloatArray, others: FloatArray) -> Outcome:
        if mine.size < 3 or np.ptp(mine) == 0 or np.ptp(others) == 0:
            return NAN, NAN, True
        value, counted = count_pairings(mine, others, statistic, question)
        return value, counted.p_value(alternative), counted.is_exact

    both = zip(_without_each(first), _without_each(second), strict=True)
    return _record([outcome(*rest) for rest in both], NAMES[statistic], (first.size,))


def _question(alternative: str, exact: Exact, n_resamples: int, seed: int | None) -> Question:
    check_word("alternative", alternative, ALTERNATIVES)
    given = check_seed(seed)
    return Question(
        alternative=alternative,
        exact=check_exact(exact),
        n_draws=check_draws(n_resamples),
        confidence_level=0.95,
        # One seed for all, so that they differ by the observation left out only.
        seed=fresh_seed() if given is None else given,
    )


def _without_each(values: FloatArray) -> Iterator[FloatArray]:
    for place in range(values.size):
        yield np.delete(values, place)


def _p_of(design: SubsetDesign, question: Question) -> tuple[float, bool]:
    run = run_subsets(
        design,
        exact=question.exact,
        n_draws=question.n_draws,
        seed=question.seed,
        with_shifts=False,
    )
    return run.p_value(question.alternative), run.is_exact


def _record(outcomes: list[Outcome], name: str, n: tuple[int, ...]) -> LeaveOneOut:
    estimates, p_values = (
        np.array([outcome[part] for outcome in outcomes], dtype=np.float64) for part in (0, 1)
    )
    for array in (estimates, p_values):
        array.flags.writeable = False
    missing = int(np.isnan(estimates).sum())
    warnings: tuple[str, ...] = ()
    if missing:
        warnings = (f"{missing} of {len(outcomes)} tests could not be made with one value less.",)
    return LeaveOneOut(
        estimates=estimates,
        p_values=p_values,
        estimate_name=name,
        is_exact=all(outcome[2] for outcome in outcomes),
        n=tuple(int(size) for size in n),
        warnings=warnings,
    )
