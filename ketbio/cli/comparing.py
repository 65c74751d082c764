"""`ketbio diff` and `ketbio pseudonymise`: deliveries compared, ids made codes."""

from pathlib import Path
from typing import Annotated

import typer

from ketbio.cli.app import (
    DONE,
    AllowIdentifiers,
    Columns,
    Decimal,
    Delimiter,
    Encoding,
    Force,
    Format,
    HeaderRow,
    Ignore,
    Missing,
    Sheet,
    app,
    form_of,
    reading_options,
    refuse_targets,
    write_text_file,
)
from ketbio.cli.words import mapping
from ketbio.tables import (
    DIFFERENCE_FORMATS,
    compare_deliveries,
    pseudonymise_file,
    render_differences,
    write_rows,
)

_TABLES = (".csv", ".tsv", ".xlsx")


@app.command(epilog="Example:  ketbio diff march.xlsx april.xlsx --schema madrs --out changes.html")
def diff(
    old: Annotated[Path, typer.Argument(help="The earlier delivery.")],
    new: Annotated[Path, typer.Argument(help="The later delivery.")],
    *,
    schema: Annotated[str, typer.Option(help="Schema of both: madrs, blots …")],
    key: Annotated[
        list[str] | None,
        typer.Option(help="A column that identifies a row; again for more; else the schema's."),
    ] = None,
    columns: Columns = None,
    ignore: Ignore = None,
    missing: Missing = None,
    sheet: Sheet = "",
    header_row: HeaderRow = None,
    decimal: Decimal = "",
    delimiter: Delimiter = "",
    encoding: Encoding = "",
    format: Format = "",  # noqa: A002
    out: Annotated[
        Path | None,
        typer.Option(help="Write the list here: .html .json .txt, as a table .csv .tsv .xlsx."),
    ] = None,
    force: Force = False,
) -> int:
    """List changed, added and vanished cells between two deliveries, rows matched by their key."""
    form = form_of(format, out, DIFFERENCE_FORMATS)
    refuse_targets([old, new], {"--out": out}, force=force)
    found = compare_deliveries(
        old,
        new,
        schema,
        keys=key or None,
        columns=mapping(columns or [], "--columns"),
        ignore=ignore or [],
        missing=missing or [],
        **reading_options(sheet, header_row, decimal, delimiter, encoding),
    )
    if out is not None and out.suffix.lower() in _TABLES and not format:
        write_rows(found.frame, out, overwrite=force)
        typer.echo(found.summary(), err=True)
        return DONE
    text = render_differences(found, format=form)
    if out is None:
        typer.echo(text)
        return DONE
    write_text_file(out, text, force=force)
    typer.echo(found.summary(), err=True)
    return DONE


@app.command(
    epilog="Example:  ketbio pseudonymise madrs.xlsx --columns Id --key-file trial.key --new-key "
    "--out madrs-coded.xlsx"
)
def pseudonymise(
    source: Annotated[Path, typer.Argument(help="A data file.")],
    *,
    key_file: Annotated[Path, typer.Option(help="The key; only its owner may read it.")],
    out: Annotated[Path, typer.Option(help="Where to write: .csv, .tsv or .xlsx.")],
    columns: Annotated[
        list[str] | None,
        typer.Option(help="Column of ids, as in the file; again for more; participant_id else."),
    ] = None,
    new_key: Annotated[bool, typer.Option("--new-key", help="Make the key file.")] = False,
    context: Annotated[
        str, typer.Option(help="The study's id: codes of two studies then do not link.")
    ] = "",
    linkage: Annotated[
        Path | None, typer.Option(help="Write id and code here too, for whoever may know.")
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(help="A column to leave out of the copy; again for more.")
    ] = None,
    allow_identifiers: AllowIdentifiers = None,
    sheet: Sheet = "",
    header_row: HeaderRow = None,
    decimal: Decimal = "",
    delimiter: Delimiter = "",
    encoding: Encoding = "",
    force: Force = False,
) -> int:
    """Replace ids by codes: a keyed hash, the key in a file of its own that only you can read."""
    done = pseudonymise_file(
        source,
        columns=columns or ["participant_id"],
        key_file=key_file,
        output=out,
        new_key=new_key,
        context=context,
        linkage=linkage,
        drop=drop or [],
        allow_identifiers=allow_identifiers or [],
        overwrite=force,
        **reading_options(sheet, header_row, decimal, delimiter, encoding),
    )
    typer.echo(done.summary())
    for sentence in (*done.warnings, *done.notes):
        typer.echo(sentence, err=True)
    return DONE
