"""Several figures as one: panels with letters on a grid, one legend, one caption."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from string import ascii_lowercase, ascii_uppercase

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from ketbio.errors import FigureError, unknown_word
from ketbio.figures.choose import draw
from ketbio.figures.compose_grid import (
    LETTER_GAIN,
    MOST_COLUMNS,
    NARROWEST,
    Sheet,
    arrange_parts,
    cells_of,
    in_points,
)
from ketbio.figures.compose_words import composed_record, shared_keys
from ketbio.figures.record import keep_record
from ketbio.figures.sheet import PageFigure, Part, new_figure, settle
from ketbio.figures.style import INK, POINTS_PER_INCH, Style, drawing_settings, find_style
from ketbio.figures.surroundings import surround
from ketbio.result import Result

LETTERS = {"A": ascii_uppercase, "a": ascii_lowercase}


def compose_figure(
    parts: Iterable[object],
    *,
    columns: int | None = None,
    style: str | Style | None = None,
    letters: str = "A",
    note: str = "",
) -> Figure:
    """Draw several results on one page: panels with letters, one legend and one caption.

    Parameters
    ----------
    parts : sequence of Result, of several Results, or of (function, result)
        From left to right, row by row. A result is drawn as the figure of its analysis; several
        in one part as the figure of their family; a pair names the ``draw_*`` function.
    columns : int, optional
        Parts side by side; as many as the width of the style holds when None.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    letters : {"A", "a"}
        The letter of the first part.
    note : str
        Printed once, on top of the figure: ``"Simulated data"``.

    Returns
    -------
    Figure
        On its own Agg canvas. The caption goes through the letters; answers stand in it. Frames
        of parts beside and below each other stand in line where that costs little room.

    Raises
    ------
    FigureError
        No parts, more than there are letters, fewer than one column, or a part that cannot be
        drawn; the sentence names its letter.

    Examples
    --------
    >>> import pandas as pd
    >>> one = Result(analysis="compare_visits", marker="MADRS", outcome="total", n={"pairs": 2},
    ...     groups=("day_14", "baseline"), estimate=-15.0, estimate_name="mean change",
    ...     unit="points", data=pd.DataFrame({"participant_id": ["P1", "P2"],
    ...     "baseline_value": [38.0, 31.0], "endpoint_value": [19.0, 20.0],
    ...     "change": [-19.0, -11.0]}))
    >>> figure = compose_figure([one, one])
    >>> [text.get_text() for text in figure.texts][-2:], len(figure.axes)
    (['A', 'B'], 4)
    """
    given = [parts] if isinstance(parts, Result) else list(parts)
    names = _letters_for(given, letters)
    sizes = find_style(style)
    across = _columns_for(columns, len(given), sizes)
    sheet = Sheet(style=sizes, columns=across, rows=-(-len(given) // across), count=len(given))
    with drawing_settings(sizes):
        figure, drawn = _draw_parts(given, names, sheet)
        heights = _row_heights(drawn, sheet)
        record = composed_record([one.record for one in drawn], names, style=sizes, note=note)
        total = float(heights.sum()) + (sheet.rows - 1) * sheet.gap_pt
        place = surround(
            figure,
            record,
            keys=shared_keys([one.keys for one in drawn], names, with_counts=sizes.are_words_apart),
            panel_height_pt=total,
            said=chain.from_iterable(one.page.said for one in drawn),
        )
        cells = cells_of(sheet, heights, place, pixel=figure.dpi / POINTS_PER_INCH)
        _write_letters(figure, sheet, cells, names)
        pages = [one.page for one in drawn]
        settle(pages, lambda: arrange_parts(sheet, pages, cells, figure.dpi / POINTS_PER_INCH))
        keep_record(figure, record)
        return figure


def _letters_for(given: Sequence[object], letters: str) -> str:
    if letters not in LETTERS:
        raise FigureError(unknown_word("letters", letters, LETTERS))
    if not given:
        raise FigureError("compose_figure() was given no parts; give it one result or more.")
    names = LETTERS[letters]
    if len(given) > len(names):
        raise FigureError(
            f"compose_figure() was given {len(given)} parts, and there are {len(names)} letters; "
            "make several figures of them."
        )
    return names[: len(given)]


def _columns_for(columns: int | None, count: int, style: Style) -> int:
    if columns is None:
        held = int(in_points(style.width_mm) // (NARROWEST * style.font_pt))
        return max(1, min(held, MOST_COLUMNS, count))
    if isinstance(columns, bool) or not isinstance(columns, int) or columns < 1:
        raise FigureError(f"columns is {columns!r}; allowed: a whole number from 1, or None.")
    return min(columns, count)


def _draw_parts(given: Sequence[object], names: str, sheet: Sheet) -> tuple[PageFigure, list[Part]]:
    """Draw every part on a figure on which they wait to be laid out together."""
    sizes = sheet.part_style()
    height = sheet.rows * in_points(sizes.panel_height_mm)
    figure = new_figure(width_pt=in_points(sheet.style.width_mm), height_pt=height)
    figure.waiting = []
    for number, (part, letter) in enumerate(zip(given, names, strict=True)):
        row, column = sheet.place_of(number)
        wide, high = 1 / sheet.columns, 1 / sheet.rows
        host = figure.add_axes((column * wide, 1 - (row + 1) * high, wide, high))
        try:
            _draw_part(part, host, sizes)
        except FigureError as error:
            raise FigureError(f"Part {letter} cannot be drawn: {error}") from error
        host.remove()
        if len(figure.waiting) != number + 1:
            raise FigureError(
                f"Part {letter} was not drawn in the axes given; a function of a part is one of "
                "ketbio's draw_*(result, ax=…, style=…)."
            )
    drawn, figure.waiting = figure.waiting, None
    return figure, drawn


def _draw_part(part: object, host: Axes, sizes: Style) -> None:
    function: Callable[..., Figure] = draw
    subject = part
    if isinstance(part, tuple) and len(part) == 2 and callable(part[0]):
        function, subject = part
    elif not isinstance(part, Result | list | tuple):
        raise FigureError(
            f"it is a {type(part).__name__}; a part is a Result, several of one analysis, or a "
            "pair of a draw_*() function and what it draws."
        )
    function(subject, ax=host, style=sizes)


def _row_heights(parts: Sequence[Part], sheet: Sheet) -> NDArray[np.float64]:
    """Return the height of each row with its letters, in points: what its highest part needs."""
    heights = np.zeros(sheet.rows)
    for number, part in enumerate(parts):
        row, _ = sheet.place_of(number)
        heights[row] = max(heights[row], part.page.panel_height_pt + sheet.letter_pt)
    return heights


def _write_letters(figure: Figure, sheet: Sheet, cells: Sequence[Bbox], names: str) -> None:
    size = sheet.style.font_pt * LETTER_GAIN
    for cell, name in zip(cells, names, strict=True):
        x, y = figure.transFigure.inverted().transform((cell.x0, cell.y1))
        figure.text(x, y, name, size=size, weight="bold", color=INK, va="top", ha="left")
