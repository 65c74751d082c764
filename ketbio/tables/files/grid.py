"""What the readers of the file kinds hand on: lines of text cells with their row numbers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong with a row or a cell that was seen while reading.

    Attributes
    ----------
    row : int
        Spreadsheet row.
    rule, message : str
        For the complaint.
    column : str
        Column name as written; empty where the whole row is meant.
    value : str
        The cell as written.
    severity : str
        ``"error"`` or ``"warning"``.
    stays : bool
        Whether it is told even where the column itself is left out of the table.
    together : str
        What is said once where many rows have this in common.
    records : tuple of int, optional
        The records that it concerns, by the number that they stand under in the source, where the
        spreadsheet row does not tell them (a row of a plate holds many wells).
    """

    row: int
    rule: str
    message: str
    column: str = ""
    value: str = ""
    severity: str = "error"
    stays: bool = False
    together: str = ""
    records: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The lines of a file.

    Attributes
    ----------
    lines : sequence of (int, list of str)
        Spreadsheet row and its cells, in order.
    sheet : str
        The sheet, empty where there is none.
    is_delimited : bool
        Whether a short line means a damaged one (in a spreadsheet it does not).
    faults : sequence of Fault
        What was seen while reading.
    notes : sequence of str
        What was decided while reading.
    fractions : collection of (int, int)
        Row and place (0-based) of the cells that held a number with decimals, and no text.
    is_sparse : bool
        Whether blank rows are not among the lines, so that they are counted by the row numbers.
    delimiter : str
        Of a delimited file.
    other_sheets : sequence of str
        The sheets that were not read, where none was asked for.
    """

    lines: Sequence[tuple[int, list[str]]]
    sheet: str = ""
    is_delimited: bool = False
    faults: Sequence[Fault] = ()
    notes: Sequence[str] = ()
    fractions: Collection[tuple[int, int]] = ()
    is_sparse: bool = False
    delimiter: str = ""
    other_sheets: Sequence[str] = ()
