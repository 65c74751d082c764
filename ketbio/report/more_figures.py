"""The figures of a report beside the one of each result: of families, of the flow, of courses."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from ketbio.errors import FigureError
from ketbio.figures import draw, draw_model_diagnostics, draw_spider, draw_visit_contrasts
from ketbio.figures.choose import FAMILY_FIGURES
from ketbio.figures.flow_diagram import draw_flow
from ketbio.figures.record import figure_record
from ketbio.report.aims import families_of
from ketbio.report.baseline_table import ANALYSIS as TABLE_1
from ketbio.report.figure_files import FigureFile
from ketbio.report.findings import told_results
from ketbio.report.models import MODELS, model_outcome, told_together
from ketbio.report.page_images import write_page_image
from ketbio.result import Result, Results
from ketbio.wording import capitalised, count_of, spaced

BESIDE: dict[str, tuple[Callable[..., Figure], ...]] = {
    "summarise_course": (draw_spider,),
    "fit_mmrm": (draw_visit_contrasts, draw_model_diagnostics),
}
"""Analysis → what is drawn of its result beside the figure that belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreFigures:
    """The further figures of a report.

    Attributes
    ----------
    flow : FigureFile
        The flow of participants; without a name where there is none.
    families : mapping of Result to FigureFile
        The first result of a family of several → their common figure.
    beside : mapping of Result to tuple of FigureFile
        What else there is to see of a result.
    """

    flow: FigureFile = field(default_factory=FigureFile)
    families: Mapping[Result, FigureFile] = field(default_factory=dict)
    beside: Mapping[Result, tuple[FigureFile, ...]] = field(default_factory=dict)

    def files(self) -> Iterator[FigureFile]:
        """Give every one of them."""
        yield self.flow
        yield from self.families.values()
        for several in self.beside.values():
            yield from several


def draw_more_figures(
    results: Sequence[Result],
    flow: pd.DataFrame,
    *,
    folder: Path,
    suffix: str,
    style: str = "report",
    note: str = "",
) -> MoreFigures:
    """Draw the figures of families, of the flow and of courses, in a folder.

    Parameters
    ----------
    results : sequence of Result
        Those that are told one by one; the lines of Table 1 are left aside.
    flow : DataFrame
        ``step, n, excluded, reasons``; empty where only results are told.
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
    MoreFigures
        What cannot be drawn has a `FigureFile` that says why.

    Examples
    --------
    >>> draw_more_figures([], pd.DataFrame(), folder=Path("."), suffix=".png").flow.name
    ''
    """
    told = told_results(results)
    groups = told_together(one for one in results if one.analysis != TABLE_1)
    families = [one for one in families_of(told) if len(one) > 1]
    page = _Page(folder=folder, suffix=suffix, style=style, note=note)
    return MoreFigures(
        flow=page.drawn(draw_flow, flow, name="figure-flow") if len(flow) else FigureFile(),
        families={
            family[0]: page.drawn(
                draw,
                Results(family),
                name=f"figure-family-{number}",
                caption=_family_caption(family),
            )
            for number, family in enumerate(families, start=1)
            if family[0].analysis in FAMILY_FIGURES and family[0].analysis not in MODELS
        },
        beside={
            group[0]: tuple(
                page.drawn(
                    function,
                    figure_of(group),
                    name=f"figure-beside-{number}-{place}",
                    subject=f"{group[0].label}, {model_outcome(group)}" if len(group) > 1 else "",
                )
                for place, function in enumerate(BESIDE[group[0].analysis], start=1)
            )
            for number, group in enumerate(groups, start=1)
            if group[0].analysis in BESIDE
        },
    )


def figure_of(group: Sequence[Result]) -> Result | Results:
    """Return what a figure of results that are told together takes: the one, or all.

    Examples
    --------
    >>> one = Result(analysis="a", marker="m", outcome="", groups=(), n={})
    >>> figure_of([one]) is one
    True
    """
    return Results(group) if len(group) > 1 else group[0]


def _family_caption(family: Sequence[Result]) -> str:
    said = family[0].title or capitalised(spaced(family[0].analysis))
    return f"{said}: {count_of(len(family), 'result')} side by side."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """How the figures of one report are drawn, and where they go."""

    folder: Path
    suffix: str
    style: str
    note: str

    def drawn(
        self,
        function: Callable[..., Figure],
        given: object,
        *,
        name: str,
        caption: str = "",
        subject: str = "",
    ) -> FigureFile:
        try:
            figure = function(given, style=self.style, note=self.note)
        except FigureError as error:
            return FigureFile(problem=str(error))
        record = figure_record(figure)
        path = self.folder / f"{name}{self.suffix}"
        write_page_image(figure, path)
        if subject:
            caption = f"{record.kind}: {subject}."
        return FigureFile(
            name=path.name,
            caption=caption or f"{record.headline.rstrip('.')}.",
            alternative=record.alternative,
        )
