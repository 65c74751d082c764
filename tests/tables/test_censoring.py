"""Levels beyond a limit: value empty, flag and limit set, from the cell to the analysis."""

from importlib import resources

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.analyses import compare_responders, compare_visits, summarise_participants
from ketbio.analyses.values import marker_values
from ketbio.endpoints import derive_concentration
from ketbio.errors import SchemaError
from ketbio.tables import Check, check_table
from ketbio.tables.contracts.schema_file import load_schema
from ketbio.tables.records.amounts import read_amount
from ketbio.tables.records.cells import type_column
from ketbio.tables.records.manner import Manner, manner_of

LEVEL = load_schema("bdnf").columns["bdnf_ng_ml"]
BELOW = ["LOD", "<LOD", "< LLOQ", "lloq", "BLQ", "BQL", "Below LOQ", "OOR <", "not detected"]
ABOVE = ["ULOQ", "> ULOQ", ">uloq", "ALQ", "OOR >", "Above ULOQ", "OVRFLW"]


def levels(*lines: dict[str, object], **how: object) -> Check:
    same = {"visit": "baseline", "specimen": "serum"}
    rows = [{"participant_id": f"P{n:02}", **same, **line} for n, line in enumerate(lines)]
    return check_table(pd.DataFrame(rows), "bdnf", **how)


def said(check: Check) -> list[str]:
    return check.complaints["message"].tolist()


@pytest.mark.parametrize("cell", [">60", "> 60", "> 60 ng/mL", ">60000 pg/mL"])
def test_above_a_limit_is_a_flag_with_its_limit(cell):
    check = levels({"BDNF": cell}, columns={"bdnf_ng_ml": "BDNF"})
    assert not said(check)
    kept = check.accepted[["bdnf_ng_ml", "above_uloq", "uloq_ng_ml", "below_lloq"]]
    assert kept.isna().to_numpy().tolist() == [[True, False, False, False]]
    assert kept.iloc[0, 1:].tolist() == [True, 60, False]
    assert (
        "1 cell of bdnf_ng_ml written as above a limit: value empty, above_uloq true."
        in check.notes
    )


@pytest.mark.parametrize("word", BELOW)
def test_a_word_takes_the_limit_of_its_row(word):
    check = levels({"bdnf_ng_ml": word, "lloq_ng_ml": 0.5})
    assert not said(check)
    assert check.accepted["below_lloq"].tolist() == [True]
    assert check.accepted["lloq_ng_ml"].tolist() == [0.5]
    assert any(f"written as '{word}', the limit from lloq_ng_ml" in note for note in check.notes)


@pytest.mark.parametrize("word", ABOVE)
def test_a_word_takes_the_upper_limit_of_its_row(word):
    check = levels({"bdnf_ng_ml": word, "uloq_ng_ml": 60})
    assert not said(check)
    assert check.accepted["above_uloq"].tolist() == [True]


def test_a_word_takes_the_limit_that_was_named():
    lines = [{"bdnf_ng_ml": cell} for cell in ("LOD", "n.d.", "ULOQ", "low")]
    limits = {"lod": 0.5, "N.D.": 0.4, "ULOQ": 60, "low": 0.3}
    check = levels(*lines, limits=limits)
    assert not said(check)
    assert check.accepted["lloq_ng_ml"].fillna(-1).tolist() == [0.5, 0.4, -1, 0.3]
    assert check.accepted["uloq_ng_ml"].fillna(-1).tolist() == [-1, -1, 60, -1]
    assert (
        "1 cell of bdnf_ng_ml written as 'LOD', taken as <0.5: below a limit, value empty, "
        "below_lloq true." in check.notes
    )


def test_a_named_limit_is_in_the_unit_of_the_files_column():
    check = levels({"bdnf_pg_ml": "LOD"}, limits={"LOD": 500})
    assert check.accepted["lloq_ng_ml"].tolist() == [0.5]
    header = "BDNF (pg/mL)"
    check = levels({header: "LOD"}, columns={"bdnf_ng_ml": header}, limits={"LOD": 500})
    assert check.accepted["lloq_ng_ml"].tolist() == [0.5]


def test_a_limit_of_the_schema_serves_a_word(tmp_path):
    theirs = (resources.files("ketbio.schemas") / "bdnf.yaml").read_text(encoding="utf-8")
    needed = "    rule: Needed to analyse levels below it as censored.\n"
    assert needed in theirs
    own = tmp_path / "kit.yaml"
    own.write_text(theirs.replace(needed, f"    if_absent: 0.5\n{needed}"), encoding="utf-8")
    cells = {"participant_id": ["P01", "P02"], "visit": "a", "specimen": "serum"}
    check = check_table(pd.DataFrame({**cells, "bdnf_ng_ml": ["BLQ", "<0.4"]}), own)
    assert not said(check)
    assert check.accepted["lloq_ng_ml"].tolist() == [0.5, 0.4]
    assert check.accepted["below_lloq"].tolist() == [True, True]


