"""A plate seen from above: every well's signal, its role, and what was masked."""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ketbio.errors import FigureError
from ketbio.figures.axes import axis_label
from ketbio.figures.bench_parts import flags, numbers, texts
from ketbio.figures.bench_words import well_words
from ketbio.figures.page import MARGIN_PT, Page, finish_page, start_page, style_at
from ketbio.figures.parts import columns_of, require_result
from ketbio.figures.style import (
    INK,
    MM_PER_INCH,
    POINTS_PER_INCH,
    Style,
    drawing_settings,
    find_style,
)
from ketbio.figures.wrapping import text_width
from ketbio.result import Result
from ketbio.wording import MINUS

WELL = re.compile(r"([A-P])0?([1-9]\d?)")
SHAPES = ((8, 12), (16, 24))
ROLE_LETTERS = {"standard": "S", "blank": "B", "control": "C", "sample": ""}
COLOURS = "cividis"
"""Its luminance rises evenly: it reads in greyscale and with every colour vision."""
Numbers = NDArray[np.float64]


def _two_decimals(value: float) -> str:
    if not np.isfinite(value):
        return "–"
    text = f"{abs(value):.2f}" if abs(value) < 9.995 else f"{abs(value):.1f}"
    return f"{MINUS}{text}" if value < 0 and float(text) else text


def _no_leading_zero(value: float) -> str:
    return re.sub(r"^(\D?)0\.", r"\1.", _two_decimals(value))


WRITINGS = (_two_decimals, _no_leading_zero)
"""How an OD is written into a well: the first that fits."""


def draw_plate_map(
    result: Result, *, ax: Axes | None = None, style: str | Style | None = None, note: str = ""
) -> Figure:
    r"""Draw the wells of a plate where they are, coloured by their corrected OD.

    Values are printed where they fit. S, B and C mark standards, blanks and controls; masked wells
    are crossed out.

    Parameters
    ----------
    result : Result
        Of ``fit_standard_curve``: data with ``well, role, response, is_masked``. The plate has 96
        wells, or 384 where a well is beyond H12.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the plate, its colours.

    Raises
    ------
    FigureError
        Nothing to draw, a column is not there, a well that is none or is there twice, or no such
        style.

    Examples
    --------
    >>> wells = pd.DataFrame({"well": ["A1", "A2"], "role": ["blank", "standard"],
    ...                       "response": [0.01, 1.25], "is_masked": False})
    >>> one = Result(analysis="fit_standard_curve", marker="BDNF_serum", n={"standard wells": 1},
    ...     outcome="standard curve of plate PL1", groups=("standard wells",), data=wells)
    >>> [text.get_text() for text in draw_plate_map(one).axes[0].texts]
    ['B\n0.01', 'S\n1.25']
    """
    require_result(result, caller="draw_plate_map")
    wells = _wells(result)
    shape = _shape(wells)
    sizes = style_at(find_style(style), ax)
    with drawing_settings(sizes):
        page = start_page(sizes, ax=ax, widths=(26, 1), panel_height_pt=_height_pt(sizes, shape))
        plate, bar = page.panels
        mesh = _draw_wells(page, plate, wells, shape)
        _draw_colours(page, bar, mesh)
        headline, caption = well_words(result, wells)
        return finish_page(
            page,
            headline=headline,
            caption=caption,
            note=note,
            results=[result],
            data=wells,
            kind="Plate map",
            alternative=f"Plate map. {headline}. {caption}",
        )


def _wells(result: Result) -> pd.DataFrame:
    """Return the wells with their row and column on the plate."""
    rows = columns_of(result, ["well", "role", "response", "is_masked"])
    wells = rows.loc[rows["role"].astype("str") != "curve"].copy()
    where = f"{result.analysis} of {result.label}"
    if not np.isfinite(numbers(wells, "response")).any():
        raise FigureError(
            f"{where} has no well with a number in 'response', so there is nothing to draw."
        )
    names = texts(wells, "well")
    found = [WELL.fullmatch(name.strip().upper()) for name in names]
    strange = [name for name, match in zip(names, found, strict=True) if match is None]
    if strange:
        raise FigureError(
            f"{where}: well {strange[0]!r} is not on a plate; A1 to H12 of a plate of 96 wells or "
            "A1 to P24 of one of 384 are allowed."
        )
    wells["down"] = [ord(match[1]) - ord("A") for match in found if match]
    wells["across"] = [int(match[2]) - 1 for match in found if match]
    twice = wells.duplicated(["down", "across"])
    if twice.any():
        raise FigureError(
            f"{where} has well {wells.loc[twice, 'well'].iloc[0]!r} twice; one result is one "
            "plate, and a well has one row."
        )
    return wells


def _shape(wells: pd.DataFrame) -> tuple[int, int]:
    for rows, columns in SHAPES:
        if wells["down"].max() < rows and wells["across"].max() < columns:
            return (rows, columns)
    worst = texts(wells.sort_values("across"), "well")[-1]
    raise FigureError(
        f"Well {worst!r} is not on a plate; a plate of 384 wells has the columns 1 to 24."
    )


def _height_pt(sizes: Style, shape: tuple[int, int]) -> float:
    """Return the height at which wells are about square."""
    width_pt = sizes.width_mm / MM_PER_INCH * POINTS_PER_INCH - 2 * MARGIN_PT - 8 * sizes.small_pt
    return width_pt * shape[0] / shape[1] + 2.5 * sizes.small_pt


