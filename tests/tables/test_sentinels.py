"""Codes for "no value": named by the caller or complained of, and never seen where none are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import SchemaError
from ketbio.tables import Check, check_table
from ketbio.tables.records.sentinels import NUMBERS, Spread, spread_of, suspects

HEIGHTS = ["1.74", "1.64", "1.57", "1.52", "1.81", "1.69"]
NUMBERS_DRAWN = st.lists(
    st.one_of(st.sampled_from(sorted(NUMBERS)), st.floats(-2000, 2000)), max_size=40
)


def people(column: str, cells: list[str], **how: object) -> Check:
    codes = [f"P{n:02}" for n in range(len(cells))]
    return check_table(
        pd.DataFrame({"participant_id": codes, column: cells}), "participants", **how
    )


def said(check: Check) -> list[str]:
    return check.complaints["message"].tolist()


def test_a_number_far_from_all_others_is_asked_about():
    check = people("height_m", [*HEIGHTS, "-1", "-1"])
    assert said(check) == [
        "height_m is -1 in rows 8 and 9, far from every other value (1.52 to 1.81), as a code for "
        'a missing value would be; if it is one, set missing_in = { height_m = ["-1"] } '
        "(--missing-in height_m=-1 on the command line); if it is a value, values = { height_m = "
        '{ "-1" = "-1" } } in the study file.'
    ]
    assert check.rejected["row"].tolist() == [8, 9]


def test_a_code_that_is_named_is_missing_and_one_that_is_meant_a_value():
    named = people("height_m", [*HEIGHTS, "-1", "-1"], missing_in={"height_m": ["-1"]})
    assert named.ok
    assert named.accepted["height_m"].isna().tolist() == [False] * 6 + [True] * 2
    assert "2 cells '-1' of height_m taken as missing." in named.notes
    meant = people("change", [*HEIGHTS, "-1"], values={"change": {"-1": "-1"}})
    assert not said(meant)
    assert meant.accepted["change"].min() == -1


def test_missing_in_is_of_one_column_only():
    frame = {"participant_id": ["A", "B"], "site": ["-1", "S"], "age_years": ["-1", "15"]}
    check = check_table(pd.DataFrame(frame), "participants", missing_in={"age_years": ["-1"]})
    assert check.ok
    assert check.accepted["site"].tolist() == ["-1", "S"]
    assert check.accepted["age_years"].fillna(0).tolist() == [0, 15]


@pytest.mark.parametrize(
    ("missing_in", "message"),
    [
        ({"madrs_totl": ["-1"]}, "missing_in: column is 'madrs_totl'; allowed: "),
        ({"madrs_total": "-1"}, r"missing_in: 'madrs_total' = '-1'; a list of words is wanted"),
    ],
)
def test_missing_in_is_checked(missing_in, message):
    rating = pd.DataFrame({"participant_id": ["A"], "visit": ["a"], "madrs_total": [3]})
    with pytest.raises(SchemaError, match=message):
        check_table(rating, "madrs", missing_in=missing_in)


def test_a_wide_cell_named_missing_in_its_column_makes_no_record():
    frame = pd.DataFrame({"participant_id": ["A"], "pre": ["30"], "post": ["-1"]})
    check = check_table(
        frame,
        "madrs",
        columns={"madrs_total@baseline": "pre", "madrs_total@day_14": "post"},
        missing_in={"madrs_total": ["-1"]},
    )
    assert check.ok
    assert check.accepted["visit"].tolist() == ["baseline"]


@pytest.mark.parametrize("word", ["NA", "n/a", ".", "-", "NULL", "nan", "#N/A"])
def test_a_code_in_a_column_of_text_is_no_word(word):
    check = people("site", ["S1", word])
    assert not check.ok
    assert check.accepted["site"].tolist() == ["S1"]
    assert said(check)[0].startswith(f"site is '{word}', ")
    assert "name it under missing" in said(check)[0]
    assert people("site", ["S1", word], missing=[word]).ok
    assert not said(people("site", ["S1", word], values={"site": {word: word}}))


@pytest.mark.parametrize("word", ["missing", "Unknown"])
def test_a_plain_word_is_kept_and_asked_about(word):
    check = people("diagnosis", ["MDD", word])
    assert check.ok
    assert said(check) == [
        f"diagnosis is '{word}', kept as a word of its own; name it under missing (--missing "
        f"{word} on the command line) if it means that there is no value."
    ]


def test_a_code_is_no_participant_and_no_visit():
    rating = pd.DataFrame({"participant_id": ["NA", "P01"], "visit": ["a", "."], "madrs_total": 3})
    check = check_table(rating, "madrs", visits=["a"])
    assert len(check.rejected) == 2
    assert len(said(check)) == 2


@pytest.mark.parametrize("cell", ["#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#WERT!", "Err:502"])
@pytest.mark.parametrize("column", ["site", "age_years", "bmi"])
def test_an_error_of_the_spreadsheet_is_no_value(cell, column):
    check = people(column, ["15", "16", cell])
    assert len(check.rejected) == 1
    assert said(check)[0].startswith(f"{column} is '{cell}', an error of the spreadsheet; correct")


def test_many_cells_with_one_word_are_one_complaint_and_all_kept_out():
    check = people("age_years", ["15", *["NA"] * 100])
    assert said(check) == [
        "age_years is 'NA', not a number from 0 to 120; correct it, or name it under missing "
        "(--missing NA on the command line) if it means that there is no value. This holds for 100 "
        "cells (rows 3, 4, 5 and 97 more)."
    ]
    assert (len(check.accepted), len(check.rejected)) == (1, 100)
    assert set(check.rejected["complaint"]) == set(said(check))


def test_numbers_out_of_range_are_gathered_too():
    check = people("age_years", ["15", *["999"] * 5, "998"])
    assert said(check) == [
        "age_years is 999; allowed: a number from 0 to 120. Correct it, or leave it empty if it is "
        "not known. This holds for 5 cells (rows 3, 4, 5, 6 and 7).",
        "age_years is 998; allowed: a number from 0 to 120. Correct it, or leave it empty if it is "
        "not known.",
    ]


def test_the_only_number_below_0_of_many_is_a_warning():
    counts = [str(n % 7) for n in range(30)]
    check = people("episodes", [*counts, "-1"])
    assert check.ok
    assert said(check)[0].startswith("episodes is -1 in row 32, the only number below 0 (0 to 6)")
    assert said(check)[0].endswith("The rows are kept.")


@pytest.mark.parametrize(
    "values",
    [
        [12, 15, 99, 80, 60, 40],  # inside or near the others
        [-3, -1, 0, 2, 5, 1],  # a change
        [0, 0, 1, 1, -1, -1, 0, 1],  # a contrast
        [60, 70, 99],  # few, and near
        [0, 1, -9],  # few, and it may be a change
        [15, 99],  # one other tells nothing
        [90, 95, 97, 98, 99, 92],
        [0, 9, 0, 1, 1, 2],
    ],
)
def test_a_number_that_may_be_one_is_left_alone(values):
    assert not said(people("x", [str(value) for value in values]))


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ([15, 16, 14, 17, 15, 16, *[99] * 7], ["99"]),
        ([15, 16, 14, 17, 15, 96, 97, 98], ["96", "97", "98"]),
        ([15, 16, 14, 17, 15, 997, 998, 998], ["997", "998"]),
    ],
)
def test_a_code_stands_apart_however_often_it_is_there(values, codes):
    check = people("weeks", [str(value) for value in values])
    assert check.complaints["value"].tolist() == codes
    assert check.complaints["rule"].unique().tolist() == ["missing_code"]
    assert not check.ok


@pytest.mark.parametrize("values", [[15, 16, 99], [15] * 5 + [16, 99], [1.5, 1.7, 999, 999]])
def test_a_code_beside_few_values_is_a_warning(values):
    check = people("weeks", [str(value) for value in values])
    assert check.ok
    assert said(check)[0].startswith(f"weeks is {values[-1]} in row")
    assert "far from every other value" in said(check)[0]
    assert said(check)[0].endswith("The rows are kept.")


@given(st.lists(st.floats(-1e6, 1e6).filter(lambda value: value not in NUMBERS), max_size=60))
def test_without_a_code_nothing_is_ever_suspected(values):
    assert not list(suspects(_spread(values)))


@given(NUMBERS_DRAWN)
def test_a_suspect_lies_outside_all_other_values(values):
    others = [value for value in values if value not in NUMBERS]
    for one in suspects(_spread(values)):
        assert one.value in NUMBERS
        assert not min(others) <= one.value <= max(others)


@given(NUMBERS_DRAWN, st.integers(0, 40))
def test_a_column_read_in_two_parts_is_suspected_as_a_whole(values, cut):
    parts = _spread(values[:cut]).joined(_spread(values[cut:]))
    assert list(suspects(parts)) == list(suspects(_spread(values)))


def test_clean_columns_raise_no_error():
    stream = np.random.default_rng(20260101)
    for n in (3, 5, 12, 40, 200):
        for _ in range(300):
            clean = {
                "age": stream.integers(12, 90, n),
                "height": stream.normal(1.7, 0.1, n).round(2),
                "weight": stream.normal(70, 15, n).round(1),
                "z": stream.normal(0, 1, n).round(2),
                "change": stream.integers(-20, 10, n),
                "level": stream.lognormal(3, 0.5, n).round(1),
            }
            for values in clean.values():
                assert n > 5 or not list(suspects(_spread(values)))
                assert not [one for one in suspects(_spread(values)) if one.severity == "error"]


def test_the_height_of_minus_1_in_real_data(study_data):
    data = pd.read_csv(study_data("bdnf_serum") / "bdnf.csv", dtype=str)
    data["idx"] = [f"P{n:03}" for n in range(len(data))]
    columns = {"participant_id": "idx", "age_years": "age", "height_m": "m"}
    how = {"columns": columns, "ignore": ["BDNF", "team_code"]}
    check = check_table(data, "participants", **how)
    rules = check.complaints[check.complaints["severity"] == "error"]
    assert rules[["rule", "column", "value"]].to_numpy().tolist() == [["missing_code", "m", "-1.0"]]
    assert len(check.rejected) == 10
    declared = check_table(data, "participants", missing_in={"height_m": ["-1.0"]}, **how)
    assert declared.ok
    assert declared.accepted["height_m"].isna().sum() == 10


def _spread(values: object) -> Spread:
    numbers, counts = np.unique(np.asarray(values, dtype=float), return_counts=True)
    return spread_of(dict(zip(numbers.tolist(), counts.tolist(), strict=True)))
