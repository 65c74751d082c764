"""Standard errors of read-off concentrations by the delta method, and limits from them."""

import numpy as np

from ketbio.statistics.curves.curve_reading import CurveReading
from ketbio.statistics.curves.logistic_curve import values_and_slopes
from ketbio.statistics.records import FloatArray


def standard_errors(
    reading: CurveReading, log_x: FloatArray, n_wells: FloatArray, uncertainty: str
) -> FloatArray:
    """Return standard errors of exp(``log_x``), of shape (..., n); NaN where that is."""
    is_read = ~np.isnan(log_x)
    at = np.where(is_read, log_x, reading.theta[..., 3:4])
    if uncertainty == "curve_as_drc":
        return np.where(is_read, _with_known_asymptotes(reading, at), np.nan)
    return np.where(is_read, _errors(reading, at, n_wells), np.nan)


def _errors(reading: CurveReading, log_x: FloatArray, n_wells: FloatArray) -> FloatArray:
    """The delta method.

    The variance of the curve's own response there, and of the sample's wells, over the squared
    steepness of the curve.
    """
    fitted, slopes = values_and_slopes(reading.theta, log_x)
    of_curve = ((slopes @ reading.covariance) * slopes).sum(axis=-1)
    of_wells = reading.variance * reading.wells_variance(fitted, n_wells)
    return np.asarray(
        np.exp(log_x) * np.sqrt(np.maximum(of_curve, 0) + of_wells) / np.abs(slopes[..., 3])
    )


def _with_known_asymptotes(reading: CurveReading, log_x: FloatArray) -> FloatArray:
    """Return standard errors as R drc's ED(type = "absolute") gives them.

    Up to version 3.0-1 its derivative takes the response as a fixed share of the way between the
    asymptotes, so that only b, e and f count: too small or too large, but what others quote.
    """
    slopes = values_and_slopes(reading.theta, log_x)[1]
    gradient = slopes / slopes[..., 3:4]  # of log x, but for a sign
    gradient[..., 1:3] = 0.0
    variance = ((gradient @ reading.covariance) * gradient).sum(axis=-1)
    return np.asarray(np.exp(log_x) * np.sqrt(np.maximum(variance, 0)))


def delta_limits(
    reading: CurveReading, log_x: FloatArray, se: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return concentration ± t standard errors, not below 0."""
    x = np.exp(log_x)
    return np.maximum(x - reading.t * se, 0.0), x + reading.t * se
