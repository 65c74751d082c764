"""A plate reader's file by itself, as a data manager types it."""

import csv

import pytest

from ketbio.cli.words import plate_words
from ketbio.errors import KetbioError

STANDARDS = (0, 50, 100, 200, 400, 800)


@pytest.fixture
def plate(tmp_path):
    """Return a grid of readings with the layout below; standards in pg/mL without a unit."""
    head = ["PL1", *(str(column) for column in range(1, 13))]
    readings, layout = [head], [head]
    for place, row in enumerate("ABCDEFGH"):
        standard = f"STD {STANDARDS[place]}" if place < len(STANDARDS) else ""
        sample = "P01 baseline" if row == "A" else "BLANK" if row == "B" else ""
        readings.append([row, *(f"{0.1 + place / 4:.3f}" for _ in range(12))])
        layout.append([row, standard, standard, sample, sample, *[""] * 8])
    path = tmp_path / "run.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([*readings, [], ["layout"], *layout])
    return path


def test_a_plate_is_checked_by_itself(typed, plate, tmp_path):
    target = tmp_path / "wells.csv"
    status, out, err = typed(
        "check", plate, "--schema", "elisa_plates", "--plate", "unit=pg/mL", "--accepted", target
    )
    assert (status, err) == (0, f"16 rows written to {target}\n"), out
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    assert [row["concentration"] for row in rows if row["well"] == "B1"] == ["0.05"]  # ng/mL
    assert {row["participant_id"] for row in rows if row["role"] == "sample"} == {"P01"}


def test_a_concentration_without_a_unit_is_refused(typed, plate):
    status, out, err = typed("check", plate, "--schema", "elisa_plates", "--plate", "auto")
    assert status in (1, 2)
    assert "unit" in out + err
    assert "Traceback" not in out + err


def test_an_option_that_there_is_not_is_refused(typed, plate):
    status, _, err = typed("check", plate, "--schema", "elisa_plates", "--plate", "units=pg/mL")
    assert status == 2
    assert "Did you mean 'unit'?" in err


def test_a_study_file_says_itself_how_plates_are_read(typed, tmp_path):
    study = tmp_path / "study.toml"
    study.write_text("", encoding="utf-8")
    status, _, err = typed("check", study, "--plate", "auto")
    assert status == 2
    assert "--plate cannot be used with a study file" in err


def test_wavelengths_are_whole_numbers():
    assert plate_words(["wavelength=450"], "--plate") == {"wavelength": 450}
    with pytest.raises(KetbioError, match="wavelength=blue; a whole number is wanted"):
        plate_words(["wavelength=blue"], "--plate")
