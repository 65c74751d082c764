"""`describe_marker`: what the registry knows of one marker, for readers and for code."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from ketbio.errors import TableError, did_you_mean
from ketbio.notebook_parts import facts, folded, html_table, lead, notebook_view
from ketbio.tables.markers.reported import (
    ExpectedDirection,
    cite_words,
    expected_direction,
    summary_words,
)
from ketbio.vocabulary.marker_records import MarkerReport, RegisteredMarker
from ketbio.vocabulary.marker_registry import marker_registry
from ketbio.vocabulary.marker_schema import REPORT_KEYS
from ketbio.wording import count_of, join_words

REPORT_COLUMNS = (*(name for name in REPORT_KEYS if name != "citations"), "citation", "via")
"""Columns of `MarkerDescription.reports`."""

DIRECTION_WORDS = {"greater": "a rise (greater)", "less": "a fall (less)"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class MarkerDescription:
    """One marker of the registry.

    Attributes
    ----------
    marker : RegisteredMarker
        Id, label, synonyms, how it is measured, reports.
    humans, animals : str
        What was reported, in words; animals with cell cultures.
    expected : ExpectedDirection
        The direction that a plan could pre-specify, or why there is none.
    reports : DataFrame
        One row per paper and finding: ``species, direction, compares, population, specimen,
        ketamine, drug, dose, window, measured, note, citation, via``.
    """

    marker: RegisteredMarker
    humans: str
    animals: str
    expected: ExpectedDirection
    reports: pd.DataFrame

    def __str__(self) -> str:
        return "\n".join(_lines(self))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return _view(self)


def describe_marker(name: str) -> MarkerDescription:
    """Return what the registry knows of a marker: names, measurement, reports, direction.

    Facts are those of Kang, Hawken and Vazquez (2022, Frontiers in Psychiatry 13:860882), through
    whom the primary papers are cited, and of Roy et al. (2021, J Psychopharmacol 35:168).

    Parameters
    ----------
    name : str
        Its id, its label, or any other way of writing it.

    Returns
    -------
    MarkerDescription
        Its text is that of ``ketbio markers NAME``.

    Raises
    ------
    TableError
        No such marker, or a word that leaves open which.

    Examples
    --------
    >>> found = describe_marker("plasma BDNF")
    >>> found.marker.name, found.humans
    ('BDNF_plasma', 'raised in 2 reports, unchanged in 4 reports')
    >>> found.expected.alternative
    ''
    """
    marker = _found(name)
    return MarkerDescription(
        marker=marker,
        humans=summary_words(marker.human_reports),
        animals=summary_words(marker.animal_reports),
        expected=expected_direction(marker),
        reports=reports_frame(marker.reports),
    )


def _found(name: str) -> RegisteredMarker:
    registry = marker_registry()
    if not isinstance(name, str):
        raise TableError(f"a marker's name is a text; {name!r} was given.")
    marker, unclear = registry.marker_of(name), registry.open_word_of(name)
    if marker is not None:
        return marker
    if unclear is not None:
        could = join_words(unclear.candidates, last="or")
        raise TableError(f"{name!r} leaves open {unclear.open}; name {could}.")
    raise TableError(
        f"{name!r} is not a marker of the registry; `ketbio markers` lists all "
        f"{len(registry.markers)}.{did_you_mean(name, registry.markers)}"
    )


def reports_frame(reports: Iterable[MarkerReport]) -> pd.DataFrame:
    """Return reports as a table, one row each.

    Examples
    --------
    >>> glua3 = marker_registry().markers["GluA3"].reports
    >>> reports_frame(glua3)[["species", "direction", "citation"]]
      species direction       citation
    0   mouse   lowered  weckmann2019
    """
    rows = [[getattr(one, column) for column in REPORT_COLUMNS] for one in reports]
    return pd.DataFrame(rows, columns=list(REPORT_COLUMNS), dtype="str")


def marker_table() -> pd.DataFrame:
    """Return the list of the registered markers.

    Returns
    -------
    DataFrame
        ``marker, label, humans, animals, expected``: what was reported, and the alternative that a
        plan could pre-specify (empty where none).

    Examples
    --------
    >>> marker_table().set_index("marker").loc["p_eEF2", ["humans", "animals"]].tolist()
    ['no report', 'lowered in 1 report']
    """
    rows = [
        (
            one.name,
            one.label,
            summary_words(one.human_reports),
            summary_words(one.animal_reports),
            expected_direction(one).alternative,
        )
        for one in marker_registry().markers.values()
    ]
    columns = ["marker", "label", "humans", "animals", "expected"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def measured_words(marker: RegisteredMarker) -> str:
    """Return how a marker is measured, as a list in a line.

    Examples
    --------
    >>> measured_words(marker_registry().markers["p_GSK3B_S9"])
    'table blots, target GSK3B, form phospho, site S9, scale log2, unit log2 ratio'
    """
    told = ("table", "target", "form", "site", "condition", "specimen", "scale", "unit")
    return ", ".join(f"{key} {getattr(marker, key)}" for key in told if getattr(marker, key))


def report_words(report: MarkerReport) -> str:
    """Return one report as a line: in whom, what, after what, when, by whom.

    Examples
    --------
    >>> report_words(marker_registry().markers["GluA3"].reports[0])
    'mouse; hippocampus; lowered; S-ketamine. Weckmann et al. 2019, via Kang et al. 2022'
    """
    given = f"{report.ketamine} dosing" if report.ketamine else ""
    compared = report.direction
    if report.compares != REPORT_KEYS["compares"].allowed[0]:
        compared = f"{report.direction} ({report.compares})"
    parts = (
        report.species,
        report.population,
        report.specimen,
        report.measured,
        compared,
        report.drug,
        given,
        report.dose,
        report.window,
        report.note,
    )
    via = f", via {cite_words([report.via])}" if report.via else ""
    return f"{'; '.join(filter(None, parts))}. {cite_words([report.citation])}{via}"


def _lines(found: MarkerDescription) -> Iterator[str]:
    marker = found.marker
    yield f"{marker.label} ({marker.name})"
    yield f"Measured: {measured_words(marker)}."
    if marker.synonyms:
        yield f"Also written: {', '.join(marker.synonyms)}."
    yield f"In people: {found.humans}."
    yield f"In animals and cell cultures: {found.animals}."
    yield f"Direction that a plan could pre-specify: {expected_words(found.expected)}."
    if marker.note:
        yield f"Note: {marker.note}"
    yield "Reports:"
    yield from (f"  - {report_words(one)}" for one in marker.reports)


def _view(found: MarkerDescription) -> str:
    marker = found.marker
    columns = ("citation", "species", "direction", "compares", "specimen", "drug", "window")
    return notebook_view(
        lead(f"{marker.label} ({marker.name})"),
        facts(
            (
                ("Measured", measured_words(marker)),
                ("Also written", ", ".join(marker.synonyms)),
                ("In people", found.humans),
                ("In animals and cell cultures", found.animals),
                ("Direction that a plan could pre-specify", expected_words(found.expected)),
                ("Note", marker.note),
            )
        ),
        folded(
            count_of(len(found.reports), "report"),
            html_table(
                f"Reports of {marker.label}",
                columns,
                found.reports[list(columns)].itertuples(index=False, name=None),
                rest=": .reports holds all",
            ),
        ),
    )


def expected_words(expected: ExpectedDirection) -> str:
    """Return the direction that could be pre-specified, or that there is none, with its reports.

    Examples
    --------
    >>> expected_words(expected_direction(marker_registry().markers["Rheb"]))
    'none: no report of people; in animals or cells raised in 1 report (Harraz et al. 2016)'
    """
    return f"{DIRECTION_WORDS.get(expected.alternative, 'none')}: {expected.words}"
