"""Correlations of several markers as a matrix: every coefficient with its interval and p."""

import math
from collections.abc import Sequence

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ketbio.figures.families import (
    coefficient,
    common_words,
    family_table,
    fitted_lines,
    labels_of,
    outcome_words,
    require_results,
    smallest_p_words,
    span_of,
)
from ketbio.figures.matrix_cells import CellPlan, Matrix, arrange_matrix, cell_words
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.style import (
    FAINT,
    INK,
    OUTLINE_FILL,
    POINTS_PER_INCH,
    QUIET,
    Style,
    drawing_settings,
    find_style,
)
from ketbio.result import Result, side_words
from ketbio.wording import capitalised, count_of

ANALYSES = ("correlate_markers", "correlate_changes")
SHAPES = {True: "o", False: "s"}
"""Whether a correlation is positive → its mark: sign is told by shape, and not by colour alone."""
COLOURS = {
    True: to_hex(colormaps["PuOr"](0.76)),
    False: to_hex(colormaps["PuOr"](0.24)),
}
"""Light enough that a number over it can be read."""


def draw_correlation_matrix(
    results: Sequence[Result],
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw the correlations of several markers as a matrix.

    Below the diagonal each coefficient stands on a mark: its area is the size of the correlation,
    its shape and colour the sign. Above the diagonal stand interval, p and adjusted p. What does
    not fit into the cells at the width asked for is left to the figure's data, and the caption
    says so.

    Parameters
    ----------
    results : sequence of Result
        Of `correlate_markers`; or of `correlate_changes`, as markers against their outcome.
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
        No correlations, two of one pair, too many for the width, or no such style.

    Examples
    --------
    >>> pairs = [("a", "b", 0.62), ("a", "c", -0.21), ("b", "c", -0.48)]
    >>> results = [Result(analysis="correlate_markers", marker=x, outcome="", groups=(x, y),
    ...     n={"pairs": 11}, estimate=r, estimate_name="Pearson r", ci_low=r - 0.3,
    ...     ci_high=r + 0.3, p_value=0.04, p_adjusted=0.12) for x, y, r in pairs]
    >>> figure = draw_correlation_matrix(results)
    >>> [text.get_text() for text in figure.axes[0].texts[:3]]
    ['0.62', '−0.21', '−0.48']
    """
    given = require_results(
        results, caller="draw_correlation_matrix", analyses=ANALYSES, of="correlations"
    )
    matrix = arrange_matrix(given)
    labels = labels_of(given)
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        plan = CellPlan.of(matrix, labels, sizes)
        page = start_page(sizes, ax=ax, widths=[1.0], panel_height_pt=plan.height_pt)
        _draw_cells(page, page.panels[0], matrix, plan)
        _name_sides(page, page.panels[0], matrix, plan)
        return finish_page(
            page,
            headline=_headline(given, matrix),
            caption=_caption(given, matrix, plan),
            note=note,
            keys=_keys(given, sizes),
            results=given,
            data={"correlations": family_table(given, labels)},
            kind="Correlation matrix",
            alternative=_alternative(given, matrix, labels),
        )


def _draw_cells(page: Page, panel: Axes, matrix: Matrix, plan: CellPlan) -> None:
    style, (rows, columns) = page.style, (len(matrix.rows), len(matrix.columns))
    panel.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    panel.spines[:].set_visible(False)
    if matrix.is_square:
        for place in range(rows):
            panel.add_patch(
                Rectangle((place - 0.5, place - 0.5), 1, 1, facecolor=OUTLINE_FILL, linewidth=0)
            )
    across, upwards = [-0.5, columns - 0.5], [-0.5, rows - 0.5]
    edges = [(across, [edge - 0.5] * 2) for edge in range(rows + 1)]
    step = 1 if matrix.is_square else 2
    edges += [([edge - 0.5] * 2, upwards) for edge in range(0, columns + 1, step)]
    for x, y in edges:
        panel.plot(x, y, color=FAINT, linewidth=style.line_pt / 2, clip_on=False, label="grid")
    for (row, column), one in matrix.marks.items():
        _draw_mark(page, panel, (row, column), one, plan)
    if plan.level == "marks":
        return
    for (row, column), one in matrix.details.items():
        _write(panel, (row, column), cell_words(one, plan.level, plan.has_n), page.style, QUIET)


def _draw_mark(
    page: Page, panel: Axes, place: tuple[int, int], one: Result, plan: CellPlan
) -> None:
    is_known = math.isfinite(one.estimate)
    if is_known:
        is_positive = one.estimate >= 0
        points = panel.scatter(
            [place[1]], [place[0]],
            marker=SHAPES[is_positive], color=COLOURS[is_positive], edgecolor=INK,
            linewidth=page.style.line_pt * 0.5 * (plan.level == "marks"), s=0.0, zorder=3,
            label=f"{one.groups[0]} with {one.groups[1]}",
        )  # fmt: skip
        page.mark_fits.append(lambda: points.set_sizes([_area(page, panel, one.estimate)]))
    if plan.level != "marks" or not is_known:
        _write(panel, place, coefficient(one.estimate), page.style, INK)


def _area(page: Page, panel: Axes, estimate: float) -> float:
    """Return the area of a mark in square points: that of a cell for a perfect correlation."""
    box = panel.get_window_extent()
    columns, rows = (abs(high - low) for low, high in (panel.get_xlim(), panel.get_ylim()))
    dpi = page.figure.get_figure(root=True).dpi
    side = 0.86 * min(box.width / columns, box.height / rows) / dpi * POINTS_PER_INCH
    return max(side**2 * abs(estimate), 0.5)


def _write(panel: Axes, place: tuple[int, int], words: str, style: Style, colour: str) -> None:
    panel.text(
        place[1], place[0], words,
        size=style.small_pt, color=colour, ha="center", va="center", linespacing=1.1, zorder=5,
    )  # fmt: skip


def _name_sides(page: Page, panel: Axes, matrix: Matrix, plan: CellPlan) -> None:
    page.said.extend(plan.labels)
    panel.set_yticks(range(len(plan.labels)), labels=plan.labels)
    panel.xaxis.tick_top()
    panel.tick_params(length=0)
    count = len(matrix.columns)
    if matrix.is_square:
        step = 1 if plan.cell_pt >= 2.2 * page.style.small_pt else 5
        shown = [place for place in range(count) if step == 1 or (place + 1) % step == 0]
        panel.set_xticks(shown, labels=[str(place + 1) for place in shown])
        return
    names = labels_of(matrix.marks.values())
    room = 2 * plan.cell_pt - 4.0
    words = [
        fitted_lines(capitalised(names[name]), width_pt=room, size_pt=page.style.small_pt, lines=3)
        for name in matrix.columns[::2]
    ]
    panel.set_xticks([2 * place + 0.5 for place in range(len(words))], labels=words)


def _keys(results: Sequence[Result], style: Style) -> list[Line2D]:
    """Return the legend of the signs that there are."""
    known = [one.estimate for one in results if math.isfinite(one.estimate)]
    signs = [sign for sign in (True, False) if any((value >= 0) == sign for value in known)]
    names = {True: "positive", False: "negative"}
    return [
        Line2D(
            [], [],
            marker=SHAPES[sign], color=COLOURS[sign], markersize=style.point_pt * 1.4,
            markeredgecolor=INK, markeredgewidth=style.line_pt * 0.5, linestyle="none",
            label=f"{names[sign]} correlation; area: its size" if sign == signs[0] else names[sign],
        )
        for sign in signs
    ]  # fmt: skip


def _headline(results: Sequence[Result], matrix: Matrix) -> str:
    name = " and ".join(common_words(results, "estimate_name")) or "Correlation"
    known = [one.estimate for one in results if math.isfinite(one.estimate)]
    if not known:
        return f"No correlation of {count_of(len(results), 'pair')} could be computed"
    of = "markers with their outcome"
    if matrix.is_square:
        of = count_of(len(matrix.rows), "marker")
    span = coefficient(known[0])
    if len(known) > 1:
        span = f"{coefficient(min(known))} to {coefficient(max(known))}"
    parts = [f"{name}, {count_of(len(results), 'pair')} of {of}: {span}", smallest_p_words(results)]
    return "; ".join(part for part in parts if part)


def _caption(results: Sequence[Result], matrix: Matrix, plan: CellPlan) -> str:
    where = ("left", "right")
    if matrix.is_square:
        where = ("below the diagonal", "above it")
    by_level = {
        "full": f"{capitalised(where[0])}: coefficient; {where[1]}: {_level_words(results)}, p and "
        "adjusted p (adj.).",
        "short": f"{capitalised(where[0])}: coefficient; {where[1]}: {_p_words(results)}. The "
        "intervals do not fit here and are in the figure's data.",
        "marks": "Coefficients, intervals and p values do not fit here and are in the figure's "
        "data.",
    }
    lacking = sum(math.isnan(one.estimate) for one in results)
    return " ".join(
        [
            *(["Columns are numbered as the rows."] if matrix.is_square else []),
            by_level[plan.level],
            *([of] if (of := outcome_words(results)) else []),
            f"n = {span_of(one.n_total for one in results)} participants per pair.",
            *_methods(results),
            *([f"–: not computed ({lacking})."] if lacking else []),
            *(["Names that end in … are whole in the figure's data."] if plan.is_cut else []),
        ]
    )


def _level_words(results: Sequence[Result]) -> str:
    return f"{100 * results[0].ci_level:g}% CI"


def _p_words(results: Sequence[Result]) -> str:
    return "adjusted p" if any(not math.isnan(one.p_adjusted) for one in results) else "p"


def _methods(results: Sequence[Result]) -> list[str]:
    tests = [word.split(",")[0] for word in common_words(results, "p_method")]
    sides = map(side_words, common_words(results, "alternative"))
    intervals = common_words(results, "ci_method")
    adjusted = common_words(results, "adjustment")
    said = []
    if tests:
        kinds = " or ".join(dict.fromkeys(tests))
        said.append(f"Test: permutation of the pairings, {kinds}, {' or '.join(sides)}.")
    if adjusted:
        said.append(f"Adjusted by {' or '.join(adjusted)}.")
    if intervals:
        said.append(f"Interval: {' or '.join(intervals)}.")
    return said


def _alternative(results: Sequence[Result], matrix: Matrix, labels: dict[str, str]) -> str:
    """Return the matrix in words: every pair of a few, the largest of many."""
    known = sorted(
        (one for one in results if math.isfinite(one.estimate)), key=lambda one: -abs(one.estimate)
    )
    told = [
        f"{labels[one.groups[0]]} with {labels[one.groups[1]]} {coefficient(one.estimate)}"
        for one in known[:TOLD_PAIRS]
    ]
    which = "Largest" if len(known) > TOLD_PAIRS else "By size"
    said = f" {which}: {'; '.join(told)}." if told else ""
    of = count_of(len(matrix.rows), "marker")
    what = outcome_words(results)
    return f"Correlation matrix of {of}. {_headline(results, matrix)}.{said} {what}".rstrip()


TOLD_PAIRS = 10
