"""The arrangements that a permutation test listed or drew, and which of them its p counts."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.errors import FigureError
from ketbio.figures.parts import FLOAT_SLACK
from ketbio.result import Result

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """The arrangements, and which of them p counts.

    Attributes
    ----------
    values : array of shape (arrangements,)
        The statistic, ascending; infinite where nothing varies within the groups.
    is_extreme : array of shape (arrangements,)
        Whether it is at least as extreme as observed.
    """

    values: FloatArray
    is_extreme: BoolArray


def null_of(result: Result) -> FloatArray:
    """Return the statistics of the arrangements, ascending.

    Raises
    ------
    FigureError
        No permutation test, or one whose arrangements were counted without being listed.
    """
    where = f"{result.analysis} of {result.label}"
    if not result.p_method or not math.isfinite(result.p_value):
        raise FigureError(f"{where} has no permutation test, so it has no null distribution.")
    null = result.null_distribution
    if null is None and result.n_arrangements is None:
        raise FigureError(
            f"{where} was tested by {result.p_method}, which permutes nothing: it has no null "
            "distribution to draw."
        )
    if null is None or not len(null):
        raise FigureError(
            f"{where} was counted without listing its {result.n_arrangements:,} arrangements, so "
            "there is nothing to draw; with exact=False and a seed some are drawn and kept."
        )
    values = np.asarray(null, dtype=np.float64)
    if np.isnan(values).any() or math.isnan(result.statistic):
        raise FigureError(f"{where} has arrangements without a statistic, so it cannot be drawn.")
    return np.sort(values)


def counted_by_p(result: Result, null: FloatArray) -> BoolArray:
    """Return which arrangements are at least as extreme as observed, as p was defined.

    Parameters
    ----------
    result : Result
        Of a permutation test.
    null : array of shape (arrangements,)
        The statistic of its arrangements, ascending.

    Returns
    -------
    array of bool
        In the order of ``null``. Of mid-p the one observed counts half, and of a doubled p these
        are the smaller tail.

    Examples
    --------
    >>> one = Result(analysis="a", marker="m", outcome="", groups=(), n={}, statistic=2.0,
    ...     p_value=0.5, is_exact=True, alternative="two-sided")
    >>> counted_by_p(one, np.array([-2.0, -1.0, 1.0, 2.0])).tolist()
    [True, False, False, True]
    """
    at_least = _at_least(null, result.statistic)
    at_most = _at_least(-null, -result.statistic)
    if result.alternative == "greater":
        return at_least
    if result.alternative == "less":
        return at_most
    if result.alternative == "two-sided-doubled":
        return at_least if at_least.sum() <= at_most.sum() else at_most
    if "|T| ≥ |t|" in result.p_definition:
        return _at_least(np.abs(null), abs(result.statistic))
    if result.is_exact and np.isfinite(null).all():
        centre = float(null.mean())  # E T, since all are listed
        return _at_least(np.abs(null - centre), abs(result.statistic - centre))
    return _two_tails_of(result, null, at_least, at_most)


def _at_least(values: FloatArray, threshold: float) -> BoolArray:
    finite = np.abs(values[np.isfinite(values)])
    size = abs(threshold) if math.isfinite(threshold) else 0.0
    slack = FLOAT_SLACK * max(size, float(finite.max(initial=0.0)))
    return np.asarray(values >= threshold - slack)


def _two_tails_of(
    result: Result, null: FloatArray, at_least: BoolArray, at_most: BoolArray
) -> BoolArray:
    """Return both tails of draws: p tells how many there are, and one of the tails is known.

    The centre is E T over all arrangements, which draws do not give.
    """
    n = at_least.size
    is_upper = at_least.sum() <= at_most.sum()
    near = at_least if is_upper else at_most
    if "mid-p" in result.p_method:
        # the observed arrangement counts as a draw, and half as every one that is as extreme
        twice = round(2 * result.p_value * (n + 1)) - 1
        told = 2 * int(near.sum()) - int((at_least & at_most).sum())
        wanted = int(near.sum()) + _beyond_by_halves(
            null if is_upper else -null[::-1], twice - told
        )
    else:
        wanted = round(result.p_value * (n + 1)) - 1  # the observed arrangement counts as a draw
    beyond = max(0, min(n - int(near.sum()), wanted - int(near.sum())))
    far = np.zeros(n, dtype=np.bool_)
    far[slice(0, beyond) if is_upper else slice(n - beyond, n)] = True
    return near | far


def _beyond_by_halves(ascending: FloatArray, twice: int) -> int:
    """Return how many values from the low end count, the last of them half where they are tied.

    Examples
    --------
    >>> values = np.array([-3.0, -2.0, -2.0, 1.0])
    >>> _beyond_by_halves(values, 2), _beyond_by_halves(values, 4), _beyond_by_halves(values, 0)
    (1, 3, 0)
    """
    starts = _starts(ascending)
    ends = np.append(starts[1:], ascending.size)
    # whole values up to a start count twice, and the group that begins there once more
    reached = np.flatnonzero(starts + ends <= twice)
    return int(ends[reached[-1]]) if reached.size else 0


def _starts(ascending: FloatArray) -> NDArray[np.intp]:
    """Return where each different value begins."""
    finite = ascending[np.isfinite(ascending)]
    slack = FLOAT_SLACK * max(float(np.ptp(finite)) if finite.size else 0.0, 1e-300)
    with np.errstate(invalid="ignore"):
        is_new = np.concatenate([[True], ~(np.diff(ascending) <= slack)])
    is_new[1:] &= ascending[1:] != ascending[:-1]  # infinite values are one on either side
    return np.flatnonzero(is_new)


def sticks_of(counted: Counted) -> pd.DataFrame:
    """Return each value that came out, with how many arrangements give it."""
    values = counted.values
    starts = _starts(values)
    group = np.repeat(np.arange(starts.size), np.diff(np.append(starts, values.size)))
    return pd.DataFrame(
        {
            "statistic": values[starts],
            "count": np.bincount(group),
            "counted_by_p": np.bincount(group, weights=counted.is_extreme).astype(int),
        }
    )
