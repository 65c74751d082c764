"""Censored values, validated: which of them are only known to lie below or above a limit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_blocks, as_same_length, as_values
from ketbio.statistics.number_lines import to_rank_line

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Which values of x and of y are below and above limits, as given."""

    x_below: ArrayLike | None = None
    y_below: ArrayLike | None = None
    x_above: ArrayLike | None = None
    y_above: ArrayLike | None = None

    def read(self, n: int, m: int) -> tuple[Flags, Flags]:
        """Return which of all values, x first, are below and which above a limit."""
        below = [as_flags(self.x_below, "x_below", n), as_flags(self.y_below, "y_below", m)]
        above = [as_flags(self.x_above, "x_above", n), as_flags(self.y_above, "y_above", m)]
        for name, low, high in zip("xy", below, above, strict=True):
            refuse_both(low, high, name)
        return np.concatenate(below), np.concatenate(above)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CensoredValues:
    """Values and limits on one line for ranks.

    Attributes
    ----------
    level : array of shape (N,)
        The value, or the limit that it is beyond, as a position on a line; equal ones are equal.
    below, above : array of bool, shape (N,)
        Whether the level is a limit: the value itself is strictly lower, or strictly higher.
    block : array of int, shape (N,)
        Block numbers.
    is_x : array of bool, shape (N,)
        Which are x.
    """

    level: NDArray[np.float64]
    below: Flags
    above: Flags
    block: NDArray[np.intp]
    is_x: Flags

    @property
    def beyond(self) -> Flags:
        """Which values are below or above a limit."""
        return self.below | self.above

    @property
    def n(self) -> tuple[int, int]:
        """Values in x and in y."""
        return int(self.is_x.sum()), int((~self.is_x).sum())

    @property
    def n_censored(self) -> tuple[int, int]:
        """Values beyond a limit in x and in y."""
        return int(self.beyond[self.is_x].sum()), int(self.beyond[~self.is_x].sum())

    @property
    def n_limits(self) -> int:
        """How many different limits there are on one side."""
        return max(np.unique(self.level[side]).size for side in (self.below, self.above))

    @property
    def has_both_sides(self) -> bool:
        """Whether some values are below a limit and others above one."""
        return bool(self.below.any() and self.above.any())

    @property
    def where(self) -> str:
        """On which side of a limit the censored values lie, in words."""
        if not self.above.any():
            return "below a limit"
        return "beyond a limit" if self.below.any() else "above a limit"

    @property
    def side_of_limits(self) -> str:
        """On which side of observed values limits leave an order open, in words."""
        if not self.above.any():
            return "above"
        return "above or below" if self.below.any() else "below"

    def of_block(self, number: int) -> "CensoredValues":
        """Return the values of one block."""
        return self._chosen(self.block == number)

    def of_group(self, *, x: bool) -> "CensoredValues":
        """Return the values of x, or those of y."""
        return self._chosen(self.is_x == x)

    def ends(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the lower and the upper end of what each value can be.

        Neighbouring levels are 4 apart. What is below a limit ends 1 under it, and what is above
        one begins 1 over it, so that a value is certainly lower than another where its upper end
        is lower than the other's lower end.
        """
        place = 4.0 * np.unique(self.level, return_inverse=True)[1]
        low = np.where(self.below, -np.inf, place + self.above)
        high = np.where(self.above, np.inf, place - self.below)
        return low, high

    def _chosen(self, chosen: Flags) -> "CensoredValues":
        return CensoredValues(
            level=self.level[chosen],
            below=self.below[chosen],
            above=self.above[chosen],
            block=self.block[chosen],
            is_x=self.is_x[chosen],
        )


def as_flags(flags: ArrayLike | None, name: str, n: int) -> Flags:
    """Return which of ``n`` values are beyond a limit, or refuse it.

    Parameters
    ----------
    flags : array-like of bool, shape (n,), or None
        True (or 1) where the value given is a limit; None: nowhere.
    name : str
        The argument's name, for the sentence: it ends in ``below`` or ``above``.
    n : int
        How many there must be.

    Raises
    ------
    StatisticsError
        Not true or false, or not one per value.

    Examples
    --------
    >>> as_flags([True, False], "x_below", 2)
    array([ True, False])
    """
    if flags is None:
        return np.zeros(n, dtype=np.bool_)
    try:
        found = np.asarray(flags)
    except ValueError:
        found = np.empty((0, 0))
    if found.dtype.kind in "iu" and np.isin(found, (0, 1)).all():
        found = found.astype(np.bool_)
    if found.dtype.kind != "b" or found.shape != (n,) or isinstance(flags, np.ma.MaskedArray):
        side = "above" if name.endswith("above") else "below"
        raise StatisticsError(
            f"{name} holds {found.dtype} of shape {found.shape}; allowed: True or False (or 1 and "
            f"0), of shape ({n},), one per value. Give True where the value is a limit that the "
            f"measurement was {side}."
        )
    return found.astype(np.bool_)


def refuse_both(below: Flags, above: Flags, name: str) -> None:
    """Raise `StatisticsError` where one value is said to be below and above its limit."""
    both = np.flatnonzero(below & above)
    if both.size:
        raise StatisticsError(
            f"value {both[0] + 1} of {name} is both below and above its limit; allowed: one of "
            "the two. Leave it out if nothing is known of it."
        )


def censored_groups(
    x: ArrayLike, y: ArrayLike, sides: Sides, blocks: ArrayLike | None
) -> CensoredValues:
    """Validate two groups and sort them by block, x first within each."""
    first, second = as_values(x, "x"), as_values(y, "y")
    block = as_blocks(blocks, first.size + second.size)
    is_x = np.arange(block.size) < first.size
    below, above = sides.read(first.size, second.size)
    order = np.lexsort((~is_x, block))
    return CensoredValues(
        level=to_rank_line(np.concatenate([first, second])).positions[order],
        below=below[order],
        above=above[order],
        block=block[order],
        is_x=is_x[order],
    )


def censored_pairs(
    x: ArrayLike,
    y: ArrayLike,
    sides: Sides,
    blocks: ArrayLike | None,
    *,
    at_least: int = 1,
    on_one_line: bool = True,
) -> CensoredValues:
    """Validate pairs: all x, then all y in the same order.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        The pairs.
    sides : Sides
        Which of them are beyond a limit.
    blocks : array-like of labels, shape (n,), or None
        One per pair.
    at_least : int
        How many pairs are needed.
    on_one_line : bool
        Whether x and y are in the same unit and can be compared with one another.
    """
    first, second = as_same_length(x, y, at_least=at_least)
    below, above = sides.read(first.size, first.size)
    block = as_blocks(blocks, first.size, of_pairs=True)
    parts = [np.concatenate([first, second])] if on_one_line else [first, second]
    return CensoredValues(
        level=np.concatenate([to_rank_line(part).positions for part in parts]),
        below=below,
        above=above,
        block=np.concatenate([block, block]),
        is_x=np.arange(2 * first.size) < first.size,
    )
