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
from ketbio.errors import StudyError, TableError
from ketbio.study.plan import MarkerPlan, Study
from ketbio.tables import Check
from ketbio.vocabulary import MARKERS, PARTICIPANT_ID


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
        tables = {name: check.accepted for name, check in checks.items()}
        study_endpoints(study, tables, {plan.schema: tables[plan.name] for plan in study.tables})


DERIVATIONS: dict[str, Callable[[pd.DataFrame, MarkerPlan], pd.DataFrame]] = {
    "blots": _from_blots,
    "bdnf": _from_levels,
    "markers": _from_column,
}
"""Schema of a table → how a marker is derived from it."""


def study_endpoints(
    study: Study, tables: Mapping[str, pd.DataFrame], schemas: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return the tidy endpoints of the rating scale and of every marker of the plan."""
    parts = []
    if "madrs" in schemas:
        parts.append(derive_scale_total(schemas["madrs"], scale=study.response.scale))
    schema_of = {table.name: table.schema for table in study.tables}
    for plan in study.markers:
        try:
            parts.append(DERIVATIONS[schema_of[plan.table]](tables[plan.table], plan))
        except TableError as error:
            raise StudyError(f"{study.path.name}, [markers.{plan.name}]: {error}") from None
    if not parts:
        raise StudyError(
            f"{study.path.name}: the study has neither ratings nor markers; add [tables.madrs] "
            "or a [markers.…] table."
        )
    return pd.concat(parts, ignore_index=True)


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
