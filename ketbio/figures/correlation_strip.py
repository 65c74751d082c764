"""The strip beside a scatter: a correlation with its interval, and those with one left out."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.lines import Line2D

from ketbio.figures.axes import axis_label, category_axis, number_axis
from ketbio.figures.labels import with_interval
from ketbio.figures.marks import axis_limits, draw_interval, draw_null, draw_points
from ketbio.figures.page import Page
from ketbio.figures.palette import INK, LEFT_OUT
from ketbio.figures.parts import left_out_rows, most_influential
from ketbio.figures.style import Style
from ketbio.figures.swarm import spread_swarm
from ketbio.result import Result
from ketbio.wording import capitalised

CORRELATION_LIMITS = (-1.08, 1.08)


def draw_strip(page: Page, panel: Axes, result: Result) -> None:
    """Draw the estimate with its interval, and beside it those with one left out."""
    left_out = left_out_rows(result)
    estimates = left_out["estimate"].to_numpy(dtype=np.float64)
    limits = axis_limits(
        [result.null_value, result.estimate, result.ci_low, result.ci_high], estimates
    )
    within = CORRELATION_LIMITS[0] <= limits[0] and limits[1] <= 1.2
    panel.set(xlim=(-0.6, 1.6), ylim=CORRELATION_LIMITS if within else limits)
    number_axis(panel, "y", ticks=4)
    draw_null(panel, result, style=page.style)
    draw_interval(
        panel,
        estimate=result.estimate,
        low=result.ci_low,
        high=result.ci_high,
        at=0,
        style=page.style,
    )
    labels = [with_interval("all", result)]
    if len(estimates):
        labels.append("one left out")
        points = draw_points(
            panel, np.ones(len(estimates)), estimates,
            mark=LEFT_OUT, style=page.style, label="one left out",
        )  # fmt: skip
        spread_swarm(page, panel, points, at=1, room=0.45)
    category_axis(page, panel, at=range(len(labels)), labels=labels)
    influence = most_influential(result)
    if influence is not None and math.isfinite(influence.estimate):
        draw_ring(panel, (1.0, influence.estimate), page.style)
        place = int(np.flatnonzero(estimates == influence.estimate)[0])
        _follow(page, panel.lines[-1], points, place)
    axis_label(page, panel, "y", capitalised(result.estimate_name or "correlation"))


def _follow(page: Page, ring: Line2D, points: Collection, place: int) -> None:
    """Keep a ring around a point that is moved within its swarm."""

    def fit() -> None:
        offsets = np.asarray(points.get_offsets(), dtype=np.float64)
        ring.set_xdata(offsets[[place], 0])

    page.mark_fits.append(fit)


def draw_ring(panel: Axes, place: tuple[float, float], style: Style) -> None:
    """Ring the point without which the estimate moves most."""
    panel.plot(
        np.array([place[0]]), np.array([place[1]]),
        marker="o", markersize=style.point_pt * 2, markerfacecolor="none", markeredgecolor=INK,
        markeredgewidth=style.line_pt * 1.4, linestyle="none", clip_on=False, zorder=6,
        label="most influential",
    )  # fmt: skip
