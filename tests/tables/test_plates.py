"""ELISA plates: wells, standards, blanks, replicates."""

import pandas as pd
import pytest

from ketbio.tables import Check, check_table

STANDARDS = [1000.0, 500.0, 250.0, 125.0, 62.5]


def plate(name: str = "PL1") -> list[dict[str, object]]:
    """Return a whole small plate: five standards, a blank, two samples in duplicate."""
    wells = [
        {"role": "standard", "concentration": level, "absorbance": level / 400}
        for level in STANDARDS
    ]
    wells.append({"role": "blank", "absorbance": 0.05})
    for who in ("P01", "P02"):
        for absorbance in (1.00, 1.05):
            sample = {"participant_id": who, "visit": "baseline", "dilution_factor": 20}
            wells.append({"role": "sample", "absorbance": absorbance, **sample})
    return [{"plate_id": name, "well": f"A{n}", **well} for n, well in enumerate(wells, start=1)]


def checked(wells: list[dict[str, object]]) -> Check:
    return check_table(pd.DataFrame(wells), "elisa_plates", visits=["baseline", "day_14"])


def said(check: Check) -> list[str]:
    return check.complaints["message"].tolist()


def test_a_whole_plate():
    assert not said(checked([*plate(), *plate("PL2")]))


@pytest.mark.parametrize("again", ["A1", "a1", "A01"])
def test_a_well_is_there_once_however_it_is_written(again):
    wells = plate()
    wells[1]["well"] = again
    check = checked(wells)
    message = (
        "2 rows of well A1 of plate PL1: rows 2 and 3; one is allowed. Correct the well or the "
        "plate."
    )
    assert said(check) == [message, message]
    assert check.rejected["row"].tolist() == [2, 3]


@pytest.mark.parametrize("well", ["I1", "A13", "A0", "7", "AA"])
def test_a_well_that_the_plate_does_not_have(well):
    wells = plate()
    wells[-1]["well"] = well
    assert said(checked(wells)) == [
        f"well is {well!r}; a plate of 8 × 12 has the wells A1 to H12. Correct it."
    ]


def test_fewer_than_five_standards_reject_the_plate_and_no_other():
    wells = [*plate(), *plate("PL2")]
    wells[0]["concentration"] = 500.0
    check = checked(wells)
    assert said(check) == [
        "Plate PL1 has 4 standard levels above 0 (62.5, 125, 250 and 500); a standard curve needs "
        "5. Add the standards' wells, or correct role or concentration."
    ]
    assert set(check.accepted["plate_id"]) == {"PL2"}


def test_a_standard_of_0_is_no_level():
    wells = plate()
    wells[0]["concentration"] = 0.0
    assert "has 4 standard levels above 0" in said(checked(wells))[0]


def test_a_plate_without_a_blank():
    wells = [well for well in plate() if well["role"] != "blank"]
    assert said(checked(wells)) == [
        "Plate PL1 has no well with the role 'blank': its background is not known. Add the blank "
        "wells, or correct the role."
    ]


def test_a_sample_says_whose_and_when_a_standard_how_much():
    wells = plate()
    wells[0]["concentration"] = None
    wells.append({**plate()[0], "well": "H12"})
    wells[6]["participant_id"] = None
    wells[7]["visit"] = None
    rules = checked(wells).complaints.query("severity == 'error'")[["row", "rule"]]
    assert rules.to_numpy().tolist() == [
        [2, "concentration_of_standard"],
        [8, "participant_of_sample"],
        [9, "visit_of_sample"],
    ]


def test_a_dilution_below_1_is_refused():
    wells = plate()
    wells[-1]["dilution_factor"] = 0
    assert checked(wells).complaints["rule"].tolist() == ["range"]


def test_replicates_that_differ_are_one_warning():
    wells = plate()
    wells[6]["absorbance"] = 2.0
    check = checked(wells)
    assert check.ok
    assert said(check) == [
        "The replicates of plate, participant, visit and dilution factor PL1, P01, baseline, 20 "
        "(rows 8 and 9) differ: absorbance 2 and 1.05, a CV of 44 % where 20 % is allowed. Check "
        "the wells; the rows are kept."
    ]
