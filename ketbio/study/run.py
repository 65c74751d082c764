"""A study, from its files to its results, in the order of its plan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from platform import python_version
from typing import Any

import pandas as pd

from ketbio.analyses import (
    compare_responders,
    compare_visits,
    correlate_changes,
    summarise_participants,
    summarise_response,
)
from ketbio.analyses.laboratory.agreement import compare_methods
from ketbio.endpoints import derive_flow
from ketbio.errors import StudyError
from ketbio.result import Result, Results
from ketbio.study.checking import check_study, stop_on_errors
from ketbio.study.derivations import lacking_to_run, study_endpoints, study_response
from ketbio.study.expected import told_one_sided, with_alternative
from ketbio.study.gel_blocks import with_gels
from ketbio.study.laboratory import laboratory_results, told_of_noise
from ketbio.study.plan import AnalysisPlan, Study
from ketbio.study.readiness import require_ready
from ketbio.study.recognised import recognised_study
from ketbio.tables import Check
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, UNIT, marker_label

SOFTWARE = ("ketbio", "numpy", "pandas", "scipy", "statsmodels", "pandera", "matplotlib", "seaborn")
"""Packages whose versions a report names, beside Python's."""


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
        ``step, n, excluded, reasons``.
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
            **({"outcome": study.response.scale} if plan.kind == "correlate_changes" else {}),
            **({"labels": _labels(study)} if plan.kind == "compare_methods" else {}),
            **plan.options,
        }
        if "covariates" in options or "blocks" in options:
            options["participants"] = with_gels(plan, study, participants, tables)
        if plan.kind == "summarise_participants":
            results += _table_one(study, participants, endpoints, response, plan.options)
        else:
            made = RUNNERS[plan.kind](endpoints, response, with_alternative(options))
            results += [
                replace(told_one_sided(result, options), title=plan.title) for result in made
            ]
    return results


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


def _responders(
    endpoints: pd.DataFrame, response: pd.DataFrame, options: dict[str, Any]
) -> Results:
    markers: list[str] = options.pop("markers")
    found: Results = compare_responders(endpoints, response=response, marker=markers, **options)
    return found


def _visits(endpoints: pd.DataFrame, _response: pd.DataFrame, options: dict[str, Any]) -> Results:
    markers: list[str] = options.pop("markers")
    found: Results = compare_visits(endpoints, marker=markers, **options)
    return found


def _changes(endpoints: pd.DataFrame, response: pd.DataFrame, options: dict[str, Any]) -> Results:
    markers: list[str] = options.pop("markers")
    found: Results = correlate_changes(endpoints, response=response, marker=markers, **options)
    return found


def _methods(endpoints: pd.DataFrame, _response: pd.DataFrame, options: dict[str, Any]) -> Results:
    """Compare two markers that measure the same, all visits together."""
    names: list[str] = options["markers"]
    first, second = (endpoints[endpoints[MARKER] == name] for name in names)
    unit = str(first[UNIT].iloc[0])
    other = str(second[UNIT].iloc[0])
    if unit != other:
        raise StudyError(
            f"compare_methods: {names[0]} is in {unit or 'no unit'} and {names[1]} in "
            f"{other or 'no unit'}; both have to be in the same unit. Set unit and scale alike."
        )
    labels = tuple(options["labels"].get(name, marker_label(name)) for name in names)
    how = {name: options[name] for name in ("scale", "confidence_level") if name in options}
    found = compare_methods(
        first,
        second,
        marker=names[0],
        names=(labels[0], labels[1]),
        unit=unit,
        **how,
    )
    return Results([found])


RUNNERS: dict[str, Callable[[pd.DataFrame, pd.DataFrame, dict[str, Any]], Results]] = {
    "compare_responders": _responders,
    "compare_visits": _visits,
    "correlate_changes": _changes,
    "compare_methods": _methods,
}
"""Kind of a planned analysis → the public function behind it."""


def _labels(study: Study) -> dict[str, str]:
    return {marker.name: marker.label for marker in study.markers}


def _labelled(result: Result, study: Study) -> Result:
    labels = _labels(study)
    if result.marker not in labels:
        return result
    label = labels[result.marker]
    companions = tuple(
        replace(one, label=label) if one.marker == result.marker else one
        for one in result.companions
    )
    return replace(result, label=label, companions=companions)


def _software() -> pd.DataFrame:
    rows = [("Python", python_version()), *((name, version(name)) for name in SOFTWARE)]
    return pd.DataFrame(rows, columns=["package", "version"])
