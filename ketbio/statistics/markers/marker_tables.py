"""Participants × markers, validated: missing values stay NaN, everything else is refused."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_values, to_double
from ketbio.statistics.number_lines import NOISE
from ketbio.statistics.records import FloatArray


def as_markers(values: ArrayLike, name: str) -> FloatArray:
    """Return ``values`` as a fresh float64 array of shape (n, k), NaN where missing.

    Parameters
    ----------
    values : array-like of numbers, shape (n, k) or (n,)
        Participants in rows, markers in columns; one row of numbers is one marker.
    name : str
        The argument's name, for the sentence.

    Raises
    ------
    StatisticsError
        Not numbers, infinite, masked, without a participant or without a marker.

    Examples
    --------
    >>> as_markers([[1, 2], [3, float("nan")]], "x").shape
    (2, 2)
    """
    array = _as_table(values, name)
    is_float = array.dtype.kind == "f"
    if is_float and np.isinf(array).any():
        row, *column = np.argwhere(np.isinf(array))[0].tolist()
        raise StatisticsError(
            f"{name} is infinite at participant {row + 1}, marker {(column or [0])[0] + 1} "
            "(counted from 1); allowed: "
            "finite numbers, NaN where a value is missing. Give NaN and say why it is missing."
        )
    as_values(array[~np.isnan(array)] if is_float else array.ravel(), name, at_least=0)
    return to_double(array).reshape(len(array), -1)


def _as_table(values: ArrayLike, name: str) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        as_values(values.ravel(), name)
    try:
        array = np.asarray(values)
    except ValueError as problem:
        raise StatisticsError(
            f"{name} cannot be read as a table of numbers ({problem}); allowed: participants in "
            "rows and markers in columns, NaN where a value is missing."
        ) from None
    if array.ndim not in (1, 2) or 0 in array.shape:
        raise StatisticsError(
            f"{name} has shape {array.shape}; allowed: (participants, markers), at least one of "
            "each. Leave this test out of the plan or add observations."
        )
    return array


def is_constant(table: FloatArray) -> NDArray[np.bool_]:
    """Return which markers have fewer than two different values, shape (k,).

    Values that differ by no more than calculating them can have changed them are the same.

    Examples
    --------
    >>> is_constant(np.array([[0.3, 1.0], [0.1 + 0.2, 2.0]])).tolist()
    [True, False]
    """
    known = ~np.isnan(table)
    highest = np.where(known, table, -np.inf).max(axis=0)
    lowest = np.where(known, table, np.inf).min(axis=0)
    largest = np.where(known, np.abs(table), 0.0).max(axis=0)
    return np.asarray(~(highest - lowest > NOISE * largest))
