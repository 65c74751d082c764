"""Flow of participants: how many are left at each step, and who was lost and why."""

from collections.abc import Iterable, Sequence

import pandas as pd

from ketbio.endpoints.change import derive_change, why_missing
from ketbio.vocabulary import (
    MARKER,
    NON_RESPONDER,
    PARTICIPANT_ID,
    REASON,
    RESPONDER,
    VISIT,
    marker_label,
)
from ketbio.wording import join_words

FLOW_COLUMNS = ("step", "n", "excluded", "reasons", "stage", "n_per_group")
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
    response: pd.DataFrame | None = None,
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
    response : DataFrame, optional
        As `derive_response` returns it: from the endpoint on, ``n_per_group`` says how many of a
        step are responders and non-responders.

    Returns
    -------
    DataFrame
        `FLOW_COLUMNS`; ``excluded`` counts against everyone in the study. ``stage`` is
        ``"enrolled"``, ``"assessed"`` (on the scale) or ``"analysed"`` (a marker).

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_scale_total
    >>> totals = derive_scale_total(pd.DataFrame({"participant_id": ["P01", "P01", "P02"],
    ...     "visit": ["baseline", "day_14", "baseline"], "madrs_total": [38.0, 20.0, 31.0]}))
    >>> flow = derive_flow(totals, participants=["P01", "P02"], baseline="baseline",
    ...                    endpoint="day_14")
    >>> flow[["step", "n", "excluded", "reasons"]]
                             step  n  excluded                       reasons
    0          in the study table  2         0
    1           MADRS at baseline  2         0
    2             MADRS at day_14  1         1  P02: no value at day_14
    """
    everyone = list(participants)
    groups = _groups(response)
    rows = [_step("in the study table", everyone, {}, stage="enrolled")]
    here = set(endpoints[MARKER])
    if scale in here:
        for visit in (baseline, endpoint):
            lost_here = _lost_at(endpoints, scale, visit, everyone)
            known = groups if visit == endpoint else {}
            rows.append(
                _step(f"{scale} at {visit}", everyone, lost_here, stage="assessed", groups=known)
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
        rows.append(
            _step(f"{label} at both visits", everyone, reasons, stage="analysed", groups=groups)
        )
    return pd.DataFrame(rows, columns=list(FLOW_COLUMNS))


def _lost_at(
    endpoints: pd.DataFrame, marker: str, visit: str, everyone: Iterable[str]
) -> dict[str, str]:
    rows = endpoints[(endpoints[MARKER] == marker) & (endpoints[VISIT] == visit)]
    by_id = {row[PARTICIPANT_ID]: row for row in rows.to_dict("records")}
    reasons = {one: why_missing(by_id.get(one), visit) for one in everyone}
    return {one: reason for one, reason in reasons.items() if reason}


def _groups(response: pd.DataFrame | None) -> dict[str, str]:
    """Return the group of every participant whose response is known."""
    if response is None or response.empty:
        return {}
    known = response[response["response"] != ""]
    return dict(zip(known[PARTICIPANT_ID], known["response"], strict=True))


def _step(
    step: str,
    everyone: Sequence[str],
    lost: dict[str, str],
    *,
    stage: str,
    groups: dict[str, str] | None = None,
) -> dict[str, object]:
    """Count one step; participants who share a reason are named together."""
    known = groups or {}
    here = [known.get(one) for one in everyone if one not in lost]
    counts = {name: here.count(name) for name in (RESPONDER, NON_RESPONDER) if known}
    by_reason: dict[str, list[str]] = {}
    for participant, reason in lost.items():
        by_reason.setdefault(reason, []).append(participant)
    return {
        "step": step,
        "n": len(everyone) - len(lost),
        "excluded": len(lost),
        "reasons": "; ".join(f"{join_words(ids)}: {reason}" for reason, ids in by_reason.items()),
        "stage": stage,
        "n_per_group": "; ".join(f"{name} {count}" for name, count in counts.items()),
    }
