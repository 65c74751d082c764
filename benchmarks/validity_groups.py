"""Two groups: how often tests reject and intervals cover, at the sizes of small trials."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
from validity_group_p import P_VALUES, classical_p, labels, mean_p, rank_p, welch_p
from validity_tables import (
    ALPHA,
    Checks,
    FloatArray,
    Table,
    rate,
    rejections,
)

from ketbio.statistics import permutation_test

SIZES = ((5, 6), (6, 6), (4, 10))
WHOLE = 2
"""So many sizes are simulated in full; the last under normal distributions alone."""

N_SIMULATED = 10_000

Row = TypeVar("Row")
STATISTICS = ("mean_difference", "rank_sum", "welch_t", "brunner_munzel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """A way to draw both groups with the same mean."""

    name: str
    draw: Callable[[np.random.Generator, int, int, int], FloatArray]
    is_exchangeable: bool = True


def normal(ratio: float) -> Callable[[np.random.Generator, int, int, int], FloatArray]:
    def draw(rng: np.random.Generator, rows: int, n: int, m: int) -> FloatArray:
        return rng.normal(size=(rows, n + m)) * np.repeat([1.0, ratio], [n, m])

    return draw


def log_normal(rng: np.random.Generator, rows: int, n: int, m: int) -> FloatArray:
    return rng.lognormal(size=(rows, n + m))


def exponential(rng: np.random.Generator, rows: int, n: int, m: int) -> FloatArray:
    return rng.exponential(size=(rows, n + m))


def skewed_spread(rng: np.random.Generator, rows: int, n: int, m: int) -> FloatArray:
    return (rng.exponential(size=(rows, n + m)) - 1) * np.repeat([1.0, 3.0], [n, m])


def madrs(rng: np.random.Generator, rows: int, n: int, m: int) -> FloatArray:
    return np.rint(rng.normal(20, 2, size=(rows, n + m)))


NULLS = (
    Null(name="normal", draw=normal(1)),
    Null(name="log-normal", draw=log_normal),
    Null(name="exponential", draw=exponential),
    Null(name="tied: MADRS totals, SD 2", draw=madrs),
    Null(name="normal, SD 1 : 3", draw=normal(3), is_exchangeable=False),
    Null(name="normal, SD 3 : 1", draw=normal(1 / 3), is_exchangeable=False),
    Null(name="exponential less 1, SD 1 : 3", draw=skewed_spread, is_exchangeable=False),
)


def type_one_error(rng: np.random.Generator, checks: Checks) -> Table:
    table = Table(
        title="Two groups: type I error",
        text=(
            "Share of data sets with p < .05, in % (Monte Carlo standard error), both groups with "
            "the same mean. *Nominal* where the null is exchangeable: exact tests then keep the "
            "level whatever the distribution, and *attainable* is how often p can fall below .05 "
            "without ties, for the mean difference and for the rank sum; with ties it varies by "
            "data set. *Measured* where it is not."
        ),
        head=(
            "x v y", "null", "exchangeable", "attainable", "mean difference", "rank sum",
            "Welch t, permuted", "Brunner–Munzel, permuted", "Welch t, classical",
        ),
    )  # fmt: skip
    for (n, m), null in cells(NULLS, lambda one: one.name.startswith("normal")):
        sizes = attainable(n, m)
        values = null.draw(rng, N_SIMULATED, n, m)
        found = []
        for statistic, p_of in P_VALUES.items():
            p = p_of(values, n)
            if null.is_exchangeable:
                checks.nominal(f"{n} v {m}, {null.name}, {statistic}", rejections(p))
            found.append(rejections(p))
            checks.hold(
                f"{n} v {m}, {null.name}, {statistic}", p, package_p(values, n, statistic), rng
            )
        found.append(rejections(classical_p(values, n)))
        is_tied = null.draw is madrs
        table.add(
            f"{n} v {m}", null.name, "yes: nominal" if null.is_exchangeable else "no: measured",
            "varies" if is_tied else sizes, *found,
        )  # fmt: skip
    return table


def cells(
    rows: Sequence[Row], also: Callable[[Row], bool]
) -> Iterator[tuple[tuple[int, int], Row]]:
    """Every row at the first sizes, and some of them at the last."""
    for place, size in enumerate(SIZES):
        yield from ((size, row) for row in rows if place < WHOLE or also(row))


@cache
def attainable(n: int, m: int) -> str:
    """The true size of the exact tests without ties, as fractions."""
    values = np.random.default_rng(1).normal(size=n + m)
    total = len(labels(n, m))
    tests = (permutation_test(values[:n], values[n:], statistic=one) for one in STATISTICS[:2])
    return ", ".join(
        f"{round(one.true_size * total)}/{total} = {100 * one.true_size:.2f}" for one in tests
    )


def package_p(values: FloatArray, n: int, statistic: str) -> Callable[[int], float]:
    def p_of(i: int) -> float:
        return permutation_test(
            values[i, :n], values[i, n:], statistic=statistic, confidence_level=None
        ).p_value

    return p_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A null with x moved up by a true difference of means."""

    null: Null
    shift: float

    @property
    def name(self) -> str:
        return f"{self.null.name}; difference {self.shift:g}"


