"""From a counted design to the record: method in words, floor, interval of p, warnings."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ketbio.statistics.counting.attained_size import attained_size, attained_size_of_tails
from ketbio.statistics.counting.design_floors import subset_floor
from ketbio.statistics.counting.design_warnings import floor_warning, size_warning
from ketbio.statistics.counting.draw_warnings import draws_warning, open_limit_warning
from ketbio.statistics.counting.method_words import method_text, p_definition
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import SIDES, Limits
from ketbio.statistics.counting.subset_runs import SubsetRun
from ketbio.statistics.counting.subset_sums import Number
from ketbio.statistics.counting.tails import (
    Tails,
    p_interval,
    p_value,
    smallest_p,
    stopped_p_interval,
)
from ketbio.statistics.records import NAN, FloatArray, PermutationTest


def limit_warnings(
    limits: Limits, question: Question, counted: "Counted | None" = None
) -> tuple[str, ...]:
    """Return a sentence where the design, or the draws made of it, are too few for a limit."""
    if question.confidence_level is None:
        return ()
    wanted = {"low": limits.low, "high": limits.high}
    open_sides = [side for side, _ in SIDES[question.alternative] if math.isinf(wanted[side])]
    if not open_sides:
        return ()
    where = {"low": "below", "high": "above", "low high": "on both sides"}[" ".join(open_sides)]
    if counted is not None and counted.draws_bind(question):
        return (
            open_limit_warning(
                where,
                n_draws=counted.n_draws + (counted.stopped_after is not None),
                level=question.confidence_level,
                stopped_after=counted.stopped_after,
            ),
        )
    return (
        f"This design has too few arrangements for a {100 * question.confidence_level:g}% "
        f"interval: it is open {where}.",
    )


def agreement_warning(counted: "Counted", limits: Limits, question: Question) -> tuple[str, ...]:
    """Return a sentence where ties make a rank test and its interval disagree about zero."""
    if math.isnan(limits.low):
        return ()
    rejects = counted.p_value(question.alternative) < float(question.alpha)
    if rejects == (limits.low > 0 or limits.high < 0):
        return ()
    if question.mid_p:
        return (
            "The limit at zero is open: with mid-p the test rejects zero itself and no shift "
            "beside it.",
        )
    return (
        "Ties at zero shift make the rank test and its interval disagree about zero: the interval "
        "is that of shifts without such ties.",
    )


QUICK_SUMS = 20_000
"""Up to so many lattice sums per half the true size is worked out with every test."""


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
    centred : array or None
        T − E T of every arrangement, in any order, where all are listed.
    mid_p : bool
        Whether arrangements as extreme count half.
    stopped_after : int or None
        At how many draws as extreme drawing was stopped; None where it was not.
    centre : str
        From where a two-sided distance is measured: ``"E T"`` or ``"0"``.
    residuals : str
        By whose way residuals were permuted in place of values, ``"Freedman–Lane"``; empty where
        values were: only then can p be exact.
    """

    tails: Tails
    observed: Number
    algorithm: str
    n_arrangements: int
    seed: int | None
    null: FloatArray | None
    floor_of_design: Callable[[str], float] | None = None
    centred: FloatArray | None = None
    mid_p: bool = False
    stopped_after: int | None = None
    centre: str = "E T"
    residuals: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether every arrangement was counted."""
        return self.algorithm != "Monte Carlo"

    @property
    def is_exact(self) -> bool:
        """Whether p is exact: all counted, and none of them a permutation of mere residuals."""
        return self.is_counted and not self.residuals

    @property
    def n_draws(self) -> int:
        """Arrangements drawn, without the observed one."""
        return 0 if self.is_counted else self.tails.n_counted - 1

    def p_value(self, alternative: str) -> float:
        """Return the p value of the observed arrangement."""
        return p_value(self.tails, self.observed, alternative, mid_p=self.mid_p)

    def p_floor(self, alternative: str, *, n_planned: int | None = None) -> float:
        """Return the smallest p that can come out: of the draws, or of the design if larger.

        ``n_planned``: how many draws were planned, where drawing may have stopped before.
        """
        of_design = self.design_floor(alternative)
        if self.is_counted:
            return of_design
        n_draws = self.n_draws if n_planned is None else n_planned
        sides = 2 if alternative == "two-sided-doubled" else 1
        half = 0.5 if self.mid_p else 1.0
        return max(half * min(1.0, sides / (n_draws + 1)), of_design)

    def design_floor(self, alternative: str) -> float:
        """Return the smallest p that counting every arrangement gives; 0 where it is not known."""
        if self.is_counted:
            return smallest_p(self.tails, alternative, mid_p=self.mid_p)
        half = 0.5 if self.mid_p else 1.0
        return half * self.floor_of_design(alternative) if self.floor_of_design else 0.0

    def draws_bind(self, question: Question) -> bool:
        """Whether more draws could show what the design itself can show at this level."""
        return not self.is_counted and self.design_floor(question.alternative) < question.alpha

    def p_interval(self, alternative: str) -> tuple[float, float]:
        """Return the 99 % interval of a drawn p; NaN where nothing was drawn or with mid-p."""
        if self.is_counted or self.mid_p:
            return NAN, NAN
        p = self.p_value(alternative)
        if self.stopped_after is not None:
            return stopped_p_interval(self.stopped_after, self.n_draws + 1, alternative)
        return p_interval(p, self.n_draws, alternative)

    def true_size(self, alternative: str, alpha: float) -> float:
        """Return how often p falls below alpha under the null; NaN where steps are too fine."""
        if not self.is_exact:
            return NAN
        if self.centred is None:
            if self.algorithm != "shift algorithm" or self.tails.n_sums > QUICK_SUMS:
                return NAN
            return attained_size_of_tails(self.tails, alternative, alpha, mid_p=self.mid_p)
        return attained_size(
            self.centred, alternative, alpha, tolerance=self.tails.tolerance, mid_p=self.mid_p
        )


def counted_subsets(run: SubsetRun, scale_null: Callable[[FloatArray], FloatArray]) -> Counted:
    """Return subsets as `Counted`; ``scale_null`` turns their sums into the reported statistic."""
    null = centred = None
    if run.listed is not None:
        null = scale_null(run.listed.sums if run.is_exact else run.listed.sums[1:])
        centred = run.listed.sums - float(run.design.expected_sum)
    return Counted(
        tails=run.tails,
        observed=run.tails.observed(),
        algorithm=run.plan.algorithm,
        n_arrangements=run.design.n_arrangements,
        seed=run.seed,
        null=null,
        centred=centred,
        floor_of_design=partial(subset_floor, run.design),
        mid_p=run.question.mid_p,
        stopped_after=run.stopped_after,
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
    null_value: float = 0.0,
) -> PermutationTest:
    """Put counted arrangements into a `PermutationTest`."""
    alternative, level = question.alternative, question.confidence_level
    floor = counted.p_floor(alternative, n_planned=question.n_draws)
    size = counted.true_size(alternative, float(question.alpha))
    return PermutationTest(
        statistic=statistic,
        statistic_name=statistic_name,
        estimate=estimate,
        estimate_name=estimate_name,
        p_value=counted.p_value(alternative),
        method=method_text(
            is_counted=counted.is_counted,
            n_arrangements=counted.n_arrangements,
            n_draws=counted.n_draws,
            stopped_after=counted.stopped_after,
            mid_p=counted.mid_p,
            residuals=counted.residuals,
        ),
        p_definition=p_definition(
            alternative, is_counted=counted.is_counted, mid_p=counted.mid_p, centre=counted.centre
        ),
        algorithm=counted.algorithm,
        is_exact=counted.is_exact,
        n_arrangements=counted.n_arrangements,
        p_floor=floor,
        design_floor=counted.design_floor(alternative),
        true_size=size,
        p_interval=counted.p_interval(alternative),
        ci_low=NAN if level is None else limits.low,
        ci_high=NAN if level is None else limits.high,
        ci_level=NAN if level is None else level,
        ci_method="" if level is None else ci_method,
        null_value=null_value,
        alternative=alternative,
        n=n,
        seed=counted.seed,
        warnings=(
            *warnings,
            *(_constant_warning(counted) or _floor_warning(counted, floor, question)),
            *size_warning(size, floor, question.alpha),
            *_mid_p_warning(question),
        ),
        null_distribution=_sorted_null(counted.null),
    )


def _mid_p_warning(question: Question) -> tuple[str, ...]:
    if not question.mid_p:
        return ()
    return (
        "This is a mid-p: it is closer to its nominal level on average, but does not keep it for "
        "certain, as the exact p does.",
    )


def _floor_warning(counted: Counted, floor: float, question: Question) -> tuple[str, ...]:
    if counted.draws_bind(question):
        return draws_warning(floor, n_draws=question.n_draws, alpha=question.alpha)
    return floor_warning(floor, question.alpha)


def _constant_warning(counted: Counted) -> tuple[str, ...]:
    low, high = counted.tails.extremes()
    if high - low > counted.tails.tolerance:
        return ()
    # A few draws can be alike where the arrangements are not.
    if counted.floor_of_design is not None and counted.floor_of_design("greater") < 1:
        return ()
    p = "0.5 (mid-p)" if counted.mid_p else "1"
    return (f"Every arrangement gives the same statistic, so p is {p}.",)


def _sorted_null(null: FloatArray | None) -> FloatArray | None:
    if null is None:
        return None
    ascending = np.sort(null)
    ascending.flags.writeable = False
    return ascending
