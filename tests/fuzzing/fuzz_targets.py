"""What is fuzzed: bytes → one use of ketbio; anything but a `KetbioError` is a finding."""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import fuzz_bench
import pandas as pd
from fuzz_seeds import CELLS, ENDINGS, INCOMING, STATISTICAL, parts_of
from reading_laws import assert_lawful, assert_sentence

from ketbio.errors import KetbioError
from ketbio.study import read_study
from ketbio.tables import compare_deliveries, load_schema, reading
from ketbio.tables.files.encodings import CANDIDATES
from ketbio.tables.files.source import read_source
from ketbio.tables.records.manner import manner_of
from ketbio.tables.records.typed import type_column

WORK = Path(tempfile.mkdtemp(prefix="ketbio-fuzz-"))
SMALL = str(Path(__file__).with_name("small.yaml"))
SHIPPED_IN = 16
"""One input of so many is checked against a schema of ketbio, the others against the small one."""
SCHEMAS = ("madrs", "blots", "bdnf", "participants", "markers", "elisa_plates", "hamd17")

load_once = cache(load_schema)
reading.load_schema = load_once  # a schema is the same every time; reading it is most of the time


def written(name: str, content: bytes) -> Path:
    path = WORK / name
    path.write_bytes(content)
    return path


def checked(path: Path, schema: str, **how: Any) -> None:
    """Check a file; a sentence is fine, a lost record or a wrong accept is not."""
    try:
        check = reading.check_table(path, schema, **how)
    except KetbioError as error:
        assert_sentence(error)
        return
    assert_lawful(check, load_once(schema))


