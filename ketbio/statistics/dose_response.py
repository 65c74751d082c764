"""Dose–response curves: the fit, and concentrations read off it."""

import numpy as np
from numpy.typing import ArrayLike

from ketbio.errors import StatisticsError
from ketbio.statistics.curves.curve_assembly import assemble, curve_direction
from ketbio.statistics.curves.curve_choice import CURVE_WORDS, choose_curve
from ketbio.statistics.curves.curve_complaints import (
    refuse_direction,
    refuse_flat,
    refuse_no_range,
    refuse_turning,
)
from ketbio.statistics.curves.curve_reading import CurveReading, curve_reading, sides
from ketbio.statistics.curves.curve_records import (
    BackCalculation,
    DoseResponseFit,
    FittedResponse,
)
from ketbio.statistics.curves.delta_limits import delta_limits, standard_errors
from ketbio.statistics.curves.limit_of_detection import limit_of_detection
from ketbio.statistics.curves.logistic_curve import inverse, log_concentration, values_and_slopes
from ketbio.statistics.curves.profile_limits import profile_limits
from ketbio.statistics.curves.standard_wells import gather_wells, well_numbers
from ketbio.statistics.inputs import as_values, check_level, check_word
from ketbio.statistics.records import FloatArray
from ketbio.wording import count_of

__all__ = ["back_calculate", "fit_dose_response", "limit_of_detection", "predict_response"]

WEIGHTS = ("none", "relative")
POINTS = ("means", "wells")
DIRECTIONS = ("either", "rising", "falling")
INTERVALS = ("profile", "delta", "none")
UNCERTAINTIES = ("curve_and_wells", "curve", "curve_as_drc")


def fit_dose_response(
    concentration: ArrayLike,
    response: ArrayLike,
    *,
    curve: str = "4pl",
    weights: str = "none",
    points: str = "means",
    direction: str = "either",
) -> DoseResponseFit:
    """Fit a logistic curve of four or five parameters to standards of known concentration.

    f(x) = c + (d − c)/(1 + exp(b(log x − log e)))^f with c < d, as R drc's LL.4 (f = 1) and LL.5;
    at x = 0 it is at its limit. Starts are found from the data.

    Parameters
    ----------
    concentration : array-like of numbers, shape (n_wells,)
        0 or more; the zero standard belongs to the curve.
    response : array-like of numbers, shape (n_wells,)
        Absorbance or the like, one per well.
    curve : {"4pl", "5pl", "aicc"}
        ``"aicc"`` fits both and takes the smaller AICc (of the points: with eight means the 5PL
        has to be very much better).
    weights : {"none", "relative"}
        ``"relative"`` is 1/ŷ²: the variance of a well grows with the square of the fitted
        response. The weights are worked out from the fit and the curve fitted again until neither
        moves (generalised least squares); responses below 1 % of the largest count as that large.
    points : {"means", "wells"}
        What the curve is fitted to: the mean of the wells at each concentration, each mean the
        same (as plate software such as SoftMax Pro does), or every well (as drc does).
    direction : {"either", "rising", "falling"}
        Which way the response may go: a sandwich assay rises, a competitive one falls.

    Returns
    -------
    DoseResponseFit
        With sentences in ``warnings`` where an asymptote is extrapolated, the fit is poor, or the
        curve misses the means by more than replicates vary.

    Raises
    ------
    StatisticsError
        Too few different concentrations (parameters + 1), negative or missing numbers, a flat
        curve, means that turn back (hook), the wrong direction, or a curve that the standards do
        not determine.

    Notes
    -----
    Ritz et al. (2015) for the parameters, Findlay & Dillard (2007) for immunoassays, Carroll &
    Ruppert (1988) for the weights. MINPACK's Levenberg–Marquardt does the least squares.

    Examples
    --------
    >>> x = np.array([0, 1, 2, 4, 8, 16, 32, 64])
    >>> found = fit_dose_response(x, 0.05 + 2 * x / (x + 8))
    >>> round(found.ec50, 6), round(found.c, 6), round(found.d, 6), found.direction
    (8.0, 0.05, 2.05, 'rising')
    """
    check_word("curve", curve, CURVE_WORDS)
    check_word("weights", weights, WEIGHTS)
    check_word("points", points, POINTS)
    check_word("direction", direction, DIRECTIONS)
    standards = gather_wells(concentration, response, n_needed=6 if curve == "5pl" else 5)
    refuse_no_range(standards)
    found, aicc_other, said = choose_curve(standards, curve, weights=weights, points=points)
    refuse_turning(standards)
    left = found.squares_of_fit + found.squares_within
    refuse_flat(
        explained=found.total_of_wells - left,
        left=left,
        n_parameters=found.theta.size,
        df=standards.n_wells - found.theta.size,
    )
    refuse_direction(standards, curve_direction(found), direction)
    return assemble(
        found, standards, aicc_other=aicc_other, weights=weights, points=points, said=said
    )


