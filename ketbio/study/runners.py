"""The kinds of planned analyses: the public function behind each, and how it is called."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from ketbio.analyses import (
    compare_responders,
    compare_visits,
    correlate_baseline_change,
    correlate_changes,
    summarise_participants,
)
from ketbio.analyses.course import summarise_course
from ketbio.analyses.laboratory.agreement import compare_methods
from ketbio.analyses.marker_pairs import correlate_markers
from ketbio.errors import StudyError
from ketbio.result import Results
from ketbio.vocabulary import MARKER, UNIT, marker_label

Runner = Callable[[pd.DataFrame, pd.DataFrame, dict[str, Any]], Results]
"""``runner(endpoints, response, options)``: options in the words of the plan."""

FUNCTIONS: dict[str, Callable[..., object]] = {
    "compare_responders": compare_responders,
    "compare_visits": compare_visits,
    "correlate_changes": correlate_changes,
    "correlate_markers": correlate_markers,
    "correlate_baseline_change": correlate_baseline_change,
    "summarise_course": summarise_course,
    "compare_methods": compare_methods,
    "summarise_participants": summarise_participants,
}
"""Kind of a planned analysis → its public function: what it takes, and its defaults."""


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


def _pairs(endpoints: pd.DataFrame, response: pd.DataFrame, options: dict[str, Any]) -> Results:
    known = response if len(response) else None
    return correlate_markers(endpoints, response=known, **options)


def _dependence(
    endpoints: pd.DataFrame, response: pd.DataFrame, options: dict[str, Any]
) -> Results:
    markers: list[str] = options.pop("markers")
    known = response if len(response) else None
    found: Results = correlate_baseline_change(endpoints, response=known, marker=markers, **options)
    return found


def _course(endpoints: pd.DataFrame, response: pd.DataFrame, options: dict[str, Any]) -> Results:
    """Describe each marker over the visits; what is only of tests is not asked of it."""
    markers: list[str] = options["markers"]
    words = ("visits", "baseline", "days", "confidence_level")
    how = {word: options[word] for word in words if word in options}
    known = response if len(response) else None
    found: Results = summarise_course(endpoints, marker=markers, response=known, **how)
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


RUNNERS: dict[str, Runner] = {
    "compare_responders": _responders,
    "compare_visits": _visits,
    "correlate_changes": _changes,
    "correlate_markers": _pairs,
    "correlate_baseline_change": _dependence,
    "summarise_course": _course,
    "compare_methods": _methods,
}
"""Kind of a planned analysis → how its function is called."""
