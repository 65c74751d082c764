"""Two visits as slopes: every participant's line, and the changes with their mean beside."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ketbio.figures.axes import axis_label, category_axis, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.end_labels import label_ends
from ketbio.figures.labels import id_label, spoken, with_interval, with_unit
from ketbio.figures.limits import (
    BOUNDED_VISITS,
    LIMIT_MARGIN,
    beyond_limit,
    bounded_pairs,
    draw_limits,
)
from ketbio.figures.marks import (
    axis_limits,
    draw_interval,
    draw_mean_bar,
    draw_null,
    draw_points,
)
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import NO_GROUP
from ketbio.figures.parts import (
    group_means,
    numeric_rows,
    require_result,
)
from ketbio.figures.style import (
    INK,
    QUIET,
    Style,
    drawing_settings,
    find_style,
)
from ketbio.figures.swarm import spread_swarm
from ketbio.result import Result
from ketbio.vocabulary import LIMIT, PARTICIPANT_ID, VALUE
from ketbio.wording import capitalised

VALUES = ("baseline_value", "endpoint_value")
CHANGE = "change"
OPEN = "white"
VISIT_ROOM = 0.12
SWARM_ROOM = 0.33
MOST_NAMED = 14
"""So many participants are named beside their change; more would hide each other."""
NAMES_WITHIN = (0.4, 0.93)
"""Where the names stand, between the changes at 0 and their mean."""
MEAN_ASIDE = 0.24
"""How far outside the two visits their means stand, on an axis where visits are 1 apart."""


def draw_slopes(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw every participant's line from baseline to endpoint, and every change beside.

    Parameters
    ----------
    result : Result
        Of `compare_visits`: data with ``participant_id, baseline_value, endpoint_value, change``;
        groups are (endpoint visit, baseline visit).
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the visits, the change.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> one = Result(analysis="compare_visits", marker="MADRS", outcome="total", n={"pairs": 2},
    ...     groups=("day_14", "baseline"), estimate=-15.0, estimate_name="mean change",
    ...     unit="points", data=pd.DataFrame({"participant_id": ["P1", "P2"],
    ...     "baseline_value": [38.0, 31.0], "endpoint_value": [19.0, 20.0],
    ...     "change": [-19.0, -11.0]}))
    >>> figure = draw_slopes(one)
    >>> [panel.get_ylabel() for panel in figure.axes]
    ['MADRS (points)', 'Change, day 14 − baseline (points)']
    """
    require_result(result, caller="draw_slopes")
    rows = numeric_rows(result, [PARTICIPANT_ID], [*VALUES, CHANGE])
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=(1.6, 1.0))
        visits, change = page.panels
        _draw_visits(page, visits, result, rows)
        _draw_changes(page, change, result, rows)
        return finish_page(
            page, headline=answer(result), caption=small_print(result), note=note, results=[result]
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Bounded:
    """Pairs with a value beyond a limit: who, the values or limits, and on which side they lie.

    ``levels`` and ``sides`` have a row per pair and a column per visit.
    """

    participants: list[str]
    levels: NDArray[np.float64]
    sides: NDArray[np.object_]

    @classmethod
    def of(cls, result: Result) -> "_Bounded":
        rows = bounded_pairs(result)
        sides = [beyond_limit(rows, of=one).to_numpy(dtype=object) for one in BOUNDED_VISITS]
        levels = [
            rows[f"{one}{VALUE}"].fillna(rows[f"{one}{LIMIT}"]).to_numpy(dtype=np.float64)
            for one in BOUNDED_VISITS
            if len(rows)
        ]
        return cls(
            participants=list(rows[PARTICIPANT_ID].astype("str")) if len(rows) else [],
            levels=np.column_stack(levels) if levels else np.empty((0, 2)),
            sides=np.column_stack(sides),
        )


def _visit_names(result: Result) -> tuple[str, str]:
    """Return baseline and endpoint, as the contrast names them: endpoint − baseline."""
    if len(result.groups) != 2:
        return ("baseline", "endpoint")
    return (result.groups[1], result.groups[0])


def _draw_visits(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> None:
    names = _visit_names(result)
    means = [group_means(result).get(name) for name in names]
    reach = [value for bar in means if bar is not None for value in bar.reach()]
    bounded = _Bounded.of(result)
    values = np.vstack([rows[list(VALUES)].to_numpy(dtype=np.float64), bounded.levels])
    is_open = np.vstack([np.zeros((len(rows), 2), dtype=np.bool_), bounded.sides != ""])
    margin = {"margin": LIMIT_MARGIN} if is_open.any() else {}
    panel.set(xlim=(-0.5, 1.5), ylim=axis_limits(values, reach, **margin))
    number_axis(panel, "y")
    beyond = bounded.sides != ""
    sides, limits = bounded.sides[beyond], bounded.levels[beyond]
    draw_limits(panel, sides, limits, unit=result.unit, style=page.style)
    lines = panel.plot(
        np.array([0.0, 1.0]), values.T,
        color=QUIET, linewidth=page.style.line_pt, alpha=0.8, zorder=2,
    )  # fmt: skip
    people = [*rows[PARTICIPANT_ID], *bounded.participants]
    for line, participant, ends in zip(lines, people, is_open, strict=True):
        line.set_label(f"participant {participant}")
        line.set_linestyle("--" if ends.any() else "-")
    columns = []
    for place, name in enumerate(names):
        at = np.full(len(people), float(place))
        points = draw_points(
            panel, at, values[:, place], mark=NO_GROUP, style=page.style, label=name
        )
        points.set_facecolor([OPEN if one else NO_GROUP.colour for one in is_open[:, place]])
        spread_swarm(page, panel, points, at=place, room=VISIT_ROOM)
        columns.append(points)
    page.mark_fits.append(lambda: _join(lines, columns))
    sides = (-MEAN_ASIDE, 1 + MEAN_ASIDE)
    if all(bar is not None for bar in means):
        heights = np.array([bar.value for bar in means if bar is not None])
        panel.plot(
            np.array(sides), heights,
            color=INK, linewidth=page.style.line_pt * 2.5, zorder=4, label="mean line",
        )  # fmt: skip
    for at_mean, name, bar in zip(sides, names, means, strict=True):
        if bar is not None:
            draw_mean_bar(panel, bar, at=at_mean, style=page.style, label=f"mean {name}")
    category_axis(page, panel, at=[0, 1], labels=[spoken(name) for name in names])
    axis_label(page, panel, "y", with_unit(capitalised(spoken(result.label)), result.unit))


def _join(lines: list[Line2D], columns: list[Collection]) -> None:
    """Lead each line to its own points, which may stand aside of equal ones."""
    places = [np.asarray(points.get_offsets(), dtype=np.float64)[:, 0] for points in columns]
    for line, ends in zip(lines, np.column_stack(places), strict=True):
        line.set_xdata(ends)


def _draw_changes(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> None:
    interval = [result.null_value, result.estimate, result.ci_low, result.ci_high]
    panel.set(xlim=(-0.6, 1.5), ylim=axis_limits(rows[CHANGE], interval))
    number_axis(panel, "y")
    draw_null(panel, result, style=page.style)
    at = np.zeros(len(rows))
    points = draw_points(panel, at, rows[CHANGE], mark=NO_GROUP, style=page.style, label="change")
    spread_swarm(page, panel, points, at=0, room=SWARM_ROOM)
    if len(rows) <= MOST_NAMED:
        names = [id_label(one) for one in rows[PARTICIPANT_ID]]
        ends = [(0.0, float(height)) for height in rows[CHANGE]]
        label_ends(page, panel, ends, names, within=NAMES_WITHIN)
    draw_interval(
        panel,
        estimate=result.estimate,
        low=result.ci_low,
        high=result.ci_high,
        at=1,
        style=page.style,
    )
    estimate = with_interval(result.estimate_name or "estimate", result)
    category_axis(page, panel, at=[0, 1], labels=[f"each (n = {len(rows):,})", estimate])
    baseline, endpoint = (spoken(name) for name in _visit_names(result))
    axis_label(page, panel, "y", with_unit(f"Change, {endpoint} − {baseline}", result.unit))
