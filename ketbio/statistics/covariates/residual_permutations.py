"""Permutations of residuals, all of them or drawn, and the t of a coefficient after each.

With e the residuals that are permuted, x̃ what the covariates leave of x, and W the residual maker
of the full model, permutation P gives

    t ∝ x̃'Pe / (|x̃| · |W P e|).

With r the residuals of the full model and d the distance of the estimate above the shift that is
tested, Freedman–Lane permutes e = r + d·x̃: x̃'Pe is linear and |W P e|² quadratic in d, so that five
numbers per permutation give t at every shift, without cancellation near the estimate.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.draws import uniform_rows
from ketbio.statistics.covariates.linear_models import AdjustedModel
from ketbio.statistics.records import FloatArray

BATCH_NUMBERS = 1 << 18
"""Numbers of a batch of permutations held at a time."""

TIE_TOLERANCE = 1e-9
"""How close two values of arsinh(t/√df) count as tied: a relative tolerance where t is large."""

LEAST_SHARE = 1e-24
"""A sum of squares left by a model is no smaller than this share of what it was left from."""

ROUNDING = 1e-13
"""Sums smaller than this share of their summands are 0 on paper."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualFits:
    """The fit after each permutation, by how far the estimate is above the shift tested.

    Row 0 is the observed arrangement. Numerators are coefficients times the size of x̃.

    Attributes
    ----------
    numerator, numerator_slope : array of shape (arrangements,)
        The numerator of t is ``numerator + d · numerator_slope``.
    rss, rss_cross, rss_square : array of shape (arrangements,)
        The residual sum of squares is ``rss + 2d · rss_cross + d² · rss_square``.
    """

    numerator: FloatArray
    numerator_slope: FloatArray
    rss: FloatArray
    rss_cross: FloatArray
    rss_square: FloatArray

    def first(self, count: int | None) -> "ResidualFits":
        """Return the first ``count`` arrangements; all for None."""
        return ResidualFits(**{name: getattr(self, name)[:count] for name in self.__slots__})

    def scores(self, distance: float) -> FloatArray:
        """Return arsinh(t/√df) of every arrangement: rising with t, and finite where t is not.

        Where neither a coefficient nor a residual is left, the score is 0.

        Parameters
        ----------
        distance : float
            Of the estimate above the shift tested: the estimate itself where that is 0.
        """
        moved, grown = distance * self.numerator_slope, distance**2 * self.rss_square
        above = _unless_rounding(self.numerator + moved, np.abs(self.numerator) + np.abs(moved))
        squares = self.rss + 2 * distance * self.rss_cross + grown
        squares = _unless_rounding(squares, self.rss + grown)
        below = np.sqrt(np.maximum(squares, LEAST_SHARE * above**2))
        return np.arcsinh(np.divide(above, below, out=np.zeros_like(above), where=below > 0))


def _unless_rounding(sums: FloatArray, sizes: FloatArray) -> FloatArray:
    """Return sums, or 0 where they are but what rounding leaves of summands of these sizes."""
    return np.where(np.abs(sums) <= ROUNDING * sizes, 0.0, sums)


def join_fits(parts: list[ResidualFits]) -> ResidualFits:
    """Put batches of fits together."""
    return ResidualFits(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ResidualFits.__slots__
        }
    )


def freedman_lane_fits(model: AdjustedModel, rows: NDArray[np.intp]) -> ResidualFits:
    """Return the fits after permuting the residuals of y on the covariates alone.

    Parameters
    ----------
    model : AdjustedModel
        The reduced data.
    rows : array of int, shape (permutations, n)
        Where each place takes its residual from.
    """
    fits = _fits(model, model.residuals, rows)
    x_after = _fits(model, model.x_left, rows)
    crossed = np.einsum("pn,pn->p", fits.residuals, x_after.residuals)
    # Permutations that only mirror or keep x̃ leave nothing of it: no rounding may stand there.
    kept = x_after.squares > LEAST_SHARE * model.x_size**2
    return ResidualFits(
        numerator=fits.along,
        numerator_slope=x_after.along,
        rss=fits.squares,
        rss_cross=np.where(kept, crossed, 0.0),
        rss_square=np.where(kept, x_after.squares, 0.0),
    )


