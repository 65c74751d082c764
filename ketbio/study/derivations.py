"""The validated tables of a study → its endpoints and its response table."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any

import pandas as pd

from ketbio.analyses.laboratory.plate_settings import PlateSettings
from ketbio.analyses.laboratory.standard_curves import StandardCurves, fit_standard_curves
from ketbio.endpoints import (
    derive_band_ratio,
    derive_column,
    derive_concentration,
    derive_response,
    derive_scale_total,
)
from ketbio.errors import StudyError, TableError
from ketbio.study.plan import MarkerPlan, Study
from ketbio.study.recognised import recognised_study
from ketbio.study.rejected_rows import rejected_words, with_rejected
from ketbio.study.words import PLATE_WORDS
from ketbio.tables import Check
from ketbio.vocabulary import (
    MARKERS,
    PARTICIPANT_ID,
    SCALE_OF_TABLE,
    SCALES,
)
from ketbio.wording import join_words


def _from_blots(table: pd.DataFrame, plan: MarkerPlan) -> pd.DataFrame:
    options = {"condition": None, **plan.options}
    return derive_band_ratio(table, marker=plan.name, **options)


def _from_levels(table: pd.DataFrame, plan: MarkerPlan) -> pd.DataFrame:
    known = {"specimen": MARKERS[plan.name].specimen} if plan.name in MARKERS else {}
    return derive_concentration(table, marker=plan.name, **{**known, **plan.options})


def _from_plates(table: pd.DataFrame, plan: MarkerPlan) -> pd.DataFrame:
    curves = curves_of(table, plan)
    options: dict[str, Any] = {
        name: plan.options[name]
        for name in ("unit", "scale", "below", "cv_limit")
        if name in plan.options
    }
    # the wells were chosen by specimen already, where they have one
    return derive_concentration(
        curves.levels, marker=plan.name, specimen="", column="concentration_ng_ml", **options
    )


def curves_of(table: pd.DataFrame, plan: MarkerPlan) -> StandardCurves:
    """Return the plates of a table read as the plan of a marker says."""
    given = {name: plan.options[name] for name in PLATE_WORDS if name in plan.options}
    return fit_standard_curves(
        table,
        marker=plan.name,
        analyte=plan.options.get("analyte"),
        specimen=plate_specimen(table, plan),
        **given,
    )


def plate_specimen(table: pd.DataFrame, plan: MarkerPlan) -> str | None:
    """Return the specimen to choose wells by; None where the wells are said to be of none."""
    known = MARKERS[plan.name].specimen if plan.name in MARKERS else ""
    wanted = plan.options.get("specimen", known) or None
    is_said = "specimen" in table and table["specimen"].fillna("").ne("").any()
    return wanted if is_said else None


def _from_column(table: pd.DataFrame, plan: MarkerPlan) -> pd.DataFrame:
    return derive_column(table, marker=plan.name, **{"column": plan.name, **plan.options})


def check_markers(study: Study, checks: Mapping[str, Check]) -> None:
    """Raise `StudyError` where a marker of the plan cannot be derived from the tables as they are.

    Called after the checks, so that ``ketbio check`` does not pass what ``ketbio report`` refuses.
    Tables with errors are left to their complaints, and so is a study that is checked only.
    """
    if all(check.ok for check in checks.values()) and not lacking_to_run(study):
        study_endpoints(recognised_study(study, checks), checks)


def lacking_to_run(study: Study) -> str:
    """Return what a study lacks to be analysed, as a sentence; empty where it lacks nothing."""
    schemas = {table.schema for table in study.tables}
    found = {
        "[tables.participants]": "participants" not in schemas,
        "a baseline and an endpoint in [visits]": not (study.baseline and study.endpoint),
        f"ratings ([tables.{SCALES[study.response.scale].table}]) or a [markers.…] table": (
            not study.markers and not schemas & set(SCALE_OF_TABLE)
        ),
    }
    lacking = [what for what, is_lacking in found.items() if is_lacking]
    if not lacking:
        return ""
    return (
        f"{study.path.name}: the study can be checked, but not run: it lacks {join_words(lacking)}."
    )


DERIVATIONS: dict[str, Callable[[pd.DataFrame, MarkerPlan], pd.DataFrame]] = {
    "blots": _from_blots,
    "bdnf": _from_levels,
    "elisa_plates": _from_plates,
    "markers": _from_column,
}
"""Schema of a table → how a marker is derived from it."""


DEFAULTS_OF: dict[str, tuple[Callable[..., object], ...]] = {
    "blots": (derive_band_ratio,),
    "bdnf": (derive_concentration,),
    "elisa_plates": (derive_concentration, PlateSettings),
    "markers": (derive_column,),
}
"""Schema of a table → whose defaults hold where a marker's plan says nothing."""


def marker_defaults(schema: str) -> dict[str, Any]:
    """Return what a marker of a table is derived with where its plan says nothing."""
    defaults = {
        name: one.default
        for made in DEFAULTS_OF.get(schema, ())
        for name, one in signature(made).parameters.items()
        if one.default not in (None, "", Parameter.empty)
    }
    defaults.pop("condition", None)  # a plan without one takes every lane
    return defaults


def study_endpoints(study: Study, checks: Mapping[str, Check]) -> pd.DataFrame:
    """Return the tidy endpoints of every rating scale and of every marker of the plan.

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
        if schema_of[name] in SCALE_OF_TABLE:
            totals = derive_scale_total(check.accepted, scale=SCALE_OF_TABLE[schema_of[name]])
            parts.append(with_rejected(totals, check, participants=known, visits=study.visits))
    for plan in study.markers:
        check = checks[plan.table]
        try:
            values = DERIVATIONS[schema_of[plan.table]](check.accepted, plan)
        except TableError as error:
            why = f"{error}{rejected_words(check, plan)}"
            raise StudyError(f"{study.path.name}, [markers.{plan.name}]: {why}") from None
        parts.append(
            with_rejected(values, check, participants=known, visits=study.visits, plan=plan)
        )
    return pd.concat(parts, ignore_index=True)


def study_response(
    study: Study, endpoints: pd.DataFrame, participants: pd.DataFrame
) -> pd.DataFrame:
    """Return who responded, by the definition of the plan; empty where nothing was rated.

    A crossover has no response: from its first baseline to its last visit it is several treatments.
    """
    rated = SCALES[study.response.scale].table
    if study.crossover is not None or rated not in [table.schema for table in study.tables]:
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
