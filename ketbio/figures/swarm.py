"""Where to put points that share a column, so that none hides another."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
