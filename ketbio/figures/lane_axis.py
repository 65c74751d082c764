"""An axis of lanes or plates: a name at each place, upright where there is little room."""

import math
from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes

from ketbio.figures.axes import axis_label
from ketbio.figures.page import Page
from ketbio.figures.style import FAINT
from ketbio.figures.wrapping import text_width


def lane_axis(
    page: Page, panel: Axes, labels: Sequence[str], *, words: str, faint: Iterable[Axes] = ()
) -> None:
    """Name the places 0, 1, 2 … along the x axis: level where the names fit, else upright.

    Where even upright names have no room, each second or third is written, and the axis' label
    says so.

    Parameters
    ----------
    page : Page
        The page.
    panel : Axes
        One of its panels, x limits set.
    labels : sequence of str
        One name per place.
    words : str
        What the places are.
    faint : iterable of Axes
        Panels whose places are led down by faint lines.

    Examples
    --------
    >>> from ketbio.figures.page import finish_page, start_page
    >>> from ketbio.figures.style import STYLES
    >>> page = start_page(STYLES["single_column"], widths=[1])
    >>> _ = page.panels[0].set_xlim(-0.5, 1.5)
    >>> lane_axis(page, page.panels[0], ["PL1", "PL2"], words="Plate")
    >>> _ = finish_page(page, headline="", caption="")
    >>> [label.get_text() for label in page.panels[0].get_xticklabels()]
    ['PL1', 'PL2']
    """
    size = page.style.small_pt
    low, high = panel.get_xlim()
    slot = (page.width_pt * 0.75) / (high - low)
    widest = max(text_width(label, size_pt=size) for label in labels)
    is_level = widest + size <= slot
    every = 1 if is_level else max(1, math.ceil(size * 1.3 / slot))
    places = list(range(0, len(labels), every))
    panel.set_xticks(
        places, labels=[labels[place] for place in places], rotation=0 if is_level else 90
    )
    panel.tick_params(axis="x", length=0)
    axis_label(page, panel, "x", words if every == 1 else f"{words} (one in {every} named)")
    for one in faint:
        for place in range(len(labels)):
            one.axvline(place, color=FAINT, linewidth=page.style.line_pt * 0.4, zorder=0.8)
