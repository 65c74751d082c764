"""Several gels as small multiples: a column per gel, its panels on the scales of all of them."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.figures.axes import axis_label
from ketbio.figures.bench_parts import band_faults, own_height_pt, texts
from ketbio.figures.captions import answer, small_print
from ketbio.figures.families import require_results
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
from ketbio.figures.page import Page, finish_page, start_page, style_at
from ketbio.figures.style import (
    FAINT,
    MM_PER_INCH,
    POINTS_PER_INCH,
    GroupMark,
    Style,
    drawing_settings,
    find_style,
)
from ketbio.figures.wrapping import text_width
from ketbio.result import Result
from ketbio.wording import capitalised, count_of

ANALYSES = ("summarise_gel",)
NARROWEST = 15.0
"""Width that a gel needs, in multiples of the type size."""
MOST_COLUMNS = 3
PANEL_SHARE = 0.2
"""Of the style's height, for each panel."""
TITLE_LINES = 1.8
"""Height of what stands between two panels, in multiples of the type size."""
LONGEST_NAME = 18
SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Zn])")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gel:
    """A gel to draw, its bands with their places."""

    result: Result
    rows: pd.DataFrame
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Common:
    """What holds for all gels of a figure."""

    rows: pd.DataFrame
    bands: tuple[str, ...]
    marks: dict[str, GroupMark]
    symbols: dict[str, str]


