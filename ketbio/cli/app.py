"""The one typer application, and what its commands share."""

from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from ketbio.errors import FileError, KetbioError, unknown_word
from ketbio.tables.outcome.writing import write_file

DONE, DATA_HAVE_ERRORS, UNUSABLE = 0, 1, 2
"""Exit status."""

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Clinical biomarker statistics for small antidepressant trials: "
    "from the incoming file to the paper.",
    epilog="Examples:  ketbio demo --out first-look  |  ketbio check study.toml  |  "
    "ketbio check madrs.xlsx --schema madrs --columns participant_id=Id  |  "
    "ketbio check study.toml --watch incoming  |  ketbio diff march.xlsx april.xlsx --schema madrs"
    "  |  ketbio report study.toml --out report.docx  |  ketbio schema madrs",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Force = Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")]
Sheet = Annotated[str, typer.Option(help="Sheet of a workbook; the first by default.")]
HeaderRow = Annotated[int | None, typer.Option(help="Row of the header; found when left out.")]
Decimal = Annotated[str, typer.Option(help="Decimal sign: . or , (else found).")]
Delimiter = Annotated[
    str, typer.Option(help="Sign between the cells of a text file; found when left out.")
]
Encoding = Annotated[str, typer.Option(help="Encoding of a text file; found when left out.")]
Columns = Annotated[list[str] | None, typer.Option(help="OURS=INCOMING; may be given again.")]
Ignore = Annotated[
    list[str] | None, typer.Option(help="An incoming column to leave out; again for more.")
]
Missing = Annotated[list[str] | None, typer.Option(help="A word that means missing, such as NA.")]
AllowIdentifiers = Annotated[
    list[str] | None,
    typer.Option(help="A column that looks like a direct identifier and is none; again."),
]
Format = Annotated[str, typer.Option(help="text, json or html.")]

_FORMAT_OF = {".html": "html", ".htm": "html", ".json": "json", ".txt": "text"}


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


def reading_options(
    sheet: str, header_row: int | None, decimal: str, delimiter: str, encoding: str
) -> dict[str, Any]:
    """Return how a file is to be read; what was not typed is found."""
    return {
        "sheet": sheet or None,
        "header_row": header_row,
        "decimal": decimal or None,
        "delimiter": delimiter or None,
        "encoding": encoding or None,
    }


def form_of(format: str, out: Path | None, forms: Collection[str]) -> str:  # noqa: A002
    """Return the form of an outcome: what was typed, else what the file's ending says, else text.

    Parameters
    ----------
    format : str
        As typed; empty where nothing was.
    out : Path or None
        Where the outcome goes.
    forms : collection of str
        Those that there are.
    """
    of_ending = _FORMAT_OF.get(out.suffix.lower(), "text") if out is not None else "text"
    form = format or of_ending
    if form not in forms:
        raise KetbioError(unknown_word("--format", form, forms))
    return form


def write_text_file(path: Path, text: str, *, force: bool) -> None:
    """Write a text that ends with a line's end."""

    def write(place: Path) -> None:
        place.write_text(text + "\n", encoding="utf-8", newline="\n")

    write_file(path, write, overwrite=force)


def refuse_targets(sources: list[Path], targets: dict[str, Path | None], *, force: bool) -> None:
    """Refuse, before anything is written, to write where something would be lost.

    Parameters
    ----------
    sources : list of Path
        Files that are read and must stay as they are.
    targets : dict of str to Path or None
        Option → where it asks to write.
    force : bool
        Whether other files that are there may be replaced.
    """
    wanted = {option: path for option, path in targets.items() if path is not None}
    own = {path.resolve() for path in sources}
    taken: dict[Path, str] = {}
    for option, path in wanted.items():
        if path.resolve() in own:
            raise FileError(f"{path} is the file being checked and is never overwritten.")
        if (other := taken.get(path.resolve())) is not None:
            raise FileError(f"{other} and {option} both name {path}; give two files.")
        taken[path.resolve()] = option
        if not path.parent.is_dir():
            raise FileError(f"the folder of {path} is not there; make it first.")
        if path.exists() and not force:
            raise FileError(f"{path} is there already; give --force to overwrite it.")
