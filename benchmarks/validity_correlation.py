"""Eight pairs of changes: how often correlation tests reject, and what Fisher's interval covers."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import permutations

import numpy as np
from scipy import stats
from validity_tables import Checks, FloatArray, Table, rate, rejections

from ketbio.statistics import correlation_permutation_test, pearson

N = 8
N_SIMULATED = 10_000
BATCH = 100
NEAR = 1e-10

Pairs = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """A way to draw pairs without correlation."""

    name: str
    draw: Callable[[np.random.Generator], Pairs]
    is_independent: bool = True


def normal(rng: np.random.Generator) -> Pairs:
    return rng.normal(size=(N_SIMULATED, N)), rng.normal(size=(N_SIMULATED, N))


def log_normal(rng: np.random.Generator) -> Pairs:
    return rng.lognormal(size=(N_SIMULATED, N)), rng.lognormal(size=(N_SIMULATED, N))


def madrs(rng: np.random.Generator) -> Pairs:
    x, y = (np.rint(rng.normal(0, 2, size=(N_SIMULATED, N))) for _ in range(2))
    for one in (x, y):  # a constant has no correlation: it is drawn anew, apart by one
        one[np.ptp(one, axis=1) == 0, 0] += 1
    return x, y


def spread_grows(rng: np.random.Generator) -> Pairs:
    x = rng.normal(size=(N_SIMULATED, N))
    return x, x * rng.normal(size=(N_SIMULATED, N))


NULLS = (
    Null(name="normal", draw=normal),
    Null(name="log-normal", draw=log_normal),
    Null(name="tied: MADRS changes, SD 2", draw=madrs),
    Null(name="spread of y grows with abs(x)", draw=spread_grows, is_independent=False),
)


@cache
def pairings() -> FloatArray:
    """Every pairing as the 64 products it adds up, of shape (64, 8!); the first is as observed."""
    orders = np.array(list(permutations(range(N))))
    chosen = np.zeros((len(orders), N, N), dtype=np.float32)
    chosen[np.arange(len(orders))[:, None], np.arange(N), orders] = 1
    return np.ascontiguousarray(chosen.reshape(len(orders), -1).T)


def pearson_p(x: FloatArray, y: FloatArray) -> FloatArray:
    """Exact two-sided p over all pairings, of shape (rows,).

    Single precision tells sums apart but for near ties; those rows are done again in double.
    """
    found = np.empty(x.shape[0])
    for start in range(0, x.shape[0], BATCH):
        some = slice(start, start + BATCH)
        centred = [one[some] - one[some].mean(axis=1, keepdims=True) for one in (x, y)]
        size = np.prod([np.linalg.norm(one, axis=1, keepdims=True) for one in centred], axis=0)
        products = (centred[0][:, :, None] * centred[1][:, None, :]).reshape(-1, N * N) / size
        far = np.abs(products.astype(np.float32) @ pairings())
        own = np.abs(np.trace(products.reshape(-1, N, N), axis1=1, axis2=2))
        found[some] = _share(far, own, products)
    return found


def _share(far: FloatArray, own: FloatArray, products: FloatArray) -> FloatArray:
    low, high = (
        (far >= (own + side).astype(np.float32)[:, None]).mean(axis=1) for side in (1e-6, -1e-6)
    )
    for row in np.flatnonzero(low != high):
        near = np.flatnonzero(np.abs(far[row] - own[row]) <= 2e-6)
        exact = np.abs(products[row] @ pairings()[:, near].astype(float)) >= own[row] - NEAR
        sure = (far[row] > own[row] + 2e-6).sum()
        low[row] = (sure + exact.sum()) / far.shape[1]
    return np.asarray(low)


def spearman_p(x: FloatArray, y: FloatArray) -> FloatArray:
    ranks = [stats.rankdata(one, axis=1) for one in (x, y)]
    if all((np.sort(one, axis=1) == np.arange(1, N + 1)).all() for one in ranks):
        return _untied_spearman_p(*ranks)
    return pearson_p(*ranks)


def _untied_spearman_p(x: FloatArray, y: FloatArray) -> FloatArray:
    """p by look-up: without ties one distribution serves all."""
    centred = np.arange(N) - (N - 1) / 2
    every = np.sort(np.abs(np.outer(centred, centred).ravel() @ pairings().astype(float)))
    own = np.abs(((x - (N + 1) / 2) * (y - (N + 1) / 2)).sum(axis=1))
    return 1 - np.searchsorted(every, own - NEAR) / every.size


P_VALUES = {"pearson": pearson_p, "spearman": spearman_p}


def type_one_error(rng: np.random.Generator, checks: Checks) -> Table:
    table = Table(
        title="Correlation: type I error at eight pairs",
        text=(
            "Share of data sets with p < .05, in % (Monte Carlo standard error), without "
            "correlation. *Nominal* where x and y are independent; where the spread of y depends "
            "on x they are uncorrelated and yet not independent (*measured*)."
        ),
        head=(
            "x and y", "independent", "attainable", "Pearson, permuted", "Spearman, permuted",
            "Pearson, classical t",
        ),
    )  # fmt: skip
    for null in NULLS:
        x, y = null.draw(rng)
        found = []
        for statistic, p_of in P_VALUES.items():
            p = p_of(x, y)
            what = f"correlation, {null.name}, {statistic}"
            found.append(rejections(p))
            checks.hold(what, p, package_p(x, y, statistic), rng)
            if null.is_independent:
                checks.nominal(what, found[-1])
        table.add(
            null.name, "yes: nominal" if null.is_independent else "no: measured",
            "varies" if null.draw is madrs else attainable(), *found,
            rejections(np.asarray(stats.pearsonr(x, y, axis=1).pvalue)),
        )  # fmt: skip
    return table


@cache
def attainable() -> str:
    """The true sizes without ties, from p of every pairing."""
    x, y = np.random.default_rng(1).normal(size=(2, N))
    centred = [(x - x.mean(), y - y.mean()), (np.arange(N) - 3.5, np.arange(N) - 3.5)]
    sizes = []
    for a, b in centred:
        every = np.sort(np.abs(np.outer(a, b).ravel() @ pairings().astype(float)))
        p = 1 - np.searchsorted(every, every - NEAR) / every.size
        sizes.append(f"{100 * (p < 0.05).mean():.2f}")
    return ", ".join(sizes)


def package_p(x: FloatArray, y: FloatArray, statistic: str) -> Callable[[int], float]:
    def p_of(i: int) -> float:
        return correlation_permutation_test(
            x[i], y[i], statistic=statistic, confidence_level=None
        ).p_value

    return p_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Pairs with a known correlation."""

    name: str
    n: int
    rho: float
    is_log_normal: bool = False

    @property
    def correlation(self) -> float:
        """The true Pearson correlation."""
        if not self.is_log_normal:
            return self.rho
        return float(np.expm1(self.rho) / np.expm1(1))

    def draw(self, rng: np.random.Generator) -> Pairs:
        x, e = rng.normal(size=(2, N_SIMULATED, self.n))
        y = self.rho * x + np.sqrt(1 - self.rho**2) * e
        return (np.exp(x), np.exp(y)) if self.is_log_normal else (x, y)


