"""A stretch of records as they came in, and what is known of the file before any record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ketbio.tables.files.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Records that follow each other.

    Attributes
    ----------
    first : int
        Place of the first record in the file (0-based).
    rows : ndarray of int
        The spreadsheet row of each record.
    columns : polars DataFrame
        The cells, columns ``"0"``, ``"1"`` … in the order of the header (which may lack names),
        as text or as the file types them.
    ragged : mapping of int to sequence of str
        Records (0-based, in the batch) with too few or too many cells, and those cells.
    """

    first: int
    rows: NDArray[np.int64]
    columns: pl.DataFrame
    ragged: Mapping[int, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Rows of a file with their numbers, as `Incoming.excerpt` takes them.

    Attributes
    ----------
    rows : sequence of int
        Spreadsheet rows.
    cells : sequence of sequence of str
        The cells of each as text.
    fractions : collection of (int, int)
        Row and place of the cells that held a number with decimals, and no text.
    """

    rows: Sequence[int]
    cells: Sequence[Sequence[str]]
    fractions: frozenset[tuple[int, int]] = frozenset()


class Incoming(Protocol):
    """A file that can be gone through several times.

    ``header`` is that of the file, ``excerpt`` makes a `Source` of some of its rows, ``taken``
    returns records of a batch as text. ``decimal`` is the decimal mark of its text cells; it and
    how sure it is may be set before the file is gone through again.
    """

    decimal: str
    is_decimal_sure: bool
    delimiter: str

    @property
    def header(self) -> tuple[str, ...]:
        """The column names."""

    @property
    def header_row(self) -> int:
        """The spreadsheet row of the header."""

    @property
    def likely_records(self) -> int:
        """About how many records there are, as far as the file was gone through."""

    def batches(
        self, told: Callable[[int], None], wanted: "NDArray[np.intp] | None" = None
    ) -> Iterator[Batch]:
        """Yield the records in order; ``told`` is called with the bytes done.

        Batches without a ``wanted`` record may be left out once the file was gone through.
        """

    def excerpt(self, lines: Lines) -> Source:
        """Return the header and some rows as `read_source` would."""

    def taken(self, batch: Batch, places: "NDArray[np.intp]") -> Lines:
        """Return records of a batch as text."""

    def head(self) -> Lines:
        """Return the first rows as text."""

    def facts(self) -> Mapping[str, Any]:
        """Return the name, the hash and the size of the file."""
