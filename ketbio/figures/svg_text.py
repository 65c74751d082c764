"""An SVG that reads the same everywhere: title and description for screen readers, its fonts."""

import base64
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text

_MAY_NOT_EMBED = 0x2
"""Bit of OS/2.fsType by which a font says that it must not be embedded (OpenType 1.9)."""
_KEPT_TABLES = frozenset(
    [
        *("head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "name", "post", "loca", "glyf", "CFF"),
        *("GDEF", "GPOS", "GSUB"),  # joined letters, kerning
    ]
)
"""Tables that a browser needs (some fonts carry others that cannot be cut to size)."""
_STYLE = '<style type="text/css">'


def accessible_svg(content: bytes, figure: Figure, *, alternative: str, embed_fonts: bool) -> bytes:
    """Return an SVG with a description for screen readers and the fonts of its text within.

    Parameters
    ----------
    content : bytes
        As matplotlib writes it, with a title and live text.
    figure : Figure
        What was written: its texts say which characters the fonts must have.
    alternative : str
        What is shown, in words; may be empty.
    embed_fonts : bool
        Whether the letters used travel with the file.
    """
    written = content.decode("utf-8")
    names = "svg-title svg-desc" if alternative else "svg-title"
    described = f'\n <desc id="svg-desc">{escape(alternative)}</desc>' if alternative else ""
    written = written.replace("<svg ", f'<svg role="img" aria-labelledby="{names}" ', 1)
    written = written.replace("<title>", '<title id="svg-title">', 1)
    written = written.replace("</title>", f"</title>{described}", 1)
    if embed_fonts:
        written = written.replace(_STYLE, _STYLE + "".join(_font_faces(figure)), 1)
    return written.encode("utf-8")


def _font_faces(figure: Figure) -> list[str]:
    """Return a font face for every font that the visible text needs."""
    needed: dict[tuple[str, str], set[int]] = {}
    for text in figure.findobj(Text):
        if not isinstance(text, Text) or not text.get_visible():
            continue
        weight = "bold" if text.get_fontweight() == "bold" else "normal"
        for family, codes in _shared_out(text.get_text(), text.get_fontfamily()):
            needed.setdefault((family, weight), set()).update(codes)
    return [
        face
        for (family, weight), codes in sorted(needed.items())
        if (face := _font_face(family, weight, tuple(sorted(codes))))
    ]


def _shared_out(words: str, families: Iterable[str]) -> list[tuple[str, set[int]]]:
    """Return which characters each font writes: the first of them that has one."""
    left = {ord(character) for character in words if character.isprintable()}
    shared = []
    for family in families:
        own = left & _characters_of(family)
        left -= own
        if own:
            shared.append((family, own))
    return shared


@lru_cache(maxsize=64)
def _characters_of(family: str) -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(family=[family]))).get_charmap())


def font_faces(letters: str, *, families: Iterable[str], bold: bool) -> list[str]:
    """Return the font faces that write letters: each by the first of the families that has it.

    Parameters
    ----------
    letters : str
        Every character once.
    families : iterable of str
        Fonts, the first choice first.
    bold : bool
        Whether they are bold.
    """
    weight = "bold" if bold else "normal"
    faces = [
        _font_face(family, weight, tuple(sorted(codes)))
        for family, codes in _shared_out(letters, families)
    ]
    return [face for face in faces if face]


@lru_cache(maxsize=256)
def _font_face(family: str, weight: str, codes: tuple[int, ...]) -> str:
    path = findfont(FontProperties(family=[family], weight=weight))
    font = TTFont(path, fontNumber=0, recalcTimestamp=False)
    if "OS/2" in font and font["OS/2"].fsType & _MAY_NOT_EMBED:
        return ""
    for tag in [tag for tag in font.keys() if tag.strip() not in _KEPT_TABLES]:  # noqa: SIM118
        del font[tag]
    options = Options(hinting=False, name_IDs=[1, 2], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.flavor = "woff"
    content = BytesIO()
    font.save(content)
    encoded = base64.b64encode(content.getvalue()).decode("ascii")
    return (
        f"@font-face{{font-family:'{family}';font-weight:{weight};"
        f"src:url(data:font/woff;base64,{encoded}) format('woff')}}\n"
    )
