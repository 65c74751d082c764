"""Left-censored values, validated: which of them are only known to lie below a limit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_blocks, as_same_length, as_values
from ketbio.statistics.number_lines import to_rank_line

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CensoredValues:
    """Values and limits on one line for ranks.

    Attributes
    ----------
    level : array of shape (N,)
        The value, or the limit that it is below, as a position on a line; equal ones are equal.
    below : array of bool, shape (N,)
        Whether the level is a limit: the value itself is strictly lower.
    block : array of int, shape (N,)
        Block numbers.
    is_x : array of bool, shape (N,)
        Which are x.
    """

    level: NDArray[np.float64]
    below: Flags
    block: NDArray[np.intp]
    is_x: Flags

    @property
    def n(self) -> tuple[int, int]:
        """Values in x and in y."""
        return int(self.is_x.sum()), int((~self.is_x).sum())

    @property
    def n_censored(self) -> tuple[int, int]:
        """Values below a limit in x and in y."""
        return int(self.below[self.is_x].sum()), int(self.below[~self.is_x].sum())

    @property
    def n_limits(self) -> int:
        """How many different limits there are."""
        return int(np.unique(self.level[self.below]).size)

    def of_block(self, number: int) -> "CensoredValues":
        """Return the values of one block."""
        return self._chosen(self.block == number)

    def of_group(self, *, x: bool) -> "CensoredValues":
        """Return the values of x, or those of y."""
        return self._chosen(self.is_x == x)

    def _chosen(self, chosen: Flags) -> "CensoredValues":
        return CensoredValues(
            level=self.level[chosen],
            below=self.below[chosen],
            block=self.block[chosen],
            is_x=self.is_x[chosen],
        )


def as_below(below: ArrayLike | None, name: str, n: int) -> Flags:
    """Return which of ``n`` values are below a limit, or refuse it.

    Parameters
    ----------
    below : array-like of bool, shape (n,), or None
        True (or 1) where the value given is a limit; None: nowhere.
    name : str
        The argument's name, for the sentence.
    n : int
        How many there must be.

    Raises
    ------
    StatisticsError
        Not true or false, or not one per value.

    Examples
    --------
    >>> as_below([True, False], "x_below", 2)
    array([ True, False])
    """
    if below is None:
        return np.zeros(n, dtype=np.bool_)
    try:
        flags = np.asarray(below)
    except ValueError:
        flags = np.empty((0, 0))
    if flags.dtype.kind in "iu" and np.isin(flags, (0, 1)).all():
        flags = flags.astype(np.bool_)
    if flags.dtype.kind != "b" or flags.shape != (n,) or isinstance(below, np.ma.MaskedArray):
        raise StatisticsError(
            f"{name} holds {flags.dtype} of shape {flags.shape}; allowed: True or False (or 1 and "
            f"0), of shape ({n},), one per value. Give True where the value is a limit that the "
            "measurement was below."
        )
    return flags.astype(np.bool_)


def censored_groups(
    x: ArrayLike,
    y: ArrayLike,
    x_below: ArrayLike | None,
    y_below: ArrayLike | None,
    blocks: ArrayLike | None,
) -> CensoredValues:
    """Validate two groups and sort them by block, x first within each."""
    first, second = as_values(x, "x"), as_values(y, "y")
    block = as_blocks(blocks, first.size + second.size)
    is_x = np.arange(block.size) < first.size
    below = [as_below(x_below, "x_below", first.size), as_below(y_below, "y_below", second.size)]
    order = np.lexsort((~is_x, block))
    return CensoredValues(
        level=to_rank_line(np.concatenate([first, second])).positions[order],
        below=np.concatenate(below)[order],
        block=block[order],
        is_x=is_x[order],
    )


def censored_pairs(
    x: ArrayLike,
    y: ArrayLike,
    x_below: ArrayLike | None,
    y_below: ArrayLike | None,
    blocks: ArrayLike | None,
    *,
    at_least: int = 1,
    on_one_line: bool = True,
) -> CensoredValues:
    """Validate pairs: all x, then all y in the same order.

    Parameters
    ----------
    x, y, x_below, y_below : array-like, shape (n,)
        The pairs.
    blocks : array-like of labels, shape (n,), or None
        One per pair.
    at_least : int
        How many pairs are needed.
    on_one_line : bool
        Whether x and y are in the same unit and can be compared with one another.
    """
    first, second = as_same_length(x, y, at_least=at_least)
    below = [as_below(x_below, "x_below", first.size), as_below(y_below, "y_below", first.size)]
    block = as_blocks(blocks, first.size, of_pairs=True)
    parts = [np.concatenate([first, second])] if on_one_line else [first, second]
    return CensoredValues(
        level=np.concatenate([to_rank_line(part).positions for part in parts]),
        below=np.concatenate(below),
        block=np.concatenate([block, block]),
        is_x=np.arange(2 * first.size) < first.size,
    )
