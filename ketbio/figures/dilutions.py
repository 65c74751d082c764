"""Dilution linearity and spike recovery: what comes back, in percent of what should."""

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
    draw_band,
    numbers,
    own_height_pt,
    recovery_band,
    refused,
    texts,
)
from ketbio.figures.captions import answer, small_print
from ketbio.figures.labels import id_label, spoken, tick_number, with_unit
from ketbio.figures.log_axis import log_axis, log_scale
from ketbio.figures.marks import axis_limits, draw_points, group_keys
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import BAND, OUTSIDE, WITHIN
from ketbio.figures.parts import numeric_rows, require_result
from ketbio.figures.placing import label_lines, name_points
from ketbio.figures.style import QUIET, Style, drawing_settings, find_style
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

RECOVERY = "recovery_percent"
MOST_HEIGHTS = 3.0
"""So many times its usual height a panel grows for the names of its samples."""
STEPS = {
    "dilution_factor": "Dilution factor",
    "spike": "Spike, added in the well",
}
"""Columns by which samples are followed, and what the axis says."""


def draw_dilutions(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw the recovery of every sample by its dilution or spike, with the accepted band.

    Parameters
    ----------
    result : Result
        Of ``summarise_dilutions`` or ``summarise_spikes``: data with ``label, recovery_percent,
        is_accepted`` and ``dilution_factor`` or ``spike``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        One panel; a line per sample, named where there is room.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"label": "P01 baseline", "dilution_factor": [2.0, 4.0, 8.0],
    ...     "concentration": [50.0, 24.0, 9.0], "expected": [50.0, 25.0, 12.5],
    ...     "recovery_percent": [100.0, 96.0, 72.0], "is_accepted": [True, True, False]})
    >>> one = Result(analysis="summarise_dilutions", marker="BDNF_serum", groups=("samples",),
    ...     outcome="dilution linearity", n={"samples": 1}, estimate=89.3, unit="%",
    ...     estimate_name="mean recovery", data=rows)
    >>> panel = draw_dilutions(one).axes[0]
    >>> panel.get_xlabel(), panel.get_ylabel()
    ('Dilution factor', 'Recovery (%)')
    """
    require_result(result, caller="draw_dilutions")
    step = _step(result)
    rows = numeric_rows(result, ["label", "is_accepted"], [step, RECOVERY])
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1.0], panel_height_pt=_names_height_pt(rows, sizes))
        keys = _draw_samples(page, page.panels[0], result, rows, step)
        return finish_page(
            page,
            headline=answer(result),
            caption=small_print(result),
            note=note,
            keys=keys,
            results=[result],
        )


def _names_height_pt(rows: pd.DataFrame, sizes: Style) -> float:
    """Return a height at which the names of all samples stand one above another, 0 if too high."""
    names = len(set(_samples(rows)))
    needed = names * sizes.small_pt * 1.4 + 6 * sizes.font_pt
    return needed if needed <= MOST_HEIGHTS * own_height_pt(sizes) else 0.0


def _step(result: Result) -> str:
    there = [name for name in STEPS if name in result.data.columns]
    if result.data.empty or there:
        return there[0] if there else next(iter(STEPS))
    raise FigureError(
        f"The data of {result.analysis} of {result.label} lack 'dilution_factor' or 'spike', one "
        f"of which the figure needs; columns there: {', '.join(map(repr, result.data.columns))}."
    )


def _draw_samples(
    page: Page, panel: Axes, result: Result, rows: pd.DataFrame, step: str
) -> list[Artist]:
    given, recovery = numbers(rows, step), numbers(rows, RECOVERY)
    band = recovery_band(rows)
    scale = log_scale(given, has_zero=bool((given <= 0).any()), margin=0.1)
    panel.set_ylim(axis_limits(recovery, band))
    log_axis(page, panel, "x", scale)
    number_axis(panel, "y")
    draw_band(panel, *band, label="recovery band")
    panel.axhline(100, color=QUIET, linewidth=page.style.line_pt, zorder=1, label="100%")
    x = scale.places(given)
    _draw_paths(page, panel, rows, x, recovery)
    is_refused = refused(rows)
    labels = []
    kinds = (("accepted", ~is_refused, WITHIN), ("not accepted", is_refused, OUTSIDE))
    for label, chosen, mark in kinds:
        if chosen.any():
            draw_points(
                panel, x[chosen], recovery[chosen], mark=mark, style=page.style, label=label
            )
            labels.append((f"{label} (n = {int(chosen.sum())})", mark))
    _name_samples(page, panel, rows, x, recovery)
    unit = _step_unit(result) if step == "spike" else ""
    axis_label(page, panel, "x", with_unit(STEPS[step], unit))
    axis_label(page, panel, "y", "Recovery (%)")
    span = f"{tick_number(round(band[0], 6))} to {tick_number(round(band[1], 6))}%"
    return [*group_keys(labels, style=page.style), Patch(facecolor=BAND, label=f"band: {span}")]


def _samples(rows: pd.DataFrame) -> list[str]:
    """Return the sample of each row: whose it is, else its label; with its plate where shared."""
    people = zip(texts(rows, PARTICIPANT_ID), texts(rows, VISIT), texts(rows, "label"), strict=True)
    names = [f"{who} {spoken(visit)}".strip() if who else label for who, visit, label in people]
    plates = texts(rows, "plate_id")
    on: dict[str, set[str]] = {}
    for name, plate in zip(names, plates, strict=True):
        on.setdefault(name, set()).add(plate)
    return [
        f"{name}, {plate}" if len(on[name]) > 1 else name
        for name, plate in zip(names, plates, strict=True)
    ]


def _step_unit(result: Result) -> str:
    """Return the unit of a spike, from a companion that carries one."""
    return next((one.unit for one in result.companions if one.unit not in ("", "%")), "ng/mL")


def _draw_paths(
    page: Page, panel: Axes, rows: pd.DataFrame, x: NDArray[np.float64], y: NDArray[np.float64]
) -> None:
    labels = np.array(_samples(rows), dtype=np.str_)
    for label in dict.fromkeys(labels.tolist()):
        own = np.flatnonzero(labels == label)
        own = own[np.argsort(x[own], kind="stable")]
        panel.plot(
            x[own], y[own], color=QUIET, linewidth=page.style.line_pt, zorder=2,
            label=f"sample {label}",
        )  # fmt: skip


def _name_samples(
    page: Page, panel: Axes, rows: pd.DataFrame, x: NDArray[np.float64], y: NDArray[np.float64]
) -> None:
    """Name samples at the right where their lines all end there, else beside their points."""
    labels = _samples(rows)
    last: dict[str, int] = {}
    for place in np.argsort(x, kind="stable"):
        last[labels[place]] = int(place)
    ends = list(last.values())
    has_room = _names_height_pt(rows, page.style) > 0
    if has_room and len(set(x)) > 1 and np.ptp(x[ends]) == 0:
        names = [id_label(name) for name in last]
        label_lines(page, panel, [float(y[end]) for end in ends], names)
        return
    furthest: dict[str, int] = {}
    for place in np.argsort(-np.abs(y - 100.0), kind="stable"):
        furthest.setdefault(labels[place], int(place))
    paths = [line.get_xydata() for line in panel.lines if "sample" in str(line.get_label())]
    name_points(
        page, panel, at=[(float(x[one]), float(y[one])) for one in furthest.values()],
        names=[id_label(name) for name in furthest], others=np.column_stack([x, y]),
        lines=np.concatenate([_along(np.asarray(path)) for path in paths]),
    )  # fmt: skip


def _along(path: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return places along a path from point to point."""
    places = np.linspace(0, len(path) - 1, 25 * len(path))
    whole = np.arange(len(path))
    return np.column_stack([np.interp(places, whole, path[:, axis]) for axis in (0, 1)])
