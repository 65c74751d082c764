"""How a finding sits with earlier reports of its marker: listed, conflicts kept as such."""

import math
from collections.abc import Iterable, Sequence

from ketbio.report.bibliography import cite
from ketbio.report.markdown import Markdown, join_markdown
from ketbio.result import TESTS_OF_MARKERS, Result, is_superiority
from ketbio.tables.markers.reported import Told, told_reports
from ketbio.vocabulary.marker_records import MarkerReport, RegisteredMarker
from ketbio.vocabulary.marker_registry import REVIEW, marker_registry
from ketbio.vocabulary.marker_schema import BEFORE, LOWERED, RAISED, UNCHANGED
from ketbio.wording import count_of

COMPARES_VISITS = "compare_visits"
"""The analysis whose estimate is a change, as the reports are: only it is held against them."""


def describe_earlier_reports(result: Result) -> tuple[Markdown, ...]:
    """Return what was reported of a finding's marker after ketamine, and how the finding sits.

    Parameters
    ----------
    result : Result

    Returns
    -------
    tuple of Markdown
        Sentences with their citations: people, then animals and cell cultures, then, for a change
        between visits, which reports have the sign of the estimate. Empty for a marker that is not
        registered, and beside an analysis that is not of a marker's values.

    Examples
    --------
    >>> own = Result(analysis="compare_visits", marker="my_marker", outcome="", groups=(), n={})
    >>> describe_earlier_reports(own)
    ()
    """
    marker = marker_registry().markers.get(result.marker)
    if marker is None or result.analysis not in TESTS_OF_MARKERS:
        return ()
    sentences = [
        _list_sentence("Reported in people after ketamine:", marker.human_reports),
        _list_sentence("Reported in animals and cell cultures:", marker.animal_reports),
    ]
    direct = [one.citation for one in marker.reports if not one.via]
    if len(direct) < len(marker.reports):
        but = join_markdown([", but for", cite(direct)]) if direct else ""
        said = join_markdown(["The papers are cited as a review tells of them", cite([REVIEW])])
        sentences.append(Markdown(f"{said}{but}."))
    return (*sentences, *_agreement(result, marker))


def _list_sentence(head: str, reports: Iterable[MarkerReport]) -> Markdown:
    told = told_reports(reports)
    if not told:
        return join_markdown([head, "nothing."])
    return Markdown(f"{join_markdown([head, _cited_list(told)])}.")


def _cited_list(told: Iterable[Told]) -> Markdown:
    parts = [join_markdown([part.words, cite(part.citations)]) for part in told]
    return join_markdown(parts, separator=", ")


def _agreement(result: Result, marker: RegisteredMarker) -> tuple[Markdown, ...]:
    """Hold the sign of a change between visits against the reports of people."""
    sign = _direction_of(result)
    changes = [one for one in marker.human_reports if one.compares == BEFORE]
    if not sign or not changes:
        return ()
    opposite = {RAISED: LOWERED, LOWERED: RAISED}[sign]
    relations = {"in line with": sign, "opposite to": opposite, "unlike": UNCHANGED}
    counted = {
        relation: tuple(dict.fromkeys(one.citation for one in changes if one.direction == wanted))
        for relation, wanted in relations.items()
    }
    parts = [
        join_markdown([_relation_words(relation, keys), cite(keys)])
        for relation, keys in counted.items()
        if keys
    ]
    said = {RAISED: "rise", LOWERED: "fall"}[sign]
    head = f"By its sign alone, the change found here, a {said}, is"
    return (Markdown(f"{join_markdown([head, join_markdown(parts, separator='; ')])}."),)


def _relation_words(relation: str, keys: Sequence[str]) -> str:
    no_change = " that found no change" if relation == "unlike" else ""
    return f"{relation} {count_of(len(keys), 'report')} in people{no_change}"


def _direction_of(result: Result) -> str:
    """Return which way a change between visits went; empty for anything else."""
    is_change = result.analysis == COMPARES_VISITS and not is_superiority(result)
    if not is_change or math.isnan(result.estimate) or result.estimate == result.null_value:
        return ""
    return RAISED if result.estimate > result.null_value else LOWERED
