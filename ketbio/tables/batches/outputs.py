"""Accepted and rejected rows of a large table → files, batch by batch, whole or not at all."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ketbio.errors import FileError
from ketbio.tables.batches.batch import Batch, Incoming
from ketbio.tables.batches.closer_look import Seen
from ketbio.tables.batches.first_pass import FirstPass
from ketbio.tables.batches.numbering import as_words
from ketbio.tables.batches.progress import Progress
from ketbio.tables.batches.telling import Telling
from ketbio.tables.batches.typed_rows import typed_rows
from ketbio.whole_files import write_whole
from ketbio.wording import join_words

_FORMULA = r"^[=+\-@\t\r]"
_NUMBER = r"^[+\-−]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+\-−]?[0-9]+)?$"
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Where the rows are to be written.

    Attributes
    ----------
    accepted, rejected : Path or None
        The files, None for none.
    """

    accepted: Path | None
    rejected: Path | None

    @classmethod
    def wanted(
        cls,
        accepted: str | PathLike[str] | None,
        rejected: str | PathLike[str] | None,
        *,
        overwrite: bool,
    ) -> "Outputs":
        """Return where to write, after what cannot be written has been refused.

        Raises
        ------
        FileError
            An ending is not known, a file exists, or its folder does not.
        """
        paths = [None if path is None else Path(path) for path in (accepted, rejected)]
        for path in filter(None, paths):
            if path.suffix.lower() not in _WRITERS:
                raise FileError(
                    f"{path.name} cannot be written by its ending; allowed: {join_words(_WRITERS)}."
                )
            if path.exists() and not overwrite:
                raise FileError(
                    f"{path.name} exists already; give another name, or ask to overwrite it."
                )
            if not path.parent.is_dir():
                raise FileError(f"There is no folder {str(path.parent)!r} to write {path.name} to.")
        return cls(accepted=paths[0], rejected=paths[1])

    @property
    def is_wanted(self) -> bool:
        """Whether anything is to be written."""
        return self.accepted is not None or self.rejected is not None

    def write(  # noqa: PLR0917 what was found, step by step
        self,
        incoming: Incoming,
        passed: FirstPass,
        told: Telling,
        first: Seen,
        odd: Mask,
        shown: Progress,
    ) -> None:
        """Write the rows; none where direct identifiers were found, which the rows would repeat."""
        if told.is_stopped or not self.is_wanted:
            return

        def accepted_rows() -> Iterator[pl.DataFrame]:
            for batch in incoming.batches(shown.step):
                yield typed_rows(batch, passed, told, first, odd)

        def rejected_rows() -> Iterator[pl.DataFrame]:
            for batch in incoming.batches(shown.step):
                yield rejected(batch, incoming, passed, told)

        rows = {self.accepted: accepted_rows, self.rejected: rejected_rows}
        try:
            write_whole(
                {
                    path: _writing(_WRITERS[path.suffix.lower()], make)
                    for path, make in rows.items()
                    if path is not None
                }
            )
        except OSError as error:
            raise FileError(f"The rows cannot be written: {error.strerror}.") from None


def _writing(
    write: Callable[[Iterator[pl.DataFrame], Path], None],
    make: Callable[[], Iterator[pl.DataFrame]],
) -> Callable[[Path], None]:
    return lambda place: write(make(), place)


def rejected(batch: Batch, incoming: Incoming, passed: FirstPass, told: Telling) -> pl.DataFrame:
    """Return the rejected rows of a batch, as written, with what is said of each."""
    stop = batch.first + len(batch.rows)
    out_of = np.flatnonzero(~told.kept[batch.first : stop])
    columns: dict[str, pl.Series] = {"row": pl.Series(batch.rows[out_of])}
    feeds = {name: incoming.header.index(column) for (name, _), column in passed.plan.feeds.items()}
    cells = batch.columns[out_of]
    for name, place in feeds.items():
        columns[name] = as_words(cells.to_series(place), incoming.decimal).alias(name)
    for name, word in passed.constants.items():
        columns[name] = pl.Series([word] * len(out_of), dtype=pl.String)
    frame = pl.DataFrame(columns)
    if told.extra_cells:
        extra = [told.extra_cells.get(int(batch.first + i), "") for i in out_of]
        frame = frame.with_columns(pl.Series("extra_cells", extra, dtype=pl.String))
    said = _said(told, batch.first, stop)
    every = sorted(told.of_all)
    lines = [
        " | ".join(text for _, text in sorted([*every, *said.get(int(batch.first + i), ())]))
        for i in out_of
    ]
    return frame.with_columns(pl.Series("complaint", lines, dtype=pl.String))


def _said(told: Telling, first: int, stop: int) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    rows = told.messages.between(first, stop)
    for position, place, message in rows.iter_rows() if rows is not None else ():
        found.setdefault(position, []).append((place, message))
    return found


# -- files ---------------------------------------------------------------------------------------
def _write_delimited(rows: Iterator[pl.DataFrame], place: Path, separator: str) -> None:
    with place.open("wb") as file:
        for number, frame in enumerate(rows):
            _safe(frame).write_csv(
                file, include_header=number == 0, separator=separator, line_terminator="\n"
            )


def _safe(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows that a spreadsheet program can open and will not run; whole numbers whole."""
    changed = []
    for name, kind in frame.schema.items():
        own = pl.col(name)
        if kind == pl.String:
            runs = own.str.contains(_FORMULA) & ~own.str.contains(_NUMBER)
            escaped = pl.concat_str(pl.lit("'"), own)
            changed.append(pl.when(runs).then(escaped).otherwise(own).alias(name))
        elif kind == pl.Float64:
            is_whole = (own == own.floor()) & (own.abs() < 1e15)
            whole = own.cast(pl.Int64, strict=False).cast(pl.String)
            changed.append(pl.when(is_whole).then(whole).otherwise(own.cast(pl.String)).alias(name))
        elif kind == pl.Datetime:
            changed.append(own.dt.date())
        elif kind == pl.Boolean:
            changed.append(
                pl.when(own).then(pl.lit("True")).when(~own).then(pl.lit("False")).alias(name)
            )
    safe = frame.with_columns(changed)
    names = pl.Series(frame.columns)
    run = names.str.contains(_FORMULA).to_list()
    return safe.rename({n: f"'{n}" for n, is_run in zip(frame.columns, run, strict=True) if is_run})


def _write_parquet(rows: Iterator[pl.DataFrame], place: Path) -> None:
    writer: pq.ParquetWriter | None = None
    for frame in rows:
        table: pa.Table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if writer is None:
            writer = pq.ParquetWriter(place, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


_WRITERS: Mapping[str, Callable[[Iterator[pl.DataFrame], Path], None]] = {
    ".csv": lambda rows, place: _write_delimited(rows, place, ","),
    ".tsv": lambda rows, place: _write_delimited(rows, place, "\t"),
    ".parquet": _write_parquet,
}
