"""Files that ketbio writes: templates, accepted and rejected rows."""

import os

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from ketbio.errors import FileError
from ketbio.tables import check_table, load_schema, schema_names, write_rows, write_template
from ketbio.tables.outcome.writing import write_file

NASTY = ["=1+1", "+cmd", "-2+3", "@x", "\tz", "-5", "plain"]
SAFE = ["'=1+1", "'+cmd", "'-2+3", "'@x", "'\tz", "-5", "plain"]


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx"])
def test_formula_like_text_is_escaped(tmp_path, ending):
    path = write_rows(
        pd.DataFrame({"a": NASTY, "=b": np.arange(7) - 3.0}), tmp_path / f"x.{ending}"
    )
    if ending == "xlsx":
        cells = list(load_workbook(path).active.iter_rows(values_only=True))
        assert [line[0] for line in cells[1:]] == SAFE
        assert [line[1] for line in cells[1:]] == [-3, -2, -1, 0, 1, 2, 3]
        header = cells[0]
    else:
        sep = "," if ending == "csv" else "\t"
        frame = pd.read_csv(path, sep=sep, dtype="str", keep_default_na=False)
        assert frame["a"].tolist() == SAFE
        header = tuple(frame)
    assert header == ("a", "'=b")


def test_missing_cells_are_empty_and_days_are_days(tmp_path):
    frame = pd.DataFrame(
        {
            "a": pd.Series(["x", None], dtype="str"),
            "b": [1.5, np.nan],
            "c": pd.array([True, None], dtype="boolean"),
            "d": pd.to_datetime(["2026-01-31", None]),
            "e": ["a\x07b", ""],
        }
    )
    book = load_workbook(write_rows(frame, tmp_path / "x.xlsx"))
    first, second = list(book.active.iter_rows(min_row=2, values_only=True))
    assert first[:3] == ("x", 1.5, True)
    assert first[3].isoformat() == "2026-01-31T00:00:00"
    assert first[4] == "a\ufffdb"
    assert set(second) <= {None, ""}


def test_accepted_rows_can_be_read_again(tmp_path, xlsx_file):
    path = xlsx_file(["participant_id", "age_years"], ["007", 15], ["8", 200])
    check = check_table(path, "participants")
    again = check_table(write_rows(check.accepted, tmp_path / "a.csv"), "participants")
    pd.testing.assert_frame_equal(again.accepted, check.accepted)
    rejected = pd.read_csv(write_rows(check.rejected, tmp_path / "r.csv"))
    assert rejected.to_numpy().tolist() == [
        [
            3,
            8,
            200,
            "age_years is 200; allowed: a number from 0 to 120. Correct it, or leave it empty if "
            "it is not known.",
        ]
    ]


def test_nothing_is_written_over(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileError) as caught:
        write_rows(pd.DataFrame({"a": [1]}), path)
    assert str(caught.value) == ("a.csv exists already; give another name, or ask to overwrite it.")
    assert path.read_text(encoding="utf-8") == "mine"
    write_rows(pd.DataFrame({"a": [1]}), path, overwrite=True)
    assert path.read_text(encoding="utf-8") == "a\n1\n"


def test_files_are_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("mine", encoding="utf-8")

    def fail(place):
        place.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match=r"^a\.csv cannot be written: No space left on device\.$"):
        write_file(path, fail, overwrite=True)
    assert os.listdir(tmp_path) == ["a.csv"]  # noqa: PTH208
    assert path.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x.sav", "x.sav cannot be written by its ending; allowed: .csv, .tsv, .xlsx, .parquet."),
        ("gone/x.csv", "There is no folder"),
    ],
)
def test_where_nothing_can_be_written(tmp_path, name, sentence):
    with pytest.raises(FileError) as caught:
        write_rows(pd.DataFrame({"a": [1]}), tmp_path / name)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("name", schema_names())
