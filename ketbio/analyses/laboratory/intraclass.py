"""The intraclass correlation of a table of replicates: pingouin's where it can be had."""

import warnings

import numpy as np
import pandas as pd
import pingouin

from ketbio.statistics.intraclass import (
    Reliability,
    intraclass_correlation,
    reliability_from_f,
)
from ketbio.vocabulary import VALUE

SAMPLE = "sample"
TURN = "turn"
LEAST_VALUES = 5
"""That pingouin takes."""


def replicate_reliability(rows: pd.DataFrame, *, confidence_level: float) -> Reliability:
    """Return ICC(1,1) and ICC(1,k) of replicates.

    Where every sample has the same number of them, pingouin's analysis of variance gives the ratio
    of mean squares; its own interval is one of 95% and rounded, so that the interval is made here.
    Where numbers differ pingouin would leave samples out, and `intraclass_correlation` does not;
    the latter stands in too for fewer than five values, which pingouin refuses.

    Parameters
    ----------
    rows : DataFrame
        ``sample, value``, one row per replicate.
    confidence_level : float
        Of the intervals.

    Raises
    ------
    StatisticsError
        Fewer than two samples, none measured twice, or all values equal.

    Examples
    --------
    >>> rows = pd.DataFrame({"sample": ["P01", "P01", "P02", "P02"], "value": [1.0, 3.0, 6.0, 8.0]})
    >>> round(replicate_reliability(rows, confidence_level=0.95).single.value, 4)
    0.8519
    """
    own = intraclass_correlation(
        rows[VALUE].to_numpy(dtype=float),
        rows[SAMPLE].to_numpy(dtype=object),
        confidence_level=confidence_level,
    )
    counts = rows.groupby(SAMPLE, sort=False).size()
    is_even = bool((counts == counts.iloc[0]).all())
    if not is_even or len(rows) < LEAST_VALUES or not np.isfinite(own.f_ratio):
        return own
    table = rows[[SAMPLE, VALUE]].assign(**{TURN: rows.groupby(SAMPLE).cumcount()})
    with warnings.catch_warnings():
        # Whatever pingouin calls in pandas and NumPy is no concern of who reads the result.
        warnings.simplefilter("ignore")
        found = pingouin.intraclass_corr(table, targets=SAMPLE, raters=TURN, ratings=VALUE)
    one_way = found.set_index("Type").loc["ICC(1,1)"]
    return reliability_from_f(
        float(one_way["F"]),
        int(one_way["df1"]),
        int(one_way["df2"]),
        n_replicates=float(counts.iloc[0]),
        confidence_level=confidence_level,
    )
