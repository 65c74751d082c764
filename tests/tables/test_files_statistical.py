"""Parquet and the files of statistics programs: nothing is lost, nothing turns missing unsaid."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from ketbio.errors import FileError
from ketbio.tables import check_table
from ketbio.tables.files.source import read_source

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


# -- Parquet -------------------------------------------------------------------------------------
def test_parquet_loses_nothing(tmp_path):
    table = pa.table(
        {
            "participant_id": pa.array(["007", None, "P03"]),
            "big": pa.array([2**62 + 1, None, -1], pa.int64()),
            "dose": pa.array([Decimal("0.10"), None, Decimal("12.00")], pa.decimal128(10, 2)),
            "single": pa.array([0.1, None, 2.0], pa.float32()),
            "day": pa.array([dt.date(2026, 1, 31), None, None]),
            "at": pa.array([dt.datetime(2026, 1, 31, 8, 30), None, None]),
            "sex": pa.array(["male", "female", None]).dictionary_encode(),
            "flag": pa.array([True, False, None]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    source = read_source(tmp_path / "a.parquet")
    assert source.header == tuple(table.column_names)
    assert source.rows == (
        ("007", "4611686018427387905", "0.1", "0.1", "2026-01-31", "2026-01-31 08:30:00", "male",
         "true"),
        ("", "", "", "", "", "", "female", "false"),
        ("P03", "-1", "12", "2", "", "", "", ""),
    )  # fmt: skip
    assert source.notes == ("Read as Parquet; its column names count as row 1.",)
    assert source.fractions == {(2, "dose"), (2, "single")}


def test_lists_in_parquet_are_no_cells(tmp_path):
    pq.write_table(pa.table({"x": [[1, 2]]}), tmp_path / "a.parquet")
    assert refused(tmp_path / "a.parquet").startswith("a.parquet: column 'x' holds list<")


# -- SPSS, Stata, SAS ----------------------------------------------------------------------------
def test_spss_keeps_codes_and_what_is_declared_missing(tmp_path):
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(
        pd.DataFrame(TABLE),
        path,
        column_labels={"level": "Level in serum"},
        variable_value_labels={"sex": {1: "male", 2: "female"}},
        missing_ranges={"sex": [9], "level": [{"lo": -99, "hi": -1}]},
    )
    source = read_source(path)
    assert source.rows == (
        ("P01", "0.1", "1", "2026-01-31"),
        ("P02", "12.5", "2", ""),
        ("", "", "9 (missing)", "1999-12-31"),
    )
    assert source.notes[:4] == (
        "Read as a file of SPSS; its column names count as row 1.",
        "Codes were read, not their labels: sex (1 = male, 2 = female); recode them under values "
        "in the study file.",
        "Declared as missing in the file: level (-99 to -1) and sex (9); such a cell is read as "
        "the code and '(missing)', for instance '-9 (missing)': name that under missing.",
        "Columns as the file describes them: level: Level in serum.",
    )


def test_a_declared_missing_is_a_complaint_until_it_is_named(tmp_path):
    frame = pd.DataFrame({"participant_id": ["P01", "P02"], "age_years": [15.0, -9.0]})
    pyreadstat.write_sav(
        frame, tmp_path / "a.zsav", compress=True, missing_ranges={"age_years": [-9]}
    )
    check = check_table(tmp_path / "a.zsav", "participants")
    assert check.rejected["participant_id"].tolist() == ["P02"]
    named = check_table(tmp_path / "a.zsav", "participants", missing=["-9 (missing)"])
    assert named.ok


def test_stata_keeps_its_tagged_missings(tmp_path):
    frame = pd.DataFrame({"participant_id": ["P01", "P02"], "score": [7, "a"]})
    pyreadstat.write_dta(frame, tmp_path / "a.dta", missing_user_values={"score": ["a"]})
    assert read_source(tmp_path / "a.dta").rows == (("P01", "7"), ("P02", ".a"))


def test_single_precision_of_stata_is_what_was_meant(tmp_path):
    frame = pd.DataFrame({"x": np.array([0.1, 2.0], dtype="float32")})
    frame.to_stata(tmp_path / "a.dta", write_index=False)
    assert read_source(tmp_path / "a.dta").rows == (("0.1",), ("2",))


@pytest.mark.parametrize("version", [5, 8])
def test_sas_transport_keeps_its_tagged_missings(tmp_path, version):
    path = tmp_path / "a.xpt"
    frame = pd.DataFrame({"id": ["P01", "P02", "P03"], "score": [7.0, 8.0, 0.5]})
    pyreadstat.write_xport(frame, path, file_format_version=version)
    content = bytearray(path.read_bytes())
    eight = content.rindex(bytes.fromhex("4180000000000000"))
    content[eight : eight + 8] = b"B" + bytes(7)
    path.write_bytes(content)
    source = read_source(path)
    assert source.rows == (("P01", "7"), ("P02", ".B"), ("P03", "0.5"))
    assert source.fractions == {(4, "score")}


@pytest.mark.parametrize("kind", ["sav", "zsav", "dta", "xpt", "parquet"])
def test_the_same_table_from_every_program(statistical_file, kind):
    rows = read_source(statistical_file(kind, pd.DataFrame(TABLE))).rows
    assert rows == (
        ("P01", "0.1", "1", "2026-01-31"),
        ("P02", "12.5", "2", ""),
        ("", "", "9", "1999-12-31"),
    )
