"""Percentage bend correlation: far values are bent to the edge of the middle 80 %, then Σ a·b.

Each side is bent on its own, so that dealing y anew deals the bent scores anew: the permutation
test is that of Σ a·b, as for Pearson's r. Values stand on a line for ranks, so that one
that is bent moves nothing else, however far it is.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.bootstrap import bootstrap_interval
from ketbio.statistics.correlation import perfect_if_near
from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import UNLIMITED, Limits
from ketbio.statistics.number_lines import to_rank_line
from ketbio.statistics.pairings.paired_values import Pairings, block_slices, centred_within
from ketbio.statistics.pairings.product_designs import ProductDesign, product_design
from ketbio.statistics.records import NAN, FloatArray

BEND = Fraction(1, 5)
"""Wilcox's β: this share of the values furthest from the median is bent."""

MOST_RESAMPLED = 50
"""Up to so many pairs the bootstrap takes `MANY` resamples, and beyond `SOME`."""

MANY, SOME = 99_999, 9_999
"""With few pairs BCa takes its limits from far out, where 9,999 resamples leave too little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BendInterval:
    """A bootstrap interval of the percentage-bend correlation.

    Attributes
    ----------
    limits : Limits
        Of the correlation; NaN where there are none.
    method : str
        How they were made.
    warnings : tuple of str
        Sentences that a reader of them must see.
    """

    limits: Limits
    method: str
    warnings: tuple[str, ...]


def bend_correlation(x: FloatArray, y: FloatArray, *, axis: int = -1) -> FloatArray:
    """Return the percentage-bend correlations of samples without blocks.

    Parameters
    ----------
    x, y : array of shape (..., n)
        Samples.
    axis : int
        Along which axis they are.

    Notes
    -----
    Where ω is 0 (see `bent_scores`) the limit of ever smaller ω takes its place: signs about the
    median. Only resamples of a bootstrap come to that; 0 where a side is constant.
    """
    sides = (np.moveaxis(values, axis, -1) for values in (x, y))
    a, b = (_bent(values - _median(values)) for values in sides)
    size = np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))
    found = (a * b).sum(axis=-1) / np.where(size == 0, 1.0, size)
    return np.asarray(np.clip(found, -1.0, 1.0))


def bend_value(pairings: Pairings) -> float:
    """Return the percentage-bend correlation r = Σ a·b / √(Σ a² Σ b²)."""
    a, b = _scores(pairings)
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return perfect_if_near(float(a @ b) / size)


def bend_design(pairings: Pairings) -> ProductDesign:
    """Return the bent scores as a design.

    Bent scores do not sum to 0, and neither does the correlation over all pairings: its mean is
    Σ_blocks Σa·Σb/n over the size of the scores.
    """
    a, b = _scores(pairings)
    centred_a, centred_b = (centred_within(values, pairings.block) for values in (a, b))
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    centred_size = float(np.linalg.norm(centred_a) * np.linalg.norm(centred_b))
    expected = sum(float(a[part].mean() * b[part].sum()) for part in block_slices(pairings.block))
    return product_design(a, b, pairings.block, shrink=centred_size / size, offset=expected / size)


def bent_scores(values: FloatArray, block: NDArray[np.intp], name: str) -> FloatArray:
    """Return the bent scores of one side, in steps of its number line (whole where it is exact).

    Each value's distance from the percentage-bend location, no further than ω: the ⌊0.8 n + ½⌋-th
    smallest distance from the median (Wilcox 1994). Within blocks, values are first taken from
    their block's median, so that a block that lies apart is not bent as a whole.

    Parameters
    ----------
    values : array of shape (n,)
        One side.
    block : array of int, shape (n,)
        Block numbers, ascending.
    name : str
        The argument's name, for the sentence.

    Raises
    ------
    StatisticsError
        ω is 0: too many values are equal.
    """
    from_median = _from_median(values, block)
    if _omega(from_median) == 0:
        rank = _rank_of_omega(values.size)
        place = "the median of their block" if block[-1] else "the median"
        raise StatisticsError(
            f"{name} has {int((from_median == 0).sum())} of {values.size} values equal to "
            f"{place}; allowed for percentage bend: fewer than {rank}, since the spread that it "
            'bends at would be 0. Use statistic="spearman" or "kendall".'
        )
    return _bent(from_median)


def bend_interval(pairings: Pairings, value: float, question: Question, seed: int) -> BendInterval:
    """Return the BCa bootstrap interval, one-sided where the alternative is.

    Parameters
    ----------
    pairings : Pairings
        What is correlated; within blocks there is no interval.
    value : float
        The correlation.
    question : Question
        Level and alternative.
    seed : int
        Of the resamples.
    """
    level = question.confidence_level
    if level is None:
        return BendInterval(limits=UNLIMITED, method="", warnings=())
    one_sided = question.alternative in {"less", "greater"}
    if pairings.is_blocked or abs(value) >= 1 or (one_sided and level <= 0.5):
        return BendInterval(
            limits=Limits(NAN, NAN), method="", warnings=(_no_interval(pairings, value),)
        )
    found = bootstrap_interval(
        bend_correlation,
        pairings.x,
        pairings.y,
        paired=True,
        n_resamples=MANY if pairings.n <= MOST_RESAMPLED else SOME,
        confidence_level=level,
        alternative=question.alternative,
        vectorized=True,
        seed=seed,
    )
    return BendInterval(
        limits=Limits(max(-1.0, found.ci_low), min(1.0, found.ci_high)),
        method=found.ci_method,
        warnings=found.warnings,
    )


def disagreement_warning(limits: Limits, p_value: float, question: Question) -> tuple[str, ...]:
    """Return a sentence where the interval, which does not invert the test, disagrees with it."""
    if math.isnan(limits.low) or math.isnan(limits.high):
        return ()
    rejects = p_value < float(question.alpha)
    if rejects == (limits.low > 0 or limits.high < 0):
        return ()
    return (
        "The bootstrap interval and the permutation test disagree about zero: the interval does "
        "not invert the test, and p is the one that is exact.",
    )


def _no_interval(pairings: Pairings, value: float) -> str:
    if pairings.is_blocked:
        return "There is no interval of a percentage-bend correlation within blocks."
    if abs(value) >= 1:
        return f"Percentage-bend r is {value:+.0f}: its bootstrap has no spread there."
    return "There is no one-sided bootstrap interval at a level of 0.5 or less."


def _scores(pairings: Pairings) -> tuple[FloatArray, FloatArray]:
    return (
        bent_scores(pairings.x, pairings.block, "x"),
        bent_scores(pairings.y, pairings.block, "y"),
    )


def _from_median(values: FloatArray, block: NDArray[np.intp]) -> FloatArray:
    """Return positions, multiplied by 4 to keep medians whole, less their block's median.

    Those of several blocks are then taken from the median of them all.
    """
    aligned = 4 * to_rank_line(values).positions
    for part in block_slices(block):
        aligned[part] -= _median(aligned[part])
    return np.asarray(aligned - _median(aligned), dtype=np.float64)


def _bent(from_median: FloatArray) -> FloatArray:
    """Return bent scores of shape (..., n)."""
    omega = _omega(from_median)
    low, high = from_median < -omega, from_median > omega
    kept = ~(low | high)
    # Times the number of values kept, so that the location stays a whole number.
    n_kept, excess = _count(kept), _count(high) - _count(low)
    location = np.where(kept, from_median, 0.0).sum(axis=-1, keepdims=True) + omega * excess
    # The location is within 1.5 ω: what is further than 4 ω from 0 is bent in any case.
    near = np.clip(from_median, -4 * omega, 4 * omega)
    edge = n_kept * omega
    bent = np.clip(n_kept * near - location, -edge, edge)
    return np.asarray(np.where(omega == 0, np.sign(from_median), bent), dtype=np.float64)


def _count(which: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.count_nonzero(which, axis=-1, keepdims=True)


def _median(values: FloatArray) -> FloatArray:
    """Return medians along the last axis, which is kept."""
    ascending, size = np.sort(values, axis=-1), values.shape[-1]
    first, last = (size - 1) // 2, size // 2
    return np.asarray(ascending[..., first : first + 1] + ascending[..., last : last + 1]) / 2


def _omega(from_median: FloatArray) -> FloatArray:
    """Return ω along the last axis, which is kept."""
    rank = _rank_of_omega(from_median.shape[-1])
    return np.asarray(np.sort(np.abs(from_median), axis=-1)[..., rank - 1 : rank])


def _rank_of_omega(n: int) -> int:
    # In whole numbers, since 0.8 · n + 0.5 may fall short of a whole number as a float.
    return (2 * (BEND.denominator - BEND.numerator) * n + BEND.denominator) // (
        2 * BEND.denominator
    )
