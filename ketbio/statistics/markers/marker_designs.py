"""Many markers of the same participants: two groups, pairs or pairings, validated."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_blocks, as_values
from ketbio.statistics.markers.marker_arrangements import LABELS, PAIRINGS, SIGNS, Arrangements
from ketbio.statistics.markers.marker_scores import MarkerScores, linear_scores, pair_scores
from ketbio.statistics.markers.marker_tables import as_markers, is_constant
from ketbio.statistics.number_lines import NOISE, TIE_TOLERANCE
from ketbio.statistics.records import FloatArray
from ketbio.statistics.signs.pairs import IDLE_BLOCKS
from ketbio.statistics.two_groups.groups import one_sided_blocks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkerDesign:
    """What is permuted, and what each marker gives by itself.

    Attributes
    ----------
    scores : MarkerScores
        Of every marker.
    arrangements : Arrangements
        Of the participants; all of them, until drawing is chosen.
    estimates : array of shape (k,)
        Mean difference, mean or correlation; NaN where there is none.
    estimate_name : str
        Which of these.
    n : array of int, shape (k, groups)
        Values per marker and group.
    df : array of shape (k,)
        Degrees of freedom of t.
    can_vary : array of bool, shape (k,)
        Which markers any arrangement can tell from another.
    n_missing : array of int, shape (k,)
        Participants without a value.
    warnings : tuple of str
        Sentences on the blocks.
    """

    scores: MarkerScores
    arrangements: Arrangements
    estimates: FloatArray
    estimate_name: str
    n: NDArray[np.int64]
    df: FloatArray
    can_vary: NDArray[np.bool_]
    n_missing: NDArray[np.int64]
    warnings: tuple[str, ...] = ()

    @property
    def observed_statistics(self) -> FloatArray:
        """Student's t, or z within several blocks, shape (k,); 0 where there is none."""
        found = self.scores.signed(self.arrangements.observed[None, :])[:, 0]
        if len(self.arrangements.block_sizes) == 1:
            found = self._student_t(found)
        return np.where(self.can_vary & ~np.isnan(found), found, 0.0)

    def _student_t(self, scores: FloatArray) -> FloatArray:
        """Return t, infinite where the values within do not vary."""
        squares = scores**2
        if self.scores.realised is None:  # z, else t/√(1 + t²)
            squares = self.df * squares / (self.df + 1 + (self.df - 1) * squares)
        within = np.where(1 - squares > TIE_TOLERANCE, 1 - squares, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.sign(scores) * np.sqrt(squares / within))


def two_group_markers(
    x: ArrayLike, y: ArrayLike | None, blocks: ArrayLike | None, direction: int
) -> MarkerDesign:
    """Return two groups of participants, shapes (n, k) and (m, k)."""
    first, second = _both(x, y)
    table = np.concatenate([first, second])
    is_x = np.arange(len(table)) < len(first)
    block = as_blocks(blocks, len(table))
    order = np.lexsort((~is_x, block))
    table, is_x, block = table[order], is_x[order], block[order]
    labels = is_x.astype(np.float64)
    sizes = _sizes(block)
    present = ~np.isnan(table)
    sums = _within_blocks(table, labels, sizes)
    return MarkerDesign(
        scores=linear_scores(table, labels, sizes, direction),
        arrangements=Arrangements(observed=labels, block_sizes=sizes, dealing=LABELS),
        estimates=_ratio(sums.products, sums.arrangement),
        estimate_name="mean difference within blocks" if len(sizes) > 1 else "mean difference",
        n=np.stack([present[is_x].sum(axis=0), present[~is_x].sum(axis=0)], axis=1),
        df=present.sum(axis=0) - 2.0,
        can_vary=(sums.marker > 0) & ((present.sum(axis=0) > 2) | (len(sizes) > 1)),
        n_missing=(~present).sum(axis=0),
        warnings=one_sided_blocks(block, is_x),
    )


def pair_markers(
    x: ArrayLike, y: ArrayLike | None, blocks: ArrayLike | None, direction: int
) -> MarkerDesign:
    """Return pairs x − y, shape (n, k), or differences x."""
    first = as_markers(x, "x")
    differences, largest = first, np.abs(first)
    if y is not None:
        first, second = _both(x, y, paired=True)
        largest = np.maximum(np.abs(first), np.abs(second))
        differences = first - second
        differences[np.abs(differences) <= NOISE * largest] = 0.0
    block = as_blocks(blocks, len(differences), of_pairs=True)
    present = ~np.isnan(differences)
    n = present.sum(axis=0)
    signs = np.ones(len(differences))
    largest = np.where(present, largest, 0.0).max(axis=0)
    return MarkerDesign(
        scores=pair_scores(differences, largest, direction),
        arrangements=Arrangements(observed=signs, block_sizes=(len(signs),), dealing=SIGNS),
        estimates=_ratio(np.where(present, differences, 0.0).sum(axis=0), n.astype(np.float64)),
        estimate_name="mean of differences",
        n=n[:, None],
        df=n - 1.0,
        can_vary=(np.where(present, differences, 0.0) != 0).any(axis=0) & (n > 1),
        n_missing=(~present).sum(axis=0),
        warnings=(IDLE_BLOCKS,) if block.max() > 0 else (),
    )


