"""Complaints as lines of a page, and which of very many are shown."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.outcome.check import Check
from ketbio.tables.outcome.places import (
    cell_name,
    column_letter,
    column_numbers,
    record_column,
    record_row,
)
from ketbio.tables.outcome.visible import visible


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One complaint, ready to be shown.

    Attributes
    ----------
    key : str
        The same for the same complaint of the same file, whenever it is checked.
    severity, rule, message : str
        As in the table of complaints.
    row : int
        Spreadsheet row of the cell.
    record_row : int
        The row that the record stands under.
    column : str
        Column name as it stands in the file, to look it up.
    place : str
        Where, for a reader: ``C5 madrs_total``.
    participant, who : str
        The participant; the participant with the visit.
    number : int
        Its number in its block.
    """

    key: str
    severity: str
    rule: str
    message: str
    row: int
    record_row: int
    column: str
    place: str
    participant: str
    who: str
    number: int = 0

    def numbered(self, number: int) -> "Line":
        """Return the line with its number in its block."""
        return replace(self, number=number)


def lines_of(check: Check) -> list[Line]:
    """Return the complaints of a check as lines, safety first."""
    numbers = column_numbers(check.source)
    made = []
    told = check.complaints.to_dict("records")
    for one, words in zip(check.found, told, strict=True):
        named = [words["participant_id"], words["visit"]]
        identity = f"{check.sha256}\0{check.table}\0{one.row}\0{one.column}\0{words['message']}"
        letter = column_letter(record_column(check, one))
        own = f"{letter}{one.row}" if letter else f"row {one.row}"
        place = [cell_name(numbers, one.row, one.column) or own, words["column"]]
        made.append(
            Line(
                key=hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()[:12],
                severity=one.severity,
                rule=visible(one.rule),
                message=visible(words["message"]),
                row=one.row,
                record_row=record_row(check, one),
                column=one.column,
                place=visible(" · ".join(filter(None, place))),
                participant=visible(words["participant_id"]),
                who=visible(" · ".join(filter(None, named))),
            )
        )
    return made


def shown_lines(lines: Sequence[Line], most: int) -> list[Line]:
    """Return at most so many lines: safety first, then of every rule a fair share.

    A rule that fails in thousands of rows does not push the others off the page.

    Parameters
    ----------
    lines : sequence of Line
        All complaints, in order.
    most : int
        How many may be shown.

    Returns
    -------
    list of Line
        In the same order.
    """
    turns: dict[tuple[str, str], int] = {}
    order = []
    for place, line in enumerate(lines):
        key = (line.severity, line.rule)
        turns[key] = turns.get(key, 0) + 1
        # Safety by its order; the first of each rule before the second of any.
        rank = (0, place) if line.severity == SEVERITIES[0] else (turns[key], place)
        order.append((rank, place))
    chosen = sorted(place for _, place in sorted(order)[:most])
    return [lines[place] for place in chosen]
