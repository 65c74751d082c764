"""Everything a report tells, gathered from a study's run or from results alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from types import MappingProxyType

from ketbio.report.aims import FindingGroup, group_findings
from ketbio.report.appendix import results_table
from ketbio.report.baseline_table import baseline_table, table_notes
from ketbio.report.bibliography import unknown_keys
from ketbio.report.checklists import describe_checklists
from ketbio.report.data_checks import DataChecks, describe_checks
from ketbio.report.deviations import Deviations, describe_deviations
from ketbio.report.figure_files import FigureFile
from ketbio.report.findings import Finding, describe_findings
from ketbio.report.flow import flow_table
from ketbio.report.laboratory import LaboratoryGroup, describe_laboratory
from ketbio.report.laboratory_groups import is_of_laboratory
from ketbio.report.limitations import Limitation, describe_limitations
from ketbio.report.markdown import Markdown
from ketbio.report.methods import describe_methods, describe_techniques
from ketbio.report.more_figures import MoreFigures
from ketbio.report.plain_summary import describe_plainly
from ketbio.report.provenance import (
    inputs_table,
    report_date,
    seed_words,
    session_words,
    software_table,
)
from ketbio.report.remarks import remarks_table
from ketbio.report.row_numbers import number_rows
from ketbio.report.title_page import TitlePage, describe_title_page, report_title
from ketbio.result import Result, Results
from ketbio.study import ReportPlan, StudyRun
from ketbio.study.plan import SECTIONS

SIMULATED = "Simulated data: no participant in this report is real."
"""What every page says where the data are simulated."""

NO_CHECKS = (
    "This report was written from results alone: the checks of the incoming data and the flow of "
    "participants were not part of it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the templates put in their places.

    Attributes
    ----------
    sections : tuple of str
        The sections in their order.
    title, date, version : str
        The title block; ``date`` as 2026-01-31, ``version`` of ketbio.
    authors : tuple of str
    title_page : TitlePage
        What stands beside them.
    banner : str
        What stands on every page; empty where nothing must.
    citation_style : str
        Of citations and references; empty for pandoc's own.
    plain_summary : tuple of Markdown
        What was and was not found, in plain language.
    deviations : Deviations
        Departures from the plan.
    checks : DataChecks or None
        None where only results were given.
    flow, remarks, participants : Markdown
        Tables; empty where there is nothing to show.
    flow_figure : FigureFile
        The flow as a diagram; without a name where there is none.
    participant_notes : tuple of Markdown
        What stands below Table 1.
    findings : tuple of Finding
        All of them, in the order of the plan.
    primary, secondary, exploratory, sensitivity, analyses : FindingGroup
        The same by aim; those without an aim in ``analyses``.
    laboratory : tuple of LaboratoryGroup
        Plates, controls, gels and replicates; empty where the markers came ready.
    limitations : tuple of Limitation
    methods, techniques : tuple of Markdown
    checklists : tuple of Markdown
        Reporting checklists, filled in; empty where there are none.
    results : Markdown
        The appendix: every row of ``tidy(results)``.
    inputs, software : Markdown
        Tables; empty where there is nothing to show.
    seed, session : str
    unknown_references : tuple of str
        Citation keys without an entry.
    figure_names : tuple of str
        The files of all figures.
    """

    sections: tuple[str, ...]
    title: str
    date: str
    version: str
    authors: tuple[str, ...]
    title_page: TitlePage
    banner: str
    citation_style: str
    plain_summary: tuple[Markdown, ...]
    deviations: Deviations
    checks: DataChecks | None
    flow: Markdown
    flow_figure: FigureFile
    remarks: Markdown
    participants: Markdown
    participant_notes: tuple[Markdown, ...]
    findings: tuple[Finding, ...]
    primary: FindingGroup
    secondary: FindingGroup
    exploratory: FindingGroup
    sensitivity: FindingGroup
    analyses: FindingGroup
    laboratory: tuple[LaboratoryGroup, ...]
    limitations: tuple[Limitation, ...]
    methods: tuple[Markdown, ...]
    techniques: tuple[Markdown, ...]
    checklists: tuple[Markdown, ...] = ()
    results: Markdown
    inputs: Markdown
    software: Markdown
    seed: str
    session: str
    unknown_references: tuple[str, ...]
    figure_names: tuple[str, ...]


def gather_contents(
    subject: StudyRun | Results,
    figures: Mapping[Result, FigureFile],
    plate_maps: Mapping[Result, FigureFile] = MappingProxyType({}),
    more: MoreFigures | None = None,
) -> Contents:
    """Return everything the report of a study's run, or of results alone, tells.

    Parameters
    ----------
    subject : StudyRun or Results
    figures : mapping of Result to FigureFile
        From `draw_figures` and `draw_laboratory`, for the same results.
    plate_maps : mapping of Result to FigureFile
        From `draw_plate_maps`, for the same results.
    more : MoreFigures, optional
        From `draw_more_figures`, for the same results.

    Returns
    -------
    Contents

    Examples
    --------
    >>> gather_contents(Results(), {}).title
    'No results'
    """
    run = None if isinstance(subject, Results) else subject
    results = subject if isinstance(subject, Results) else subject.results
    study = run.study if run is not None else None
    plan = study.report if study is not None else ReportPlan(title="")
    more = more or MoreFigures()
    rows = number_rows(results)
    asked = [one for one in results if not is_of_laboratory(one)]
    findings = describe_findings(asked, rows, figures, more.beside, sentences=plan.sentences)
    groups = group_findings(asked, findings, rows, more.families)
    drawn = [*figures.values(), *plate_maps.values(), *more.files()]
    contents = Contents(
        sections=plan.sections if study is not None else SECTIONS,
        title=report_title(run, results),
        date=report_date(),
        version=version("ketbio"),
        authors=plan.authors,
        title_page=describe_title_page(run),
        banner=SIMULATED if study is not None and study.is_simulated else "",
        citation_style=plan.citation_style,
        plain_summary=describe_plainly(subject),
        deviations=describe_deviations(run, results, rows),
        checks=describe_checks(run.checks) if run is not None else None,
        flow=flow_table(run.flow) if run is not None else Markdown(),
        flow_figure=more.flow,
        remarks=remarks_table(run) if run is not None else Markdown(),
        participants=baseline_table(results, rows),
        participant_notes=table_notes(results, rows),
        findings=findings,
        primary=groups["primary"],
        secondary=groups["secondary"],
        exploratory=groups["exploratory"],
        sensitivity=groups["sensitivity"],
        analyses=groups["analyses"],
        laboratory=describe_laboratory(results, rows, figures, plate_maps),
        limitations=describe_limitations(asked, rows),
        methods=describe_methods(results, study),
        techniques=describe_techniques(results, rows),
        results=results_table(rows),
        inputs=inputs_table(run.inputs) if run is not None else Markdown(),
        software=software_table(run.software if run is not None else None),
        seed=seed_words(run, rows),
        session=session_words(),
        unknown_references=unknown_keys(key for one in rows for key in one.references),
        figure_names=tuple(one.name for one in drawn if one.name),
    )
    checklists = describe_checklists(contents, results, names=plan.checklists)
    return replace(contents, checklists=checklists)
