"""Scores of censored values: how far a value stands above or below the others, as known.

A value below its limit is strictly lower than the limit and may lie anywhere there. An observed
value equal to that limit is therefore above it; two values below limits cannot be ordered. Values
above a limit are the mirror image.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike

from ketbio.errors import StatisticsError
from ketbio.statistics.censored.censored_values import (
    CensoredValues,
    Flags,
    as_flags,
    refuse_both,
)
from ketbio.statistics.inputs import as_values
from ketbio.statistics.number_lines import EXACT_LIMIT, TIE_TOLERANCE, NumberLine, to_rank_line
from ketbio.statistics.records import FloatArray


def gehan_scores(
    values: ArrayLike, below: ArrayLike | None = None, above: ArrayLike | None = None
) -> FloatArray:
    """Return how many others are certainly below each value, minus how many certainly above.

    Parameters
    ----------
    values : array-like of numbers, shape (n,)
        Values, or limits where ``below``; limits may differ.
    below, above : array-like of bool, shape (n,), optional
        Whether the value is strictly below the number given, or strictly above; None: no value is.

    Returns
    -------
    array of shape (n,)
        Whole numbers that sum to 0. Ties and pairs that cannot be ordered add nothing. Without
        censored values: twice the mid-rank minus n + 1.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Notes
    -----
    Gehan (1965), who has values above limits, for either side; Helsel (2012, chapter 9).

    Examples
    --------
    >>> gehan_scores([1.0, 1.0, 2.0, 3.0], [True, False, False, True])
    array([-2.,  0.,  2.,  0.])
    """
    return _scored(values, below, above, "gehan")


def peto_scores(
    values: ArrayLike, below: ArrayLike | None = None, above: ArrayLike | None = None
) -> FloatArray:
    """Return the scores of the generalised Wilcoxon test of Peto & Peto.

    Parameters
    ----------
    values : array-like of numbers, shape (n,)
        Values, or limits where ``below``; limits may differ.
    below, above : array-like of bool, shape (n,), optional
        Whether the value is strictly below the number given, or strictly above; None: no value is.

    Returns
    -------
    array of shape (n,)
        F(v) + F(v−) − 1 for an observed value v and F(L−) − 1 for one below the limit L, where F
        is the Kaplan–Meier estimate of the distribution of left-censored values; they sum to 0.
        Without censored values: (twice the mid-rank − n − 1)/n. Values above limits: the mirror
        image.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Notes
    -----
    Peto & Peto (1972), turned from right- to left-censored values. These are the scores of R's
    ``survdiff(rho = 1)``, by which NADA's ``cendiff`` compares groups.

    Examples
    --------
    >>> peto_scores([1.0, 1.0, 2.0, 4.0], [True, False, False, False])
    array([-0.75, -0.25,  0.25,  0.75])
    """
    return _scored(values, below, above, "peto")


def block_scores(values: CensoredValues, scores: str) -> list[Fraction]:
    """Return the scores within blocks, exactly.

    Parameters
    ----------
    values : CensoredValues
        Values and limits on a line.
    scores : str
        One of `SCORES`.
    """
    found = [Fraction(0)] * values.level.size
    for number in np.unique(values.block):
        places = np.flatnonzero(values.block == number)
        for place, one in zip(
            places.tolist(), SCORES[scores](values.of_block(int(number))), strict=True
        ):
            found[place] = one
    return found


def score_line(scores: Sequence[Fraction]) -> NumberLine:
    """Put fractions on a line from zero: whole numbers where float64 holds their sums exactly.

    Examples
    --------
    >>> line = score_line([Fraction(1, 3), Fraction(-1, 2)])
    >>> line.positions, line.unit, line.tolerance
    (array([ 2., -3.]), Fraction(1, 6), 0.0)
    """
    finest = math.lcm(*(score.denominator for score in scores))
    whole = [int(score * finest) for score in scores]
    step = math.gcd(*whole) or 1
    positions = [number // step for number in whole]
    if max(map(abs, positions)) * len(positions) ** 2 * 4 < EXACT_LIMIT:
        return NumberLine(
            positions=np.array(positions, dtype=np.float64),
            origin=Fraction(0),
            unit=Fraction(step, finest),
            is_exact=True,
            tolerance=0.0,
        )
    rounded = np.array([float(score) for score in scores])
    return NumberLine(
        positions=rounded,
        origin=Fraction(0),
        unit=Fraction(1),
        is_exact=False,
        tolerance=TIE_TOLERANCE * float(np.abs(rounded).sum()),
    )


def _scored(
    values: ArrayLike, below: ArrayLike | None, above: ArrayLike | None, scores: str
) -> FloatArray:
    numbers = as_values(values, "values")
    low, high = as_flags(below, "below", numbers.size), as_flags(above, "above", numbers.size)
    refuse_both(low, high, "values")
    one_block = CensoredValues(
        level=to_rank_line(numbers).positions,
        below=low,
        above=high,
        block=np.zeros(numbers.size, dtype=np.intp),
        is_x=np.ones(numbers.size, dtype=np.bool_),
    )
    return np.array([float(one) for one in block_scores(one_block, scores)])


def _gehan(values: CensoredValues) -> list[Fraction]:
    low, high = values.ends()
    lower = np.searchsorted(np.sort(high), low, side="left")
    higher = low.size - np.searchsorted(np.sort(low), high, side="right")
    return [Fraction(int(one)) for one in lower - higher]


def _peto(values: CensoredValues) -> list[Fraction]:
    if not values.above.any():
        return _peto_below(values.level, values.below)
    if not values.below.any():
        return [-one for one in _peto_below(-values.level, values.above)]
    raise StatisticsError(
        "scores is 'peto', but some values are below a limit and others above one, for which "
        "these scores are not defined; allowed with both: 'gehan'."
    )


def _peto_below(level: FloatArray, below: Flags) -> list[Fraction]:
    seen = level[~below]
    values, counts = np.unique(seen, return_counts=True)
    n_to = np.searchsorted(np.sort(level), values, side="right")
    share = Fraction(1)
    # F just below each observed value, from the highest down; above all of them F is 1.
    beneath = [Fraction(1)] * (values.size + 1)
    for place in range(values.size - 1, -1, -1):
        share *= Fraction(int(n_to[place] - counts[place]), int(n_to[place]))
        beneath[place] = share
    places = np.searchsorted(values, level, side="left").tolist()
    return [
        beneath[place] - 1 + (Fraction(0) if limit else beneath[place + 1])
        for place, limit in zip(places, below.tolist(), strict=True)
    ]


Score = Callable[[CensoredValues], list[Fraction]]

SCORES: dict[str, Score] = {"gehan": _gehan, "peto": _peto}
