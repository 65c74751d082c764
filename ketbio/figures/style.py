"""How figures look: presets as data, the colours of the groups, and the settings to draw under."""

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from matplotlib import style as matplotlib_style
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from ketbio.errors import FigureError, unknown_word
from ketbio.vocabulary import NON_RESPONDER, RESPONDER

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72.0
SMALLEST_TEXT_PT = 6.0
"""No preset writes smaller than this: journals ask for 6 pt and more in print."""


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
    """

    name: str
    width_mm: float
    panel_height_mm: float
    font_pt: float
    small_pt: float
    line_pt: float
    point_pt: float


STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style(
            name="single_column",
            width_mm=85,
            panel_height_mm=66,
            font_pt=7,
            small_pt=6,
            line_pt=0.6,
            point_pt=4,
        ),
        Style(
            name="one_and_half_column",
            width_mm=120,
            panel_height_mm=74,
            font_pt=7.5,
            small_pt=6.5,
            line_pt=0.7,
            point_pt=4.5,
        ),
        Style(
            name="double_column",
            width_mm=175,
            panel_height_mm=84,
            font_pt=8,
            small_pt=7,
            line_pt=0.8,
            point_pt=5,
        ),
        Style(
            name="report",
            width_mm=160,
            panel_height_mm=84,
            font_pt=8.5,
            small_pt=7.5,
            line_pt=0.8,
            point_pt=5.5,
        ),
        Style(
            name="slide",
            width_mm=254,
            panel_height_mm=112,
            font_pt=14,
            small_pt=11,
            line_pt=1.4,
            point_pt=9,
        ),
    )
}
"""The presets. Widths: one, one and a half and two columns of common journals; a page; a slide."""

DEFAULT_STYLE = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMark:
    """How a group is told apart: by colour, by shape and by hatch, so that one alone suffices.

    Attributes
    ----------
    colour : str
        Fill; the edge is always `INK`, so that light fills keep their outline on white.
    marker : str
        matplotlib marker of a participant's point.
    hatch : str
        matplotlib hatch of a bar.
    """

    colour: str
    marker: str
    hatch: str


INK = "#222222"
QUIET = "#6b6b6b"
FAINT = "#b5b5b5"
OUTLINE_FILL = "#e4e4e4"

# Blue and orange of Okabe & Ito (2008) keep apart in every common colour blindness, and their
# luminance (87 and 162 of 255) keeps them apart in greyscale.
GROUP_MARKS: dict[str, GroupMark] = {
    RESPONDER: GroupMark(colour="#0072B2", marker="o", hatch=""),
    NON_RESPONDER: GroupMark(colour="#E69F00", marker="^", hatch="////"),
    "": GroupMark(colour="#FFFFFF", marker="s", hatch="...."),
}
"""The groups that ketbio knows; ``""`` is a participant of no known group."""

OTHER_MARKS = (
    GroupMark(colour="#0072B2", marker="o", hatch=""),
    GroupMark(colour="#E69F00", marker="^", hatch="////"),
    GroupMark(colour="#FFFFFF", marker="D", hatch="...."),
    GroupMark(colour="#3b3b3b", marker="v", hatch="xxxx"),
)
"""Taken in turn by groups with names of their own."""


def group_marks(groups: Iterable[str]) -> dict[str, GroupMark]:
    """Return the mark of each group.

    Parameters
    ----------
    groups : iterable of str
        Names of the groups, in the order in which they are drawn.

    Returns
    -------
    dict of str to GroupMark
        Known groups keep their own mark in every figure; others take the next of `OTHER_MARKS`.

    Examples
    --------
    >>> marks = group_marks(["non-responder", "responder"])
    >>> marks["responder"].marker, marks["non-responder"].marker
    ('o', '^')
    >>> [mark.marker for mark in group_marks(["ketamine", "midazolam"]).values()]
    ['o', '^']
    """
    names = list(dict.fromkeys(groups))
    others = [name for name in names if name not in GROUP_MARKS]
    return {
        name: GROUP_MARKS[name]
        if name in GROUP_MARKS
        else OTHER_MARKS[others.index(name) % len(OTHER_MARKS)]
        for name in names
    }


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


_FALLBACK_FAMILIES = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "Noto Sans",
    "Arial Unicode MS",
)


@cache
def font_families() -> tuple[str, ...]:
    """Return the fonts to write with: DejaVu Sans, then those here for what it cannot write.

    DejaVu Sans comes with matplotlib, so that figures look the same on every computer.

    Examples
    --------
    >>> font_families()[0]
    'DejaVu Sans'
    """
    here = set(fontManager.get_font_names())
    return ("DejaVu Sans", *(name for name in _FALLBACK_FAMILIES if name in here))


@cache
def _characters_there() -> frozenset[int]:
    fonts = (get_font(findfont(FontProperties(family=[name]))) for name in font_families())
    return frozenset(code for font in fonts for code in font.get_charmap())


def missing_characters(text: str) -> str:
    """Return the characters of ``text`` that no font here can write, each once.

    Examples
    --------
    >>> missing_characters("p-GSK3β (Ser9), день 14")
    ''
    """
    there = _characters_there()
    return "".join(dict.fromkeys(c for c in text if ord(c) not in there and not c.isspace()))


def _settings() -> dict[str, object]:
    return {
        "font.family": list(font_families()),
        "text.parse_math": False,  # a "$" in a marker's name is a "$"
        "text.usetex": False,
        "text.hinting": "none",  # text keeps its width at every resolution
        "svg.fonttype": "none",  # live text: searchable, readable aloud, editable
        "svg.hashsalt": "ketbio",
        "pdf.fonttype": 42,
        "hatch.linewidth": 0.6,
        "axes.unicode_minus": True,
        "path.simplify": False,
    }


@contextmanager
def drawing_settings() -> Iterator[None]:
    """Draw under ketbio's own settings; the user's `matplotlib.rcParams` come back unchanged.

    A user's style sheet changes nothing in a figure, which therefore is the same for everybody.

    Examples
    --------
    >>> from matplotlib import rcParams
    >>> with drawing_settings():
    ...     print(rcParams["svg.fonttype"])
    none
    >>> rcParams["svg.fonttype"]
    'path'
    """
    with matplotlib_style.context(["default", _settings()]), warnings.catch_warnings():
        # the page itself says which characters have no font here
        warnings.filterwarnings("ignore", message=r".*missing from font", category=UserWarning)
        yield
