"""Participants and visits of each table held against those that the study knows.

A code is never matched by its looks: what looks like a known code is a complaint that names it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ketbio.tables.across_codes import told_together
from ketbio.tables.complaints import KEY_RULES, Complaint, near_hint
from ketbio.tables.outcome.check import Check
from ketbio.tables.phrases import quoted
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER, is_masked
from ketbio.tables.records.places import complaint_at
from ketbio.tables.rules.no_records import NO_RECORDS
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

PARTICIPANTS = "participants"
_NO_RECORDS = ("header_row", *NO_RECORDS, "cell_count")


def known_codes(checks: Mapping[str, Check]) -> frozenset[str] | None:
    """Return the participants that the study knows; None where it has no participants table."""
    people = [check for check in checks.values() if check.schema == PARTICIPANTS]
    if not people:
        return None
    # A table stopped for its identifiers still says who takes part, but for codes not shown.
    return frozenset(code for check in people for code in _codes(check))


def _codes(check: Check) -> Iterator[str]:
    said = of_rule(check, *_NO_RECORDS)
    for position, word in enumerate(check.records.cells.get(PARTICIPANT_ID, ())):
        if word and position not in said and not is_masked(str(word)):
            yield str(word)


def code_places(check: Check, column: str = PARTICIPANT_ID) -> dict[str, list[int]]:
    """Return each word of a key with its records, in their order.

    Records that are none (a note, a row cut short), and codes that must not be shown, have their
    complaint and are left out.
    """
    places: dict[str, list[int]] = {}
    if column not in check.records.cells:
        return places
    said = of_rule(check, DIRECT_IDENTIFIER, *_NO_RECORDS)
    for position, word in enumerate(check.records.cells[column]):
        if word and position not in said:
            places.setdefault(str(word), []).append(position)
    return places


def of_rule(check: Check, *rules: str) -> set[int]:
    """Return the records that complaints of some rules are about."""
    return {i for one in check.found if one.rule in rules for i in one.positions}


def unknown_keys(
    check: Check, known: frozenset[str] | None, visits: Sequence[str] | None
) -> Iterator[Complaint]:
    """Complain once of each participant and visit of a table that the study does not know."""
    if known is not None and check.schema != PARTICIPANTS:
        yield from _unknown(check, PARTICIPANT_ID, known)
    if visits is not None:
        yield from _unknown(check, VISIT, visits)


def _unknown(check: Check, column: str, allowed: Collection[str]) -> Iterator[Complaint]:
    rule, say = KEY_RULES[column]
    said = of_rule(check, rule)
    every = code_places(check, column)
    open_places = {
        word: rows
        for word, places in every.items()
        if word not in allowed and (rows := [i for i in places if i not in said])
    }
    if column == PARTICIPANT_ID:
        for together, message in told_together(open_places, allowed, n_words=len(every)):
            yield _of_several(check, together, rule=rule, message=message)
            open_places = {word: one for word, one in open_places.items() if word not in together}
    for word, positions in open_places.items():
        message = say(label_in_rows(check, column, positions), word, allowed)
        yield complaint_of(check, positions, rule=rule, column=column, message=message)


def _of_several(
    check: Check, places: Mapping[str, Sequence[int]], *, rule: str, message: str
) -> Complaint:
    """Return one complaint of all records of several ids; it is nobody's own."""
    positions = sorted(i for several in places.values() for i in several)
    label = label_in_rows(check, PARTICIPANT_ID, positions)
    one = complaint_of(
        check, positions, rule=rule, column=PARTICIPANT_ID, message=f"{label}: {message}"
    )
    return replace(one, participant_id="", visit="", value="")


def label_in_rows(check: Check, column: str, positions: Sequence[int]) -> str:
    """Return how a message names a column: with its rows where there are several."""
    label = check.records.label(column, positions[0])
    rows = {int(check.records.rows[i]) for i in positions}
    return f"{label} in {check.records.listed(positions)}" if len(rows) > 1 else label


def complaint_of(
    check: Check,
    positions: Sequence[int],
    *,
    rule: str,
    column: str,
    message: str,
    severity: str = "error",
) -> Complaint:
    """Return one complaint of several records, at the first of them."""
    one = complaint_at(
        check.records, positions[0], rule=rule, column=column, message=message, severity=severity
    )
    return replace(one, positions=tuple(positions))


def place_of(check: Check, position: int) -> str:
    """Return the file and row of a record, as a message of another table names it."""
    return f"{check.file or f'table {check.table}'}, {check.records.listed([position])}"


def codes_spelt_apart(checks: Mapping[str, Check]) -> Iterator[tuple[str, Complaint]]:
    """Warn of codes that two tables write in two ways, where no participants table decides."""
    if known_codes(checks) is not None:
        return
    seen: dict[str, str] = {}
    for name, check in checks.items():
        places = code_places(check)
        earlier = frozenset(seen)
        for word, positions in places.items():
            hint = near_hint(word, earlier) if word not in earlier else ""
            if hint:
                label = label_in_rows(check, PARTICIPANT_ID, positions)
                message = (
                    f"{label} is {quoted(word)}, which no other table has.{hint} Another table "
                    "does; write one code for one participant."
                )
                yield (
                    name,
                    complaint_of(
                        check,
                        positions,
                        rule="alike_codes",
                        column=PARTICIPANT_ID,
                        message=message,
                        severity="warning",
                    ),
                )
        seen |= dict.fromkeys(places, name)
