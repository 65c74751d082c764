"""Suicidal thoughts: who has to be looked at now."""

from collections.abc import Sequence

import pandas as pd

from ketbio.errors import TableError
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
    scored = ratings[ratings[item].notna()]
    # A rating whose participant is not known stands for itself: no other is its previous one.
    alone = pd.Series([f"row {n}" for n in range(len(scored))], index=scored.index)
    whose = ("id " + scored[PARTICIPANT_ID].astype("str")).where(
        scored[PARTICIPANT_ID].notna(), alone
    )
    order = list(visits or ())
    flagged = [_flagged_of(own, order, item) for _, own in scored.groupby(whose, sort=False)]
    extra = ["row"] if "row" in ratings else []
    columns = [*_COLUMNS, *extra]
    found = [frame for frame in flagged if len(frame)]
    if not found:
        return pd.DataFrame(columns=columns, index=ratings.index[:0])
    alerts = pd.concat(found).loc[:, columns]
    alerts["_rise"] = -alerts["rise"].where(alerts["rise"] >= SUICIDALITY_ALERT_RISE, 0).fillna(0)
    alerts["_score"], alerts["_place"] = -alerts["score"], _places(ratings, alerts)
    return alerts.sort_values(["_rise", "_score", "_place"]).loc[:, columns]


def _places(ratings: pd.DataFrame, alerts: pd.DataFrame) -> list[int]:
    place = {label: number for number, label in enumerate(ratings.index)}
    return [place[label] for label in alerts.index]


def _flagged_of(own: pd.DataFrame, visits: list[str], item: str) -> pd.DataFrame:
    """Return the flagged ratings of one participant."""
    seen = list(dict.fromkeys(own[VISIT].fillna("").astype(str)))
    order = {visit: visits.index(visit) if visit in visits else -1 for visit in seen}
    if any(place < 0 for place in order.values()):
        order = {visit: place for place, visit in enumerate(seen)}
    lines = own.assign(score=own[item].astype(float), _visit=own[VISIT].fillna("").astype(str))
    lowest = lines.groupby("_visit")["score"].min()
    before = {visit: _previous(visit, order) for visit in seen}
    lines["previous_visit"] = [before[visit] for visit in lines["_visit"]]
    lines["previous"] = [lowest.get(visit, float("nan")) for visit in lines["previous_visit"]]
    lines["rise"] = lines["score"] - lines["previous"]
    is_high = lines["score"] >= SUICIDALITY_ALERT_AT
    alerts = lines[is_high | (lines["rise"] >= SUICIDALITY_ALERT_RISE)].copy()
    alerts["message"] = [
        _message(
            "without an id" if pd.isna(who) else str(who),
            str(visit),
            float(score),
            float(previous),
            str(then),
        )
        for who, visit, score, previous, then in alerts[
            [PARTICIPANT_ID, "_visit", "score", "previous", "previous_visit"]
        ].itertuples(index=False)
    ]
    return alerts


def _previous(visit: str, order: dict[str, int]) -> str:
    earlier = [other for other, place in order.items() if place < order[visit]]
    return max(earlier, key=order.__getitem__, default="")


def _message(who: str, visit: str, score: float, previous: float, then: str) -> str:
    reasons = []
    start = f"Participant {who}: suicidal thoughts {score:g} at {visit or 'a visit without name'}"
    if score - previous >= SUICIDALITY_ALERT_RISE:
        start += f", up from {previous:g} at {then}"
        reasons.append(f"a rise of {SUICIDALITY_ALERT_RISE} or more")
    if score >= SUICIDALITY_ALERT_AT:
        reasons.append(f"a score of {SUICIDALITY_ALERT_AT} or more")
    return (
        f"{start} ({' and '.join(reasons)}); inform the responsible clinician now. "
        "The rating stays in the data."
    )
