"""The design matrix of a longitudinal model, and its rows for arms and visits at the means."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from formulaic import ModelSpec
from formulaic.errors import FormulaicError

from ketbio.analyses.visit_models.formula import ARM, BASELINE, DAY, VISIT, FixedEffects
from ketbio.analyses.visit_models.rows import FloatArray, Trajectories
from ketbio.errors import StatisticsError
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import format_number, join_words, spaced

GRID_AT_MOST = 200_000
"""Rows of a reference grid: beyond, covariates have too many levels together."""

Frame = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Design:
    """The fixed effects of one marker as numbers.

    Attributes
    ----------
    matrix : array of shape (rows with an outcome, p)
        One column per effect; its columns do not follow from each other.
    every : array of shape (all rows, p)
        The same for the rows without an outcome too.
    names : tuple of str
        The effects, length p.
    cells : dict of (arm, visit) to array of shape (p,)
        Effects that make the estimated marginal mean of an arm at a visit.
    grid : str
        Where the marginal means are taken, in words.
    baseline_mean : float
        Mean of the baseline values over the rows modelled.
    """

    matrix: FloatArray
    every: FloatArray
    names: tuple[str, ...]
    cells: dict[tuple[str, str], FloatArray]
    grid: str
    baseline_mean: float


def build_design(rows: Trajectories, effects: FixedEffects) -> Design:
    """Return the design of a marker's rows by its fixed effects.

    Raises
    ------
    StatisticsError
        A term without a number for some row; an effect that follows from the others.
    """
    variables = [name for name in rows.covariates if name in effects.names]
    levels = {name: _levels(rows.table[name]) for name in variables}
    every = _frame(rows.table, rows, levels)
    known = every[rows.is_known].reset_index(drop=True)
    _vary(known, effects, rows)
    matrix, spec = _matrix(known, effects, rows)
    grid = _reference_grid(known, rows, levels)
    at_grid = _again(spec, grid)
    combinations = len(grid) // (len(rows.arms.names) * len(rows.follow_up.visits))
    means = at_grid.reshape(-1, combinations, at_grid.shape[1]).mean(axis=1)
    design = Design(
        matrix=matrix,
        every=_again(spec, every),
        names=tuple(map(str, spec.column_names)),
        cells=dict(zip(product(rows.arms.names, rows.follow_up.visits), means, strict=True)),
        grid=_told(known, effects, levels),
        baseline_mean=float(known[BASELINE].mean()),
    )
    _full_rank(design, rows, effects)
    return design


def _levels(column: "pd.Series[Any]") -> tuple[str, ...]:
    """Return the levels of a text or of true and false; nothing for a number."""
    if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
        return tuple(sorted(set(column.astype("str"))))
    return ()


def _frame(
    table: pd.DataFrame, rows: Trajectories, levels: dict[str, tuple[str, ...]]
) -> pd.DataFrame:
    made: Frame = {
        ARM: pd.Categorical(table["arm"], categories=list(rows.arms.names)),
        VISIT: pd.Categorical(table["visit"], categories=list(rows.follow_up.visits)),
        BASELINE: table["baseline_value"].to_numpy(dtype=float),
    }
    if rows.follow_up.days:
        made[DAY] = table["day"].to_numpy(dtype=float)
    for name, known in levels.items():
        column = table[name]
        made[name] = (
            pd.Categorical(column.astype("str"), categories=list(known))
            if known
            else column.to_numpy(dtype=float)
        )
    return pd.DataFrame(made)


def _vary(known: pd.DataFrame, effects: FixedEffects, rows: Trajectories) -> None:
    """Refuse a variable of the model that is the same in every row."""
    if DAY in effects.names and DAY not in known:
        raise StatisticsError(
            "formula names 'day', and the days of the visits are not known; give them with days=, "
            "visit → day."
        )
    for name in sorted(effects.names & set(known.columns)):
        values = known[name]
        varies = bool((values != values.iloc[0]).any())
        if varies or name not in (BASELINE, *rows.covariates):
            continue
        one = values.iloc[0]
        told = format_number(one) if isinstance(one, float) else repr(str(one))
        what = "the value at baseline" if name == BASELINE else spaced(name)
        how = ", as in formula='arm * visit'" if name == BASELINE else ""
        raise StatisticsError(
            f"{rows.marker}: {what} is {told} in everyone analysed, so that it explains nothing; "
            f"leave it out of the model{how}."
        )


def _matrix(
    known: pd.DataFrame, effects: FixedEffects, rows: Trajectories
) -> tuple[FloatArray, ModelSpec]:
    try:
        with np.errstate(all="ignore"):  # what is not finite is refused below, by name
            found = effects.formula.get_model_matrix(
                known, context={}, output="numpy", na_action="ignore"
            )
    except (FormulaicError, ArithmeticError, LookupError, TypeError, ValueError) as why:
        reason = str(why).split("[", 1)[-1].rstrip("] ").split("\n")[0]
        raise StatisticsError(
            f"formula {effects.text!r} cannot be formed from the rows ({reason}); "
            "correct its terms."
        ) from None
    matrix = np.asarray(found, dtype=np.float64)
    spec = found.model_spec
    wrong = np.argwhere(~np.isfinite(matrix))
    if len(wrong):
        row, column = wrong[0]
        who = rows.modelled[PARTICIPANT_ID].iloc[int(row)]
        raise StatisticsError(
            f"formula {effects.text!r}: {spec.column_names[int(column)]} is no finite number for "
            f"{who}, as the logarithm of what is not above 0; change the term."
        )
    return matrix, spec


def _again(spec: ModelSpec, frame: pd.DataFrame) -> FloatArray:
    """Return the effects of other rows; NaN where a term has no number there."""
    with np.errstate(all="ignore"):
        found = spec.get_model_matrix(frame, context={}, output="numpy", na_action="ignore")
    return np.asarray(found, dtype=np.float64)


def _reference_grid(
    known: pd.DataFrame, rows: Trajectories, levels: dict[str, tuple[str, ...]]
) -> pd.DataFrame:
    """Return every arm × visit × level of the covariates, numbers at their mean."""
    factors = {name: found for name, found in levels.items() if found}
    n = len(rows.arms.names) * len(rows.follow_up.visits)
    for found in factors.values():
        n *= len(found)
    if n > GRID_AT_MOST:
        counts = join_words(f"{name} ({len(found)})" for name, found in factors.items())
        raise StatisticsError(
            f"the levels of {counts} make {n:,} combinations with arms and visits; up to "
            f"{GRID_AT_MOST:,} are allowed. Group levels, or leave a covariate out."
        )
    corners = list(product(rows.arms.names, rows.follow_up.visits, *factors.values()))
    table = pd.DataFrame(corners, columns=["arm", "visit", *factors], dtype="str")
    table["day"] = [rows.follow_up.days.get(visit, float("nan")) for visit in table["visit"]]
    table["baseline_value"] = float(known[BASELINE].mean())
    for name, found in levels.items():
        if not found:
            table[name] = float(known[name].mean())
    return _frame(table, rows, levels)


def _told(known: pd.DataFrame, effects: FixedEffects, levels: dict[str, tuple[str, ...]]) -> str:
    """Say where the marginal means are taken."""
    numbers = [
        f"{spaced(name)} {format_number(float(known[name].mean()))}"
        for name in (BASELINE, *levels)
        if name in effects.names and not levels.get(name)
    ]
    factors = [spaced(name) for name, found in levels.items() if found]
    at = f"at {join_words(numbers)} (mean over the rows)" if numbers else ""
    over = (
        f"averaged with equal weights over the levels of {join_words(factors)}" if factors else ""
    )
    return ", ".join(filter(None, (at, over)))


def _full_rank(design: Design, rows: Trajectories, effects: FixedEffects) -> None:
    """Refuse effects that the rows cannot tell apart, naming the first."""
    n, p = design.matrix.shape
    if n <= p:
        raise StatisticsError(
            f"{rows.marker} has {n} values after baseline, and the model {effects.text} estimates "
            f"{p} effects; more values than effects are wanted. Leave terms or visits out."
        )
    place = _first_dependent(design.matrix)
    if place is None:
        return
    raise StatisticsError(
        f"{rows.marker}: the design is singular: {_effect_words(design.names[place])} follows from "
        f"the other effects of {effects.text} in the rows there are; leave a term out, or a visit "
        "or arm with few values."
    )


def _effect_words(name: str) -> str:
    return repr(name.replace("[T.", " [").replace(":", " × "))


def _first_dependent(matrix: FloatArray) -> int | None:
    """Return the first column that follows from those before it, None where there is none."""
    scale = np.linalg.norm(matrix, axis=0)
    unit = matrix / np.where(scale > 0, scale, 1.0)
    upper = np.abs(np.diag(np.linalg.qr(unit, mode="r")))
    small: Sequence[int] = np.flatnonzero((upper < 1e-9) | (scale == 0)).tolist()
    return small[0] if len(small) else None
