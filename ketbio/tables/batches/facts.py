"""What rules across rows need to know of all records: a few bytes for each."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.batches.keys import Few, Key, Mask, Rows, duplicated, stretches
from ketbio.tables.contracts.schema import TableSchema
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

_DTYPES = {"flag": "boolean", "date": "datetime64[us]"}
_T = TypeVar("_T")
_ALL = slice(None)
_SHORT, _LONG = 2**32, 2**64
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Remembered(Generic[_T]):
    """What is worked out once, whoever asks first and however many ask at the same time."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, ...], _T] = {}
        self._locks: dict[tuple[str, ...], Lock] = {}

    def once(self, name: tuple[str, ...], make: Callable[[], _T]) -> _T:
        """Return what ``make`` returned when it was first asked for by that name."""
        with self._locks.setdefault(name, Lock()):
            if name not in self._found:
                self._found[name] = make()
            return self._found[name]


@dataclass(slots=True, kw_only=True)
class Facts:
    """The columns that rules look at, of all records.

    Attributes
    ----------
    contract : TableSchema
        Says what each column is.
    codes, words, values : mapping
        As of `Cells`, of all records; numbers in single precision where that holds them.
    odd : ndarray of bool
        Records that are looked at for a cell of their own.
    alike : Remembered
        Which words of a column are alike, by the column and in what.
    """

    contract: TableSchema
    codes: Mapping[str, NDArray[np.unsignedinteger]]
    words: Mapping[str, Sequence[str]]
    values: Mapping[str, NDArray[np.floating]]
    odd: Mask
    alike: Remembered[Mask] = field(default_factory=Remembered)
    _twice: Remembered[Mask] = field(default_factory=Remembered)
    _courses: Remembered["NDArray[np.intp] | None"] = field(default_factory=Remembered)

    @property
    def n(self) -> int:
        """How many records there are."""
        return len(self.odd)

    def n_keys(self, columns: Sequence[str]) -> int:
        """Return how many different cells some columns could have together."""
        return math.prod(
            len(self.words[name]) if name in self.codes else _LONG + 1 for name in columns
        )

    def key(self, columns: Sequence[str], rows: Rows = _ALL) -> Key:
        """Return a number per record that is the same where all of some columns are.

        Different cells may share a number where the columns have very many words: then too many
        records are looked at, never too few.
        """
        size = self.n_keys(columns)
        if size <= _LONG:
            return self._exact_key(columns, rows, np.uint32 if size <= _SHORT else np.uint64)
        key = np.zeros(len(self.odd[rows]), dtype=np.uint64)
        for name in columns:
            key *= _SPREAD
            if name in self.codes:
                key += self.codes[name][rows]
            else:
                # Adding 0 makes -0 and 0 the same.
                key += (self.values[name][rows].astype(np.float64) + 0.0).view(np.uint64)
            key ^= key >> np.uint64(31)
        return key

    def _exact_key(self, columns: Sequence[str], rows: Rows, kind: type[np.unsignedinteger]) -> Key:
        key = np.zeros(len(self.odd[rows]), dtype=kind)
        for name in columns:
            key *= kind(len(self.words[name]))
            key += self.codes[name][rows]
        return key

    def sharing(self, columns: Sequence[str], seeds: Mask) -> Mask:
        """Return the records that share some columns with one of the seeds."""
        found = self.no_record
        few = Few(self.key(columns, np.flatnonzero(seeds)))
        for part in stretches(self.n if seeds.any() else 0):
            found[part] = few(self.key(columns, part))
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
        return self._courses.once(tuple(visits), lambda: self._course(visits))

    def _course(self, visits: Sequence[str]) -> "NDArray[np.intp] | None":
        key: Key = self.codes[PARTICIPANT_ID]
        if visits:
            rank = {visit: number for number, visit in enumerate(visits)}
            ranks = [rank.get(word, len(rank)) for word in self.words[VISIT]]
            size = len(self.words[PARTICIPANT_ID]) * (len(rank) + 1)
            key = key.astype(np.uint32 if size <= _SHORT else np.uint64)
            key *= key.dtype.type(len(rank) + 1)
            key += np.array(ranks, dtype=key.dtype)[self.codes[VISIT]]
        is_ordered = bool((key[1:] >= key[:-1]).all())
        return None if is_ordered else np.argsort(key, kind="stable")

    def duplicated(self, columns: Sequence[str]) -> Mask:
        """Return the records that share some columns with another."""
        return self._twice.once(
            tuple(columns), lambda: duplicated(self.n, lambda rows: self.key(columns, rows))
        )

    def together(self) -> Iterator[slice]:
        """Yield stretches that hold every record of their participants: all, where they mingle."""
        if self.course(()) is not None:
            yield slice(0, self.n)
            return
        who, start = self.codes[PARTICIPANT_ID], 0
        for part in stretches(self.n):
            if start < part.stop:
                stop = int(np.searchsorted(who, who[part.stop - 1], side="right"))
                yield slice(start, stop)
                start = stop

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


def typed_frame(  # noqa: PLR0917 the parts of a frame
    contract: TableSchema,
    codes: Mapping[str, NDArray[np.unsignedinteger]],
    words: Mapping[str, Sequence[str]],
    values: Mapping[str, NDArray[np.floating]],
    columns: Sequence[str],
    rows: Rows,
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
                found[name] = pd.Series(own.astype(np.float64))
        else:
            n = len(next(iter(codes.values()))[rows]) if codes else 0
            found[name] = pd.Series([None] * n, dtype="str")
    return pd.DataFrame(found)
