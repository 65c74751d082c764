"""`check_large_table`: a file too large for memory → what is wrong with it, and its rows parted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ketbio.tables.batches.asking import Asked, asked
from ketbio.tables.batches.batch import Incoming
from ketbio.tables.batches.cells import Screen
from ketbio.tables.batches.closer_look import Seen, seen, taken_out
from ketbio.tables.batches.first_pass import FirstPass, first_pass
from ketbio.tables.batches.identifiers import holds_identifiers
from ketbio.tables.batches.large_check import LargeCheck
from ketbio.tables.batches.looks import ballast, beside, looks, suspected_records
from ketbio.tables.batches.notes import notes_of
from ketbio.tables.batches.opening import opened
from ketbio.tables.batches.outputs import Outputs
from ketbio.tables.batches.parts import AT_ONCE, Part, parts
from ketbio.tables.batches.progress import Progress, progress_of
from ketbio.tables.batches.telling import Telling
from ketbio.tables.files.decimals import DecimalMark, found_decimal
from ketbio.tables.files.source import BESIDE_COMMAS
from ketbio.tables.privacy.screening import screened_source
from ketbio.tables.records.columns import plan_columns

BATCH_ROWS = 250_000
MAX_LISTED = 1_000


def check_large_table(
    source: str | PathLike[str],
    schema: str | PathLike[str],
    *,
    accepted: str | PathLike[str] | None = None,
    rejected: str | PathLike[str] | None = None,
    overwrite: bool = False,
    batch_rows: int = BATCH_ROWS,
    max_listed: int = MAX_LISTED,
    progress: Callable[[float], None] | bool | None = None,
    **how: Any,
) -> LargeCheck:
    r"""Hold a CSV or Parquet file of any size against its schema, in bounded memory.

    What `check_table` says of a small file is said here of a large one, in the same words.

    Parameters
    ----------
    source : path
        A CSV, TSV or Parquet file.
    schema : str or path
        As for `check_table`.
    accepted, rejected : path, optional
        Where to write the accepted rows, typed, and the rejected ones, as they came in with what is
        said of each: CSV, TSV or Parquet, by the ending.
    overwrite : bool
        Whether files that are there may be replaced.
    batch_rows : int
        How many rows are gone through at a time.
    max_listed : int
        How many complaints of a rule are listed; all of them are counted.
    progress : callable or bool, optional
        Is told the share that is done, from 0 to 1; True for a bar on standard error, False for
        none. By default there is a bar where standard error is a terminal.
    **how
        Every keyword of `check_table` but ``sheet`` and those of a layout (``redcap``, ``adam``
        …); ``columns`` without ``@``.

    Returns
    -------
    LargeCheck
        Says what `Check` says; the rows themselves are in the files only.

    Raises
    ------
    FileError
        The file cannot be used, or so many rows belong together that they cannot be seen at once.
    SchemaError
        There is no such schema, the mapping names what it does not know, or a keyword or a rule of
        the schema needs the whole table.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     place = Path(folder) / "ratings.csv"
    ...     lines = ["participant_id,visit,madrs_total", "P01,day_1,12", "P02,day_1,61"]
    ...     written = place.write_text("\n".join(lines))
    ...     check = check_large_table(place, "madrs")
    >>> check.n_accepted, check.sentences("error")[0][:54]
    (1, 'ratings.csv, row 3: madrs_total is 61; allowed: a whol')
    """
    wanted = asked(schema, how)
    outputs = Outputs.wanted(accepted, rejected, overwrite=overwrite)
    incoming = opened(
        Path(source), wanted, batch_rows=batch_rows, decimal=wanted.reading["decimal"] or "."
    )
    with progress_of(progress, incoming) as shown:
        return _checked(incoming, wanted, shown, max_listed=max_listed, outputs=outputs)


def _checked(
    incoming: Incoming,
    wanted: Asked,
    shown: Progress,
    *,
    max_listed: int,
    outputs: Outputs,
) -> LargeCheck:
    passed, marks = _passed(incoming, wanted, shown)
    facts = passed.facts
    suspected = suspected_records(passed)
    odd = facts.odd | suspected
    close = looks(passed, odd)
    others = beside(passed)
    told = Telling(
        kept=np.ones(facts.n, dtype=np.bool_),
        suspected=suspected,
        max_listed=max_listed,
        for_writing=outputs.is_wanted,
    )
    first: Seen | None = None
    for part in parts(facts, odd, close, at_once=AT_ONCE):
        found = _seen(incoming, wanted, passed, part, others, shown)
        told.add(found, part, close, odd)
        first = first or found
    if first is None:
        raise AssertionError
    outputs.write(incoming, passed, told, first, odd, shown)
    return LargeCheck(
        table=wanted.table,
        schema=wanted.contract.name,
        schema_version=wanted.contract.version,
        file=first.check.file,
        sha256=incoming.facts()["sha256"],
        header_row=incoming.header_row,
        kept=told.kept,
        tallies=told.tallies(),
        found=tuple(told.found),
        notes=notes_of(passed, first, told, marks),
    )


def _seen(  # noqa: PLR0917 what was found, step by step
    incoming: Incoming,
    wanted: Asked,
    passed: FirstPass,
    part: Part,
    others: "NDArray[np.intp]",
    shown: Progress,
) -> Seen:
    """Look at a part of the records, with all that stands beside them."""
    chosen = part.records.copy()
    chosen[others] = True
    chosen = ballast(passed.facts, chosen, wanted.known, passed.rulings)
    records = np.flatnonzero(chosen)
    lines = taken_out(incoming, records, shown.step)
    how = wanted.contract, wanted.wish, wanted.known
    return seen(incoming, lines, records, *how, table=wanted.table)


def _passed(incoming: Incoming, wanted: Asked, shown: Progress) -> tuple[FirstPass, Sequence[str]]:
    """Go through the file until nothing more is learnt of it: once, for most files."""
    spoilt: frozenset[int] = frozenset()
    unsure: frozenset[int] = frozenset()
    while True:
        incoming.is_decimal_sure = True
        head = incoming.excerpt(incoming.head())
        screened, _ = screened_source(head, wanted.contract, wanted.wish)
        plan = plan_columns(screened, wanted.contract, wanted.wish, visits=wanted.known.visits)
        how = wanted.contract, wanted.wish, wanted.known, plan
        screen = Screen(incoming, *how, incoming.decimal, spoilt, unsure)
        passed = first_pass(incoming, *how, told=shown.step, screen=screen)
        found = _decimal_of(incoming, wanted, screen)
        asked_about = frozenset() if found.is_sure else screen.unsure
        if found.mark != incoming.decimal:
            incoming.decimal, spoilt, unsure = found.mark, frozenset(), frozenset()
        elif screen.judge.spoilt - spoilt or asked_about - unsure:
            spoilt, unsure = frozenset(screen.judge.spoilt), asked_about
        else:
            break
    if holds_identifiers(incoming, screen, wanted.contract, wanted.wish):
        passed = first_pass(incoming, *how, told=shown.step, screen=screen)
    incoming.is_decimal_sure = found.is_sure
    return passed, found.notes


def _decimal_of(incoming: Incoming, wanted: Asked, screen: Screen) -> DecimalMark:
    """Return the decimal mark of the file, and whether it is sure, from its distinct words."""
    if wanted.reading["decimal"]:
        return DecimalMark(mark=incoming.decimal)
    words = [word for column in screen.columns.values() for word in column.written]
    found = found_decimal([(1, words)])
    is_sure = found.is_sure and incoming.delimiter not in BESIDE_COMMAS
    return replace(found, is_sure=is_sure)
