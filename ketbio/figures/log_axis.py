"""A logarithmic axis with plain numbers, and a place beyond a break for zero."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from ketbio.figures.labels import tick_number
from ketbio.figures.page import Page
from ketbio.figures.style import INK, POINTS_PER_INCH
from ketbio.figures.wrapping import text_width

MOST_TICKS = 7
STEPS = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
"""Numbers of a decade that carry a tick: as many as there is room for."""
SHORTEST_SPAN = 0.3
"""Decades; equal values get an axis of this length around them."""
ZERO_GAP = 0.13
"""Of an axis across a figure; a short axis needs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogScale:
    """Where values stand on a logarithmic axis.

    Attributes
    ----------
    low, high : float
        Ends of the axis proper, in decades.
    zero_at : float
        Where zero stands, below ``low`` and beyond a break; NaN where it has no place.
    """

    low: float
    high: float
    zero_at: float = float("nan")

    def places(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return log10 of values; zero and less stand at ``zero_at``, what is not known nowhere.

        Examples
        --------
        >>> LogScale(low=0, high=2, zero_at=-0.3).places([0.0, 1.0, 100.0, float("nan")])
        array([-0.3,  0. ,  2. ,  nan])
        """
        given = np.asarray(values, dtype=np.float64)
        places = np.full(given.shape, np.nan)
        positive = given > 0
        places[positive] = np.log10(given[positive])
        places[given <= 0] = self.zero_at
        return places

    @property
    def start(self) -> float:
        """Where the whole axis begins, zero with it."""
        if math.isnan(self.zero_at):
            return self.low
        return self.zero_at - (self.low - self.zero_at) / 2


def log_scale(
    values: ArrayLike, *, has_zero: bool, margin: float = 0.05, gap: float = ZERO_GAP
) -> LogScale:
    """Return the scale that shows all positive ``values``, and zero where asked for.

    Parameters
    ----------
    values : array_like
        What must be seen; what is not positive and finite is left out.
    has_zero : bool
        Whether zero (or less) gets a place beyond a break.
    margin : float
        Share of the span that stays free at either end.
    gap : float
        Distance of zero from the lowest place, as a share of the span.

    Examples
    --------
    >>> log_scale([1.0, 100.0, 0.0], has_zero=False, margin=0)
    LogScale(low=0.0, high=2.0, zero_at=nan)
    """
    given = np.ravel(np.asarray(values, dtype=np.float64))
    decades = np.log10(given[np.isfinite(given) & (given > 0)])
    low, high = (float(decades.min()), float(decades.max())) if decades.size else (0.0, 0.0)
    lacking = max(SHORTEST_SPAN - (high - low), 0.0) / 2
    low, high = low - lacking, high + lacking
    span = high - low
    low, high = low - margin * span, high + margin * span
    zero_at = low - gap * span if has_zero else float("nan")
    return LogScale(low=low, high=high, zero_at=zero_at)


def log_ticks(low: float, high: float, *, most: int) -> list[float]:
    """Return round numbers between 10**low and 10**high, at most ``most``.

    Examples
    --------
    >>> log_ticks(0.0, 2.0, most=7), log_ticks(0.0, 2.0, most=4)
    ([1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0], [1.0, 10.0, 100.0])
    >>> log_ticks(1.0, 1.2, most=5)
    [10.0, 12.0, 14.0]
    """
    decades = range(math.floor(low), math.ceil(high) + 1)
    for steps in STEPS:
        found = [float(f"{step:g}e{decade}") for decade in decades for step in steps]
        within = [value for value in found if low - 1e-9 <= math.log10(value) <= high + 1e-9]
        if len(within) <= most:
            break
    if len(within) >= 3 or high - low > 1:
        return within[:: max(1, math.ceil(len(within) / most))]
    locator = MaxNLocator(nbins=max(most - 1, 1), steps=[1, 2, 5, 10])
    ticks = [float(tick) for tick in locator.tick_values(10**low, 10**high)]
    plain = [tick for tick in ticks if 10**low * (1 - 1e-9) <= tick <= 10**high * (1 + 1e-9)]
    return within if len(plain) > most and len(within) > 1 else plain


def log_axis(
    page: Page, panel: Axes, which: str, scale: LogScale, *, zero: str = "0", named: bool = True
) -> None:
    """Let an axis carry the numbers of a `LogScale`, as many as there is room for.

    Parameters
    ----------
    page : Page
        The page.
    panel : Axes
        One of its panels.
    which : {"x", "y"}
        Its axis.
    scale : LogScale
        Where the values stand.
    zero : str
        What stands at the place of zero.
    named : bool
        Whether the numbers are written.

    Examples
    --------
    >>> from ketbio.figures.page import finish_page, start_page
    >>> from ketbio.figures.style import STYLES
    >>> page = start_page(STYLES["report"], widths=[1])
    >>> log_axis(page, page.panels[0], "x", LogScale(low=0, high=2, zero_at=-0.2))
    >>> _ = finish_page(page, headline="", caption="")
    >>> [label.get_text() for label in page.panels[0].get_xticklabels()][:3]
    ['0', '1', '2']
    """
    (panel.set_xlim if which == "x" else panel.set_ylim)(scale.start, scale.high)
    _set_ticks(panel, which, scale, most=2, zero=zero, named=named)

    def fit() -> None:
        for most in range(MOST_TICKS, 2, -1):
            _set_ticks(panel, which, scale, most=most, zero=zero, named=named)
            if not named or _has_room(page, panel, which):
                return

    page.label_fits.append(fit)
    if not math.isnan(scale.zero_at):
        _draw_break(page, panel, which, (scale.zero_at + scale.low) / 2)


def _set_ticks(
    panel: Axes, which: str, scale: LogScale, *, most: int, zero: str, named: bool
) -> None:
    ticks = log_ticks(scale.low, scale.high, most=most)
    places = [math.log10(tick) for tick in ticks]
    words = [tick_number(tick) for tick in ticks]
    if not math.isnan(scale.zero_at):
        places, words = [scale.zero_at, *places], [zero, *words]
    labels: Sequence[str] = words if named else [""] * len(words)
    (panel.set_xticks if which == "x" else panel.set_yticks)(places, labels=list(labels))


def _has_room(page: Page, panel: Axes, which: str) -> bool:
    axis = panel.xaxis if which == "x" else panel.yaxis
    size = page.style.small_pt
    box = panel.get_window_extent()
    length = (box.width if which == "x" else box.height) / page.figure.dpi * POINTS_PER_INCH
    low, high = axis.get_view_interval()
    at = np.asarray(axis.get_majorticklocs()) * length / (high - low)
    words = [label.get_text() for label in axis.get_majorticklabels()]
    reach = np.array(
        [text_width(word, size_pt=size) if which == "x" else size * 1.2 for word in words]
    )
    room = np.diff(at) - (reach[1:] + reach[:-1]) / 2
    return bool(np.all(room > size * (0.5 if which == "x" else 0.1)))


def _draw_break(page: Page, panel: Axes, which: str, at: float) -> None:
    """Interrupt the axis line with two slanted strokes: what lies beyond is not to scale."""
    is_x = which == "x"
    transform = panel.get_xaxis_transform() if is_x else panel.get_yaxis_transform()
    slant = Path([(-0.5, -1.0), (0.5, 1.0)] if is_x else [(-1.0, -0.5), (1.0, 0.5)])
    half = 0.008 * abs(np.subtract(*(panel.get_xlim() if is_x else panel.get_ylim())))
    along, across = np.array([at - half, at + half]), np.zeros(2)
    panel.plot(
        *((along, across) if is_x else (across, along)),
        color="white", linewidth=page.style.line_pt * 3, marker=slant,
        markeredgecolor=INK, markeredgewidth=page.style.line_pt,
        markersize=page.style.small_pt * 0.7, solid_capstyle="butt",
        transform=transform, clip_on=False, zorder=8, label="break",
    )  # fmt: skip
