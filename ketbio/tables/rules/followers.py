"""One fault, one complaint: what only follows from a fault said already is not said again.

A header that is not in the first row, a note under the table or a row cut short make every cell
look wrong; a reader helped by one sentence is not helped by two hundred.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ketbio.tables.complaints import KEY_RULES, Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.columns import Wish
from ketbio.tables.rules.no_records import NO_RECORDS, NOTE, no_record_rows
from ketbio.tables.rules.registry import rule_columns, rule_settings
from ketbio.tables.rules.twice_told import baselines_once, choices_once
from ketbio.tables.rules.wrong_layout import layout_complaint
from ketbio.vocabulary import VISIT


def told_once(
    complaints: Iterable[Complaint],
    records: Records,
    source: Source,
    schema: TableSchema,
    wish: Wish,
    *,
    participants: Collection[str] | None = None,
) -> list[Complaint]:
    """Return complaints without those that only follow from another.

    Safety complaints stay, but for rows that are nobody's (a summary, the header), and every
    record that was kept out still is, by the complaint that stays.

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
    participants : collection of str or None
        Those that the study knows: none of them is a summary.
    """
    found = baselines_once(choices_once(_visits_once(complaints)), schema)
    layout = layout_complaint(records, source, schema, wish)
    if layout:
        return [layout, *_of_severity(found, "safety")]
    no_records = no_record_rows(records, source, schema, wish, participants or ())
    found = [one for one in found if not _is_of_no_record(one, records, no_records)]
    found = [*no_records.values(), *found]
    broken = {one.row for one in found if one.rule == "cell_count"} | set(no_records)
    found = [one for one in found if not _follows(one, broken, no_records, records)]
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


def _is_of_no_record(one: Complaint, records: Records, no_records: Mapping[int, Complaint]) -> bool:
    """Hold where a safety complaint is of a summary or of a header, which is nobody's score."""
    rows = {int(records.rows[position]) for position in one.positions}
    rules = {no_records[row].rule for row in rows if row in no_records}
    return bool(rows) and rows <= set(no_records) and NOTE not in rules


def _follows(
    one: Complaint, broken: Collection[int], notes: Collection[int], records: Records
) -> bool:
    """Return whether a complaint is only about rows that are broken as a whole."""
    if one.severity == "safety" or one.rule in NO_RECORDS:
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