def _draw_wells(page: Page, panel: Axes, wells: pd.DataFrame, shape: tuple[int, int]) -> QuadMesh:
    grid = np.full(shape, np.nan)
    down, across = wells["down"].to_numpy(), wells["across"].to_numpy()
    grid[down, across] = numbers(wells, "response")
    mesh = panel.pcolormesh(
        np.arange(shape[1] + 1) - 0.5, np.arange(shape[0] + 1) - 0.5, np.ma.masked_invalid(grid),
        cmap=COLOURS, norm=_norm(grid), edgecolors="white", linewidth=page.style.line_pt,
        label="wells",
    )  # fmt: skip
    panel.set(xlim=(-0.5, shape[1] - 0.5), ylim=(shape[0] - 0.5, -0.5))
    panel.set_xticks(range(shape[1]), labels=[str(one + 1) for one in range(shape[1])])
    panel.set_yticks(range(shape[0]), labels=[chr(ord("A") + one) for one in range(shape[0])])
    panel.xaxis.tick_top()
    panel.tick_params(axis="both", length=0)
    for spine in panel.spines.values():
        spine.set_visible(False)
    _cross_out(page, panel, wells)
    page.label_fits.append(lambda: _thin_numbers(page, panel, shape[1]))
    _write_wells(page, panel, wells, mesh, shape)
    return mesh


def _norm(grid: Numbers) -> Normalize:
    known = grid[np.isfinite(grid)]
    low, high = float(known.min()), float(known.max())
    return Normalize(low, high if high > low else low + 1.0)


def _thin_numbers(page: Page, panel: Axes, columns: int) -> None:
    """Number every second column where the numbers of all would touch."""
    slot = panel.get_window_extent().width / page.figure.dpi * POINTS_PER_INCH / columns
    every = 1 if text_width("24", size_pt=page.style.small_pt) * 1.3 <= slot else 2
    panel.set_xticklabels([str(n + 1) if n % every == 0 else "" for n in range(columns)])


def _cross_out(page: Page, panel: Axes, wells: pd.DataFrame) -> None:
    masked = wells.loc[flags(wells, "is_masked")]
    for down, across in zip(masked["down"], masked["across"], strict=True):
        for turn in (1, -1):
            x = np.array([across - 0.5, across + 0.5])
            y = np.array([down - 0.5 * turn, down + 0.5 * turn])
            for colour, width in (("white", 3.0), (INK, 1.2)):
                panel.plot(
                    x, y, color=colour, linewidth=page.style.line_pt * width, zorder=3,
                    solid_capstyle="butt", label="masked",
                )  # fmt: skip


def _write_wells(
    page: Page, panel: Axes, wells: pd.DataFrame, mesh: QuadMesh, shape: tuple[int, int]
) -> None:
    """Write role and value into each well; the role alone, or nothing, where there is no room."""
    is_masked = flags(wells, "is_masked")
    written = []
    for role, down, across, value, masked in zip(
        texts(wells, "role"), wells["down"], wells["across"], numbers(wells, "response"),
        is_masked, strict=True,
    ):  # fmt: skip
        letter = ROLE_LETTERS.get(role, role[:1].upper())
        text = panel.text(
            float(across), float(down), "", size=page.style.small_pt, linespacing=1.0,
            ha="center", va="center", zorder=4, color=_text_colour(mesh, float(value)),
        )  # fmt: skip
        if masked:  # the cross would strike the number through
            text.set_bbox({"boxstyle": "square,pad=0.1", "facecolor": "white", "linewidth": 0})
            text.set_color(INK)
        written.append((text, letter, float(value), bool(masked)))

    def fit() -> None:
        box = panel.get_window_extent()
        pixel = page.figure.dpi / POINTS_PER_INCH
        room = (box.width / pixel / shape[1], box.height / pixel / shape[0])
        size = page.style.small_pt
        values = [value for _, _, value, _ in written]
        write = next((how for how in WRITINGS if _widest(how, values, size) * 1.04 < room[0]), None)
        for text, letter, value, is_crossed in written:
            if write is not None and 2.3 * size < room[1]:
                text.set_text("\n".join(filter(None, [letter, write(value)])))
            else:  # a cross that a letter hides would not be seen
                text.set_text("" if is_crossed else letter or ("" if np.isfinite(value) else "–"))

    page.mark_fits.append(fit)


def _widest(write: Callable[[float], str], values: list[float], size: float) -> float:
    return max(text_width(write(value), size_pt=size) for value in values)


def _text_colour(mesh: QuadMesh, value: float) -> str:
    """Return what stands out from the colour of a well."""
    if not np.isfinite(value):
        return INK
    red, green, blue, _ = mesh.cmap(float(mesh.norm(value)))  # type: ignore[arg-type]
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 0.45 else INK


def _draw_colours(page: Page, bar: Axes, mesh: QuadMesh) -> None:
    page.figure.colorbar(mesh, cax=bar, ticks=MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    bar.tick_params(labelsize=page.style.small_pt, width=page.style.line_pt, color=INK)
    for spine in bar.spines.values():
        spine.set(linewidth=page.style.line_pt, color=INK)
    axis_label(page, bar, "y", "Corrected OD")
    bar.yaxis.label.set(size=page.style.font_pt, color=INK)
