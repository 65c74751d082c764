"""Fits of many plates of one design: those that raise no question, and the numbers of each.

A plate raises a question where a refusal or a warning of `fit_dose_response` is due or near, or
where its curve is so poorly determined that two ways to the same minimum would differ in the
digits. Such plates are not answered here: the caller fits them one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtrc

from ketbio.statistics.curves.curve_assembly import wells_per_point
from ketbio.statistics.curves.curve_complaints import (
    FLAT_LEVEL,
    MAX_MIDDLE,
    MAX_SLOPE,
    MAX_SPAN,
    TURNED_SHARE,
)
from ketbio.statistics.curves.curve_covariance import (
    half_hessian,
    inverses_of,
    on_the_usual_scale,
)
from ketbio.statistics.curves.curve_solving import LOWEST_SHARE, variance_shape
from ketbio.statistics.curves.curve_starts import stacked_starts
from ketbio.statistics.curves.curve_warnings import MISFIT_LEVEL, POOR_FIT
from ketbio.statistics.curves.fitted_curve import (
    about_their_mean,
    aicc_penalty,
    weights_of_points,
)
from ketbio.statistics.curves.logistic_curve import values_and_slopes
from ketbio.statistics.curves.stacked_records import (
    ERROR_NAMES,
    PARAMETER_NAMES,
    DoseResponseFits,
)
from ketbio.statistics.curves.stacked_solving import reweigh_stack, solve_stack
from ketbio.statistics.curves.standard_wells import StandardWells
from ketbio.statistics.records import FloatArray

N_PARAMETERS = 4
MARGIN = 1e-6
"""Share by which a plate keeps clear of each threshold, so that rounding decides no verdict."""
WELL_DETERMINED = 1e-4
"""Smallest eigenvalue of the Hessian scaled to a diagonal of 1: below it digits are lost."""
NOT_EXACT = 1e-10
"""Share of the squares that a curve leaves at least; less is rounding, which differs by the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stack:
    """Fitted curves, a row each, as in `FittedCurve`; ``smallest`` is the Hessian's eigenvalue."""

    theta: FloatArray
    means: FloatArray
    fitted: FloatArray
    inverse_variances: FloatArray
    inverses: FloatArray
    smallest: FloatArray
    rss: FloatArray
    total: FloatArray
    total_of_wells: FloatArray
    within: FloatArray
    of_fit: FloatArray

    def rows(self, kept: NDArray[np.bool_]) -> "_Stack":
        return _Stack(**{one.name: getattr(self, one.name)[kept] for one in fields(self)})


def fit_quiet_plates(
    design: StandardWells, means: FloatArray, within: FloatArray, *, weights: str, points: str
) -> tuple[NDArray[np.intp], dict[str, FloatArray]]:
    """Return which plates raise no question, and the numbers of those by name.

    Parameters
    ----------
    design : StandardWells
        Concentrations and counts, which the plates share.
    means, within : arrays of shape (n, g)
        Mean of the wells at each concentration, and their squares about it; finite.
    weights, points : str

    Returns
    -------
    rows : array of int, shape (k,)
    numbers : dict of arrays with first axis k
        As `stacked_records.OF_A_PLATE` names them.
    """
    rows = np.flatnonzero(_is_one_way(means))
    theta, settled = _solved(design, means[rows], weights, points)
    settled &= _is_on_the_plate(theta, means[rows], design)
    rows, theta = rows[settled], theta[settled]
    stack = _stack(design, theta, (means[rows], within[rows]), weights, points)
    quiet = _is_quiet(design, stack, weights)
    return rows[quiet], _numbers(design, stack.rows(quiet), points)


def _is_one_way(means: FloatArray) -> NDArray[np.bool_]:
    """Return which plates have means that differ, and do not turn back as a hook may."""
    span = np.ptp(means, axis=1)
    falls = (np.maximum.accumulate(means, axis=1) - means).max(axis=1)
    rises = (means - np.minimum.accumulate(means, axis=1)).max(axis=1)
    back = np.minimum(falls, rises)
    return np.asarray((span > 0) & (back < TURNED_SHARE * (1 - MARGIN) * span))


def _solved(
    design: StandardWells, means: FloatArray, weights: str, points: str
) -> tuple[FloatArray, NDArray[np.bool_]]:
    as_points = weights_of_points(design.counts, points)
    starts = stacked_starts(design, means, as_points)
    with np.errstate(all="ignore"):  # curves that run off; they do not settle
        theta, settled = solve_stack(design.log_x, means, as_points, starts)
        if weights == "none":
            return theta, settled
        theta, again = reweigh_stack(design.log_x, means, as_points, theta, weights)
    return theta, settled & again


def _is_on_the_plate(
    theta: FloatArray, means: FloatArray, design: StandardWells
) -> NDArray[np.bool_]:
    """Return which curves keep clear of being refused or warned of for where they lie."""
    low, high = design.log_range
    lowest = low if design.concentrations[0] > 0 else low - MAX_MIDDLE
    slope, rise, middle = np.abs(theta[:, 0]), theta[:, 2] - theta[:, 1], theta[:, 3]
    return np.asarray(
        (slope < MAX_SLOPE * (1 - MARGIN))
        & (rise > 0)
        & (rise < MAX_SPAN * (1 - MARGIN) * np.ptp(means, axis=1))
        & (middle > lowest + MARGIN)
        & (middle < high - MARGIN)
    )


