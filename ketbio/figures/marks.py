"""The marks that figures share: points, means, intervals, reference lines, outlines."""

import math
from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from ketbio.figures.parts import GroupCentre
from ketbio.figures.style import GUIDE, INK, OUTLINE_FILL, QUIET, GroupMark, Style
from ketbio.result import Result

OUTLINE_BINS = 30
EMPTY_SPAN = 0.5
"""Half an axis around values that are all zero, so that the axis has a length."""


def axis_limits(*values: ArrayLike, margin: float = 0.07) -> tuple[float, float]:
    """Return the limits of an axis that shows all finite ``values`` with a margin.

    Parameters
    ----------
    *values : array_like
        What must be seen; NaN and infinite values are left out.
    margin : float
        Share of the span that stays free at either end.

    Returns
    -------
    tuple of float
        Low and high. Equal values get an axis around them.

    Examples
    --------
    >>> axis_limits([0.0, 10.0], float("inf"), margin=0.1)
    (-1.0, 11.0)
    >>> axis_limits([4.0, 4.0], margin=0.1)
    (3.6, 4.4)
    """
    pooled = np.concatenate([np.ravel(np.asarray(value, dtype=np.float64)) for value in values])
    finite = pooled[np.isfinite(pooled)]
    if not finite.size:
        return (-EMPTY_SPAN, EMPTY_SPAN)
    low, high = float(finite.min()), float(finite.max())
    span = margin * (high - low) if high > low else (abs(high) * 0.1 or EMPTY_SPAN)
    return (low - span, high + span)


def draw_points(
    panel: Axes, x: ArrayLike, y: ArrayLike, *, mark: GroupMark, style: Style, label: str
) -> Collection:
    """Draw one point per participant of a group.

    Parameters
    ----------
    panel : Axes
        Where.
    x, y : array_like, shape (n,)
        Positions, finite.
    mark : GroupMark
        Colour and shape.
    style : Style
        Sizes.
    label : str
        Name of the group; also the collection's label, by which it is found again.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES, group_marks
    >>> points = draw_points(Figure().add_subplot(), [0.0], [2.5], style=STYLES["report"],
    ...                      mark=group_marks(["responder"])["responder"], label="responder")
    >>> points.get_offsets().tolist()
    [[0.0, 2.5]]
    """
    return panel.scatter(
        np.asarray(x, dtype=np.float64),
        np.asarray(y, dtype=np.float64),
        color=mark.colour,
        marker=mark.marker,
        s=style.point_pt**2,
        edgecolor=INK,
        linewidth=style.line_pt * 0.8,
        zorder=3,
        clip_on=False,
        label=label,
    )


def draw_mean_bar(panel: Axes, bar: GroupCentre, *, at: float, style: Style, label: str) -> None:
    """Draw a mean or a median as a dash, with the SD of a mean as a bar.

    Parameters
    ----------
    panel : Axes
        Where.
    bar : GroupCentre
        Mean and SD, or median.
    at : float
        Place on the x axis.
    style : Style
        Sizes.
    label : str
        Label of the dash, by which it is found again.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES
    >>> panel = Figure().add_subplot()
    >>> mean = GroupCentre(value=2.0, spread=0.5)
    >>> draw_mean_bar(panel, mean, at=0, style=STYLES["report"], label="m")
    >>> [line.get_ydata().tolist() for line in panel.lines]
    [[1.5, 2.5], [2.0]]
    """
    if math.isfinite(bar.spread):
        ends = np.array([bar.value - bar.spread, bar.value + bar.spread])
        panel.plot(np.array([at, at]), ends, color=QUIET, linewidth=style.line_pt, zorder=4)
    panel.plot(
        np.array([at]),
        np.array([bar.value]),
        color=INK,
        marker="_",
        markersize=style.point_pt * 2,
        markeredgewidth=style.line_pt * 2.2,
        linestyle="none",
        zorder=5,
        label=label,
    )


