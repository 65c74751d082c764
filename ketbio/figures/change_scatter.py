"""Change against change: every participant, the correlation, and who carries it."""

import math

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from numpy.typing import NDArray

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.correlation_strip import draw_ring, draw_strip
from ketbio.figures.labels import (
    group_label,
    id_label,
    quantity_label,
    spoken,
    with_unit,
)
from ketbio.figures.marks import (
    axis_limits,
    draw_points,
    draw_zero,
    group_keys,
)
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import EVERYBODY
from ketbio.figures.parts import (
    most_influential,
    numeric_rows,
    require_result,
)
from ketbio.figures.style import (
    FAINT,
    INK,
    MM_PER_INCH,
    OUTLINE_FILL,
    POINTS_PER_INCH,
    QUIET,
    Style,
    drawing_settings,
    find_style,
    group_marks,
)
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, marker_label
from ketbio.wording import capitalised

GROUP, FITTED = "group", "fitted"
LINES = ("intercept", "slope")
"""Columns of the leave-one-out table: the line without this participant."""
BAND_POINTS = 60
TIGHT_EM = 34
"""Width of a page in multiples of its small print, below which the strip gets more of it."""
_SIDES = ((1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1), (1, 0), (-1, 0))


def draw_change_scatter(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw one change against another, and the correlation with its leave-one-out range.

    With Pearson's r comes the least-squares line, in the band of the lines that leave one
    participant out in turn: not a confidence band, but how far single participants turn the line.

    Parameters
    ----------
    result : Result
        Of `correlate_changes`: data with ``participant_id, x, y`` and, where there are groups,
        ``group`` and ``fitted``; its groups are the two markers, and its descriptions name their
        units. The lines with one left out are ``intercept, slope`` in its ``leave_one_out``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the scatter, the correlation. The participant without whom the correlation moves
        most is ringed and named.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> one = Result(analysis="correlate_changes", marker="p_mTOR_S2448", n={"pairs": 3},
    ...     outcome="change, baseline to day_14", groups=("p_mTOR_S2448", "MADRS"), estimate=-0.5,
    ...     estimate_name="Pearson r", data=pd.DataFrame({"participant_id": ["P1", "P2", "P3"],
    ...     "x": [0.1, 0.4, 0.9], "y": [-10.0, -3.0, -18.0], "group": ""}))
    >>> figure = draw_change_scatter(one)
    >>> figure.axes[0].collections[0].get_offsets().tolist()
    [[0.1, -10.0], [0.4, -3.0], [0.9, -18.0]]
    """
    require_result(result, caller="draw_change_scatter")
    rows = numeric_rows(result, [PARTICIPANT_ID], ["x", "y"])
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        has_estimate = math.isfinite(result.estimate)
        room = sizes.width_mm / MM_PER_INCH * POINTS_PER_INCH / sizes.small_pt
        share = 2.7 if room > TIGHT_EM else 2.0  # "95%" on one line below the strip
        page = start_page(sizes, ax=ax, widths=(share, 1.0) if has_estimate else [1.0])
        keys = _draw_scatter(page, page.panels[0], result, rows)
        if has_estimate:
            draw_strip(page, page.panels[1], result)
        return finish_page(
            page,
            headline=answer(result),
            caption=small_print(result),
            note=note,
            results=[result],
            keys=keys,
        )


def _draw_scatter(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> list[Artist]:
    panel.set(xlim=axis_limits(rows["x"]), ylim=axis_limits(rows["y"]))
    for which in ("x", "y"):
        number_axis(panel, which)
        draw_zero(panel, which, style=page.style)
    groups = rows[GROUP].fillna("") if GROUP in rows else pd.Series("", index=rows.index)
    names = sorted(set(groups), key=_group_order)
    is_grouped = names != [""]
    marks = group_marks(names) if is_grouped else {"": EVERYBODY}
    for name in names:
        own = rows.loc[groups == name]
        draw_points(panel, own["x"], own["y"], mark=marks[name], style=page.style, label=name)
    _draw_lines(page, panel, result, rows)
    _name_influential(page, panel, result, rows)
    for which, words in zip(("x", "y"), _axis_words(result), strict=True):
        axis_label(page, panel, which, words)
    if not is_grouped and not page.style.are_words_apart:
        return []  # the caption has their number
    everybody = "" if is_grouped else "participants"
    labels = [
        (group_label(name or everybody, int((groups == name).sum())), marks[name]) for name in names
    ]
    return [*group_keys(labels, style=page.style)]


def _draw_lines(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> None:
    """Draw the line through all, and the band of the lines with one participant left out."""
    if FITTED not in rows or not np.isfinite(rows[FITTED].to_numpy(dtype=np.float64)).all():
        return
    ends = rows.sort_values("x", kind="stable").iloc[[0, -1]]
    first, last = ends["x"].to_numpy(dtype=np.float64)
    x = np.linspace(first, last, num=BAND_POINTS)
    lines = result.leave_one_out
    if {*LINES} <= {*lines.columns}:
        known = lines[[*LINES]].dropna().to_numpy(dtype=np.float64)
        heights = known[:, :1] + known[:, 1:] * x
        if len(heights):
            panel.fill_between(
                x, heights.min(axis=0), heights.max(axis=0), facecolor=OUTLINE_FILL,
                edgecolor=FAINT, linewidth=page.style.line_pt * 0.5, zorder=0.5,
                label="lines with one left out",
            )  # fmt: skip
    panel.plot(
        ends["x"].to_numpy(dtype=np.float64), ends[FITTED].to_numpy(dtype=np.float64),
        color=QUIET, linewidth=page.style.line_pt * 1.4, zorder=1.8, label="least squares",
    )  # fmt: skip


def _group_order(name: str) -> tuple[bool, bool, str]:
    """Responders, non-responders, others, those of no known group."""
    return (name == "", name.startswith("non"), name)


def _axis_words(result: Result) -> tuple[str, str]:
    """Return what both axes say: from the descriptions of the two changes where there are some."""
    described = {
        one.marker: with_unit(quantity_label(one), one.unit)
        for one in result.companions
        if one.role == "description"
    }
    markers = result.groups if len(result.groups) == 2 else (result.marker, "outcome")
    first, second = (described.get(marker, _undescribed(result, marker)) for marker in markers)
    return (first, second)


def _undescribed(result: Result, marker: str) -> str:
    """Return what is drawn of a marker that no description names: values beyond limits, say."""
    label, kind = spoken(marker_label(marker)), result.outcome.partition(",")[0]
    if kind.startswith("value at "):
        return f"{capitalised(label)} {spoken(kind.removeprefix('value '))}"
    return f"Change in {label}"


def _name_influential(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> None:
    influence = most_influential(result)
    if influence is None:
        return
    own = rows.loc[rows[PARTICIPANT_ID].astype(str) == influence.participant_id]
    if own.empty:
        return
    place = (float(own["x"].iloc[0]), float(own["y"].iloc[0]))
    draw_ring(panel, place, page.style)
    label = panel.annotate(
        id_label(influence.participant_id), place, (0, 0),
        textcoords="offset points", size=page.style.small_pt, color=INK, zorder=7,
    )  # fmt: skip
    page.mark_fits.append(lambda: _place_label(page, panel, label, rows[["x", "y"]].to_numpy()))


def _place_label(page: Page, panel: Axes, label: Annotation, points: NDArray[np.float64]) -> None:
    """Put the name at the side where it hides fewest points and stays inside the panel."""
    pixels = panel.transData.transform(points)
    inside = panel.get_window_extent()
    gap = page.style.point_pt * 1.3
    costs = []
    for right, up in _SIDES:
        _anchor(label, right, up, gap)
        box = label.get_window_extent()
        padded = box.padded(page.style.point_pt / 2 * page.figure.dpi / POINTS_PER_INCH)
        hidden = sum(padded.contains(x, y) for x, y in pixels)
        outside = not (inside.contains(box.x0, box.y0) and inside.contains(box.x1, box.y1))
        costs.append(hidden + 1000 * outside)
    _anchor(label, *_SIDES[int(np.argmin(costs))], gap)


def _anchor(label: Annotation, right: int, up: int, gap: float) -> None:
    label.set_position((right * gap, up * gap))
    label.set(
        horizontalalignment={1: "left", 0: "center", -1: "right"}[right],
        verticalalignment={1: "bottom", 0: "center", -1: "top"}[up],
    )
