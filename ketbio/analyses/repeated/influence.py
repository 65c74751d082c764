"""A model of repeated values without each participant in turn."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.repeated.contrasts import Asked
from ketbio.analyses.repeated.model import Repeated, fit_of
from ketbio.statistics.mixed.influence import Refit
from ketbio.statistics.mixed.influence import influence as without_each
from ketbio.statistics.mixed.model import MixedModel
from ketbio.vocabulary import PARTICIPANT_ID

REFITTED_UP_TO = 40
"""Beyond so many participants the covariance is held while each is left out."""


def refits(fitted: Repeated) -> Refit | None:
    """Return how the model is fitted without a participant, each time once for all estimates."""
    if fitted.model.n_participants > REFITTED_UP_TO:
        return None
    known: dict[bytes, MixedModel] = {}

    def refit(keep: NDArray[np.bool_]) -> MixedModel:
        key = keep.tobytes()
        if key not in known:
            known[key] = fit_of(fitted.rows, fitted.design, fitted.random, fitted.method, keep)
        return known[key]

    return refit


def left_out(fitted: Repeated, one: Asked, refit: Refit | None) -> pd.DataFrame:
    """Return the estimate without each participant in turn."""
    model = fitted.model
    found = without_each(model, one.weights, refit=refit, df=fitted.df)
    ids = fitted.rows.modelled[PARTICIPANT_ID].to_numpy()
    _, first = np.unique(model.participants, return_index=True)
    return pd.DataFrame(
        {
            PARTICIPANT_ID: pd.Series(ids[first], dtype="str"),
            "estimate": found.estimates,
            "p_value": found.p_values if one.is_tested else np.nan,
        }
    )
