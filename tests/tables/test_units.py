"""Units in headers and cells: converted where known, and said; never mixed in silence."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.tables import Check, check_table
from ketbio.tables.records.header_units import named_unit
from ketbio.tables.records.units import converted, folded_unit, known_unit, parted
from ketbio.vocabulary import MASS_CONCENTRATION_PER_NG_ML as UNITS


def levels(cells: list[str], header: str = "BDNF", **how: object) -> Check:
    n = len(cells)
    frame = {"participant_id": [f"P{i:02}" for i in range(n)], "visit": "a", "specimen": "serum"}
    if header == "BDNF":
        how = {"columns": {"bdnf_ng_ml": "BDNF"}, **how}
    return check_table(pd.DataFrame({**frame, header: cells}), "bdnf", **how)


def said(check: Check) -> list[str]:
    return check.complaints["message"].tolist()


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("BDNF (pg/mL)", "24100"), ("bdnf [ng/ml]", "24.1"), ("BDNF_pg_mL", "24100"),
        ("BDNF (µg/L)", "24.1"), ("BDNF, ng/dL", "2410"), ("BDNF (ng mL-1)", "24.1"),
    ],
)  # fmt: skip
def test_a_unit_beside_the_name_of_a_column_is_read(header, cell):
    check = levels([cell], header)
    assert not said(check)
    assert check.accepted["bdnf_ng_ml"].tolist() == [24.1]
    assert any(note.startswith(f"Column '{header}' read as bdnf_") for note in check.notes)


def test_a_unit_in_the_name_of_a_mapped_column_is_converted_and_noted():
    check = levels(["24100", "<500"], "Level (pg/ml)", columns={"bdnf_ng_ml": "Level (pg/ml)"})
    assert not said(check)
    assert check.accepted["bdnf_ng_ml"].fillna(-1).tolist() == [24.1, -1]
    assert check.accepted["lloq_ng_ml"].fillna(-1).tolist() == [-1, 0.5]
    assert (
        "2 values converted from pg/mL to ng/mL (bdnf_ng_ml; unit in the column's name)."
        in check.notes
    )
    assert check.records.written["bdnf_ng_ml"].tolist() == ["24100", "<500"]


def test_a_unit_in_the_cell_is_converted_and_noted():
    check = levels(["24.1 ng/mL", "24100 pg/ml", "24.1 µg/L", "24.1μg/l", "24.1 ng mL⁻¹"])
    assert not said(check)
    assert check.accepted["bdnf_ng_ml"].tolist() == [24.1] * 5
    assert [note for note in check.notes if "converted" in note] == [
        "1 value converted from pg/mL to ng/mL (bdnf_ng_ml; unit in the cell).",
        "2 values converted from µg/L to ng/mL (bdnf_ng_ml; unit in the cell).",
    ]


def test_a_number_without_a_unit_beside_others_with_another_is_asked_about():
    check = levels(["24.1", "24100 pg/ml", "<0.5"])
    assert said(check) == [
        f"BDNF (bdnf_ng_ml) is '{cell}' without a unit, while others of the column have one, such "
        "as '24100 pg/ml' (row 3); write the unit behind each number."
        for cell in ("24.1", "<0.5")
    ]
    assert not said(levels(["24.1", "25 ng/mL"]))


@pytest.mark.parametrize(
    "header",
    [
        "BDNF (pg/ml) serum", "pgml_BDNF", "pg_ml_BDNF", "BDNF_pg_ml_serum", "BDNF pg / ml serum",
        "BDNF pg per ml, serum", "serum [PG/ML] BDNF",
    ],
)  # fmt: skip
def test_a_unit_anywhere_in_a_mapped_name_is_converted(header):
    check = levels(["24100"], header, columns={"bdnf_ng_ml": header})
    assert check.accepted["bdnf_ng_ml"].tolist() == [24.1]
    assert any(note.startswith("1 value converted from pg/mL to ng/mL") for note in check.notes)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("BDNF pmol/l", "pmol/l"), ("BDNF (pg)", "pg"), ("BDNF_nmol_L", "nmol/L"),
        ("BDNF nM", "nM"), ("pg_BDNF", "pg"), ("BDNF (IU) serum", "IU"), ("BDNF, pg/mg", "pg/mg"),
    ],
)  # fmt: skip
def test_a_unit_in_a_mapped_name_that_cannot_be_converted_is_an_error(header, unit):
    check = levels(["24100"], header, columns={"bdnf_ng_ml": header})
    assert len(check.rejected) == 1
    assert f"is in '{unit}' by its name; allowed: numbers in ng/mL, pg/mL," in said(check)[0]


@pytest.mark.parametrize(
    "header", ["BDNF", "BDNF PM", "BDNF p/t", "BDNF day 14", "level BDNF (visit 2)", "BDNF_l_1"]
)
def test_what_is_no_unit_stays_a_part_of_the_name(header):
    check = levels(["24.1"], header, columns={"bdnf_ng_ml": header})
    assert check.accepted["bdnf_ng_ml"].tolist() == [24.1]


def test_a_cell_against_the_name_of_its_column():
    assert said(levels(["24.1 ng/mL"], "BDNF (pg/mL)")) == [
        "BDNF (pg/mL) (bdnf_pg_ml) is '24.1 ng/mL', in ng/mL, but the column's name says pg/mL; "
        "correct one of them."
    ]
    assert not said(levels(["24.1 µg/L"], "BDNF (ng/mL)"))  # the same amount


def test_units_that_are_not_known_are_named_with_those_that_are():
    known = "ng/mL, pg/mL, µg/mL, pg/dL, ng/dL, µg/dL, ng/L, µg/L or mg/L"
    assert said(levels(["30 nmol/L"])) == [
        f"BDNF (bdnf_ng_ml) is '30 nmol/L', in 'nmol/L'; allowed: a number in {known}. Convert it, "
        "or correct the unit."
    ]
    header = "BDNF (nmol/L)"
    assert said(levels(["30"], header, columns={"bdnf_ng_ml": header})) == [
        f"BDNF (nmol/L) (bdnf_ng_ml) is in 'nmol/L' by its name; allowed: numbers in {known}. "
        "Convert them, or correct the name."
    ]


def test_a_decimal_comma_before_a_unit_is_named():
    assert said(levels(["24,1 ng/mL"])) == [
        "BDNF (bdnf_ng_ml) is '24,1 ng/mL', written with a decimal comma; set decimal = ',' "
        "(--decimal , on the command line) or write 24.1 ng/mL."
    ]
    assert not said(levels(["24,1 ng/mL"], decimal=","))


def test_years_and_points_have_units_too():
    people = pd.DataFrame({"participant_id": ["A", "B", "C"], "Age (years)": ["15", "16 y", "17"]})
    check = check_table(people, "participants")
    assert check.accepted["age_years"].tolist() == [15, 16, 17]
    months = people.rename(columns={"Age (years)": "age"}).assign(age=["180 months"] * 3)
    check = check_table(months, "participants", columns={"age_years": "age"})
    assert check.accepted["age_years"].tolist() == [15, 15, 15]
    rating = {"participant_id": ["A"], "visit": ["a"], "madrs_total": ["30 points"]}
    assert check_table(pd.DataFrame(rating), "madrs").accepted["madrs_total"].tolist() == [30]


def test_two_columns_of_one_name_and_two_units_are_two():
    frame = pd.DataFrame(
        {"participant_id": ["A"], "visit": ["a"], "specimen": ["serum"], "BDNF (ng/mL)": ["24"],
         "BDNF (pg/mL)": [""]}
    )  # fmt: skip
    check = check_table(frame, "bdnf")
    assert check.ok
    assert check.accepted["bdnf_ng_ml"].tolist() == [24]


@given(
    st.decimals(min_value="0.001", max_value="99999", places=3),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(sorted(UNITS)),
)
def test_there_and_back_is_the_same_number(number, unit, other):
    value = float(number)
    assert converted(converted(value, unit, other), other, unit) == pytest.approx(value, rel=1e-15)
    if UNITS[other] >= UNITS[unit]:  # a whole factor first, so that nothing is rounded twice
        assert converted(converted(value, unit, other), other, unit) == value


@given(st.sampled_from(sorted(UNITS)))
def test_a_unit_is_known_by_its_spellings(unit):
    top, below = unit.split("/")
    spellings = (unit.upper(), f"{top} / {below}", f"{top} per {below}", f"{top} {below}-1")
    assert {known_unit(one) for one in spellings} == {unit}
    assert known_unit(unit.replace("µ", "μ")) == unit  # the micro sign is not the Greek letter
    assert named_unit(f"BDNF ({unit})").unit == unit
    assert folded_unit(folded_unit(unit)) == folded_unit(unit)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_has_no_unit(value):
    assert parted(repr(value)) == (repr(value), "")
