"""Which participant could have had which sequence: every arrangement, or drawn ones."""

import math

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.draws import uniform_rows

Codes = NDArray[np.int8]


def count_labels(counts: NDArray[np.intp]) -> int:
    """Return in how many ways so many labels can be dealt.

    Examples
    --------
    >>> count_labels(np.array([2, 2, 2]))
    90
    """
    ways = math.factorial(int(counts.sum()))
    for count in counts.tolist():
        ways //= math.factorial(count)
    return ways


def every_labelling(counts: NDArray[np.intp]) -> Codes:
    """Return every way to deal the labels, shape (ways, n).

    Examples
    --------
    >>> every_labelling(np.array([1, 1])).tolist()
    [[0, 1], [1, 0]]
    """
    n = int(counts.sum())
    dealt: Codes = np.zeros((1, n), dtype=np.int8)
    left = np.asarray(counts)[None, :]
    for place in range(n):
        rows, label = np.nonzero(left)  # row by row, so that labellings come in order
        dealt, left = dealt[rows], left[rows].copy()
        dealt[:, place] = label
        left[np.arange(rows.size), label] -= 1
    return dealt


def drawn_labellings(codes: NDArray[np.intp], *, n_draws: int, seed: int) -> Codes:
    """Return drawn ways to deal the labels, shape (n_draws, n); draws depend on the seed alone."""
    order = np.concatenate(
        [
            np.argsort(keys, axis=1, kind="stable")
            for keys in uniform_rows(seed, n_draws, codes.size)
        ]
    )
    drawn: Codes = codes.astype(np.int8)[order]
    return drawn
