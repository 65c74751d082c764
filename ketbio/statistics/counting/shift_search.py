"""Confidence limits of a shift where arrangements are too many to list: bracketing p(δ).

p is counted exactly at few shifts. A bracket is narrowed until the jump points in it can be listed
(`shift_jumps`), and the limit is one of them; else until it holds one fraction of the lattice, or
is as narrow as a billionth of the standard error.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from scipy import special

RELATIVE_TOLERANCE = 1e-9

ROUGH_TOLERANCE = 1e-7
"""How near, in standard errors, a limit found from a sample of sums may be to the limit."""

FIRST_REACH = 1e-3
"""How far about such a limit, in standard errors, it is looked how steep p is."""

Settle = Callable[[float, float], float | None]
"""(inside, outside) → the limit between them, or None where too many jump points lie there."""


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
    grain : float
        p is counted at multiples of this only; 0: anywhere.
    roughly : callable or None
        Shift → p from a sample of sums, where counting all takes long.
    settle : callable or None
        See `Settle`; None where jump points cannot be listed.
    settled_gap : float
        How much p may fall within a bracket for its jump points to be listed.
    """

    p_at: Callable[[float], float]
    estimate: float
    scale: float
    p_at_zero: float
    p_far: float
    peaks: bool
    largest_denominator: int | None = None
    grain: float = 0.0
    roughly: Callable[[float], float] | None = None
    settle: Settle | None = None
    settled_gap: float = 0.0

    def p(self, shift: float) -> float:
        """Return p at a shift."""
        if shift == 0:
            return self.p_at_zero
        if self.peaks and shift == self.estimate:
            return 1.0
        return self.p_at(shift)

    def countable(self, shift: float) -> float:
        """Return the nearest shift that p can be counted at."""
        return self.grain * round(shift / self.grain) if self.grain else shift


@dataclass(frozen=True, slots=True)
class _Bracket:
    """A shift with p ≥ α and one beyond it with p < α."""

    inside: float
    outside: float

    @property
    def width(self) -> float:
        return abs(self.outside - self.inside)


def limit_from_curve(curve: ShiftCurve, *, side: str, alpha: float) -> float:
    """Return the outermost shift with p ≥ α.

    Exact where jump points can be listed, and on a lattice whose fractions are coarse enough to
    tell apart; else to 1e-9 of the standard error.
    """
    sign = -1.0 if side == "low" else 1.0
    if curve.p_far >= alpha:
        return sign * math.inf
    bracket = _bracket(curve, sign, alpha)
    if curve.settle is not None:
        bracket = _narrow(curve, bracket, alpha, tolerance=0.0, gap=curve.settled_gap)
        limit = curve.settle(bracket.inside, bracket.outside)
        if limit is not None:
            return limit
    tolerance = RELATIVE_TOLERANCE * curve.scale
    finest = curve.largest_denominator
    # Fractions with denominators up to D are 1/D² apart: in a narrower bracket there is but one.
    if finest is not None and 0.4 / finest**2 > tolerance:
        limit = _narrow(curve, bracket, alpha, tolerance=0.4 / finest**2).inside
        return float(Fraction(limit).limit_denominator(finest))
    return _narrow(curve, bracket, alpha, tolerance=tolerance).inside


def _narrow(
    curve: ShiftCurve, bracket: _Bracket, alpha: float, *, tolerance: float, gap: float = 0.0
) -> _Bracket:
    """Close in on the limit from both sides until the bracket or the fall of p in it is small.

    Straight lines through `_score` aim a little beyond where they hit, so that the far end of the
    bracket comes near as well; halving steps in where p(δ) is too stepped for that.
    """
    aim = _score(alpha)
    inside, outside = bracket.inside, bracket.outside
    p_inside, p_outside = curve.p(inside), curve.p(outside)
    width, last_hit = bracket.width, inside
    halve = False
    finest = max(tolerance, 4e-16 * max(abs(inside), abs(outside), curve.scale))
    while abs(outside - inside) > finest * max(1.0, abs(inside) * 1e-6):
        if p_inside - p_outside <= gap:
            break
        share = 0.5
        at_inside, at_outside = _score(p_inside) - aim, _score(p_outside) - aim
        if not halve and at_inside > at_outside:
            share = min(1.0, max(0.0, at_inside / (at_inside - at_outside)))
            hit = inside + share * (outside - inside)
            overshoot = max(0.4 * finest, 0.02 * abs(hit - last_hit)) / abs(outside - inside)
            share = share + overshoot if share < 0.5 else share - overshoot
            share, last_hit = min(0.999, max(0.001, share)), hit
        probe = curve.countable(inside + share * (outside - inside))
        if probe in (inside, outside):
            break
        p = curve.p(probe)
        if p >= alpha:
            inside, p_inside = probe, p
        else:
            outside, p_outside = probe, p
        halve = not halve and abs(outside - inside) > width / 2
        width = abs(outside - inside)
    return _Bracket(inside, outside)


def _score(p: float) -> float:
    """Make p(δ) nearly a straight line, which the search likes."""
    return float(special.ndtri(min(max(p / 2, 1e-300), 0.5 - 1e-16)))


def _bracket(curve: ShiftCurve, sign: float, alpha: float) -> _Bracket:
    """Return a bracket with 0 at one end or not in it: there p is known."""
    find = _wide_bracket if curve.roughly is None else _bracket_by_sample
    bracket = find(curve, sign, alpha)
    if not sign * bracket.inside < 0 < sign * bracket.outside:
        return bracket
    if curve.p_at_zero >= alpha:
        return _Bracket(0.0, bracket.outside)
    return _Bracket(bracket.inside, 0.0)


def _wide_bracket(curve: ShiftCurve, sign: float, alpha: float) -> _Bracket:
    step = curve.scale * -float(special.ndtri(min(alpha, 0.5) / 2))
    inside = curve.estimate
    while curve.p(inside) < alpha:  # only one-sided at low confidence levels
        inside, step = inside - sign * step, 2 * step
    outside = curve.countable(inside + sign * step)
    while curve.p(outside) >= alpha:
        inside, step = outside, 2 * step
        outside = curve.countable(inside + sign * step)
    return _Bracket(inside, outside)


def _bracket_by_sample(curve: ShiftCurve, sign: float, alpha: float) -> _Bracket:
    """Find the limit of a sample of sums, and then a narrow bracket about it by counting all."""
    rough = replace(curve, p_at=curve.roughly or curve.p_at, roughly=None, settle=None)
    near = _narrow(rough, _wide_bracket(rough, sign, alpha), alpha, tolerance=1e-6 * curve.scale)
    middle = (near.inside + near.outside) / 2
    reach = FIRST_REACH * curve.scale
    fall = rough.p(middle - sign * reach) - rough.p(middle + sign * reach)
    step = reach * min(1.0, max(ROUGH_TOLERANCE / FIRST_REACH, curve.settled_gap / max(fall, 1e-9)))
    step_out, inside, outside = step, middle - sign * step, middle + sign * step
    while curve.p(outside) >= alpha:
        inside, step_out = outside, 16 * step_out
        outside += sign * step_out
    while curve.p(inside) < alpha:
        outside, step = inside, 16 * step
        inside -= sign * step
    return _Bracket(inside, outside)
