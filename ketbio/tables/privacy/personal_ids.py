"""Codes that say who a person is: names, dates, e-mail addresses, and how they are kept quiet."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ketbio.tables.complaints import Complaint
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import cut
from ketbio.tables.privacy.identifiers import EMAIL, looks_like_date, looks_like_name
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.typed import complaint_at
from ketbio.vocabulary import PARTICIPANT_ID

REMOVED = "[not shown]"
"""Stands for a value that must not be repeated."""
RULE = "direct_identifier"
_CODES = (PARTICIPANT_ID, "rater_id")


def personal_codes(records: Records) -> Iterator[Complaint]:
    """Complain of codes that look like a name or a date; their values are not shown."""
    for column in _CODES:
        if column not in records.cells:
            continue
        for position, code in enumerate(records.cells[column]):
            label = records.label(column, position)
            if EMAIL.search(code):
                continue  # said where the e-mail addresses of every column are
            if looks_like_name(code):
                message = f"{label} looks like a name; use a code, and remove the name."
            elif looks_like_date(code):
                message = (
                    f"{label} looks like a date; use a code, never a date of birth. Where a "
                    "spreadsheet program made it of a code, format the column as text first."
                )
            else:
                continue
            one = complaint_at(records, position, rule=RULE, column=column, message=message)
            yield replace(one, value=REMOVED)


def fractional_codes(records: Records, source: Source) -> Iterator[Complaint]:
    """Complain of participants whose code is stored as a number with decimals."""
    if PARTICIPANT_ID not in records.cells:
        return
    for position, row in enumerate(records.rows):
        if (int(row), records.incoming_name(PARTICIPANT_ID, position)) in source.fractions:
            label = records.label(PARTICIPANT_ID, position)
            written = records.shown(PARTICIPANT_ID, position)
            yield complaint_at(
                records,
                position,
                rule="fractional_code",
                column=PARTICIPANT_ID,
                message=f"{label} is the number {written}, which may have lost a digit (1.10 "
                "becomes 1.1); format the column as text and write the code again.",
            )


def quieted(complaints: Sequence[Complaint], records: Records) -> list[Complaint]:
    """Return complaints that nowhere repeat a code that looks like a name or a date.

    Parameters
    ----------
    complaints : sequence of Complaint
        Those of one table.
    records : Records
        Its records.
    """
    places = {i for one in complaints if one.rule == RULE for i in one.positions}
    if not places:
        return list(complaints)
    secrets = {
        str(frame[column].iloc[i])
        for frame in (records.cells, records.written)
        for column in _CODES
        if column in frame
        for i in places
    }
    personal = {secret.strip() for secret in secrets if _is_personal(secret.strip())}
    told = sorted({*personal, *map(cut, personal)}, key=len, reverse=True)
    return [_without(one, told) for one in complaints]


def _is_personal(code: str) -> bool:
    return looks_like_name(code) or looks_like_date(code)


def _without(one: Complaint, secrets: Sequence[str]) -> Complaint:
    message, who, value = one.message, one.participant_id, one.value
    for secret in secrets:
        message, who, value = (text.replace(secret, REMOVED) for text in (message, who, value))
    return replace(one, message=message, participant_id=who, value=value)
