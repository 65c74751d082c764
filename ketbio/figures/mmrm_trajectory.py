"""A mixed model over the visits: means per arm before every participant, the contrasts below."""

import math
from collections.abc import Iterable

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.centres import draw_bar, draw_centres, lines_of_centres, set_aside
from ketbio.figures.course_parts import GROUP, Track, draw_track, has_gaps, tracks_of
from ketbio.figures.course_words import interval_room
from ketbio.figures.families import family_table
from ketbio.figures.interval_axis import effect_limits
from ketbio.figures.labels import group_label
from ketbio.figures.marks import axis_limits, draw_zero, group_keys
from ketbio.figures.mmrm_words import (
    difference_label,
    model_headline,
    trajectory_caption,
    trajectory_words,
    value_label,
)
from ketbio.figures.model_parts import WIDEST_P, Model, key_words, model_of
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.style import (
    INK,
    MM_PER_INCH,
    POINTS_PER_INCH,
    GroupMark,
    Style,
    drawing_settings,
    find_style,
    group_marks,
)
from ketbio.figures.visit_axis import visit_axis, visits_with_room
from ketbio.figures.visit_lines import counts_of, lines_height_mm, p_values_of, write_lines
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID

MEANS_SHARE, CONTRASTS_SHARE = 0.9, 0.5
"""Heights of the two panels, in those of the style."""
MARK = 1.3
"""Of an estimate, in points of participants."""


