"""The accepted rows of a batch, typed as the in-memory road types them."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ketbio.tables.batches.batch import Batch
from ketbio.tables.batches.cells import Cells
from ketbio.tables.batches.closer_look import Seen
from ketbio.tables.batches.first_pass import FirstPass
from ketbio.tables.batches.telling import Telling
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.records.amounts import read_number


def typed_rows(
    batch: Batch, passed: FirstPass, told: Telling, first: Seen, odd: NDArray[np.bool_]
) -> pl.DataFrame:
    """Return the accepted rows: without a fault as read, the others as they were looked at."""
    pattern = pl.DataFrame(pl.from_pandas(first.check.accepted.iloc[:0]))
    stop = batch.first + len(batch.rows)
    kept = told.kept[batch.first : stop]
    plain = np.flatnonzero(kept & ~odd[batch.first : stop])
    frame = _typed(passed.screen.cells(batch), plain, pattern, passed.facts.contract)
    frame = frame.with_columns(pl.Series("position", plain + batch.first, dtype=pl.Int64))
    looked_at = told.typed.between(batch.first, stop)
    if looked_at is not None:
        chosen = looked_at.filter(told.kept[looked_at["position"].to_numpy()])
        chosen = chosen.select([pl.col(name).cast(kind) for name, kind in frame.schema.items()])
        frame = pl.concat([frame, chosen]).sort("position")
    return frame.drop("position")


def _typed(
    cells: Cells, rows: NDArray[np.intp], pattern: pl.DataFrame, contract: TableSchema
) -> pl.DataFrame:
    columns: dict[str, pl.Series] = {}
    for name, kind in pattern.schema.items():
        if name in cells.codes:
            columns[name] = _words(cells, name, rows, kind)
        elif name in cells.values:
            columns[name] = _values(_converted(cells, name, contract)[rows], kind)
        else:
            columns[name] = pl.Series([None] * len(rows), dtype=pl.String)
    return pl.DataFrame(columns)


def _words(cells: Cells, name: str, rows: NDArray[np.intp], kind: pl.DataType) -> pl.Series:
    words = cells.words[name]
    if kind.is_numeric():
        numbers = [read_number(word) if word else None for word in words]
        return pl.Series(numbers, dtype=pl.Float64).gather(cells.codes[name][rows])
    texts = pl.Series([word or None for word in words], dtype=pl.String)
    return texts.gather(cells.codes[name][rows])


def _converted(cells: Cells, name: str, contract: TableSchema) -> NDArray[np.float64]:
    """Return a column with what other columns hold in another unit."""
    values = cells.values[name]
    for other, spec in contract.columns.items():
        if spec.converted_to == name and other in cells.values:
            values = np.where(np.isnan(values), cells.values[other] / spec.factor, values)
    return values


def _values(values: NDArray[np.float64], kind: pl.DataType) -> pl.Series:
    numbers = pl.Series(values, nan_to_null=True, dtype=pl.Float64)
    if kind == pl.Boolean:
        return numbers == 1
    if kind == pl.Datetime:
        return numbers.cast(pl.Int64).cast(pl.Datetime("us"))
    return numbers
