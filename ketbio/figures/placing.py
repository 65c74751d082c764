"""Labels that stand at their line or their point, and none over another."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox, ScaledTranslation
from numpy.typing import ArrayLike, NDArray

from ketbio.figures.page import Page
from ketbio.figures.style import INK, POINTS_PER_INCH, QUIET

ROUNDS = 200
"""Labels that overlap are pushed apart in rounds; these are more than enough for dozens."""
SIDES = ((1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
DISTANCES = (1.2, 2.5, 4.0, 6.0)
"""Of a label from its point, in diameters of the point; beyond the first a thin line leads."""


def spread_apart(
    centres: ArrayLike, lengths: ArrayLike, *, low: float, high: float
) -> NDArray[np.float64]:
    """Return centres moved as little as needed so that the stretches around them do not overlap.

    Parameters
    ----------
    centres, lengths : array_like, shape (n,)
        Where each stretch would stand, and how long it is.
    low, high : float
        Between which all must stand, where there is room.

    Returns
    -------
    ndarray, shape (n,)
        New centres, in the order given.

    Examples
    --------
    >>> spread_apart([10.0, 11.0, 40.0], [4.0, 4.0, 4.0], low=0, high=50).round(1)
    array([ 8.5, 12.5, 40. ])
    """
    start = np.asarray(centres, dtype=np.float64)
    sizes = np.asarray(lengths, dtype=np.float64)
    order = np.argsort(start, kind="stable")
    at, half = start[order], sizes[order] / 2
    for _ in range(ROUNDS):
        at = np.clip(at, low + half, np.maximum(high - half, low + half))
        for one, other in pairwise(range(len(at))):
            lacking = half[one] + half[other] - (at[other] - at[one])
            if lacking > 0:
                at[one] -= lacking / 2
                at[other] += lacking / 2
    moved = np.empty_like(at)
    moved[order] = at
    return moved


def label_lines(page: Page, panel: Axes, heights: Sequence[float], words: Sequence[str]) -> None:
    """Name horizontal lines at their right end, outside the panel.

    Parameters
    ----------
    page : Page
        The page.
    panel : Axes
        One of its panels, limits set.
    heights : sequence of float
        The lines.
    words : sequence of str
        Their names.

    Examples
    --------
    >>> from ketbio.figures.page import finish_page, start_page
    >>> from ketbio.figures.style import STYLES
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> label_lines(page, page.panels[0], [0.5, 0.51], ["mean", "expected"])
    >>> _ = finish_page(page, headline="", caption="")
    >>> first, second = (text.get_window_extent() for text in page.panels[0].texts)
    >>> bool(first.y1 <= second.y0)
    True
    """
    aside = ScaledTranslation(
        page.style.small_pt / 2 / POINTS_PER_INCH, 0, page.figure.dpi_scale_trans
    )
    texts = [
        panel.text(
            1.0, height, word, transform=panel.get_yaxis_transform() + aside,
            size=page.style.small_pt, color=INK, va="center", ha="left",
        )
        for height, word in zip(heights, words, strict=True)
    ]  # fmt: skip
    if texts:
        page.mark_fits.append(lambda: _spread_lines(panel, texts, list(heights)))


def _spread_lines(panel: Axes, texts: list[Text], heights: list[float]) -> None:
    box = panel.get_window_extent()
    pixels = panel.transData.transform([(0.0, height) for height in heights])[:, 1]
    sizes = [text.get_window_extent().height * 1.1 for text in texts]
    moved = spread_apart(pixels, sizes, low=box.y0, high=box.y1)
    back = panel.transData.inverted().transform([(0.0, pixel) for pixel in moved])[:, 1]
    for text, height in zip(texts, back, strict=True):
        text.set_y(height)


def label_uprights(page: Page, panel: Axes, places: Sequence[float], words: Sequence[str]) -> None:
    """Name upright lines at their upper end, above the panel.

    Parameters
    ----------
    page : Page
        The page.
    panel : Axes
        One of its panels, limits set.
    places : sequence of float
        The lines, on the x axis.
    words : sequence of str
        Their names.

    Examples
    --------
    >>> from ketbio.figures.page import finish_page, start_page
    >>> from ketbio.figures.style import STYLES
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> label_uprights(page, page.panels[0], [0.5, 0.51], ["LOD 4.1", "LLOQ 4.2"])
    >>> _ = finish_page(page, headline="", caption="")
    >>> first, second = (text.get_window_extent() for text in page.panels[0].texts)
    >>> bool(first.x1 <= second.x0)
    True
    """
    above = ScaledTranslation(
        0, page.style.small_pt / 4 / POINTS_PER_INCH, page.figure.dpi_scale_trans
    )
    texts = [
        panel.text(
            place, 1.0, word, transform=panel.get_xaxis_transform() + above,
            size=page.style.small_pt, color=INK, va="bottom", ha="center",
        )
        for place, word in zip(places, words, strict=True)
    ]  # fmt: skip
    if texts:
        page.mark_fits.append(lambda: _spread_uprights(page, panel, texts, list(places)))


def _spread_uprights(page: Page, panel: Axes, texts: list[Text], places: list[float]) -> None:
    box = panel.get_window_extent()
    gap = page.style.small_pt / POINTS_PER_INCH * page.figure.dpi
    pixels = panel.transData.transform([(place, 0.0) for place in places])[:, 0]
    sizes = [text.get_window_extent().width + gap for text in texts]
    moved = spread_apart(pixels, sizes, low=box.x0, high=box.x1)
    back = panel.transData.inverted().transform([(pixel, 0.0) for pixel in moved])[:, 0]
    for text, place in zip(texts, back, strict=True):
        text.set_x(place)


def name_points(
    page: Page,
    panel: Axes,
    *,
    at: Sequence[tuple[float, float]],
    names: Sequence[str],
    others: ArrayLike,
    lines: ArrayLike = (),
) -> None:
    """Name points beside them; a name that would hide a point or another name is left out.

    Parameters
    ----------
    page : Page
        The page.
    panel : Axes
        One of its panels, limits set.
    at : sequence of (float, float)
        The points to name, the most important first.
    names : sequence of str
        Their names.
    others : array_like, shape (n, 2)
        All points of the panel, which names do not hide.
    lines : array_like, shape (m, 2)
        Places along lines, which names avoid where they can.

    Examples
    --------
    >>> from ketbio.figures.page import finish_page, start_page
    >>> from ketbio.figures.style import STYLES
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> spots = [(0.5, 0.5), (0.52, 0.5)]
    >>> name_points(page, page.panels[0], at=spots, names=["S1", "S2"], others=spots)
    >>> _ = finish_page(page, headline="", caption="")
    >>> a, b = (text.get_window_extent() for text in page.panels[0].texts)
    >>> bool(a.overlaps(b))
    False
    """
    spots = list(at)
    texts = [
        panel.text(*spot, name, size=page.style.small_pt, color=INK, zorder=9)
        for spot, name in zip(spots, names, strict=True)
    ]
    for text in texts:
        text.set_in_layout(False)
    points = np.asarray(others, dtype=np.float64).reshape(-1, 2)
    along = np.asarray(lines, dtype=np.float64).reshape(-1, 2)
    page.mark_fits.append(lambda: _place_names(page, panel, spots, texts, (points, along)))


def _place_names(
    page: Page,
    panel: Axes,
    spots: list[tuple[float, float]],
    texts: list[Text],
    others: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    points, lines = (panel.transData.transform(own) for own in others)
    taken: list[Bbox] = []
    for spot, text in zip(spots, texts, strict=True):
        boxes = _free_boxes(page, panel, spot, text, points)
        free = [one for one in boxes if not any(one[0].overlaps(other) for other in taken)]
        costs = [rank + 0.3 * _count(box, lines) for box, rank in free]
        found = free[int(np.argmin(costs))] if free else None
        if found is None:
            text.set_visible(False)
            continue
        box, rank = found
        taken.append(box)
        text.set(horizontalalignment="left", verticalalignment="bottom")
        x, y = panel.transData.inverted().transform((box.x0, box.y0))
        text.set_position((float(x), float(y)))
        if rank:
            _lead(page, panel, spot, box)


def _free_boxes(
    page: Page,
    panel: Axes,
    spot: tuple[float, float],
    text: Text,
    points: NDArray[np.float64],
) -> list[tuple[Bbox, int]]:
    """Return where a name can stand in the panel without hiding a point: near before far."""
    inside = panel.get_window_extent()
    own = text.get_window_extent()
    x, y = panel.transData.transform(spot)
    pixel = page.figure.dpi / POINTS_PER_INCH
    found = []
    for rank, distance in enumerate(DISTANCES):
        gap = distance * page.style.point_pt * pixel * 0.75
        for right, up in SIDES:
            left = x + right * gap - (0.5 - right / 2) * own.width
            bottom = y + up * gap - (0.5 - up / 2) * own.height
            box = Bbox.from_bounds(left, bottom, own.width, own.height)
            is_in = inside.contains(box.x0, box.y0) and inside.contains(box.x1, box.y1)
            if is_in and not _count(box.padded(page.style.point_pt / 2 * pixel), points):
                found.append((box, rank))
    return found


def _count(box: Bbox, pixels: NDArray[np.float64]) -> int:
    """Return how many places are within a box."""
    within = (pixels >= box.min) & (pixels <= box.max)
    return int(within.all(axis=1).sum())


def _lead(page: Page, panel: Axes, spot: tuple[float, float], box: Bbox) -> None:
    x, y = panel.transData.transform(spot)
    end = (min(max(x, box.x0), box.x1), min(max(y, box.y0), box.y1))
    across, upwards = np.array([spot, panel.transData.inverted().transform(end)]).T
    limits = (panel.get_xlim(), panel.get_ylim())
    panel.plot(
        across, upwards, color=QUIET, linewidth=page.style.line_pt * 0.7, zorder=2, label="lead"
    )
    panel.set(xlim=limits[0], ylim=limits[1])
