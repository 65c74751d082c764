"""Time to an event: Kaplan–Meier steps with their intervals, every event, and who was followed."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.centres import set_aside
from ketbio.figures.event_words import GROUP, event_of, groups_drawn
from ketbio.figures.labels import spoken
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.parts import numeric_rows, require_result
from ketbio.figures.style import (
    INK,
    POINTS_PER_INCH,
    GroupMark,
    Style,
    drawing_settings,
    find_style,
    group_marks,
)
from ketbio.figures.visit_axis import (
    Floats,
    Visits,
    place_visits,
    visit_axis,
    visits_with_room,
)
from ketbio.figures.visit_lines import lines_height_mm, write_lines
from ketbio.figures.wrapping import shortened
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import capitalised

DAY, SHARE, LOW, HIGH = "day", "share", "share_low", "share_high"
NUMBERS = [DAY, SHARE]
LINES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)), "-.")
"""Dashes of the curves, group by group: they can be told apart without colour."""
TICK_APART = 3.0
"""Of two people last seen on one day, in line widths."""
TICKS_WIDE = 40.0
"""Most that those of one day take, in line widths."""
KEY_SHARE = 0.6
"""Most of the width that the name of an arm takes in the legend."""
BAND = 0.16
"""How dark the interval of a curve is."""


def draw_time_to_response(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw the percentage with the event over the days, every event on it, and who was followed.

    Parameters
    ----------
    result : Result
        Of `describe_time_to_response`: data with ``participant_id, group, day, is_event, share,
        share_low, share_high``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the curves, the numbers followed.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P2"], "group": "all", "day": [1.0, 7.0],
    ...     "is_event": [True, False], "share": [50.0, 50.0], "share_low": [1.0, 1.0],
    ...     "share_high": [99.0, 99.0]})
    >>> one = Result(analysis="describe_time_to_response", marker="MADRS", groups=("all",),
    ...     n={"all": 2}, outcome="time to response (a reduction of at least 50%)", data=rows)
    >>> curves, counts = draw_time_to_response(one).axes
    >>> curves.get_ylabel(), [text.get_text() for text in counts.texts]
    ('With response (%)', ['2', '2', '1'])
    """
    require_result(result, caller="draw_time_to_response")
    rows = numeric_rows(result, [PARTICIPANT_ID, GROUP, "is_event", LOW, HIGH], NUMBERS)
    groups = [name for name in groups_drawn(result) if (rows[GROUP] == name).any()]
    sizes = style_at(find_style(style), ax)
    visits = _days(rows, event_of(result), sizes)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1], heights=_heights(groups, sizes))
        curves, counts = page.panels
        marks = group_marks(reversed(groups))  # the reference first, as in figures of models
        _draw_curves(page, curves, rows, visits, groups=groups, marks=marks)
        shown = visits_with_room(visits, sizes, widest=_widest(rows, visits))
        axis_label(page, curves, "y", f"{capitalised(f'with {event_of(result)}')} (%)")
        visit_axis(page, curves, visits, shown=shown)
        write_lines(page, counts, _followed(rows, visits, groups), visits, shown=shown)
        keys = _keys(page, rows, groups, marks)
        return finish_page(
            page, headline=answer(result), caption=small_print(result), note=note,
            results=[result], keys=keys,
        )  # fmt: skip


def _days(rows: pd.DataFrame, event: str, sizes: Style) -> Visits:
    """Return where day 0 and every day with an event or a last look stands."""
    days = [0.0, *sorted(set(rows[DAY]))]
    zero = "first response" if event == "relapse" else "baseline"
    places = pd.DataFrame(
        {VISIT: [zero, *(f"day {one:g}" for one in days[1:])], DAY: days, PARTICIPANT_ID: ""}
    )
    return place_visits(places, sizes, with_counts=False, widest=f"{len(rows):,}")


def _widest(rows: pd.DataFrame, visits: Visits) -> str:
    """Return the longest that cannot be broken of what stands below the curves."""
    words = [word for tick in visits.ticks for word in tick.split()]
    return max([f"{len(rows):,}", *words], key=len)


def _heights(groups: list[str], sizes: Style) -> tuple[float, float]:
    counts = lines_height_mm(len(groups), sizes)
    rest = sizes.panel_height_mm - counts - 5 * sizes.font_pt / 72 * 25.4
    return (max(rest, counts), counts)


