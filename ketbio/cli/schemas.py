"""`ketbio schema`: data dictionaries, collection sheets, and a schema in other forms."""

from pathlib import Path
from typing import Annotated

import typer

from ketbio.cli.app import DONE, Force, app
from ketbio.cli.words import visit_names
from ketbio.errors import KetbioError, SchemaError
from ketbio.study import Study, read_study
from ketbio.tables import (
    SCHEMA_FORMATS,
    TableSchema,
    describe_schema,
    extended_schema,
    load_schema,
    render_schema,
    write_schema,
)
from ketbio.tables.forms.plate_template import write_plate_layout

PLATES = "elisa_plates"
"""The schema that plate layouts are for."""


@app.command(
    epilog="Examples:  ketbio schema  |  ketbio schema madrs --format html  |  "
    "ketbio schema madrs --template madrs.xlsx --study study.toml  |  "
    "ketbio schema madrs --out madrs.json --format frictionless"
)
def schema(
    name: Annotated[str, typer.Argument(help="A schema; all are listed when left out.")] = "",
    *,
    format: Annotated[  # noqa: A002
        str,
        typer.Option(help="text, markdown, html; with --out also frictionless, redcap, xlsx, csv."),
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Write it here: .txt .md .html .json .csv .xlsx.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option(help="Write a collection sheet (.xlsx or .csv).")
    ] = None,
    study: Annotated[
        Path | None, typer.Option(help="The study whose table NAME is meant, as it extends it.")
    ] = None,
    visits: Annotated[str, typer.Option(help="The visits, comma between, for a list.")] = "",
    plate_layout: Annotated[
        Path | None,
        typer.Option(help="Write a workbook for a plate (.xlsx): readings, layout, key."),
    ] = None,
    force: Force = False,
) -> int:
    """Print the data dictionary of a table, or write it, or a collection sheet for it."""
    if not name and (template or out):
        option = "--template" if template else "--out"
        names = list(describe_schema()["schema"])
        raise KetbioError(f"{option} needs the name of a schema: {', '.join(names)}.")
    if plate_layout is not None:
        _refuse_other_layout(name)
        typer.echo(write_plate_layout(plate_layout, overwrite=force))
        if not (template or out):
            return DONE
    plan = None if study is None else read_study(study)
    listed = visit_names(visits) or (list(plan.visits) if plan is not None else None)
    wanted = _schema_of(name, plan)
    if template is not None:
        form = "xlsx" if template.suffix.lower() == ".xlsx" else "csv"
        typer.echo(write_schema(wanted, template, format=form, visits=listed, overwrite=force))
    if out is not None:
        typer.echo(write_schema(wanted, out, format=format or None, visits=listed, overwrite=force))
    if template is None and out is None:
        if format and format not in SCHEMA_FORMATS:
            raise KetbioError(
                f"--format {format} is written to a file: give --out; to the screen go "
                f"{', '.join(SCHEMA_FORMATS)}."
            )
        typer.echo(render_schema(wanted if name else None, format=format or "text", visits=listed))
    return DONE


def _refuse_other_layout(name: str) -> None:
    if name != PLATES:
        raise KetbioError(f"--plate-layout is for the schema {PLATES!r}; write it before.")


def _schema_of(name: str, plan: Study | None) -> str | TableSchema:
    """Return the schema of a name; that of a study's table with what the study adds to it."""
    if plan is None or not name:
        return name
    for table in plan.tables:
        if table.name == name:
            return extended_schema(load_schema(table.schema), table.options.get("extend"))
    names = ", ".join(table.name for table in plan.tables)
    raise SchemaError(f"the study has no table {name!r}; its tables are: {names}.")
