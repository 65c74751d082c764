"""What was decided while reading, counted over the whole file."""

import re
from collections.abc import Iterator, Sequence

from ketbio.tables.batches.closer_look import Seen
from ketbio.tables.batches.first_pass import FirstPass
from ketbio.tables.batches.telling import Telling
from ketbio.tables.rules.safety_gaps import is_unrated_note, unrated_note
from ketbio.wording import count_of

_COUNTED = re.compile(r"[0-9][0-9,]* ")
_CELLS = re.compile(r"[0-9][0-9,]* cells? \([^)]*\)")
_TOLD_HERE = re.compile(r"[0-9][0-9,]* (?:blank row|empty cell|value)s? ")


def notes_of(
    passed: FirstPass, first: Seen, told: Telling, marks: Sequence[str]
) -> tuple[str, ...]:
    """Return the notes of a large table.

    What the in-memory road counts is counted here over all records, or told as a number that there
    is at least.
    """
    told_first = [note for note in first.check.notes if not is_unrated_note(note)]
    notes = [note for note in told_first if not _COUNTED.match(note)]
    # The mark was found from the different words, so that neither cells nor rows are counted.
    notes += [_CELLS.sub("some cells", note) for note in marks]
    others = [note for note in told_first if _COUNTED.match(note)]
    notes += [f"At least {note}" for note in others if not _TOLD_HERE.match(note)]
    return (*notes, *_counted(passed), *_of_parts(told))


def _counted(passed: FirstPass) -> Iterator[str]:
    yield from (unrated_note(item, n) for item, n in passed.n_unrated.items() if n)
    if passed.n_blank:
        yield f"{count_of(passed.n_blank, 'blank row')} skipped; row numbers count them."
    for name, n in passed.n_empty.items():
        spec = passed.facts.contract.columns[name]
        if n and spec.if_empty is not None:
            word = str(spec.if_empty).lower()
            yield f"{count_of(n, 'empty cell')} of {name} taken as {word}."
    for name, spread in passed.spreads.items():
        column = passed.facts.contract.columns.get(name)
        if column is not None and column.converted_to and spread.spread.n:
            unit = passed.facts.contract.columns[column.converted_to].unit
            n = spread.spread.n + sum(spread.spread.hits.values())
            yield f"{count_of(n, 'value')} converted from {column.unit} to {unit} ({name})."


def _of_parts(told: Telling) -> Iterator[str]:
    if told.n_parts > 1:
        yield (
            f"So many rows are wrong that they were looked at in {told.n_parts:,} parts: a fault "
            "that several cells have in common is told once for each part."
        )
    if told.is_stopped and told.for_writing:
        yield "No rows were written, since they hold direct identifiers."
