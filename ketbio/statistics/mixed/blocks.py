"""Patterns of one size stacked, so that one call of NumPy serves all of them.

Two operations are all that the likelihood and its derivatives need of the data, each the adjoint
of the other: `Block.weighted`, Σ_i [X y]_iᵀ M [X y]_i for a matrix M per pattern, and
`Block.kernel`, Σ_i [X y]_i G [X y]_iᵀ per pattern for one matrix G.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from ketbio.statistics.mixed.patterns import Inputs, IntArray, Pattern
from ketbio.statistics.records import FloatArray

FEW = 2
"""Up to so many participants per pattern their rows are cheaper than the patterns' products."""


class Block(ABC):
    """Patterns with the same number m of observations.

    Attributes
    ----------
    visits : array of int, shape (K, m)
    inputs : Inputs
        With a leading axis of K.
    counts : array of shape (K,)
        Participants of each pattern.
    """

    def __init__(self, visits: IntArray, inputs: Inputs, counts: FloatArray) -> None:
        self.visits = visits
        self.inputs = inputs
        self.counts = counts

    @property
    def m(self) -> int:
        """Observations of each participant."""
        return int(self.visits.shape[1])

    @abstractmethod
    def weighted(self, matrices: FloatArray) -> FloatArray:
        """Return Σ_i columns_iᵀ M columns_i, shape (..., c, c), for M of shape (..., K, m, m)."""

    @abstractmethod
    def kernel(self, middle: FloatArray) -> FloatArray:
        """Return Σ_i columns_i G columns_iᵀ of each pattern, (K, m, m), for G of shape (c, c)."""


class ProductBlock(Block):
    """By the patterns' cross-products: for many participants in few patterns."""

    def __init__(self, patterns: Sequence[Pattern], columns: FloatArray) -> None:
        super().__init__(
            np.stack([each.visits for each in patterns]),
            _stacked([each.inputs for each in patterns]),
            np.array([each.n_participants for each in patterns], dtype=float),
        )
        self.c = columns.shape[1]
        products = np.stack([each.products(columns) for each in patterns])
        self.products = products.reshape(-1, self.c * self.c)

    def weighted(self, matrices: FloatArray) -> FloatArray:
        """Return Σ_i columns_iᵀ M columns_i."""
        lead = matrices.shape[:-3]
        flat = matrices.reshape(*lead, -1)
        return np.asarray((flat @ self.products).reshape(*lead, self.c, self.c))

    def kernel(self, middle: FloatArray) -> FloatArray:
        """Return Σ_i columns_i G columns_iᵀ of each pattern."""
        return np.asarray((self.products @ middle.ravel()).reshape(-1, self.m, self.m))


class RowBlock(Block):
    """By the rows themselves, each participant a pattern: where hardly two are alike."""

    def __init__(self, patterns: Sequence[Pattern], columns: FloatArray) -> None:
        times = [each.n_participants for each in patterns]
        repeated = [each for each, k in zip(patterns, times, strict=True) for _ in range(k)]
        super().__init__(
            np.stack([each.visits for each in repeated]),
            _stacked([each.inputs for each in repeated]),
            np.ones(len(repeated)),
        )
        self.rows = columns[np.concatenate([each.members for each in patterns])]

    def weighted(self, matrices: FloatArray) -> FloatArray:
        """Return Σ_i columns_iᵀ M columns_i."""
        c = self.rows.shape[2]
        lead = matrices.shape[:-3]
        flat = (matrices @ self.rows).reshape(*lead, -1, c)
        return np.asarray(self.rows.reshape(-1, c).T @ flat)

    def kernel(self, middle: FloatArray) -> FloatArray:
        """Return Σ_i columns_i G columns_iᵀ of each pattern."""
        return np.asarray((self.rows @ middle) @ self.rows.swapaxes(-1, -2))


def stack_patterns(patterns: Sequence[Pattern], columns: FloatArray) -> tuple[Block, ...]:
    """Stack patterns by their number of observations.

    Parameters
    ----------
    patterns : sequence of Pattern
        All participants.
    columns : array of shape (n, c)
        What sums are made of, [X y] as a rule.

    Returns
    -------
    tuple of Block
        One per number of observations.
    """
    found: list[Block] = []
    for m in sorted({each.n_visits for each in patterns}):
        of_size = [each for each in patterns if each.n_visits == m]
        people = sum(each.n_participants for each in of_size)
        kind = RowBlock if people <= FEW * len(of_size) else ProductBlock
        found.append(kind(of_size, columns))
    return tuple(found)


def _stacked(inputs: Sequence[Inputs]) -> Inputs:
    first = inputs[0]
    return Inputs(
        group=np.array([each.group for each in inputs], dtype=np.intp),
        times=None if first.times is None else np.array([each.times for each in inputs]),
        z=None if first.z is None else np.array([each.z for each in inputs]),
        units=None if first.units is None else np.array([each.units for each in inputs]),
    )
