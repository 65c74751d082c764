"""A plate's standard curve: its standards, its samples on the curve, and what reads back."""

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from ketbio.errors import FigureError
from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.bench_parts import (
    RECOVERY_LIMIT_AT_LLOQ,
    companion_number,
    draw_band,
    flags,
    line_key,
    numbers,
    own_height_pt,
    plot_marks,
    recovery_band,
    refused,
    texts,
)
from ketbio.figures.captions import answer, small_print
from ketbio.figures.labels import with_unit
from ketbio.figures.log_axis import LogScale, log_axis, log_scale
from ketbio.figures.marks import axis_limits
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import BAND, OUTSIDE, WITHIN
from ketbio.figures.parts import columns_of, require_result
from ketbio.figures.placing import label_uprights, name_points
from ketbio.figures.style import FAINT, INK, QUIET, Style, drawing_settings, find_style
from ketbio.result import Result
from ketbio.wording import format_number

LIMITS = ("LOD", "LLOQ", "ULOQ")
NEEDED = ("well", "role", "nominal", "response", "concentration", "ci_low", "ci_high",
          "recovery_percent", "is_accepted", "side", "limit", "is_masked")  # fmt: skip
RECOVERY_ENDS = (0.0, 200.0)
"""A recovery beyond is drawn at the end, with its number."""
STANDARD: dict[str, Any] = {"marker": "o", "markerfacecolor": WITHIN.colour}
REFUSED: dict[str, Any] = {"marker": "X", "markerfacecolor": "white"}
READ: dict[str, dict[str, Any]] = {
    "sample": {"marker": "D", "markerfacecolor": "white"},
    "control": {"marker": "s", "markerfacecolor": OUTSIDE.colour},
}
POINTING = {"left": ("<", "below"), "right": (">", "above")}
"""Outwards: the concentration lies beyond."""


