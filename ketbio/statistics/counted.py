"""From a counted design to the record: method in words, floor, interval of p, warnings."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ketbio.statistics.design_floors import subset_floor
from ketbio.statistics.inputs import Exact, alpha_of
from ketbio.statistics.records import NAN, FloatArray, PermutationTest
from ketbio.statistics.shift_intervals import SIDES, Limits
from ketbio.statistics.subset_runs import SubsetRun
from ketbio.statistics.subset_sums import Number
from ketbio.statistics.tails import Tails, p_interval, p_value, smallest_p
from ketbio.wording import count_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How a test is to be made: the arguments all permutation tests share, validated.

    Attributes
    ----------
    alternative : str
        One of `ALTERNATIVES`.
    exact : bool or "auto"
        Whether to count every arrangement.
    n_draws : int
        How many to draw otherwise.
    confidence_level : float
        Of the interval.
    seed : int or None
        Seed of the draws.
    """

    alternative: str
    exact: Exact
    n_draws: int
    confidence_level: float
    seed: int | None


def method_text(*, is_exact: bool, n_arrangements: int, n_draws: int) -> str:
    """Return ``"exact, 462 arrangements"`` or ``"9,999 draws"``.

    Examples
    --------
    >>> method_text(is_exact=True, n_arrangements=462, n_draws=9999)
    'exact, 462 arrangements'
    """
    if is_exact:
        return f"exact, {count_of(n_arrangements, 'arrangement')}"
    return count_of(n_draws, "draw")


def limit_warnings(limits: Limits, question: Question) -> tuple[str, ...]:
    """Return a sentence where the design is too small for a limit at this level."""
    wanted = {"low": limits.low, "high": limits.high}
    open_sides = [side for side, _ in SIDES[question.alternative] if math.isinf(wanted[side])]
    if not open_sides:
        return ()
    where = {"low": "below", "high": "above", "low high": "on both sides"}[" ".join(open_sides)]
    return (
        f"This design has too few arrangements for a {100 * question.confidence_level:g}% "
        f"interval: it is open {where}.",
    )


def agreement_warning(counted: "Counted", limits: Limits, question: Question) -> tuple[str, ...]:
    """Return a sentence where ties make a rank test and its interval disagree about zero."""
    if math.isnan(limits.low):
        return ()
    rejects = counted.p_value(question.alternative) < float(alpha_of(question.confidence_level))
    if rejects == (limits.low > 0 or limits.high < 0):
        return ()
    return (
        "Ties at zero shift make the rank test and its interval disagree about zero: the interval "
        "is that of shifts without such ties.",
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """Arrangements counted or drawn, whatever was permuted.

    Attributes
    ----------
    tails : Tails
        Tail counts of T − E T.
    observed : Fraction or float
        T − E T as observed.
    algorithm : str
        ``"enumeration"``, ``"meet in the middle"`` or ``"Monte Carlo"``.
    n_arrangements : int
        How many the design allows.
    seed : int or None
        Of the draws.
    null : array or None
        The statistic as reported over the arrangements or draws, in any order.
    floor_of_design : callable or None
        Alternative → the smallest p that counting all would give; needed where they are drawn.
    """

    tails: Tails
    observed: Number
    algorithm: str
    n_arrangements: int
    seed: int | None
    null: FloatArray | None
    floor_of_design: Callable[[str], float] | None = None

    @property
    def is_exact(self) -> bool:
        """Whether every arrangement was counted."""
        return self.algorithm != "Monte Carlo"

    def p_value(self, alternative: str) -> float:
        """Return the p value of the observed arrangement."""
        return p_value(self.tails, self.observed, alternative)

    def p_floor(self, alternative: str) -> float:
        """Return the smallest p that can come out: of the draws, or of the design if larger."""
        if self.is_exact:
            return smallest_p(self.tails, alternative)
        sides = 2 if alternative == "two-sided-doubled" else 1
        of_design = self.floor_of_design(alternative) if self.floor_of_design else 0.0
        return max(min(1.0, sides / self.tails.n_counted), of_design)


def counted_subsets(run: SubsetRun, scale_null: Callable[[FloatArray], FloatArray]) -> Counted:
    """Return subsets as `Counted`; ``scale_null`` turns their sums into the reported statistic."""
    null = None
    if run.listed is not None:
        null = scale_null(run.listed.sums if run.is_exact else run.listed.sums[1:])
    return Counted(
        tails=run.tails,
        observed=run.tails.observed(),
        algorithm=run.plan.algorithm,
        n_arrangements=run.design.n_arrangements,
        seed=run.seed,
        null=null,
        floor_of_design=partial(subset_floor, run.design),
    )


def write_record(
    counted: Counted,
    question: Question,
    *,
    statistic: float,
    statistic_name: str,
    estimate: float,
    estimate_name: str,
    limits: Limits,
    ci_method: str,
    n: tuple[int, ...],
    warnings: tuple[str, ...],
) -> PermutationTest:
    """Put counted arrangements into a `PermutationTest`."""
    level, alternative = question.confidence_level, question.alternative
    p, floor = counted.p_value(alternative), counted.p_floor(alternative)
    draws = 0 if counted.is_exact else counted.tails.n_counted - 1
    return PermutationTest(
        statistic=statistic,
        statistic_name=statistic_name,
        estimate=estimate,
        estimate_name=estimate_name,
        p_value=p,
        method=method_text(
            is_exact=counted.is_exact, n_arrangements=counted.n_arrangements, n_draws=draws
        ),
        algorithm=counted.algorithm,
        is_exact=counted.is_exact,
        n_arrangements=counted.n_arrangements,
        p_floor=floor,
        p_interval=(NAN, NAN) if counted.is_exact else p_interval(p, draws, alternative),
        ci_low=limits.low,
        ci_high=limits.high,
        ci_level=level,
        ci_method=ci_method,
        alternative=alternative,
        n=n,
        seed=counted.seed,
        warnings=(
            *warnings,
            *_constant_warning(counted.tails),
        ),
        null_distribution=_sorted_null(counted.null),
    )


def _constant_warning(tails: Tails) -> tuple[str, ...]:
    low, high = tails.extremes()
    if high - low > tails.tolerance:
        return ()
    return ("Every arrangement gives the same statistic, so p is 1.",)


def _sorted_null(null: FloatArray | None) -> FloatArray | None:
    if null is None:
        return None
    ascending = np.sort(null)
    ascending.flags.writeable = False
    return ascending
