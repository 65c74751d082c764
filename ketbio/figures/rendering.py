"""A figure as the bytes of a file: each file type with what the file says of itself, no date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from io import BytesIO
from typing import Any

from matplotlib.figure import Figure
from PIL import Image

from ketbio.figures.labels import quantity_label
from ketbio.figures.record import FigureRecord
from ketbio.figures.style import Style, drawing_settings
from ketbio.figures.svg_text import accessible_svg

_IMAGE_DESCRIPTION, _SOFTWARE = 270, 305
"""Tags of TIFF 6.0 (Adobe 1992), section 8."""
_CONTROL = dict.fromkeys([*range(32), 127])


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file says of itself.

    Attributes
    ----------
    title : str
        The kind of figure and what it is of.
    alternative : str
        What it shows, in words.
    study : str
        Id of the study; may be empty.
    seed : str
        Seeds of what was drawn at random; empty where nothing was.
    caption : str
        Headline and caption, where they are not drawn; else empty.
    """

    title: str
    alternative: str
    study: str
    seed: str
    caption: str = ""

    @property
    def description(self) -> str:
        """What it shows, with the caption where that is not drawn."""
        said = f"Caption: {self.caption}" if self.caption else ""
        return " ".join(words for words in (self.alternative, said) if words)

    @property
    def keywords(self) -> list[str]:
        """Study, seed and version, each with its name."""
        named = (("study", self.study), ("seed", self.seed))
        return [*(f"{name} {what}" for name, what in named if what), software()]


@cache
def software() -> str:
    """Return the name and version of the program, as files say it."""
    return f"ketbio {version('ketbio')}"


def about_figure(record: FigureRecord | None, *, study: str) -> About:
    """Return what the file of a figure says of itself.

    Examples
    --------
    >>> about_figure(None, study="DEMO-1").keywords[0]
    'study DEMO-1'
    """
    if record is None:
        return About(title="Figure", alternative="", study=_plain(study), seed="")
    subject = quantity_label(record.results[0]) if len(record.results) == 1 else record.headline
    alternative = f"{record.note}. {record.alternative}" if record.note else record.alternative
    seeds = dict.fromkeys(str(one.seed) for one in record.results if one.seed is not None)
    return About(
        title=_plain(f"{record.kind}: {subject}" if subject else record.kind),
        alternative=_plain(alternative),
        study=_plain(study),
        seed=", ".join(seeds),
        caption=_plain(record.full_caption) if record.style.are_words_apart else "",
    )


def _plain(words: str) -> str:
    """Return words without control characters, which XML cannot hold."""
    return words.replace("\n", " ").translate(_CONTROL)


def render_figure(
    figure: Figure,
    suffix: str,
    *,
    about: About,
    dpi: int,
    style: Style | None = None,
    embed_fonts: bool = True,
) -> bytes:
    """Return a figure as the content of a file of the type that ``suffix`` says.

    Parameters
    ----------
    figure : Figure
        The figure.
    suffix : str
        One of `RENDERERS`.
    about : About
        What the file says of itself.
    dpi : int
        Dots per inch of a PNG or TIFF, and of pictures within a PDF or SVG.
    style : Style, optional
        In whose fonts it is drawn.
    embed_fonts : bool
        Whether an SVG carries the letters that it uses; a PDF always does.
    """
    with drawing_settings(style):
        content = RENDERERS[suffix](figure, about, dpi)
        if suffix == ".svg":
            said = about.alternative
            content = accessible_svg(content, figure, alternative=said, embed_fonts=embed_fonts)
        return content


PNG_OPTIONS = {"pil_kwargs": {"compress_level": 3}}
"""Flat areas and sharp edges: level 3 takes two thirds of the time of 6, and no more bytes."""


def _png(figure: Figure, about: About, dpi: int) -> bytes:
    said = {
        "Title": about.title,
        "Description": about.description,
        "Source": f"study {about.study}" if about.study else "",
        "Comment": f"seed {about.seed}" if about.seed else "",
        "Software": software(),
    }
    return _saved(
        figure, "png", dpi, {name: words for name, words in said.items() if words}, **PNG_OPTIONS
    )


def _tiff(figure: Figure, about: About, dpi: int) -> bytes:
    with Image.open(BytesIO(_saved(figure, "png", dpi, {}))) as picture:
        content = BytesIO()
        said = ". ".join([about.title, about.description, "; ".join(about.keywords)])
        picture.convert("RGB").save(
            content,
            format="TIFF",
            compression="tiff_lzw",
            dpi=(dpi, dpi),
            # as bytes, for Pillow writes text as ASCII and a minus sign as a question mark
            tiffinfo={_IMAGE_DESCRIPTION: said.encode(), _SOFTWARE: software()},
        )
    return content.getvalue()


def _pdf(figure: Figure, about: About, dpi: int) -> bytes:
    said = {
        "Title": about.title,
        "Subject": about.description,
        "Keywords": "; ".join(about.keywords),
        "Creator": software(),
        "Producer": None,
        "CreationDate": None,
    }
    return _saved(figure, "pdf", dpi, said)


def _svg(figure: Figure, about: About, dpi: int) -> bytes:
    said = {
        "Title": about.title,
        "Description": about.description,
        "Identifier": about.study,
        "Keywords": about.keywords,
        "Creator": software(),
        "Date": None,
    }
    return _saved(figure, "svg", dpi, {name: it for name, it in said.items() if it != ""})


def _saved(
    figure: Figure, kind: str, dpi: int, said: Mapping[str, object], **options: Any
) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format=kind, dpi=dpi, metadata=dict(said), **options)
    return buffer.getvalue()


RENDERERS: dict[str, Callable[[Figure, About, int], bytes]] = {
    ".png": _png,
    ".svg": _svg,
    ".pdf": _pdf,
    ".tif": _tiff,
    ".tiff": _tiff,
}
"""Suffix → how its file is made."""
PIXEL_SUFFIXES = (".png", ".tif", ".tiff")
"""Those whose quality is a number of dots per inch."""
