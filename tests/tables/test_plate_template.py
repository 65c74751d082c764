"""The workbook for a plate: written, filled in, read."""

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from ketbio.cli.app import app
from ketbio.errors import FileError, SchemaError
from ketbio.tables import check_table
from ketbio.tables.forms.plate_template import LAYOUT_WORDS, write_plate_layout
from ketbio.tables.layouts.plates.wells import well_name
from ketbio.tables.layouts.plates.words import Vocabulary, content_of


def filled(path, cells, key=(), plate="PL1", wells=96):
    """Write the template and fill in words of the layout, each with an invented reading."""
    write_plate_layout(path, plate=plate, wells=wells)
    book = load_workbook(path)
    for number, ((row, column), word) in enumerate(cells.items()):
        book["readings"].cell(row + 2, column + 2, 2.0 - number / 50)
        book["layout"].cell(row + 2, column + 2, word)
    for line in key:
        book["key"].append(line)
    book.save(path)
    return path


LEVELS = ["STD 1000 pg/mL", "STD 500 pg/mL", "STD 250 pg/mL", "STD 125 pg/mL", "STD 62.5 pg/mL"]


def test_a_filled_template_is_read(tmp_path):
    cells = {(row, 0): word for row, word in enumerate([*LEVELS, "BLANK", "QC low = 300 pg/mL"])}
    cells |= {(0, 11): "S1", (7, 11): "P02 baseline x10"}
    path = filled(tmp_path / "p.xlsx", cells, key=[("S1", "P01|day 14|x4")])
    check = check_table(path, "elisa_plates", plate={})
    assert check.ok, check.sentences()
    wells = check.accepted.set_index("well")
    assert sorted(wells.index) == sorted(map(well_name, cells))
    assert wells.loc["A12", ["participant_id", "visit", "dilution_factor"]].tolist() == [
        "P01", "day 14", 4,
    ]  # fmt: skip
    assert wells.loc["G1", ["control_name", "concentration"]].tolist() == ["QC low", 0.3]
    assert wells.loc["A1", "absorbance"] == 2.0
    assert set(wells["plate_id"]) == {"PL1"}


def test_a_template_of_384_wells(tmp_path):
    words = [*LEVELS, "BLANK", "P01 baseline"]
    cells = {(9 + row, 23): word for row, word in enumerate(words)}
    path = filled(tmp_path / "p.xlsx", cells, plate="big", wells=384)
    check = check_table(path, "elisa_plates", plate={})
    assert check.ok, check.sentences()
    assert check.accepted["well"].tolist() == [f"{row}24" for row in "JKLMNOP"]


def test_an_empty_template_holds_no_readings(tmp_path):
    path = write_plate_layout(tmp_path / "p.xlsx")
    with pytest.raises(FileError, match="holds no readings of a plate"):
        check_table(path, "elisa_plates", plate={})


def test_every_word_that_the_key_explains_can_be_read():
    for word, _ in LAYOUT_WORDS:
        made = content_of("" if word == "(empty)" else word, Vocabulary())
        assert (made is None) == (word == "(empty)")


def test_what_is_refused(tmp_path):
    with pytest.raises(FileError, match=r"its name ends in \.xlsx"):
        write_plate_layout(tmp_path / "p.csv")
    with pytest.raises(SchemaError, match="a plate of 96 or 384 wells is wanted"):
        write_plate_layout(tmp_path / "p.xlsx", wells=100)
    write_plate_layout(tmp_path / "p.xlsx")
    with pytest.raises(FileError, match="exists already"):
        write_plate_layout(tmp_path / "p.xlsx")


def test_the_command_writes_it(tmp_path):
    path = tmp_path / "p.xlsx"
    done = CliRunner().invoke(app, ["schema", "elisa_plates", "--plate-layout", str(path)])
    assert done.exit_code == 0
    assert load_workbook(path).sheetnames == ["readings", "layout", "key"]
