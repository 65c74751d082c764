"""What a cell is read as, and what is said of one that cannot be read."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.tables.contracts.schema import ColumnSpec
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.tables.files.native import native_text
from ketbio.tables.records.amounts import read_number
from ketbio.tables.records.cells import type_column
from ketbio.tables.records.covariates import type_extra

AGE = ColumnSpec(name="age_years", meaning="age", type="number")


def problem(cell: str, spec: ColumnSpec = AGE, decimal: str = ".") -> str:
    typed = type_column(pd.Series([cell], dtype="str"), spec, decimal=decimal)
    assert typed.values.isna().all()
    return typed.problems[0]


@pytest.mark.parametrize(
    ("cell", "value"), [("7", 7.0), ("+7.50", 7.5), ("-.5", -0.5), ("−2", -2.0), ("1E-2", 0.01)]
)
def test_numbers(cell, value):
    assert read_number(cell) == value


@pytest.mark.parametrize("cell", ["", "x", "1_000", "nan", "inf", "0x10", "1 2", "٣", "1e999", "."])
def test_what_is_no_number(cell):
    assert read_number(cell) is None


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([".", ","]))
def test_a_number_survives_its_text(value, decimal):
    assert read_number(native_text(value, decimal=decimal), decimal=decimal) == value


def test_a_decimal_comma_is_understood_or_named():
    assert problem("12,5") == (
        "is '12,5', written with a decimal comma; set decimal = ',' (--decimal , on the "
        "command line) or write 12.5."
    )
    assert problem("12.5", decimal=",") == (
        "is '12.5', written with a decimal point; set decimal = '.' (--decimal . on the "
        "command line) or write 12,5."
    )
    assert problem("1,234") == (
        "is '1,234', where the comma may stand for decimals or for thousands; write it without, "
        "or with a decimal point."
    )
    typed = type_column(pd.Series(["12,5"]), AGE, decimal=",")
    assert typed.values.tolist() == [12.5]


def test_a_word_in_a_number_column_is_a_complaint():
    assert problem("NA") == (
        "is 'NA', not a number; correct it, or name it under missing (--missing NA on the command "
        "line) if it means that there is no value."
    )
    assert problem("<5").startswith("is '<5', not a number")


def test_flags():
    spec = ColumnSpec(name="is_saturated", meaning="", type="flag")
    typed = type_column(pd.Series(["TRUE", "yes", "1", "false", "No", "0", ""]), spec)
    assert typed.values.tolist() == [True, True, True, False, False, False, pd.NA]
    assert problem("maybe", spec) == (
        "is 'maybe'; allowed: true or false (also yes or no, 1 or 0)."
    )


def test_days_are_read_as_the_calendar_has_them():
    spec = ColumnSpec(name="rating_date", meaning="", type="date")
    typed = type_column(pd.Series(["2026-01-31", "2026-01-31 08:30", ""]), spec)
    assert typed.values.dt.strftime("%d %H").fillna("").tolist() == ["31 00", "31 00", ""]
    assert not typed.notes
    assert problem("2026-02-30", spec) == (
        "is '2026-02-30', which is not a day of the calendar; correct it."
    )


def test_days_that_look_wrong_are_told_and_kept():
    spec = ColumnSpec(name="rating_date", meaning="", type="date")
    cells = ["2026-01-31 08:30", "2026-01-31 00:00", "2999-01-01"]
    typed = type_column(pd.Series(cells), spec)
    assert not typed.problems
    assert typed.values.notna().all()
    assert typed.doubts == {
        0: "is '2026-01-31 08:30'; the time was left out, the day is kept.",
        2: "is '2999-01-01', a day that has not come yet; correct it if it is wrong.",
    }


def test_a_limit_that_is_written_in_another_way():
    spec = load_schema("bdnf").columns["bdnf_ng_ml"]
    assert problem("<0,5", spec) == (
        "is '<0,5', written with a decimal comma; set decimal = ',' (--decimal , on the command "
        "line) or write <0.5."
    )
    for cell in ("≤0.5", "<= 0.5"):
        assert problem(cell, spec) == (
            f"is '{cell}'; a level below a limit of quantification is written with '<': write <0.5."
        )


def test_below_a_limit_is_understood_where_the_schema_says_so():
    spec = load_schema("bdnf").columns["bdnf_ng_ml"]
    typed = type_column(pd.Series(["<0.5", "< 2", "1"]), spec)
    assert typed.limits == {0: 0.5, 1: 2.0}
    assert typed.values.fillna(-1).tolist() == [-1, -1, 1]
    assert not typed.problems
    without = replace(spec, above_flag="", above_column="")
    assert problem("> 60", without) == (
        "is '> 60', above the range of the assay, which is no level; measure it again diluted, or "
        "leave the row out."
    )


def test_covariates_are_numbers_if_every_filled_cell_is_one():
    assert type_extra(pd.Series(["1", "", "2.5"])).values.dtype == np.float64
    codes = type_extra(pd.Series(["01", "02", "3"]))
    assert codes.values.tolist() == ["01", "02", "3"]
    assert not codes.problems
    odd = type_extra(pd.Series(["1", "2", "NA"]))
    assert odd.values.fillna(-1).tolist() == [1, 2, -1]
    assert list(odd.problems) == [2]
    assert not type_extra(pd.Series(["a", "b", "1"])).problems


def test_a_word_among_numbers_makes_a_covariate_text_and_is_told():
    typed = type_extra(pd.Series(["1", "2", "two"]))
    assert typed.values.tolist() == ["1", "2", "two"]
    assert not typed.problems
    assert typed.doubts == {
        2: "is 'two' among numbers, so that the column is kept as text; correct it, or name it "
        "under missing (--missing two on the command line) if it means that there is no value."
    }


def test_flags_in_other_words_are_suggested_and_not_taken():
    spec = ColumnSpec(name="below_lloq", meaning="", type="flag")
    for cell, meant in (("X", "true"), ("oui", "true"), ("ja", "true"), ("non", "false")):
        assert problem(cell, spec) == (
            f"is '{cell}'; allowed: true or false (also yes or no, 1 or 0). If it means {meant}: "
            f'values = {{ below_lloq = {{ "{cell}" = "{meant}" }} }} in the study file.'
        )
    assert "name it under missing (--missing NA" in problem("NA", spec)


def test_the_dtypes_of_the_contract():
    kinds = {"text": "str", "number": "float64", "integer": "float64", "flag": "boolean"}
    for kind, dtype in kinds.items():
        spec = ColumnSpec(name="x", meaning="", type=kind)
        assert str(type_column(pd.Series(["1", ""]), spec).values.dtype) == dtype
    day = ColumnSpec(name="x", meaning="", type="date")
    assert str(type_column(pd.Series([""]), day).values.dtype).startswith("datetime64")


@pytest.mark.parametrize(
    ("cell", "decimal", "written"),
    [
        ("1.234,5", ",", "1234,5; the point"),
        ("1,234.5", ".", "1234.5; the comma"),
        ("1.234,5", ".", "1234.5; the point"),
        ("1.234.567", ",", "1234567; the point"),
        ("1 234,5", ",", "1234,5; the blank"),
        ("1’234.5", ".", "1234.5; the apostrophe"),
        ("1.234,5 ng/mL", ",", "1234,5 ng/mL; the point"),
    ],
)
def test_a_thousands_mark_is_named_and_no_value_is_called_missing(cell, decimal, written):
    spec = ColumnSpec(name="x", meaning="", type="number", unit="ng/mL")
    said = type_column(pd.Series([cell]), spec, decimal=decimal).problems[0]
    assert said == f"is {cell!r}; write {written} is a thousands mark."


@pytest.mark.parametrize("cell", ["20.5 (repeat)", "~20", "20*", "2O", "ca. 20"])
def test_missing_is_not_offered_where_a_digit_stands(cell):
    spec = ColumnSpec(name="x", meaning="", type="number")
    said = type_column(pd.Series([cell]), spec).problems[0]
    assert "missing" not in said
    assert said.endswith("correct it: write the number alone, and a remark in a column of its own.")


def test_a_covariate_with_a_unit_in_every_cell_does_not_become_text_in_silence():
    typed = type_extra(pd.Series(["68 kg", "70.5 kg", "", "71"]))
    assert typed.doubts == {
        0: "is '68 kg', a number with a unit, as in 2 cells of the column, so that the column is "
        "kept as text; write the numbers alone, and 'kg' in the column's name."
    }
    for words in (["1a", "1a", "2b"], ["A 1", "A 2"], ["x", "68 kg", "y"]):
        assert not type_extra(pd.Series(words)).doubts
