"""Where a complaint stands: the record's row, the spreadsheet's own name of the cell."""

from collections.abc import Mapping

from openpyxl.utils import get_column_letter

from ketbio.tables.complaints import Complaint
from ketbio.tables.files.source import Source
from ketbio.tables.outcome.check import Check

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""How far a spreadsheet reaches."""


def column_letter(number: int) -> str:
    """Return the spreadsheet's name of a column, counted from 1; empty past the last there is.

    Examples
    --------
    >>> column_letter(1), column_letter(27), column_letter(16384), column_letter(16385)
    ('A', 'AA', 'XFD', '')
    """
    return get_column_letter(number) if 0 < number <= LAST_COLUMN else ""


def column_numbers(source: Source | None) -> dict[str, int]:
    """Return the spreadsheet column of each column of a source that stands in one."""
    if source is None or len(source.column_numbers) != len(source.header):
        return {}
    pairs = zip(source.header, source.column_numbers, strict=True)
    return {name: number for name, number in pairs if number > 0}


def cell_name(numbers: Mapping[str, int], row: int, column: str) -> str:
    """Return the spreadsheet's name of a cell; empty where it has none.

    Parameters
    ----------
    numbers : mapping of str to int
        From `column_numbers`.
    row : int
        Spreadsheet row.
    column : str
        Column name as it stands in the file.

    Examples
    --------
    >>> cell_name({"visit": 3}, 5, "visit"), cell_name({"visit": 3}, 5, "")
    ('C5', '')
    """
    letter = column_letter(numbers.get(column, 0))
    return f"{letter}{row}" if letter else ""


def record_column(check: Check, one: Complaint) -> int:
    """Return the spreadsheet column of a record that is a cell (a well of a plate); 0 for rows."""
    if check.source is None or len(one.positions) != 1:
        return 0
    return check.source.record_columns.get(int(check.records.rows[one.positions[0]]), 0)


def record_row(check: Check, one: Complaint) -> int:
    """Return the row of ``check.source`` that a complaint belongs to.

    A record gathered from several spreadsheet rows stands in the source as one row, while the
    complaint names the row of the very cell.
    """
    if one.row == check.header_row or not one.positions:
        return one.row
    rows = {int(check.records.rows[position]) for position in one.positions}
    return one.row if one.row in rows else min(rows)
