"""How time and memory grow with N, and where each method hands over to the next.

Growth is fitted to measured seconds and bytes: a factor per participant where cost is exponential,
a power of N where it is not. The handovers come from the cost model (`subset_costs`,
`pairing_costs`), which no machine changes.
"""

import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np
from measuring import timed

from ketbio.statistics import (
    correlation_permutation_test,
    paired_permutation_test,
    permutation_test,
)
from ketbio.statistics.counting.budgets import AUTO, FORCED, Budget
from ketbio.statistics.counting.questions import Question, ask
from ketbio.statistics.counting.subset_plan import plan_subsets
from ketbio.statistics.counting.subset_sums import SubsetDesign
from ketbio.statistics.pairings.pairing_costs import LISTED_PAIRS, halving_cost, is_within
from ketbio.statistics.signs.pairs import sign_design
from ketbio.statistics.two_groups.groups import two_groups
from ketbio.statistics.two_groups.mean_difference import mean_design

rng = np.random.default_rng(20260101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One method at several sizes; ``is_exponential`` says which law is fitted."""

    name: str
    sizes: tuple[int, ...]
    call: Callable[[int], Any]
    is_exponential: bool


def real_groups(n: int, **options: Any) -> Any:
    return permutation_test(rng.normal(0.4, 1, n), rng.normal(0, 1, n), **options)


def madrs_groups(n: int, **options: Any) -> Any:
    return permutation_test(rng.integers(5, 61, n), rng.integers(0, 56, n), **options)


def pairings(n: int) -> Any:
    x = rng.normal(size=n)
    return correlation_permutation_test(x, 0.3 * x + rng.normal(size=n))


SERIES = (
    Series(
        name="enumeration, n v n",
        sizes=(6, 7, 8, 9, 10),
        call=lambda n: real_groups(n, confidence_level=None),
        is_exponential=True,
    ),
    Series(
        name="meet in the middle, n v n, p only",
        sizes=(15, 16, 17, 18, 19, 20, 21, 22),
        call=lambda n: real_groups(n, confidence_level=None),
        is_exponential=True,
    ),
    Series(
        name="meet in the middle, n v n, interval",
        sizes=(15, 16, 17, 18, 19, 20),
        call=real_groups,
        is_exponential=True,
    ),
    Series(
        name="meet in the middle, n pairs, p only",
        sizes=(30, 32, 34, 36, 38, 40),
        call=lambda n: paired_permutation_test(rng.normal(size=n), confidence_level=None),
        is_exponential=True,
    ),
    Series(
        name="shift algorithm, n v n MADRS, p only",
        sizes=(50, 75, 100, 150, 200),
        call=lambda n: madrs_groups(n, confidence_level=None),
        is_exponential=False,
    ),
    Series(
        name="Pearson, n pairs",
        sizes=(9, 10, 11, 12, 13, 14),
        call=pairings,
        is_exponential=True,
    ),
    Series(
        name="Monte Carlo, n v n, 9,999 draws",
        sizes=(50, 100, 200, 400),
        call=lambda n: real_groups(n, exact=False, seed=1),
        is_exponential=False,
    ),
)


def peak_bytes(call: Callable[[], Any]) -> int:
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def law(series: Series, amounts: list[float]) -> str:
    sizes = np.array(series.sizes, dtype=float)
    if series.is_exponential:
        slope = np.polyfit(sizes, np.log2(amounts), 1)[0]
        return f"× {2**slope:.2f} per step of n"
    slope = np.polyfit(np.log2(sizes), np.log2(amounts), 1)[0]
    return f"∝ n^{slope:.2f}"


def print_growth() -> None:
    print(f"\nHow cost grows\n{'':<40}{'n':>10}{'time':>24}{'memory':>24}")
    for series in SERIES:
        seconds, peaks = [], []
        for n in series.sizes:
            call = partial(series.call, n)
            seconds.append(timed(call).seconds)
            peaks.append(float(peak_bytes(call)))
        span = f"{series.sizes[0]}–{series.sizes[-1]}"
        times, bytes_ = law(series, seconds), law(series, peaks)
        print(f"{series.name:<40}{span:>10}{times:>24}{bytes_:>24}", flush=True)


def question(budget: Budget) -> Question:
    return ask(
        alternative="two-sided",
        exact="auto",
        n_resamples=99,
        confidence_level=0.95,
        seed=1,
        budget=budget,
    )


def real_design(n: int) -> SubsetDesign:
    return mean_design(two_groups(rng.normal(size=n), rng.normal(size=n)))


def madrs_design(n: int) -> SubsetDesign:
    return mean_design(two_groups(rng.integers(0, 61, n), rng.integers(0, 61, n)))


def sign_values(n: int) -> SubsetDesign:
    return sign_design(rng.normal(size=n), tolerance=1e-10)


BUDGETS = {"auto": AUTO, "True": FORCED}

DESIGNS: tuple[tuple[str, Callable[[int], SubsetDesign], tuple[int, ...]], ...] = (
    ("n v n, real values", real_design, tuple(range(2, 33))),
    ("n v n, MADRS totals", madrs_design, (*range(2, 20), *range(20, 520, 20))),
    ("n pairs, real values", sign_values, tuple(range(2, 62))),
)


def methods(
    make: Callable[[int], SubsetDesign], sizes: tuple[int, ...], budget: Budget, *, shifts: bool
) -> str:
    asked = question(budget)
    chosen = [(plan_subsets(make(n), asked, with_shifts=shifts).algorithm, n) for n in sizes]
    parts = []
    for name, group in groupby(chosen, key=lambda pair: pair[0]):
        numbers = [n for _, n in group]
        to = " on" if numbers[-1] == sizes[-1] else f"–{numbers[-1]}"
        parts.append(f"{name} {numbers[0]}{to}")
    return ", ".join(parts)


def print_handovers() -> None:
    print("\nWhere each method hands over to the next (n), by the cost model")
    for name, make, sizes in DESIGNS:
        for word, budget in BUDGETS.items():
            for shifts, what in ((False, "p only"), (True, "interval")):
                found = methods(make, sizes, budget, shifts=shifts)
                print(f"{name:<24}exact={word:<6}{what:<10}{found}", flush=True)
    for word, budget in BUDGETS.items():
        most = max(n for n in range(3, 30) if is_within(halving_cost(n), budget))
        print(
            f"{'Pearson, n pairs':<24}exact={word:<6}{'':<10}enumeration 3–{LISTED_PAIRS}, meet in "
            f"the middle {LISTED_PAIRS + 1}–{most}, Monte Carlo {most + 1} on"
        )
