"""The grid of a composed figure: how wide and high its parts are, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from ketbio.figures.arrange import Around, arrange_frames, frame_within, room_around
from ketbio.figures.sheet import MARGIN_PT, Page
from ketbio.figures.style import MM_PER_INCH, POINTS_PER_INCH, Style

NARROWEST = 25.0
"""Width that a part needs, in multiples of the type size: so many columns has a page."""
MOST_COLUMNS = 3
SHAPE = 0.8
"""Height of a part against its width, at most."""
HIGHEST_MM = 215.0
"""Of all rows together, where they can be that low: a page of a journal with its caption."""
LEAST_OF_HEIGHT = 0.75
"""A part gets at least this share of its usual height where rows are many."""
AROUND_MM = 10.0
"""Letter and gap of a row."""
COMFORTABLE = 34.0
"""Width at which a part has the type size of the figure; in a narrower one it is smaller."""
SMALLEST_SCALE = 0.8
GAP = 1.6
"""Between rows and between columns, in multiples of the type size."""
LETTER_GAIN = 1.15
ALIGNED_WITHIN = 0.13
"""Frames stand in line where that costs no part more than this share of its width or height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The grid of a composed figure, in points.

    Attributes
    ----------
    style : Style
        Of the whole figure.
    columns, rows : int
        The grid.
    count : int
        Parts on it; the last row may have empty places.
    """

    style: Style
    columns: int
    rows: int
    count: int

    @property
    def gap_pt(self) -> float:
        """Between columns, and between rows."""
        return GAP * self.style.font_pt

    @property
    def slot_pt(self) -> float:
        """Width of a column."""
        whole = in_points(self.style.width_mm) - 2 * MARGIN_PT
        return (whole - (self.columns - 1) * self.gap_pt) / self.columns

    @property
    def letter_pt(self) -> float:
        """Height of a letter with the room below it."""
        return self.style.font_pt * LETTER_GAIN * 1.5

    def part_style(self) -> Style:
        """Return the sizes for one part: those of the figure, as wide as a column."""
        whole = self.style
        slot = self.slot_pt / POINTS_PER_INCH * MM_PER_INCH
        least = max(SMALLEST_SCALE, whole.smallest_pt / whole.small_pt)
        height = min(whole.panel_height_mm, SHAPE * slot)
        held = min(HIGHEST_MM, 0.9 * whole.max_height_mm) / self.rows - AROUND_MM
        scale = min(1.0, max(self.slot_pt / (COMFORTABLE * whole.font_pt), least))
        return replace(
            whole,
            width_mm=slot,
            panel_height_mm=max(min(height, held), height * LEAST_OF_HEIGHT),
            font_pt=whole.font_pt * scale,
            small_pt=whole.small_pt * scale,
            line_pt=whole.line_pt * scale,
            point_pt=whole.point_pt * scale,
        )

    def place_of(self, number: int) -> tuple[int, int]:
        """Return row and column of a part."""
        return divmod(number, self.columns)


def in_points(millimetres: float) -> float:
    """Return a length in points."""
    return millimetres / MM_PER_INCH * POINTS_PER_INCH


def cells_of(
    sheet: Sheet, heights: NDArray[np.float64], place: Bbox, *, pixel: float
) -> list[Bbox]:
    """Return the place of each part with its letter, in pixels."""
    tops = place.y1 - pixel * (np.cumsum(heights + sheet.gap_pt) - heights - sheet.gap_pt)
    cells = []
    for number in range(sheet.count):
        row, column = sheet.place_of(number)
        left = place.x0 + pixel * column * (sheet.slot_pt + sheet.gap_pt)
        high = pixel * float(heights[row])
        cells.append(Bbox.from_bounds(left, float(tops[row]) - high, pixel * sheet.slot_pt, high))
    return cells


def arrange_parts(sheet: Sheet, pages: Sequence[Page], cells: Sequence[Bbox], pixel: float) -> None:
    """Put the panels of every part in its place, their frames in line with their neighbours'."""
    places = [
        Bbox.from_extents(cell.x0, cell.y0, cell.x1, cell.y1 - sheet.letter_pt * pixel)
        for cell in cells
    ]
    arounds = [
        room_around(page.grid, size=(place.width, place.height))
        for page, place in zip(pages, places, strict=True)
    ]
    outside = _in_line(sheet, arounds, places)
    for page, around, place, own in zip(pages, arounds, places, outside, strict=True):
        arrange_frames(page.grid, around, frame_within(place, own))


def _in_line(
    sheet: Sheet, arounds: Sequence[Around], places: Sequence[Bbox]
) -> list[tuple[float, float, float, float]]:
    """Return what stands around each part, the same for neighbours where it is about the same."""
    own = np.array([around.outside for around in arounds])
    rows, columns = np.array([sheet.place_of(number) for number in range(sheet.count)]).T
    lengths = np.array([(place.width, place.height) * 2 for place in places])
    found = own.copy()
    for side, line in enumerate((columns, rows, columns, rows)):
        for one in np.unique(line):
            members = line == one
            most = own[members, side].max()
            cost = (most - own[members, side]) / lengths[members, side]
            found[members, side] = np.where(cost <= ALIGNED_WITHIN, most, own[members, side])
    return [(float(a), float(b), float(c), float(d)) for a, b, c, d in found]
