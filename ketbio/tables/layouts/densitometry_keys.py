"""The lane key of a gel: which lane holds whose sample, read like any other table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike

from ketbio.errors import FileError, unknown_word
from ketbio.tables.files.source import read_source
from ketbio.tables.phrases import listed_words, quoted
from ketbio.tables.records.arrange import trimmed
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import join_words

LANE_WORDS = (
    PARTICIPANT_ID, VISIT, "condition", "replicate", "role", "load_amount", "sample_date",
)  # fmt: skip
"""Columns of the lane key that become columns of the blots."""
KEY_COLUMNS = ("lane", "name", "gel_id", *LANE_WORDS)
EMPTY_ROLES = ("ladder", "empty", "-")
"""Roles of lanes that hold no sample: their bands are left out, counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneKey:
    """The lanes of one gel or of several.

    Attributes
    ----------
    file : str
        Where they stand.
    lanes : mapping of (str, str) to mapping
        Gel (empty where the key names none) and lane as the densitometry names it → our columns.
    has_gels : bool
        Whether the key names gels.
    """

    file: str
    lanes: Mapping[tuple[str, str], Mapping[str, str]]
    has_gels: bool

    def of(self, gel: str, lane: str) -> Mapping[str, str] | None:
        """Return the lane's entry, None where the key has none."""
        return self.lanes.get((gel if self.has_gels else "", lane_word(lane)))


def lane_word(lane: str) -> str:
    """Return how a lane is looked up: ``Lane 03``, ``3`` and ``3.0`` are one.

    Examples
    --------
    >>> lane_word("Lane 03"), lane_word("3.0"), lane_word("A1")
    ('3', '3', 'a1')
    """
    word = re.sub(r"^lane\s*", "", lane.strip().casefold())
    found = re.fullmatch(r"0*(\d+)(?:[.,]0+)?", word)
    return found[1] if found else word


def read_lane_key(path: str | PathLike[str]) -> LaneKey:
    """Return a lane key.

    Parameters
    ----------
    path : str or path
        A table with the column ``lane`` and those of `LANE_WORDS`; ``name`` where the densitometry
        calls the lane otherwise, ``gel_id`` where it holds several gels.

    Raises
    ------
    FileError
        The file cannot be read, a column is not known or lacking, or a lane stands there twice.
    """
    source = read_source(path)
    what = f"the lane key {source.file}"
    for name in source.header:
        if name not in KEY_COLUMNS:
            raise FileError(f"{what}: {unknown_word('a column', name, KEY_COLUMNS)}")
    if "lane" not in source.header:
        raise FileError(
            f"{what} has no column 'lane'; its columns are "
            f"{listed_words(map(quoted, source.header))}. Name the lane of each row there."
        )
    if source.faults:
        first = source.faults[0]
        raise FileError(f"{what}, row {first.row}: {first.message}")
    lanes: dict[tuple[str, str], Mapping[str, str]] = {}
    rows: dict[tuple[str, str], int] = {}
    for number, cells in zip(source.row_numbers, source.rows, strict=True):
        entry = dict(zip(source.header, map(trimmed, cells), strict=True))
        word = entry.get("name") or entry["lane"]
        key = (entry.get("gel_id", ""), lane_word(word))
        if not word:
            raise FileError(f"{what}, row {number}: lane is empty; name it, or delete the row.")
        if key in lanes:
            where = join_words(filter(None, [f"gel {key[0]}" if key[0] else "", f"lane {word}"]))
            raise FileError(
                f"{what} has {where} twice (rows {rows[key]} and {number}); one row per lane is "
                "allowed."
            )
        lanes[key], rows[key] = entry, number
    return LaneKey(file=source.file, lanes=lanes, has_gels="gel_id" in source.header)
