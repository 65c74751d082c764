"""Where a record's cell stands in the file: its row, its participant, its visit, its column."""

from ketbio.tables.complaints import Complaint
from ketbio.tables.records.arrange import Records
from ketbio.vocabulary import PARTICIPANT_ID, VISIT


def complaint_at(
    records: Records,
    position: int,
    *,
    rule: str,
    message: str,
    column: str = "",
    severity: str = "error",
    rank: tuple[float, ...] = (),
    together: str = "",
    named: bool = True,
) -> Complaint:
    """Return a complaint of one record, with its row, participant, visit and cell filled in.

    A record that is no row of its own (a well of a plate) is named, unless ``named`` is False.
    """
    place = records.place(column, position) if named else ""

    def key(name: str) -> str:
        return str(records.cells[name].iloc[position]) if name in records.cells else ""

    return Complaint(
        rule=rule,
        message=f"{place[:1].upper()}{place[1:]}: {message}" if place else message,
        row=records.cell_row(column, position),
        positions=(position,),
        participant_id=key(PARTICIPANT_ID),
        visit=key(VISIT),
        column=records.incoming_name(column, position) if column else "",
        value=records.shown(column, position) if column else "",
        severity=severity,
        rank=rank,
        together=together,
        where=records.place("", position) if named else "",
    )
