"""How often longitudinal models reject where the arms do not differ, and how often they cover."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from itertools import product

import numpy as np
from longitudinal_trials import EFFECT, N_VISITS, Rows, Trial, simulate
from statsmodels.regression.mixed_linear_model import MixedLM
from validity_tables import ALPHA, FloatArray, Rate, Table, rate

from ketbio.errors import StatisticsError
from ketbio.statistics.mixed.contrast import contrast_test
from ketbio.statistics.mmrm import MixedModel, fit_mixed_model, fit_random_effects
from ketbio.statistics.trajectory_permutation import trajectory_permutation_test

PER_ARM = (4, 6, 10, 16)
N_SIMULATED = 2_000
N_DRAWS = 999
COUNTED_UP_TO = 6
"""Per arm: all arrangements of the arms are counted up to here, and drawn beyond."""

HELD = 20
"""Data sets per cell whose z is held against statsmodels'."""

Z_AGREES = 0.02
"""By how much z may differ from statsmodels': its optimiser stops earlier."""

SEED = 20261121
METHODS = ("z", "satterthwaite", "kenward_roger", "permutation")
NO_NUMBERS = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """p values of one trial: of the last visit against the truth, and of any visit against none.

    NaN where a method gave none.
    """

    z_last: float = NO_NUMBERS
    z_any: float = NO_NUMBERS
    satterthwaite_last: float = NO_NUMBERS
    satterthwaite_any: float = NO_NUMBERS
    kenward_roger_last: float = NO_NUMBERS
    kenward_roger_any: float = NO_NUMBERS
    permutation_last: float = NO_NUMBERS
    permutation_any: float = NO_NUMBERS
    fell_back: float = 0.0
    z_off: float = NO_NUMBERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One design: its size, and whether participants leave and the arms differ."""

    per_arm: int
    with_leaving: bool
    has_effect: bool
    n_simulated: int

    @property
    def seed(self) -> list[int]:
        """Its own stream."""
        return [SEED, self.per_arm, int(self.with_leaving), int(self.has_effect)]


def run_cell(cell: Cell) -> dict[str, FloatArray]:
    """Return what every trial of a cell gave, one array per field of `Outcome`."""
    rng = np.random.default_rng(cell.seed)
    found = []
    for number in range(cell.n_simulated):
        trial = simulate(
            rng, cell.per_arm, has_effect=cell.has_effect, with_leaving=cell.with_leaving
        )
        truth = EFFECT if cell.has_effect else np.zeros(N_VISITS)
        found.append(one_trial(trial, truth, seed=number, is_held=number < HELD))
    return {
        field.name: np.array([getattr(one, field.name) for one in found])
        for field in fields(Outcome)
    }


def one_trial(trial: Trial, truth: FloatArray, *, seed: int, is_held: bool = False) -> Outcome:
    """Return the p values of one trial, all against the truth."""
    rows = trial.rows
    shifted = trial.changes - np.where(trial.is_first[:, None], truth, 0.0)
    permuted = trajectory_permutation_test(
        shifted,
        trial.is_first,
        trial.baseline,
        exact="auto" if trial.is_first.size <= 2 * COUNTED_UP_TO else False,
        n_resamples=N_DRAWS,
        confidence_level=None,
        seed=seed,
    )
    intercepts = fit_random_effects(
        rows.response, rows.design, np.ones(rows.response.size), participants=rows.participants
    )
    model = _unstructured(rows)
    z_last, z_any = _p_of(intercepts, truth, "normal")
    made = {"z_last": z_last, "z_any": z_any}
    if model is not None:
        for name, df in (
            ("satterthwaite", "satterthwaite"),
            ("kenward_roger", "kenward_roger_linear"),
        ):
            made[f"{name}_last"], made[f"{name}_any"] = _p_of(model, truth, df)
    return Outcome(
        **made,
        permutation_last=permuted.visits[-1].p_value,
        permutation_any=permuted.p_any_visit,
        fell_back=float(model is None or bool(model.tried)),
        z_off=_off_statsmodels(rows, intercepts, truth) if is_held else NO_NUMBERS,
    )


def _unstructured(rows: Rows) -> MixedModel | None:
    try:
        return fit_mixed_model(
            rows.response,
            rows.design,
            participants=rows.participants,
            visits=rows.visits,
            n_visits=N_VISITS,
        )
    except StatisticsError:
        return None


ARM = np.eye(3 * N_VISITS)[N_VISITS : 2 * N_VISITS]
"""Rows that pick the arm at each visit out of the coefficients."""


def _p_of(model: MixedModel, truth: FloatArray, df: str) -> tuple[float, float]:
    last = contrast_test(model, ARM[-1], df=df, null=float(truth[-1])).p_value
    try:
        return last, contrast_test(model, ARM, df=df, null=truth).p_value
    except (StatisticsError, ZeroDivisionError):
        return last, NO_NUMBERS


def _off_statsmodels(rows: Rows, model: MixedModel, truth: FloatArray) -> float:
    """Return by how much z of the last visit differs from statsmodels' MixedLM."""
    mine = contrast_test(model, ARM[-1], df="normal", null=float(truth[-1])).statistic
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = MixedLM(rows.response, rows.design, groups=rows.participants).fit()
        except np.linalg.LinAlgError:
            return NO_NUMBERS
    place = 2 * N_VISITS - 1
    theirs = (found.fe_params[place] - truth[-1]) / found.bse_fe[place]
    return float(abs(mine - theirs))


