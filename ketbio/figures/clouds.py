"""The cloud of a raincloud: where the values of a group lie close, if there are enough to say."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from ketbio.figures.limits import beyond_limit
from ketbio.figures.style import INK, GroupMark, Style
from ketbio.result import Result
from ketbio.vocabulary import VALUE

FEWEST = 10
"""With fewer different values a density would show the smoothing and not the values."""


def is_cloudy(values: ArrayLike) -> bool:
    """Return whether values are enough for a density.

    Examples
    --------
    >>> is_cloudy(range(10)), is_cloudy([1, 2] * 10)
    (True, False)
    """
    return int(np.unique(np.asarray(values, dtype=np.float64)).size) >= FEWEST


def cloudy_groups(result: Result) -> list[str]:
    """Return the groups that get a cloud: enough values, and none only known to be beyond a limit.

    Examples
    --------
    >>> rows = pd.DataFrame({"group": ["a"] * 10 + ["b"], "value": [*map(float, range(11))]})
    >>> cloudy_groups(Result(analysis="a", marker="m", outcome="", groups=(), n={}, data=rows))
    ['a']
    """
    data = result.data
    if "group" not in data.columns or VALUE not in data.columns:
        return []
    beyond = beyond_limit(data) != ""
    found = []
    for name, own in data.groupby("group", sort=False):
        values = pd.to_numeric(own[VALUE], errors="coerce").dropna()
        if not beyond.loc[own.index].any() and is_cloudy(values):
            found.append(str(name))
    return found


def draw_cloud(
    panel: Axes, values: ArrayLike, *, at: float, width: float, mark: GroupMark, style: Style
) -> None:
    """Draw the density of a group's values as half a violin, from the least to the largest value.

    Parameters
    ----------
    panel : Axes
        Where, values upwards.
    values : array_like, shape (n,)
        Finite values, at least `FEWEST` different ones.
    at, width : float
        Where on the x axis its straight side stands, and how far it reaches to the left.
    mark : GroupMark
        Colour.
    style : Style
        Sizes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES, group_marks
    >>> panel = Figure().add_subplot()
    >>> mark = group_marks(["responder"])["responder"]
    >>> draw_cloud(panel, range(12), at=0.0, width=0.2, mark=mark, style=STYLES["report"])
    >>> box = panel.collections[0].get_paths()[0].get_extents()
    >>> float(box.x0.round(3)), float(box.y0), float(box.y1)
    (-0.2, 0.0, 11.0)
    """
    parts = panel.violinplot(
        np.asarray(values, dtype=np.float64), positions=[at], widths=2 * width, side="low",
        showextrema=False,
    )  # fmt: skip
    for body in list(parts["bodies"]):  # type: ignore[call-overload]  # a list, in its stub not
        body.set(
            facecolor=mark.colour, edgecolor=INK, alpha=0.45, linewidth=style.line_pt * 0.7,
            zorder=1.6, label="density",
        )  # fmt: skip
