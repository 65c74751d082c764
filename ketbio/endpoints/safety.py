"""The safety flag: ratings of suicidal thoughts that call for a look at the participant."""

from collections.abc import Sequence

import pandas as pd

from ketbio.endpoints.frames import require_columns
from ketbio.tables import flag_suicidality
from ketbio.vocabulary import (
    PARTICIPANT_ID,
    SUICIDALITY_ALERT_AT,
    SUICIDALITY_ALERT_RISE,
    SUICIDALITY_ITEM,
    VISIT,
)

SAFETY_COLUMNS = (PARTICIPANT_ID, VISIT, "score", "previous", "is_flagged", "message")
"""Columns of the safety table: one row per rating."""


def derive_safety_flags(
    ratings: pd.DataFrame,
    *,
    visits: Sequence[str] | None = None,
    item: str = SUICIDALITY_ITEM,
    at: float = SUICIDALITY_ALERT_AT,
    rise: float = SUICIDALITY_ALERT_RISE,
) -> pd.DataFrame:
    """Return for each rating whether its suicidal-thoughts item is high or has risen.

    Parameters
    ----------
    ratings : DataFrame
        One row per rating: ``participant_id``, ``visit`` and the item.
    visits : sequence of str, optional
        The visits in order; the order of the rows when None.
    item : str
        Column of the item.
    at, rise : float
        The score, and the rise since the previous visit, from which on a rating is flagged: 4 of
        the 6 points of the MADRS item, and 2.

    Returns
    -------
    DataFrame
        `SAFETY_COLUMNS` in the order of the ratings; ``message`` is ``""`` where nothing is
        flagged, and ``score`` NaN where the item was not rated.

    Raises
    ------
    TableError
        A column is missing.

    Examples
    --------
    >>> ratings = pd.DataFrame({"participant_id": ["P01", "P01"], "visit": ["before", "after"],
    ...                         "suicidal_thoughts": [1.0, 3.0]})
    >>> derive_safety_flags(ratings)[["visit", "score", "previous", "is_flagged"]]
        visit  score  previous  is_flagged
    0  before    1.0       NaN       False
    1   after    3.0       1.0        True
    """
    require_columns(ratings, [PARTICIPANT_ID, VISIT, item], what="ratings")
    rated = ratings.reset_index(drop=True)
    flagged = flag_suicidality(rated, visits=visits, item=item, at=at, rise=rise)
    table = rated[[PARTICIPANT_ID, VISIT]].copy()
    table["score"] = rated[item].astype("float64")
    table["previous"] = flagged["previous"].reindex(table.index)
    table["is_flagged"] = table.index.isin(flagged.index)
    messages = dict(zip(flagged.index, flagged["message"], strict=True))
    table["message"] = pd.Series([messages.get(i, "") for i in table.index], dtype="str")
    return table[list(SAFETY_COLUMNS)]
