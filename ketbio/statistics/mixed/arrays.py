"""What a mixed model accepts; everything else is refused in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import LARGEST, as_array, as_blocks, as_values
from ketbio.statistics.mixed.patterns import IntArray
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of, join_words

COLLINEAR = 1e-9
"""What is left of a column, as a share of it, below which it follows from those before."""
NOTHING_LEFT = 1e-10
"""Residual SD, as a share of the response's size, below which nothing is left to model."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observations:
    """Checked arrays, and the design turned into orthonormal columns.

    Attributes
    ----------
    response, weights : array of shape (n,)
    design : array of shape (n, p)
    names : tuple of str
    participants : array of int, shape (n,)
        Codes 0, 1, ….
    basis : array of shape (n, p + 1)
        √weight times [Q, y less its least-squares fit].
    triangle : array of shape (p, p)
        R of √weight X = QR.
    least_squares : array of shape (p,)
        Coefficients of weighted least squares.
    """

    response: FloatArray
    weights: FloatArray
    design: FloatArray
    names: tuple[str, ...]
    participants: IntArray
    basis: FloatArray
    triangle: FloatArray
    least_squares: FloatArray

    @property
    def n(self) -> int:
        """Rows."""
        return int(self.response.size)

    @property
    def n_participants(self) -> int:
        """Participants."""
        return int(self.participants.max()) + 1


def as_observations(
    response: ArrayLike,
    design: ArrayLike,
    participants: ArrayLike,
    weights: ArrayLike | None,
    names: Sequence[str] | None,
) -> Observations:
    """Return checked arrays, or refuse them.

    Raises
    ------
    StatisticsError
        Lengths differ, values are not finite, columns follow from others, nothing is left to
        estimate a variance from.
    """
    y = as_values(response, "response")
    x = as_columns(design, y.size, "design")
    called = _names(names, x.shape[1])
    codes = as_labels(participants, y.size, "participants")
    w = _weights(weights, y.size)
    if y.size <= x.shape[1]:
        raise StatisticsError(
            f"the model has {count_of(x.shape[1], 'coefficient')} for "
            f"{count_of(y.size, 'observation')}; allowed: more observations than coefficients. "
            "Leave out covariates or interactions."
        )
    root = np.sqrt(w)
    q, triangle = np.linalg.qr(x * root[:, None])
    _refuse_dependent(x * root[:, None], triangle, called)
    scaled = y * root
    along = q.T @ scaled
    rest = scaled - q @ along
    rest -= q @ (q.T @ rest)  # once more: what rounding left of the fit
    if np.linalg.norm(rest) <= NOTHING_LEFT * np.linalg.norm(scaled):
        raise StatisticsError(
            "the response is fitted without remainder, so that there is no variance to estimate; "
            "allowed: values that vary within the design. Leave this marker out or simplify the "
            "model."
        )
    return Observations(
        response=y,
        weights=w,
        design=x,
        names=called,
        participants=codes,
        basis=np.column_stack([q, rest]),
        triangle=triangle,
        least_squares=np.linalg.solve(triangle, along),
    )


def as_columns(columns: ArrayLike, n: int, name: str) -> FloatArray:
    """Return float columns of shape (n, c), or refuse them."""
    array = as_array(columns, name)
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[0] != n or not array.shape[1]:
        raise StatisticsError(
            f"{name} has shape {array.shape}; allowed: ({n}, columns), a row for each value of the "
            "response."
        )
    if array.dtype.kind not in "iufb":
        raise StatisticsError(
            f"{name} holds {array.flat[0]!s:.60}, no number; allowed: integers or floats. Make "
            "dummy variables of words, and days of dates, first."
        )
    numbers = array.astype(float)
    wrong = np.argwhere(~(np.abs(numbers) <= LARGEST))
    if wrong.size:
        row, column = wrong[0].tolist()
        raise StatisticsError(
            f"{name} holds {numbers[row, column]} in row {row + 1}, column {column + 1}; allowed: "
            "finite numbers. Leave rows without a value out first."
        )
    return numbers


def as_codes(codes: ArrayLike, n: int, name: str) -> IntArray:
    """Return whole numbers from 0 of shape (n,), or refuse them."""
    array = as_array(codes, name)
    if array.shape != (n,):
        raise StatisticsError(
            f"{name} has shape {array.shape}; allowed: ({n},), one for each value of the response."
        )
    if array.dtype.kind not in "iu" or (array.size and int(array.min()) < 0):
        raise StatisticsError(
            f"{name} holds {_strangest(array)!s:.60}; allowed: whole numbers 0, 1, 2, … in order "
            "of time. Number them first."
        )
    return array.astype(np.intp)


def _strangest(array: NDArray[Any]) -> object:
    """A value that is no whole number from 0: the first, or the smallest."""
    return array.min() if array.dtype.kind in "iu" else array.tolist()[0]


def as_labels(labels: ArrayLike, n: int, name: str) -> IntArray:
    """Return numbers 0, 1, … of labels of shape (n,), or refuse them."""
    if isinstance(labels, np.ndarray) and labels.dtype.kind in "iu" and labels.shape == (n,):
        return np.unique(labels, return_inverse=True)[1].astype(np.intp)
    try:
        return as_blocks(labels, n, of_pairs=True)
    except StatisticsError as refused:
        raise StatisticsError(
            str(refused).replace("blocks", name).replace("the block", "it").replace("pair", "row")
        ) from None


def _names(names: Sequence[str] | None, p: int) -> tuple[str, ...]:
    if names is None:
        return tuple(f"column {a + 1}" for a in range(p))
    called = tuple(str(name) for name in names)
    if len(called) != p:
        raise StatisticsError(
            f"names has {count_of(len(called), 'name')} for {count_of(p, 'column')}; allowed: one "
            "per column of the design."
        )
    return called


def _weights(weights: ArrayLike | None, n: int) -> FloatArray:
    if weights is None:
        return np.ones(n)
    values = as_values(weights, "weights")
    if values.size != n or (values <= 0).any():
        raise StatisticsError(
            f"weights has {count_of(values.size, 'value')}, the smallest {values.min():g}; "
            f"allowed: {n} numbers above 0. Leave rows without weight out first."
        )
    return values


def _refuse_dependent(x: FloatArray, triangle: FloatArray, names: tuple[str, ...]) -> None:
    sizes = np.linalg.norm(x, axis=0)
    if (np.abs(np.diag(triangle)) > COLLINEAR * sizes).all():
        return
    listed = [repr(names[a]) for a in _dependent(x, sizes)]
    verb, them = ("follows", "it") if len(listed) == 1 else ("follow", "them")
    raise StatisticsError(
        f"{join_words(listed)} {verb} from the columns before, so that the coefficients cannot be "
        "told apart; allowed: columns of which none is 0 throughout or a sum of others. Leave "
        f"{them} out, or merge levels that never occur together."
    )


def _dependent(x: FloatArray, sizes: FloatArray) -> list[int]:
    """Columns that those before leave nothing of, in order, as R's lm finds them."""
    basis = np.zeros((x.shape[0], 0))
    found = []
    for a in range(x.shape[1]):
        rest = x[:, a] - basis @ (basis.T @ x[:, a])
        rest -= basis @ (basis.T @ rest)
        size = float(np.linalg.norm(rest))
        if size <= COLLINEAR * sizes[a]:
            found.append(a)
        else:
            basis = np.column_stack([basis, rest / size])
    return found
