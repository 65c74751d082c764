"""Small whole files for each fuzz target to start from, in the form that its target takes."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import resources
from pathlib import Path

import fuzz_bench
import pandas as pd
import pyreadstat
from openpyxl import Workbook

TESTS = Path(__file__).resolve().parents[1]
INCOMING = TESTS / "incoming"
LONGEST = 8_000
CELLS = (
    "12.5", "12,5", "−3", "1e3", "<0.5", "> 2000", "LOD", "n.d.", "24.1 ng/mL", "24100pg/ml", ".",
    "31/01/2026", "5. Jan 2026", "2026-01-31 10:00", "45000", "20260131", "yes", "NA", "#DIV/0!",
    "P01", "1.234", "≤ 3 ng mL-1", "=1+1",
)  # fmt: skip
_DICTIONARY = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels"\n'
    'record_id,ratings,,text,"Record",\n'
    'madrs_total,ratings,,text,"Total",\n'
    'rater_id,ratings,,radio,"Rater","1, R1 | 2, R2"\n'
    'given,ratings,,checkbox,"Given","1, one | 2, two"\n'
)
_EXPORT = (
    "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,madrs_total,"
    "rater_id,given___1,given___2\n"
    "P01,baseline_arm_1,,,30,1,0,1\nP01,day_14_arm_1,ratings,1,12,2,1,0\n"
)
_LONG = (
    "USUBJID,AVISIT,PARAMCD,AVAL,AVALC,ADT,AVALU,DTYPE\n"
    "P01,baseline,MADTOT,30,,2026-01-01,,\nP01,baseline,MADRS10,3,,2026-01-01,,\n"
    "P02,day_14,MADTOT,<5,LOD,2026-01-14,points,LOCF\n"
)
_SPACES = " ".join(
    f'xmlns:{word}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for word, space in {
        "office": "office", "table": "table", "text": "text", "manifest": "manifest",
    }.items()
)  # fmt: skip
_ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"
TABLE = pd.DataFrame(
    {
        "participant_id": ["P01", "P02"],
        "visit": ["baseline", "day_14"],
        "madrs_total": [30.0, 12.0],
        "rating_date": pd.to_datetime(["2026-01-01", "2026-01-15"]).date,
    }
)


def seeds_of(target: str) -> Iterator[bytes]:
    """Yield what a target starts from."""
    yield from _SEEDS[target]()


def parts_of(name: str) -> dict[str, bytes]:
    """Return the parts of a small workbook, ``"xlsx"`` or ``"ods"``."""
    with zipfile.ZipFile(io.BytesIO(_BOOKS[name]())) as parts:
        return {one: parts.read(one) for one in parts.namelist()}


def _incoming(ending: str) -> Iterator[bytes]:
    for path in sorted(INCOMING.glob(f"*.{ending}")):
        content = path.read_bytes()
        if len(content) < LONGEST:
            yield content


def _xlsx() -> bytes:
    book = Workbook()
    page = book.active
    page.append(["participant_id", "visit", "madrs_total", "rating_date"])
    page.append(["P01", "baseline", 30, pd.Timestamp("2026-01-01").to_pydatetime()])
    page.append([7, "baseline", 12.5, "=1+1"])
    page["A3"].number_format = "000"
    page.merge_cells("B4:C5")
    page.row_dimensions[3].hidden = True
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _ods() -> bytes:
    words = ("participant_id", "visit", "madrs_total")
    head = "".join(
        f"<table:table-cell><text:p>{word}</text:p></table:table-cell>" for word in words
    )
    row = (
        "<table:table-cell><text:p>P01</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="1"><text:p>baseline</text:p>'
        '</table:table-cell><table:table-cell office:value-type="float" office:value="30">'
        "<text:p>30</text:p></table:table-cell>"
    )
    content = (
        f"<office:document-content {_SPACES}><office:body><office:spreadsheet>"
        f'<table:table table:name="Levels"><table:table-row>{head}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="2">{row}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest {_SPACES}><manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{_ODS_KIND}"/></manifest:manifest>'
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        parts.writestr("mimetype", _ODS_KIND)
        parts.writestr("META-INF/manifest.xml", manifest)
        parts.writestr("content.xml", content)
    return made.getvalue()


_BOOKS: dict[str, Callable[[], bytes]] = {"xlsx": _xlsx, "ods": _ods}


def _parquet() -> bytes:
    made = io.BytesIO()
    TABLE.to_parquet(made, index=False)
    return made.getvalue()


def statistical_files() -> dict[str, bytes]:
    """Return a small file of every statistical format that can be written, by its ending."""
    labelled = TABLE.assign(rater=[1.0, -9.0])
    how = {"variable_value_labels": {"rater": {1.0: "one"}}}
    writers: dict[str, Callable[[Path], object]] = {
        ".sav": lambda path: pyreadstat.write_sav(
            labelled, path, missing_ranges={"rater": [-9]}, **how
        ),
        ".zsav": lambda path: pyreadstat.write_sav(labelled, path, compress=True),
        ".dta": lambda path: pyreadstat.write_dta(
            TABLE.assign(rater=[1, "a"]), path, missing_user_values={"rater": ["a"]}
        ),
        ".v8.dta": lambda path: pyreadstat.write_dta(TABLE, path, version=8),
        ".xpt": lambda path: pyreadstat.write_xport(
            TABLE.set_axis(["id", "visit", "total", "day"], axis=1), path, file_format_version=5
        ),
        ".v8.xpt": lambda path: pyreadstat.write_xport(TABLE, path, file_format_version=8),
    }
    made = {".sas7bdat": bytes(12) + b"\xc2\xea\x81\x60" + bytes(1008)}
    with tempfile.TemporaryDirectory() as folder:
        for ending, write in writers.items():
            path = Path(folder) / f"a{ending}"
            write(path)
            made[ending] = path.read_bytes()
    return made


def _numbered(contents: "dict[str, bytes]", order: "tuple[str, ...]") -> Iterator[bytes]:
    for ending, content in contents.items():
        yield bytes([order.index(f".{ending.rpartition('.')[2]}")]) + content


ENDINGS = (".xlsx", ".xls", ".ods", ".parquet", ".txt", ".tsv")
STATISTICAL = (".sav", ".zsav", ".dta", ".xpt", ".sas7bdat")


def whole_files() -> dict[str, bytes]:
    """Return a small file of every other format, by its ending."""
    text = TABLE.to_csv(index=False).encode()
    old = (TESTS / "tables" / "data" / "ratings.xls").read_bytes()
    books = {f".{kind}": make() for kind, make in _BOOKS.items()}
    tabs = text.replace(b",", b"\t")
    return {**books, ".xls": old, ".parquet": _parquet(), ".csv": text, ".tsv": tabs}


def _books() -> Iterator[bytes]:
    given = {kind: content for kind, content in whole_files().items() if kind in ENDINGS}
    yield from _numbered(given, ENDINGS)


def _parts(name: str) -> Iterator[bytes]:
    for i, content in enumerate(parts_of(name).values()):
        yield bytes([i]) + content


def _schemas() -> Iterator[bytes]:
    for name in ("participants", "bdnf"):
        yield (resources.files("ketbio.schemas") / f"{name}.yaml").read_bytes()


def _pairs() -> Iterator[bytes]:
    for content in _incoming("csv"):
        yield content + b"\0" + content


def _bench(name: str) -> Iterator[bytes]:
    yield from fuzz_bench.seeds(name)


_SEEDS: dict[str, Callable[[], Iterator[bytes]]] = {
    "delimited": lambda: (b"\0" + content for content in _incoming("csv")),
    "cells": lambda: iter(["\n".join(CELLS).encode(), *(cell.encode() for cell in CELLS)]),
    "table": lambda: iter(["\n".join(CELLS[i : i + 8]).encode() for i in range(0, len(CELLS), 8)]),
    "workbook": lambda: _parts("xlsx"),
    "open_document": lambda: _parts("ods"),
    "any_ending": _books,
    "old_workbook": lambda: iter([(TESTS / "tables" / "data" / "ratings.xls").read_bytes()]),
    "parquet": lambda: iter([_parquet()]),
    "statistical": lambda: _numbered(statistical_files(), STATISTICAL),
    "redcap": lambda: iter([_DICTIONARY.encode() + b"\0" + _EXPORT.encode()]),
    "adam": lambda: iter([_LONG.encode()]),
    "study_file": lambda: iter([(resources.files("ketbio.demo") / "study.toml").read_bytes()]),
    "schema_file": _schemas,
    "deliveries": _pairs,
    **{one.__name__: partial(_bench, one.__name__) for one in fuzz_bench.TARGETS},
}
