"""Dose–response curves of many plates with the same standards, and concentrations read off them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ketbio.errors import StatisticsError
from ketbio.statistics.curves.curve_reading import curve_reading, sides
from ketbio.statistics.curves.delta_limits import delta_limits, standard_errors
from ketbio.statistics.curves.logistic_curve import inverse
from ketbio.statistics.curves.stacked_fits import fit_quiet_plates, record_of
from ketbio.statistics.curves.stacked_records import (
    OF_A_PLATE,
    BackCalculations,
    DoseResponseFits,
    empty_numbers,
)
from ketbio.statistics.curves.standard_wells import (
    gather_plates,
    gather_wells,
    well_numbers,
)
from ketbio.statistics.dose_response import (
    DIRECTIONS,
    POINTS,
    WEIGHTS,
    back_calculate,
    check_uncertainty,
    fit_dose_response,
)
from ketbio.statistics.inputs import (
    LARGEST,
    LARGEST_WHOLE,
    as_array,
    check_level,
    check_word,
    to_double,
)
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of

__all__ = ["back_calculate_plates", "fit_dose_responses"]

BLOCK = 500
"""Plates that are fitted at once: enough to be quick, few enough to stay in a small memory."""


def fit_dose_responses(
    concentration: ArrayLike,
    responses: ArrayLike,
    *,
    weights: str = "none",
    points: str = "means",
    direction: str = "either",
) -> DoseResponseFits:
    """Fit a four-parameter curve to each of many plates with the same standards.

    The same numbers, refusals and warnings as `fit_dose_response` gives plate by plate, sooner:
    plates that raise no question are fitted together, the others one by one.

    Parameters
    ----------
    concentration : array-like of numbers, shape (n_wells,)
        Of the standards' wells, which stand in the same order on all plates.
    responses : array-like of numbers, shape (n_plates, n_wells)
        A plate with masked wells has other standards, and is fitted alone: a missing response is
        refused.
    weights, points, direction : str
        As in `fit_dose_response`.

    Returns
    -------
    DoseResponseFits
        A plate that is refused stays, with its sentence in ``refusals`` and NaN for numbers;
        ``plate(i)`` is the fit of one plate.

    Raises
    ------
    StatisticsError
        The concentrations or an argument cannot be used, or ``responses`` is not a table of
        numbers.

    Notes
    -----
    As `fit_dose_response`, but the least squares are Levenberg–Marquardt (Marquardt 1963) over all
    plates at once; what does not settle at once goes to MINPACK.

    Examples
    --------
    >>> x = np.array([0, 1, 2, 4, 8, 16, 32, 64])
    >>> wells = np.array([1, -1, 1, -1, -1, 1, 1, -1]) / 100
    >>> tops = np.array([[1.5], [2.0], [0.0]])
    >>> found = fit_dose_responses(x, 0.05 + tops * x / (x + 8) + wells)
    >>> found.d.round(2), found.is_fitted
    (array([1.53, 2.03,  nan]), array([ True,  True, False]))
    >>> found.plate(1).direction
    'rising'
    """
    check_word("weights", weights, WEIGHTS)
    check_word("points", points, POINTS)
    check_word("direction", direction, DIRECTIONS)
    x = np.asarray(concentration)
    design = gather_wells(concentration, np.zeros(x.size), n_needed=5)
    given = _as_table(responses, "responses")
    if given.shape[1] != x.size:
        raise StatisticsError(
            f"responses has {given.shape[1]} columns and concentration has {x.size} values; "
            "allowed: a row per plate and a column per well of the standards."
        )
    how = {"weights": weights, "points": points}
    numbers = empty_numbers(given.shape[0], design.counts.size)
    left = np.ones(given.shape[0], dtype=np.bool_)
    for rows in _blocks(_usable(given)):
        means, within = gather_plates(to_double(x), design, to_double(given[rows]))
        quiet, found = fit_quiet_plates(design, means, within, **how)
        quiet = rows[quiet]
        kept = _is_allowed(found["b"], direction)
        left[quiet[kept]] = False
        for name, one in found.items():
            numbers[name][quiet[kept]] = one[kept]
    refusals = [""] * left.size
    warnings: list[tuple[str, ...]] = [()] * left.size
    for i in np.flatnonzero(left).tolist():
        try:
            fit = fit_dose_response(concentration, given[i], direction=direction, **how)
        except StatisticsError as refusal:
            refusals[i] = str(refusal)
            continue
        warnings[i] = fit.warnings
        for name in OF_A_PLATE:
            numbers[name][i] = getattr(fit, name)
    return record_of(design, numbers, refusals=refusals, warnings=warnings, **how)


def back_calculate_plates(
    fits: DoseResponseFits,
    responses: ArrayLike,
    *,
    n_wells: ArrayLike = 1,
    interval: str = "profile",
    uncertainty: str = "curve_and_wells",
    confidence_level: float = 0.95,
) -> BackCalculations:
    """Read the samples of many plates off their curves, with intervals.

    The same numbers as `back_calculate` gives plate by plate. Delta limits are worked out for all
    plates together; profile limits plate by plate, since they cost what their arithmetic costs.

    Parameters
    ----------
    fits : DoseResponseFits
        The standard curves.
    responses : array-like of numbers, shape (n_plates, n_samples)
        Each the mean of ``n_wells``; of a plate whose curve was refused, too.
    n_wells : int or array-like of int, shape (n_samples,)
        Wells behind each response, on all plates alike.
    interval, uncertainty, confidence_level
        As in `back_calculate`.

    Returns
    -------
    BackCalculations
        A plate whose curve was refused stays, NaN throughout; ``plate(i)`` is what was read off one
        plate.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> x = np.array([0, 1, 2, 4, 8, 16, 32, 64])
    >>> wells = np.array([1, -1, 1, -1, -1, 1, 1, -1]) / 100
    >>> fits = fit_dose_responses(x, 0.05 + np.array([[1.5], [2.0]]) * x / (x + 8) + wells)
    >>> found = back_calculate_plates(fits, [[0.8, 2.5], [0.05, 1.05]], interval="delta")
    >>> found.concentration.round(1).tolist(), found.side.tolist()
    ([[8.0, nan], [nan, 8.0]], [['', 'right'], ['left', '']])
    """
    check_uncertainty(interval, uncertainty)
    level = check_level(confidence_level)
    y = _as_samples(responses, fits.n_plates)
    wells = well_numbers(n_wells, y.shape[1])
    reading = curve_reading(fits, uncertainty=uncertainty, level=level)
    log_x = inverse(reading.theta, y)
    se = standard_errors(reading, log_x, wells, uncertainty)
    side, beyond = sides(fits, y)
    low = high = np.full(y.shape, np.nan)
    said: tuple[tuple[str, ...], ...] = ((),) * fits.n_plates
    if interval == "delta":
        low, high = delta_limits(reading, log_x, se)
    elif interval == "profile":
        how = {"n_wells": wells, "uncertainty": uncertainty, "confidence_level": level}
        low, high, said = _profile_limits(fits, y, **how)
    return BackCalculations(
        concentration=np.exp(log_x),
        se=se,
        ci_low=low,
        ci_high=high,
        side=side,
        beyond=beyond,
        n_wells=np.broadcast_to(wells.astype(np.int64), y.shape),
        confidence_level=level,
        interval=interval,
        uncertainty=uncertainty,
        warnings=said,
    )


def _as_table(values: ArrayLike, name: str) -> NDArray[Any]:
    """Return a table of numbers, a row per plate, or refuse it."""
    array = as_array(values, name)
    if array.ndim != 2 or array.dtype.kind not in "iuf":
        raise StatisticsError(
            f"{name} has shape {array.shape} and holds values of type {array.dtype}; allowed: a "
            "table of numbers with a row per plate."
        )
    return array


def _as_samples(responses: ArrayLike, n_plates: int) -> FloatArray:
    array = _as_table(responses, "responses")
    if array.shape[0] != n_plates:
        raise StatisticsError(
            f"responses has {count_of(array.shape[0], 'row')} and fits has "
            f"{count_of(n_plates, 'plate')}; allowed: a row per plate."
        )
    y = to_double(array)
    bad = np.argwhere(~(np.abs(y) <= LARGEST))
    if bad.size:
        plate, sample = bad[0].tolist()
        raise StatisticsError(
            f"responses holds {count_of(len(bad), 'value')} that cannot be read (the first, of "
            f"sample {sample + 1} in row {plate + 1}, is {y[plate, sample]:g}); allowed: finite "
            f"numbers up to {LARGEST:g} in size. Read such plates alone, without the sample."
        )
    return y


def _usable(given: NDArray[Any]) -> NDArray[np.intp]:
    """Return the plates whose responses are numbers beyond doubt; the others are told alone."""
    with np.errstate(invalid="ignore"):
        return np.flatnonzero((np.abs(to_double(given)) <= LARGEST_WHOLE).all(axis=1))


def _blocks(rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    for first in range(0, rows.size, BLOCK):
        yield rows[first : first + BLOCK]


def _is_allowed(b: FloatArray, direction: str) -> NDArray[np.bool_]:
    if direction == "either":
        return np.ones(b.size, dtype=np.bool_)
    return np.asarray((b < 0) == (direction == "rising"))


def _profile_limits(
    fits: DoseResponseFits, y: FloatArray, **how: Any
) -> tuple[FloatArray, FloatArray, tuple[tuple[str, ...], ...]]:
    low, high = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    said: list[tuple[str, ...]] = [()] * fits.n_plates
    for i in np.flatnonzero(fits.is_fitted).tolist():
        found = back_calculate(fits.plate(i), y[i], interval="profile", **how)
        low[i], high[i], said[i] = found.ci_low, found.ci_high, found.warnings
    return low, high, tuple(said)
