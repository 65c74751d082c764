"""What the registry of markers holds: markers, reports, works and words, as records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ketbio.vocabulary.marker_schema import BEFORE, DIRECTIONS, HUMAN, LOWERED, RAISED
from ketbio.vocabulary.marker_words import folded_marker


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """A biomarker that ketbio knows by name.

    Attributes
    ----------
    name : str
        Column-safe id.
    label : str
        How it is written for readers.
    table : str
        The incoming table it is measured in.
    target : str
        For a blot: the protein, as in the ``target`` column.
    site : str
        For a blot: the phosphorylation site, as in the ``site`` column.
    specimen : str
        For a level: the specimen.
    """

    name: str
    label: str
    table: str
    target: str = ""
    site: str = ""
    specimen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerReport:
    """What one paper reported of one marker; words that the text does not give are empty.

    Attributes
    ----------
    citation : str
        Citation key of the primary paper.
    via : str
        Citation key of the review that tells of it; empty where the paper itself was read.
    species, population, specimen : str
        In whom and in what.
    direction : str
        One of `marker_schema.DIRECTIONS`.
    compares : str
        One of `marker_schema.COMPARES`.
    ketamine, drug, dose, window, measured, note : str
        After what, when, by what means, and what else is to be known.
    """

    citation: str
    via: str
    species: str
    direction: str
    population: str = ""
    specimen: str = ""
    compares: str = BEFORE
    ketamine: str = ""
    drug: str = ""
    dose: str = ""
    window: str = ""
    measured: str = ""
    note: str = ""

    @property
    def is_human(self) -> bool:
        """Whether it is of people; cell cultures are not."""
        return self.species == HUMAN


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredMarker(Marker):
    """A marker with what was reported of it.

    Attributes
    ----------
    molecules, synonyms : tuple of str
        The molecules that it tells of, and how files write it beside its name and label.
    form, condition : str
        For a blot: the form of the protein, and the stimulation of the cells.
    unit, scale : str
        As it is analysed.
    note : str
        What a reader of its reports must know.
    reports : tuple of MarkerReport
        One per paper and finding.
    """

    molecules: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    form: str = ""
    condition: str = ""
    unit: str = ""
    scale: str = "raw"
    note: str = ""
    reports: tuple[MarkerReport, ...] = ()

    @property
    def human_reports(self) -> tuple[MarkerReport, ...]:
        """Those of people."""
        return tuple(one for one in self.reports if one.is_human)

    @property
    def animal_reports(self) -> tuple[MarkerReport, ...]:
        """Those of animals and of cell cultures."""
        return tuple(one for one in self.reports if not one.is_human)

    @property
    def is_derived_by_name(self) -> bool:
        """Whether its name alone says how it is derived from an incoming table."""
        if self.condition:
            return False
        return self.table == "bdnf" or (self.table == "blots" and bool(self.site))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWord:
    """A word that could mean several markers, or leaves open which; it is never resolved."""

    words: tuple[str, ...]
    candidates: tuple[str, ...]
    open: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerReference:
    """A work that the registry cites: how a sentence names it, and its place in the review."""

    key: str
    cite: str
    number: int | None = None
    doi: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerRegistry:
    """Every marker, every word and every work, as `marker_registry` reads them."""

    markers: Mapping[str, RegisteredMarker]
    open_words: tuple[OpenWord, ...]
    references: Mapping[str, MarkerReference]
    by_word: Mapping[str, str]
    open_by_word: Mapping[str, OpenWord]

    def marker_of(self, word: str) -> RegisteredMarker | None:
        """Return the marker that a word means, None where it means none or leaves it open."""
        name = self.by_word.get(folded_marker(word))
        return self.markers[name] if name is not None else None

    def open_word_of(self, word: str) -> OpenWord | None:
        """Return what a word leaves open, None where it leaves nothing open."""
        return self.open_by_word.get(folded_marker(word))


def tally_reports(reports: Iterable[MarkerReport]) -> dict[str, tuple[str, ...]]:
    """Return each direction with the papers that report it, each paper once.

    Parameters
    ----------
    reports : iterable of MarkerReport

    Returns
    -------
    dict of str to tuple of str
        Direction → citation keys; in the order of `marker_schema.DIRECTIONS`.

    Examples
    --------
    >>> told = [MarkerReport(citation=key, via="", species="human", direction=direction)
    ...         for key, direction in [("a", "unchanged"), ("b", "raised"), ("c", "unchanged")]]
    >>> tally_reports(told)
    {'raised': ('b',), 'unchanged': ('a', 'c')}
    """
    given = list(reports)
    found = {
        direction: tuple(dict.fromkeys(one.citation for one in given if one.direction == direction))
        for direction in DIRECTIONS
    }
    return {direction: keys for direction, keys in found.items() if keys}


ALTERNATIVE_OF = {RAISED: "greater", LOWERED: "less"}
"""Direction reported → the alternative of a test of later minus earlier."""


def expected_alternative(marker: RegisteredMarker) -> str:
    """Return the alternative that could be pre-specified for the change of a marker.

    Only reports of people count, and only those of a change after ketamine; all must agree.

    Parameters
    ----------
    marker : RegisteredMarker

    Returns
    -------
    str
        ``"greater"``, ``"less"``, or empty where the reports conflict, are absent, or report no
        change.

    Examples
    --------
    >>> rise = MarkerReport(citation="a", via="", species="human", direction="raised")
    >>> about = {"name": "m", "label": "M", "table": "markers"}
    >>> expected_alternative(RegisteredMarker(**about, reports=(rise,)))
    'greater'
    >>> expected_alternative(RegisteredMarker(**about))
    ''
    """
    directions = {one.direction for one in marker.human_reports if one.compares == BEFORE}
    return ALTERNATIVE_OF.get(directions.pop(), "") if len(directions) == 1 else ""
