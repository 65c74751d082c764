"""Freedman–Lane at 6 v 6 with one covariate: how often it rejects groups that do not differ."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats
from validity_tables import Checks, FloatArray, Table, rejections

from ketbio.statistics import adjusted_permutation_test
from ketbio.statistics.covariates.residual_permutations import drawn_permutations

N = 12
GROUP = np.repeat([1.0, 0.0], N // 2)
N_SIMULATED = 10_000
N_DRAWS = 999
BATCH = 50
"""Data sets that share one set of draws; the next ones have their own."""

NEAR = 1e-9
SLOPE = 0.7

Draw = Callable[[np.random.Generator], FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """Errors about a line in the covariate, the same in both groups."""

    name: str
    errors: Draw
    imbalance: float = 0.0
    is_tied: bool = False


def normal(rng: np.random.Generator) -> FloatArray:
    return rng.normal(size=(N_SIMULATED, N))


def log_normal(rng: np.random.Generator) -> FloatArray:
    return rng.lognormal(size=(N_SIMULATED, N))


def unequal(rng: np.random.Generator) -> FloatArray:
    return rng.normal(size=(N_SIMULATED, N)) * np.where(GROUP == 1, 1.0, 3.0)


NULLS = (
    Null(name="normal", errors=normal),
    Null(name="normal, baselines 1.5 SD apart", errors=normal, imbalance=1.5),
    Null(name="log-normal", errors=log_normal),
    Null(name="log-normal, baselines 1.5 SD apart", errors=log_normal, imbalance=1.5),
    Null(name="tied: MADRS totals, SD 2", errors=normal, is_tied=True),
    Null(name="normal, SD 1 : 3", errors=unequal),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduced:
    """What the covariate leaves: residuals of y and of the group, and its own direction."""

    y: FloatArray
    group: FloatArray
    along: FloatArray


def reduced(y: FloatArray, covariate: FloatArray) -> Reduced:
    centred = covariate - covariate.mean(axis=1, keepdims=True)
    along = centred / np.linalg.norm(centred, axis=1, keepdims=True)

    def left(values: FloatArray) -> FloatArray:
        values = values - values.mean(axis=1, keepdims=True)
        return values - (values * along).sum(axis=1, keepdims=True) * along

    return Reduced(y=left(y), group=left(np.tile(GROUP, (y.shape[0], 1))), along=along)


def scores(residuals: FloatArray, data: Reduced) -> FloatArray:
    """Arsinh of abs(t)/√df after each permutation, of shape (data sets, permutations)."""
    size = np.linalg.norm(data.group, axis=1, keepdims=True)
    unit = np.stack([data.group / size, data.along], axis=2)
    numerator, along = np.moveaxis(residuals @ unit, 2, 0)
    rest = (residuals**2).sum(axis=2) - along**2 - numerator**2
    return np.asarray(np.arcsinh(np.abs(numerator) / np.sqrt(np.maximum(rest, 1e-24))))


def freedman_lane_p(y: FloatArray, covariate: FloatArray) -> FloatArray:
    """p over 999 draws, (b + 1)/(m + 1), of shape (rows,); batch i is drawn with seed i."""
    found = np.empty(y.shape[0])
    for number, start in enumerate(range(0, y.shape[0], BATCH)):
        some = slice(start, start + BATCH)
        data = reduced(y[some], covariate[some])
        block = np.zeros(N, dtype=np.intp)
        rows = np.concatenate(list(drawn_permutations(block, number, N_DRAWS)))
        own = scores(data.y[:, None, :], data)
        drawn = scores(data.y[:, rows], data)
        found[some] = ((drawn >= own - NEAR).sum(axis=1) + 1) / (N_DRAWS + 1)
    return found


def ancova_p(y: FloatArray, covariate: FloatArray) -> FloatArray:
    data = reduced(y, covariate)
    t = np.sinh(scores(data.y[:, None, :], data)[:, 0]) * np.sqrt(N - 3)
    return np.asarray(2 * stats.t.sf(t, N - 3))


def unadjusted_p(y: FloatArray) -> FloatArray:
    """p of Student's t test without the covariate."""
    x, other = y[:, GROUP == 1], y[:, GROUP == 0]
    error = np.sqrt((x.var(axis=1, ddof=1) + other.var(axis=1, ddof=1)) / (N / 2))
    t = (x.mean(axis=1) - other.mean(axis=1)) / np.where(error == 0, np.inf, error)
    return np.asarray(2 * stats.t.sf(np.abs(t), N - 2))


def type_one_error(rng: np.random.Generator, checks: Checks) -> Table:
    table = Table(
        title="Freedman–Lane: type I error at 6 v 6 with one covariate",
        text=(
            "Share of data sets with p < .05, in % (Monte Carlo standard error); outcome = "
            f"{SLOPE} × baseline + error, no difference between the groups, {N_DRAWS} draws per "
            "data set. Residuals are not exchangeable, so that every row is measured and none "
            f"nominal; {N_DRAWS} draws would make it 4.90 if they were."
        ),
        head=("errors", "Freedman–Lane", "ANCOVA, classical t", "mean difference, unadjusted t"),
    )
    for null in NULLS:
        covariate = rng.normal(size=(N_SIMULATED, N)) + null.imbalance * GROUP
        y = SLOPE * covariate + null.errors(rng)
        if null.is_tied:
            covariate, y = np.rint(28 + 2 * covariate), np.rint(20 + 2 * y)
        p = freedman_lane_p(y, covariate)
        checks.hold(f"Freedman–Lane, {null.name}", p, package_p(y, covariate), rng)
        table.add(
            null.name,
            rejections(p),
            rejections(ancova_p(y, covariate)),
            rejections(unadjusted_p(y)),
        )
    return table


def package_p(y: FloatArray, covariate: FloatArray) -> Callable[[int], float]:
    def p_of(i: int) -> float:
        return adjusted_permutation_test(
            y[i], GROUP, covariate[i], exact=False, n_resamples=N_DRAWS, seed=i // BATCH,
            confidence_level=None,
        ).p_value  # fmt: skip

    return p_of
