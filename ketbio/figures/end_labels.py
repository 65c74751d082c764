"""Names of lines at their right ends, outside the panel, none over another."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import ScaledTranslation
from numpy.typing import NDArray

from ketbio.figures.page import Page
from ketbio.figures.style import INK, POINTS_PER_INCH, QUIET

UNDER = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
"""What keeps lines of the panel from running through a name."""
Pixels = NDArray[np.float64]
SPACING = 1.12
"""Of two names, in multiples of their height."""


def label_ends(
    page: Page,
    panel: Axes,
    ends: Sequence[tuple[float, float]],
    words: Sequence[str],
    *,
    within: tuple[float, float] | None = None,
) -> None:
    """Name lines at their right end, with a thin line from there to each name.

    Where there is no room for all, those whose neighbours are nearest go without.

    Parameters
    ----------
    page : Page
        The page.
    panel : Axes
        One of its panels, limits set.
    ends : sequence of (float, float)
        Where the lines end.
    words : sequence of str
        Their names.
    within : tuple of float, optional
        Where on the x axis names start, and how far they may reach; none are written where one is
        longer. None: outside the panel.

    Examples
    --------
    >>> from ketbio.figures.page import finish_page, start_page
    >>> from ketbio.figures.style import STYLES
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> label_ends(page, page.panels[0], [(1, 0.5), (1, 0.51)], ["P01", "P02"])
    >>> _ = finish_page(page, headline="", caption="")
    >>> first, second = (text.get_window_extent() for text in page.panels[0].texts)
    >>> bool(first.y1 <= second.y0)
    True
    """
    size = page.style.small_pt
    aside = ScaledTranslation(1.6 * size / POINTS_PER_INCH, 0, page.figure.dpi_scale_trans)
    where = panel.transData if within else panel.get_yaxis_transform() + aside
    texts = [
        panel.text(
            within[0] if within else 1.0, height, word, transform=where,
            size=size, color=INK, va="center", ha="left", bbox=UNDER if within else None,
        )
        for (_, height), word in zip(ends, words, strict=True)
    ]  # fmt: skip
    if texts:
        page.mark_fits.append(lambda: _fit(page, panel, list(ends), texts, within))


def _fit(
    page: Page,
    panel: Axes,
    ends: list[tuple[float, float]],
    texts: list[Text],
    within: tuple[float, float] | None,
) -> None:
    if within and not _is_short(panel, texts, within[1]):
        for text in texts:
            text.set_visible(False)
        return
    box = panel.get_window_extent()
    pixels = panel.transData.transform(ends)[:, 1]
    sizes = np.array([text.get_window_extent().height * SPACING for text in texts])
    kept = _those_with_room(pixels, sizes, float(box.height + sizes.max()))
    half = sizes.max() / 2
    moved = _apart(pixels[kept], sizes[kept], low=box.y0 - half, high=box.y1 + half)
    back = panel.transData.inverted().transform([(0.0, pixel) for pixel in moved])[:, 1]
    for place in set(range(len(texts))) - set(kept):
        texts[place].set_visible(False)
    for place, height in zip(kept, back, strict=True):
        texts[place].set_y(float(height))
        if within:
            _lead(page, panel, [ends[place], (within[0], float(height))])
        else:
            corner = (panel.get_xlim()[1], ends[place][1])
            _lead(page, panel, [ends[place], corner, (_outside(page, panel), float(height))])


def _is_short(panel: Axes, texts: list[Text], reach: float) -> bool:
    """Return whether no name reaches further along the x axis than it may."""
    limit = panel.transData.transform((reach, 0.0))[0]
    return all(text.get_window_extent().x1 <= limit for text in texts)


def _outside(page: Page, panel: Axes) -> float:
    """Return where on the x axis names outside the panel begin."""
    box = panel.get_window_extent()
    gap = 1.3 * page.style.small_pt * page.figure.dpi / POINTS_PER_INCH
    return float(panel.transData.inverted().transform((box.x1 + gap, box.y0))[0])


def _those_with_room(pixels: Pixels, sizes: Pixels, room: float) -> list[int]:
    kept = [int(one) for one in np.argsort(pixels, kind="stable")]
    while len(kept) > 1 and sizes[kept].sum() > room:
        gaps = np.diff(pixels[kept])
        kept.pop(int(np.argmin(gaps)) + 1)
    return kept


def _apart(centres: Pixels, sizes: Pixels, *, low: float, high: float) -> Pixels:
    """Return ascending centres moved as little as needed so that none overlaps its neighbour.

    What is left of each centre after the room below it is taken off must not fall (pooled where it
    does); that is exact where rounds of pushing would need very many for dozens of names.
    """
    before = np.cumsum(sizes) - sizes / 2
    blocks: list[list[float]] = []
    for value in centres - before:
        blocks.append([float(value), 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, many), (other, more) = blocks[-2:]
            blocks[-2:] = [[(one * many + other * more) / (many + more), many + more]]
    pooled = np.concatenate([np.full(int(count), value) for value, count in blocks])
    placed: Pixels = np.clip(pooled, low, max(low, high - float(sizes.sum()))) + before
    return placed


def _lead(page: Page, panel: Axes, corners: list[tuple[float, float]]) -> None:
    """Draw the line from the end of a line to its name."""
    limits = (panel.get_xlim(), panel.get_ylim())
    across, upwards = np.array(corners).T
    panel.plot(
        across, upwards, color=QUIET, linewidth=page.style.line_pt * 0.5, zorder=1.5,
        linestyle=(0, (1, 1.5)), clip_on=False, label="lead",
    )  # fmt: skip
    panel.set(xlim=limits[0], ylim=limits[1])
