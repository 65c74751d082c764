"""Confidence limits of a coefficient: the shifts that the residual permutation test accepts."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np

from ketbio.statistics.counting.questions import Question
from ketbio.statistics.counting.shift_intervals import SIDES, Limits
from ketbio.statistics.counting.shift_search import ShiftCurve, limit_from_curve
from ketbio.statistics.counting.subset_sums import Number
from ketbio.statistics.counting.tails import p_value
from ketbio.statistics.covariates.linear_models import AdjustedModel
from ketbio.statistics.covariates.residual_permutations import TIE_TOLERANCE, ResidualFits
from ketbio.statistics.records import FloatArray

FAR = 1e4
"""Standard errors from the estimate beyond which p moves no more; limits there are infinite."""

ONE_SIDE = {"low": "greater", "high": "less"}
"""Which one-sided test a limit inverts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResidualTails:
    """Tail counts of scores in any order: at each shift they are looked at but once.

    Attributes
    ----------
    values : array of shape (arrangements,)
        Scores, the observed one first.
    """

    values: FloatArray

    @property
    def n_counted(self) -> int:
        """Arrangements counted."""
        return int(self.values.size)

    @property
    def tolerance(self) -> float:
        """How close two scores count as tied."""
        return TIE_TOLERANCE

    @property
    def n_sums(self) -> int:
        """Numbers that one count has to look at."""
        return int(self.values.size)

    def at_least(self, threshold: Number, *, strict: bool = False) -> int:
        """Count arrangements with ``threshold`` or more (``strict``: more)."""
        edge = float(threshold)
        beyond = (
            self.values > edge + TIE_TOLERANCE if strict else self.values >= edge - TIE_TOLERANCE
        )
        return int(np.count_nonzero(beyond))

    def at_most(self, threshold: Number, *, strict: bool = False) -> int:
        """Count arrangements with ``threshold`` or less (``strict``: less)."""
        edge = float(threshold)
        beyond = (
            self.values < edge - TIE_TOLERANCE if strict else self.values <= edge + TIE_TOLERANCE
        )
        return int(np.count_nonzero(beyond))

    def both(self, upper: Number, lower: Number, *, strict: bool = False) -> tuple[int, int]:
        """Count arrangements of ``upper`` or more, and those of ``lower`` or less."""
        return self.at_least(upper, strict=strict), self.at_most(lower, strict=strict)

    def extremes(self) -> tuple[Number, Number]:
        """Return the smallest and the largest score."""
        return float(self.values.min()), float(self.values.max())


def adjusted_limits(model: AdjustedModel, fits: ResidualFits, question: Question) -> Limits:
    """Return the confidence limits of the coefficient, in the data's units.

    Parameters
    ----------
    model : AdjustedModel
        The reduced data.
    fits : ResidualFits
        Of every arrangement counted or drawn, the observed one first.
    question : Question
        Alternative, level and mid-p.
    """
    limits = {"low": -math.inf, "high": math.inf}
    for side, parts in SIDES[question.alternative]:
        word = "two-sided" if question.alternative == "two-sided" else ONE_SIDE[side]
        alpha = float(question.alpha / parts)
        curve = _curve(model, partial(_p_at, model.slope, fits, word, question.mid_p), side, alpha)
        limit = limit_from_curve(curve, side=side, alpha=alpha)
        limits[side] = limit * model.unit if math.isfinite(limit) else limit
    return Limits(limits["low"], limits["high"])


def _curve(
    model: AdjustedModel, p_of_shift: Callable[[float], float], side: str, alpha: float
) -> ShiftCurve:
    sign = -1.0 if side == "low" else 1.0
    estimate, p_at_zero = model.slope, p_of_shift(0.0)
    scale = model.standard_error or abs(estimate) or 1.0
    furthest = estimate + sign * FAR * scale
    # p need not fall steadily on the way out. Where it rejects zero, nothing beyond zero is inside.
    stops_at_zero = sign * estimate < 0 and p_at_zero < alpha

    def p_at(shift: float) -> float:
        if stops_at_zero and sign * shift >= 0:
            return p_at_zero
        return p_of_shift(furthest if sign * shift > sign * furthest else shift)

    return ShiftCurve(
        p_at=cache(p_at),
        estimate=estimate,
        scale=scale,
        p_at_zero=p_at_zero,
        p_far=p_at_zero if stops_at_zero else p_at(furthest),
        peaks=False,
    )


def _p_at(
    estimate: float, fits: ResidualFits, alternative: str, mid_p: bool, shift: float
) -> float:
    tails = ResidualTails(values=fits.scores(estimate - shift))
    return p_value(tails, float(tails.values[0]), alternative, mid_p=mid_p)
