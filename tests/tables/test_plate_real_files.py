"""Published exports of plate readers, read completely; they lie outside the repository."""

import numpy as np
import pandas as pd

from ketbio.tables import check_table
from ketbio.tables.layouts.plates.pages import pages_of
from ketbio.tables.layouts.plates.softmax import softmax_plates
from ketbio.tables.layouts.plates.wells import well_name

PG = {"unit": "pg/mL", "visit": "baseline", "plates": ["PL1"]}


def test_three_files_of_one_plate_give_the_same_wells(study_data):
    folder = study_data("elisa_plate")
    checks = [
        check_table(folder / name, "elisa_plates", plate=PG)
        for name in ("example.xls", "example_full.xls", "plate_long.csv")
    ]
    for check in checks:
        assert check.ok
        pd.testing.assert_frame_equal(check.accepted, checks[0].accepted)
        assert any("62 wells with a reading left out" in note for note in check.notes)
    wells = checks[0].accepted
    assert wells["role"].value_counts().to_dict() == {"sample": 18, "standard": 14, "blank": 2}
    assert sorted(wells["concentration"].dropna().unique() * 1000) == [
        15.625, 31.25, 62.5, 125, 250, 500, 1000,
    ]  # fmt: skip
    long = pd.read_csv(folder / "plate_long.csv")
    expected = {f"{one.row}{one.col}": one.od for one in long.itertuples() if one.id == one.id}
    assert dict(zip(wells["well"], wells["absorbance"], strict=True)) == expected


def test_every_reading_of_the_softmax_export_is_there(study_data):
    path = study_data("elisa_softmax_export") / "Assay_3_and_4.txt"
    (page,) = pages_of(path, encoding="latin-1")
    plates = softmax_plates(page)
    lines = [line.split("\t") for line in path.read_bytes().decode("latin-1").split("\r\n")]
    written = [line[2:98] for line in lines if len(line) == 98 and line[1] in ("25.1", "25.2")]
    read = [
        [cell.text for cell in wave.values()] for plate in plates for wave in plate.waves.values()
    ]
    assert read == written
    assert np.shape(read) == (4, 96)
    for plate in plates:
        assert list(plate.waves) == ["450", "620"]
        names = [well_name(well) for well in plate.waves["450"]]
        assert names == lines[2][2:98]


def test_the_softmax_export_by_its_groups(study_data):
    path = study_data("elisa_softmax_export") / "Assay_3_and_4.txt"
    plate = {"layout": "groups", "plates": ["PL3", "PL4"], "visit": "baseline"}
    check = check_table(path, "elisa_plates", plate=plate, encoding="latin-1")
    assert check.ok
    wells = check.accepted
    counts = wells.groupby("plate_id")["role"].value_counts().to_dict()
    for name in ("PL3", "PL4"):
        assert [counts[name, role] for role in ("standard", "sample", "control")] == [24, 45, 3]
    assert wells.loc[wells["is_masked"], ["plate_id", "well"]].to_numpy().tolist() == [
        ["PL3", "C6"], ["PL3", "D8"], ["PL3", "G4"],
    ]  # fmt: skip
    assert sum("24 wells with a reading left out" in note for note in check.notes) == 2
    assert wells["concentration"].max() == 3.0
    # The program's own values are the difference of the wavelengths, rounded to three decimals.
    lines = [line.split("\t") for line in path.read_bytes().decode("latin-1").split("\r\n")]
    shown = {line[3]: float(line[4]) for line in lines[10:34]}
    own = wells[wells["plate_id"] == "PL3"].set_index("well")
    difference = own["absorbance"] - own["reference_absorbance"]
    for well, value in shown.items():
        assert abs(difference[well] - value) < 0.00051
