"""Pairs: how often paired tests reject and intervals cover, at six and eight pairs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
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

from ketbio.statistics import paired_permutation_test

SIZES = (6, 8)
N_SIMULATED = 10_000
NEAR = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """A way to draw differences with mean zero."""

    name: str
    draw: Callable[[np.random.Generator, tuple[int, int]], FloatArray]
    is_symmetric: bool = True


def normal(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    return rng.normal(size=shape)


def heavy_tails(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    return rng.standard_t(3, size=shape)


def unequal(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    return rng.normal(size=shape) * np.where(np.arange(shape[1]) % 2 == 0, 1.0, 3.0)


def madrs(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    return np.rint(rng.normal(0, 2, size=shape))


def exponential(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    return rng.exponential(size=shape) - 1


def log_normal(rng: np.random.Generator, shape: tuple[int, int]) -> FloatArray:
    return rng.lognormal(size=shape) - np.exp(0.5)


NULLS = (
    Differences(name="normal", draw=normal),
    Differences(name="t with 3 df", draw=heavy_tails),
    Differences(name="normal, SD 1 and 3 in turn", draw=unequal),
    Differences(name="tied: MADRS changes, SD 2", draw=madrs),
    Differences(name="exponential less its mean", draw=exponential, is_symmetric=False),
    Differences(name="log-normal less its mean", draw=log_normal, is_symmetric=False),
)


@cache
def signs(n: int) -> FloatArray:
    """Every way to give signs, one per row; the first leaves them as they are."""
    return np.array(list(product((1.0, -1.0), repeat=n)))


def mean_p(differences: FloatArray) -> FloatArray:
    """Exact two-sided p of the mean of differences, of shape (rows,)."""

    def some(rows: FloatArray) -> FloatArray:
        far = np.abs(rows @ signs(rows.shape[1]).T)
        return share_as_far(far, far[:, 0], NEAR * np.abs(rows).sum(axis=1))

    return in_chunks(some, differences)


def signed_rank_p(differences: FloatArray) -> FloatArray:
    """p of the signed ranks, zeros dropped before ranking."""
    ranks = stats.rankdata(np.abs(differences), axis=1)
    ranks -= (differences == 0).sum(axis=1, keepdims=True)
    return mean_p(ranks * np.sign(differences))


P_VALUES = {"mean": mean_p, "signed_rank": signed_rank_p}


def t_p(differences: FloatArray) -> FloatArray:
    spread = differences.std(axis=1, ddof=1)
    n = differences.shape[1]
    t = differences.mean(axis=1) / np.where(spread == 0, np.inf, spread / np.sqrt(n))
    return np.asarray(2 * stats.t.sf(np.abs(t), n - 1))


def type_one_error(rng: np.random.Generator, checks: Checks) -> Table:
    table = Table(
        title="Pairs: type I error",
        text=(
            "Share of data sets with p < .05, in % (Monte Carlo standard error), differences with "
            "mean zero. *Nominal* where they are symmetric about zero, each about its own spread; "
            "*measured* where they are not."
        ),
        head=(
            "pairs", "differences", "symmetric", "attainable", "mean", "signed rank",
            "t, classical",
        ),
    )  # fmt: skip
    for n in SIZES:
        sizes = attainable(n)
        for null in NULLS:
            values = null.draw(rng, (N_SIMULATED, n))
            found = []
            for statistic, p_of in P_VALUES.items():
                p = p_of(values)
                what = f"{n} pairs, {null.name}, {statistic}"
                found.append(rejections(p))
                checks.hold(what, p, package_p(values, statistic), rng)
                if null.is_symmetric:
                    checks.nominal(what, found[-1])
            table.add(
                n, null.name, "yes: nominal" if null.is_symmetric else "no: measured",
                "varies" if null.draw is madrs else sizes, *found, rejections(t_p(values)),
            )  # fmt: skip
    return table


def attainable(n: int) -> str:
    values = np.random.default_rng(1).normal(size=n)
    tests = (paired_permutation_test(values, statistic=one) for one in P_VALUES)
    return ", ".join(
        f"{round(one.true_size * 2**n)}/{2**n} = {100 * one.true_size:.2f}" for one in tests
    )


def package_p(values: FloatArray, statistic: str) -> Callable[[int], float]:
    def p_of(i: int) -> float:
        return paired_permutation_test(
            values[i], statistic=statistic, confidence_level=None
        ).p_value

    return p_of


def coverage(rng: np.random.Generator, checks: Checks) -> Table:
    table = Table(
        title="Pairs: coverage of 95 % intervals",
        text=(
            "Share of intervals that hold the true mean change (here 2), in % (Monte Carlo "
            "standard error). Guaranteed (nominal) where the differences are symmetric about it; "
            "the signed rank's interval, of the centre of symmetry, is left out elsewhere and "
            "where there are ties, which it takes as broken."
        ),
        head=(
            "pairs", "differences", "symmetric", "mean, inverted", "signed rank, inverted",
            "t, classical",
        ),
    )  # fmt: skip
    for n in SIZES:
        for null in NULLS:
            centred = null.draw(rng, (N_SIMULATED, n))
            held = mean_p(centred) >= ALPHA
            what = f"{n} pairs, coverage, {null.name}"
            checks.hold(what, held, package_covers(centred + 2, "mean"), rng)
            ranked = "–"
            if null.is_symmetric and null.draw is not madrs:
                by_ranks = signed_rank_p(centred) >= ALPHA
                checks.hold(what, by_ranks, package_covers(centred + 2, "signed_rank"), rng)
                ranked = str(rate(by_ranks))
            table.add(
                n, null.name, "yes: nominal" if null.is_symmetric else "no: measured", rate(held),
                ranked, rate(t_p(centred) >= ALPHA),
            )  # fmt: skip
    return table


def package_covers(values: FloatArray, statistic: str) -> Callable[[int], float]:
    def covers(i: int) -> float:
        found = paired_permutation_test(values[i], statistic=statistic)
        return float(found.ci_low - 1e-9 <= 2 <= found.ci_high + 1e-9)

    return covers
