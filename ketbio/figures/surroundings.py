"""What stands around the panels of a figure: lines of text across it, and its legend."""

from collections.abc import Iterable, Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from ketbio.figures.record import FigureRecord
from ketbio.figures.sheet import MARGIN_PT, words_around
from ketbio.figures.style import (
    INK,
    MM_PER_INCH,
    POINTS_PER_INCH,
    QUIET,
    Style,
    missing_characters,
)
from ketbio.figures.wrapping import wrap_text

LINE_SPACING = 1.3


def surround(
    figure: Figure,
    record: FigureRecord,
    *,
    keys: Sequence[Artist],
    panel_height_pt: float,
    said: Iterable[str],
) -> Bbox:
    """Write note, headline, legend and caption, and give the figure the height for all.

    Headline and caption stay in the record where the style keeps them apart.

    Parameters
    ----------
    figure : Figure
        The figure, its panels drawn.
    record : FigureRecord
        What is written, and the sizes.
    keys : sequence of Artist
        Handles of the legend.
    panel_height_pt : float
        Height that the panels get, in points.
    said : iterable of str
        What labels will say that are not written yet.

    Returns
    -------
    Bbox
        The place of the panels, in pixels.
    """
    style = record.style
    width = style.width_mm / MM_PER_INCH * POINTS_PER_INCH
    room = width - 2 * MARGIN_PT
    headline, caption = ("", "") if style.are_words_apart else (record.headline, record.caption)
    above = [
        write_band(figure, record.note, width_pt=room, size_pt=style.font_pt, weight="bold"),
        write_band(figure, headline, width_pt=room, size_pt=style.font_pt),
    ]
    legend = put_legend(figure, keys, width_pt=room, style=style)
    caption = _with_missing(figure, caption, keys, said)
    below = write_band(figure, caption, width_pt=room, size_pt=style.small_pt, colour=QUIET)
    head = MARGIN_PT + sum(band_height_pt(text, style) for text in above)
    head += legend_height_pt(legend, style)
    foot = MARGIN_PT + band_height_pt(below, style)
    total = head + panel_height_pt + foot
    top = total - MARGIN_PT
    for text in above:
        if text is not None:
            text.set_position((MARGIN_PT / width, top / total))
            top -= band_height_pt(text, style)
    if legend is not None:
        legend.set_bbox_to_anchor((MARGIN_PT / width, top / total))
    if below is not None:
        below.set_position((MARGIN_PT / width, (foot - style.small_pt / 2) / total))
    figure.set_size_inches(width / POINTS_PER_INCH, total / POINTS_PER_INCH)
    pixel = figure.dpi / POINTS_PER_INCH
    return Bbox.from_bounds(MARGIN_PT * pixel, foot * pixel, room * pixel, panel_height_pt * pixel)


def _with_missing(figure: Figure, caption: str, keys: Sequence[Artist], said: Iterable[str]) -> str:
    written = [caption, *said, *(str(key.get_label()) for key in keys)]
    written += [text.get_text() for text in figure.texts]
    written += [word for panel in figure.axes for word in words_around(panel)]
    missing = missing_characters("".join(written))
    if not missing:
        return caption
    remark = f"No font here has these characters, drawn as boxes: {' '.join(missing)}"
    return f"{caption} {remark}" if caption else remark


def write_band(
    where: FigureBase | Axes,
    words: str,
    *,
    width_pt: float,
    size_pt: float,
    weight: str = "normal",
    colour: str = INK,
) -> Text | None:
    """Write words as wide as they may be; where they stand is said later."""
    if not words:
        return None
    wrapped = wrap_text(words, width_pt=width_pt, size_pt=size_pt, weight=weight)
    text = where.text(
        0, 0, wrapped, size=size_pt, weight=weight, color=colour,
        va="top", ha="left", linespacing=LINE_SPACING,
    )  # fmt: skip
    text.set_in_layout(False)
    return text


def band_height_pt(text: Text | None, style: Style) -> float:
    """Return how high a band is, with the gap below it."""
    if text is None:
        return 0.0
    return points_high(text) + style.small_pt * 0.8


def points_high(artist: Text | Legend) -> float:
    """Return how high something is on paper, in points."""
    figure = artist.get_figure(root=True)
    if figure is None:
        return 0.0
    return float(artist.get_window_extent().height) / figure.dpi * POINTS_PER_INCH


def put_legend(
    where: FigureBase | Axes, keys: Sequence[Artist], *, width_pt: float, style: Style
) -> Legend | None:
    """Put a legend in as few rows as the width holds; where it stands is said later."""
    for columns in range(len(keys), 0, -1):
        legend = where.legend(
            handles=list(keys),
            loc="upper left",
            ncols=columns,
            fontsize=style.small_pt,
            frameon=False,
            borderpad=0,
            borderaxespad=0,
            handletextpad=0.5,
            columnspacing=1.2,
            labelcolor=INK,
        )
        legend.set_in_layout(False)
        figure = legend.get_figure(root=True)
        dpi = POINTS_PER_INCH if figure is None else figure.dpi
        if columns == 1 or legend.get_window_extent().width / dpi * POINTS_PER_INCH <= width_pt:
            return legend
        legend.remove()
    return None


def legend_height_pt(legend: Legend | None, style: Style) -> float:
    """Return how high a legend is, with the gap below it."""
    return 0.0 if legend is None else points_high(legend) + style.small_pt
