"""An axis of effects with intervals: all effects on it, and no interval that flattens the rest."""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from ketbio.figures.marks import axis_limits

CUT = 2.5
"""An interval that ends further from the null than this many times the farthest estimate, or the
usual reach of the intervals, is cut there: one wide interval would flatten all others."""


def effect_limits(
    effects: Sequence[float], ends: Iterable[float], *, null: float
) -> tuple[float, float]:
    """Return the limits of an axis: all effects, and intervals as far as they flatten none.

    Parameters
    ----------
    effects : sequence of float
        Finite.
    ends : iterable of float
        Of all intervals; some may be infinite or NaN.
    null : float
        Where there is no effect.

    Examples
    --------
    >>> low, high = effect_limits([1.0, 2.0], [0.5, 1.5, 1.0, 1e9], null=0.0)
    >>> round(low, 2), round(high, 2)
    (-0.35, 5.35)
    """
    known = np.array(list(ends), dtype=np.float64)
    finite = known[np.isfinite(known)]
    reach = np.abs(finite - null)
    farthest = max((abs(one - null) for one in effects), default=0.0)
    usual = float(np.sort(reach)[reach.size // 2]) if reach.size else 0.0
    cut = CUT * max(farthest, usual)
    kept = [end if abs(end - null) <= cut else null + math.copysign(cut, end - null)
            for end in finite]  # fmt: skip
    return axis_limits([null, *effects], kept)
