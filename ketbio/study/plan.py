"""What a study file says, as records: nothing here reads or runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ketbio.study.notebook import study_view
from ketbio.vocabulary import SCALES

SECTIONS = (
    "title_page",
    "plain_summary",
    "summary",
    "deviations",
    "data_checks",
    "participants",
    "primary",
    "secondary",
    "exploratory",
    "sensitivity",
    "analyses",
    "laboratory",
    "limitations",
    "methods",
    "checklists",
    "appendix",
    "provenance",
    "references",
)
"""The sections of a report, in the order in which they stand where a plan says nothing."""

SECTION_FILE = ".md.j2"
"""How the file of a section ends."""

CITATION_STYLES = ("vancouver", "apa", "ama")
"""Styles of citations and references."""

CHECKLISTS = ("SAMPL", "STROBE", "CONSORT", "CONSORT_CROSSOVER", "REMARK")
"""Reporting checklists that a report can fill in."""

SENTENCES = ("full", "apa", "ama")
"""Styles of the sentences in which findings are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePlan:
    """One incoming table: its file, its schema, and how its columns and words map to ours.

    Attributes
    ----------
    name : str
        The study's name for it.
    schema : str
        Name of the schema it is checked against.
    file : Path
        Where it is.
    drop : str
        Pattern of file names by which a delivery of this table is known in a drop folder.
    options : mapping
        What `ketbio.check_table` is given beside the schema (``columns``, ``ignore`` …).
    """

    name: str
    schema: str
    file: Path
    drop: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerPlan:
    """One marker: the table it comes from and how it is derived.

    Attributes
    ----------
    name, label : str
        Column-safe id, and how it is written for readers.
    table : str
        The study's table that it is derived from.
    options : mapping
        What the derivation is given (``form``, ``condition``, ``specimen``, ``column`` …).
    """

    name: str
    label: str
    table: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsePlan:
    """How response and remission are defined (`ketbio.derive_response`)."""

    scale: str = "MADRS"
    reduction_percent: float = 50.0
    remission_at_or_below: float = float(SCALES["MADRS"].remission_at_or_below)
    missing: str = "exclude"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverPlan:
    """How a crossover is made, as `ketbio.compare_crossover` takes it.

    Attributes
    ----------
    sequence : str
        Column of the participants table that holds the sequence.
    sequences : mapping of str to tuple of str
        Sequence → its treatments in the order of the periods.
    periods : tuple of mapping of str to str
        Per period: role → visit.
    baseline : str
        The role of the periods' baseline.
    reference : str
        The treatment subtracted; empty for the last of the first sequence.
    """

    sequence: str = "sequence"
    sequences: Mapping[str, tuple[str, ...]]
    periods: tuple[Mapping[str, str], ...]
    baseline: str = "baseline"
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisPlan:
    """One planned analysis: the function that runs it and what it is given.

    Attributes
    ----------
    kind, title : str
        The function, and what readers see.
    options : mapping
        What it is given, in the plan's words.
    lines : mapping of str to int
        Key → its line in the study file, for refusals that need the data.
    aim : str
        What it is for: ``"primary"``, ``"secondary"``, ``"exploratory"``, ``"sensitivity"``; empty
        where the plan does not say.
    deviation : str
        How it departs from what was planned, in a sentence; empty where it does not.
    """

    kind: str
    title: str
    options: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    aim: str = ""
    deviation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPlan:
    """What the report is called, who signs it, and how it is put together.

    Attributes
    ----------
    title, subtitle, version : str
        Of the document; ``version`` is the document's own, such as ``"draft 2"``.
    authors, affiliations : tuple of str
    contact, funding, conflicts, ethics, acknowledgements : str
        What the title page says beside; empty where nothing is said.
    format : str
        ``"html"``, ``"docx"`` or ``"pdf"``, where nobody asks for another.
    sections : tuple of str
        The sections in their order: some of `SECTIONS`, or files of ``partials``.
    template : Path or None
        A document of one's own around the sections.
    partials : Path or None
        A folder of sections of one's own.
    citation_style : str
        One of `CITATION_STYLES`; empty for pandoc's own.
    sentences : str
        Style of ``Result.sentence``: ``"full"``, ``"apa"`` or ``"ama"``.
    figures : str
        A preset of the figures.
    checklists : tuple of str or None
        Some of `CHECKLISTS`; None for those that fit.
    deviations : tuple of str
        Departures from the plan, in sentences.
    registered_plan : Path or None
        The plan as it was registered.
    differences : tuple of str
        Where the plan that is run differs from the registered one.
    lines : mapping of str to int
        Key → its line in the study file, for refusals of the report.
    """

    title: str
    subtitle: str = ""
    version: str = ""
    authors: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    contact: str = ""
    funding: str = ""
    conflicts: str = ""
    ethics: str = ""
    acknowledgements: str = ""
    format: str = "html"
    sections: tuple[str, ...] = SECTIONS
    template: Path | None = None
    partials: Path | None = None
    citation_style: str = ""
    sentences: str = "full"
    figures: str = "report"
    checklists: tuple[str, ...] | None = None
    deviations: tuple[str, ...] = ()
    registered_plan: Path | None = None
    differences: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study file, read and checked: every word in it is known and every file is there.

    Attributes
    ----------
    id, title, registration, description : str
        Who the study is.
    is_simulated : bool
        Whether the data are simulated; every page then says so.
    rejected_rows : str
        ``"stop"``: complaints of severity error stop the run; ``"exclude"``: rejected rows are
        left out and counted.
    visits : tuple of str
        The visits in order.
    baseline, endpoint : str
        The two visits that a change is formed from; empty in a study that is checked only.
    windows : mapping of str to (float, float)
        Visit → first and last day allowed, counted from the day of the baseline visit.
    tables, markers, analyses : tuple
        The plans, in the order of the file.
    response : ResponsePlan
        How response is defined.
    crossover : CrossoverPlan or None
        How the crossover is made; None where the study is none. A crossover has no response: from
        its first baseline to its last visit it is several treatments.
    report : ReportPlan
        The report.
    seed : int
        Seed of everything drawn.
    path : Path
        The study file.
    check_log : Path or None
        Where `ketbio check` adds a line for every check.
    """

    id: str
    title: str
    registration: str = ""
    description: str = ""
    is_simulated: bool = False
    rejected_rows: str = "stop"
    visits: tuple[str, ...]
    baseline: str
    endpoint: str
    windows: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    tables: tuple[TablePlan, ...]
    markers: tuple[MarkerPlan, ...] = ()
    analyses: tuple[AnalysisPlan, ...] = ()
    response: ResponsePlan = field(default_factory=ResponsePlan)
    crossover: CrossoverPlan | None = None
    report: ReportPlan
    seed: int
    path: Path
    check_log: Path | None = None

    def _repr_html_(self) -> str:
        return study_view(self)
