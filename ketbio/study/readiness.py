"""A plan held against the tables: what it asks for and they do not have, before any test is run."""

from collections.abc import Callable, Mapping

import pandas as pd

from ketbio.analyses.blocks import blocks_asked
from ketbio.analyses.covariates import covariates_asked
from ketbio.analyses.marker_pairs import method_for, values_of
from ketbio.analyses.responder_values import grouped_values, statistics_chosen
from ketbio.errors import KetbioError, StatisticsError, StudyError, TableError
from ketbio.study.derivations import lacking_to_run, study_endpoints, study_response
from ketbio.study.event_plans import RATES, TIMES, events_not_ready
from ketbio.study.gel_blocks import with_gels
from ketbio.study.imputed_plans import IMPUTED, imputed_not_ready
from ketbio.study.mmrm_plans import MMRM, mmrm_not_ready
from ketbio.study.plan import AnalysisPlan, Study
from ketbio.study.recognised import recognised_study
from ketbio.tables import Check
from ketbio.vocabulary import VISIT
from ketbio.wording import join_words

FROM_PARTICIPANTS: dict[str, Callable[..., object]] = {
    "covariates": covariates_asked,
    "blocks": blocks_asked,
}
"""Words that name columns of the participants table → what refuses one that cannot be used."""


def check_analyses(study: Study, checks: Mapping[str, Check]) -> tuple[str, ...]:
    """Raise `StudyError` where a planned analysis cannot be run on the tables as they are.

    Called after the checks, so that ``ketbio check`` does not pass what ``ketbio report`` refuses.
    Tables with errors are left to their complaints, and so is a study that is checked only. While
    a visit has no record yet the trial is running: what its values allow is not asked, and a
    sentence says so.
    """
    if not all(check.ok for check in checks.values()) or lacking_to_run(study):
        return ()
    study = recognised_study(study, checks)
    schemas = {table.schema: checks[table.name].accepted for table in study.tables}
    participants, endpoints = schemas["participants"], study_endpoints(study, checks)
    seen = set(endpoints[VISIT])
    awaited = [visit for visit in (study.baseline, study.endpoint) if visit not in seen]
    response = None if awaited else study_response(study, endpoints, participants)
    tables = {name: check.accepted for name, check in checks.items()}
    require_ready(study, participants, endpoints, response, tables)
    if not awaited:
        return ()
    visits = join_words(map(repr, awaited), last="or")
    return (f"There is no record of {visits} yet: the analyses were not held against the values.",)


def require_ready(
    study: Study,
    participants: pd.DataFrame,
    endpoints: pd.DataFrame,
    response: pd.DataFrame | None,
    tables: Mapping[str, pd.DataFrame],
) -> None:
    """Raise one `StudyError` that tells every analysis that cannot be run, by line and title.

    Parameters
    ----------
    study : Study
        The plan.
    participants, endpoints, response : DataFrame
        The study's tables, as the analyses get them; without a response nothing is asked that
        hangs on it.
    tables : mapping of str to DataFrame
        All of them by name, for blocks by gel.

    Raises
    ------
    StudyError
        A column of the participants table that is not there or cannot be used; a statistic that
        values below the LLOQ do not allow.
    """
    faults = []
    for plan in study.analyses:
        known = with_gels(plan, study, participants, tables)
        found = _columns(plan, known)
        if not found and plan.kind == "compare_responders" and response is not None:
            found = _statistics(plan, study, known, endpoints, response)
        if not found and plan.kind == "correlate_markers" and response is not None:
            found = _correlations(plan, study, endpoints)
        if not found and plan.kind == MMRM and response is not None:
            found = mmrm_not_ready(plan, study, participants, endpoints)
        if not found and plan.kind == IMPUTED and response is not None:
            found = imputed_not_ready(plan, study, participants, endpoints)
        if not found and plan.kind in (RATES, TIMES) and response is not None:
            found = events_not_ready(plan, study, participants, endpoints)
        faults += [_told(study, plan, key, sentence) for key, sentence in found.items()]
    if faults:
        raise StudyError("\n".join(faults))


def _columns(plan: AnalysisPlan, participants: pd.DataFrame) -> dict[str, str]:
    found = {}
    for key, asked in FROM_PARTICIPANTS.items():
        try:
            if key in plan.options:
                asked(plan.options[key], participants)
        except TableError as refused:
            found[key] = str(refused)
    return found


def _statistics(
    plan: AnalysisPlan,
    study: Study,
    participants: pd.DataFrame,
    endpoints: pd.DataFrame,
    response: pd.DataFrame,
) -> dict[str, str]:
    given = {
        "measure": "change",
        "baseline": study.baseline,
        "endpoint": study.endpoint,
        "adjust": "holm",
        **plan.options,
    }
    blocks = blocks_asked(given.get("blocks"), participants)
    asked = given.get("statistic")
    try:
        grouped = grouped_values(
            endpoints,
            response,
            given["markers"],
            measure=given["measure"],
            baseline=given["baseline"],
            endpoint=given["endpoint"],
            blocks=blocks,
        )
        statistics_chosen(grouped, asked=asked, adjust=given["adjust"], blocks=blocks)
    except StatisticsError as refused:
        return {"statistic" if asked else "adjust": str(refused)}
    except KetbioError as refused:
        return {"markers": str(refused)}
    return {}


def _correlations(plan: AnalysisPlan, study: Study, endpoints: pd.DataFrame) -> dict[str, str]:
    """Return what refuses numbers asked of values that can only be ranked."""
    given = {
        "measure": "change",
        "baseline": study.baseline,
        "endpoint": study.endpoint,
        **plan.options,
    }
    try:
        values = values_of(
            endpoints,
            given["markers"],
            measure=given["measure"],
            baseline=given["baseline"],
            endpoint=given["endpoint"],
        )
        method_for(given.get("method"), values)
    except StatisticsError as refused:
        return {"method": str(refused)}
    except KetbioError as refused:
        return {"markers": str(refused)}
    return {}


def _told(study: Study, plan: AnalysisPlan, key: str, sentence: str) -> str:
    line = plan.lines.get(key) or plan.lines.get("kind")
    place = f", line {line}" if line else ""
    return f"{study.path.name}{place}: {key} of [[analyses]] {plan.title or plan.kind}: {sentence}"
