"""One regressor beside covariates: least squares by taking the covariates out of both sides.

What is left of y and of x after least squares on the covariates carries everything about the
coefficient of x in y ~ 1 + x + covariates (Frisch & Waugh 1933; Lovell 1963): its estimate, the
residual sum of squares, and their values after any permutation of residuals.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_blocks, as_values
from ketbio.statistics.number_lines import NumberLine, to_number_line
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of

COLLINEAR = 1e-7
"""What is left of a column, as a share of its spread, below which nothing is left (R's lm)."""

NOTHING_LEFT = 1e-12
"""What calculating residuals may leave of values that are fitted without remainder."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdjustedModel:
    """y ~ 1 + x + covariates, reduced to what the coefficient of x needs.

    Attributes
    ----------
    y_left, x_left : array of shape (n,)
        Residuals of y and x on the covariates, in steps of their number lines.
    basis : array of shape (n, k)
        Orthonormal columns that span the intercept, the blocks and the covariates.
    block : array of int, shape (n,)
        Block numbers, ascending: observations are sorted by block.
    unit : float
        Of a coefficient: a step of y per step of x.
    n_covariates : int
        Covariate columns, the intercept and the blocks not counted.
    """

    y_left: FloatArray
    x_left: FloatArray
    basis: FloatArray
    block: NDArray[np.intp]
    unit: float
    n_covariates: int

    @property
    def n(self) -> int:
        """Observations."""
        return int(self.y_left.size)

    @property
    def df(self) -> int:
        """Degrees of freedom of the residuals."""
        return self.n - int(self.basis.shape[1]) - 1

    @property
    def x_size(self) -> float:
        """Root of the sum of squares of what is left of x."""
        return float(np.linalg.norm(self.x_left))

    @property
    def x_direction(self) -> FloatArray:
        """What is left of x, of length 1."""
        return np.asarray(self.x_left / self.x_size)

    @property
    def slope(self) -> float:
        """Coefficient of x, in steps."""
        return float(self.x_direction @ self.y_left) / self.x_size

    @property
    def residuals(self) -> FloatArray:
        """Residuals of the full model, in steps of y; exactly 0 where it leaves nothing."""
        left = self.y_left - self.x_direction * float(self.x_direction @ self.y_left)
        return _or_nothing(left, self.y_left)

    @property
    def standard_error(self) -> float:
        """Standard error of the coefficient, in steps."""
        return float(np.linalg.norm(self.residuals)) / math.sqrt(self.df) / self.x_size


def adjusted_model(
    y: ArrayLike,
    x: ArrayLike,
    covariates: ArrayLike | None = None,
    *,
    blocks: ArrayLike | None = None,
    names: tuple[str, str] = ("y", "x"),
    covariate_names: tuple[str, ...] = (),
) -> AdjustedModel:
    """Validate y, x and covariates, and take the covariates out of both.

    Parameters
    ----------
    y : array-like of numbers, shape (n,)
        The outcome.
    x : array-like of numbers or true/false, shape (n,)
        The regressor of interest.
    covariates : array-like of numbers, shape (n,) or (n, q), optional
        What to adjust for; the intercept is always there.
    blocks : array-like of labels, shape (n,), optional
        Each block gets an intercept of its own.
    names, covariate_names : tuple of str
        How y, x and the covariates are called in a refusal.

    Raises
    ------
    StatisticsError
        A length does not fit, a column is constant or follows from others, or there are too few
        observations for so many coefficients.

    Examples
    --------
    >>> model = adjusted_model([1, 2, 4, 8], [0, 0, 1, 1], [3, 5, 4, 5])
    >>> round(model.slope * model.unit, 6), model.df
    (3.9, 1)
    """
    y_values = as_values(y, names[0])
    x_values = as_regressor(x, names[1])
    n = y_values.size
    if x_values.size != n:
        raise StatisticsError(
            f"{names[0]} has {n} values and {names[1]} has {x_values.size}; allowed: the same "
            "number, one of each per participant. Match them by participant first."
        )
    columns = as_covariates(covariates, n)
    block = as_blocks(blocks, n, of_pairs=True)
    order = np.argsort(block, kind="stable")
    block = block[order]
    y_line, x_line = to_number_line(y_values[order]), to_number_line(x_values[order])
    n_coefficients = 1 + np.unique(block).size + columns.shape[1]
    if n <= n_coefficients:
        raise StatisticsError(
            f"{names[0]} has {count_of(n, 'value')} for {count_of(n_coefficients, 'coefficient')}; "
            f"allowed: at least {n_coefficients + 1} values. Adjust for fewer covariates."
        )
    called = covariate_names or tuple(map(column_name, range(columns.shape[1])))
    basis = _basis(block, columns[order], called)
    return AdjustedModel(
        y_left=_or_nothing(_left(basis, y_line.positions), y_line.positions),
        x_left=_regressor_left(basis, x_line, names[1]),
        basis=basis,
        block=block,
        unit=float(y_line.unit / x_line.unit),
        n_covariates=int(columns.shape[1]),
    )


def as_regressor(x: ArrayLike, name: str) -> FloatArray:
    """Return x as numbers; true and false are 1 and 0."""
    if isinstance(x, np.ma.MaskedArray):
        return as_values(x, name)
    try:
        given = np.asarray(x)
    except ValueError:
        return as_values(x, name)
    if given.dtype.kind == "b" and given.ndim == 1:
        return given.astype(np.float64)
    return as_values(x, name)


def as_covariates(covariates: ArrayLike | None, n: int) -> FloatArray:
    """Return covariates as an array of shape (n, q); None is no column.

    Raises
    ------
    StatisticsError
        Not numbers, not finite, or not one row per observation.

    Examples
    --------
    >>> as_covariates([15, 13, 17], 3).shape, as_covariates(None, 3).shape
    ((3, 1), (3, 0))
    """
    if covariates is None:
        return np.empty((n, 0))
    try:
        given = covariates if isinstance(covariates, np.ndarray) else np.asarray(covariates)
    except ValueError:
        given = np.empty(())
    if given.ndim not in (1, 2) or given.shape[0] != n:
        raise StatisticsError(
            f"covariates has shape {given.shape}; allowed: ({n},) or ({n}, q), one row per value "
            "of the outcome. Match them by participant first."
        )
    table = given[:, None] if given.ndim == 1 else given
    columns = [as_values(column, column_name(i)) for i, column in enumerate(table.T)]
    return np.column_stack(columns) if columns else np.empty((n, 0))


def column_name(index: int) -> str:
    """Return how a covariate is called in a refusal."""
    return f"covariates[:, {index}]"


def first_dependent(columns: FloatArray) -> int | None:
    """Return the first column that is constant or follows from those before it, or None.

    Parameters
    ----------
    columns : array of shape (n, q)
        Numbers; an intercept comes before the first.

    Examples
    --------
    >>> first_dependent(np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]]))
    1
    """
    start = np.full((columns.shape[0], 1), 1 / math.sqrt(columns.shape[0]))
    places = enumerate(_directions(start, columns))
    return next((place for place, found in places if found is None), None)


def _basis(block: NDArray[np.intp], columns: FloatArray, names: tuple[str, ...]) -> FloatArray:
    in_block = (block[:, None] == np.unique(block)).astype(np.float64)
    basis: FloatArray = in_block / np.sqrt(in_block.sum(axis=0))
    intercept = "the intercept" if basis.shape[1] == 1 else "the blocks"
    for name, direction in zip(names, _directions(basis, columns), strict=True):
        if direction is None:
            raise StatisticsError(
                f"{name} is constant or follows from {intercept} and the covariates before it; "
                "allowed: covariates that each add something. Leave it out."
            )
        basis = np.column_stack([basis, direction])
    return basis


def _directions(basis: FloatArray, columns: FloatArray) -> Iterator[FloatArray | None]:
    """Yield what each column adds to those before it, of length 1, or None where nothing."""
    for column in columns.T:
        positions = to_number_line(column).positions
        left = _left(basis, positions)
        size, spread = float(np.linalg.norm(left)), _spread(positions)
        if size <= COLLINEAR * spread:
            yield None
            continue
        direction = np.asarray(left / size)
        basis = np.column_stack([basis, direction])
        yield direction


def _regressor_left(basis: FloatArray, line: NumberLine, name: str) -> FloatArray:
    left = _left(basis, line.positions)
    spread = _spread(line.positions)
    if spread == 0:
        raise StatisticsError(
            f"{name} is the same for everyone; allowed: at least two different values. Leave this "
            "test out of the plan."
        )
    if float(np.linalg.norm(left)) <= COLLINEAR * spread:
        raise StatisticsError(
            f"{name} follows from the covariates (and blocks), so that its coefficient cannot be "
            "told from theirs; allowed: covariates that do not determine it. Leave one of them out."
        )
    return left


def _left(basis: FloatArray, values: FloatArray) -> FloatArray:
    """Return residuals of least squares; twice, since the first pass leaves rounding behind."""
    centred = values - values.mean()
    once = centred - basis @ (basis.T @ centred)
    return np.asarray(once - basis @ (basis.T @ once))


def _spread(values: FloatArray) -> float:
    return float(np.linalg.norm(values - values.mean())) if np.ptp(values) else 0.0


def _or_nothing(left: FloatArray, values: FloatArray) -> FloatArray:
    """Return residuals, or zeros where they are no more than the rounding of the values."""
    if float(np.linalg.norm(left)) <= NOTHING_LEFT * _spread(values):
        return np.zeros_like(left)
    return left
