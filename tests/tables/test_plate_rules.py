"""Rules of the table of wells on controls, spikes, masks and the reference wavelength."""

import pandas as pd
import pytest

from ketbio.tables import check_table, load_schema

LEVELS = [1000.0, 500.0, 250.0, 125.0, 62.5]


def plate(**more):
    """Return five standards, a blank, a control and two samples in duplicate."""
    wells = [{"role": "standard", "concentration": level, "absorbance": 2.0} for level in LEVELS]
    wells.append({"role": "blank", "absorbance": 0.05})
    wells.append({"role": "control", "control_name": "QC low", "absorbance": 0.5})
    for who in ("P01", "P02"):
        sample = {"role": "sample", "participant_id": who, "visit": "baseline"}
        wells += [{**sample, "absorbance": value} for value in (1.0, 1.05)]
    return [
        {"plate_id": "PL1", "well": f"A{n}", **well, **more}
        for n, well in enumerate(wells, start=1)
    ]


def checked(wells):
    return check_table(pd.DataFrame(wells), "elisa_plates", visits=["baseline"])


def rules(wells):
    return [one.rule for one in checked(wells).found]


def test_the_schema_has_the_columns_of_its_new_version():
    schema = load_schema("elisa_plates")
    assert schema.version == "1.1"
    new = ["reference_absorbance", "is_masked", "mask_reason", "specimen", "analyte",
           "control_name", "spike", "run_date"]  # fmt: skip
    assert [name for name in schema.columns if name in new] == new
    assert not any(schema.columns[name].required for name in new)


def test_a_plate_with_all_of_them_is_whole():
    wells = plate(reference_absorbance=0.04, specimen="serum", analyte="BDNF",
                  run_date="2026-01-31")  # fmt: skip
    check = checked(wells)
    assert check.ok
    assert not len(check.complaints)
    assert not check.accepted["is_masked"].any()


@pytest.mark.parametrize(
    ("place", "cells", "rule"),
    [
        (6, {"control_name": None}, "name_of_control"),
        (0, {"control_name": "QC low"}, "name_of_control"),
        (0, {"spike": 5.0}, "spike_of_sample"),
        (6, {"spike": 5.0}, "spike_of_sample"),
        (7, {"mask_reason": "bubble"}, "reason_of_mask"),
        (7, {"absorbance": None}, "absorbance_read"),
        (7, {"reference_absorbance": 0.04}, "reference_of_plate"),
        (0, {"analyte": "BDNF"}, "one_run"),
        (7, {"spike": -1.0}, "range"),
    ],
)
def test_a_well_that_breaks_one_of_them(place, cells, rule):
    wells = plate()
    wells[place] |= cells
    assert set(rules(wells)) == {rule}


def test_a_masked_well_may_lack_its_readings_and_have_a_reason():
    wells = plate(reference_absorbance=0.04)
    masked = {"is_masked": "true", "mask_reason": "reader overflow"}
    wells[7] |= {**masked, "absorbance": None, "reference_absorbance": None}
    check = checked(wells)
    assert check.ok
    assert check.accepted["is_masked"].sum() == 1


def test_the_reference_is_there_for_the_whole_plate_or_not_at_all():
    wells = [*plate(), *({**well, "plate_id": "PL2"} for well in plate(reference_absorbance=0.04))]
    assert not rules(wells)
    wells[12]["reference_absorbance"] = None
    (complaint,) = checked(wells).found
    assert complaint.message.startswith(
        "Plate PL2 has reference_absorbance in some wells only; it is lacking in 1 well (row 14)."
    )


def test_masked_standards_and_blanks_do_not_count():
    wells = plate()
    wells[0]["is_masked"] = "true"
    assert "has 4 standard levels above 0 (62.5, 125, 250 and 500)" in (
        checked(wells).found[0].message
    )
    wells = plate()
    wells[5]["is_masked"] = "true"
    assert checked(wells).found[0].message.startswith("Plate PL1 has no well that is not masked")


def test_a_standard_of_nothing_is_a_blank():
    wells = plate()
    wells[5] |= {"role": "standard", "concentration": 0.0}
    assert not rules(wells)


def test_replicates_are_those_with_the_same_spike_that_are_not_masked():
    wells = plate()
    wells[7]["absorbance"] = 2.0
    assert rules(wells) == ["replicates_agree"]
    assert not rules([*wells[:7], {**wells[7], "spike": 5.0}, *wells[8:]])
    assert not rules([*wells[:7], {**wells[7], "is_masked": "true"}, *wells[8:]])


def test_a_file_without_a_column_of_readings_is_refused_once():
    wells = [
        {name: cell for name, cell in well.items() if name != "absorbance"} for well in plate()
    ]
    check = checked(wells)
    (complaint,) = check.found
    assert "The file has no column 'absorbance': no well was read." in complaint.message
    assert not len(check.accepted)


def test_a_long_table_may_say_its_unit_in_the_header(csv_file):
    header = "plate_id,well,role,participant_id,visit,concentration_pg_ml,absorbance,spike (pg/mL)"
    lines = [f"PL1,A{i},standard,,,{level},1.0," for i, level in enumerate(LEVELS, start=1)]
    lines += ["PL1,B1,blank,,,,0.05,", "PL1,C1,sample,P01,baseline,,0.5,100"]
    check = check_table(csv_file(header, *lines), "elisa_plates")
    assert check.ok, check.sentences()
    assert check.accepted["concentration"].max() == 1.0
    assert check.accepted["spike"].max() == 0.1
