"""`write_report`: a study, its run, or results → one document on disk."""

from pathlib import Path
from tempfile import TemporaryDirectory

from ketbio.errors import ReportError, unknown_word
from ketbio.report.contents import gather_contents
from ketbio.report.convert import FORMATS, Converter
from ketbio.report.figure_files import draw_figures
from ketbio.report.laboratory import draw_plate_maps
from ketbio.report.render import render_markdown
from ketbio.result import Result, Results
from ketbio.study import Study, StudyRun, analyse_study
from ketbio.whole_files import write_whole


def write_report(
    study_or_results: Study | StudyRun | Result | Results,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - the word users know
    overwrite: bool = False,
) -> Path:
    """Write one document that tells a study or results: HTML, Word or PDF.

    Parameters
    ----------
    study_or_results : Study, StudyRun, Result or Results
        A `Study` is run first. From results alone the report has their analyses and says that the
        data checks were not part of it.
    path : str or Path
        The file to write. It is written whole or not at all.
    format : str, optional
        ``"html"``, ``"docx"`` or ``"pdf"``; by the end of the file's name where not given.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ReportError
        An unknown format, a file that is there already, a folder that cannot be written to.
    ValidationError, StudyError
        As `analyse_study`, where a `Study` was given.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> age = Result(analysis="summarise_participants", marker="age_years", outcome="",
    ...              groups=("all",), n={"all": 10}, role="description", estimate=15.2,
    ...              estimate_name="mean", unit="years", spread=1.4)
    >>> with TemporaryDirectory() as folder:
    ...     write_report(age, Path(folder) / "age.html").name
    'age.html'
    """
    target = Path(path)
    converter = FORMATS[_format_of(target, format)]
    _refuse_bad_target(target, overwrite=overwrite)
    document = _document(_subject(study_or_results), converter)
    _put(document, target, overwrite=overwrite)
    return target


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


def _refuse_bad_target(target: Path, *, overwrite: bool) -> None:
    if target.is_dir():
        raise ReportError(f"{target} is a folder; give the name of the file to write in it.")
    if target.exists() and not overwrite:
        raise ReportError(
            f"{target} is there already and was not touched; give another name, or overwrite=True "
            "(--force on the command line)."
        )
    if not target.parent.is_dir():
        raise ReportError(f"The folder {target.parent} is not there; make it first.")


def _subject(given: object) -> StudyRun | Results:
    if isinstance(given, Study):
        return analyse_study(given)
    if isinstance(given, Result):
        return Results([given])
    if isinstance(given, StudyRun | Results):
        return given
    if isinstance(given, list | tuple) and all(isinstance(one, Result) for one in given):
        return Results(given)
    raise ReportError(
        f"write_report() was given a {type(given).__name__}; it takes a Study, a StudyRun, a "
        "Result or Results."
    )


def _document(subject: StudyRun | Results, converter: Converter) -> bytes:
    results = subject if isinstance(subject, Results) else subject.results
    with TemporaryDirectory(prefix="ketbio-report-") as name:
        folder = Path(name)
        figures = draw_figures(
            results, folder=folder, suffix=converter.figure_suffix, note=_note(subject)
        )
        plate_maps = draw_plate_maps(
            results, folder=folder, suffix=converter.figure_suffix, note=_note(subject)
        )
        contents = gather_contents(subject, figures, plate_maps)
        return converter.write(render_markdown(contents), contents, folder)


def _note(subject: StudyRun | Results) -> str:
    simulated = isinstance(subject, StudyRun) and subject.study.is_simulated
    return "Simulated data" if simulated else ""


def _put(document: bytes, target: Path, *, overwrite: bool) -> None:
    """Write the document, so that no half report is ever seen."""

    def write(part: Path) -> None:
        part.write_bytes(document)
        _refuse_bad_target(target, overwrite=overwrite)  # it may have come meanwhile

    try:
        write_whole({target: write})
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportError(
            f"The report cannot be written to {target}: {reason}. Choose a folder that you may "
            "write to."
        ) from error
