"""How figures look: presets and colours in one import, the fonts here, the settings to draw in."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from matplotlib import rcParams
from matplotlib import style as matplotlib_style
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from ketbio.figures.palette import (
    FAINT,
    GROUP_MARKS,
    GUIDE,
    INK,
    OTHER_MARKS,
    OUTLINE_FILL,
    QUIET,
    GroupMark,
    group_marks,
)
from ketbio.figures.presets import (
    DEFAULT_STYLE,
    MM_PER_INCH,
    POINTS_PER_INCH,
    STYLES,
    Style,
    find_style,
)

__all__ = [
    "DEFAULT_STYLE",
    "FAINT",
    "GROUP_MARKS",
    "GUIDE",
    "INK",
    "MM_PER_INCH",
    "OTHER_MARKS",
    "OUTLINE_FILL",
    "POINTS_PER_INCH",
    "QUIET",
    "SMALLEST_TEXT_PT",
    "STYLES",
    "GroupMark",
    "Style",
    "drawing_settings",
    "families_in_force",
    "find_style",
    "font_families",
    "font_remark",
    "font_used",
    "group_marks",
    "missing_characters",
]

SMALLEST_TEXT_PT = 6.0
"""No preset writes smaller than this: journals ask for 5 to 8 pt and more in print."""
BUILT_IN_FONT = "DejaVu Sans"
"""Comes with matplotlib, so that figures look the same on every computer."""

_FONT_LOG = logging.getLogger("matplotlib.font_manager")
_FALLBACK_FAMILIES = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Hiragino Sans",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "Noto Sans",
    "Noto Sans Arabic",
    "Arial Unicode MS",
)


@cache
def _fonts_here() -> frozenset[str]:
    return frozenset(fontManager.get_font_names())


def font_used(style: Style) -> str:
    """Return the font that a figure of this style is written in on this computer.

    Examples
    --------
    >>> font_used(STYLES["report"])
    'DejaVu Sans'
    """
    return next((name for name in style.fonts if name in _fonts_here()), BUILT_IN_FONT)


def font_remark(style: Style) -> str:
    """Return a sentence where the font used is not the one that the journal names first.

    Examples
    --------
    >>> font_remark(STYLES["report"])
    ''
    """
    used = font_used(style)
    if not style.fonts or used == style.fonts[0]:
        return ""
    wanted = " or ".join(style.fonts[: 1 if used in style.fonts else None])
    return f"{wanted} is not on this computer; the text is in {used}."


def font_families(style: Style | None = None) -> tuple[str, ...]:
    """Return the fonts to write with: the style's, DejaVu Sans, those here for other scripts.

    Parameters
    ----------
    style : Style, optional
        Its preferred fonts are taken where they are here.

    Examples
    --------
    >>> font_families()[0]
    'DejaVu Sans'
    """
    used = BUILT_IN_FONT if style is None else font_used(style)
    others = [name for name in _FALLBACK_FAMILIES if name in _fonts_here()]
    return tuple(dict.fromkeys((used, BUILT_IN_FONT, *others)))


def families_in_force() -> tuple[str, ...]:
    """Return the fonts of the drawing that is under way, or ketbio's own outside of one.

    Examples
    --------
    >>> with drawing_settings():
    ...     families_in_force()[0]
    'DejaVu Sans'
    """
    given = tuple(rcParams["font.family"])
    return given if BUILT_IN_FONT in given else font_families()


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


def _settings(style: Style | None) -> dict[str, Any]:
    return {
        "font.family": list(font_families(style)),
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
def _fonts_unsaid() -> Iterator[None]:
    """Keep matplotlib from saying that a font of another script has no bold: it has none."""
    level = _FONT_LOG.level
    _FONT_LOG.setLevel(logging.ERROR)
    try:
        yield
    finally:
        _FONT_LOG.setLevel(level)


@contextmanager
def drawing_settings(style: Style | None = None) -> Iterator[None]:
    """Draw under ketbio's own settings; the user's `matplotlib.rcParams` come back unchanged.

    A user's style sheet changes nothing in a figure, which therefore is the same for everybody.

    Parameters
    ----------
    style : Style, optional
        Whose fonts to write in; DejaVu Sans when None.

    Examples
    --------
    >>> from matplotlib import rcParams
    >>> with drawing_settings():
    ...     print(rcParams["svg.fonttype"])
    none
    >>> rcParams["svg.fonttype"]
    'path'
    """
    with (
        matplotlib_style.context(["default", _settings(style)]),
        _fonts_unsaid(),
        warnings.catch_warnings(),
    ):
        # the page itself says which characters have no font here
        warnings.filterwarnings("ignore", message=r".*missing from font", category=UserWarning)
        yield
