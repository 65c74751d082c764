"""Which figure belongs to which analysis."""

from collections.abc import Callable

from matplotlib.figure import Figure

from ketbio.errors import FigureError, unknown_word
from ketbio.figures.bland_altman import draw_bland_altman
from ketbio.figures.change_scatter import draw_change_scatter
from ketbio.figures.control_chart import draw_control_chart
from ketbio.figures.dilutions import draw_dilutions
from ketbio.figures.estimation import draw_estimation
from ketbio.figures.gel_overview import draw_gel_overview
from ketbio.figures.parts import require_result
from ketbio.figures.replicate_cv import draw_replicate_cv
from ketbio.figures.slopes import draw_slopes
from ketbio.figures.standard_curve import draw_standard_curve
from ketbio.figures.style import Style
from ketbio.figures.waterfall import draw_waterfall
from ketbio.result import Result

FIGURES: dict[str, Callable[..., Figure]] = {
    "compare_responders": draw_estimation,
    "compare_visits": draw_slopes,
    "correlate_changes": draw_change_scatter,
    "summarise_response": draw_waterfall,
    "fit_standard_curve": draw_standard_curve,
    "chart_controls": draw_control_chart,
    "summarise_dilutions": draw_dilutions,
    "summarise_spikes": draw_dilutions,
    "summarise_gel": draw_gel_overview,
    "summarise_replicates": draw_replicate_cv,
    "compare_methods": draw_bland_altman,
}
"""The figure of each analysis. An analysis that is not here has no figure (Table 1, say)."""


def draw(result: Result, *, style: str | Style | None = None, note: str = "") -> Figure:
    """Draw a result as the figure that belongs to its analysis.

    Parameters
    ----------
    result : Result
        One result; it is only read.
    style : str or Style, optional
        A preset of `STYLES` (``"single_column"``, ``"one_and_half_column"``,
        ``"double_column"``, ``"report"``, ``"slide"``), or sizes of one's own; ``"report"`` when
        None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        A matplotlib figure on its own Agg canvas. pyplot and `matplotlib.rcParams` are left
        alone. Write it with `save_figure`.

    Raises
    ------
    FigureError
        No figure for this analysis, nothing to draw, a column is not there, or no such style.

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
    require_result(result, caller="draw")
    if result.analysis not in FIGURES:
        raise FigureError(unknown_word("analysis", result.analysis, FIGURES))
    return FIGURES[result.analysis](result, style=style, note=note)