def draw_interval(
    panel: Axes, *, estimate: float, low: float, high: float, at: float, style: Style
) -> None:
    """Draw an estimate with its interval; a limit at infinity is an arrow at the axis' end.

    Parameters
    ----------
    panel : Axes
        Where; its y limits are set already.
    estimate, low, high : float
        The estimate and its limits; what is NaN is not drawn.
    at : float
        Place on the x axis.
    style : Style
        Sizes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES
    >>> panel = Figure().add_subplot()
    >>> _ = panel.set_ylim(-2, 2)
    >>> draw_interval(panel, estimate=0.5, low=-np.inf, high=1, at=0, style=STYLES["report"])
    >>> [(line.get_label(), line.get_ydata().tolist()) for line in panel.lines]
    [('interval', [-2.0, 1.0]), ('open below', [-2.0]), ('estimate', [0.5])]
    """
    bottom, top = panel.get_ylim()
    place = np.array([at])
    if not (math.isnan(low) or math.isnan(high)):
        ends = np.array([max(low, bottom), min(high, top)])
        panel.plot(
            np.repeat(place, 2), ends,
            color=INK, linewidth=style.line_pt * 2, zorder=4, label="interval",
            solid_capstyle="butt",
        )  # fmt: skip
        arrows = {"open below": (low, bottom, "v"), "open above": (high, top, "^")}
        for label, (limit, end, arrow) in arrows.items():
            if math.isinf(limit):
                panel.plot(
                    place, np.array([end]),
                    color=INK, marker=arrow, markersize=style.point_pt * 1.2,
                    linestyle="none", clip_on=False, zorder=5, label=label,
                )  # fmt: skip
    if math.isfinite(estimate):
        panel.plot(
            place, np.array([estimate]),
            color=INK, marker="o", markersize=style.point_pt * 1.4,
            linestyle="none", zorder=6, label="estimate",
        )  # fmt: skip


def draw_zero(panel: Axes, which: str, *, style: Style) -> None:
    """Draw the line of no change where the axis shows zero.

    Parameters
    ----------
    panel : Axes
        Where; its limits are set already.
    which : {"x", "y"}
        The axis whose zero it is.
    style : Style
        Sizes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES
    >>> panel = Figure().add_subplot()
    >>> _ = panel.set_ylim(-2, 2)
    >>> draw_zero(panel, "y", style=STYLES["report"])
    >>> panel.lines[0].get_label()
    'zero'
    """
    low, high = panel.get_xlim() if which == "x" else panel.get_ylim()
    if not low <= 0 <= high:
        return
    draw = panel.axvline if which == "x" else panel.axhline
    draw(0, color=GUIDE, linewidth=style.line_pt, zorder=1, label="zero")


def draw_null(panel: Axes, result: Result, *, style: Style) -> None:
    """Draw the line at which the estimate of a result would be if there were no effect.

    Parameters
    ----------
    panel : Axes
        Where, the estimate upwards.
    result : Result
        The result; ``null_value`` is 0, or 0.5 for a probability of superiority.
    style : Style
        Sizes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES
    >>> panel = Figure().add_subplot()
    >>> one = Result(analysis="a", marker="m", outcome="", groups=(), n={}, null_value=0.5)
    >>> draw_null(panel, one, style=STYLES["report"])
    >>> panel.lines[0].get_ydata()
    [0.5, 0.5]
    """
    panel.axhline(result.null_value, color=GUIDE, linewidth=style.line_pt, zorder=1, label="null")


def draw_outline(
    panel: Axes, values: NDArray[np.float64], *, at: float, width: float, style: Style
) -> None:
    """Draw the outline of many values as a histogram that lies on its side.

    Parameters
    ----------
    panel : Axes
        Where.
    values : ndarray
        Finite values.
    at, width : float
        Where on the x axis it starts, and how far its fullest bin reaches.
    style : Style
        Sizes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES
    >>> panel = Figure().add_subplot()
    >>> draw_outline(panel, np.array([-1.0, 0, 0, 1]), at=1, width=2, style=STYLES["report"])
    >>> float(panel.collections[0].get_paths()[0].vertices[:, 0].max())
    3.0
    """
    counts, edges = np.histogram(values, bins=OUTLINE_BINS)
    heights = np.repeat(edges, 2)[1:-1]
    reach = np.repeat(at + width * counts / counts.max(), 2)
    panel.fill_betweenx(
        heights, at, reach,
        facecolor=OUTLINE_FILL, edgecolor=INK, linewidth=style.line_pt * 0.7, zorder=2,
        label="arrangements",
    )  # fmt: skip


def group_keys(labels: Iterable[tuple[str, GroupMark]], *, style: Style) -> list[Line2D]:
    """Return legend entries for groups of points.

    Parameters
    ----------
    labels : iterable of (str, GroupMark)
        What each entry says, and the group's mark.
    style : Style
        Sizes.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES, GROUP_MARKS
    >>> keys = group_keys([("responder (n = 5)", GROUP_MARKS["responder"])], style=STYLES["report"])
    >>> keys[0].get_label(), keys[0].get_marker()
    ('responder (n = 5)', 'o')
    """
    return [
        Line2D(
            [], [],
            color=mark.colour, marker=mark.marker, markersize=style.point_pt, linestyle="none",
            markeredgecolor=INK, markeredgewidth=style.line_pt * 0.8, label=label,
        )
        for label, mark in labels
    ]  # fmt: skip
