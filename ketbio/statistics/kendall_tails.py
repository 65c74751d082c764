"""Kendall's S over every pairing: by the numbers of inversions without ties, by listing with."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.listed_tails import ListedTails
from ketbio.statistics.pairing_tails import every_order
from ketbio.statistics.records import FloatArray

LARGEST_UNTIED = 200
"""Up to so many pairs without ties are counted exactly."""

LARGEST_TIED = 9
"""Up to so many pairs with ties are listed."""

FORCED_TIED = 10
"""The same where ``exact=True``."""


def has_ties(x: FloatArray, y: FloatArray) -> bool:
    """Whether either side has equal values."""
    return bool(np.unique(x).size < x.size or np.unique(y).size < y.size)


def untied_tails(n: int) -> ListedTails:
    """Return the tails of S for n pairs without ties, from how many orders have k inversions."""
    ways = _inversions(n)
    most = n * (n - 1) // 2
    return ListedTails(
        values=np.arange(-most, most + 1, 2, dtype=np.float64),
        ways=ways,
        n_counted=sum(ways),
        tolerance=0.0,
    )


def tied_tails(x: FloatArray, y: FloatArray) -> ListedTails:
    """Return the tails of S over every pairing, ties and all."""
    n = x.size
    most = n * (n - 1) // 2
    tally = np.zeros(2 * most + 1, dtype=np.int64)
    rest = every_order(n - 1)
    for first in range(n):
        others = np.array([i for i in range(n) if i != first], dtype=np.intp)
        paired = np.column_stack([np.full(rest.shape[0], first), others[rest]])
        found = concordance(x, y[paired])
        tally += np.bincount(found.astype(np.intp) + most, minlength=tally.size)
    reached = np.flatnonzero(tally)
    return ListedTails(
        values=(reached - most).astype(np.float64),
        ways=tuple(int(count) for count in tally[reached]),
        n_counted=int(tally.sum()),
        tolerance=0.0,
    )


def concordance(x: FloatArray, rows: FloatArray) -> FloatArray:
    """Return S = Σ sign(xᵢ − xⱼ)·sign(yᵢ − yⱼ) over pairs i < j, for each row of paired y.

    Parameters
    ----------
    x : array of shape (n,)
        One side.
    rows : array of shape (rows, n)
        The other side, once per row.
    """
    first, second = np.triu_indices(x.size, k=1)
    signs = np.sign(x[first] - x[second]).astype(np.int8)
    total = np.zeros(rows.shape[0], dtype=np.int64)
    columns = _dense_ranks(rows).T.copy()
    for i, j, sign in zip(first[signs != 0], second[signs != 0], signs[signs != 0], strict=True):
        total += sign * (
            (columns[i] > columns[j]).view(np.int8) - (columns[i] < columns[j]).view(np.int8)
        )
    return total.astype(np.float64)


def _dense_ranks(rows: FloatArray) -> NDArray[np.int32]:
    return np.searchsorted(np.unique(rows), rows).astype(np.int32)


@cache
def _inversions(n: int) -> tuple[int, ...]:
    ways = [1]
    for size in range(2, n + 1):
        running, grown = 0, []
        for k in range(len(ways) + size - 1):
            running += ways[k] if k < len(ways) else 0
            running -= ways[k - size] if k >= size else 0
            grown.append(running)
        ways = grown
    return tuple(ways)
