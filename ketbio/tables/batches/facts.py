"""What rules across rows need to know of all records: a few bytes for each."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.contracts.schema import TableSchema
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

Mask = NDArray[np.bool_]
Key = NDArray[np.unsignedinteger]
_DTYPES = {"flag": "boolean", "date": "datetime64[us]"}
_T = TypeVar("_T")
_TABLE = 2**22
_NEARLY = 64
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
        As of `Cells`, of all records.
    odd : ndarray of bool
        Records that are looked at for a cell of their own.
    """

    contract: TableSchema
    codes: Mapping[str, NDArray[np.unsignedinteger]]
    words: Mapping[str, Sequence[str]]
    values: Mapping[str, NDArray[np.float64]]
    odd: Mask
    _twice: Remembered[Mask] = field(default_factory=Remembered)
    _courses: Remembered["NDArray[np.intp] | None"] = field(default_factory=Remembered)

    @property
    def n(self) -> int:
        """How many records there are."""
        return len(self.odd)

    def key(self, columns: Sequence[str]) -> Key:
        """Return a number per record that is the same where all of some columns are.

        Different cells may share a number where the columns have very many words: then too many
        records are looked at, never too few.
        """
        size = math.prod(self._n_different(name) for name in columns)
        if size <= _SHORT:
            return self._exact_key(columns, np.uint32)
        if size <= _LONG:
            return self._exact_key(columns, np.uint64)
        key = np.zeros(self.n, dtype=np.uint64)
        for name in columns:
            key *= _SPREAD
            # Adding 0 makes -0 and 0 the same.
            key += (
                self.codes[name]
                if name in self.codes
                else (self.values[name] + 0.0).view(np.uint64)
            )
            key ^= key >> np.uint64(31)
        return key

    def _n_different(self, name: str) -> int:
        return len(self.words[name]) if name in self.codes else _LONG + 1

    def _exact_key(self, columns: Sequence[str], kind: type[np.unsignedinteger]) -> Key:
        key = np.zeros(self.n, dtype=kind)
        for name in columns:
            key *= kind(self._n_different(name))
            key += self.codes[name]
        return key

    def sharing(self, columns: Sequence[str], seeds: Mask) -> Mask:
        """Return the records that share some columns with one of the seeds."""
        if not seeds.any():
            return seeds
        key = self.key(columns)
        return among(key, np.unique(key[seeds]))

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
            size = self._n_different(PARTICIPANT_ID) * (len(rank) + 1)
            key = key.astype(np.uint32 if size <= _SHORT else np.uint64)
            key *= key.dtype.type(len(rank) + 1)
            key += np.array(ranks, dtype=key.dtype)[self.codes[VISIT]]
        is_ordered = bool((key[1:] >= key[:-1]).all())
        return None if is_ordered else np.argsort(key, kind="stable")

    @staticmethod
    def twice(key: Key) -> Mask:
        """Return which numbers occur more than once."""
        return duplicated(key)

    def duplicated(self, columns: Sequence[str]) -> Mask:
        """Return the records that share some columns with another."""
        return self._twice.once(tuple(columns), lambda: duplicated(self.key(columns)))

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


def duplicated(key: Key) -> Mask:
    """Return which numbers occur more than once."""
    n_falls = np.count_nonzero(key[1:] <= key[:-1])
    if n_falls < len(key) // _NEARLY:
        # Most files are in the order of their keys, but for a few records.
        ordered = np.sort(key, kind="stable") if n_falls else key
        return among(key, _repeated(ordered))
    if key.dtype == np.uint32:
        return among(key, _repeated(np.sort(key)))
    # Half as many bits are sorted in half the time, and leave few numbers to look at again.
    short = ((key * _SPREAD) >> np.uint64(32)).astype(np.uint32)
    maybe = np.flatnonzero(among(short, _repeated(np.sort(short))))
    found = np.zeros(len(key), dtype=np.bool_)
    found[maybe] = among(key[maybe], _repeated(np.sort(key[maybe])))
    return found


def _repeated(ordered: Key) -> Key:
    return np.unique(ordered[1:][ordered[1:] == ordered[:-1]])


def among(key: Key, few: Key) -> Mask:
    """Return which numbers are among a few."""
    found = np.zeros(len(key), dtype=np.bool_)
    if len(few):
        # By their last bits most numbers are found to be none of the few without a search.
        last = key.dtype.type(_TABLE - 1)
        table = np.zeros(_TABLE, dtype=np.bool_)
        table[few & last] = True
        places = np.flatnonzero(table[key & last])
        found[places[np.isin(key[places], few)]] = True
    return found


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
