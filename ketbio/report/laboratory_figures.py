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
            for some in _drawable(shown, style=style, note=note):
                path = folder / f"laboratory-{len(found) + 1}{suffix}"
                found[some[0]] = _drawn(some, path, style=style, note=note)
    return found


def _drawable(
    page: tuple[Result, ...], *, style: str, note: str
) -> Sequence[tuple[Result, ...]]:
    """Return the results of each figure: all together, else each by itself."""
    if not page:
        return ()
    try:
        _figure(page, style=style, note=note)
    except FigureError:
        return [(one,) for one in page]
    return [page]


def _figure(page: tuple[Result, ...], *, style: str, note: str) -> Figure:
    analyses = {one.analysis for one in page}
    if len(page) == 1:
        return draw(page[0], style=style, note=note)
    if len(analyses) == 1 and page[0].analysis in FAMILY_FIGURES:
        return draw(page, style=style, note=note)
    return compose_figure(page, style=style, note=note)
