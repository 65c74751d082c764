"""Panels in the place of axes that the user gave, in a figure that stays the user's.

The panels' frames take the place of the frame of these axes, and what stands around them is
reported as theirs, so that every layout engine makes room for it. Where no engine does, the
frames shrink so far that nothing reaches over to the neighbours.
"""

from dataclasses import replace

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from ketbio.errors import FigureError
from ketbio.figures.arrange import Around, arrange_frames, room_around
from ketbio.figures.compose_words import composed_record
from ketbio.figures.given_room import engine_of, free_frame
from ketbio.figures.record import keep_record
from ketbio.figures.sheet import PageFigure, Part, settle
from ketbio.figures.style import MM_PER_INCH, POINTS_PER_INCH, Style, drawing_settings
from ketbio.figures.surroundings import (
    band_height_pt,
    legend_height_pt,
    put_legend,
    write_band,
)

FIRST = -1e6
"""zorder of what is drawn before anything else."""
LEAST_MM = 10.0


def check_axes(ax: object) -> Axes:
    """Return the axes given, or say what was given instead.

    Raises
    ------
    FigureError
        Something else than Axes, Axes that are in no figure any more, or too small ones.

    Examples
    --------
    >>> check_axes([1, 2])
    Traceback (most recent call last):
    ketbio.errors.FigureError: ax takes one matplotlib Axes; a list was given. Give one of them, ...
    """
    if not isinstance(ax, Axes):
        hint = " Give one of them, as axes[0]." if hasattr(ax, "__len__") else ""
        raise FigureError(f"ax takes one matplotlib Axes; a {type(ax).__name__} was given.{hint}")
    figure = ax.get_figure(root=True)
    if figure is None:
        raise FigureError("These Axes were removed from their figure; give ax=None or others.")
    box, per_mm = ax.get_window_extent(), figure.dpi / MM_PER_INCH
    wide, high = float(box.width) / per_mm, float(box.height) / per_mm
    if min(wide, high) < LEAST_MM:
        raise FigureError(
            f"The axes given are {wide:.1f} mm wide and {high:.1f} mm high; a figure needs at "
            f"least {LEAST_MM:g} mm of both."
        )
    return ax


def style_at(style: Style, ax: Axes | None) -> Style:
    """Return a style with the width and the height that there is in the place of given axes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES
    >>> ax = Figure(figsize=(4, 2)).add_axes((0, 0, 0.5, 1))
    >>> round(float(style_at(STYLES["report"], ax).width_mm), 1)
    50.8
    """
    if ax is None:
        return style
    figure = check_axes(ax).get_figure(root=True)
    if figure is None or is_waiting(figure):
        return style  # a part of a composed figure has its own sizes already
    box = ax.get_window_extent()
    per_mm = figure.dpi / MM_PER_INCH
    return replace(
        style, width_mm=float(box.width) / per_mm, panel_height_mm=float(box.height) / per_mm
    )


def is_waiting(figure: Figure) -> bool:
    """Return whether a figure is being composed: its parts are finished together."""
    return isinstance(figure, PageFigure) and figure.waiting is not None


def empty_axes(host: Axes) -> None:
    """Take everything out of given axes and hide them; limits shared with others stay."""
    drawn = (host.lines, host.patches, host.collections, host.images, host.texts, host.tables)
    for artist in [one for kind in (*drawn, host.artists, host.child_axes) for one in kind]:
        artist.remove()
    legend = host.get_legend()
    if legend is not None:
        legend.remove()
    for where in ("left", "center", "right"):
        host.set_title("", loc=where)
    host.set_axis_off()


def put_panels(host: Axes, *, count: int) -> tuple[Axes, ...]:
    """Return new panels in the place of given axes: on top of them, or in a composed figure."""
    figure = host.get_figure(root=True)
    if figure is not None and is_waiting(figure):
        return tuple(figure.add_axes((0, 0, 1, 1), label=f"panel {one}") for one in range(count))
    return tuple(host.inset_axes((0, 0, 1, 1)) for _ in range(count))


def finish_in_place(part: Part) -> Figure:
    """Lay out the panels in the place of given axes, or leave them to the composed figure."""
    host = part.page.host
    figure = None if host is None else host.get_figure(root=True)
    if host is None or figure is None:
        raise FigureError("The axes to draw in were removed from their figure meanwhile.")
    if isinstance(figure, PageFigure) and figure.waiting is not None:
        figure.waiting.append(part)
        return figure
    place = _Place(part, host)
    host.add_artist(place)
    keeper = _keeper_of(figure)
    keeper.settle()
    records = [one.part.record for one in keeper.places()]
    numbers = [str(number) for number in range(1, len(records) + 1)]
    several = len(records) > 1
    keep_record(
        figure,
        composed_record(records, numbers, style=part.page.style, note=part.record.note)
        if several
        else part.record,
    )
    return figure


