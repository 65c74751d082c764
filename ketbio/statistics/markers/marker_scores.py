"""The statistics of all markers over a batch of arrangements, made comparable between markers.

Every statistic is a sum of products with the arrangement, so that a batch is one matrix product.
Without missing values each sum is divided by its standard deviation over all arrangements: z, of
which Student's t is the same rising function for every marker, so that z orders as t does. With
missing values the counts differ between markers and arrangements; the standard deviation is then
the one given the participants that are there, and z becomes t/√(1 + t²), which orders as t does
and stays finite.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.markers.marker_tables import is_constant
from ketbio.statistics.markers.products import product
from ketbio.statistics.number_lines import NOISE, TIE_TOLERANCE
from ketbio.statistics.records import FloatArray

LEAST_VARIANCE = 1e-9
"""A standardised arrangement that varies less than this over a marker's participants is constant
there: one group is empty, or everyone has the same outcome."""


class Realised(Protocol):
    """Turns sums into comparable scores where values are missing."""

    def scores(self, sums: FloatArray, rows: FloatArray) -> FloatArray:
        """Return scores of shape (k, rows); NaN where an arrangement leaves nothing to compare."""

    def take(self, markers: NDArray[np.intp]) -> "Realised":
        """Return the same for some of the markers, in that order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkerScores:
    """Markers ready to be multiplied with arrangements.

    Attributes
    ----------
    values : array of shape (k, N)
        Deviations from the marker's mean (within blocks; pairs: the differences themselves), 0
        where missing; divided by the standard deviation of their sum where nothing is missing.
    direction : int
        1 or −1: one-sided, larger or smaller is more extreme; 0: two-sided.
    tolerance : array of shape (k,)
        How close two scores of a marker count as tied.
    realised : Realised or None
        None where nothing is missing.
    """

    values: FloatArray
    direction: int
    tolerance: FloatArray
    realised: Realised | None

    def take(self, markers: NDArray[np.intp]) -> "MarkerScores":
        """Return some of the markers, in that order."""
        return MarkerScores(
            values=self.values[markers],
            direction=self.direction,
            tolerance=self.tolerance[markers],
            realised=None if self.realised is None else self.realised.take(markers),
        )

    def signed(self, rows: FloatArray) -> FloatArray:
        """Return scores with their sign, shape (k, rows); NaN where there is nothing to compare."""
        sums = product(self.values, rows)
        return sums if self.realised is None else self.realised.scores(sums, rows)

    def extremeness(self, rows: FloatArray) -> FloatArray:
        """Return how extreme each marker is in each arrangement, shape (k, rows).

        The larger the more extreme; 0 where there is nothing to compare.
        """
        scores = self._towards(rows)
        if self.realised is not None:
            np.copyto(scores, 0.0, where=np.isnan(scores))
        return scores

    def observed(self, arrangement: FloatArray) -> FloatArray:
        """Return how extreme each marker is as observed, shape (k,).

        The least there is where there is nothing to compare, so that such a marker has p = 1.
        """
        scores = self._towards(arrangement[None, :])[:, 0]
        return np.where(np.isnan(scores), -np.inf, scores)

    def _towards(self, rows: FloatArray) -> FloatArray:
        scores = self.signed(rows)
        if self.direction == 0:
            np.abs(scores, out=scores)
        elif self.direction < 0:
            np.negative(scores, out=scores)
        return scores


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FixedCounts:
    """Pairs: changing signs leaves a marker's number of differences as it is.

    Attributes
    ----------
    sizes : array of shape (k,)
        Roots of the sums of squares.
    df : array of shape (k,)
        Differences less one.
    """

    sizes: FloatArray
    df: FloatArray

    def scores(self, sums: FloatArray, rows: FloatArray) -> FloatArray:
        """Return t/√(1 + t²)."""
        del rows
        return bounded(sums / self.sizes[:, None], self.df[:, None])

    def take(self, markers: NDArray[np.intp]) -> "FixedCounts":
        """Return the same for some of the markers, in that order."""
        return FixedCounts(sizes=self.sizes[markers], df=self.df[markers])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RealisedCounts:
    """Groups and pairings: who of each marker falls into which group differs by arrangement.

    Attributes
    ----------
    present : array of shape (k, N)
        1 where the marker has a value, else 0.
    squares : array of shape (k, blocks)
        Sums of squared deviations within blocks.
    block_sizes : tuple of int
        Participants per block.
    """

    present: FloatArray
    squares: FloatArray
    block_sizes: tuple[int, ...]

    def scores(self, sums: FloatArray, rows: FloatArray) -> FloatArray:
        """Return t/√(1 + t²), or z within several blocks; NaN where nothing can be compared."""
        variance = np.zeros_like(sums)
        ends = np.cumsum(self.block_sizes)
        for block, (end, size) in enumerate(zip(ends, self.block_sizes, strict=True)):
            members = slice(end - size, end)
            there, dealt = self.present[:, members], rows[:, members].T
            count = np.maximum(there.sum(axis=1), 1)[:, None]
            spread = there @ dealt**2 - (there @ dealt) ** 2 / count
            spread[spread < LEAST_VARIANCE] = 0.0
            variance += self.squares[:, block, None] / np.maximum(count - 1, 1) * spread
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = sums / np.sqrt(variance)
        scores[variance == 0] = np.nan
        if len(self.block_sizes) > 1:
            return scores
        return bounded(scores, self.present.sum(axis=1)[:, None] - 2)

    def take(self, markers: NDArray[np.intp]) -> "RealisedCounts":
        """Return the same for some of the markers, in that order."""
        return RealisedCounts(
            present=self.present[markers],
            squares=self.squares[markers],
            block_sizes=self.block_sizes,
        )


