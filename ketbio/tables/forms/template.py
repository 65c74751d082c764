"""Empty files to fill in: a header with its meanings, drop-down lists and ranges."""

from os import PathLike
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ketbio.errors import FileError
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.tables.forms.dictionary import DICTIONARY_COLUMNS, describe_rules, describe_schema
from ketbio.tables.outcome.writing import write_file
from ketbio.tables.records.days import EARLIEST_YEAR

FILLABLE_ROWS = 2000
"""How many rows of a template carry the lists and ranges."""
_TITLE_LENGTH, _MESSAGE_LENGTH = 32, 255  # what a spreadsheet program allows
_BOLD = Font(bold=True)
_LISTS = "lists"
_EXAMPLE_MARKER = ColumnSpec(
    name="my_marker",
    meaning="A marker of your own: write its name and unit here, for instance il6_pg_ml",
    type="number",
    rule="One column per marker; add as many as there are.",
)
# As text, so that the spreadsheet program does not turn 007 into 7; days as they are read.
_FORMATS = {"text": "@", "date": "yyyy-mm-dd"}


def write_template(
    name: str | PathLike[str], path: str | PathLike[str], *, overwrite: bool = False
) -> Path:
    r"""Write an empty file that follows a schema, to be filled in.

    Parameters
    ----------
    name : str or path
        A schema's name or the path of a YAML file.
    path : path
        Ends in ``.xlsx`` (header with comments, drop-down lists, ranges, a sheet ``dictionary``)
        or ``.csv`` (header only).
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    SchemaError
        There is no such schema.
    FileError
        The ending is not known, the file exists, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_template("markers", Path(folder) / "m.csv").read_text(encoding="utf-8")
    'participant_id,visit,my_marker\n'
    """
    schema, target = load_schema(name), Path(path)
    if target.suffix.lower() == ".csv":
        header = ",".join(spec.name for spec in _columns(schema)) + "\n"
        return write_file(target, lambda place: _write_text(place, header), overwrite=overwrite)
    if target.suffix.lower() == ".xlsx":
        book = _book(schema, name)
        return write_file(target, book.save, overwrite=overwrite)
    raise FileError(f"{target.name} cannot be a template by its ending; allowed: .xlsx, .csv.")


def _columns(schema: TableSchema) -> list[ColumnSpec]:
    """Return the columns to fill in; where every marker is one of its own, an example too."""
    example = [_EXAMPLE_MARKER] if schema.extra_columns == "numbers" else []
    return [*schema.columns.values(), *example]


def _write_text(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8", newline="\n")


def _book(schema: TableSchema, name: str | PathLike[str]) -> Any:
    book = Workbook()
    page = book.active
    page.title = schema.name[:31]
    page.freeze_panes = "B2"
    dictionary, lists = book.create_sheet("dictionary"), book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    for number, spec in enumerate(_columns(schema), start=1):
        _add_column(page, lists, number, spec)
    _fill_dictionary(dictionary, name)
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
    for row, word in enumerate(_words(spec), start=1):
        lists.cell(row, number, word)
    validation = _validation(spec, letter)
    if validation is not None:
        # Without it the spreadsheet program lets everything pass.
        validation.showErrorMessage = True
        validation.errorTitle = spec.name[:_TITLE_LENGTH]
        validation.error = f"Allowed: {_allowed(spec)}."[:_MESSAGE_LENGTH]
        validation.add(f"{letter}2:{letter}{FILLABLE_ROWS + 1}")
        page.add_data_validation(validation)


def _allowed(spec: ColumnSpec) -> str:
    if spec.type == "date":
        return f"{spec.allowed_text}, from {EARLIEST_YEAR} to today"
    return " or ".join(_words(spec)) or spec.allowed_text


def _comment(spec: ColumnSpec) -> str:
    lines = [spec.meaning, f"Allowed: {spec.allowed_text}" + (f", {spec.unit}" * bool(spec.unit))]
    lines += [spec.rule, "Required." if spec.required else "May be left empty."]
    return "\n".join(line for line in lines if line)


def _words(spec: ColumnSpec) -> tuple[str, ...]:
    return ("true", "false") if spec.type == "flag" else spec.allowed


def _validation(spec: ColumnSpec, letter: str) -> DataValidation | None:
    words = _words(spec)
    if words:
        formula = f"{_LISTS}!${letter}$1:${letter}${len(words)}"
        return DataValidation(type="list", formula1=formula, allow_blank=not spec.required)
    if spec.type == "date":
        first = f"DATE({EARLIEST_YEAR},1,1)"
        return DataValidation(type="date", operator="between", formula1=first, formula2="TODAY()")
    # A column that takes "<0.5" is left free: a range would refuse the text.
    if spec.type not in ("number", "integer") or spec.limit_flag:
        return None
    kind = "whole" if spec.type == "integer" else "decimal"
    if spec.minimum is not None and spec.maximum is not None:
        limits = {"operator": "between", "formula1": f"{spec.minimum:g}"}
        return DataValidation(type=kind, formula2=f"{spec.maximum:g}", **limits)
    bounds = {
        "greaterThanOrEqual": spec.minimum,
        "lessThanOrEqual": spec.maximum,
        "greaterThan": spec.above,
    }
    for operator, bound in bounds.items():
        if bound is not None:
            return DataValidation(type=kind, operator=operator, formula1=f"{bound:g}")
    return None


def _fill_dictionary(page: Any, name: str | PathLike[str]) -> None:
    page.append(list(DICTIONARY_COLUMNS))
    for line in describe_schema(name).itertuples(index=False, name=None):
        page.append(list(line))
    page.append([])
    page.append(["rule", "severity", "words"])
    titles = (1, page.max_row)
    for line in describe_rules(name).itertuples(index=False, name=None):
        page.append(list(line))
    for row in titles:
        for cell in page[row]:
            cell.font = _BOLD
    for letter, width in zip("ABCDEFG", (26, 44, 10, 16, 40, 10, 70), strict=True):
        page.column_dimensions[letter].width = width
    for cells in page.iter_rows():
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