RELATED = tuple(
    Related(name=name, n=n, rho=rho, is_log_normal=skewed)
    for n in (8, 12)
    for name, rho, skewed in (
        ("normal, ρ = 0", 0.0, False),
        ("normal, ρ = .6", 0.6, False),
        ("log-normal, ρ = 0", 0.0, True),
        ("log-normal, ρ = .48", 0.6, True),
    )
)


def coverage(rng: np.random.Generator, checks: Checks) -> Table:
    table = Table(
        title="Correlation: coverage of Fisher's 95 % interval",
        text=(
            "Share of intervals of Pearson's r that hold the true correlation, in % (Monte Carlo "
            "standard error). Fisher's z takes both to be normal; nothing else is guaranteed."
        ),
        head=("pairs", "x and y", "Fisher z"),
    )
    for one in RELATED:
        x, y = one.draw(rng)
        a, b = (values - values.mean(axis=1, keepdims=True) for values in (x, y))
        r = (a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
        half = stats.norm.ppf(0.975) / np.sqrt(one.n - 3)
        held = np.abs(np.arctanh(r) - np.arctanh(one.correlation)) <= half
        checks.hold(f"{one.n} pairs, {one.name}", held, package_covers(x, y, one), rng)
        table.add(one.n, one.name, rate(held))
    return table


def package_covers(x: FloatArray, y: FloatArray, one: Related) -> Callable[[int], float]:
    def covers(i: int) -> float:
        found = pearson(x[i], y[i])
        return float(found.ci_low <= one.correlation <= found.ci_high)

    return covers
