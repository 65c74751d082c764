"""A marker over the visits: every participant's line, the groups' means, and n at each visit."""

import math

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.centres import draw_centres, lines_of_centres
from ketbio.figures.course_parts import (
    ALL,
    GROUP,
    Track,
    centres_of,
    course_rows,
    draw_track,
    groups_of,
    marks_of,
    tracks_of,
)
from ketbio.figures.course_words import interval_room
from ketbio.figures.end_labels import label_ends
from ketbio.figures.labels import spoken, tick_number, with_unit
from ketbio.figures.limits import LIMIT_MARGIN, draw_limits
from ketbio.figures.marks import axis_limits, draw_zero, group_keys
from ketbio.figures.model_parts import key_words
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.parts import numeric_rows, require_result
from ketbio.figures.style import INK, GroupMark, Style, drawing_settings, find_style
from ketbio.figures.visit_axis import LABEL_SHARE, Visits, place_visits, visit_axis
from ketbio.figures.wrapping import shortened
from ketbio.result import Result
from ketbio.vocabulary import LIMIT, PARTICIPANT_ID, REASON, VALUE, VISIT
from ketbio.wording import capitalised

REMISSION = "remission_at_or_below"
ROW_HEIGHT = 1.5
"""Of the counts below the axis, in multiples of their type size."""
ALL_LOOK = GroupMark(colour=INK, marker="D", hatch="")


