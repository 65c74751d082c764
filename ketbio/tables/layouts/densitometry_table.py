"""A densitometry table as it stands, its columns found by name, and a band as it was read there."""

import re
from dataclasses import dataclass

from ketbio.errors import FileError
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import listed_words, quoted
from ketbio.tables.records.arrange import trimmed

TITLES = {
    "image_lab": "Image Lab",
    "imagej": "ImageJ (regions)",
    "imagej_gel": "ImageJ (gel analyser)",
    "licor": "LI-COR",
}
"""Kind of table → the program as readers know it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBand:
    """One band as a program wrote it.

    Attributes
    ----------
    place : int
        Its row (0-based, of those read).
    lane : str
        The word for its lane.
    bands : tuple of str
        The words by which the band key may know it, the most telling first.
    image : str
        The image or file that it was measured in; may be empty.
    intensity, background, is_saturated : str
        The cells for our columns; ``background`` is empty where none is known.
    column : str
        The column that the intensity came from.
    """

    place: int
    lane: str
    bands: tuple[str, ...]
    image: str = ""
    intensity: str
    background: str
    is_saturated: str = ""
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The bands of a table, and what was decided in reading them.

    ``lane_columns`` hold the words by which the lane key knows a lane, whatever they are called.
    """

    bands: tuple[RawBand, ...]
    notes: tuple[str, ...]
    lane_columns: tuple[str, ...] = ()


class DensitometryTable:
    """A table whose columns are found by name whatever their case, blanks and dots."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.what = source.file or "The DataFrame"
        self.columns = {plain_name(name): place for place, name in enumerate(source.header)}

    def has(self, *names: str) -> bool:
        """Tell whether all of some columns are there."""
        return all(plain_name(name) in self.columns for name in names)

    def name(self, *names: str) -> str:
        """Return the first of some columns that is there, as written; empty where none is."""
        places = [self.columns[plain_name(one)] for one in names if plain_name(one) in self.columns]
        return self.source.header[places[0]] if places else ""

    def cells(self, name: str) -> list[str]:
        """Return the cells of a column; empty ones where it is not there."""
        if not self.has(name):
            return [""] * len(self.source.rows)
        place = self.columns[plain_name(name)]
        return [trimmed(row[place]) for row in self.source.rows]

    def need(self, kind: str, *names: str) -> str:
        """Return the first of some columns that is there, or refuse the table."""
        if found := self.name(*names):
            return found
        raise FileError(
            f"{self.what} has no column {' or '.join(map(quoted, names))}, which a table of "
            f"{TITLES[kind]} has; its columns are {listed_words(map(quoted, self.source.header))}. "
            "Export it again, or set kind to the program that made it."
        )


def plain_name(name: str) -> str:
    """Return a column's name in small letters, without blanks and dots."""
    return re.sub(r"[^a-z0-9%]", "", name.casefold())


def filled_words(*words: str) -> tuple[str, ...]:
    """Return the words that are not empty."""
    return tuple(word for word in words if word)