def draw_standard_curve(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw a plate's fitted curve with its band, standards and samples, and the recoveries below.

    Zero standards and blanks stand left of a break in the logarithmic axis. Samples and controls
    stand where they read on the curve; what is beyond the range stands at the limit, with an open
    triangle that points outwards.

    Parameters
    ----------
    result : Result
        Of ``fit_standard_curve``: data with a row per well and per point of the curve: ``well,
        role, nominal, response, concentration, ci_low, ci_high, recovery_percent, is_accepted,
        side, limit, is_masked``; companions LOD, LLOQ and ULOQ where they are known.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the curve; the recoveries below it, where a standard has one.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> wells = pd.DataFrame({"well": ["A1", "B1", "C1"], "role": "standard",
    ...     "nominal": [0.0, 1.0, 10.0], "response": [0.0, 0.4, 1.6], "concentration": None,
    ...     "ci_low": None, "ci_high": None, "recovery_percent": [None, 98.0, 101.0],
    ...     "is_accepted": True, "side": "", "limit": None, "is_masked": False})
    >>> one = Result(analysis="fit_standard_curve", marker="BDNF_serum", n={"standard wells": 3},
    ...     outcome="standard curve of plate PL1", groups=("standard wells",), estimate=4.0,
    ...     estimate_name="EC50", unit="ng/mL", data=wells)
    >>> [panel.get_ylabel() for panel in draw_standard_curve(one).axes]
    ['Corrected OD', 'Recovery (%)']
    """
    require_result(result, caller="draw_standard_curve")
    rows = columns_of(result, NEEDED)
    scale = _scale(result, rows)
    sizes = style_at(find_style(style), ax)
    has_recovery = bool(np.isfinite(_recoveries(rows)[1]).any())
    with drawing_settings(sizes):
        page = start_page(
            sizes,
            ax=ax,
            widths=[1.0],
            heights=(2.4, 1.0) if has_recovery else (1.0,),
            panel_height_pt=own_height_pt(sizes, 1.35 if has_recovery else 1.0),
        )
        keys = _draw_curve(page, page.panels[0], result, rows, scale)
        if has_recovery:
            _draw_recoveries(page, page.panels[1], result, rows, scale)
        _draw_limits(page, result, scale)
        words = with_unit("Concentration in the well", result.unit)
        axis_label(page, page.panels[-1], "x", words)
        return finish_page(
            page,
            headline=answer(result),
            caption=small_print(result),
            note=note,
            keys=keys,
            results=[result],
        )


def _scale(result: Result, rows: pd.DataFrame) -> LogScale:
    """Return the axis that shows standards, curve and samples; a limit far below stays away."""
    response = numbers(rows, "response")
    if not np.isfinite(response).any():
        raise FigureError(
            f"{result.analysis} of {result.label} has no row with a number in 'response', so there "
            "is nothing to draw."
        )
    nominal = _nominal(rows)
    read = _of_role(rows, *READ).loc[lambda r: ~flags(r, "is_masked") & r["side"].fillna("").eq("")]
    shown = np.concatenate([nominal, numbers(read, "concentration"), numbers(rows, "limit")])
    positive = shown[np.isfinite(shown) & (shown > 0)]
    limits = [companion_number(result, name) for name in LIMITS]
    near = [value for value in limits if positive.size and value > positive.min() / 10]
    return log_scale([*shown, *near], has_zero=bool((np.isfinite(response) & (nominal == 0)).any()))


def _nominal(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Return what is in the wells; nothing in a blank."""
    is_blank = (rows["role"].astype("str") == "blank").to_numpy()
    return np.where(is_blank, 0.0, numbers(rows, "nominal"))


def _of_role(rows: pd.DataFrame, *roles: str) -> pd.DataFrame:
    return rows.loc[rows["role"].astype("str").isin(roles)]


def _draw_curve(
    page: Page, panel: Axes, result: Result, rows: pd.DataFrame, scale: LogScale
) -> list[Artist]:
    curve = _of_role(rows, "curve").sort_values("nominal")
    wells = rows.loc[rows["role"].astype("str") != "curve"]
    panel.set_ylim(axis_limits(numbers(wells, "response"), numbers(curve, "response")))
    log_axis(page, panel, "x", scale, named=len(page.panels) == 1)
    number_axis(panel, "y")
    axis_label(page, panel, "y", "Corrected OD")
    keys = _draw_line(page, panel, result, curve.loc[numbers(curve, "nominal") > 0], scale)
    keys += _draw_standards(page, panel, _of_role(rows, "standard", "blank"), scale)
    for role in READ:
        keys += _draw_read(page, panel, rows, scale, role)
    return keys


def _draw_line(
    page: Page, panel: Axes, result: Result, curve: pd.DataFrame, scale: LogScale
) -> list[Artist]:
    if curve.empty:
        return []
    x = scale.places(curve["nominal"])
    low, high = numbers(curve, "ci_low"), numbers(curve, "ci_high")
    look: dict[str, Any] = {"linestyle": "-", "linewidth": page.style.line_pt * 1.6}
    panel.plot(x, numbers(curve, "response"), color=INK, zorder=2, label="curve", **look)
    keys = [line_key("fitted curve", style=page.style, **look)]
    if np.isfinite(low).any():
        panel.fill_between(
            x, low, high, facecolor=FAINT, edgecolor="none", zorder=1, label="band of the curve"
        )
        keys.append(Patch(facecolor=FAINT, label=f"its {100 * result.ci_level:g}% band"))
    return keys


def _draw_standards(page: Page, panel: Axes, rows: pd.DataFrame, scale: LogScale) -> list[Artist]:
    x, y = scale.places(_nominal(rows)), numbers(rows, "response")
    is_masked, is_refused = flags(rows, "is_masked"), refused(rows)
    is_blank = (rows["role"].astype("str") == "blank").to_numpy()
    line = page.style.line_pt
    kinds: dict[str, tuple[NDArray[np.bool_], dict[str, Any]]] = {
        "standard": (~is_masked & ~is_refused & ~is_blank, STANDARD),
        "blank": (~is_masked & is_blank, {"marker": "_", "markeredgewidth": line * 2}),
        "recovery not accepted": (~is_masked & is_refused & ~is_blank, REFUSED),
        "masked": (is_masked, {"marker": "x", "markeredgewidth": line * 1.6}),
    }
    keys: list[Artist] = []
    for label, (chosen, look) in kinds.items():
        keys += plot_marks(page.style, panel, (x[chosen], y[chosen]), label=label, zorder=6, **look)
    return keys


def _draw_read(
    page: Page, panel: Axes, rows: pd.DataFrame, scale: LogScale, role: str
) -> list[Artist]:
    """Draw wells of a role where they read on the curve, and beyond the range at their limit."""
    own = _of_role(rows, role)
    own = own.loc[~flags(own, "is_masked")]
    y, side = numbers(own, "response"), np.array(texts(own, "side"), dtype=np.str_)
    x, size = scale.places(numbers(own, "concentration")), page.style.point_pt
    within = side == ""
    low, high = (
        np.clip(scale.places(numbers(own, name)), scale.start, scale.high)
        for name in ("ci_low", "ci_high")
    )
    panel.hlines(
        y[within], low[within], high[within],
        color=QUIET, linewidth=page.style.line_pt * 0.8, zorder=3, label=f"interval {role}",
    )  # fmt: skip
    keys = plot_marks(
        page.style, panel, (x[within], y[within]),
        label=role, markersize=size * 0.75, zorder=5, **READ[role],
    )  # fmt: skip
    for name, (marker, words) in POINTING.items():
        chosen = side == name
        places = scale.places(numbers(own, "limit")[chosen])
        edge = scale.low if name == "left" else scale.high
        at = (np.where(np.isfinite(places), places, edge), y[chosen])
        keys += plot_marks(
            page.style, panel, at, label=f"{role} {words} range",
            marker=marker, markerfacecolor="white", markersize=size * 1.1, zorder=7,
        )  # fmt: skip
    return keys


def _recoveries(rows: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    own = _of_role(rows, "standard")
    own = own.loc[~flags(own, "is_masked")]
    return own, numbers(own, "recovery_percent")


def _draw_recoveries(
    page: Page, panel: Axes, result: Result, rows: pd.DataFrame, scale: LogScale
) -> None:
    own, recovery = _recoveries(rows)
    low, high = recovery_band(rows)
    wide = recovery_band(rows, RECOVERY_LIMIT_AT_LLOQ)
    ends = axis_limits(np.clip(recovery, *RECOVERY_ENDS), wide, margin=0.12)
    panel.set_ylim(*ends)
    log_axis(page, panel, "x", scale)
    number_axis(panel, "y", ticks=4)
    axis_label(page, panel, "y", "Recovery (%)")
    draw_band(panel, low, high, label="accepted recovery")
    lloq = scale.places([companion_number(result, "LLOQ")])[0]
    if math.isfinite(lloq):
        half = (scale.high - scale.start) * 0.02
        panel.fill_between(
            np.array([lloq - half, lloq + half]), *wide,
            facecolor=BAND, edgecolor="none", zorder=0.5, label="accepted recovery at the LLOQ",
        )  # fmt: skip
    panel.axhline(100, color=QUIET, linewidth=page.style.line_pt, zorder=1, label="100%")
    x, is_refused = scale.places(own["nominal"]), refused(own)
    inside = np.clip(recovery, *RECOVERY_ENDS) == recovery
    for chosen, look in ((inside & ~is_refused, STANDARD), (inside & is_refused, REFUSED)):
        plot_marks(page.style, panel, (x[chosen], recovery[chosen]), label="recovery", **look)
    _draw_beyond(page, panel, x[~inside], recovery[~inside])


def _draw_beyond(
    page: Page, panel: Axes, x: NDArray[np.float64], recovery: NDArray[np.float64]
) -> None:
    """Draw what is beyond the axis at its end, pointing out, with its number."""
    known = np.isfinite(x) & np.isfinite(recovery)
    x, recovery = x[known], recovery[known]
    y = np.clip(recovery, *RECOVERY_ENDS)
    for value, marker in zip(RECOVERY_ENDS, "v^", strict=True):
        chosen = y == value
        look = {"marker": marker, "markerfacecolor": "white"}
        plot_marks(page.style, panel, (x[chosen], y[chosen]), label="beyond", **look)
    spots = list(zip(x.tolist(), y.tolist(), strict=True))
    names = [f"{format_number(value)}%" for value in recovery]
    name_points(page, panel, at=spots, names=names, others=spots)


def _draw_limits(page: Page, result: Result, scale: LogScale) -> None:
    """Draw LOD, LLOQ and ULOQ through all panels, named above the first."""
    known: dict[float, str] = {}
    for name in LIMITS:
        value = companion_number(result, name)
        place = float(scale.places([value])[0])
        if math.isfinite(place) and scale.low <= place <= scale.high:
            known[value] = f"{known[value]}, {name}" if value in known else name
    places = [float(scale.places([value])[0]) for value in known]
    for panel in page.panels:
        for place, name in zip(places, known.values(), strict=True):
            panel.axvline(
                place, color=QUIET, linewidth=page.style.line_pt, linestyle=(0, (4, 2)),
                zorder=1.5, label=name,
            )  # fmt: skip
    words = [f"{name} {format_number(value)}" for value, name in known.items()]
    label_uprights(page, page.panels[0], places, words)
