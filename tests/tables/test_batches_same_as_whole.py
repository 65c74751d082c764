"""The batch road says of a file, word for word, what the in-memory road says."""

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ketbio.tables import check_large_table, check_table
from ketbio.tables.batches import checking, delimited, keys, text_blocks
from ketbio.tables.batches.first_pass import FORMS
from ketbio.tables.contracts.schema_file import load_schema, schema_names
from ketbio.tables.rules.registry import RULES
from ketbio.vocabulary import SCALES

Row = dict[str, str]
WORDS = [
    "", "NA", "x", " 3", "7", "99", "-1", "999", "1e3", "12,5", "1,234", "1.234", "0.5", "<0.5",
    "5 pg/mL", "P1", "p01", "PO1", "day7", "Baseline", "2031-05-05", "05/06/2026", "31/01/2026",
    "2026-01-02", "Basal", "basal ", "Total", "true", "maybe", "12345678", "6", "0", "Jane",
    "a\nb", 'q"u', "semi;colon", "-", "GSK3B", "S9", "1.0", "+4", "５",
]  # fmt: skip
VISITS = ["baseline", "day_7", "day_14"]


def ratings(schema: str) -> list[Row]:
    """Three participants rated at two or three visits, each total the sum of its items."""
    columns = load_schema(schema).columns
    items = [name for name, spec in columns.items() if spec.type == "integer"]
    total = next((name for name in items if name.endswith("_total")), "")
    rows = []
    for who in range(3):
        for k, visit in enumerate(VISITS[: 2 + who % 2]):
            scores = {name: 1 + (who + k + i) % 2 for i, name in enumerate(items) if name != total}
            row = {"participant_id": f"P{who + 1:02d}", "visit": visit}
            row["rating_date"] = f"2026-01-{1 + who + 7 * k:02d}"
            row |= {name: str(score) for name, score in scores.items()}
            rows.append(row | ({total: str(sum(scores.values()))} if total else {}))
    return [{name: cell for name, cell in row.items() if name in columns} for row in rows]


def blots() -> list[Row]:
    bands = (("mTOR", "phospho", "S2448"), ("mTOR", "total", ""), ("actin", "loading", ""))
    return [
        {
            "participant_id": f"P{gel + 1:02d}", "visit": VISITS[lane % 2], "gel_id": f"G{gel}",
            "lane": str(lane), "replicate": "1", "condition": "basal", "target": target,
            "form": form, "site": site, "intensity": f"{1000 + 7.3 * (gel + lane):.1f}",
            "background": str(10 + lane), "is_saturated": "false",
        }
        for gel in range(2)
        for lane in range(3)
        for target, form, site in bands
    ]  # fmt: skip


def levels() -> list[Row]:
    return [
        {
            "participant_id": f"P{who:02d}", "visit": visit, "specimen": specimen,
            "bdnf_ng_ml": f"{(20 if specimen == 'serum' else 0.7) + who / 10:.2f}",
            "plate_id": "PL1", "replicate": "1", "lloq_ng_ml": "0.5",
        }
        for who in range(3)
        for visit in VISITS[:2]
        for specimen in ("serum", "plasma")
    ]  # fmt: skip


def markers() -> list[Row]:
    return [
        {"participant_id": f"P{i:02d}", "visit": visit, "entropy": f"1.{i}2", "il6": str(i + 2)}
        for i in range(6)
        for visit in VISITS[:2]
    ]


def participants() -> list[Row]:
    return [
        {"participant_id": f"P{i:02d}", "sex": "female", "age_years": str(20 + i), "group": "a"}
        for i in range(9)
    ]


def plates() -> list[Row]:
    roles = ["standard", "standard", "standard", "standard", "standard", "blank", "sample"]
    return [
        {
            "plate_id": f"PL{plate}", "well": f"A{i + 1}", "role": role,
            "participant_id": "P01" if role == "sample" else "",
            "visit": "baseline" if role == "sample" else "",
            "concentration": str(10 * (i + 1)) if role == "standard" else "",
            "dilution_factor": "1", "absorbance": f"0.{i + 1}5",
        }
        for plate in range(2)
        for i, role in enumerate(roles)
    ]  # fmt: skip


MADE = {
    "blots": blots,
    "bdnf": levels,
    "markers": markers,
    "participants": participants,
    "elisa_plates": plates,
}
SCHEMAS = schema_names()


def made(schema: str) -> list[Row]:
    return MADE[schema]() if schema in MADE else ratings(schema)


def spoil(data: st.DataObject, rows: list[Row]) -> list[Row]:
    """Put a few faults into a table."""
    rows = [dict(row) for row in rows]
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(rows) - 1))
        name = data.draw(st.sampled_from(list(rows[place])))
        kind = data.draw(st.sampled_from(["word", "word", "word", "copy", "swap", "note", "drop"]))
        if kind == "word":
            rows[place][name] = data.draw(st.sampled_from(WORDS))
        elif kind == "copy":
            rows.insert(data.draw(st.integers(0, len(rows))), dict(rows[place]))
        elif kind == "swap":
            rows[place][name] = rows[data.draw(st.integers(0, len(rows) - 1))].get(name, "")
        elif kind == "note":
            rows.append({**dict.fromkeys(rows[0], ""), next(iter(rows[0])): "Rated on paper first"})
        elif len(rows[0]) > 2 and all(name in row for row in rows):
            rows = [{other: row[other] for other in row if other != name} for row in rows]
    return rows


