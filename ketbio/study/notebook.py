"""A study, planned or run, as a notebook shows it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ketbio.notebook_parts import bullets, facts, folded, html_table, lead, notebook_view, paragraph
from ketbio.result.views import results_parts
from ketbio.vocabulary import marker_label
from ketbio.wording import count_of, spaced

if TYPE_CHECKING:
    from ketbio.study.plan import Study
    from ketbio.study.run import StudyRun

SIMULATED = "Simulated data: no participant is real."


def study_view(study: "Study") -> str:
    """Return a plan at a glance: who the study is, its visits, tables, markers and analyses."""
    return notebook_view(
        *_title(study),
        facts(
            (
                ("Registration", study.registration),
                ("Visits", ", ".join(map(spaced, study.visits))),
                ("Change", _change(study)),
                ("Response", _response(study)),
                ("Rows with errors", _REJECTED.get(study.rejected_rows, study.rejected_rows)),
                ("Seed", study.seed),
            )
        ),
        _analyses(study),
        folded(
            f"{count_of(len(study.tables), 'table')} and {count_of(len(study.markers), 'marker')}",
            html_table(
                "Tables",
                ("Table", "Schema", "File"),
                ((one.name, one.schema, one.file.name) for one in study.tables),
            ),
            html_table(
                "Markers",
                ("Marker", "Id", "Table"),
                ((one.label, one.name, one.table) for one in study.markers),
            ),
        ),
    )


def run_view(run: "StudyRun") -> str:
    """Return a study that was run: its checks, who was analysed, its results, its files."""
    return notebook_view(
        *_title(run.study),
        *results_parts(run.results),
        folded("How the data were checked", bullets(one.summary() for one in run.checks)),
        folded(
            "Who was analysed",
            html_table(
                "Participants at each step",
                ("Step", "n", "Excluded", "Reasons"),
                run.flow[["step", "n", "excluded", "reasons"]].itertuples(index=False, name=None),
                numbers=("n", "Excluded"),
            ),
        ),
        folded(
            "Files and software",
            html_table(
                "Input files",
                ("Table", "File", "SHA-256", "Rows"),
                run.inputs[["table", "file", "sha256", "n_rows"]].itertuples(
                    index=False, name=None
                ),
                numbers=("Rows",),
            ),
            html_table(
                "Software",
                ("Package", "Version"),
                run.software[["package", "version"]].itertuples(index=False, name=None),
            ),
        ),
    )


def _analyses(study: "Study") -> str:
    labels = {one.name: one.label for one in study.markers}
    columns = ("Analysis", "Title", "Aim", "Options")
    rows = [(one.kind, one.title, one.aim, _options(one.options, labels)) for one in study.analyses]
    kept = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    if not rows:
        return paragraph("No analysis is planned.")
    return html_table(
        count_of(len(rows), "planned analysis", "planned analyses"),
        [columns[place] for place in kept],
        [[row[place] or "–" for place in kept] for row in rows],
    )


_REJECTED = {"stop": "stop the run", "exclude": "are left out and counted"}


def _title(study: "Study") -> list[str]:
    told = [lead(f"{study.title} ({study.id})")]
    if study.is_simulated and "simulated" not in study.description.casefold():
        told.append(paragraph(SIMULATED))
    return [*told, *([paragraph(study.description)] if study.description else [])]


def _change(study: "Study") -> str:
    if not study.baseline or not study.endpoint:
        return ""
    return f"{spaced(study.baseline)} to {spaced(study.endpoint)}"


def _response(study: "Study") -> str:
    plan = study.response
    return (
        f"{plan.scale} lower by {plan.reduction_percent:g}% or more; remission at "
        f"{plan.remission_at_or_below:g} or below"
    )


def _options(options: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    return "; ".join(f"{spaced(name)}: {_option(one, labels)}" for name, one in options.items())


def _option(value: object, labels: Mapping[str, str]) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_option(one, labels) for one in value)
    return labels.get(value) or marker_label(value) if isinstance(value, str) else str(value)
