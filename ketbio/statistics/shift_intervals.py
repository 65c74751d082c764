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
list, the limit is bracketed by counting p(δ) exactly. By construction p < α exactly when the
interval excludes 0 (Lehmann & Romano 2005, §3.5 and §5.12).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy import special

from ketbio.statistics.records import FloatArray
from ketbio.statistics.subset_sums import Number, SubsetDesign
from ketbio.statistics.subset_tails import SubsetList

SIDES: dict[str, tuple[tuple[str, int], ...]] = {
    "two-sided": (("low", 1), ("high", 1)),
    "two-sided-doubled": (("low", 2), ("high", 2)),
    "greater": (("low", 1),),
    "less": (("high", 1),),
}
"""Which limits an alternative has, and by how many α is divided between them."""

RELATIVE_TOLERANCE = 1e-9


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
        points = _jump_points(design, listed, side=side, both=alternative == "two-sided")
        # Reaching the K-th jump point makes p = K/M, and K is the smallest with K/M ≥ α. Those
        # as extreme whatever the shift tie with the observed one, and in a mid-p count half.
        ties = Fraction(int(np.isinf(points).sum()), 2) if mid_p else Fraction(0)
        rank = min(points.size, math.ceil(alpha / parts * points.size + ties))
        if side == "low":
            limits[side] = float(np.partition(points, rank - 1)[rank - 1])
        else:
            limits[side] = float(np.partition(points, points.size - rank)[points.size - rank])
    return Limits(limits["low"], limits["high"])


def _jump_points(design: SubsetDesign, listed: SubsetList, *, side: str, both: bool) -> FloatArray:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCurve:
    """The p value as a function of the shift, for arrangements too many to list.

    Attributes
    ----------
    p_at : callable
        Shift → p, for the alternative asked (one side of it for ``"two-sided-doubled"``).
    estimate : float
        The shift that is not rejected at all.
    scale : float
        Roughly the standard error of the estimate.
    p_at_zero : float
        p without a shift: never recomputed, so that test and interval agree.
    p_far : float
        What p falls to at shifts without end.
    peaks : bool
        Whether p is 1 at the estimate (two-sided) rather than rising beyond it (one-sided).
    largest_denominator : int or None
        On a lattice, how fine the fractions are at which p can jump.
    """

    p_at: Callable[[float], float]
    estimate: float
    scale: float
    p_at_zero: float
    p_far: float
    peaks: bool
    largest_denominator: int | None = None

    def p(self, shift: float) -> float:
        """Return p at a shift."""
        if shift == 0:
            return self.p_at_zero
        if self.peaks and shift == self.estimate:
            return 1.0
        return self.p_at(shift)


def limit_from_curve(curve: ShiftCurve, *, side: str, alpha: float) -> float:
    """Return the outermost shift with p ≥ α.

    Exact on a lattice whose fractions are coarse enough to tell apart; else to 1e-9 of the
    standard error.
    """
    sign = -1.0 if side == "low" else 1.0
    if curve.p_far >= alpha:
        return sign * math.inf
    tolerance = RELATIVE_TOLERANCE * curve.scale
    finest = curve.largest_denominator
    # Fractions with denominators up to D are 1/D² apart: in a narrower bracket there is but one.
    on_lattice = finest is not None and 0.4 / finest**2 > tolerance
    if finest is not None and on_lattice:
        tolerance = 0.4 / finest**2
    inside, outside = _bracket(curve, sign, alpha)
    limit = _narrow(curve, inside, outside, alpha=alpha, tolerance=tolerance)
    if finest is None or not on_lattice:
        return limit
    return float(Fraction(limit).limit_denominator(finest))


def _narrow(
    curve: ShiftCurve, inside: float, outside: float, *, alpha: float, tolerance: float
) -> float:
    """Close in on the limit from both sides; return the accepted end of the last bracket.

    Straight lines through `_score` aim a little beyond where they hit, so that the far end of the
    bracket comes near as well; halving steps in where p(δ) is too stepped for that.
    """
    aim = _score(alpha)
    at_inside, at_outside = _score(curve.p(inside)) - aim, _score(curve.p(outside)) - aim
    width, last_hit = abs(outside - inside), inside
    halve = False
    while abs(outside - inside) > tolerance * max(1.0, abs(inside) * 1e-6):
        share = 0.5
        if not halve and at_inside > at_outside:
            share = min(1.0, max(0.0, at_inside / (at_inside - at_outside)))
            hit = inside + share * (outside - inside)
            overshoot = max(0.4 * tolerance, 0.02 * abs(hit - last_hit)) / abs(outside - inside)
            share = share + overshoot if share < 0.5 else share - overshoot
            share, last_hit = min(0.999, max(0.001, share)), hit
        probe = inside + share * (outside - inside)
        p = curve.p(probe)
        if p >= alpha:
            inside, at_inside = probe, _score(p) - aim
        else:
            outside, at_outside = probe, _score(p) - aim
        halve = not halve and abs(outside - inside) > width / 2
        width = abs(outside - inside)
    return inside


def _score(p: float) -> float:
    """Make p(δ) nearly a straight line, which the search likes."""
    return float(special.ndtri(min(max(p / 2, 1e-300), 0.5 - 1e-16)))


def _bracket(curve: ShiftCurve, sign: float, alpha: float) -> tuple[float, float]:
    """Return a shift that is not rejected and one beyond it that is."""
    step = curve.scale * -float(special.ndtri(min(alpha, 0.5) / 2))
    inside = curve.estimate
    while curve.p(inside) < alpha:  # only one-sided at low confidence levels
        inside -= sign * step
    beyond_zero = sign * inside < 0
    if beyond_zero and curve.p_at_zero >= alpha:
        inside = 0.0
    outside = inside + sign * step
    while curve.p(outside) >= alpha:
        inside, step = outside, 2 * step
        outside = inside + sign * step
    if beyond_zero and curve.p_at_zero < alpha and sign * outside > 0:
        outside = 0.0
    return inside, outside
