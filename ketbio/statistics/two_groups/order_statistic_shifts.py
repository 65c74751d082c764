"""Differences of order statistics after a shift of x: what is observed, and what is counted."""

import math
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np

from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.tails import Tails
from ketbio.statistics.records import FloatArray
from ketbio.statistics.two_groups.label_arrangements import BoolArray
from ketbio.statistics.two_groups.order_statistic_sums import OrderTails, OrderWeights, pair_sums

TIE = 1e-11
TIE_OFF_GRID = 1e-10
"""How close two T count as tied, as a share of the range: on a decimal grid, and off it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShiftedGroups:
    """Two groups whose x can be shifted, and the statistic; all in steps of the number line.

    Attributes
    ----------
    positions : array of shape (N,)
        Values, unshifted.
    is_x : array of bool, shape (N,)
        Which are x.
    weights : OrderWeights
        The statistic; sums are ``weights.scale`` · T.
    is_exact : bool
        Whether positions are whole numbers.
    """

    positions: FloatArray
    is_x: BoolArray
    weights: OrderWeights
    is_exact: bool

    @property
    def span(self) -> float:
        """Range of the values, 1 where they do not vary."""
        return float(np.ptp(self.positions)) or 1.0

    @property
    def standard_error(self) -> float:
        """Roughly that of a difference of means, 1 where the values do not vary."""
        x, y = self.positions[self.is_x], self.positions[~self.is_x]
        squares = float(((x - x.mean()) ** 2).sum() + ((y - y.mean()) ** 2).sum())
        pooled = squares / max(1, x.size + y.size - 2)
        return math.sqrt(pooled * (1 / x.size + 1 / y.size)) or 1.0

    @property
    def observed_sum(self) -> float:
        """Sum of the observed arrangement, unshifted."""
        return float(self.weights.sums(self.positions, self.is_x[None, :])[0])

    def values(self, shift: float) -> FloatArray:
        """Return the values, ``shift`` being taken off every x."""
        return np.where(self.is_x, self.positions - shift, self.positions)

    def observed(self, shift: float) -> float:
        """Return the observed sum."""
        return self.observed_sum - self.weights.scale * shift

    def tolerance(self, shift: float) -> float:
        """Return how close two sums count as tied."""
        share = TIE if self.is_exact else TIE_OFF_GRID
        return share * self.weights.scale * (self.span + abs(shift))


class Shifts(Protocol):
    """Tail counts at any shift of x."""

    def tails(self, shift: float) -> Tails:
        """Return the tail counts of the sum."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ListedShifts:
    """All arrangements, counted anew at every shift."""

    groups: ShiftedGroups
    n_arrangements: int

    def tails(self, shift: float) -> Tails:
        """Return the tail counts of the sum."""
        return cast(OrderTails, self.within(shift, math.inf))

    def within(self, shift: float, most_sums: float) -> OrderTails | None:
        """Return the tail counts, or None where more than so many sums would be listed."""
        groups = self.groups
        pairs = pair_sums(groups.values(shift), groups.weights, most_sums=most_sums)
        if pairs is None:
            return None
        return OrderTails(
            pairs=pairs,
            n_counted=self.n_arrangements,
            tolerance=groups.tolerance(shift),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnShifts:
    """The same drawn arrangements at every shift, the observed one first."""

    groups: ShiftedGroups
    labels: BoolArray

    def tails(self, shift: float) -> Tails:
        """Return the tail counts of the sum."""
        groups = self.groups
        sums = groups.weights.sums(groups.values(shift), self.labels)
        return ListedTails(
            values=np.sort(sums),
            n_counted=int(sums.size),
            tolerance=groups.tolerance(shift),
        )
