"""A delivered file → the table that it is a delivery of, and its check."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from os import PathLike
from pathlib import Path
from typing import Any

from ketbio.errors import FileError
from ketbio.study.checking import check_delivery
from ketbio.study.plan import Study, TablePlan
from ketbio.tables import Check, check_table
from ketbio.wording import join_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who takes delivered files.

    Attributes
    ----------
    table_of : callable
        Path → name of the table that the file is a delivery of; raises `FileError` where none is.
    check : callable
        Path and name of the table → its check.
    """

    table_of: Callable[[Path], str]
    check: Callable[[Path, str], Check]


def schema_recipient(schema: str | PathLike[str], **how: Any) -> Recipient:
    """Return a recipient that holds every file against one schema.

    Parameters
    ----------
    schema : str or path
        As for `ketbio.check_table`.
    **how
        Every keyword of `ketbio.check_table`.
    """
    return Recipient(
        table_of=lambda _path: str(schema), check=lambda path, _: check_table(path, schema, **how)
    )


def study_recipient(study: Study) -> Recipient:
    """Return a recipient that knows the tables of a study.

    A file belongs to the table whose ``drop`` pattern it matches, else to the one whose ``file``
    has its name, else to the one whose name stands in the file's name as a word of its own
    (``madrs`` in ``2026-03_madrs_site2.xlsx``). It is checked as that table's file, and against
    the other tables of the study as they are.

    Parameters
    ----------
    study : Study
        As `ketbio.read_study` returns it.
    """
    tables = {table.name: table for table in study.tables}
    return Recipient(
        table_of=lambda path: _table_of(path, tables),
        check=lambda path, name: check_delivery(study, replace(tables[name], file=path)),
    )


def _table_of(path: Path, tables: Mapping[str, TablePlan]) -> str:
    name = path.name.casefold()
    ways: tuple[Callable[[TablePlan], bool], ...] = (
        lambda table: bool(table.drop) and fnmatch(name, table.drop.casefold()),
        lambda table: table.file.name.casefold() == name,
        lambda table: _has_word(path.stem, table.name),
    )
    for way in ways:
        fitting = [table.name for table in tables.values() if way(table)]
        if len(fitting) > 1:
            raise FileError(
                f"{path.name} could be a delivery of {join_words(fitting, last='or')}; give each "
                "of them a pattern of file names of its own: drop in its [tables] part."
            )
        if fitting:
            return fitting[0]
    raise FileError(
        f"{path.name} is a delivery of no table of the study ({join_words(tables)}); put a table's "
        "name into the file's name, or a pattern into the study file: drop in its [tables] part."
    )


def _has_word(stem: str, word: str) -> bool:
    def plain(text: str) -> str:
        return re.sub(r"[\W_]+", " ", text).strip().casefold()

    return f" {plain(word)} " in f" {plain(stem)} "
