"""Percent change from baseline over the visits, one line per participant: a spider plot."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.captions import excluded_part
from ketbio.figures.course_parts import (
    Track,
    course_rows,
    draw_track,
    groups_of,
    has_gaps,
    marks_of,
    tracks_of,
)
from ketbio.figures.end_labels import label_ends
from ketbio.figures.labels import group_label, id_label, spoken, tick_number
from ketbio.figures.marks import axis_limits, draw_zero, group_keys
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.parts import numeric_rows, require_result
from ketbio.figures.placing import name_points
from ketbio.figures.style import INK, Style, drawing_settings, find_style
from ketbio.figures.visit_axis import Visits, place_visits, visit_axis
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import MINUS, capitalised, count_of, join_words

PERCENT = "percent_change"
THRESHOLD = "response_percent"
NAMED = 8
"""The caption names up to so many who left, and counts more."""
LABEL_PITCH = 1.4
"""Height that a participant's name needs, in multiples of its type size."""


def draw_spider(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw every participant's percent change from baseline over the visits.

    Lines are coloured and marked by response and named at their end; a line over a missing visit
    is dashed. The figure grows in height with the number of participants.

    Parameters
    ----------
    result : Result
        Of `summarise_course`: data with ``participant_id, visit, day, group, percent_change`` and,
        for a rating scale, ``response_percent``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        One panel.

    Raises
    ------
    FigureError
        No participant has a percent change, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P1", "P2", "P2"], "group": "",
    ...     "visit": ["baseline", "day_14"] * 2, "day": [0.0, 14.0] * 2,
    ...     "percent_change": [0.0, -50.0, 0.0, -10.0], "response_percent": 50.0})
    >>> one = Result(analysis="summarise_course", marker="MADRS", outcome="course", groups=("all",),
    ...     n={"all": 2}, data=rows)
    >>> panel = draw_spider(one).axes[0]
    >>> sorted(text.get_text() for text in panel.texts)
    ['P1', 'P2', 'response −50%']
    """
    require_result(result, caller="draw_spider")
    sizes = style_at(find_style(style), ax)
    lines = _lines_of(result, sizes)
    height = (len(lines.tracks) + 2) * LABEL_PITCH * sizes.small_pt + 5 * sizes.font_pt
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1], panel_height_pt=height)
        keys = _draw_lines(page, page.panels[0], result, lines)
        return finish_page(
            page, headline=f"{capitalised(spoken(result.label))}: {lines.counted()}",
            caption=_caption(result, lines), note=note, results=[result], keys=keys,
            kind="Spider plot", alternative=_alternative(result, lines),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lines:
    """What a spider plot draws: the participants, their visits, the response line (or NaN)."""

    rows: pd.DataFrame
    tracks: list[Track]
    visits: Visits
    threshold: float

    def counted(self) -> str:
        """Return how many of those at the last visit are at or beyond the response line there."""
        last = len(self.visits.places) - 1
        ends = [one.values[last] for one in self.tracks if np.isfinite(one.values[last])]
        who = count_of(len(ends), "participant")
        when = spoken(self.visits.names[last])
        if math.isnan(self.threshold):
            return f"{sum(end < 0 for end in ends)} of {who} below baseline at {when}"
        reached = sum(end <= self.threshold for end in ends)
        return f"{reached} of {who} at {when} at a reduction of {-self.threshold:g}% or more"


def _lines_of(result: Result, sizes: Style) -> _Lines:
    rows = _rows(result)
    visits = place_visits(rows, sizes, with_counts=False)
    known = rows[THRESHOLD].dropna() if THRESHOLD in rows else rows[PERCENT].head(0)
    return _Lines(
        rows=rows,
        tracks=tracks_of(rows, visits, PERCENT),
        visits=visits,
        threshold=-float(known.iloc[0]) if len(known) else float("nan"),
    )


def _rows(result: Result) -> pd.DataFrame:
    """Return the rows of visits at which somebody has a percent change."""
    numeric_rows(result, [PARTICIPANT_ID, VISIT], [PERCENT])
    rows = course_rows(result, PERCENT)
    known = rows.groupby(VISIT, sort=False)[PERCENT].transform("count") > 0
    with_any = rows.groupby(PARTICIPANT_ID, sort=False)[PERCENT].transform("count") > 0
    return rows[known & with_any].reset_index(drop=True)


def _draw_lines(page: Page, panel: Axes, result: Result, lines: _Lines) -> list[Artist]:
    groups, tracks = groups_of(lines.rows), lines.tracks
    marks = marks_of(groups)
    panel.set_ylim(axis_limits(lines.rows[PERCENT], [0.0, lines.threshold]))
    visit_axis(page, panel, lines.visits)
    number_axis(panel, "y")
    draw_zero(panel, "y", style=page.style)
    for track in tracks:
        draw_track(
            panel, track, lines.visits, mark=marks[track.group], style=page.style, faint=False
        )
    _name_lines(page, panel, lines)
    words = f"Change in {spoken(result.label)} from baseline (%)"
    axis_label(page, panel, "y", words)
    labels = [
        (group_label(name, sum(track.group == name for track in tracks)), marks[name])
        for name in groups
    ]
    return [*group_keys(labels, style=page.style)]


def _name_lines(page: Page, panel: Axes, lines: _Lines) -> None:
    """Name who came to the last visit beside it, and who did not at their last point."""
    places, tracks, threshold = lines.visits.places, lines.tracks, lines.threshold
    ends = {track: (places[track.known()[-1]], track.last()) for track in tracks}
    stay = {track: end for track, end in ends.items() if end[0] == places[-1]}
    words = [id_label(track.participant_id) for track in stay]
    right = list(stay.values())
    if math.isfinite(threshold):
        panel.axhline(
            threshold, color=INK, linewidth=page.style.line_pt * 1.4, linestyle=(0, (4, 2)),
            zorder=1.8, label="response line",
        )  # fmt: skip
        words.append(f"response {MINUS}{tick_number(-threshold)}%")
        right.append((panel.get_xlim()[1], threshold))
    label_ends(page, panel, right, words)
    left = {track: end for track, end in ends.items() if track not in stay}
    name_points(
        page, panel, at=list(left.values()),
        names=[id_label(track.participant_id) for track in left],
        others=np.array([(places[k], one.values[k]) for one in tracks for k in one.known()]),
    )  # fmt: skip


def _caption(result: Result, lines: _Lines) -> str:
    tracks, names = lines.tracks, lines.visits.names
    gone = [id_label(one.participant_id) for one in tracks if one.known()[-1] != len(names) - 1]
    said = [f"n = {count_of(len(tracks), 'participant')}. No test.", excluded_part(result)]
    without = result.data[PARTICIPANT_ID].nunique() - len(tracks)
    if without:
        said.append(f"Without a percent change, not drawn: {count_of(without, 'participant')}.")
    said.append(
        "Each line is one participant, named at its end; below zero is less than at baseline."
    )
    if has_gaps(tracks):
        said.append("Dashed: over a visit without a value.")
    if gone:
        shown = count_of(len(gone), "participant") if len(gone) > NAMED else join_words(gone)
        said.append(f"No value at {spoken(names[-1])}: {shown}.")
    return " ".join(said)


def _alternative(result: Result, lines: _Lines) -> str:
    names, percents = lines.visits.names, lines.rows[PERCENT]
    span = " to ".join(tick_number(float(f"{end:.3g}")) for end in (percents.min(), percents.max()))
    return (
        f"Spider plot of {spoken(result.label)}, {spoken(names[0])} to {spoken(names[-1])}: one "
        f"line per participant ({len(lines.tracks)}), percent changes from baseline of {span}%. "
        f"{lines.counted()}."
    )