def write_csv(rows: list[Row], path: Path, data: st.DataObject) -> Path:
    file = io.StringIO()
    delimiter = data.draw(st.sampled_from([",", ";", "\t"]))
    ending = data.draw(st.sampled_from(["\n", "\r\n"]))
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(file, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    names = list(rows[0])
    odd = data.draw(st.integers(0, 3 * len(rows)))
    writer.writerow(names)
    for number, row in enumerate(rows):
        cells = [row[name] for name in names]
        writer.writerow([*cells, "more"] if odd == number else cells)
        if odd == number + len(rows):
            file.write(ending)
    mark = data.draw(st.sampled_from(["", "\ufeff"]))
    path.write_bytes(f"{mark}{file.getvalue()}".encode())
    return path


def write_parquet(rows: list[Row], path: Path, data: st.DataObject) -> Path:
    frame = pd.DataFrame(rows)
    for name in frame:
        numbers = pd.to_numeric(frame[name].replace("", None), errors="coerce")
        if data.draw(st.booleans()) and numbers.notna().sum() == (frame[name] != "").sum():
            frame[name] = numbers
    frame.to_parquet(path)
    return path


def keywords(data: st.DataObject, schema: str) -> dict[str, Any]:
    how: dict[str, Any] = {}
    if "visit" in load_schema(schema).columns and data.draw(st.booleans()):
        how["visits"] = VISITS
        if data.draw(st.booleans()):
            how |= {"baseline": "baseline", "windows": {"day_7": [5, 9]}}
    if data.draw(st.booleans()):
        how["participants"] = [f"P{i:02d}" for i in range(1, 7)]
    if data.draw(st.booleans()):
        how |= {"missing": ["NA", "99"], "date_order": "dmy"}
    return how


def small_blocks(data: st.DataObject, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rows, groups and quoted cells lie across the ends of what is looked at at once."""
    monkeypatch.setattr(keys, "STRETCH", data.draw(st.sampled_from([2, 5, 10**6])))
    monkeypatch.setattr(text_blocks, "BLOCK_BYTES", data.draw(st.sampled_from([150, 400, 10**6])))
    monkeypatch.setattr(delimited, "HEAD_BYTES", data.draw(st.sampled_from([200, 10**5])))


ONE_EXAMPLE = settings(
    max_examples=3,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("schema", SCHEMAS)
@ONE_EXAMPLE
@given(data=st.data())
def test_both_roads_say_the_same(schema, data, tmp_path, monkeypatch):
    rows, how = spoil(data, made(schema)), keywords(data, schema)
    write = data.draw(st.sampled_from([write_csv, write_csv, write_parquet]))
    path = write(rows, tmp_path / ("t.csv" if write is write_csv else "t.parquet"), data)
    with monkeypatch.context() as patched:
        small_blocks(data, patched)
        whole = check_table(path, schema, **how)
        accepted, rejected = tmp_path / "accepted.parquet", tmp_path / "rejected.parquet"
        accepted.unlink(missing_ok=True)
        large = check_large_table(
            path, schema, batch_rows=data.draw(st.integers(3, 7)), accepted=accepted,
            rejected=rejected, overwrite=True, **how,
        )  # fmt: skip
    pd.testing.assert_frame_equal(large.complaints, whole.complaints)
    assert large.kept.tolist() == whole.kept.tolist()
    assert large.summary() == whole.summary()
    assert large.sha256 == whole.sha256
    pd.testing.assert_frame_equal(large.counts_by_rule(), whole.counts_by_rule())
    if accepted.exists():  # nothing is written of a file with direct identifiers
        assert cells(pl.read_parquet(accepted)) == cells(whole.accepted)
        assert cells(pl.read_parquet(rejected)) == cells(whole.rejected)


def cells(frame: pd.DataFrame | pl.DataFrame) -> tuple[list[str], list[list[Any]]]:
    if isinstance(frame, pl.DataFrame):
        frame = frame.to_pandas()
    shown = frame.astype(object).where(frame.notna(), None)
    return [str(name) for name in frame], shown.to_numpy().tolist()


@pytest.mark.parametrize(("name", "at_once"), [("madrs", 10), ("blots", 30)])
def test_many_wrong_rows_are_looked_at_in_parts(name, at_once, tmp_path, monkeypatch):
    rows = made(name) * 3
    wrong = "madrs_total" if name == "madrs" else "intensity"
    rows = [{**row, wrong: "x"} if n % 3 == 0 else row for n, row in enumerate(rows)]
    path = tmp_path / "t.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    whole = check_table(path, name)
    monkeypatch.setattr(checking, "AT_ONCE", at_once)
    large = check_large_table(path, name, batch_rows=5, max_listed=2)
    assert any("parts: a fault" in note for note in large.notes)
    assert large.kept.tolist() == whole.kept.tolist()
    assert set(large.complaints["rule"]) == set(whole.complaints["rule"])
    assert large.complaints.groupby("rule").size().max() <= 2
    assert large.counts()["error"] >= len(large.complaints[large.complaints.severity == "error"])


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_rule_of_a_schema_of_ours_has_a_form(schema):
    assert {rule.check for rule in load_schema(schema).rules} <= set(FORMS)


def test_every_rule_has_a_form():
    assert set(FORMS) == set(RULES)


def test_every_scale_is_among_the_tables_made():
    assert SCALES
    assert all(made(schema) for schema in SCHEMAS)
