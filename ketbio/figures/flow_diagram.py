"""The flow of participants drawn from the data: CONSORT and STROBE."""

from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ketbio.errors import FigureError
from ketbio.figures.flow_layout import LINE, PAD, Box, Plan, plan_flow
from ketbio.figures.flow_steps import (
    flow_caption,
    flow_headline,
    flow_steps,
    flow_words,
)
from ketbio.figures.page import MARGIN_PT, Page, finish_page, start_page, style_at
from ketbio.figures.style import (
    INK,
    MM_PER_INCH,
    OUTLINE_FILL,
    POINTS_PER_INCH,
    Style,
    drawing_settings,
    find_style,
)

SLACK_PT = 3.0


def draw_flow(
    flow: pd.DataFrame,
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw how many participants each step keeps, and beside it who was lost and why.

    Steps that count against the step above hang below each other; those that count against
    everyone (a marker each, say) hang on a line at the left. Steps with an ``arm`` stand in a
    column for each arm. The figure grows in height with what there is to say.

    Parameters
    ----------
    flow : DataFrame
        As `derive_flow` returns it (``StudyRun.flow``): ``step, n, excluded, reasons``; where
        there are some, ``stage``, ``n_per_group`` (written into the box) and ``arm``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        One panel without axes. Its record holds the flow in words and the table.

    Raises
    ------
    FigureError
        Not such a table, numbers that do not add up, axes that are too small, or no such style.

    Examples
    --------
    >>> table = pd.DataFrame({"step": ["enrolled", "MADRS at day_14"], "n": [13, 12],
    ...     "excluded": [0, 1], "reasons": ["", "P09: no value at day_14"]})
    >>> [text.get_text() for text in draw_flow(table).axes[0].texts if text.get_text()][:4]
    ['Enrolled', 'n = 13', 'MADRS at day 14', 'n = 12']
    """
    steps = flow_steps(flow)
    own = find_style(style)
    sizes = style_at(own, ax)
    with drawing_settings(sizes):
        plan = plan_flow(steps, sizes, width=_width_pt(sizes, is_page=sizes is own))
        sizes = _with_room(sizes, plan, is_page=sizes is own)
        page = start_page(sizes, ax=ax, widths=[1], panel_height_pt=plan.height + SLACK_PT)
        _draw(page, page.panels[0], plan)
        return finish_page(
            page, headline=flow_headline(steps), caption=flow_caption(steps), note=note,
            data={"flow": flow}, kind="Flow diagram", alternative=flow_words(steps),
        )  # fmt: skip


def _width_pt(sizes: Style, *, is_page: bool) -> float:
    width = sizes.width_mm / MM_PER_INCH * POINTS_PER_INCH
    return width - 2 * MARGIN_PT - SLACK_PT if is_page else width


def _with_room(sizes: Style, plan: Plan, *, is_page: bool) -> Style:
    """Return sizes as high as the flow; refuse given axes that are too low for it."""
    needed = (plan.height + SLACK_PT) / POINTS_PER_INCH * MM_PER_INCH
    if is_page:
        return replace(sizes, panel_height_mm=needed)
    if needed > sizes.panel_height_mm:
        raise FigureError(
            f"The flow needs {needed:.0f} mm of height at this width, and the axes have "
            f"{sizes.panel_height_mm:.0f} mm. Give higher or wider axes, or a style with smaller "
            "type."
        )
    return sizes


def _draw(page: Page, panel: Axes, plan: Plan) -> None:
    width = max(box.left + box.width for box in plan.boxes)
    panel.set(xlim=(0, width), ylim=(plan.height, 0), xticks=[], yticks=[])
    panel.set_axis_off()
    line = page.style.line_pt
    for (x0, y0), (x1, y1) in plan.lines:
        panel.plot([x0, x1], [y0, y1], color=INK, linewidth=line, zorder=1, clip_on=False)
    for start, end in plan.arrows:
        panel.annotate(
            "", end, start, zorder=1, annotation_clip=False,
            arrowprops={
                "arrowstyle": "-|>,head_length=0.3,head_width=0.15", "color": INK,
                "linewidth": line, "shrinkA": 0, "shrinkB": 0,
                "mutation_scale": page.style.small_pt * 1.4,
            },
        )  # fmt: skip
    for box in plan.boxes:
        _draw_box(page, panel, box)


def _draw_box(page: Page, panel: Axes, box: Box) -> None:
    panel.add_patch(
        Rectangle(
            (box.left, box.top), box.width, box.height, zorder=2, clip_on=False,
            facecolor="white" if box.is_side else OUTLINE_FILL, edgecolor=INK,
            linewidth=page.style.line_pt, linestyle="--" if box.is_side else "-",
        )
    )  # fmt: skip
    for number, line in enumerate(box.lines):
        text = panel.text(
            box.left + PAD * box.size_pt,
            box.top + (PAD + (number + 0.5) * LINE) * box.size_pt,
            line, size=box.size_pt, color=INK, va="center_baseline", ha="left", zorder=3,
        )  # fmt: skip
        text.set_in_layout(False)  # it was fitted to its box; before the panel has its width,
        # it would reach out of it and make it narrower