@pytest.mark.parametrize(
    ("word", "sign", "column", "typed"),
    [("BLQ", "<", "lloq_ng_ml", "BLQ=NUMBER"), (">ULOQ", ">", "uloq_ng_ml", '">ULOQ=NUMBER"')],
)
def test_a_word_without_a_limit_is_a_complaint(word, sign, column, typed):
    check = levels({"bdnf_ng_ml": word})
    assert said(check) == [
        f"bdnf_ng_ml is '{word}' without a number; name it and its limit under limits (--limit "
        f"{typed} on the command line), or write '{sign}' and the limit, or fill in {column}."
    ]
    assert len(check.rejected) == 1


def test_nd_has_two_meanings():
    check = levels({"bdnf_ng_ml": "n.d.", "lloq_ng_ml": 0.5})
    assert said(check) == [
        "bdnf_ng_ml is 'n.d.', which may be 'not detected' or 'not done'; name it and its limit "
        "under limits (--limit n.d.=NUMBER on the command line) if the level was below a limit, or "
        "name it under missing (--missing n.d. on the command line) if there is no value."
    ]
    assert levels({"bdnf_ng_ml": "n.d."}, {"bdnf_ng_ml": 3}, limits={"nd": 0.5}).ok


def test_at_or_above_a_limit_is_written_with_one_sign():
    assert said(levels({"bdnf_ng_ml": "≥60"})) == [
        "bdnf_ng_ml is '≥60'; a level above an upper limit of quantification is written with '>': "
        "write >60."
    ]


@pytest.mark.parametrize("limit", [0, -1, "0.5", True, float("nan")])
def test_limits_are_numbers_above_0(limit):
    with pytest.raises(SchemaError, match=r"limits: 'LOD' = .*; a number above 0 is wanted"):
        levels({"bdnf_ng_ml": "LOD"}, limits={"LOD": limit})


def test_a_level_on_two_sides_is_refused():
    line = {"bdnf_ng_ml": None, "below_lloq": "yes", "above_uloq": "yes"}
    assert said(levels(line | {"lloq_ng_ml": 1, "uloq_ng_ml": 60})) == [
        "below_lloq and above_uloq are both true; a level lies on one side of the range only."
    ]
    assert said(levels({"bdnf_ng_ml": ">60", "above_uloq": "no"})) == [
        "bdnf_ng_ml is '>60', but above_uloq is 'no'; correct one of them."
    ]
    assert said(levels({"bdnf_ng_ml": ">60", "uloq_ng_ml": 50})) == [
        "bdnf_ng_ml is '>60', but uloq_ng_ml is '50'; correct one of them."
    ]


def test_a_limit_in_another_unit_is_questioned():
    flagged = {"bdnf_ng_ml": None, "below_lloq": "yes", "lloq_ng_ml": 500}
    check = levels({"bdnf_ng_ml": 24}, flagged)
    assert check.ok
    assert said(check) == [
        "lloq_ng_ml is 500 ng/mL, above every level measured in serum (at most 24). Is it in "
        "pg/mL? Correct its unit. The row is kept."
    ]
    assert said(levels({"bdnf_ng_ml": 24, "lloq_ng_ml": 500})) == [
        "lloq_ng_ml is 500 ng/mL, above the level of 24 in its own row. Is it in pg/mL? Correct "
        "its unit. The row is kept."
    ]
    assert said(levels({"bdnf_ng_ml": 24, "uloq_ng_ml": 20})) == [
        "uloq_ng_ml is 20 ng/mL, below the level of 24 in its own row. Write '>' and the limit if "
        "the level was above it, else correct the limit. The row is kept."
    ]
    assert not said(levels({"bdnf_ng_ml": 24, "lloq_ng_ml": 0.5, "uloq_ng_ml": 60}))


def test_an_upper_flag_without_its_limit_is_a_warning():
    check = levels({"bdnf_ng_ml": None, "above_uloq": "true"})
    assert check.ok
    assert said(check) == [
        "above_uloq is true without a limit; give uloq_ng_ml, without which nothing is known of "
        "the level."
    ]


# -- laws --------------------------------------------------------------------------------------
CELLS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="0123456789.,<>≤≥ -eEngpmL/dlLOQULnd", max_size=12),
    st.sampled_from([*BELOW, *ABOVE, "NA", "n.d.", "24 pg/mL", "<5 ng/mL", "#REF!"]),
)


@given(CELLS, st.sampled_from([".", ","]), st.sampled_from(["", "pg/mL", "nmol/L"]))
def test_every_cell_is_a_value_or_a_limit_or_a_problem_or_empty(cell, decimal, header_unit):
    text = cell.strip()
    typed = type_column(pd.Series([text], dtype="str"), LEVEL, decimal=decimal, units=[header_unit])
    outcomes = [
        typed.values.notna().all(), 0 in typed.limits, 0 in typed.above, 0 in typed.problems,
        not text,
    ]  # fmt: skip
    assert sum(map(bool, outcomes)) == 1


