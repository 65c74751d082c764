"""Values as exact whole numbers where they have few decimals, so that no count depends on rounding.

A measured value such as 12.35 is not a binary fraction: two sums that are equal on paper differ in
the last bit of a float. `to_number_line` finds the decimal grid that the values lie on and
returns whole numbers on it, held in float64 (exact up to 2**53, and fast). Values that were
calculated, such as 0.1 + 0.2, miss their grid by binary noise and are put back on it. Where there
is no grid, neighbours closer than the noise are made equal.
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

NOISE = 1e-12
"""What calculating a value may have changed it by, as a share of its size."""

CLEAR_OF_NOISE = 1_000
"""How many times the noise a grid's step must be for values to be put on it."""


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
    """Put values on the coarsest decimal grid that holds them all, if there is one.

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


def to_rank_line(values: FloatArray) -> NumberLine:
    """Put values on a line for ranks: no value, however far, may blur the others.

    Where there is no exact line the positions are the values `without_noise` themselves, since a
    line that has to hold 1e20 would let 1 and 2 fall together.

    Examples
    --------
    >>> to_rank_line(np.array([1.5, 1e20, 2.5])).positions
    array([1.5e+00, 1.0e+20, 2.5e+00])
    """
    whole = _whole_numbers(values)
    line = None if whole is None else _exact_line(*whole, from_zero=False)
    return line or NumberLine(
        positions=without_noise(values),
        origin=Fraction(0),
        unit=Fraction(1),
        is_exact=False,
        tolerance=0.0,
    )


def to_difference_line(x: FloatArray, y: FloatArray) -> NumberLine:
    """Put the differences x − y on a line from zero, exactly where x and y have few decimals.

    Examples
    --------
    >>> to_difference_line(np.array([0.3, 1.2]), np.array([0.1, 1.2])).positions
    array([1., 0.])
    """
    whole = _whole_differences(x, y)
    line = None if whole is None else _exact_line(*whole, from_zero=True)
    return line or _float_line(differences_without_noise(x, y), from_zero=True)


def without_noise(values: FloatArray) -> FloatArray:
    """Return the values as they are on paper: on their decimal grid, or with near ones equal.

    Parameters
    ----------
    values : array of shape (n,)
        Finite numbers.

    Returns
    -------
    array of shape (n,)
        None is further from what was given than `NOISE` times its size or the median size.

    Examples
    --------
    >>> without_noise(np.array([0.1 + 0.2, 0.3])).tolist()
    [0.3, 0.3]
    """
    if np.array_equal(values, np.rint(values)):
        return values
    whole = _whole_numbers(values)
    if whole is not None:
        return np.array(whole[0], dtype=np.float64) / 10.0 ** whole[1]
    return merge_near(values, noise_of(values))


def differences_without_noise(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return x − y as they are on paper; those within the noise of x and y are 0.

    Examples
    --------
    >>> differences_without_noise(np.array([0.3, 0.5]), np.array([0.1, 0.3])).tolist()
    [0.2, 0.2]
    """
    whole = _whole_differences(x, y)
    if whole is not None:
        return np.array(whole[0], dtype=np.float64) / 10.0 ** whole[1]
    return _merge_sizes(x - y, np.maximum(noise_of(x), noise_of(y)))


def merge_near(values: FloatArray, noise: FloatArray) -> FloatArray:
    """Return the values, neighbours no further apart than their noise being made equal.

    Parameters
    ----------
    values, noise : array of shape (n,)
        The larger noise of two neighbours counts.

    Examples
    --------
    >>> merge_near(np.array([5.0, 1.0, 5.1]), np.array([0.2, 0.2, 0.2])).tolist()
    [5.0, 1.0, 5.0]
    """
    order = np.argsort(values, kind="stable")
    ascending, near = values[order], noise[order]
    starts = np.diff(ascending) > np.maximum(near[1:], near[:-1])
    level = np.concatenate([[0], np.cumsum(starts)])
    firsts = ascending[np.concatenate([[True], starts])]
    merged = np.empty_like(values)
    merged[order] = firsts[level]
    return merged


def noise_of_pairs(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the noise of sums, differences or means of two values, of their broadcast shape."""
    return NOISE * np.maximum(np.abs(first), np.abs(second))


def noise_of(values: FloatArray) -> FloatArray:
    """Return each value's noise: the median size counts too, since small ones are differences.

    The lower median, not the mean or the largest, so that one or two outliers blur nothing.
    """
    sizes = np.abs(values)
    ascending = np.sort(sizes[sizes > 0])
    median = float(ascending[(ascending.size - 1) // 2]) if ascending.size else 0.0
    return NOISE * np.maximum(sizes, median)


def _merge_sizes(differences: FloatArray, noise: FloatArray) -> FloatArray:
    """Make near sizes equal, whatever their signs, and sizes within the noise 0."""
    sizes = np.where(np.abs(differences) <= noise, 0.0, np.abs(differences))
    return np.sign(differences) * merge_near(sizes, noise)


def _whole_numbers(values: FloatArray) -> tuple[list[int], int] | None:
    # Exact: the decimal number with so many places reads back as the very same float.
    return _on_grid(values, MAX_DECIMALS, np.zeros(values.size)) or _near_grid(values)


def _near_grid(values: FloatArray) -> tuple[list[int], int] | None:
    noise = noise_of(values)
    if not noise.any():
        return None
    finest = math.floor(-math.log10(CLEAR_OF_NOISE * float(noise.max())))
    return _on_grid(values, min(MAX_DECIMALS, finest), noise)


def _on_grid(
    values: FloatArray, most_decimals: int, noise: FloatArray
) -> tuple[list[int], int] | None:
    for decimals in range(most_decimals + 1):
        scaled = values * 10.0**decimals
        if np.abs(scaled).max() >= EXACT_LIMIT:
            return None
        rounded = np.rint(scaled)
        if (np.abs(rounded / 10.0**decimals - values) <= noise).all():
            return [int(number) for number in rounded], decimals
    return None


def _whole_differences(x: FloatArray, y: FloatArray) -> tuple[list[int], int] | None:
    whole = _whole_numbers(np.concatenate([x, y]))
    if whole is None:
        return None
    numbers, decimals = whole
    pairs = zip(numbers[: x.size], numbers[x.size :], strict=True)
    return [a - b for a, b in pairs], decimals


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
    if from_zero:
        values = _merge_sizes(values, noise_of(values))
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
