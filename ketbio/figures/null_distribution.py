"""The null distribution of a permutation test: what p counts, arrangement by arrangement."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.captions import answer
from ketbio.figures.labels import spoken, with_unit
from ketbio.figures.marks import axis_limits
from ketbio.figures.null_counts import Counted, FloatArray, counted_by_p, null_of, sticks_of
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.parts import require_result
from ketbio.figures.style import INK, OUTLINE_FILL, QUIET, Style, drawing_settings, find_style
from ketbio.result import Result, side_words, statistic_words
from ketbio.wording import capitalised, count_of, format_number, format_p

MOST_STICKS = 80
"""More different values than these are drawn as a histogram."""
BINS = 50


def draw_null_distribution(
    result: Result,
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw what a permutation test counted: its statistic over the arrangements, and the tails.

    Each value that can come out is a stick where there are few, so that the steps in which p moves
    are seen; otherwise a histogram. What is at least as extreme as observed, which is what p
    counts, is filled.

    Parameters
    ----------
    result : Result
        Of a permutation test, or a companion that is one; its arrangements were listed or drawn.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        One panel.

    Raises
    ------
    FigureError
        No permutation test, or one whose arrangements were counted without being listed.

    Examples
    --------
    >>> one = Result(analysis="compare_visits", marker="MADRS", outcome="total", groups=("b", "a"),
    ...     n={"pairs": 2}, statistic=2.0, statistic_name="sum", p_value=0.5, is_exact=True,
    ...     p_method="exact, 4 arrangements", n_arrangements=4, alternative="two-sided",
    ...     p_definition="share of arrangements with |T − E T| ≥ |t − E T|",
    ...     null_distribution=np.array([-2.0, 0.0, 0.0, 2.0]))
    >>> figure = draw_null_distribution(one)
    >>> figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()
    ('Sum', 'Arrangements')
    """
    require_result(result, caller="draw_null_distribution")
    null = null_of(result)
    counted = Counted(values=null, is_extreme=counted_by_p(result, null))
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1.0])
        panel = page.panels[0]
        sticks = sticks_of(counted)
        draw = _draw_sticks if len(sticks) <= MOST_STICKS else _draw_histogram
        panel.set_xlim(*axis_limits(null, [result.statistic]))
        draw(page, panel, counted, sticks)
        _draw_observed(page, panel, result)
        number_axis(panel, "x")
        number_axis(panel, "y")
        panel.set_ylim(bottom=0)
        axis_label(page, panel, "x", _statistic_words(result))
        axis_label(page, panel, "y", _unit(result))
        return finish_page(
            page,
            headline=answer(result),
            caption=_caption(result, counted, sticks),
            note=note,
            keys=_keys(result, counted, page.style),
            results=[result],
            data={"null_distribution": sticks},
            kind="Null distribution",
            alternative=_alternative(result, counted, sticks),
        )


def _statistic_words(result: Result) -> str:
    """Return what is on the axis, with the unit where it is a difference in it."""
    words = capitalised(spoken(statistic_words(result)) or "statistic")
    return with_unit(words, result.unit if "difference" in result.statistic_name else "")


def _draw_sticks(page: Page, panel: Axes, _counted: Counted, sticks: pd.DataFrame) -> None:
    low, high = panel.get_xlim()
    at = sticks["statistic"].clip(low, high).to_numpy()
    gaps = np.diff(at)
    room = float(gaps[gaps > 0].min()) if (gaps > 0).any() else high - low
    width = min(0.7 * room, 0.04 * (high - low))
    for is_extreme, heights in (
        (False, sticks["count"] - sticks["counted_by_p"]),
        (True, sticks["counted_by_p"]),
    ):
        shown = heights.to_numpy() > 0
        _bars(page, panel, at[shown], heights.to_numpy()[shown], width=width, is_extreme=is_extreme)