class _Within:
    """Where a panel is: a share of the given axes, which may move."""

    def __init__(self, host: Axes, bounds: tuple[float, float, float, float]) -> None:
        self.host = host
        self.bounds = bounds

    def __call__(self, _panel: object, _renderer: RendererBase | None) -> Bbox:
        pixels = Bbox.from_bounds(*self.bounds).transformed(self.host.transAxes)
        return Bbox(pixels.transformed(self.host.figure.transSubfigure.inverted()).get_points())


class _Place(Artist):
    """The place of given axes: draws nothing, and tells layout engines what stands around it."""

    def __init__(self, part: Part, host: Axes) -> None:
        super().__init__()
        self.part = part
        self.host = host
        self.outside = (0.0, 0.0, 0.0, 0.0)
        self.around: Around
        self.set_clip_on(False)  # what is clipped to its axes needs no room around them
        style, width_pt = part.page.style, part.page.width_pt
        self.note = _note_of(host, part.record.note, width_pt, style)
        self.legend = put_legend(host, part.keys, width_pt=width_pt, style=style)

    def get_tightbbox(self, _renderer: RendererBase | None = None) -> Bbox:
        box = self.host.get_window_extent()
        left, bottom, right, top = self.outside
        return Bbox.from_extents(box.x0 - left, box.y0 - bottom, box.x1 + right, box.y1 + top)

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        return self.get_tightbbox(renderer)

    def draw(self, renderer: RendererBase) -> None:
        """Draw nothing."""

    def size_in(self) -> tuple[float, ...]:
        """Return where the given axes are, in inches: by it a move is noticed."""
        box = self.host.get_window_extent()
        return tuple(round(value / self.host.figure.dpi, 3) for value in box.extents)

    def measure(self) -> None:
        """Find out what stands around the frames, with the legend and the note above them."""
        box, style = self.host.get_window_extent(), self.part.page.style
        self.around = room_around(self.part.page.grid, size=(box.width, box.height))
        pixel = self.host.figure.dpi / POINTS_PER_INCH
        left, bottom, right, top = self.around.outside
        above = legend_height_pt(self.legend, style) + band_height_pt(self.note, style)
        self.outside = (left, bottom, right, top + above * pixel)

    def arrange(self) -> None:
        """Put the panels, the legend and the note where they belong."""
        frame = free_frame(self.host, self.outside)
        page = self.part.page
        arrange_frames(page.grid, self.around, frame)
        to_host = self.host.figure.transSubfigure - self.host.transAxes
        for panel in page.panels:
            share = Bbox(to_host.transform(panel.get_position(original=True).get_points()))
            panel.set_axes_locator(_Within(self.host, share.bounds))
        style, pixel = page.style, self.host.figure.dpi / POINTS_PER_INCH
        top = frame.y1 + self.outside[3]
        for one, height in (
            (self.note, band_height_pt(self.note, style)),
            (self.legend, legend_height_pt(self.legend, style)),
        ):
            x, y = self.host.transAxes.inverted().transform((frame.x0 - self.outside[0], top))
            if isinstance(one, Text):
                one.set_position((float(x), float(y)))
            elif isinstance(one, Legend):
                one.set_bbox_to_anchor((float(x), float(y)), transform=self.host.transAxes)
            top -= height * pixel


def _note_of(host: Axes, words: str, width_pt: float, style: Style) -> Text | None:
    text = write_band(host, words, width_pt=width_pt, size_pt=style.font_pt, weight="bold")
    if text is not None:
        text.set_transform(host.transAxes)
    return text


class _Keeper(Artist):
    """Fits what is drawn in given axes to their size, before anything else is drawn.

    A figure of the user's is laid out when it is drawn, saved at another size, or gets more
    axes; what was fitted to the size that these axes had would not fit any more.
    """

    def __init__(self) -> None:
        super().__init__()
        self.fitted: list[tuple[float, ...]] = []
        self.set_in_layout(False)
        self.set_zorder(FIRST)

    def places(self) -> list[_Place]:
        """Return the places in the figure, those of axes that are still there."""
        figure = self.get_figure(root=True)
        return [] if figure is None else figure.findobj(_Place)

    def draw(self, _renderer: RendererBase) -> None:
        """Draw nothing; fit what was moved."""
        if [place.size_in() for place in self.places()] != self.fitted:
            self.settle()

    def settle(self) -> None:
        """Lay out all places of the figure, by its own layout engine where it has one."""
        figure, places = self.get_figure(root=True), self.places()
        if figure is None or not places:
            return
        engine = engine_of(figure)

        def arrange() -> None:
            for place in places:
                place.measure()
            if engine is not None:
                engine.execute(figure)
            for place in places:
                place.arrange()

        with drawing_settings(places[0].part.page.style):
            settle([place.part.page for place in places], arrange)
        self.fitted = [place.size_in() for place in places]


def _keeper_of(figure: Figure) -> _Keeper:
    for artist in figure.artists:
        if isinstance(artist, _Keeper):
            return artist
    keeper = _Keeper()
    figure.add_artist(keeper)
    return keeper
