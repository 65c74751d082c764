"""What the fuzzers found once, each with the smallest input that shows it."""

import time
import zipfile
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest
import yaml
from fuzz_seeds import parts_of, statistical_files

from ketbio.errors import FileError, SchemaError, did_you_mean
from ketbio.tables import check_table, load_schema, schema_names
from ketbio.tables.files.source import read_source
from ketbio.tables.privacy.header_words import header_words
from ketbio.tables.privacy.identifiers import without_emails
from ketbio.tables.records.units import folded_unit
from ketbio.tables.visit_words import nearest_visit

LONG = 120_000
"""Nearly the longest cell that is read."""
MOST_SECONDS = 5.0
"""Of processor time for cells of that length; before, these took minutes."""


def test_a_lone_point_among_numbers_is_no_number():
    frame = pd.DataFrame({"participant_id": ["P01"], "age_years": ["."]})
    check = check_table(frame, "participants")
    assert check.complaints["value"].tolist() == ["."]
    assert len(check.rejected) == 1


@pytest.mark.parametrize("schema", schema_names())
def test_a_table_without_one_known_column_keeps_its_rows(schema):
    check = check_table(pd.DataFrame({"zzz": ["1", "2"]}), schema)
    assert (len(check.accepted), len(check.rejected), check.n_incoming) == (0, 2, 2)


def test_a_row_of_thousands_of_digits_is_a_word_like_any_other():
    digits = "1" * 5_000
    assert did_you_mean(f"day_{digits}", ["day_14"]) == ""
    assert nearest_visit(f"day_{digits}", ["day_14"]) == ""
    frame = pd.DataFrame({"participant_id": ["P01"], "visit": [digits], digits: ["1"]})
    check = check_table(frame, "madrs", visits=["day_14"])
    assert {"known_visit", "unknown_column"} <= set(check.complaints["rule"])


# The number of missing values of a column, which is 0 to 3, made 36: pyreadstat leaves its memory.
def test_a_file_that_crashes_its_library_is_damaged(tmp_path):
    content = bytearray(statistical_files()[".sav"])
    content[244] = 36
    path = tmp_path / "a.sav"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"a\.sav is truncated or damaged .* as SPSS"):
        read_source(path)


def test_a_column_without_a_name_in_a_statistical_file_is_damage(tmp_path):
    content = bytearray(statistical_files()[".dta"])
    content[content.index(b"participant_id")] = 0
    path = tmp_path / "a.dta"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"a\.dta is truncated or damaged .* as Stata"):
        read_source(path)


# The last column of the merged cells (four numbers of two bytes behind the head of the record)
# made 59,140, which no sheet has.
def test_merged_cells_that_leave_the_sheet_are_told_as_far_as_it_goes(tmp_path):
    content = bytearray((Path(__file__).parents[1] / "tables/data/ratings.xls").read_bytes())
    record = content.index(b"\xe5\x00\x0a\x00\x01\x00")
    content[record + 12 : record + 14] = (59_140).to_bytes(2, "little")
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    faults = [fault.message for fault in read_source(path).faults if fault.rule == "merged_cells"]
    assert any(":XFD" in message for message in faults)


@pytest.mark.parametrize("spanned", ["59140", "999999999"])
def test_a_cell_of_an_open_document_that_leaves_the_sheet_is_told_too(spanned, tmp_path):
    parts = parts_of("ods")
    cell = b"<table:table-cell><text:p>P01"
    wide = cell.replace(b"cell>", f'cell table:number-columns-spanned="{spanned}">'.encode(), 1)
    column = b'<table:table-column table:visibility="collapse"/>'
    far = f'<table:table-column table:number-columns-repeated="{spanned}"/>'.encode() + column
    head = b'<table:table table:name="Levels">'
    changed = parts["content.xml"].replace(cell, wide).replace(head, head + far)
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as made:
        for name, part in parts.items():
            made.writestr(name, changed if name == "content.xml" else part)
    faults = [fault.message for fault in read_source(path).faults]
    assert any("A2:XFD2" in message for message in faults)


