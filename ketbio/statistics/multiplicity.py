"""P values adjusted for how many tests the family has."""

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import check_word
from ketbio.statistics.records import AdjustedP

LABELS = {"holm": "Holm", "fdr_bh": "Benjamini–Hochberg", "none": "none"}
"""The methods, with their names as written for readers."""


def adjust_p(p_values: ArrayLike, *, method: str = "holm") -> AdjustedP:
    """Return adjusted p values in the order given.

    Parameters
    ----------
    p_values : array-like of numbers, shape (n,)
        Each 0 to 1; NaN stays NaN and is not counted.
    method : {"holm", "fdr_bh", "none"}
        Holm (1979) step-down, Benjamini & Hochberg (1995) false discovery rate, or none.

    Returns
    -------
    AdjustedP
        ``n_tests`` says how many p values were counted.

    Raises
    ------
    StatisticsError
        An unknown method, or a p value that is none.

    Examples
    --------
    >>> adjust_p([0.01, float("nan"), 0.04, 0.03]).p_adjusted
    array([0.03,  nan, 0.06, 0.06])
    """
    check_word("method", method, LABELS)
    given = np.asarray(p_values)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iuf"):
        raise StatisticsError(
            f"p_values has shape {given.shape} and type {given.dtype}; allowed: a flat list of "
            "numbers from 0 to 1."
        )
    values = given.astype(np.float64)
    known = ~np.isnan(values)
    if ((values[known] < 0) | (values[known] > 1)).any():
        wrong = values[known][(values[known] < 0) | (values[known] > 1)][0]
        raise StatisticsError(f"p_values holds {wrong:g}; allowed: numbers from 0 to 1, or NaN.")
    adjusted = values.copy()
    if method != "none" and known.any():
        adjusted[known] = multipletests(values[known], method=method)[1]
    adjusted.flags.writeable = False
    return AdjustedP(
        p_adjusted=adjusted, method=method, label=LABELS[method], n_tests=int(known.sum())
    )