def draw_trajectory(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw every participant over the visits, the groups' means with their intervals, and n.

    Visits stand at their days where all days are known and there is room for them, else evenly
    spaced, and the axis says so. A line over a missing visit is dashed.

    Parameters
    ----------
    result : Result
        Of `summarise_course`: data with ``participant_id, visit, day, group, value``; companions
        are the means (or medians) per visit and group.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the courses, the number of participants at each visit.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P1", "P2", "P2"], "group": "",
    ...     "visit": ["baseline", "day_14"] * 2, "day": [0.0, 14.0] * 2,
    ...     "value": [38.0, 19.0, 31.0, 20.0]})
    >>> one = Result(analysis="summarise_course", marker="MADRS", outcome="course", groups=("all",),
    ...     n={"all": 2}, estimate=19.5, estimate_name="mean at the last visit", unit="points",
    ...     data=rows)
    >>> courses, counts = draw_trajectory(one).axes
    >>> courses.get_ylabel(), [text.get_text() for text in counts.texts]
    ('MADRS (points)', ['2', '2'])
    """
    require_result(result, caller="draw_trajectory")
    rows = course_rows(result, VALUE)
    numeric_rows(_of_rows(result, rows), [PARTICIPANT_ID], [VALUE])
    sizes = style_at(find_style(style), ax)
    visits = place_visits(rows, sizes)
    groups = groups_of(rows)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1], heights=_heights(groups, sizes))
        panel, counts = page.panels
        keys = _draw_courses(page, panel, result, rows, visits)
        _write_counts(page, counts, rows, visits, groups)
        return finish_page(
            page, headline=answer(result), caption=small_print(result), note=note,
            results=[result], keys=keys,
        )  # fmt: skip


def _of_rows(result: Result, rows: pd.DataFrame) -> Result:
    """Return the result with the limits in place, for the check that there is a number at all."""
    return Result(
        analysis=result.analysis, marker=result.marker, label=result.label, outcome=result.outcome,
        groups=result.groups, n=result.n, data=rows,
    )  # fmt: skip


def _heights(groups: list[str], sizes: Style) -> tuple[float, float]:
    """Return the relative heights of the courses and of the counts below them."""
    counts = max(len(groups), 1) * ROW_HEIGHT * sizes.small_pt / 72 * 25.4
    rest = sizes.panel_height_mm - counts - 5 * sizes.font_pt / 72 * 25.4
    return (max(rest, counts), counts)


def _draw_courses(
    page: Page, panel: Axes, result: Result, rows: pd.DataFrame, visits: Visits
) -> list[Artist]:
    tracks = tracks_of(rows, visits, VALUE)
    groups = groups_of(rows)
    marks = marks_of(groups)
    centres = centres_of(result)
    beyond = rows[rows["side"] != ""]
    remission = _remission(rows)
    _set_limits(panel, rows, centres, remission, with_limits=len(beyond) > 0)
    visit_axis(page, panel, visits)
    number_axis(panel, "y")
    if (rows[VALUE] < 0).any():
        draw_zero(panel, "y", style=page.style)
    draw_limits(panel, beyond["side"], beyond[LIMIT] if len(beyond) else [], unit=result.unit,
                style=page.style)  # fmt: skip
    for track in tracks:
        draw_track(panel, track, visits, mark=marks[track.group], style=page.style, faint=True)
    named: dict[str, tuple[float, float]] = {}
    drawn = [name for name in groups if name] or [ALL]
    for name, known in lines_of_centres(centres, visits, drawn).items():
        draw_centres(page, panel, known, marks.get(name, ALL_LOOK), name)
        named[spoken(name) if groups else f"{_centre_name(result)} of all"] = known[-1][:2]
    if math.isfinite(remission):
        named[f"remission ≤ {tick_number(remission)}"] = _draw_remission(page, panel, remission)
    label_ends(page, panel, list(named.values()), [_cut(page, name) for name in named])
    axis_label(page, panel, "y", with_unit(capitalised(spoken(result.label)), result.unit))
    return _keys(page, tracks, marks, groups)


def _remission(rows: pd.DataFrame) -> float:
    known = rows[REMISSION].dropna() if REMISSION in rows else rows[VALUE].head(0)
    return float(known.iloc[0]) if len(known) else float("nan")


def _set_limits(
    panel: Axes, rows: pd.DataFrame, centres: dict[tuple[str, str], Result], remission: float,
    *, with_limits: bool,
) -> None:  # fmt: skip
    values = rows[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    low, high = interval_room(values)
    ends = [end for one in centres.values() for end in (one.ci_low, one.ci_high)]
    ends = [min(max(end, low), high) for end in ends if math.isfinite(end)]
    margin = {"margin": LIMIT_MARGIN} if with_limits else {}
    panel.set_ylim(axis_limits(values, ends, [remission], **margin))


def _centre_name(result: Result) -> str:
    return "median" if "median" in result.estimate_name else "mean"


def _draw_remission(page: Page, panel: Axes, height: float) -> tuple[float, float]:
    panel.axhline(
        height, color=INK, linewidth=page.style.line_pt, linestyle=(0, (4, 2)), zorder=1.5,
        label="remission line",
    )  # fmt: skip
    return (panel.get_xlim()[1], height)


def _keys(
    page: Page, tracks: list[Track], marks: dict[str, GroupMark], groups: list[str]
) -> list[Artist]:
    if not groups:
        return []
    counts = {name: sum(track.group == name for track in tracks) for name in groups}
    labels = [
        (
            key_words(f"{spoken(name) or 'not known'} (n = {counts[name]:,})", page.style),
            marks[name],
        )
        for name in groups
    ]
    return [*group_keys(labels, style=page.style)]


def _write_counts(
    page: Page, panel: Axes, rows: pd.DataFrame, visits: Visits, groups: list[str]
) -> None:
    """Write how many have a value (or a limit) at each visit, in one line per group."""
    here = rows[rows[VALUE].notna()] if REASON not in rows else rows[rows[REASON].fillna("") == ""]
    lines = groups or [ALL]
    panel.set_xlim(*visits.limits)
    panel.set_ylim(len(lines) - 0.5, -0.5)
    for place, name in enumerate(lines):
        own = here if name == ALL else here[here[GROUP] == name]
        for visit, at in zip(visits.names, visits.places, strict=True):
            panel.text(
                at, place, f"{int((own[VISIT] == visit).sum()):,}",
                ha="center", va="center", size=page.style.small_pt, color=INK,
            )  # fmt: skip
    panel.set_yticks(range(len(lines)), labels=[_cut(page, _count_label(one)) for one in lines])
    panel.set_xticks([])
    panel.tick_params(axis="y", length=0)
    panel.spines[:].set_visible(False)


def _cut(page: Page, name: str) -> str:
    """Return a name beside the panel, cut in its middle where it would take the panel's room."""
    room = LABEL_SHARE * page.width_pt
    return shortened(name, width_pt=room, size_pt=page.style.small_pt)


def _count_label(name: str) -> str:
    return "n" if name == ALL else f"n, {spoken(name) or 'not known'}"
