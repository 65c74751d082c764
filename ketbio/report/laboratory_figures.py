"""The figures of a report's part on the laboratory: several gels, plates or controls on each."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from ketbio.errors import FigureError
from ketbio.figures import FAMILY_FIGURES, FIGURES, compose_figure, draw, draw_plate_map
from ketbio.figures.record import figure_record
from ketbio.report.figure_files import FigureFile
from ketbio.report.laboratory_groups import figure_words, laboratory_groups
from ketbio.report.page_images import write_page_image
from ketbio.result import Result
from ketbio.wording import capitalised

WITH_PLATE_MAP = "fit_standard_curve"


def draw_laboratory(
    results: Sequence[Result], *, folder: Path, suffix: str, style: str = "report", note: str = ""
) -> dict[Result, FigureFile]:
    """Draw the results about the bench, those that stand together on one figure, in a folder.

    Parameters
    ----------
    results : sequence of Result
        Those about participants are left aside.
    folder, suffix, style, note
        As for `draw_figures`.

    Returns
    -------
    dict of Result to FigureFile
        The first result of a figure → its file. Where several cannot be drawn together, each has
        a figure of its own, or the reason why there is none.

    Examples
    --------
    >>> draw_laboratory([], folder=Path("."), suffix=".png")
    {}
    """
    found: dict[Result, FigureFile] = {}
    for group in laboratory_groups(results):
        for page in group.pages():
            shown = tuple(one for one in page if one.analysis in FIGURES)
            for first, drawn in _attempt(shown, style=style, note=note):
                path = folder / f"laboratory-{len(found) + 1}{suffix}"
                found[first] = drawn if isinstance(drawn, FigureFile) else _written(drawn, path)
    return found


def _attempt(
    page: tuple[Result, ...], *, style: str, note: str
) -> list[tuple[Result, Figure | FigureFile]]:
    """Return the figure of all results, else one of each; with the first result that it shows."""
    if not page:
        return []
    try:
        return [(page[0], _figure(page, style=style, note=note))]
    except FigureError as error:
        if len(page) == 1:
            return [(page[0], FigureFile(problem=str(error)))]
    return [one for result in page for one in _attempt((result,), style=style, note=note)]


def _figure(page: tuple[Result, ...], *, style: str, note: str) -> Figure:
    analyses = {one.analysis for one in page}
    if len(page) == 1:
        return draw(page[0], style=style, note=note)
    if len(analyses) == 1 and page[0].analysis in FAMILY_FIGURES:
        return draw(page, style=style, note=note)
    return compose_figure(page, style=style, note=note)


def _written(figure: Figure, path: Path) -> FigureFile:
    record = figure_record(figure)
    write_page_image(figure, path)
    return FigureFile(
        name=path.name,
        caption=f"{figure_words(record.results)}.",
        alternative=record.alternative,
    )


def draw_plate_maps(
    results: Sequence[Result], *, folder: Path, suffix: str, note: str = ""
) -> dict[Result, FigureFile]:
    """Draw the wells of every plate, in a folder.

    Parameters
    ----------
    results : sequence of Result
    folder, suffix, note
        As for `draw_figures`.

    Returns
    -------
    dict of Result to FigureFile

    Examples
    --------
    >>> draw_plate_maps([], folder=Path("."), suffix=".png")
    {}
    """
    plates = [one for one in results if one.analysis == WITH_PLATE_MAP]
    return {
        one: _plate_map(one, folder / f"plate-{number}{suffix}", note)
        for number, one in enumerate(plates, start=1)
    }


def _plate_map(result: Result, path: Path, note: str) -> FigureFile:
    try:
        figure = draw_plate_map(result, note=note)
    except FigureError as error:
        return FigureFile(problem=str(error))
    write_page_image(figure, path)
    plate = result.outcome.removeprefix("standard curve of ")
    wells = f"{capitalised(result.label)}: the wells of {plate}"
    return FigureFile(
        name=path.name,
        caption=f"{wells}, corrected absorbance.",
        alternative=f"{wells}, each with its corrected absorbance and its role.",
    )
