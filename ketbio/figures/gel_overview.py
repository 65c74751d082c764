"""A gel lane by lane: the signal of every band, and below it the value that came of it."""

import math
import re

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.errors import FigureError
from ketbio.figures.axes import number_axis
from ketbio.figures.bench_parts import (
    band_faults,
    line_key,
    numbers,
    own_height_pt,
    plot_marks,
    texts,
)
from ketbio.figures.captions import answer, small_print
from ketbio.figures.labels import id_label, spoken
from ketbio.figures.lane_axis import lane_axis
from ketbio.figures.log_axis import log_axis, log_scale
from ketbio.figures.marks import axis_limits, group_keys
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.parts import columns_of, require_result
from ketbio.figures.style import (
    INK,
    OTHER_MARKS,
    POINTS_PER_INCH,
    GroupMark,
    Style,
    drawing_settings,
    find_style,
)
from ketbio.figures.wrapping import text_width, wrap_text
from ketbio.result import Result
from ketbio.wording import capitalised

NEEDED = ("lane", "participant_id", "visit", "condition", "role", "target", "form", "signal",
          "normalised", "fault")  # fmt: skip
FAULT_SYMBOLS = {
    "saturated": "^",
    "negative": "v",
    "not above": "v",
    "missing": "x",
    "absent": "x",
}
"""By a word of the fault; one of another band, and any other, has one of `OTHER_SYMBOLS`."""
OTHER_SYMBOLS = ("P", "s", "p", "h", "8", "D")
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
    rows = _bands(result)
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
        marks = _role_marks(rows)
        symbols = _fault_symbols(rows)
        for panel, (name, own) in zip(page.panels, panels, strict=False):
            _draw_bands(page, panel, own, marks, symbols)
            _title(page, panel, f"{capitalised(str(name))}, signal")
        _draw_normalised(page, page.panels[-1], result, rows, marks)
        _name_lanes(page, rows)
        return finish_page(
            page, headline=answer(result), caption=small_print(result), note=note, results=[result],
            keys=_keys(page, rows, marks, symbols),
        )  # fmt: skip


def _bands(result: Result) -> pd.DataFrame:
    """Return the bands with their place along the gel, and the name of their panel."""
    rows = columns_of(result, NEEDED).copy()
    if not np.isfinite(numbers(rows, "signal")).any():
        raise FigureError(
            f"{result.analysis} of {result.label} has no row with a number in 'signal', so there "
            "is nothing to draw."
        )
    lanes = texts(rows, "lane")
    places = _lane_places(lanes)
    rows["at"] = [places[lane] for lane in lanes]
    parts = zip(texts(rows, "form"), texts(rows, "target"), _sites(rows), strict=True)
    rows["band"] = [
        " ".join(filter(None, [spoken(form), spoken(target), f"({site})" if site else ""]))
        for form, target, site in parts
    ]
    rows["role"] = texts(rows, "role")
    rows["fault"] = band_faults(rows)
    return rows


def _sites(rows: pd.DataFrame) -> list[str]:
    """Return the site of each band; one of an absent band is that of its fellows."""
    forms, targets, sites = (texts(rows, name) for name in ("form", "target", "site"))
    known: dict[tuple[str, str], set[str]] = {}
    for form, target, site in zip(forms, targets, sites, strict=True):
        known.setdefault((form, target), set()).update([site] if site else [])
    only = {key: next(iter(found)) for key, found in known.items() if len(found) == 1}
    return [
        site or only.get((form, target), "")
        for form, target, site in zip(forms, targets, sites, strict=True)
    ]


def _lane_places(lanes: list[str]) -> dict[str, float]:
    """Return a place per lane: by number where it has one (2 before 10), else as they occur."""
    found = {lane: re.search(r"\d+(\.\d+)?", lane) for lane in dict.fromkeys(lanes)}
    order = sorted(found, key=lambda lane: float(match[0]) if (match := found[lane]) else math.inf)
    return {lane: float(place) for place, lane in enumerate(order)}


def _role_marks(rows: pd.DataFrame) -> dict[str, GroupMark]:
    roles = sorted(set(rows["role"]), key=lambda role: (role not in ("sample", ""), role))
    return {role: OTHER_MARKS[place % len(OTHER_MARKS)] for place, role in enumerate(roles)}


