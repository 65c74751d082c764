"""Two rules that say the same of one cell or one participant: the one that says more stays."""

from collections.abc import Sequence
from dataclasses import replace

from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema

_WORD, _CHOICE = "allowed", "redcap_choice"


def choices_once(found: Sequence[Complaint]) -> list[Complaint]:
    """Let what the data dictionary says of a cell stand for what the schema says of its word."""
    words = {(one.row, one.column): one for one in found if one.rule == _WORD and one.column}
    told = {(one.row, one.column) for one in found if one.rule == _CHOICE} & set(words)
    kept = [one for one in found if one.rule != _WORD or (one.row, one.column) not in told]
    return [
        # A cell that feeds several records keeps all of them out.
        replace(
            one, positions=tuple(sorted({*one.positions, *words[one.row, one.column].positions}))
        )
        if one.rule == _CHOICE and (one.row, one.column) in told
        else one
        for one in kept
    ]


def baselines_once(found: Sequence[Complaint], schema: TableSchema) -> list[Complaint]:
    """Say once of a participant without a baseline that nothing can be counted from it."""
    of_check: dict[str, set[str]] = {}
    for rule in schema.rules:
        of_check.setdefault(rule.check, set()).add(rule.name)
    lacking = {
        one.participant_id
        for one in found
        if one.rule in of_check.get("has_baseline", ()) and one.participant_id
    }
    # Without a baseline no day is inside its window or outside: that is all a window can say then.
    windows = of_check.get("inside_window", set())
    return [
        one
        for one in found
        if one.rule not in windows
        or one.participant_id not in lacking
        or one.severity != "warning"
        or not one.column
    ]
