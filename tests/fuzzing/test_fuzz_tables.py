"""Any text in the cells of any table: nothing lost, nothing accepted that was not written so."""

import dataclasses

import pandas as pd
import pytest
from fuzz_seeds import CELLS
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_laws import assert_lawful

from ketbio.errors import KetbioError
from ketbio.tables import Check, check_table, load_schema, schema_names
from ketbio.tables.contracts.schema import TableSchema

WHO, VISITS = st.sampled_from(["P01", "P02", "p-1", "", "7.0"]), st.sampled_from(["v1", "v2", ""])
ODD = st.one_of(
    st.sampled_from(CELLS),
    st.integers(-9, 99).map(str),
    st.decimals(-5, 5000, places=2).map(str),
    st.dates().map(str),
    st.text(max_size=8),
)


def tables(schema: TableSchema) -> st.SearchStrategy[pd.DataFrame]:
    """Tables under most of a schema's names, with likely and unlikely cells."""
    specs = list(schema.columns.values())

    def of(names: list[str]) -> st.SearchStrategy[pd.DataFrame]:
        cells = {name: _cells(schema, name) for name in names}
        rows = st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=5)
        return rows.map(lambda made: pd.DataFrame(made, columns=names, dtype="str"))

    required = [spec.name for spec in specs if spec.required]
    others = [spec.name for spec in specs if not spec.required]
    others += ["marker_a", "marker_b"] if schema.extra_columns != "refused" else []
    chosen = st.lists(st.sampled_from(others), unique=True, max_size=len(others))
    return chosen.map(lambda some: [*required, *some]).flatmap(of)


def _cells(schema: TableSchema, name: str) -> st.SearchStrategy[str]:
    likely = {"participant_id": WHO, "visit": VISITS}.get(name)
    if name not in schema.columns:
        return st.one_of(st.integers(0, 60).map(str), ODD)
    spec = schema.columns[name]
    if likely is None and spec.allowed:
        likely = st.sampled_from(spec.allowed)
    if likely is None and spec.type in ("number", "integer"):
        likely = st.integers(0, 60).map(str)
    if likely is None:
        likely = st.sampled_from([*map(str, spec.examples), ""])
    return st.one_of(likely, likely, likely, ODD)


@pytest.mark.parametrize("name", schema_names())
@settings(max_examples=4)
@given(data=st.data())
def test_a_table_of_any_text_is_checked_without_a_loss_or_a_wrong_accept(name, data):
    schema = load_schema(name)
    frame = data.draw(tables(schema))
    before = frame.copy()
    assert_lawful(check_table(frame, name), schema)
    assert frame.equals(before)


@settings(max_examples=10)
@given(
    header=st.lists(st.text(max_size=12), min_size=1, max_size=4, unique_by=str.strip),
    cells=st.lists(st.text(max_size=12), min_size=4, max_size=4),
)
def test_a_table_of_any_header_keeps_its_records(header, cells):
    frame = pd.DataFrame([cells[: len(header)]], columns=header, dtype="str")
    try:
        check = check_table(frame, "participants", ignore=[""])
    except KetbioError:  # two columns of one name, or nothing at all
        return
    assert_lawful(check, load_schema("participants"))


# -- the laws themselves -------------------------------------------------------------------------
@pytest.fixture(scope="module")
def levels() -> Check:
    rows = [
        ("P01", "v1", "serum", "24.1", "2026-01-31"),
        ("P02", "v1", "serum", "<0.5", "2026-01-31"),
        ("P03", "v1", "serum", "24 ng/mL", "2026-01-31"),
    ]
    names = ["participant_id", "visit", "specimen", "bdnf_ng_ml", "collected_at"]
    frame = pd.DataFrame(rows, columns=names, dtype="str")
    return check_table(frame, "bdnf", ignore=["collected_at"])


def test_the_laws_let_a_good_table_pass(levels):
    assert_lawful(levels, load_schema("bdnf"))


@pytest.mark.parametrize(
    ("column", "row", "value", "said"),
    [
        ("bdnf_ng_ml", 0, 2.41, "accepted as 2.41"),
        ("bdnf_ng_ml", 0, float("nan"), "was dropped"),
        ("bdnf_ng_ml", 1, 0.6, "accepted as 0.6"),
        ("bdnf_ng_ml", 2, 2.5, "accepted as 2.5"),
        ("specimen", 0, "plasma", "accepted as 'plasma'"),
        ("plate_id", 0, "A", "nobody wrote"),
        ("participant_id", 0, None, "required"),
    ],
)
def test_the_laws_see_a_value_that_is_not_the_one_written(levels, column, row, value, said):
    accepted = levels.accepted.copy()
    accepted[column] = accepted[column].astype(object)
    accepted.loc[row, column] = value
    with pytest.raises(AssertionError, match=said):
        assert_lawful(_with(levels, accepted), load_schema("bdnf"))


def test_the_laws_see_a_record_that_is_lost(levels):
    with pytest.raises(AssertionError, match="lost"):
        assert_lawful(_with(levels, levels.accepted.iloc[:2]), load_schema("bdnf"))


def test_the_laws_see_a_value_out_of_range():
    frame = pd.DataFrame({"participant_id": ["P01"], "visit": ["v1"], "madrs_total": ["60"]})
    check = check_table(frame, "madrs")
    schema = load_schema("madrs")
    total = dataclasses.replace(schema.columns["madrs_total"], maximum=59.0)
    tighter = dataclasses.replace(schema, columns={**schema.columns, "madrs_total": total})
    with pytest.raises(AssertionError, match=r"60\.0 was accepted"):
        assert_lawful(check, tighter)


def _with(check: Check, accepted: pd.DataFrame) -> Check:
    parts = {one.name: getattr(check, one.name) for one in dataclasses.fields(check) if one.init}
    return Check(**{**parts, "accepted": accepted})
