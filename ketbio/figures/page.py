"""The page of a figure: note, headline, legend, panels and caption, none over another.

The width comes from the style; the height follows from what there is to say. Text is measured
and wrapped, and what depends on the final size of a panel (wrapped labels, swarms of points) is
fitted after the panels have been laid out. A page can also be the place of axes that the user
gave, or a part of a composed figure; then its panels are all that is drawn here.
"""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.arrange import PanelGrid, arrange_within
from ketbio.figures.given import check_axes, empty_axes, finish_in_place, put_panels, style_at
from ketbio.figures.record import keep_record, make_record
from ketbio.figures.sheet import (
    DPI,
    MARGIN_PT,
    Page,
    PageFigure,
    Part,
    dress_panel,
    new_figure,
    settle,
)
from ketbio.figures.style import MM_PER_INCH, POINTS_PER_INCH, Style
from ketbio.figures.surroundings import surround
from ketbio.result import Result

__all__ = [
    "DPI",
    "MARGIN_PT",
    "Page",
    "PageFigure",
    "finish_page",
    "start_page",
    "style_at",
]


def start_page(
    style: Style,
    *,
    widths: Sequence[float],
    heights: Sequence[float] = (1.0,),
    panel_height_pt: float = 0.0,
    ax: Axes | None = None,
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
    ax : Axes, optional
        Axes that are emptied and hidden, and in whose place the panels are put; None, a figure
        of its own.

    Raises
    ------
    FigureError
        ``ax`` is something else than Axes in a figure.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> len(start_page(STYLES["report"], widths=[2, 1]).panels)
    2
    """
    sizes = style_at(style, ax)
    height_pt = max(panel_height_pt, sizes.panel_height_mm / MM_PER_INCH * POINTS_PER_INCH)
    shape = (tuple(float(one) for one in widths), tuple(float(one) for one in heights))
    if ax is not None:
        host = check_axes(ax)
        empty_axes(host)
        panels = put_panels(host, count=len(widths) * len(heights))
        figure = host.figure
    else:
        host = None
        figure = new_figure(width_pt=_points(sizes.width_mm), height_pt=height_pt)
        panels = _add_panels(figure, *shape)
    for panel in panels:
        dress_panel(panel, sizes)
    return Page(
        figure=figure,
        style=sizes,
        grid=PanelGrid(panels=panels, widths=shape[0], heights=shape[1]),
        panel_height_pt=height_pt,
        host=host,
    )


def _points(millimetres: float) -> float:
    return millimetres / MM_PER_INCH * POINTS_PER_INCH


def _add_panels(
    figure: Figure, widths: tuple[float, ...], heights: tuple[float, ...]
) -> tuple[Axes, ...]:
    grid = figure.add_gridspec(
        len(heights), len(widths), width_ratios=list(widths), height_ratios=list(heights)
    )
    places = [(row, column) for row in range(len(heights)) for column in range(len(widths))]
    return tuple(figure.add_subplot(grid[place]) for place in places)


def finish_page(
    page: Page,
    *,
    headline: str,
    caption: str,
    note: str = "",
    keys: Sequence[Artist] = (),
    results: Sequence[Result] = (),
    data: pd.DataFrame | Mapping[str, pd.DataFrame] | None = None,
    kind: str = "",
    alternative: str = "",
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
    results : sequence of Result
        What is drawn; the figure's record keeps them.
    data : DataFrame or mapping of str to DataFrame, optional
        The values drawn, where they are not the ``data`` of the results.
    kind, alternative : str
        The kind of figure, and what it shows in words; from the results where empty.

    Returns
    -------
    Figure
        Complete: drawing it again moves nothing. In the place of given axes, the figure that
        these are in: with the panels, the legend and the note; headline and caption are in its
        record.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> figure = finish_page(page, headline="r = 0.4", caption="n = 11", note="Simulated data")
    >>> [text.get_text() for text in figure.texts]
    ['Simulated data', 'r = 0.4', 'n = 11']
    """
    record = make_record(
        headline=headline, caption=caption, note=note, style=page.style,
        results=results, data=data, kind=kind, alternative=alternative,
    )  # fmt: skip
    part = Part(page=page, record=record, keys=tuple(keys))
    if page.host is not None:
        return finish_in_place(part)
    figure = page.figure.get_figure(root=True)
    place = surround(
        figure, record, keys=keys, panel_height_pt=page.panel_height_pt, said=page.said
    )
    settle([page], lambda: arrange_within(page.grid, place))
    keep_record(figure, record)
    return figure
