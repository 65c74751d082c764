"""What changed between two deliveries of a table, as records and as one table."""

from dataclasses import dataclass

import pandas as pd

from ketbio.tables.outcome.notebook import differences_view
from ketbio.wording import count_of

CHANGED, FILLED, EMPTIED, REWRITTEN = "changed", "filled", "emptied", "written differently"
ROW_ADDED, ROW_VANISHED, COLUMN_ADDED, COLUMN_VANISHED = (
    "row added",
    "row vanished",
    "column added",
    "column vanished",
)
OLD_NOT_COMPARED, NEW_NOT_COMPARED = "old row not compared", "new row not compared"
KINDS = (
    CHANGED, FILLED, EMPTIED, ROW_ADDED, ROW_VANISHED, COLUMN_ADDED, COLUMN_VANISHED,
    OLD_NOT_COMPARED, NEW_NOT_COMPARED, REWRITTEN,
)  # fmt: skip
"""Kinds of differences, in the order in which they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    key : tuple of str
        The row's key; empty texts for a column.
    column : str
        The column, under our name where the schema knows it; empty for a whole row.
    old, new : str
        The cell as written, trimmed.
    old_row, new_row : int
        Spreadsheet rows; 0 where there is none.
    """

    kind: str
    key: tuple[str, ...]
    column: str = ""
    old: str = ""
    new: str = ""
    old_row: int = 0
    new_row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Differences:
    """What changed between two deliveries of a table.

    Attributes
    ----------
    table : str
        The schema's name.
    old_file, new_file : str
        Base names; empty for a DataFrame.
    keys : tuple of str
        The columns that identify a row.
    found : tuple of Difference
        All differences, kind by kind.
    n_old, n_new : int
        Records of each delivery.
    n_same : int
        Records that are in both and alike, but for how a value is written.
    notes : tuple of str
        What a reader has to know: keys that stand twice, cells that are not shown.
    """

    table: str
    old_file: str
    new_file: str
    keys: tuple[str, ...]
    found: tuple[Difference, ...]
    n_old: int
    n_new: int
    n_same: int
    notes: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether nothing differs but how values are written."""
        return all(one.kind == REWRITTEN for one in self.found)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per difference: kind, the key columns, column, old, new, old_row, new_row."""
        rows = [
            (one.kind, *one.key, one.column, one.old, one.new, one.old_row, one.new_row)
            for one in self.found
        ]
        names = ["kind", *self.keys, "column", "old", "new", "old_row", "new_row"]
        frame = pd.DataFrame(rows, columns=names)
        kinds = {name: "int64" if name in ("old_row", "new_row") else "str" for name in names}
        return frame.astype(kinds)

    def counts(self) -> dict[str, int]:
        """Return how many differences there are of each kind."""
        out = dict.fromkeys(KINDS, 0)
        for one in self.found:
            out[one.kind] += 1
        return out

    def summary(self) -> str:
        """Return the differences in one sentence."""
        counts = self.counts()
        not_compared = counts[OLD_NOT_COMPARED] + counts[NEW_NOT_COMPARED]
        said = [
            f"{counts[CHANGED]:,} changed",
            f"{counts[FILLED]:,} filled",
            f"{counts[EMPTIED]:,} emptied",
        ]
        rows = f"rows: {counts[ROW_ADDED]:,} added, {counts[ROW_VANISHED]:,} vanished"
        columns = f"columns: {counts[COLUMN_ADDED]:,} added, {counts[COLUMN_VANISHED]:,} vanished"
        return (
            f"{self.table}: {count_of(self.n_old, 'record')} before, {self.n_new:,} now, "
            f"{self.n_same:,} alike; cells: {', '.join(said)}; {rows}; {columns}; "
            f"{count_of(not_compared, 'row')} not compared; "
            f"{count_of(counts[REWRITTEN], 'cell')} written differently."
        )

    def __repr__(self) -> str:
        return f"<Differences {self.summary()}>"

    def _repr_html_(self) -> str:
        return differences_view(self.summary(), self.frame, self.notes)
