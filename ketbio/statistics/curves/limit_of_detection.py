"""The limit of detection: mean + 3 SD of the blanks, through the curve."""

import math

import numpy as np
from numpy.typing import ArrayLike

from ketbio.errors import StatisticsError
from ketbio.statistics.curves.curve_reading import curve_reading
from ketbio.statistics.curves.curve_records import DoseResponseFit
from ketbio.statistics.curves.logistic_curve import inverse
from ketbio.statistics.inputs import as_values


def limit_of_detection(
    fit: DoseResponseFit, blank_responses: ArrayLike, *, n_sd: float = 3.0
) -> float:
    """Return the concentration whose response lies ``n_sd`` SD of the blanks beyond their mean.

    Parameters
    ----------
    fit : DoseResponseFit
        The standard curve, of responses treated as the blanks were (subtracted or not).
    blank_responses : array-like of numbers, shape (n_blanks,)
        At least two blank wells; above their mean where the curve rises, below where it falls.
    n_sd : float
        How many SD.

    Returns
    -------
    float
        In the units of the standards. NaN where that response lies beyond an asymptote, so that no
        concentration gives it: blanks far below the lower asymptote of a rising curve, or so noisy
        that they reach its upper one.

    Raises
    ------
    StatisticsError
        Fewer than two blanks, or an argument that cannot be used.

    Notes
    -----
    IUPAC's 3 s criterion (Currie 1995), on the response and then through the curve.

    Examples
    --------
    >>> from ketbio.statistics import fit_dose_response
    >>> x = np.array([0, 1, 2, 4, 8, 16, 32, 64])
    >>> fit = fit_dose_response(x, 0.05 + 2 * x / (x + 8))
    >>> round(limit_of_detection(fit, [0.04, 0.05, 0.06]), 4)
    0.1218
    """
    blanks = as_values(blank_responses, "blank_responses", at_least=2)
    is_number = isinstance(n_sd, (int, float, np.number)) and not isinstance(n_sd, bool)
    if not (is_number and 0 < n_sd < math.inf):
        raise StatisticsError(f"n_sd is {n_sd!r}; allowed: a number above 0, such as 3.")
    towards = 1.0 if fit.direction == "rising" else -1.0
    response = blanks.mean() + towards * n_sd * blanks.std(ddof=1)
    theta = curve_reading(fit, uncertainty="curve", level=0.95).theta
    return float(np.exp(inverse(theta, np.array([response]))[0]))
