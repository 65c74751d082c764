"""What becomes of the complaints of a table that holds direct identifiers; codes with decimals."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ketbio.tables.complaints import SAFETY_GAPS, Complaint
from ketbio.tables.files.source import Source
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.typed import complaint_at
from ketbio.vocabulary import PARTICIPANT_ID


def stopped(complaints: Sequence[Complaint], n_records: int) -> list[Complaint]:
    """Return what is said of a table that holds direct identifiers, nothing for any other table.

    Parameters
    ----------
    complaints : sequence of Complaint
        All that was found.
    n_records : int
        How many records came in: none of them is accepted.

    Returns
    -------
    list of Complaint
        The identifiers, each keeping every record out, and whatever concerns safety.
    """
    personal = [one for one in complaints if one.rule == DIRECT_IDENTIFIER]
    if not personal:
        return []
    every = tuple(range(n_records))
    safety = [one for one in complaints if one.severity == "safety" or one.rule in SAFETY_GAPS]
    return [*(replace(one, positions=every) for one in personal), *safety]


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
