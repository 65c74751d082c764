"""What a plate file could lose in silence, or show of a person: each is told; numbers invented."""

import pytest
from openpyxl import Workbook, load_workbook

from ketbio.errors import FileError
from ketbio.tables import check_table
from ketbio.tables.layouts.plates.words import Vocabulary, WordError, content_of

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


def beside(left, right, gap=1):
    blank = [""] * gap
    return [[*one, *blank, *other] for one, other in zip(left, right, strict=True)]


@pytest.mark.parametrize("gap", [0, 1, 2])
def test_grids_side_by_side_are_both_read(tmp_path, gap):
    second = [[value / 2 for value in row] for row in READINGS]
    rows = beside(grid(READINGS, "PL1"), grid(second, "PL2"), gap)
    check = checked(book(tmp_path / "p.xlsx", readings=rows, layout=grid(LAYOUT)))
    assert check.ok
    assert check.accepted.groupby("plate_id")["absorbance"].max().to_dict() == {
        "PL1": 2.02, "PL2": 1.01,
    }  # fmt: skip
    layout = beside(grid(READINGS, "PL1"), grid(LAYOUT), gap)
    assert checked(book(tmp_path / "q.xlsx", readings=layout)).n_accepted == 17


def test_a_number_left_out_above_a_grid_loses_no_columns(tmp_path):
    layout = [["", 1, 2, "", 4], *([*row[:3], "", row[3]] for row in grid(LAYOUT)[1:])]
    path = book(tmp_path / "p.xlsx", readings=grid(READINGS, "PL1"), layout=layout)
    with pytest.raises(FileError, match="row 1: the numbers above the grid go to 2, and 4 stands"):
        checked(path)


@pytest.mark.parametrize("label", ["X", "D:", "row D"])
def test_a_wrong_label_of_a_row_loses_no_wells(tmp_path, label):
    layout = grid(LAYOUT)
    layout[4][0] = label
    path = book(tmp_path / "p.xlsx", readings=grid(READINGS, "PL1"), layout=layout)
    with pytest.raises(FileError, match=rf"sheet 'layout', row 5: .*'{label}' where .*'D' is"):
        checked(path)


def test_a_formula_and_merged_cells_of_a_layout_are_errors(tmp_path):
    path = book(tmp_path / "p.xlsx", readings=grid(READINGS, "PL1"), layout=grid(LAYOUT))
    for ending, options in (("a", PG), ("b", {**PG, "layout_sheet": "layout"})):
        made = load_workbook(path)
        made["layout"]["D2"] = '=CONCATENATE("P01"," baseline")'
        made["layout"].merge_cells("D4:D5")
        made.save(tmp_path / f"{ending}.xlsx")
        check = checked(tmp_path / f"{ending}.xlsx", options)
        rules = {one.rule for one in check.found}
        assert {"formula_without_result", "merged_cells"} <= rules
        assert "The layout (" in " ".join(said(check, "error"))
    readings = book(tmp_path / "r.xlsx", readings=grid(READINGS, "PL1"))
    check = checked(readings, {**PG, "layout": str(tmp_path / "a.xlsx"), "layout_sheet": "layout"})
    assert not check.ok
    assert "The layout (a.xlsx, sheet 'layout', row 2)" in " ".join(said(check, "error"))


def test_the_layout_of_another_plate_is_not_taken(tmp_path):
    path = book(tmp_path / "p.xlsx", readings=grid(READINGS, "PL1"), layout=grid(LAYOUT, "PL2"))
    with pytest.raises(FileError, match="which layout is that of plate 'PL1'"):
        checked(path)
    rows = ["plate,well,content", "PL2,A1,BLANK"]
    (tmp_path / "l.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(FileError, match="the layout names plate 'PL2'"):
        checked(path, {**PG, "layout": str(tmp_path / "l.csv")})


def test_rows_of_a_layout_without_a_plate_stay_where_the_others_name_it_otherwise(tmp_path):
    readings = ["well,OD", "A1,0.05", "A2,1.2"]
    layout = ["plate,well,content", "kit lot,A1,BLANK", ",A2,P01 baseline"]
    for name, rows in (("run_1.csv", readings), ("l.csv", layout)):
        (tmp_path / name).write_text("\n".join(rows), encoding="utf-8")
    check = checked(tmp_path / "run_1.csv", {**PG, "layout": str(tmp_path / "l.csv")})
    assert "left out" not in " ".join(check.notes)
    assert check.n_incoming == 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["PL1,A1,1,BLANK", ",A1,2,BLANK"], "row 3: the row names no plate, and others do"),
        (["PL1,Q1,1,BLANK"], "row 2: 'Q1' is no well; write A1 to H12, or A1 to P24"),
    ],
)
def test_rows_of_a_table_that_cannot_be_placed_are_named(tmp_path, rows, words):
    path = tmp_path / "p.csv"
    path.write_text("\n".join(["plate,well,OD,content", *rows]), encoding="utf-8")
    with pytest.raises(FileError, match=words):
        checked(path)


def test_columns_of_a_table_that_are_not_read_are_told_or_refused(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("well,OD,content,remark\nA1,1,BLANK,foam\n", encoding="utf-8")
    assert "Columns not read: 'remark'." in checked(path).notes
    path.write_text("well,OD,content,remark\nA1,1,BLANK,Maria Schneider\n", encoding="utf-8")
    assert "direct_identifier" in {one.rule for one in checked(path).found}
    path.write_text("well,OD,content,DOB\nA1,1,BLANK,1961-03-12\n", encoding="utf-8")
    with pytest.raises(FileError, match="column 'DOB' is one of direct identifiers"):
        checked(path)


@pytest.mark.parametrize(
    "cell",
    [
        "Maria Schneider 12.03.1961",
        "QC Maria Schneider",
        "P01 baseline [masked: Maria Schneider haemolytic]",
    ],
)
def test_a_name_in_a_layout_is_never_shown(tmp_path, cell):
    path = text(tmp_path / "p.csv", grid(READINGS, "PL1"), grid(changed(LAYOUT, 0, 2, cell)))
    check = checked(path)
    assert not check.ok
    assert "Well A3 of plate PL1" in " ".join(said(check))
    shown = f"{said(check)}{check.notes}{check.accepted.to_csv()}{check.rejected.to_csv()}"
    assert "Schneider" not in shown


def test_a_minus_before_a_standard_is_no_dash():
    with pytest.raises(WordError, match="may be a dash or a minus"):
        content_of("STD -5 pg/mL", Vocabulary())
    assert content_of("STD-500", Vocabulary()).concentration == "500"
