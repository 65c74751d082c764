"""Intervals of a curve's own parameters."""

import math

from scipy import stats

from ketbio.errors import StatisticsError, unknown_word
from ketbio.statistics.curves.curve_records import DoseResponseFit
from ketbio.statistics.inputs import check_level


def parameter_interval(
    fit: DoseResponseFit, parameter: str, *, confidence_level: float = 0.95
) -> tuple[float, float]:
    """Return the t interval of a parameter; that of e, which is positive, on the log scale.

    Parameters
    ----------
    fit : DoseResponseFit
        As `fit_dose_response` returns it.
    parameter : str
        ``"b"``, ``"c"``, ``"d"``, ``"e"`` or ``"f"``.
    confidence_level : float
        Of the interval.

    Returns
    -------
    tuple of float
        Low and high, in the parameter's unit; NaN where the parameter has no standard error.

    Raises
    ------
    StatisticsError
        No such parameter, or a level that is none.

    Examples
    --------
    >>> from ketbio.statistics import fit_dose_response
    >>> fit = fit_dose_response([0, 1, 2, 4, 8, 16], [0.1, 0.3, 0.52, 0.79, 1.22, 1.4])
    >>> low, high = parameter_interval(fit, "e")
    >>> low < fit.e < high
    True
    """
    if parameter not in PARAMETERS:
        raise StatisticsError(unknown_word("parameter", parameter, PARAMETERS))
    level = check_level(confidence_level)
    value, se = getattr(fit, parameter), getattr(fit, f"{parameter}_se")
    if fit.df < 1 or math.isnan(se):
        return math.nan, math.nan
    half = float(stats.t.ppf(0.5 + level / 2, fit.df)) * se
    if parameter == "e":
        return _times(value, -half / value), _times(value, half / value)
    return value - half, value + half


def _times(value: float, log_shift: float) -> float:
    return value * math.exp(log_shift) if log_shift < LARGEST_LOG else math.inf


PARAMETERS = ("b", "c", "d", "e", "f")
LARGEST_LOG = 700.0
