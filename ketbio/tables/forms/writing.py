"""A schema → disk: collection sheet, data dictionary, Frictionless, REDCap."""

import json
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path

from ketbio.errors import FileError, SchemaError, unknown_word
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.forms.documents import render_schema
from ketbio.tables.forms.frictionless import table_schema
from ketbio.tables.forms.given import Given, fillable_columns, schema_given
from ketbio.tables.forms.redcap import redcap_fields
from ketbio.tables.forms.template import collection_sheet
from ketbio.tables.outcome.writing import write_file, write_rows

TEMPLATE_ENDINGS = {".xlsx": "xlsx", ".csv": "csv"}
"""Ending of a file to fill in → its format."""
FORM_ENDINGS = {
    **TEMPLATE_ENDINGS,
    ".json": "frictionless",
    ".html": "html",
    ".md": "markdown",
    ".txt": "text",
}
"""Ending of a path → the format taken where none is named."""


def write_schema(
    schema: Given,
    path: str | PathLike[str],
    *,
    format: str | None = None,  # noqa: A002
    visits: Sequence[str] | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a schema in a form that others can use.

    Parameters
    ----------
    schema : str, path or TableSchema
        A schema's name, the path of a YAML file or a schema as a study extends it
        (`ketbio.tables.extended_schema`).
    path : path
        Where to write it.
    format : str, optional
        ``"xlsx"`` (collection sheet: header with comments, drop-down lists, ranges, a sheet
        ``dictionary``), ``"csv"`` (header only), ``"frictionless"`` (Table Schema, JSON),
        ``"redcap"`` (data dictionary, CSV), ``"html"``, ``"markdown"`` or ``"text"`` (data
        dictionary); by the ending of the path where it is left out.
    visits : sequence of str, optional
        The study's visits, for a drop-down list.
    overwrite : bool
        Whether an existing file may be replaced.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    SchemaError
        There is no such schema or format.
    FileError
        The ending says no format or another one, the file exists, or it cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     made = write_schema("madrs", Path(folder) / "madrs.json")
    ...     json.loads(made.read_text(encoding="utf-8"))["fields"][0]["name"]
    'participant_id'
    """
    target = Path(path)
    form = format or FORM_ENDINGS.get(target.suffix.lower(), "")
    if form not in FORM_FORMATS:
        if format is not None:
            raise SchemaError(unknown_word("format", format, FORM_FORMATS))
        raise FileError(
            f"{target.name} says no format by its ending; allowed: {', '.join(FORM_ENDINGS)}. Name "
            "the format, or give another ending."
        )
    ending, write = _FORMS[form]
    if target.suffix.lower() != ending:
        raise FileError(f"{target.name} cannot be of the format {form!r} by its ending: {ending}.")
    made = schema_given(schema, visits=visits)
    return write_file(target, lambda place: write(made, place), overwrite=overwrite)


def write_template(
    name: Given,
    path: str | PathLike[str],
    *,
    visits: Sequence[str] | None = None,
    overwrite: bool = False,
) -> Path:
    r"""Write an empty file that follows a schema, to be filled in.

    Parameters
    ----------
    name : str, path or TableSchema
        A schema's name, the path of a YAML file or a schema.
    path : path
        Ends in ``.xlsx`` (header with comments, drop-down lists, ranges, a sheet ``dictionary``)
        or ``.csv`` (header only).
    visits : sequence of str, optional
        The study's visits, for a drop-down list.
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
    made, target = schema_given(name, visits=visits), Path(path)
    if target.suffix.lower() not in TEMPLATE_ENDINGS:
        raise FileError(f"{target.name} cannot be a template by its ending; allowed: .xlsx, .csv.")
    return write_schema(made, target, overwrite=overwrite)


def _sheet(schema: TableSchema, place: Path) -> None:
    collection_sheet(schema).save(place)


def _header(schema: TableSchema, place: Path) -> None:
    _write_text(place, ",".join(spec.name for spec in fillable_columns(schema)) + "\n")


def _frictionless(schema: TableSchema, place: Path) -> None:
    _write_text(place, json.dumps(table_schema(schema), ensure_ascii=False, indent=2) + "\n")


def _redcap(schema: TableSchema, place: Path) -> None:
    write_rows(redcap_fields(schema), place)


def _document(form: str) -> Callable[[TableSchema, Path], None]:
    def write(schema: TableSchema, place: Path) -> None:
        _write_text(place, render_schema(schema, format=form).rstrip("\n") + "\n")

    return write


def _write_text(place: Path, text: str) -> None:
    place.write_text(text, encoding="utf-8", newline="\n")


_FORMS: dict[str, tuple[str, Callable[[TableSchema, Path], None]]] = {
    "xlsx": (".xlsx", _sheet),
    "csv": (".csv", _header),
    "frictionless": (".json", _frictionless),
    "redcap": (".csv", _redcap),
    "html": (".html", _document("html")),
    "markdown": (".md", _document("markdown")),
    "text": (".txt", _document("text")),
}
FORM_FORMATS = tuple(_FORMS)
"""The forms that a schema can be written in."""