def _stack(
    design: StandardWells,
    theta: FloatArray,
    wells: tuple[FloatArray, FloatArray],
    weights: str,
    points: str,
) -> _Stack:
    means, squares = wells
    as_points = weights_of_points(design.counts, points)
    fitted = values_and_slopes(theta, design.log_x)[0]
    largest = np.abs(fitted).max(axis=1, keepdims=True)
    inverse_variances = 1 / variance_shape(fitted, largest, weights)
    point_weights = as_points * inverse_variances
    within = (squares * inverse_variances).sum(axis=1)
    own = within if points == "wells" else 0.0
    off = (means - fitted) ** 2 * inverse_variances
    inverses, smallest = inverses_of(half_hessian(theta, design.log_x, means, point_weights))
    return _Stack(
        theta=theta,
        means=means,
        fitted=fitted,
        inverse_variances=inverse_variances,
        inverses=inverses,
        smallest=smallest,
        rss=off @ as_points + own,
        total=own + about_their_mean(means, point_weights),
        total_of_wells=within + about_their_mean(means, design.counts * inverse_variances),
        within=within,
        of_fit=off @ design.counts,
    )


def _is_quiet(design: StandardWells, stack: _Stack, weights: str) -> NDArray[np.bool_]:
    """Return which curves need neither a refusal nor a warning, and are well determined."""
    left = stack.of_fit + stack.within
    unexplained = stack.rss / stack.total
    with np.errstate(divide="ignore", invalid="ignore"):  # exact curves, which are not quiet
        flat_p = _flat_p(stack.total_of_wells - left, left, design.n_wells - N_PARAMETERS)
    quiet = (
        (stack.smallest > WELL_DETERMINED)
        & (unexplained > NOT_EXACT)
        & (unexplained < (1 - POOR_FIT) * (1 - MARGIN))
        & (flat_p < FLAT_LEVEL * (1 - MARGIN))
        & ~(_lack_of_fit(design, stack) < MISFIT_LEVEL * (1 + MARGIN))
    )
    if weights == "none":
        return np.asarray(quiet)
    sizes = np.abs(stack.fitted)
    least = LOWEST_SHARE * (1 + MARGIN) * sizes.max(axis=1, keepdims=True)
    return np.asarray(quiet & (sizes > least).all(axis=1))


def _flat_p(explained: FloatArray, left: FloatArray, df: int) -> FloatArray:
    f = np.maximum(explained, 0.0) / (N_PARAMETERS - 1) / (left / df)
    return np.asarray(fdtrc(N_PARAMETERS - 1, df, f))


def _lack_of_fit(design: StandardWells, stack: _Stack) -> FloatArray:
    """Return the p value of the F test against a mean per concentration, NaN where none."""
    spare, df = design.means.size - N_PARAMETERS, design.df_within
    if spare <= 0 or df == 0:
        return np.full(stack.within.size, np.nan)
    some = stack.within > 0
    within = np.where(some, stack.within, 1.0)
    return np.where(some, fdtrc(spare, df, stack.of_fit / spare / (within / df)), np.nan)


def _numbers(design: StandardWells, stack: _Stack, points: str) -> dict[str, FloatArray]:
    """Return what `curve_assembly.assemble` works out for one plate."""
    n = design.n_wells if points == "wells" else design.means.size
    df = n - N_PARAMETERS
    as_points = weights_of_points(design.counts, points)
    covariance = on_the_usual_scale(stack.inverses, stack.theta) * (stack.rss / df)[:, None, None]
    of_variances = np.log(stack.inverse_variances) @ as_points
    return {
        **dict(zip(PARAMETER_NAMES, _parameters(stack.theta), strict=True)),
        **dict(zip(ERROR_NAMES, np.sqrt(np.einsum("npp->pn", covariance)), strict=True)),
        "covariance": covariance,
        "residual_sd": np.sqrt(stack.rss / df),
        "rss": stack.rss,
        "r_squared": 1 - stack.rss / stack.total,
        "aicc": n * np.log(stack.rss / n) - of_variances + aicc_penalty(n, N_PARAMETERS),
        "pure_error_variance": stack.within / (design.df_within or np.nan),
        "lack_of_fit_p": _lack_of_fit(design, stack),
        "well_sd": _of_one_well(design, stack, df, points),
        "mean_responses": stack.means,
        "fitted_responses": stack.fitted,
    }


def _parameters(theta: FloatArray) -> FloatArray:
    b, c, d, log_e = theta.T
    return np.stack([b, c, d, np.exp(log_e)])


def _of_one_well(design: StandardWells, stack: _Stack, df: int, points: str) -> FloatArray:
    if points == "wells":
        return np.sqrt(stack.rss / df)
    squares = stack.rss * wells_per_point(design.counts, points) + stack.within
    return np.asarray(np.sqrt(squares / (df + design.df_within)))


def record_of(
    design: StandardWells,
    numbers: dict[str, FloatArray],
    *,
    refusals: Sequence[str],
    warnings: Sequence[tuple[str, ...]],
    weights: str,
    points: str,
) -> DoseResponseFits:
    """Return the record of many plates, its arrays read-only."""
    n_points = design.n_wells if points == "wells" else design.means.size
    df = n_points - N_PARAMETERS
    for array in (*numbers.values(), design.concentrations, design.counts):
        array.flags.writeable = False
    return DoseResponseFits(
        **numbers,
        refusals=tuple(refusals),
        warnings=tuple(warnings),
        df=df,
        n_points=n_points,
        n_wells=design.n_wells,
        n_concentrations=design.means.size,
        pure_error_df=design.df_within,
        well_df=df if points == "wells" else df + design.df_within,
        weights=weights,
        points=points,
        concentrations=design.concentrations,
        well_counts=design.counts,
    )
