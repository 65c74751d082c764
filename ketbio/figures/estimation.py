"""Two groups as an estimation plot: every participant, and the difference with its interval."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.axes import axis_label, category_axis, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.clouds import cloudy_groups
from ketbio.figures.density import draw_cloud
from ketbio.figures.labels import group_label, quantity_label, spoken, with_unit
from ketbio.figures.limits import LIMIT_MARGIN, beyond_limit, draw_limits
from ketbio.figures.marks import (
    axis_limits,
    draw_interval,
    draw_mean_bar,
    draw_null,
    draw_points,
    draw_zero,
)
from ketbio.figures.null_tail import draw_null_tail
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.parts import (
    columns_of,
    compares_medians,
    group_centres,
    null_values,
    numeric_rows,
    reference_centre,
    require_result,
    value_unit,
)
from ketbio.figures.style import QUIET, Style, drawing_settings, find_style, group_marks
from ketbio.figures.swarm import spread_swarm
from ketbio.result import Result, contrast_words, is_superiority
from ketbio.vocabulary import LIMIT, PARTICIPANT_ID, VALUE
from ketbio.wording import capitalised

GROUP = "group"
SIDE = "side_of_limit"
OPEN = "white"
SWARM_ROOM = 0.27
CLOUD = 0.2
SUPERIORITY_LIMITS = (-0.04, 1.04)
"""A probability has an axis from 0 to 1; the margin is for the mark of one at its end."""
MEAN_AT = 0.38
"""A group's column is 1 wide: points within ± `SWARM_ROOM`, the mean or median beside them."""


