"""Ten million rows checked beside the peers, in one run on one machine: python benchmarks/intake.py

Makes a table of blots and one of ratings (Parquet and CSV, always the same, with a known handful
of faults), and checks each in a process of its own: ketbio batch by batch, and what is installed
of pandera (its polars backend, the same columns and the same unique key, the file read whole),
pointblank and frictionless. Prints seconds, peak memory and what each found; nothing is asserted
but that ketbio finds the faults that were put in. frictionless reads row by row: it is given fewer
rows, and its seconds for all of them are an extrapolation, and said to be.

pandera alone is asked less than ketbio: cells and the unique key; the other rules across rows, the
look-alike codes, the identifiers and the accounting are ketbio's only.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl

FEWER = 200_000
PEERS = {
    "ketbio, batches": "ketbio",
    "pandera, polars": "pandera",
    "pointblank, polars": "pointblank",
    "frictionless": "frictionless",
}
FAULTS = {"blots": 4, "madrs": 3}
"""How many rows of each table are wrong."""


def blots(n: int) -> pl.DataFrame:
    """Return n bands: 10 lanes to a gel, a phospho and a total band to a lane."""
    band = pl.int_range(n, eager=True)
    lane, gel = (band // 2) % 10, band // 20
    is_total = band % 2 == 1
    frame = pl.DataFrame(
        {
            "participant_id": "P" + ((gel * 10 + lane) % 5_000).cast(pl.String).str.zfill(5),
            "visit": pl.select(
                pl.when(gel % 2 == 0).then(pl.lit("baseline")).otherwise(pl.lit("day_14"))
            ).to_series(),
            "gel_id": "G" + gel.cast(pl.String).str.zfill(7),
            "lane": (lane + 1).cast(pl.String),
            "condition": pl.Series(["basal"]).new_from_index(0, n),
            "target": pl.Series(["mTOR"]).new_from_index(0, n),
            "form": pl.select(
                pl.when(is_total).then(pl.lit("total")).otherwise(pl.lit("phospho"))
            ).to_series(),
            "site": pl.select(pl.when(is_total).then(None).otherwise(pl.lit("S2448"))).to_series(),
            "intensity": (5_000 + (band * 7_919) % 9_000).cast(pl.Float64),
            "background": (100 + (band * 31) % 200).cast(pl.Float64),
        }
    )
    wrong = frame.with_row_index("i")
    i = pl.col("i")
    return wrong.with_columns(
        pl.when(i == 40).then(10.0).otherwise("intensity").alias("intensity"),
        pl.when(i == n // 2 - n // 2 % 2).then(-1.0).otherwise("background").alias("background"),
        pl.when(i == n - 3).then(pl.lit("Total")).otherwise("form").alias("form"),
        pl.when(i == 200).then(pl.lit("")).otherwise("participant_id").alias("participant_id"),
    ).drop("i")


def ratings(n: int) -> pl.DataFrame:
    """Return n totals, two visits to a participant."""
    row = pl.int_range(n, eager=True)
    frame = pl.DataFrame(
        {
            "participant_id": "P" + (row // 2).cast(pl.String).str.zfill(8),
            "visit": pl.select(
                pl.when(row % 2 == 0).then(pl.lit("baseline")).otherwise(pl.lit("day_14"))
            ).to_series(),
            "madrs_total": 10 + (row * 13) % 30,
            "suicidal_thoughts": (row * 7) % 2,
        }
    )
    i = pl.int_range(n, eager=True)
    return frame.with_columns(
        pl.select(pl.when(i == 41).then(61).otherwise(frame["madrs_total"]))
        .to_series()
        .alias("madrs_total"),
        pl.select(pl.when(i == n // 2 + 1).then(pl.lit("day_41")).otherwise(frame["visit"]))
        .to_series()
        .alias("visit"),
        pl.select(pl.when(i == n - 1).then(-1).otherwise(frame["suicidal_thoughts"]))
        .to_series()
        .alias("suicidal_thoughts"),
    )


TABLES = {"blots": blots, "madrs": ratings}
VISITS = ("baseline", "day_14")

MEASURED = """
import json, resource, sys, time
sys.path.insert(0, {here!r})
import intake
start = time.perf_counter()
found = intake.{call}({path!r}, {table!r})
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"seconds": seconds, "peak": peak, "found": found}}))
"""


def by_ketbio(path: str, table: str) -> int:
    from ketbio.tables import check_large_table  # noqa: PLC0415 one process, one peer

    found = check_large_table(path, table, visits=VISITS, progress=False)
    return found.n_rejected


def pandera_schema(table: str) -> Any:
    import pandera.polars as pa  # noqa: PLC0415

    from ketbio.tables import load_schema  # noqa: PLC0415

    schema = load_schema(table)
    kinds = {"number": pl.Float64, "integer": pl.Int64, "text": pl.String}
    columns = {}
    for name, spec in schema.columns.items():
        if spec.type not in kinds:
            continue
        checks = [pa.Check.isin(list(spec.allowed))] if spec.allowed else []
        checks += [pa.Check.isin(list(VISITS))] if name == "visit" else []
        checks += [pa.Check.ge(spec.minimum)] if spec.minimum is not None else []
        checks += [pa.Check.le(spec.maximum)] if spec.maximum is not None else []
        checks += [pa.Check.gt(spec.above)] if spec.above is not None else []
        columns[name] = pa.Column(
            kinds[spec.type], checks, nullable=not spec.required, required=spec.required
        )
    key = next(rule.settings["columns"] for rule in schema.rules if rule.check == "unique_rows")
    return pa.DataFrameSchema(columns, unique=list(key))


def by_pandera(path: str, table: str) -> int:
    from pandera.config import ValidationDepth, config_context  # noqa: PLC0415
    from pandera.errors import SchemaErrors  # noqa: PLC0415

    frame = pl.read_parquet(path)
    try:
        with config_context(validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            pandera_schema(table).validate(frame, lazy=True)
    except SchemaErrors as errors:
        return len(errors.failure_cases)
    return 0


def by_pointblank(path: str, table: str) -> int:
    import pointblank as pb  # noqa: PLC0415

    from ketbio.tables import load_schema  # noqa: PLC0415

    frame = pl.read_parquet(path)
    schema = load_schema(table)
    plan = pb.Validate(data=frame).col_vals_in_set(columns="visit", set=list(VISITS))
    for name, spec in schema.columns.items():
        if name not in frame.columns:
            continue
        if spec.required:
            plan = plan.col_vals_not_null(columns=name)
        if spec.allowed:
            plan = plan.col_vals_in_set(columns=name, set=list(spec.allowed))
        if spec.minimum is not None:
            plan = plan.col_vals_ge(columns=name, value=spec.minimum, na_pass=True)
        if spec.maximum is not None:
            plan = plan.col_vals_le(columns=name, value=spec.maximum, na_pass=True)
    key = next(rule.settings["columns"] for rule in schema.rules if rule.check == "unique_rows")
    done = plan.rows_distinct(columns_subset=list(key)).interrogate()
    return int(sum(done.n_failed().values()))


def by_frictionless(path: str, table: str) -> int:
    from frictionless import Resource, Schema  # noqa: PLC0415

    from ketbio.tables.contracts.schema_file import load_schema  # noqa: PLC0415
    from ketbio.tables.forms.frictionless import table_schema  # noqa: PLC0415

    header = pl.read_csv(path, n_rows=1).columns
    described = table_schema(load_schema(table))
    fields = {field["name"]: field for field in described["fields"]}
    schema = Schema.from_descriptor({"fields": [fields[name] for name in header]})
    report = Resource(path=Path(path).name, basepath=str(Path(path).parent), schema=schema)
    return int(report.validate(limit_errors=1000).stats["errors"])


def measured(call: str, path: Path, table: str) -> dict[str, float]:
    code = MEASURED.format(here=str(Path(__file__).parent), call=call, path=str(path), table=table)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{call} on {table}: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout.splitlines()[-1])


def show(name: str, one: dict[str, float], bare: float | None = None, note: str = "") -> None:
    ratio = "" if bare is None else f"{one['seconds'] / bare:>8.2f} ×"
    print(
        f"  {name:<28}{one['seconds']:>9.1f} s{one['peak']:>10,.0f} MiB{one['found']:>9,} {ratio}"
        f"   {note}",
        flush=True,
    )


def run(table: str, n: int, folder: Path) -> None:
    frame = TABLES[table](n)
    parquet, text, fewer = (folder / f"{table}.{end}" for end in ("parquet", "csv", "fewer.csv"))
    frame.write_parquet(parquet)
    frame.write_csv(text)
    frame.head(min(n, FEWER)).write_csv(fewer)
    del frame
    sizes = ", ".join(f"{path.stat().st_size / 2**20:,.0f} MiB" for path in (parquet, text))
    print(f"\n{table}, {n:,} rows (Parquet, CSV: {sizes}): seconds, peak memory, found")
    bare = None
    if importlib.util.find_spec("pandera"):
        one = measured("by_pandera", parquet, table)
        bare = one["seconds"]
        show("pandera, polars (Parquet)", one, bare, "cells and unique key only")
    ours = measured("by_ketbio", parquet, table)
    show("ketbio, batches (Parquet)", ours, bare, "every rule of the schema")
    as_text = measured("by_ketbio", text, table)
    show("ketbio, batches (CSV)", as_text, bare)
    for found in (ours, as_text):
        if found["found"] < FAULTS[table]:
            raise SystemExit(f"ketbio rejected {found['found']} rows, fewer than are wrong")
    if importlib.util.find_spec("pointblank"):
        show("pointblank, polars (Parquet)", measured("by_pointblank", parquet, table), bare)
    else:
        print("  pointblank is not installed (pip install pointblank)")
    if importlib.util.find_spec("frictionless"):
        one = measured("by_frictionless", fewer, table)
        seconds = one["seconds"] * n / min(n, FEWER)
        note = f"all: ~{seconds:,.0f} s, reckoned"
        show(f"frictionless, {min(n, FEWER):,} rows", one, None, note)
    else:
        print("  frictionless is not installed (pip install frictionless)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--only", choices=tuple(TABLES))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for table in (asked.only,) if asked.only else TABLES:
            run(table, asked.rows, Path(folder))


if __name__ == "__main__":
    main()
