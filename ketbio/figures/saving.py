"""A figure to disk: for print, its data beside it, whole or not at all, the same every time."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from ketbio.errors import FigureError, FileError, unknown_word
from ketbio.figures.record import ATTRIBUTE, FigureRecord, figure_record
from ketbio.figures.rendering import PIXEL_SUFFIXES, RENDERERS, about_figure, render_figure
from ketbio.figures.style import MM_PER_INCH, Style, font_remark, font_used
from ketbio.safe_cells import csv_text
from ketbio.whole_files import write_whole

PRINT_DPI = 300
"""Of a figure whose style says nothing else."""
DPI_ALLOWED = (72, 1200)
SIZE_SLACK_MM = 0.5
SUFFIXES = tuple(RENDERERS)
"""What a figure can be written as."""
_FILE_TYPES = {".tif": "tiff"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFigure(os.PathLike[str]):
    """A figure on disk; takes the place of its path wherever a path is taken.

    Attributes
    ----------
    path : Path
        The figure.
    data : tuple of Path
        Its data, as CSV; empty where they were not asked for.
    words : Path or None
        Its headline, caption and alternative text, where they are not drawn.
    width_mm, height_mm : float
        Size on paper.
    font : str
        The font that it is written in.
    remarks : tuple of str
        Sentences: where the file is not what the style's journal asks for.
    """

    path: Path
    data: tuple[Path, ...]
    width_mm: float
    height_mm: float
    font: str
    remarks: tuple[str, ...] = ()
    words: Path | None = None

    def __fspath__(self) -> str:
        """Return the path of the figure."""
        return str(self.path)

    def __str__(self) -> str:
        """Return the path of the figure."""
        return str(self.path)

    def __repr__(self) -> str:
        """Return the files, the size and the remarks, one line each."""
        size = f"{self.width_mm:.0f} × {self.height_mm:.0f} mm, {self.font}"
        beside = "".join(f"; data: {one.name}" for one in self.data)
        beside += f"; words: {self.words.name}" if self.words else ""
        return "\n".join([f"<SavedFigure {self.path}: {size}{beside}>", *self.remarks])


def save_figure(
    figure: Figure,
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    dpi: int | None = None,
    data: bool = True,
    words: bool = True,
    study: str = "",
    embed_fonts: bool = True,
) -> SavedFigure:
    """Write a figure to a file, and what it draws beside it: PNG, TIFF, SVG or PDF, and CSV.

    The file carries title, alternative text, study, seed and version of ketbio, and no date: the
    same figure is the same file.

    Parameters
    ----------
    figure : Figure
        As `draw` returns it.
    path : path-like
        Where to; the suffix says as what: ``.png``, ``.tif`` or ``.tiff`` (LZW, RGB), ``.svg`` or
        ``.pdf`` (live text, fonts embedded).
    overwrite : bool
        Whether files that are there may be replaced.
    dpi : int, optional
        Dots per inch of a PNG or TIFF, 72 to 1200; what the style's journal asks for when None
        (300 for a style of no journal).
    data : bool
        Whether the rows drawn are written beside the figure, as ``<stem>.csv``, or as
        ``<stem>-<name>.csv`` where there are several tables.
    words : bool
        Whether headline, caption and alternative text are written beside a figure that does not
        print them (in the style of a journal), as ``<stem>.txt``.
    study : str
        Id of the study, kept in the file.
    embed_fonts : bool
        Whether an SVG carries the letters that it uses; a PDF always does.

    Returns
    -------
    SavedFigure
        The files written, the size in mm, the font used, and remarks where a journal asks for
        something else (a lower figure, another file type). It can be used as the path.

    Raises
    ------
    FigureError
        Not a figure, a suffix that is not one of these, or ``dpi`` out of range.
    FileError
        A file is there already, or cannot be written; then none is.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     written = save_figure(Figure(), Path(folder) / "figure.svg")
    ...     print(written.path.name, written.path.read_text()[:5], f"{written.width_mm:.1f} mm")
    figure.svg <?xml 162.6 mm
    """
    if not isinstance(figure, Figure):
        raise FigureError(
            f"save_figure() takes a matplotlib Figure, as draw() returns it; "
            f"a {type(figure).__name__} was given."
        )
    target = Path(path)
    suffix = suffix_of(target)
    record = record_of(figure)
    style = record.style if record else None
    dots = dots_per_inch(dpi, style)
    tables = data_files(target, record) if data else {}
    text = words_file(target, record) if words else {}
    refuse_existing({target: None, **tables, **text}, overwrite=overwrite)
    about = about_figure(record, study=study)
    content = render_figure(
        figure, suffix, about=about, dpi=dots, style=style, embed_fonts=embed_fonts
    )
    write_contents({target: content, **tables, **text})
    saved = described(figure, target, data=tuple(tables), style=style, dpi=dots)
    return replace(saved, words=next(iter(text), None))


def suffix_of(target: Path) -> str:
    """Return the suffix of a file to write, or say which there are."""
    suffix = target.suffix.casefold()
    if suffix not in RENDERERS:
        raise FigureError(unknown_word(f"The suffix of {target.name!r}", target.suffix, SUFFIXES))
    return suffix


def record_of(figure: Figure) -> FigureRecord | None:
    """Return the record of a figure, None for one that ketbio did not draw."""
    return figure_record(figure) if hasattr(figure, ATTRIBUTE) else None


def dots_per_inch(dpi: int | None, style: Style | None) -> int:
    """Return the dots per inch to write with: those asked for, else the style's."""
    if dpi is None:
        return style.dpi if style else PRINT_DPI
    low, high = DPI_ALLOWED
    if isinstance(dpi, bool) or not isinstance(dpi, int) or not low <= dpi <= high:
        raise FigureError(f"dpi is {dpi!r}; a whole number from {low} to {high} is wanted.")
    return dpi


