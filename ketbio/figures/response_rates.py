"""Response rates of two arms: every participant against the threshold, and the difference."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ketbio.figures.axes import axis_label, category_axis, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.event_words import GROUP, groups_drawn, is_of_remission, rate_words
from ketbio.figures.labels import spoken, tick_number, with_unit
from ketbio.figures.marks import axis_limits, draw_interval, draw_null, draw_points, draw_zero
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.parts import columns_of, require_result
from ketbio.figures.style import (
    GUIDE,
    INK,
    GroupMark,
    Style,
    drawing_settings,
    find_style,
    group_marks,
)
from ketbio.figures.swarm import spread_swarm
from ketbio.result import Result, contrast_words
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import capitalised

REDUCTION, TOTAL, IMPUTED = "percent_reduction", "endpoint_value", "is_imputed"
THRESHOLDS = {REDUCTION: "response_percent", TOTAL: "remission_at_or_below"}
SWARM_ROOM = 0.32
MISSING_ROOM = 0.14
"""Of the span of the values, that those without one take below them."""


def draw_response_rates(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw what every participant reached against the threshold, and the difference of the rates.

    Who has no endpoint stands below, as a cross: counted by the rule for the missing.

    Parameters
    ----------
    result : Result
        Of `compare_response_rates`: data with ``participant_id, group, percent_reduction,
        endpoint_value, is_imputed``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the participants, the difference of the percentages where there is one.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P2"], "group": ["ketamine", "saline"],
    ...     "percent_reduction": [60.0, 20.0], "endpoint_value": [12.0, 25.0], "is_imputed": False,
    ...     "response_percent": 50.0, "remission_at_or_below": 10.0})
    >>> one = Result(analysis="compare_response_rates", marker="MADRS", unit="percentage points",
    ...     outcome="response (reduction of at least 50%)", groups=("ketamine", "saline"),
    ...     n={"ketamine": 1, "saline": 1}, estimate=100.0, data=rows,
    ...     estimate_name="difference of percentages", ci_low=-20.0, ci_high=100.0)
    >>> [panel.get_ylabel() for panel in draw_response_rates(one).axes]
    ['Reduction of MADRS (%)', 'Difference of percentages (percentage points)']
    """
    require_result(result, caller="draw_response_rates")
    column = TOTAL if is_of_remission(result) else REDUCTION
    rows = columns_of(result, [PARTICIPANT_ID, GROUP, column, THRESHOLDS[column], IMPUTED])
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        has_difference = math.isfinite(result.estimate)
        page = start_page(sizes, ax=ax, widths=(2.0, 0.9) if has_difference else (1.0,))
        _draw_people(page, page.panels[0], result, rows, column=column)
        if has_difference:
            _draw_difference(page, page.panels[1], result)
        return finish_page(
            page, headline=answer(result), caption=small_print(result), note=note, results=[result]
        )


def _draw_people(
    page: Page, panel: Axes, result: Result, rows: pd.DataFrame, *, column: str
) -> None:
    names = groups_drawn(result)
    marks = group_marks(reversed(names))  # the reference first, as in figures of models
    threshold = float(rows[THRESHOLDS[column]].iloc[0])
    low, high = axis_limits(rows[column], [0.0, threshold])
    has_missing = bool(rows[column].isna().any())
    below = low - MISSING_ROOM * (high - low) / 2
    panel.set_ylim(low - MISSING_ROOM * (high - low) if has_missing else low, high)
    panel.set_xlim(-0.5, len(names) - 0.5)
    number_axis(panel, "y", ticks=6)
    draw_zero(panel, "y", style=page.style)
    panel.axhline(
        threshold, color=INK, linewidth=page.style.line_pt, linestyle=(0, (4, 2)), zorder=1.5,
        label="threshold",
    )  # fmt: skip
    if has_missing:
        _set_apart(page, panel, low)
    for place, name in enumerate(names):
        own = rows[rows[GROUP] == name]
        _draw_group(page, panel, own[column].dropna(), place, mark=marks[name], name=name)
        _draw_missing(page, panel, own[own[column].isna()], place, below)
    labels = [f"{spoken(name)}: {rate_words(result, name)}" for name in names]
    category_axis(page, panel, at=range(len(names)), labels=labels)
    axis_label(page, panel, "y", _axis_words(result, column))


def _axis_words(result: Result, column: str) -> str:
    label = spoken(result.label)
    if column == TOTAL:
        return capitalised(with_unit(f"{label} at the endpoint", "points"))
    return f"Reduction of {label} (%)"


def _set_apart(page: Page, panel: Axes, low: float) -> None:
    """Keep the axis of values off those without one, who stand below the line."""
    panel.axhline(low, color=GUIDE, linewidth=page.style.line_pt, zorder=1, label="no endpoint")
    above = FuncFormatter(lambda value, place: tick_number(value, place) if value >= low else "")
    panel.yaxis.set_major_formatter(above)


def _draw_group(
    page: Page, panel: Axes, values: "pd.Series[float]", place: int, *, mark: GroupMark, name: str
) -> None:
    if not len(values):
        return
    at = [float(place)] * len(values)
    points = draw_points(panel, at, values, mark=mark, style=page.style, label=name)
    spread_swarm(page, panel, points, at=place, room=SWARM_ROOM)


def _draw_missing(page: Page, panel: Axes, own: pd.DataFrame, place: int, height: float) -> None:
    if not len(own):
        return
    points = panel.scatter(
        np.full(len(own), float(place)), np.full(len(own), height), color=INK, marker="x",
        s=page.style.point_pt**2, linewidth=page.style.line_pt * 1.2, zorder=3, label="missing",
    )  # fmt: skip
    spread_swarm(page, panel, points, at=place, room=SWARM_ROOM)


def _draw_difference(page: Page, panel: Axes, result: Result) -> None:
    ends = [one for one in (result.ci_low, result.ci_high) if math.isfinite(one)]
    panel.set_ylim(*axis_limits([result.null_value, result.estimate, *ends]))
    panel.set_xlim(-0.5, 0.5)
    number_axis(panel, "y")
    draw_null(panel, result, style=page.style)
    draw_interval(
        panel, estimate=result.estimate, low=result.ci_low, high=result.ci_high, at=0,
        style=page.style,
    )  # fmt: skip
    panel.spines[["right"]].set_visible(True)
    panel.spines[["left"]].set_visible(False)
    panel.yaxis.tick_right()
    panel.yaxis.set_label_position("right")
    category_axis(page, panel, at=[0], labels=[spoken(contrast_words(result))])
    axis_label(
        page, panel, "y", with_unit(capitalised(result.estimate_name or "difference"), result.unit)
    )
