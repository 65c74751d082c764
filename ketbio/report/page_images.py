"""The figures of a report as files: drawings with their letters, or small pictures for Word."""

import re
from io import BytesIO
from pathlib import Path

from matplotlib.figure import Figure
from PIL import Image

from ketbio.figures import save_figure
from ketbio.figures.saving import record_of
from ketbio.figures.style import drawing_settings
from ketbio.figures.svg_text import font_faces
from ketbio.whole_files import write_whole

PICTURE_DPI = 220
"""Of a picture in Word: what it compresses pictures to for print."""
COLOURS = 64
"""A figure has some ten colours; the others are the soft edges of its letters and lines."""

TEXT = re.compile(r"<text style=\"([^\"]*)\"[^>]*>(.*?)</text>", re.DOTALL)
FAMILIES = re.compile(r"font(?:-family)?:[^;]*?('[^;]*)")
BOLD = re.compile(r"font-weight: (?:bold|[6-9]00)|font: (?:bold|[6-9]00)")
ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
STYLE = '<style type="text/css">'


def write_page_image(figure: Figure, path: Path) -> None:
    """Write a figure as the file that a report takes in: SVG as it is, PNG with few colours.

    Parameters
    ----------
    figure : Figure
    path : Path
        Ends in ``.svg`` or ``.png``. The letters of SVG are embedded by `embed_letters`, for all
        figures at once.
    """
    if path.suffix == ".svg":
        save_figure(figure, path, data=False, words=False, embed_fonts=False)
        return
    content = _few_colours(figure)
    write_whole({path: lambda part: part.write_bytes(content)})


def _few_colours(figure: Figure) -> bytes:
    record, drawn, written = record_of(figure), BytesIO(), BytesIO()
    with drawing_settings(record.style if record else None):
        figure.savefig(
            drawn, format="png", dpi=PICTURE_DPI, metadata={"Software": None},
            pil_kwargs={"compress_level": 1},
        )  # fmt: skip
    with Image.open(drawn) as picture:
        few = picture.convert("RGB").quantize(
            COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        few.save(written, format="PNG", optimize=True, dpi=(PICTURE_DPI, PICTURE_DPI))
    return written.getvalue()


def embed_letters(folder: Path) -> None:
    """Put the letters that the drawings in a folder use into each of them.

    One set of letters for all of them: cutting a font to size takes longer than drawing.

    Parameters
    ----------
    folder : Path
        Its ``*.svg`` are written anew.
    """
    drawings = {path: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.svg"))}
    used = {path: _letters(text) for path, text in drawings.items()}
    needed: dict[tuple[str, bool], set[str]] = {}
    for own in used.values():
        for look, letters in own.items():
            needed.setdefault(look, set()).update(letters)
    faces = {
        look: font_faces("".join(sorted(letters)), families=_names(look[0]), bold=look[1])
        for look, letters in sorted(needed.items())
    }
    for path, text in drawings.items():
        own_faces = dict.fromkeys(face for look in used[path] for face in faces[look])
        path.write_text(text.replace(STYLE, STYLE + "".join(own_faces), 1), encoding="utf-8")


def _letters(drawing: str) -> dict[tuple[str, bool], set[str]]:
    """Return the characters of an SVG's text by the fonts asked for and whether they are bold."""
    found: dict[tuple[str, bool], set[str]] = {}
    for style, words in TEXT.findall(drawing):
        families = FAMILIES.search(style)
        look = (families[1] if families else "", BOLD.search(style) is not None)
        plain = re.sub(r"<[^>]*>", "", words)
        for entity, character in ENTITIES.items():
            plain = plain.replace(entity, character)
        found.setdefault(look, set()).update(plain)
    return found


def _names(families: str) -> list[str]:
    return re.findall(r"'([^']+)'", families)
