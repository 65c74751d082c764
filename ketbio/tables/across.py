"""Complaints that need more than one table: orphan participants, visits that the study lacks."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from ketbio.tables.complaints import KEY_RULES, Complaint, merged_complaints
from ketbio.tables.outcome.check import Check
from ketbio.tables.privacy.personal_ids import RULE as DIRECT_IDENTIFIER
from ketbio.tables.records.typed import complaint_at
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

PARTICIPANTS = "participants"


def check_across(
    checks: Mapping[str, Check], *, visits: Sequence[str] | None = None
) -> dict[str, Check]:
    """Hold the tables of a study against each other.

    Every participant of a data table has to be in the participants table (where there is one), and
    every visit has to be one that the study names. A participant whose own row was rejected is
    known all the same: the complaint stands there, once.

    Parameters
    ----------
    checks : mapping of str to Check
        The study's tables; participants are those whose schema is ``"participants"``.
    visits : sequence of str, optional
        The study's visits.

    Returns
    -------
    dict of str to Check
        The same keys in the same order; an orphan's record has moved to ``rejected``.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.tables import check_table
    >>> people = check_table(pd.DataFrame({"participant_id": ["P01"]}), "participants")
    >>> levels = check_table(pd.DataFrame({"participant_id": ["P10"], "visit": ["day_1"],
    ...                                    "entropy": ["0.8"]}), "markers")
    >>> both = check_across({"participants": people, "imaging": levels})
    >>> print(both["imaging"].sentences()[0])
    table markers, row 2: participant_id is 'P10', who is not in the participants table. Correct it,
    or add the participant there.
    """
    people = [check for check in checks.values() if check.schema == PARTICIPANTS]
    known = None
    if people:
        # A code that looks like a name must not come back as a suggestion.
        hidden = {id(check): _personal(check) for check in people}
        known = {
            str(identifier)
            for check in people
            if PARTICIPANT_ID in check.records.cells
            for i, identifier in enumerate(check.records.cells[PARTICIPANT_ID])
            if identifier and i not in hidden[id(check)]
        }
    return {name: _with_orphans(check, known, visits) for name, check in checks.items()}


def _with_orphans(check: Check, known: set[str] | None, visits: Sequence[str] | None) -> Check:
    found: list[Complaint] = []
    if known is not None and check.schema != PARTICIPANTS:
        found += _unknown(check, PARTICIPANT_ID, known)
    if visits is not None:
        found += _unknown(check, VISIT, visits)
    said = {(one.rule, position) for one in check.found for position in one.positions}
    new = [one for one in found if (one.rule, one.positions[0]) not in said]
    if not new:
        return check
    kept = check.kept.copy()
    kept[[one.positions[0] for one in new]] = False
    staying = np.flatnonzero(kept[check.kept])
    return replace(
        check,
        found=tuple(merged_complaints([*check.found, *new])),
        kept=kept,
        accepted=check.accepted.iloc[staying].reset_index(drop=True),
    )


def _unknown(check: Check, column: str, allowed: Collection[str]) -> Iterator[Complaint]:
    """Complain of the records whose key is filled and not among the allowed ones."""
    records = check.records
    if column not in records.cells:
        return
    rule, say = KEY_RULES[column]
    # Records that are no records, or whose code must not be shown, have their complaint.
    said = _personal(check) | _of_rule(check, "header_row", "note_row", "cell_count")
    for position, word in enumerate(records.cells[column]):
        if word and word not in allowed and position not in said:
            message = say(records.label(column, position), word, allowed)
            yield complaint_at(records, position, rule=rule, column=column, message=message)


def _personal(check: Check) -> set[int]:
    return _of_rule(check, DIRECT_IDENTIFIER)


def _of_rule(check: Check, *rules: str) -> set[int]:
    return {i for one in check.found if one.rule in rules for i in one.positions}
