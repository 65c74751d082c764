"""What the statistical functions accept; everything else is refused in one sentence."""

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError, unknown_word
from ketbio.statistics.records import FloatArray

ALTERNATIVES = ("two-sided", "less", "greater", "two-sided-doubled")

Exact = bool | str
"""True, False or ``"auto"``; `check_exact` refuses the rest."""

MAX_DRAWS = 10_000_000
LARGEST = 1e100

LARGEST_WHOLE = 2**53
"""Up to here every whole number is a float64 too."""


def as_values(values: ArrayLike, name: str, *, at_least: int = 1) -> FloatArray:
    """Return ``values`` as a fresh float64 array of shape (n,), or refuse them.

    Parameters
    ----------
    values : array-like of numbers, shape (n,)
        Integers or floats; booleans, text, complex numbers and objects are refused.
    name : str
        The argument's name, for the sentence.
    at_least : int
        How many values are needed.

    Raises
    ------
    StatisticsError
        Not one-dimensional, not numbers, not finite, masked, too large to be held exactly, or too
        few.

    Examples
    --------
    >>> as_values([3, 4], "x")
    array([3., 4.])
    """
    _refuse_masked(values, name)
    array = _as_array(values, name)
    _refuse_large_whole(values, array, name)
    if array.ndim != 1:
        raise StatisticsError(
            f"{name} has {array.ndim} dimensions; allowed: one. Give a flat list of numbers."
        )
    if array.size and array.dtype.kind not in "iuf":
        raise StatisticsError(
            f"{name} holds {_kind_of(array)}; allowed: integers or floats. Convert it to numbers "
            "first."
        )
    if array.size < at_least:
        raise StatisticsError(
            f"{name} has {array.size} value{'s' if array.size != 1 else ''}; allowed: at least "
            f"{at_least}. Leave this test out of the plan or add observations."
        )
    numbers = to_double(array)
    _refuse_not_finite(numbers, name)
    if numbers.size and np.abs(numbers).max() > LARGEST:
        raise StatisticsError(
            f"{name} holds {np.abs(numbers).max():g}; allowed: up to {LARGEST:g} in size. Use a "
            "larger unit."
        )
    return numbers


def to_double(array: NDArray[Any]) -> FloatArray:
    """Return numbers as a fresh float64 array; those of less precision as the decimals they print.

    0.3 stored in 32 bits is 0.30000001192…: taken over bit by bit, it would tie with nothing.

    Examples
    --------
    >>> to_double(np.array([0.3, 1.5], dtype=np.float32)).tolist()
    [0.3, 1.5]
    """
    if array.dtype.kind != "f" or array.dtype.itemsize >= 8:
        return array.astype(np.float64)
    shortest = [float(str(number)) for number in array.ravel()]
    return np.array(shortest, dtype=np.float64).reshape(array.shape)


def refuse_unaligned(x: object, y: object, *, what: str, attribute: str) -> None:
    """Refuse two tables whose row or column names differ: they are matched by position.

    Parameters
    ----------
    x, y : object
        Whatever was given; only those with names (pandas and its like) are looked at.
    what : str
        Who is matched: ``"pairs"`` or ``"markers"``.
    attribute : str
        ``"index"`` or ``"columns"``.

    Raises
    ------
    StatisticsError
        The names differ, or stand in another order.
    """
    mine, theirs = (names_of(table, attribute) for table in (x, y))
    if mine is None or theirs is None or mine == theirs:
        return
    if len(mine) != len(theirs):
        return  # told by what they hold
    place = next(i for i, pair in enumerate(zip(mine, theirs, strict=True)) if pair[0] != pair[1])
    how = "y[x.columns]" if attribute == "columns" else "y.loc[x.index]"
    raise StatisticsError(
        f"the {attribute} of x and y differ, {mine[place]!r} against {theirs[place]!r} in place "
        f"{place + 1}, and {what} are matched by position; allowed: the same names in the same "
        f"order, or arrays without names. Align them first, as with {how}, or give to_numpy() of "
        "both."
    )


