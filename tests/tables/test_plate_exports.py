"""Raw exports of plate readers, invented here in the shape of each program."""

import pandas as pd
import pytest
from openpyxl import Workbook

from ketbio.errors import FileError
from ketbio.tables import check_table

LEVELS = (1000, 500, 250, 125, 62.5)
WELLS = [f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13)]
NAMES = {"Un1": "P01 baseline", "Un2": "P02 baseline"}


def reading(well):
    """Return an invented reading: the higher the row's letter, the lower."""
    return round(2.4 / 2 ** "ABCDEFGH".index(well[0]) + int(well[1:]) / 1000, 4)


def softmax_plate(name, values, form="TimeFormat", waves="450 620 ", reference=0.04):
    """Return the block of a plate: one line per wavelength, or grids beside each other."""
    title = ["Plate:", name, "1.3", form, "Endpoint", "Absorbance", "Raw", "FALSE", "1", "", "", "",
             "", "", str(len(waves.split())), waves, "1", "12", "96", "1", "8"]  # fmt: skip
    second = [reference] * 96
    lines = [values, second][: len(waves.split())]
    if form == "TimeFormat":
        head = ["", "Temperature(°C)", *WELLS]
        body = [line for one in lines for line in (["", "25.1", *one], [""])]
    else:
        ones = [str(n) for n in range(1, 13)]
        head = ["", "Temperature(°C)", *ones, *(["", *ones] if len(lines) > 1 else [])]
        body = []
        for row in range(8):
            parts = [one[12 * row : 12 * row + 12] for one in lines]
            body.append(
                ["", "25.1" if row == 0 else "", *parts[0], *(["", *parts[1]] * (len(parts) - 1))]
            )
    return [title, head, *body, ["~End"]]


def softmax_groups(masked=(), unit="pg/mL"):
    """Return the groups: standards in columns 1 and 2, samples in 3 and 4, a control in 5."""
    rows = [
        ["Group: Standards"],
        ["Sample", f"Concentration {unit}", "BackCalcConc", "Wells", "Value"],
    ]
    for i, level in enumerate((*LEVELS, 0)):
        letter = "ABCDEF"[i]
        rows += [
            [str(i + 1), level, "1.0", f"{letter}1", "0.5"],
            [" ", " ", "1.0", f"{letter}2", "0.5"],
        ]
    rows += [
        [""],
        ["Group Column", "Formula Name", "Formula"],
        ["1", "Sample", "!SampleNames"],
        ["~End "],
        ["Group: Unknowns"],
        ["Sample", "Wells", "Value", "R", "Dilution"],
    ]
    for name, letter in (("Un1", "A"), ("Un2", "B")):
        for well in (f"{letter}3", f"{letter}4"):
            value = "Masked" if well in masked else "0.5"
            first = well.endswith("3")
            rows.append([name if first else " ", well, value, "", "10" if first else " "])
    rows += [
        ["~End "],
        ["Group: Control"],
        ["Sample", "Wells", "Values"],
        ["1", "A5", "0.4"],
        ["~End "],
    ]
    return rows


def softmax(path, *parts, blocks, encoding="latin-1"):
    lines = [[f"##BLOCKS= {blocks}"], *(line for part in parts for line in part)]
    content = "\r\n".join("\t".join(map(str, line)) for line in lines) + "\r\n"
    path.write_bytes(content.encode(encoding))
    return path


VALUES = [reading(well) for well in WELLS]
HOW = {"encoding": "latin-1"}


def checked(path, plate, **how):
    return check_table(path, "elisa_plates", plate=plate, **how)


# -- SoftMax Pro -------------------------------------------------------------------------------
@pytest.mark.parametrize("form", ["TimeFormat", "PlateFormat"])
def test_softmax_with_its_groups(tmp_path, form):
    plate = softmax_plate("PL1", VALUES, form)
    path = softmax(tmp_path / "a.txt", plate, softmax_groups(masked=["B4"]), blocks=4)
    check = checked(path, {"layout": "groups", "samples": NAMES}, **HOW)
    assert check.ok, check.sentences()
    wells = check.accepted.set_index("well")
    assert len(wells) == 17
    assert (wells["absorbance"] == [reading(well) for well in wells.index]).all()
    assert set(wells["reference_absorbance"]) == {0.04}
    assert wells.loc["A1", "concentration"] == 1.0
    assert wells.loc["F2", ["role", "concentration"]].tolist() == ["standard", 0]
    assert wells.loc["B3", ["participant_id", "visit", "dilution_factor"]].tolist() == [
        "P02", "baseline", 10,
    ]  # fmt: skip
    assert wells.loc["A5", ["role", "control_name"]].tolist() == ["control", "Control 1"]
    assert wells.index[wells["is_masked"]].tolist() == ["B4"]
    assert wells.loc["B4", "mask_reason"] == "masked in the reader's export"
    assert (
        "12 values converted from pg/mL to ng/mL (concentration; unit in the column's name)."
        in (" ".join(check.notes))
    )
    assert any("79 wells with a reading left out" in note for note in check.notes)


