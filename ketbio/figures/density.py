"""The cloud of a raincloud: the density of a group's values, by seaborn."""

import numpy as np
import seaborn
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from ketbio.figures.style import INK, GroupMark, Style


def draw_cloud(
    panel: Axes, values: ArrayLike, *, at: float, width: float, mark: GroupMark, style: Style
) -> None:
    """Draw the density of a group's values as half a violin, from the least to the largest value.

    Parameters
    ----------
    panel : Axes
        Where, values upwards.
    values : array_like, shape (n,)
        Finite values, enough for a density (see `is_cloudy`).
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
    given = np.asarray(values, dtype=np.float64)
    seaborn.violinplot(
        x=np.full(given.size, at), y=given, ax=panel, native_scale=True, width=2 * width,
        split=True, cut=0, inner=None, color=mark.colour, saturation=1, linecolor=INK,
        linewidth=style.line_pt * 0.7, alpha=0.45, zorder=1.6, label="density", legend=False,
    )  # fmt: skip
