"""A column of numbers: read at once, what is no plain number looked at word by word."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ketbio.tables.batches.judging import Verdict
from ketbio.tables.batches.numbering import as_words
from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.files.decimals import is_sure_of

_LONG = 1e7
"""Numbers from here on can be a telephone or record number, so that each is looked at."""
_UNSURE_MARK = r"^[<>≤≥= ]*[+\-−]?[1-9][0-9]{0,2}[.,][0-9]{3}(?:[^0-9.,]|$)"
_SHORTEST_MARKED = 2
_REMEMBERED = 1_000_000


def is_number(kind: pl.DataType) -> bool:
    """Return whether a file holds numbers as such, of a precision that loses nothing."""
    return kind.is_integer() or kind == pl.Float64


def read_plainly(cells: pl.Expr, *, is_text: bool, decimal: str) -> pl.Expr:
    """Return what reads plain numbers; what is none is missing."""
    if is_text and decimal != ".":
        cells = cells.str.replace(",", ".", literal=True)
    return cells.cast(pl.Float64, strict=False).fill_null(np.nan)


@dataclass(frozen=True, slots=True)
class Ends:
    """The lowest and highest number of some cells, missing where there is none; how many are."""

    low: float
    high: float
    n: int


def ends_of(values: NDArray[np.float64]) -> Ends:
    """Return the ends of some numbers.

    Examples
    --------
    >>> ends_of(np.array([3.0, np.nan, 1.0]))
    Ends(low=1.0, high=3.0, n=2)
    """
    n = len(values) - int(np.count_nonzero(np.isnan(values)))
    if not n:
        return Ends(np.nan, np.nan, 0)
    return Ends(float(np.nanmin(values)), float(np.nanmax(values)), n)


class Numbers:
    """The numbers of one column.

    Attributes
    ----------
    sure_word, sure_place : str, int
        The first number whose mark can stand for nothing but decimals, and its record.
    has_unsure : bool
        Whether there are numbers whose mark may stand for thousands.
    asks_marks : bool
        Whether those are to be looked at.

    Parameters
    ----------
    spec : ColumnSpec
        The column's schema.
    decimal : str
        Decimal mark of text cells.
    special : collection of str
        Words that need not mean the number that they spell (recoded, missing).
    is_as_written : bool
        Whether a plain number means itself (False where a unit is converted, for instance).
    """

    def __init__(
        self, spec: ColumnSpec, *, decimal: str, special: Collection[str], is_as_written: bool
    ) -> None:
        self._spec, self._decimal, self._is_as_written = spec, decimal, is_as_written
        as_numbers = pl.Series(list(special), dtype=pl.String).cast(pl.Float64, strict=False)
        self._special = np.unique(as_numbers.drop_nulls().to_numpy())
        self._looked_at: dict[str, Verdict] = {}
        self._waiting: list[str] = []
        self._places: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self._words: list[str] = []
        self.sure_word, self.sure_place, self.has_unsure = "", -1, False
        self.asks_marks = False
        self._is_whole = False
        self._seen = 0
        self.values: NDArray[np.float64] = np.zeros(0)
        self.ends = ends_of(self.values)
        self.odd: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)

    def take(self, cells: "pl.Series", read: "pl.Series", ends: Ends | None = None) -> list[str]:
        """Take the cells of a batch in; return the words that have to be judged.

        ``read`` holds the plain numbers among them, ``ends`` is given for whole numbers.
        """
        self._is_whole = ends is not None
        values = read.to_numpy()
        unread = self._unread(cells, values)
        self._seen += len(cells)
        self.ends = ends = ends or ends_of(values)
        if max(-ends.low, ends.high) >= _LONG:
            unread |= np.abs(values) >= _LONG
        if any(ends.low <= number <= ends.high for number in self._special.tolist()):
            unread |= np.isin(values, self._special)
        if not self._is_as_written:
            unread |= ~np.isnan(values)
        self.values, self._places = values, np.flatnonzero(unread)
        self._words = []
        if len(self._places):
            self.values = values.copy()
            self._words = as_words(cells.gather(self._places), self._decimal).to_list()
        if len(self._looked_at) > _REMEMBERED:
            self._looked_at.clear()
        self._waiting = [word for word in dict.fromkeys(self._words) if word not in self._looked_at]
        return self._waiting

    @property
    def written(self) -> Collection[str]:
        """The words that are no plain numbers, as written, and some numbers with decimals."""
        return [*self._looked_at, *filter(None, [self.sure_word])]

    @property
    def unusual(self) -> Collection[str]:
        """The same, since none of them is plain."""
        return self.written

    def learn(self, verdicts: Sequence[Verdict]) -> None:
        """Take the verdicts on the words that `take` returned."""
        self._looked_at.update(zip(self._waiting, verdicts, strict=True))
        values = self.values
        odd = self._outside(values)
        for place, word in zip(self._places.tolist(), self._words, strict=True):
            verdict = self._looked_at[word]
            if self.asks_marks and is_sure_of(word, self._decimal) is False:
                verdict = replace(verdict, is_odd=True)
            values[place] = verdict.value
            # A word without a value is fine where it means that there is none.
            is_lost = np.isnan(verdict.value) and verdict.text != ""
            odd[place] = verdict.is_odd or is_lost
        if self._words:
            self.ends = ends_of(values)
        if self._spec.required and self.ends.n < len(values):
            odd |= np.isnan(values)
        self.odd = odd

    def doubt(self, words: Collection[str]) -> None:
        """Let words be looked at wherever they stand."""
        for word in words:
            if word in self._looked_at:
                self._looked_at[word] = replace(self._looked_at[word], is_odd=True)

    def _unread(self, cells: "pl.Series", values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which filled cells hold no plain number."""
        if cells.dtype != pl.String:
            return np.zeros(len(values), dtype=np.bool_)
        unread = np.isnan(values)
        if unread.any():
            unread = unread & (cells != "").to_numpy()
        self._look_for_marks(cells)
        if self.asks_marks:
            unread |= cells.str.contains(_UNSURE_MARK).to_numpy()
        if self._decimal != ".":
            unread |= cells.str.contains(".", literal=True).to_numpy()
        return unread

    def _look_for_marks(self, cells: "pl.Series") -> None:
        """Remember one number whose mark can stand for nothing but decimals, and whether some can.

        Neither 7 nor 1.234 tells: the point of the second may stand for thousands.
        """
        longest = cells.str.len_bytes().max()
        if self.sure_word or not isinstance(longest, int) or longest < _SHORTEST_MARKED:
            return
        is_unsure = cells.str.contains(_UNSURE_MARK)
        self.has_unsure |= bool(is_unsure.any())
        marked = (cells.str.contains(self._decimal, literal=True) & ~is_unsure).arg_true()
        for place, word in zip(marked, cells.gather(marked), strict=True):
            if is_sure_of(word, self._decimal):
                self.sure_word, self.sure_place = word, self._seen + place
                return

    def _outside(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        spec, ends = self._spec, self.ends
        outside = np.zeros(len(values), dtype=np.bool_)
        if spec.minimum is not None and ends.low < spec.minimum:
            outside |= values < spec.minimum
        if spec.maximum is not None and ends.high > spec.maximum:
            outside |= values > spec.maximum
        if spec.above is not None and ends.low <= spec.above:
            outside |= values <= spec.above
        if spec.type == "integer" and not self._is_whole:
            outside |= (values != np.floor(values)) & ~np.isnan(values)
        return outside