def names_of(table: object, attribute: str) -> list[object] | None:
    """Return the names that a table of pandas or its like has; None where it has none."""
    names = getattr(table, attribute, None)
    if names is None or callable(names) or not hasattr(names, "tolist"):
        return None
    return list(names.tolist())


def as_same_length(
    x: ArrayLike, y: ArrayLike, *, at_least: int = 1, names: tuple[str, str] = ("x", "y")
) -> tuple[FloatArray, FloatArray]:
    """Return two arrays of one length, or refuse them."""
    refuse_unaligned(x, y, what="pairs", attribute="index")
    first = as_values(x, names[0], at_least=at_least)
    second = as_values(y, names[1], at_least=at_least)
    if first.size != second.size:
        raise StatisticsError(
            f"{names[0]} has {first.size} values and {names[1]} has {second.size}; allowed: the "
            "same number, one pair per participant. Match them by participant first."
        )
    return first, second


def as_blocks(
    blocks: ArrayLike | None,
    n: int,
    *,
    of_pairs: bool = False,
    order: str = "those of x first and then those of y",
) -> NDArray[np.intp]:
    """Return block numbers 0, 1, … of shape (n,); None is one block.

    Parameters
    ----------
    blocks : array-like of labels, or None
        One per value, those of x first and then those of y; or one per pair.
    n : int
        How many there must be.
    of_pairs : bool
        Whether there is one per pair, for the sentence.
    order : str
        In which order the values stand, for the sentence.
    """
    if blocks is None:
        return np.zeros(n, dtype=np.intp)
    _refuse_masked(blocks, "blocks")
    # As objects, since NumPy would make text of a missing label among text.
    array = _as_array(blocks, "blocks") if isinstance(blocks, np.ndarray) else _as_objects(blocks)
    if array.ndim != 1 or array.size != n:
        raise StatisticsError(
            f"blocks has shape {array.shape}; allowed: ({n},), "
            + ("one label per pair." if of_pairs else f"one label per value, {order}.")
        )
    labels = array.tolist()
    if (array.dtype.kind in "mM" and np.isnat(array).any()) or any(map(_is_missing, labels)):
        raise StatisticsError(
            "blocks holds a missing label; allowed: a label for every value. Name the block or "
            "leave the value out."
        )
    try:
        place = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    except TypeError:
        raise StatisticsError(
            "blocks holds labels that are lists or tables; allowed: text, numbers or dates. Give "
            "one label per value."
        ) from None
    return np.array([place[label] for label in labels], dtype=np.intp)


def check_word(what: str, given: object, allowed: Iterable[str]) -> str:
    """Return ``given`` if it is one of the ``allowed`` words, or refuse it."""
    words = list(allowed)
    if not isinstance(given, str) or given not in words:
        raise StatisticsError(unknown_word(what, given, words))
    return given


def check_level(level: object) -> float:
    """Return a confidence level between 0 and 1, or refuse it."""
    if isinstance(level, (int, float, np.number)) and not isinstance(level, bool):
        number = float(level)
        if 0 < number < 1:
            return number
    raise StatisticsError(
        f"confidence_level is {level!r}; allowed: a number between 0 and 1, such as 0.95."
    )


def alpha_of(level: float) -> Fraction:
    """Return 1 − level as the decimal that was meant: 1/20 for 0.95."""
    return 1 - Fraction(repr(level))


def check_draws(n_resamples: object) -> int:
    """Return a number of draws, or refuse it."""
    if (
        isinstance(n_resamples, (int, np.integer))
        and not isinstance(n_resamples, bool)
        and 1 <= n_resamples <= MAX_DRAWS
    ):
        return int(n_resamples)
    raise StatisticsError(
        f"n_resamples is {n_resamples!r}; allowed: a whole number from 1 to {MAX_DRAWS:,}, such "
        "as 9999."
    )


def check_stop_after(stop_after: object) -> int | None:
    """Return at how many extreme draws to stop, or refuse it; None never stops early."""
    if stop_after is None:
        return None
    if (
        isinstance(stop_after, (int, np.integer))
        and not isinstance(stop_after, bool)
        and 1 <= stop_after <= MAX_DRAWS
    ):
        return int(stop_after)
    raise StatisticsError(
        f"stop_after is {stop_after!r}; allowed: a whole number from 1 on, such as 20, or None to "
        "make every draw."
    )


