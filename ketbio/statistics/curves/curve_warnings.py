"""Sentences that a reader of a fitted curve must see."""

import math

import numpy as np

from ketbio.statistics.curves.curve_complaints import middle
from ketbio.statistics.curves.curve_solving import LOWEST_SHARE
from ketbio.statistics.curves.fitted_curve import FittedCurve
from ketbio.statistics.curves.standard_wells import StandardWells
from ketbio.wording import format_number, format_p

MISFIT_LEVEL = 0.01
POOR_FIT = 0.95


def curve_warnings(
    found: FittedCurve, standards: StandardWells, *, lack_of_fit_p: float, weights: str
) -> tuple[str, ...]:
    """Return the sentences on one fitted curve."""
    told = [*_on_the_range(found, standards)]
    explained = 1 - found.rss / found.total
    if explained < POOR_FIT:
        told.append(
            f"The curve explains only {100 * explained:.0f} % of the variation of the standards."
        )
    if lack_of_fit_p < MISFIT_LEVEL:
        told.append(
            "The curve misses the standards' means by more than their replicates vary (lack of "
            f"fit, {format_p(lack_of_fit_p)}): the curve, a concentration or a well is wrong."
        )
    if (
        weights == "relative"
        and (np.abs(found.fitted) < LOWEST_SHARE * np.abs(found.fitted).max()).any()
    ):
        told.append(
            f"Relative weights took fitted responses below {100 * LOWEST_SHARE:g} % of the largest "
            "as that large; without it a zero standard would outweigh all others."
        )
    if not found.is_steady:
        told.append("The relative weights did not come to rest; the last ones were used.")
    if not found.is_full:
        told.append(
            "The Hessian is not positive definite; standard errors are from its Gauss–Newton part."
        )
    return tuple(told)


def _on_the_range(found: FittedCurve, standards: StandardWells) -> list[str]:
    low, high = standards.log_range
    at = middle(found.theta)
    ends = {"upper": at > high, "lower": at < low and standards.concentrations[0] > 0}
    ec50 = format_number(math.exp(at))
    return [
        f"The EC50 ({ec50}) lies {'above the highest' if end == 'upper' else 'below the lowest'} "
        f"standard ({math.exp(high if end == 'upper' else low):g}): the asymptote on that side is "
        "extrapolated."
        for end, is_beyond in ends.items()
        if is_beyond
    ]
