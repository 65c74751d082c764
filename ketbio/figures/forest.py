"""All markers of a family as a forest: each effect with its interval, its p values beside it."""

import math
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.families import (
    common_words,
    family_table,
    fixed,
    labels_of,
    outcome_words,
    require_results,
    smallest_p_words,
)
from ketbio.figures.forest_rows import ForestGroup, ForestRow, columns_that_fit, forest_groups
from ketbio.figures.interval_axis import effect_limits
from ketbio.figures.labels import spoken
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.style import (
    GUIDE,
    INK,
    MM_PER_INCH,
    POINTS_PER_INCH,
    QUIET,
    Style,
    drawing_settings,
    find_style,
)
from ketbio.result import Result, side_words
from ketbio.wording import count_of, format_p, join_words

ANALYSES = (
    "compare_responders",
    "compare_visits",
    "compare_crossover",
    "correlate_changes",
    "correlate_markers",
    "correlate_baseline_change",
    "compare_imputed",
    "correlate_repeated",
)
REASONS_TOLD = 4


def draw_forest(
    results: Sequence[Result],
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw several markers below each other: effect, interval, n, p and adjusted p.

    Results of one analysis and title stand together on one axis. The effect is the estimate where
    all of them have one in the same unit, and otherwise the standardised effect size. An arrow is
    an interval that is open or goes on beyond the axis; ``–`` stands where there is no number, and
    the caption says why.

    Parameters
    ----------
    results : sequence of Result
        Of `compare_responders`, `compare_visits` or the correlations.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Three panels for each analysis: the names, the effects, the numbers. It is as high as its
        rows need.

    Raises
    ------
    FigureError
        No results, results of another analysis, or no such style.

    Examples
    --------
    >>> results = [Result(analysis="compare_responders", marker=name, outcome="change",
    ...     groups=("responder", "non-responder"), n={"responder": 5, "non-responder": 6},
    ...     effect_size=g, effect_size_name="Hedges g", effect_size_ci=(g - 1, g + 1),
    ...     p_value=0.2, p_adjusted=0.4) for name, g in (("BDNF_serum", 0.8), ("VGF", -0.3))]
    >>> figure = draw_forest(results)
    >>> figure.axes[1].get_xlabel()
    'Hedges g, responder − non-responder'
    """
    given = require_results(
        results, caller="draw_forest", analyses=ANALYSES, of="comparisons and correlations"
    )
    labels = labels_of(given)
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        width = sizes.width_mm / MM_PER_INCH * POINTS_PER_INCH
        layout = columns_that_fit(forest_groups(given, labels), width_pt=width, style=sizes)
        page = start_page(
            sizes,
            ax=ax,
            widths=layout.widths_pt,
            heights=[group.height_pt for group in layout.groups],
            panel_height_pt=layout.height_pt,
        )
        for number, group in enumerate(layout.groups):
            name, effect, numbers = page.panels[3 * number : 3 * number + 3]
            _draw_names(page, name, group)
            _draw_effects(page, effect, group)
            _write_numbers(page, numbers, group, layout.columns)
        return finish_page(
            page,
            headline=_headline(given, layout.groups),
            caption=_caption(given, layout.groups, layout.left_out),
            note=note,
            results=given,
            data={"forest": family_table(given, labels)},
            kind="Forest plot",
            alternative=_alternative(given, layout.groups),
        )


def _set_rows(panel: Axes, group: ForestGroup) -> None:
    panel.set(ylim=(group.bottom, -1.0))
    panel.patch.set_visible(False)  # the heading reaches over from the names
    panel.set_yticks([])
    panel.spines["left"].set_visible(False)


def _draw_names(page: Page, panel: Axes, group: ForestGroup) -> None:
    _set_rows(panel, group)
    panel.set(xlim=(0, 1))
    panel.set_xticks([])
    panel.spines["bottom"].set_visible(False)
    style = page.style
    if group.heading:
        heading = panel.text(
            0, -0.55, group.heading,
            size=style.small_pt, weight="bold", color=INK, va="center", clip_on=False,
        )  # fmt: skip
        heading.set_in_layout(False)  # it may reach over the effects, where there is room
    for row in group.rows:
        panel.text(
            0, row.at, row.label, size=style.small_pt, color=INK, va="center", linespacing=1.1
        )


def _draw_effects(page: Page, panel: Axes, group: ForestGroup) -> None:
    _set_rows(panel, group)
    low, high = _limits(group)
    panel.set_xlim(low, high)
    number_axis(panel, "x", ticks=4)
    panel.plot(
        [group.null] * 2, [0.0, group.bottom],
        color=GUIDE, linewidth=page.style.line_pt, zorder=1, label="null",
    )  # fmt: skip
    for row in group.rows:
        if math.isfinite(row.effect):
            _draw_row(panel, row, page.style)
        else:
            dash = panel.text((low + high) / 2, row.at, "–", color=QUIET, ha="center", va="center")
            dash.set_fontsize(page.style.small_pt)
    axis_label(page, panel, "x", group.axis)


def _limits(group: ForestGroup) -> tuple[float, float]:
    """Return the axis: all estimates, and intervals as far as they do not flatten the others."""
    known = [row for row in group.rows if math.isfinite(row.effect)]
    ends = [end for row in known for end in (row.low, row.high)]
    return effect_limits([row.effect for row in known], ends, null=group.null)


def _draw_row(panel: Axes, row: ForestRow, style: Style) -> None:
    """Draw an effect; an interval that goes on beyond the axis ends in an arrow."""
    left, right = panel.get_xlim()
    if not (math.isnan(row.low) or math.isnan(row.high)):
        ends = [max(row.low, left), min(row.high, right)]
        panel.plot(
            ends, [row.at] * 2,
            color=INK, linewidth=style.line_pt * 1.6, solid_capstyle="butt", zorder=3,
            label="interval",
        )  # fmt: skip
        for is_beyond, end, arrow in (
            (row.low < left, left, "<"),
            (row.high > right, right, ">"),
        ):
            if is_beyond:
                panel.plot(
                    [end], [row.at],
                    marker=arrow, color=INK, markersize=style.point_pt, linestyle="none",
                    clip_on=False, zorder=4, label="goes on",
                )  # fmt: skip
    panel.plot(
        [row.effect], [row.at],
        marker="s", color=INK, markersize=style.point_pt, linestyle="none", zorder=5,
        label=row.label,
    )  # fmt: skip


def _write_numbers(page: Page, panel: Axes, group: ForestGroup, columns: dict[str, float]) -> None:
    """Write the columns, each flush right at its place."""
    _set_rows(panel, group)
    total = sum(columns.values()) or 1.0
    panel.set(xlim=(0, total))
    panel.set_xticks([])
    panel.spines["bottom"].set_visible(False)
    how: dict[str, Any] = {"size": page.style.small_pt, "ha": "right", "va": "center"}
    at = 0.0
    for name, width in columns.items():
        at += width
        panel.text(at, -0.55, group.columns[name], color=QUIET, **how)
        for row in group.rows:
            panel.text(at, row.at, row.cells[name], color=INK, **how)


def _headline(results: Sequence[Result], groups: Sequence[ForestGroup]) -> str:
    names = join_words(dict.fromkeys(group.effect_name for group in groups if group.effect_name))
    how = f"{names or 'Effects'} of {count_of(len(results), _noun(results))}"
    if _is_imputed(results):
        # One question under several assumptions: the smallest p is no answer to it.
        known = [one.estimate for one in results if math.isfinite(one.estimate)]
        span = [fixed(end, 2) for end in (min(known), max(known))] if known else []
        return f"{how}: {' to '.join(dict.fromkeys(span)) or 'none'} {results[0].unit}".rstrip()
    return "; ".join(part for part in (how, smallest_p_words(results)) if part)


def _is_imputed(results: Sequence[Result]) -> bool:
    return all(one.analysis == "compare_imputed" for one in results)


def _noun(results: Sequence[Result]) -> str:
    if all(one.analysis == "correlate_markers" for one in results):
        return "pair"
    if _is_imputed(results):
        return "estimate"
    names = {one.marker for one in results}
    return "marker" if len(names) == len(results) else "result"


def _caption(
    results: Sequence[Result], groups: Sequence[ForestGroup], left_out: Sequence[str]
) -> str:
    rows = [row for group in groups for row in group.rows]
    levels = " or ".join(f"{100 * level:g}%" for level in sorted({one.ci_level for one in results}))
    is_in_headings = len(groups) > 1 and not any(one.title for one in results)
    said = [] if is_in_headings else [outcome_words(results)]
    said.append(f"Squares: effects; lines: their {levels} intervals; grey line: no effect.")
    if pairs := [one for one in results if len(one.n) == 2]:
        said.append(f"n: {' / '.join(map(spoken, pairs[0].n))}.")
    if any(_is_beyond(row, _limits(group)) for group in groups for row in group.rows):
        said.append("Arrow: the interval is open, or goes on beyond the axis.")
    if left_out:
        said.append(f"In the figure's data, for want of room: {join_words(left_out)}.")
    if tests := common_words(results, "p_method"):
        exact = [word for word in tests if word.startswith("exact")]
        ways = [
            *(["exact permutation"] if exact else []),
            *(word for word in tests if word not in exact),
        ]
        sides = map(side_words, common_words(results, "alternative"))
        said.append(f"p: {' or '.join(ways)}, {' or '.join(sides)}.")
    if adjusted := common_words(results, "adjustment"):
        said.append(f"p adj.: by {join_words(adjusted, last='or')}.")
    said += _reasons(rows)
    if any("…" in row.label for row in rows):
        said.append("Names that end in … are whole in the figure's data.")
    return " ".join(part for part in said if part)


def _is_beyond(row: ForestRow, limits: tuple[float, float]) -> bool:
    return math.isfinite(row.effect) and (row.low < limits[0] or row.high > limits[1])


def _reasons(rows: Sequence[ForestRow]) -> list[str]:
    """Return why rows have no number or no interval, those with the same reason together."""
    why: dict[str, list[str]] = {}
    for row in rows:
        if row.lacking:
            why.setdefault(row.lacking, []).append(row.name)
    told = [f"– {join_words(names)}: {reason}." for reason, names in why.items()]
    more = len(told) - REASONS_TOLD
    return told[:REASONS_TOLD] + ([f"– {more} more: see their results."] if more > 0 else [])


def _alternative(results: Sequence[Result], groups: Sequence[ForestGroup]) -> str:
    rows = [row for group in groups for row in group.rows]
    told = "; ".join(_row_words(row) for row in rows[:12])
    what = join_words(dict.fromkeys(group.axis.replace("\u00a0", " ") for group in groups))
    more = f"; {len(rows) - 12} more in its data" if len(rows) > 12 else ""
    p = smallest_p_words(results) or format_p(float("nan"))
    shown = count_of(len(results), _noun(results))
    return f"Forest plot of {shown}; {what}: {told}{more}; {p}. {outcome_words(results)}".rstrip()


def _row_words(row: ForestRow) -> str:
    """Return a row in words: effect, interval, n and p."""
    p = row.cells["p"]
    said = [f"{row.name} {row.cells['effect']}", f"n = {row.cells['n']}"]
    if p != "–":
        said.append(f"p {p}" if p.startswith(("<", ">")) else f"p = {p}")
    return ", ".join(said)
