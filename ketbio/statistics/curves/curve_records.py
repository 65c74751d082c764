"""The frozen records of dose–response fits and of what is read off them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.record_words import shown
from ketbio.statistics.records import NAN, FloatArray
from ketbio.wording import format_number

WordArray = NDArray[np.str_]

CURVE_NAMES = {"4pl": "4PL", "5pl": "5PL"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class DoseResponseFit:
    """A logistic curve of response on concentration, as R drc's LL.4 and LL.5 write it.

    f(x) = c + (d − c)/(1 + exp(b(log x − log e)))^f; c < d always, so that b < 0 where the response
    rises.

    Attributes
    ----------
    curve : str
        ``"4pl"`` or ``"5pl"``: the curve that was fitted (the one chosen, where AICc chose).
    direction : str
        ``"rising"`` or ``"falling"``: what the response does as the concentration grows.
    b, c, d, e, f : float
        Slope (unitless), lower and upper asymptote (units of the response), inflection parameter
        (units of the concentration; the EC50 where f = 1) and asymmetry (unitless; 1 for a 4PL).
    b_se, c_se, d_se, e_se, f_se : float
        Their standard errors; ``f_se`` NaN for a 4PL.
    parameter_names : tuple of str
        Of the rows of ``covariance``: ``("b", "c", "d", "e")``, and ``"f"`` for a 5PL.
    covariance : array of shape (p, p)
        Read-only; 2 s² times the inverse Hessian of the residual sum of squares, as drc.
    ec50 : float
        The concentration half-way between the asymptotes.
    residual_sd : float
        s: of a point (a mean of wells, or a well); in units of the response, or a share of the
        fitted response with relative weights.
    df : int
        Points less parameters.
    n_points, n_wells, n_concentrations : int
        What the curve was fitted to, the wells behind it, and the different concentrations.
    rss : float
        The (weighted) residual sum of squares over the points.
    r_squared : float
        1 − rss over the (weighted) sum of squares about the mean.
    aicc : float
        Akaike's criterion of this curve, corrected for few points; NaN where there are too few.
    aicc_other : float
        The other curve's, where both were fitted; else NaN.
    pure_error_variance : float
        Variance of wells within concentrations (relative weights: of shares); NaN without
        replicates.
    pure_error_df : int
        Its degrees of freedom.
    lack_of_fit_p : float
        Of the F test of the curve against a mean per concentration; NaN without replicates or
        without a concentration to spare.
    well_sd : float
        SD of one well about the curve, pooled over lack of fit and replicates: what intervals of
        samples are made from. Units as ``residual_sd``.
    well_df : int
        Its degrees of freedom.
    weights, points : str
        The words that were asked for.
    concentrations : array of shape (n_concentrations,)
        The different concentrations in rising order, read-only.
    mean_responses : array of shape (n_concentrations,)
        The mean response at each, read-only.
    fitted_responses : array of shape (n_concentrations,)
        The curve at each, read-only.
    well_counts : array of int, shape (n_concentrations,)
        Wells at each, read-only.
    warnings : tuple of str
        Sentences that a reader of the curve must see.
    """

    curve: str
    direction: str
    b: float
    c: float
    d: float
    e: float
    f: float
    b_se: float
    c_se: float
    d_se: float
    e_se: float
    f_se: float
    parameter_names: tuple[str, ...]
    covariance: FloatArray
    ec50: float
    residual_sd: float
    df: int
    n_points: int
    n_wells: int
    n_concentrations: int
    rss: float
    r_squared: float
    aicc: float
    aicc_other: float = NAN
    pure_error_variance: float = NAN
    pure_error_df: int = 0
    lack_of_fit_p: float = NAN
    well_sd: float
    well_df: int
    weights: str
    points: str
    concentrations: FloatArray
    mean_responses: FloatArray
    fitted_responses: FloatArray
    well_counts: NDArray[np.int64]
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return the curve in a line, and its warnings below."""
        return shown(
            "DoseResponseFit",
            f"{CURVE_NAMES[self.curve]}, {self.direction}",
            f"EC50 {format_number(self.ec50)}",
            f"asymptotes {format_number(self.c)} and {format_number(self.d)}",
            f"residual SD {format_number(self.residual_sd)} on {self.df} df",
            warnings=self.warnings,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class BackCalculation:
    """Concentrations read off a fitted curve, one per sample.

    Attributes
    ----------
    concentration : array of shape (n_samples,)
        In the units of the standards, as in the well; NaN where ``side`` says why.
    se : array of shape (n_samples,)
        Standard error by the delta method; NaN where there is no concentration.
    ci_low, ci_high : array of shape (n_samples,)
        0 or infinite where the interval is open at that end. Profile limits are there too for
        responses beyond an asymptote (0 to a limit, or a limit to infinity); delta limits are NaN
        there.
    side : array of str, shape (n_samples,)
        ``"left"`` or ``"right"`` where the response lies beyond an asymptote, so that no
        concentration gives it: below all (left), above all (right); else ``""``.
    beyond : array of str, shape (n_samples,)
        ``"left"`` or ``"right"`` where the response lies beyond the fitted response of the lowest
        positive or the highest standard, so that a concentration is extrapolated (or there is
        none); else ``""``.
    n_wells : array of int, shape (n_samples,)
        Wells behind each response.
    confidence_level : float
        Of the intervals.
    interval, uncertainty : str
        The words that were asked for.
    warnings : tuple of str
        Sentences that a reader of the numbers must see.
    """

    concentration: FloatArray
    se: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    side: WordArray
    beyond: WordArray
    n_wells: NDArray[np.int64]
    confidence_level: float
    interval: str
    uncertainty: str
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Return how many samples lie where, and the warnings below."""
        size = self.concentration.size
        outside = int((self.side != "").sum())
        return shown(
            "BackCalculation",
            f"{size} samples, {outside} beyond an asymptote",
            f"{self.interval} intervals ({self.uncertainty})",
            warnings=self.warnings,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedResponse:
    """The curve and its confidence band at some concentrations.

    Attributes
    ----------
    response, se, ci_low, ci_high : array of shape (n,)
        In units of the response; pointwise t intervals of the fitted curve (no well noise).
    confidence_level : float
        Of the band.
    """

    response: FloatArray
    se: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    confidence_level: float
