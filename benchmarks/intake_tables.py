"""The tables that `intake.py` checks: written piece by piece, the same at every run.

In a process of its own (table, path, rows), since the peak memory of a process counts for those
that it starts.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

PIECE = 1_000_000
ROW_GROUP = 250_000
BANDS_PER_LANE, LANES_PER_GEL, GELS_PER_PERSON = 4, 12, 2
VISITS = 80
ITEMS = (
    "apparent_sadness", "reported_sadness", "inner_tension", "reduced_sleep", "reduced_appetite",
    "concentration_difficulties", "lassitude", "inability_to_feel", "pessimistic_thoughts",
    "suicidal_thoughts",
)  # fmt: skip


def _code(letter: str, number: np.ndarray, digits: int) -> pl.Series:
    return letter + pl.Series(number).cast(pl.String).str.zfill(digits)


def _mixed(number: np.ndarray) -> np.ndarray:
    """Return numbers that look random, from the row alone (the mixing of splitmix64)."""
    mixed = number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed >> np.uint64(33)


def blots(first: int, n: int) -> pl.DataFrame:
    i = np.arange(first, first + n)
    band, lane = i % BANDS_PER_LANE, i // BANDS_PER_LANE
    gel, who = lane // LANES_PER_GEL, lane // LANES_PER_GEL // GELS_PER_PERSON
    mixed = _mixed(i)
    return pl.DataFrame(
        {
            "participant_id": _code("P", who, 6),
            "visit": np.array(["baseline", "day_7"])[gel % 2],
            "gel_id": _code("G", gel, 6),
            "lane": pl.Series(lane % LANES_PER_GEL + 1).cast(pl.String),
            "replicate": pl.Series(lane % LANES_PER_GEL // 6 + 1).cast(pl.String),
            "condition": np.array(["basal", "insulin"])[lane % 2],
            "target": np.array(["mTOR", "mTOR", "GSK3B", "actin"])[band],
            "form": np.array(["phospho", "total", "total", "loading"])[band],
            "site": pl.Series([*("S2448", None, None, None)])[band],
            "intensity": 5000 + (mixed % 450_000) / 10,
            "background": 100 + (mixed % 4_000) / 10,
            "is_saturated": np.zeros(n, dtype=np.bool_),
        }
    )


def madrs(first: int, n: int) -> pl.DataFrame:
    i = np.arange(first, first + n)
    who, visit = i // VISITS, i % VISITS
    scores = {name: (_mixed(i * 16 + k) % 4).astype(np.int64) for k, name in enumerate(ITEMS)}
    scores["suicidal_thoughts"] //= 2
    # Three items count the visits, so that no participant has two ratings alike.
    scores |= {name: visit // 4**k % 4 for k, name in enumerate(ITEMS[:2])}
    scores[ITEMS[2]] = visit // 16
    scores[ITEMS[0]] = visit % 4
    day = np.datetime64("2020-01-06") + (who % 400) + 7 * visit
    return pl.DataFrame(
        {
            "participant_id": _code("P", who, 6),
            "visit": _code("week_", visit, 2),
            "rating_date": day.astype("datetime64[D]"),
            "rater_id": _code("R", who % 4 + 1, 1),
            **scores,
            "madrs_total": sum(scores.values()),
        }
    )


def _spoilt_blots(rows: pl.DataFrame) -> pl.DataFrame:
    """Put in a doubled band, one below its background, a negative background, a saturated one."""
    place = pl.int_range(pl.len())
    return rows.with_columns(
        intensity=pl.when(place == 4_001).then(50.0).otherwise("intensity"),
        background=pl.when(place == 5_001).then(-5.0).otherwise("background"),
        is_saturated=place == 6_001,
        target=pl.when(place == 7_002).then(pl.lit("mTOR")).otherwise("target"),
    )


def _spoilt_madrs(rows: pl.DataFrame) -> pl.DataFrame:
    """Put in a rating twice, a wrong total, an item of 7 without a total, a high suicidality."""
    place = pl.int_range(pl.len())
    total = pl.when(place == 4_001).then(pl.col("madrs_total") + 1).otherwise("madrs_total")
    total = pl.when(place == 5_001).then(None).otherwise(total)
    thoughts = pl.when(place == 6_000).then(4).otherwise("suicidal_thoughts")
    added = pl.when(place == 6_000).then(4 - pl.col("suicidal_thoughts")).otherwise(0)
    return rows.with_columns(
        madrs_total=total + added,
        suicidal_thoughts=thoughts,
        lassitude=pl.when(place == 5_001).then(7).otherwise("lassitude"),
        visit=pl.when(place == 7_001).then(pl.col("visit").shift(1)).otherwise("visit"),
    )


TABLES = {"blots": (blots, _spoilt_blots), "madrs": (madrs, _spoilt_madrs)}


def pieces(table: str, n: int) -> Iterator[pl.DataFrame]:
    make, spoil = TABLES[table]
    for first in range(0, n, PIECE):
        rows = make(first, min(PIECE, n - first))
        yield rows if first else spoil(rows)


def write(table: str, path: Path, n: int) -> Path:
    if path.suffix == ".csv":
        with path.open("wb") as file:
            for number, rows in enumerate(pieces(table, n)):
                rows.write_csv(file, include_header=number == 0)
        return path
    writer = None
    for rows in pieces(table, n):
        found = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, found.schema)
        writer.write_table(found, row_group_size=ROW_GROUP)
    if writer is not None:
        writer.close()
    return path


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
