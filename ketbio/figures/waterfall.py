"""Response as a waterfall: one bar per participant, with the line from which it is a response."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import ScaledTranslation
from numpy.typing import NDArray

from ketbio.errors import FigureError
from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.labels import group_label, id_label
from ketbio.figures.marks import axis_limits
from ketbio.figures.page import MARGIN_PT, Page, finish_page, start_page, style_at
from ketbio.figures.parts import columns_of, require_result
from ketbio.figures.style import (
    INK,
    MM_PER_INCH,
    POINTS_PER_INCH,
    GroupMark,
    Style,
    drawing_settings,
    find_style,
    group_marks,
)
from ketbio.figures.wrapping import text_width
from ketbio.result import Result
from ketbio.vocabulary import NON_RESPONDER, PARTICIPANT_ID, RESPONDER

REDUCTION = "percent_reduction"
RESPONSE = "response"
REMITTER = "is_remitter"
THRESHOLD = "response_percent"
Numbers = NDArray[np.float64]

BAR_WIDTH = 0.78
FEWEST_PLACES = 6
"""With fewer participants their bars stay as narrow as with this many."""
LABEL_PITCH = 1.45
"""Room that a participant's id needs along the axis, in multiples of its type size."""
LONGEST_UPRIGHT_ID = 12
"""Ids longer than this are read from left to right, so the bars lie on their side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What a waterfall draws, from the least reduction to the largest.

    Attributes
    ----------
    rows : DataFrame
        One row per participant, in the order of the bars.
    threshold : float
        Least reduction that is a response, in percent.
    is_upright : bool
        Whether bars stand (ids along the x axis) or lie (ids along the y axis).
    """

    rows: pd.DataFrame
    threshold: float
    is_upright: bool


