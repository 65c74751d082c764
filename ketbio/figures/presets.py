"""Presets: the sizes of a figure for each place where it is printed, read from ``presets.toml``."""

import math
import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any

import pandas as pd

from ketbio.errors import FigureError, unknown_word

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0
DEFAULT_STYLE = "report"
WRITTEN = ("png", "tiff", "pdf", "svg")
"""File types that ketbio writes."""
WORDS = ("printed", "apart")
"""Where headline and caption go: around the panels, or beside the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Sizes of a figure, for one place where it will be printed.

    Attributes
    ----------
    name : str
        What it is asked for by.
    width_mm : float
        Width of the whole figure, in millimetres.
    panel_height_mm : float
        Height that the panels with their axes take, in millimetres; captions come on top of it.
    font_pt, small_pt : float
        Size of axis labels, and of tick labels and the caption, in points.
    line_pt : float
        Width of axis lines, in points; intervals and means are drawn in multiples of it.
    point_pt : float
        Diameter of a participant's point, in points.
    max_height_mm : float
        Height of the page that the figure must fit on, in millimetres; infinite where none is set.
    smallest_pt : float
        The smallest lettering that the place allows, in points.
    dpi, line_art_dpi : int
        Dots per inch of a PNG or TIFF that the place asks for: of line art with colour or grey,
        as these figures are, and of black lines alone.
    file_types : tuple of str
        What the place takes and ketbio writes, the one it asks for first.
    fonts : tuple of str
        Taken if here, in this order; else DejaVu Sans.
    words : {"printed", "apart"}
        Whether headline and caption are drawn; apart, they are kept with the figure and written
        beside it, for a journal that prints them below. Note and legend are drawn all the same.
    journal, column : str
        Whose instructions, and which width of theirs; empty for a preset of no one journal.
    source : str
        Where the numbers are from, in words.
    checked : str
        How they were compared with it; empty where there is no journal.
    """

    name: str
    width_mm: float
    panel_height_mm: float
    font_pt: float
    small_pt: float
    line_pt: float
    point_pt: float
    max_height_mm: float = math.inf
    smallest_pt: float = 6.0
    dpi: int = 300
    line_art_dpi: int = 600
    file_types: tuple[str, ...] = WRITTEN
    fonts: tuple[str, ...] = ()
    words: str = "printed"
    journal: str = ""
    column: str = ""
    source: str = ""
    checked: str = ""

    def __post_init__(self) -> None:
        if self.words not in WORDS:
            raise FigureError(unknown_word("words of a Style", self.words, WORDS))

    @property
    def are_words_apart(self) -> bool:
        """Whether headline and caption are not drawn."""
        return self.words == "apart"


def _read_presets() -> dict[str, Style]:
    text = files("ketbio.figures").joinpath("presets.toml").read_text(encoding="utf-8")
    return {name: _preset(name, written) for name, written in tomllib.loads(text).items()}


def _preset(name: str, written: dict[str, Any]) -> Style:
    lists = {key: tuple(it) for key, it in written.items() if isinstance(it, list)}
    return Style(name=name, **(written | lists))


STYLES: dict[str, Style] = _read_presets()
"""The presets by name, as `presets.toml` has them."""


def find_style(style: str | Style | None) -> Style:
    """Return the preset asked for.

    Parameters
    ----------
    style : str, Style or None
        Name of a preset, sizes of one's own, or None for `DEFAULT_STYLE`.

    Returns
    -------
    Style
        The sizes to draw with.

    Raises
    ------
    FigureError
        No preset has that name.

    Examples
    --------
    >>> find_style("single_column").width_mm, find_style(None).name
    (85, 'report')
    """
    if isinstance(style, Style):
        return style
    name = DEFAULT_STYLE if style is None else style
    if not isinstance(name, str) or name not in STYLES:
        raise FigureError(unknown_word("style", style, STYLES))
    return STYLES[name]


def describe_styles() -> pd.DataFrame:
    """Return the presets as a table, one row each: sizes, file types, fonts and their source.

    Returns
    -------
    DataFrame
        Columns are the attributes of `Style`; lengths in mm, lettering and lines in points.
        ``max_height_mm`` is infinite where the place sets no height. ``checked`` says how the
        numbers were compared with the journal's instructions.

    Examples
    --------
    >>> table = describe_styles().set_index("name")
    >>> table.loc["nature_single", ["width_mm", "max_height_mm", "smallest_pt"]].to_list()
    [89.0, 170.0, 5.0]
    """
    names = [field.name for field in fields(Style)]
    rows = [{name: _shown(getattr(style, name)) for name in names} for style in STYLES.values()]
    table = pd.DataFrame(rows, columns=names)
    sizes = [name for name in names if name.endswith(("_mm", "_pt"))]
    return table.astype(dict.fromkeys(sizes, "float64"))


def _shown(value: object) -> object:
    return ", ".join(value) if isinstance(value, tuple) else value
