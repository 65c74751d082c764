"""Correlation: the exact permutation test over every way to pair y with x."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.budgets import Budget
from ketbio.statistics.correlation import (
    FISHER_METHODS,
    NAMES,
    correlation_input,
    fisher_interval,
    fisher_warnings,
    pearson_r,
    perfect_if_near,
    spearman_rho,
)
from ketbio.statistics.counted import Counted, write_record
from ketbio.statistics.design_floors import at_least_by_ties, pairing_floor
from ketbio.statistics.draws import fresh_seed, uniform_rows
from ketbio.statistics.inputs import Exact, check_word
from ketbio.statistics.kendall_tails import (
    FORCED_TIED,
    LARGEST_TIED,
    LARGEST_UNTIED,
    concordance,
    has_ties,
    tied_tails,
    untied_tails,
)
from ketbio.statistics.listed_tails import ListedTails
from ketbio.statistics.number_lines import to_number_line
from ketbio.statistics.pairing_tails import (
    PairingDesign,
    PairingTails,
    count_sorted_sums,
    list_pairings,
    pairing_design,
)
from ketbio.statistics.questions import Question, ask
from ketbio.statistics.rank_scores import mid_ranks
from ketbio.statistics.records import FloatArray, PermutationTest
from ketbio.statistics.shift_intervals import Limits
from ketbio.statistics.tails import smallest_p

LISTED_PAIRS = 8
"""Up to so many pairs (40,320 pairings) every pairing is listed."""

AUTO_SORTED = 5 * 10**7
"""Sums to sort that ``exact="auto"`` allows: 14 pairs, a second or so."""

FORCED_SORTED = 2 * 10**9
"""Sums to sort that ``exact=True`` allows: 16 pairs, some minutes."""


def correlation_permutation_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    statistic: str = "pearson",
    alternative: str = "two-sided",
    exact: Exact = "auto",
    n_resamples: int = 9_999,
    confidence_level: float | None = 0.95,
    seed: int | None = None,
    mid_p: bool = False,
    stop_after: int | None = None,
    budget: Budget | None = None,
) -> PermutationTest:
    """Test whether x and y are unrelated, over every way to pair them.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, at least three; neither may be constant.
    statistic : {"pearson", "spearman", "kendall"}
        r, ρ on mid-ranks, or τ_b.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Of the correlation against zero.
    exact, n_resamples, seed
        As in `permutation_test`. Pearson and Spearman are exact up to 14 pairs (16 with
        ``exact=True``), Kendall up to 200 without ties and 9 with (10 with ``exact=True``).
    confidence_level : float
        Of the interval, which is Fisher's and not an inversion of the test: a correlation is no
        shift.

    Returns
    -------
    PermutationTest
        ``statistic`` and ``estimate`` are the correlation.

    Raises
    ------
    StatisticsError
        An argument cannot be used or is constant, or ``exact=True`` is out of reach.

    Notes
    -----
    Pitman (1937).

    Examples
    --------
    >>> found = correlation_permutation_test([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    >>> round(found.statistic, 4), round(found.p_value, 6), found.method
    (0.8286, 0.058333, 'exact, 720 arrangements')
    """
    check_word("statistic", statistic, STATISTICS)
    first, second = correlation_input(x, y)
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
    value, counted = count_pairings(first, second, statistic, question)
    level = question.confidence_level or 0.95
    return write_record(
        counted,
        question,
        statistic=value,
        statistic_name=NAMES[statistic],
        estimate=value,
        estimate_name=NAMES[statistic],
        limits=Limits(
            *fisher_interval(statistic, value, first.size, level, alternative=alternative)
        ),
        ci_method=FISHER_METHODS[statistic],
        n=(int(first.size),),
        warnings=fisher_warnings(statistic, value, first.size),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statistic:
    value: Callable[[FloatArray, FloatArray], float]
    count: Callable[[FloatArray, FloatArray, float, Question], Counted]


def count_pairings(
    x: FloatArray, y: FloatArray, statistic: str, question: Question
) -> tuple[float, Counted]:
    """Return the correlation of validated pairs and its counted pairings."""
    chosen = STATISTICS[statistic]
    value = chosen.value(x, y)
    return value, chosen.count(x, y, value, question)


def kendall_tau(x: FloatArray, y: FloatArray) -> float:
    """Return Kendall's τ_b of validated pairs."""
    return perfect_if_near(float(stats.kendalltau(x, y).statistic))


def _count_products(x: FloatArray, y: FloatArray, value: float, question: Question) -> Counted:
    design = pairing_design(to_number_line(x), to_number_line(y))
    observed = design.observed()
    scale = _size(design)
    del value
    if _is_exact_in_reach(x.size, question.exact):
        listed = x.size <= LISTED_PAIRS
        sums = list_pairings(design) if listed else None
        return Counted(
            tails=PairingTails(design=design) if sums is None else _listed(sums, design),
            observed=observed,
            algorithm="meet in the middle" if sums is None else "enumeration",
            n_arrangements=design.n_arrangements,
            seed=None,
            null=None if sums is None else _within_one(sums / scale),
        )
    seed = fresh_seed() if question.seed is None else question.seed
    drawn = np.concatenate(
        [(batch * design.x).sum(axis=1) for batch in _drawn_rows(design.y, question, seed)]
    )
    return Counted(
        tails=_listed(np.append(drawn, float(observed)), design),
        observed=observed,
        algorithm="Monte Carlo",
        n_arrangements=design.n_arrangements,
        seed=seed,
        null=_within_one(drawn / scale),
        floor_of_design=partial(pairing_floor, design),
    )


def _count_ranked(x: FloatArray, y: FloatArray, value: float, question: Question) -> Counted:
    return _count_products(mid_ranks(x), mid_ranks(y), value, question)


def _count_concordance(x: FloatArray, y: FloatArray, value: float, question: Question) -> Counted:
    observed = float(concordance(x, y[None, :])[0])
    per_unit = value / observed if observed else 0.0
    tied = has_ties(x, y)
    largest = LARGEST_UNTIED
    if tied:
        largest = FORCED_TIED if question.exact is True else LARGEST_TIED
    n_arrangements = math.factorial(x.size)
    if question.exact is not False and x.size <= largest:
        tails = tied_tails(x, y) if tied else untied_tails(x.size)
        null = None
        if x.size <= LISTED_PAIRS and tails.ways is not None:
            null = np.repeat(tails.values, tails.ways) * (per_unit or _tau_unit(x, y))
        return Counted(
            tails=tails,
            observed=observed,
            algorithm="enumeration" if tied else "meet in the middle",
            n_arrangements=n_arrangements,
            seed=None,
            null=null,
        )
    if question.exact is True:
        raise StatisticsError(
            f"exact is True, and Kendall's tau has {x.size} pairs{' with ties' if tied else ''}; "
            f'allowed: up to {largest}. Give exact="auto" or exact=False to draw pairings instead.'
        )
    seed = fresh_seed() if question.seed is None else question.seed
    drawn = np.concatenate([concordance(x, rows) for rows in _drawn_rows(y, question, seed)])
    return Counted(
        tails=ListedTails(
            values=np.sort(np.append(drawn, observed)), n_counted=drawn.size + 1, tolerance=0.0
        ),
        observed=observed,
        algorithm="Monte Carlo",
        n_arrangements=n_arrangements,
        seed=seed,
        null=drawn * (per_unit or _tau_unit(x, y)),
        floor_of_design=partial(_concordance_floor, x, y, tied),
    )


def _concordance_floor(x: FloatArray, y: FloatArray, tied: bool, alternative: str) -> float:
    """Return the smallest p: counted where that is quick, else what it is at least."""
    if x.size <= LARGEST_TIED:
        return smallest_p(tied_tails(x, y) if tied else untied_tails(x.size), alternative)
    return at_least_by_ties(x, y)


STATISTICS: dict[str, _Statistic] = {
    "pearson": _Statistic(value=pearson_r, count=_count_products),
    "spearman": _Statistic(value=spearman_rho, count=_count_ranked),
    "kendall": _Statistic(value=kendall_tau, count=_count_concordance),
}


def _is_exact_in_reach(n: int, exact: Exact) -> bool:
    if exact is False:
        return False
    limit = FORCED_SORTED if exact is True else AUTO_SORTED
    # 40 pairs are beyond any limit, and their number need not be worked out.
    if n <= 40 and count_sorted_sums(n) <= limit:
        return True
    if exact is True:
        raise StatisticsError(
            f"exact is True, and {n} pairs need more than {FORCED_SORTED:,} sums; allowed: up to "
            '16 pairs. Give exact="auto" or exact=False to draw pairings instead.'
        )
    return False


def _drawn_rows(y: FloatArray, question: Question, seed: int) -> list[FloatArray]:
    rows = uniform_rows(seed, question.n_draws, y.size)
    return [y[np.argsort(batch, axis=1, kind="stable")] for batch in rows]


def _listed(sums: FloatArray, design: PairingDesign) -> ListedTails:
    return ListedTails(values=np.sort(sums), n_counted=sums.size, tolerance=design.tolerance)


def _size(design: PairingDesign) -> float:
    """Return what T is divided by to make it a correlation."""
    centred_y = design.y - design.y.mean()
    return float(np.linalg.norm(design.x - design.x.mean()) * np.linalg.norm(centred_y))


def _within_one(values: FloatArray) -> FloatArray:
    return np.clip(values, -1.0, 1.0)


def _tau_unit(x: FloatArray, y: FloatArray) -> float:
    """Return what one unit of S is in τ_b: 1 over the root of untied pairs in x times in y."""
    first, second = np.triu_indices(x.size, k=1)
    untied = (int((values[first] != values[second]).sum()) for values in (x, y))
    return 1 / math.sqrt(math.prod(untied))
