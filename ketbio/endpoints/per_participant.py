"""The wide view: one row per participant, for notebooks and spreadsheets."""

from collections.abc import Sequence

import pandas as pd

from ketbio.endpoints.frames import one_row_each, select_markers
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, VALUE, VISIT


def derive_per_participant(
    endpoints: pd.DataFrame,
    *,
    markers: Sequence[str] | None = None,
    visits: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return one row per participant, one column per marker and visit.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    markers : sequence of str, optional
        All when None.
    visits : sequence of str, optional
        All in their order of appearance when None.

    Returns
    -------
    DataFrame
        ``participant_id`` and ``{marker}@{visit}`` columns; NaN where there is no value.

    Raises
    ------
    TableError
        Unknown marker; a participant twice at a visit.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_scale_total
    >>> ratings = pd.DataFrame({"participant_id": ["P01", "P01"],
    ...     "visit": ["baseline", "day_14"], "madrs_total": [38.0, 19.0]})
    >>> derive_per_participant(derive_scale_total(ratings))
      participant_id  MADRS@baseline  MADRS@day_14
    0            P01            38.0          19.0
    """
    names = select_markers(endpoints, markers)
    order = list(dict.fromkeys(endpoints[VISIT])) if visits is None else list(visits)
    one_row_each(endpoints[endpoints[MARKER].isin(names)], what="endpoints")
    wide = pd.DataFrame({PARTICIPANT_ID: list(dict.fromkeys(endpoints[PARTICIPANT_ID]))})
    for marker in names:
        for visit in order:
            rows = endpoints[(endpoints[MARKER] == marker) & (endpoints[VISIT] == visit)]
            if len(rows):
                values = rows.set_index(PARTICIPANT_ID)[VALUE]
                wide[f"{marker}@{visit}"] = wide[PARTICIPANT_ID].map(values)
    return wide