def looked_at(path: Path, data: bytes, **how: Any) -> None:
    """Read a file, and check it where it could be read."""
    try:
        read_source(path)
    except KetbioError:
        return
    number = zlib.crc32(data)
    is_shipped = number % SHIPPED_IN == 0
    schema = SCHEMAS[number // SHIPPED_IN % len(SCHEMAS)] if is_shipped else SMALL
    checked(path, schema, **how)


def delimited(data: bytes) -> None:
    ending = (".csv", ".tsv")[data[0] % 2] if data else ".csv"
    looked_at(written(f"a{ending}", data[1:]), data)


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").split("\n")


def cells(data: bytes) -> None:
    """Cells typed as every kind of column, in every manner."""
    given = [cell.strip() for cell in _lines(data)]
    manners = [
        manner_of(decimal=decimal, date_order=order, limits={"LOD": 0.5})
        for decimal, order in ((".", None), (",", "dmy"), (".", "mdy"))
    ]
    for spec in load_once(SMALL).columns.values():
        for manner in manners:
            typed = type_column(pd.Series(given, dtype="str"), spec, manner=manner)
            empty = typed.values.isna()
            for i, cell in enumerate(given):
                is_told = i in typed.problems or i in typed.limits or i in typed.above
                assert bool(empty[i]) == (is_told or not cell), (spec.name, cell)


def table(data: bytes) -> None:
    """Text of every kind in the cells of a table that is well formed."""
    names = [name for name in load_once(SMALL).columns if name != "participant_id"]
    given = _lines(data)
    rows = [",".join(["participant_id", *names])]
    for start in range(0, len(given), len(names)):
        own = [*given[start : start + len(names)], *[""] * len(names)][: len(names)]
        quoted = ['"' + cell.replace('"', '""').replace("\0", "") + '"' for cell in own]
        rows.append(",".join([f"P{start}", *quoted]))
    path = written("c.csv", ("\n".join(rows) + "\n").encode("utf-8", "replace"))
    checked(path, SMALL)
    checked(path, SMALL, visits=("baseline", "day_14"), baseline="baseline")
    checked(path, SMALL, decimal=",", date_order="dmy", limits={"LOD": 0.5})


_PARTS = {name: parts_of(name) for name in ("xlsx", "ods")}


def _book(data: bytes, kind: str) -> None:
    """One part of a workbook in place of its own; the others as they were."""
    parts = _PARTS[kind]
    victim = list(parts)[data[0] % len(parts)] if data else ""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in parts.items():
            made.writestr(name, data[1:] if name == victim else content)
    looked_at(written(f"w.{kind}", out.getvalue()), data)


def workbook(data: bytes) -> None:
    _book(data, "xlsx")


def open_document(data: bytes) -> None:
    _book(data, "ods")


def any_ending(data: bytes) -> None:
    """Bytes as they are, under every ending but those of the statistics programs."""
    if data:
        looked_at(written(f"b{ENDINGS[data[0] % len(ENDINGS)]}", data[1:]), data)


def old_workbook(data: bytes) -> None:
    looked_at(written("o.xls", data), data)


def parquet(data: bytes) -> None:
    looked_at(written("p.parquet", data), data)


def statistical(data: bytes) -> None:
    if data:
        looked_at(written(f"s{STATISTICAL[data[0] % len(STATISTICAL)]}", data[1:]), data)


ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", *CANDIDATES)
"""Which of them a dictionary of few words is in is a guess, and said to be one."""
EVENTS = {"baseline_arm_1": "baseline", "day_14_arm_1": "day_14"}


def redcap(data: bytes) -> None:
    dictionary, _, export = data.partition(b"\0")
    options = {
        "dictionary": str(written("d.csv", dictionary)),
        "events": EVENTS,
        "export": ("raw", "labels")[len(data) % 2],
        "checkboxes": ("flags", "labels")[len(data) // 2 % 2],
    }
    labels = "\n".join(dictionary.decode(one, "replace") for one in ENCODINGS)
    checked_layout(written("r.csv", export), labels, redcap=options)


def adam(data: bytes) -> None:
    options = {
        "parameters": {"MADTOT": "madrs_total", "MADRS10": "suicidal_thoughts"},
        "imputed_rows": ("keep", "leave_out")[len(data) % 2],
    }
    checked_layout(written("l.csv", data), adam=options)


def checked_layout(path: Path, labels: str = "", **how: Any) -> None:
    """Check rows gathered to records."""
    try:
        check = reading.check_table(path, "madrs", **how)
    except KetbioError as error:
        assert_sentence(error)
        return
    assert_lawful(check, load_once("madrs"), recodes={"visit": EVENTS}, labels=labels)


@cache
def _demo_tables() -> None:
    """Put the tables that the demo study names beside it, so that it is read beyond their names."""
    for entry in resources.files("ketbio.demo").iterdir():
        if entry.name.endswith(".csv"):
            written(entry.name, entry.read_bytes())


def study_file(data: bytes) -> None:
    _demo_tables()
    try:
        read_study(written("study.toml", data))
    except KetbioError:
        return


def schema_file(data: bytes) -> None:
    path = str(written("own.yaml", data))
    try:
        schema = load_schema(path)
    except KetbioError:
        return
    reading.load_schema = load_schema
    try:
        check = reading.check_table(next(INCOMING.glob("02_*.csv")), path)
    except KetbioError:
        return
    finally:
        reading.load_schema = load_once
    assert_lawful(check, schema)


def deliveries(data: bytes) -> None:
    old, _, new = data.partition(b"\0")
    try:
        compare_deliveries(written("o.csv", old), written("n.csv", new), SMALL)
    except KetbioError:
        return


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one
    for one in (
        delimited, cells, table, workbook, open_document, any_ending, old_workbook, parquet,
        statistical, redcap, adam, study_file, schema_file, deliveries, *fuzz_bench.TARGETS,
    )
}  # fmt: skip
WORDS = (
    *CELLS, "participant_id", "visit", "madrs_total", "baseline", "LOD", "ng/mL", "pg/mL", "sep=;",
    '"', ",", ";", "\t", "\r\n", "\N{BYTE ORDER MARK}", "−", "≤", "\u200b", "nan", "inf", "1_000",
    "e-308", "e309", "[red]", "<b>", "@", "required: true", "minimum:", "type: integer", "check:",
    *fuzz_bench.WORDS, "redcap_event_name", "AVISIT", "PARAMCD", "checkbox", " | ", "1, one",
)  # fmt: skip
"""Words that mean something to a reader, for the fuzzer to put in."""
