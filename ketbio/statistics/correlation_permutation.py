"""Correlation: the exact permutation test over every way to pair y with x."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from numpy.typing import ArrayLike

from ketbio.errors import StatisticsError
from ketbio.statistics.correlation import (
    FISHER_METHODS,
    NAMES,
    fisher_interval,
    fisher_warnings,
    pearson_r,
    perfect_if_near,
)
from ketbio.statistics.counting.budgets import Budget
from ketbio.statistics.counting.counted import Counted, write_record
from ketbio.statistics.counting.draws import fresh_seed
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.counting.shift_intervals import UNLIMITED, Limits
from ketbio.statistics.inputs import Exact, check_word
from ketbio.statistics.pairings.kendall import count_kendall, kendall_tau
from ketbio.statistics.pairings.paired_values import (
    Pairings,
    idle_block_warnings,
    pairings_of,
)
from ketbio.statistics.pairings.percentage_bend import (
    bend_design,
    bend_interval,
    bend_value,
    disagreement_warning,
)
from ketbio.statistics.pairings.product_designs import product_design
from ketbio.statistics.pairings.product_pairings import count_products
from ketbio.statistics.rank_scores import doubled_ranks
from ketbio.statistics.records import NAN, PermutationTest


def correlation_permutation_test(
    x: ArrayLike,
    y: ArrayLike,
    *,
    statistic: str = "pearson",
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
    """Test whether x and y are unrelated, over every way to pair them.

    Parameters
    ----------
    x, y : array-like of numbers, shape (n,)
        Pairs, at least three; neither may be constant.
    statistic : {"pearson", "spearman", "kendall", "percentage_bend"}
        r, ρ on mid-ranks, τ_b, or the percentage-bend correlation (β = 0.2), which bends the fifth
        of the values furthest from the median. `ketbio.correlate_changes` calls it ``method``.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Of the correlation against zero.
    blocks : array-like of labels, shape (n,), optional
        y is dealt within blocks only. Pearson: x and y less their block's means; Spearman: the
        same with ranks given within blocks; Kendall: only pairs of one block are compared;
        percentage bend: values less their block's median are bent together.
    exact, n_resamples, mid_p, stop_after, budget
        As in `permutation_test`. With the default budgets real values are exact up to 14 pairs (16
        with ``exact=True``), whole numbers and ranks up to some 16 (18) and further with ties, and
        Kendall's tau without ties in the hundreds.
    seed : int, optional
        Seed of the draws, and of the resamples of the percentage-bend interval.
    confidence_level : float
        Of the interval, which is no inversion of the test, since a correlation is no shift:
        Fisher's (Pearson within blocks: of a partial correlation), for percentage bend the BCa
        bootstrap (99,999 resamples; 9,999 beyond 50 pairs), and none for the other statistics
        within blocks. None: no interval.

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
    Pitman (1937); Wilcox (1994) for percentage bend.

    Examples
    --------
    >>> found = correlation_permutation_test([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    >>> round(found.statistic, 4), round(found.p_value, 6), found.method
    (0.8286, 0.058333, 'exact, 720 arrangements')
    """
    check_word("statistic", statistic, STATISTICS)
    pairings = pairings_of(x, y, blocks)
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
    chosen = STATISTICS[statistic]
    value, counted = chosen.value(pairings), chosen.count(pairings, question)
    interval = chosen.interval(statistic, pairings, value, counted, question)
    name = pairings.name(NAMES[statistic])
    return write_record(
        replace(counted, seed=interval.seed) if counted.seed is None else counted,
        question,
        statistic=value,
        statistic_name=name,
        estimate=value,
        estimate_name=name,
        limits=interval.limits,
        ci_method=interval.method,
        n=(pairings.n,),
        warnings=(*idle_block_warnings(pairings), *interval.warnings),
    )


def has_correlation(x: ArrayLike, y: ArrayLike, *, statistic: str, blocks: ArrayLike) -> bool:
    """Whether the statistic is defined for these pairs: enough of them, and none constant."""
    try:
        STATISTICS[statistic].value(pairings_of(x, y, blocks))
    except StatisticsError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interval:
    """Limits of a correlation, how they were made, and the seed if resamples were drawn."""

    limits: Limits = UNLIMITED
    method: str = ""
    warnings: tuple[str, ...] = ()
    seed: int | None = None


def _fisher(
    statistic: str, pairings: Pairings, value: float, counted: Counted, question: Question
) -> _Interval:
    del counted
    level = question.confidence_level
    if level is None:
        return _Interval()
    if pairings.is_blocked and statistic != "pearson":
        return _Interval(
            limits=Limits(NAN, NAN),
            warnings=(f"There is no interval of {NAMES[statistic]} within blocks.",),
        )
    # A partial correlation given the blocks has one degree of freedom less for each but the first.
    n = pairings.n - len(pairings.slices) + 1
    limits = Limits(*fisher_interval(statistic, value, n, level, alternative=question.alternative))
    method = FISHER_METHODS[statistic]
    return _Interval(
        limits=limits,
        method=f"{method}, partial" if pairings.is_blocked else method,
        warnings=fisher_warnings(statistic, value, n),
    )


def _bootstrap(
    statistic: str, pairings: Pairings, value: float, counted: Counted, question: Question
) -> _Interval:
    del statistic
    given = counted.seed if question.seed is None else question.seed
    seed = fresh_seed() if given is None else given
    found = bend_interval(pairings, value, question, seed)
    return _Interval(
        limits=found.limits,
        method=found.method,
        warnings=(
            *found.warnings,
            *disagreement_warning(found.limits, counted.p_value(question.alternative), question),
        ),
        seed=seed if found.method else None,
    )


def _pearson_value(pairings: Pairings) -> float:
    if not pairings.is_blocked:
        return pearson_r(pairings.x, pairings.y)
    design = product_design(pairings.x, pairings.y, pairings.block)
    return perfect_if_near(float(design.observed()) * design.per_unit)


def _spearman_value(pairings: Pairings) -> float:
    return _pearson_value(_ranked(pairings))


def _ranked(pairings: Pairings) -> Pairings:
    """Return twice the mid-ranks within blocks in place of values."""
    x, y = (doubled_ranks(side, pairings.block) for side in (pairings.x, pairings.y))
    return Pairings(x=x, y=y, block=pairings.block)


def _count_pearson(pairings: Pairings, question: Question) -> Counted:
    return count_products(product_design(pairings.x, pairings.y, pairings.block), question)


def _count_spearman(pairings: Pairings, question: Question) -> Counted:
    return _count_pearson(_ranked(pairings), question)


def _count_bend(pairings: Pairings, question: Question) -> Counted:
    return count_products(bend_design(pairings), question)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statistic:
    value: Callable[[Pairings], float]
    count: Callable[[Pairings, Question], Counted]
    interval: Callable[[str, Pairings, float, Counted, Question], _Interval] = _fisher


STATISTICS: dict[str, _Statistic] = {
    "pearson": _Statistic(value=_pearson_value, count=_count_pearson),
    "spearman": _Statistic(value=_spearman_value, count=_count_spearman),
    "kendall": _Statistic(value=kendall_tau, count=count_kendall),
    "percentage_bend": _Statistic(value=bend_value, count=_count_bend, interval=_bootstrap),
}
