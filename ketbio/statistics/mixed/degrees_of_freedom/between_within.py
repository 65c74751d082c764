"""Between–within degrees of freedom (Schluchter & Elashoff 1990), as R mmrm counts them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ketbio.statistics.mixed.model import MixedModel
from ketbio.statistics.records import FloatArray


def between_within_df(model: MixedModel, contrast: FloatArray) -> float:
    """Return the smaller df of the coefficients that a contrast (q, p) involves.

    A coefficient whose column never changes within a participant has
    participants − between-columns degrees of freedom, the intercept counted among them; every
    other coefficient, and the intercept itself, has observations − participants − within-columns.
    """
    design = model.design
    is_intercept = np.ptp(design, axis=0) == 0
    is_between = _is_constant_within(design, model.participants)
    n_between = int((is_between & ~is_intercept).sum()) + int(is_intercept.any())
    n_within = int((~is_between & ~is_intercept).sum())
    between = model.n_participants - n_between
    within = model.n_observations - model.n_participants - n_within
    involved = (contrast != 0).any(axis=0)
    each = np.where(is_between & ~is_intercept, between, within)[involved]
    return float(each.min())


def _is_constant_within(design: FloatArray, participants: NDArray[Any]) -> NDArray[np.bool_]:
    _, first, code = np.unique(participants, return_index=True, return_inverse=True)
    constant: NDArray[np.bool_] = (design == design[first[code]]).all(axis=0)
    return constant
