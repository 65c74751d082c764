"""Censored values: permutation tests of scores, and how far p depends on what is not known."""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan

from numpy.typing import ArrayLike

from ketbio.statistics.censored.censored_designs import of_pairs, of_two_groups
from ketbio.statistics.censored.censored_findings import LABELS, Censored, Finding
from ketbio.statistics.censored.censored_pairings import of_pairings
from ketbio.statistics.censored.censored_values import Sides
from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.inputs import Exact, check_word
from ketbio.statistics.records import PermutationTest


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CensoredTest:
    """What a permutation test of censored values found.

    Attributes
    ----------
    test : PermutationTest
        The test of the scores. No shift is estimated: ``estimate`` counts pairs whose order is
        certain, or is the correlation of the scores, and has no interval.
    scores : str
        ``"Gehan"`` or ``"Peto & Peto"``.
    design : str
        ``"two_groups"``, ``"pairs"`` or ``"pairings"``.
    n_censored : tuple of int
        Values beyond a limit in x and in y.
    n_undetermined : int or None
        Pairs of an x and a y (of one participant, for pairs) of which it is not known who is
        higher; None for pairings.
    p_low, p_high : float
        Smallest and largest exact p over every placement of the censored values beyond their
        limits, tied with nothing; NaN where ``range_warning`` says why not. The p of the scores
        is of another statistic and need not lie between them.
    range_of : str
        Of which test: ``"rank sum"`` for two groups.
    range_warning : str
        Why there is no range; empty where there is one.
    """

    test: PermutationTest
    scores: str
    design: str
    n_censored: tuple[int, int]
    n_undetermined: int | None
    p_low: float = nan
    p_high: float = nan
    range_of: str = ""
    range_warning: str = ""


def censored_permutation_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    x_below: ArrayLike | None = None,
    y_below: ArrayLike | None = None,
    x_above: ArrayLike | None = None,
    y_above: ArrayLike | None = None,
    design: str = "two_groups",
    scores: str = "gehan",
    alternative: str = "two-sided",
    blocks: ArrayLike | None = None,
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    budget: Budget | None = None,
) -> CensoredTest:
    """Test values of which some are only known to lie beyond a limit, substituting nothing.

    Parameters
    ----------
    x, y : array-like of numbers, shapes (n,) and (m,)
        Values, or limits where the flags say so; limits may differ. For pairs and pairings n = m.
    x_below, y_below : array-like of bool, shapes (n,) and (m,), optional
        Whether the value is strictly below the number given (1 and 0 will do); None: no value is.
    x_above, y_above : array-like of bool, shapes (n,) and (m,), optional
        Whether it is strictly above the number given.
    design : {"two_groups", "pairs", "pairings"}
        Two groups (labels are dealt), the same quantity twice per participant (signs are dealt),
        or two quantities to be correlated (pairings are dealt).
    scores : {"gehan", "peto"}
        `gehan_scores` or `peto_scores`. Pairs are scored all together and differences taken
        within pairs; for pairings x and y are scored apart. With values beyond limits of both
        sides: ``"gehan"``, which counts pairs whose order is certain.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        x against y, or of the correlation against zero.
    blocks : array-like of labels, shape (n + m,) or (n,) for pairs and pairings, optional
        Values are scored, and labels or partners dealt, within blocks.
    exact, n_resamples, seed, mid_p, stop_after, budget
        As in `permutation_test`.

    Returns
    -------
    CensoredTest
        ``test`` with its p, and the range of p that the unknown values leave open: of the
        rank-sum test for two groups (every placement, worked out), of sign flips of differences
        of pooled ranks for pairs and of Spearman's ρ for pairings (few orders, tested one by one).

    Raises
    ------
    StatisticsError
        An argument cannot be used, or ``exact=True`` is out of reach.

    Notes
    -----
    Gehan (1965) and Peto & Peto (1972) for two groups; for pairs the paired Prentice–Wilcoxon test
    of O'Brien & Fleming (1987), with the scores named here in place of Prentice's and p from every
    sign; Helsel (2012) for left-censored values, of which those above limits are the mirror image.
    The tests are exact if the limits are as exchangeable as the values: a limit that depends on the
    group (one plate per group) makes a difference by itself. Without censored values ``"gehan"``
    gives the p of the rank-sum test, and for pairings that of Spearman's ρ.

    Examples
    --------
    >>> found = censored_permutation_test([3, 4, 5], [1, 1, 2, 4],  # <1, <1, 2 and <4
    ...     x_below=[False] * 3, y_below=[True, True, False, True], alternative="greater")
    >>> found.test.statistic, round(found.test.p_value, 4), found.test.method
    (11.0, 0.0286, 'exact, 35 arrangements')
    >>> round(found.p_low, 4), round(found.p_high, 4)  # <4 may be above 3, or not
    (0.0286, 0.0571)
    """
    check_word("design", design, DESIGNS)
    check_word("scores", scores, LABELS)
    question = ask(
        alternative=alternative,
        exact=exact,
        n_resamples=n_resamples,
        confidence_level=None,
        seed=seed,
        mid_p=mid_p,
        stop_after=stop_after,
        budget=budget,
    )
    sides = Sides(x_below=x_below, y_below=y_below, x_above=x_above, y_above=y_above)
    given = Censored(x=x, y=y, sides=sides, blocks=blocks, scores=scores)
    found = DESIGNS[design](given, question)
    return CensoredTest(
        test=found.test,
        scores=given.label,
        design=design,
        n_censored=found.values.n_censored,
        n_undetermined=found.n_undetermined,
        p_low=found.p_range.low,
        p_high=found.p_range.high,
        range_of=found.range_of,
        range_warning=found.p_range.why_not,
    )


DESIGNS: dict[str, Callable[[Censored, Question], Finding]] = {
    "two_groups": of_two_groups,
    "pairs": of_pairs,
    "pairings": of_pairings,
}
