"""The collection sheet: a workbook whose header says what is wanted and whose cells enforce it."""

from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.forms.cell_patterns import pattern_formula
from ketbio.tables.forms.dictionary import DICTIONARY_COLUMNS, describe_rules, describe_schema
from ketbio.tables.forms.given import allowed_words, fillable_columns
from ketbio.tables.records.days import EARLIEST_YEAR

FILLABLE_ROWS = 2000
"""How many rows of a sheet carry the lists and ranges."""
_TITLE_LENGTH, _MESSAGE_LENGTH = 32, 255  # what a spreadsheet program allows
_BOLD = Font(bold=True)
_LISTS = "lists"
# As text, so that the spreadsheet program does not turn 007 into 7; days as they are read.
_FORMATS = {"text": "@", "date": "yyyy-mm-dd"}


def collection_sheet(schema: TableSchema) -> Any:
    """Return an openpyxl workbook to fill in: header with comments, lists, ranges, dictionary.

    Parameters
    ----------
    schema : TableSchema
        What is to be filled in.
    """
    book = Workbook()
    page = book.active
    page.title = schema.name[:31]
    page.freeze_panes = "B2"
    dictionary, lists = book.create_sheet("dictionary"), book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    for number, spec in enumerate(fillable_columns(schema), start=1):
        _add_column(page, lists, number, spec)
    _fill_dictionary(dictionary, schema)
    return book


def _add_column(page: Any, lists: Any, number: int, spec: ColumnSpec) -> None:
    letter = get_column_letter(number)
    cell = page.cell(1, number, spec.name)
    cell.font = _BOLD
    cell.comment = Comment(_comment(spec), "ketbio", width=320, height=160)
    page.column_dimensions[letter].width = max(12, len(spec.name) + 3)
    if spec.type in _FORMATS:
        page.column_dimensions[letter].number_format = _FORMATS[spec.type]
        for row in range(2, FILLABLE_ROWS + 2):
            page.cell(row, number).number_format = _FORMATS[spec.type]
    for row, word in enumerate(allowed_words(spec), start=1):
        _never_run(lists.cell(row, number, word))
    validation = _validation(spec, letter)
    if validation is not None:
        # Without it the spreadsheet program lets everything pass.
        validation.showErrorMessage = True
        validation.errorTitle = spec.name[:_TITLE_LENGTH]
        validation.error = f"Allowed: {_allowed(spec)}."[:_MESSAGE_LENGTH]
        validation.add(f"{letter}2:{letter}{FILLABLE_ROWS + 1}")
        page.add_data_validation(validation)


def _never_run(cell: Any) -> None:
    """Keep words of a schema from being run as a formula."""
    if cell.data_type == "f":
        cell.data_type = "s"


def _allowed(spec: ColumnSpec) -> str:
    if spec.type == "date":
        return f"{spec.allowed_text}, from {EARLIEST_YEAR} to today"
    return " or ".join(allowed_words(spec)) or spec.allowed_text


def _comment(spec: ColumnSpec) -> str:
    lines = [spec.meaning, f"Allowed: {spec.allowed_text}" + (f", {spec.unit}" * bool(spec.unit))]
    lines += [spec.rule, "Required." if spec.required else "May be left empty."]
    return "\n".join(line for line in lines if line)


def _validation(spec: ColumnSpec, letter: str) -> DataValidation | None:
    words = allowed_words(spec)
    if words:
        formula = f"{_LISTS}!${letter}$1:${letter}${len(words)}"
        return DataValidation(type="list", formula1=formula, allow_blank=not spec.required)
    if spec.type == "date":
        first = f"DATE({EARLIEST_YEAR},1,1)"
        return DataValidation(type="date", operator="between", formula1=first, formula2="TODAY()")
    if form := pattern_formula(spec.pattern, f"{letter}2"):
        return DataValidation(type="custom", formula1=form, allow_blank=not spec.required)
    # A column that takes "<0.5" is left free: a range would refuse the text.
    if spec.type not in ("number", "integer") or spec.takes_limits:
        return None
    return _range_validation(spec, f"{letter}2")


def _range_validation(spec: ColumnSpec, cell: str) -> DataValidation:
    kind = "whole" if spec.type == "integer" else "decimal"
    low, high = spec.minimum, spec.maximum
    if low is not None and high is not None:
        limits = {"formula1": _plain(low), "formula2": _plain(high)}
        return DataValidation(type=kind, operator="between", **limits)
    if spec.above is not None and high is not None:
        inside = f"AND(ISNUMBER({cell}),{cell}>{_plain(spec.above)},{cell}<={_plain(high)})"
        return DataValidation(type="custom", formula1=inside)
    bounds = {"greaterThanOrEqual": low, "lessThanOrEqual": high, "greaterThan": spec.above}
    for operator, bound in bounds.items():
        if bound is not None:
            return DataValidation(type=kind, operator=operator, formula1=_plain(bound))
    # Without a range: a number all the same, and no text.
    return DataValidation(type=kind, operator="between", formula1="-1E+15", formula2="1E+15")


def _plain(number: float) -> str:
    return f"{number:.15g}"


def _fill_dictionary(page: Any, schema: TableSchema) -> None:
    page.append(list(DICTIONARY_COLUMNS))
    for line in describe_schema(schema).itertuples(index=False, name=None):
        page.append(list(line))
    page.append([])
    page.append(["rule", "severity", "words"])
    titles = (1, page.max_row)
    for line in describe_rules(schema).itertuples(index=False, name=None):
        page.append(list(line))
    for row in titles:
        for cell in page[row]:
            cell.font = _BOLD
    for letter, width in zip("ABCDEFGH", (26, 44, 10, 16, 40, 10, 70, 24), strict=True):
        page.column_dimensions[letter].width = width
    for cells in page.iter_rows():
        for cell in cells:
            _never_run(cell)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
