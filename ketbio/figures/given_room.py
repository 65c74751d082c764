"""How far the panels in the place of given axes may reach without running into a neighbour."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, GridSpecFromSubplotSpec, SubplotSpec
from matplotlib.layout_engine import LayoutEngine, PlaceHolderLayoutEngine
from matplotlib.transforms import Bbox


def engine_of(figure: Figure) -> LayoutEngine | None:
    """Return the layout engine that makes room for what stands around axes; None without one."""
    engine = figure.get_layout_engine()
    return None if isinstance(engine, PlaceHolderLayoutEngine) else engine


def free_frame(host: Axes, outside: tuple[float, float, float, float]) -> Bbox:
    """Return the box of the frames: that of the axes, or what the neighbours leave of it.

    Parameters
    ----------
    host : Axes
        The given axes.
    outside : tuple of float
        What stands around the frames, in pixels: left, bottom, right, top.
    """
    box = host.get_window_extent()
    figure = host.get_figure(root=True)
    if figure is None or engine_of(figure) is not None:
        return box
    room = _room_of(host)
    left, bottom, right, top = outside
    x0, y0 = max(box.x0, room.x0 + left), max(box.y0, room.y0 + bottom)
    x1, y1 = min(box.x1, room.x1 - right), min(box.y1, room.y1 - top)
    return Bbox.from_extents(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))


def _room_of(host: Axes) -> Bbox:
    """Return as far as given axes may reach: half the way to their neighbours, in pixels."""
    spec = host.get_subplotspec()
    if spec is None:
        return host.get_window_extent()
    return Bbox(host.figure.transSubfigure.transform(_cell(host, spec).get_points()))


def _cell(host: Axes, spec: SubplotSpec) -> Bbox:
    grid, figure = spec.get_gridspec(), host.figure
    whole = Bbox.unit()
    if isinstance(grid, GridSpecFromSubplotSpec):
        whole = _cell(host, grid._subplot_spec)  # type: ignore[attr-defined]
    elif isinstance(grid, GridSpec) and grid.locally_modified_subplot_params():
        whole = spec.get_position(figure)  # type: ignore[arg-type]
    bottoms, tops, lefts, rights = grid.get_grid_positions(figure)  # type: ignore[arg-type]
    rows, columns = spec.rowspan, spec.colspan
    first, last, upper, lower = columns.start, columns.stop, rows.start, rows.stop
    return Bbox.from_extents(
        (rights[first - 1] + lefts[first]) / 2 if first else whole.x0,
        (bottoms[lower - 1] + tops[lower]) / 2 if lower < len(tops) else whole.y0,
        (rights[last - 1] + lefts[last]) / 2 if last < len(lefts) else whole.x1,
        (bottoms[upper - 1] + tops[upper]) / 2 if upper else whole.y1,
    )