def back_calculate(
    fit: DoseResponseFit,
    response: ArrayLike,
    *,
    n_wells: ArrayLike = 1,
    interval: str = "profile",
    uncertainty: str = "curve_and_wells",
    confidence_level: float = 0.95,
) -> BackCalculation:
    """Read the concentrations of samples off a fitted curve, with intervals.

    Parameters
    ----------
    fit : DoseResponseFit
        The standard curve.
    response : array-like of numbers, shape (n_samples,)
        Responses of samples, each the mean of ``n_wells``; may be empty.
    n_wells : int or array-like of int, shape (n_samples,)
        Wells behind each response.
    interval : {"profile", "delta", "none"}
        ``"profile"``: concentrations at which standards and sample, fitted together, are not worse
        by the F test; right near the ends of the curve too, where an end is open (0 or infinite).
        ``"delta"``: ± t standard errors.
    uncertainty : {"curve_and_wells", "curve", "curve_as_drc"}
        ``"curve_and_wells"``: of the curve and of the sample's own wells, whose variance is that of
        the standards' wells (by the same weights): covers the true concentration. ``"curve"``: of
        the curve alone, as if the response were known. ``"curve_as_drc"``: the same with the
        asymptotes taken as known, which is what ED(type = "absolute") of R drc to 3.0-1 prints;
        delta method only.
    confidence_level : float
        Of the intervals.

    Returns
    -------
    BackCalculation
        In the units of the standards and as in the well: dilution comes after.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Notes
    -----
    Profile likelihood: Bates & Watts (1988), chapter 6; inversion intervals of calibration curves:
    Schwenke & Milliken (1991).

    Examples
    --------
    >>> x = np.repeat([0, 1, 2, 4, 8, 16, 32, 64], 2)
    >>> noise = np.tile([0.01, -0.01, -0.01, 0.01], 4)
    >>> fit = fit_dose_response(x, 0.05 + 2 * x / (x + 8) + noise)
    >>> found = back_calculate(fit, [0.05 + 2 * 5 / 13, 2.5], n_wells=2)
    >>> found.concentration.round(2), found.ci_low.round(2), found.side
    (array([ 5., nan]), array([4.79,  nan]), array(['', 'right'], dtype='<U5'))
    """
    check_uncertainty(interval, uncertainty)
    level = check_level(confidence_level)
    y = as_values(response, "response", at_least=0)
    wells = well_numbers(n_wells, y.size)
    reading = curve_reading(fit, uncertainty=uncertainty, level=level)
    log_x = inverse(reading.theta, y)
    side, beyond = sides(fit, y)
    concentration = np.exp(log_x)
    se = standard_errors(reading, log_x, wells, uncertainty)
    low, high, said = _limits(reading, y, wells, (log_x, se), interval)
    return BackCalculation(
        concentration=concentration,
        se=se,
        ci_low=low,
        ci_high=high,
        side=side,
        beyond=beyond,
        n_wells=wells.astype(np.int64),
        confidence_level=level,
        interval=interval,
        uncertainty=uncertainty,
        warnings=said,
    )


def predict_response(
    fit: DoseResponseFit, concentration: ArrayLike, *, confidence_level: float = 0.95
) -> FittedResponse:
    """Return the curve and its pointwise confidence band at some concentrations.

    Parameters
    ----------
    fit : DoseResponseFit
        The standard curve.
    concentration : array-like of numbers, shape (n,)
        0 or more.
    confidence_level : float
        Of the band, which is of the curve: single wells scatter more widely.

    Raises
    ------
    StatisticsError
        An argument cannot be used.

    Examples
    --------
    >>> x = np.array([0, 1, 2, 4, 8, 16, 32, 64])
    >>> fit = fit_dose_response(x, 0.05 + 2 * x / (x + 8))
    >>> predict_response(fit, [0, 8]).response.round(4)
    array([0.05, 1.05])
    """
    level = check_level(confidence_level)
    x = as_values(concentration, "concentration", at_least=0)
    if (x < 0).any():
        raise StatisticsError(
            f"concentration holds the negative value {x.min():g}; allowed: 0 or more."
        )
    reading = curve_reading(fit, uncertainty="curve", level=level)
    values, slopes = values_and_slopes(reading.theta, log_concentration(x))
    variance = np.einsum("np,pq,nq->n", slopes, reading.covariance, slopes)
    se = np.sqrt(np.maximum(variance, 0.0))
    return FittedResponse(
        response=values,
        se=se,
        ci_low=values - reading.t * se,
        ci_high=values + reading.t * se,
        confidence_level=level,
    )


def check_uncertainty(interval: str, uncertainty: str) -> None:
    """Refuse words that are none, and a profile of a standard error that has none."""
    check_word("interval", interval, INTERVALS)
    check_word("uncertainty", uncertainty, UNCERTAINTIES)
    if uncertainty == "curve_as_drc" and interval == "profile":
        raise StatisticsError(
            "interval is 'profile' with uncertainty 'curve_as_drc'; allowed: 'delta' or 'none', "
            "since drc's standard error has no profile."
        )


def _limits(
    reading: CurveReading,
    y: FloatArray,
    wells: FloatArray,
    read: tuple[FloatArray, FloatArray],
    interval: str,
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    if interval == "none" or y.size == 0:
        return np.full(y.size, np.nan), np.full(y.size, np.nan), ()
    if interval == "delta":
        return *delta_limits(reading, *read), ()
    low, high, unsettled = profile_limits(reading, y, wells)
    x = np.exp(read[0])  # always inside; where it is known, fmin and fmax keep it so
    low, high = (
        np.where(np.isnan(low), low, np.fmin(low, x)),
        np.where(np.isnan(high), high, np.fmax(high, x)),
    )
    said = (
        f"{count_of(unsettled, 'profile limit')} did not settle and "
        f"{'is that' if unsettled == 1 else 'are those'} of the curve as if it were linear: the "
        "curve is poorly determined.",
    )
    return low, high, said if unsettled else ()
