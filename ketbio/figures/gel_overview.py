"""A gel lane by lane: the signal of every band, and below it the value that came of it."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.bench_parts import own_height_pt, texts
from ketbio.figures.captions import answer, small_print
from ketbio.figures.gel_bands import (
    bands_of,
    draw_bands,
    draw_normalised,
    fault_symbols,
    gel_keys,
    normalised_limits,
    normalised_words,
    role_marks,
    signal_scale,
    write_title,
)
from ketbio.figures.labels import id_label, spoken
from ketbio.figures.lane_axis import lane_axis
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.parts import require_result
from ketbio.figures.style import Style, drawing_settings, find_style
from ketbio.figures.wrapping import text_width
from ketbio.result import Result
from ketbio.wording import capitalised

PANEL_SHARE = 0.34
"""Of the style's height, for each panel."""
LONGEST_LANE = 40


def draw_gel_overview(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw every band of a gel by lane, a panel per target and form, and the normalised values.

    Parameters
    ----------
    result : Result
        Of ``summarise_gel``: data with a row per band: ``lane, participant_id, visit, condition,
        role, target, form, signal, normalised, fault``, and ``site`` where there is one.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels, from above: a logarithmic one per target and form, the normalised values. A band
        with a fault has its fault's symbol; one without a positive signal stands below the break.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"lane": ["1", "1", "2", "2"], "participant_id": ["P01", "P01", "", ""],
    ...     "visit": ["baseline", "baseline", "", ""], "condition": "", "fault": "",
    ...     "role": ["sample", "sample", "reference", "reference"], "target": "S6",
    ...     "form": ["phospho", "total", "phospho", "total"], "signal": [900.0, 1800, 700, 1750],
    ...     "normalised": [0.5, None, 0.4, None]})
    >>> one = Result(analysis="summarise_gel", marker="p_S6", outcome="gel G1", groups=("bands",),
    ...              n={"bands": 4}, data=rows)
    >>> figure = draw_gel_overview(one)
    >>> [panel.get_title(loc="left") for panel in figure.axes]
    ['Phospho S6, signal', 'Total S6, signal', 'Normalised value']
    >>> [label.get_text() for label in figure.axes[-1].get_xticklabels()]
    ['P01 · baseline', 'reference']
    """
    require_result(result, caller="draw_gel_overview")
    rows = bands_of(result)
    sizes = style_at(find_style(style), ax)
    panels = [(name, own) for name, own in rows.groupby("band", sort=False)]
    with drawing_settings(sizes):
        page = start_page(
            sizes,
            ax=ax,
            widths=[1.0],
            heights=[1.0] * (len(panels) + 1),
            panel_height_pt=_height_pt(rows, sizes, len(panels) + 1),
        )
        marks = role_marks(rows)
        symbols = fault_symbols(rows)
        for panel, (name, own) in zip(page.panels, panels, strict=False):
            draw_bands(page, panel, own, marks, symbols, scale=signal_scale(own))
            write_title(page, panel, f"{capitalised(str(name))}, signal")
        limits = normalised_limits(rows)
        draw_normalised(page, page.panels[-1], rows, marks, limits=limits)
        write_title(page, page.panels[-1], normalised_words(result, rows))
        _name_lanes(page, rows)
        return finish_page(
            page, headline=answer(result), caption=small_print(result), note=note, results=[result],
            keys=gel_keys(page, rows, marks, symbols),
        )  # fmt: skip


def _height_pt(rows: pd.DataFrame, sizes: Style, count: int) -> float:
    """Return a height that gives each panel its share, and the upright lane names their length."""
    longest = max(text_width(name, size_pt=sizes.small_pt) for name in _lane_names(rows))
    return count * own_height_pt(sizes, PANEL_SHARE) + longest + 3 * sizes.font_pt


def _lane_names(rows: pd.DataFrame) -> list[str]:
    """Return a name per lane; lanes of one name have their replicate behind it."""
    firsts = [own.iloc[:1] for _, own in rows.groupby("at", sort=True)]
    names = [_lane_name(first) for first in firsts]
    told = []
    for name, first in zip(names, firsts, strict=True):
        replicate = texts(first, "replicate")[0]
        shown = name if len(name) <= LONGEST_LANE else name[: LONGEST_LANE - 1] + "…"
        told.append(f"{shown} ({replicate})" if replicate and names.count(name) > 1 else shown)
    return told


def _lane_name(first: pd.DataFrame) -> str:
    """Return participant, visit and condition, else what the lane holds, else its number."""
    who, *when = (texts(first, name)[0] for name in ("participant_id", "visit", "condition"))
    said = " · ".join(filter(None, [id_label(who), *map(spoken, when)]))
    role, lane = texts(first, "role")[0], texts(first, "lane")[0]
    held = texts(first, "label")[0] or spoken(role)
    is_sample = role in ("sample", "")
    return (said if is_sample or not held else held) or f"lane {lane}"


def _name_lanes(page: Page, rows: pd.DataFrame) -> None:
    names = _lane_names(rows)
    for panel in page.panels:
        panel.set_xlim(-0.6, max(len(names), 2) - 0.4)
        panel.set_xticks([])
    lane_axis(page, page.panels[-1], names, words="Lane", faint=page.panels)
