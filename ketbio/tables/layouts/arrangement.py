"""What a layout makes of a file: its rows, and how its columns and words feed ours."""

from dataclasses import dataclass

from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.records.columns import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """A file with a layout of its own, ready to be read like any other.

    Attributes
    ----------
    source : Source
        One row per record, with the notes and faults of arranging it.
    wish : Wish
        The caller's mapping, and what the layout adds to it; the caller's own words win.
    schema : TableSchema, optional
        The schema where the layout has to suit it to the file (plates of another size).
    """

    source: Source
    wish: Wish
    schema: TableSchema | None = None
