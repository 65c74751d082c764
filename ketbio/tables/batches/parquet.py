"""Parquet files of any size, batch by batch."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ketbio.errors import FileError
from ketbio.tables.batches.batch import Batch, Lines
from ketbio.tables.files.grid import Grid
from ketbio.tables.files.native import is_fraction, native_text
from ketbio.tables.files.source import Source, settled

_HEAD_ROWS = 100


class ParquetFile:
    """A Parquet file as `ketbio.tables.batches.batch.Incoming` says; its header is row 1."""

    header_row = 1

    def __init__(self, path: Path, *, decimal: str, batch_rows: int) -> None:
        try:
            kinds = pq.read_schema(path)
            texts = [one.name for one in kinds if _is_text(one.type)]
            # Words stay numbered as the file has them numbered.
            self._file = pq.ParquetFile(path, read_dictionary=texts)
        except (pa.ArrowInvalid, OSError):
            raise FileError(
                f"{path.name} is damaged or no Parquet file; write it again and try again."
            ) from None
        self._path, self.decimal, self._batch_rows = path, decimal, batch_rows
        self.delimiter, self.is_decimal_sure = "", True
        names = self._file.schema_arrow.names
        self.header = self.excerpt(Lines(rows=[2], cells=[["x"] * len(names)])).header
        self._sha256 = ""
        # Of each row group how many records it has, once it was read.
        self._n_records: dict[int, int] = {}

    def _size(self) -> int:
        return self._path.stat().st_size

    @property
    def likely_records(self) -> int:
        """How many rows there are."""
        return int(self._file.metadata.num_rows)

    def batches(
        self, told: Callable[[int], None], wanted: "NDArray[np.intp] | None" = None
    ) -> Iterator[Batch]:
        """Yield every record; rows without a cell are left out and counted."""
        row, first = 2, 0
        for group in range(self._file.num_row_groups):
            n_rows = self._file.metadata.row_group(group).num_rows
            told(round(self._size() * n_rows / max(self._file.metadata.num_rows, 1)))
            n_records = self._n_records.get(group)
            if (
                wanted is not None
                and n_records is not None
                and (not np.any((wanted >= first) & (wanted < first + n_records)))
            ):
                row, first = row + n_rows, first + n_records
                continue
            start = first
            for part in self._file.iter_batches(batch_size=self._batch_rows, row_groups=[group]):
                found = pl.DataFrame(pl.from_arrow(pa.Table.from_batches([part])))
                found.columns = [str(i) for i in range(found.width)]
                rows = np.arange(row, row + found.height)
                row += found.height
                is_blank = _blank(found)
                if is_blank is not None:
                    found, rows = found.filter(~is_blank), rows[~is_blank]
                yield Batch(first=first, rows=rows, columns=found)
                first += found.height
            self._n_records[group] = first - start

    def excerpt(self, lines: Lines) -> Source:
        """Return the header and some rows as `read_source` would."""
        names = self._file.schema_arrow.names
        body = list(zip(lines.rows, map(list, lines.cells), strict=True))
        notes = ["Read as Parquet; its column names count as row 1."]
        grid = Grid(lines=[(1, list(names)), *body], fractions=lines.fractions, notes=notes)
        source = settled(
            grid, file=self._path.name, sha256=getattr(self, "_sha256", ""), decimal=self.decimal
        )
        return replace(source, is_decimal_sure=self.is_decimal_sure)

    def taken(self, batch: Batch, places: "NDArray[np.intp]") -> Lines:
        """Return records of a batch as text."""
        rows = batch.rows[places].tolist()
        columns = [_values(column) for column in batch.columns[places].get_columns()]
        values = list(zip(*columns, strict=True))
        cells = [[native_text(value) for value in line] for line in values]
        fractions = frozenset(
            (row, i)
            for row, line in zip(rows, values, strict=True)
            for i, value in enumerate(line)
            if is_fraction(value)
        )
        return Lines(rows=rows, cells=cells, fractions=fractions)

    def head(self) -> Lines:
        """Return the first rows as text."""
        batch = next(iter(self.batches(lambda _: None)), None)
        n = 0 if batch is None else min(len(batch.rows), _HEAD_ROWS)
        return Lines(rows=[], cells=[]) if batch is None else self.taken(batch, np.arange(n))

    def facts(self) -> Mapping[str, Any]:
        """Return the name, the hash and the size of the file."""
        if not self._sha256:
            with self._path.open("rb") as file:
                self._sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return {
            "file": self._path.name,
            "sha256": self._sha256,
            "size": self._size(),
        }


def _values(column: pl.Series) -> list[Any]:
    """Return cells as `native_text` takes them: single precision stays single."""
    if column.dtype == pl.Float32:
        return [None if value is None or np.isnan(value) else value for value in column.to_numpy()]
    return column.to_list()


def _blank(found: pl.DataFrame) -> "NDArray[np.bool_] | None":
    """Return which rows have no cell, None where the first column is filled throughout."""
    first = found.to_series(0)
    is_text = first.dtype == pl.String or isinstance(first.dtype, pl.Categorical)
    if not first.null_count() and not (is_text and (first == "").any()):
        return None
    texts = pl.all().cast(pl.String, strict=False).fill_null("").str.strip_chars()
    return found.select(pl.all_horizontal(texts == "")).to_series().to_numpy()


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
