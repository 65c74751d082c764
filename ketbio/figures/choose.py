"""Which figure belongs to which analysis."""

from collections.abc import Callable, Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.errors import FigureError, unknown_word
from ketbio.figures.baseline_change import draw_baseline_change
from ketbio.figures.bland_altman import draw_bland_altman
from ketbio.figures.change_scatter import draw_change_scatter
from ketbio.figures.control_chart import draw_control_chart
from ketbio.figures.correlation_matrix import draw_correlation_matrix
from ketbio.figures.crossover import draw_crossover
from ketbio.figures.dilutions import draw_dilutions
from ketbio.figures.estimation import draw_estimation
from ketbio.figures.forest import draw_forest
from ketbio.figures.gel_overview import draw_gel_overview
from ketbio.figures.gel_overviews import draw_gel_overviews
from ketbio.figures.imputed import draw_imputed
from ketbio.figures.missing_visits import draw_missing_visits
from ketbio.figures.mmrm_trajectory import draw_mmrm_trajectory
from ketbio.figures.parts import require_result
from ketbio.figures.repeated_correlation import draw_repeated_correlation
from ketbio.figures.repeated_markers import draw_repeated_markers
from ketbio.figures.replicate_cv import draw_replicate_cv
from ketbio.figures.response_rates import draw_response_rates
from ketbio.figures.slopes import draw_slopes
from ketbio.figures.standard_curve import draw_standard_curve
from ketbio.figures.style import Style
from ketbio.figures.time_to_response import draw_time_to_response
from ketbio.figures.trajectory import draw_trajectory
from ketbio.figures.waterfall import draw_waterfall
from ketbio.result import Result
from ketbio.wording import join_words

FIGURES: dict[str, Callable[..., Figure]] = {
    "compare_imputed": draw_imputed,
    "compare_responders": draw_estimation,
    "compare_visits": draw_slopes,
    "compare_crossover": draw_crossover,
    "correlate_changes": draw_change_scatter,
    "correlate_markers": draw_change_scatter,
    "correlate_baseline_change": draw_baseline_change,
    "correlate_repeated": draw_repeated_correlation,
    "summarise_response": draw_waterfall,
    "summarise_course": draw_trajectory,
    "describe_missing_visits": draw_missing_visits,
    "fit_mmrm": draw_mmrm_trajectory,
    "fit_random_effects": draw_repeated_markers,
    "fit_standard_curve": draw_standard_curve,
    "chart_controls": draw_control_chart,
    "summarise_dilutions": draw_dilutions,
    "summarise_spikes": draw_dilutions,
    "summarise_gel": draw_gel_overview,
    "summarise_replicates": draw_replicate_cv,
    "compare_methods": draw_bland_altman,
    "compare_response_rates": draw_response_rates,
    "describe_time_to_response": draw_time_to_response,
}
"""The figure of each analysis. An analysis that is not here has no figure (Table 1, say)."""


FAMILY_FIGURES: dict[str, Callable[..., Figure]] = {
    "compare_imputed": draw_imputed,
    "compare_responders": draw_forest,
    "compare_visits": draw_forest,
    "compare_crossover": draw_forest,
    "correlate_changes": draw_forest,
    "correlate_baseline_change": draw_forest,
    "correlate_repeated": draw_forest,
    "correlate_markers": draw_correlation_matrix,
    "summarise_gel": draw_gel_overviews,
    "fit_mmrm": draw_mmrm_trajectory,
    "fit_random_effects": draw_repeated_markers,
}
"""The figure of several results of one analysis: the function takes a sequence of them."""


def draw(
    result: Result | Iterable[Result],
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw a result, or several of one analysis, as the figure that belongs to the analysis.

    Parameters
    ----------
    result : Result or sequence of Result
        One result, or several of one analysis (a `Results`); they are only read.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own: the axes are emptied and
        hidden, and headline and caption are not written (`figure_record` has them). None, a page
        by itself.
    style : str or Style, optional
        A preset of `STYLES` (``"single_column"``, ``"one_and_half_column"``,
        ``"double_column"``, ``"report"``, ``"slide"``), or sizes of one's own; ``"report"`` when
        None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        A matplotlib figure on its own Agg canvas, or that of ``ax``. pyplot and
        `matplotlib.rcParams` are left alone. Write it with `save_figure`; `figure_record` returns
        what it shows in words and numbers.

    Raises
    ------
    FigureError
        No figure for this analysis, or none for several of its results; nothing to draw, a
        column is not there, or no such style.

    Examples
    --------
    >>> import pandas as pd
    >>> one = Result(analysis="compare_visits", marker="MADRS", outcome="total", n={"pairs": 2},
    ...     groups=("day_14", "baseline"), estimate=-15.0, estimate_name="mean change",
    ...     unit="points", data=pd.DataFrame({"participant_id": ["P1", "P2"],
    ...     "baseline_value": [38.0, 31.0], "endpoint_value": [19.0, 20.0],
    ...     "change": [-19.0, -11.0]}))
    >>> len(draw(one).axes)
    2
    """
    if isinstance(result, list | tuple) and all(isinstance(one, Result) for one in result):
        return _draw_several(result, ax=ax, style=style, note=note)
    one = require_result(result, caller="draw")
    if one.analysis not in FIGURES:
        raise FigureError(unknown_word("analysis", one.analysis, FIGURES))
    return FIGURES[one.analysis](one, ax=ax, style=style, note=note)


def _draw_several(
    results: Sequence[Result], *, ax: Axes | None, style: str | Style | None, note: str
) -> Figure:
    """Draw several results as the figure of their family, and one as its own."""
    analyses = list(dict.fromkeys(one.analysis for one in results))
    if not analyses:
        raise FigureError("draw() was given no result; give it one, or several of one analysis.")
    if len(analyses) > 1:
        raise FigureError(
            f"draw() takes results of one analysis; these are of {join_words(analyses)}. "
            "Choose those of one, or put several figures on a page with compose_figure()."
        )
    if len(results) == 1 and analyses[0] in FIGURES:
        return FIGURES[analyses[0]](results[0], ax=ax, style=style, note=note)
    if analyses[0] not in FAMILY_FIGURES:
        raise FigureError(
            f"Several results of {analyses[0]} have no figure in common; draw each of them in "
            "turn, or put their figures on a page with compose_figure()."
        )
    return FAMILY_FIGURES[analyses[0]](results, ax=ax, style=style, note=note)
