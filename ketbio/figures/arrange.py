"""Panels on a grid: frames that share what the labels around them leave."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

PAD_IN = 0.02
"""Between a panel with its labels and what is beside it, in inches."""
WIDE_GAP = 0.015
"""Between columns of panels, as a share of the whole width, shared among the gaps."""
HIGH_GAP = 0.01
Room = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelGrid:
    """Panels in rows and columns.

    Attributes
    ----------
    panels : tuple of Axes
        Row by row, from above.
    widths, heights : tuple of float
        Relative widths of the columns' frames, and heights of the rows'.
    """

    panels: tuple[Axes, ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]

    def place_of(self, number: int) -> tuple[int, int]:
        """Return row and column of a panel."""
        return divmod(number, len(self.widths))


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Room that labels take around the frames, in pixels.

    Attributes
    ----------
    left, right : ndarray, shape (columns,)
        Beside the frames of each column.
    bottom, top : ndarray, shape (rows,)
        Below and above the frames of each row.
    """

    left: Room
    right: Room
    bottom: Room
    top: Room

    @property
    def outside(self) -> tuple[float, float, float, float]:
        """What stands outside the whole grid: left, bottom, right, top."""
        return (
            float(self.left[0]),
            float(self.bottom[-1]),
            float(self.right[-1]),
            float(self.top[0]),
        )

    def inside(self) -> tuple[float, float]:
        """Return what stands between the frames: over the width, and over the height."""
        across = self.left[1:].sum() + self.right[:-1].sum()
        upwards = self.bottom[:-1].sum() + self.top[1:].sum()
        return (float(across), float(upwards))


def room_around(grid: PanelGrid, *, size: tuple[float, float]) -> Around:
    """Measure what the labels of the panels take, as they now are.

    Parameters
    ----------
    grid : PanelGrid
        The panels.
    size : tuple of float
        Width and height of all that they have, in pixels; the gaps follow from it.
    """
    rows, columns = len(grid.heights), len(grid.widths)
    found = Around(
        left=np.zeros(columns), right=np.zeros(columns), bottom=np.zeros(rows), top=np.zeros(rows)
    )
    pad = PAD_IN * grid.panels[0].figure.dpi
    across = max(pad, WIDE_GAP * size[0] / columns)
    upwards = max(pad, HIGH_GAP * size[1] / rows)
    for number, panel in enumerate(grid.panels):
        row, column = grid.place_of(number)
        left, bottom, right, top = decorations(panel)
        for room, place, needed, gap, is_outer in (
            (found.left, column, left, across, column == 0),
            (found.right, column, right, across, column == columns - 1),
            (found.bottom, row, bottom, upwards, row == rows - 1),
            (found.top, row, top, upwards, row == 0),
        ):
            room[place] = max(room[place], needed + (pad if is_outer else gap))
    return found


def decorations(panel: Axes) -> tuple[float, float, float, float]:
    """Return how far ticks, labels and marks reach out of a frame: left, bottom, right, top."""
    # of the labels only what pushes the frames: they are wrapped to the frame's length
    whole = panel.get_tightbbox(for_layout_only=True)
    frame = panel.get_window_extent()
    if whole is None:
        return (0.0, 0.0, 0.0, 0.0)
    return (
        max(frame.x0 - whole.x0, 0.0),
        max(frame.y0 - whole.y0, 0.0),
        max(whole.x1 - frame.x1, 0.0),
        max(whole.y1 - frame.y1, 0.0),
    )


def arrange_frames(grid: PanelGrid, around: Around, frame: Bbox) -> None:
    """Place the panels so that their frames fill a box together, the labels' room between them.

    Parameters
    ----------
    grid : PanelGrid
        The panels.
    around : Around
        From `room_around`.
    frame : Bbox
        From the first frame's left end to the last one's right, in pixels; so for the height.
    """
    across, upwards = around.inside()
    lefts, widths = _shares(frame.width - across, grid.widths, around.right[:-1] + around.left[1:])
    tops, heights = _shares(
        frame.height - upwards, grid.heights, around.bottom[:-1] + around.top[1:]
    )
    for number, panel in enumerate(grid.panels):
        row, column = grid.place_of(number)
        box = Bbox.from_bounds(
            frame.x0 + lefts[column],
            frame.y1 - tops[row] - heights[row],
            widths[column],
            heights[row],
        )
        _put(panel, box)


def _shares(room: float, weights: Iterable[float], gaps: Room) -> tuple[Room, Room]:
    """Return where each frame starts and how long it is."""
    relative = np.array(list(weights), dtype=np.float64)
    lengths = max(room, len(relative)) * relative / relative.sum()
    starts = np.concatenate([[0.0], np.cumsum(lengths[:-1] + gaps)])
    return starts, lengths


def _put(panel: Axes, pixels: Bbox) -> None:
    box = pixels.transformed(panel.figure.transSubfigure.inverted())
    # what lies behind the fourth digit is noise of the arithmetic, and would make files differ
    panel.set_position(Bbox(np.round(box.get_points(), 4)))


def frame_within(place: Bbox, outside: tuple[float, float, float, float]) -> Bbox:
    """Return the box of the frames in a place that holds them with all that is around them.

    Examples
    --------
    >>> frame_within(Bbox.from_bounds(0, 0, 100, 50), (20, 10, 0, 5)).extents.tolist()
    [20.0, 10.0, 100.0, 45.0]
    """
    left, bottom, right, top = outside
    wide = max(place.width - left - right, 1.0)
    high = max(place.height - bottom - top, 1.0)
    return Bbox.from_bounds(place.x0 + left, place.y0 + bottom, wide, high)


def arrange_within(grid: PanelGrid, place: Bbox) -> None:
    """Place the panels so that they and all that is around them fill a place, in pixels."""
    around = room_around(grid, size=(place.width, place.height))
    arrange_frames(grid, around, frame_within(place, around.outside))
