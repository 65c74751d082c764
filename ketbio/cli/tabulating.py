"""`ketbio tables`: a study run, Table 1 and the tables of its results written."""

from pathlib import Path
from typing import Annotated

import typer

from ketbio.cli.app import DONE, Force, app
from ketbio.errors import FileError, KetbioError, unknown_word
from ketbio.number_formats import NUMBER_FORMATS
from ketbio.report.tables.subject import Subject
from ketbio.report.tables.tabulate import tabulate_all
from ketbio.report.tables.write import FORMATS, put_files, refuse_bad_target
from ketbio.study import Study, analyse_study, read_study


@app.command(epilog="Example:  ketbio tables study.toml --out tables.docx --numbers ama")
def tables(
    study: Annotated[Path, typer.Argument(help="A study file (.toml).")],
    *,
    out: Annotated[
        Path,
        typer.Option(help="A folder, for one file per table; or one file such as tables.docx."),
    ] = Path("tables"),
    format: Annotated[  # noqa: A002
        str, typer.Option(help=f"{', '.join(FORMATS)}; docx, or as the file of --out ends.")
    ] = "",
    numbers: Annotated[str, typer.Option(help=f"{', '.join(NUMBER_FORMATS)}.")] = "ketbio",
    force: Force = False,
) -> int:
    """Write Table 1 and the tables of a study's results."""
    if numbers not in NUMBER_FORMATS:
        raise KetbioError(unknown_word("--numbers", numbers, NUMBER_FORMATS))
    ending = out.suffix.removeprefix(".").lower()
    is_file = ending in FORMATS
    word = format or (ending if is_file else "docx")
    if word not in FORMATS:
        raise KetbioError(unknown_word("--format", word, FORMATS))
    if is_file and word != ending:
        raise KetbioError(f"--out {out.name} does not fit --format {word}; end it in .{word}.")
    plan = read_study(study)
    if is_file:
        _refuse(plan, [out], force=force)
    elif out.exists() and not out.is_dir():
        raise FileError(f"{out} is a file; give a folder, or a file that ends in its format.")
    elif ending.isalpha() and not out.is_dir():
        raise KetbioError(unknown_word("the ending of --out", ending, FORMATS))
    run = analyse_study(plan)
    made = tabulate_all(Subject(results=run.results, run=run), number_format=numbers)
    if is_file:
        files = {out: FORMATS[word](made)}
    else:
        names = [f"table-{place}-{one.name}.{word}" for place, one in enumerate(made, start=1)]
        files = {out / name: FORMATS[word]([one]) for name, one in zip(names, made, strict=True)}
        _make_folder(out)
        _refuse(plan, list(files), force=force)
    put_files(files, overwrite=force)
    for path in files:
        typer.echo(path)
    return DONE


def _refuse(plan: Study, targets: list[Path], *, force: bool) -> None:
    """Refuse to write over the study's own files, ever, and over others without --force."""
    own = {plan.path.resolve(), *(table.file.resolve() for table in plan.tables)}
    for target in targets:
        if target.resolve() in own:
            raise FileError(f"{target} is a file of the study and is never overwritten.")
        refuse_bad_target(target, overwrite=force)


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(exist_ok=True)
    except OSError as error:
        raise FileError(f"The folder {out} cannot be made: {error.strerror}.") from error
