"""The figures of a report: drawn once each, written as files that pandoc takes in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from ketbio.errors import FigureError
from ketbio.figures import alternative_text, draw
from ketbio.figures.labels import quantity_label
from ketbio.figures.record import figure_record
from ketbio.report.baseline_table import ANALYSIS as TABLE_1
from ketbio.report.models import model_outcome, told_together
from ketbio.report.page_images import write_page_image
from ketbio.result import Result, Results
from ketbio.wording import capitalised, spaced


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
        Of a model the first result stands for all. What cannot be drawn has a `FigureFile` that
        says why.

    Examples
    --------
    >>> draw_figures([], folder=Path("."), suffix=".png")
    {}
    """
    groups = told_together(result for result in results if result.analysis != TABLE_1)
    page = _Page(folder=folder, suffix=suffix, style=style, note=note)
    return {
        group[0]: page.model(group, number) if len(group) > 1 else page.one(group[0], number)
        for number, group in enumerate(groups, start=1)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """How the figures of one report are drawn, and where they go."""

    folder: Path
    suffix: str
    style: str
    note: str

    def one(self, result: Result, number: int) -> FigureFile:
        return self._drawn(
            result, number, f"{quantity_label(result)}.", lambda _: alternative_text(result)
        )

    def model(self, group: Sequence[Result], number: int) -> FigureFile:
        """Draw the contrasts of one model as one figure."""
        caption = f"{capitalised(spaced(group[0].label))}: {model_outcome(group)}."
        return self._drawn(
            Results(group), number, caption, lambda figure: figure_record(figure).alternative
        )

    def _drawn(
        self, given: Result | Results, number: int, caption: str, tell: Callable[[Figure], str]
    ) -> FigureFile:
        try:
            figure = draw(given, style=self.style, note=self.note)
        except FigureError as error:
            return FigureFile(problem=str(error))
        path = self.folder / f"figure-{number}{self.suffix}"
        write_page_image(figure, path)
        return FigureFile(name=path.name, caption=caption, alternative=tell(figure))
