"""A crossover by sequence and period: every participant's line, and the treatment effect beside."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ketbio.figures.axes import axis_label, category_axis, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.crossover_blocks import Block, Slot, blocks_of
from ketbio.figures.crossover_words import by_sequence
from ketbio.figures.labels import quantity_label, spoken, with_interval, with_unit
from ketbio.figures.marks import (
    axis_limits,
    draw_interval,
    draw_mean_bar,
    draw_null,
    draw_points,
    draw_zero,
    group_keys,
)
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import NO_GROUP
from ketbio.figures.parts import GroupCentre, group_means, numeric_rows, require_result
from ketbio.figures.style import (
    INK,
    MM_PER_INCH,
    POINTS_PER_INCH,
    QUIET,
    GroupMark,
    Style,
    drawing_settings,
    find_style,
)
from ketbio.figures.swarm import spread_swarm
from ketbio.figures.wrapping import text_width, wrap_text
from ketbio.result import Result, contrast_words
from ketbio.vocabulary import PARTICIPANT_ID

COLUMNS = ("sequence", "period", "treatment")
NUMBERS = ("response",)
SLOT_ROOM = 0.16
SWARM_ROOM = 0.36
MEAN_ASIDE = 0.3
"""How far outside of the first and the last period the means of a sequence stand."""
ROOM = 0.48
"""Share of the width of the page that the periods have, at least; the axis' labels take some."""
ROOM_BESIDE = 0.26
"""The same of the differences."""
MARGIN = 4.0
"""What a key of the legend leaves beside its words, in widths of a letter."""
MOST_COLUMNS = 4
"""Sequences whose differences stand in columns of their own; beyond, in one."""
OPEN = "white"
BEHIND = 2.5
"""Means stand before the participants' lines and behind their points, which they never hide."""

FloatArray = NDArray[np.float64]