def draw_mmrm_trajectory(
    results: Result | Iterable[Result],
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw estimated marginal means per arm over the visits, every participant, the contrasts.

    Visits stand at their days where all days are known and there is room, else evenly spaced. The
    numbers at the bottom are how many of each arm have a value at the visit, and the p values of
    the contrast there: the model's, adjusted, and of the permutation test beside it. Where visits
    are too many for that, some go without; the figure's data have all.

    Parameters
    ----------
    results : Result or sequence of Result
        Of `fit_mmrm`, of one marker: ``data`` with ``participant_id, arm, visit, day, change``;
        the estimated marginal means are companions.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: means and participants, contrasts, numbers.

    Raises
    ------
    FigureError
        No results, of another analysis, or of several models; nothing to draw; no such style.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P2"], "arm": ["ketamine", "saline"],
    ...     "visit": "day_14", "day": 14.0, "change": [-9.0, -4.0]})
    >>> one = Result(analysis="fit_mmrm", marker="MADRS", outcome="change, baseline to day_14",
    ...     groups=("ketamine", "saline"), n={"ketamine": 1, "saline": 1}, estimate=-5.0,
    ...     estimate_name="difference in estimated marginal means", unit="points", data=rows)
    >>> means, contrasts, numbers = draw_mmrm_trajectory(one).axes
    >>> means.get_ylabel().replace(chr(10), " "), contrasts.get_ylabel().replace(chr(10), " ")
    ('Change in MADRS from baseline (points)', 'ketamine − saline (points)')
    """
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        model = model_of(results, caller="draw_mmrm_trajectory", style=sizes)
        lines = {**counts_of(model), **p_values_of(model)}
        heights = _heights(len(lines), sizes)
        page = start_page(
            sizes, ax=ax, widths=[1], heights=heights,
            panel_height_pt=(sum(heights) + 4 * sizes.font_pt / POINTS_PER_INCH * MM_PER_INCH)
            / MM_PER_INCH * POINTS_PER_INCH,
        )  # fmt: skip
        means, contrasts, numbers = page.panels
        shown = visits_with_room(model.visits, sizes, widest=WIDEST_P, beside=list(lines))
        tracks = tracks_of(model.rows, model.visits, model.column)
        marks = group_marks(model.arms)
        _draw_means(page, means, model, tracks, marks)
        draw_contrasts(page, contrasts, model, marks)
        visit_axis(page, contrasts, model.visits, shown=shown)
        write_lines(page, numbers, lines, model.visits, shown=shown)
        return finish_page(
            page,
            headline=model_headline(model),
            caption=trajectory_caption(model, has_gaps=has_gaps(tracks)),
            note=note,
            results=model.results,
            data={"participants": model.rows, "contrasts": family_table(model.results, {}),
                  "means": family_table(list(model.means.values()), {})},
            kind="Estimated means",
            alternative=trajectory_words(model),
            keys=_keys(page, model, marks),
        )  # fmt: skip


def _heights(lines: int, sizes: Style) -> tuple[float, float, float]:
    """Return the heights of means, contrasts and numbers, in millimetres."""
    panel = sizes.panel_height_mm
    return (panel * MEANS_SHARE, panel * CONTRASTS_SHARE, lines_height_mm(lines, sizes))


def _draw_means(
    page: Page, panel: Axes, model: Model, tracks: list[Track], marks: dict[str, GroupMark]
) -> None:
    _set_limits(panel, model)
    panel.set_xlim(*model.visits.limits)
    panel.set_xticks(list(model.visits.places), labels=[])
    number_axis(panel, "y")
    draw_zero(panel, "y", style=page.style)
    for track in tracks:
        if track.known():
            draw_track(
                panel, track, model.visits, mark=marks[track.group], style=page.style, faint=True
            )
    for name, known in lines_of_centres(model.means, model.visits, model.arms).items():
        draw_centres(page, panel, known, marks[name], name)
    axis_label(page, panel, "y", value_label(model))


def _set_limits(panel: Axes, model: Model) -> None:
    values = model.rows[model.column].to_numpy(dtype=np.float64, na_value=np.nan)
    low, high = interval_room(values)
    ends = [end for one in model.means.values() for end in (one.ci_low, one.ci_high)]
    ends = [min(max(end, low), high) for end in ends if math.isfinite(end)]
    means = [one.estimate for one in model.means.values()]
    zero = [0.0] if model.column == "change" else []
    panel.set_ylim(axis_limits(values, ends, means, zero))


def draw_contrasts(page: Page, panel: Axes, model: Model, marks: dict[str, GroupMark]) -> None:
    """Draw the contrast of every arm at every visit, with its interval."""
    found = [one for one in model.contrasts.values() if math.isfinite(one.estimate)]
    ends = [end for one in found for end in (one.ci_low, one.ci_high)]
    null = model.first.null_value
    panel.set_ylim(effect_limits([one.estimate for one in found], ends, null=null))
    number_axis(panel, "y", ticks=4)
    draw_zero(panel, "y", style=page.style)
    for place, arm in enumerate(model.compared):
        aside = set_aside(place, len(model.compared), model.visits)
        for visit, at in zip(model.visits.names, model.visits.places, strict=True):
            one = model.contrasts.get((visit, arm))
            if one is None or not math.isfinite(one.estimate):
                continue
            draw_bar(page, panel, at + aside, one, width=1.6)
            draw_estimate(page, panel, at + aside, one, marks[arm])
    axis_label(page, panel, "y", difference_label(model))


def draw_estimate(page: Page, panel: Axes, at: float, one: Result, mark: GroupMark) -> None:
    """Draw an estimate as the mark of its arm."""
    panel.plot(
        np.array([at]), np.array([one.estimate]), linestyle="none", marker=mark.marker,
        markersize=page.style.point_pt * MARK, color=mark.colour, markeredgecolor=INK,
        markeredgewidth=page.style.line_pt, zorder=6, label=f"contrast {one.groups[0]}",
    )  # fmt: skip


def _keys(page: Page, model: Model, marks: dict[str, GroupMark]) -> list[Artist]:
    people = model.rows.drop_duplicates(PARTICIPANT_ID)[GROUP]
    labels = [
        (key_words(group_label(arm, int((people == arm).sum())), page.style), marks[arm])
        for arm in model.arms
    ]
    return [*group_keys(labels, style=page.style)]
