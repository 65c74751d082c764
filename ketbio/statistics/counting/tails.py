"""P values from tail counts, whatever was permuted: the one place that knows the alternatives."""

from collections.abc import Callable
from typing import Protocol

from scipy import special, stats

from ketbio.statistics.counting.pair_counts import Count
from ketbio.statistics.counting.subset_sums import Number


class Tails(Protocol):
    """Counts of arrangements by their centred statistic T − E T, drawn or all of them."""

    @property
    def n_counted(self) -> int:
        """Arrangements counted (the observed one among them)."""

    @property
    def tolerance(self) -> float:
        """How close two statistics count as tied."""

    @property
    def n_sums(self) -> int:
        """Numbers that one count has to look at."""

    def at_least(self, threshold: Number, *, strict: bool = False) -> Count:
        """Arrangements with T − E T of ``threshold`` or more (``strict``: more)."""

    def at_most(self, threshold: Number, *, strict: bool = False) -> Count:
        """Arrangements with T − E T of ``threshold`` or less (``strict``: less)."""

    def both(self, upper: Number, lower: Number, *, strict: bool = False) -> tuple[Count, Count]:
        """Arrangements of ``upper`` or more, and those of ``lower`` or less."""

    def extremes(self) -> tuple[Number, Number]:
        """Smallest and largest T − E T."""


def p_value(tails: Tails, observed: Number, alternative: str, *, mid_p: bool = False) -> float:
    """Return the share of arrangements at least as extreme as ``observed`` (T − E T).

    ``"two-sided"`` is the share with abs(T − E T) ≥ abs(t − E T) (Fisher–Pitman);
    ``"two-sided-doubled"`` is twice the smaller one-sided p, at most 1 (as in SciPy). With
    ``mid_p``, arrangements exactly as extreme count half (Lancaster 1961).
    """
    beyond = _COUNTS[alternative]
    count, over = beyond(tails, observed, False), tails.n_counted
    if mid_p:
        # One division of whole numbers, so that a mid-p of exactly α is not a bit below it.
        count, over = count + beyond(tails, observed, True), 2 * over
    return min(1.0, float(_SIDES[alternative] * count / over))


def smallest_p(tails: Tails, alternative: str, *, mid_p: bool = False) -> float:
    """Return the p value of the most extreme arrangement that there is."""
    low, high = tails.extremes()
    ends = {
        "two-sided": (max(-low, high),),
        "greater": (high,),
        "less": (low,),
        "two-sided-doubled": (low, high),
    }[alternative]
    return min(p_value(tails, end, alternative, mid_p=mid_p) for end in ends)


def p_interval(p: float, n_draws: int, alternative: str) -> tuple[float, float]:
    """Return the 99 % Clopper–Pearson interval of a p value drawn as (b + 1)/(m + 1)."""
    sides = 2 if alternative == "two-sided-doubled" else 1
    beyond = max(0, min(n_draws, round(p / sides * (n_draws + 1)) - 1))
    interval = stats.binomtest(beyond, n_draws).proportion_ci(0.99, method="exact")
    return min(1.0, sides * float(interval.low)), min(1.0, sides * float(interval.high))


def stopped_p_interval(h: int, n_drawn: int, alternative: str) -> tuple[float, float]:
    """Return the 99 % interval of p = h/l where the h-th draw as extreme was draw l (exact).

    Of a negative binomial count: at least h of l draws as extreme, and fewer than h of l − 1.
    """
    sides = _SIDES[alternative]
    low = float(special.betaincinv(h, n_drawn - h + 1, 0.005))
    high = float(special.betaincinv(h, n_drawn - h, 0.995)) if n_drawn > h else 1.0
    return min(1.0, sides * low), min(1.0, sides * high)


def _two_sided(tails: Tails, observed: Number, strict: bool) -> Count:
    distance = observed if observed >= 0 else -observed
    if distance <= tails.tolerance:
        if not strict:
            return tails.n_counted
        distance = 0 * distance
    above, below = tails.both(distance, -distance, strict=strict)
    return above + below


def _greater(tails: Tails, observed: Number, strict: bool) -> Count:
    return tails.at_least(observed, strict=strict)


def _less(tails: Tails, observed: Number, strict: bool) -> Count:
    return tails.at_most(observed, strict=strict)


def _smaller_side(tails: Tails, observed: Number, strict: bool) -> Count:
    return min(tails.both(observed, observed, strict=strict))


_COUNTS: dict[str, Callable[[Tails, Number, bool], Count]] = {
    "two-sided": _two_sided,
    "greater": _greater,
    "less": _less,
    "two-sided-doubled": _smaller_side,
}
"""Alternative → how many arrangements are as extreme (strictly: more extreme), on one side."""

_SIDES = {"two-sided": 1, "greater": 1, "less": 1, "two-sided-doubled": 2}
