"""Exact tests by meeting in the middle, beside SciPy's enumeration, in one run on one machine.

Run ``python benchmarks/inference.py``. SciPy enumerates, so it is only asked where it can finish
(11 v 12 and nine pairs); both give their two-sided p by the same rule (SciPy doubles the smaller
tail), and the run stops if they differ.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from ketbio.statistics import (
    correlation_permutation_test,
    paired_permutation_test,
    permutation_test,
)

REPEATS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds, the best of a few, and what came back."""

    seconds: float
    found: Any


def timed(call: Callable[[], Any], repeats: int = REPEATS) -> Timing:
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        found = call()
        seconds.append(time.perf_counter() - start)
    return Timing(seconds=min(seconds), found=found)


def mean_difference(x: np.ndarray, y: np.ndarray, axis: int) -> np.ndarray:
    return x.mean(axis=axis) - y.mean(axis=axis)


def beside_scipy(name: str, ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
    mine, peer = timed(ours), timed(theirs, repeats=1)
    if not math.isclose(mine.found.p_value, peer.found.pvalue, rel_tol=1e-9):
        raise SystemExit(f"{name}: {mine.found.p_value} is not SciPy's {peer.found.pvalue}")
    print(
        f"{name:<26}{mine.found.n_arrangements:>22,}{mine.seconds:>10.4f} s{peer.seconds:>10.2f} s"
        f"{peer.seconds / mine.seconds:>9,.0f} ×   p = {mine.found.p_value:.6f}"
    )


def alone(name: str, call: Callable[[], Any], note: str) -> None:
    mine = timed(call)
    if not mine.found.is_exact:
        raise SystemExit(f"{name}: drawn, not exact")
    print(
        f"{name:<26}{mine.found.n_arrangements:>22,}{mine.seconds:>10.4f} s{'–':>12}{'–':>11}   "
        f"p = {mine.found.p_value:.6f}, {note}"
    )


def main() -> None:
    rng = np.random.default_rng(20260101)
    x, y = rng.normal(0.8, 1, 11), rng.normal(0, 1, 12)
    u = rng.normal(size=14)
    v = 0.5 * u + rng.normal(size=14)
    twenty = rng.normal(0.6, 1, 20), rng.normal(0, 1, 20)
    differences = rng.normal(0.3, 1, 36)
    madrs = rng.integers(5, 40, 60), rng.integers(8, 45, 60)

    print(f"{'':<26}{'arrangements':>22}{'ketbio':>12}{'SciPy':>12}{'ratio':>11}")
    beside_scipy(
        "two groups, 11 v 12",
        lambda: permutation_test(x, y, alternative="two-sided-doubled"),
        lambda: stats.permutation_test((x, y), mean_difference, n_resamples=np.inf, batch=100_000),
    )
    beside_scipy(
        "Pearson, 9 pairs",
        lambda: correlation_permutation_test(u[:9], v[:9], alternative="two-sided-doubled"),
        lambda: stats.permutation_test(
            (u[:9],),
            lambda some: stats.pearsonr(some, v[:9]).statistic,
            permutation_type="pairings",
            n_resamples=np.inf,
            vectorized=False,
        ),
    )
    beside_scipy(
        "Pearson, 9, vectorised",
        lambda: correlation_permutation_test(u[:9], v[:9], alternative="two-sided-doubled"),
        lambda: stats.permutation_test(
            (u[:9],),
            lambda some, axis: (some * (v[:9] - v[:9].mean())).sum(axis=axis),
            permutation_type="pairings",
            n_resamples=np.inf,
            batch=50_000,
        ),
    )
    alone("two groups, 20 v 20", lambda: permutation_test(*twenty), "interval included")
    alone("Pearson, 14 pairs", lambda: correlation_permutation_test(u, v), "interval is Fisher's")
    alone("36 pairs", lambda: paired_permutation_test(differences), "interval included")
    alone("MADRS scores, 60 v 60", lambda: permutation_test(*madrs), "interval included")


if __name__ == "__main__":
    main()
