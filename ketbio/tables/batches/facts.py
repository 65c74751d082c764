"""What rules across rows need to know of all records: a few bytes for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.batches.cells import Cells
from ketbio.tables.contracts.schema import TableSchema
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

Mask = NDArray[np.bool_]
_DTYPES = {"flag": "boolean", "date": "datetime64[us]"}
_TABLE = 2**22


@dataclass(slots=True, kw_only=True)
class Facts:
    """The columns that rules look at, of all records.

    Attributes
    ----------
    contract : TableSchema
        Says what each column is.
    codes, words, values : mapping
        As of `Cells`, of all records.
    odd : ndarray of bool
        Records that are looked at for a cell of their own.
    """

    contract: TableSchema
    codes: Mapping[str, NDArray[np.unsignedinteger]]
    words: Mapping[str, Sequence[str]]
    values: Mapping[str, NDArray[np.float64]]
    odd: Mask
    _twice: dict[tuple[str, ...], Mask] = field(default_factory=dict)
    _courses: dict[tuple[str, ...], "NDArray[np.intp] | None"] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """How many records there are."""
        return len(self.odd)

    def key(self, columns: Sequence[str]) -> NDArray[np.uint64]:
        """Return a number per record that is the same where all of some columns are.

        Different cells may share a number where the columns have very many words: then too many
        records are looked at, never too few.
        """
        key = np.zeros(self.n, dtype=np.uint64)
        is_exact, size = True, 1
        for name in columns:
            if name in self.codes:
                part, many = self.codes[name], len(self.words[name])
            else:
                # Adding 0 makes -0 and 0 the same.
                part, many = (self.values[name] + 0.0).view(np.uint64), 2**64
            size *= many
            is_exact = is_exact and size < 2**63
            key *= np.uint64(many if is_exact else 0x9E3779B97F4A7C15)
            key += part.astype(np.uint64, copy=False)
            if not is_exact:
                key ^= key >> np.uint64(31)
        return key

    def sharing(self, columns: Sequence[str], seeds: Mask) -> Mask:
        """Return the records that share some columns with one of the seeds."""
        if not seeds.any():
            return seeds
        key = self.key(columns)
        hot = np.unique(key[seeds])
        table = np.zeros(_TABLE, dtype=np.bool_)
        table[hot % np.uint64(_TABLE)] = True
        places = np.flatnonzero(table[key % np.uint64(_TABLE)])
        found = np.zeros(self.n, dtype=np.bool_)
        found[places[np.isin(key[places], hot)]] = True
        return found

    @property
    def no_record(self) -> Mask:
        """A mask of none."""
        return np.zeros(self.n, dtype=np.bool_)

    def counts(self, column: str) -> dict[str, int]:
        """Return how often each word of a column occurs."""
        words = self.words[column]
        found = np.bincount(self.codes[column], minlength=len(words)).tolist()
        return dict(zip(words, found, strict=True))

    def course(self, visits: Sequence[str]) -> "NDArray[np.intp] | None":
        """Return the records by participant and visit, None where they stand like that already.

        Without visits those of a participant stand in the order of the rows.
        """
        if tuple(visits) not in self._courses:
            who, when = self.codes[PARTICIPANT_ID], self.codes[VISIT]
            key = who.astype(np.uint32)
            if visits:
                rank = {visit: number for number, visit in enumerate(visits)}
                ranks = [rank.get(word, len(rank)) for word in self.words[VISIT]]
                key = who.astype(np.uint64) * np.uint64(len(rank) + 1)
                key += np.array(ranks, dtype=np.uint64)[when]
            is_ordered = bool((key[1:] >= key[:-1]).all())
            order = None if is_ordered else np.argsort(key, kind="stable")
            self._courses[tuple(visits)] = order
        return self._courses[tuple(visits)]

    @staticmethod
    def twice(key: NDArray[np.uint64]) -> Mask:
        """Return which numbers occur more than once."""
        return duplicated(key)

    def duplicated(self, columns: Sequence[str]) -> Mask:
        """Return the records that share some columns with another."""
        if tuple(columns) not in self._twice:
            self._twice[tuple(columns)] = duplicated(self.key(columns))
        return self._twice[tuple(columns)]

    def parts(self, columns: Sequence[str], size: int) -> Iterator["NDArray[np.intp]"]:
        """Yield all records in parts; those that share some columns are in one part."""
        n_parts = -(-self.n // size)
        if n_parts <= 1:
            yield np.arange(self.n)
            return
        part = (self.key(columns) % np.uint64(n_parts)).astype(np.uint16)
        for number in range(n_parts):
            yield np.flatnonzero(part == number)

    def frame(self, columns: Sequence[str], rows: "NDArray[np.intp]") -> pd.DataFrame:
        """Return some columns of some records as the in-memory road types them."""
        return typed_frame(self.contract, self.codes, self.words, self.values, columns, rows)


def duplicated(key: NDArray[np.uint64]) -> Mask:
    """Return which numbers occur more than once."""
    # Most files are nearly in the order of their keys, which the one way of sorting is quick with.
    n_falls = np.count_nonzero(key[1:] < key[:-1])
    ordered = np.sort(key, kind="stable" if n_falls < len(key) // 64 else "quicksort")
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not len(twice):
        return np.zeros(len(key), dtype=np.bool_)
    place = np.minimum(np.searchsorted(twice, key), len(twice) - 1)
    return twice[place] == key


def typed_frame(  # noqa: PLR0917 the parts of a frame
    contract: TableSchema,
    codes: Mapping[str, NDArray[np.unsignedinteger]],
    words: Mapping[str, Sequence[str]],
    values: Mapping[str, NDArray[np.float64]],
    columns: Sequence[str],
    rows: "NDArray[np.intp] | slice",
) -> pd.DataFrame:
    """Return columns of codes and values as the in-memory road types them."""
    found: dict[str, pd.Series[Any]] = {}
    for name in columns:
        if name in codes:
            texts = np.array([None, *words[name][1:]], dtype=object)
            found[name] = pd.Series(texts[codes[name][rows]], dtype="str")
        elif name in values:
            kind = contract.columns[name].type if name in contract.columns else "number"
            own = values[name][rows]
            if kind == "date":
                days = np.full(len(own), "NaT", dtype="datetime64[us]")
                is_there = ~np.isnan(own)
                days[is_there] = own[is_there].astype(np.int64).astype("datetime64[us]")
                found[name] = pd.Series(days)
            elif kind == "flag":
                flags = pd.array(own == 1, dtype="boolean")
                flags[np.isnan(own)] = pd.NA
                found[name] = pd.Series(flags)
            else:
                found[name] = pd.Series(own)
        else:
            n = len(next(iter(codes.values()))[rows]) if codes else 0
            found[name] = pd.Series([None] * n, dtype="str")
    return pd.DataFrame(found)


@dataclass(slots=True, kw_only=True)
class FactGatherer:
    """Puts the columns that rules look at together, batch by batch."""

    contract: TableSchema
    columns: Sequence[str]
    _codes: dict[str, list[NDArray[np.unsignedinteger]]] = field(default_factory=dict)
    _words: dict[str, list[str]] = field(default_factory=dict)
    _values: dict[str, list[NDArray[np.float64]]] = field(default_factory=dict)
    _odd: list[Mask] = field(default_factory=list)

    def add(self, cells: Cells, odd: Mask, further: Mapping[str, NDArray[Any]]) -> None:
        """Take a batch in: its records, which are looked at, and further numbers of each."""
        self._odd.append(odd)
        for name, values in further.items():
            self._values.setdefault(name, []).append(values)
        for name in self.columns:
            if name in cells.codes:
                self._words[name] = cells.words[name]
                kind = np.min_scalar_type(len(cells.words[name]))
                self._codes.setdefault(name, []).append(cells.codes[name].astype(kind))
            elif name in cells.values:
                self._values.setdefault(name, []).append(cells.values[name])

    def facts(self) -> Facts:
        """Return what was gathered."""
        none = np.zeros(0, dtype=np.bool_)
        return Facts(
            contract=self.contract,
            codes={name: _joined(self._codes, name) for name in list(self._codes)},
            words=self._words,
            values={name: _joined(self._values, name) for name in list(self._values)},
            odd=np.concatenate(self._odd) if self._odd else none,
        )


def _joined(parts: dict[str, list[NDArray[Any]]], name: str) -> NDArray[Any]:
    return np.concatenate(parts.pop(name))
