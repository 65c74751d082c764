"""Values as exact whole numbers where they have few decimals, so that no count depends on rounding.

A measured value such as 12.35 is not a binary fraction: two sums that are equal on paper differ in
the last bit of a float. `to_number_line` finds the decimal grid that the values lie on and
returns whole numbers on it, held in float64 (exact up to 2**53, and fast).
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ketbio.statistics.records import FloatArray

MAX_DECIMALS = 12
EXACT_LIMIT = 2**53
TIE_TOLERANCE = 1e-10
"""Where values are not on a grid, sums closer than this share of their range are ties."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumberLine:
    """Values on a line: ``value = origin + unit · position``.

    Attributes
    ----------
    positions : array of shape (n,)
        Whole numbers from 0 where ``is_exact``; else values less their mean.
    origin, unit : Fraction
        In the data's units.
    is_exact : bool
        Whether positions are whole numbers whose sums float64 holds exactly.
    tolerance : float
        0 where exact; else how close two sums of positions count as tied.
    """

    positions: FloatArray
    origin: Fraction
    unit: Fraction
    is_exact: bool
    tolerance: float


def to_number_line(values: FloatArray, *, from_zero: bool = False) -> NumberLine:
    """Put values on the coarsest decimal grid that holds them all exactly, if there is one.

    Parameters
    ----------
    values : array of shape (n,)
        Finite numbers.
    from_zero : bool
        Whether ``origin`` must be 0 (for differences, whose sign counts); positions may then be
        negative.

    Examples
    --------
    >>> line = to_number_line(np.array([0.3, 0.1, 0.7]))
    >>> line.positions, line.unit, line.is_exact
    (array([1., 0., 3.]), Fraction(1, 5), True)
    """
    whole = _whole_numbers(values)
    if whole is None:
        return _float_line(values, from_zero=from_zero)
    return _exact_line(*whole, from_zero=from_zero) or _float_line(values, from_zero=from_zero)


def to_difference_line(x: FloatArray, y: FloatArray) -> NumberLine:
    """Put the differences x − y on a line from zero, exactly where x and y have few decimals.

    Examples
    --------
    >>> to_difference_line(np.array([0.3, 1.2]), np.array([0.1, 1.2])).positions
    array([1., 0.])
    """
    whole = _whole_numbers(np.concatenate([x, y]))
    if whole is not None:
        numbers, decimals = whole
        pairs = zip(numbers[: x.size], numbers[x.size :], strict=True)
        line = _exact_line([a - b for a, b in pairs], decimals, from_zero=True)
        if line is not None:
            return line
    return _float_line(x - y, from_zero=True)


def _whole_numbers(values: FloatArray) -> tuple[list[int], int] | None:
    for decimals in range(MAX_DECIMALS + 1):
        scaled = values * 10.0**decimals
        if np.abs(scaled).max() >= EXACT_LIMIT:
            return None
        rounded = np.rint(scaled)
        # Exact: the decimal number with so many places reads back as the very same float.
        if np.array_equal(rounded / 10.0**decimals, values):
            return [int(number) for number in rounded], decimals
    return None


def _exact_line(numbers: list[int], decimals: int, *, from_zero: bool) -> NumberLine | None:
    lowest = 0 if from_zero else min(numbers)
    step = math.gcd(*(number - lowest for number in numbers)) or 1
    positions = [(number - lowest) // step for number in numbers]
    # A sum of all positions, times n for centring, must stay exact.
    if max(map(abs, positions)) * len(positions) ** 2 * 4 >= EXACT_LIMIT:
        return None
    return NumberLine(
        positions=np.array(positions, dtype=np.float64),
        origin=Fraction(lowest, 10**decimals),
        unit=Fraction(step, 10**decimals),
        is_exact=True,
        tolerance=0.0,
    )


def _float_line(values: FloatArray, *, from_zero: bool) -> NumberLine:
    centre = 0.0 if from_zero else float(np.mean(values))
    spread = float(np.abs(values - centre).max()) or 1.0
    positions = (values - centre) / spread
    return NumberLine(
        positions=positions,
        origin=Fraction(centre),
        unit=Fraction(spread),
        is_exact=False,
        tolerance=TIE_TOLERANCE * float(np.abs(positions).sum()),
    )
