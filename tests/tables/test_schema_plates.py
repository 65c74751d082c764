"""The table of ELISA wells: samples need a participant, standards and blanks none."""

import pandas as pd
import pytest

from ketbio.tables import check_across, check_table

HEADER = ("plate_id", "well", "role", "participant_id", "visit", "concentration", "absorbance")


def plate(*more, levels=(100, 50, 25, 12.5, 6.25)):
    rows = [
        ("PL1", f"A{number}", "standard", "", "", f"{level}", f"{1.5 / number:.3f}")
        for number, level in enumerate(levels, start=1)
    ]
    rows += [("PL1", "B1", "blank", "", "", "", "0.05")]
    rows += [("PL1", "C1", "sample", "P01", "baseline", "", "0.50")]
    return pd.DataFrame([*rows, *more], columns=HEADER)


def check_plate(wells):
    return check_table(wells, "elisa_plates", visits=["baseline"], participants=["P01"])


def test_a_whole_plate_is_accepted_with_wells_of_nobody():
    check = check_plate(plate())
    assert check.ok
    assert len(check.accepted) == 7
    assert check.accepted["dilution_factor"].tolist() == [1.0] * 7
    assert check.accepted["participant_id"].notna().sum() == 1


@pytest.mark.parametrize(
    ("well", "rule"),
    [
        (("PL1", "C2", "sample", "", "baseline", "", "0.5"), "participant_of_sample"),
        (("PL1", "C2", "blank", "P01", "", "", "0.5"), "participant_of_sample"),
        (("PL1", "C2", "sample", "P01", "", "", "0.5"), "visit_of_sample"),
        (("PL1", "C2", "standard", "", "", "", "0.5"), "concentration_of_standard"),
        (("PL1", "I1", "blank", "", "", "", "0.5"), "plate_layout"),
        (("PL1", "c01", "blank", "", "", "", "0.5"), "plate_layout"),
        (("PL2", "A1", "blank", "", "", "", "0.5"), "standard_levels"),
        (("PL1", "C2", "smple", "P01", "baseline", "", "0.5"), "allowed"),
        (("PL1", "C2", "sample", "P01", "baseline", "", "11"), "range"),
        (("PL1", "C2", "sample", "P09", "baseline", "", "0.5"), "known_participant"),
    ],
)
def test_a_well_that_breaks_a_rule_is_named(well, rule):
    check = check_plate(plate(well))
    assert rule in set(check.complaints["rule"])
    assert len(check.accepted) + len(check.rejected) == 8
    assert 9 in check.rejected["row"].tolist()


def test_a_plate_needs_five_levels_and_a_blank():
    few = check_plate(plate(levels=(100, 50, 25, 12.5)))
    assert few.complaints["rule"].tolist() == ["standard_levels"]
    none = check_plate(plate().query("role != 'blank'"))
    assert none.complaints["rule"].tolist() == ["blanks_present"]


def test_wells_of_nobody_are_no_orphans_of_the_participants_table():
    people = check_table(pd.DataFrame({"participant_id": ["P01"]}), "participants")
    checks = check_across({"people": people, "plates": check_plate(plate())}, visits=["baseline"])
    assert checks["plates"].ok
    assert not len(checks["plates"].complaints)