def draw_waterfall(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw every participant's percent reduction, sorted, with the response line.

    Bars stand where the ids fit below them, and lie on their side where they do not; the figure
    then grows in height with the number of participants.

    Parameters
    ----------
    result : Result
        Of `summarise_response`: data with ``participant_id, percent_reduction, response,
        is_remitter, response_percent``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        One panel. A participant without an endpoint value has a cross in place of a bar.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> one = Result(analysis="summarise_response", marker="MADRS", outcome="total",
    ...     groups=("all",), n={"all": 2}, estimate=50.0, estimate_name="responders", unit="%",
    ...     data=pd.DataFrame({"participant_id": ["P1", "P2"], "percent_reduction": [60.0, -5.0],
    ...     "response": ["responder", "non-responder"], "is_remitter": [True, False],
    ...     "response_percent": 50.0}))
    >>> panel = draw_waterfall(one).axes[0]
    >>> [label.get_text() for label in panel.get_xticklabels()]
    ['P2', 'P1']
    """
    require_result(result, caller="draw_waterfall")
    sizes = style_at(find_style(style), ax)
    bars = _bars_of(result, sizes)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1], panel_height_pt=_height_pt(bars, sizes))
        panel = page.panels[0]
        _prepare_axes(page, panel, result, bars)
        keys = _draw_bars(page, panel, bars)
        keys += _draw_remitters(page, panel, bars)
        keys += _draw_threshold(page, panel, bars)
        return finish_page(
            page,
            headline=answer(result),
            caption=small_print(result),
            note=note,
            results=[result],
            keys=keys,
        )


def _bars_of(result: Result, sizes: Style) -> Bars:
    data = columns_of(result, [PARTICIPANT_ID, REDUCTION, RESPONSE, REMITTER, THRESHOLD])
    if data[REDUCTION].isna().all():
        raise FigureError(
            f"{result.analysis} of {result.label} has no row with a number in {REDUCTION!r}, "
            "so there is nothing to draw."
        )
    rows = data.sort_values([REDUCTION, PARTICIPANT_ID], kind="stable", na_position="first")
    ids = rows[PARTICIPANT_ID].astype(str)
    fits = len(rows) * sizes.small_pt * LABEL_PITCH <= _width_pt(sizes)
    return Bars(
        rows=rows.reset_index(drop=True),
        threshold=float(rows[THRESHOLD].iloc[0]),
        is_upright=bool(fits and ids.str.len().max() <= LONGEST_UPRIGHT_ID),
    )


def _width_pt(sizes: Style) -> float:
    """Return how wide the panel is, about: without its margins and the axis beside it."""
    return sizes.width_mm / MM_PER_INCH * POINTS_PER_INCH - 2 * MARGIN_PT - 5 * sizes.font_pt


def _height_pt(bars: Bars, sizes: Style) -> float:
    if bars.is_upright:
        return 0.0
    return len(bars.rows) * sizes.small_pt * LABEL_PITCH + 6 * sizes.font_pt


def _prepare_axes(page: Page, panel: Axes, result: Result, bars: Bars) -> None:
    limits = axis_limits(bars.rows[REDUCTION], [0.0, bars.threshold], margin=0.1)
    places = range(len(bars.rows))
    ids = [id_label(name) for name in bars.rows[PARTICIPANT_ID]]
    ends = (-0.7, max(len(bars.rows), FEWEST_PLACES) - 0.3)
    words = f"Reduction in {result.label} from baseline (%)"
    if bars.is_upright:
        panel.set(xlim=ends, ylim=limits)
        panel.set_xticks(places, labels=ids, rotation=_turn(ids, bars, page.style))
        number_axis(panel, "y")
        axis_label(page, panel, "y", words)
        axis_label(page, panel, "x", "Participant")
        panel.axhline(0, color=INK, linewidth=page.style.line_pt, zorder=4, label="zero")
    else:
        panel.set(ylim=ends[::-1], xlim=limits)
        panel.set_yticks(places, labels=ids)
        number_axis(panel, "x")
        axis_label(page, panel, "x", words)
        axis_label(page, panel, "y", "Participant")
        panel.axvline(0, color=INK, linewidth=page.style.line_pt, zorder=4, label="zero")
    panel.tick_params(axis="x" if bars.is_upright else "y", length=0)


def _turn(ids: list[str], bars: Bars, sizes: Style) -> int:
    """Return by how many degrees the ids are turned: not at all where they fit below their bars."""
    places = max(len(bars.rows), FEWEST_PLACES) + 0.4
    slot = (_width_pt(sizes) - 2 * sizes.font_pt) / places
    widest = max(text_width(one, size_pt=sizes.small_pt) for one in ids)
    return 0 if widest + sizes.small_pt / 2 <= slot else 90


def _draw_bars(page: Page, panel: Axes, bars: Bars) -> list[Artist]:
    present = [*dict.fromkeys([RESPONDER, NON_RESPONDER, *bars.rows[RESPONSE]])]
    marks = group_marks(present)
    keys: list[Artist] = []
    for name in present:
        own = bars.rows.loc[bars.rows[RESPONSE] == name]
        if own.empty:
            continue
        places = own.index.to_numpy(dtype=np.float64)
        lengths = own[REDUCTION].to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.isfinite(lengths)
        draw = panel.bar if bars.is_upright else panel.barh
        drawn = draw(places[known], lengths[known], BAR_WIDTH, label=name, zorder=2)
        key = Patch(label=group_label(name, len(own)))
        for patch in (*drawn, key):
            _dress_bar(patch, marks[name], page.style)
        keys.append(key)
        _draw_flat(page, panel, bars, places[known & (lengths == 0)], marks[name])
        _draw_missing(page, panel, bars, places[~known])
    return keys


def _dress_bar(patch: Patch, mark: GroupMark, style: Style) -> None:
    patch.set(facecolor=mark.colour, edgecolor=INK, hatch=mark.hatch)
    patch.set_linewidth(style.line_pt * 0.8)


def _turned(bars: Bars, along: Numbers, length: Numbers) -> tuple[Numbers, Numbers]:
    """Return x and y of places along the bars' axis and lengths across it."""
    return (along, length) if bars.is_upright else (length, along)


def _draw_flat(page: Page, panel: Axes, bars: Bars, places: Numbers, mark: GroupMark) -> None:
    """Draw a reduction of exactly zero as a thick tick: a bar of no length cannot be seen."""
    for place in places:
        along = np.array([place - BAR_WIDTH / 2, place + BAR_WIDTH / 2])
        x, y = _turned(bars, along, np.zeros(2))
        width = page.style.line_pt * 5
        panel.plot(x, y, color=INK, linewidth=width, solid_capstyle="butt", zorder=5)
        panel.plot(
            x, y, color=mark.colour, linewidth=width * 0.6, solid_capstyle="butt", zorder=6,
            label="no change",
        )  # fmt: skip


def _draw_missing(page: Page, panel: Axes, bars: Bars, places: Numbers) -> None:
    if not len(places):
        return
    x, y = _turned(bars, places, np.zeros(len(places)))
    panel.plot(
        x, y, marker="x", markersize=page.style.point_pt, markeredgecolor=INK,
        markeredgewidth=page.style.line_pt * 1.6, linestyle="none", zorder=7, label="no value",
    )  # fmt: skip


def _draw_remitters(page: Page, panel: Axes, bars: Bars) -> list[Artist]:
    is_remitter = bars.rows[REMITTER].astype("boolean").fillna(False).to_numpy(dtype=bool)
    own = bars.rows.loc[is_remitter]
    if own.empty:
        return []
    tips = own[REDUCTION].fillna(0.0).clip(lower=0).to_numpy(dtype=np.float64)
    x, y = _turned(bars, own.index.to_numpy(dtype=np.float64), tips)
    aside = page.style.point_pt * 0.9 / POINTS_PER_INCH
    shift = (0.0, aside) if bars.is_upright else (aside, 0.0)
    moved = panel.transData + ScaledTranslation(*shift, page.figure.dpi_scale_trans)
    size = page.style.point_pt * 1.3
    stars = Line2D(
        x, y, marker="*", markersize=size, color=INK, linestyle="none",
        transform=moved, zorder=7, label="remitter", clip_on=False,
    )  # fmt: skip
    panel.add_line(stars)
    key = Line2D(
        [], [], marker="*", markersize=size, color=INK, linestyle="none",
        label=f"remission (n = {len(own)})",
    )  # fmt: skip
    return [key]


def _draw_threshold(page: Page, panel: Axes, bars: Bars) -> list[Artist]:
    draw = panel.axhline if bars.is_upright else panel.axvline
    dashes = (0, (4, 2))
    width = page.style.line_pt * 1.4
    draw(
        bars.threshold, color=INK, linewidth=width, linestyle=dashes, zorder=3,
        label="response line",
    )  # fmt: skip
    words = f"response: reduction ≥ {bars.threshold:g}%"
    return [Line2D([], [], color=INK, linewidth=width, linestyle=dashes, label=words)]
