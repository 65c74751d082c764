"""Plates as grids and tables of wells, with their layouts; numbers invented here."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from ketbio.errors import FileError, SchemaError
from ketbio.tables import annotate_workbook, check_large_table, check_table
from ketbio.tables.layouts.plates.wells import listed_wells, well_at, well_name

LAYOUT = [
    ["STD1000", "STD1000", "P01 baseline"],
    ["STD500", "STD500", "P01 baseline"],
    ["STD250", "STD250", "P02 baseline"],
    ["STD125", "STD125", "P02 baseline"],
    ["STD62.5", "STD62.5", "QC low"],
    ["BLANK", "BLANK", ""],
]
READINGS = [
    [2.0, 2.02, 0.81], [1.5, 1.52, 0.8], [1.0, 1.02, 0.61], [0.6, 0.61, 0.6], [0.3, 0.31, 0.45],
    [0.05, 0.06, 0.04],
]  # fmt: skip
PG = {"unit": "pg/mL"}


def grid(cells, corner=""):
    width = len(cells[0])
    letters = "ABCDEFGHIJKLMNOP"
    head = [corner, *range(1, width + 1)]
    return [head, *([letters[i], *row] for i, row in enumerate(cells))]


def book(path, **sheets):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(list(row))
    made.save(path)
    return path


def changed(cells, row, column, value):
    copy = [list(line) for line in cells]
    copy[row][column] = value
    return copy


def text(path, *grids, delimiter=","):
    lines = [delimiter.join(map(str, row)) for one in grids for row in [*one, []]]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def checked(path, plate=PG, **how):
    return check_table(path, "elisa_plates", plate=plate, **how)


def said(check, severity=None):
    return list(check.sentences(severity))


# -- what is read ------------------------------------------------------------------------------
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_text_with_both_grids(tmp_path, delimiter):
    grids = grid(READINGS, "PL1"), grid(LAYOUT)
    check = checked(text(tmp_path / "plate.csv", *grids, delimiter=delimiter))
    wells = check.accepted.set_index("well")
    assert check.ok
    assert len(wells) == 17
    assert not said(check)
    assert wells.loc["A1", ["role", "concentration", "absorbance"]].tolist() == ["standard", 1, 2.0]
    assert wells.loc["E2", "concentration"] == 0.0625
    assert wells.loc["D3", ["participant_id", "visit"]].tolist() == ["P02", "baseline"]
    assert wells.loc["E3", ["role", "control_name"]].tolist() == ["control", "QC low"]
    assert "Plate PL1: 1 well with a reading left out, as the layout leaves them empty: F3." in (
        check.notes
    )


def test_sheets_of_a_workbook_and_a_layout_of_its_own_file_say_the_same(tmp_path):
    one = book(tmp_path / "one.xlsx", readings=grid(READINGS, "PL1"), layout=grid(LAYOUT))
    readings = book(tmp_path / "two.xlsx", plate=grid(READINGS, "PL1"))
    layout = book(tmp_path / "layout.xlsx", wells=grid(LAYOUT))
    frames = [
        checked(one).accepted,
        checked(readings, {**PG, "layout": str(layout)}).accepted,
        checked(one, {**PG, "layout_sheet": "layout"}).accepted,
    ]
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(frame, frames[0])


def test_a_decimal_comma_is_found(tmp_path):
    comma = [[str(value).replace(".", ",") for value in row] for row in READINGS]
    check = checked(text(tmp_path / "p.csv", grid(comma, "PL1"), grid(LAYOUT), delimiter=";"))
    assert check.ok
    assert check.accepted["absorbance"].max() == 2.02


def test_several_plates_one_below_the_other_with_their_titles(tmp_path):
    second = [[value / 2 for value in row] for row in READINGS]
    rows = [["Plate: PL1"], *grid(READINGS), [], ["PL2"], *grid(second)]
    path = book(tmp_path / "p.xlsx", readings=rows, layout=grid(LAYOUT))
    check = checked(path)
    assert check.ok
    assert len(check.accepted) == 34
    assert check.accepted.groupby("plate_id")["absorbance"].max().to_dict() == {
        "PL1": 2.02, "PL2": 1.01,
    }  # fmt: skip


def test_plates_on_sheets_have_the_sheets_names_and_each_its_layout(tmp_path):
    other = changed(LAYOUT, 0, 2, "P03 baseline")
    rows = {
        "PL1": [*grid(READINGS), [], *grid(LAYOUT)],
        "PL2": [*grid(READINGS), [], *grid(other)],
    }
    check = checked(book(tmp_path / "p.xlsx", **rows))
    wells = check.accepted.set_index(["plate_id", "well"])["participant_id"]
    assert (wells["PL1", "A3"], wells["PL2", "A3"]) == ("P01", "P03")


def test_grids_of_two_wavelengths_are_one_plate(tmp_path):
    reference = [[0.04] * 3 for _ in READINGS]
    rows = [["PL1 run"], ["450 nm"], *grid(READINGS), [], ["620 nm"], *grid(reference)]
    path = book(tmp_path / "PL7.xlsx", readings=rows, layout=grid(LAYOUT))
    check = checked(path)
    assert check.ok
    assert set(check.accepted["reference_absorbance"]) == {0.04}
    assert set(check.accepted["plate_id"]) == {"PL7"}
    assert "450 nm read as absorbance, 620 nm as its reference." in check.notes
    turned = checked(path, {**PG, "wavelength": 620, "reference_wavelength": 450})
    assert set(turned.accepted["absorbance"]) == {0.04}


def test_a_plate_of_16_by_24(tmp_path):
    readings = [[0.5] * 24 for _ in range(16)]
    layout = [[""] * 24 for _ in range(16)]
    for i, row in enumerate(LAYOUT):
        layout[i + 10][22:24], readings[i + 10][22:24] = row[:2], READINGS[i][:2]
    check = checked(text(tmp_path / "p.csv", grid(readings, "PL1"), grid(layout)))
    assert check.ok
    assert len(check.accepted) == 12
    assert check.accepted["well"].tolist()[-1] == "P24"
    assert any("372 wells with a reading left out" in note for note in check.notes)


def test_a_table_of_readings_with_a_table_as_layout_for_two_plates(tmp_path):
    lines = ["plate,well,OD"]
    lines += [f"{name},{'ABCDEF'[r]}{c + 1},{READINGS[r][c]}"
              for name in ("PL1", "PL2") for r in range(6) for c in range(3)]  # fmt: skip
    (tmp_path / "r.csv").write_text("\n".join(lines), encoding="utf-8")
    layout = ["well,role,participant_id,visit,concentration (pg/mL),dilution_factor,spike,plate"]
    levels = (1000, 500, 250, 125, 62.5)
    layout += [f"{'ABCDE'[i]}1,standard,,,{level},,," for i, level in enumerate(levels)]
    layout += [
        "F01,blank,,,,,,",
        "a3,sample,P01,baseline,,10,100,PL1",
        "A3,sample,P02,day_7,,,,PL2",
    ]
    (tmp_path / "l.csv").write_text("\n".join(layout), encoding="utf-8")
    check = checked(tmp_path / "r.csv", {"layout": str(tmp_path / "l.csv")})
    assert check.ok, said(check)
    wells = check.accepted.set_index(["plate_id", "well"])
    assert len(wells) == 14
    assert wells.loc[("PL1", "A3"), ["spike", "dilution_factor"]].tolist() == [0.1, 10]
    assert wells.loc[("PL2", "A3"), "participant_id"] == "P02"


def test_a_data_frame(tmp_path):
    frame = pd.DataFrame(grid(READINGS, "PL1")[1:], columns=["PL1", "1", "2", "3"])
    layout = text(tmp_path / "l.csv", grid(LAYOUT))
    assert len(checked(frame, {**PG, "layout": str(layout)}).accepted) == 17


# -- what is wrong is said with its well ---------------------------------------------------------
def test_a_text_instead_of_a_number_names_well_and_cell(tmp_path):
    cells = changed(READINGS, 2, 2, "n.a.")
    path = book(tmp_path / "p.xlsx", readings=grid(cells, "PL1"), layout=grid(LAYOUT))
    check = checked(path)
    (sentence,) = said(check)
    assert sentence.startswith(
        "p.xlsx, row 4: Well C3 of plate PL1 (cell D4 of sheet 'readings'): absorbance is 'n.a.'"
    )
    assert check.rejected[["row", "well"]].to_numpy().tolist() == [[4, "C3"]]
    assert len(check.accepted) == 16


@pytest.mark.parametrize("word", ["OVRFLW", "OVER", "****", "#SAT", ">4.0"])
def test_a_saturated_well_is_kept_without_a_number(tmp_path, word):
    cells = changed(READINGS, 0, 2, word)
    check = checked(text(tmp_path / "p.csv", grid(cells, "PL1"), grid(LAYOUT), delimiter=";"))
    assert check.ok
    assert [one.rule for one in check.found] == ["saturated_reading"]
    assert "Well A3 of plate PL1 (cell D2) is " in said(check, "warning")[0]
    well = check.accepted.set_index("well").loc["A3"]
    assert pd.isna(well["absorbance"])
    assert (well["is_masked"], well["mask_reason"]) == (True, "reader overflow")


def test_a_layout_well_without_a_reading_is_named(tmp_path):
    cells = changed(READINGS, 1, 2, "")
    check = checked(text(tmp_path / "p.csv", grid(cells, "PL1"), grid(LAYOUT)))
    (sentence,) = said(check)
    assert "row 3: Well B3 of plate PL1 (cell D3): absorbance is empty" in sentence
    assert (check.n_incoming, check.n_rejected) == (17, 1)


def test_a_cell_that_is_not_understood_keeps_its_well_out_and_no_other(tmp_path):
    layout = changed(LAYOUT, 0, 2, "P01 day 14")
    check = checked(text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(layout)))
    (sentence,) = said(check)
    assert "Well A3 of plate PL1: the layout (cell D10) says 'P01 day 14': '14' is left" in sentence
    assert check.rejected["well"].tolist() == ["A3"]
    assert check.n_incoming == 17


def test_numbers_of_standards_are_not_taken_for_concentrations(tmp_path):
    layout = [[f"STD{i + 1}", f"STD{i + 1}", row[2]] for i, row in enumerate(LAYOUT)]
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(layout))
    check = checked(path)
    assert sum("'STD1' to 'STD6' are numbers of standards" in one for one in said(check)) == 12
    levels = {f"STD{i + 1}": row[0] for i, row in enumerate(LAYOUT)}
    assert checked(path, {**PG, "key": levels}).ok


def test_without_a_unit_nothing_is_read(tmp_path):
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(LAYOUT))
    with pytest.raises(FileError, match=r"concentration of well A1 \('STD1000'\) without a unit"):
        checked(path, {})
    ng = checked(path, {"unit": "ng/mL"})
    assert ng.accepted["concentration"].max() == 1000


def test_two_units_on_a_plate_name_plate_and_wells(tmp_path):
    layout = changed(changed(LAYOUT, 0, 0, "STD 1 ng/mL"), 0, 1, "STD 1 ng/mL")
    check = checked(text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(layout)))
    (sentence,) = said(check)
    assert (
        "Plate PL1 has concentrations in two units: ng/mL in A1, A2; pg/mL in B1, B2, C1, C2"
    ) in sentence
    assert check.n_rejected == check.n_incoming == 17


def test_masked_wells_do_not_count(tmp_path):
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(LAYOUT))
    masked = checked(path, {**PG, "masked": ["A1", "PL1:A2"]})
    assert "Plate PL1 has 4 standard levels above 0" in said(masked)[0]
    blanks = checked(path, {**PG, "masked": ["F1", "F2"]})
    assert "Plate PL1 has no well that is not masked with the role 'blank'" in said(blanks)[0]
    one = checked(path, {**PG, "masked": ["F1"]})
    assert one.accepted.set_index("well").loc["F1", "mask_reason"] == "masked in the study file"
    empty = checked(path, {**PG, "masked": ["F3"]})
    assert said(empty, "warning")[0].endswith(
        "Well F3 of plate PL1 is masked in the study file, but the layout leaves it empty. Correct "
        "the one that is wrong."
    )


@pytest.mark.parametrize(
    ("plate", "said_of_it"),
    [
        ({"masked": ["A13"]}, "a plate of 8 × 12 has no such well"),
        ({"masked": ["PL9:A1"]}, "masked names 'PL9:A1'; the plates are 'PL1'"),
        ({"masked": ["seven"]}, "which is no well"),
        ({"layot": "x"}, "layot"),
        ({"kind": "softmex"}, "kind"),
        ({"wavelength": "450"}, "a wavelength such as 450 is wanted"),
        ({"wavelength": 405}, "405 nm is wanted as absorbance"),
        ({"unit": "bananas"}, "unit is 'bananas', which is not known"),
        ({"run_dates": {"PL2": "2026-01-31"}}, "run_dates names 'PL2'"),
        ({"groups": {"a": "patient"}}, "role"),
        ({"key": ["a"]}, "a table of text = text is wanted"),
    ],
)
def test_options_that_cannot_be_used(tmp_path, plate, said_of_it):
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(LAYOUT))
    with pytest.raises(SchemaError, match=said_of_it):
        checked(path, {**PG, **plate})


def test_what_does_not_go_together_with_plates(tmp_path):
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(LAYOUT))
    with pytest.raises(SchemaError, match="leave columns out"):
        checked(path, columns={"well": "1"})
    with pytest.raises(SchemaError, match="leave header_row out"):
        checked(path, header_row=2)
    with pytest.raises(SchemaError, match="use the schema 'elisa_plates'"):
        check_table(path, "madrs", plate=PG)


def test_plates_that_cannot_be_told_apart(tmp_path):
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(READINGS, "PL1"), grid(LAYOUT))
    with pytest.raises(FileError, match=r"several plates are called 'PL1': 'PL1' \(row 1\) and"):
        checked(path)
    assert set(checked(path, {**PG, "plates": ["X1", "X2"]}).accepted["plate_id"]) == {"X1", "X2"}
    with pytest.raises(FileError, match="plates names 1 plate, and the file holds 2"):
        checked(path, {**PG, "plates": ["X1"]})


def test_layouts_that_cannot_be_told_apart(tmp_path):
    grids = grid(READINGS, "PL1"), grid(READINGS, "PL2"), grid(LAYOUT, "L1"), grid(LAYOUT, "L2")
    with pytest.raises(FileError, match="which layout is that of plate 'PL1'"):
        checked(text(tmp_path / "p.csv", *grids))


def test_a_file_that_holds_no_plate_or_no_layout(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FileError, match="holds no plate"):
        checked(tmp_path / "a.csv")
    with pytest.raises(FileError, match="says nowhere what its wells hold"):
        checked(text(tmp_path / "b.csv", grid(READINGS, "PL1")))
    with pytest.raises(FileError, match="the grid has 3 × 25 wells"):
        checked(text(tmp_path / "c.csv", grid([[1.5] * 25] * 3)))


def test_a_grid_whose_letters_are_wrong_loses_no_rows_in_silence(tmp_path):
    rows = grid(READINGS, "PL1")
    rows[4][0] = "E"
    with pytest.raises(FileError, match="row 5: the grid has the letter 'E' where 'D' is wanted"):
        checked(text(tmp_path / "p.csv", rows, grid(LAYOUT)))


def test_a_well_that_is_read_twice_in_a_table(tmp_path):
    (tmp_path / "r.csv").write_text("well,od,id\nA1,1,BLANK\na01,2,BLANK\n", encoding="utf-8")
    with pytest.raises(FileError, match=r"well a01 has two readings \(rows 2 and 3\)"):
        checked(tmp_path / "r.csv")


def test_a_layout_table_with_a_well_twice_or_off_the_plate(tmp_path):
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"))
    rows = ["well,content", *(f"{'ABCDEF'[i]}1,{row[0]}" for i, row in enumerate(LAYOUT))]
    rows += ["A3,P01 baseline", "A03,P02 baseline", "J1,P03 baseline"]
    (tmp_path / "l.csv").write_text("\n".join(rows), encoding="utf-8")
    check = checked(path, {**PG, "layout": str(tmp_path / "l.csv")})
    assert (check.n_incoming, check.n_rejected) == (9, 3)
    everything = " ".join(said(check))
    assert "well A3 of plate PL1" in everything
    assert "well is 'J1'; a plate of 8 × 12 has the wells A1 to H12" in everything


def test_complaints_stand_at_the_reading_in_an_annotated_copy(tmp_path):
    cells = changed(READINGS, 2, 2, "n.a.")
    path = book(tmp_path / "p.xlsx", readings=grid(cells, "PL1"), layout=grid(LAYOUT))
    written = annotate_workbook(checked(path), tmp_path / "out.xlsx", source=path)
    page = load_workbook(written)["readings"]
    marked = [cell.coordinate for row in page.iter_rows() for cell in row if cell.comment]
    assert marked == ["D4"]
    assert page["D4"].value == "n.a."
    rows = [*grid(cells), [], *grid(LAYOUT)]
    several = book(tmp_path / "q.xlsx", PL1=rows, PL2=rows)
    written = annotate_workbook(checked(several), tmp_path / "out2.xlsx", source=several)
    assert "The records stand on several sheets" in str(
        [cell.value for row in load_workbook(written).worksheets[0].iter_rows() for cell in row]
    )


def test_a_list_of_rejected_wells_is_read_again(tmp_path):
    cells = changed(READINGS, 2, 2, "n.a.")
    check = checked(text(tmp_path / "p.csv", grid(cells, "PL1"), grid(LAYOUT)))
    check.rejected.to_csv(tmp_path / "todo.csv", index=False)
    again = checked(tmp_path / "todo.csv")
    assert again.n_incoming == 1


def test_identifiers_beside_the_grids_stop_the_table(tmp_path):
    rows = [["Operator: jane.doe@example.org"], [], *grid(READINGS, "PL1")]
    path = book(tmp_path / "p.xlsx", readings=rows, layout=grid(LAYOUT))
    assert "direct_identifier" in {one.rule for one in checked(path).found}


def test_replicates_are_compared_by_spike_and_without_masked_wells(tmp_path):
    layout = changed(LAYOUT, 1, 2, "P01 baseline spike 100")
    cells = changed(READINGS, 1, 2, 1.9)
    path = text(tmp_path / "p.csv", grid(cells, "PL1"), grid(layout))
    assert not said(checked(path))
    mixed = text(tmp_path / "q.csv", grid(cells, "PL1"), grid(LAYOUT))
    assert "(well A3 of plate PL1 and well B3 of plate PL1) differ" in said(checked(mixed))[0]
    assert not said(checked(mixed, {**PG, "masked": ["B3"]}))


def test_the_study_gives_constants_and_days_of_runs(tmp_path):
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(LAYOUT))
    plate = {**PG, "run_dates": {"PL1": "2026-01-31"}}
    check = checked(path, plate, constants={"analyte": "BDNF", "specimen": "serum"})
    assert check.ok
    assert set(check.accepted["analyte"]) == {"BDNF"}
    assert set(check.accepted["run_date"]) == {pd.Timestamp("2026-01-31")}


WORDS = [
    *["", "-", "STD500", "STD 1 ng/mL", "S1", "500", "BLANK", "QC low", "P01", "P01 baseline"],
    *["P01|baseline|x10", "P02 day 14", "P02 baseline [masked]", "=1+1", "C4", "STD", "| |"],
]
CELLS = ["", "0.5", "1.25", "-0.01", "OVRFLW", "n.a.", "1e9", "?????", "0,5"]


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_whatever_a_layout_says_every_well_of_it_is_a_record_or_empty(data):
    layout = [[data.draw(st.sampled_from(WORDS)) for _ in range(4)] for _ in range(3)]
    readings = [[data.draw(st.sampled_from(CELLS)) for _ in range(4)] for _ in range(3)]
    readings[:2] = [["0.7", "0.8", "0.9", "1.0"]] * 2  # most cells of readings are numbers
    with TemporaryDirectory() as folder:
        path = text(Path(folder) / "r.csv", grid(readings, "PL1"), delimiter=";")
        other = text(Path(folder) / "l.csv", grid(layout), delimiter=";")
        check = checked(path, {**PG, "layout": str(other)})
    filled = [cell for row in layout for cell in row if cell not in ("", "-")]
    assert check.n_incoming == len(filled)
    assert len(check.accepted) + len(check.rejected) == check.n_incoming
    assert len(set(check.records.cells["well"])) == check.n_incoming
    rejected = {i for one in check.found if one.severity == "error" for i in one.positions}
    assert len(rejected) == len(check.rejected)


def test_plates_are_not_read_batch_by_batch(tmp_path):
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(LAYOUT))
    with pytest.raises(SchemaError, match="plate cannot be used batch by batch"):
        check_large_table(path, "elisa_plates", plate={})


# -- wells ---------------------------------------------------------------------------------------
def test_names_of_wells_go_there_and_back():
    for row in range(16):
        for column in range(24):
            assert well_at(well_name((row, column))) == (row, column)
    assert [well_at(name) for name in ("", "A", "A0", "1A", "A100", "AA1")] == [None] * 6
    assert listed_wells([]) == ""
