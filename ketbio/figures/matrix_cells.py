"""Where each correlation of a matrix stands, and what fits into its cells."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ketbio.errors import FigureError
from ketbio.figures.families import coefficient, fitted_lines, of_all_pairs
from ketbio.figures.style import MM_PER_INCH, POINTS_PER_INCH, Style
from ketbio.figures.wrapping import text_width
from ketbio.result import Result
from ketbio.wording import capitalised, format_p, join_words

PAIRS = "correlate_markers"
LABEL_SHARE = 0.34
"""Widest that the names beside the matrix may be, as a share of the figure."""
NARROWEST_PT = 5.0
"""A cell narrower than this shows nothing."""
ROW_LINES = {"full": 5.2, "short": 2.2, "marks": 1.5}
"""Height of a row, in lines of small print, by what its cells say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Which result stands where.

    Attributes
    ----------
    rows, columns : list of str
        Markers from above, and from the left.
    marks, details : dict
        (row, column) → result, for the coefficient and for its interval and p.
    is_square : bool
        Whether rows and columns are the same markers.
    """

    rows: list[str]
    columns: list[str]
    marks: dict[tuple[int, int], Result]
    details: dict[tuple[int, int], Result]
    is_square: bool


def arrange_matrix(results: Sequence[Result]) -> Matrix:
    """Return which result stands where.

    Parameters
    ----------
    results : sequence of Result
        Correlations, each with its two markers as groups.

    Raises
    ------
    FigureError
        A result without two markers, two results of one pair, or pairs of changes beside pairs of
        levels.
    """
    cells: dict[tuple[str, str], Result] = {}
    if len(of := {of_all_pairs(one) for one in results if one.analysis == PAIRS}) > 1:
        raise FigureError(
            f"The correlations are of different things: {join_words(sorted(of))}. Draw a matrix of "
            "each by itself."
        )
    for one in results:
        if len(one.groups) != 2:
            raise FigureError(
                f"A correlation of {one.label} does not name its two markers in groups; "
                "draw_correlation_matrix() needs them."
            )
        pair = (one.groups[0], one.groups[1])
        if pair in cells or pair[::-1] in cells:
            raise FigureError(
                f"Two results are of {pair[0]} with {pair[1]}; one of each pair can be drawn. "
                "Leave one out, or draw each analysis by itself."
            )
        cells[pair] = one
    first, second = ([pair[side] for pair in cells] for side in (0, 1))
    if all(one.analysis == PAIRS for one in results):
        return _square(list(dict.fromkeys([*first, *second])), cells)
    return _beside_outcomes(list(dict.fromkeys(first)), list(dict.fromkeys(second)), cells)


def _square(names: list[str], cells: dict[tuple[str, str], Result]) -> Matrix:
    places = {
        pair: sorted((names.index(pair[0]), names.index(pair[1])), reverse=True) for pair in cells
    }
    return Matrix(
        rows=names,
        columns=names,
        marks={(places[pair][0], places[pair][1]): one for pair, one in cells.items()},
        details={(places[pair][1], places[pair][0]): one for pair, one in cells.items()},
        is_square=True,
    )


def _beside_outcomes(
    rows: list[str], columns: list[str], cells: dict[tuple[str, str], Result]
) -> Matrix:
    """Give each outcome two columns: the coefficients, and what is said of them."""
    at = {pair: (rows.index(pair[0]), 2 * columns.index(pair[1])) for pair in cells}
    return Matrix(
        rows=rows,
        columns=[name for name in columns for _ in range(2)],
        marks={at[pair]: one for pair, one in cells.items()},
        details={(at[pair][0], at[pair][1] + 1): one for pair, one in cells.items()},
        is_square=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPlan:
    """What fits into the cells at this width.

    Attributes
    ----------
    labels : list of str
        Names beside the rows.
    level : str
        ``"full"``: coefficient, interval and p; ``"short"``: coefficient and p; ``"marks"``: no
        numbers.
    cell_pt, row_pt : float
        Width and height of a cell.
    has_n : bool
        Whether the number of pairs differs and is written.
    is_cut : bool
        Whether a name is cut.
    """

    labels: list[str]
    level: str
    cell_pt: float
    row_pt: float
    rows: int
    has_n: bool
    is_cut: bool

    @property
    def height_pt(self) -> float:
        """Of all rows, with the numbers above them."""
        return self.row_pt * self.rows + 16.0

    @classmethod
    def of(cls, matrix: Matrix, labels: dict[str, str], style: Style) -> "CellPlan":
        """Return what fits: cells first get what the names leave."""
        names = _numbered(matrix, labels)
        width = style.width_mm / MM_PER_INCH * POINTS_PER_INCH
        longest = max(text_width(name, size_pt=style.small_pt) for name in names)
        room = min(longest, LABEL_SHARE * width) + style.small_pt
        cell = (width - room - 20.0) / len(matrix.columns)
        if cell < NARROWEST_PT:
            raise FigureError(
                f"{len(matrix.rows)} markers do not fit into a figure of {style.width_mm:.0f} mm: "
                "their cells would show nothing. Choose a wider style, such as 'double_column', "
                "or draw fewer of them."
            )
        has_n = len({one.n_total for one in matrix.marks.values()}) > 1
        level = _level(matrix, cell, style, has_n)
        row = max(style.small_pt * (ROW_LINES[level] + (has_n and level == "full")), 8.0)
        lines = max(1, int(row // (style.small_pt * 1.15)))
        fitted = [
            fitted_lines(name, width_pt=room, size_pt=style.small_pt, lines=lines) for name in names
        ]
        return cls(
            labels=fitted,
            level=level,
            cell_pt=cell,
            row_pt=row,
            rows=len(matrix.rows),
            has_n=has_n,
            is_cut=any(name.endswith("…") for name in fitted),
        )


def _numbered(matrix: Matrix, labels: dict[str, str]) -> list[str]:
    """Return the names beside the rows; the numbers stand above the columns in their place."""
    if not matrix.is_square:
        return [capitalised(labels[name]) for name in matrix.rows]
    return [f"{place} {labels[name]}" for place, name in enumerate(matrix.rows, start=1)]


def _level(matrix: Matrix, cell: float, style: Style, has_n: bool) -> str:
    needed = {
        "full": [cell_words(one, "full", has_n) for one in matrix.details.values()],
        "short": [cell_words(one, "short", has_n) for one in matrix.details.values()]
        + [coefficient(one.estimate) for one in matrix.marks.values()],
    }
    for level, texts in needed.items():
        lines = [line for text in texts for line in text.split("\n")]
        widest = max(text_width(line, size_pt=style.small_pt) for line in lines)
        if widest <= cell - 3.0:
            return level
    return "marks"


def cell_words(result: Result, level: str, has_n: bool) -> str:
    """Return what is said of a coefficient: interval, p, adjusted p, and n where it differs."""
    if level == "short":
        p = result.p_value if math.isnan(result.p_adjusted) else result.p_adjusted
        return format_p(p, symbol=False)
    if math.isnan(result.estimate):
        return "not computed"
    lines = ["no interval"]
    if not math.isnan(result.ci_low):
        lines = [f"{coefficient(result.ci_low)} to", coefficient(result.ci_high)]
    if not math.isnan(result.p_value):
        lines.append(f"p {format_p(result.p_value, symbol=False)}")
    if not math.isnan(result.p_adjusted):
        lines.append(f"adj. {format_p(result.p_adjusted, symbol=False)}")
    if has_n:
        lines.append(f"n {result.n_total}")
    return "\n".join(lines)
