"""The rows behind an imputed comparison: what was measured, and what was put in its place."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.imputation.rows import AFTER_DROPOUT, GAP, NAN, ImputedRows
from ketbio.vocabulary import PARTICIPANT_ID, REASON, VALUE, VISIT

DATA_COLUMNS = [
    PARTICIPANT_ID, "arm", VISIT, "day", "baseline_value", VALUE, "change", "imputed_change",
    "imputed_sd", "imputed", REASON,
]  # fmt: skip


def imputed_data(rows: ImputedRows, filled: NDArray[np.float64]) -> pd.DataFrame:
    """Return one row per participant × visit, with mean and SD of what was imputed.

    Parameters
    ----------
    rows : ImputedRows
    filled : ndarray, shape (m, n, T)
        The changes, filled in.

    Returns
    -------
    DataFrame
        `DATA_COLUMNS`; ``imputed`` is ``""``, ``"gap"`` or ``"after drop-out"``.
    """
    data, visits = rows.trajectories, rows.follow_up.visits
    n = len(rows.people)
    missing, dropped = data.is_missing, data.dropped_out
    how = np.where(dropped, AFTER_DROPOUT, np.where(missing, GAP, ""))
    by_visit = rows.people.loc[rows.people.index.repeat(len(visits))].reset_index(drop=True)
    further: dict[str, Any] = {
        VISIT: list(visits) * n,
        "day": [rows.follow_up.days.get(visit, NAN) for visit in visits] * n,
        VALUE: rows.values.to_numpy(dtype=np.float64).ravel(),
        "change": data.outcomes.ravel(),
        "imputed_change": np.where(missing, filled.mean(axis=0), np.nan).ravel(),
        "imputed_sd": np.where(missing, filled.std(axis=0, ddof=1), np.nan).ravel(),
        "imputed": how.ravel(),
        REASON: rows.reasons.to_numpy(dtype=object).ravel(),
    }
    table = by_visit.assign(**further)
    return table[DATA_COLUMNS].astype({VISIT: "str", "imputed": "str", REASON: "str"})
