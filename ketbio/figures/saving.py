"""A figure to disk: for print, whole or not at all, the same bytes every time."""

import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from matplotlib.figure import Figure

from ketbio.errors import FigureError, FileError, unknown_word
from ketbio.figures.style import drawing_settings
from ketbio.whole_files import write_whole

PRINT_DPI = 300

# No date and no version: the same figure is the same file, and a new one is a new figure.
METADATA: dict[str, Mapping[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Date": None, "Creator": None},
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
"""What is kept out of each kind of file; its keys are the suffixes that can be written."""


def save_figure(figure: Figure, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a figure to a file: PNG at 300 dpi, SVG or PDF with live text.

    Parameters
    ----------
    figure : Figure
        As `draw` returns it.
    path : path-like
        Where to; the suffix (``.png``, ``.svg``, ``.pdf``) says as what.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    FigureError
        Not a figure, or a suffix that is not one of the three.
    FileError
        The file is there already, or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     written = save_figure(Figure(), Path(folder) / "figure.svg")
    ...     print(written.name, written.read_text()[:5])
    figure.svg <?xml
    """
    if not isinstance(figure, Figure):
        raise FigureError(
            f"save_figure() takes a matplotlib Figure, as draw() returns it; "
            f"a {type(figure).__name__} was given."
        )
    target = Path(path)
    suffix = target.suffix.casefold()
    if suffix not in METADATA:
        raise FigureError(unknown_word(f"The suffix of {target.name!r}", target.suffix, METADATA))
    if target.exists() and not overwrite:
        raise FileError(
            f"{target} is there already and was left as it is; "
            "give overwrite=True to replace it, or another name."
        )
    content = _rendered(figure, suffix)
    try:
        write_whole({target: lambda part: part.write_bytes(content)})
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileError(f"{target} cannot be written: {reason}.") from error
    return target


def _rendered(figure: Figure, suffix: str) -> bytes:
    buffer = BytesIO()
    with drawing_settings():
        figure.savefig(
            buffer,
            format=suffix.removeprefix("."),
            dpi=PRINT_DPI,
            metadata=dict(METADATA[suffix]),
        )
    return buffer.getvalue()
