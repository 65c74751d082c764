"""`write_table`: tables → one file on disk, whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ketbio.errors import ReportError, unknown_word
from ketbio.number_formats import NumberFormat
from ketbio.report.tables.csv import to_csv
from ketbio.report.tables.html import to_html
from ketbio.report.tables.latex import to_latex
from ketbio.report.tables.markdown import to_markdown
from ketbio.report.tables.subject import Given, subject_of
from ketbio.report.tables.table import Table
from ketbio.report.tables.tabulate import tabulate_all
from ketbio.report.tables.typst import to_typst
from ketbio.report.tables.word import to_word
from ketbio.whole_files import write_whole

FORMATS: dict[str, Callable[[Sequence[Table]], bytes]] = {
    "html": to_html,
    "docx": to_word,
    "tex": to_latex,
    "typ": to_typst,
    "csv": to_csv,
    "md": to_markdown,
}
"""Formats that tables can be written in, by the end of the file's name."""


def write_table(
    table_or_results: Table | Sequence[Table] | Given,
    path: str | Path,
    *,
    format: str | None = None,  # noqa: A002 - the word users know
    number_format: str | NumberFormat = "ketbio",
    overwrite: bool = False,
) -> Path:
    """Write a table, or all tables of a study or of results, to one file.

    Parameters
    ----------
    table_or_results : Table, sequence of Table, Study, StudyRun, Result or Results
        A study or results give Table 1 and a table for each analysis. A CSV file holds one table.
    path : str or Path
        The file to write. It is written whole or not at all.
    format : str, optional
        ``"html"``, ``"docx"``, ``"tex"``, ``"typ"``, ``"csv"`` or ``"md"``; by the end of the
        file's name where not given.
    number_format : str or NumberFormat
        How numbers are written where a study or results are given; a `Table` has its own.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ReportError
        An unknown format, a file that is there already, a folder that cannot be written to,
        several tables for one CSV file, nothing to tabulate.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from ketbio.report.tables.table import Cell, Column, Row
    >>> table = Table(title="Participants", columns=(Column(heading="Variable"),),
    ...               rows=(Row(cells=(Cell(text="Age"),)),))
    >>> with TemporaryDirectory() as folder:
    ...     write_table(table, Path(folder) / "table-1.docx").name
    'table-1.docx'
    """
    target = Path(path)
    render = FORMATS[format_of(target, format)]
    refuse_bad_target(target, overwrite=overwrite)
    tables = _tables(table_or_results, number_format)
    put_files({target: render(tables)}, overwrite=overwrite)
    return target


def format_of(target: Path, given: str | None) -> str:
    """Return the format of a file of tables.

    Raises
    ------
    ReportError
        An unknown format, or one that does not fit the file's name.
    """
    ending = target.suffix.removeprefix(".").lower()
    word = given if given is not None else ending
    if word not in FORMATS and (given is not None or word):
        raise ReportError(unknown_word("the table's format", word, FORMATS))
    if word not in FORMATS:
        raise ReportError(
            f"The table's file name {target.name!r} has no ending that tells its format; end it in "
            f"{', '.join('.' + name for name in FORMATS)} or give format."
        )
    if ending not in ("", word):
        raise ReportError(
            f"The table's file name {target.name!r} does not fit its format {word!r}; end it in "
            f".{word}."
        )
    return word


def refuse_bad_target(target: Path, *, overwrite: bool) -> None:
    """Refuse, before anything is written, a place where a file cannot be or would be lost.

    Raises
    ------
    ReportError
        A folder, a file that is there already, or a folder that is not there or cannot be read.
    """
    try:
        _refuse_place(target, overwrite=overwrite)
    except OSError as error:
        raise ReportError(f"Cannot write {target}: {error.strerror or error}.") from error


def _refuse_place(target: Path, *, overwrite: bool) -> None:
    if target.is_dir():
        raise ReportError(f"{target} is a folder; give the name of the file to write in it.")
    if target.exists() and not overwrite:
        raise ReportError(
            f"{target} is there already and was not touched; give another name, or overwrite=True "
            "(--force on the command line)."
        )
    if not target.parent.is_dir():
        raise ReportError(f"The folder {target.parent} is not there; make it first.")


def put_files(files: Mapping[Path, bytes], *, overwrite: bool) -> None:
    """Write files all together or not at all.

    Parameters
    ----------
    files : mapping of Path to bytes
    overwrite : bool
        Whether files that are there may be replaced.

    Raises
    ------
    ReportError
        As `refuse_bad_target`, or a file that cannot be written.
    """

    def writer(target: Path, content: bytes) -> Callable[[Path], None]:
        def write(part: Path) -> None:
            part.write_bytes(content)
            refuse_bad_target(target, overwrite=overwrite)  # it may have come meanwhile

        return write

    try:
        write_whole({target: writer(target, content) for target, content in files.items()})
    except OSError as error:
        names = ", ".join(str(target) for target in files)
        raise ReportError(
            f"Cannot write {names}: {error.strerror or error}. Choose a folder that you may write "
            "to."
        ) from error


def _tables(given: object, number_format: str | NumberFormat) -> list[Table]:
    if isinstance(given, Table):
        return [given]
    if isinstance(given, list | tuple) and given and all(isinstance(one, Table) for one in given):
        return list(given)
    return tabulate_all(subject_of(given, caller="write_table"), number_format=number_format)
