"""One validator over one file, for `intake.py`: seconds, peak memory and findings, as JSON."""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ITEMS = (
    "apparent_sadness", "reported_sadness", "inner_tension", "reduced_sleep", "reduced_appetite",
    "concentration_difficulties", "lassitude", "inability_to_feel", "pessimistic_thoughts",
    "suicidal_thoughts",
)  # fmt: skip
KEYS = {
    "blots": ["gel_id", "lane", "target", "form", "site"],
    "madrs": ["participant_id", "visit"],
}
TEXTS = {
    "blots": ["participant_id", "visit", "gel_id", "lane", "replicate", "condition", "target",
              "form", "site"],
    "madrs": ["participant_id", "visit", "rater_id"],
}  # fmt: skip
REQUIRED = {
    "blots": ["participant_id", "visit", "gel_id", "lane", "target", "form", "intensity"],
    "madrs": ["participant_id", "visit"],
}
FORMS = ["phospho", "total", "loading"]


def ketbio(table: str, path: Path) -> Callable[[], str]:
    check_large_table = importlib.import_module("ketbio.tables").check_large_table

    def checked() -> str:
        rules = check_large_table(path, table, progress=False).counts_by_rule()
        counted = sorted(zip(rules["rule"], rules["complaints"], strict=True))
        return ", ".join(f"{rule} {n}" for rule, n in counted)

    return checked


def _frame(table: str, path: Path) -> Any:
    """Read the file with the types that the schema has: part of what is measured."""
    pl = importlib.import_module("polars")
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    kinds = dict.fromkeys(TEXTS[table], pl.String)
    if table == "blots":
        kinds |= {"intensity": pl.Float64, "background": pl.Float64, "is_saturated": pl.Boolean}
    else:
        kinds |= {"rating_date": pl.Date, **dict.fromkeys([*ITEMS, "madrs_total"], pl.Int64)}
    return pl.read_csv(path, schema_overrides=kinds)


def pandera(table: str, path: Path, *, with_groups: bool = False) -> Callable[[], str]:
    """Columns, key and the rules of single rows; with groups those across rows that ketbio has."""
    pl, pa = importlib.import_module("polars"), importlib.import_module("pandera.polars")
    column, check = pa.Column, pa.Check
    nullable = {name: name not in REQUIRED[table] for name in TEXTS[table]}
    columns = {name: column(pl.String, nullable=one) for name, one in nullable.items()}
    row = lambda test: check(lambda data: data.lazyframe.select(test))  # noqa: E731
    if table == "blots":
        columns |= {
            "form": column(pl.String, check.isin(FORMS)),
            "intensity": column(pl.Float64),
            "background": column(pl.Float64, check.ge(0), nullable=True),
            "is_saturated": column(pl.Boolean, nullable=True),
        }
        is_phospho, has_site = pl.col("form") == "phospho", pl.col("site").is_not_null()
        checks = [
            row(pl.col("intensity") - pl.col("background") > 0),
            row(is_phospho == has_site),
            row(~pl.col("is_saturated")),
        ]
    else:
        columns["rating_date"] = column(pl.Date, nullable=True)
        columns["madrs_total"] = column(pl.Int64, check.in_range(0, 60), nullable=True)
        columns |= {name: column(pl.Int64, check.in_range(0, 6), nullable=True) for name in ITEMS}
        total, items = pl.col("madrs_total"), pl.col(ITEMS)
        checks = [
            row((pl.sum_horizontal(items) == total) | total.is_null()),
            row(pl.any_horizontal(items.is_not_null()) | total.is_not_null()),
        ]
    if with_groups:
        checks += [row(test) for test in _across_rows(table, pl)]
    schema = pa.DataFrameSchema(columns, checks=checks, unique=KEYS[table])

    def checked() -> str:
        try:
            schema.validate(_frame(table, path), lazy=True)
        except importlib.import_module("pandera.errors").SchemaErrors as found:
            return f"{len(found.schema_errors)} checks failed"
        return "no check failed"

    return checked


