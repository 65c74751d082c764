"""The expected direction of a plan: one that reports of people agree on, never taken silently."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ketbio.result import Result
from ketbio.study.plan import MarkerPlan
from ketbio.tables.markers.reported import expected_direction, windows_words
from ketbio.vocabulary.marker_registry import marker_registry
from ketbio.vocabulary.marker_schema import BEFORE
from ketbio.wording import join_words

EXPECTED = "expected"
"""The word of a plan for the direction that reports agree on."""

EXPECTED_KINDS = ("compare_visits",)
"""Analyses that test the direction of a change; the reports are of changes after ketamine."""

ONE_SIDED = ("greater", "less")


def expected_faults(given: Mapping[str, Any], plans: Sequence[MarkerPlan]) -> tuple[str, ...]:
    """Return why an analysis that asks for the expected direction cannot have it, one per reason.

    Parameters
    ----------
    given : mapping
        The words of the analysis, with ``order``, ``baseline`` and ``endpoint`` of the study where
        the analysis has none of its own.
    plans : sequence of MarkerPlan
        The markers of the study.

    Returns
    -------
    tuple of str
        Sentences; empty where nothing stands against it, or where it is not asked for.

    Examples
    --------
    >>> asked = {"kind": "compare_visits", "markers": ["VGF"], "alternative": "expected"}
    >>> plan = MarkerPlan(name="VGF", label="VGF", table="blots")
    >>> expected_faults(asked, [plan])[0]
    "alternative is 'expected', but VGF has no direction to expect: no report of people; in animals
    or cells raised in 1 report (Jiang et al. 2019). Write 'two-sided'."
    """
    if given.get("alternative") != EXPECTED:
        return ()
    if given["kind"] not in EXPECTED_KINDS:
        sentence = (
            f"alternative is {EXPECTED!r} in {given['kind']}, but the reports are of changes after "
            f"ketamine: allowed in {join_words(EXPECTED_KINDS)} only. Write 'two-sided'."
        )
        return (sentence,)
    names = [str(name) for name in given.get("markers", ())]
    faults = [*_without_direction(names, plans), *_backwards(given)]
    if not faults and len(set(_directions(names).values())) > 1:
        told = [f"{name} {word}" for name, word in _directions(names).items()]
        faults.append(
            f"alternative is {EXPECTED!r}, but its markers are expected to change in different "
            f"directions ({join_words(told)}); ask for each direction in an analysis of its own."
        )
    return tuple(faults)


def _without_direction(names: Sequence[str], plans: Sequence[MarkerPlan]) -> Iterator[str]:
    markers = marker_registry().markers
    options = {plan.name: plan.options for plan in plans}
    for name in names:
        said = f"alternative is {EXPECTED!r}, but {name}"
        if name not in markers:
            yield f"{said} is not in the registry of markers. Write 'two-sided'."
            continue
        own, asked = markers[name].specimen, options.get(name, {}).get("specimen", "")
        expected = expected_direction(markers[name])
        if own and asked not in ("", own):
            yield f"{said} is read in {asked}, and its reports are of {own}. Write 'two-sided'."
        elif not expected.alternative:
            yield f"{said} has no direction to expect: {expected.words}. Write 'two-sided'."


def _backwards(given: Mapping[str, Any]) -> Iterator[str]:
    visits, order = [given.get("baseline"), given.get("endpoint")], given.get("order", [])
    if all(visit in order for visit in visits) and order.index(visits[0]) >= order.index(visits[1]):
        yield (
            f"alternative is {EXPECTED!r}, which is of later minus earlier, but the analysis has "
            f"baseline {visits[0]!r} after endpoint {visits[1]!r}. Write 'two-sided'."
        )


def _directions(names: Sequence[str]) -> dict[str, str]:
    markers = marker_registry().markers
    return {
        name: expected_direction(markers[name]).alternative for name in names if name in markers
    }


def with_alternative(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an analysis is given, with the expected direction in the place of the word.

    Examples
    --------
    >>> with_alternative({"markers": ["VEGFA_mRNA"], "alternative": "expected"})["alternative"]
    'greater'
    """
    found = set(_directions(options.get("markers", ())).values())
    if options.get("alternative") != EXPECTED or len(found) != 1:
        return dict(options)
    return {**options, "alternative": found.pop()}


def told_one_sided(result: Result, options: Mapping[str, Any]) -> Result:
    """Return a result that says that it was tested one-sided because the plan asked for it.

    Parameters
    ----------
    result : Result
        Of an analysis of the plan.
    options : mapping
        The words of the analysis as the plan writes them.

    Returns
    -------
    Result
        Every result and companion that was tested one-sided carries the sentence, with the reports
        that the direction stands on.
    """
    if options.get("alternative") != EXPECTED:
        return result
    companions = tuple(_told(one) for one in result.companions)
    return replace(_told(result), companions=companions)


def _told(result: Result) -> Result:
    if result.alternative not in ONE_SIDED:
        return result
    return replace(result, warnings=(*result.warnings, one_sided_words(result)))


def one_sided_words(result: Result) -> str:
    """Return the warning of a result that was tested in the expected direction."""
    marker = marker_registry().markers[result.marker]
    told = expected_direction(marker).words
    windows = windows_words(one for one in marker.human_reports if one.compares == BEFORE)
    when = f", measured at: {windows}" if windows else ""
    return (
        f"Tested one-sided ({result.alternative}) because the plan asked for the expected "
        f"direction: {result.label} was {told}{when}. A change the other way could not have been "
        "found, and a two-sided p would be larger."
    )