def check_flag(name: str, given: object) -> bool:
    """Return True or False, or refuse it."""
    if isinstance(given, (bool, np.bool_)):
        return bool(given)
    raise StatisticsError(f"{name} is {given!r}; allowed: True or False.")


def check_seed(seed: object) -> int | None:
    """Return a seed, or refuse it; None leaves the choice to the test."""
    if seed is None:
        return None
    if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool) and 0 <= seed < 2**64:
        return int(seed)
    raise StatisticsError(
        f"seed is {seed!r}; allowed: a whole number from 0 to 2**64 − 1, or None for a fresh one."
    )


def check_exact(exact: object) -> Exact:
    """Return True, False or ``"auto"``, or refuse it."""
    if isinstance(exact, (bool, np.bool_)):
        return bool(exact)
    if isinstance(exact, str) and exact == "auto":
        return "auto"
    raise StatisticsError(
        f'exact is {exact!r}; allowed: "auto", True or False. With "auto" the test is exact '
        "wherever time and memory allow."
    )


def as_array(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return an array of any numbers, or refuse a mask or rows of unequal length."""
    _refuse_masked(values, name)
    return _as_array(values, name)


def _as_array(values: ArrayLike, name: str) -> NDArray[Any]:
    try:
        return np.asarray(values)
    except ValueError as problem:
        raise StatisticsError(
            f"{name} cannot be read as one row of numbers ({problem}); allowed: a flat list of "
            "numbers."
        ) from None


def _as_objects(blocks: ArrayLike) -> NDArray[Any]:
    try:
        return np.asarray(blocks, dtype=object)
    except ValueError:
        return np.empty(0, dtype=object).reshape(0, 0)


def _is_missing(label: object) -> bool:
    """Whether a label is None, NaN, NaT or NA: not equal to itself, or unwilling to say so."""
    try:
        return label is None or not bool(label == label)  # noqa: PLR0124
    except (TypeError, ValueError):
        return type(label).__name__ == "NAType"


def _refuse_masked(values: object, name: str) -> None:
    if not isinstance(values, np.ma.MaskedArray):
        return
    hidden = int(np.ma.getmaskarray(values).sum())
    if hidden:
        raise StatisticsError(
            f"{name} is a masked array that hides {hidden} of {values.size}, and the mask would be "
            f"ignored; allowed: values without a mask. Leave the hidden ones out first, as with "
            "compressed()."
        )


def _refuse_large_whole(values: ArrayLike, array: NDArray[Any], name: str) -> None:
    """Refuse whole numbers that a float64 would round; a list may mix them with others."""
    found: list[int] = []
    if array.dtype.kind in "iu" and array.size:
        found = [int(array.min()), int(array.max())]
    elif isinstance(values, (list, tuple)):
        found = [int(v) for v in values if isinstance(v, (int, np.integer))]
    for number in found:
        if abs(number) > LARGEST_WHOLE:
            raise StatisticsError(
                f"{name} holds the whole number {number}; allowed: whole numbers up to "
                f"{LARGEST_WHOLE:,} (2**53) in size, beyond which they would be rounded. Subtract "
                "a constant or use a larger unit."
            )


def _kind_of(array: NDArray[Any]) -> str:
    kinds = {"b": "true/false values", "c": "complex numbers", "U": "text", "S": "text"}
    kinds |= {"T": "text", "M": "dates", "m": "durations"}
    return kinds.get(array.dtype.kind, f"values of type {array.dtype}")


def _refuse_not_finite(numbers: FloatArray, name: str) -> None:
    bad = np.flatnonzero(~np.isfinite(numbers))
    if bad.size == 0:
        return
    found = "missing" if math.isnan(numbers[bad[0]]) else "infinite"
    many = "value that is" if bad.size == 1 else "values that are"
    raise StatisticsError(
        f"{name} holds {bad.size} {many} not finite (the first, value {bad[0] + 1} of "
        f"{numbers.size}, is {found}); allowed: finite numbers. Leave them out and count them "
        "before the test."
    )
