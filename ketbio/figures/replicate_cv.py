"""How much replicates vary: the CV of every sample against its mean, with the limit."""

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.bench_parts import along_lines, flags, numbers, sample_names
from ketbio.figures.captions import answer, small_print
from ketbio.figures.labels import id_label, tick_number, with_unit
from ketbio.figures.log_axis import log_axis, log_scale
from ketbio.figures.marks import axis_limits, draw_points, group_keys
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import OUTSIDE, WITHIN
from ketbio.figures.parts import numeric_rows, require_result
from ketbio.figures.placing import label_lines, name_points
from ketbio.figures.style import INK, Style, drawing_settings, find_style
from ketbio.result import Result

CV = "cv_percent"
LIMIT = "cv_limit_percent"


def draw_replicate_cv(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw the CV of every sample's replicates against their mean; flagged samples are named.

    Parameters
    ----------
    result : Result
        Of ``summarise_replicates``: data with ``sample, mean, cv_percent, cv_limit_percent,
        is_flagged``, a row per sample.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        One panel. The caption names all flagged samples; the panel those that it has room for,
        the largest CV first.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"sample": ["P01 baseline", "P02 baseline"], "n": 2, "sd": [0.2, 2.0],
    ...     "mean": [10.0, 8.0], "cv_percent": [2.0, 25.0], "cv_limit_percent": 20.0,
    ...     "is_flagged": [False, True]})
    >>> one = Result(analysis="summarise_replicates", marker="BDNF_serum", outcome="replicates",
    ...     groups=("samples",), n={"samples": 2}, estimate=17.7, unit="%", data=rows,
    ...     estimate_name="within-run CV")
    >>> draw_replicate_cv(one).axes[0].get_ylabel()
    'CV of replicates (%)'
    """
    require_result(result, caller="draw_replicate_cv")
    rows = numeric_rows(result, ["sample", LIMIT, "is_flagged"], ["mean", CV])
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1.0])
        keys = _draw_samples(page, page.panels[0], result, rows)
        return finish_page(
            page,
            headline=answer(result),
            caption=small_print(result),
            note=note,
            keys=keys,
            results=[result],
        )


def _draw_samples(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> list[Artist]:
    mean, cv = numbers(rows, "mean"), numbers(rows, CV)
    limits = sorted({value for value in numbers(rows, LIMIT) if np.isfinite(value)})
    scale = log_scale(mean, has_zero=bool((mean <= 0).any()), margin=0.08)
    panel.set_ylim(min(0.0, float(cv.min())), axis_limits(cv, [0.0, *limits])[1])
    log_axis(page, panel, "x", scale, zero="≤ 0")
    number_axis(panel, "y")
    for limit in limits:
        panel.axhline(
            limit, color=INK, linewidth=page.style.line_pt, linestyle=(0, (4, 2)), zorder=2,
            label="limit",
        )  # fmt: skip
    label_lines(page, panel, limits, [f"limit {tick_number(value)}%" for value in limits])
    is_flagged, x = flags(rows, "is_flagged"), scale.places(mean)
    kinds = (("within the limit", ~is_flagged, WITHIN), ("flagged", is_flagged, OUTSIDE))
    labels = []
    for label, chosen, mark in kinds:
        if chosen.any():
            draw_points(panel, x[chosen], cv[chosen], mark=mark, style=page.style, label=label)
            labels.append((f"{label} (n = {int(chosen.sum()):,})", mark))
    order = np.flatnonzero(is_flagged)[np.argsort(-cv[is_flagged], kind="stable")]
    names = [id_label(name) for name in sample_names(rows)]
    name_points(
        page, panel, at=[(float(x[one]), float(cv[one])) for one in order],
        names=[names[one] for one in order], others=np.column_stack([x, cv]),
        lines=along_lines(panel, limits),
    )  # fmt: skip
    axis_label(page, panel, "x", with_unit("Mean of the replicates", _mean_unit(result)))
    axis_label(page, panel, "y", "CV of replicates (%)")
    return [*group_keys(labels, style=page.style)]


def _mean_unit(result: Result) -> str:
    """Return the unit of the means: that of the standard error of measurement, where given."""
    sem = (one.unit for one in result.companions if one.estimate_name.startswith("standard error"))
    return next(sem, "").removeprefix("log2 ")
