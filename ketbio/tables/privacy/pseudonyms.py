"""`pseudonymise_file`: a table whose ids are replaced by codes, all else as it was."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from ketbio.errors import FileError, did_you_mean
from ketbio.tables.files.source import Source, read_source
from ketbio.tables.outcome.writing import write_rows
from ketbio.tables.phrases import listed_rows, quoted
from ketbio.tables.privacy.codes import codes_of
from ketbio.tables.privacy.left_over import (
    columns_found,
    left_over,
    refuse_absent,
    refuse_left_over,
    says_who,
    without_columns,
    without_ids,
)
from ketbio.tables.privacy.pseudonym_warnings import warnings_of
from ketbio.tables.privacy.secret_files import new_key_file, read_key_file, write_for_owner
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.whole_files import write_whole
from ketbio.wording import count_of, join_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonymised:
    """What came of replacing the ids of a file; no id and no key is in it.

    Attributes
    ----------
    output : Path
        The file with codes.
    n_rows, n_ids, n_cells, n_empty : int
        Rows, different ids, cells with an id, and cells of the id columns that stayed empty.
    warnings : tuple of str
        What is left to look at, by place: identifiers that the caller allows, ids that look alike,
        a key beside the data.
    notes : tuple of str
        What was decided while reading.
    """

    output: Path
    n_rows: int
    n_ids: int
    n_cells: int
    n_empty: int
    warnings: tuple[str, ...]
    notes: tuple[str, ...]

    def summary(self) -> str:
        """Return the outcome in one sentence."""
        return (
            f"{self.output.name}: {count_of(self.n_rows, 'row')}, {count_of(self.n_ids, 'id')} in "
            f"{count_of(self.n_cells, 'cell')} replaced by codes, "
            f"{count_of(self.n_empty, 'empty cell')} left empty."
        )


def pseudonymise_file(
    source: str | PathLike[str] | pd.DataFrame,
    *,
    columns: Collection[str] = (PARTICIPANT_ID,),
    key_file: str | PathLike[str],
    output: str | PathLike[str],
    new_key: bool = False,
    context: str = "",
    linkage: str | PathLike[str] | None = None,
    drop: Collection[str] = (),
    allow_identifiers: Collection[str] = (),
    overwrite: bool = False,
    **reading: Any,
) -> Pseudonymised:
    """Write a copy of a table in which a keyed hash (HMAC-SHA256) stands for each id.

    The same id gets the same code in every file and delivery, as long as key and context are the
    same; without the key nobody can tell whose a code is. An id is taken exactly as written, but
    for blanks around it: two spellings of one id get two codes, so check the file first.

    A table that would still say who a person is afterwards is refused, and nothing is written:
    names, dates of birth and other direct identifiers, and ids outside the columns of ids.

    Parameters
    ----------
    source : path or DataFrame
        A table of any kind that `check_table` reads.
    columns : collection of str
        The columns of ids, by their names in the file. One id has one code in all of them.
    key_file : path
        Holds the key: lines that start with ``#``, then one line of base64. Nobody but its owner
        may read it (mode 0600). Keep it apart from the data.
    output : path
        Where to write, ``.csv``, ``.tsv`` or ``.xlsx`` by its ending. Other cells are as they
        were; a text that a spreadsheet program would run as a formula gets an apostrophe.
    new_key : bool
        Whether to make the key file, which must not be there yet.
    context : str
        The study's id: with another context the same key gives codes that do not link.
    linkage : path, optional
        A CSV file of id and code to write as well (mode 0600), for whoever may re-identify.
    drop : collection of str
        Columns to leave out of what is written, such as ``["Name"]``.
    allow_identifiers : collection of str
        Columns that look like direct identifiers, or hold an id, and may stay; told as warnings.
    overwrite : bool
        Whether existing files may be replaced; never the source or the key.
    **reading
        ``sheet``, ``header_row``, ``decimal``, ``delimiter`` and ``encoding`` of `check_table`.

    Returns
    -------
    Pseudonymised
        Counts, and warnings by place; never an id.

    Raises
    ------
    FileError
        A file cannot be used or written, a column is not there, a row has more cells than the
        header, a column that stays says who a person is, the key can be read by others, or two ids
        have the same code.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> ratings = pd.DataFrame({"participant_id": ["P01", "P01", ""], "madrs_total": ["30", "12",
    ...                         "9"]})
    >>> with TemporaryDirectory() as safe, TemporaryDirectory() as folder:
    ...     done = pseudonymise_file(ratings, key_file=Path(safe) / "study.key", new_key=True,
    ...                              output=Path(folder) / "ratings.csv")
    >>> print(done.summary())
    ratings.csv: 3 rows, 1 id in 2 cells replaced by codes, 1 empty cell left empty.
    """
    files = _Files(
        source=None if isinstance(source, pd.DataFrame) else Path(source),
        output=Path(output),
        key=Path(key_file),
        linkage=None if linkage is None else Path(linkage),
    )
    files.refuse_unusable(overwrite=overwrite)
    incoming = _without(read_source(source, **reading), drop)
    chosen = _chosen(incoming, columns)
    ids = [row[place].strip() for row in incoming.rows for place in chosen]
    refuse_absent(incoming, allow_identifiers, "allowed", "allow_identifiers")
    left = left_over(incoming, chosen, set(filter(None, ids)))
    refuse_left_over(incoming, left, allow_identifiers)
    key = new_key_file(files.key) if new_key else read_key_file(files.key)
    codes = codes_of(filter(None, ids), key, context=context)
    coded = _coded(incoming, chosen, codes)
    write_rows(coded, files.output, overwrite=overwrite)
    if files.linkage is not None:
        _write_linkage(codes, files.linkage)
    n_filled = sum(map(bool, ids))
    return Pseudonymised(
        output=files.output,
        n_rows=len(incoming.rows),
        n_ids=len(codes),
        n_cells=n_filled,
        n_empty=len(ids) - n_filled,
        warnings=(*files.warnings(), *warnings_of(incoming, chosen, left)),
        notes=tuple(without_ids(note, codes) for note in incoming.notes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """The files of one call."""

    source: Path | None
    output: Path
    key: Path
    linkage: Path | None

    def refuse_unusable(self, *, overwrite: bool) -> None:
        """Refuse what would write over the source, the key or, unless asked, anything else."""
        written = [self.output, *([self.linkage] if self.linkage is not None else [])]
        kept = [self.key, *([self.source] if self.source is not None else [])]
        places = [path.resolve() for path in (*written, *kept)]
        if len(set(places)) < len(places):
            raise FileError(
                "the source, the output, the key file and the linkage list are four files; give "
                "each a name of its own."
            )
        for path in written:
            if path.exists() and not overwrite:
                raise FileError(
                    f"{path.name} exists already; give another name, or ask to overwrite it."
                )

    def warnings(self) -> Iterator[str]:
        """Warn where what tells whose a code is lies beside the data."""
        folders = {path.resolve().parent for path in (self.output, self.source) if path is not None}
        for path, what in ((self.key, "key file"), (self.linkage, "linkage list")):
            if path is not None and path.resolve().parent in folders:
                yield (
                    f"The {what} {path.name} lies beside the data; move it to a folder that only "
                    "those who may re-identify can read."
                )


def _without(source: Source, drop: Collection[str]) -> Source:
    """Return a source without the columns to leave out, and a note of them."""
    kept = without_columns(source, drop)
    if len(kept) == len(source.header):
        return source
    shown = sorted({name for name in drop if not says_who(name)})
    n_other = len(set(drop)) - len(shown)
    told = [*map(quoted, shown), *([count_of(n_other, "other")] if n_other else [])]
    numbers = source.column_numbers
    return replace(
        source,
        header=tuple(source.header[i] for i in kept),
        rows=tuple(tuple(cells[i] for i in kept) for cells in source.rows),
        column_numbers=tuple(numbers[i] for i in kept) if numbers else (),
        notes=(*source.notes, f"Columns left out: {join_words(told)}."),
    )


def _chosen(source: Source, columns: Collection[str]) -> list[int]:
    """Return the places of the columns of ids."""
    if isinstance(columns, str):
        raise FileError(f"columns is {columns!r}; a list is wanted: [{columns!r}].")
    absent = [name for name in columns if name not in source.header]
    if absent or not columns:
        what = quoted(absent[0]) if absent else "given"
        known = [name for name in source.header if not says_who(name)]
        near = did_you_mean(absent[0], known) if absent else ""
        raise FileError(
            f"{source.file or 'The table'} has no column {what}, whose ids shall be replaced.{near}"
            f" Name the columns of ids (--columns on the command line). {columns_found(source)}"
        )
    long = sorted(source.overflow)
    if long:
        raise FileError(
            f"{source.file or 'The table'} has cells past the header ({listed_rows(long)}), which "
            "may hold an id; put each cell in its column first."
        )
    return sorted({source.header.index(name) for name in columns})


def _coded(source: Source, chosen: Sequence[int], codes: Mapping[str, str]) -> pd.DataFrame:
    places = set(chosen)
    rows = [
        [
            codes.get(cell.strip(), "") if place in places else cell
            for place, cell in enumerate(cells)
        ]
        for cells in source.rows
    ]
    return pd.DataFrame(rows, columns=list(source.header), dtype="str")


def _write_linkage(codes: Mapping[str, str], path: Path) -> None:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["id", "code"])
    lines.writerows(codes.items())
    try:
        write_whole({path: lambda part: write_for_owner(part, text.getvalue())})
    except OSError as error:
        raise FileError(f"{path.name} cannot be written: {error.strerror}.") from None