@pytest.mark.parametrize(
    "value",
    ["2026-13-01", "!!bool maybe", "!!timestamp soon", "!!int ''", "!!float x", "[" * 3_000],
)
def test_a_schema_with_a_value_that_yaml_cannot_make_is_refused(value, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(f"name: own\nversion: {value}\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"own\.yaml is not readable as YAML"):
        load_schema(path)


@pytest.mark.parametrize(
    ("type_of", "said"),
    [
        ("bdnf_pg_ml", "it is 'text' and points to 'below_lloq'"),
        ("bdnf_ng_ml", "it is 'text' and points to 'below_lloq'"),
        ("lloq_ng_ml", "points to 'lloq_ng_ml', which is 'text'"),
        ("below_lloq", "points to 'below_lloq', which is 'text'"),
    ],
)
def test_a_column_of_text_is_no_level_no_limit_and_no_flag(type_of, said, tmp_path):
    content = yaml.safe_load((resources.files("ketbio.schemas") / "bdnf.yaml").read_text("utf-8"))
    content["columns"][type_of] = {"meaning": "x", "type": "text"} | {
        key: value
        for key, value in content["columns"][type_of].items()
        if key in ("converted_to", "below_limit", "above_limit", "unit")
    }
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(SchemaError, match=said):
        load_schema(path)


def test_what_a_schema_takes_for_an_absent_column_may_break_its_own_range(tmp_path):
    text = (resources.files("ketbio.schemas") / "blots.yaml").read_text("utf-8")
    path = tmp_path / "own.yaml"
    path.write_text(text.replace("if_absent: 0", "if_absent: -1"), encoding="utf-8")
    row = {"participant_id": "P01", "visit": "a", "gel_id": "G", "lane": "1", "target": "actin"}
    check = check_table(pd.DataFrame([row | {"form": "loading", "intensity": 9}]), path)
    assert "range" in set(check.complaints["rule"])


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"converted_to": "bdnf_ng_ml"}, "it points to itself; name the other column."),
        ({"converted_to": "bdnf_pg_ml"}, "it is converted to 'bdnf_pg_ml', which is converted to"),
        ({"below_limit": {"flag": "below_lloq", "limit": "bdnf_ng_ml"}}, "it points to itself"),
    ],
)
def test_a_column_leads_to_one_where_the_values_stay(entry, said, tmp_path):
    content = yaml.safe_load((resources.files("ketbio.schemas") / "bdnf.yaml").read_text("utf-8"))
    content["columns"]["bdnf_ng_ml"] |= entry
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(SchemaError, match=f"column 'bdnf_ng_ml': {said}"):
        load_schema(path)


def test_two_columns_without_a_name_beside_a_long_table_keep_their_cells(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("USUBJID,AVISIT,PARAMCD,,AVAL,,x\nP01,a,MADTOT,one,30,two,3", encoding="utf-8")
    check = check_table(path, "madrs", adam={"parameters": {"MADTOT": "madrs_total"}})
    assert check.records.cells["madrs_total"].tolist() == ["30"]
    assert len(check.rejected) + len(check.accepted) == 1
    assert check.source is not None
    assert check.source.rows[0] == ("P01", "a", "one", "two", "3", "30")


# -- time ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "of_long_text",
    [
        lambda: without_emails("1." * (LONG // 2)),
        lambda: without_emails("a" * LONG + " @"),
        lambda: header_words("A" * LONG),
        lambda: folded_unit("a" + " " * LONG + "b"),
    ],
    ids=["points", "letters", "capitals", "blanks"],
)
def test_a_long_text_takes_no_time(of_long_text):
    begun = time.process_time()
    of_long_text()
    assert time.process_time() - begun < MOST_SECONDS


@pytest.mark.parametrize("pattern", ["1.", "_", " ", "A", "a@", "1 ", "("])
def test_a_cell_and_a_name_of_the_greatest_length_take_no_time(pattern):
    body = pattern * (LONG // len(pattern))
    cell, name = f"1{body}x", f"x{body}x"
    begun = time.process_time()
    frame = pd.DataFrame({"participant_id": [cell, "P01"], "age_years": [cell, "15"], name: "1"})
    check = check_table(frame, "participants")
    assert len(check.accepted) + len(check.rejected) == 2
    assert time.process_time() - begun < MOST_SECONDS
