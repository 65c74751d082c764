"""A table as CSV: what is printed, cell by cell, for a spreadsheet program."""

import csv
from collections.abc import Sequence
from io import StringIO

from ketbio.errors import ReportError
from ketbio.report.tables.table import Table, full_heading
from ketbio.safe_cells import safe_cell
from ketbio.wording import count_of

COMMENT = "# "
"""How the first cell of a line below the table begins: a footnote or a note."""


def to_csv(tables: Sequence[Table]) -> bytes:
    """Return the one table with one row of headings; footnotes stand below as lines with ``#``.

    Every line has as many cells as there are columns, so that any reader takes the file. What a
    spreadsheet program would run as a formula gets an apostrophe before it.

    Parameters
    ----------
    tables : sequence of Table
        One table: a CSV has one row of headings.

    Returns
    -------
    bytes
        UTF-8, lines ended by a line feed.

    Raises
    ------
    ReportError
        Not one table.
    """
    if len(tables) != 1:
        raise ReportError(
            f"A CSV file holds one table and here are {count_of(len(tables), 'table')}; write each "
            "to a file of its own, or all of them to one .docx or .html."
        )
    table = tables[0]
    lines = [[full_heading(column) + _marked(table, column.notes) for column in table.columns]]
    lines += [[cell.text + _marked(table, cell.notes) for cell in row.cells] for row in table.rows]
    empty = [""] * (len(table.columns) - 1)
    below = [*table.notes, *(f"[{mark}] {words}" for mark, words in table.footnotes)]
    lines += [[f"{COMMENT}{words}", *empty] for words in (table.title, *below)]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([safe_cell(cell) for cell in line] for line in lines)
    return text.getvalue().encode()


def _marked(table: Table, notes: Sequence[str]) -> str:
    marks = table.marks(notes)
    return f" [{marks}]" if marks else ""
