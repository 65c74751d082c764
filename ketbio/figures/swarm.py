"""Where to put points that share a column, so that none hides another."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection
from numpy.typing import ArrayLike, NDArray

from ketbio.figures.page import Page
from ketbio.figures.style import POINTS_PER_INCH


def swarm_offsets(
    heights: ArrayLike, *, diameter: float, room: float = float("inf")
) -> NDArray[np.float64]:
    """Return how far each point moves sideways so that points of one column do not overlap.

    Points are placed from the lowest up; each takes the place nearest to the middle that is
    free. No random numbers: the same data give the same picture.

    Parameters
    ----------
    heights : array_like, shape (n,)
        Where the points are along the axis, in the unit of ``diameter`` (points on paper).
    diameter : float
        Least distance between the centres of two points.
    room : float
        Largest offset to either side; beyond it all offsets shrink together and points overlap.

    Returns
    -------
    ndarray, shape (n,)
        Offsets to the right (negative: left), in the order of ``heights``.

    Examples
    --------
    >>> swarm_offsets([0.0, 0.0, 0.0, 50.0], diameter=4.0)
    array([ 0.,  4., -4.,  0.])
    >>> swarm_offsets([0.0, 0.0, 0.0], diameter=4.0, room=2.0)
    array([ 0.,  2., -2.])
    """
    y = np.asarray(heights, dtype=np.float64)
    x = np.zeros_like(y)
    placed: list[int] = []
    for point in np.argsort(y, kind="stable"):
        near = [other for other in placed if y[point] - y[other] < diameter]
        x[point] = _nearest_free(y[point], x[near], y[near], diameter)
        placed.append(int(point))
    widest = float(np.abs(x).max(initial=0.0))
    return x * (room / widest) if widest > room else x


def _nearest_free(
    height: float, taken_x: NDArray[np.float64], taken_y: NDArray[np.float64], diameter: float
) -> float:
    reach = np.sqrt(np.maximum(diameter**2 - (height - taken_y) ** 2, 0.0))
    candidates = np.concatenate([[0.0], taken_x + reach, taken_x - reach])
    # nearest to the middle first; of two equally near ones the right, so that ties are settled
    order = np.lexsort((-candidates, np.round(np.abs(candidates), 9)))
    for x in candidates[order]:
        distance = (x - taken_x) ** 2 + (height - taken_y) ** 2
        if np.all(distance >= diameter**2 * (1 - 1e-9)):
            return float(x)
    return float(candidates[order][-1])


def spread_swarm(page: Page, panel: Axes, points: Collection, *, at: float, room: float) -> None:
    """Move the points of one column sideways until none hides another.

    Parameters
    ----------
    page : Page
        The page; the swarm is fitted to the final size of the panel.
    panel : Axes
        Its panel, limits set.
    points : Collection
        The points.
    at : float
        The column's place on the x axis.
    room : float
        Largest offset, on the x axis.

    Examples
    --------
    >>> from ketbio.figures.marks import draw_points
    >>> from ketbio.figures.page import finish_page, start_page
    >>> from ketbio.figures.style import STYLES, group_marks
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> points = draw_points(page.panels[0], [0, 0], [1, 1], style=page.style, label="responder",
    ...                      mark=group_marks(["responder"])["responder"])
    >>> _ = page.panels[0].set(xlim=(-1, 1), ylim=(0, 2))
    >>> spread_swarm(page, page.panels[0], points, at=0, room=0.5)
    >>> _ = finish_page(page, headline="", caption="")
    >>> places = points.get_offsets()[:, 0]
    >>> bool(places[0] == 0 and places[1] > 0)
    True
    """
    heights = np.asarray(points.get_offsets(), dtype=np.float64)[:, 1].copy()

    def fit() -> None:
        origin = panel.transData.transform((0.0, 0.0))
        unit = panel.transData.transform((1.0, 1.0)) - origin
        per_point = page.figure.dpi / POINTS_PER_INCH
        offsets = swarm_offsets(
            heights * unit[1] / per_point,
            diameter=page.style.point_pt * 1.15,
            room=room * unit[0] / per_point,
        )
        points.set_offsets(np.column_stack([at + offsets * per_point / unit[0], heights]))

    page.mark_fits.append(fit)
