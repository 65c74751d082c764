"""What is asked of a model of repeated values: changes, differences between arms, slopes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ketbio.analyses.repeated.model import BY_DAY, FloatArray, Repeated
from ketbio.result import MARGINAL_MEAN

CHANGE_DIFFERENCE = "difference in estimated changes"
MEAN_DIFFERENCE = "difference in estimated marginal means"
CHANGE = "estimated marginal mean change"
SLOPE_DIFFERENCE = "difference in slopes"
SLOPE_NAME = "slope"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """One estimate of a model.

    Attributes
    ----------
    outcome, estimate_name, unit : str
        As in `Result`.
    groups : tuple of str
        Arm and reference, or the one arm.
    weights : array of shape (p,)
        Of the coefficients.
    is_tested : bool
        Whether 0 is a value worth testing.
    """

    outcome: str
    estimate_name: str
    unit: str
    groups: tuple[str, ...]
    weights: FloatArray
    is_tested: bool = True


def contrasts_of(fitted: Repeated) -> tuple[Asked, ...]:
    """Return the estimates, in the order of arms and visits."""
    rows = fitted.rows
    if fitted.time == BY_DAY:
        kind: Callable[[Repeated], tuple[Asked, ...]] = _slopes
    else:
        kind = _changes if len(rows.visits) > 1 else _levels
    return kind(fitted)


def means_of(fitted: Repeated, one: Asked) -> tuple[Asked, ...]:
    """Return what stands behind an estimate: each arm's mean at its visits, or each arm's slope."""
    if fitted.time == BY_DAY:
        return slopes_of(fitted, one)
    return tuple(
        mean
        for mean in all_means(fitted)
        if mean.groups[0] in one.groups and mean.outcome.split(" at ", 1)[1] in _visits_of(one)
    )


def all_means(fitted: Repeated) -> tuple[Asked, ...]:
    """Return the mean of each arm at each visit (over days: where the line is then)."""
    rows = fitted.rows
    if len(rows.visits) == 1 and len(rows.arms.names) == 1:
        return ()  # the estimate itself
    return tuple(_mean(fitted, arm, visit) for arm in rows.arms.names for visit in rows.visits)


def slopes_of(fitted: Repeated, one: Asked) -> tuple[Asked, ...]:
    """Return the slope of each arm of a difference of slopes."""
    if fitted.time != BY_DAY or len(one.groups) < 2:
        return ()
    return tuple(_slope(fitted, arm) for arm in one.groups)


def _visits_of(one: Asked) -> tuple[str, ...]:
    """Return the visits that an outcome of `_changes` or `_levels` names."""
    _, _, named = one.outcome.partition("change, ")
    return tuple(named.split(" to ")) if named else (one.outcome.removeprefix("value at "),)


def _slopes(fitted: Repeated) -> tuple[Asked, ...]:
    reference, *others = fitted.rows.arms.names
    if not others:
        return (_slope(fitted, reference),)
    unit = _per_day(fitted)
    return tuple(
        Asked(
            outcome=_over_days(fitted),
            estimate_name=SLOPE_DIFFERENCE,
            unit=unit,
            groups=(arm, reference),
            weights=fitted.slope(arm) - fitted.slope(reference),
        )
        for arm in others
    )


def _changes(fitted: Repeated) -> tuple[Asked, ...]:
    rows = fitted.rows
    first, *later = rows.visits
    reference, *others = rows.arms.names

    def change(arm: str, visit: str) -> FloatArray:
        return fitted.cell(arm, visit) - fitted.cell(arm, first)

    made = []
    for arm in others or [reference]:
        for visit in later:
            weights = change(arm, visit)
            made.append(
                Asked(
                    outcome=f"change, {first} to {visit}",
                    estimate_name=CHANGE_DIFFERENCE if others else CHANGE,
                    unit=rows.unit,
                    groups=(arm, reference) if others else (arm,),
                    weights=weights - change(reference, visit) if others else weights,
                )
            )
    return tuple(made)


def _levels(fitted: Repeated) -> tuple[Asked, ...]:
    [visit] = fitted.rows.visits
    reference, *others = fitted.rows.arms.names
    if not others:
        return (_mean(fitted, reference, visit),)
    at = fitted.cell(reference, visit)
    return tuple(
        Asked(
            outcome=f"value at {visit}",
            estimate_name=MEAN_DIFFERENCE,
            unit=fitted.rows.unit,
            groups=(arm, reference),
            weights=fitted.cell(arm, visit) - at,
        )
        for arm in others
    )


def _mean(fitted: Repeated, arm: str, visit: str) -> Asked:
    return Asked(
        outcome=f"value at {visit}",
        estimate_name=MARGINAL_MEAN,
        unit=fitted.rows.unit,
        groups=(arm,),
        weights=fitted.cell(arm, visit),
        is_tested=False,
    )


def _slope(fitted: Repeated, arm: str) -> Asked:
    return Asked(
        outcome=_over_days(fitted),
        estimate_name=SLOPE_NAME,
        unit=_per_day(fitted),
        groups=(arm,),
        weights=fitted.slope(arm),
    )


def _over_days(fitted: Repeated) -> str:
    return f"change per day, {fitted.rows.visits[0]} to {fitted.rows.visits[-1]}"


def _per_day(fitted: Repeated) -> str:
    return f"{fitted.rows.unit} per day".strip()


def joint_rows(asked: tuple[Asked, ...]) -> FloatArray:
    """Return all contrasts together, shape (q, p)."""
    return np.array([one.weights for one in asked])
