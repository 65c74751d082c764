"""Pairs: the exact sign-flip test with the interval that agrees with it."""

from collections.abc import Callable
from functools import partial

from numpy.typing import ArrayLike

from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.inputs import Exact, check_word
from ketbio.statistics.records import PermutationTest
from ketbio.statistics.signs.mean_of_pairs import mean_of_pairs
from ketbio.statistics.signs.pairs import Pairs, pairs_of
from ketbio.statistics.signs.sign_test import sign_test
from ketbio.statistics.signs.signed_rank import signed_rank


def paired_permutation_test(
    x: ArrayLike,
    y: ArrayLike | None = None,
    *,
    statistic: str = "mean",
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    blocks: ArrayLike | None = None,
    confidence_level: float | None = 0.95,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    budget: Budget | None = None,
) -> PermutationTest:
    """Test whether differences are symmetric about zero, over every way to deal their signs.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, tested as x − y; without ``y``, ``x`` are the differences themselves.
    statistic : {"mean", "signed_rank", "signed_rank_pratt", "sign"}
        Mean of the differences; the sum of the ranks of the positive ones, zeros dropped before
        ranking (Wilcoxon) or ranked and then dropped (Pratt 1959); or the number of positive ones
        (zeros dropped). A warning says how many zeros there are.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Differences against zero. Signs make a symmetric distribution, so that both two-sided ways
        agree.
    blocks : array-like of labels, shape (n,), optional
        Ranks are given within blocks. Signs are dealt pair by pair either way, so that blocks do
        not change the mean or the sign test, and a warning says so.
    exact, n_resamples, confidence_level, seed, mid_p, stop_after, budget
        As in `permutation_test`; the interval holds the shifts with p ≥ α = 1 − the level.

    Returns
    -------
    PermutationTest
        ``estimate`` is the mean of the differences, their Hodges–Lehmann centre (median of Walsh
        averages) or, for the sign test, their median, in the data's units.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or ``exact=True`` is out of reach.

    Notes
    -----
    Fisher (1935, §21); Wilcoxon (1945); Pratt (1959); interval by inversion (Tukey; Maritz 1979).

    Examples
    --------
    >>> baseline = [38, 27, 34, 44, 45, 33, 48, 41, 40, 41]
    >>> after = [33, 22, 27, 10, 22, 21, 40, 31, 29, 33]
    >>> found = paired_permutation_test(after, baseline)
    >>> found.statistic, found.p_value, found.method
    (-12.3, 0.001953125, 'exact, 1,024 arrangements')
    """
    check_word("statistic", statistic, STATISTICS)
    question = ask(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=confidence_level,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
        budget=budget,
    )
    return STATISTICS[statistic](pairs_of(x, y, blocks), question)


STATISTICS: dict[str, Callable[[Pairs, Question], PermutationTest]] = {
    "mean": mean_of_pairs,
    "signed_rank": partial(signed_rank, zeros="wilcoxon"),
    "signed_rank_pratt": partial(signed_rank, zeros="pratt"),
    "sign": sign_test,
}
