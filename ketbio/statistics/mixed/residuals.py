"""Residuals of a mixed model: as they are, by their standard deviation, and made independent."""

from collections.abc import Callable

import numpy as np

from ketbio.statistics.inputs import check_word
from ketbio.statistics.mixed.degrees_of_freedom.robust import whitened
from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.records import FloatArray


def model_residuals(model: MixedModel, *, kind: str = "raw") -> FloatArray:
    """Return a residual per row of the response, in the order given.

    Parameters
    ----------
    model : MixedModel
        As `fit_mixed_model` or `fit_random_effects` returns it.
    kind : {"raw", "pearson", "normalised"}
        ``"raw"``: y − Xβ, in units of the response. ``"pearson"``: over the model's standard
        deviation of that row. ``"normalised"``: L⁻¹(y − Xβ) with the participant's covariance
        LLᵀ, visits in order: uncorrelated and of variance near 1 where the model holds (as nlme's
        and mmrm's ``"normalized"``).

    Returns
    -------
    array of shape (n,)

    Raises
    ------
    StatisticsError
        An unknown kind.

    Examples
    --------
    >>> from ketbio.statistics.mmrm import fit_mixed_model
    >>> model = fit_mixed_model([30, 20, 28, 21, 35, 22], np.column_stack([np.ones(6),
    ...     [0, 1] * 3]), participants=list("AABBCC"), visits=[0, 1] * 3)
    >>> model_residuals(model).round(4).tolist()
    [-1.0, -1.0, -3.0, 0.0, 4.0, 1.0]
    >>> model_residuals(model, kind="pearson").round(4).tolist()
    [-0.2774, -1.0, -0.8321, 0.0, 1.1094, 1.0]
    """
    return _KINDS[check_word("kind", kind, _KINDS)](model)


def _pearson(model: MixedModel) -> FloatArray:
    spread = np.empty(model.n_observations)
    for pattern in model.patterns:
        covariance = model.structure.covariance(model.parameters, pattern)
        spread[pattern.members] = np.sqrt(np.diag(covariance))
    return np.asarray(model.scaled_residuals / spread)


def _normalised(model: MixedModel) -> FloatArray:
    found = np.empty(model.n_observations)
    for pattern, (_, residuals) in zip(model.patterns, whitened(model), strict=True):
        found[pattern.members] = residuals
    return found


_KINDS: dict[str, Callable[[MixedModel], FloatArray]] = {
    "raw": lambda model: model.residuals,
    "pearson": _pearson,
    "normalised": _normalised,
}
