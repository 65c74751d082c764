"""One fault, one complaint: what only follows from a fault said already is not said again.

A header that is not in the first row, a note under the table or a row cut short make every cell
look wrong; a reader helped by one sentence is not helped by two hundred.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ketbio.tables.complaints import KEY_RULES, Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.records.arrange import Records, trimmed
from ketbio.tables.records.columns import Wish
from ketbio.tables.rules.registry import rule_columns, rule_settings
from ketbio.vocabulary import VISIT

SEARCHED_ROWS = 30
"""How far down a header is looked for."""


def told_once(
    complaints: Iterable[Complaint],
    records: Records,
    source: Source,
    schema: TableSchema,
    wish: Wish,
) -> list[Complaint]:
    """Return complaints without those that only follow from another.

    Safety complaints always stay, and every record that was kept out still is, by the complaint
    that stays.

    Parameters
    ----------
    complaints : iterable of Complaint
        All that was found.
    records, source : Records, Source
        What came in.
    schema : TableSchema
        What it was held against.
    wish : Wish
        The caller's mapping.
    """
    found = _visits_once(complaints)
    lower = header_below(source, schema, wish)
    if lower:
        return [_header_complaint(lower, source, records), *_of_severity(found, "safety")]
    notes = note_rows(source, schema, wish)
    found = [*(_note_complaint(row, records) for row in notes), *found]
    broken = {one.row for one in found if one.rule == "cell_count"} | set(notes)
    found = [one for one in found if not _follows(one, broken, notes, records)]
    return _with_columns_first(found, schema)


def _visits_once(complaints: Iterable[Complaint]) -> list[Complaint]:
    """Keep the first complaint of a visit's cell: who arranged the file knows more of it."""
    seen: set[tuple[int, str]] = set()
    found = []
    for one in complaints:
        key = (one.row, one.column)
        if one.rule == KEY_RULES[VISIT][0]:
            if key in seen:
                continue
            seen.add(key)
        found.append(one)
    return found


def header_below(source: Source, schema: TableSchema, wish: Wish) -> int:
    """Return the row that holds the names of all required columns, 0 if the header does or none."""
    wanted = set(_required_names(schema, wish))
    if not wanted - set(source.header):
        return 0
    for number, cells in list(zip(source.row_numbers, source.rows, strict=True))[:SEARCHED_ROWS]:
        if wanted <= {trimmed(cell) for cell in (*cells, *source.overflow.get(number, ()))}:
            return number
    return 0


def _required_names(schema: TableSchema, wish: Wish) -> Iterator[str]:
    is_wide = any("@" in ours for ours in wish.columns)
    for name, spec in schema.columns.items():
        if not spec.required or name in wish.constants or (is_wide and name == VISIT):
            continue
        mapped = [i for ours, i in wish.columns.items() if ours.partition("@")[0] == name]
        yield from mapped or [name]


def _header_complaint(row: int, source: Source, records: Records) -> Complaint:
    above = row - source.header_row
    what = "the row above it" if above == 1 and source.header_row == 1 else "the rows above it"
    return Complaint(
        rule="header_row",
        row=source.header_row,
        positions=tuple(range(len(records.rows))),
        message=f"The header seems to be in row {row}; remove {what}.",
        whole_table=True,
    )


def note_rows(source: Source, schema: TableSchema, wish: Wish) -> list[int]:
    """Return the last rows if they hold text in their first cell only, in a table of 3 columns.

    Where a row may hold a key and nothing else, only a text of several words is a note.
    """
    if len(source.header) < 3:
        return []
    needs_more = len(list(_required_names(schema, wish))) > 1
    rows: list[int] = []
    for number, cells in zip(reversed(source.row_numbers), reversed(source.rows), strict=True):
        first, *others = cells
        is_note = trimmed(first) and not any(map(trimmed, others)) and number not in source.overflow
        if not is_note or not (needs_more or len(first.split()) > 1):
            break
        rows.append(number)
    # Where every row is like that the table is empty, and has no notes under it.
    return rows if len(rows) < len(source.rows) else []


def _note_complaint(row: int, records: Records) -> Complaint:
    return Complaint(
        rule="note_row",
        row=row,
        positions=tuple(np.flatnonzero(records.rows == row).tolist()),
        message=f"Row {row} holds text in one cell only: notes do not belong in the table. "
        "Remove it.",
    )


def _follows(
    one: Complaint, broken: Collection[int], notes: Collection[int], records: Records
) -> bool:
    """Return whether a complaint is only about rows that are broken as a whole."""
    if one.severity == "safety" or one.rule == "note_row":
        return False
    if one.rule == "cell_count":
        return one.row in notes
    rows = {int(records.rows[position]) for position in one.positions}
    return bool(rows) and rows <= set(broken) and not one.whole_table


def _with_columns_first(found: Sequence[Complaint], schema: TableSchema) -> list[Complaint]:
    """Let the complaint of an unknown column stand for what its absence makes of the rows."""
    kept = list(found)
    for column in [one for one in found if one.stands_for and one.severity == "error"]:
        rules = {
            rule.name
            for rule in schema.rules
            if column.stands_for in rule_columns(rule_settings(rule, schema, visits=None), schema)
        }
        followers = [one for one in kept if one.rule in rules and one.severity != "safety"]
        if any(one.severity == "error" for one in followers):
            places = {i for one in followers if one.severity == "error" for i in one.positions}
            first = replace(column, positions=tuple(sorted({*column.positions, *places})))
            kept = [first if one is column else one for one in kept if one not in followers]
    return kept


def _of_severity(found: Sequence[Complaint], severity: str) -> list[Complaint]:
    return [one for one in found if one.severity == severity]