def _draw_histogram(page: Page, panel: Axes, counted: Counted, _sticks: pd.DataFrame) -> None:
    low, high = panel.get_xlim()
    edges = np.linspace(low, high, BINS + 1)
    seen = np.clip(counted.values, low, high)
    extreme, _ = np.histogram(seen[counted.is_extreme], bins=edges)
    others, _ = np.histogram(seen[~counted.is_extreme], bins=edges)
    at, width = (edges[:-1] + edges[1:]) / 2, edges[1] - edges[0]
    _bars(page, panel, at, extreme, width=width, is_extreme=True)
    _bars(page, panel, at, others, width=width, is_extreme=False, bottom=extreme)


def _bars(
    page: Page,
    panel: Axes,
    at: FloatArray,
    heights: NDArray[np.int_],
    *,
    width: float,
    is_extreme: bool,
    bottom: NDArray[np.int_] | None = None,
) -> None:
    panel.bar(
        at, heights, width=width, bottom=0 if bottom is None else bottom,
        color=QUIET if is_extreme else OUTLINE_FILL, edgecolor=INK,
        linewidth=page.style.line_pt * 0.5, zorder=2,
        label="counted by p" if is_extreme else "others",
    )  # fmt: skip


def _draw_observed(page: Page, panel: Axes, result: Result) -> None:
    """Mark the value observed, by a line and a triangle at its foot."""
    low, high = panel.get_xlim()
    at = min(max(result.statistic, low), high)
    panel.axvline(at, color=INK, linewidth=page.style.line_pt * 1.4, linestyle="--", zorder=3)
    panel.plot(
        [at], [1.0],
        transform=panel.get_xaxis_transform(), marker="v", color=INK,
        markersize=page.style.point_pt * 1.3, linestyle="none", clip_on=False, zorder=6,
        label="observed",
    )  # fmt: skip


def _unit(result: Result) -> str:
    return "Arrangements" if result.is_exact else "Draws"


def _keys(result: Result, counted: Counted, style: Style) -> list[Patch]:
    n, extreme = counted.values.size, int(counted.is_extreme.sum())
    what = "arrangement" if result.is_exact else "draw"
    tail = "smaller tail" if result.alternative == "two-sided-doubled" else "as extreme as observed"
    labels = ((QUIET, f"{tail}: {extreme:,} of {count_of(n, what)}"), (OUTLINE_FILL, "others"))
    return [
        Patch(facecolor=colour, edgecolor=INK, linewidth=style.line_pt * 0.5, label=label)
        for colour, label in labels
    ]


def _caption(result: Result, counted: Counted, sticks: pd.DataFrame) -> str:
    said = [
        f"Dashed line with triangle: observed, {format_number(result.statistic)}.",
        _p_words(result),
    ]
    if not math.isnan(result.p_floor):
        said.append(
            f"The smallest p that can come out is {format_p(result.p_floor, symbol=False)}."
        )
    if len(sticks) <= MOST_STICKS:
        said.append(f"Each stick is a value that can come out ({len(sticks)}).")
    beyond = int((~np.isfinite(counted.values)).sum())
    if beyond:
        said.append(
            f"Infinite in {beyond:,}, drawn at the end of the axis: nothing varies within groups."
        )
    return " ".join(said)


def _p_words(result: Result) -> str:
    """Say how p follows from what is filled."""
    how = f"p: {result.p_method}, {side_words(result.alternative)}"
    what = f"; {result.p_definition}" if result.p_definition else ""
    return f"{how}{what}."


def _alternative(result: Result, counted: Counted, sticks: pd.DataFrame) -> str:
    extreme, n = int(counted.is_extreme.sum()), counted.values.size
    finite = counted.values[np.isfinite(counted.values)]
    span = ""
    if finite.size:
        span = f", from {format_number(finite[0])} to {format_number(finite[-1])}"
    what = "arrangements" if result.is_exact else "draws"
    return (
        f"Null distribution of the {spoken(statistic_words(result)) or 'statistic'} of "
        f"{spoken(result.label)}: {n:,} {what} with {count_of(len(sticks), 'different value')}"
        f"{span}; observed {format_number(result.statistic)}; {extreme:,} are at least as extreme. "
        f"n = {result.n_total}. {answer(result)}."
    )
