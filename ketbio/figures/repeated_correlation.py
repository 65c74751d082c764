"""Repeated-measures correlation: every participant's values and line, all lines of one slope."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.correlation_strip import draw_strip
from ketbio.figures.labels import id_label, spoken, with_unit
from ketbio.figures.marks import axis_limits, draw_zero
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import BLUE, DARK, FAINT, GUIDE, INK, ORANGE, WHITE
from ketbio.figures.parts import most_influential, numeric_rows, require_result
from ketbio.figures.placing import name_points
from ketbio.figures.style import (
    MM_PER_INCH,
    POINTS_PER_INCH,
    Style,
    drawing_settings,
    find_style,
)
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, marker_label
from ketbio.wording import capitalised

SHAPES = ("o", "^", "s", "v", "D", "p", "<", ">")
FILLS = (BLUE, WHITE, ORANGE, DARK)
"""Shapes and fills are taken in turn: 32 participants keep apart, in greyscale as well."""
TIGHT_EM = 34
"""Width of a page in multiples of its small print, below which the strip gets more of it."""
NAMED_AT_MOST = 24
"""More lines than these are not named: nothing would be legible."""
ALONG = 12
"""Places along each line that names avoid."""


def draw_repeated_correlation(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw the values of every participant with parallel lines, and the correlation beside.

    Each participant has a mark and a line over the range of their own values; all lines have the
    common slope, so that the distance of the values from their line is what the correlation is
    of.

    Parameters
    ----------
    result : Result
        Of `correlate_repeated`: data with ``participant_id, x, y, fitted``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the values with their lines, the correlation. The line of the participant without
        whom the correlation moves most is dark.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> one = Result(analysis="correlate_repeated", marker="m", n={"participants": 2}, outcome="",
    ...     groups=("m", "MADRS"), data=pd.DataFrame({"participant_id": ["P1", "P1", "P2", "P2"],
    ...     "x": [1.0, 2, 3, 5], "y": [9.0, 7, 20, 15], "fitted": [9.1, 6.9, 20.0, 15.5]}))
    >>> panel = draw_repeated_correlation(one).axes[0]
    >>> [line.get_xdata().tolist() for line in panel.lines if line.get_label() == "common slope"]
    [[1.0, 2.0], [3.0, 5.0]]
    """
    require_result(result, caller="draw_repeated_correlation")
    rows = numeric_rows(result, [PARTICIPANT_ID], ["x", "y"])
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        has_estimate = math.isfinite(result.estimate)
        share = 2.7 if _em_of(sizes) > TIGHT_EM else 2.0
        page = start_page(sizes, ax=ax, widths=(share, 1.0) if has_estimate else [1.0])
        _draw_lines(page, page.panels[0], result, rows)
        if has_estimate:
            draw_strip(page, page.panels[1], result)
        return finish_page(
            page,
            headline=answer(result),
            caption=small_print(result),
            note=note,
            results=[result],
        )


def _em_of(style: Style) -> float:
    """Return the width of a page in multiples of its small print."""
    return style.width_mm / MM_PER_INCH * POINTS_PER_INCH / style.small_pt


def _draw_lines(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> None:
    fitted = rows["fitted"] if "fitted" in rows else rows["y"].iloc[:0]
    panel.set(xlim=axis_limits(rows["x"]), ylim=axis_limits(rows["y"], fitted))
    is_change = result.outcome.startswith("changes")
    for which in ("x", "y"):
        number_axis(panel, which)
        if is_change:
            draw_zero(panel, which, style=page.style)
    influence = most_influential(result)
    darkest = influence.participant_id if influence is not None else ""
    ends = {}
    for place, (who, own) in enumerate(rows.groupby(PARTICIPANT_ID, sort=False)):
        line = _line_of(own)
        if line is not None:
            is_dark = str(who) == darkest
            panel.plot(
                line[:, 0], line[:, 1], color=INK if is_dark else GUIDE,
                linewidth=page.style.line_pt * (1.8 if is_dark else 1.0),
                zorder=2.2 if is_dark else 2, solid_capstyle="round", label="common slope",
            )  # fmt: skip
            panel.vlines(
                own["x"].to_numpy(dtype=np.float64), own["fitted"].to_numpy(dtype=np.float64),
                own["y"].to_numpy(dtype=np.float64), color=FAINT,
                linewidth=page.style.line_pt * 0.5, zorder=1.5, label="to the line",
            )  # fmt: skip
            ends[str(who)] = line
        _draw_marks(page, panel, own, place)
    is_tight = _em_of(page.style) <= TIGHT_EM or len(ends) > NAMED_AT_MOST
    if is_tight:
        ends = {who: line for who, line in ends.items() if who == darkest}
    _name_lines(page, panel, ends, rows, darkest)
    for which, words in zip(("x", "y"), _axis_words(result, is_change=is_change), strict=True):
        axis_label(page, panel, which, words)


def _line_of(own: pd.DataFrame) -> NDArray[np.float64] | None:
    """Return both ends of a participant's line, shape (2, 2); None where there is none."""
    if "fitted" not in own or not np.isfinite(own["fitted"].to_numpy(dtype=np.float64)).all():
        return None
    ends = own.sort_values("x", kind="stable").iloc[[0, -1]]
    return ends[["x", "fitted"]].to_numpy(dtype=np.float64)


def _draw_marks(page: Page, panel: Axes, own: pd.DataFrame, place: int) -> None:
    fill = FILLS[(place + place // len(SHAPES)) % len(FILLS)]
    panel.scatter(
        own["x"].to_numpy(dtype=np.float64), own["y"].to_numpy(dtype=np.float64),
        color=fill, marker=SHAPES[place % len(SHAPES)], s=(0.85 * page.style.point_pt) ** 2,
        edgecolor=INK, linewidth=page.style.line_pt * 0.7, zorder=3, clip_on=False,
        label=str(own[PARTICIPANT_ID].iloc[0]),
    )  # fmt: skip


def _name_lines(
    page: Page,
    panel: Axes,
    lines: dict[str, NDArray[np.float64]],
    rows: pd.DataFrame,
    darkest: str,
) -> None:
    """Name each line at its end, the most influential first; a name without room is left out."""
    order = sorted(lines, key=lambda who: who != darkest)
    steps = np.linspace(0, 1, ALONG)[:, None]
    along = [line[0] + steps * (line[1] - line[0]) for line in lines.values()]
    name_points(
        page, panel, at=[(float(lines[who][1, 0]), float(lines[who][1, 1])) for who in order],
        names=[id_label(who) for who in order],
        others=rows[["x", "y"]].to_numpy(dtype=np.float64),
        lines=np.concatenate(along) if along else (),
    )  # fmt: skip


def _axis_words(result: Result, *, is_change: bool) -> tuple[str, str]:
    """Return what both axes say, with the units that the descriptions know."""
    units = {one.marker: one.unit for one in result.companions if one.role == "description"}
    markers = result.groups if len(result.groups) == 2 else (result.marker, "outcome")
    later = result.outcome.rpartition(" visit")
    step = later[0].rpartition(" ")[2] if later[2].endswith("later") else ""
    words = []
    for marker, when in zip(markers, ("", step), strict=True):
        name = result.label if marker == result.marker else marker_label(marker)
        text = f"change in {spoken(name)}" if is_change else spoken(name)
        text += f", {when} visit{'s' if when != '1' else ''} later" if when else ""
        words.append(with_unit(capitalised(text), units.get(marker, "")))
    return words[0], words[1]
