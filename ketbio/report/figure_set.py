"""`write_figures`: every figure of a study as files for print, with its data and an index."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from ketbio.errors import FigureError, FileError, ReportError, unknown_word
from ketbio.figures import draw, figure_caption
from ketbio.figures.record import FigureRecord, figure_record
from ketbio.figures.rendering import RENDERERS, about_figure, render_figure
from ketbio.figures.saving import (
    SavedFigure,
    data_files,
    described,
    refuse_existing,
    write_contents,
)
from ketbio.figures.style import Style, find_style
from ketbio.report.figure_names import unique_names
from ketbio.report.figure_plan import PlannedFigure, plan_figures
from ketbio.report.row_numbers import number_rows
from ketbio.result import Result, Results
from ketbio.safe_cells import csv_text
from ketbio.study import Study, StudyRun, analyse_study

FORMATS = tuple(suffix.removeprefix(".") for suffix in RENDERERS)
"""File types that figures can be written as."""
INDEX = "figures.csv"
INDEX_COLUMNS = (
    "file", "kind", "caption", "alternative_text", "rows", "width_mm", "height_mm", "font", "data",
    "remarks",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """A figure that was drawn, as the content of its files; or why it was not."""

    planned: PlannedFigure
    contents: Mapping[Path, bytes]
    saved: tuple[SavedFigure, ...] = ()
    record: FigureRecord | None = None
    problem: str = ""


def write_figures(
    study_or_results: Study | StudyRun | Result | Results,
    folder: str | os.PathLike[str],
    *,
    style: str | Style | None = None,
    formats: Sequence[str] = ("png",),
    only: Collection[str] = (),
    overwrite: bool = False,
) -> pd.DataFrame:
    """Write every figure of a study or of results to a folder, with its data and an index.

    Each figure is named by what it shows. All files are written together, or none.

    Parameters
    ----------
    study_or_results : Study, StudyRun, Result or Results
        A `Study` is run first.
    folder : path-like
        Where to; it is made where it is not there.
    style : str or Style, optional
        A preset of `describe_styles` (``"nature_single"``), or sizes of one's own; ``"report"``
        when None.
    formats : sequence of str
        ``"png"``, ``"svg"``, ``"pdf"``, ``"tif"``, ``"tiff"``.
    only : collection of str
        Analyses whose figures are wanted (``"compare_responders"``; ``"flow"`` is the flow of
        participants); all when empty.
    overwrite : bool
        Whether files that are there may be replaced.

    Returns
    -------
    DataFrame
        One row per file, as ``figures.csv`` in the folder has it: ``file, kind, caption,
        alternative_text, rows`` (of `tidy` of the results), ``width_mm, height_mm, font, data``
        (the CSV beside it) and ``remarks``. A figure that cannot be drawn has a row without a file,
        whose remark says why.

    Raises
    ------
    ReportError
        Something else was given, or an unknown format or analysis.
    FigureError
        No such style.
    FileError
        A file is there already, or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P2"], "change": [-19.0, -11.0],
    ...                      "baseline_value": [38.0, 31.0], "endpoint_value": [19.0, 20.0]})
    >>> one = Result(analysis="compare_visits", marker="MADRS", outcome="total", n={"pairs": 2},
    ...              groups=("day_14", "baseline"), estimate=-15.0, estimate_name="mean change",
    ...              unit="points", data=rows)
    >>> with TemporaryDirectory() as folder:
    ...     index = write_figures(one, folder, formats=["svg"])
    ...     sorted(path.name for path in Path(folder).iterdir())
    ['compare-visits-madrs-total.csv', 'compare-visits-madrs-total.svg', 'figures.csv']
    """
    sizes = find_style(style)
    suffixes = _suffixes(formats)
    run = _run_of(study_or_results)
    results = run.results if isinstance(run, StudyRun) else run
    wanted = _wanted(list(plan_figures(run)), only)
    names = unique_names([one.name for one in wanted], taken=[Path(INDEX).stem])
    target = Path(folder)
    study, note = "", ""
    if isinstance(run, StudyRun):
        study, note = run.study.id, "Simulated data" if run.study.is_simulated else ""
    drawn = [
        _draw(one, target / name, suffixes, style=sizes, note=note, study=study)
        for one, name in zip(wanted, names, strict=True)
    ]
    index = _index(drawn, number_rows(results))
    contents = {path: content for one in drawn for path, content in one.contents.items()}
    contents[target / INDEX] = csv_text(index).encode("utf-8")
    _refuse_own_files(run, contents)
    refuse_existing(contents, overwrite=overwrite)
    _make(target)
    write_contents(contents)
    return index


def _suffixes(formats: Sequence[str]) -> tuple[str, ...]:
    given = (formats,) if isinstance(formats, str) else tuple(formats)
    for word in given:
        if word not in FORMATS:
            raise ReportError(unknown_word("the figures' format", word, FORMATS))
    if not given:
        raise ReportError(f"No format is given for the figures; allowed: {', '.join(FORMATS)}.")
    return tuple(f".{word}" for word in dict.fromkeys(given))


def _run_of(given: object) -> StudyRun | Results:
    if isinstance(given, Study):
        return analyse_study(given)
    if isinstance(given, Result):
        return Results([given])
    if isinstance(given, StudyRun | Results):
        return given
    if isinstance(given, list | tuple) and all(isinstance(one, Result) for one in given):
        return Results(given)
    raise ReportError(
        f"write_figures() was given a {type(given).__name__}; it takes a Study, a StudyRun, a "
        "Result or Results."
    )


def _wanted(planned: list[PlannedFigure], only: Collection[str]) -> list[PlannedFigure]:
    words = (only,) if isinstance(only, str) else tuple(only)
    there = list(dict.fromkeys(one.analysis for one in planned))
    for word in words:
        if word not in there:
            raise ReportError(unknown_word("the analysis whose figures are wanted", word, there))
    return [one for one in planned if not words or one.analysis in words]


def _draw(
    planned: PlannedFigure,
    stem: Path,
    suffixes: Sequence[str],
    *,
    style: Style,
    note: str,
    study: str,
) -> _Drawn:
    try:
        figure = planned.function(planned.given, style=style, note=note)
    except FigureError as error:
        return _Drawn(planned=planned, contents={}, problem=str(error))
    record = figure_record(figure)
    about = about_figure(record, study=study)
    first = stem.with_name(f"{stem.name}{suffixes[0]}")
    tables = data_files(first, record)
    render = partial(render_figure, figure, about=about, dpi=style.dpi, style=style)
    paths = {suffix: stem.with_name(f"{stem.name}{suffix}") for suffix in suffixes}
    return _Drawn(
        planned=planned,
        contents={**{path: render(suffix) for suffix, path in paths.items()}, **tables},
        saved=tuple(
            described(figure, path, data=tuple(tables), style=style, dpi=style.dpi)
            for path in paths.values()
        ),
        record=record,
    )


def _index(drawn: Sequence[_Drawn], rows: Mapping[Result, int]) -> pd.DataFrame:
    lines: list[dict[str, object]] = []
    for one in drawn:
        numbers = "; ".join(str(rows[result]) for result in one.planned.results)
        if one.record is None:
            lines.append({"kind": one.planned.analysis, "rows": numbers, "remarks": one.problem})
            continue
        said = {
            "kind": one.record.kind,
            "caption": _caption(one),
            "alternative_text": one.record.alternative,
            "rows": numbers,
        }
        lines += [
            said
            | {
                "file": saved.path.name,
                "width_mm": saved.width_mm,
                "height_mm": saved.height_mm,
                "data": "; ".join(path.name for path in saved.data),
                "font": saved.font,
                "remarks": " ".join(saved.remarks),
            }
            for saved in one.saved
        ]
    index = pd.DataFrame(lines, columns=list(INDEX_COLUMNS))
    sizes = ["width_mm", "height_mm"]
    words = {name: "" for name in INDEX_COLUMNS if name not in sizes}
    return index.fillna(words).astype(dict.fromkeys(sizes, "float64"))


def _caption(one: _Drawn) -> str:
    """Return a caption that stands alone, as the journal prints it below the figure."""
    planned, record = one.planned, one.record
    if record is None:
        return ""
    if planned.function is draw and len(planned.results) == 1:
        return figure_caption(planned.results[0])
    return record.full_caption


def _refuse_own_files(run: StudyRun | Results, contents: Collection[Path]) -> None:
    """Refuse to write over the study's own files, whatever may be overwritten."""
    if isinstance(run, Results):
        return
    own = {run.study.path.resolve(), *(table.file.resolve() for table in run.study.tables)}
    for path in contents:
        if path.resolve() in own:
            raise FileError(f"{path} is a file of the study and is never overwritten.")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"The folder {folder} cannot be made: {reason}.") from error
