"""What is drawn on: a page with its panels, and the rounds in which everything is fitted to it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.transforms import Bbox

from ketbio.figures.arrange import PanelGrid
from ketbio.figures.record import ATTRIBUTE, FigureRecord
from ketbio.figures.style import INK, MM_PER_INCH, POINTS_PER_INCH, Style, drawing_settings

DPI = 150
"""Pixels per inch on a screen; a saved PNG has more (see `save_figure`)."""
MARGIN_PT = 6.0
LAYOUT_PASSES = 3
"""Wrapping a label changes the panel that it was wrapped to; three rounds settle it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A figure being made, or a part of one.

    Attributes
    ----------
    figure : Figure or SubFigure
        The figure, on an Agg canvas of its own (pyplot never hears of it); or the user's.
    style : Style
        Its sizes.
    grid : PanelGrid
        Its panels and what they share.
    panel_height_pt : float
        Height that the panels and their axes take, in points.
    host : Axes, optional
        The axes in whose place the panels are; None on a page by itself.
    said : list of str
        What the labels say that are written only when there is room for them.
    label_fits : list of functions
        Run after each round of layout: wrap the labels to the panels as they now are.
    mark_fits : list of functions
        Run when the panels have their final size: place what is measured on paper.
    """

    figure: Figure | SubFigure
    style: Style
    grid: PanelGrid
    panel_height_pt: float
    host: Axes | None = None
    said: list[str] = field(default_factory=list)
    label_fits: list[Callable[[], None]] = field(default_factory=list)
    mark_fits: list[Callable[[], None]] = field(default_factory=list)

    @property
    def panels(self) -> tuple[Axes, ...]:
        """From left to right, row by row."""
        return self.grid.panels

    @property
    def width_pt(self) -> float:
        """Width of the page, in points."""
        return self.style.width_mm / MM_PER_INCH * POINTS_PER_INCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A page whose panels are drawn, and what is said around them.

    Attributes
    ----------
    page : Page
        The page.
    record : FigureRecord
        Headline, caption and the rest.
    keys : tuple of Artist
        Handles of the legend.
    """

    page: Page
    record: FigureRecord
    keys: tuple[Artist, ...]


class PageFigure(Figure):
    """A matplotlib figure that a notebook shows as a picture, without being asked to."""

    waiting: list[Part] | None = None
    """Parts drawn for a composed figure that is being made; None in any other."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw under the settings that the text was measured under, whoever asks for it."""
        record = getattr(self, ATTRIBUTE, None)
        with drawing_settings(record.style if record else None):
            super().draw(renderer)

    def get_tightbbox(
        self,
        renderer: RendererBase | None = None,  # noqa: ARG002
        *,
        bbox_extra_artists: Iterable[Artist] | None = None,  # noqa: ARG002
    ) -> Bbox:
        """Return the whole page, which has no room to spare: notebooks cut a figure to this."""
        return self.bbox_inches

    def _repr_png_(self) -> bytes:
        picture = BytesIO()
        self.savefig(picture, format="png")
        return picture.getvalue()


def new_figure(*, width_pt: float, height_pt: float) -> PageFigure:
    """Return an empty figure on a canvas of its own.

    Examples
    --------
    >>> new_figure(width_pt=144, height_pt=72).get_size_inches().tolist()
    [2.0, 1.0]
    """
    size = (width_pt / POINTS_PER_INCH, height_pt / POINTS_PER_INCH)
    figure = PageFigure(figsize=size, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def dress_panel(panel: Axes, style: Style) -> None:
    """Give a panel its lines, and its ticks their sizes."""
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


def settle(pages: Sequence[Page], arrange: Callable[[], None]) -> None:
    """Arrange panels and fit their labels in turn until nothing moves, then fit the marks.

    Parameters
    ----------
    pages : sequence of Page
        Whose labels and marks are fitted.
    arrange : function
        Puts all panels where they belong, for the labels as they are.
    """
    _fit_labels(pages)
    for _ in range(LAYOUT_PASSES):
        arrange()
        before = _written(pages)
        _fit_labels(pages)
        # measuring labels takes most of the time: what says the same stands where it stood
        if _written(pages) == before:
            break
    else:
        arrange()
    for page in pages:
        for fit in page.mark_fits:
            fit()


def _fit_labels(pages: Sequence[Page]) -> None:
    for page in pages:
        for fit in page.label_fits:
            fit()


def _written(pages: Sequence[Page]) -> list[object]:
    """Return what the labels around the panels say, and where the ticks are."""
    said: list[object] = []
    for panel in (panel for page in pages for panel in page.panels):
        said += words_around(panel)
        said += [tuple(axis.get_majorticklocs()) for axis in (panel.xaxis, panel.yaxis)]
    return said


def words_around(panel: Axes) -> list[str]:
    """Return what is written in a panel and around it.

    Asking each tick for its label would make all of them anew, which takes longer than a layout.

    Examples
    --------
    >>> panel = Figure().add_subplot()
    >>> _ = panel.set(xlabel="Visit", title="MADRS")
    >>> _ = panel.set_xticks([0, 1], labels=["day 0", "day 14"])
    >>> _ = panel.set_yticks([])
    >>> words_around(panel)
    ['', 'MADRS', '', 'Visit', 'day 0', 'day 14', '']
    """
    said = [panel.get_title(loc=where) for where in ("left", "center", "right")]
    for axis in (panel.xaxis, panel.yaxis):
        said.append(axis.label.get_text())
        said += axis.get_major_formatter().format_ticks(list(axis.get_majorticklocs()))
    return [*said, *(text.get_text() for text in panel.texts)]
