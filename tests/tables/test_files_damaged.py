"""Files that are damaged or not what they say: refused in one sentence, no traceback, no hang."""

import datetime as dt
import io
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import FileError
from ketbio.tables.files.parquet import parse_parquet
from ketbio.tables.files.source import read_source
from ketbio.tables.files.spreadsheets import parse_ods, parse_xls
from ketbio.tables.files.statistical import parse_statistical
from ketbio.tables.files.workbook import parse_workbook

DATA = Path(__file__).parent / "data"
TABLE = {
    "participant_id": ["P01", "P02", ""],
    "level": [0.1, 12.5, np.nan],
    "sex": [1.0, 2.0, 9.0],
    "day": [dt.date(2026, 1, 31), None, dt.date(1999, 12, 31)],
}


def refused(path, **how):
    with pytest.raises(FileError) as caught:
        read_source(path, **how)
    return str(caught.value)


# -- kinds that are not what they say --------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"PAR1....", "a.csv is a Parquet file with the wrong ending; rename it to "),
        ("a.xlsx", b"$FL2@(#)", "a.xlsx is an SPSS file with the wrong ending; rename it to .sav."),
        ("a.csv", b"\x1f\x8b\x08", "a.csv is packed (gzip); unpack it and give the file inside."),
        ("a.xls", b"<HTML><table>", "a.xls is a web page, not an XLS file; open it in a "),
        ("a.xls", b"id\tx\n", "a.xls is not an XLS file; rename it to .csv if it is text, else "),
        ("a.sav", b"id,x\n", "a.sav is not an SPSS file; rename it to .csv if it is text, else "),
    ],
)  # fmt: skip
def test_a_wrong_ending_is_named(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path).startswith(said)


# -- damaged files: no traceback, no hang ----------------------------------------------------------
def sample(kind):
    frame = pd.DataFrame({"participant_id": ["P01", "P02"], "x": [1.5, 2.0]})
    made = io.BytesIO()
    if kind == "xlsx":
        frame.to_excel(made, index=False)
    else:
        frame.to_parquet(made)
    return made.getvalue()


READERS = {
    "xlsx": (parse_workbook, {}),
    "xls": (parse_xls, {}),
    "ods": (parse_ods, {}),
    "parquet": (parse_parquet, {}),
    "sav": (parse_statistical, {"kind": "SPSS"}),
    "dta": (parse_statistical, {"kind": "Stata"}),
    "xpt": (parse_statistical, {"kind": "SAS transport"}),
    "sas7bdat": (parse_statistical, {"kind": "SAS"}),
}


@pytest.mark.parametrize("kind", READERS)
@given(content=st.binary(max_size=400))
@settings(max_examples=30, deadline=None)
def test_random_bytes_are_refused(kind, content):
    read, how = READERS[kind]
    with pytest.raises(FileError):
        read(content, "a", **how)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "parquet", "sav", "dta", "xpt", "zsav"])
def test_a_file_with_bytes_changed_is_read_or_refused(kind, statistical_file):
    if kind == "xls":
        content = (DATA / "ratings.xls").read_bytes()
    elif kind in ("xlsx", "parquet"):
        content = sample(kind)
    else:
        content = statistical_file(kind, pd.DataFrame(TABLE)).read_bytes()
    read, how = READERS["sav" if kind == "zsav" else kind]
    rng = random.Random(20260101)
    for _ in range(12 if kind == "xls" else 40):  # each XLS file is a process of its own
        changed = bytearray(content)
        for _ in range(rng.randint(1, 8)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        try:
            read(bytes(changed), "a", **how)
        except FileError as error:
            assert str(error).startswith("a")  # noqa: PT017 either outcome is right


@pytest.mark.parametrize("kind", ["sav", "zsav", "dta", "xpt", "parquet"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.99])
def test_a_truncated_file_is_refused(statistical_file, kind, share):
    path = statistical_file(kind, pd.DataFrame(TABLE))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "truncated or damaged" in refused(path) or "not a" in refused(path)


def test_a_damaged_sas_file_is_refused(tmp_path):
    path = tmp_path / "a.sas7bdat"
    path.write_bytes(
        bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + b"x" * 9_000
    )
    assert refused(path) == (
        "a.sas7bdat is truncated or damaged and cannot be opened as SAS; export it again, or save "
        "it as CSV."
    )