def cells(n_simulated: int) -> tuple[Cell, ...]:
    """Return every design."""
    return tuple(
        Cell(per_arm=n, with_leaving=leaving, has_effect=effect, n_simulated=n_simulated)
        for n, leaving, effect in product(PER_ARM, (False, True), (False, True))
    )


def simulate_all(
    n_simulated: int, workers: int = 1, told: Callable[[str], None] = print
) -> dict[Cell, dict[str, FloatArray]]:
    """Run every cell; the results do not depend on the number of processes."""
    designs = cells(n_simulated)
    found = {}
    for cell, outcome in zip(designs, _over(designs, workers), strict=True):
        found[cell] = outcome
        told(f"{cell}: {_last_rates(outcome)}")
    return found


def _over(designs: tuple[Cell, ...], workers: int) -> Iterator[dict[str, FloatArray]]:
    if workers == 1:
        yield from map(run_cell, designs)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(run_cell, designs)


def _last_rates(outcome: dict[str, FloatArray]) -> str:
    return ", ".join(f"{name} {_rejects(outcome[f'{name}_last'])}" for name in METHODS)


def _rejects(p: FloatArray) -> Rate | str:
    """Return how often p < .05; a trial without a p value does not reject, – where none has one."""
    return "–" if np.isnan(p).all() else rate(p < ALPHA)


def _covers(p: FloatArray) -> Rate | str:
    return "–" if np.isnan(p).all() else rate(~(p < ALPHA))


HEAD = (
    "per arm",
    "visits missed",
    "z, random intercept",
    "Satterthwaite, unstructured",
    "Kenward–Roger (linear), unstructured",
    "permuted arms",
)


def tables(found: dict[Cell, dict[str, FloatArray]]) -> list[Table]:
    """Return type I error at the last visit and at any visit, and coverage at the last."""
    n = next(iter(found)).n_simulated
    made = [
        Table(
            title="Longitudinal models: type I error at the last visit",
            text=f"Share of {n:,} trials without any difference with p < .05, in % (Monte Carlo "
            "standard error).",
            head=(*HEAD, "fallback structure"),
        ),
        Table(
            title="Longitudinal models: type I error of “a difference at any visit”",
            text="The same trials. The models test all four visits together (chi-squared, F); the "
            "permutation test takes the largest t over the visits. A model without a p value does "
            "not reject; – where none had one.",
            head=HEAD,
        ),
        Table(
            title="Longitudinal models: coverage of the 95 % interval at the last visit",
            text=f"Share of {n:,} trials whose interval holds the true difference of "
            f"{abs(EFFECT[-1]):g} points at the last visit, in % (Monte Carlo standard error).",
            head=HEAD,
        ),
    ]
    for cell, outcome in found.items():
        design = (cell.per_arm, "by the MADRS" if cell.with_leaving else "none")
        last = [outcome[f"{name}_last"] for name in METHODS]
        if cell.has_effect:
            made[2].add(*design, *map(_covers, last))
            continue
        made[0].add(*design, *map(_rejects, last), f"{100 * outcome['fell_back'].mean():.1f}")
        made[1].add(*design, *(_rejects(outcome[f"{name}_any"]) for name in METHODS))
    return made


def held(found: dict[Cell, dict[str, FloatArray]]) -> tuple[int, int]:
    """Return how many z agreed with statsmodels', and how many were held against it."""
    off = np.concatenate([outcome["z_off"] for outcome in found.values()])
    off = off[~np.isnan(off)]
    return int((off <= Z_AGREES).sum()), int(off.size)


def spans(found: dict[Cell, dict[str, FloatArray]]) -> dict[str, str]:
    """Return the numbers that the conclusions tell: from the lowest rate to the highest, in %."""
    told = {}
    for name in METHODS:
        for which in ("last", "any"):
            field = f"{name}_{which}"
            of_null = {
                cell: float((outcome[field] < ALPHA).mean())
                for cell, outcome in found.items()
                if not cell.has_effect and not np.isnan(outcome[field]).all()
            }
            told[field] = _span(of_null.values())
            for n in PER_ARM:
                told[f"{field}_{n}"] = _span(r for cell, r in of_null.items() if cell.per_arm == n)
        told[f"{name}_covers"] = _span(
            1 - float((outcome[f"{name}_last"] < ALPHA).mean())
            for cell, outcome in found.items()
            if cell.has_effect
        )
    for n in PER_ARM:
        told[f"fell_back_{n}"] = _span(
            float(outcome["fell_back"].mean())
            for cell, outcome in found.items()
            if cell.per_arm == n and cell.with_leaving and not cell.has_effect
        )
    return told


def _span(shares: Iterable[float]) -> str:
    known = sorted(f"{100 * share:4.1f}" for share in shares)
    if not known:
        return "–"
    low, high = known[0].strip(), known[-1].strip()
    return low if low == high else f"{low} to {high}"