@given(st.decimals("0.001", "99999", places=3), st.sampled_from(["", "<", ">"]))
def test_reading_what_was_read_gives_the_same(number, sign):
    first = read_amount(f"{sign}{number}", LEVEL, Manner())
    found = first.value if sign == "" else first.limit
    again = read_amount(f"{sign}{found!r}", LEVEL, Manner())
    assert (again.value, again.side, again.limit) == (first.value, first.side, first.limit)


@given(CELLS)
def test_a_word_that_was_named_is_always_a_limit(cell):
    word = "".join(cell.split())
    if word and not word.replace(".", ""):
        return
    found = read_amount(word, LEVEL, manner_of(limits={word: 0.5})) if word else None
    assert found is None or (found.limit, found.value) == (0.5, None) or found.problem


# -- endpoints and analyses --------------------------------------------------------------------
def table(*rows: tuple[str, str, float | None, bool, float | None]) -> pd.DataFrame:
    """Rows of (participant, visit, level, above, uloq)."""
    frame = pd.DataFrame(
        rows, columns=["participant_id", "visit", "bdnf_ng_ml", "above_uloq", "uloq_ng_ml"]
    ).assign(specimen="serum", below_lloq=False)
    return frame.astype({"above_uloq": "boolean", "bdnf_ng_ml": float, "uloq_ng_ml": float})


def test_above_the_uloq_stays_censored_on_the_right():
    row = derive_concentration(table(("P01", "a", None, True, 60)), specimen="serum").iloc[0]
    assert (row["censored"], row["limit"], row["reason"]) == ("right", 60, "above 60.0 ng/mL")
    assert pd.isna(row["value"])
    two = table(("P01", "a", None, True, 60), ("P01", "a", None, True, 50))
    assert derive_concentration(two, specimen="serum", scale="log2")["limit"].round(3).tolist() == [
        5.644
    ]  # of two lower bounds of the mean the one that surely holds


def test_replicates_on_two_sides_are_neither():
    mixed = table(("P01", "a", 59, False, None), ("P01", "a", None, True, 60))
    row = derive_concentration(mixed, specimen="serum").iloc[0]
    assert row["censored"] == ""
    assert row["reason"] == (
        "1 replicate of 2 above the ULOQ and the rest below it (59.0 ng/mL): neither a level nor "
        "above the limit"
    )
    both = mixed.assign(below_lloq=[True, False], bdnf_ng_ml=float("nan"))
    assert derive_concentration(both, specimen="serum")["reason"].tolist() == [
        "1 replicate of 2 below the LLOQ and 1 above the ULOQ: neither a level nor beyond a limit"
    ]


@pytest.fixture
def endpoints() -> pd.DataFrame:
    """Eight participants, the last one above the limit at baseline."""
    rows = [(f"P{n}", "a", 20.0 + n, False, None) for n in range(7)]
    rows += [(f"P{n}", "b", 22.0 + n * n, False, None) for n in range(8)]
    return derive_concentration(table(*rows, ("P7", "a", None, True, 60)), specimen="serum")


def test_what_is_above_a_limit_is_kept_as_such_and_ranked_highest(endpoints):
    how = {"marker": "BDNF_serum", "baseline": "a", "endpoint": "b"}
    found = marker_values(endpoints, measure="baseline", participants=["P6", "P7"], **how).table
    assert found["censored"].tolist() == ["", "right"]
    assert found["limit"].tolist()[1] == 60.0
    assert found["reason"].tolist() == ["", ""]
    answers = ["responder", "non-responder"] * 4
    response = pd.DataFrame(
        {"participant_id": [f"P{n}" for n in range(8)], "response": answers, "change": 1.0,
         "reason": ""}
    )  # fmt: skip
    result = compare_responders(endpoints, response=response, measure="baseline", **how)
    assert result.excluded.empty
    # the responders are P0, P2, P4 and P6 of rising levels; P7 is above them all
    assert result.statistic == 1 + 3 + 5 + 7
    assert any("1 value above the ULOQ tied at the highest rank" in one for one in result.warnings)
    assert not any("LLOQ" in one for one in result.warnings)


def test_a_change_from_above_a_limit_is_only_bounded(endpoints):
    result = compare_visits(endpoints, marker="BDNF_serum", baseline="a", endpoint="b")
    assert result.excluded["reason"].tolist() == [
        "a: above 60.0 ng/mL (a change is then only bounded)"
    ]
    assert any("above the ULOQ: those are high values" in one for one in result.warnings)


def test_table_1_says_that_a_high_value_is_not_in_its_mean(endpoints):
    people = pd.DataFrame({"participant_id": [f"P{n}" for n in range(8)]})
    line = summarise_participants(people, endpoints=endpoints, baseline="a")[0]
    assert line.warnings == (
        "1 of 8 above the ULOQ and not in the mean, which is therefore too low.",
    )