def _across_rows(table: str, pl: Any) -> list[Any]:
    """Return the rules across rows of the schema, spelling of words left aside, for polars."""
    if table == "blots":
        lane, band = ["gel_id", "lane"], ["gel_id", "lane", "target"]
        sample = pl.struct("participant_id", "visit", "condition", "replicate")
        has_loading = (pl.col("form") == "loading").any().over(lane)
        has_total = (pl.col("form") == "total").any().over(band)
        return [
            sample.n_unique().over(lane) == 1,
            (pl.col("form") != "phospho") | has_loading | has_total,
        ]
    total, thoughts = pl.col("madrs_total"), pl.col("suicidal_thoughts")

    def before(one: Any) -> Any:
        return one.shift(1).over("participant_id")

    copied = pl.struct("participant_id", *ITEMS).is_duplicated() & (total > 10)
    mirrored = pl.all_horizontal(pl.col(name) == 6 - before(pl.col(name)) for name in ITEMS)
    return [
        ~pl.struct("participant_id", "rating_date").is_duplicated(),
        ((total - before(total)).abs() <= 40).fill_null(value=True),
        ~copied.fill_null(value=False),
        ~mirrored.fill_null(value=False),
        ((thoughts < 4) & (thoughts - before(thoughts)).fill_null(0).lt(2)).fill_null(value=True),
    ]


def pandera_across(table: str, path: Path) -> Callable[[], str]:
    return pandera(table, path, with_groups=True)


def pointblank(table: str, path: Path) -> Callable[[], str]:
    pb, pl = importlib.import_module("pointblank"), importlib.import_module("polars")

    def checked() -> str:
        plan = pb.Validate(data=_frame(table, path)).rows_distinct(columns_subset=KEYS[table])
        plan = plan.col_vals_not_null(columns=REQUIRED[table])
        if table == "blots":
            plan = plan.col_vals_in_set(columns="form", set=FORMS)
            plan = plan.col_vals_ge(columns="background", value=0, na_pass=True)
            plan = plan.col_vals_expr(pl.col("intensity") - pl.col("background") > 0)
            plan = plan.col_vals_expr((pl.col("form") == "phospho") == pl.col("site").is_not_null())
            plan = plan.col_vals_expr(~pl.col("is_saturated"))
        else:
            plan = plan.col_vals_between(columns=list(ITEMS), left=0, right=6, na_pass=True)
            plan = plan.col_vals_between(columns="madrs_total", left=0, right=60, na_pass=True)
            total = pl.col("madrs_total")
            plan = plan.col_vals_expr((pl.sum_horizontal(ITEMS) == total) | total.is_null())
        done = plan.interrogate(collect_extracts=False)
        return f"{sum(n > 0 for n in done.n_failed().values())} steps failed"

    return checked


def frictionless(table: str, path: Path) -> Callable[[], str]:
    fr = importlib.import_module("frictionless")
    fields: list[dict[str, Any]] = []
    for name in TEXTS[table]:
        limits: dict[str, Any] = {"required": True} if name in REQUIRED[table] else {}
        if name == "form":
            limits["enum"] = FORMS
        fields.append({"name": name, "type": "string", "constraints": limits})
    if table == "blots":
        fields += [
            {"name": "intensity", "type": "number", "constraints": {"required": True}},
            {"name": "background", "type": "number", "constraints": {"minimum": 0}},
            {"name": "is_saturated", "type": "boolean"},
        ]
    else:
        fields.insert(2, {"name": "rating_date", "type": "date"})
        for name in (*ITEMS, "madrs_total"):
            highest = 60 if name == "madrs_total" else 6
            limits = {"minimum": 0, "maximum": highest}
            fields.append({"name": name, "type": "integer", "constraints": limits})
    schema = fr.Schema.from_descriptor({"fields": fields, "primaryKey": KEYS[table]})
    tests = {
        "blots": "background is None or intensity - background > 0",
        "madrs": f"madrs_total is None or {' + '.join(ITEMS)} == madrs_total",
    }

    def checked() -> str:
        resource_of = fr.Resource(path=path.name, basepath=str(path.parent), schema=schema)
        rule = fr.checks.row_constraint(formula=tests[table])
        report = resource_of.validate(fr.Checklist(checks=[rule]))
        return f"{report.stats['errors']} errors"

    return checked


PEERS = {
    "ketbio": ketbio,
    "pandera": pandera,
    "pandera_across": pandera_across,
    "pointblank": pointblank,
    "frictionless": frictionless,
}


def main() -> None:
    peer, table, path = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    try:
        checked = PEERS[peer](table, path)
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed: pip install {error.name}")
    start = time.perf_counter()
    found = checked()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": seconds, "gibibytes": peak, "found": found}))


if __name__ == "__main__":
    main()
