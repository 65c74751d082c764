"""`ketbio demo` and `ketbio report`: a study run, its report written."""

from pathlib import Path
from typing import Annotated

import typer

from ketbio.cli.app import DONE, Force, app
from ketbio.demo.simulate import write_demo_study
from ketbio.errors import FileError, KetbioError, unknown_word
from ketbio.report import write_report
from ketbio.report.convert import FORMATS
from ketbio.study import Study, analyse_study, read_study


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


def _refuse_own_files(plan: Study, target: Path) -> None:
    """Refuse to write a report over the study's own files, with or without --force."""
    own = {plan.path.resolve(), *(table.file.resolve() for table in plan.tables)}
    if target.resolve() in own:
        raise FileError(f"{target} is a file of the study and is never overwritten.")
