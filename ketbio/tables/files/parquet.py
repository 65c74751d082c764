"""Parquet files → lines of cells; column names count as row 1."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ketbio.errors import FileError
from ketbio.tables.files.grid import Grid
from ketbio.tables.files.native import is_fraction, native_text
from ketbio.tables.files.size_limits import (
    LONGEST_CELL,
    MIB,
    MOST_UNPACKED,
    refuse_many_cells,
    refuse_many_columns,
)
from ketbio.tables.phrases import quoted

_BATCH_ROWS = 10_000


def parse_parquet(content: bytes, name: str) -> Grid:
    """Return the lines of a Parquet file.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        Its base name, for messages.

    Raises
    ------
    FileError
        The file is damaged or too large, or a column holds lists, records or bytes.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        _refuse_large(file, name)
        columns = [str(column) for column in file.schema_arrow.names]
        _refuse_nested(file.schema_arrow, name)
        values = [list(line) for batch in _batches(file, name) for line in zip(*batch, strict=True)]
    except FileError:
        raise
    except Exception:  # a damaged file makes pyarrow raise more than its own errors
        raise FileError(
            f"{name} is truncated or damaged and cannot be opened as Parquet; write it again."
        ) from None
    lines = [
        (1, columns),
        *((row, [native_text(value) for value in line]) for row, line in enumerate(values, 2)),
    ]
    fractions = {
        (row, place)
        for row, line in enumerate(values, start=2)
        for place, value in enumerate(line)
        if is_fraction(value)
    }
    notes = ["Read as Parquet; its column names count as row 1."]
    return Grid(lines=lines, fractions=fractions, notes=notes)


def _refuse_large(file: Any, name: str) -> None:
    about = file.metadata
    refuse_many_columns(name, about.num_columns)
    refuse_many_cells(name, about.num_rows * about.num_columns)
    size = sum(about.row_group(i).total_byte_size for i in range(about.num_row_groups))
    if size > MOST_UNPACKED:
        raise FileError(
            f"{name} unpacks to {size // MIB:,} MiB, which is too large to be read at once."
        )


def _refuse_nested(schema: Any, name: str) -> None:
    for one in schema:
        kind = one.type.value_type if pa.types.is_dictionary(one.type) else one.type
        if pa.types.is_nested(kind) or _is_binary(kind):
            raise FileError(
                f"{name}: column {quoted(one.name)} holds {kind}, which is no cell of a table; "
                "write text, numbers or days there."
            )


def _is_binary(kind: Any) -> bool:
    is_any = pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary
    return any(is_kind(kind) for is_kind in is_any)


def _batches(file: Any, name: str) -> Iterator[list[list[Any]]]:
    for batch in file.iter_batches(batch_size=_BATCH_ROWS):
        yield [_values(column, name) for column in batch.columns]


def _values(column: Any, name: str) -> list[Any]:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        if column.nbytes > LONGEST_CELL and any(
            size > LONGEST_CELL for size in pc.utf8_length(column).to_pylist() if size
        ):
            raise FileError(f"{name} holds a cell of more than {LONGEST_CELL:,} characters.")
        return list(column.to_pylist())
    if pa.types.is_float32(column.type) or pa.types.is_float16(column.type):
        numbers = column.to_numpy(zero_copy_only=False)
        return [None if np.isnan(number) else number for number in numbers]
    return list(column.to_pylist())
