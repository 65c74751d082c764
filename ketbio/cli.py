"""The command line: words typed → calls of the public functions; nothing is computed here.

Exit status: 0 done; 1 the data have complaints of severity error; 2 the call or a file is unusable.
"""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from ketbio.demo.simulate import write_demo_study
from ketbio.errors import (
    FileError,
    KetbioError,
    UnreadableTablesError,
    ValidationError,
    unknown_word,
)
from ketbio.report import write_report
from ketbio.report.convert import FORMATS
from ketbio.study import (
    Study,
    analyse_study,
    check_analyses,
    check_markers,
    check_study,
    read_study,
)
from ketbio.tables import (
    CHECK_FORMATS,
    check_table,
    describe_schema,
    render_checks,
    schema_text,
    write_rows,
    write_template,
)
from ketbio.wording import count_of

DONE, DATA_HAVE_ERRORS, UNUSABLE = 0, 1, 2

USAGE_ERROR: Any = typer.BadParameter.__mro__[2]
"""The parent of every mistake in the call itself; typer names only its children."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Clinical biomarker statistics for small antidepressant trials: "
    "from the incoming file to the paper.",
    epilog="Examples:  ketbio demo --out first-look  |  ketbio check study.toml  |  "
    "ketbio check madrs.xlsx --schema madrs --columns participant_id=Id  |  "
    "ketbio report study.toml --out report.docx  |  ketbio schema madrs",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Force = Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")]


def _version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"ketbio {version('ketbio')}")
        raise typer.Exit


@app.callback()
def _top(
    *,
    _asked: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            callback=lambda value: _version(asked=value),
            is_eager=True,
        ),
    ] = False,
) -> None:
    """Clinical biomarker statistics for small antidepressant trials."""


@app.command(epilog="Example:  ketbio demo --out first-look --format docx")
def demo(
    *,
    out: Annotated[Path, typer.Option(help="Folder for the study and its report.")] = Path(
        "ketbio-demo"
    ),
    format: Annotated[  # noqa: A002
        list[str] | None, typer.Option(help="html, docx or pdf; may be given again.")
    ] = None,
    force: Force = False,
) -> int:
    """Write the simulated demo study and its report to a folder."""
    formats = format or ["html"]
    for word in formats:
        if word not in FORMATS:
            raise KetbioError(unknown_word("--format", word, FORMATS))
    study_file = write_demo_study(out, overwrite=force)
    run = analyse_study(read_study(study_file))
    for word in dict.fromkeys(formats):
        typer.echo(write_report(run, out / f"report.{word}", overwrite=force))
    return DONE


@app.command(
    epilog="Examples:  ketbio check study.toml  |  "
    "ketbio check madrs.xlsx --schema madrs --columns participant_id=Id"
)
def check(
    source: Annotated[Path, typer.Argument(help="A study file (.toml) or one data file.")],
    *,
    schema: Annotated[str, typer.Option(help="Schema of the data file: madrs, blots …")] = "",
    columns: Annotated[
        list[str] | None, typer.Option(help="OURS=INCOMING; may be given again.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="An incoming column to leave out; again for more.")
    ] = None,
    missing: Annotated[
        list[str] | None, typer.Option(help="A word that means missing, such as NA.")
    ] = None,
    visits: Annotated[str, typer.Option(help="The visits in order, comma between.")] = "",
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook; the first by default.")] = "",
    decimal: Annotated[str, typer.Option(help="Decimal sign: . or ,")] = ".",
    delimiter: Annotated[
        str, typer.Option(help="Sign between the cells of a text file; found when left out.")
    ] = "",
    encoding: Annotated[str, typer.Option(help="Encoding of a text file.")] = "utf-8",
    format: Annotated[str, typer.Option(help="text, json or html.")] = "text",  # noqa: A002
    accepted: Annotated[Path | None, typer.Option(help="Write the accepted rows here.")] = None,
    rejected: Annotated[Path | None, typer.Option(help="Write the rejected rows here.")] = None,
    force: Force = False,
) -> int:
    """Check incoming data and say which cell is wrong; exit status 1 where any is."""
    if format not in CHECK_FORMATS:
        raise KetbioError(unknown_word("--format", format, CHECK_FORMATS))
    if source.suffix == ".toml":
        if accepted or rejected:
            raise KetbioError(
                "--accepted and --rejected take one data file with --schema; a study has several."
            )
        return _check_study(source, format)
    one = check_table(
        source,
        _schema_asked(schema),
        columns=_mapping(columns or []),
        ignore=ignore or [],
        missing=missing or [],
        visits=_visit_names(visits),
        sheet=sheet or None,
        decimal=decimal,
        delimiter=delimiter or None,
        encoding=encoding,
    )
    _refuse_sides(source, accepted, rejected, force=force)
    typer.echo(render_checks([one], format=format))
    for path, rows in ((accepted, one.accepted), (rejected, one.rejected)):
        if path is not None:
            write_rows(rows, path, overwrite=force)
            typer.echo(f"{count_of(len(rows), 'row')} written to {path}", err=True)
    return DONE if one.ok else DATA_HAVE_ERRORS


def _check_study(source: Path, format: str) -> int:  # noqa: A002
    """Check every table of a study; what can be read is told though another table cannot be."""
    plan = read_study(source)
    try:
        checks = check_study(plan)
    except UnreadableTablesError as error:
        typer.echo(render_checks(list(error.checks.values()), format=format))
        raise
    typer.echo(render_checks(list(checks.values()), format=format))
    check_markers(plan, checks)
    check_analyses(plan, checks)
    return DONE if all(one.ok for one in checks.values()) else DATA_HAVE_ERRORS


@app.command(epilog="Example:  ketbio report study.toml --out report.docx")
def report(
    study: Annotated[Path, typer.Argument(help="A study file (.toml).")],
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="The report: .html, .docx or .pdf; else named as the study file."),
    ] = None,
    format: Annotated[str, typer.Option(help="html, docx or pdf; else by --out.")] = "",  # noqa: A002
    force: Force = False,
) -> int:
    """Run a study and write its report."""
    plan = read_study(study)
    target = out or Path(f"{study.stem}-report.{format or plan.report.format}")
    _refuse_own_files(plan, target)
    typer.echo(write_report(plan, target, format=format or None, overwrite=force))
    return DONE


@app.command(epilog="Examples:  ketbio schema  |  ketbio schema madrs --template madrs.xlsx")
def schema(
    name: Annotated[str, typer.Argument(help="A schema; all are listed when left out.")] = "",
    *,
    template: Annotated[
        Path | None, typer.Option(help="Write a collection sheet (.xlsx or .csv).")
    ] = None,
    force: Force = False,
) -> int:
    """Print the data dictionary of a table, or write a collection sheet for it."""
    if template is None:
        typer.echo(schema_text(name or None))
        return DONE
    if not name:
        names = list(describe_schema()["schema"])
        raise KetbioError(f"--template needs the name of a schema: {', '.join(names)}.")
    typer.echo(write_template(name, template, overwrite=force))
    return DONE


def _refuse_own_files(plan: Study, target: Path) -> None:
    """Refuse to write a report over the study's own files, with or without --force."""
    own = {plan.path.resolve(), *(table.file.resolve() for table in plan.tables)}
    if target.resolve() in own:
        raise FileError(f"{target} is a file of the study and is never overwritten.")