def test_a_template_is_a_clean_empty_table(tmp_path, name):
    for ending in ("csv", "xlsx"):
        path = write_template(name, tmp_path / f"t.{ending}", overwrite=True)
        rules = set(check_table(path, name).complaints["rule"])
        assert rules <= {"no_rows", "no_marker"}
        assert "no_rows" in rules


def test_a_template_explains_and_limits(tmp_path):
    book = load_workbook(write_template("madrs", tmp_path / "t.xlsx"))
    page = book["madrs"]
    assert [cell.value for cell in page[1]] == list(load_schema("madrs").columns)
    assert page.max_row == 1 or all(cell.value is None for cell in page[2])
    assert page["N1"].comment.text.splitlines()[:2] == [
        "Item 10, suicidal thoughts",
        "Allowed: a whole number from 0 to 6, points",
    ]
    limits = {str(one.sqref): one for one in page.data_validations.dataValidation}
    item = limits["N2:N2001"]
    assert (item.type, item.operator, item.formula1, item.formula2) == (
        "whole",
        "between",
        "0",
        "6",
    )
    assert page["A2"].number_format == "@"
    assert book["dictionary"]["A2"].value == "participant_id"


def test_a_template_offers_the_allowed_words(tmp_path):
    book = load_workbook(write_template("blots", tmp_path / "t.xlsx"))
    listed = {str(v.sqref): v.formula1 for v in book["blots"].data_validations.dataValidation}
    assert listed["J2:J2001"] == "lists!$J$1:$J$4"
    assert [cell.value for cell in book["lists"]["J"]] == ["phospho", "total", "loading", "stain"]


def test_a_filled_template_is_read(tmp_path):
    path = write_template("bdnf", tmp_path / "t.xlsx")
    book = load_workbook(path)
    for column, value in enumerate(["007", "baseline", "serum", "<0.5"], start=1):
        book["bdnf"].cell(2, column, value)
    book.save(path)
    check = check_table(path, "bdnf")
    assert check.ok
    assert check.accepted["participant_id"].tolist() == ["007"]
    assert check.accepted["lloq_ng_ml"].tolist() == [0.5]


def test_a_template_of_an_unknown_kind(tmp_path):
    with pytest.raises(FileError) as caught:
        write_template("madrs", tmp_path / "t.pdf")
    assert str(caught.value) == "t.pdf cannot be a template by its ending; allowed: .xlsx, .csv."


@pytest.mark.parametrize("name", schema_names())
def test_every_limit_of_a_template_is_enforced(tmp_path, name):
    book = load_workbook(write_template(name, tmp_path / "t.xlsx"))
    limits = book[name].data_validations.dataValidation
    assert limits or name == "markers"
    for limit in limits:
        assert limit.showErrorMessage
        assert limit.errorTitle
        assert limit.error.startswith("Allowed: ")


def test_a_template_takes_days_as_they_are_read(tmp_path):
    page = load_workbook(write_template("madrs", tmp_path / "t.xlsx"))["madrs"]
    assert page["C1"].value == "rating_date"
    assert page["C2"].number_format == page["C2001"].number_format == "yyyy-mm-dd"
    limits = {str(one.sqref): one for one in page.data_validations.dataValidation}
    day = limits["C2:C2001"]
    assert (day.type, day.operator, day.formula1, day.formula2) == (
        "date",
        "between",
        "DATE(1990,1,1)",
        "TODAY()",
    )
    assert day.error == "Allowed: a date as year-month-day, from 1990 to today."


