"""Rows put aside until they are written, in memory or, where there are many, on disk."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

_IN_MEMORY = 200_000


class Shelf:
    """Frames with a column ``position``, handed back by stretches of it."""

    def __init__(self) -> None:
        self._frames: list[pl.DataFrame] = []
        self._n = 0
        self._folder: TemporaryDirectory[str] | None = None
        self._files: list[tuple[int, int, Path]] = []

    def put(self, frame: pl.DataFrame) -> None:
        """Put rows aside."""
        if not frame.height:
            return
        self._frames.append(frame)
        self._n += frame.height
        if self._n > _IN_MEMORY:
            self._store()

    def _store(self) -> None:
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="ketbio-")
        rows = pl.concat(self._frames, how="vertical_relaxed").sort("position")
        place = Path(self._folder.name) / f"{len(self._files)}.parquet"
        rows.write_parquet(place)
        self._files.append((int(rows["position"][0]), int(rows["position"][-1]), place))
        self._frames, self._n = [], 0

    def between(self, first: int, stop: int) -> pl.DataFrame | None:
        """Return the rows of a stretch of records, None for none."""
        inside = pl.col("position").is_between(first, stop, closed="left")
        found = [frame.filter(inside) for frame in self._frames]
        found += [
            pl.scan_parquet(place).filter(inside).collect()
            for low, high, place in self._files
            if low < stop and high >= first
        ]
        found = [frame for frame in found if frame.height]
        return pl.concat(found, how="vertical_relaxed") if found else None

    def close(self) -> None:
        """Let go of what is on disk."""
        if self._folder is not None:
            self._folder.cleanup()
