"""Which cells of a check must not be shown: those that a complaint calls a direct identifier.

The source of a check comes masked; this is the second lock on the same door.
"""

from collections.abc import Collection
from dataclasses import dataclass

from ketbio.tables.outcome.check import Check
from ketbio.tables.privacy.identifiers import without_emails
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER, REMOVED, is_masked


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Cells and whole columns that are not shown.

    Attributes
    ----------
    header_row : int
        Spreadsheet row of the header.
    columns : collection of str
        Columns of which no cell is shown.
    cells : collection of (int, str)
        Row and column of single cells.
    """

    header_row: int
    columns: Collection[str]
    cells: Collection[tuple[int, str]]

    def shown(self, row: int, column: str, written: str) -> str:
        """Return a cell as it may be shown."""
        is_hidden = (row, column) in self.cells or (
            column in self.columns and row != self.header_row
        )
        if is_hidden and written.strip() and not is_masked(written):
            return REMOVED
        return without_emails(written) if "@" in written else written


def hidden_in(check: Check) -> Hidden:
    """Return what must not be shown of a check."""
    personal = [one for one in check.found if one.rule == DIRECT_IDENTIFIER and one.column]
    rows = check.records.rows
    return Hidden(
        header_row=check.header_row,
        columns={one.column for one in personal if one.row == check.header_row},
        cells={
            (row, one.column)
            for one in personal
            for row in (one.row, *(int(rows[position]) for position in one.positions))
            if row != check.header_row
        },
    )


def is_stopped(check: Check) -> bool:
    """Return whether direct identifiers were found in what came in."""
    return any(one.rule == DIRECT_IDENTIFIER for one in check.found)
