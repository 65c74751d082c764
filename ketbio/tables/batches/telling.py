"""What is told of a large table, put together from its parts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ketbio.tables.batches.closer_look import Seen, is_whole
from ketbio.tables.batches.large_check import Tally
from ketbio.tables.batches.looks import Look
from ketbio.tables.batches.parts import Part
from ketbio.tables.batches.shelf import Shelf
from ketbio.tables.complaints import Complaint
from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.privacy.identifiers import without_emails
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER

_SUSPECTED = "missing_code"
_NEXT_PART = 2**24
_NEXT_SEVERITY = 2**48


@dataclass(slots=True, kw_only=True)
class Telling:
    """The complaints of the parts, counted, and some of them listed.

    Attributes
    ----------
    kept : ndarray of bool
        Which records are accepted.
    suspected : ndarray of bool
        Records with a number that looks like a code for a missing value, among all.
    max_listed : int
        How many complaints of a rule are listed.
    for_writing : bool
        Whether the rows will be written, with what is said of them.
    found : list of Complaint
        The complaints listed.
    messages, typed : Shelf
        What is said of each record; the accepted ones among those looked at.
    extra_cells : dict of int to str
        The cells past the header, by record.
    of_all : list of (int, str)
        What is said of every record, with its place among what is said.
    is_stopped : bool
        Whether direct identifiers were found.
    """

    kept: NDArray[np.bool_]
    suspected: NDArray[np.bool_]
    max_listed: int
    for_writing: bool
    found: list[Complaint] = field(default_factory=list)
    messages: Shelf = field(default_factory=Shelf)
    typed: Shelf = field(default_factory=Shelf)
    extra_cells: dict[int, str] = field(default_factory=dict)
    of_all: list[tuple[int, str]] = field(default_factory=list)
    is_stopped: bool = False
    n_parts: int = 0
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _rows: dict[tuple[str, str], NDArray[np.bool_]] = field(default_factory=dict)
    _other_rows: dict[tuple[str, str], set[int]] = field(default_factory=dict)

    def add(self, seen: Seen, part: Part, close: Sequence[Look], odd: NDArray[np.bool_]) -> None:
        """Take the complaints of a part in."""
        group_rules = {name for look in close for name in look.rules}
        told: list[tuple[int, int, str]] = []
        for i, one in enumerate(seen.complaints):
            if not self._counts_here(one, part, close, group_rules):
                continue
            is_of_all = i in seen.of_all
            self._count(one, seen, is_of_all=is_of_all)
            place = SEVERITIES.index(one.severity) * _NEXT_SEVERITY + self.n_parts * _NEXT_PART + i
            message = without_emails(one.message)
            if is_of_all:
                self.of_all.append((place, message))
            else:
                told += [(position, place, message) for position in one.positions]
        if self.for_writing:
            self._put_aside(seen, told, part, odd)
        self.n_parts += 1

    def _counts_here(
        self, one: Complaint, part: Part, close: Sequence[Look], group_rules: set[str]
    ) -> bool:
        if one.rule == _SUSPECTED and not self.suspected[list(one.positions)].all():
            return False
        if part.rules is None:
            whole = [look.records for look in close if one.rule in look.rules]
            return is_whole(one, group_rules, whole)
        if one.rule in group_rules:
            return one.rule in part.rules and is_whole(one, group_rules, [part.records])
        if part.own is None or not one.positions or one.whole_table:
            return self.n_parts == 0
        return bool(part.own[min(one.positions)])

    def _count(self, one: Complaint, seen: Seen, *, is_of_all: bool) -> None:
        self.is_stopped |= one.rule == DIRECT_IDENTIFIER
        key = one.rule, one.severity
        self._counts[key] += 1
        if self._counts[key] <= self.max_listed:
            self.found.append(one)
        rows = self._rows.setdefault(key, np.zeros(len(self.kept), dtype=np.bool_))
        if is_of_all or one.positions:
            rows[slice(None) if is_of_all else list(one.positions)] = True
        else:
            here = seen.records[seen.check.records.rows == one.row]
            rows[here] = True
            if not len(here):  # the row of the header, for instance
                self._other_rows.setdefault(key, set()).add(one.row)
        if one.severity == "error":
            self.kept[slice(None) if is_of_all else list(one.positions)] = False

    def _put_aside(
        self,
        seen: Seen,
        told: Sequence[tuple[int, int, str]],
        part: Part,
        odd: NDArray[np.bool_],
    ) -> None:
        schema = {"position": pl.Int64, "place": pl.Int64, "message": pl.String}
        self.messages.put(pl.DataFrame(told, schema=schema, orient="row"))
        if part.own is None or part.own.any():
            accepted = pl.DataFrame(pl.from_pandas(seen.accepted))
            chosen = odd if part.own is None else odd & part.own
            self.typed.put(accepted.filter(chosen[accepted["position"].to_numpy()]))
            cells = seen.check.records.extra_cells
            pairs = zip(seen.records.tolist(), cells, strict=True)
            self.extra_cells |= {position: text for position, text in pairs if text}

    def tallies(self) -> tuple[Tally, ...]:
        """Return how many complaints each rule has."""
        return tuple(
            Tally(
                rule=rule,
                severity=severity,
                complaints=n,
                rows=int(np.count_nonzero(self._rows[rule, severity]))
                + len(self._other_rows.get((rule, severity), ())),
            )
            for (rule, severity), n in self._counts.items()
        )
