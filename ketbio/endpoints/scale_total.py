"""Scale totals: items, or the total as written, to one value per rating."""

from typing import Any

import pandas as pd

from ketbio.endpoints.frames import endpoint_table, require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import ALL_SCALES, MAX_PRORATED_ITEMS, PARTICIPANT_ID, VISIT, Scale
from ketbio.wording import count_of, format_number


def derive_scale_total(
    ratings: pd.DataFrame, *, scale: str = "MADRS", max_missing_items: int = MAX_PRORATED_ITEMS
) -> pd.DataFrame:
    """Return the total of a rating scale, one row per rating.

    With all items there, their sum. With a total as written, that total. With at most
    ``max_missing_items`` missing and no total, the mean of the present items × the number of
    items, and ``note`` says ``prorated``. With more missing, NaN and a reason.

    Parameters
    ----------
    ratings : DataFrame
        One row per rating: ``participant_id``, ``visit`` and the items, the total, or both.
    scale : str
        Name of the scale (`ketbio.vocabulary.ALL_SCALES`).
    max_missing_items : int
        Most missing items with which a total is still prorated.

    Returns
    -------
    DataFrame
        The endpoints table (`ketbio.vocabulary.ENDPOINT_COLUMNS`); unit ``points``.

    Raises
    ------
    TableError
        Unknown scale, neither items nor total in the table, or a score that the scale lacks.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"participant_id": ["P01"], "visit": ["baseline"],
    ...                         "madrs_total": [38.0]})
    >>> derive_scale_total(ratings)[["participant_id", "visit", "marker", "value", "unit"]]
      participant_id     visit marker  value    unit
    0            P01  baseline  MADRS   38.0  points
    """
    require_one_of("scale", scale, ALL_SCALES)
    definition = ALL_SCALES[scale]
    require_columns(ratings, [PARTICIPANT_ID, VISIT], what="ratings")
    items = [item for item in definition.items if item in ratings.columns]
    if not items and definition.total not in ratings.columns:
        raise TableError(
            f"ratings has neither the items of the {scale} nor {definition.total!r}; "
            "one of them is needed."
        )
    _require_possible(ratings, items, 0, definition.item_maximum)
    if definition.total in ratings.columns:
        _require_possible(ratings, [definition.total], definition.floor, definition.ceiling)
    return endpoint_table(
        {
            PARTICIPANT_ID: row[PARTICIPANT_ID],
            VISIT: row[VISIT],
            "marker": scale,
            "unit": "points",
            "scale": "raw",
            **_total(row, definition, items, max_missing_items),
        }
        for row in ratings.to_dict("records")
    )


def _require_possible(
    ratings: pd.DataFrame, columns: list[str], lowest: float, highest: float
) -> None:
    """Raise `TableError` for a score that the scale does not have: the table was not checked."""
    for column in columns:
        scores = ratings[column].astype("float64")
        wrong = ratings[(scores < lowest) | (scores > highest)]
        if len(wrong):
            first = wrong.iloc[0]
            raise TableError(
                f"{column} is {first[column]:g} for {first[PARTICIPANT_ID]} at {first[VISIT]}; "
                f"{lowest:g} to {highest:g} is allowed. Read the table with read_table()."
            )


def _total(
    row: dict[Any, Any], scale: Scale, items: list[str], max_missing_items: int
) -> dict[str, Any]:
    scores = [float(row[item]) for item in items if pd.notna(row[item])]
    n_items = len(scale.items)
    missing = n_items - len(scores)
    if scores and not missing:
        return {"value": sum(scores)}
    written = row.get(scale.total)
    if written is not None and pd.notna(written):
        return {"value": float(written)}
    if not scores:
        return {"reason": "neither items nor total recorded"}
    if missing > max_missing_items:
        return {
            "reason": f"{count_of(missing, 'item')} of {n_items} missing; "
            f"at most {max_missing_items} can be prorated"
        }
    value = sum(scores) / len(scores) * n_items
    return {
        "value": value,
        "note": f"prorated to {format_number(value)} from {len(scores)} of {n_items} items",
    }
