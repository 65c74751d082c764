"""How well a mixed model fits: normalised residuals against fitted values, and as quantiles."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.errors import FigureError
from ketbio.figures.axes import axis_label, number_axis
from ketbio.figures.captions import excluded_part
from ketbio.figures.families import require_results
from ketbio.figures.labels import group_label, id_label, spoken, with_unit
from ketbio.figures.marks import axis_limits, draw_points, draw_zero, group_keys
from ketbio.figures.model_parts import arm_order, key_words
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.parts import numeric_rows
from ketbio.figures.placing import name_points
from ketbio.figures.style import (
    GUIDE,
    GroupMark,
    Style,
    drawing_settings,
    find_style,
    group_marks,
)
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import count_of, format_number, join_words

FITTED, RESIDUAL, QUANTILE, ARM = "fitted", "residual", "normal_quantile", "arm"
MODELS = ("fit_mmrm", "fit_random_effects", "compare_crossover")
"""Analyses whose residuals can be drawn."""
STANDS_OUT = 3.0
"""A normalised residual as far from 0 is named: 3 in 1,000 of a normal distribution are."""
MOST_NAMED = 8


def draw_model_diagnostics(
    results: Result | Iterable[Result],
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw a model's normalised residuals against its fitted values, and as normal quantiles.

    Residuals are normalised: freed of the correlation of the visits, so that they would scatter
    like independent standard normal numbers if the model held. Where the model has no fitted value
    and residual for a row, it is not drawn.

    Parameters
    ----------
    results : Result or sequence of Result
        Of one model; the rows of the first are drawn: ``participant_id, visit, fitted, residual,
        normal_quantile`` and, where there are arms, ``arm``.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: residuals against fitted values, residuals against normal quantiles.

    Raises
    ------
    FigureError
        No results, not of a model or of several markers; no residuals; no such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P2"], "arm": ["a", "b"], "visit": "day_14",
    ...     "fitted": [-9.0, -4.0], "residual": [0.5, -0.5], "normal_quantile": [0.67, -0.67]})
    >>> one = Result(analysis="fit_mmrm", marker="MADRS", outcome="change, baseline to day_14",
    ...              groups=("a", "b"), n={"a": 1, "b": 1}, unit="points", data=rows)
    >>> fitted, quantiles = draw_model_diagnostics(one).axes
    >>> fitted.get_xlabel(), quantiles.get_xlabel()
    ('Fitted (points)', 'Normal quantile')
    """
    given = require_results(
        results, caller="draw_model_diagnostics", analyses=MODELS, of="contrasts of one model"
    )
    if len({one.marker for one in given}) > 1:
        names = join_words(sorted({one.label for one in given}))
        raise FigureError(
            f"draw_model_diagnostics() draws one model; these results are of {names}. "
            "Draw those of each marker in turn."
        )
    one = given[0]
    rows = numeric_rows(one, [PARTICIPANT_ID, VISIT], [FITTED, RESIDUAL, QUANTILE])
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=[1, 1])
        marks = group_marks(_arms(given, rows))
        far = _standing_out(rows)
        panels = zip(page.panels, (FITTED, QUANTILE), strict=True)
        for panel, across in panels:
            _draw_points(panel, rows, across, marks, sizes)
            _name(page, panel, rows, far, across)
        fitted, quantiles = page.panels
        draw_zero(fitted, "y", style=sizes)
        _draw_identity(page, quantiles, rows)
        axis_label(page, fitted, "x", with_unit("Fitted", one.unit))
        axis_label(page, quantiles, "x", "Normal quantile")
        axis_label(page, fitted, "y", "Normalised residual")
        axis_label(page, quantiles, "y", "Normalised residual")
        return finish_page(
            page,
            headline=_headline(one, rows, far),
            caption=_caption(one, rows, far),
            note=note,
            results=[one],
            data={"residuals": rows},
            kind="Residuals of a model",
            alternative=_alternative(one, rows, far),
            keys=_keys(rows, marks, sizes),
        )


def _arms(given: Sequence[Result], rows: pd.DataFrame) -> tuple[str, ...]:
    if ARM not in rows:
        return ("",)
    here = list(dict.fromkeys(rows[ARM].fillna("").astype("str")))
    return tuple(arm for arm in arm_order(given, here) if arm in here)