def test_softmax_rows_are_those_of_the_file(tmp_path):
    values = ["abc", *VALUES[1:]]
    path = softmax(tmp_path / "a.txt", softmax_plate("PL1", values), softmax_groups(), blocks=4)
    (sentence,) = checked(path, {"samples": NAMES}, **HOW).sentences()
    assert sentence.startswith("a.txt, row 4: Well A1 of plate PL1 (cell C4): absorbance is 'abc'")


def test_softmax_samples_without_a_visit_are_named(tmp_path):
    path = softmax(tmp_path / "a.txt", softmax_plate("PL1", VALUES), softmax_groups(), blocks=4)
    check = checked(path, {}, **HOW)
    assert {one.rule for one in check.found} == {"visit_of_sample"}
    assert checked(path, {"visit": "baseline"}, **HOW).ok


def test_softmax_of_two_plates_each_with_its_groups(tmp_path):
    half = [value / 2 for value in VALUES]
    parts = [
        softmax_plate("P", VALUES),
        softmax_groups(),
        softmax_plate("P", half),
        softmax_groups(),
    ]
    path = softmax(tmp_path / "a.txt", *parts, blocks=8)
    with pytest.raises(FileError, match=r'several plates are called .* plates = \["PL1", "PL2"\]'):
        checked(path, {"visit": "baseline"}, **HOW)
    check = checked(path, {"visit": "baseline", "plates": ["PL1", "PL2"]}, **HOW)
    wells = check.accepted.set_index(["plate_id", "well"])["absorbance"]
    assert (wells["PL2"] == wells["PL1"] / 2).all()


def test_softmax_with_the_groups_below_all_plates_cannot_be_told_apart(tmp_path):
    parts = softmax_plate("P1", VALUES), softmax_plate("P2", VALUES), softmax_groups()
    path = softmax(tmp_path / "a.txt", *parts, blocks=5)
    with pytest.raises(FileError, match="names no plate, and 2 plates stand before it"):
        checked(path, {"visit": "baseline"}, **HOW)


def test_softmax_that_is_cut_short_kinetic_or_of_an_unknown_group(tmp_path):
    short = softmax(tmp_path / "a.txt", softmax_plate("P1", VALUES), softmax_groups(), blocks=9)
    with pytest.raises(FileError, match="says that 9 blocks follow, and holds 4: it is cut short"):
        checked(short, {}, **HOW)
    plate = softmax_plate("P1", VALUES)
    path = softmax(tmp_path / "b.txt", [*plate[:3], *plate[2:]], softmax_groups(), blocks=4)
    with pytest.raises(FileError, match="has 3 lines of values for 2 wavelengths"):
        checked(path, {}, **HOW)
    groups = [["Group: Monday"], ["Sample", "Wells"], ["P01", "A1"], ["~End"]]
    odd = softmax(tmp_path / "c.txt", softmax_plate("P1", VALUES), groups, blocks=2)
    with pytest.raises(FileError, match="the group 'Monday' is of no known role"):
        checked(odd, {}, **HOW)
    known = checked(odd, {"groups": {"Monday": "sample"}, "visit": "baseline"}, **HOW)
    assert known.records.cells["participant_id"].tolist() == ["P01"]


def test_softmax_groups_without_a_unit_need_one(tmp_path):
    groups = softmax_groups(unit="")
    path = softmax(tmp_path / "a.txt", softmax_plate("P1", VALUES), groups, blocks=4)
    with pytest.raises(FileError, match="without a unit"):
        checked(path, {"samples": NAMES}, **HOW)
    assert checked(path, {"samples": NAMES, "unit": "pg/mL"}, **HOW).ok


# -- Gen5 --------------------------------------------------------------------------------------
GEN5_HEAD = [
    ["Software Version", "3.08.01"],
    [],
    ["Experiment File Path:", "C:\\runs\\a.xpt"],
    ["Plate Number", "PL1"],
    ["Reader Type:", "Reader"],
    ["Procedure Details"],
    [],
]
NUMBERS = [str(n) for n in range(1, 13)]


