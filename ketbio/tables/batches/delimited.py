"""CSV and TSV files of any size, batch by batch."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ketbio.errors import FileError
from ketbio.tables.batches.batch import Batch, Lines
from ketbio.tables.batches.text_blocks import text_blocks
from ketbio.tables.files.grid import Grid
from ketbio.tables.files.headers import header_names
from ketbio.tables.files.source import Source, _settled

HEAD_BYTES = 2**16
"""How much of the file is read to find the header."""
_HEAD_ROWS = 100
_MARGIN = 1.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a text file is written: its encoding, its delimiter, and what to say of them."""

    encoding: str
    delimiter: str
    notes: tuple[str, ...] = ()


class DelimitedFile:
    """A delimited file, as `ketbio.tables.batches.batch.Incoming` says."""

    def __init__(
        self, *, path: Path, form: Form, decimal: str, batch_rows: int, wanted_header: int | None
    ) -> None:
        self._path, self._form, self.decimal = path, form, decimal
        self.delimiter, self.is_decimal_sure = form.delimiter, True
        self._batch_rows, self._sha256, self._likely_records = batch_rows, "", 0
        # Of each block how many rows and records it has, once it was read.
        self._blocks: list[tuple[int, int]] = []
        head = next(text_blocks(path, encoding=form.encoding, first=HEAD_BYTES), b"")
        lines = _lines(head, 0, path.name, form.delimiter)
        found = _settled(
            Grid(lines=lines, is_delimited=True, delimiter=form.delimiter),
            file=path.name,
            sha256="",
            decimal=decimal,
            header_row=wanted_header,
        )
        self.header_row = found.header_row
        # A column without a name may have cells further down, so that it counts as a column.
        names = next(cells for number, cells in lines if number == self.header_row)
        width = len(header_names(names))
        place = {i - 1: name for i, name in zip(found.column_numbers, found.header, strict=True)}
        self.header = tuple(place.get(i, "") for i in range(width))
        self._lead = [line for line in lines if line[0] <= self.header_row]
        self._first = [line for line in lines if line[0] > self.header_row][:_HEAD_ROWS]

    @property
    def likely_records(self) -> int:
        """About how many records there are, as far as the file was gone through."""
        return self._likely_records

    def batches(
        self, told: Callable[[int], None], wanted: "NDArray[np.intp] | None" = None
    ) -> Iterator[Batch]:
        """Yield every record; blank rows are left out and counted."""
        digest = None if self._sha256 else hashlib.sha256()
        first, row, is_head, n_bytes = 0, 0, True, 0
        blocks = text_blocks(
            self._path, encoding=self._form.encoding, first=HEAD_BYTES, digest=digest
        )
        for number, block in enumerate(blocks):
            told(len(block))
            n_bytes += len(block)
            if wanted is not None and number < len(self._blocks):
                n_rows, n_records = self._blocks[number]
                if not np.any((wanted >= first) & (wanted < first + n_records)):
                    row, first, is_head = row + n_rows, first + n_records, False
                    continue
            found = None if is_head else _parsed(block, len(self.header), self._form.delimiter)
            if found is None:
                lines = _lines(block, row, self._path.name, self._form.delimiter)
                n_rows = len(lines)
                batch = _batch_of([one for one in lines if one[0] > self.header_row], self.header)
            else:
                n_rows = found.height
                batch = Batch(first=0, rows=np.arange(row + 1, row + n_rows + 1), columns=found)
            batch = replace(_without_blank(batch), first=first)
            row, is_head = row + n_rows, False
            self._likely_records = int(_MARGIN * row * self._path.stat().st_size / n_bytes)
            if number == len(self._blocks):
                self._blocks.append((n_rows, len(batch.rows)))
            for start in range(0, len(batch.rows), self._batch_rows):
                yield _part(batch, start, self._batch_rows)
            first += len(batch.rows)
        if digest is not None:
            self._sha256 = digest.hexdigest()

    def excerpt(self, lines: Lines) -> Source:
        """Return the header and some rows as `read_source` would."""
        body = list(zip(lines.rows, map(list, lines.cells), strict=True))
        grid = Grid(
            lines=[*self._lead, *body],
            is_delimited=True,
            notes=self._form.notes,
            delimiter=self._form.delimiter,
        )
        source = _settled(
            grid,
            file=self._path.name,
            sha256=self._sha256,
            decimal=self.decimal,
            header_row=self.header_row,
        )
        return replace(source, is_decimal_sure=self.is_decimal_sure)

    def taken(self, batch: Batch, places: "NDArray[np.intp]") -> Lines:
        """Return records of a batch as text."""
        cells = [list(line) for line in batch.columns[places].rows()]
        for i, place in enumerate(places.tolist()):
            if place in batch.ragged:
                cells[i] = list(batch.ragged[place])
        return Lines(rows=batch.rows[places].tolist(), cells=cells)

    def head(self) -> Lines:
        """Return the first rows as text."""
        return Lines(
            rows=[row for row, _ in self._first], cells=[cells for _, cells in self._first]
        )

    def facts(self) -> Mapping[str, Any]:
        """Return the name, the hash and the size of the file."""
        size = self._path.stat().st_size
        return {"file": self._path.name, "sha256": self._sha256, "size": size}


