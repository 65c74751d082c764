"""What numbers the words of a batch, all cells of a column at once."""

from collections.abc import Mapping, Sequence

import polars as pl

from ketbio.tables.files.native import native_text

_SPARSE = 8
"""How many numbers there may be for each cell."""
_FEW = 100_000
"""Whole numbers below it, days among them, are numbered by themselves."""


def whole_numbers(name: str, kind: pl.DataType) -> pl.Expr | None:
    """Return a column of days, flags or whole numbers as such, None for another."""
    if kind in (pl.Date, pl.Boolean) or kind.is_integer():
        return pl.col(name).cast(pl.Int64, strict=False)
    return None


def is_kept(low: int, high: int) -> bool:
    """Return whether whole numbers are few enough to be numbered alike in all batches."""
    return low >= 0 and high < _FEW


def numbered(
    name: str, kind: pl.DataType, ends: Mapping[str, tuple[int, int]], words: pl.Categories
) -> pl.Expr:
    """Return what numbers the words of a batch, 0 for an empty cell.

    ``ends`` has the lowest and highest of each column of whole numbers that lie close; other words
    are numbered alike in all batches, by the file itself or by ``words``.
    """
    numbers = whole_numbers(name, kind)
    if numbers is not None and name in ends:
        low, high = ends[name]
        first = 0 if is_kept(low, high) else low
        return (numbers - first + 1).fill_null(0).cast(pl.UInt32)
    own = pl.col(name)
    if not isinstance(kind, pl.Categorical):
        own = own.cast(pl.Categorical(words))
    return (own.to_physical().cast(pl.UInt32) + 1).fill_null(0)


def close_ends(cells: pl.DataFrame, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the lowest and highest of the columns whose whole numbers lie close to each other."""
    numbers = {name: whole_numbers(name, cells.schema[name]) for name in names}
    asked = {name: one for name, one in numbers.items() if one is not None}
    if not asked or not cells.height:
        return {}
    low = cells.select([one.min() for one in asked.values()]).row(0)
    high = cells.select([one.max() for one in asked.values()]).row(0)
    most = _SPARSE * (cells.height + 1)
    found = zip(asked, low, high, strict=True)
    return {
        name: (first or 0, last or 0)
        for name, first, last in found
        if (last or 0) - (first or 0) < most
    }


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
