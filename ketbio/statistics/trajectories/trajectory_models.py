"""The model of every visit without what is permuted: what it leaves of the values, and its columns.

Participants keep their values, their missing visits and their covariates; only the arm (or the
sign) is dealt anew. So the part of each visit's model that does not hold the arm is the same in
every arrangement: it is taken out of the values once, and out of each dealt arm as it comes
(Frisch & Waugh 1933; Lovell 1963).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.covariates.linear_models import COLLINEAR, AdjustedModel
from ketbio.statistics.markers.marker_arrangements import LABELS, SIGNS, Arrangements
from ketbio.statistics.markers.marker_scores import LEAST_VARIANCE, MarkerScores, tie_tolerance
from ketbio.statistics.markers.marker_tables import is_constant
from ketbio.statistics.markers.products import product
from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VisitModels:
    """One linear model per visit, of those who are there; also the counts of its scores.

    Attributes
    ----------
    left : array of shape (visits, N)
        What intercept, blocks and covariates leave of the values; 0 where missing.
    basis : array of shape (visits, columns, N)
        Orthonormal columns of that part; 0 where missing, and where a visit needs fewer.
    present : array of shape (visits, N)
        1 where there is a value, else 0.
    df : array of shape (visits,)
        Degrees of freedom that the arm (or the mean) leaves.
    """

    left: FloatArray
    basis: FloatArray
    present: FloatArray
    df: FloatArray

    def spread(self, rows: FloatArray) -> FloatArray:
        """Return the sum of squares of what the model leaves of dealt arms, (visits, rows)."""
        whole = product(self.present, rows**2)
        for column in range(self.basis.shape[1]):
            whole -= product(self.basis[:, column], rows) ** 2
        whole[whole < LEAST_VARIANCE] = 0.0
        return whole

    def scores(self, sums: FloatArray, rows: FloatArray) -> FloatArray:
        """Return t/√(1 + t²) of dealt arms; NaN where an arrangement leaves nothing to compare."""
        squares = (self.left**2).sum(axis=1)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            r = np.clip(sums / np.sqrt(squares * self.spread(rows)), -1.0, 1.0)
            df = np.maximum(self.df, 0.0)[:, None]
            found = r * np.sqrt(df / (1 + (df - 1) * r**2))
        return np.where((df >= 1) & np.isfinite(found), found, np.nan)

    def take(self, markers: NDArray[np.intp]) -> "VisitModels":
        """Return the same for some of the visits, in that order."""
        return VisitModels(
            left=self.left[markers],
            basis=self.basis[markers],
            present=self.present[markers],
            df=self.df[markers],
        )

    def arm_left(self, visit: int, arm: FloatArray) -> FloatArray:
        """Return what the visit's model leaves of an arm, shape (N,); 0 where missing."""
        there = arm * self.present[visit]
        for _ in range(2):  # twice, since the first pass leaves rounding behind
            there = there - self.basis[visit].T @ (self.basis[visit] @ there)
        return np.asarray(there)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrajectoryDesign:
    """What is dealt, and the models that it is dealt over.

    Attributes
    ----------
    models : VisitModels
        One per visit.
    arrangements : Arrangements
        Of the participants.
    table : array of shape (N, visits)
        The values, in the order of the arrangements; NaN where missing.
    block : array of int, shape (N,)
        Ascending.
    n_covariates : int
        Columns adjusted for.
    columns : array of shape (N, columns)
        Indicators of the blocks and covariates, before any visit is looked at.
    """

    models: VisitModels
    arrangements: Arrangements
    table: FloatArray
    block: NDArray[np.intp]
    columns: FloatArray
    n_covariates: int = 0

    @property
    def can_vary(self) -> NDArray[np.bool_]:
        """Which visits have something to compare, shape (visits,)."""
        observed = self.arrangements.observed[None, :]
        has_both = self.models.spread(observed)[:, 0] > 0
        return np.asarray((self.models.df >= 1) & has_both & (self.models.left != 0).any(axis=1))

    def marker_scores(self, direction: int) -> MarkerScores:
        """Return the visits as the markers of a step-down test."""
        size = np.sqrt((self.models.left**2).sum(axis=1))
        largest = np.nanmax(np.abs(self.table), axis=0, initial=0.0)
        return MarkerScores(
            values=self.models.left,
            direction=direction,
            tolerance=tie_tolerance(len(self.table), largest / np.where(size == 0, 1.0, size)),
            realised=self.models,
        )

    def model_of(self, visit: int) -> AdjustedModel:
        """Return one visit's model with the arm as observed, of those who are there."""
        here = self.models.present[visit] > 0
        columns = self.models.basis[visit][:, here].T
        return AdjustedModel(
            y_left=self.models.left[visit][here],
            x_left=self.models.arm_left(visit, self.arrangements.observed)[here],
            basis=columns[:, np.abs(columns).max(axis=0, initial=0.0) > 0],
            block=self.block[here],
            unit=1.0,
            n_covariates=self.n_covariates,
        )