def _keys(
    page: Page, rows: pd.DataFrame, groups: list[str], marks: dict[str, GroupMark]
) -> list[Artist]:
    """Return the legend where there is more than one curve: its dashes, its mark, its counts."""
    if len(groups) < 2:
        return []
    style, room = page.style, KEY_SHARE * page.width_pt
    keys = []
    for place, name in enumerate(groups):
        known = rows.loc[rows[GROUP] == name, "is_event"]
        short = shortened(spoken(name), width_pt=room, size_pt=style.font_pt)
        key = Line2D(
            [], [], color=INK, linewidth=style.line_pt * 1.6, marker=marks[name].marker,
            markersize=style.point_pt, markerfacecolor=marks[name].colour,
            markeredgewidth=style.line_pt * 0.8,
            label=f"{short} ({int(known.sum())} of {len(known)})",
        )  # fmt: skip
        key.set_linestyle(LINES[place % len(LINES)])
        keys.append(key)
    return [*keys]


def _draw_curves(
    page: Page, panel: Axes, rows: pd.DataFrame, visits: Visits, *,
    groups: list[str], marks: dict[str, GroupMark],
) -> None:  # fmt: skip
    panel.set_ylim(-3, 103)
    number_axis(panel, "y")
    for place, name in enumerate(groups):
        own = rows[rows[GROUP] == name]
        at = dict(zip(_as_days(visits, rows), visits.places, strict=True))
        aside = set_aside(place, len(groups), visits)
        steps = own.drop_duplicates(DAY).sort_values(DAY)
        x = np.array([at[0.0], *(at[day] + aside for day in steps[DAY])])
        _draw_band(panel, x, steps, mark=marks[name], style=page.style)
        heights = np.array([0.0, *steps[SHARE]])
        panel.step(
            x, heights, where="post", color=INK, linewidth=page.style.line_pt * 1.6,
            linestyle=LINES[place % len(LINES)], zorder=4, label=f"curve {name}",
        )  # fmt: skip
        _draw_events(page, panel, own, x, heights, mark=marks[name])
        _draw_last_seen(page, panel, own, x, heights)


def _as_days(visits: Visits, rows: pd.DataFrame) -> list[float]:
    return [0.0, *sorted(set(rows[DAY]))][: len(visits.places)]


def _draw_band(
    panel: Axes, x: Floats, steps: pd.DataFrame, *,
    mark: GroupMark, style: Style,
) -> None:  # fmt: skip
    """Shade the interval where there is one, with its edges drawn."""
    # at 100 % there is no interval: the one before ends there
    known = steps[[LOW, HIGH]].ffill().fillna(0.0)
    low, high = (np.array([0.0, *known[name]], dtype=np.float64) for name in (LOW, HIGH))
    panel.fill_between(
        x, low, high, step="post", color=mark.colour, alpha=BAND, linewidth=0, zorder=1,
        label="interval",
    )  # fmt: skip
    for edge in (low, high):
        panel.step(
            x, edge, where="post", color=mark.colour, linewidth=style.line_pt * 0.6, zorder=1.5,
            label="interval edge",
        )  # fmt: skip


def _draw_events(
    page: Page, panel: Axes, own: pd.DataFrame, x: Floats,
    heights: Floats, *, mark: GroupMark,
) -> None:  # fmt: skip
    """Draw one mark per event on the rise that it belongs to."""
    days = sorted(set(own[DAY]))
    for place, day in enumerate(days, start=1):
        count = int(own.loc[own[DAY] == day, "is_event"].sum())
        if not count:
            continue
        rise = np.linspace(heights[place - 1], heights[place], count + 1)[1:]
        panel.plot(
            np.repeat(x[place], count), rise, color=mark.colour, marker=mark.marker,
            markersize=page.style.point_pt * 0.9, markeredgecolor=INK, linestyle="none",
            markeredgewidth=page.style.line_pt * 0.8, zorder=6, clip_on=False, label="events",
        )  # fmt: skip


def _draw_last_seen(page: Page, panel: Axes, own: pd.DataFrame, x: Floats, heights: Floats) -> None:
    """Draw a tick for everybody last seen without the event, those of one day side by side."""
    days = sorted(set(own[DAY]))
    for place, day in enumerate(days, start=1):
        count = int((~own.loc[own[DAY] == day, "is_event"].astype(bool)).sum())
        apart = min(TICK_APART, TICKS_WIDE / max(count, 1))
        for one in range(count):
            aside = ScaledTranslation(
                -one * apart * page.style.line_pt / POINTS_PER_INCH, 0, page.figure.dpi_scale_trans
            )
            panel.plot(
                [x[place]], [heights[place]], color=INK, marker="|", linestyle="none",
                markersize=page.style.point_pt * 2, markeredgewidth=page.style.line_pt,
                zorder=5, clip_on=False, label="last seen", transform=panel.transData + aside,
            )  # fmt: skip


def _followed(rows: pd.DataFrame, visits: Visits, groups: list[str]) -> dict[str, list[str]]:
    days = _as_days(visits, rows)
    return {
        "n" if name == "all" else f"n, {spoken(name)}": [
            f"{int((rows.loc[rows[GROUP] == name, DAY] >= day).sum()):,}" for day in days
        ]
        for name in groups
    }
