"""A block of text, each row whole → its cells, where that can be had at once."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}", re.ASCII)
_LARGEST = 10**15
_TOO_MANY = 10**15


def kinds_of(rows: Sequence[Sequence[str]], width: int) -> dict[int, pl.DataType]:
    """Return how the columns of a file can be read, as its first rows have them.

    Whole numbers are, where all are written shortly (7 and not 007); all else is text.

    Examples
    --------
    >>> kinds_of([["P01", "7", "007", ""], ["P02", "", "-1", ""]], 4)
    {0: String, 1: Int64, 2: String, 3: String}
    """
    columns = [{cells[i] for cells in rows if i < len(cells)} - {""} for i in range(width)]
    return {
        i: pl.Int64() if found and all(map(_WHOLE.fullmatch, found)) else pl.String()
        for i, found in enumerate(columns)
    }


def parsed_block(
    block: bytes, delimiter: str, kinds: Mapping[int, pl.DataType]
) -> pl.DataFrame | None:
    """Return a block parsed at once, None where it is not plain.

    A whole number is then the text of its cell: where one has a sign, leading zeros, blanks or
    quotes around it, the block is not plain, nor where a row has too few cells or too many.
    """
    width = len(kinds)
    has_whole = any(kind == pl.Int64 for kind in kinds.values())
    if has_whole and b'"' in block:
        return None
    try:
        found = pl.read_csv(
            block,
            has_header=False,
            schema={str(i): kind for i, kind in kinds.items()},
            separator=delimiter,
            empty_string_is_null=False,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return None
    # No row can have too many cells here, so that all are whole if what is left of the block,
    # besides cells, line ends and quotes, are as many delimiters as rows without a gap have.
    n_delimiters = found.height * (width - 1)
    n_beside = _n_line_ends(block, found.height) + _n_quotes(block, delimiter)
    left = len(block) - _n_text_bytes(found) - _n_digits(found) - n_beside
    if left != n_delimiters:
        return None
    # A number written at length could make up for a delimiter that is not there.
    is_plain = not has_whole or _count(block, delimiter) == n_delimiters
    return found if is_plain else None


def _count(block: bytes, delimiter: str) -> int:
    return int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == ord(delimiter)))


def _n_text_bytes(cells: pl.DataFrame) -> int:
    texts = cells.select(pl.col(pl.String).str.len_bytes().sum())
    return sum(texts.row(0)) if texts.width else 0


def _n_digits(cells: pl.DataFrame) -> int:
    """Return how many bytes the whole numbers take where each is written as short as can be."""
    whole = [name for name, kind in cells.schema.items() if kind == pl.Int64]
    if not whole:
        return 0
    ends = cells.select(
        *(pl.col(name).min().alias(f"low {name}") for name in whole),
        *(pl.col(name).max().alias(f"high {name}") for name in whole),
    ).row(0, named=True)
    counts = []
    for name in whole:
        own, low, high = pl.col(name), ends[f"low {name}"] or 0, ends[f"high {name}"] or 0
        if max(-low, high) >= _LARGEST:
            return _TOO_MANY
        counts.append(own.count())
        if low < 0:
            counts.append((own < 0).sum())
            own = own.abs()
        for n in range(1, len(str(max(-low, high)))):
            counts.append((own >= 10**n).sum())
    made = cells.select(count.cast(pl.Int64).alias(str(i)) for i, count in enumerate(counts))
    return sum(made.row(0))


def _n_line_ends(block: bytes, n_rows: int) -> int:
    return n_rows - (not block.endswith(b"\n")) + _n_returns(block)


def _n_returns(block: bytes) -> int:
    if b"\r" not in block:
        return 0
    return int(np.count_nonzero(np.frombuffer(block, dtype=np.uint8) == ord("\r")))


def _n_quotes(block: bytes, delimiter: str) -> int:
    """Return how many quotes there are, -1 where one stands inside a cell that has none around."""
    if b'"' not in block:
        return 0
    text = np.frombuffer(b"\n" + block + b"\n", dtype=np.uint8)
    is_edge = np.zeros(256, dtype=np.bool_)
    is_edge[list(b'\r\n"' + delimiter.encode())] = True
    quotes = np.flatnonzero(text == ord('"'))
    # A doubled quote closes a cell and opens it again, so that those in even places open.
    is_at_end = is_edge[text[quotes[::2] - 1]].all() and is_edge[text[quotes[1::2] + 1]].all()
    return len(quotes) if len(quotes) % 2 == 0 and is_at_end else -1