def bounded(z: FloatArray, df: FloatArray) -> FloatArray:
    """Return t/√(1 + t²) of a standardised sum: between −1 and 1, NaN without degrees of freedom.

    Parameters
    ----------
    z : array
        The sum over its standard deviation over all arrangements.
    df : array
        Degrees of freedom of t: values less 2 (two groups, pairings), differences less 1.

    Notes
    -----
    t² = df·z²/(df + 1 − z²), since the sum of squares within is the total less what lies between.

    Examples
    --------
    >>> float(bounded(np.array(2.0), np.array(8.0)).round(4))
    0.93
    """
    with np.errstate(invalid="ignore"):
        scores = z * np.sqrt(np.maximum(df, 0) / (df + 1 + (df - 1) * z**2))
    return np.where(df >= 1, scores, np.nan)


def pair_scores(differences: FloatArray, largest: FloatArray, direction: int) -> MarkerScores:
    """Return the scores of differences.

    Parameters
    ----------
    differences : array of shape (n, k)
        NaN where missing.
    largest : array of shape (k,)
        Size of the largest value that they are differences of, whose noise they carry.
    direction : int
        As in `MarkerScores`.
    """
    present = ~np.isnan(differences)
    values = np.where(present, differences, 0.0)
    sizes = np.sqrt((values**2).sum(axis=0))
    sizes[sizes == 0] = 1.0
    is_complete = bool(present.all())
    counts = None
    if not is_complete:
        counts = FixedCounts(sizes=sizes, df=present.sum(axis=0).astype(np.float64) - 1)
    return MarkerScores(
        values=np.ascontiguousarray((values / sizes if is_complete else values).T),
        direction=direction,
        tolerance=tie_tolerance(len(values), largest / sizes),
        realised=counts,
    )


def linear_scores(
    table: FloatArray, observed: FloatArray, block_sizes: tuple[int, ...], direction: int
) -> MarkerScores:
    """Return the scores of markers, shape (N, k), NaN where missing, in the order of blocks.

    Parameters
    ----------
    table : array of shape (N, k)
        Values.
    observed : array of shape (N,)
        The observed arrangement: labels or outcomes.
    block_sizes : tuple of int
        Participants per block.
    direction : int
        As in `MarkerScores`.
    """
    present = ~np.isnan(table)
    is_complete = bool(present.all())
    values, squares = _centred(table, present, block_sizes)
    total = squares.sum(axis=1)
    largest = np.abs(np.where(present, table, 0.0)).max(axis=0)
    counts = None
    if is_complete:
        spread = _deviation(squares, observed, block_sizes)
        values = values / np.where(spread == 0, 1.0, spread)
    else:
        counts = RealisedCounts(
            present=np.ascontiguousarray(present.T.astype(np.float64)),
            squares=squares,
            block_sizes=block_sizes,
        )
    return MarkerScores(
        values=np.ascontiguousarray(values.T),
        direction=direction,
        tolerance=tie_tolerance(len(table), largest / np.sqrt(np.where(total == 0, 1.0, total))),
        realised=counts,
    )


def tie_tolerance(n: int, relative_size: FloatArray) -> FloatArray:
    """Return how close two scores count as tied.

    Parameters
    ----------
    n : int
        Participants.
    relative_size : array of shape (k,)
        Each marker's largest value over the root of its sum of squares: what calculating the
        values may have changed them by counts for more where they are large and vary little.
    """
    return np.asarray(TIE_TOLERANCE * np.sqrt(n) + NOISE * n * relative_size)


def _centred(
    table: FloatArray, present: NDArray[np.bool_], block_sizes: tuple[int, ...]
) -> tuple[FloatArray, FloatArray]:
    """Return deviations from the means of blocks, (N, k), and their sums of squares, (k, b)."""
    ends = np.cumsum(block_sizes)[:-1]
    parts, squares = [], []
    for values, there in zip(np.split(table, ends), np.split(present, ends), strict=True):
        filled = np.where(there, values, 0.0)
        mean = filled.sum(axis=0) / np.maximum(there.sum(axis=0), 1)
        flat = is_constant(values)
        parts.append(np.where(there & ~flat, filled - mean, 0.0))
        squares.append((parts[-1] ** 2).sum(axis=0))
    return np.concatenate(parts), np.stack(squares, axis=1)


def _deviation(
    squares: FloatArray, observed: FloatArray, block_sizes: tuple[int, ...]
) -> FloatArray:
    """Return the standard deviation of each marker's sum over all arrangements, shape (k,)."""
    parts = np.split(observed, np.cumsum(block_sizes)[:-1])
    shares = [((part - part.mean()) ** 2).sum() / max(part.size - 1, 1) for part in parts]
    return np.asarray(np.sqrt(squares @ np.array(shares)))
