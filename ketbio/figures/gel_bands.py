"""The bands of a gel as panels show them: their places, marks and faults, signals and values."""

import math
import re

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from ketbio.errors import FigureError
from ketbio.figures.axes import number_axis
from ketbio.figures.bench_parts import band_faults, line_key, numbers, plot_marks, texts
from ketbio.figures.labels import spoken
from ketbio.figures.log_axis import LogScale, log_axis, log_scale
from ketbio.figures.marks import axis_limits, group_keys
from ketbio.figures.page import Page
from ketbio.figures.parts import columns_of
from ketbio.figures.style import INK, OTHER_MARKS, POINTS_PER_INCH, GroupMark
from ketbio.figures.wrapping import wrap_text
from ketbio.result import Result

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


def bands_of(result: Result) -> pd.DataFrame:
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


def role_marks(rows: pd.DataFrame) -> dict[str, GroupMark]:
    """Return a mark for every role that occurs, the samples' first."""
    roles = sorted(set(rows["role"]), key=lambda role: (role not in ("sample", ""), role))
    return {role: OTHER_MARKS[place % len(OTHER_MARKS)] for place, role in enumerate(roles)}


def fault_symbols(rows: pd.DataFrame) -> dict[str, str]:
    """Return a symbol for every fault that occurs."""
    found: dict[str, str] = {}
    spare = iter(OTHER_SYMBOLS * 10)
    for fault in dict.fromkeys(filter(None, rows["fault"])):
        usual = [symbol for word, symbol in FAULT_SYMBOLS.items() if word in fault.lower()]
        free = [one for one in usual if " band " not in fault and one not in found.values()]
        found[fault] = free[0] if free else next(spare)
    return found


def signal_scale(own: pd.DataFrame) -> LogScale:
    """Return the scale of the signals of bands, with a place for what is not positive."""
    signal = numbers(own, "signal")
    return log_scale(signal, has_zero=bool((~(signal > 0)).any()), margin=0.12, gap=0.3)


def draw_bands(
    page: Page,
    panel: Axes,
    own: pd.DataFrame,
    marks: dict[str, GroupMark],
    symbols: dict[str, str],
    *,
    scale: LogScale,
    named: bool = True,
) -> None:
    """Draw the signals of one band by lane; ``named``, whether the axis has its numbers."""
    signal = numbers(own, "signal")
    is_low = ~(signal > 0)
    log_axis(page, panel, "y", scale, zero="≤ 0", named=named)
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


def draw_normalised(
    page: Page,
    panel: Axes,
    rows: pd.DataFrame,
    marks: dict[str, GroupMark],
    *,
    limits: tuple[float, float],
) -> None:
    """Draw the normalised values by lane."""
    own = rows.loc[np.isfinite(numbers(rows, "normalised"))]
    value = numbers(own, "normalised")
    panel.set_ylim(limits)
    number_axis(panel, "y", ticks=3)
    for role, mark in marks.items():
        chosen = (own["role"] == role).to_numpy()
        at = (numbers(own, "at")[chosen], value[chosen])
        plot_marks(page.style, panel, at, label=f"normalised {role}", **_look(mark))


def normalised_limits(rows: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the axis of the normalised values."""
    value = numbers(rows, "normalised")
    return axis_limits(value[np.isfinite(value)], [0.0], margin=0.12)


def normalised_words(result: Result, rows: pd.DataFrame) -> str:
    """Return what the panel of the normalised values shows."""
    what = result.estimate_name.partition("geometric mean ")[2]
    words = f"Normalised value, {what}" if what else "Normalised value"
    has_values = np.isfinite(numbers(rows, "normalised")).any()
    return words if has_values else f"{words}: none could be computed"


def write_title(page: Page, panel: Axes, words: str, *, heading: str = "") -> None:
    """Write what a panel shows above its left end, wrapped to its width, below a heading."""
    page.said.extend([heading, words])
    title = panel.set_title("", loc="left", size=page.style.small_pt, color=INK, pad=3)

    def fit() -> None:
        room = panel.get_window_extent().width / page.figure.dpi * POINTS_PER_INCH
        said = (wrap_text(one, width_pt=room, size_pt=page.style.small_pt)
                for one in (heading, words) if one)  # fmt: skip
        title.set_text("\n".join(said))

    page.label_fits.append(fit)


def gel_keys(
    page: Page, rows: pd.DataFrame, marks: dict[str, GroupMark], symbols: dict[str, str]
) -> list[Artist]:
    """Return the handles of the legend: roles where there are several, and every fault."""
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
