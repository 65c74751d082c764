"""Everything a report tells, gathered from a study's run or from results alone."""

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from platform import python_version
from types import MappingProxyType

import pandas as pd

from ketbio.report.appendix import results_table
from ketbio.report.baseline_table import baseline_table, table_notes
from ketbio.report.bibliography import unknown_keys
from ketbio.report.data_checks import DataChecks, describe_checks
from ketbio.report.figure_files import FigureFile
from ketbio.report.findings import Finding, describe_findings
from ketbio.report.laboratory import LaboratoryItem, describe_laboratory, is_of_laboratory
from ketbio.report.markdown import Markdown, markdown_table
from ketbio.report.methods import (
    Limitation,
    describe_limitations,
    describe_methods,
    describe_techniques,
)
from ketbio.report.remarks import remarks_table
from ketbio.report.row_numbers import number_rows
from ketbio.result import Result, Results
from ketbio.study import StudyRun
from ketbio.wording import count_of, join_words

SIMULATED = "Simulated data: no participant in this report is real."
"""What every page says where the data are simulated."""

NO_CHECKS = (
    "This report was written from results alone: the checks of the incoming data and the flow of "
    "participants were not part of it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the template puts in its places.

    Attributes
    ----------
    title, date, version : str
        The title block; ``date`` as 2026-01-31, ``version`` of ketbio.
    authors : tuple of str
    about : tuple of str
        Lines on the study: id, registration, description.
    banner : str
        What stands on every page; empty where nothing must.
    checks : DataChecks or None
        None where only results were given.
    flow, remarks, participants : Markdown
        Tables; empty where there is nothing to show.
    participant_notes : tuple of Markdown
        What stands below Table 1.
    findings : tuple of Finding
    laboratory : tuple of LaboratoryItem
        Plates, controls, gels and replicates; empty where the markers came ready.
    methods, techniques : tuple of Markdown
    limitations : tuple of Limitation
    results : Markdown
        The appendix: every row of ``tidy(results)``.
    inputs, software : Markdown
        Tables; empty where there is nothing to show.
    seed : str
    unknown_references : tuple of str
        Citation keys without an entry.
    """

    title: str
    date: str
    version: str
    authors: tuple[str, ...]
    about: tuple[str, ...]
    banner: str
    checks: DataChecks | None
    flow: Markdown
    remarks: Markdown
    participants: Markdown
    participant_notes: tuple[Markdown, ...]
    findings: tuple[Finding, ...]
    laboratory: tuple[LaboratoryItem, ...]
    methods: tuple[Markdown, ...]
    techniques: tuple[Markdown, ...]
    limitations: tuple[Limitation, ...]
    results: Markdown
    inputs: Markdown
    software: Markdown
    seed: str
    unknown_references: tuple[str, ...]


def gather_contents(
    subject: StudyRun | Results,
    figures: Mapping[Result, FigureFile],
    plate_maps: Mapping[Result, FigureFile] = MappingProxyType({}),
) -> Contents:
    """Return everything the report of a study's run, or of results alone, tells.

    Parameters
    ----------
    subject : StudyRun or Results
    figures : mapping of Result to FigureFile
        From `draw_figures`, for the same results.
    plate_maps : mapping of Result to FigureFile
        From `draw_plate_maps`, for the same results.

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
    rows = number_rows(results)
    asked = [one for one in results if not is_of_laboratory(one)]
    findings = describe_findings(asked, rows, figures)
    return Contents(
        title=_title(run, results),
        date=report_date(),
        version=version("ketbio"),
        authors=tuple(study.report.authors) if study is not None else (),
        about=_about(run),
        banner=SIMULATED if study is not None and study.is_simulated else "",
        checks=describe_checks(run.checks) if run is not None else None,
        flow=_flow_table(run.flow) if run is not None else Markdown(),
        remarks=remarks_table(run) if run is not None else Markdown(),
        participants=baseline_table(results, rows),
        participant_notes=table_notes(results, rows),
        findings=findings,
        laboratory=describe_laboratory(
            results, rows, figures, plate_maps, figures_before=len(findings)
        ),
        methods=describe_methods(results, study),
        techniques=describe_techniques(results, rows),
        limitations=describe_limitations(asked, rows),
        results=results_table(rows),
        inputs=_inputs_table(run.inputs) if run is not None else Markdown(),
        software=_software_table(run.software if run is not None else None),
        seed=_seed(run, rows),
        unknown_references=unknown_keys(key for one in rows for key in one.references),
    )


def report_date() -> str:
    """Return the day of the report: that of ``SOURCE_DATE_EPOCH`` where it is set, else today.

    Returns
    -------
    str
        As 2026-01-31, in UTC.

    Examples
    --------
    >>> len(report_date())
    10
    """
    return time.strftime("%Y-%m-%d", time.gmtime(report_seconds()))


def report_seconds() -> int:
    """Return the report's moment in seconds since 1970, from ``SOURCE_DATE_EPOCH`` where it is set.

    Returns
    -------
    int

    Examples
    --------
    >>> report_seconds() > 0
    True
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(fixed) if fixed.isdecimal() else int(time.time())


def _title(run: StudyRun | None, results: Results) -> str:
    if run is not None:
        return run.study.report.title or run.study.title or run.study.id
    if not results:
        return "No results"
    kinds = join_words(dict.fromkeys(one.analysis.replace("_", " ") for one in results))
    return f"{count_of(len(results), 'result')}: {kinds}"


def _about(run: StudyRun | None) -> tuple[str, ...]:
    if run is None:
        return ()
    study = run.study
    lines = (
        f"Study: {study.title} ({study.id})",
        f"Registration: {study.registration}" if study.registration else "",
        study.description,
    )
    return tuple(line for line in lines if line)


def _flow_table(flow: pd.DataFrame) -> Markdown:
    if flow.empty:
        return Markdown()
    return markdown_table(
        [
            [row["step"], f"{row['n']}", f"{row['excluded']}", row["reasons"]]
            for _, row in flow.iterrows()
        ],
        headings=["Step", "Participants", "Excluded", "Reasons"],
        right=["Participants", "Excluded"],
        caption="Flow of participants",
        identifier="table-flow",
        classes=("stub",),
    )


def _inputs_table(inputs: pd.DataFrame) -> Markdown:
    if inputs.empty:
        return Markdown()
    return markdown_table(
        [[row["file"], f"{row['n_rows']:,}", row["sha256"]] for _, row in inputs.iterrows()],
        headings=["File", "Rows", "SHA-256"],
        right=["Rows"],
        caption="Incoming files",
        identifier="table-inputs",
        classes=("stub", "hashes"),
    )


def _software_table(software: pd.DataFrame | None) -> Markdown:
    known = [("Python", python_version()), ("ketbio", version("ketbio"))]
    rows = (
        known
        if software is None
        else list(zip(software["package"], software["version"], strict=True))
    )
    return markdown_table(
        [[package, number] for package, number in rows],
        headings=["Package", "Version"],
        caption="Software",
        identifier="table-software",
        classes=("stub",),
    )


def _seed(run: StudyRun | None, rows: Mapping[Result, int]) -> str:
    if run is not None:
        return str(run.study.seed)
    seeds = dict.fromkeys(str(one.seed) for one in rows if one.seed is not None)
    return join_words(seeds) or "none: nothing was drawn"
