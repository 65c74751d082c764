"""XLSX files → lines of cells, every cell as the spreadsheet shows it.

Read by openpyxl: formats that add leading zeros, formulas whose result was never stored, errors
and what is hidden are not to be had from calamine, which reads the other workbooks.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from ketbio.errors import FileError
from ketbio.tables.files.grid import Fault, Grid
from ketbio.tables.files.native import is_fraction, native_text, with_zeros
from ketbio.tables.files.sheets import (
    chosen_sheet,
    column_name,
    header_cells,
    hidden_note,
    merged_faults,
    other_sheets,
    sheet_note,
    with_merged_names,
)
from ketbio.tables.files.size_limits import MOST_COLUMNS
from ketbio.tables.files.zip_limits import refuse_zip_bomb


def parse_workbook(
    content: bytes, name: str, *, sheet: str | None = None, header_row: int | None = None
) -> Grid:
    """Return the lines of one sheet.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its base name, for messages.
    sheet : str or None
        The sheet; None for the first that is not hidden.
    header_row : int or None
        Spreadsheet row of the header; None for the first that is filled.

    Returns
    -------
    Grid
        Whole numbers are written as such (``7``, never ``7.0``), days as ISO dates. A formula
        without a stored result and merged cells are faults: their values would be missing in
        silence.

    Raises
    ------
    FileError
        The file is truncated, damaged or too large, or has no such sheet.
    """
    book = _opened(content, name, data_only=True)
    hidden = [page.title for page in book.worksheets if page.sheet_state != "visible"]
    names = [page.title for page in book.worksheets]
    title = chosen_sheet(names, hidden, sheet, name)
    page = book[title]
    rows = _filled_rows(page)
    lines: Sequence[tuple[int, list[str]]] = [
        (number, [_shown(cells.get(place)) for place in range(1, max(cells) + 1)])
        for number, cells in rows.items()
    ]
    fractions = {
        (number, place - 1)
        for number, cells in rows.items()
        for place, cell in cells.items()
        if is_fraction(cell.value)
    }
    areas = [(a.min_row, a.min_col, a.max_row, a.max_col) for a in page.merged_cells.ranges]
    lines = with_merged_names(lines, areas, header_row)
    head = header_cells(lines, header_row)
    faults = [*merged_faults(areas, head, lines), *_formulas(content, name, page, head[1])]
    notes = [sheet_note(title, names, hidden, sheet), *_hidden(page)]
    return Grid(
        lines=lines,
        sheet=title,
        faults=faults,
        notes=notes,
        fractions=fractions,
        is_sparse=True,
        other_sheets=other_sheets(title, names, sheet),
    )


def _filled_rows(page: Any) -> dict[int, dict[int, Any]]:
    """Return row → column → cell, for what is filled only.

    A lone blank in the last row that a spreadsheet has must not make a million rows of nothing:
    openpyxl's own rows would.
    """
    rows: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sorted(page._cells.items()):
        if cell.value is not None and cell.value != "":
            rows.setdefault(row, {})[column] = cell
    return rows


def _shown(cell: Any) -> str:
    """Return a cell as the spreadsheet shows it: leading zeros that its format adds are kept."""
    if cell is None:
        return ""
    text = native_text(cell.value)
    return with_zeros(text, cell.number_format) if isinstance(cell.value, int | float) else text


def _opened(content: bytes, name: str, *, data_only: bool) -> Any:
    try:
        refuse_zip_bomb(content, name)
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it leaves aside; values are not touched.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(content), data_only=data_only, keep_links=False)
    except FileError:
        raise
    except Exception:  # a damaged file makes openpyxl raise nearly anything
        raise FileError(
            f"{name} is truncated or damaged and cannot be opened as XLSX; "
            "open it in a spreadsheet program and save it again."
        ) from None


def _hidden(page: Any) -> Iterator[str]:
    rows = [number for number, row in page.row_dimensions.items() if row.hidden]
    columns = [
        get_column_letter(number)
        for column in page.column_dimensions.values()
        if column.hidden and column.min and column.max < MOST_COLUMNS  # not: all to the very last
        for number in range(column.min, column.max + 1)
    ]
    if rows or columns:
        yield hidden_note(rows, columns)


def _formulas(content: bytes, name: str, page: Any, head: Sequence[str]) -> list[Fault]:
    """Find formulas whose result was never stored: their cells look empty."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [part for part in parts.namelist() if part.startswith("xl/worksheets/")]
        if not any(b"<f" in parts.read(part) for part in sheets if part.endswith(".xml")):
            return []
    written = _opened(content, name, data_only=False)[page.title]
    return [
        Fault(
            row=row,
            rule="formula_without_result",
            column=column_name(head, column),
            value=str(cell.value),
            message=f"The cell in column {column_name(head, column) or column} holds "
            "a formula that has no stored result; open the file in a spreadsheet program and save "
            "it, or write the value.",
        )
        for (row, column), cell in sorted(written._cells.items())
        if cell.data_type == "f" and page.cell(row, column).value is None
    ]
