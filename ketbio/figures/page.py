"""The page of a figure: note, headline, legend, panels and caption, none over another.

The width comes from the style; the height follows from what there is to say. Text is measured
and wrapped, and what depends on the final size of a panel (wrapped labels, swarms of points) is
fitted after the panels have been laid out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from ketbio.figures.style import (
    INK,
    MM_PER_INCH,
    POINTS_PER_INCH,
    QUIET,
    Style,
    missing_characters,
)
from ketbio.figures.wrapping import wrap_text

DPI = 150
"""Pixels per inch on a screen; a saved PNG has more (see `save_figure`)."""
MARGIN_PT = 6.0
LINE_SPACING = 1.3
LAYOUT_PASSES = 3
"""Wrapping a label changes the panel that it was wrapped to; three rounds settle it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A figure being made.

    Attributes
    ----------
    figure : Figure
        The figure, on an Agg canvas of its own (pyplot never hears of it).
    style : Style
        Its sizes.
    panels : tuple of Axes
        From left to right, row by row.
    panel_height_pt : float
        Height that the panels and their axes take, in points.
    said : list of str
        What the labels say that are written only when there is room for them.
    label_fits : list of functions
        Run after each round of layout: wrap the labels to the panels as they now are.
    mark_fits : list of functions
        Run when the panels have their final size: place what is measured on paper.
    """

    figure: Figure
    style: Style
    panels: tuple[Axes, ...]
    panel_height_pt: float
    said: list[str] = field(default_factory=list)
    label_fits: list[Callable[[], None]] = field(default_factory=list)
    mark_fits: list[Callable[[], None]] = field(default_factory=list)

    @property
    def width_pt(self) -> float:
        """Width of the page, in points."""
        return self.style.width_mm / MM_PER_INCH * POINTS_PER_INCH


class PageFigure(Figure):
    """A matplotlib figure that a notebook shows as a picture, without being asked to."""

    def _repr_png_(self) -> bytes:
        picture = BytesIO()
        self.savefig(picture, format="png")
        return picture.getvalue()


def start_page(
    style: Style,
    *,
    widths: Sequence[float],
    heights: Sequence[float] = (1.0,),
    panel_height_pt: float = 0.0,
) -> Page:
    """Return an empty page with panels side by side, or in rows.

    Parameters
    ----------
    style : Style
        Sizes.
    widths : sequence of float
        Relative width of each column of panels.
    heights : sequence of float
        Relative height of each row of panels.
    panel_height_pt : float
        Height of all rows in points, where it is more than the style's own.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> len(start_page(STYLES["report"], widths=[2, 1]).panels)
    2
    """
    height_pt = max(panel_height_pt, style.panel_height_mm / MM_PER_INCH * POINTS_PER_INCH)
    size = (style.width_mm / MM_PER_INCH, height_pt / POINTS_PER_INCH)
    figure = PageFigure(figsize=size, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(
        len(heights), len(widths), width_ratios=list(widths), height_ratios=list(heights)
    )
    places = [(row, column) for row in range(len(heights)) for column in range(len(widths))]
    panels = tuple(figure.add_subplot(grid[place]) for place in places)
    for panel in panels:
        _dress(panel, style)
    return Page(figure=figure, style=style, panels=panels, panel_height_pt=height_pt)


def _dress(panel: Axes, style: Style) -> None:
    panel.spines[["top", "right"]].set_visible(False)
    for spine in panel.spines.values():
        spine.set(linewidth=style.line_pt, color=INK)
    panel.tick_params(
        which="both",
        labelsize=style.small_pt,
        width=style.line_pt,
        length=3 * style.line_pt + 1,
        pad=style.small_pt / 3,
        color=INK,
        labelcolor=INK,
    )
    for axis in (panel.xaxis, panel.yaxis):
        axis.label.set(size=style.font_pt, color=INK)


def finish_page(
    page: Page, *, headline: str, caption: str, note: str = "", keys: Sequence[Artist] = ()
) -> Figure:
    """Write what stands around the panels, lay the page out and fix the layout.

    Parameters
    ----------
    page : Page
        The page, its panels drawn.
    headline : str
        The answer, above the panels.
    caption : str
        n, test, interval and exclusions, below the panels.
    note : str
        What must not be overlooked (``"Simulated data"``), on top of all.
    keys : sequence of Artist
        Handles of the legend, each with its label; none, no legend.

    Returns
    -------
    Figure
        Complete: drawing it again moves nothing.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> figure = finish_page(page, headline="r = 0.4", caption="n = 11", note="Simulated data")
    >>> [text.get_text() for text in figure.texts]
    ['Simulated data', 'r = 0.4', 'n = 11']
    """
    style = page.style
    above = [
        _band(page, note, size_pt=style.font_pt, weight="bold"),
        _band(page, headline, size_pt=style.font_pt),
    ]
    legend_height = _legend(page, keys)
    below = _band(page, _with_missing(page, caption), size_pt=style.small_pt, colour=QUIET)
    head = MARGIN_PT + sum(_height_of(page, text) for text in above) + legend_height
    foot = MARGIN_PT + _height_of(page, below)
    total = head + page.panel_height_pt + foot
    page.figure.set_size_inches(page.width_pt / POINTS_PER_INCH, total / POINTS_PER_INCH)
    top = total - MARGIN_PT
    for text in above:
        if text is not None:
            text.set_position((MARGIN_PT / page.width_pt, top / total))
            top -= _height_of(page, text)
    for legend in page.figure.legends:
        legend.set_bbox_to_anchor((MARGIN_PT / page.width_pt, top / total))
    if below is not None:
        below.set_position((MARGIN_PT / page.width_pt, (foot - style.small_pt / 2) / total))
    _lay_out(page, bottom=foot / total, top=1 - head / total)
    return page.figure


def _with_missing(page: Page, caption: str) -> str:
    said = [caption, *page.said, *(text.get_text() for text in page.figure.findobj(Text))]
    missing = missing_characters("".join(said))
    if not missing:
        return caption
    return f"{caption} No font here has these characters, drawn as boxes: {' '.join(missing)}"


def _band(
    page: Page, words: str, *, size_pt: float, weight: str = "normal", colour: str = INK
) -> Text | None:
    if not words:
        return None
    width = page.width_pt - 2 * MARGIN_PT
    wrapped = wrap_text(words, width_pt=width, size_pt=size_pt, weight=weight)
    return page.figure.text(
        0, 0, wrapped, size=size_pt, weight=weight, color=colour,
        va="top", ha="left", linespacing=LINE_SPACING,
    )  # fmt: skip


def _height_of(page: Page, text: Text | None) -> float:
    if text is None:
        return 0.0
    pixels = float(text.get_window_extent().height)
    return pixels / page.figure.dpi * POINTS_PER_INCH + page.style.small_pt * 0.8


def _legend(page: Page, keys: Sequence[Artist]) -> float:
    """Put the legend in as few rows as the width holds; return its height in points."""
    room = page.width_pt - 2 * MARGIN_PT
    for columns in range(len(keys), 0, -1):
        legend = page.figure.legend(
            handles=list(keys),
            loc="upper left",
            ncols=columns,
            fontsize=page.style.small_pt,
            frameon=False,
            borderpad=0,
            borderaxespad=0,
            handletextpad=0.5,
            columnspacing=1.2,
            labelcolor=INK,
        )
        legend.set_in_layout(False)
        box = legend.get_window_extent(page.figure.canvas.get_renderer())  # type: ignore[attr-defined]
        if columns == 1 or box.width / page.figure.dpi * POINTS_PER_INCH <= room:
            return float(box.height) / page.figure.dpi * POINTS_PER_INCH + page.style.small_pt
        legend.remove()
    return 0.0


def _lay_out(page: Page, *, bottom: float, top: float) -> None:
    side = MARGIN_PT / page.width_pt
    page.figure.set_layout_engine(
        "constrained",
        rect=(side, bottom, 1 - 2 * side, top - bottom),
        w_pad=0.02,
        h_pad=0.02,
        wspace=0.03,
    )
    for text in page.figure.texts:
        text.set_in_layout(False)
    for _ in range(LAYOUT_PASSES):
        page.figure.draw_without_rendering()
        for fit in page.label_fits:
            fit()
    page.figure.draw_without_rendering()
    page.figure.set_layout_engine("none")
    for panel in page.panels:
        # the layout's solver leaves noise in the last digits, which would make each file another
        panel.set_position(Bbox(np.round(panel.get_position().get_points(), 4)))
    for fit in page.mark_fits:
        fit()
    page.figure.draw_without_rendering()
