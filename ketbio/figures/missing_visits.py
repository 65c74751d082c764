"""Missing visits as a grid: who was measured when, told apart by fill and mark, not by colour."""

from math import ceil
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ketbio.errors import FigureError
from ketbio.figures.families import fitted_lines
from ketbio.figures.labels import spoken
from ketbio.figures.missing_grid import Grid, missing_grid
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import DARK_CELL, DARKER_BAND, WHITE
from ketbio.figures.parts import require_result
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
from ketbio.figures.wrapping import text_width, wrap_text
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import capitalised, count_of, join_words

THERE, BEYOND_FILL, NOTHING = DARK_CELL, DARKER_BAND, WHITE
FILLS = {"measured": THERE, "beyond a limit": BEYOND_FILL, "missing": NOTHING}
MARKS = {"beyond a limit": "<", "missing": "x"}
"""State → mark in its cell: a missing visit is crossed, so that white is never taken for there."""
LABEL_SHARES = (0.26, 0.18, 0.12)
"""Share of the width that names take at most: the first that leaves the numbers below the cells
apart from each other."""
ROW_LINES = 1.55
TALLEST = 1.6
"""Rows grow up to so many times their height where there are few."""
LEAST_CELL_PT = 9.0
UPRIGHT_PT = 90.0
"""Most that the name of a visit takes where it stands upright."""
LINE = 1.2


