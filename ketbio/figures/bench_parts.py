"""What the figures of the bench share: their marks, flags and bands, and a named companion."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ketbio.figures.palette import BAND
from ketbio.figures.style import INK, MM_PER_INCH, POINTS_PER_INCH, Style
from ketbio.result import Result

RECOVERY_LIMIT = "recovery_limit_percent"
RECOVERY_LIMIT_AT_LLOQ = "recovery_limit_at_lloq_percent"
NOT_KNOWN = ("nan", "None")
"""What a value that is not known becomes when a column of objects is made words."""
USUAL_LIMITS = {RECOVERY_LIMIT: 20.0, RECOVERY_LIMIT_AT_LLOQ: 25.0}
"""By how many percent a recovery may be off where the data do not say: ICH M10 (2022)."""


def flags(data: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """Return a yes-or-no column; what is not known, or not there, is no.

    Examples
    --------
    >>> flags(pd.DataFrame({"is_masked": [True, None, False]}), "is_masked")
    array([ True, False, False])
    """
    if name not in data.columns:
        return np.zeros(len(data), dtype=np.bool_)
    return data[name].astype("boolean").fillna(False).to_numpy(dtype=np.bool_)


def refused(data: pd.DataFrame, name: str = "is_accepted") -> NDArray[np.bool_]:
    """Return the rows that were looked at and not accepted.

    Examples
    --------
    >>> refused(pd.DataFrame({"is_accepted": [True, None, False]}))
    array([False, False,  True])
    """
    if name not in data.columns:
        return np.zeros(len(data), dtype=np.bool_)
    return ~data[name].astype("boolean").fillna(True).to_numpy(dtype=np.bool_)


def numbers(data: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """Return a column as numbers; NaN throughout where it is not there.

    Examples
    --------
    >>> numbers(pd.DataFrame({"limit": [1, None]}), "limit")
    array([ 1., nan])
    """
    if name not in data.columns:
        return np.full(len(data), np.nan)
    return data[name].to_numpy(dtype=np.float64, na_value=np.nan)


def texts(data: pd.DataFrame, name: str) -> list[str]:
    """Return a column as words; ``""`` where nothing is known, or the column is not there.

    Examples
    --------
    >>> texts(pd.DataFrame({"side": ["left", None]}), "side")
    ['left', '']
    """
    if name not in data.columns:
        return [""] * len(data)
    words = data[name].astype("str").fillna("").to_list()
    return ["" if word in NOT_KNOWN else word for word in words]


def sample_names(data: pd.DataFrame) -> list[str]:
    """Return the sample of each row, with its run where a sample has several.

    Examples
    --------
    >>> sample_names(pd.DataFrame({"sample": ["P01", "P01", "P02"], "run": ["PL1", "PL2", "PL2"]}))
    ['P01, PL1', 'P01, PL2', 'P02']
    """
    names, runs = texts(data, "sample"), texts(data, "run")
    return [
        f"{name}, {run}" if run and names.count(name) > 1 else name
        for name, run in zip(names, runs, strict=True)
    ]


def band_faults(data: pd.DataFrame) -> list[str]:
    """Return what is wrong with each band; one without a signal is missing, whatever else.

    A fault that names the band's own form says no more than one that names none: "phospho band
    saturated" of a phospho band is "saturated", of another band it stays as it is.

    Examples
    --------
    >>> band_faults(pd.DataFrame({"fault": ["phospho band saturated", "", ""],
    ...                           "form": "phospho", "signal": [9.0, 3.0, None]}))
    ['saturated', '', 'missing']
    """
    known = np.isfinite(numbers(data, "signal"))
    return [
        fault.removeprefix(f"{form} band ") or ("" if there else "missing")
        for fault, form, there in zip(texts(data, "fault"), texts(data, "form"), known, strict=True)
    ]


def recovery_band(data: pd.DataFrame, name: str = RECOVERY_LIMIT) -> tuple[float, float]:
    """Return between which recoveries are accepted, in percent: as the data say, else as usual.

    Examples
    --------
    >>> recovery_band(pd.DataFrame({"recovery_percent": [98.0]}))
    (80.0, 120.0)
    """
    stated = numbers(data, name)
    known = stated[np.isfinite(stated)]
    off = float(known[0]) if known.size else USUAL_LIMITS[name]
    return (100.0 - off, 100.0 + off)


def companion(result: Result, name: str) -> Result | None:
    """Return the companion whose estimate has a name, or begins with it; None where none has.

    Examples
    --------
    >>> icc = Result(analysis="a", marker="m", outcome="", groups=(), n={}, estimate=0.9,
    ...              estimate_name="ICC(A,1)")
    >>> companion(Result(analysis="a", marker="m", outcome="", groups=(), n={},
    ...                  companions=(icc,)), "ICC").estimate
    0.9
    """
    found = [one for one in result.companions if one.estimate_name == name]
    found += [one for one in result.companions if one.estimate_name.startswith(name)]
    return found[0] if found else None


def companion_number(result: Result, name: str) -> float:
    """Return the estimate of a named companion; NaN where there is none.

    Examples
    --------
    >>> companion_number(Result(analysis="a", marker="m", outcome="", groups=(), n={}), "LOD")
    nan
    """
    found = companion(result, name)
    return float("nan") if found is None else found.estimate


def own_height_pt(style: Style, share: float = 1.0) -> float:
    """Return a share of the height that a style gives its panels, in points.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> round(own_height_pt(STYLES["single_column"]))
    187
    """
    return share * style.panel_height_mm / MM_PER_INCH * POINTS_PER_INCH


def draw_band(panel: Axes, low: float, high: float, *, label: str, colour: str = BAND) -> None:
    """Draw a horizontal band across a panel, where both its ends are known.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> panel = Figure().add_subplot()
    >>> draw_band(panel, 80, 120, label="accepted")
    >>> [patch.get_label() for patch in panel.patches]
    ['accepted']
    """
    if math.isfinite(low) and math.isfinite(high):
        panel.axhspan(low, high, facecolor=colour, edgecolor="none", zorder=0.5, label=label)


def line_key(label: str, *, style: Style, **look: Any) -> Artist:
    """Return the entry of a line or a symbol in the legend.

    Examples
    --------
    >>> from ketbio.figures.style import STYLES
    >>> line_key("masked", style=STYLES["report"], marker="x").get_label()
    'masked'
    """
    usual: dict[str, Any] = {
        "linestyle": "none",
        "color": INK,
        "markersize": style.point_pt,
        "markeredgecolor": INK,
        "markeredgewidth": style.line_pt,
    }
    return Line2D([], [], label=label, **(usual | look))


def plot_marks(
    style: Style,
    panel: Axes,
    at: tuple[NDArray[np.float64], NDArray[np.float64]],
    *,
    label: str,
    **look: Any,
) -> list[Artist]:
    """Draw points of one kind and return their entry in the legend, with the count.

    Parameters
    ----------
    style : Style
        Sizes.
    panel : Axes
        Where.
    at : tuple of ndarray, each of shape (n,)
        Places along x and y; what is not finite is not drawn.
    label : str
        What they are.
    **look
        Properties of the marks, as of a matplotlib line.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from ketbio.figures.style import STYLES
    >>> panel = Figure().add_subplot()
    >>> at = (np.array([1.0, float("nan")]), np.array([2.0, 2.0]))
    >>> keys = plot_marks(STYLES["report"], panel, at, label="blank", marker="o")
    >>> [key.get_label() for key in keys]
    ['blank (1)']
    """
    known = np.isfinite(at[0]) & np.isfinite(at[1])
    if not known.any():
        return []
    key = line_key(f"{label} ({int(known.sum()):,})", style=style, **look)
    usual: dict[str, Any] = {
        "linestyle": "none",
        "color": INK,
        "markersize": style.point_pt,
        "markeredgecolor": INK,
        "markeredgewidth": style.line_pt,
        "zorder": 4,
        "clip_on": False,
    }
    panel.plot(at[0][known], at[1][known], label=label, **(usual | look))
    return [key]


def along_lines(panel: Axes, heights: Sequence[float]) -> NDArray[np.float64]:
    """Return places along horizontal lines across a panel, for `name_points` to avoid.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> along_lines(Figure().add_subplot(), [0.5]).shape
    (60, 2)
    """
    across = np.linspace(*panel.get_xlim(), 60)
    return np.array([(x, height) for height in heights for x in across]).reshape(-1, 2)
