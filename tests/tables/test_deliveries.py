"""What changed between two deliveries: each difference once, and nothing for the order of rows."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import FileError, SchemaError
from ketbio.tables.deliveries import compare_deliveries
from ketbio.tables.differences import KINDS
from ketbio.tables.differences_page import DIFFERENCE_FORMATS, render_differences

MIRRORED = {
    "filled": "emptied",
    "emptied": "filled",
    "row added": "row vanished",
    "row vanished": "row added",
    "column added": "column vanished",
    "column vanished": "column added",
    "old row not compared": "new row not compared",
    "new row not compared": "old row not compared",
}


def levels(*rows, columns=("participant_id", "visit", "entropy")):
    return pd.DataFrame(list(rows), columns=list(columns)).astype("str")


OLD = levels(("P01", "v1", "0.81"), ("P01", "v2", "0.7"), ("P02", "v1", ""), ("P03", "v1", "3"))
NEW = levels(("P03", "v1", "3.0"), ("P02", "v1", "0.5"), ("P01", "v1", "0.82"), ("P04", "v1", "1"))


SERUM = {"participant_id": ["P01", "P02", "P03"], "visit": "v1", "specimen": "serum"}


def test_a_level_under_another_unit_is_another_level():
    old = pd.DataFrame(SERUM | {"BDNF (ng/mL)": ["24.1", "25", "<0.5"]})
    new = pd.DataFrame(SERUM | {"BDNF (pg/mL)": ["24.1", "25000", "<500"]})
    for one, other, was, now in (
        (old, new, "24.1", "24.1 pg/mL"),
        (new, old, "24.1 pg/mL", "24.1"),
    ):
        found = compare_deliveries(one, other, "bdnf")
        changed = found.frame[found.frame["kind"] == "changed"]
        columns = ["participant_id", "column", "old", "new"]
        assert changed[columns].to_numpy().tolist() == [["P01", "bdnf_ng_ml", was, now]]
        assert found.n_same == 2
    assert compare_deliveries(new, new, "bdnf").n_same == 3


def test_a_mapped_column_of_another_unit_is_compared_as_read():
    old = pd.DataFrame(SERUM | {"BDNF": ["24.1 ng/mL"] * 3})
    new = pd.DataFrame(SERUM | {"BDNF": ["24100 pg/mL", "24.1 pg/mL", "24.1 ng/mL"]})
    found = compare_deliveries(old, new, "bdnf", columns={"bdnf_ng_ml": "BDNF"})
    assert found.frame[["kind", "participant_id"]].to_numpy().tolist() == [
        ["changed", "P02"],
        ["written differently", "P01"],
    ]


def test_each_kind_of_difference():
    found = compare_deliveries(OLD, NEW, "markers")
    assert found.frame.to_numpy().tolist() == [
        ["changed", "P01", "v1", "entropy", "0.81", "0.82", 2, 4],
        ["filled", "P02", "v1", "entropy", "", "0.5", 4, 3],
        ["row added", "P04", "v1", "", "", "", 0, 5],
        ["row vanished", "P01", "v2", "", "", "", 3, 0],
        ["written differently", "P03", "v1", "entropy", "3", "3.0", 5, 2],
    ]
    assert found.summary() == (
        "markers: 4 records before, 4 now, 1 alike; cells: 1 changed, 1 filled, 0 emptied; rows: 1 "
        "added, 1 vanished; columns: 0 added, 0 vanished; 0 rows not compared; 1 cell written "
        "differently."
    )
    assert not found.is_same


def test_columns_that_came_and_went():
    new = OLD.rename(columns={"entropy": "complexity"})
    found = compare_deliveries(OLD, new, "markers")
    assert found.frame[["kind", "column", "old", "new"]].to_numpy().tolist() == [
        ["column added", "complexity", "", "3 filled cells"],
        ["column vanished", "entropy", "3 filled cells", ""],
    ]


def test_a_code_is_the_same_only_where_it_is_written_alike():
    old = levels(("007", "01"), columns=("participant_id", "kit"))
    new = levels(("7", "1"), columns=("participant_id", "kit"))
    kinds = compare_deliveries(old, new, "participants").frame["kind"].tolist()
    assert kinds == ["row added", "row vanished"]
    new = levels(("007", "1"), columns=("participant_id", "kit"))
    assert compare_deliveries(old, new, "participants").frame["kind"].tolist() == ["changed"]


def test_a_key_that_stands_twice_is_named_and_not_guessed():
    old = levels(("P01", "v1", "1"), ("P01", "v1", "2"), ("P02", "v1", "5"))
    new = levels(("P01", "v1", "2"), ("P01", "v1", "3"), ("P02", "v1", "5"))
    found = compare_deliveries(old, new, "markers")
    assert found.frame[["kind", "old_row", "new_row"]].to_numpy().tolist() == [
        ["old row not compared", 2, 0],
        ["new row not compared", 0, 3],
    ]
    assert found.n_same == 2
    assert found.notes == (
        "1 key of the old delivery (a DataFrame) stands more than once, the first (participant_id "
        "'P01', visit 'v1') in rows 2 and 3.",
        "1 key of the new delivery (a DataFrame) stands more than once, the first (participant_id "
        "'P01', visit 'v1') in rows 2 and 3.",
    )
    one_left = compare_deliveries(old, levels(("P01", "v1", "2"), ("P02", "v1", "5")), "markers")
    # One of the two old rows can be the new one, but which of them changed nobody knows.
    assert one_left.frame["kind"].tolist() == ["row vanished"]


def test_rows_without_a_key_are_listed():
    old = levels(("", "v1", "1"), ("P02", "v1", "5"))
    new = levels(("", "v1", "2"), ("P02", "v1", "5"))
    assert compare_deliveries(old, new, "markers").frame["kind"].tolist() == [
        "old row not compared",
        "new row not compared",
    ]
    assert compare_deliveries(old, old, "markers").is_same


def test_files_of_two_kinds_with_a_mapping(csv_file, xlsx_file):
    old = csv_file("Id;v;Total", "P01;a;30", "P02;a;12", name="old.csv")
    new = xlsx_file(["Total", "Id", "v"], [31, "P01", "a"], [12, "P02", "a"], name="new.xlsx")
    columns = {"participant_id": "Id", "visit": "v", "madrs_total": "Total"}
    found = compare_deliveries(old, new, "madrs", columns=columns)
    assert found.frame.to_numpy().tolist() == [
        ["changed", "P01", "a", "madrs_total", "30", "31", 2, 2]
    ]
    assert (found.old_file, found.new_file) == ("old.csv", "new.xlsx")


def test_other_keys_and_keys_that_cannot_be_meant():
    old = levels(("P01", "v1", "1"), ("P02", "v1", "2"))
    assert compare_deliveries(old, old, "markers", keys=["participant_id"]).keys == (
        "participant_id",
    )
    with pytest.raises(SchemaError, match="keys is 'visits', but columns of markers are wanted"):
        compare_deliveries(old, old, "markers", keys=["visits"])
    with pytest.raises(SchemaError, match=r"keys is 'visit'; a list is wanted: \['visit'\]"):
        compare_deliveries(old, old, "markers", keys="visit")
    with pytest.raises(
        FileError, match=r"The new delivery .* has no column 'visit', which identif"
    ):
        compare_deliveries(old, old.drop(columns="visit"), "markers")


def test_identifiers_are_masked_and_said():
    old = levels(("P01", "Jane Doe", "35"), columns=("participant_id", "Full name", "age_years"))
    new = levels(("P01", "Jane Roe", "36"), columns=("participant_id", "Full name", "age_years"))
    found = compare_deliveries(old, new, "participants")
    shown = "".join(render_differences(found, format=form) for form in DIFFERENCE_FORMATS)
    assert "Jane" not in shown + repr(found) + found.frame.to_csv()
    assert found.frame["column"].tolist() == ["age_years"]
    assert found.notes[0] == (
        "The old delivery (a DataFrame) holds direct identifiers in 'Full name': their cells are "
        "neither shown nor compared."
    )
    named = levels(("Jane Doe", "35"), columns=("participant_id", "age_years"))
    with pytest.raises(FileError, match="holds direct identifiers, so that its rows") as caught:
        compare_deliveries(named, named, "participants")
    assert "Jane" not in str(caught.value)


def test_pages_escape_what_cells_hold():
    old = levels(("P01", "a"), columns=("participant_id", "note"))
    new = levels(("P01", "<script>\x1b[31m"), columns=("participant_id", "note"))
    found = compare_deliveries(old, new, "participants")
    page = render_differences(found, format="html")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page + render_differences(found)
    content = json.loads(render_differences(found, format="json"))
    assert content["differences"][0]["key"] == {"participant_id": "P01"}
    assert render_differences(found).splitlines()[1] == (
        "changed: participant_id 'P01', note: 'a' → '<script>\\x1b[31m' (row 2)"
    )
    with pytest.raises(SchemaError, match="format is 'pdf'; allowed: 'text', 'json', 'html'"):
        render_differences(found, format="pdf")


CELLS = st.sampled_from(["", "1", "1.0", "2", "x", "NA", "0.5"])
ROWS = st.lists(
    st.tuples(st.sampled_from(["P1", "P2", "P3", "P4", ""]), st.sampled_from("ab"), CELLS, CELLS),
    max_size=6,
)
UNIQUE = st.lists(
    st.tuples(st.sampled_from(["P1", "P2", "P3", "P4"]), st.sampled_from("ab"), CELLS, CELLS),
    min_size=1, max_size=6, unique_by=lambda row: row[:2],
)  # fmt: skip
NAMES = ("participant_id", "visit", "one", "two")


@settings(deadline=None, max_examples=12)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_is_nothing(rows, random):
    rows = rows or [("P1", "a", "", "1")]
    shuffled = random.sample(rows, len(rows))
    old, new = levels(*rows, columns=NAMES), levels(*shuffled, columns=NAMES)
    found = compare_deliveries(old, new, "markers")
    assert found.found == ()
    assert found.n_same == len(rows)


@settings(deadline=None, max_examples=12)
@given(ROWS, ROWS)
def test_the_way_back_mirrors_the_way_there(before, after):
    old = levels(*(before or [("P1", "a", "", "1")]), columns=NAMES)
    new = levels(*(after or [("P1", "a", "", "1")]), columns=NAMES)
    there, back = compare_deliveries(old, new, "markers"), compare_deliveries(new, old, "markers")
    mirrored = sorted(
        (MIRRORED.get(o.kind, o.kind), o.key, o.column, o.new, o.old, o.new_row, o.old_row)
        for o in back.found
    )
    forth = [(o.kind, o.key, o.column, o.old, o.new, o.old_row, o.new_row) for o in there.found]
    assert sorted(forth) == mirrored
    assert [KINDS.index(one.kind) for one in there.found] == sorted(
        KINDS.index(one.kind) for one in there.found
    )


@settings(deadline=None, max_examples=12)
@given(UNIQUE, UNIQUE)
def test_the_changes_applied_to_the_old_give_the_new(before, after):
    old, new = levels(*before, columns=NAMES), levels(*after, columns=NAMES)
    found = compare_deliveries(old, new, "markers")
    table = {row[:2]: dict(zip(NAMES, row, strict=True)) for row in before}
    wanted = {row[:2]: dict(zip(NAMES, row, strict=True)) for row in after}
    for one in found.found:
        if one.kind == "row added":
            table[one.key] = wanted[one.key]
        elif one.kind == "row vanished":
            assert table.pop(one.key)
        else:
            assert table[one.key][one.column] == one.old
            table[one.key][one.column] = one.new
    assert table == wanted
