"""What was seen while reading a file, as complaints of its records."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ketbio.tables.complaints import Complaint
from ketbio.tables.files.source import Source
from ketbio.tables.phrases import quoted
from ketbio.tables.records.arrange import Records
from ketbio.tables.records.columns import Wish, work_columns
from ketbio.tables.records.typed import Typed, complaint_at

UNREAD_CELLS = ("formula_without_result", "layout_cell")
"""Rules of faults after which a cell is not empty, though nothing could be read from it."""


def fault_complaints(records: Records, source: Source, wish: Wish) -> Iterator[Complaint]:
    """Say what was seen while reading, but for columns left out."""
    record_of = {cell: record for (record, _), cell in source.cell_rows.items()}
    for fault in source.faults:
        if fault.column in wish.ignore and fault.column and not fault.stays:
            continue
        row = record_of.get(fault.row, fault.row)
        numbers = [row] if fault.records is None else list(fault.records)
        positions = np.flatnonzero(np.isin(records.rows, numbers)).tolist()
        one = Complaint(
            rule=fault.rule,
            message=fault.message,
            row=fault.row,
            column=fault.column,
            value=fault.value,
            severity=fault.severity,
            together=fault.together,
        )
        if positions:
            place = complaint_at(records, positions[0], rule=fault.rule, message=fault.message)
            one = replace(one, positions=tuple(positions), participant_id=place.participant_id)
        yield one


def unsorted_cells(records: Records, source: Source, wish: Wish) -> Iterator[Complaint]:
    """Complain of the rows of a work list whose extra cells nobody has put in their place yet."""
    if "extra_cells" not in work_columns(source, wish.columns):
        return
    place = source.header.index("extra_cells")
    filled = {
        number: cells[place].strip()
        for number, cells in zip(source.row_numbers, source.rows, strict=True)
        if cells[place].strip()
    }
    for position, row in enumerate(records.rows):
        if int(row) in filled:
            one = complaint_at(
                records,
                position,
                rule="cell_count",
                message=f"extra_cells holds {quoted(filled[int(row)])}, the cells that the row had "
                "too many; put each cell in its column and empty extra_cells.",
            )
            yield replace(one, column="extra_cells", value=filled[int(row)])


def without_results(typed: Typed, records: Records, source: Source, wish: Wish) -> Typed:
    """Count the cells of formulas without a result as unread: they are not empty."""
    faults = {
        (row, fault.column)
        for fault in source.faults
        if fault.rule in UNREAD_CELLS and fault.column not in wish.ignore
        for row in fault.records or (fault.row,)
    }
    cells = {
        (position, str(name))
        for position, row in enumerate(records.rows)
        for name in records.cells
        if faults and (int(row), records.incoming_name(str(name), position)) in faults
    }
    return replace(typed, unread=typed.unread | cells)
