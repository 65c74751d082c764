"""Two methods compared: every difference against its mean, bias and limits of agreement."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.bench_parts import companion, draw_band, numbers
from ketbio.figures.captions import answer, small_print
from ketbio.figures.labels import spoken, with_unit
from ketbio.figures.marks import axis_limits, draw_null, draw_points
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import BAND, DARKER_BAND, WITHIN
from ketbio.figures.parts import numeric_rows, require_result
from ketbio.figures.placing import label_lines
from ketbio.figures.style import INK, Style, drawing_settings, find_style
from ketbio.result import Result
from ketbio.wording import MINUS, format_number

AGREEMENT = {
    "upper limit": "upper limit of agreement",
    "lower limit": "lower limit of agreement",
}


def draw_bland_altman(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw the difference of two methods against their mean (Bland & Altman 1986).

    Where the methods differ by a factor (``null_value`` 1), the ratio against the geometric mean.

    Parameters
    ----------
    result : Result
        Of ``compare_methods``: data with ``mean, difference``; groups are (first, second); the
        estimate is the bias, its companions the limits of agreement, each with its interval.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        One panel; the lines are named at their right end, their intervals are bands.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"participant_id": ["P01", "P02"], "visit": "baseline",
    ...     "first": [10.0, 12.0], "second": [9.0, 12.5], "mean": [9.5, 12.25],
    ...     "difference": [1.0, -0.5]})
    >>> one = Result(analysis="compare_methods", marker="BDNF_serum", outcome="two kits",
    ...     groups=("kit A", "kit B"), n={"pairs": 2}, estimate=0.25, unit="ng/mL", data=rows,
    ...     estimate_name="mean difference")
    >>> panel = draw_bland_altman(one).axes[0]
    >>> panel.get_xlabel(), panel.get_ylabel()
    ('Mean of kit A and kit B (ng/mL)', 'Difference, kit A − kit B (ng/mL)')
    """
    require_result(result, caller="draw_bland_altman")
    rows = numeric_rows(result, [], ["mean", "difference"])
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1.0])
        _draw_differences(page, page.panels[0], result, rows)
        return finish_page(
            page, headline=answer(result), caption=small_print(result), note=note, results=[result]
        )


def _lines(result: Result) -> dict[str, Result]:
    """Return the lines by the name that stands beside them."""
    found = {"bias": result}
    found |= {
        name: one
        for name, estimate in AGREEMENT.items()
        if (one := companion(result, estimate)) is not None
    }
    return {name: one for name, one in found.items() if np.isfinite(one.estimate)}


def _draw_differences(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> None:
    mean, difference = numbers(rows, "mean"), numbers(rows, "difference")
    lines = _lines(result)
    ends = [value for one in lines.values() for value in (one.estimate, one.ci_low, one.ci_high)]
    panel.set(xlim=axis_limits(mean), ylim=axis_limits(difference, ends, [result.null_value]))
    for which in ("x", "y"):
        number_axis(panel, which)
    draw_null(panel, result, style=page.style)
    for name, one in lines.items():
        is_bias = name == "bias"
        draw_band(
            panel, one.ci_low, one.ci_high,
            label=f"interval of the {name}", colour=DARKER_BAND if is_bias else BAND,
        )  # fmt: skip
        panel.axhline(
            one.estimate, color=INK, linewidth=page.style.line_pt * (1.6 if is_bias else 1.0),
            linestyle="-" if is_bias else (0, (4, 2)), zorder=2, label=name,
        )  # fmt: skip
    heights = [one.estimate for one in lines.values()]
    words = [f"{name}\n{format_number(one.estimate)}" for name, one in lines.items()]
    label_lines(page, panel, heights, words)
    draw_points(panel, mean, difference, mark=WITHIN, style=page.style, label="difference")
    first, second = result.groups if len(result.groups) == 2 else ("first", "second")
    is_ratio = result.null_value == 1
    kind = "Geometric mean" if is_ratio else "Mean"
    both = f"{kind} of {spoken(first)} and {spoken(second)}"
    axis_label(page, panel, "x", with_unit(both, result.unit))
    sign = "÷" if is_ratio else MINUS
    contrast = f"{'Ratio' if is_ratio else 'Difference'}, {spoken(first)} {sign} {spoken(second)}"
    axis_label(page, panel, "y", with_unit(contrast, result.unit))
