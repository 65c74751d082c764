"""What of a result a figure draws: its rows, the means behind it, its influential participant.

Everything is picked from the result; nothing is estimated here.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.errors import FigureError
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, VALUE

FLOAT_SLACK = 1e-9
"""Relative difference under which two numbers of one result are the same number."""


def require_result(result: object, *, caller: str) -> Result:
    """Return the result given, or say what was given instead.

    Raises
    ------
    FigureError
        Something else than one `Result` was given.

    Examples
    --------
    >>> require_result(3.0, caller="draw")
    Traceback (most recent call last):
    ketbio.errors.FigureError: draw() takes one Result; a float was given.
    """
    if isinstance(result, Result):
        return result
    hint = " Draw each of them in turn." if isinstance(result, list | tuple) else ""
    if isinstance(getattr(result, "results", None), list | tuple):
        hint = " Draw one of its .results."
    name = type(result).__name__
    raise FigureError(f"{caller}() takes one Result; a {name} was given.{hint}")


def columns_of(result: Result, names: Iterable[str]) -> pd.DataFrame:
    """Return the result's rows, after a look that the columns are there.

    Parameters
    ----------
    result : Result
        The result to draw.
    names : iterable of str
        Columns of ``result.data`` that the figure needs.

    Raises
    ------
    FigureError
        There is no row, or a column is not there.

    Examples
    --------
    >>> one = Result(analysis="compare_responders", marker="MADRS", outcome="", groups=(), n={})
    >>> columns_of(one, ["value"])
    Traceback (most recent call last):
    ketbio.errors.FigureError: compare_responders of MADRS has no rows, so there is nothing ...
    """
    where = f"{result.analysis} of {result.label}"
    if result.data.empty:
        raise FigureError(
            f"{where} has no rows, so there is nothing to draw; "
            "result.excluded says who was left out and why."
        )
    lacking = [name for name in names if name not in result.data.columns]
    if lacking:
        there = ", ".join(map(repr, result.data.columns))
        raise FigureError(
            f"The data of {where} lack {', '.join(map(repr, lacking))}, which the figure needs; "
            f"columns there: {there}."
        )
    return result.data


def numeric_rows(result: Result, names: Iterable[str], numbers: Iterable[str]) -> pd.DataFrame:
    """Return the rows with a finite number in each of the columns ``numbers``.

    Parameters
    ----------
    result : Result
        The result to draw.
    names, numbers : iterable of str
        Columns that the figure needs, and those that hold its numbers.

    Raises
    ------
    FigureError
        No row has numbers, or a column is not there.

    Examples
    --------
    >>> one = Result(analysis="compare_responders", marker="MADRS", outcome="", groups=("a",),
    ...     n={"a": 1}, data=pd.DataFrame({"participant_id": ["P1", "P2"],
    ...                                    "value": [3.0, float("nan")]}))
    >>> numeric_rows(one, ["participant_id"], ["value"])["participant_id"].to_list()
    ['P1']
    """
    wanted = list(numbers)
    data = columns_of(result, [*names, *wanted])
    values = data[wanted].to_numpy(dtype=np.float64, na_value=np.nan)
    rows: pd.DataFrame = data.loc[np.isfinite(values).all(axis=1)]
    if rows.empty:
        raise FigureError(
            f"{result.analysis} of {result.label} has no row with a number in "
            f"{', '.join(map(repr, wanted))}, so there is nothing to draw."
        )
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCentre:
    """The mean of a group and its standard deviation, or its median.

    Attributes
    ----------
    value, spread : float
        In the unit of the values; ``spread`` is NaN where there is none (n = 1, or a median).
    """

    value: float
    spread: float

    def reach(self) -> tuple[float, ...]:
        """Return the values that an axis must show: the centre ± SD."""
        if math.isnan(self.spread):
            return (self.value,)
        return (self.value - self.spread, self.value, self.value + self.spread)


def group_means(result: Result) -> dict[str, GroupCentre]:
    """Return mean and SD per group from the result's descriptions; empty where it has none.

    Examples
    --------
    >>> mean = Result(analysis="compare_responders", marker="MADRS", outcome="", groups=("a",),
    ...               n={"a": 3}, role="description", estimate_name="mean", estimate=2.0,
    ...               spread=1.0)
    >>> whole = Result(analysis="compare_responders", marker="MADRS", outcome="",
    ...                groups=("a", "b"), n={"a": 3, "b": 3}, companions=(mean,))
    >>> group_means(whole)
    {'a': GroupCentre(value=2.0, spread=1.0)}
    """
    found: dict[str, GroupCentre] = {}
    for companion in result.companions:
        is_mean = companion.role == "description" and companion.estimate_name == "mean"
        if is_mean and len(companion.groups) == 1 and math.isfinite(companion.estimate):
            bar = GroupCentre(value=companion.estimate, spread=companion.spread)
            found.setdefault(companion.groups[0], bar)
    return found


def value_unit(result: Result) -> str:
    """Return the unit of the values: the estimate's, or of the means where it has none.

    Examples
    --------
    >>> mean = Result(analysis="a", marker="m", outcome="", groups=("a",), n={}, unit="ng/mL",
    ...               role="description", estimate_name="mean", estimate=2.0)
    >>> value_unit(Result(analysis="a", marker="m", outcome="", groups=("a", "b"), n={},
    ...                   estimate_name="probability of superiority", companions=(mean,)))
    'ng/mL'
    """
    means = (one.unit for one in result.companions if one.estimate_name == "mean")
    return result.unit or next(means, "")


def compares_medians(result: Result) -> bool:
    """Return whether the estimate is the difference of the groups' medians.

    Examples
    --------
    >>> compares_medians(Result(analysis="a", marker="m", outcome="", groups=(), n={},
    ...                         estimate_name="difference of medians"))
    True
    """
    return result.estimate_name == "difference of medians"


def group_centres(result: Result) -> dict[str, GroupCentre]:
    """Return the median per group where medians are compared, else mean and SD.

    Examples
    --------
    >>> rows = pd.DataFrame({"group": ["a", "a", "a"], "value": [1.0, 2.0, 9.0]})
    >>> group_centres(Result(analysis="a", marker="m", outcome="", groups=("a", "b"), n={},
    ...                      estimate_name="difference of medians", data=rows))
    {'a': GroupCentre(value=2.0, spread=nan)}
    """
    if not compares_medians(result):
        return group_means(result)
    known = result.data.dropna(subset=[VALUE])
    return {
        str(group): GroupCentre(value=float(np.median(values)), spread=float("nan"))
        for group, values in known.groupby("group", sort=False)[VALUE]
    }


def reference_centre(result: Result) -> float:
    """Return the centre from which the estimate is the distance, NaN where it is another kind.

    With it the axis of the difference can stand beside that of the values, zero at this centre.

    Examples
    --------
    >>> reference_centre(Result(analysis="a", marker="m", outcome="", groups=("x", "y"), n={}))
    nan
    """
    centres = group_centres(result)
    if len(result.groups) != 2 or any(group not in centres for group in result.groups):
        return float("nan")
    first, second = (centres[group].value for group in result.groups)
    scale = max(abs(first), abs(second), 1e-300)
    matches = abs((first - second) - result.estimate) <= FLOAT_SLACK * scale
    return second if matches else float("nan")


def null_values(result: Result) -> NDArray[np.float64] | None:
    """Return the statistics of the arrangements, where the statistic is the estimate itself.

    Any other statistic has no place on the axis of the estimate and is not drawn: neither one of
    another name whose value happens to be the same, nor one that is not finite.

    Examples
    --------
    >>> one = Result(analysis="a", marker="m", outcome="", groups=(), n={}, estimate=2.0,
    ...              statistic=2.0, null_distribution=np.array([-2.0, 0.0, 2.0]))
    >>> null_values(one)
    array([-2.,  0.,  2.])
    """
    if result.null_distribution is None or result.statistic_name != result.estimate_name:
        return None
    if not math.isfinite(result.estimate) or not math.isclose(
        result.statistic, result.estimate, rel_tol=FLOAT_SLACK, abs_tol=1e-12
    ):
        return None
    values = np.asarray(result.null_distribution, dtype=np.float64)
    return values if values.size and np.isfinite(values).all() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """The participant without whom the estimate moves most.

    Attributes
    ----------
    participant_id : str
        Who.
    estimate : float
        The estimate without this participant.
    low, high : float
        Range of the estimate over all participants left out in turn.
    """

    participant_id: str
    estimate: float
    low: float
    high: float


def left_out_rows(result: Result) -> pd.DataFrame:
    """Return the leave-one-out rows that have an estimate.

    Examples
    --------
    >>> len(left_out_rows(Result(analysis="a", marker="m", outcome="", groups=(), n={})))
    0
    """
    rows = result.leave_one_out
    return rows.loc[rows["estimate"].astype("float64").notna()]


def most_influential(result: Result) -> Influence | None:
    """Return who moves the estimate most when left out; None where nobody was left out.

    Examples
    --------
    >>> one = Result(analysis="a", marker="m", outcome="", groups=(), n={}, estimate=0.5,
    ...     leave_one_out=pd.DataFrame({"participant_id": ["P1", "P2"], "estimate": [0.4, 0.9],
    ...                                 "p_value": [0.1, 0.2]}))
    >>> most_influential(one).participant_id
    'P2'
    """
    rows = left_out_rows(result)
    if rows.empty or math.isnan(result.estimate):
        return None
    estimates = rows["estimate"].to_numpy(dtype=np.float64)
    place = int(np.argmax(np.abs(estimates - result.estimate)))
    return Influence(
        participant_id=str(rows[PARTICIPANT_ID].iloc[place]),
        estimate=float(estimates[place]),
        low=float(estimates.min()),
        high=float(estimates.max()),
    )
