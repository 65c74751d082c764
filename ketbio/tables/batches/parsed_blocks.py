"""A block of text, each row whole → its cells, where that can be had at once."""

import re
from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}", re.ASCII)
_LARGEST = 10**15


def whole_places(rows: Sequence[Sequence[str]], width: int) -> frozenset[int]:
    """Return the columns of which some rows hold whole numbers, written shortly, and nothing else.

    Examples
    --------
    >>> sorted(whole_places([["P01", "7", "007", ""], ["P02", "", "-1", ""]], 4))
    [1]
    """
    columns = [{cells[i] for cells in rows if i < len(cells)} - {""} for i in range(width)]
    return frozenset(
        i for i, words in enumerate(columns) if words and all(map(_WHOLE.fullmatch, words))
    )


def whole_number_block(
    block: bytes, width: int, delimiter: str, places: Collection[int]
) -> pl.DataFrame | None:
    """Return a block with whole numbers in some columns; None where any is written otherwise.

    Each number is then the text of its cell: a sign, leading zeros, blanks or quotes around one
    are written otherwise, and so is a row with too few cells.
    """
    if not places or b'"' in block:
        return None
    found = _read(block, width, delimiter, places)
    if found is None:
        return None
    # No row can have too many cells, so that all are whole if there are as many delimiters.
    text = np.frombuffer(block, dtype=np.uint8)
    n_delimiters = int(np.count_nonzero(text == ord(delimiter)))
    n_cell_bytes = _n_text_bytes(found) + _n_digits(found)
    left = len(block) - n_cell_bytes - n_delimiters - _n_line_ends(block, found.height)
    return found if n_delimiters == found.height * (width - 1) and left == 0 else None


def parsed_block(block: bytes, width: int, delimiter: str) -> pl.DataFrame | None:
    """Return a block parsed at once, None where it is not plain: then the csv module decides."""
    found = _read(block, width, delimiter, ())
    if found is None:
        return None
    # No row can have too many cells here, so that all are whole if what is left of the block,
    # besides cells, line ends and quotes, are as many delimiters as rows without a gap have.
    n_beside = _n_line_ends(block, found.height) + _n_quotes(block, delimiter)
    left = len(block) - _n_text_bytes(found) - n_beside
    return found if left == found.height * (width - 1) else None


def _read(block: bytes, width: int, delimiter: str, whole: Collection[int]) -> pl.DataFrame | None:
    try:
        return pl.read_csv(
            block,
            has_header=False,
            schema={str(i): pl.Int64() if i in whole else pl.String() for i in range(width)},
            separator=delimiter,
            empty_string_is_null=False,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return None


def _n_text_bytes(cells: pl.DataFrame) -> int:
    texts = cells.select(pl.col(pl.String).str.len_bytes().sum())
    return sum(texts.row(0)) if texts.width else 0


def _n_digits(cells: pl.DataFrame) -> int:
    """Return how many bytes the whole numbers take where each is written as short as can be."""
    whole = [name for name, kind in cells.schema.items() if kind == pl.Int64]
    ends = cells.select(
        *(pl.col(name).min().alias(f"low {name}") for name in whole),
        *(pl.col(name).max().alias(f"high {name}") for name in whole),
    ).row(0, named=True)
    counts = []
    for name in whole:
        own, low, high = pl.col(name), ends[f"low {name}"] or 0, ends[f"high {name}"] or 0
        if max(-low, high) >= _LARGEST:
            return -1
        counts.append(own.count())
        if low < 0:
            counts.append((own < 0).sum())
            own = own.abs()
        for n in range(1, len(str(max(-low, high)))):
            counts.append((own >= 10**n).sum())
    made = cells.select(count.cast(pl.Int64).alias(str(i)) for i, count in enumerate(counts))
    return sum(made.row(0)) if counts else 0


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
