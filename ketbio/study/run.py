"""A study, from its files to its results, in the order of its plan."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from platform import python_version
from typing import Any

import pandas as pd

from ketbio.analyses import summarise_participants, summarise_response
from ketbio.endpoints import derive_flow
from ketbio.errors import StudyError
from ketbio.result import Result, Results
from ketbio.study.checking import check_study, stop_on_errors
from ketbio.study.derivations import lacking_to_run, study_endpoints, study_response
from ketbio.study.event_plans import given_to_events
from ketbio.study.expected import told_one_sided, with_alternative
from ketbio.study.gel_blocks import with_gels
from ketbio.study.imputed_plans import IMPUTED, given_to_imputed
from ketbio.study.laboratory import laboratory_results, told_of_noise
from ketbio.study.mmrm_plans import MMRM, follow_up_of
from ketbio.study.notebook import run_view
from ketbio.study.plan import AnalysisPlan, Study
from ketbio.study.readiness import require_ready
from ketbio.study.recognised import recognised_study
from ketbio.study.runners import RUNNERS
from ketbio.tables import Check
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

SOFTWARE = ("ketbio", "numpy", "pandas", "scipy", "statsmodels", "pandera", "matplotlib", "seaborn")
"""Packages whose versions a report names, beside Python's."""

OF_OUTCOME = ("correlate_changes", "correlate_repeated")
"""Analyses that hold markers against the scale of the response, unless another is named."""


