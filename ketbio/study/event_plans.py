"""Planned response rates and times to response: what their functions are given of a study."""

from typing import Any

import pandas as pd

from ketbio.analyses.visit_models.arms import arms_asked
from ketbio.endpoints.event_times import derive_event_times
from ketbio.errors import KetbioError
from ketbio.study.mmrm_plans import follow_up_of
from ketbio.study.plan import AnalysisPlan, Study

RATES = "compare_response_rates"
TIMES = "describe_time_to_response"


def given_to_events(
    study: Study, plan: AnalysisPlan, participants: pd.DataFrame, endpoints: pd.DataFrame
) -> dict[str, object]:
    """Return what a planned analysis of events takes from the study; nothing for other kinds.

    Parameters
    ----------
    study : Study
    plan : AnalysisPlan
    participants, endpoints : DataFrame
        The study's tables.
    """
    if plan.kind == RATES:
        return {"participants": participants}
    if plan.kind != TIMES:
        return {}
    response = study.response
    return {
        "participants": participants,
        "marker": response.scale,
        "reduction_percent": response.reduction_percent,
        "remission_at_or_below": response.remission_at_or_below,
        **follow_up_of(study, plan, endpoints),
    }


def events_not_ready(
    plan: AnalysisPlan, study: Study, participants: pd.DataFrame, endpoints: pd.DataFrame
) -> dict[str, str]:
    """Return the key and why the tables do not allow a planned analysis; empty where they do."""
    given: dict[str, Any] = {**given_to_events(study, plan, participants, endpoints)}
    given |= {"baseline": study.baseline, **plan.options}
    arm = given.get("arm", "arm" if plan.kind == RATES else None)
    try:
        arms_asked(
            participants if arm is not None else None,
            arm=arm,
            reference=given.get("reference"),
            everybody=(),
        )
    except KetbioError as refused:
        return {_key_of(str(refused), plan): str(refused)}
    if plan.kind == RATES:
        return {}
    words = ("baseline", "marker", "event", "visits", "days", "relapse")
    try:
        derive_event_times(endpoints, **{word: given[word] for word in words if word in given})
    except KetbioError as refused:
        return {_key_of(str(refused), plan): str(refused)}
    return {}


def _key_of(sentence: str, plan: AnalysisPlan) -> str:
    """Return the word of the plan that a refusal begins with, else the kind."""
    first = sentence.split(" ", 1)[0]
    return first if first in plan.options else "kind"
