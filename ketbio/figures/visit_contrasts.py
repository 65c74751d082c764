"""Contrasts by visit: each with its own interval, and with the one that holds for all visits."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.centres import draw_bar, set_aside
from ketbio.figures.families import family_table, fixed
from ketbio.figures.interval_axis import effect_limits
from ketbio.figures.labels import spoken
from ketbio.figures.marks import draw_zero, group_keys
from ketbio.figures.mmrm_trajectory import draw_estimate
from ketbio.figures.mmrm_words import (
    contrast_of,
    contrasts_caption,
    contrasts_words,
    difference_label,
    level_words,
    model_headline,
)
from ketbio.figures.model_parts import WIDEST_P, Model, key_words, model_of, simultaneous
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.style import (
    FAINT,
    INK,
    MM_PER_INCH,
    POINTS_PER_INCH,
    Style,
    drawing_settings,
    find_style,
    group_marks,
)
from ketbio.figures.visit_axis import Visits, visit_axis, visits_with_room
from ketbio.figures.visit_lines import lines_height_mm, p_values_of, write_lines
from ketbio.result import Result

ON_AVERAGE = "average over visits"
GAP = 1.25
"""From the last visit to the place of the average, in distances of the last two visits."""
CAP = 1.1
"""Width of a cap, in points of participants."""


def draw_visit_contrasts(
    results: Result | Iterable[Result],
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw the contrasts of a mixed model over the visits, and on the average over them.

    The thick bar is the interval of one visit alone. The thin bar with caps holds for all visits
    together and is drawn where the results have it. Below stand estimate and p values.

    Parameters
    ----------
    results : Result or sequence of Result
        Of `fit_mmrm`, of one marker.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: contrasts, numbers.

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
    >>> contrasts, numbers = draw_visit_contrasts(one).axes
    >>> [text.get_text() for text in numbers.texts]
    ['−5.0']
    """
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        model = model_of(results, caller="draw_visit_contrasts", style=sizes)
        places = with_average(model)
        lines = _lines(model, places)
        numbers_mm = lines_height_mm(len(lines), sizes)
        room_mm = sizes.panel_height_mm + numbers_mm
        page = start_page(
            sizes, ax=ax, widths=[1], heights=(sizes.panel_height_mm, numbers_mm),
            panel_height_pt=room_mm / MM_PER_INCH * POINTS_PER_INCH,
        )  # fmt: skip
        panel, numbers = page.panels
        shown = visits_with_room(places, sizes, widest=WIDEST_P, beside=list(lines))
        _draw(page, panel, model, places)
        visit_axis(page, panel, places, shown=shown)
        write_lines(page, numbers, lines, places, shown=shown)
        return finish_page(
            page,
            headline=model_headline(model),
            caption=contrasts_caption(model),
            note=note,
            results=model.results,
            data={"contrasts": family_table(model.results, {})},
            kind="Contrasts by visit",
            alternative=contrasts_words(model),
            keys=_keys(page, model),
        )


def with_average(model: Model) -> Visits:
    """Return where the visits stand, and after them the average over them where there is one."""
    visits = model.visits
    if not model.averages:
        return visits
    places = visits.places
    gap = GAP * (places[-1] - places[-2] if len(places) > 1 else 1.0)
    at = places[-1] + gap
    return replace(
        visits,
        names=(*visits.names, ON_AVERAGE),
        places=(*places, at),
        ticks=(*visits.ticks, "average"),
    )


def _at(model: Model, name: str, arm: str) -> Result | None:
    found = model.averages.get(arm) if name == ON_AVERAGE else model.contrasts.get((name, arm))
    return found if found is not None and math.isfinite(found.estimate) else None


def _lines(model: Model, places: Visits) -> dict[str, list[str]]:
    """Return estimates and p values, in lines, those of an arm together."""
    whole = replace(
        model,
        visits=places,
        contrasts={**model.contrasts, **{(ON_AVERAGE, a): r for a, r in model.averages.items()}},
    )
    lines = {}
    for arm in model.compared:
        whose = f", {spoken(arm)}" if len(model.compared) > 1 else ""
        own = [_at(model, name, arm) for name in places.names]
        decimals = _decimals([one.estimate for one in own if one])
        lines[f"estimate{whose}"] = [fixed(one.estimate, decimals) if one else "–" for one in own]
        lines |= p_values_of(replace(whole, compared=(arm,)), whose=whose)
    return lines


def _decimals(values: list[float]) -> int:
    largest = max((abs(one) for one in values), default=0.0)
    return 1 if largest >= 1 else 2 if largest >= 0.1 else 3


def _draw(page: Page, panel: Axes, model: Model, places: Visits) -> None:
    found = [one for one in model.results if math.isfinite(one.estimate)]
    wide = [each for one in found if (each := simultaneous(one))]
    ends = [end for one in (*found, *wide) for end in (one.ci_low, one.ci_high)]
    null = model.first.null_value
    panel.set_ylim(effect_limits([one.estimate for one in found], ends, null=null))
    number_axis(panel, "y")
    draw_zero(panel, "y", style=page.style)
    if model.averages:
        panel.axvline(
            (places.places[-1] + places.places[-2]) / 2, color=FAINT,
            linewidth=page.style.line_pt, zorder=0.5, label="before the average",
        )  # fmt: skip
    marks = group_marks(model.arms)
    for place, arm in enumerate(model.compared):
        aside = set_aside(place, len(model.compared), places)
        for name, at in zip(places.names, places.places, strict=True):
            one = _at(model, name, arm)
            if one is None:
                continue
            if both := simultaneous(one):
                _draw_capped(page, panel, at + aside, both)
            draw_bar(page, panel, at + aside, one, width=3.2)
            draw_estimate(page, panel, at + aside, one, marks[arm])
    axis_label(page, panel, "y", difference_label(model))


def _draw_capped(page: Page, panel: Axes, at: float, one: Result) -> None:
    """Draw the interval that holds for all visits as a thin bar with caps within the axis."""
    draw_bar(page, panel, at, one, width=0.9)
    bottom, top = panel.get_ylim()
    ends = np.array([end for end in (one.ci_low, one.ci_high) if bottom <= end <= top])
    panel.plot(
        np.full(len(ends), at), ends, color=INK, marker="_", linestyle="none",
        markersize=page.style.point_pt * CAP, markeredgewidth=page.style.line_pt * 1.2,
        zorder=5.5, label="simultaneous",
    )  # fmt: skip


def _key(page: Page, model: Model, arm: str) -> str:
    if not model.reference:
        return key_words(contrast_of(model, arm), page.style)
    sides = (spoken(one) for one in (arm, model.reference))
    return " − ".join(key_words(one, page.style, share=0.47) for one in sides)


def _keys(page: Page, model: Model) -> list[Artist]:
    labels = [
        (_key(page, model, arm), mark)
        for arm, mark in group_marks(model.arms).items()
        if arm in model.compared
    ]
    level = level_words(model)
    keys: list[Artist] = [*group_keys(labels, style=page.style)]
    line = page.style.line_pt
    keys.append(Line2D([], [], color=INK, linewidth=3.2 * line, label=f"{level}, one visit"))
    if any(simultaneous(one) for one in model.results):
        keys.append(
            Line2D(
                [], [], color=INK, linewidth=0.9 * line, marker="|",
                markersize=page.style.point_pt, label=f"{level}, all visits together",
            )
        )  # fmt: skip
    return keys
