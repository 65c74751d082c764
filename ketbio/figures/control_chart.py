"""A control over its plates, in run order (Levey & Jennings 1950)."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.bench_parts import (
    along_lines,
    flags,
    numbers,
    texts,
)
from ketbio.figures.captions import answer, small_print
from ketbio.figures.labels import id_label, with_unit
from ketbio.figures.lane_axis import lane_axis
from ketbio.figures.marks import axis_limits, draw_points, group_keys
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import OUTSIDE, WITHIN
from ketbio.figures.parts import numeric_rows, require_result
from ketbio.figures.placing import label_lines, name_points
from ketbio.figures.style import INK, QUIET, Style, drawing_settings, find_style
from ketbio.result import Result
from ketbio.wording import MINUS, capitalised

SD_LINES = {
    "high_3sd": ("+3 SD", (0, (1, 1.5))),
    "high_2sd": ("+2 SD", (0, (4, 2))),
    "low_2sd": (f"{MINUS}2 SD", (0, (4, 2))),
    "low_3sd": (f"{MINUS}3 SD", (0, (1, 1.5))),
}


def draw_control_chart(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    """Draw a control's value on each plate in run order, with the mean and its SD lines.

    Parameters
    ----------
    result : Result
        Of ``chart_controls``: data in run order with ``plate_id, run_date, value, is_outside,
        low_2sd, high_2sd, low_3sd, high_3sd, expected``; the estimate is the mean. Lines that are
        not known (one plate has no SD) are not drawn.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        One panel; plates outside their limits are triangles, named.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"plate_id": ["PL1", "PL2"], "run_date": "", "value": [99.0, 104.0],
    ...     "n_wells": 2, "z": None, "is_outside": False, "low_2sd": None, "high_2sd": None,
    ...     "low_3sd": None, "high_3sd": None, "expected": 100.0})
    >>> one = Result(analysis="chart_controls", marker="BDNF_serum", unit="ng/mL", data=rows,
    ...     outcome="control QC low over 2 plates", groups=("plates",), n={"plates": 2},
    ...     estimate=101.5, estimate_name="mean", spread=3.54)
    >>> [text.get_text() for text in draw_control_chart(one).axes[0].texts]
    ['mean', 'expected']
    """
    require_result(result, caller="draw_control_chart")
    rows = numeric_rows(result, ["plate_id", "is_outside", *SD_LINES], ["value"])
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1.0])
        keys = _draw_plates(page, page.panels[0], result, rows)
        return finish_page(
            page,
            headline=answer(result),
            caption=small_print(result),
            note=note,
            keys=keys,
            results=[result],
        )


def _first_known(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(known[0]) if known.size else float("nan")


def _draw_plates(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> list[Artist]:
    value = numbers(rows, "value")
    panel.set_xlim(-0.6, max(len(rows), 2) - 0.4)
    heights = _draw_lines(page, panel, result, rows)
    number_axis(panel, "y")
    lane_axis(page, panel, _plate_names(rows), words="Plate, in run order")
    x = np.arange(len(rows), dtype=np.float64)
    panel.plot(x, value, color=QUIET, linewidth=page.style.line_pt, zorder=2.5, label="run order")
    is_outside = flags(rows, "is_outside")
    labels = []
    kinds = (("within the limits", ~is_outside, WITHIN), ("outside", is_outside, OUTSIDE))
    for label, chosen, mark in kinds:
        if chosen.any():
            draw_points(panel, x[chosen], value[chosen], mark=mark, style=page.style, label=label)
            labels.append((f"{label} (n = {int(chosen.sum())})", mark))
    plates = texts(rows, "plate_id")
    outside = np.flatnonzero(is_outside)
    name_points(
        page, panel, at=[(float(x[one]), float(value[one])) for one in outside],
        names=[id_label(plates[one]) for one in outside], others=np.column_stack([x, value]),
        lines=along_lines(panel, heights),
    )  # fmt: skip
    _, _, control = result.outcome.partition("control ")
    name = capitalised(control.partition(" over ")[0] or "control")
    axis_label(page, panel, "y", with_unit(name, result.unit))
    return [*group_keys(labels, style=page.style)]


def _plate_names(rows: pd.DataFrame) -> list[str]:
    dates = [date.removesuffix(" 00:00:00") for date in texts(rows, "run_date")]
    dates = ["" if date == "NaT" else date for date in dates]
    plates = [id_label(plate) for plate in texts(rows, "plate_id")]
    return [", ".join(filter(None, pair)) for pair in zip(plates, dates, strict=True)]


def _draw_lines(page: Page, panel: Axes, result: Result, rows: pd.DataFrame) -> list[float]:
    """Draw the lines that are known, and return where they are."""
    lines: dict[str, tuple[float, Any, float]] = {"mean": (result.estimate, "-", 1.4)}
    for column, (words, dashes) in SD_LINES.items():
        lines[words] = (_first_known(numbers(rows, column)), dashes, 1.0)
    lines["expected"] = (_first_known(numbers(rows, "expected")), (0, (6, 2, 1, 2)), 1.4)
    known = {words: line for words, line in lines.items() if np.isfinite(line[0])}
    panel.set_ylim(axis_limits(numbers(rows, "value"), [line[0] for line in known.values()]))
    for words, (height, dashes, width) in known.items():
        panel.axhline(
            height, color=INK, linewidth=page.style.line_pt * width, zorder=2, label=words,
            linestyle=dashes,
        )  # fmt: skip
    heights = [line[0] for line in known.values()]
    label_lines(page, panel, heights, list(known))
    return heights
