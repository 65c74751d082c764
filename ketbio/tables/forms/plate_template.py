"""The workbook for a plate: a grid of readings, a grid of what the wells hold, and the words."""

from os import PathLike
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from ketbio.errors import FileError, SchemaError
from ketbio.tables.outcome.writing import as_text_cell, write_file
from ketbio.tables.rules.plate_rules import well_row

PLATE_SIZES = {96: (8, 12), 384: (16, 24)}
"""Wells of a plate → its rows and columns."""
LAYOUT_WORDS = (
    ("STD 500 pg/mL", "A standard and its concentration in the well; STD500 with the unit said "
     "once, as unit = \"pg/mL\" in the study file."),
    ("BLANK", "A blank; BLK is the same."),
    ("QC low", "A control and its name; it begins with QC, CTRL, CTL or CONTROL."),
    ("QC low = 0.5 ng/mL", "A control with the concentration that is expected."),
    ("P01 baseline", "A sample: participant, then visit."),
    ("P01|day 14|1:10", "The same with bars, for words with blanks. 1:10 and x10 are both tenfold: "
     "one part in ten."),
    ("P01 baseline x10", "A sample diluted tenfold."),
    ("P01 baseline spike 5 pg/mL", "A sample to which 5 pg/mL were added, in the well."),
    ("P01 baseline [masked: air bubble]", "A well that is left out, and why; [masked] at the end "
     "of any cell."),
    ("(empty)", "An empty well; EMPTY and - are the same."),
)  # fmt: skip
"""The words of a layout → what each says."""
_BOLD = Font(bold=True)
_PAPER = PatternFill("solid", fgColor="FFF2F2F2")


def write_plate_layout(
    path: str | PathLike[str], *, plate: str = "PL1", wells: int = 96, overwrite: bool = False
) -> Path:
    """Write a workbook to fill in for a plate; `check_table` reads it with ``plate={}``.

    Parameters
    ----------
    path : path
        Ends in ``.xlsx``.
    plate : str
        Code of the plate, in the corner of the readings.
    wells : int
        96 or 384.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    FileError
        The ending is another, the file exists, or it cannot be written.
    SchemaError
        There is no plate of so many wells.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write_plate_layout(Path(folder) / "plate.xlsx").name
    'plate.xlsx'
    """
    target = Path(path)
    if target.suffix.lower() != ".xlsx":
        raise FileError(f"{target.name} cannot be a plate layout; its name ends in .xlsx.")
    if wells not in PLATE_SIZES:
        listed = " or ".join(map(str, PLATE_SIZES))
        raise SchemaError(f"wells is {wells!r}; a plate of {listed} wells is wanted.")
    book = Workbook()
    readings = book.active
    readings.title = "readings"
    layout, key = book.create_sheet("layout"), book.create_sheet("key")
    _fill_grid(readings, PLATE_SIZES[wells], plate, width=8)
    _fill_grid(layout, PLATE_SIZES[wells], "", width=16)
    _fill_key(key)
    return write_file(target, book.save, overwrite=overwrite)


def _fill_grid(page: Any, size: tuple[int, int], corner: str, *, width: int) -> None:
    rows, columns = size
    if corner:
        as_text_cell(page.cell(1, 1), corner)
    for number in range(1, columns + 1):
        page.cell(1, number + 1, number)
        page.column_dimensions[get_column_letter(number + 1)].width = width
    for number in range(rows):
        page.cell(number + 2, 1, well_row(number))
    for cell in (*page[1], *page["A"]):
        cell.font, cell.fill = _BOLD, _PAPER
        cell.alignment = Alignment(horizontal="center")
    page.freeze_panes = "B2"


def _fill_key(page: Any) -> None:
    """Explain the words; below them stands the table for words of one's own."""
    lines = [("cell of the layout", "what it says"), *LAYOUT_WORDS, ("", "")]
    lines.append(("Words of your own, such as the codes of your samples (S1, M1A):", ""))
    lines.append(("cell", "means"))
    for row, words in enumerate(lines, start=1):
        for column, text in enumerate(words, start=1):
            if text:
                cell = as_text_cell(page.cell(row, column), text)
                cell.font = _BOLD if row in (1, len(lines)) else Font()
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 36, 90
