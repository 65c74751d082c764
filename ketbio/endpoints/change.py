"""Change between two visits, paired by participant, never by row order."""

import math
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from ketbio.endpoints.frames import (
    one_row_each,
    require_one_of,
    select_markers,
    select_visit,
)
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, REASON, SCALE, UNIT, VALUE, VISIT

CHANGE_COLUMNS = (
    PARTICIPANT_ID,
    MARKER,
    "baseline_value",
    "endpoint_value",
    "change",
    UNIT,
    SCALE,
    REASON,
)
"""Columns of the change table: one row per participant × marker."""


def _percent(baseline: float, post: float) -> float:
    return 100 * (post - baseline) / baseline if baseline != 0 else float("nan")


def _log_ratio(baseline: float, post: float) -> float:
    return math.log(post / baseline) if baseline > 0 and post > 0 else float("nan")


def _difference(baseline: float, post: float) -> float:
    # of the numbers as written: 0.3 − 0.1 is 0.2 and ties with 0.4 − 0.2, which floats would break
    return float(Decimal(repr(float(post))) - Decimal(repr(float(baseline))))


CHANGES: dict[str, Callable[[float, float], float]] = {
    "difference": _difference,
    "percent": _percent,
    "log_ratio": _log_ratio,
}
"""How two values become a change."""

BOUNDED = "a change is then only bounded"
"""How a reason says that a value beyond a limit is why there is no change."""

_UNITS = {"percent": "%", "log_ratio": "log ratio"}


def derive_change(
    endpoints: pd.DataFrame,
    *,
    baseline: str,
    endpoint: str,
    markers: Sequence[str] | None = None,
    method: str = "difference",
    participants: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return post − baseline per participant and marker.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    baseline, endpoint : str
        The two visits; the change is ``endpoint`` − ``baseline`` (negative is improvement on
        the MADRS).
    markers : sequence of str, optional
        All markers when None.
    method : {"difference", "percent", "log_ratio"}
        Difference in the marker's unit, percent of the baseline, or the natural logarithm of
        post ÷ baseline.
    participants : iterable of str, optional
        Whom to expect; those without any row get one that says so. All in ``endpoints`` when None.

    Returns
    -------
    DataFrame
        `CHANGE_COLUMNS`; ``change`` is NaN where it cannot be had and ``reason`` says why.

    Raises
    ------
    TableError
        Unknown marker, visit or method; a participant twice at a visit.

    Examples
    --------
    >>> import pandas as pd
    >>> ratings = pd.DataFrame({"participant_id": ["P01", "P01", "P02"],
    ...     "visit": ["baseline", "day_14", "baseline"], "madrs_total": [38.0, 20.0, 31.0]})
    >>> from ketbio.endpoints import derive_scale_total
    >>> change = derive_change(derive_scale_total(ratings), baseline="baseline", endpoint="day_14")
    >>> change[["participant_id", "change", "reason"]]
      participant_id  change              reason
    0            P01   -18.0
    1            P02     NaN  no value at day_14
    """
    require_one_of("method", method, CHANGES)
    names = select_markers(endpoints, markers)
    select_visit(endpoints, baseline, argument="baseline")
    select_visit(endpoints, endpoint, argument="endpoint")
    chosen = endpoints[endpoints[MARKER].isin(names) & endpoints[VISIT].isin([baseline, endpoint])]
    one_row_each(chosen, what="endpoints")
    expected = list(
        dict.fromkeys(endpoints[PARTICIPANT_ID] if participants is None else participants)
    )
    by_key = {
        (row[PARTICIPANT_ID], row[VISIT], row[MARKER]): row for row in chosen.to_dict("records")
    }
    rows = []
    for marker in names:
        known = endpoints[endpoints[MARKER] == marker].iloc[0]
        for participant in expected:
            before = by_key.get((participant, baseline, marker))
            after = by_key.get((participant, endpoint, marker))
            pair = _pair(before, after, baseline, endpoint, method)
            rows.append(
                {
                    PARTICIPANT_ID: participant,
                    MARKER: marker,
                    UNIT: _UNITS.get(method, known[UNIT]),
                    SCALE: known[SCALE],
                    **pair,
                }
            )
    return pd.DataFrame(rows, columns=list(CHANGE_COLUMNS)).astype({REASON: "str"})


def why_missing(row: dict[Any, Any] | None, visit: str) -> str:
    """Return why an endpoint row gives no value at a visit, ``""`` where it does give one."""
    if row is None:
        return f"no value at {visit}"
    if pd.notna(row[VALUE]):
        return ""
    if row["censored"]:
        return f"{visit}: {row[REASON]} ({BOUNDED})"
    return f"{visit}: {row[REASON] or 'no value'}"


def _pair(
    before: dict[Any, Any] | None,
    after: dict[Any, Any] | None,
    baseline: str,
    endpoint: str,
    method: str,
) -> dict[str, Any]:
    first = before[VALUE] if before is not None else float("nan")
    second = after[VALUE] if after is not None else float("nan")
    reasons = [
        text for text in (why_missing(before, baseline), why_missing(after, endpoint)) if text
    ]
    if before is None and after is None:
        reasons = [f"no value at {baseline} or {endpoint}"]
    change = float("nan") if reasons else CHANGES[method](first, second)
    if not reasons and math.isnan(change):
        reasons = [f"a {method} change cannot be formed from {first:g} and {second:g}"]
    return {
        "baseline_value": first,
        "endpoint_value": second,
        "change": change,
        REASON: "; ".join(reasons),
    }