def draw_estimation(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw two groups with every participant, and their difference with its interval.

    A raincloud: a group of ten or more different values has their density beside its points; with
    fewer the points speak for themselves. Beside the difference stands its null distribution, a
    bar for each step that it can take, dark where p counts.

    Where the estimate is the difference of the group means (or medians), the right axis stands
    beside the left one with its zero at the mean of the second group (Gardner & Altman 1986), so
    that the difference can be seen to be the distance between the means.

    Parameters
    ----------
    result : Result
        Of `compare_responders`: data with ``participant_id, group, value``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the groups, the difference.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> one = Result(analysis="compare_responders", marker="BDNF_serum", outcome="baseline",
    ...     groups=("responder", "non-responder"), n={"responder": 2, "non-responder": 1},
    ...     estimate=3.0, estimate_name="mean difference", unit="ng/mL",
    ...     data=pd.DataFrame({"participant_id": ["P1", "P2", "P3"], "value": [20.0, 22.0, 18.0],
    ...                        "group": ["responder", "responder", "non-responder"]}))
    >>> figure = draw_estimation(one, style="single_column")
    >>> [panel.get_ylabel() for panel in figure.axes]
    ['Serum BDNF, baseline (ng/mL)', 'Mean difference (ng/mL)']
    """
    require_result(result, caller="draw_estimation")
    rows = _rows(result)
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=_widths(result))
        _set_limits(result, rows, page.panels)
        _draw_groups(page, page.panels[0], result, rows)
        if len(page.panels) > 1:
            _draw_difference(page, page.panels[1], result)
            _lead_over(page, result)
        return finish_page(
            page, headline=answer(result), caption=small_print(result), note=note, results=[result]
        )


def _rows(result: Result) -> pd.DataFrame:
    """Return the rows to draw: values, and the limit for a value only known to be beyond it."""
    data = columns_of(result, [PARTICIPANT_ID, GROUP, VALUE]).copy()
    data[SIDE] = beyond_limit(data)
    if (data[SIDE] != "").any():
        data[VALUE] = data[VALUE].where(data[SIDE] == "", data[LIMIT])
    return numeric_rows(replace(result, data=data), [PARTICIPANT_ID, GROUP], [VALUE])


def _widths(result: Result) -> tuple[float, ...]:
    if math.isnan(result.estimate):
        return (1.0,)  # nothing to show beside the groups
    return (1.8, 1.0) if null_values(result) is not None else (2.0, 0.9)


def _set_limits(result: Result, rows: pd.DataFrame, panels: tuple[Axes, ...]) -> None:
    """Give both panels their y limits: one scale where the difference is one of the centres."""
    reach = [value for bar in group_centres(result).values() for value in bar.reach()]
    null = null_values(result)
    interval = [result.null_value, result.estimate, result.ci_low, result.ci_high]
    if null is not None:
        interval += [float(null.min()), float(null.max())]
    origin = reference_centre(result)
    if math.isnan(origin):
        own = SUPERIORITY_LIMITS if is_superiority(result) else axis_limits(interval)
        margin = {"margin": LIMIT_MARGIN} if (rows[SIDE] != "").any() else {}
        limits = (axis_limits(rows[VALUE], reach, **margin), own)
    else:
        low, high = axis_limits(rows[VALUE], reach, [origin + value for value in interval])
        limits = ((low, high), (low - origin, high - origin))
    for panel, (low, high) in zip(panels, limits, strict=False):
        panel.set_ylim(low, high)


def _draw_groups(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> None:
    names = list(dict.fromkeys([*result.groups, *rows[GROUP]]))
    beyond = rows[rows[SIDE] != ""]
    marks = group_marks(names)
    centres = group_centres(result)
    centre_name = "median" if compares_medians(result) else "mean"
    cloudy = cloudy_groups(result)
    panel.set_xlim(-0.55 if names[0] in cloudy else -0.4, len(names) - 0.4)
    number_axis(panel, "y")
    draw_zero(panel, "y", style=page.style)
    unit = value_unit(result)
    draw_limits(panel, beyond[SIDE], beyond[VALUE], unit=unit, style=page.style)
    for place, name in enumerate(names):
        own = rows.loc[rows[GROUP] == name]
        mark = marks[name]
        if len(own):
            at = [float(place)] * len(own)
            points = draw_points(panel, at, own[VALUE], mark=mark, style=page.style, label=name)
            points.set_facecolor([OPEN if side else mark.colour for side in own[SIDE]])
            spread_swarm(page, panel, points, at=place, room=SWARM_ROOM)
        if name in cloudy:
            left = place - SWARM_ROOM - 0.02
            draw_cloud(panel, own[VALUE], at=left, width=CLOUD, mark=mark, style=page.style)
        if name in centres:
            label = f"{centre_name} {name}"
            at_mean = place + MEAN_AT
            draw_mean_bar(panel, centres[name], at=at_mean, style=page.style, label=label)
    labels = [group_label(name, result.n.get(name)) for name in names]
    category_axis(page, panel, at=range(len(names)), labels=labels)
    axis_label(page, panel, "y", with_unit(quantity_label(result), unit))


def _lead_over(page: Page, result: Result) -> None:
    """Lead the eye from both centres to the axis of their difference."""
    if math.isnan(reference_centre(result)):
        return
    groups, difference = page.panels
    centres = group_centres(result)
    for place, name in enumerate(result.groups):
        across = (place + MEAN_AT, groups.get_xlim()[1])
        _dotted(groups, across, centres[name].value, page.style)
    _dotted(difference, (difference.get_xlim()[0], 0.0), result.estimate, page.style)


def _dotted(panel: Axes, across: tuple[float, float], height: float, style: Style) -> None:
    panel.plot(
        np.array(across), np.repeat(height, 2),
        color=QUIET, linewidth=style.line_pt, linestyle=":", zorder=1.5, label="lead",
    )  # fmt: skip


def _draw_difference(page: Page, panel: Axes, result: Result) -> None:
    null = null_values(result)
    panel.set_xlim(-0.5, 0.5 if null is None else 1.2)
    number_axis(panel, "y")
    draw_null(panel, result, style=page.style)
    if null is not None:
        draw_null_tail(panel, result, at=0.35, width=0.75, style=page.style)
    draw_interval(
        panel,
        estimate=result.estimate,
        low=result.ci_low,
        high=result.ci_high,
        at=0,
        style=page.style,
    )
    panel.spines[["right"]].set_visible(True)
    panel.spines[["left"]].set_visible(False)
    if is_superiority(result):
        panel.spines["right"].set_bounds(0.0, 1.0)
    panel.yaxis.tick_right()
    panel.yaxis.set_label_position("right")
    contrast = spoken(contrast_words(result))
    category_axis(page, panel, at=[0 if null is None else 0.35], labels=[contrast])
    name = capitalised(result.estimate_name or "difference")
    axis_label(page, panel, "y", with_unit(name, result.unit))
