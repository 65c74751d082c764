"""A column of words: each word looked at once, each cell a small number that stands for it."""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ketbio.errors import FileError
from ketbio.tables.batches.judging import Verdict
from ketbio.tables.batches.numbering import as_words
from ketbio.tables.files.size_limits import LONGEST_CELL
from ketbio.tables.records.days import EARLIEST_YEAR

Codes = NDArray[np.uint32]
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNSEEN = np.uint32(2**32 - 1)
_Known = TypeVar("_Known", bound=np.generic)
PLAIN = re.compile(r"[A-Za-z]{1,4}[-_]?[0-9]{1,6}|[0-9]{1,5}", re.ASCII)
"""A code about which there is nothing to say, whatever the column."""


class _Table:
    """What the file, or the polars library, numbers a word by → its number and its code here."""

    def __init__(self) -> None:
        self.numbers: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.codes: Codes = np.zeros(0, dtype=np.uint32)

    def grow(self, size: int) -> None:
        """Make room for that many words."""
        if size > len(self.codes):
            more = max(size, 2 * len(self.codes)) - len(self.codes)
            self.numbers = np.append(self.numbers, np.zeros(more, dtype=np.int32))
            self.codes = np.append(self.codes, np.full(more, _UNSEEN, dtype=np.uint32))


