"""The kinds of workbooks, and what reads one sheet of each."""

from collections.abc import Callable, Mapping

from ketbio.tables.files.grid import Grid
from ketbio.tables.files.spreadsheets import parse_ods, parse_xls
from ketbio.tables.files.workbook import parse_workbook

SHEETS: Mapping[str, Callable[..., Grid]] = {
    "XLSX": parse_workbook,
    "XLS": parse_xls,
    "ODS": parse_ods,
}
"""Kind of a file (`ketbio.tables.files.opening.KINDS`) → its reader."""
