"""A marker that comes ready: a column of the user's own table (imaging, cognition …)."""

import pandas as pd

from ketbio.endpoints.frames import endpoint_table, require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import PARTICIPANT_ID, VALUE_SCALES, VISIT


def derive_column(
    table: pd.DataFrame,
    *,
    column: str,
    marker: str | None = None,
    unit: str = "",
    scale: str = "raw",
) -> pd.DataFrame:
    """Return a column of numbers as a marker, one row per participant × visit.

    Parameters
    ----------
    table : DataFrame
        One row per participant × visit.
    column : str
        The column that holds the numbers.
    marker : str, optional
        Name of the marker; the column's name when None.
    unit : str
        Its unit, as figures shall print it.
    scale : {"raw", "log2", "ratio"}
        The scale on which the column *already is*; nothing is transformed.

    Returns
    -------
    DataFrame
        The endpoints table.

    Raises
    ------
    TableError
        No such column, or a column that is not numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> imaging = pd.DataFrame({"participant_id": ["P01"], "visit": ["baseline"],
    ...                         "nacc_entropy": [1.2]})
    >>> derive_column(imaging, column="nacc_entropy", unit="nats")[["marker", "value", "unit"]]
             marker  value  unit
    0  nacc_entropy    1.2  nats
    """
    require_columns(table, [PARTICIPANT_ID, VISIT, column], what="table")
    require_one_of("scale", scale, VALUE_SCALES)
    if not pd.api.types.is_numeric_dtype(table[column]):
        raise TableError(f"column {column!r} holds {table[column].dtype}, not numbers.")
    return endpoint_table(
        {
            PARTICIPANT_ID: row[PARTICIPANT_ID],
            VISIT: row[VISIT],
            "marker": marker or column,
            "unit": unit,
            "scale": scale,
            "value": row[column] if pd.notna(row[column]) else float("nan"),
            "reason": "" if pd.notna(row[column]) else "no value recorded",
        }
        for row in table.to_dict("records")
    )
