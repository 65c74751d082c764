"""The figures of a report: drawn once each, written as files that pandoc takes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ketbio.errors import FigureError
from ketbio.figures import alternative_text, draw
from ketbio.figures.labels import quantity_label
from ketbio.report.baseline_table import ANALYSIS as TABLE_1
from ketbio.report.page_images import write_page_image
from ketbio.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFile:
    """A figure on disk and what is said of it.

    Attributes
    ----------
    name : str
        File name, without a folder; empty where nothing could be drawn.
    caption : str
        What is shown; n, test, interval and exclusions are printed on the figure itself.
    alternative : str
        What a reader who cannot see the figure is told.
    problem : str
        Why there is no figure; empty where there is one.
    """

    name: str = ""
    caption: str = ""
    alternative: str = ""
    problem: str = ""


def draw_figures(
    results: Sequence[Result],
    *,
    folder: Path,
    suffix: str,
    style: str = "report",
    note: str = "",
) -> dict[Result, FigureFile]:
    """Draw every result that is a question of its own, in a folder.

    Parameters
    ----------
    results : sequence of Result
        The lines of Table 1 are left aside: they are a table.
    folder : Path
        Where the files go.
    suffix : str
        File type, with its dot.
    style : str
        A preset of the figures.
    note : str
        Printed on every figure, for instance that the data are simulated.

    Returns
    -------
    dict of Result to FigureFile
        A result that cannot be drawn has a `FigureFile` that says why.

    Examples
    --------
    >>> draw_figures([], folder=Path("."), suffix=".png")
    {}
    """
    drawn = [result for result in results if result.analysis != TABLE_1]
    return {
        result: _draw_one(result, folder / f"figure-{number}{suffix}", style, note)
        for number, result in enumerate(drawn, start=1)
    }


def _draw_one(result: Result, path: Path, style: str, note: str) -> FigureFile:
    try:
        figure = draw(result, style=style, note=note)
    except FigureError as error:
        return FigureFile(problem=str(error))
    write_page_image(figure, path)
    return FigureFile(
        name=path.name, caption=f"{quantity_label(result)}.", alternative=alternative_text(result)
    )