def arm_design(
    table: FloatArray, is_x: NDArray[np.bool_], covariates: FloatArray, block: NDArray[np.intp]
) -> TrajectoryDesign:
    """Return the design in which arms are dealt within blocks.

    Parameters
    ----------
    table : array of shape (N, visits)
        Values, NaN where missing; nobody without any.
    is_x : array of bool, shape (N,)
        Who is in the first arm.
    covariates : array of shape (N, q)
        Complete.
    block : array of int, shape (N,)
        0, 1, …
    """
    order = np.lexsort((~is_x, block))
    table, is_x, covariates, block = table[order], is_x[order], covariates[order], block[order]
    sizes = tuple(int(size) for size in np.bincount(block))
    in_block = (block[:, None] == np.arange(len(sizes))).astype(np.float64)
    columns = np.column_stack([in_block, covariates])
    return TrajectoryDesign(
        models=_visit_models(table, columns),
        arrangements=Arrangements(
            observed=is_x.astype(np.float64), block_sizes=sizes, dealing=LABELS
        ),
        table=table,
        block=block,
        columns=_orthonormal(columns),
        n_covariates=int(covariates.shape[1]),
    )


def sign_design(table: FloatArray) -> TrajectoryDesign:
    """Return the design in which each participant's differences keep or change their sign."""
    signs = np.ones(len(table))
    return TrajectoryDesign(
        models=_visit_models(table, np.empty((len(table), 0))),
        arrangements=Arrangements(observed=signs, block_sizes=(len(signs),), dealing=SIGNS),
        table=table,
        block=np.zeros(len(table), dtype=np.intp),
        columns=np.empty((len(table), 0)),
    )


def _visit_models(table: FloatArray, columns: FloatArray) -> VisitModels:
    present = ~np.isnan(table)
    flat = is_constant(table) if columns.shape[1] else np.zeros(table.shape[1], dtype=np.bool_)
    left, bases, ranks = np.zeros(table.T.shape), np.zeros((len(flat), *columns.T.shape)), []
    for visit, here in enumerate(present.T):
        basis = _orthonormal(columns[here])
        values = table[here, visit]
        centre = values.mean() if columns.shape[1] and values.size else 0.0
        rest = np.zeros_like(values) if flat[visit] else values - centre
        for _ in range(2):
            rest = rest - basis @ (basis.T @ rest)
        left[visit, here] = _or_nothing(rest, values - centre)
        bases[visit][: basis.shape[1], here] = basis.T
        ranks.append(basis.shape[1])
    df = present.sum(axis=0) - np.array(ranks) - 1.0
    return VisitModels(
        left=left, basis=bases, present=np.ascontiguousarray(present.T.astype(np.float64)), df=df
    )


def _orthonormal(columns: FloatArray) -> FloatArray:
    """Return orthonormal columns of the same span: those that follow from others add none."""
    if not columns.size:
        return np.empty((len(columns), 0))
    size = np.linalg.norm(columns, axis=0)
    u, strength, _ = np.linalg.svd(columns / np.where(size > 0, size, 1.0), full_matrices=False)
    return np.asarray(u[:, strength > COLLINEAR * strength[0]])


def _or_nothing(left: FloatArray, values: FloatArray) -> FloatArray:
    """Return residuals, or zeros where they are no more than the rounding of the values."""
    is_rounding = np.linalg.norm(left) <= 1e-12 * np.linalg.norm(values)
    return np.zeros_like(left) if is_rounding else left