def draw_missing_visits(
    result: Result,
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw which visits there are: a row per participant, or per pattern where they are many.

    Up to 40 participants each have a row, arm by arm, the complete first and then by when they
    left. Beyond, a row is a pattern with its count per arm, the most frequent first. Measured is
    dark, a value beyond a limit grey with a triangle, missing white with a cross.

    Parameters
    ----------
    result : Result
        Of `describe_missing_visits`.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Three panels: labels, grid, counts. It is as high as its rows need.

    Raises
    ------
    FigureError
        Another analysis, nothing to draw, more visits than the width has room for, or no such
        style.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P1", "P2", "P2"], "group": "all",
    ...     "visit": ["baseline", "day_7"] * 2, "state": ["measured"] * 3 + ["missing"],
    ...     "pattern": ["11", "11", "10", "10"],
    ...     "kind": ["complete", "complete", "drop-out", "drop-out"]})
    >>> one = Result(analysis="describe_missing_visits", marker="MADRS", outcome="missing visits",
    ...              groups=("all",), n={"all": 2}, data=rows)
    >>> [text.get_text() for text in draw_missing_visits(one).axes[0].texts]
    ['P1', 'P2', 'n']
    """
    given = require_result(result, caller="draw_missing_visits")
    if given.analysis != "describe_missing_visits":
        raise FigureError(
            "draw_missing_visits() draws a result of describe_missing_visits; one of "
            f"{given.analysis} was given. Use draw() for that."
        )
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        grid, label, cells, words = _with_room(given, sizes)
        _refuse_narrow(grid, cells / len(grid.visits), given)
        ticks, size, is_upright = _visit_labels(grid, cells / len(grid.visits), sizes)
        page = start_page(
            sizes,
            ax=ax,
            widths=[label, cells, max(sum(words), 1.0)],
            panel_height_pt=(grid.bottom + 1.5 + 1.2 * size) * ROW_LINES * sizes.small_pt,
        )
        _name_rows(page, page.panels[0], grid)
        _draw_cells(page, page.panels[1], grid, ticks)
        page.panels[1].tick_params(axis="x", labelrotation=90.0 if is_upright else 0.0)
        _write_counts(page, page.panels[2], grid, words)
        return finish_page(
            page,
            headline=_headline(given),
            caption=_caption(given, grid),
            note=note,
            keys=_keys(given, sizes),
            results=[given],
            kind="Grid of missing visits",
            alternative=_alternative(given, grid),
        )


def _with_room(result: Result, style: Style) -> tuple[Grid, float, float, tuple[float, ...]]:
    """Return the grid, and in points the room of its names, its cells, its columns of words."""
    width = style.width_mm / MM_PER_INCH * POINTS_PER_INCH - 24.0
    for share in LABEL_SHARES:
        grid = missing_grid(result, label_pt=share * width, style=style)
        label, words = grid.label_width(style), grid.column_widths(style)
        cells = width - label - sum(words)
        counts = [count for each in grid.there for count in each.split("\n")]
        widest = max(text_width(count, size_pt=style.small_pt) for count in counts)
        if cells / len(grid.visits) >= widest + 4.0:
            break
    return grid, label, cells, words


def _refuse_narrow(grid: Grid, cell_pt: float, result: Result) -> None:
    if cell_pt >= LEAST_CELL_PT:
        return
    raise FigureError(
        f"{result.label} has {len(grid.visits)} visits, for which this width has no room; name "
        "fewer with visits=, or take a wider style."
    )


def _visit_labels(grid: Grid, cell_pt: float, style: Style) -> tuple[list[str], int, bool]:
    """Return the names of the visits as they fit, how many lines they take, whether upright."""
    room, size = max(cell_pt - 3.0, 14.0), style.small_pt
    names = [spoken(visit) for visit in grid.visits]
    longest = max(text_width(word, size_pt=size) for name in names for word in name.split())
    if longest > cell_pt - 1.0:  # upright: a word broken in two is read as two
        names = [fitted_lines(one, width_pt=UPRIGHT_PT, size_pt=size, lines=1) for one in names]
        high = max(text_width(name, size_pt=size) for name in names)
        return names, ceil(high / (LINE * size)), True
    wrapped = [wrap_text(name, width_pt=room, size_pt=size) for name in names]
    return wrapped, max(name.count("\n") + 1 for name in wrapped), False


def _bare(page: Page, panel: Axes, grid: Grid) -> None:
    # A page is no lower than its style asks; few rows do not grow without end to fill it.
    fewest = page.panel_height_pt / (TALLEST * ROW_LINES * page.style.small_pt)
    panel.set(ylim=(max(grid.bottom + 0.6, fewest - 0.7), -0.7))
    panel.spines[:].set_visible(False)
    panel.patch.set_visible(False)
    panel.set_xticks([])
    panel.set_yticks([])


def _name_rows(page: Page, panel: Axes, grid: Grid) -> None:
    _bare(page, panel, grid)
    panel.set(xlim=(0, 1))
    for row in grid.rows:
        heading: dict[str, Any] = {"weight": "bold", "clip_on": False} if row.is_heading else {}
        text = panel.text(
            0, row.at, row.label, size=page.style.small_pt, color=INK, va="center", **heading
        )
        text.set_in_layout(not row.is_heading)
    panel.text(
        0, grid.bottom - 0.2, grid.groups,
        size=page.style.small_pt, color=QUIET, va="top", linespacing=1.15, clip_on=False,
    )  # fmt: skip


def _draw_cells(page: Page, panel: Axes, grid: Grid, ticks: list[str]) -> None:
    _bare(page, panel, grid)
    panel.set(xlim=(-0.5, len(grid.visits) - 0.5))
    style = page.style
    for row in grid.rows:
        for place, state in enumerate(row.states):
            panel.add_patch(
                Rectangle(
                    (place - 0.43, row.at - 0.4), 0.86, 0.8,
                    facecolor=FILLS[state], edgecolor=GUIDE, linewidth=style.line_pt * 0.5,
                )
            )  # fmt: skip
            if state in MARKS:
                panel.plot(
                    [place], [row.at],
                    marker=MARKS[state], color=INK, markersize=0.62 * style.point_pt,
                    markeredgewidth=style.line_pt * 0.9, linestyle="none", label=state,
                )  # fmt: skip
    panel.xaxis.tick_top()
    panel.tick_params(length=0)
    panel.set_xticks(range(len(ticks)), labels=ticks)
    page.said.extend(ticks)
    for place, words in enumerate(grid.there):
        panel.text(
            place, grid.bottom - 0.2, words,
            size=style.small_pt, color=QUIET, ha="center", va="top", linespacing=1.15,
            clip_on=False,
        )  # fmt: skip


def _write_counts(page: Page, panel: Axes, grid: Grid, widths: tuple[float, ...]) -> None:
    """Write the kind and the counts of each row, each column flush left at its place."""
    _bare(page, panel, grid)
    panel.set(xlim=(0, max(sum(widths), 1.0)))
    at = 4.0
    for place, width in enumerate(widths):
        how: dict[str, Any] = {"size": page.style.small_pt, "va": "center"}
        panel.text(at, -1.0, grid.columns[place], color=QUIET, **how)
        for row in grid.rows:
            if row.cells:
                panel.text(at, row.at, row.cells[place], color=INK, **how)
        at += width


def _keys(result: Result, style: Style) -> list[Line2D]:
    there = set(result.data["state"].astype("str"))
    return [
        Line2D(
            [], [],
            marker="s", color=GUIDE, markerfacecolor=FILLS[state], markersize=style.point_pt * 1.5,
            linestyle="none", label=state,
        )
        if state not in MARKS
        else Line2D(
            [], [],
            marker=MARKS[state], color=INK, markersize=style.point_pt, linestyle="none",
            label=state,
        )
        for state in FILLS
        if state in there
    ]  # fmt: skip


def _headline(result: Result) -> str:
    people = result.data.drop_duplicates(PARTICIPANT_ID)
    complete = int((people["kind"] == "complete").sum())
    return (
        f"{capitalised(spoken(result.label))}: {complete} of "
        f"{count_of(len(people), 'participant')} measured at all "
        f"{result.data['visit'].nunique()} visits"
    )


def _caption(result: Result, grid: Grid) -> str:
    people = result.data.drop_duplicates(PARTICIPANT_ID)
    groups = sorted(set(people["group"].astype("str")))
    sizes = join_words(f"{spoken(one)} n = {int((people['group'] == one).sum())}" for one in groups)
    row = "a participant" if grid.of_participants else "a pattern, left of it how many have it"
    said = [f"Each row is {row}."]
    if grid.n_left_out:
        said.append(f"Rarer patterns, of {grid.n_left_out} participants: in the figure's data.")
    if not grid.of_participants and len(grid.columns) == 1:
        said.append("Counts per arm: in the figure's data.")
    said.append("Below: how many have a value at each visit.")
    said.append(f"{capitalised(sizes)}; nobody is left out.")
    return " ".join(said)


def _alternative(result: Result, grid: Grid) -> str:
    people = result.data.drop_duplicates(PARTICIPANT_ID)
    kinds = people["kind"].astype("str").value_counts()
    told = join_words(f"{count} {kind}" for kind, count in kinds.items())
    of = "participants" if grid.of_participants else "patterns"
    return (
        f"Grid of missing visits of {spoken(result.label)}: {of} by "
        f"{count_of(len(grid.visits), 'visit')}; of {count_of(len(people), 'participant')}, {told}."
    )
