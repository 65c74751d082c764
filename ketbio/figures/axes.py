"""Axes that say what they carry: plain numbers, named places, labels wrapped to their length."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ketbio.figures.labels import tick_number
from ketbio.figures.page import Page
from ketbio.figures.style import POINTS_PER_INCH
from ketbio.figures.wrapping import wrap_text


def number_axis(panel: Axes, which: str, *, ticks: int = 5) -> None:
    """Let an axis carry plain numbers at a few round places.

    Parameters
    ----------
    panel : Axes
        The panel.
    which : {"x", "y"}
        Its axis.
    ticks : int
        At most this many intervals between ticks.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> panel = Figure().add_subplot()
    >>> number_axis(panel, "y")
    >>> panel.yaxis.get_major_formatter()(-0.5)
    '−0.5'
    """
    axis = panel.xaxis if which == "x" else panel.yaxis
    axis.set_major_locator(MaxNLocator(nbins=ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(tick_number))


def category_axis(page: Page, panel: Axes, *, at: Sequence[float], labels: Sequence[str]) -> None:
    """Name places along the x axis of a panel; labels are wrapped to the room between them.

    Parameters
    ----------
    page : Page
        The page.
    panel : Axes
        One of its panels, its x limits set.
    at : sequence of float
        Where.
    labels : sequence of str
        What.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> from ketbio.figures.page import finish_page, start_page
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> category_axis(page, page.panels[0], at=[0], labels=["responder (n = 5)"])
    >>> _ = finish_page(page, headline="", caption="")
    >>> page.panels[0].get_xticklabels()[0].get_text()
    'responder (n = 5)'
    """
    page.said.extend(labels)
    places = list(at)
    panel.set_xticks(places, labels=[""] * len(places))
    panel.tick_params(axis="x", length=0)

    def fit() -> None:
        low, high = panel.get_xlim()
        gaps = [b - a for a, b in pairwise(places)] or [high - low]
        slots = map(min, [*gaps, gaps[-1]], [gaps[0], *gaps])  # to the nearer neighbour
        per_unit, size = _width_pt(page, panel) / (high - low), page.style.small_pt
        wrapped = [
            wrap_text(text, width_pt=slot * per_unit - size / 2, size_pt=size)
            for text, slot in zip(labels, slots, strict=False)
        ]
        panel.set_xticks(places, labels=wrapped)

    page.label_fits.append(fit)


def axis_label(page: Page, panel: Axes, which: str, text: str) -> None:
    """Label an axis; the label is wrapped to the length of the axis.

    Parameters
    ----------
    page : Page
        The page.
    panel : Axes
        One of its panels.
    which : {"x", "y"}
        Its axis.
    text : str
        The label, with the unit.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> from ketbio.figures.page import finish_page, start_page
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> axis_label(page, page.panels[0], "y", "MADRS (points)")
    >>> _ = finish_page(page, headline="", caption="")
    >>> page.panels[0].get_ylabel()
    'MADRS (points)'
    """
    page.said.append(text)
    label = (panel.xaxis if which == "x" else panel.yaxis).label

    def fit() -> None:
        room = _width_pt(page, panel) if which == "x" else _height_pt(page, panel)
        label.set_text(wrap_text(text, width_pt=room, size_pt=page.style.font_pt))

    page.label_fits.append(fit)


def _width_pt(page: Page, panel: Axes) -> float:
    """Return the width of a panel; labels are empty at first, so that it has one."""
    return float(panel.get_window_extent().width) / page.figure.dpi * POINTS_PER_INCH


def _height_pt(page: Page, panel: Axes) -> float:
    return float(panel.get_window_extent().height) / page.figure.dpi * POINTS_PER_INCH
