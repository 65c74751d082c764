"""Cells of a batch → numbers for them, before anything is known of its words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ketbio.tables.batches.numbering import as_words, close_ends, is_kept, numbered
from ketbio.tables.batches.numbers import Ends, is_number, read_plainly


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """The cells of a batch with numbers for them, before anything is known of its words.

    Attributes
    ----------
    texts : polars DataFrame
        The cells, as text where need be.
    made : polars DataFrame
        The plain numbers of columns of numbers; what numbers the words of the others.
    kept : tuple of str
        Batches for which it is the same, and not empty, have the words of a column numbered alike.
    ends : mapping of int to Ends
        Of columns of whole numbers.
    """

    texts: pl.DataFrame
    made: pl.DataFrame
    kept: tuple[str, ...]
    ends: Mapping[int, Ends]


class Preparer:
    """Prepares batch after batch.

    Parameters
    ----------
    is_words : sequence of bool
        Which columns are of words; the others are of numbers.
    decimal : str
        Decimal mark of text cells.
    """

    def __init__(self, is_words: Sequence[bool], decimal: str) -> None:
        self._is_words = {str(i): is_one for i, is_one in enumerate(is_words)}
        self._decimal = decimal
        self._categories = pl.Categories.random()
        # Words keep their numbers as long as a column of them is held.
        self._own_words = pl.Series([], dtype=pl.Categorical(self._categories))
        self._file_words = pl.DataFrame()

    def prepared(self, cells: pl.DataFrame) -> Prepared:
        """Return the cells, as text where need be, and their numbers: all columns at once."""
        ends = close_ends(cells, [name for name, is_one in self._is_words.items() if is_one])
        texts = cells.with_columns(
            as_words(cells[name], self._decimal)
            for name, is_one in self._is_words.items()
            if not (name in ends or _is_ready(cells.schema[name], is_words=is_one))
        )
        kinds = texts.schema
        made = texts.select(
            numbered(name, kinds[name], ends, self._categories)
            if is_one
            else read_plainly(
                pl.col(name), is_text=not is_number(kinds[name]), decimal=self._decimal
            )
            for name, is_one in self._is_words.items()
        )
        self._file_words = texts.clear()
        kept = tuple(
            str(kinds[name]) if name not in ends or is_kept(*ends[name]) else ""
            for name in self._is_words
        )
        return Prepared(texts=texts, made=made, kept=kept, ends=self._ends(texts))

    def _ends(self, texts: pl.DataFrame) -> dict[int, Ends]:
        """Return the ends of the columns of numbers that the file has as whole numbers."""
        kinds = texts.schema
        names = [
            name
            for name, is_one in self._is_words.items()
            if kinds[name].is_integer() and not is_one
        ]
        if not names:
            return {}
        own = texts.select(names)
        rows = zip(own.min().row(0), own.max().row(0), own.null_count().row(0), strict=True)
        return {
            int(name): _ends_of(low, high, texts.height - n_null)
            for name, (low, high, n_null) in zip(names, rows, strict=True)
        }


def _ends_of(low: int | None, high: int | None, n: int) -> Ends:
    if low is None or high is None:
        return Ends(np.nan, np.nan, 0)
    return Ends(float(low), float(high), n)


def _is_ready(kind: pl.DataType, *, is_words: bool) -> bool:
    """Return whether cells can be numbered or read as the file has them."""
    return isinstance(kind, pl.Categorical) if is_words else is_number(kind)
