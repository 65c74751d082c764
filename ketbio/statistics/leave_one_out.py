"""Which observation carries the finding: the test again without each of them."""

from dataclasses import dataclass
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike

from ketbio.statistics.correlation import correlation_input
from ketbio.statistics.correlation_permutation import STATISTICS as CORRELATIONS
from ketbio.statistics.correlation_permutation import (
    correlation_permutation_test,
    has_correlation,
)
from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.inputs import (
    Exact,
    as_blocks,
    as_same_length,
    as_values,
    check_seed,
    check_word,
)
from ketbio.statistics.paired_permutation import STATISTICS as PAIRED_STATISTICS
from ketbio.statistics.paired_permutation import paired_permutation_test
from ketbio.statistics.permutation import STATISTICS, permutation_test
from ketbio.statistics.records import NAN, LeaveOneOut, PermutationTest
from ketbio.statistics.two_groups.studentised import TooFewValuesError


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test without one observation."""

    estimate: float
    p_value: float
    is_exact: bool
    name: str


NOTHING = Outcome(NAN, NAN, True, "")
"""Where nothing is left to test."""


def leave_one_out_groups(
    x: ArrayLike,
    y: ArrayLike,
    *,
    statistic: str = "mean_difference",
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    blocks: ArrayLike | None = None,
    budget: Budget | None = None,
) -> LeaveOneOut:
    """Repeat `permutation_test` without each value in turn, without intervals.

    Parameters
    ----------
    x, y : array-like of numbers, shapes (n,) and (m,)
        The two groups.
    statistic, alternative, exact, n_resamples, seed, mid_p, stop_after, blocks, budget
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
    options = _options(
        statistic=statistic,
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
        budget=budget,
    )
    check_word("statistic", statistic, STATISTICS)
    first, second = as_values(x, "x"), as_values(y, "y")
    values, n = np.concatenate([first, second]), int(first.size)
    block = as_blocks(blocks, values.size)

    def outcome(place: int) -> Outcome:
        rest, split = np.delete(values, place), n - (place < n)
        mine, others = rest[:split], rest[split:]
        if mine.size == 0 or others.size == 0:
            return NOTHING
        try:
            test = permutation_test(mine, others, blocks=np.delete(block, place), **options)
        except TooFewValuesError:
            return NOTHING
        return _outcome(test)

    return _record([outcome(place) for place in range(values.size)], (n, int(second.size)))


def leave_one_out_pairs(
    x: ArrayLike,
    y: ArrayLike | None = None,
    *,
    statistic: str = "mean",
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    blocks: ArrayLike | None = None,
    budget: Budget | None = None,
) -> LeaveOneOut:
    """Repeat `paired_permutation_test` without each pair in turn, without intervals.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, or without ``y`` the differences.
    statistic, alternative, exact, n_resamples, seed, mid_p, stop_after, blocks, budget
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
    options = _options(
        statistic=statistic,
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
        budget=budget,
    )
    check_word("statistic", statistic, PAIRED_STATISTICS)
    first = as_values(x, "x")
    second = None
    if y is not None:
        first, second = as_same_length(x, y)
    block = as_blocks(blocks, first.size, of_pairs=True)

    def outcome(place: int) -> Outcome:
        rest = np.delete(first, place)
        if rest.size == 0:
            return NOTHING
        others = None if second is None else np.delete(second, place)
        mine = np.delete(block, place)
        return _outcome(paired_permutation_test(rest, others, blocks=mine, **options))

    return _record([outcome(place) for place in range(first.size)], (first.size,))


def leave_one_out_correlation(
    x: ArrayLike,
    y: ArrayLike,
    *,
    statistic: str = "pearson",
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    blocks: ArrayLike | None = None,
    budget: Budget | None = None,
) -> LeaveOneOut:
    """Repeat `correlation_permutation_test` without each pair in turn, without intervals.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, at least three.
    statistic, alternative, exact, n_resamples, seed, mid_p, stop_after, blocks, budget
        As in `correlation_permutation_test`.

    Returns
    -------
    LeaveOneOut
        ``estimates`` and ``p_values`` of shape (n,); NaN where fewer than three pairs or a
        constant are left, or too many equal values for a percentage bend.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> leave_one_out_correlation([1, 2, 3, 9], [1, 3, 2, 9]).estimates.round(3)
    array([0.965, 0.992, 0.992, 0.5  ])
    """
    options = _options(
        statistic=statistic,
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
        budget=budget,
    )
    check_word("statistic", statistic, CORRELATIONS)
    first, second = correlation_input(x, y)
    block = as_blocks(blocks, first.size, of_pairs=True)

    def outcome(place: int) -> Outcome:
        mine, others, rest = (np.delete(values, place) for values in (first, second, block))
        if not has_correlation(mine, others, statistic=statistic, blocks=rest):
            return NOTHING
        return _outcome(correlation_permutation_test(mine, others, blocks=rest, **options))

    return _record([outcome(place) for place in range(first.size)], (first.size,))


class _Options(TypedDict):
    statistic: str
    alternative: str
    exact: Exact
    n_resamples: int
    confidence_level: None
    seed: int
    mid_p: bool
    stop_after: int | None
    budget: Budget | None


def _options(
    *,
    statistic: str,
    alternative: str,
    exact: Exact,
    n_resamples: int,
    seed: int | None,
    mid_p: bool,
    stop_after: int | None,
    budget: Budget | None,
) -> _Options:
    """Return what every one of the tests is given: no interval, and one seed for all.

    One seed, so that they differ by the observation left out only.
    """
    given = check_seed(seed)
    return {
        "statistic": statistic,
        "alternative": alternative,
        "exact": exact,
        "n_resamples": n_resamples,
        "confidence_level": None,
        "seed": fresh_seed() if given is None else given,
        "mid_p": mid_p,
        "stop_after": stop_after,
        "budget": budget,
    }


def _outcome(test: PermutationTest) -> Outcome:
    return Outcome(test.estimate, test.p_value, test.is_exact, test.estimate_name)


def _record(outcomes: list[Outcome], n: tuple[int, ...]) -> LeaveOneOut:
    estimates, p_values = (
        np.array(numbers, dtype=np.float64)
        for numbers in zip(*((one.estimate, one.p_value) for one in outcomes), strict=True)
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
        estimate_name=max(one.name for one in outcomes),
        is_exact=all(one.is_exact for one in outcomes),
        n=tuple(int(size) for size in n),
        warnings=warnings,
    )
