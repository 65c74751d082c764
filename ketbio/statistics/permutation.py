"""Two groups: the exact permutation test with the interval that agrees with it."""

from collections.abc import Callable
from dataclasses import dataclass

from numpy.typing import ArrayLike

from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.inputs import Exact, check_word
from ketbio.statistics.records import PermutationTest
from ketbio.statistics.two_groups.brunner_munzel import brunner_munzel
from ketbio.statistics.two_groups.groups import TwoGroups, two_groups
from ketbio.statistics.two_groups.mean_difference import mean_difference
from ketbio.statistics.two_groups.order_statistics import median_difference, trimmed_mean_difference
from ketbio.statistics.two_groups.rank_sum import rank_sum
from ketbio.statistics.two_groups.welch_statistic import welch_t_test


def permutation_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    statistic: str = "mean_difference",
    alternative: str = "two-sided",
    blocks: ArrayLike | None = None,
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    confidence_level: float | None = 0.95,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    budget: Budget | None = None,
) -> PermutationTest:
    """Test whether two groups are exchangeable, over every way to deal the group labels.

    Parameters
    ----------
    x, y : array-like of numbers, shapes (n,) and (m,)
        The two groups; no missing values.
    statistic : str
        What is worked out for each arrangement:

        - ``"mean_difference"``: mean of x − mean of y.
        - ``"rank_sum"``: the sum of x's mid-ranks (within blocks).
        - ``"welch_t"``: the mean difference over Welch's standard error; valid asymptotically for
          equal means where the variances differ.
        - ``"brunner_munzel"``: (A − ½) over its standard error, A = P(X > Y) + ½ P(X = Y); valid
          asymptotically for A = ½ whatever the distributions.
        - ``"median_difference"``, ``"trimmed_mean_difference"``: difference of medians, or of means
          without the lowest and the highest 20% of each group; no blocks.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        x against y. ``"two-sided"`` is the share of arrangements with abs(T − E T) ≥ abs(t − E T),
        or abs(T) ≥ abs(t) for the last four statistics;
        ``"two-sided-doubled"`` is twice the smaller one-sided p (SciPy's way).
    blocks : array-like of labels, shape (n + m,), optional
        Labels are dealt within blocks only; those of x first, then those of y.
    exact : {"auto", True, False}
        ``"auto"`` counts every arrangement if time and memory allow, and draws otherwise.
    n_resamples : int
        How many arrangements to draw where they are drawn.
    confidence_level : float
        Of the interval of the shift, made by inverting this very test: it holds the shifts with
        p ≥ α = 1 − ``confidence_level``; studentised statistics: estimate ± c·SE, where c is the
        largest T not rejected. None: no interval, which is quicker.
    seed : int, optional
        Seed of the draws; a fresh one is taken, and recorded, where none is given.
    mid_p : bool
        Whether arrangements exactly as extreme as the observed one count half (Lancaster 1961);
        the interval then inverts the mid-p test. Below the nominal level on average, not for
        certain.
    stop_after : int, optional
        Stop drawing at so many draws as extreme as the observed arrangement (Besag & Clifford
        1991): p = ``stop_after``/draws, the last of which it is; saves time where p is large.
    budget : Budget, optional
        What counting every arrangement may cost; by default 5 s and 1 GiB with
        ``exact="auto"``, and 300 s and 3 GiB with ``exact=True``.

    Returns
    -------
    PermutationTest
        ``estimate`` is the mean difference (within blocks: weighted by n·m/(n + m)), the
        Hodges–Lehmann shift, or the difference of medians or trimmed means, in the data's units;
        with ``"brunner_munzel"`` the probability of superiority, whose null value is 0.5.

    Raises
    ------
    StatisticsError
        An argument cannot be used, or ``exact=True`` is out of reach.

    Notes
    -----
    Pitman (1937); subset sums by meeting in the middle (Horowitz & Sahni 1974; Pagano & Tritchler
    1983 for the idea of exact tests without enumeration). It tests exchangeability: groups of
    unequal spread can differ in that alone. Studentised statistics: Janssen (1997), Chung & Romano
    (2013); Neubert & Brunner (2007), Pauly, Asendorf & Konietschke (2016). Trimming: Yuen (1974).

    Examples
    --------
    >>> found = permutation_test([5, 6, 7, 8], [1, 2, 3, 4])
    >>> found.statistic, round(found.p_value, 6), found.method
    (4.0, 0.028571, 'exact, 70 arrangements')
    >>> found.ci_low, found.ci_high
    (1.0, 7.0)
    """
    check_word("statistic", statistic, STATISTICS)
    chosen = STATISTICS[statistic]
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
    return chosen.test(two_groups(x, y, blocks, ranked=chosen.by_ranks), question)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statistic:
    """How a statistic is tested, and on which line its values stand."""

    test: Callable[[TwoGroups, Question], PermutationTest]
    by_ranks: bool = False


STATISTICS: dict[str, _Statistic] = {
    "mean_difference": _Statistic(test=mean_difference),
    "rank_sum": _Statistic(test=rank_sum, by_ranks=True),
    "welch_t": _Statistic(test=welch_t_test),
    "brunner_munzel": _Statistic(test=brunner_munzel, by_ranks=True),
    "median_difference": _Statistic(test=median_difference, by_ranks=True),
    "trimmed_mean_difference": _Statistic(test=trimmed_mean_difference, by_ranks=True),
}
