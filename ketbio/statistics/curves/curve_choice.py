"""Which curve is fitted: the one that was asked for, or the one with the smaller AICc."""

import math
from collections.abc import Callable

from ketbio.statistics.curves.curve_complaints import (
    not_determined,
    refuse_flat_means,
    refuse_turning,
)
from ketbio.statistics.curves.fitted_curve import FittedCurve, fit_curve
from ketbio.statistics.curves.standard_wells import StandardWells
from ketbio.statistics.records import NAN

Chosen = tuple[FittedCurve, float, tuple[str, ...]]
"""The curve, the other one's AICc, and sentences on the choice."""


def choose_curve(standards: StandardWells, curve: str, *, weights: str, points: str) -> Chosen:
    """Return the fitted curve, or refuse the standards in one sentence."""
    return _CHOICES[curve](standards, curve, weights, points)


def _asked_for(standards: StandardWells, curve: str, weights: str, points: str) -> Chosen:
    found = fit_curve(standards, curve, weights=weights, points=points)
    if isinstance(found, str):
        # these say more, where they are why
        refuse_flat_means(standards)
        refuse_turning(standards)
        raise not_determined(found)
    return found, NAN, ()


def _by_aicc(standards: StandardWells, curve: str, weights: str, points: str) -> Chosen:
    del curve
    simple, _, _ = _asked_for(standards, "4pl", weights, points)
    n = simple.n_points
    if standards.means.size < 6 or n < 8:
        return simple, NAN, (
            f"The 5PL was not offered to AICc: it needs 6 concentrations and 8 points, and there "
            f"are {standards.means.size} and {n}; the 4PL was taken.",
        )  # fmt: skip
    asymmetric = fit_curve(standards, "5pl", weights=weights, points=points)
    if isinstance(asymmetric, str):
        return simple, NAN, (f"The 5PL could not be fitted ({asymmetric}); the 4PL was taken.",)
    if math.isfinite(asymmetric.aicc) and asymmetric.aicc < simple.aicc:
        return asymmetric, simple.aicc, (_words("5PL", asymmetric.aicc, "4PL", simple.aicc),)
    return simple, asymmetric.aicc, (_words("4PL", simple.aicc, "5PL", asymmetric.aicc),)


def _words(chosen: str, mine: float, other: str, its: float) -> str:
    return f"AICc chose the {chosen} ({mine:.1f}) over the {other} ({its:.1f})."


_CHOICES: dict[str, Callable[[StandardWells, str, str, str], Chosen]] = {
    "4pl": _asked_for,
    "5pl": _asked_for,
    "aicc": _by_aicc,
}
CURVE_WORDS = tuple(_CHOICES)