def data_files(target: Path, record: FigureRecord | None) -> dict[Path, bytes]:
    """Return the tables that a figure draws: where each goes beside it, and its content.

    Examples
    --------
    >>> data_files(Path("figure.png"), None)
    {}
    """
    tables = {} if record is None else {name: it for name, it in record.data.items() if len(it)}
    alone = len(tables) == 1
    return {
        target.with_name(f"{target.stem}{'' if alone else f'-{name}'}.csv"): (
            csv_text(table).encode("utf-8")
        )
        for name, table in tables.items()
    }


def words_file(target: Path, record: FigureRecord | None) -> dict[Path, bytes]:
    """Return what is said beside a figure that does not print it: where it goes, and its content.

    Examples
    --------
    >>> words_file(Path("figure.png"), None)
    {}
    """
    if record is None or not record.style.are_words_apart:
        return {}
    said = {
        "Headline": record.headline,
        "Caption": record.caption,
        "Note": record.note,
        "Alternative text": record.alternative,
    }
    text = "\n\n".join(f"{name}\n{words}" for name, words in said.items() if words)
    return {target.with_name(f"{target.stem}.txt"): f"{text}\n".encode()}


def refuse_existing(files: Mapping[Path, bytes | None], *, overwrite: bool) -> None:
    """Refuse to write over a file, unless it already holds what would be written.

    A figure saved as PNG and again as PDF has one table of data, so that the same table is left.
    """
    for path, content in files.items():
        if not overwrite and _would_be_lost(path, content):
            raise FileError(
                f"{path} is there already and was left as it is; "
                "give overwrite=True to replace it, or another name."
            )


def _would_be_lost(path: Path, content: bytes | None) -> bool:
    try:
        if not path.exists():
            return False
        return content is None or not path.is_file() or path.read_bytes() != content
    except OSError as error:
        raise FileError(f"{path} cannot be written: {error.strerror or error}.") from error


def write_contents(contents: Mapping[Path, bytes]) -> None:
    """Write files all together, whole or not at all."""
    first = next(iter(contents))
    try:
        write_whole({path: partial(_write, content) for path, content in contents.items()})
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"{first} cannot be written: {reason}.") from error


def _write(content: bytes, part: Path) -> None:
    part.write_bytes(content)


def described(
    figure: Figure, path: Path, *, data: Iterable[Path], style: Style | None, dpi: int
) -> SavedFigure:
    """Return what was written, with remarks where the style's journal asks for something else."""
    width, height = (MM_PER_INCH * float(inches) for inches in figure.get_size_inches())
    remarks: list[str] = []
    if style is not None:
        remarks = [*_size_remarks(width, height, style), *_type_remarks(path, style, dpi)]
        remarks += [font_remark(style)] if font_remark(style) else []
    return SavedFigure(
        path=path,
        data=tuple(data),
        width_mm=round(width, 2),
        height_mm=round(height, 2),
        font=font_used(style) if style else "",
        remarks=tuple(remarks),
    )


def _size_remarks(width: float, height: float, style: Style) -> list[str]:
    said = []
    if abs(width - style.width_mm) > SIZE_SLACK_MM:
        said.append(
            f"The figure is {width:.0f} mm wide; the style {style.name} is {style.width_mm:g} mm."
        )
    if height > style.max_height_mm + SIZE_SLACK_MM:
        whose = style.journal or f"the style {style.name}"
        said.append(
            f"The figure is {height:.0f} mm high; {whose} takes at most "
            f"{style.max_height_mm:g} mm: draw it wider, or show less in it."
        )
    return said


def _type_remarks(path: Path, style: Style, dpi: int) -> list[str]:
    suffix = path.suffix.casefold()
    kind = _FILE_TYPES.get(suffix, suffix.removeprefix("."))
    said = []
    if kind not in style.file_types:
        taken = " or ".join(one.upper() for one in style.file_types)
        said.append(f"{style.journal} asks for {taken}; this file is {kind.upper()}.")
    elif suffix in PIXEL_SUFFIXES and dpi < style.dpi and style.journal:
        said.append(f"{style.journal} asks for at least {style.dpi} dpi; this file has {dpi}.")
    return said
