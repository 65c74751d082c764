"""Rows that are no records: notes under a table, summaries of it, its header once more."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import quoted
from ketbio.tables.records.arrange import Records, trimmed
from ketbio.tables.records.columns import Wish
from ketbio.tables.rules.wrong_layout import required_names
from ketbio.tables.summary_words import is_summary, is_telling
from ketbio.vocabulary import PARTICIPANT_ID

NOTE, SUMMARY, HEADER = "note_row", "summary_row", "repeated_header"
NO_RECORDS = (NOTE, SUMMARY, HEADER)
"""Rules whose rows are no records."""

Rows = Sequence[tuple[int, tuple[str, ...]]]


def no_record_rows(
    records: Records,
    source: Source,
    schema: TableSchema,
    wish: Wish,
    participants: Collection[str] = (),
) -> dict[int, Complaint]:
    """Return the rows that are no records, with what is said of each.

    Parameters
    ----------
    records, source : Records, Source
        What came in.
    schema : TableSchema
        What it was held against.
    wish : Wish
        The caller's mapping.
    participants : collection of str
        Codes that the study knows, which head no summary.
    """
    rows = [
        (row, tuple(map(trimmed, cells)))
        for row, cells in zip(source.row_numbers, source.rows, strict=True)
    ]
    headers = _repeated_headers(rows, source)
    summaries = _summary_rows(rows, records, source)
    labels = {
        row: word
        for row, word in summaries.items()
        if row not in headers and word not in participants
    }
    notes = _note_rows(rows, source, schema, wish, {*labels, *headers})
    said = {row: (HEADER, f"Row {row} repeats the header; remove it.") for row in headers}
    said |= {row: (SUMMARY, _summary_message(row, word)) for row, word in labels.items()}
    said |= {row: (NOTE, _note_message(row)) for row in notes}
    return {
        row: Complaint(
            rule=rule,
            row=row,
            positions=tuple(np.flatnonzero(records.rows == row).tolist()),
            message=message,
        )
        for row, (rule, message) in said.items()
    }


def _summary_message(row: int, word: str) -> str:
    return f"Row {row} looks like a summary of the rows above ({quoted(word)}); remove it."


def _note_message(row: int) -> str:
    return f"Row {row} holds text in one cell only: notes do not belong in the table. Remove it."


def _repeated_headers(rows: Rows, source: Source) -> set[int]:
    """Return the rows whose every filled cell is the name of its column."""
    found = set()
    for row, cells in rows:
        filled = [(name, cell) for name, cell in zip(source.header, cells, strict=True) if cell]
        if len(filled) > 1 and all(name == cell for name, cell in filled):
            found.add(row)
    return found


def _note_rows(
    rows: Rows, source: Source, schema: TableSchema, wish: Wish, others: Collection[int]
) -> list[int]:
    """Return the last rows if they hold text in their first cell only, in a table of 3 columns.

    Where a row may hold a key and nothing else, only a text of several words is a note.
    """
    if len(source.header) < 3:
        return []
    needs_more = len(list(required_names(schema, wish))) > 1
    notes: list[int] = []
    for row, cells in reversed(rows):
        if row in others:
            continue
        is_note = _is_alone(cells) and row not in source.overflow
        if not is_note or not (needs_more or len(cells[0].split()) > 1):
            break
        notes.append(row)
    # Where every row is like that the table is empty, and has no notes under it.
    return notes if len(notes) < len(rows) else []


def _is_alone(cells: Sequence[str]) -> bool:
    return bool(cells) and bool(cells[0]) and not any(cells[1:])


def _summary_rows(rows: Rows, records: Records, source: Source) -> Mapping[int, str]:
    """Return the rows that sum up those above, with the word that says so.

    A word such as "Mean" tells it anywhere. What could be a code, such as "N" or "SD", tells it
    where a summary stands: last, or beside a blank row; and not if it is a code elsewhere.
    """
    labels = {row: _label(cells, source, records) for row, cells in rows}
    telling = {row for row, word in labels.items() if is_telling(word)}
    beside = {
        row
        for n, block in enumerate(_blocks(rows, source))
        for row in _at_the_ends(block, labels, is_after_blank=n > 0)
    }
    codes = {word for row, word in labels.items() if row not in telling | beside}
    return {
        row: word
        for row, word in labels.items()
        if row in telling or (row in beside and word not in codes)
    }


def _label(cells: Sequence[str], source: Source, records: Records) -> str:
    """Return what stands in the key column, else a telling word that stands first in the row."""
    keys = [name for (ours, _), name in records.plan.feeds.items() if ours == PARTICIPANT_ID]
    place = source.header.index(keys[0]) if keys else 0
    first = next(filter(None, cells), "")
    return cells[place] or (first if is_telling(first) else "")


def _blocks(rows: Rows, source: Source) -> Iterator[Rows]:
    """Cut the rows where a blank row stands."""
    start = 0
    for place, (row, _) in enumerate(rows):
        if row in source.after_blank:
            yield rows[start:place]
            start = place
    yield rows[start:]


def _at_the_ends(block: Rows, labels: Mapping[int, str], *, is_after_blank: bool) -> Iterator[int]:
    """Yield the rows labelled as summaries that end a block, or head it below a blank row.

    Notes may follow them.
    """
    for row, cells in reversed(block):
        if is_summary(labels[row]):
            yield row
        elif not _is_alone(cells):
            break
    for row, _ in block if is_after_blank else ():
        if not is_summary(labels[row]):
            break
        yield row


def nothing_to_read(records: Records, source: Source) -> Iterator[Complaint]:
    """Complain of a table without one record."""
    if len(records.rows):
        return
    found = "no row has a value" if source.rows else "the file has a header but no rows"
    yield Complaint(
        rule="no_rows",
        row=source.header_row,
        message=f"There is nothing to read: {found}; one row per record is wanted there.",
        whole_table=True,
    )