MISSING = "describe_missing_visits"
"""The analysis that counts everybody expected at every visit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StudyRun:
    """A study that has been run: everything a report tells.

    Attributes
    ----------
    study : Study
        The plan.
    checks : tuple of Check
        One per table, with the complaints across tables.
    endpoints : DataFrame
        The tidy endpoints table of every marker.
    response : DataFrame
        One row per participant (`ketbio.derive_response`); empty without a rating scale.
    flow : DataFrame
        ``step, n, excluded, reasons, stage, n_per_group`` (`ketbio.endpoints.derive_flow`).
    results : Results
        Table 1, the response rate, the planned analyses, then the laboratory's.
    inputs : DataFrame
        ``table, file, sha256, n_rows``.
    software : DataFrame
        ``package, version``.
    """

    study: Study
    checks: tuple[Check, ...]
    endpoints: pd.DataFrame
    response: pd.DataFrame
    flow: pd.DataFrame
    results: Results
    inputs: pd.DataFrame
    software: pd.DataFrame

    def _repr_html_(self) -> str:
        return run_view(self)


def run_study(study: Study) -> Results:
    """Run a study's plan and return its results.

    Parameters
    ----------
    study : Study
        As `read_study` returns it.

    Returns
    -------
    Results
        The lines of Table 1, the response rate, the planned analyses in their order, then what
        there is to say of the laboratory: plates, gels, replicates.

    Raises
    ------
    ValidationError
        The data have complaints of severity error and the plan says ``rejected_rows = "stop"``.
    StudyError
        The plan asks for what the data do not have.

    Examples
    --------
    >>> from importlib.resources import files
    >>> from ketbio.study import read_study
    >>> results = run_study(read_study(str(files("ketbio.demo") / "study.toml")))
    >>> sorted({result.analysis for result in results})[:3]
    ['chart_controls', 'compare_responders', 'compare_visits']
    """
    return analyse_study(study).results


def analyse_study(study: Study) -> StudyRun:
    """Run a study and keep everything a report tells: checks, flow, endpoints, results.

    Parameters
    ----------
    study : Study
        As `read_study` returns it.

    Returns
    -------
    StudyRun
        See there.

    Raises
    ------
    ValidationError, StudyError
        As `run_study`.
    """
    if lacking := lacking_to_run(study):
        raise StudyError(lacking)
    checks = check_study(study)
    stop_on_errors(checks, rejected_rows=study.rejected_rows)
    study = recognised_study(study, checks)
    tables = {name: check.accepted for name, check in checks.items()}
    schemas = {table.schema: tables[table.name] for table in study.tables}
    participants = schemas["participants"]
    endpoints = study_endpoints(study, checks)
    response = study_response(study, endpoints, participants)
    require_ready(study, participants, endpoints, response, tables)
    laboratory = laboratory_results(study, checks, endpoints, response)
    planned = _run_plan(study, participants, endpoints, response, tables)
    results = [*told_of_noise(planned, laboratory), *laboratory]
    return StudyRun(
        study=study,
        checks=tuple(checks.values()),
        endpoints=endpoints,
        response=response,
        flow=derive_flow(
            endpoints,
            participants=participants[PARTICIPANT_ID],
            baseline=study.baseline,
            endpoint=study.endpoint,
            scale=study.response.scale,
            markers=[marker.name for marker in study.markers],
            labels=_labels(study),
            response=response,
        ),
        results=Results(_labelled(result, study) for result in results),
        inputs=pd.DataFrame(
            [
                {"table": name, "file": one.file, "sha256": one.sha256, "n_rows": one.n_incoming}
                for name, one in checks.items()
            ]
        ),
        software=_software(),
    )


def _run_plan(
    study: Study,
    participants: pd.DataFrame,
    endpoints: pd.DataFrame,
    response: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
) -> list[Result]:
    planned = [plan.kind for plan in study.analyses]
    plans = list(study.analyses)
    if "summarise_participants" not in planned:
        plans.insert(0, AnalysisPlan(kind="summarise_participants", title="Participants"))
    results: list[Result] = []
    for plan in plans:
        options = {
            "baseline": study.baseline,
            "endpoint": study.endpoint,
            "seed": study.seed,
            **({"outcome": study.response.scale} if plan.kind in OF_OUTCOME else {}),
            **({"labels": _labels(study)} if plan.kind == "compare_methods" else {}),
            **({"tables": _tables(study)} if plan.kind == "correlate_markers" else {}),
            **(_visits_of(study, endpoints) if plan.kind == "summarise_course" else {}),
            **(_order_of(study, endpoints) if plan.kind == "correlate_repeated" else {}),
            **(_crossover_of(study, participants) if plan.kind == "compare_crossover" else {}),
            **(_arms_of(study, plan, participants, endpoints) if plan.kind == MMRM else {}),
            **given_to_events(study, plan, participants, endpoints),
            **plan.options,
        }
        if plan.kind == "fit_random_effects":
            options = {"participants": participants, **_visits_of(study, endpoints), **options}
        if plan.kind == IMPUTED:
            options = {**given_to_imputed(plan, study, participants, endpoints), **options}
        if plan.kind == MISSING:
            options = {"participants": participants, **_order_of(study, endpoints), **options}
        if "covariates" in options or "blocks" in options:
            options["participants"] = with_gels(plan, study, participants, tables)
        if plan.kind == "summarise_participants":
            made = _table_one(study, participants, endpoints, response, plan.options)
            results += [replace(result, deviation=plan.deviation) for result in made]
        else:
            made = list(RUNNERS[plan.kind](endpoints, response, with_alternative(options)))
            results += [_as_planned(told_one_sided(result, options), plan) for result in made]
    return results


def _as_planned(result: Result, plan: AnalysisPlan) -> Result:
    return replace(result, title=plan.title, aim=plan.aim, deviation=plan.deviation)


def _table_one(
    study: Study,
    participants: pd.DataFrame,
    endpoints: pd.DataFrame,
    response: pd.DataFrame,
    options: Mapping[str, Any],
) -> list[Result]:
    has_response = len(response) > 0
    by_response = options.get("by_response", True) and has_response
    lines = summarise_participants(
        participants,
        variables=options.get("variables"),
        response=response if by_response else None,
        endpoints=endpoints,
        baseline=study.baseline,
    )
    if not has_response:
        return list(lines)
    return [*lines, summarise_response(response, scale=study.response.scale)]


def _order_of(study: Study, endpoints: pd.DataFrame) -> dict[str, object]:
    """Return the visits that have a record, in the order of the study."""
    return {"visits": _visits_of(study, endpoints)["visits"]}


def _visits_of(study: Study, endpoints: pd.DataFrame) -> dict[str, object]:
    """Return the visits that have a record, and their days where every one has a window."""
    here = set(endpoints[VISIT])
    middle = {visit: sum(days) / 2 for visit, days in study.windows.items()}
    visits = [visit for visit in study.visits if visit in here]
    has_days = bool(middle) and all(one in middle or one == study.baseline for one in visits)
    return {"visits": visits, **({"days": middle} if has_days else {})}


def _arms_of(
    study: Study, plan: AnalysisPlan, participants: pd.DataFrame, endpoints: pd.DataFrame
) -> dict[str, object]:
    """Return the participants and the visits after baseline, as `fit_mmrm` takes them."""
    return {"participants": participants, **follow_up_of(study, plan, endpoints)}


def _crossover_of(study: Study, participants: pd.DataFrame) -> dict[str, object]:
    """Return how the crossover is made, as `compare_crossover` takes it."""
    if study.crossover is None:
        raise StudyError("compare_crossover needs [crossover] in the study file; add it.")
    made = study.crossover
    return {
        "participants": participants,
        "sequence": made.sequence,
        "sequences": made.sequences,
        "periods": made.periods,
        "baseline": made.baseline,
        "reference": made.reference or None,
    }


def _labels(study: Study) -> dict[str, str]:
    return {marker.name: marker.label for marker in study.markers}


def _tables(study: Study) -> dict[str, str]:
    return {marker.name: marker.table for marker in study.markers}


def _labelled(result: Result, study: Study) -> Result:
    labels = _labels(study)
    companions = tuple(
        replace(one, label=labels[one.marker]) if one.marker in labels else one
        for one in result.companions
    )
    return replace(result, label=labels.get(result.marker, result.label), companions=companions)


def _software() -> pd.DataFrame:
    rows = [("Python", python_version()), *((name, version(name)) for name in SOFTWARE)]
    return pd.DataFrame(rows, columns=["package", "version"])
