"""P values from tail counts, whatever was permuted: the one place that knows the alternatives."""

from collections.abc import Callable
from typing import Protocol

from scipy import stats

from ketbio.statistics.pair_counts import Count
from ketbio.statistics.subset_sums import Number


class Tails(Protocol):
    """Counts of arrangements by their centred statistic T − E T, drawn or all of them."""

    @property
    def n_counted(self) -> int:
        """Arrangements counted (the observed one among them)."""

    @property
    def tolerance(self) -> float:
        """How close two statistics count as tied."""

    def at_least(self, threshold: Number) -> Count:
        """Arrangements with T − E T of ``threshold`` or more."""

    def at_most(self, threshold: Number) -> Count:
        """Arrangements with T − E T of ``threshold`` or less."""

    def both(self, upper: Number, lower: Number) -> tuple[Count, Count]:
        """Arrangements of ``upper`` or more, and those of ``lower`` or less."""

    def extremes(self) -> tuple[Number, Number]:
        """Smallest and largest T − E T."""


def p_value(tails: Tails, observed: Number, alternative: str) -> float:
    """Return the share of arrangements at least as extreme as ``observed`` (T − E T).

    ``"two-sided"`` is the share with abs(T − E T) ≥ abs(t − E T) (Fisher–Pitman);
    ``"two-sided-doubled"`` is twice the smaller one-sided p, at most 1 (as in SciPy).
    """
    return min(1.0, _P_VALUES[alternative](tails, observed))


def smallest_p(tails: Tails, alternative: str) -> float:
    """Return the p value of the most extreme arrangement that there is."""
    return min(1.0, _FLOORS[alternative](tails, *tails.extremes()))


def p_interval(p: float, n_draws: int, alternative: str) -> tuple[float, float]:
    """Return the 99 % Clopper–Pearson interval of a p value drawn as (b + 1)/(m + 1)."""
    sides = 2 if alternative == "two-sided-doubled" else 1
    beyond = max(0, min(n_draws, round(p / sides * (n_draws + 1)) - 1))
    interval = stats.binomtest(beyond, n_draws).proportion_ci(0.99, method="exact")
    return min(1.0, sides * float(interval.low)), min(1.0, sides * float(interval.high))


def _share(tails: Tails, count: Count) -> float:
    return float(count / tails.n_counted)


def _two_sided(tails: Tails, observed: Number) -> float:
    distance = observed if observed >= 0 else -observed
    if distance <= tails.tolerance:
        return 1.0
    above, below = tails.both(distance, -distance)
    return _share(tails, above + below)


def _greater(tails: Tails, observed: Number) -> float:
    return _share(tails, tails.at_least(observed))


def _less(tails: Tails, observed: Number) -> float:
    return _share(tails, tails.at_most(observed))


def _doubled(tails: Tails, observed: Number) -> float:
    return 2 * _share(tails, min(tails.both(observed, observed)))


_P_VALUES: dict[str, Callable[[Tails, Number], float]] = {
    "two-sided": _two_sided,
    "greater": _greater,
    "less": _less,
    "two-sided-doubled": _doubled,
}

_FLOORS: dict[str, Callable[[Tails, Number, Number], float]] = {
    "two-sided": lambda tails, low, high: _two_sided(tails, max(-low, high)),
    "greater": lambda tails, _, high: _greater(tails, high),
    "less": lambda tails, low, _: _less(tails, low),
    "two-sided-doubled": lambda tails, low, high: 2 * min(_greater(tails, high), _less(tails, low)),
}
