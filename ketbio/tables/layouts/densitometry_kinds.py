"""Which densitometry program a table is of, and its bands as the program wrote them.

Image Lab writes volumes with their background taken off as "Adj. Volume (Int)" beside "Volume
(Int)"; LI-COR's "Signal" is Total − Bkgnd. × Area; ImageJ's "IntDen" is Area × Mean and knows no
background, which is measured as a region of its own; the areas of its gel analyser lie above a
baseline that was drawn by hand.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from ketbio.errors import FileError
from ketbio.tables.files.source import Source
from ketbio.tables.layouts.densitometry_imagej import imagej_bands, imagej_peaks
from ketbio.tables.layouts.densitometry_options import KINDS, DensitometryOptions
from ketbio.tables.layouts.densitometry_programs import (
    image_lab_bands,
    licor_bands,
    volume_column,
)
from ketbio.tables.layouts.densitometry_table import TITLES, DensitometryTable, Readings
from ketbio.tables.phrases import listed_words, quoted

_Reader = Callable[[DensitometryTable, DensitometryOptions, Sequence[str]], Readings]
_READERS: Mapping[str, _Reader] = {
    "image_lab": image_lab_bands,
    "imagej": imagej_bands,
    "imagej_gel": imagej_peaks,
    "licor": licor_bands,
}


def readings_of(source: Source, options: DensitometryOptions, lanes: Sequence[str]) -> Readings:
    """Return the bands of a densitometry table.

    Parameters
    ----------
    source : Source
        The table.
    options : DensitometryOptions
        Its kind, or nothing to find it by the columns.
    lanes : sequence of str
        The lanes of the lane key in order; a table of the gel analyser knows no other.

    Raises
    ------
    FileError
        The columns are of no kind that is known, or lack what the kind has.
    """
    table = DensitometryTable(source)
    kind = options.kind or _found_kind(table)
    said = "as asked for" if options.kind else "found by its columns; set kind if it is another"
    made = _READERS[kind](table, options, lanes)
    return replace(made, notes=(f"Densitometry of {TITLES[kind]} ({said}).", *made.notes))


def _found_kind(table: DensitometryTable) -> str:
    is_volumes = bool(volume_column(table, "Volume") or volume_column(table, "Adj"))
    signs: Mapping[str, bool] = {
        "licor": table.has("Channel", "Signal") or table.has("Signal", "Bkgnd."),
        "image_lab": bool(table.name("Lane", "Lane No.")) and is_volumes,
        "imagej": bool(table.name("IntDen", "RawIntDen")),
        "imagej_gel": table.has("Area") and not table.name("Label", "Mean", "Signal", "IntDen"),
    }
    found = [kind for kind, is_it in signs.items() if is_it]
    if len(found) == 1:
        return found[0]
    raise FileError(
        f"{table.what} does not look like a table of {listed_words(TITLES.values())}; its columns "
        f"are {listed_words(map(quoted, table.source.header))}. Export it again, or set kind to "
        f"one of {listed_words(map(quoted, KINDS))}."
    )


def unread_columns(source: Source, readings: Readings) -> Iterator[str]:
    """Yield the columns of the table that nothing of ours is read from."""
    used = {one.column for one in readings.bands}
    words = ("lane", "band", "label", "name", "channel", "image", "saturat", "area", "mean", "file")
    for name in source.header:
        if name and name not in used and not any(word in name.casefold() for word in words):
            yield name
