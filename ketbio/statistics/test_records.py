"""From a counted design to the record: method in words, floor, interval of p, warnings."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.inputs import Exact
from ketbio.statistics.records import NAN, FloatArray, PermutationTest
from ketbio.statistics.shift_intervals import SIDES, Limits
from ketbio.statistics.subset_test import SubsetRun
from ketbio.statistics.tails import p_interval
from ketbio.wording import count_of, format_p


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


def floor_warning(p_floor: float, level: float) -> tuple[str, ...]:
    """Return a sentence where the smallest possible p is above 1 − confidence level."""
    alpha = round(1 - level, 12)
    if p_floor <= alpha:
        return ()
    return (
        f"The smallest p this design can give is {format_p(p_floor, symbol=False)}, above "
        f"{alpha:g}: no outcome could be significant at that level.",
    )


def limit_warnings(limits: Limits, alternative: str, level: float) -> tuple[str, ...]:
    """Return a sentence where the design is too small for a limit at this level."""
    wanted = {"low": limits.low, "high": limits.high}
    open_sides = [side for side, _ in SIDES[alternative] if math.isinf(wanted[side])]
    if not open_sides:
        return ()
    where = {("low",): "below", ("high",): "above"}.get(tuple(open_sides), "on both sides")
    return (
        f"This design has too few arrangements for a {100 * level:g}% interval: it is open "
        f"{where}.",
    )


def agreement_warning(p: float, limits: Limits, level: float) -> tuple[str, ...]:
    """Return a sentence where ties make a rank test and its interval disagree about zero."""
    if math.isnan(limits.low):
        return ()
    excludes_zero = limits.low > 0 or limits.high < 0
    if (p < round(1 - level, 12)) == excludes_zero:
        return ()
    return (
        "Ties at zero shift make the rank test and its interval disagree about zero: the interval "
        "is that of shifts without such ties.",
    )


def write_record(
    run: SubsetRun,
    question: Question,
    *,
    statistic: float,
    statistic_name: str,
    estimate: float,
    estimate_name: str,
    limits: Limits,
    ci_method: str,
    n: tuple[int, ...],
    scale_null: Callable[[FloatArray], FloatArray],
    warnings: tuple[str, ...],
) -> PermutationTest:
    """Put a counted design into a `PermutationTest`.

    ``scale_null`` turns sums over subsets into the statistic as it is reported.
    """
    p, floor = run.p_value(question.alternative), run.p_floor(question.alternative)
    level = question.confidence_level
    said = (
        *warnings,
        *(floor_warning(floor, level) if run.is_exact else ()),
        *limit_warnings(limits, question.alternative, level),
        *agreement_warning(p, limits, level),
    )
    draws = 0 if run.listed is None else run.listed.sums.size - 1
    return PermutationTest(
        statistic=statistic,
        statistic_name=statistic_name,
        estimate=estimate,
        estimate_name=estimate_name,
        p_value=p,
        method=method_text(
            is_exact=run.is_exact, n_arrangements=run.design.n_arrangements, n_draws=draws
        ),
        algorithm=run.plan.algorithm,
        is_exact=run.is_exact,
        n_arrangements=run.design.n_arrangements,
        p_floor=floor,
        p_interval=(NAN, NAN) if run.is_exact else p_interval(p, draws, question.alternative),
        ci_low=limits.low,
        ci_high=limits.high,
        ci_level=level,
        ci_method=ci_method,
        alternative=question.alternative,
        n=n,
        seed=run.seed,
        warnings=(*said, *_constant_warning(run)),
        null_distribution=_null(run, scale_null),
    )


def _constant_warning(run: SubsetRun) -> tuple[str, ...]:
    low, high = run.tails.extremes()
    if high - low > run.tails.tolerance:
        return ()
    return ("Every arrangement gives the same statistic, so p is 1.",)


def _null(run: SubsetRun, scale_null: Callable[[FloatArray], FloatArray]) -> FloatArray | None:
    if run.listed is None:
        return None
    sums = run.listed.sums if run.is_exact else run.listed.sums[1:]
    null = np.sort(scale_null(sums))
    null.flags.writeable = False
    return null
