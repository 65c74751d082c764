"""`write_report`: a study, its run, or results → one document on disk, its numbers beside it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from ketbio.errors import FigureError, ReportError, unknown_word
from ketbio.figures.presets import find_style
from ketbio.report.contents import gather_contents
from ketbio.report.convert import FORMATS, Converter
from ketbio.report.figure_files import draw_figures
from ketbio.report.laboratory_figures import draw_laboratory, draw_plate_maps
from ketbio.report.laboratory_groups import is_of_laboratory
from ketbio.report.more_figures import draw_more_figures
from ketbio.report.render import render_markdown, require_templates
from ketbio.report.result_files import results_csv, results_json
from ketbio.report.tables.subject import Given, subject_of
from ketbio.report.tables.write import put_files, refuse_bad_target
from ketbio.report.template_files import TemplateText, read_templates
from ketbio.result import Results
from ketbio.study import ReportPlan, Study, StudyRun


def write_report(
    study_or_results: Given,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - the word users know
    overwrite: bool = False,
    results: bool = True,
) -> Path:
    """Write one document that tells a study or results: HTML, Word or PDF.

    The numbers are written beside it for machines: ``report.html`` comes with ``results.json`` and
    ``results.csv``, ``study-report.html`` with ``study-results.json``, ``x.html`` with
    ``x-results.json``.

    Parameters
    ----------
    study_or_results : Study, StudyRun, Result or Results
        A `Study` is run first. From results alone the report has their analyses and says that the
        data checks were not part of it.
    path : str or Path
        The file to write. It is written whole or not at all, and so are those beside it.
    format : str, optional
        ``"html"``, ``"docx"`` or ``"pdf"``; by the end of the file's name where not given.
    overwrite : bool
        Whether files that are there may be replaced. A file of results that holds the very same
        results (of a report in another format) may stay.
    results : bool
        Whether to write the files of results.

    Returns
    -------
    Path
        The document written.

    Raises
    ------
    ReportError
        An unknown format, a file that is there already, a folder that cannot be written to; a
        template, a partial or a style of figures of the study file that cannot be used.
    ValidationError, StudyError
        As `analyse_study`, where a `Study` was given.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from ketbio.result import Result
    >>> age = Result(analysis="summarise_participants", marker="age_years", outcome="",
    ...              groups=("all",), n={"all": 10}, role="description", estimate=15.2,
    ...              estimate_name="mean", unit="years", spread=1.4)
    >>> with TemporaryDirectory() as folder:
    ...     write_report(age, Path(folder) / "age.html").name
    'age.html'
    """
    target = Path(path)
    converter = FORMATS[_format_of(target, format)]
    refuse_bad_target(target, overwrite=overwrite)
    texts = _templates_of(study_or_results)
    known = subject_of(study_or_results, caller="write_report")
    subject = known.run or known.results
    contents = {target: _document(subject, converter, texts)}
    if results:
        contents |= {path: made(subject) for path, made in result_paths(target).items()}
    files = _new(contents, target)
    for file in files:
        refuse_bad_target(file, overwrite=overwrite)
    put_files(files, overwrite=overwrite)
    return target


RESULT_FILES: dict[str, Callable[[StudyRun | Results], bytes]] = {
    ".json": results_json,
    ".csv": results_csv,
}
"""File types of the results → what writes them."""


def result_paths(target: Path) -> dict[Path, Callable[[StudyRun | Results], bytes]]:
    """Return the files of results that come with a document, and what writes each.

    Parameters
    ----------
    target : Path
        The document.

    Returns
    -------
    dict of Path to callable

    Examples
    --------
    >>> [path.name for path in result_paths(Path("study-report.html"))]
    ['study-results.json', 'study-results.csv']
    >>> [path.name for path in result_paths(Path("draft.pdf"))]
    ['draft-results.json', 'draft-results.csv']
    """
    word = "report"
    stem = target.stem if target.suffix else target.name
    begun = stem.removesuffix(word) if stem.endswith(word) else f"{stem}-"
    return {
        target.with_name(f"{begun}results{suffix}"): write for suffix, write in RESULT_FILES.items()
    }


def check_report(study: Study) -> None:
    """Refuse what a study file asks of its report and cannot have, before anything is run.

    Parameters
    ----------
    study : Study
        As `read_study` returns it.

    Raises
    ------
    ReportError
        A template, a partial or a style of figures that cannot be used.

    Examples
    --------
    >>> from importlib.resources import files
    >>> from ketbio.study import read_study
    >>> check_report(read_study(str(files("ketbio.demo") / "study.toml")))
    """
    _templates_of(study)


def _templates_of(given: object) -> dict[str, TemplateText]:
    """Return the templates; refuse what cannot be filled, and a style that there is not."""
    texts = read_templates(_plan_of(given))
    require_templates(texts)
    _refuse_style(given)
    return texts


def _plan_of(given: object) -> ReportPlan | None:
    study = given.study if isinstance(given, StudyRun) else given
    return study.report if isinstance(study, Study) else None


def _refuse_style(given: object) -> None:
    """Refuse figures in a style that there is not, before anything is run."""
    study = given.study if isinstance(given, StudyRun) else given
    if not isinstance(study, Study):
        return
    try:
        find_style(study.report.figures)
    except FigureError as error:
        line = study.report.lines.get("figures")
        where = f"{study.path.name}, line {line}: " if line else ""
        raise ReportError(f"{where}figures in [report]: {error}") from None


def _format_of(target: Path, given: str | None) -> str:
    ending = target.suffix.removeprefix(".").lower()
    word = given if given is not None else ending
    if word in FORMATS and ending not in ("", word):
        raise ReportError(
            f"The report's file name {target.name!r} does not fit its format {word!r}; end it in "
            f".{word}."
        )
    if word in FORMATS:
        return word
    if given is None and not word:
        raise ReportError(
            f"The report's file name {target.name!r} has no ending that tells its format; end it "
            f"in {', '.join('.' + name for name in FORMATS)} or give format."
        )
    raise ReportError(unknown_word("the report's format", word, FORMATS))


def _document(
    subject: StudyRun | Results, converter: Converter, texts: Mapping[str, TemplateText]
) -> bytes:
    run = None if isinstance(subject, Results) else subject
    results = subject if isinstance(subject, Results) else subject.results
    with TemporaryDirectory(prefix="ketbio-report-") as name:
        folder = Path(name)
        suffix, note = converter.figure_suffix, _note(subject)
        style = run.study.report.figures if run is not None else "report"
        asked = [one for one in results if not is_of_laboratory(one)]
        figures = draw_figures(asked, folder=folder, suffix=suffix, style=style, note=note)
        figures |= draw_laboratory(results, folder=folder, suffix=suffix, style=style, note=note)
        plate_maps = draw_plate_maps(results, folder=folder, suffix=suffix, note=note)
        more = draw_more_figures(
            asked,
            run.flow if run is not None else pd.DataFrame(),
            folder=folder,
            suffix=suffix,
            style=style,
            note=note,
        )
        contents = gather_contents(subject, figures, plate_maps, more)
        return converter.write(render_markdown(contents, texts), contents, folder)


def _note(subject: StudyRun | Results) -> str:
    simulated = isinstance(subject, StudyRun) and subject.study.is_simulated
    return "Simulated data" if simulated else ""


def _new(contents: Mapping[Path, bytes], target: Path) -> dict[Path, bytes]:
    """Return the document and those files of results that do not hold the very same already."""
    return {
        path: content
        for path, content in contents.items()
        if path == target or not (path.is_file() and path.read_bytes() == content)
    }
