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
from ketbio.tables.batches.ahead import ahead
from ketbio.tables.batches.batch import Batch, Lines
from ketbio.tables.batches.parsed_blocks import kinds_of, parsed_block
from ketbio.tables.batches.text_blocks import some_blocks, text_blocks
from ketbio.tables.files.grid import Grid
from ketbio.tables.files.headers import header_names
from ketbio.tables.files.source import Source, settled

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A block of the file: where its text begins and how long it is, its rows and records."""

    start: int
    n_bytes: int
    n_rows: int
    n_records: int


class DelimitedFile:
    """A delimited file, as `ketbio.tables.batches.batch.Incoming` says."""

    def __init__(
        self, *, path: Path, form: Form, decimal: str, batch_rows: int, wanted_header: int | None
    ) -> None:
        self._path, self._form, self.decimal = path, form, decimal
        self.delimiter, self.is_decimal_sure = form.delimiter, True
        self._batch_rows, self._sha256, self._likely_records = batch_rows, "", 0
        self._stretches: list[Stretch] = []
        head = next(text_blocks(path, encoding=form.encoding, first=HEAD_BYTES), b"")
        lines = _lines(head, 0, path.name, form.delimiter)
        found = settled(
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
        self._kinds = kinds_of([cells for _, cells in self._first], width)

    @property
    def likely_records(self) -> int:
        """About how many records there are, as far as the file was gone through."""
        return self._likely_records

    def batches(
        self, told: Callable[[int], None], wanted: "NDArray[np.intp] | None" = None
    ) -> Iterator[Batch]:
        """Yield every record; blank rows are left out and counted."""
        if wanted is not None and self._sha256:
            yield from self._some_batches(told, wanted)
            return
        digest = hashlib.sha256()
        stretches: list[Stretch] = []
        first, row, n_bytes = 0, 0, 0
        blocks = text_blocks(
            self._path, encoding=self._form.encoding, first=HEAD_BYTES, digest=digest
        )
        for block in ahead(blocks):
            told(len(block))
            n_rows, batch = self._batch(block, row, first)
            stretch = Stretch(
                start=n_bytes, n_bytes=len(block), n_rows=n_rows, n_records=len(batch.rows)
            )
            stretches.append(stretch)
            row, n_bytes = row + n_rows, n_bytes + len(block)
            self._likely_records = int(_MARGIN * row * self._path.stat().st_size / n_bytes)
            yield from _parts(batch, self._batch_rows)
            first += len(batch.rows)
        self._sha256, self._stretches = digest.hexdigest(), stretches

    def _some_batches(
        self, told: Callable[[int], None], wanted: "NDArray[np.intp]"
    ) -> Iterator[Batch]:
        """Yield the batches of those blocks that hold wanted records."""
        first, row, chosen = 0, 0, []
        for stretch in self._stretches:
            if np.any((wanted >= first) & (wanted < first + stretch.n_records)):
                chosen.append((stretch, row, first))
            row, first = row + stretch.n_rows, first + stretch.n_records
        blocks = some_blocks(
            self._path,
            [(stretch.start, stretch.n_bytes) for stretch, _, _ in chosen],
            encoding=self._form.encoding,
            first=HEAD_BYTES,
        )
        for (_, row, first), block in zip(chosen, blocks, strict=True):
            yield from _parts(self._batch(block, row, first)[1], self._batch_rows)
        told(self._path.stat().st_size)

    def _batch(self, block: bytes, row: int, first: int) -> tuple[int, Batch]:
        """Return how many rows a block has, and its records; ``row`` rows are before it."""
        found = self._parsed(block) if row >= self.header_row else None
        if found is not None:
            rows = np.arange(row + 1, row + found.height + 1)
            batch = Batch(first=first, rows=rows, columns=found)
            return found.height, _without_blank(batch)
        lines = _lines(block, row, self._path.name, self._form.delimiter)
        records = [one for one in lines if one[0] > self.header_row]
        batch = replace(_batch_of(records, self.header), first=first)
        return len(lines), _without_blank(batch)

    def _parsed(self, block: bytes) -> pl.DataFrame | None:
        found = parsed_block(block, self._form.delimiter, self._kinds)
        if found is None and pl.Int64() in self._kinds.values():
            # Once a number is written in another way others will be.
            self._kinds = dict.fromkeys(self._kinds, pl.String())
            found = parsed_block(block, self._form.delimiter, self._kinds)
        return found

    def excerpt(self, lines: Lines) -> Source:
        """Return the header and some rows as `read_source` would."""
        body = list(zip(lines.rows, map(list, lines.cells), strict=True))
        grid = Grid(
            lines=[*self._lead, *body],
            is_delimited=True,
            notes=self._form.notes,
            delimiter=self._form.delimiter,
        )
        source = settled(
            grid,
            file=self._path.name,
            sha256=self._sha256,
            decimal=self.decimal,
            header_row=self.header_row,
        )
        return replace(source, is_decimal_sure=self.is_decimal_sure)

    def taken(self, batch: Batch, places: "NDArray[np.intp]") -> Lines:
        """Return records of a batch as text."""
        rows = batch.columns[places].rows()
        cells = [["" if cell is None else str(cell) for cell in line] for line in rows]
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
    first = batch.columns.to_series(0)
    words = first.unique().cast(pl.String).fill_null("")
    if not (words.str.strip_chars() == "").any():
        return batch
    texts = pl.all().cast(pl.String).fill_null("").str.strip_chars()
    is_blank = batch.columns.select(pl.all_horizontal(texts == "")).to_series().to_numpy()
    over = [i for i, cells in batch.ragged.items() if any(map(str.strip, cells))]
    is_blank = is_blank & ~np.isin(np.arange(len(is_blank)), over)
    if not is_blank.any():
        return batch
    kept = np.flatnonzero(~is_blank)
    place = {int(old): new for new, old in enumerate(kept)}
    return Batch(
        first=batch.first,
        rows=batch.rows[kept],
        columns=batch.columns[kept],
        ragged={place[i]: cells for i, cells in batch.ragged.items() if i in place},
    )


def _parts(batch: Batch, most: int) -> Iterator[Batch]:
    """Yield a batch in parts of some records at most, about as many in each."""
    n = len(batch.rows)
    n_parts = -(-n // most)
    for start in range(0, n, -(-n // n_parts) if n_parts else 1):
        stop = start + -(-n // n_parts)
        yield Batch(
            first=batch.first + start,
            rows=batch.rows[start:stop],
            columns=batch.columns[start:stop],
            ragged={i - start: cells for i, cells in batch.ragged.items() if start <= i < stop},
        )