def ter_braak_fits(model: AdjustedModel, rows: NDArray[np.intp]) -> ResidualFits:
    """Return the fits after permuting the residuals of the full model, centred at the estimate.

    They do not depend on the shift tested; only the observed coefficient does.
    """
    fits = _fits(model, model.residuals, rows)
    nothing = np.zeros(rows.shape[0])
    return ResidualFits(
        numerator=fits.along,
        numerator_slope=nothing,
        rss=fits.squares,
        rss_cross=nothing,
        rss_square=nothing,
    )


def observed_fit(model: AdjustedModel) -> ResidualFits:
    """Return the fit of the arrangement as it is: its coefficient is the distance itself."""
    return ResidualFits(
        numerator=np.zeros(1),
        numerator_slope=np.array([model.x_size]),
        rss=np.array([float(model.residuals @ model.residuals)]),
        rss_cross=np.zeros(1),
        rss_square=np.zeros(1),
    )


def every_permutation(block: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Yield all permutations within blocks, in batches, the identity first.

    Parameters
    ----------
    block : array of int, shape (n,)
        Block numbers, ascending.

    Examples
    --------
    >>> next(every_permutation(np.array([0, 0, 1, 1])))
    array([[0, 1, 2, 3],
           [0, 1, 3, 2],
           [1, 0, 2, 3],
           [1, 0, 3, 2]])
    """
    count = count_permutations(block)
    step = max(1, BATCH_NUMBERS // block.size)
    for start in range(0, count, step):
        yield _numbered(block, np.arange(start, min(count, start + step)))


def drawn_permutations(
    block: NDArray[np.intp], seed: int, n_draws: int, *, batch_rows: int | None = None
) -> Iterator[NDArray[np.intp]]:
    """Yield random permutations within blocks, in batches; draw i is the same however batched."""
    rows = batch_rows or max(1, BATCH_NUMBERS // block.size)
    for batch in uniform_rows(seed, n_draws, block.size, batch_rows=rows):
        # Numbers of later blocks are larger, so that a sort keeps blocks in their places.
        yield np.argsort(batch + block, axis=1, kind="stable")


def count_permutations(block: NDArray[np.intp]) -> int:
    """Return how many permutations within blocks there are."""
    return math.prod(math.factorial(int(size)) for size in np.bincount(block))


def _numbered(block: NDArray[np.intp], numbers: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return the permutations of these numbers, in lexicographic order (Lehmer's code)."""
    sizes = np.bincount(block)
    rows = np.empty((numbers.size, block.size), dtype=np.intp)
    for size, end in zip(sizes[::-1], np.cumsum(sizes)[::-1], strict=True):
        start, rest = end - size, numbers % math.factorial(int(size))
        numbers = numbers // math.factorial(int(size))
        for place in range(end - 1, start - 1, -1):
            rest, digit = np.divmod(rest, end - place)
            later = rows[:, place + 1 : end]
            later += later >= digit[:, None]
            rows[:, place] = digit
        rows[:, start:end] += start
    return rows


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    along: FloatArray
    squares: FloatArray
    residuals: FloatArray


def _fits(model: AdjustedModel, values: FloatArray, rows: NDArray[np.intp]) -> _Fitted:
    """Regress permuted values on x̃ and the covariates."""
    permuted = values[rows]
    columns = np.column_stack([model.basis, model.x_direction])
    # einsum, since BLAS would start threads for products as small as these.
    fitted = np.einsum("pn,nk->pk", permuted, columns)
    residuals = permuted - np.einsum("pk,nk->pn", fitted, columns)
    return _Fitted(fitted[:, -1], np.einsum("pn,pn->p", residuals, residuals), residuals)
