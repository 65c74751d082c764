"""Differences of order statistics after a shift of x: what is observed, and what is counted.

The values stand on a line for ranks, and how close two T count as tied is judged by the values that
carry weight in the observed arrangement: an outlier, however far, neither blurs the others nor
moves a tie.
"""

import math
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.counting.listed_tails import ListedTails
from ketbio.statistics.counting.tails import Tails
from ketbio.statistics.number_lines import noise_of
from ketbio.statistics.records import FloatArray
from ketbio.statistics.two_groups.groups import TwoGroups
from ketbio.statistics.two_groups.label_arrangements import BoolArray
from ketbio.statistics.two_groups.order_statistic_sums import (
    HalfSums,
    OrderTails,
    OrderWeights,
    pair_sums,
)

ROUNDING = 1e-14
"""What summing may change a sum by, as a share of the size of what is summed."""

NORMAL = 1.4826
"""A normal standard deviation over its median absolute deviation."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShiftedGroups:
    """Two groups whose x can be shifted, and the statistic; all in steps of the number line.

    Attributes
    ----------
    positions : array of shape (N,)
        Values, unshifted; whole numbers about their median where that is exact.
    noise : array of shape (N,)
        What calculating each value may have changed it by; 0 on a decimal grid.
    is_x : array of bool, shape (N,)
        Which are x.
    weights : OrderWeights
        The statistic; sums are ``weights.scale`` · T.
    is_exact : bool
        Whether positions are whole numbers.
    """

    positions: FloatArray
    noise: FloatArray
    is_x: BoolArray
    weights: OrderWeights
    is_exact: bool

    @property
    def furthest_jump(self) -> float:
        """No p changes at larger shifts: T of two arrangements differ in size, or never will."""
        # (whole · values + whole · δ) = 0 with the second whole number at least 1.
        return 4 * self.weights.scale * (float(np.ptp(self.positions)) or 1.0)

    @property
    def standard_error(self) -> float:
        """Roughly that of a difference of means, whatever outliers there are; never 0."""
        x, y = self.positions[self.is_x], self.positions[~self.is_x]
        sizes = np.sort(np.abs(np.concatenate([x - np.median(x), y - np.median(y)])))
        sizes = sizes[sizes > 0]
        spread = NORMAL * float(sizes[(sizes.size - 1) // 2]) if sizes.size else 0.0
        error = spread * math.sqrt(1 / x.size + 1 / y.size)
        return max(error, 1e-9 * abs(self.observed_sum / self.weights.scale)) or 1.0

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
        if self.is_exact and float(shift).is_integer():
            return 0.25  # sums are whole numbers
        order = np.argsort(self.positions, kind="stable")
        carried = np.abs(self.weights.signed(self.is_x[None, order])[0])
        sizes = float(carried @ np.abs(self.positions[order])) + self.weights.scale * abs(shift)
        return float(carried @ self.noise[order]) + ROUNDING * sizes

    def far_order(self, side: str) -> NDArray[np.intp]:
        """Return the order of the values at shifts without end to one side."""
        above = self.is_x if side == "low" else ~self.is_x
        return np.lexsort((self.positions, above))


def shifted_groups(groups: TwoGroups, weights: OrderWeights) -> ShiftedGroups:
    """Return groups on a line for ranks, about their median where that is exact."""
    positions = groups.line.positions
    if groups.line.is_exact:
        positions = positions - np.sort(positions)[positions.size // 2]
    return ShiftedGroups(
        positions=positions,
        noise=np.zeros_like(positions) if groups.line.is_exact else noise_of(positions),
        is_x=groups.is_x,
        weights=weights,
        is_exact=groups.line.is_exact,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FarTails:
    """Tail counts at shifts without end, where T of most arrangements is overtaken.

    There T = (A + k·δ)/scale, and abs(k) is ``scale`` for the observed arrangement and at most that
    for any other: first the slopes are compared, then, where they are the same, the intercepts A.

    Attributes
    ----------
    along, against : Tails
        Intercepts of arrangements with the slope of the observed one, and with the opposite one.
    n_counted : int
        Arrangements of any slope.
    """

    along: Tails
    against: Tails
    n_counted: int

    def p_value(self, observed: float, *, side: str, both: bool, mid_p: bool) -> float:
        """Return p at the far end of one side.

        Parameters
        ----------
        observed : float
            Intercept of the observed arrangement: its sum without a shift.
        side : {"low", "high"}
            Which end: at the low one T is large.
        both : bool
            Whether being as extreme on the other side counts.
        mid_p : bool
            Whether arrangements exactly as extreme count half.
        """

        def count(*, strict: bool) -> float:
            along, against = self.along, self.against
            if side == "low":
                counts = (
                    along.at_least(observed, strict=strict),
                    against.at_most(-observed, strict=strict),
                )
            else:
                counts = (
                    along.at_most(observed, strict=strict),
                    against.at_least(-observed, strict=strict),
                )
            return float(sum(counts) if both else counts[0])

        if mid_p:
            return (count(strict=False) + count(strict=True)) / (2 * self.n_counted)
        return count(strict=False) / self.n_counted


class Shifts(Protocol):
    """Tail counts at any shift of x."""

    def tails(self, shift: float) -> Tails:
        """Return the tail counts of the sum."""

    def far(self, side: str) -> FarTails:
        """Return the tail counts at shifts without end to one side."""


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
        pairs = pair_sums(np.sort(groups.values(shift)), groups.weights, most_sums=most_sums)
        return None if pairs is None else self._tails(pairs, groups.tolerance(shift))

    def far(self, side: str) -> FarTails:
        """Return the tail counts at shifts without end to one side."""
        groups = self.groups
        order = groups.far_order(side)
        values, is_x = groups.positions[order], groups.is_x[order]
        found = [
            pair_sums(values, groups.weights, most_sums=math.inf, carried_by=carried) or ()
            for carried in ((is_x, ~is_x), (~is_x, is_x))
        ]
        along, against = (self._tails(pairs, groups.tolerance(0.0)) for pairs in found)
        return FarTails(along=along, against=against, n_counted=self.n_arrangements)

    def _tails(self, pairs: tuple[HalfSums, ...], tolerance: float) -> OrderTails:
        return OrderTails(pairs=pairs, n_counted=self.n_arrangements, tolerance=tolerance)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DrawnShifts:
    """The same drawn arrangements at every shift, the observed one first."""

    groups: ShiftedGroups
    labels: BoolArray

    def tails(self, shift: float) -> Tails:
        """Return the tail counts of the sum."""
        sums = self.groups.weights.sums(self.groups.values(shift), self.labels)
        return self._tails(sums, self.groups.tolerance(shift))

    def far(self, side: str) -> FarTails:
        """Return the tail counts at shifts without end to one side."""
        groups = self.groups
        order = groups.far_order(side)
        signed = groups.weights.signed(self.labels[:, order])
        slopes, sums = signed @ groups.is_x[order], signed @ groups.positions[order]
        along, against = (
            self._tails(sums[slopes == slope], groups.tolerance(0.0))
            for slope in (groups.weights.scale, -groups.weights.scale)
        )
        return FarTails(along=along, against=against, n_counted=int(sums.size))

    def _tails(self, sums: FloatArray, tolerance: float) -> ListedTails:
        return ListedTails(
            values=np.sort(sums), n_counted=int(self.labels.shape[0]), tolerance=tolerance
        )