def draw_gel_overviews(
    results: Sequence[Result],
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    r"""Draw several gels beside each other: every band by lane, on the same scales.

    Parameters
    ----------
    results : sequence of Result
        Of ``summarise_gel``, with data as for `draw_gel_overview`. Six fill a page.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Up to three gels side by side. Panels of each, from above: a logarithmic one per target
        and form, the normalised values. Lanes are named by their participant, once where several
        stand together.

    Raises
    ------
    FigureError
        No result, one of another analysis or with nothing to draw, a column is not there, or no
        such style.

    Examples
    --------
    >>> rows = pd.DataFrame({"lane": ["1", "1", "2", "2"], "participant_id": ["P01", "P01", "", ""],
    ...     "visit": ["baseline", "baseline", "", ""], "condition": "", "fault": "",
    ...     "role": ["sample", "sample", "reference", "reference"], "target": "S6",
    ...     "form": ["phospho", "total", "phospho", "total"], "signal": [900.0, 1800, 700, 1750],
    ...     "normalised": [0.5, None, 0.4, None]})
    >>> gels = [Result(analysis="summarise_gel", marker="p_S6", outcome=f"gel {name}",
    ...     groups=("bands",), n={"bands": 4}, data=rows) for name in ("G1", "G2")]
    >>> figure = draw_gel_overviews(gels)
    >>> [panel.get_title(loc="left") for panel in figure.axes][:4:2]
    ['Gel G1\nPhospho S6, signal', 'Total S6, signal']
    >>> [label.get_text() for label in figure.axes[-1].get_xticklabels()]
    ['P01', 'reference']
    """
    given = require_results(results, caller="draw_gel_overviews", analyses=ANALYSES, of="gels")
    gels = _gels(given)
    sizes = style_at(find_style(style), ax)
    rows = pd.concat([gel.rows for gel in gels], ignore_index=True)
    common = _Common(
        rows=rows,
        bands=tuple(dict.fromkeys(rows["band"])),
        marks=role_marks(rows),
        symbols=fault_symbols(rows),
    )
    panels_each = len(common.bands) + 1
    columns = _columns(len(gels), sizes)
    blocks = -(-len(gels) // columns)
    with drawing_settings(sizes):
        page = start_page(
            sizes,
            ax=ax,
            widths=[1.0] * columns,
            heights=[1.0] * (blocks * panels_each),
            panel_height_pt=blocks * _block_height_pt(gels, sizes, panels_each),
        )
        for place, panels in enumerate(_panels(page, columns, panels_each)):
            if place < len(gels):
                _draw_gel(page, panels, gels[place], common, named=place % columns == 0)
                _name_lanes(page, panels, gels[place], columns)
                if place + columns >= len(gels):
                    axis_label(page, panels[-1], "x", "Lanes")
            else:
                for panel in panels:
                    panel.set_axis_off()
        return finish_page(
            page,
            headline=_headline(gels, rows),
            caption=_caption(gels),
            note=note,
            results=given,
            keys=gel_keys(page, rows, common.marks, common.symbols),
            kind="Band signals by lane, several gels",
        )


def _gels(results: Sequence[Result]) -> list[_Gel]:
    is_one_marker = len({one.marker for one in results}) == 1
    return [
        _Gel(
            result=one,
            rows=bands_of(one),
            name=capitalised(one.outcome if is_one_marker else f"{one.label}, {one.outcome}"),
        )
        for one in results
    ]


def _columns(count: int, sizes: Style) -> int:
    held = int(sizes.width_mm / MM_PER_INCH * POINTS_PER_INCH // (NARROWEST * sizes.font_pt))
    return max(1, min(held, MOST_COLUMNS, count))


def _block_height_pt(gels: Sequence[_Gel], sizes: Style, count: int) -> float:
    """Return the height of a row of gels: its panels, their titles and the names of the lanes."""
    names = [name for gel in gels for _, name in _runs(gel.rows)]
    longest = max(text_width(name, size_pt=sizes.small_pt) for name in names)
    panels = count * (own_height_pt(sizes, PANEL_SHARE) + TITLE_LINES * sizes.font_pt)
    return panels + longest + 3 * sizes.font_pt


def _panels(page: Page, columns: int, count: int) -> Iterator[tuple[Axes, ...]]:
    """Give the panels of each place for a gel, from above."""
    for first in range(0, len(page.panels), columns * count):
        for column in range(columns):
            yield page.panels[first + column : first + columns * count : columns]


def _draw_gel(
    page: Page, panels: Sequence[Axes], gel: _Gel, common: _Common, *, named: bool
) -> None:
    """Draw one gel on the scales of all of them."""
    rows, marks, symbols = common.rows, common.marks, common.symbols
    for place, (panel, band) in enumerate(zip(panels, common.bands, strict=False)):
        own = gel.rows.loc[gel.rows["band"] == band]
        scale = signal_scale(rows.loc[rows["band"] == band])
        draw_bands(page, panel, own, marks, symbols, scale=scale, named=named)
        words = f"{capitalised(band)}, signal{'' if len(own) else ': not on this gel'}"
        write_title(page, panel, words, heading="" if place else gel.name)
    draw_normalised(page, panels[-1], gel.rows, marks, limits=normalised_limits(rows))
    if not named:
        panels[-1].tick_params(axis="y", labelleft=False)
        for panel in panels:
            panel.tick_params(axis="y", length=0)
    write_title(page, panels[-1], normalised_words(gel.result, gel.rows))


def _runs(rows: pd.DataFrame) -> list[tuple[tuple[float, float], str]]:
    """Return first and last place of lanes that stand together, and what is in them."""
    firsts = rows.drop_duplicates("at").sort_values("at")
    held = zip(texts(firsts, "participant_id"), texts(firsts, "role"), strict=True)
    names = [id_label(who) if who else spoken(role) or "lane" for who, role in held]
    runs = []
    for name, own in groupby(zip(names, firsts["at"], strict=True), key=lambda one: one[0]):
        places = [place for _, place in own]
        cut = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        runs.append(((places[0], places[-1]), cut))
    return runs


def _name_lanes(page: Page, panels: Sequence[Axes], gel: _Gel, columns: int) -> None:
    """Name the lanes below the lowest panel, and part those that do not belong together."""
    runs, count = _runs(gel.rows), max(gel.rows["at"].nunique(), 2)
    slot = page.width_pt / columns * 0.75 / count
    every = max(1, math.ceil(page.style.small_pt * 1.3 * len(runs) / (slot * count)))
    shown = runs[::every]
    for panel in panels:
        panel.set_xlim(-0.6, count - 0.4)
        panel.set_xticks([])
        for (first, _), _name in runs[1:]:
            panel.axvline(first - 0.5, color=FAINT, linewidth=page.style.line_pt * 0.8, zorder=0.8)
    panels[-1].set_xticks(
        [float(np.mean(places)) for places, _ in shown],
        labels=[name for _, name in shown],
        rotation=90,
    )
    panels[-1].tick_params(axis="x", length=0)


def _headline(gels: Sequence[_Gel], rows: pd.DataFrame) -> str:
    labels = list(dict.fromkeys(gel.result.label for gel in gels))
    whose = f" of {spoken(labels[0])}" if len(labels) == 1 else ""
    bad = sum(map(bool, band_faults(rows)))
    faults = f"{bad:,} with a fault" if bad else "none with a fault"
    return f"{count_of(len(gels), 'gel')}{whose}: {count_of(len(rows), 'band')}, {faults}"


def _caption(gels: Sequence[_Gel]) -> str:
    """Return what each gel shows; what holds for all of them is said once, last."""
    prints = [SENTENCE_END.split(small_print(gel.result)) for gel in gels]
    common = [one for one in prints[0] if len(gels) > 1 and all(one in own for own in prints)]
    told = [
        " ".join([f"{gel.name}: {answer(gel.result).rstrip('.')}.",
                  *(one for one in own if one and one not in common)])
        for gel, own in zip(gels, prints, strict=True)
    ]  # fmt: skip
    for_all = ["Each gel:", *filter(None, common)] if any(common) else []
    return " ".join([*told, *for_all, "Lanes of one participant stand between two lines."])
