"""What was reported of a marker, in words: people apart from animals, conflicts kept as such."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ketbio.vocabulary.marker_records import (
    MarkerReport,
    RegisteredMarker,
    expected_alternative,
    tally_reports,
)
from ketbio.vocabulary.marker_registry import marker_registry
from ketbio.vocabulary.marker_schema import (
    BEFORE,
    COMPARES,
    LOWERED,
    RAISED,
    RESPONDERS,
    REVERSED,
    UNCHANGED,
)
from ketbio.wording import count_of, join_words

WORDS = {
    BEFORE: {
        RAISED: "raised",
        LOWERED: "lowered",
        UNCHANGED: "unchanged",
        REVERSED: "a change under stress undone, which way is not told,",
    },
    RESPONDERS: {
        RAISED: "higher in responders than in non-responders",
        LOWERED: "lower in responders than in non-responders",
        UNCHANGED: "alike in responders and non-responders",
        REVERSED: "a difference between responders and non-responders undone",
    },
}
"""What is compared, and the direction → how a sentence says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One part of a summary: what was found in how many reports, and which they are.

    Attributes
    ----------
    words : str
        Such as "raised in 2 reports".
    citations : tuple of str
        Citation keys.
    """

    words: str
    citations: tuple[str, ...]


def told_reports(reports: Iterable[MarkerReport]) -> tuple[Told, ...]:
    """Return what reports found, one part per direction, each paper counted once in it.

    Parameters
    ----------
    reports : iterable of MarkerReport

    Returns
    -------
    tuple of Told

    Examples
    --------
    >>> plasma = marker_registry().markers["BDNF_plasma"]
    >>> [part.words for part in told_reports(plasma.human_reports)]
    ['raised in 2 reports', 'unchanged in 4 reports']
    """
    given = list(reports)
    return tuple(
        Told(
            words=f"{WORDS[compares][direction]} in {count_of(len(keys), 'report')}", citations=keys
        )
        for compares in COMPARES
        for direction, keys in tally_reports(
            one for one in given if one.compares == compares
        ).items()
    )


def summary_words(reports: Iterable[MarkerReport], *, cited: bool = False) -> str:
    """Return what reports found as one list, with the papers in brackets where asked for.

    Examples
    --------
    >>> summary_words(marker_registry().markers["VEGF_plasma"].human_reports, cited=True)
    'raised in 1 report (McGrory et al. 2020), unchanged in 1 report (Medeiros et al. 2021)'
    >>> summary_words([])
    'no report'
    """
    parts = [
        f"{told.words} ({cite_words(told.citations)})" if cited else told.words
        for told in told_reports(reports)
    ]
    return ", ".join(parts) or "no report"


def cite_words(keys: Sequence[str]) -> str:
    """Return works as a sentence names them.

    Examples
    --------
    >>> cite_words(["duncan2013", "haile2014"])
    'Duncan et al. 2013; Haile et al. 2014'
    """
    references = marker_registry().references
    return "; ".join(references[key].cite if key in references else key for key in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedDirection:
    """Whether a direction could be pre-specified for the change of a marker, and on what.

    Attributes
    ----------
    alternative : str
        ``"greater"`` or ``"less"`` (later minus earlier); empty where none could be.
    words : str
        The reports that it stands on, or why there is none.
    citations : tuple of str
        Citation keys of the reports that it stands on.
    """

    alternative: str
    words: str
    citations: tuple[str, ...] = ()


def expected_direction(marker: RegisteredMarker) -> ExpectedDirection:
    """Return the direction that a plan could pre-specify for the change of a marker.

    Only reports of a change in people count. Where they conflict, are absent, or found no change,
    there is none, and the words say so.

    Parameters
    ----------
    marker : RegisteredMarker

    Returns
    -------
    ExpectedDirection

    Examples
    --------
    >>> expected_direction(marker_registry().markers["VEGFA_mRNA"]).words
    'in people raised in 1 report (McGrory et al. 2020)'
    >>> expected_direction(marker_registry().markers["VGF"]).words
    'no report of people; in animals or cells raised in 1 report (Jiang et al. 2019)'
    """
    changes = [one for one in marker.human_reports if one.compares == BEFORE]
    told = summary_words(changes, cited=True)
    if alternative := expected_alternative(marker):
        keys = tuple(dict.fromkeys(one.citation for one in changes))
        return ExpectedDirection(alternative=alternative, words=f"in people {told}", citations=keys)
    if changes:
        which = "conflict" if len({one.direction for one in changes}) > 1 else "found no change"
        return ExpectedDirection(alternative="", words=f"the reports of people {which}: {told}")
    others = [
        f"in people only {summary_words(marker.human_reports, cited=True)}"
        if marker.human_reports
        else "no report of people",
        f"in animals or cells {summary_words(marker.animal_reports, cited=True)}"
        if marker.animal_reports
        else "",
    ]
    return ExpectedDirection(alternative="", words="; ".join(filter(None, others)))


def windows_words(reports: Iterable[MarkerReport]) -> str:
    """Return when reports measured, each window once; empty where none says.

    Examples
    --------
    >>> windows_words(marker_registry().markers["glutamine_glutamate_ratio"].reports)
    '24 h'
    """
    return join_words(dict.fromkeys(one.window for one in reports if one.window))
