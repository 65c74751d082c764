"""`ketbio demo` and `ketbio report`: a study run, its report written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ketbio.cli.app import DONE, Force, app
from ketbio.demo.simulate import OPEN_LABEL, STUDIES, write_demo_study
from ketbio.errors import FileError, KetbioError, unknown_word
from ketbio.report import write_report
from ketbio.report.convert import FORMATS
from ketbio.report.tables.write import refuse_bad_target
from ketbio.report.write import result_paths
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
    study: Annotated[
        str, typer.Option(help="open_label, or crossover: ketamine and saline in 16.")
    ] = OPEN_LABEL,
    force: Force = False,
) -> int:
    """Write a simulated demo study and its report to a folder."""
    formats = format or ["html"]
    for word in formats:
        if word not in FORMATS:
            raise KetbioError(unknown_word("--format", word, FORMATS))
    if study not in STUDIES:
        raise KetbioError(unknown_word("--study", study, STUDIES))
    for word in formats if out.is_dir() else ():  # before the study is written beside it
        refuse_bad_target(out / f"report.{word}", overwrite=force)
    study_file = write_demo_study(out, overwrite=force, study=study)
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
    results: Annotated[
        bool, typer.Option(help="Also write the numbers, as …results.json and …results.csv.")
    ] = True,
    force: Force = False,
) -> int:
    """Run a study and write its report, and its results for machines beside it."""
    plan = read_study(study)
    if out is not None and not out.name:
        raise FileError(f"{out} is a folder; give the name of the file to write in it.")
    target = out or Path(f"{study.stem}-report.{format or plan.report.format}")
    _refuse_own_files(plan, [target, *(result_paths(target) if results else ())])
    written = write_report(plan, target, format=format or None, overwrite=force, results=results)
    typer.echo(written)
    return DONE


def _refuse_own_files(plan: Study, targets: Sequence[Path]) -> None:
    """Refuse to write over the study's own files, with or without --force."""
    report = plan.report
    partials = report.partials.iterdir() if report.partials is not None else ()
    named = [plan.path, *(table.file for table in plan.tables), report.registered_plan,
             report.template, *partials]  # fmt: skip
    own = {file.resolve() for file in named if file is not None}
    for path in targets:
        if path.resolve() in own:
            raise FileError(f"{path} is a file of the study and is never overwritten.")
