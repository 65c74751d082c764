"""Two groups: how often tests reject and intervals cover, at the sizes of small trials."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from validity_tables import (
    ALPHA,
    Checks,
    FloatArray,
    Table,
    in_chunks,
    rate,
    rejections,
    share_as_far,
)

from ketbio.statistics import permutation_test

SIZES = ((5, 6), (6, 6), (4, 10))
WHOLE = 2
"""So many sizes are simulated in full; the last under normal distributions alone."""

N_SIMULATED = 10_000
NEAR = 1e-10

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


@cache
def labels(n: int, m: int) -> FloatArray:
    """Every way to choose x, one per row; the first is the observed one."""
    rows = list(combinations(range(n + m), n))
    dealt = np.zeros((len(rows), n + m))
    dealt[np.arange(len(rows))[:, None], rows] = 1
    return dealt


def mean_p(values: FloatArray, n: int) -> FloatArray:
    """Exact two-sided p of the mean difference, of shape (rows,)."""

    def some(rows: FloatArray) -> FloatArray:
        total = rows.shape[1]
        far = np.abs(rows @ labels(n, total - n).T - rows.sum(axis=1, keepdims=True) * n / total)
        return share_as_far(far, far[:, 0], NEAR * np.abs(rows).sum(axis=1))

    return in_chunks(some, values)


def rank_p(values: FloatArray, n: int) -> FloatArray:
    return mean_p(stats.rankdata(values, axis=1), n)


def welch_parts(values: FloatArray, n: int) -> tuple[FloatArray, FloatArray]:
    """Mean difference and its squared standard error of every arrangement."""
    m = values.shape[1] - n
    centred = values - np.rint(values.mean(axis=1, keepdims=True))
    dealt = labels(n, m).T
    x, xx = centred @ dealt, centred**2 @ dealt
    y = centred.sum(axis=1, keepdims=True) - x
    yy = (centred**2).sum(axis=1, keepdims=True) - xx
    small = 1e-13 * (centred**2).sum(axis=1, keepdims=True)
    within = [
        np.where(squares < small, 0.0, squares) / (k * (k - 1))
        for squares, k in ((xx - x**2 / n, n), (yy - y**2 / m, m))
    ]
    return x / n - y / m, within[0] + within[1]


def place(difference: FloatArray, variance: FloatArray) -> FloatArray:
    """Arsinh of abs(t), so that ties are told alike where t is large."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(difference) / np.sqrt(variance)
    return np.arcsinh(np.where(np.abs(difference) < 1e-12, 0.0, np.minimum(t, 1e200)))


def welch_p(values: FloatArray, n: int, shift: float = 0.0) -> FloatArray:
    """p of (t − shift/SE) over the arrangements of the values as they are."""

    def some(rows: FloatArray) -> FloatArray:
        difference, variance = welch_parts(rows, n)
        own = place(difference[:, 0] - shift, variance[:, 0])
        return share_as_far(place(difference, variance), own, np.full(rows.shape[0], NEAR))

    return in_chunks(some, values)


@cache
def brunner_munzel_table(ascending: tuple[int, ...], n: int) -> FloatArray:
    """p of every arrangement of these sorted values, by the definition of the statistic."""
    values = np.array(ascending)
    m = values.size - n
    dealt = labels(n, m)
    above = (np.sign(np.subtract.outer(values, values)) + 1) / 2
    of_x = np.where(dealt == 1, (1 - dealt) @ above.T, np.nan) / m
    of_y = np.where(dealt == 0, dealt @ above.T, np.nan) / n
    variance = np.nanvar(of_x, axis=1, ddof=1) / n + np.nanvar(of_y, axis=1, ddof=1) / m
    difference = np.nanmean(of_x, axis=1) - 0.5
    far = place(difference, np.where(variance < 1e-14, 0.0, variance))
    return np.array([(far >= own - NEAR).mean() for own in far])


def brunner_munzel_p(values: FloatArray, n: int) -> FloatArray:
    """p by look-up: it depends on the order and the ties alone."""
    size = values.shape[1]
    order = np.argsort(values, axis=1, kind="stable")
    ties = stats.rankdata(np.take_along_axis(values, order, axis=1), method="dense", axis=1)
    bits = 1 << np.arange(size)
    number_of = np.zeros(1 << size, dtype=np.intp)
    number_of[(labels(n, size - n) @ bits).astype(np.intp)] = np.arange(len(labels(n, size - n)))
    found: NDArray[np.intp] = number_of[((order < n) @ bits).astype(np.intp)]
    patterns = map(tuple, ties.astype(int).tolist())
    return np.array(
        [brunner_munzel_table(one, n)[k] for one, k in zip(patterns, found, strict=True)]
    )


def classical_p(values: FloatArray, n: int) -> FloatArray:
    """p of Welch's t test by the t distribution; 1 where there is no variance at all."""
    with warnings.catch_warnings():
        # SciPy warns of groups without variance, which tied totals can be.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = stats.ttest_ind(values[:, :n], values[:, n:], axis=1, equal_var=False)
    return np.nan_to_num(found.pvalue, nan=1.0)


P_VALUES = {
    "mean_difference": mean_p,
    "rank_sum": rank_p,
    "welch_t": welch_p,
    "brunner_munzel": brunner_munzel_p,
}


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