def draw_crossover(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw every participant over the periods of the sequence, and the treatment effect beside.

    Parameters
    ----------
    result : Result
        Of `compare_crossover`: data with ``participant_id, sequence, period, treatment, response,
        is_complete, difference``; groups are (treatment, reference).
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the periods by sequence, the differences between the treatments.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P1", "P2", "P2"],
    ...     "sequence": ["KS", "KS", "SK", "SK"], "period": [1, 2, 1, 2], "is_complete": True,
    ...     "treatment": ["ketamine", "saline", "saline", "ketamine"],
    ...     "response": [-12.0, -3.0, -2.0, -9.0], "difference": [-9.0, -9.0, -7.0, -7.0]})
    >>> one = Result(analysis="compare_crossover", marker="MADRS", groups=("ketamine", "saline"),
    ...     outcome="change, baseline to day_1", n={"KS": 1, "SK": 1}, estimate=-8.0, data=rows,
    ...     estimate_name="treatment difference, adjusted for period", unit="points")
    >>> [panel.get_ylabel() for panel in draw_crossover(one).axes]
    ['Change in MADRS, baseline to day 1 (points)', 'Difference, ketamine − saline (points)']
    """
    require_result(result, caller="draw_crossover")
    rows = numeric_rows(result, [PARTICIPANT_ID, *COLUMNS, "is_complete", "difference"], NUMBERS)
    sizes = style_at(find_style(style), ax)
    blocks = blocks_of(rows)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=(1.7, 1.0))
        periods, differences = page.panels
        _draw_periods(page, periods, result, blocks)
        _draw_differences(page, differences, result, blocks)
        room = _width_pt(sizes) - MARGIN * sizes.font_pt
        keys = [
            (wrap_text(block.key, width_pt=room, size_pt=sizes.font_pt), block.look)
            for block in blocks
        ]
        return finish_page(
            page, headline=answer(result), caption=small_print(result), note=note,
            results=[result], keys=group_keys(keys, style=sizes),
        )  # fmt: skip


def _draw_periods(page: Page, panel: Axes, result: Result, blocks: list[Block]) -> None:
    means = {block.label: _means(result, block) for block in blocks}
    reach = [end for found in means.values() for bar in found.values() for end in bar.reach()]
    every = [slot for block in blocks for slot in block.slots]
    responses = np.concatenate([block.rows["response"].to_numpy() for block in blocks])
    last = every[-1].at
    panel.set(xlim=(-0.65, last + 0.65), ylim=axis_limits(responses, reach))
    number_axis(panel, "y")
    if (responses < 0).any():
        draw_zero(panel, "y", style=page.style)
    for block in blocks:
        _draw_block(page, panel, block)
        _draw_means(page, panel, block, means[block.label])
    labels = _labels(every, room_pt=ROOM * _width_pt(page.style) / (last + 1.3), style=page.style)
    category_axis(page, panel, at=[slot.at for slot in every], labels=labels)
    if not any(slot.treatment in label for slot, label in zip(every, labels, strict=True)):
        axis_label(page, panel, "x", "Period of the sequence")
    axis_label(page, panel, "y", with_unit(quantity_label(result), result.unit))


def _labels(slots: list[Slot], *, room_pt: float, style: Style) -> list[str]:
    """Return what stands below each period; its number alone where a treatment has no room."""
    named = [f"period {slot.period}: {spoken(slot.treatment)}" for slot in slots]
    if _fit(named, room_pt=room_pt, style=style):
        return named
    short = [f"{slot.period}: {spoken(slot.treatment)}" for slot in slots]
    return (
        short if _fit(short, room_pt=room_pt, style=style) else [str(one.period) for one in slots]
    )


def _fit(labels: list[str], *, room_pt: float, style: Style) -> bool:
    words = [word for label in labels for word in label.split(" ")]
    widest = max(text_width(word, size_pt=style.small_pt) for word in words)
    return widest + style.small_pt / 2 <= room_pt  # as category_axis leaves between two labels


def _means(result: Result, block: Block) -> dict[int, GroupCentre]:
    """Return the mean of each period of a sequence, as the result tells it."""
    told = group_means(result)
    names = {one.period: by_sequence(block.label, one.period, one.treatment) for one in block.slots}
    return {period: told[name] for period, name in names.items() if name in told}


def _draw_block(page: Page, panel: Axes, block: Block) -> None:
    """Draw the lines of a sequence; who has one period only is an open point."""
    wide = block.rows.pivot_table("response", index=PARTICIPANT_ID, columns="period", sort=False)
    first = block.rows.drop_duplicates(PARTICIPANT_ID).set_index(PARTICIPANT_ID)
    is_whole = first.loc[wide.index, "is_complete"].to_numpy(dtype=bool)
    periods = [slot.period for slot in block.slots]
    values = wide.reindex(columns=periods).to_numpy(dtype=np.float64)
    at = np.array([slot.at for slot in block.slots])
    lines = []
    for participant, heights, whole in zip(wide.index, values, is_whole, strict=True):
        known = np.isfinite(heights)
        [line] = panel.plot(
            at[known], heights[known], color=QUIET, linewidth=page.style.line_pt, alpha=0.8,
            linestyle="-" if whole else "--", zorder=2, label=f"participant {participant}",
        )  # fmt: skip
        lines.append(line)
    fills = [block.look.colour if whole else OPEN for whole in is_whole]
    columns = [
        _draw_slot(page, panel, values[:, place], block.look, slot)
        for place, slot in enumerate(block.slots)
    ]
    for points, heights in zip(columns, values.T, strict=True):
        known = np.isfinite(heights)
        points.set_facecolor([fill for fill, here in zip(fills, known, strict=True) if here])
    page.mark_fits.append(lambda: _join(lines, columns, values))


def _draw_slot(
    page: Page, panel: Axes, heights: FloatArray, look: GroupMark, slot: Slot
) -> Collection:
    known = np.isfinite(heights)
    points = draw_points(
        panel, np.full(int(known.sum()), slot.at), heights[known], mark=look, style=page.style,
        label=f"period {slot.period}, {slot.treatment}",
    )  # fmt: skip
    spread_swarm(page, panel, points, at=slot.at, room=SLOT_ROOM)
    return points


def _join(
    lines: list[Line2D],
    columns: list[Collection],
    values: FloatArray,
) -> None:
    """Lead each line to its own points, which may stand aside of equal ones."""
    known = np.isfinite(values)
    places = np.full(values.shape, np.nan)
    for place, points in enumerate(columns):
        places[known[:, place], place] = np.asarray(points.get_offsets(), dtype=np.float64)[:, 0]
    for line, at, here in zip(lines, places, known, strict=True):
        line.set_xdata(at[here])


def _draw_means(page: Page, panel: Axes, block: Block, means: dict[int, GroupCentre]) -> None:
    """Draw the means of a sequence: at the ends aside of the points, between them among them."""
    known = [slot for slot in block.slots if slot.period in means]
    if not known:
        return
    at = np.array([slot.at for slot in known])
    at[0] -= MEAN_ASIDE
    at[-1] += MEAN_ASIDE if len(known) > 1 else 0.0
    heights = np.array([means[slot.period].value for slot in known])
    panel.plot(
        at, heights, color=INK, linewidth=page.style.line_pt * 2.5, zorder=BEHIND,
        label=f"mean line {block.label}",
    )  # fmt: skip
    before = len(panel.lines)
    for place, slot in zip(at, known, strict=True):
        name = f"mean {by_sequence(block.label, slot.period, slot.treatment)}"
        draw_mean_bar(panel, means[slot.period], at=float(place), style=page.style, label=name)
    for line in panel.lines[before:]:
        line.set_zorder(BEHIND)


def _draw_differences(page: Page, panel: Axes, result: Result, blocks: list[Block]) -> None:
    every = pd.concat([block.rows for block in blocks])
    own = every[every["is_complete"]].drop_duplicates(PARTICIPANT_ID).dropna(subset=["difference"])
    looks = {block.label: block.look for block in blocks}
    labels = [label for label in looks if (own["sequence"] == label).any()]
    columns = labels if len(labels) <= MOST_COLUMNS else [""]
    place = float(len(columns))
    interval = [result.null_value, result.estimate, result.ci_low, result.ci_high]
    panel.set(xlim=(-0.6, place + 0.6), ylim=axis_limits(own["difference"], interval))
    number_axis(panel, "y")
    draw_null(panel, result, style=page.style)
    for at, label in enumerate(columns):
        here = own if label == "" else own[own["sequence"] == label]
        points = draw_points(
            panel, np.full(len(here), float(at)), here["difference"],
            mark=looks.get(label, NO_GROUP), style=page.style, label=f"difference {label}",
        )  # fmt: skip
        spread_swarm(page, panel, points, at=at, room=SWARM_ROOM)
    draw_interval(
        panel,
        estimate=result.estimate,
        low=result.ci_low,
        high=result.ci_high,
        at=place,
        style=page.style,
    )
    names = [spoken(label) or "each" for label in columns]
    estimate = with_interval("adjusted", result)
    room = ROOM_BESIDE * _width_pt(page.style) / (place + 1.2)
    if not _fit([estimate], room_pt=room, style=page.style):
        estimate = with_interval("", result).removeprefix(", ") or "all"
    category_axis(page, panel, at=range(len(columns) + 1), labels=[*names, estimate])
    said = f"Difference, {spoken(contrast_words(result))}"
    axis_label(page, panel, "y", with_unit(said, result.unit))


def _width_pt(style: Style) -> float:
    return style.width_mm / MM_PER_INCH * POINTS_PER_INCH
