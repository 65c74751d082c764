"""Confidence limits of a shift: the shifts that the permutation test just does not reject.

Take a shift δ off every x (or off every difference) and test again: the limits are where p falls
below α. With U = T − E T of a subset that has k observed members, and the observed subset's U₀ and
n, the shifted statistic is U − δ(k − E k). For δ below the estimate a subset is as extreme as the
observed one if and only if δ has reached

    t₁ = (U₀ − U)/(n − k)                        (same side) or
    t₂ = (U₀ + U)/(n + k − 2 E k)                (other side),

so p(δ) only jumps, at those points, and only upwards on the way to the estimate: each limit is an
order statistic of jump points. A shift with p = α is inside: p can be exactly α where it is a
share of few arrangements (1/20), and is then not below it. Where arrangements are too many to
list, `shift_search` brackets the limit. By construction p < α exactly when the interval excludes
0 (Lehmann & Romano 2005, §3.5 and §5.12).
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ketbio.statistics.counting.subset_sums import Number, SubsetDesign
from ketbio.statistics.counting.subset_tails import SubsetList
from ketbio.statistics.records import FloatArray

SIDES: dict[str, tuple[tuple[str, int], ...]] = {
    "two-sided": (("low", 1), ("high", 1)),
    "two-sided-doubled": (("low", 2), ("high", 2)),
    "greater": (("low", 1),),
    "less": (("high", 1),),
}
"""Which limits an alternative has, and by how many α is divided between them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Confidence limits, infinite where there are none."""

    low: float
    high: float


UNLIMITED = Limits(math.nan, math.nan)
"""Where no interval is wanted."""


def limits_from_list(
    design: SubsetDesign,
    listed: SubsetList,
    *,
    alternative: str,
    alpha: Fraction,
    mid_p: bool = False,
) -> Limits:
    """Return the limits, in steps of the number line, as order statistics of jump points.

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are.
    listed : SubsetList
        All of them, or draws with the observed subset among them.
    alternative : str
        The test's alternative.
    alpha : Fraction
        1 − confidence level.
    mid_p : bool
        Whether arrangements exactly as extreme count half.
    """
    limits = {"low": -math.inf, "high": math.inf}
    for side, parts in SIDES[alternative]:
        points = jump_points(design, listed, side=side, both=alternative == "two-sided")
        # Reaching the K-th jump point makes p = K/M, and K is the smallest with K/M ≥ α. Those
        # as extreme whatever the shift tie with the observed one, and in a mid-p count half.
        ties = Fraction(int(np.isinf(points).sum()), 2) if mid_p else Fraction(0)
        rank = min(points.size, math.ceil(alpha / parts * points.size + ties))
        if side == "low":
            limits[side] = float(np.partition(points, rank - 1)[rank - 1])
        else:
            limits[side] = float(np.partition(points, points.size - rank)[points.size - rank])
    return Limits(limits["low"], limits["high"])


def jump_points(design: SubsetDesign, listed: SubsetList, *, side: str, both: bool) -> FloatArray:
    """Return for each subset the shift at which it becomes as extreme as the observed one.

    Parameters
    ----------
    design : SubsetDesign
        What subsets there are.
    listed : SubsetList
        Some of them.
    side : {"low", "high"}
        On which side of the estimate.
    both : bool
        Whether being as extreme on the other side counts (two-sided).
    """
    expected = design.expected_sum
    same = _over(
        float(design.observed_sum) - listed.sums,
        design.observed_size - listed.overlaps,
        design.tolerance,
        side,
    )
    if not both:
        return same
    # Whole numbers as long as they can be: twice the expectations over their denominator.
    twice: Number = 2 * expected
    twice_k: Number = 2 * design.expected_overlap
    scale = 1
    if isinstance(twice, Fraction) and isinstance(twice_k, Fraction):
        scale = math.lcm(twice.denominator, twice_k.denominator)
    other = _over(
        scale * (listed.sums + float(design.observed_sum)) - float(scale * twice),
        scale * (listed.overlaps + design.observed_size) - float(scale * twice_k),
        scale * design.tolerance,
        side,
    )
    return np.minimum(same, other) if side == "low" else np.maximum(same, other)


def _over(above: FloatArray, below: FloatArray, tolerance: float, side: str) -> FloatArray:
    """Divide; nothing over nothing is a subset that is as extreme whatever the shift."""
    always = -math.inf if side == "low" else math.inf
    tied = np.where(np.abs(above) <= tolerance, 0.0, above)
    none = np.abs(below) < 1e-9
    quotient = tied / np.where(none, 1.0, below)
    # Where nothing is left of the denominator the numerator is nothing too (see module text).
    return np.where(none, always, quotient)
