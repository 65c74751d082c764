"""`ketbio check`: a study, one data file, or a drop folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ketbio import tables
from ketbio.cli.app import (
    DATA_HAVE_ERRORS,
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
from ketbio.cli.words import (
    mapping,
    numbers,
    plate_words,
    recodes,
    several_each,
    visit_names,
    windows,
)
from ketbio.errors import FileError, KetbioError, UnreadableTablesError
from ketbio.intake import (
    Recipient,
    handle_new_files,
    log_checks,
    log_unreadable,
    schema_recipient,
    study_recipient,
    watch_folder,
)
from ketbio.report.write import check_report
from ketbio.study import Study, check_analyses, check_markers, check_study, read_study
from ketbio.tables import (
    CHECK_FORMATS,
    Check,
    annotate_workbook,
    check_table,
    describe_schema,
    print_checks,
    render_checks,
    write_rows,
)
from ketbio.tables.files.size_limits import is_large
from ketbio.tables.outcome.told import ToldCheck
from ketbio.wording import count_of, join_words


@app.command(
    epilog="Examples:  ketbio check study.toml  |  "
    "ketbio check madrs.xlsx --schema madrs --columns participant_id=Id --annotate todo.xlsx  |  "
    "ketbio check plate.xlsx --schema elisa_plates --plate unit=pg/mL  |  "
    "ketbio check study.toml --watch incoming"
)
def check(
    source: Annotated[
        Path | None, typer.Argument(help="A study file (.toml) or one data file.")
    ] = None,
    *,
    schema: Annotated[str, typer.Option(help="Schema of the data file: madrs, blots …")] = "",
    columns: Columns = None,
    constant: Annotated[
        list[str] | None, typer.Option(help="OURS=VALUE for every row; may be given again.")
    ] = None,
    ignore: Ignore = None,
    missing: Missing = None,
    missing_in: Annotated[
        list[str] | None,
        typer.Option(help="OURS=WORD that means missing in that column, such as age_years=-1."),
    ] = None,
    limit: Annotated[
        list[str] | None, typer.Option(help="WORD=LIMIT of the assay, such as LOD=0.5.")
    ] = None,
    visits: Annotated[str, typer.Option(help="The visits in order, comma between.")] = "",
    baseline: Annotated[str, typer.Option(help="The visit that windows count from.")] = "",
    window: Annotated[
        list[str] | None, typer.Option(help="VISIT=FIRST:LAST day from baseline; again for more.")
    ] = None,
    values: Annotated[
        list[str] | None,
        typer.Option(help="OURS:WRITTEN=MEANT, such as visit:D14=day_14; may be given again."),
    ] = None,
    plate: Annotated[
        list[str] | None,
        typer.Option(
            help="KEY=VALUE of a plate reader's file, such as unit=pg/mL or layout=layout.xlsx; "
            "auto where the file says all; may be given again."
        ),
    ] = None,
    sheet: Sheet = "",
    header_row: HeaderRow = None,
    decimal: Decimal = "",
    delimiter: Delimiter = "",
    encoding: Encoding = "",
    date_order: Annotated[
        str, typer.Option(help="dmy or mdy, for days written as 31/01/2026.")
    ] = "",
    allow_identifiers: AllowIdentifiers = None,
    format: Format = "",  # noqa: A002
    out: Annotated[Path | None, typer.Option(help="Write the outcome here, not to screen.")] = None,
    accepted: Annotated[Path | None, typer.Option(help="Write the accepted rows here.")] = None,
    rejected: Annotated[Path | None, typer.Option(help="Write the rejected rows here.")] = None,
    annotate: Annotated[
        Path | None, typer.Option(help="Write a copy of the workbook with complaints as comments.")
    ] = None,
    large: Annotated[
        bool, typer.Option("--large", help="Read a CSV or Parquet file in batches.")
    ] = False,
    log: Annotated[
        Path | None, typer.Option(help="Add a line of JSON for every check to this file.")
    ] = None,
    watch: Annotated[
        Path | None, typer.Option(help="Check every file that is put into this folder, once.")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="With --watch: handle what is there, and stop.")
    ] = False,
    force: Force = False,
) -> int:
    """Check incoming data and say which cell is wrong; exit status 1 where any is."""
    how = {
        "columns": mapping(columns or [], "--columns"),
        "constants": mapping(constant or [], "--constant"),
        "ignore": ignore or [],
        "missing": missing or [],
        "missing_in": several_each(missing_in or [], "--missing-in"),
        "limits": numbers(limit or [], "--limit"),
        "visits": visit_names(visits),
        "baseline": baseline,
        "windows": windows(window or [], "--window"),
        "values": recodes(values or [], "--values"),
        **reading_options(sheet, header_row, decimal, delimiter, encoding),
        "date_order": date_order or None,
        "allow_identifiers": allow_identifiers or [],
        **({"plate": plate_words(plate, "--plate")} if plate else {}),
    }
    targets = {"--out": out, "--accepted": accepted, "--rejected": rejected, "--annotate": annotate}
    form = form_of(format, out, CHECK_FORMATS)
    if watch is not None:
        _refuse_given(targets, "--watch")
        return _watch(watch, _recipient(source, schema, how), once=once)
    if source is None:
        raise KetbioError("check needs a study file or a data file; see ketbio check --help.")
    refuse_targets([source], targets, force=force)
    if source.suffix.lower() == ".toml":
        _refuse_given({key: value for key, value in targets.items() if key != "--out"}, "a study")
        _refuse_options(schema, how)
        return _check_study(source, form, out, log, force=force)
    road = _check_whole
    if large or is_large(source):
        _refuse_given({"--annotate": annotate}, "a large file")
        road = _check_large
    wanted = _schema_asked(schema)
    return road(source, wanted, how=how, targets=targets, form=form, log=log, force=force)


def _check_whole(
    source: Path,
    schema: str,
    *,
    how: dict[str, Any],
    targets: dict[str, Path | None],
    form: str,
    log: Path | None,
    force: bool,
) -> int:
    """Check one file, read whole."""
    one = _logged(source, schema, how, log)
    _tell([one], form, targets["--out"], force=force)
    _write_rows_and_copy(one, source, targets, force=force)
    return DONE if one.ok else DATA_HAVE_ERRORS


def _write_rows_and_copy(
    one: Check, source: Path, targets: dict[str, Path | None], *, force: bool
) -> None:
    for option, rows in (("--accepted", one.accepted), ("--rejected", one.rejected)):
        if (path := targets[option]) is not None:
            write_rows(rows, path, overwrite=force)
            typer.echo(f"{count_of(len(rows), 'row')} written to {path}", err=True)
    if (copy := targets["--annotate"]) is not None:
        annotate_workbook(one, copy, source=source, overwrite=force)
        typer.echo(f"{count_of(len(one.complaints), 'complaint')} written to {copy}", err=True)


def _logged(source: Path, schema: str, how: dict[str, Any], log: Path | None) -> Check:
    """Check one file, and add what came of it to the log."""
    try:
        one = check_table(source, schema, **how)
    except FileError as error:
        if log is not None:
            log_unreadable(source.name, str(error), log)
        raise
    if log is not None:
        log_checks([one], log)
    return one


def _check_large(
    source: Path,
    schema: str,
    *,
    how: dict[str, Any],
    targets: dict[str, Path | None],
    form: str,
    log: Path | None,
    force: bool,
) -> int:
    """Check a file that is larger than memory allows, batch by batch."""
    if form == "html":
        raise KetbioError(
            "--format html shows cells in their place, and the rows of a large file are not kept; "
            "take text or json, and --rejected for the rows."
        )
    one = tables.check_large_table(
        source,
        schema,
        accepted=targets["--accepted"],
        rejected=targets["--rejected"],
        overwrite=force,
        **{key: value for key, value in how.items() if key != "sheet"},
    )
    if log is not None:
        log_checks([one], log)
    _tell([one], form, targets["--out"], force=force)
    return DONE if one.ok else DATA_HAVE_ERRORS


def _check_study(
    source: Path,
    form: str,
    out: Path | None,
    log: Path | None,
    *,
    force: bool,
) -> int:
    """Check every table of a study; what can be read is told though another table cannot be."""
    plan = read_study(source)
    place = log or plan.check_log
    try:
        checks = check_study(plan)
    except UnreadableTablesError as error:
        _log_study(plan, list(error.checks.values()), place, error)
        _tell(list(error.checks.values()), form, out, force=force)
        raise
    _log_study(plan, list(checks.values()), place)
    _tell(list(checks.values()), form, out, force=force)
    check_report(plan)
    check_markers(plan, checks)
    for sentence in check_analyses(plan, checks):
        typer.echo(sentence, err=True)
    return DONE if all(one.ok for one in checks.values()) else DATA_HAVE_ERRORS


def _log_study(
    plan: Study, checks: Sequence[Check], log: Path | None, error: KetbioError | None = None
) -> None:
    if log is None:
        return
    log_checks(checks, log)
    if error is not None:
        told = {one.table for one in checks}
        for table in plan.tables:
            if table.name not in told:
                log_unreadable(table.file.name, str(error), log)


def _tell(checks: Sequence[ToldCheck], form: str, out: Path | None, *, force: bool) -> None:
    if out is None and form == "text":
        print_checks(checks)
        return
    text = render_checks(checks, format=form)
    if out is None:
        typer.echo(text)
        return
    write_text_file(out, text, force=force)
    typer.echo("\n".join(one.summary() for one in checks), err=True)


def _watch(folder: Path, recipient: Recipient, *, once: bool) -> int:
    """Handle the files of a drop folder, one line each; status 1 where any has errors."""
    if once:
        handled = handle_new_files(folder, recipient)
        for one in handled:
            typer.echo(one.message)
        if not handled:
            typer.echo("Nothing new.")
        return DONE if all(one.ok for one in handled) else DATA_HAVE_ERRORS
    typer.echo(f"Watching {folder}; stop with Ctrl-C.", err=True)
    for one in watch_folder(folder, recipient):
        typer.echo(one.message)
    return DONE


def _recipient(source: Path | None, schema: str, how: dict[str, Any]) -> Recipient:
    if source is None:
        return schema_recipient(_schema_asked(schema), **how)
    if source.suffix.lower() != ".toml":
        raise KetbioError(
            "--watch takes a study file, or --schema NAME for every file of the folder; "
            f"{source.name} is neither."
        )
    _refuse_options(schema, how)
    return study_recipient(read_study(source))


def _refuse_given(targets: dict[str, Path | None], what: str) -> None:
    given = [option for option, path in targets.items() if path is not None]
    if given:
        raise KetbioError(
            f"{join_words(given)} cannot be used with {what}; "
            "they take one data file with --schema."
        )


def _refuse_options(schema: str, how: dict[str, Any]) -> None:
    """A study says itself how its files are read; an option beside it would be passed over."""
    given = ["--schema"] if schema else []
    given += [
        f"--{_SINGULAR.get(key, key)}" for key, value in how.items() if value or key == "plate"
    ]
    if given:
        options = join_words([option.replace("_", "-") for option in given])
        raise KetbioError(f"{options} cannot be used with a study file, which says it itself.")


_SINGULAR = {"constants": "constant", "limits": "limit", "windows": "window"}


def _schema_asked(name: str) -> str:
    if not name:
        names = ", ".join(describe_schema()["schema"])
        raise KetbioError(f"a data file needs --schema NAME; the schemas are: {names}.")
    return name
