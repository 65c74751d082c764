"""Suicidal thoughts: who has to be looked at now."""

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from ketbio.errors import TableError
from ketbio.tables.alike import folded_code
from ketbio.tables.phrases import cut, quoted
from ketbio.tables.rules.courses import scored_rows, with_previous
from ketbio.tables.rules.registry import Frame
from ketbio.vocabulary import (
    PARTICIPANT_ID,
    SUICIDALITY_ALERT_AT,
    SUICIDALITY_ALERT_RISE,
    SUICIDALITY_ITEM,
    VISIT,
)
from ketbio.wording import join_words

_WRITTEN = {"cssrs": "C-SSRS", "madrs": "MADRS"}
_COLUMNS = (PARTICIPANT_ID, VISIT, "score", "previous", "previous_visit", "rise", "message")
_BEFORE = ("previous", "previous_highest", "previous_place", "previous_visit")


def flag_suicidality(
    ratings: pd.DataFrame,
    *,
    visits: Sequence[str] | None = None,
    item: str = SUICIDALITY_ITEM,
    at: float = SUICIDALITY_ALERT_AT,
    rise: float = SUICIDALITY_ALERT_RISE,
) -> pd.DataFrame:
    """Return the ratings whose suicidal-thoughts item is high or has risen.

    A score of 4 or more is flagged, and so is one that is 2 or more points above the lowest score
    of the participant's previous visit with a score. Codes that
    differ only as `ketbio.tables.alike.folded_code` says may be one participant in two spellings: a
    rise between them is flagged too, and the message names both, as a false alarm is cheaper than
    a rise that nobody sees.

    Parameters
    ----------
    ratings : DataFrame
        One row per rating, with ``participant_id``, ``visit`` and the item; never modified. A
        rating without a score is never flagged; one without a participant is by its score alone.
    visits : sequence of str, optional
        The visits in order. By default, and for visits not among them, the order of the rows.
    item : str
        Column of the item.
    at, rise : float
        The score, and the rise, from which on a rating is flagged: 4 of 6 points and 2
        (`ketbio.vocabulary`); an item of 0 to 3 points wants others.

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
    lines = _with_rises(scored_rows(ratings, ratings[item]), list(visits or ()), rise)
    is_risen = lines["rise"] >= rise
    alerts = lines[is_risen | (lines["score"] >= at)].copy()
    alerts["message"] = [
        _message(
            "without an id" if pd.isna(who) else cut(str(who)),
            item_words(item),
            visit,
            score=score,
            previous=previous,
            then=then,
            spellings=spellings,
            bounds=(at, rise),
        )
        for who, visit, score, previous, then, spellings in alerts[
            [PARTICIPANT_ID, "_visit", "score", "previous", "previous_visit", "_spellings"]
        ].itertuples(index=False)
    ]
    alerts["_rise"] = -alerts["rise"].where(is_risen, 0.0)
    alerts["_score"] = -alerts["score"]
    alerts = alerts.sort_values(["_rise", "_score", "_place"])
    return alerts[[*_COLUMNS, *(["row"] if "row" in ratings else [])]]


def item_words(item: str) -> str:
    """Return a safety item as a message calls it.

    Examples
    --------
    >>> item_words("suicidal_thoughts"), item_words("cssrs_ideation")
    ('suicidal thoughts', 'C-SSRS ideation')
    """
    return " ".join(_WRITTEN.get(word, word) for word in item.split("_"))


def _with_rises(lines: Frame, visits: Sequence[str], rise: float) -> Frame:
    """Return `scored_rows` with what was before each, the rise since, and the spellings of the id.

    Where codes are spelt in two ways the visit before may be under the other spelling; it counts
    where only that makes a rise.
    """
    own = with_previous(lines, visits).assign(_spellings="")
    own["rise"] = own["score"] - own["previous"]
    spellings: defaultdict[str, list[str]] = defaultdict(list)
    for word in map(str, pd.unique(lines[PARTICIPANT_ID].dropna())):
        spellings[folded_code(word)].append(word)
    if all(len(found) == 1 for found in spellings.values()):
        return own
    alike = with_previous(lines, visits, fold=folded_code)
    alike["rise"] = alike["score"] - alike["previous"]
    is_hidden = (alike["rise"] >= rise) & ~(own["rise"] >= rise)
    # By place: an index may hold a label twice.
    hidden = is_hidden.to_numpy()
    for name in (*_BEFORE, "rise"):
        own[name] = own[name].where(~hidden, alike[name].to_numpy())
    own["_spellings"] = [
        join_words(map(quoted, spellings[folded_code(str(who))])) if risen else ""
        for who, risen in zip(own[PARTICIPANT_ID], hidden, strict=True)
    ]
    return own


def _message(
    who: str,
    what: str,
    visit: str,
    *,
    score: float,
    previous: float,
    then: str,
    spellings: str,
    bounds: tuple[float, float],
) -> str:
    reasons = []
    at, rise = bounds
    start = f"Participant {who}: {what} {score:g} at {visit or 'a visit without name'}"
    if score - previous >= rise:
        start += f", up from {previous:g} at {then}"
        start += f" if {spellings} are one participant" if spellings else ""
        reasons.append(f"a rise of {rise:g} or more")
    if score >= at:
        reasons.append(f"a score of {at:g} or more")
    # No word on whether the rating is kept: another fault of its row may keep it out.
    return f"{start} ({' and '.join(reasons)}); inform the responsible clinician now."
