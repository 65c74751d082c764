"""What each participant does to a fit: left out in turn, exactly or in one step."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ketbio.errors import KetbioError
from ketbio.statistics.inputs import check_word
from ketbio.statistics.mixed.contrast import as_contrast, contrast_test
from ketbio.statistics.mixed.degrees_of_freedom.robust import SINGULAR, whitened
from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.records import NAN, FloatArray

Refit = Callable[["np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"], MixedModel]
"""Which rows are kept → the model fitted to them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Influence:
    """A fit without each participant.

    Attributes
    ----------
    estimates : array of shape (participants,)
        The contrast without participant i, in the order of their codes; NaN where nothing can be
        fitted without them.
    p_values : array of shape (participants,)
        Its p value; one step: NaN, since the covariance is held.
    cooks_distance : array of shape (participants,)
        (β − β_(i))ᵀ Φ⁻¹ (β − β_(i)) / p.
    covariance_ratio : array of shape (participants,)
        det Φ_(i) / det Φ: above 1 where the participant makes estimates more precise.
    method : str
        ``"exact refit"`` or ``"one step, covariance parameters held"``.
    """

    estimates: FloatArray
    p_values: FloatArray
    cooks_distance: FloatArray
    covariance_ratio: FloatArray
    method: str


def influence(
    model: MixedModel,
    contrast: ArrayLike,
    *,
    refit: Refit | None = None,
    df: str | None = None,
) -> Influence:
    """Leave each participant out in turn and look at a contrast of the fixed effects.

    Parameters
    ----------
    model : MixedModel
        The fit to everybody.
    contrast : array-like of numbers, shape (p,)
        One row.
    refit : callable, optional
        Given a boolean array of shape (n,) of the rows kept, returns the model fitted to them. When
        None the covariance parameters are held and β moves in one step (as SAS's
        ``INFLUENCE(ITER=0)``): exact for given parameters, and much faster.
    df : str, optional
        As `contrast_test`, for the p values of refits.

    Returns
    -------
    Influence
        One number per participant.

    Raises
    ------
    StatisticsError
        The contrast does not fit the model.

    Notes
    -----
    Cook's distance and the ratio of determinants as in Schabenberger (2004).

    Examples
    --------
    >>> from ketbio.statistics.mmrm import fit_mixed_model
    >>> model = fit_mixed_model([30, 20, 28, 21, 35, 22, 31, 25], np.column_stack([np.ones(8),
    ...     [0, 1] * 4]), participants=np.repeat([1, 2, 3, 4], 2), visits=[0, 1] * 4)
    >>> influence(model, [0, 1]).estimates.round(4).tolist()
    [-8.6667, -9.6667, -7.6667, -10.0]
    """
    rows, _ = as_contrast(contrast, 0.0, model.n_columns)
    check_word("contrast of rows", str(len(rows)), ("1",))
    if refit is None:
        return _one_step(model, rows[0])
    return _exact(model, rows[0], refit, df)


def _one_step(model: MixedModel, row: FloatArray) -> Influence:
    phi, p = model.covariance, model.n_columns
    found = np.full((model.n_participants, 3), np.nan)
    for pattern, (rows, residuals) in zip(model.patterns, whitened(model), strict=True):
        left = np.eye(rows.shape[1]) - rows @ phi @ np.swapaxes(rows, 1, 2)
        codes = model.participants[pattern.members[:, 0]]
        for code, x, rest, kept in zip(codes, rows, residuals, left, strict=True):
            determinant = float(np.linalg.det(kept))
            if determinant < SINGULAR:
                continue  # some coefficient cannot be estimated without this participant
            moved = phi @ x.T @ np.linalg.solve(kept, rest)
            cook = float(moved @ np.linalg.solve(phi, moved)) / p
            found[code] = row @ (model.coefficients - moved), cook, 1 / determinant
    return Influence(
        estimates=found[:, 0],
        p_values=np.full(model.n_participants, NAN),
        cooks_distance=found[:, 1],
        covariance_ratio=found[:, 2],
        method="one step, covariance parameters held",
    )


def _exact(model: MixedModel, row: FloatArray, refit: Refit, df: str | None) -> Influence:
    found = np.full((model.n_participants, 4), np.nan)
    whole = np.linalg.slogdet(model.covariance)[1]
    for code in range(model.n_participants):
        try:
            other = refit(model.participants != code)
            test = contrast_test(other, row, df=df)
        except KetbioError:
            continue  # nothing can be estimated without this participant: NaN says so
        moved = model.coefficients - other.coefficients
        found[code] = (
            test.estimate,
            test.p_value,
            float(moved @ np.linalg.solve(model.covariance, moved)) / model.n_columns,
            float(np.exp(np.linalg.slogdet(other.covariance)[1] - whole)),
        )
    return Influence(
        estimates=found[:, 0],
        p_values=found[:, 1],
        cooks_distance=found[:, 2],
        covariance_ratio=found[:, 3],
        method="exact refit",
    )
