"""Flow of participants: how many are left at each step, and who was lost and why."""

from collections.abc import Iterable, Sequence

import pandas as pd

from ketbio.endpoints.change import derive_change, why_missing
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, REASON, VISIT, marker_label
from ketbio.wording import join_words

FLOW_COLUMNS = ("step", "n", "excluded", "reasons")
"""Columns of the flow table, one row per step."""


def derive_flow(
    endpoints: pd.DataFrame,
    *,
    participants: Iterable[str],
    baseline: str,
    endpoint: str,
    scale: str = "MADRS",
    markers: Sequence[str] = (),
    labels: dict[str, str] | None = None,
) -> pd.DataFrame:
    """Return how many participants each step keeps, and the reasons for those it loses.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    participants : iterable of str
        Everyone in the study.
    baseline, endpoint : str
        The two visits.
    scale : str
        The rating scale; left out where the endpoints do not have it.
    markers : sequence of str
        Markers, each with a step of its own (usable at both visits).
    labels : dict of str to str, optional
        Marker → how it is written for readers.

    Returns
    -------
    DataFrame
        `FLOW_COLUMNS`; ``excluded`` counts against everyone in the study.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_scale_total
    >>> totals = derive_scale_total(pd.DataFrame({"participant_id": ["P01", "P01", "P02"],
    ...     "visit": ["baseline", "day_14", "baseline"], "madrs_total": [38.0, 20.0, 31.0]}))
    >>> derive_flow(totals, participants=["P01", "P02"], baseline="baseline", endpoint="day_14")
                             step  n  excluded                       reasons
    0          in the study table  2         0
    1           MADRS at baseline  2         0
    2             MADRS at day_14  1         1  P02: no value at day_14
    """
    everyone = list(participants)
    rows = [_step("in the study table", everyone, {})]
    here = set(endpoints[MARKER])
    if scale in here:
        for visit in (baseline, endpoint):
            rows.append(
                _step(f"{scale} at {visit}", everyone, _lost_at(endpoints, scale, visit, everyone))
            )
    for marker in markers:
        if marker not in here or marker == scale:
            continue
        change = derive_change(
            endpoints, baseline=baseline, endpoint=endpoint, markers=[marker], participants=everyone
        )
        lost = change[change[REASON] != ""]
        label = (labels or {}).get(marker, marker_label(marker))
        reasons = dict(zip(lost[PARTICIPANT_ID], lost[REASON], strict=True))
        rows.append(_step(f"{label} at both visits", everyone, reasons))
    return pd.DataFrame(rows, columns=list(FLOW_COLUMNS))


def _lost_at(
    endpoints: pd.DataFrame, marker: str, visit: str, everyone: Iterable[str]
) -> dict[str, str]:
    rows = endpoints[(endpoints[MARKER] == marker) & (endpoints[VISIT] == visit)]
    by_id = {row[PARTICIPANT_ID]: row for row in rows.to_dict("records")}
    reasons = {one: why_missing(by_id.get(one), visit) for one in everyone}
    return {one: reason for one, reason in reasons.items() if reason}


def _step(step: str, everyone: Sequence[str], lost: dict[str, str]) -> dict[str, object]:
    """Count one step; participants who share a reason are named together."""
    by_reason: dict[str, list[str]] = {}
    for participant, reason in lost.items():
        by_reason.setdefault(reason, []).append(participant)
    return {
        "step": step,
        "n": len(everyone) - len(lost),
        "excluded": len(lost),
        "reasons": "; ".join(f"{join_words(ids)}: {reason}" for reason, ids in by_reason.items()),
    }