def test_a_template_of_markers_can_be_filled_in(tmp_path):
    path = write_template("markers", tmp_path / "t.xlsx")
    book = load_workbook(path)
    assert [cell.value for cell in book["markers"][1]] == ["participant_id", "visit", "my_marker"]
    for column, value in enumerate(["P01", "baseline", 0.8], start=1):
        book["markers"].cell(2, column, value)
    book.save(path)
    assert check_table(path, "markers").accepted["my_marker"].tolist() == [0.8]


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_whole_numbers_are_written_whole(tmp_path, ending):
    frame = pd.DataFrame({"a": [3.0, np.nan, 2.5], "b": ["x", None, "y"]})
    sep = "," if ending == "csv" else "\t"
    text = write_rows(frame, tmp_path / f"x.{ending}").read_text(encoding="utf-8")
    assert text.replace(sep, ",").splitlines() == ["a,b", "3,x", ",", "2.5,y"]


def test_rejected_rows_are_a_work_list(tmp_path, csv_file):
    how = {"columns": {"participant_id": "Id", "visit": "When", "madrs_total": "T"}}
    path = csv_file("Id,When,T", "P01,a,3", "P02,a,99", ",a,61", "P04,a,3,4,5")
    check = check_table(path, "madrs", **how)
    assert list(check.rejected) == [
        "row", "participant_id", "visit", "madrs_total", "extra_cells", "complaint",
    ]  # fmt: skip
    assert check.rejected["extra_cells"].tolist() == ["", "", "4 | 5"]
    assert check.rejected["complaint"].iloc[1] == (
        "Id (participant_id) is empty; every row needs it. Fill it in. | T (madrs_total) is 61; "
        "allowed: a whole number from 0 to 60. Correct it, or leave it empty if it is not known."
    )
    work = pd.read_csv(write_rows(check.rejected, tmp_path / "r.csv"), dtype="str")
    work.loc[0, "madrs_total"] = "9"
    again = check_table(write_rows(work, tmp_path / "again.csv"), "madrs", **how)
    assert again.accepted["participant_id"].tolist() == ["P02"]
    assert again.complaints["rule"].tolist() == ["required", "range", "cell_count"]
    assert again.complaints["message"].iloc[2] == (
        "extra_cells holds '4 | 5', the cells that the row had too many; put each cell in its "
        "column and empty extra_cells."
    )
    assert (
        "A file of rejected rows: its own columns row, extra_cells and complaint were left out."
        in again.notes
    )


def test_text_is_typed_as_text_in_a_workbook(tmp_path):
    frame = pd.DataFrame({"a": ["#N/A", "-5", "1.10", "=1"], "n": [1.0, 2.5, np.nan, 3.0]})
    page = load_workbook(write_rows(frame, tmp_path / "x.xlsx")).active
    cells = [page.cell(row, 1) for row in range(2, 6)]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("#N/A", "s"), ("-5", "s"), ("1.10", "s"), ("'=1", "s"),
    ]  # fmt: skip
    assert {cell.number_format for cell in cells} == {"@"}
    assert [page.cell(row, 2).value for row in range(2, 6)] == [1, 2.5, None, 3]


def test_parquet_keeps_what_is_there(tmp_path, csv_file):
    path = csv_file("participant_id,age_years,=x", "007,15,=1+1", "P02,15.5,")
    accepted = check_table(path, "participants").accepted
    again = pd.read_parquet(write_rows(accepted, tmp_path / "a.parquet"))
    pd.testing.assert_frame_equal(again, accepted)
    assert again["participant_id"].tolist() == ["007", "P02"]
    assert again["=x"].tolist()[0] == "=1+1"


def test_parquet_refuses_two_columns_of_one_name(tmp_path):
    frame = pd.DataFrame([["a", "b"]], columns=["row", "row"])
    with pytest.raises(FileError) as caught:
        write_rows(frame, tmp_path / "a.parquet")
    assert str(caught.value) == (
        "there are two columns named 'row', which Parquet cannot hold; write CSV or XLSX, or "
        "rename one."
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "parquet"])
def test_a_table_without_rows_is_written(tmp_path, ending):
    check = check_table(pd.DataFrame({"participant_id": ["P01"]}), "participants")
    assert write_rows(check.rejected, tmp_path / f"x.{ending}").exists()
