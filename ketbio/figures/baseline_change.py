"""Change against level: Oldham's plot, with the naive one beside it that is coupled."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.captions import answer, small_print
from ketbio.figures.families import coefficient
from ketbio.figures.labels import group_label, spoken, with_unit
from ketbio.figures.marks import axis_limits, draw_points, draw_zero, group_keys
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.palette import EVERYBODY, INK, QUIET
from ketbio.figures.parts import numeric_rows, require_result
from ketbio.figures.style import (
    POINTS_PER_INCH,
    Style,
    drawing_settings,
    find_style,
    group_marks,
)
from ketbio.figures.wrapping import wrap_text
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import capitalised, count_of, format_interval, format_number, format_p

NUMBERS = ("x", "y", "baseline_value", "endpoint_value")
NAIVE = "change with baseline, naive"
"""How the names of the companions begin that the right panel tells."""
COUPLING = "coupling"


def draw_baseline_change(
    result: Result,
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw the change against the mean of both visits (Oldham 1962), and against the baseline.

    The right panel is what is usually drawn, and is coupled: whoever is high at baseline by chance
    falls. It is drawn to be compared with the left one.

    Parameters
    ----------
    result : Result
        Of `correlate_baseline_change`: data with ``participant_id, x, y, baseline_value,
        endpoint_value``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: Oldham's, the naive one.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> one = Result(analysis="correlate_baseline_change", marker="MADRS", n={"pairs": 2},
    ...     outcome="change, before to after, against the mean of both visits",
    ...     groups=("mean of both visits", "change"), estimate=-0.1, estimate_name="Pearson r",
    ...     data=pd.DataFrame({"participant_id": ["P1", "P2"], "x": [30.0, 25.0], "group": "",
    ...     "y": [-10.0, -4.0], "baseline_value": [35.0, 27.0], "endpoint_value": [25.0, 23.0]}))
    >>> figure = draw_baseline_change(one, style="single_column")
    >>> [panel.get_xlabel() for panel in figure.axes]
    ['Mean of both visits', 'Baseline']
    """
    require_result(result, caller="draw_baseline_change")
    rows = numeric_rows(result, [PARTICIPANT_ID], NUMBERS)
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1.0, 1.0])
        keys = _draw_both(page, result, rows)
        return finish_page(
            page,
            headline=answer(result),
            caption=_caption(result),
            note=note,
            keys=keys,
            results=[result],
            kind="Baseline–change plot",
            alternative=_alternative(result, rows),
        )


def _draw_both(page: Page, result: Result, rows: pd.DataFrame) -> list[Line2D]:
    unit = _unit(result)
    limits = axis_limits(rows["y"], [0.0])
    groups = rows["group"].astype("str") if "group" in rows else pd.Series("", index=rows.index)
    names = sorted(set(groups), key=lambda name: (name == "", name.startswith("non"), name))
    is_grouped = names != [""]
    marks = group_marks(names) if is_grouped else {"": EVERYBODY}
    what = (("x", "Mean of both visits"), ("baseline_value", "Baseline"))
    for panel, (column, words), title in zip(page.panels, what, _titles(result), strict=True):
        panel.set(xlim=axis_limits(rows[column]), ylim=limits)
        number_axis(panel, "x", ticks=4)
        number_axis(panel, "y")
        draw_zero(panel, "y", style=page.style)
        for name in names:
            own = rows.loc[groups == name]
            draw_points(
                panel, own[column], own["y"], mark=marks[name], style=page.style, label=name
            )
        axis_label(page, panel, "x", with_unit(words, unit))
        _title(page, panel, title, colour=INK if column == "x" else QUIET)
    axis_label(page, page.panels[0], "y", with_unit(f"Change in {spoken(result.label)}", unit))
    if not is_grouped:
        return []
    labels = [(group_label(name, int((groups == name).sum())), marks[name]) for name in names]
    return list(group_keys(labels, style=page.style))


def _unit(result: Result) -> str:
    """Return the unit of the values, from the descriptions: a correlation has none."""
    return next((one.unit for one in result.companions if one.unit), "")


def _title(page: Page, panel: Axes, text: str, *, colour: str) -> None:
    """Write what a panel shows above it, wrapped to its width."""
    page.said.append(text)
    title = panel.set_title("", loc="left", size=page.style.small_pt, color=colour)

    def fit() -> None:
        dpi = page.figure.get_figure(root=True).dpi
        room = float(panel.get_window_extent().width) / dpi * POINTS_PER_INCH
        title.set_text(wrap_text(text, width_pt=room, size_pt=page.style.small_pt))

    page.label_fits.append(fit)


def _titles(result: Result) -> tuple[str, str]:
    naive, coupling = _naive(result)
    left = f"Oldham: {_told(result)}"
    if naive is None:
        return left, "Naive, coupled by construction"
    right = f"Naive, coupled by construction: {_told(naive)}"
    if coupling is not None:
        right += f"; {coefficient(coupling.estimate)} expected by coupling alone"
    return left, right


def _told(result: Result) -> str:
    if math.isnan(result.estimate):
        return "not computed"
    name = result.estimate_name.removeprefix(f"{NAIVE}: ")
    return f"{name} {coefficient(result.estimate)}"


def _naive(result: Result) -> tuple[Result | None, Result | None]:
    """Return the naive correlation, and what coupling alone makes of it, where they are there."""
    found = [one for one in result.companions if one.estimate_name.startswith(NAIVE)]
    naive = next((one for one in found if COUPLING not in one.estimate_name), None)
    coupling = next((one for one in found if COUPLING in one.estimate_name), None)
    return naive, coupling


def _caption(result: Result) -> str:
    naive, coupling = _naive(result)
    said = [
        small_print(result),
        "Left: against the mean of both visits; this correlation is about 0 where the change does "
        "not depend on the level. Right: against the baseline, which is part of the change: "
        "regression to the mean and measurement error alone make this one negative.",
    ]
    if naive is not None and not math.isnan(naive.estimate):
        interval = format_interval(naive.ci_low, naive.ci_high, level=naive.ci_level)
        said.append(
            f"Naive correlation {coefficient(naive.estimate)}, {interval}; its p "
            f"({format_p(naive.p_value, symbol=False)}) tests what is false by construction."
        )
    if coupling is not None:
        said.append(
            f"Coupling alone, with the same spread at both visits: "
            f"{coefficient(coupling.estimate)}."
        )
    return " ".join(said)


def _alternative(result: Result, rows: pd.DataFrame) -> str:
    fell, rose = int((rows["y"] < 0).sum()), int((rows["y"] > 0).sum())
    spans = [
        f"{name} from {format_number(float(rows[column].min()))} to "
        f"{format_number(float(rows[column].max()))}"
        for column, name in (("x", "means"), ("y", "changes"), ("baseline_value", "baselines"))
    ]
    return (
        f"Baseline–change plot of {spoken(result.label)}: {count_of(len(rows), 'participant')}, "
        f"{', '.join(spans)}; {fell} fell and {rose} rose. Left, "
        f"{'; right, '.join(_titles(result))}. {capitalised(answer(result))}."
    )