def _of_arm(rows: pd.DataFrame, arm: str) -> pd.DataFrame:
    return rows if ARM not in rows else rows[rows[ARM].fillna("").astype("str") == arm]


def _standing_out(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to name, the farthest first."""
    size = rows[RESIDUAL].abs()
    far = rows[size >= STANDS_OUT]
    return far.loc[size[far.index].sort_values(ascending=False, kind="stable").index]


def _draw_points(
    panel: Axes, rows: pd.DataFrame, across: str, marks: dict[str, GroupMark], style: Style
) -> None:
    panel.set_xlim(axis_limits(rows[across]))
    panel.set_ylim(axis_limits(rows[RESIDUAL], [-1.0, 1.0]))
    number_axis(panel, "x", ticks=4)
    number_axis(panel, "y")
    for arm, mark in marks.items():
        own = _of_arm(rows, arm)
        draw_points(panel, own[across], own[RESIDUAL], mark=mark, style=style, label=arm)


def _name(page: Page, panel: Axes, rows: pd.DataFrame, far: pd.DataFrame, across: str) -> None:
    """Name the participants who stand out, and the visit."""
    named = far.head(MOST_NAMED)
    who = zip(named[PARTICIPANT_ID], named[VISIT], strict=True)
    name_points(
        page,
        panel,
        at=[(float(x), float(y)) for x, y in named[[across, RESIDUAL]].to_numpy()],
        names=[f"{id_label(one)}, {spoken(str(visit))}" for one, visit in who],
        others=rows[[across, RESIDUAL]].to_numpy(dtype=np.float64),
    )


def _draw_identity(page: Page, panel: Axes, rows: pd.DataFrame) -> None:
    """Draw where the residuals would lie if they were standard normal."""
    ends = rows[QUANTILE].agg(["min", "max"]).to_numpy(dtype=np.float64)
    panel.plot(
        ends, ends, color=GUIDE, linewidth=page.style.line_pt, zorder=1, label="standard normal"
    )


def _headline(one: Result, rows: pd.DataFrame, far: pd.DataFrame) -> str:
    people = count_of(rows[PARTICIPANT_ID].nunique(), "participant")
    said = f"{count_of(len(rows), 'residual')} of {people}"
    if far.empty:
        return f"{spoken(one.label)}: {said}; none is {STANDS_OUT:g} or more from 0"
    who = join_words(dict.fromkeys(map(id_label, far[PARTICIPANT_ID].head(MOST_NAMED))))
    more = " and others" if len(far) > MOST_NAMED else ""
    return f"{spoken(one.label)}: {said}; {STANDS_OUT:g} or more from 0: {who}{more}"


def _caption(one: Result, rows: pd.DataFrame, far: pd.DataFrame) -> str:
    said = [
        "Each point is one participant at one visit.",
        "Residuals are normalised: freed of the correlation of the visits, in standard deviations.",
        "Left: against the fitted value; grey line: 0. Right: against the quantile of the standard "
        "normal distribution; grey line: where both are equal.",
    ]
    if len(far):
        said.append(f"Named: {STANDS_OUT:g} or more from 0.")
    lacking = len(one.data) - len(rows)
    if lacking:
        said.append(f"Without a value, not drawn: {count_of(lacking, 'row')}.")
    how = f"Model: {one.p_method}." if one.p_method else ""
    return " ".join(part for part in (*said, how, excluded_part(one)) if part)


def _alternative(one: Result, rows: pd.DataFrame, far: pd.DataFrame) -> str:
    low, high = (format_number(float(end)) for end in rows[RESIDUAL].agg(["min", "max"]))
    return (
        f"Residuals of a model of {spoken(one.label)}: against fitted values and against normal "
        f"quantiles, {low} to {high}. {_headline(one, rows, far)}."
    )


def _keys(rows: pd.DataFrame, marks: dict[str, GroupMark], sizes: Style) -> list[Artist]:
    if ARM not in rows:
        return []
    labels = [
        (key_words(group_label(arm, _of_arm(rows, arm)[PARTICIPANT_ID].nunique()), sizes), mark)
        for arm, mark in marks.items()
    ]
    return [*group_keys(labels, style=sizes)]
