"""P values adjusted for how many tests the family has."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.multitest import multipletests

from ketbio.errors import StatisticsError
from ketbio.statistics.inputs import as_array, check_word
from ketbio.statistics.records import AdjustedP

LABELS = {
    "holm": "Holm",
    "hochberg": "Hochberg",
    "fdr_bh": "Benjamini–Hochberg",
    "fdr_by": "Benjamini–Yekutieli",
    "none": "none",
}
"""The methods, with their names as written for readers."""

STATSMODELS = {"hochberg": "simes-hochberg"}
"""What statsmodels calls a method that it calls otherwise."""


def adjust_p(p_values: ArrayLike, *, method: str = "holm") -> AdjustedP:
    """Return adjusted p values in the order given.

    Parameters
    ----------
    p_values : array-like of numbers, shape (n,)
        Each 0 to 1; NaN stays NaN and is not counted.
    method : {"holm", "hochberg", "fdr_bh", "fdr_by", "none"}
        Holm (1979) step-down; Hochberg (1988) step-up; false discovery rate by Benjamini &
        Hochberg (1995) or by Benjamini & Yekutieli (2001); or none.

    Returns
    -------
    AdjustedP
        ``n_tests`` says how many p values were counted.

    Raises
    ------
    StatisticsError
        An unknown method, or a p value that is none.

    Notes
    -----
    Holm's and Benjamini & Yekutieli's hold however the tests depend on each other. Hochberg's
    and Benjamini & Hochberg's hold for independent or positively dependent tests. None of them
    knows how the markers correlate; `max_t_test` does.

    Examples
    --------
    >>> adjust_p([0.01, float("nan"), 0.04, 0.03]).p_adjusted
    array([0.03,  nan, 0.06, 0.06])
    """
    check_word("method", method, LABELS)
    given = as_array(p_values, "p_values")
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
        adjusted[known] = _adjusted(values[known], method)
    adjusted.flags.writeable = False
    return AdjustedP(
        p_adjusted=adjusted, method=method, label=LABELS[method], n_tests=int(known.sum())
    )


def _adjusted(p_values: NDArray[np.float64], method: str) -> NDArray[np.float64]:
    """Return adjusted p values; Holm's are ours, since statsmodels collects garbage for them."""
    if method != "holm":
        name = STATSMODELS.get(method, method)
        return np.asarray(multipletests(p_values, method=name)[1], dtype=np.float64)
    order = np.argsort(p_values, kind="stable")
    steps = np.maximum.accumulate(p_values[order] * np.arange(p_values.size, 0, -1))
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
