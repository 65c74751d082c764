"""XLSX files → lines of cells, every cell as the spreadsheet shows it."""

import io
import warnings
import zipfile
from typing import Any

from openpyxl import load_workbook

from ketbio.errors import FileError, unknown_word
from ketbio.tables.files.grid import Fault, Grid
from ketbio.tables.files.native import is_fraction, native_text, with_zeros
from ketbio.wording import join_words


def parse_workbook(content: bytes, name: str, *, sheet: str | None, decimal: str) -> Grid:
    """Return the lines of one sheet.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its base name, for messages.
    sheet : str or None
        The sheet; None for the first.
    decimal : str
        Decimal mark to write native numbers with.

    Returns
    -------
    Grid
        Whole numbers are written as such (``7``, never ``7.0``), days as ISO dates. A formula
        without a stored result and merged cells are faults: their values would be missing in
        silence.

    Raises
    ------
    FileError
        The file is truncated or damaged, or has no such sheet.
    """
    book = _opened(content, name, data_only=True)
    names = [page.title for page in book.worksheets]
    if sheet is not None and sheet not in names:
        raise FileError(f"{name}: {unknown_word('sheet', sheet, names)}")
    if not names:
        raise FileError(f"{name} has no sheet with cells.")
    page = book[sheet or names[0]]
    grid = list(page.iter_rows())
    lines = [
        (number, [_shown(cell, decimal) for cell in cells])
        for number, cells in enumerate(grid, start=1)
    ]
    fractions = {
        (number, place)
        for number, cells in enumerate(grid, start=1)
        for place, cell in enumerate(cells)
        if is_fraction(cell.value)
    }
    notes = [f"Read from sheet {page.title!r}."]
    if sheet is None and len(names) > 1:
        others = join_words(map(repr, names[1:]))
        notes = [f"Read from the first sheet, {page.title!r}; not read: {others}."]
    header = next((cells for _, cells in lines if any(map(str.strip, cells))), [])
    faults = [*_merged(page, header), *_formulas(content, name, page, header)]
    return Grid(lines=lines, sheet=page.title, faults=faults, notes=notes, fractions=fractions)


def _shown(cell: Any, decimal: str) -> str:
    """Return a cell as the spreadsheet shows it: leading zeros that its format adds are kept."""
    text = native_text(cell.value, decimal=decimal)
    return with_zeros(text, cell.number_format) if isinstance(cell.value, int | float) else text


def _opened(content: bytes, name: str, *, data_only: bool) -> Any:
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it leaves aside; values are not touched.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), data_only=data_only)
    except Exception:  # a damaged file makes openpyxl raise nearly anything
        raise FileError(
            f"{name} is truncated or damaged and cannot be opened as XLSX; "
            "open it in a spreadsheet program and save it again."
        ) from None


def _merged(page: Any, header: list[str]) -> list[Fault]:
    return [
        Fault(
            row=area.min_row,
            rule="merged_cells",
            column=_column_name(header, area.min_col),
            message=f"Cells {area.coord} are merged, so that only the first holds the value; "
            "unmerge them and fill in each.",
        )
        for area in page.merged_cells.ranges
    ]


def _formulas(content: bytes, name: str, page: Any, header: list[str]) -> list[Fault]:
    """Find formulas whose result was never stored: their cells look empty."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [part for part in parts.namelist() if part.startswith("xl/worksheets/")]
        if not any(b"<f" in parts.read(part) for part in sheets if part.endswith(".xml")):
            return []
    written = _opened(content, name, data_only=False)[page.title]
    return [
        Fault(
            row=cell.row,
            rule="formula_without_result",
            column=_column_name(header, cell.column),
            value=str(cell.value),
            message=f"The cell in column {_column_name(header, cell.column) or cell.column} holds "
            "a formula that has no stored result; open the file in a spreadsheet program and save "
            "it, or write the value.",
        )
        for cells in written.iter_rows()
        for cell in cells
        if cell.data_type == "f" and page.cell(cell.row, cell.column).value is None
    ]


def _column_name(header: list[str], number: int) -> str:
    return header[number - 1].strip() if number <= len(header) else ""
