"""Exact limits of a difference between two proportions: the differences that are not rejected."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from ketbio.statistics.two_proportions.nuisance import largest_probability
from ketbio.statistics.two_proportions.orderings import SIGNS, as_extreme
from ketbio.statistics.two_proportions.score import score_statistics

STEPS = 100
"""Differences tried between −1 and 1, 0 among them; the last not rejected is then closed in on."""
SCAN_GRID = 129
HALVINGS = 19
TIED = 1e-7
"""The cubic is solved to about so much."""


def p_of_difference(
    counts: tuple[int, int],
    n: tuple[int, int],
    difference: float,
    *,
    alternative: str,
    grid: int = 257,
    is_refined: bool = True,
) -> float:
    """Return the exact unconditional p of the score statistic against one difference."""
    statistics = SIGNS[alternative](score_statistics(n, difference))
    observed = float(statistics[counts])
    tables = as_extreme(statistics, observed, tied=TIED) | np.isclose(
        statistics, observed, rtol=0, atol=1e-9
    )
    return largest_probability(tables, difference=difference, grid=grid, is_refined=is_refined)[0]


@lru_cache(maxsize=256)
def exact_limits(
    counts: tuple[int, int], n: tuple[int, int], *, alternative: str, alpha: float
) -> tuple[float, float]:
    """Return the lowest and the highest difference with p ≥ α.

    ``"two-sided"`` inverts one two-sided test (Agresti & Min 2001), ``"two-sided-doubled"`` two
    one-sided tests of α/2 each (Chan & Zhang 1999), ``"greater"`` and ``"less"`` one of α.
    """
    return (
        _outermost(counts, n, -1.0, _SIDES[alternative][0], alpha),
        _outermost(counts, n, 1.0, _SIDES[alternative][1], alpha),
    )


_SIDES: dict[str, tuple[tuple[str, float] | None, tuple[str, float] | None]] = {
    "two-sided": (("two-sided", 1.0), ("two-sided", 1.0)),
    "two-sided-doubled": (("greater", 0.5), ("less", 0.5)),
    "greater": (("greater", 1.0), None),
    "less": (None, ("less", 1.0)),
}
"""Alternative → the test that bounds from below, and from above, with its share of α."""


def _outermost(
    counts: tuple[int, int],
    n: tuple[int, int],
    end: float,
    side: tuple[str, float] | None,
    alpha: float,
) -> float:
    """Return the difference nearest ``end`` (−1 or 1) that is not rejected."""
    if side is None:
        return end
    alternative, share = side
    estimate = counts[0] / n[0] - counts[1] / n[1]
    tried = [2 * step / STEPS - 1 for step in range(STEPS + 1)]
    between = sorted((one for one in tried if (one - estimate) * end > 0), key=lambda d: -d * end)

    def holds(difference: float, **how: int | bool) -> bool:
        p = p_of_difference(counts, n, difference, alternative=alternative, **how)  # type: ignore[arg-type]
        return p >= alpha * share

    outside = end
    for difference in between:
        if holds(difference, grid=SCAN_GRID, is_refined=False) or (
            difference == 0 and holds(difference)
        ):
            return end if difference == end else _closed_in(holds, difference, outside)
        outside = difference
    return _closed_in(holds, estimate, outside)


def _closed_in(holds: Callable[[float], bool], inside: float, outside: float) -> float:
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if holds(middle) else (inside, middle)
    return inside
