"""What reading a concentration off a curve needs of its fit."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from ketbio.statistics.curves.curve_assembly import wells_per_point
from ketbio.statistics.curves.curve_covariance import on_the_log_scale
from ketbio.statistics.curves.curve_records import DoseResponseFit, WordArray
from ketbio.statistics.curves.curve_solving import variance_shape
from ketbio.statistics.curves.logistic_curve import log_concentration
from ketbio.statistics.curves.stacked_records import DoseResponseFits
from ketbio.statistics.records import FloatArray

AT_THE_EDGE = 1e-9
"""Share of the range by which a response may pass the outermost standard's before it is beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveReading:
    """A curve as samples are read from it, or the curves of many plates along a first axis.

    Attributes
    ----------
    theta : array of shape (..., p)
    log_x : array of shape (g,)
    means, weights : arrays of shape (..., g)
        The standards; ``weights`` are inverse variances of their means, where the variance of one
        well is `variance_shape`.
    rss : array of shape (..., 1)
        Weighted squares of the means about the curve.
    covariance : array of shape (..., p, p)
        Of the parameters, for the uncertainty that was asked for.
    variance : array of shape (..., 1)
        Of a well, times its `variance_shape`.
    t : float
        The quantile that limits are made with.
    has_wells : bool
        Whether the noise of the sample's own wells counts.
    weighting : str
    largest : array of shape (..., 1)
        The largest fitted response, in size.
    """

    theta: FloatArray
    log_x: FloatArray
    means: FloatArray
    weights: FloatArray
    rss: FloatArray
    covariance: FloatArray
    variance: FloatArray
    t: float
    has_wells: bool
    weighting: str
    largest: FloatArray

    def wells_variance(self, fitted: FloatArray, n_wells: FloatArray | float) -> FloatArray:
        """Return the variance of samples' means of wells, at fitted responses (of σ² = 1)."""
        if not self.has_wells:
            return np.zeros_like(fitted)
        return variance_shape(fitted, self.largest, self.weighting) / n_wells

    @property
    def is_rising(self) -> bool:
        """Whether the response of a single curve rises with the concentration."""
        return bool(self.theta[0] < 0)


def curve_reading(
    fit: DoseResponseFit | DoseResponseFits, *, uncertainty: str, level: float
) -> CurveReading:
    """Return what is needed to read concentrations off a fit, or off those of many plates."""
    theta = np.stack([fit.b, fit.c, fit.d, np.log(fit.e), np.log(fit.f)], axis=-1)
    theta = theta[..., : len(fit.parameter_names)]
    has_wells = uncertainty == "curve_and_wells"
    per_point = wells_per_point(fit.well_counts, fit.points)
    of_points = np.expand_dims(fit.residual_sd, -1) ** 2
    variance, df, scale = of_points, fit.df, 1.0
    if has_wells:
        variance, df, scale = np.expand_dims(fit.well_sd, -1) ** 2, fit.well_df, per_point
    of_the_fit = of_points * scale
    fitted = fit.fitted_responses
    largest = np.abs(fitted).max(axis=-1, keepdims=True)
    counts = fit.well_counts if fit.points == "wells" else scale
    weights = counts / variance_shape(fitted, largest, fit.weights)
    is_inexact = of_the_fit > 0
    share = np.where(is_inexact, variance / np.where(is_inexact, of_the_fit, 1.0), 0.0)
    return CurveReading(
        theta=theta,
        log_x=log_concentration(fit.concentrations),
        means=fit.mean_responses,
        weights=weights,
        rss=(weights * (fit.mean_responses - fitted) ** 2).sum(axis=-1, keepdims=True),
        covariance=on_the_log_scale(fit.covariance, theta) * share[..., None],
        variance=variance,
        t=float(stdtrit(df, (1 + level) / 2)),
        has_wells=has_wells,
        weighting=fit.weights,
        largest=largest,
    )


def sides(
    fit: DoseResponseFit | DoseResponseFits, response: FloatArray
) -> tuple[WordArray, WordArray]:
    """Return which responses lie beyond an asymptote, and which beyond the outermost standards.

    ``response`` has shape (n_samples,), or (n_plates, n_samples) with the fits of many plates.
    """
    b, c, d = (np.expand_dims(one, -1) for one in (fit.b, fit.c, fit.d))
    low, high = np.where(b < 0, "left", "right"), np.where(b < 0, "right", "left")
    beyond_asymptote = _words(response <= c, low, response >= d, high)
    positive = fit.fitted_responses[..., fit.concentrations > 0]
    edge = AT_THE_EDGE * (d - c)
    lowest, highest = (one(axis=-1, keepdims=True) for one in (positive.min, positive.max))
    beyond_standards = _words(response < lowest - edge, low, response > highest + edge, high)
    return beyond_asymptote, np.where(beyond_asymptote != "", beyond_asymptote, beyond_standards)


def _words(below: object, low: WordArray, above: object, high: WordArray) -> WordArray:
    return np.where(below, low, np.where(above, high, ""))  # type: ignore[call-overload, no-any-return]