def _schema_asked(name: str) -> str:
    if not name:
        names = ", ".join(describe_schema()["schema"])
        raise KetbioError(f"a data file needs --schema NAME; the schemas are: {names}.")
    return name


def _mapping(pairs: list[str]) -> dict[str, str]:
    """Read ``ours=incoming`` words."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        ours, sign, incoming = (part.strip() for part in pair.partition("="))
        if not sign:
            raise KetbioError(f"--columns is {pair!r}; OURS=INCOMING is wanted.")
        if ours in mapping:
            raise KetbioError(
                f"--columns gives {ours!r} twice: {mapping[ours]!r} and {incoming!r}; give it once."
            )
        mapping[ours] = incoming
    return mapping


def _visit_names(written: str) -> list[str] | None:
    """Read the visits, comma between; each has a name of its own."""
    if not written:
        return None
    names = [name.strip() for name in written.split(",")]
    if "" in names or len(set(names)) < len(names):
        raise KetbioError(
            f"--visits is {written!r}; every visit once, with a comma between, is wanted."
        )
    return names


def _refuse_sides(
    source: Path, accepted: Path | None, rejected: Path | None, *, force: bool
) -> None:
    """Refuse, before anything is written, to write where rows would be lost."""
    wanted = [path for path in (accepted, rejected) if path is not None]
    if accepted is not None and rejected is not None and accepted.resolve() == rejected.resolve():
        raise FileError(f"--accepted and --rejected both name {accepted}; give two files.")
    for path in wanted:
        if path.resolve() == source.resolve():
            raise FileError(f"{path} is the file being checked and is never overwritten.")
        if not path.parent.is_dir():
            raise FileError(f"the folder of {path} is not there; make it first.")
        if path.exists() and not force:
            raise FileError(f"{path} is there already; give --force to overwrite it.")


def run(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit status; never a traceback for a user's mistake.

    Parameters
    ----------
    arguments : list of str, optional
        The words after ``ketbio``; those of the process when None.
    """
    try:
        status: Any = app(args=arguments, prog_name="ketbio", standalone_mode=False)
    except ValidationError as error:
        return _say(str(error), DATA_HAVE_ERRORS)
    except KetbioError as error:
        return _say(str(error), UNUSABLE)
    except USAGE_ERROR as error:
        return _say(error.format_message(), UNUSABLE)
    except (typer.Abort, KeyboardInterrupt):
        return _say("stopped; nothing was half written.", UNUSABLE)
    return status if isinstance(status, int) else DONE


def _say(sentence: str, status: int) -> int:
    typer.echo(f"ketbio: {sentence}", err=True)
    return status


def main() -> None:
    """Run ``ketbio`` as a program."""
    sys.exit(run())
