"""Beside an estimate: its null distribution with the steps it can take, and what p counts."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ketbio.figures.null_counts import Counted, counted_by_p
from ketbio.figures.parts import FLOAT_SLACK, null_values
from ketbio.figures.style import INK, OUTLINE_FILL, QUIET, Style
from ketbio.result import Result

MOST_STEPS = 60
"""More different values than these are drawn as a histogram."""
BINS = 30
Values = NDArray[np.float64]


def estimate_null(result: Result) -> Counted | None:
    """Return the null distribution of an estimate, and which arrangements p counts.

    Returns
    -------
    Counted or None
        None where the null distribution is not on the scale of the estimate. Nothing counts where
        p is another share than these are (mid-p, doubled), so that a figure never shows another p
        than it says.

    Examples
    --------
    >>> one = Result(analysis="a", marker="m", outcome="", groups=(), n={}, estimate=2.0,
    ...     statistic=2.0, p_value=0.5, alternative="two-sided", is_exact=True,
    ...     null_distribution=np.array([-2.0, 1.0, -1.0, 2.0]))
    >>> estimate_null(one).is_extreme.tolist()
    [True, False, False, True]
    """
    found = null_values(result)
    if found is None:
        return None
    null = np.sort(found)
    tail = counted_by_p(result, null)
    count, n = int(tail.sum()), null.size
    shares = (count / n, (count + 1) / (n + 1))  # of drawn ones the one observed counts as well
    is_share = any(abs(share - result.p_value) <= FLOAT_SLACK for share in shares)
    return Counted(values=null, is_extreme=tail if is_share else np.zeros_like(tail))


def steps_of(null: Values) -> Values | None:
    """Return the values that can come out, where they are few enough to be told apart.

    Examples
    --------
    >>> steps_of(np.array([1.0, -1.0, 1.0])).tolist()
    [-1.0, 1.0]
    >>> steps_of(np.arange(1000.0)) is None
    True
    """
    values = np.unique(null)
    gap = FLOAT_SLACK * max(float(np.ptp(values)), 1e-300)
    apart = values[np.concatenate([[True], np.diff(values) > gap])]
    return apart if apart.size <= MOST_STEPS else None


def draw_null_tail(panel: Axes, result: Result, *, at: float, width: float, style: Style) -> None:
    """Draw the null distribution on its side: a bar per step, or a histogram; p counts the dark.

    Parameters
    ----------
    panel : Axes
        Where, the estimate upwards.
    result : Result
        The result, with a null distribution on the scale of its estimate; else nothing is drawn.
    at, width : float
        Where on the x axis it starts, and how far its fullest bar reaches.
    style : Style
        Sizes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES
    >>> panel = Figure().add_subplot()
    >>> one = Result(analysis="a", marker="m", outcome="", groups=(), n={}, estimate=1.0,
    ...     statistic=1.0, p_value=0.5, alternative="greater",
    ...     null_distribution=np.array([-1.0, 1.0]))
    >>> draw_null_tail(panel, one, at=1, width=2, style=STYLES["report"])
    >>> [float(bar.get_width()) for bar in panel.patches]
    [2.0, 0.0, 0.0, 2.0]
    """
    counted = estimate_null(result)
    if counted is None:
        return
    places, heights, which = _bars(counted.values)
    counts = [
        np.bincount(which[chosen], minlength=places.size).astype(np.float64)
        for chosen in (~counted.is_extreme, counted.is_extreme)
    ]
    fullest = float((counts[0] + counts[1]).max())
    light, dark = (width * one / fullest for one in counts)
    for lengths, start, colour, label in (
        (light, np.full(places.size, at), OUTLINE_FILL, "arrangements"),
        (dark, at + light, QUIET, "counted by p"),
    ):
        panel.barh(
            places, lengths, left=start, height=heights, color=colour, edgecolor=INK,
            linewidth=np.where(lengths > 0, style.line_pt * 0.5, 0.0), zorder=2, label=label,
        )  # fmt: skip


def _bars(null: Values) -> tuple[Values, Values, NDArray[np.intp]]:
    """Return where each bar stands, how high it is, and which bar each arrangement is in."""
    steps = steps_of(null)
    if steps is not None:
        gap = float(np.diff(steps).min()) if steps.size > 1 else 1.0
        span = float(np.ptp(steps)) or 1.0
        which = np.abs(null[:, None] - steps[None, :]).argmin(axis=1)
        return steps, np.full(steps.size, min(0.7 * gap, 0.04 * span)), which
    edges = np.histogram_bin_edges(null, bins=BINS)
    which = np.clip(np.searchsorted(edges, null, side="right") - 1, 0, BINS - 1)
    return (edges[:-1] + edges[1:]) / 2, np.diff(edges), which
