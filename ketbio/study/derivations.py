"""The validated tables of a study → its endpoints and its response table."""

from collections.abc import Callable, Mapping

import pandas as pd

from ketbio.endpoints import (
    derive_band_ratio,
    derive_column,
    derive_concentration,
    derive_response,
    derive_scale_total,
)
from ketbio.endpoints.frames import endpoint_table
from ketbio.errors import StudyError, TableError
from ketbio.study.plan import MarkerPlan, Study
from ketbio.tables import Check
from ketbio.vocabulary import MARKER, MARKERS, PARTICIPANT_ID, REASON, SCALE, UNIT, VISIT
from ketbio.wording import join_words


def _from_blots(table: pd.DataFrame, plan: MarkerPlan) -> pd.DataFrame:
    options = {"condition": None, **plan.options}
    return derive_band_ratio(table, marker=plan.name, **options)


def _from_levels(table: pd.DataFrame, plan: MarkerPlan) -> pd.DataFrame:
    known = {"specimen": MARKERS[plan.name].specimen} if plan.name in MARKERS else {}
    return derive_concentration(table, marker=plan.name, **{**known, **plan.options})


def _from_column(table: pd.DataFrame, plan: MarkerPlan) -> pd.DataFrame:
    return derive_column(table, marker=plan.name, **{"column": plan.name, **plan.options})


def check_markers(study: Study, checks: Mapping[str, Check]) -> None:
    """Raise `StudyError` where a marker of the plan cannot be derived from the tables as they are.

    Called after the checks, so that ``ketbio check`` does not pass what ``ketbio report`` refuses.
    Tables with errors are left to their complaints.
    """
    if all(check.ok for check in checks.values()):
        study_endpoints(study, checks)


DERIVATIONS: dict[str, Callable[[pd.DataFrame, MarkerPlan], pd.DataFrame]] = {
    "blots": _from_blots,
    "bdnf": _from_levels,
    "markers": _from_column,
}
"""Schema of a table → how a marker is derived from it."""


def study_endpoints(study: Study, checks: Mapping[str, Check]) -> pd.DataFrame:
    """Return the tidy endpoints of the rating scale and of every marker of the plan.

    A value whose row was rejected has a row that says so, never "no value".
    """
    schema_of = {table.name: table.schema for table in study.tables}
    known = {
        str(one)
        for name, check in checks.items()
        if schema_of[name] == "participants"
        for one in check.accepted[PARTICIPANT_ID]
    }
    parts = []
    for name, check in checks.items():
        if schema_of[name] == "madrs":
            totals = derive_scale_total(check.accepted, scale=study.response.scale)
            parts.append(_with_rejected(totals, check, study, known))
    for plan in study.markers:
        check = checks[plan.table]
        try:
            values = DERIVATIONS[schema_of[plan.table]](check.accepted, plan)
            one_row_one_value = schema_of[plan.table] == "markers"
            parts.append(
                _with_rejected(values, check, study, known) if one_row_one_value else values
            )
        except TableError as error:
            raise StudyError(f"{study.path.name}, [markers.{plan.name}]: {error}") from None
    if not parts:
        raise StudyError(
            f"{study.path.name}: the study has neither ratings nor markers; add [tables.madrs] "
            "or a [markers.…] table."
        )
    return pd.concat(parts, ignore_index=True)


def _with_rejected(part: pd.DataFrame, check: Check, study: Study, known: set[str]) -> pd.DataFrame:
    """Add a row for each known participant × visit of which every record was rejected."""
    rejected = check.rejected
    if part.empty or rejected.empty or not {PARTICIPANT_ID, VISIT} <= set(rejected.columns):
        return part
    there = set(zip(part[PARTICIPANT_ID], part[VISIT], strict=True))
    same = {name: part[name].iloc[0] for name in (MARKER, UNIT, SCALE)}
    rows = [
        {
            PARTICIPANT_ID: who,
            VISIT: visit,
            **same,
            REASON: f"rejected: {check.file} row {join_words(map(str, lines['row']))}",
        }
        for (who, visit), lines in rejected.groupby([PARTICIPANT_ID, VISIT], sort=False)
        if who in known and visit in study.visits and (who, visit) not in there
    ]
    return pd.concat([part, endpoint_table(rows)], ignore_index=True) if rows else part


def study_response(
    study: Study, endpoints: pd.DataFrame, participants: pd.DataFrame, *, has_scale: bool
) -> pd.DataFrame:
    """Return who responded, by the definition of the plan; empty where nothing was rated."""
    if not has_scale:
        return pd.DataFrame()
    return derive_response(
        endpoints,
        baseline=study.baseline,
        endpoint=study.endpoint,
        scale=study.response.scale,
        reduction_percent=study.response.reduction_percent,
        remission_at_or_below=study.response.remission_at_or_below,
        missing=study.response.missing,
        participants=participants[PARTICIPANT_ID],
    )
