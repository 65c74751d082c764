"""Some records of a file, taken out of it and held against the schema as a small table is."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.batches.batch import Incoming, Lines
from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.outcome.check import Check
from ketbio.tables.reading import check_source
from ketbio.tables.records.columns import Wish
from ketbio.tables.rules.contract import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the in-memory road said of some records.

    Attributes
    ----------
    check : Check
        Its outcome.
    records : ndarray of int
        Which of the file's records its records are.
    complaints : tuple of Complaint
        What was found, ``positions`` being records of the file.
    of_all : frozenset of int
        Which of them (0-based) concern every record of the file.
    """

    check: Check
    records: NDArray[np.intp]
    complaints: tuple[Complaint, ...]
    of_all: frozenset[int]

    @property
    def accepted(self) -> pd.DataFrame:
        """The accepted records, ``position`` being that in the file."""
        frame = self.check.accepted.copy()
        frame.insert(0, "position", self.records[self.check.kept])
        return frame


def taken_out(
    incoming: Incoming, records: "NDArray[np.intp]", told: Callable[[int], None]
) -> Lines:
    """Return records of a file as text, in order."""
    parts: list[Lines] = []
    for batch in incoming.batches(told, records):
        start, stop = np.searchsorted(records, [batch.first, batch.first + len(batch.rows)])
        if stop > start:
            parts.append(incoming.taken(batch, records[start:stop] - batch.first))
        if stop == len(records):
            break
    return Lines(
        rows=[row for part in parts for row in part.rows],
        cells=[cells for part in parts for cells in part.cells],
        fractions=frozenset().union(*(part.fractions for part in parts)),
    )


def seen(  # noqa: PLR0917 the steps of the in-memory road
    incoming: Incoming,
    lines: Lines,
    records: "NDArray[np.intp]",
    contract: TableSchema,
    wish: Wish,
    known: Known,
    *,
    table: str,
) -> Seen:
    """Hold records against the schema on the in-memory road."""
    source = incoming.excerpt(lines)
    check = check_source(source, contract, wish, known, table=table)
    place = dict(zip(lines.rows, records.tolist(), strict=True))
    own = np.array([place[row] for row in check.records.rows.tolist()], dtype=np.intp)
    n = len(own)
    complaints = tuple(
        replace(one, positions=tuple(own[list(one.positions)].tolist())) for one in check.found
    )
    of_all = frozenset(
        i for i, one in enumerate(check.found) if one.whole_table and n and len(one.positions) == n
    )
    return Seen(check=check, records=own, complaints=complaints, of_all=of_all)


def is_whole(
    one: Complaint, rules: Collection[str], records: Sequence["NDArray[np.bool_]"]
) -> bool:
    """Return whether all that a complaint may depend on was there when it was made.

    Parameters
    ----------
    one : Complaint
        What was said.
    rules : collection of str
        The rules of groups that were held against some records only.
    records : sequence of ndarray of bool
        Those records: groups that were seen whole.
    """
    if one.rule not in rules or not one.positions:
        return True
    # All records of a complaint share a group, so that one of them tells for all.
    return any(bool(mask[min(one.positions)]) for mask in records)
