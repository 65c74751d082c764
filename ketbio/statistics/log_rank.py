"""Times to an event in two groups: the log-rank test by permutation, and by chi-square."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from ketbio.statistics.inputs import Exact
from ketbio.statistics.kaplan_meier import check_times
from ketbio.statistics.permutation import permutation_test
from ketbio.statistics.record_words import p_in_words, shown, sizes_in_words
from ketbio.statistics.records import NAN, FloatArray, PermutationTest

LARGEST_SCORE = 2**40
"""Scores are made whole numbers where none gets larger, so that ties are exact."""
NO_EVENT = (
    "Nobody had the event in either group: there is nothing that the log-rank test could compare."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LogRankTest:
    """What the log-rank test found.

    Attributes
    ----------
    observed, expected : float
        Events in the first group, and how many the pooled course would give it.
    variance : float
        Hypergeometric variance of observed − expected.
    p_value : float
        The share of arrangements of the group labels with |observed − expected| at least so large
        (or with one side of it).
    p_floor : float
        The smallest p that this design can give.
    chi_square, p_chi_square : float
        (observed − expected)² over the variance, and its approximate two-sided p, 1 df.
    permutation : PermutationTest or None
        The permutation test of the log-rank scores; None where nobody had the event.
    alternative : str
        As asked: ``"greater"`` is more events, sooner, in the first group.
    n : tuple of int
    warnings : tuple of str
    """

    observed: float
    expected: float
    variance: float
    p_value: float
    p_floor: float
    chi_square: float
    p_chi_square: float
    permutation: PermutationTest | None
    alternative: str
    n: tuple[int, int]
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return events, p and sizes in a line, and the warnings below."""
        method = self.permutation.method if self.permutation else "no event"
        return shown(
            "LogRankTest",
            f"observed {self.observed:g}, expected {self.expected:.4g}",
            p_in_words(self.p_value, method, self.alternative),
            sizes_in_words(self.n),
            warnings=self.warnings,
        )


def log_rank_scores(times: ArrayLike, is_event: ArrayLike) -> FloatArray:
    """Return the log-rank score of each person: 1 or 0 events less the hazard lived through.

    Parameters
    ----------
    times : array-like of numbers, shape (n,)
        Time of the event, or of the last look at who had none.
    is_event : array-like of bool, shape (n,)

    Returns
    -------
    array of shape (n,)
        They sum to 0; summed over a group, they are its observed less its expected events.

    Raises
    ------
    StatisticsError
        As `kaplan_meier`.

    Notes
    -----
    Peto & Peto (1972): the hazard is Nelson and Aalen's, of everybody together.

    Examples
    --------
    >>> log_rank_scores([1, 2, 3], [True, True, False]).round(3).tolist()
    [0.667, 0.167, -0.833]
    """
    return np.array([float(one) for one in _fractions(*check_times(times, is_event))])


def log_rank_test(
    first: tuple[ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike],
    *,
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
) -> LogRankTest:
    """Test whether two groups have the event alike, over every way to deal the group labels.

    Parameters
    ----------
    first, second : tuple of array-like
        ``(times, is_event)`` of each group, as `kaplan_meier` takes them.
    alternative : {"two-sided", "greater", "less", "two-sided-doubled"}
        ``"greater"``: the first group has more events, sooner.
    exact, n_resamples, seed
        As `permutation_test` takes them.

    Returns
    -------
    LogRankTest

    Raises
    ------
    StatisticsError
        As `kaplan_meier` and `permutation_test`.

    Notes
    -----
    The scores of everybody together do not change when labels are dealt anew, so that the
    permutation test is exact where, were the treatments alike, who leaves early and when would be
    alike in both groups too. The chi-square (Mantel 1966) is its approximation for large groups.

    Examples
    --------
    >>> found = log_rank_test(([1, 2, 3], [True] * 3), ([8, 9, 9], [True, False, False]))
    >>> found.p_value, round(found.chi_square, 3), round(found.p_chi_square, 3)
    (0.1, 5.052, 0.025)
    """
    x, y = check_times(*first), check_times(*second)
    times = np.concatenate([x[0], y[0]])
    seen = np.concatenate([x[1], y[1]])
    is_first = np.arange(times.size) < x[0].size
    n = (int(x[0].size), int(y[0].size))
    scores = _fractions(times, seen)
    observed = float(x[1].sum())
    expected = observed - float(sum(scores[: n[0]], start=Fraction(0)))
    variance = _variance(times, seen, is_first)
    test = None
    if seen.any():
        whole = _as_whole(scores)
        test = permutation_test(
            whole[is_first],
            whole[~is_first],
            alternative=alternative,
            exact=exact,
            n_resamples=n_resamples,
            seed=seed,
            confidence_level=None,
        )
    chi = (observed - expected) ** 2 / variance if variance > 0 else NAN
    return LogRankTest(
        observed=observed,
        expected=expected,
        variance=variance,
        p_value=test.p_value if test else NAN,
        p_floor=test.p_floor if test else NAN,
        chi_square=chi,
        p_chi_square=float(stats.chi2.sf(chi, 1)) if variance > 0 else NAN,
        permutation=test,
        alternative=alternative,
        n=n,
        warnings=test.warnings if test else (NO_EVENT,),
    )


def _fractions(times: FloatArray, seen: NDArray[np.bool_]) -> list[Fraction]:
    hazard, lived = Fraction(0), {}
    for one in np.unique(times):
        hazard += Fraction(int((seen & (times == one)).sum()), int((times >= one).sum()))
        lived[float(one)] = hazard
    pairs = zip(times, seen, strict=True)
    return [int(has) - lived[float(time)] for time, has in pairs]


def _as_whole(scores: list[Fraction]) -> FloatArray:
    """Return scores times their common denominator where that keeps them small."""
    scale = math.lcm(*(one.denominator for one in scores))
    if max(abs(one * scale) for one in scores) > LARGEST_SCORE:
        return np.array([float(one) for one in scores])
    return np.array([float(one * scale) for one in scores])


def _variance(times: FloatArray, seen: NDArray[np.bool_], is_first: NDArray[np.bool_]) -> float:
    total = 0.0
    for one in np.unique(times[seen]):
        risk, events = int((times >= one).sum()), int((seen & (times == one)).sum())
        share = int((is_first & (times >= one)).sum()) / risk
        if risk > 1:
            total += events * share * (1 - share) * (risk - events) / (risk - 1)
    return total