def _fault_symbols(rows: pd.DataFrame) -> dict[str, str]:
    """Return a symbol for every fault that occurs."""
    found: dict[str, str] = {}
    spare = iter(OTHER_SYMBOLS * 10)
    for fault in dict.fromkeys(filter(None, rows["fault"])):
        usual = [symbol for word, symbol in FAULT_SYMBOLS.items() if word in fault.lower()]
        free = [one for one in usual if " band " not in fault and one not in found.values()]
        found[fault] = free[0] if free else next(spare)
    return found


def _height_pt(rows: pd.DataFrame, sizes: Style, count: int) -> float:
    """Return a height that gives each panel its share, and the upright lane names their length."""
    longest = max(text_width(name, size_pt=sizes.small_pt) for name in _lane_names(rows))
    return count * own_height_pt(sizes, PANEL_SHARE) + longest + 3 * sizes.font_pt


def _draw_bands(
    page: Page, panel: Axes, own: pd.DataFrame, marks: dict[str, GroupMark], symbols: dict[str, str]
) -> None:
    signal = numbers(own, "signal")
    is_low = ~(signal > 0)
    scale = log_scale(signal, has_zero=bool(is_low.any()), margin=0.12, gap=0.3)
    log_axis(page, panel, "y", scale, zero="≤ 0")
    y = np.where(is_low, scale.zero_at, scale.places(signal))
    fault, x = own["fault"].to_numpy(), numbers(own, "at")
    for role, mark in marks.items():
        chosen = (own["role"] == role).to_numpy() & (fault == "")
        plot_marks(page.style, panel, (x[chosen], y[chosen]), label=f"band {role}", **_look(mark))
    for name, symbol in symbols.items():
        chosen = fault == name
        plot_marks(
            page.style, panel, (x[chosen], y[chosen]), label=name,
            marker=symbol, markerfacecolor="white", markersize=page.style.point_pt * 1.35,
        )  # fmt: skip


def _look(mark: GroupMark) -> dict[str, str]:
    return {"marker": mark.marker, "markerfacecolor": mark.colour}


def _draw_normalised(
    page: Page, panel: Axes, result: Result, rows: pd.DataFrame, marks: dict[str, GroupMark]
) -> None:
    own = rows.loc[np.isfinite(numbers(rows, "normalised"))]
    value = numbers(own, "normalised")
    panel.set_ylim(axis_limits(value, [0.0], margin=0.12))
    number_axis(panel, "y", ticks=3)
    for role, mark in marks.items():
        chosen = (own["role"] == role).to_numpy()
        at = (numbers(own, "at")[chosen], value[chosen])
        plot_marks(page.style, panel, at, label=f"normalised {role}", **_look(mark))
    what = result.estimate_name.partition("geometric mean ")[2]
    words = f"Normalised value, {what}" if what else "Normalised value"
    _title(page, panel, words if len(own) else f"{words}: none could be computed")


def _title(page: Page, panel: Axes, words: str) -> None:
    """Write what a panel shows above its left end, wrapped to its width."""
    page.said.append(words)
    title = panel.set_title("", loc="left", size=page.style.small_pt, color=INK, pad=3)

    def fit() -> None:
        room = panel.get_window_extent().width / page.figure.dpi * POINTS_PER_INCH
        title.set_text(wrap_text(words, width_pt=room, size_pt=page.style.small_pt))

    page.label_fits.append(fit)


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


def _keys(
    page: Page, rows: pd.DataFrame, marks: dict[str, GroupMark], symbols: dict[str, str]
) -> list[Artist]:
    counts = rows["fault"].value_counts()
    keys: list[Artist] = []
    if len(marks) > 1:
        keys += group_keys([(spoken(role) or "sample", mark) for role, mark in marks.items()],
                           style=page.style)  # fmt: skip
    return keys + [
        line_key(
            f"{fault} ({counts[fault]})", style=page.style, marker=symbol,
            markerfacecolor="white", markersize=page.style.point_pt * 1.35,
        )
        for fault, symbol in symbols.items()
    ]  # fmt: skip
