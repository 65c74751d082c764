"""A column of words: each word looked at once, each cell a small number that stands for it."""

import re
from collections.abc import Collection, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ketbio.errors import FileError
from ketbio.tables.batches.judging import Verdict
from ketbio.tables.files.native import native_text
from ketbio.tables.files.size_limits import LONGEST_CELL

Codes = NDArray[np.uint32]
_SPARSE = 8
"""How many numbers there may be for each cell."""
PLAIN = re.compile(r"[A-Za-z]{1,4}[-_]?[0-9]{1,6}|[0-9]{1,5}", re.ASCII)
"""A code about which there is nothing to say, whatever the column."""


class Words:
    """The words of one column.

    Attributes
    ----------
    texts : list of str
        The words as they count, by code; 0 is the empty one.
    """

    def __init__(
        self, *, passed: Collection[str], takes_plain: bool, takes_blank: bool = True
    ) -> None:
        self.texts = [""]
        self._ids = {"": 0}
        self._passed = {*passed, ""} if takes_blank else passed
        self._takes_plain = takes_plain
        # Every word as written has a number, by which stand its code and what is known of it.
        self._number: dict[str, int] = {}
        self._code = np.zeros(0, dtype=np.uint32)
        self._is_odd = np.zeros(0, dtype=np.bool_)
        self._value = np.zeros(0, dtype=np.float64)
        self._numbers: Codes = np.zeros(0, dtype=np.uint32)
        self._local: Codes = np.zeros(0, dtype=np.uint32)
        self._waiting: list[str] = []

    @property
    def written(self) -> Collection[str]:
        """The words as written."""
        return self._number.keys()

    def take(self, cells: "pl.Series", local: Codes, decimal: str) -> list[str]:
        """Take the cells of a batch in; return the new words that have to be judged.

        ``local`` numbers the words within the batch, in any way.
        """
        first = np.full(int(local.max(initial=0)) + 1, -1, dtype=np.intp)
        first[local[::-1]] = np.arange(len(local) - 1, -1, -1)
        there = np.flatnonzero(first >= 0)
        words = as_words(cells.gather(first[there]), decimal).to_list()
        known = self._number
        fresh = [word for word in dict.fromkeys(words) if word not in known]
        for word in fresh:
            if len(word) > LONGEST_CELL:
                raise FileError(f"The file holds a cell of more than {LONGEST_CELL:,} characters.")
            known[word] = len(known)
        self._grow(len(known))
        self._waiting = []
        for word in fresh:
            if self._is_fine(word):
                self._learn(word, Verdict(text=word, is_odd=False, value=np.nan))
            else:
                self._waiting.append(word)
        self._local = local
        self._numbers = np.zeros(len(first), dtype=np.uint32)
        self._numbers[there] = np.fromiter((known[word] for word in words), np.uint32, len(words))
        return self._waiting

    def doubt(self, words: Collection[str]) -> None:
        """Let words be looked at wherever they stand."""
        for word in words:
            if word in self._number:
                self._is_odd[self._number[word]] = True

    def _grow(self, size: int) -> None:
        if size > len(self._code):
            more = max(size, 2 * len(self._code), 64) - len(self._code)
            self._code = np.append(self._code, np.zeros(more, dtype=np.uint32))
            self._is_odd = np.append(self._is_odd, np.zeros(more, dtype=np.bool_))
            self._value = np.append(self._value, np.full(more, np.nan))

    def learn(self, verdicts: Sequence[Verdict]) -> None:
        """Take the verdicts on the words that `take` returned."""
        for word, verdict in zip(self._waiting, verdicts, strict=True):
            self._learn(word, verdict)

    def _learn(self, word: str, verdict: Verdict) -> None:
        code = self._ids.setdefault(verdict.text, len(self.texts))
        if code == len(self.texts):
            self.texts.append(verdict.text)
        number = self._number[word]
        self._code[number] = code
        self._is_odd[number] = verdict.is_odd
        self._value[number] = verdict.value

    def _is_fine(self, word: str) -> bool:
        is_plain = self._takes_plain and PLAIN.fullmatch(word) is not None
        return is_plain or word in self._passed

    @property
    def codes(self) -> Codes:
        """The codes of the cells last taken; 0 is an empty cell."""
        return self._code[self._numbers][self._local]

    @property
    def odd(self) -> "NDArray[np.bool_] | None":
        """Which of the cells last taken there may be something to say about, None for none."""
        is_odd = self._is_odd[self._numbers]
        return is_odd[self._local] if is_odd.any() else None

    @property
    def values(self) -> NDArray[np.float64]:
        """The numbers (flags, days) of the cells last taken."""
        return self._value[self._numbers][self._local]


def numbered(name: str, cells: "pl.Series") -> pl.Expr | None:
    """Return what numbers the words of a batch, None where they have to be made text first.

    The numbers mean nothing outside the batch.
    """
    own, kind = pl.col(name), cells.dtype
    if kind == pl.String:
        return own.fill_null("").cast(pl.Categorical(pl.Categories.random())).to_physical()
    if isinstance(kind, pl.Categorical):
        numbers = own.to_physical().cast(pl.Int64)
    elif kind in (pl.Date, pl.Boolean) or kind.is_integer():
        numbers = own.cast(pl.Int64, strict=False)
    else:
        return None
    low, high = cells.to_frame().select(low=numbers.min(), high=numbers.max()).row(0)
    if low is None:
        return own.is_null().cast(pl.UInt32)
    if high - low > _SPARSE * len(cells) + _SPARSE:
        return None
    return (numbers - low + 1).fill_null(0).cast(pl.UInt32)


def as_words(cells: "pl.Series", decimal: str) -> "pl.Series":
    """Return cells as text, as `native_text` writes them."""
    kind = cells.dtype
    if kind == pl.String:
        return cells.fill_null("") if cells.null_count() else cells
    if (
        isinstance(kind, pl.Categorical | pl.Enum)
        or kind.is_integer()
        or kind in (pl.Boolean, pl.Date)
    ):
        return cells.cast(pl.String).fill_null("")
    distinct = cells.unique()
    written = [native_text(value, decimal=decimal) for value in distinct.to_list()]
    texts = pl.Series(written, dtype=pl.String)
    return cells.replace_strict(distinct, texts, return_dtype=pl.String).fill_null("")