def pairing_markers(
    x: ArrayLike, y: ArrayLike | None, blocks: ArrayLike | None, direction: int
) -> MarkerDesign:
    """Return markers, shape (n, k), and the outcome that they are paired with, shape (n,)."""
    table = as_markers(x, "x")
    outcome = as_values(_given(y, "the outcome of each participant"), "y")
    if outcome.size != len(table):
        raise StatisticsError(
            f"x has {len(table)} participants and y has {outcome.size} values; allowed: the same "
            "number. Match them by participant first."
        )
    if is_constant(outcome[:, None])[0]:
        raise StatisticsError(
            "y is the same in every participant; allowed: an outcome that varies, since nothing "
            "can correlate with a constant."
        )
    block = as_blocks(blocks, len(table))
    order = np.argsort(block, kind="stable")
    table, outcome, sizes = table[order], outcome[order], _sizes(block)
    outcome = (outcome - outcome.mean()) / outcome.std()
    n = (~np.isnan(table)).sum(axis=0)
    sums = _within_blocks(table, outcome, sizes)
    r = _ratio(sums.products, np.sqrt(sums.marker * sums.arrangement))
    return MarkerDesign(
        scores=linear_scores(table, outcome, sizes, direction),
        arrangements=Arrangements(observed=outcome, block_sizes=sizes, dealing=PAIRINGS),
        estimates=np.clip(r, -1.0, 1.0),
        estimate_name="Pearson r within blocks" if len(sizes) > 1 else "Pearson r",
        n=n[:, None],
        df=n - 2.0,
        can_vary=(sums.marker > 0) & ((n > 2) | (len(sizes) > 1)),
        n_missing=len(table) - n,
    )


DESIGNS: dict[str, Callable[[ArrayLike, ArrayLike | None, ArrayLike | None, int], MarkerDesign]] = {
    "two_groups": two_group_markers,
    "pairs": pair_markers,
    "pairings": pairing_markers,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sums:
    """Sums over the participants that a marker has, of deviations from block means, (k,) each."""

    products: FloatArray
    marker: FloatArray
    arrangement: FloatArray


def _within_blocks(table: FloatArray, dealt: FloatArray, sizes: tuple[int, ...]) -> _Sums:
    products = np.zeros(table.shape[1])
    marker, arrangement = np.zeros_like(products), np.zeros_like(products)
    ends = np.cumsum(sizes)[:-1]
    for values, numbers in zip(np.split(table, ends), np.split(dealt, ends), strict=True):
        present = ~np.isnan(values)
        n = np.maximum(present.sum(axis=0), 1)
        filled = np.where(present, values, 0.0)
        spread = np.where(present, numbers[:, None], 0.0)
        one = np.where(present & ~is_constant(values), filled - filled.sum(axis=0) / n, 0.0)
        other = np.where(present, spread - spread.sum(axis=0) / n, 0.0)
        products += (one * other).sum(axis=0)
        marker += (one**2).sum(axis=0)
        arrangement += (other**2).sum(axis=0)
    return _Sums(products=products, marker=marker, arrangement=arrangement)


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """Return above / below; NaN where below is 0."""
    return np.asarray(np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan))


def _sizes(block: NDArray[np.intp]) -> tuple[int, ...]:
    return tuple(int(size) for size in np.bincount(block))


def _given(y: ArrayLike | None, what: str) -> ArrayLike:
    if y is None:
        raise StatisticsError(
            f'y is None; allowed with this design: {what}. Give y, or design="pairs" for changes.'
        )
    return y


def _both(
    x: ArrayLike, y: ArrayLike | None, *, paired: bool = False
) -> tuple[FloatArray, FloatArray]:
    first = as_markers(x, "x")
    second = as_markers(_given(y, "the markers of the second group"), "y")
    if first.shape[1] != second.shape[1] or (paired and len(first) != len(second)):
        raise StatisticsError(
            f"x has shape {first.shape} and y has {second.shape}; allowed: the same markers in the "
            "same order" + (", and one row per participant in both." if paired else ".")
        )
    return first, second
