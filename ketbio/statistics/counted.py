"""From a counted design to the record: method in words, floor, interval of p, warnings."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ketbio.statistics.attained_size import attained_size, attained_size_of_tails
from ketbio.statistics.design_floors import subset_floor
from ketbio.statistics.design_warnings import floor_warning, size_warning
from ketbio.statistics.questions import Question
from ketbio.statistics.records import NAN, FloatArray, PermutationTest
from ketbio.statistics.shift_intervals import SIDES, Limits
from ketbio.statistics.subset_runs import SubsetRun
from ketbio.statistics.subset_sums import Number
from ketbio.statistics.tails import (
    Tails,
    p_interval,
    p_value,
    smallest_p,
    stopped_p_interval,
)
from ketbio.wording import count_of


def method_text(
    *,
    is_exact: bool,
    n_arrangements: int,
    n_draws: int,
    stopped_after: int | None = None,
    mid_p: bool = False,
) -> str:
    """Return ``"exact, 462 arrangements"`` or ``"9,999 draws"``, with what else was asked for.

    Examples
    --------
    >>> method_text(is_exact=True, n_arrangements=462, n_draws=9999)
    'exact, 462 arrangements'
    >>> method_text(is_exact=False, n_arrangements=462, n_draws=71, stopped_after=20)
    '71 draws, stopped before the 20th as extreme'
    """
    text = f"exact, {count_of(n_arrangements, 'arrangement')}"
    if not is_exact:
        text = count_of(n_draws, "draw")
        if stopped_after is not None:
            text += f", stopped before the {_ordinal(stopped_after)} as extreme"
    return f"{text}, mid-p" if mid_p else text


def _ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return f"{number:,}th"
    return f"{number:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def p_definition(alternative: str, *, is_exact: bool, mid_p: bool, centre: str = "E T") -> str:
    """Return what p is the share of, in symbols.

    Parameters
    ----------
    alternative : str
        One of `ALTERNATIVES`.
    is_exact : bool
        Whether every arrangement was counted.
    mid_p : bool
        Whether arrangements as extreme count half.
    centre : str
        From where a two-sided distance is measured: ``"E T"``, the mean of T over all
        arrangements, or ``"0"``.

    Examples
    --------
    >>> p_definition("two-sided", is_exact=True, mid_p=False)
    'share of arrangements with |T − E T| ≥ |t − E T|'
    """
    of = "arrangements" if is_exact else "draws, the observed arrangement counted as one,"
    share = f"share of {of} with"
    distance = "|T| ≥ |t|" if centre == "0" else f"|T − {centre}| ≥ |t − {centre}|"
    text = {
        "two-sided": f"{share} {distance}",
        "greater": f"{share} T ≥ t",
        "less": f"{share} T ≤ t",
        "two-sided-doubled": f"twice the smaller of the shares of {of} with T ≥ t and with T ≤ t",
    }[alternative]
    return f"{text}; those exactly as extreme count half" if mid_p else text


def limit_warnings(limits: Limits, question: Question) -> tuple[str, ...]:
    """Return a sentence where the design is too small for a limit at this level."""
    if question.confidence_level is None:
        return ()
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

    @property
    def is_exact(self) -> bool:
        """Whether every arrangement was counted."""
        return self.algorithm != "Monte Carlo"

    @property
    def n_draws(self) -> int:
        """Arrangements drawn, without the observed one."""
        return 0 if self.is_exact else self.tails.n_counted - 1

    def p_value(self, alternative: str) -> float:
        """Return the p value of the observed arrangement."""
        return p_value(self.tails, self.observed, alternative, mid_p=self.mid_p)

    def p_floor(self, alternative: str) -> float:
        """Return the smallest p that can come out: of the draws, or of the design if larger."""
        if self.is_exact:
            return smallest_p(self.tails, alternative, mid_p=self.mid_p)
        sides = 2 if alternative == "two-sided-doubled" else 1
        half = 0.5 if self.mid_p else 1.0
        of_design = self.floor_of_design(alternative) if self.floor_of_design else 0.0
        return half * max(min(1.0, sides / self.tails.n_counted), of_design)

    def p_interval(self, alternative: str) -> tuple[float, float]:
        """Return the 99 % interval of a drawn p; NaN where nothing was drawn or with mid-p."""
        if self.is_exact or self.mid_p:
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
) -> PermutationTest:
    """Put counted arrangements into a `PermutationTest`."""
    alternative, level = question.alternative, question.confidence_level
    floor = counted.p_floor(alternative)
    size = counted.true_size(alternative, float(question.alpha))
    return PermutationTest(
        statistic=statistic,
        statistic_name=statistic_name,
        estimate=estimate,
        estimate_name=estimate_name,
        p_value=counted.p_value(alternative),
        method=method_text(
            is_exact=counted.is_exact,
            n_arrangements=counted.n_arrangements,
            n_draws=counted.n_draws,
            stopped_after=counted.stopped_after,
            mid_p=counted.mid_p,
        ),
        p_definition=p_definition(
            alternative, is_exact=counted.is_exact, mid_p=counted.mid_p, centre=counted.centre
        ),
        algorithm=counted.algorithm,
        is_exact=counted.is_exact,
        n_arrangements=counted.n_arrangements,
        p_floor=floor,
        true_size=size,
        p_interval=counted.p_interval(alternative),
        ci_low=NAN if level is None else limits.low,
        ci_high=NAN if level is None else limits.high,
        ci_level=NAN if level is None else level,
        ci_method="" if level is None else ci_method,
        alternative=alternative,
        n=n,
        seed=counted.seed,
        warnings=(
            *warnings,
            *_constant_warning(counted.tails),
            *floor_warning(floor, question.alpha),
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
