"""Levels: units, limits of quantification, specimens, replicates."""

import pandas as pd
import pytest

from ketbio.tables import Check, check_table
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.vocabulary import SPECIMENS

LEVEL = {"participant_id": "P01", "visit": "baseline", "specimen": "serum"}


def levels(*lines: dict[str, object], **how: object) -> Check:
    return check_table(pd.DataFrame([{**LEVEL, **line} for line in lines]), "bdnf", **how)


def said(check: Check) -> list[str]:
    return check.complaints["message"].tolist()


def test_pg_per_ml_are_converted_and_noted():
    check = levels({"bdnf_pg_ml": 24100}, {"bdnf_pg_ml": "<500", "visit": "day_14"})
    assert not said(check)
    assert check.accepted["bdnf_ng_ml"].fillna(-1).tolist() == [24.1, -1]
    assert check.accepted["below_lloq"].tolist() == [False, True]
    assert check.accepted["lloq_ng_ml"].fillna(-1).tolist() == [-1, 0.5]
    assert "bdnf_pg_ml" not in check.accepted
    assert "1 value converted from pg/mL to ng/mL (bdnf_pg_ml)." in check.notes


def test_below_the_limit_as_written():
    check = levels({"bdnf_ng_ml": "<0,5"}, decimal=",")
    assert not said(check)
    kept = check.accepted[["bdnf_ng_ml", "below_lloq", "lloq_ng_ml"]]
    assert kept.isna().to_numpy().tolist() == [[True, False, False]]
    assert kept.iloc[0, 1:].tolist() == [True, 0.5]
    assert (
        "1 cell of bdnf_ng_ml written as below a limit: value empty, below_lloq true."
        in check.notes
    )


@pytest.mark.parametrize(
    ("extra", "against"),
    [({"below_lloq": "no"}, "below_lloq is 'no'"), ({"lloq_ng_ml": 0.4}, "lloq_ng_ml is '0.4'")],
)
def test_below_the_limit_against_the_other_columns(extra, against):
    assert said(levels({"bdnf_ng_ml": "<0.5", **extra})) == [
        f"bdnf_ng_ml is '<0.5', but {against}; correct one of them."
    ]


def test_a_flag_without_its_limit_is_a_warning():
    check = levels({"bdnf_ng_ml": None, "below_lloq": "true"})
    assert check.ok
    assert said(check) == [
        "below_lloq is true without a limit; give lloq_ng_ml, without which the level is ranked "
        "lowest but has no place on the scale."
    ]


def test_a_value_or_a_flag_and_not_both():
    assert said(levels({"bdnf_ng_ml": None})) == [
        "The row has no level. If it was not measured, leave the row out; if it was below the "
        "limit of quantification, write '<' and the limit, or set below_lloq to true."
    ]
    both = levels({"bdnf_ng_ml": 2, "below_lloq": True, "lloq_ng_ml": 3})
    assert said(both) == [
        "bdnf_ng_ml has a value and below_lloq is true; keep the value, or leave it empty and keep "
        "the flag."
    ]
    assert said(levels({"bdnf_ng_ml": 20, "bdnf_pg_ml": 20000})) == [
        "bdnf_ng_ml and bdnf_pg_ml are both filled; give the level in one unit."
    ]


def test_a_serum_row_inside_plasma():
    check = levels({"specimen": "plasma", "bdnf_ng_ml": 24.1})
    assert said(check) == [
        "bdnf_ng_ml is 24.1 ng/mL in plasma: that is a level of serum, plasma stays below 15 "
        "ng/mL. Is it a serum row inside plasma, or pg/mL in the wrong column? Correct specimen or "
        "unit."
    ]
    assert len(check.rejected) == 1


def test_pg_per_ml_in_the_column_of_ng_per_ml():
    for kind in ("serum", "whole blood"):
        assert said(levels({"specimen": kind, "bdnf_ng_ml": 24100})) == [
            f"bdnf_ng_ml is 24100 ng/mL in {kind}, which stays below 1000 ng/mL. Is it pg/mL in "
            "the column of ng/mL? Correct the unit."
        ]
        assert levels({"specimen": kind, "bdnf_ng_ml": 999}).ok


def test_a_level_of_0_is_no_level():
    assert said(levels({"bdnf_ng_ml": 0})) == [
        "bdnf_ng_ml is 0; allowed: a number above 0. Correct it; a level below the limit of "
        "quantification is written '<' and the limit."
    ]


@pytest.mark.parametrize(("kind", "usual"), [("whole blood", 20), ("csf", 0.05)])
def test_whole_blood_and_csf_have_a_range_too(kind, usual):
    assert not said(levels({"specimen": kind, "bdnf_ng_ml": usual}))
    check = levels({"specimen": kind, "bdnf_ng_ml": usual / 1000})
    assert check.ok
    assert check.complaints["rule"].tolist() == ["plausible_level"]


def test_an_unusual_level_is_a_warning():
    check = levels(
        {"specimen": "plasma", "bdnf_ng_ml": 12},
        {"bdnf_pg_ml": 500},
        {"bdnf_ng_ml": 75, "visit": "day_14"},
    )
    assert check.ok
    assert said(check) == [
        "bdnf_ng_ml is 12 ng/mL in plasma, where 0.01 to 10 is usual; check the unit and the "
        "specimen. The row is kept.",
        "bdnf_pg_ml is 0.5 ng/mL in serum, where 1 to 60 is usual; check the unit and the "
        "specimen. The row is kept.",
        "bdnf_ng_ml is 75 ng/mL in serum, where 1 to 60 is usual; check the unit and the "
        "specimen. The row is kept.",
    ]


def test_an_unknown_specimen():
    assert said(levels({"specimen": "plasm", "bdnf_ng_ml": 2})) == [
        "specimen is 'plasm'; allowed: 'serum', 'plasma', 'platelet-poor plasma', 'whole blood', "
        "'csf'. Did you mean 'plasma'? Correct it, or recode it under values in the study file."
    ]


def test_replicates_are_numbered_within_the_plate():
    line = {"bdnf_ng_ml": 20, "plate_id": "A", "replicate": 1}
    assert not said(levels(line, line | {"replicate": 2}, line | {"plate_id": "B"}))
    message = (
        "2 levels of the same participant, visit, specimen, plate and replicate (P01, baseline, "
        "serum, A, 1): rows 2 and 3, identical in every column; one is allowed. Keep the "
        "right one and delete the rest."
    )
    assert said(levels(line, line)) == [message, message]


def test_a_negative_level():
    assert said(levels({"bdnf_ng_ml": -1}))[0].startswith(
        "bdnf_ng_ml is -1; allowed: a number above 0."
    )


def test_the_schema_and_the_vocabulary_say_the_same():
    assert load_schema("bdnf").columns["specimen"].allowed == SPECIMENS
