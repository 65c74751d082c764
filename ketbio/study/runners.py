"""The kinds of planned analyses: the public function behind each, and how it is called."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from ketbio.analyses import (
    compare_imputed,
    compare_responders,
    compare_visits,
    correlate_baseline_change,
    correlate_changes,
    correlate_repeated,
    describe_missing_visits,
    fit_random_effects,
    summarise_participants,
)
from ketbio.analyses.course import summarise_course
from ketbio.analyses.crossover import compare_crossover
from ketbio.analyses.laboratory.agreement import compare_methods
from ketbio.analyses.longitudinal import fit_mmrm
from ketbio.analyses.marker_pairs import correlate_markers
from ketbio.analyses.response_rates import compare_response_rates
from ketbio.analyses.time_to_response import describe_time_to_response
from ketbio.errors import StudyError
from ketbio.result import Results
from ketbio.study.mmrm_plans import with_arms
from ketbio.vocabulary import MARKER, UNIT, marker_label

Runner = Callable[[pd.DataFrame, pd.DataFrame, dict[str, Any]], Results]
"""``runner(endpoints, response, options)``: options in the words of the plan."""

FUNCTIONS: dict[str, Callable[..., object]] = {
    "compare_responders": compare_responders,
    "compare_visits": compare_visits,
    "compare_crossover": compare_crossover,
    "compare_imputed": compare_imputed,
    "describe_missing_visits": describe_missing_visits,
    "correlate_changes": correlate_changes,
    "correlate_markers": correlate_markers,
    "correlate_baseline_change": correlate_baseline_change,
    "correlate_repeated": correlate_repeated,
    "summarise_course": summarise_course,
    "fit_mmrm": fit_mmrm,
    "fit_random_effects": fit_random_effects,
    "compare_methods": compare_methods,
    "compare_response_rates": compare_response_rates,
    "describe_time_to_response": describe_time_to_response,
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


def _crossover(
    endpoints: pd.DataFrame, _response: pd.DataFrame, options: dict[str, Any]
) -> Results:
    markers: list[str] = options.pop("markers")
    options.pop("endpoint")
    return compare_crossover(endpoints, marker=markers, **options)


def _imputed(endpoints: pd.DataFrame, _response: pd.DataFrame, options: dict[str, Any]) -> Results:
    markers: list[str] = options.pop("markers")
    if "delta_by" in options:
        options["delta"] = options.pop("delta_by")
    return compare_imputed(endpoints, marker=markers, **options)


def _missing(endpoints: pd.DataFrame, _response: pd.DataFrame, options: dict[str, Any]) -> Results:
    """Describe missing visits per arm, where the participants table has arms."""
    words = ("visits", "participants", "arm")
    how = {word: options[word] for word in words if word in options}
    if "arm" not in how and "arm" in how["participants"].columns:
        how["arm"] = "arm" if how["participants"]["arm"].notna().any() else None
    markers: list[str] = options["markers"]
    found: Results = describe_missing_visits(endpoints, marker=markers, **how)
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


def _repeated(endpoints: pd.DataFrame, _response: pd.DataFrame, options: dict[str, Any]) -> Results:
    """Correlate over visits; the baseline and the endpoint of the study are two among them."""
    markers: list[str] = options["markers"]
    left = ("markers", "baseline", "endpoint")
    how = {word: one for word, one in options.items() if word not in left}
    found: Results = correlate_repeated(endpoints, marker=markers, **how)
    return found


def _course(endpoints: pd.DataFrame, response: pd.DataFrame, options: dict[str, Any]) -> Results:
    """Describe each marker over the visits; what is only of tests is not asked of it."""
    markers: list[str] = options["markers"]
    words = ("visits", "baseline", "days", "confidence_level")
    how = {word: options[word] for word in words if word in options}
    known = response if len(response) else None
    found: Results = summarise_course(endpoints, marker=markers, response=known, **how)
    return found


def _mmrm(endpoints: pd.DataFrame, _response: pd.DataFrame, options: dict[str, Any]) -> Results:
    """Fit the model; the endpoint of the study is one of its visits."""
    markers: list[str] = options["markers"]
    left = ("markers", "endpoint")
    how = {word: one for word, one in with_arms(options).items() if word not in left}
    return fit_mmrm(endpoints, marker=markers, **how)


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


def _effects(endpoints: pd.DataFrame, _response: pd.DataFrame, options: dict[str, Any]) -> Results:
    """Follow each marker over its visits; the first of them is what changes are counted from."""
    markers: list[str] = options["markers"]
    left = ("markers", "baseline", "endpoint", "seed")
    how = {word: one for word, one in with_arms(options).items() if word not in left}
    return fit_random_effects(endpoints, marker=markers, **how)


def _rates(_endpoints: pd.DataFrame, response: pd.DataFrame, options: dict[str, Any]) -> Results:
    """Compare the arms in the study's response; its visits are in the response table."""
    left = ("baseline", "endpoint")
    how = {word: one for word, one in options.items() if word not in left}
    return compare_response_rates(response, **how)


def _times(endpoints: pd.DataFrame, _response: pd.DataFrame, options: dict[str, Any]) -> Results:
    """Describe the time to the event; the endpoint of the study is one of its visits."""
    how = {word: one for word, one in options.items() if word != "endpoint"}
    return describe_time_to_response(endpoints, **how)


RUNNERS: dict[str, Runner] = {
    "compare_imputed": _imputed,
    "describe_missing_visits": _missing,
    "compare_responders": _responders,
    "compare_visits": _visits,
    "compare_crossover": _crossover,
    "correlate_changes": _changes,
    "correlate_markers": _pairs,
    "correlate_baseline_change": _dependence,
    "correlate_repeated": _repeated,
    "summarise_course": _course,
    "fit_mmrm": _mmrm,
    "fit_random_effects": _effects,
    "compare_methods": _methods,
    "compare_response_rates": _rates,
    "describe_time_to_response": _times,
}
"""Kind of a planned analysis → how its function is called."""