EFFECTS = (
    Effect(null=NULLS[0], shift=2.0),
    Effect(null=NULLS[1], shift=2.0),
    Effect(null=NULLS[3], shift=4.0),
    Effect(null=NULLS[4], shift=2.0),
    Effect(null=NULLS[5], shift=2.0),
    Effect(null=NULLS[6], shift=2.0),
)


def coverage(rng: np.random.Generator, checks: Checks) -> Table:
    table = Table(
        title="Two groups: coverage of 95 % intervals",
        text=(
            "Share of intervals that hold the true difference of means, in % (Monte Carlo "
            "standard error). Where the groups differ by a shift alone the inverted exact test "
            "covers at least 95 % for certain (nominal); with unequal spreads nothing is "
            "guaranteed (measured). The rank sum's interval is of the Hodges–Lehmann shift, which "
            "is the difference of means only where the groups differ by a shift or are symmetric; "
            "it is left out where there are ties, which its interval takes as broken."
        ),
        head=(
            "x v y", "data", "a shift alone", "mean difference, inverted", "rank sum, inverted",
            "Welch t, studentised permutation", "Welch t, classical",
        ),
    )  # fmt: skip
    for (n, m), effect in cells(EFFECTS, lambda one: one.name.startswith("normal, SD")):
        centred = effect.null.draw(rng, N_SIMULATED, n, m)
        values = centred + effect.shift * (np.arange(n + m) < n)
        inverted = mean_p(centred, n) >= ALPHA
        studentised = welch_p(values, n, effect.shift) >= ALPHA
        what = f"{n} v {m}, {effect.name}"
        for statistic, held in (("mean_difference", inverted), ("welch_t", studentised)):
            checks.hold(what, held, package_covers(values, n, statistic, effect.shift), rng)
        ranked = "–"
        if effect.null.draw is not madrs:
            by_ranks = rank_p(centred, n) >= ALPHA
            checks.hold(what, by_ranks, package_covers(values, n, "rank_sum", effect.shift), rng)
            ranked = str(rate(by_ranks))
        table.add(
            f"{n} v {m}", effect.name,
            "yes: nominal" if effect.null.is_exchangeable else "no: measured",
            rate(inverted), ranked, rate(studentised),
            rate(classical_p(centred, n) >= ALPHA),
        )  # fmt: skip
    return table


def package_covers(
    values: FloatArray, n: int, statistic: str, shift: float
) -> Callable[[int], float]:
    def covers(i: int) -> float:
        found = permutation_test(values[i, :n], values[i, n:], statistic=statistic)
        # A limit that is the shift itself, on whole numbers, may be a rounding away from it.
        return float(found.ci_low - 1e-9 <= shift <= found.ci_high + 1e-9)

    return covers
