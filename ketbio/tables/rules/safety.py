"""Suicidal thoughts: who has to be looked at now."""

from collections.abc import Sequence

import pandas as pd

from ketbio.errors import TableError
from ketbio.tables.phrases import cut
from ketbio.tables.rules.courses import scored_rows, with_previous
from ketbio.vocabulary import (
    PARTICIPANT_ID,
    SUICIDALITY_ALERT_AT,
    SUICIDALITY_ALERT_RISE,
    SUICIDALITY_ITEM,
    VISIT,
)

_COLUMNS = (PARTICIPANT_ID, VISIT, "score", "previous", "previous_visit", "rise", "message")


def flag_suicidality(
    ratings: pd.DataFrame, *, visits: Sequence[str] | None = None, item: str = SUICIDALITY_ITEM
) -> pd.DataFrame:
    """Return the ratings whose suicidal-thoughts item is high or has risen.

    A score of 4 or more is flagged, and so is one that is 2 or more points above the lowest score
    of the participant's previous visit with a score (thresholds: `ketbio.vocabulary`).

    Parameters
    ----------
    ratings : DataFrame
        One row per rating, with ``participant_id``, ``visit`` and the item; never modified. A
        rating without a score is never flagged; one without a participant is by its score alone.
    visits : sequence of str, optional
        The visits in order. By default, and for visits not among them, the order of the rows.
    item : str
        Column of the item, 0 to 6 points.

    Returns
    -------
    DataFrame
        One row per flagged rating: ``participant_id, visit, score, previous, previous_visit,
        rise, message`` and, where ``ratings`` has it, ``row``. The index is that of ``ratings``.
        The largest rise comes first, then the highest score, then the order of the rows; a rise
        below the threshold counts as none for the order.

    Raises
    ------
    TableError
        A column is missing.

    Examples
    --------
    >>> ratings = pd.DataFrame({"participant_id": ["P01", "P02", "P02"],
    ...                         "visit": ["baseline", "baseline", "day_14"],
    ...                         "suicidal_thoughts": [5.0, 1.0, 3.0]})
    >>> flag_suicidality(ratings)[["participant_id", "visit", "score", "rise"]]
      participant_id     visit  score  rise
    2            P02    day_14    3.0   2.0
    0            P01  baseline    5.0   NaN
    """
    for column in (PARTICIPANT_ID, VISIT, item):
        if column not in ratings:
            raise TableError(f"The ratings have no column {column!r}, which the safety flag needs.")
    lines = with_previous(scored_rows(ratings, ratings[item]), list(visits or ()))
    lines["rise"] = lines["score"] - lines["previous"]
    is_risen = lines["rise"] >= SUICIDALITY_ALERT_RISE
    alerts = lines[is_risen | (lines["score"] >= SUICIDALITY_ALERT_AT)].copy()
    alerts["message"] = [
        _message("without an id" if pd.isna(who) else cut(str(who)), visit, score, previous, then)
        for who, visit, score, previous, then in alerts[
            [PARTICIPANT_ID, "_visit", "score", "previous", "previous_visit"]
        ].itertuples(index=False)
    ]
    alerts["_rise"] = -alerts["rise"].where(is_risen, 0.0)
    alerts["_score"] = -alerts["score"]
    alerts = alerts.sort_values(["_rise", "_score", "_place"])
    return alerts[[*_COLUMNS, *(["row"] if "row" in ratings else [])]]


def _message(who: str, visit: str, score: float, previous: float, then: str) -> str:
    reasons = []
    start = f"Participant {who}: suicidal thoughts {score:g} at {visit or 'a visit without name'}"
    if score - previous >= SUICIDALITY_ALERT_RISE:
        start += f", up from {previous:g} at {then}"
        reasons.append(f"a rise of {SUICIDALITY_ALERT_RISE} or more")
    if score >= SUICIDALITY_ALERT_AT:
        reasons.append(f"a score of {SUICIDALITY_ALERT_AT} or more")
    # No word on whether the rating is kept: another fault of its row may keep it out.
    return f"{start} ({' and '.join(reasons)}); inform the responsible clinician now."
