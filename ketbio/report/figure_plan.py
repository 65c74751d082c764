"""Which figures a study has: the flow, families of results, each result and what stands beside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from matplotlib.figure import Figure

from ketbio.figures import draw, draw_flow, draw_null_distribution, draw_plate_map
from ketbio.figures.choose import FAMILY_FIGURES, FIGURES
from ketbio.report.aims import families_of
from ketbio.report.baseline_table import ANALYSIS as TABLE_1
from ketbio.report.figure_names import file_name
from ketbio.report.findings import told_results
from ketbio.report.laboratory_figures import WITH_PLATE_MAP
from ketbio.report.models import MODELS, model_outcome, told_together
from ketbio.report.more_figures import BESIDE, figure_of
from ketbio.result import Result, Results
from ketbio.study import StudyRun

FLOW = "flow"
"""Stands for the flow of participants where an analysis is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFigure:
    """A figure to draw.

    Attributes
    ----------
    analysis : str
        Of which it is; `FLOW` for the flow of participants.
    name : str
        What its file is called, without suffix; not yet unique.
    function : callable
        What draws it.
    given : object
        What the function takes.
    results : tuple of Result
        The results that it shows; empty for the flow.
    """

    analysis: str
    name: str
    function: Callable[..., Figure]
    given: object
    results: tuple[Result, ...] = ()


def plan_figures(run: StudyRun | Results) -> Iterator[PlannedFigure]:
    """Give what there is to draw: the flow, families of several results, then each result.

    Examples
    --------
    >>> list(plan_figures(Results()))
    []
    """
    results = run.results if isinstance(run, StudyRun) else run
    if isinstance(run, StudyRun) and len(run.flow):
        yield PlannedFigure(analysis=FLOW, name="flow-of-participants", function=draw_flow,
                       given=run.flow)  # fmt: skip
    told = told_results(results)
    for family in families_of(told):
        first = family[0]
        if len(family) > 1 and first.analysis in FAMILY_FIGURES and first.analysis not in MODELS:
            name = file_name(first.analysis, f"{len(family)} results", first.outcome)
            yield PlannedFigure(analysis=first.analysis, name=name, function=draw,
                           given=Results(family), results=family)  # fmt: skip
    for group in told_together(one for one in results if one.analysis != TABLE_1):
        first = group[0]
        what = first.outcome if len(group) == 1 else model_outcome(group)
        for word, function in _functions(first):
            name = file_name(first.analysis, first.marker, what, word)
            yield PlannedFigure(analysis=first.analysis, name=name, function=function,
                           given=figure_of(group), results=group)  # fmt: skip


def _functions(result: Result) -> Iterator[tuple[str, Callable[..., Figure]]]:
    """Give what draws a result, each with the word that tells it from the others."""
    if result.analysis in FIGURES:
        yield "", draw
    for function in BESIDE.get(result.analysis, ()):
        yield function.__name__.removeprefix("draw_"), function
    if result.null_distribution is not None:
        yield "null distribution", draw_null_distribution
    if result.analysis == WITH_PLATE_MAP:
        yield "plate map", draw_plate_map
