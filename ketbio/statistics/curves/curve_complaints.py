"""Curves that are refused: flat, turning back, in the wrong direction, not determined."""

import math

import numpy as np
from scipy.special import fdtrc

from ketbio.errors import StatisticsError
from ketbio.statistics.curves.standard_wells import StandardWells
from ketbio.statistics.records import FloatArray
from ketbio.wording import format_number, format_p

FLAT_LEVEL = 0.05
TURNED_SHARE = 0.15
"""Means that turn back by more than this share of their range are a hook …"""
TURNED_ERRORS = 3.0
"""… where replicates allow, if it is also this many standard errors of the difference."""

MAX_SPAN = 20.0
"""Times the range of the means that the asymptotes may lie apart."""
MAX_MIDDLE = math.log(100.0)
"""How far beyond the standards, in logarithms, the inflection may lie."""
MAX_SLOPE = 50.0
MAX_LOG_ASYMMETRY = math.log(1000.0)


def refuse_no_range(standards: StandardWells) -> None:
    """Refuse standards whose means do not differ at all."""
    if standards.span == 0 or not np.isfinite(standards.span**2):
        raise StatisticsError(
            f"the standards give the same mean response ({format_number(standards.means[0])}) at "
            "every concentration; allowed: responses that change with it. Check the wells and "
            "concentrations of the standards."
        )


def refuse_flat(*, explained: float, left: float, n_parameters: int, df: int) -> None:
    """Refuse a curve that explains no more of the wells' squares than chance would.

    Parameters
    ----------
    explained, left : float
        (Weighted) squares of the wells that the curve explains beyond their mean, and leaves.
    n_parameters, df : int
        Of the curve, and what is left of the wells.
    """
    if left <= 0:
        return
    f = max(explained, 0.0) / (n_parameters - 1) / (left / df)
    p = float(fdtrc(n_parameters - 1, df, f))
    if p > FLAT_LEVEL:
        raise _flat("a curve explains them", f"F({n_parameters - 1}, {df}) = {f:.2f}", p)


def refuse_flat_means(standards: StandardWells) -> None:
    """Refuse standards whose means differ no more than their replicates vary, if there are any."""
    p = _anova_p(standards) if standards.df_within >= 2 else 0.0
    if p > FLAT_LEVEL:
        raise _flat("a mean per concentration explains them", "analysis of variance", p)


def _flat(what: str, test: str, p: float) -> StatisticsError:
    return StatisticsError(
        f"no dose–response is distinguishable in the standards: {what} no better than one mean for "
        f"all does ({test}, {format_p(p)}; allowed: p below {FLAT_LEVEL:g}). Check the standards' "
        "wells and concentrations, or read the plate again."
    )


def refuse_turning(standards: StandardWells) -> None:
    """Refuse means that rise and fall back (or fall and rise again), and name where."""
    falls, rises = _turn(standards.means), _turn(-standards.means)
    back, at, low = min(falls, rises, key=lambda turn: turn[0])
    if back <= TURNED_SHARE * standards.span or not _is_beyond_noise(standards, back, at, low):
        return
    x, y = standards.concentrations, standards.means
    words = ("rise", "fall back") if falls[0] <= rises[0] else ("fall", "rise again")
    raise StatisticsError(
        f"the standards' mean responses {words[0]} to {format_number(y[at])} at concentration "
        f"{x[at]:g} and {words[1]} to {format_number(y[low])} at {x[low]:g}; allowed: one "
        "direction throughout. Look for a hook effect or exchanged wells, and mask the wells that "
        "are wrong."
    )


def _turn(means: FloatArray) -> tuple[float, int, int]:
    """Return the deepest fall below an earlier mean, and between which two places."""
    highest = np.maximum.accumulate(means)
    falls = highest - means
    low = int(falls.argmax())
    return float(falls[low]), int(means[: low + 1].argmax()), low


def _is_beyond_noise(standards: StandardWells, back: float, at: int, low: int) -> bool:
    if standards.df_within < 2:
        return True
    if _anova_p(standards) > FLAT_LEVEL:
        return False  # they do not differ at all, which is another complaint
    variance = standards.squares_within.sum() / standards.df_within
    per_well = 1 / standards.counts[at] + 1 / standards.counts[low]
    return bool(back > TURNED_ERRORS * math.sqrt(variance * per_well))


def _anova_p(standards: StandardWells) -> float:
    """Return the p value of the means' being equal, from the replicates."""
    within = float(standards.squares_within.sum()) / standards.df_within
    if within <= 0:
        return 0.0
    between = standards.means.size - 1
    centre = float(standards.counts @ standards.means) / standards.n_wells
    squares = float(standards.counts @ (standards.means - centre) ** 2)
    return float(fdtrc(between, standards.df_within, squares / between / within))


def refuse_direction(standards: StandardWells, found: str, wanted: str) -> None:
    """Refuse a curve in another direction than the one the assay has."""
    if wanted in ("either", found):
        return
    x, y = standards.concentrations, standards.means
    verb = {"rising": "rises", "falling": "falls"}[found]
    raise StatisticsError(
        f"the response {verb} with the concentration (from {format_number(y[0])} at {x[0]:g} to "
        f"{format_number(y[-1])} at {x[-1]:g}); allowed by direction: {wanted}. Check whether the "
        "standards' concentrations are in reverse order."
    )


def what_is_not_determined(theta: FloatArray, standards: StandardWells) -> str:
    """Return which parameter ran away from the standards, or an empty string."""
    low, high = standards.log_range
    if abs(theta[0]) > MAX_SLOPE:
        return f"the slope runs off to {abs(theta[0]):.3g}: a step between two standards"
    if theta.size == 5 and abs(theta[4]) > MAX_LOG_ASYMMETRY:
        return f"the asymmetry runs off to {math.exp(theta[4]):.3g}"
    if not low - MAX_MIDDLE <= middle(theta) <= high + MAX_MIDDLE:
        return f"the EC50 runs off to {format_number(math.exp(min(middle(theta), 700.0)))}"
    if theta[2] - theta[1] > MAX_SPAN * standards.span:
        return (
            f"the asymptotes run off to {format_number(theta[1])} and {format_number(theta[2])}, "
            f"where the means span {format_number(standards.span)}"
        )
    return ""


def middle(theta: FloatArray) -> float:
    """Return the logarithm of the concentration half-way between the asymptotes."""
    if theta.size == 4:
        return float(theta[3])
    z = math.log(math.expm1(min(math.log(2) * math.exp(-theta[4]), 700.0)))
    return float(theta[3] + z / theta[0])


def not_determined(what: str) -> StatisticsError:
    """Return the refusal of a curve that the standards do not determine."""
    return StatisticsError(
        f"the standards do not determine the curve: {what}. Add standards on both plateaus of the "
        "curve (a zero standard is one), or fit the simpler curve."
    )