def gen5_lines():
    """Return an export: five standards twice, two samples twice, a blank and a control."""
    codes = {f"{row}{c}": f"STD{i + 1}" for i, row in enumerate("ABCDE") for c in (1, 2)}
    levels = {f"{row}{c}": str(LEVELS[i]) for i, row in enumerate("ABCDE") for c in (1, 2)}
    codes |= {"A3": "SPL1", "A4": "SPL1", "B3": "SPL2", "B4": "SPL2", "F1": "BLK", "G1": "CTL1"}
    levels |= {"A3": "10", "A4": "10", "B3": "1:10", "B4": "1:10"}
    lines = [*GEN5_HEAD, ["Layout"], [], ["", *NUMBERS]]
    for row in "ABCDEFGH":
        lines.append([row, *(codes.get(f"{row}{n}", "") for n in NUMBERS), "Well ID"])
        lines.append(["", *(levels.get(f"{row}{n}", "") for n in NUMBERS), "Conc/Dil"])
    lines += [[], ["Results"], [], ["Actual Temperature:", "25.0"], [], ["", *NUMBERS]]
    for row in "ABCDEFGH":
        own = [reading(f"{row}{n}") for n in NUMBERS]
        lines.append([row, *map(str, own), "450"])
        lines.append(["", *["0.04"] * 12, "620"])
        lines.append(["", *(f"{value - 0.04:.4f}" for value in own), "Delta OD"])
    return lines


GEN5 = {"unit": "pg/mL", "samples": {"SPL1": "P01 baseline", "SPL2": "P02|day 7"}}


def test_gen5_as_text_and_as_a_workbook(tmp_path):
    lines = gen5_lines()
    path = tmp_path / "g.txt"
    path.write_text("\n".join("\t".join(line) for line in lines), encoding="utf-8")
    made = Workbook()
    for line in lines:
        made.active.append([float(c) if c.replace(".", "", 1).isdigit() else c for c in line])
    made.save(tmp_path / "g.xlsx")
    text, book = checked(path, GEN5), checked(tmp_path / "g.xlsx", GEN5)
    assert text.ok, text.sentences()
    assert book.ok, book.sentences()
    pd.testing.assert_frame_equal(text.accepted, book.accepted)
    wells = text.accepted.set_index("well")
    assert len(wells) == 16
    assert (wells["absorbance"] == [reading(well) for well in wells.index]).all()
    assert set(wells["reference_absorbance"]) == {0.04}
    assert wells.loc["E2", "concentration"] == 0.0625
    assert wells.loc["B4", ["participant_id", "visit", "dilution_factor"]].tolist() == [
        "P02", "day 7", 10,
    ]  # fmt: skip
    assert wells.loc["G1", ["role", "control_name"]].tolist() == ["control", "CTL1"]
    assert any("'Delta OD'" in note for note in text.notes)
    assert any("as an export of Gen5 with 1 plate ('PL1'" in note for note in text.notes)


def test_gen5_samples_by_number_need_a_key(tmp_path):
    path = tmp_path / "g.txt"
    path.write_text("\n".join("\t".join(line) for line in gen5_lines()), encoding="utf-8")
    check = checked(path, {"unit": "pg/mL"})
    assert sorted(check.rejected["well"]) == ["A3", "A4", "B3", "B4"]
    assert "'SPL1' is a number of a standard or a sample" in check.sentences()[0]


def test_gen5_that_names_no_wavelength_is_refused(tmp_path):
    lines = [[*line[:13]] if line[-1:] in (["450"], ["620"]) else line for line in gen5_lines()]
    path = tmp_path / "g.txt"
    path.write_text("\n".join("\t".join(line) for line in lines), encoding="utf-8")
    with pytest.raises(FileError, match="none names a wavelength such as 450"):
        checked(path, GEN5)


# -- Magellan ----------------------------------------------------------------------------------
def test_magellan_as_text_and_as_a_workbook(tmp_path):
    names = {f"{row}{c}": f"STD{LEVELS[i]:g}" for i, row in enumerate("ABCDE") for c in (11, 12)}
    names |= {"G1": "M1A", "G2": "M1A", "H11": "BLANK", "H12": "BLANK"}
    readings = [["<>", *NUMBERS]]
    layout = [["<>", *NUMBERS]]
    for row in "ABCDEFGH":
        readings.append([row, *(str(reading(f"{row}{n}")) for n in NUMBERS)])
        layout.append([row, *(names.get(f"{row}{n}", "Empty") for n in NUMBERS)])
    text = tmp_path / "PL1.txt"
    text.write_text("\n".join("\t".join(one) for one in (*readings, [], *layout)), encoding="utf-8")
    made = Workbook()
    made.active.title = "Magellan Sheet 1"
    for line in readings:
        made.active.append(line)
    page = made.create_sheet("id")
    for line in [*layout, [], ["", "id", "description"], ["", "M1A", "first sample"]]:
        page.append(line)
    made.save(tmp_path / "PL1.xlsx")
    plate = {"unit": "pg/mL", "key": {"M1A": "P01 baseline"}}
    one, two = checked(text, plate), checked(tmp_path / "PL1.xlsx", plate)
    assert one.ok, one.sentences()
    pd.testing.assert_frame_equal(one.accepted, two.accepted)
    assert one.accepted["role"].value_counts().to_dict() == {
        "standard": 10, "sample": 2, "blank": 2,
    }  # fmt: skip
    assert any("as an export of Magellan with 1 plate ('PL1'" in note for note in one.notes)