class Words:
    """The words of one column.

    Attributes
    ----------
    texts : list of str
        The words as they count, by code; 0 is the empty one.
    """

    def __init__(
        self,
        *,
        passed: Collection[str],
        takes_plain: bool,
        takes_blank: bool = True,
        takes_days: bool = False,
        is_required: bool = False,
    ) -> None:
        self.texts = [""]
        # Words as written that mean themselves need not be looked up, as long as all are such.
        self._ids: dict[str, int] | None = None
        self._passed = {*passed, ""} if takes_blank else passed
        self._takes_plain, self._takes_days = takes_plain, takes_days
        self._is_required = is_required
        # Every word as written has a number, by which stand its code and what is known of it.
        self._written: list[str] = []
        self._unusual: list[str] = []
        self._number: dict[str, int] = {}
        self._code = np.zeros(0, dtype=np.uint32)
        self._is_odd = np.zeros(0, dtype=np.bool_)
        self._value = np.zeros(0, dtype=np.float64)
        self._has_odd = False
        self._tables: dict[str, _Table] = {}
        self._now = _Table()
        self._local: Codes = np.zeros(0, dtype=np.uint32)
        self._fresh: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._codes: Codes = np.zeros(0, dtype=np.uint32)
        self._waiting: list[tuple[int, str]] = []

    @property
    def written(self) -> Collection[str]:
        """The words as written."""
        return self._written

    @property
    def unusual(self) -> Collection[str]:
        """Those of them that are no plain codes."""
        return self._unusual if self._takes_plain else self._written

    def take(self, cells: "pl.Series", local: Codes, kept: str, decimal: str) -> list[str]:
        """Take the cells of a batch in; return the new words that have to be judged.

        ``local`` numbers the words, in any way: always alike among the batches for which ``kept``
        is the same, within this batch only where it is empty.
        """
        table = self._tables.setdefault(kept, _Table()) if kept else _Table()
        table.grow(int(local.max(initial=0)) + 1)
        codes = table.codes.take(local)
        self._waiting, self._fresh = [], self._fresh[:0]
        if len(codes) and codes.max() == _UNSEEN:
            unseen = np.flatnonzero(codes == _UNSEEN)
            some = np.full(len(table.codes), -1, dtype=np.intp)
            some[local[unseen[::-1]]] = unseen[::-1]
            there = np.flatnonzero(some >= 0)
            # In the order of the rows: then the codes of most files rise from row to row.
            self._fresh = there[np.argsort(some[there], kind="stable")]
            words = as_words(cells.gather(some[self._fresh]), decimal)
            table.numbers[self._fresh] = self._numbered(words, is_kept=bool(kept))
        self._now, self._local, self._codes = table, local, codes
        return [word for _, word in self._waiting]

    def _numbered(self, words: "pl.Series", *, is_kept: bool) -> NDArray[np.int32]:
        """Return the numbers of some words; the new ones are learnt, or wait for their verdict."""
        if is_kept:
            return self._new_numbers(words)
        self._known_ids()
        known, listed = self._number, words.to_list()
        fresh = [word for word in dict.fromkeys(listed) if word not in known]
        numbers = self._new_numbers(pl.Series(fresh, dtype=pl.String))
        known.update(zip(fresh, numbers.tolist(), strict=True))
        return np.fromiter(map(known.__getitem__, listed), np.int32, len(listed))

    def _new_numbers(self, words: "pl.Series") -> NDArray[np.int32]:
        """Learn words that are new; what there may be to say of waits for its verdict."""
        longest = words.str.len_chars().max()
        if isinstance(longest, int) and longest > LONGEST_CELL:
            raise FileError(f"The file holds a cell of more than {LONGEST_CELL:,} characters.")
        first, listed = len(self._written), words.to_list()
        self._written += listed
        self._grow(len(self._written))
        numbers = np.arange(first, len(self._written), dtype=np.int32)
        fine = self._fine(words, listed)
        if not fine.all():
            for place in np.flatnonzero(~fine).tolist():
                word = listed[place]
                if self._takes_days and (day := _plain_day(word)):
                    self._learn(first + place, Verdict(text=word, is_odd=False, value=day))
                else:
                    self._waiting.append((first + place, word))
            listed = [word for word, is_fine in zip(listed, fine, strict=True) if is_fine]
        self._code[numbers[fine]] = self._codes_of(listed)
        if self._is_required and "" in listed:
            self._is_odd[[first + place for place in np.flatnonzero(words == "")]] = True
            self._has_odd = True
        return numbers

    def _fine(self, words: "pl.Series", listed: Sequence[str]) -> NDArray[np.bool_]:
        """Return about which words there is nothing to say."""
        if self._takes_plain:
            is_plain = words.str.contains(f"^(?:{PLAIN.pattern})$").to_numpy()
            if is_plain.all():
                return is_plain
            self._unusual += words.filter(~is_plain).to_list()
        else:
            is_plain = np.zeros(len(listed), dtype=np.bool_)
        return is_plain | np.array([word in self._passed for word in listed], dtype=np.bool_)

    def _codes_of(self, words: Sequence[str]) -> Codes:
        """Return the codes of new words that mean themselves."""
        n = len(self.texts)
        if self._ids is None and len(self._tables) == 1 and "" not in words:
            self.texts += words
            return np.arange(n, n + len(words), dtype=np.uint32)
        ids = self._known_ids()
        fresh = [word for word in dict.fromkeys(words) if word not in ids]
        ids.update(zip(fresh, range(n, n + len(fresh)), strict=True))
        self.texts += fresh
        return np.fromiter(map(ids.__getitem__, words), np.uint32, len(words))

    def _known_ids(self) -> dict[str, int]:
        if self._ids is None:
            self._ids = dict(zip(self.texts, range(len(self.texts)), strict=True))
        return self._ids

    def doubt(self, words: Collection[str]) -> None:
        """Let words be looked at wherever they stand."""
        chosen = set(words)
        for number, word in enumerate(self._written if chosen else ()):
            if word in chosen:
                self._is_odd[number] = self._has_odd = True

    def _grow(self, size: int) -> None:
        if size > len(self._code):
            more = max(size, 2 * len(self._code), 64) - len(self._code)
            self._code = np.append(self._code, np.zeros(more, dtype=np.uint32))
            self._is_odd = np.append(self._is_odd, np.zeros(more, dtype=np.bool_))
            self._value = np.append(self._value, np.full(more, np.nan))

    def learn(self, verdicts: Sequence[Verdict]) -> None:
        """Take the verdicts on the words that `take` returned."""
        for (number, _), verdict in zip(self._waiting, verdicts, strict=True):
            self._learn(number, verdict)
        if len(self._fresh):
            table = self._now
            table.codes[self._fresh] = self._code[table.numbers[self._fresh]]
            self._codes = table.codes.take(self._local)

    def _learn(self, number: int, verdict: Verdict) -> None:
        self._code[number] = self.code_of(verdict.text)
        is_odd = verdict.is_odd or (self._is_required and not verdict.text)
        self._is_odd[number] = is_odd
        self._has_odd |= is_odd
        self._value[number] = verdict.value

    def code_of(self, word: str) -> np.uint32:
        """Return the code of a word, which need not stand in the file."""
        code = self._known_ids().setdefault(word, len(self.texts))
        if code == len(self.texts):
            self.texts.append(word)
        return np.uint32(code)

    @property
    def codes(self) -> Codes:
        """The codes of the cells last taken; 0 is an empty cell."""
        return self._codes

    @property
    def odd(self) -> "NDArray[np.bool_] | None":
        """Which of the cells last taken there may be something to say about, None for none."""
        return self._of_cells(self._is_odd) if self._has_odd else None

    @property
    def values(self) -> NDArray[np.float64]:
        """The numbers (flags, days) of the cells last taken."""
        return self._of_cells(self._value)

    def _of_cells(self, known: NDArray[_Known]) -> NDArray[_Known]:
        return known.take(self._now.numbers.take(self._local))


def _plain_day(word: str) -> float:
    """Return a day about which there is nothing to say, in microseconds; 0 for another word."""
    if not _ISO.fullmatch(word) or not str(EARLIEST_YEAR) <= word[:4]:
        return 0.0
    try:
        day = dt.date.fromisoformat(word)
    except ValueError:
        return 0.0
    microseconds = (day - dt.date(1970, 1, 1)) // dt.timedelta(microseconds=1)
    return float(microseconds) if day <= dt.date.today() else 0.0
