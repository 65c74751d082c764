"""The analysis of completed outcomes at one visit: least squares, many completions at once."""

from dataclasses import dataclass

import numpy as np

from ketbio.statistics.records import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompletedFits:
    """One contrast estimated in each of m completions.

    Attributes
    ----------
    estimates, variances : ndarray, shape (m,)
        The contrast and the square of its standard error.
    df : int
        Residual degrees of freedom of each.
    """

    estimates: FloatArray
    variances: FloatArray
    df: int


def fit_completed(
    outcomes: FloatArray, design: FloatArray, *, contrast: FloatArray
) -> CompletedFits:
    """Regress completed outcomes on the design, as an ANCOVA does.

    Where all regressors have a coefficient per visit, this is the contrast of an MMRM with
    unstructured covariance at that visit, since nothing is missing any more.

    Parameters
    ----------
    outcomes : ndarray, shape (m, n)
    design : ndarray, shape (n, k)
        Of full rank.
    contrast : ndarray, shape (k,)
        Which sum of coefficients is wanted.

    Examples
    --------
    >>> x = np.column_stack([np.ones(4), [0, 0, 1, 1]])
    >>> found = fit_completed(np.array([[1.0, 3, 6, 8]]), x, contrast=np.array([0, 1]))
    >>> found.estimates.round(9).tolist(), found.variances.round(9).tolist(), found.df
    ([5.0], [2.0], 2)
    """
    n, k = design.shape
    projection = np.linalg.pinv(design)
    weights = contrast @ projection
    coefficients = outcomes @ projection.T
    residuals = outcomes - coefficients @ design.T
    mean_square = np.einsum("mn,mn->m", residuals, residuals) / (n - k)
    return CompletedFits(
        estimates=coefficients @ contrast,
        variances=mean_square * float(weights @ weights),
        df=n - k,
    )