def _parsed(block: bytes, width: int, delimiter: str) -> pl.DataFrame | None:
    """Return a block parsed at once, None where it is not plain: then the csv module decides."""
    try:
        found = pl.read_csv(
            block,
            has_header=False,
            schema={str(i): pl.String() for i in range(width)},
            separator=delimiter,
            empty_string_is_null=False,
            raise_if_empty=False,
        )
    except pl.exceptions.PolarsError:
        return None
    # No row can have too many cells here, so that all are whole if what is left of the block,
    # besides cells, line ends and quotes, are as many delimiters as rows without a gap have.
    n_cell_bytes = int(found.select(pl.sum_horizontal(pl.all().str.len_bytes().sum())).item() or 0)
    n_line_ends = found.height - (not block.endswith(b"\n"))
    left = len(block) - n_cell_bytes - n_line_ends - _n_returns(block) - _n_quotes(block, delimiter)
    return found if left == found.height * (width - 1) else None


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


def _lines(block: bytes, row: int, name: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Return the rows of a block with their numbers; ``row`` is the number before the first."""
    text = io.StringIO(block.decode("utf-8"), newline="")
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            lines.append((row + len(lines) + 1, cells))
    except csv.Error as error:
        raise FileError(
            f"{name} cannot be read after row {row + len(lines)}: {error}; "
            "a quote that is not closed, or one inside a cell that is not doubled?"
        ) from None
    return lines


def _batch_of(lines: Sequence[tuple[int, list[str]]], header: Sequence[str]) -> Batch:
    width = len(header)
    padded = [(*cells, *[""] * width)[:width] for _, cells in lines]
    columns = {str(i): pl.Series([cells[i] for cells in padded], dtype=pl.String)
               for i in range(width)}  # fmt: skip
    return Batch(
        first=0,
        rows=np.array([number for number, _ in lines], dtype=np.int64),
        columns=pl.DataFrame(columns),
        ragged={i: cells for i, (_, cells) in enumerate(lines) if len(cells) != width},
    )


def _without_blank(batch: Batch) -> Batch:
    """Leave out the rows without a word."""
    first = batch.columns.to_series(0).str.strip_chars() == ""
    if not first.any():
        return batch
    is_blank = batch.columns.select(
        pl.all_horizontal(pl.all().str.strip_chars() == "")
    ).to_series().to_numpy()  # fmt: skip
    over = [i for i, cells in batch.ragged.items() if any(map(str.strip, cells))]
    is_blank = is_blank & ~np.isin(np.arange(len(is_blank)), over)
    if not is_blank.any():
        return batch
    kept = np.flatnonzero(~is_blank)
    place = {int(old): new for new, old in enumerate(kept)}
    return Batch(
        first=0,
        rows=batch.rows[kept],
        columns=batch.columns[kept],
        ragged={place[i]: cells for i, cells in batch.ragged.items() if i in place},
    )


def _part(batch: Batch, start: int, n: int) -> Batch:
    if start == 0 and len(batch.rows) <= n:
        return batch
    stop = start + n
    return Batch(
        first=batch.first + start,
        rows=batch.rows[start:stop],
        columns=batch.columns[start:stop],
        ragged={i - start: cells for i, cells in batch.ragged.items() if start <= i < stop},
    )
