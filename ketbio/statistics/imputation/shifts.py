"""Delta adjustment: imputed values shifted, and the shift at which a conclusion tips."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ketbio.statistics.imputation.rubin import PooledEstimate
from ketbio.statistics.imputation.trajectories import Trajectories
from ketbio.statistics.records import FloatArray

BISECTIONS = 40


def shift_after_dropout(
    data: Trajectories, per_visit: FloatArray, *, accumulate: bool
) -> FloatArray:
    """Return what is added to each imputed value after drop-out, shape (n, T).

    Parameters
    ----------
    data : Trajectories
    per_visit : ndarray, shape (n, T)
        The shift of each participant at each visit, in the unit of the outcome.
    accumulate : bool
        Whether shifts add up from the first visit missed on.

    Notes
    -----
    Nothing is added where a value was measured, nor to a gap before the last one measured.
    """
    shifts = np.where(data.dropped_out, per_visit, 0.0)
    return np.cumsum(shifts, axis=1) if accumulate else shifts


@dataclass(frozen=True, slots=True, kw_only=True)
class TippingPoint:
    """The shift at which p passes alpha.

    Attributes
    ----------
    shift : float
        In the unit of the outcome (or as a multiple of the pattern given); NaN where none tips.
    at_tip : PooledEstimate
        The estimate at the shift; at the last one tried where none tips.
    searched_to : float
        The farthest shift tried.
    """

    shift: float
    at_tip: PooledEstimate
    searched_to: float


def tipping_point(
    pooled: Callable[[float], PooledEstimate], *, alpha: float, direction: float, farthest: float
) -> TippingPoint:
    """Return the smallest shift in one direction at which the p value is no longer below alpha.

    An estimate that has passed to the other side of 0 has tipped, however small its p: the steps
    of the search may leap over the shifts at which p is large.

    Parameters
    ----------
    pooled : callable
        Shift → pooled estimate; below alpha at 0.
    alpha : float
    direction : float
        +1 or −1: where shifts take the estimate towards none.
    farthest : float
        Largest size of a shift to try.
    """
    now = pooled(0.0)
    if now.p_value >= alpha:
        return TippingPoint(shift=math.nan, at_tip=now, searched_to=0.0)

    def holds(size: float) -> bool:
        found = pooled(direction * size)
        return found.p_value < alpha and found.estimate * now.estimate > 0

    low, high = 0.0, farthest / 64
    while holds(high):
        low, high = high, 2 * high
        if high > farthest:
            end = pooled(direction * low)
            return TippingPoint(shift=math.nan, at_tip=end, searched_to=direction * low)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    tip = direction * high
    return TippingPoint(shift=tip, at_tip=pooled(tip), searched_to=tip)
