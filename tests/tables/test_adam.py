"""Long tables (ADaM and others): one row per parameter gathered to one per visit."""

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import FileError, SchemaError
from ketbio.tables import check_table

PARAMETERS = {"MADRS10": "suicidal_thoughts", "MADTOT": "madrs_total"}
VISITS = {"Week 0": "baseline", "Week 2": "day_14"}
COLUMNS = ["USUBJID", "AVISIT", "PARAMCD", "AVAL", "ADT"]


def long(*rows, columns=COLUMNS, **more):
    return pd.DataFrame(rows, columns=columns).assign(**more)


def check(frame, schema="madrs", *, adam=None, **how):
    options = {"parameters": PARAMETERS, "visits": VISITS, **(adam or {})}
    return check_table(frame, schema, visits=["baseline", "day_14"], adam=options, **how)


WHOLE = long(
    ("P01", "Week 0", "MADRS10", "2", "2026-01-01"),
    ("P01", "Week 0", "MADTOT", "30", "2026-01-01"),
    ("P01", "Week 2", "MADTOT", "20", "2026-01-15"),
    ("P02", "Week 0", "MADTOT", "33", "2026-01-02"),
)


def test_one_record_per_participant_and_visit():
    made = check(WHOLE)
    assert made.ok
    shown = made.accepted[["participant_id", "visit", "suicidal_thoughts", "madrs_total"]]
    assert shown.fillna(-1).to_numpy().tolist() == [
        ["P01", "baseline", 2, 30],
        ["P01", "day_14", -1, 20],
        ["P02", "baseline", -1, 33],
    ]
    assert made.accepted["rating_date"].dt.strftime("%d.%m.").tolist() == [
        "01.01.", "15.01.", "02.01.",
    ]  # fmt: skip
    assert "4 rows gathered to 3 records, one per participant and visit." in made.notes


def test_a_complaint_names_the_row_of_the_very_cell():
    frame = WHOLE.copy()
    frame.loc[1, "AVAL"] = "61"
    one = check(frame).complaints.iloc[0]
    assert one[["rule", "participant_id", "column", "value"]].tolist() == [
        "range", "P01", "MADTOT", "61",
    ]  # fmt: skip
    assert one["row"] == 3
    assert "MADTOT (madrs_total) is 61" in one["message"]


def test_two_values_of_one_parameter_are_both_named_and_none_is_chosen():
    twice = pd.concat([WHOLE, WHOLE.iloc[[3]].assign(AVAL="12")], ignore_index=True)
    made = check(twice)
    wrong = made.complaints[made.complaints["severity"] == "error"]
    assert wrong["rule"].unique().tolist() == ["one_rating_per_visit"]
    assert made.rejected["row"].tolist() == [5, 6]
    assert made.rejected["madrs_total"].tolist() == ["33", "12"]
    assert any("1 value of a parameter that the visit has already (row 6)" in n for n in made.notes)


def test_a_parameter_nobody_named_is_one_complaint():
    other = WHOLE.assign(PARAMCD=["MADRS9", "MADTOT", "MADTOT", "MADTOT"])
    frame = pd.concat([other, other.iloc[[0]]], ignore_index=True)
    made = check(frame)
    assert made.complaints["rule"].tolist() == ["unknown_parameter"]
    assert "PARAMCD is 'MADRS9', which parameters does not name (2 rows)" in made.sentences()[0]
    assert not made.ok
    left_out = check(frame, adam={"ignore_parameters": ["MADRS9"]})
    assert left_out.ok
    assert "2 rows of the parameter 'MADRS9' left out, as asked for." in left_out.notes


def test_a_row_without_a_parameter_is_a_complaint():
    made = check(WHOLE.assign(PARAMCD=["", "MADTOT", "MADTOT", "MADTOT"]))
    assert "PARAMCD is empty (1 row). Fill it in, or delete the row." in made.sentences()[0]


def test_imputed_values_are_warned_about_or_left_out():
    frame = WHOLE.assign(DTYPE=["", "", "LOCF", ""])
    kept = check(frame)
    assert kept.complaints[["rule", "row", "severity"]].to_numpy().tolist() == [
        ["imputed_value", 4, "warning"]
    ]
    assert kept.complaints["participant_id"].tolist() == ["P01"]
    out = check(frame, adam={"imputed_rows": "leave_out"})
    assert out.n_incoming == 2
    assert not out.found
    assert "1 row with DTYPE 'LOCF' left out, as asked for." in out.notes


def test_rows_can_be_chosen_by_a_flag():
    made = check(WHOLE.assign(ANL01FL=["Y", "Y", "", "Y"]), adam={"only": {"ANL01FL": "Y"}})
    assert made.n_incoming == 2
    assert "1 row whose ANL01FL is not 'Y' left out, as asked for." in made.notes


def test_results_as_text_are_read_where_there_is_no_number():
    frame = long(
        ("P01", "Week 0", "BDNF", "", "<0.5"),
        ("P02", "Week 0", "BDNF", "0.25", "<0.5"),
        ("P03", "Week 0", "BDNF", "7.5", "7.5 (low)"),
        columns=["USUBJID", "AVISIT", "PARAMCD", "AVAL", "AVALC"],
    )
    options = {"parameters": {"BDNF": "bdnf_ng_ml"}}
    made = check(frame, "bdnf", adam=options, constants={"specimen": "serum"})
    assert made.accepted["below_lloq"].tolist() == [True, True, False]
    assert made.accepted["bdnf_ng_ml"].dropna().tolist() == [7.5]
    assert any(note.startswith("2 values taken from AVALC") for note in made.notes)


def test_a_unit_that_is_not_the_column_s_is_a_complaint():
    frame = long(
        ("P01", "Week 0", "BDNF", "7.5", "ng/mL"),
        ("P02", "Week 0", "BDNF", "7500", "pg/mL"),
        columns=["USUBJID", "AVISIT", "PARAMCD", "AVAL", "AVALU"],
    )
    options = {"parameters": {"BDNF": "bdnf_ng_ml"}}
    made = check(frame, "bdnf", adam=options, constants={"specimen": "serum"})
    wrong = made.complaints[made.complaints["rule"] == "unit"].iloc[0]
    assert wrong[["row", "column", "value"]].tolist() == [3, "AVALU", "pg/mL"]
    assert "bdnf_ng_ml is in ng/mL" in wrong["message"]
    assert 3 in made.rejected["row"].tolist()


def test_other_long_tables_go_by_the_same_road():
    frame = pd.DataFrame(
        [("P01", "V1", "entropy", "0.8"), ("P01", "V1", "volume", "3")],
        columns=["who", "when", "what", "result"],
    )
    options = {"participant": "who", "visit": "when", "parameter": "what", "value": "result"}
    made = check_table(
        frame,
        "markers",
        adam={**options, "parameters": {"entropy": "entropy_nats", "volume": "mm3"}},
    )
    assert made.accepted[["entropy_nats", "mm3"]].to_numpy().tolist() == [[0.8, 3.0]]


def test_columns_of_the_row_are_left_out_columns_of_the_visit_go_along():
    frame = WHOLE.assign(
        PARAM="x", BASE="1", SITEID=["A", "A", "A", "B"], mood=["1", "2", "3", "4"]
    )
    made = check(frame, columns={"rater_id": "SITEID"})
    assert made.accepted["rater_id"].tolist() == ["A", "A", "B"]
    assert "Columns of ADaM left out: PARAM and BASE." in made.notes
    assert made.complaints["rule"].tolist() == ["differs_within_record"]
    assert "Column 'mood' differs between rows of one record (rows 2 and 3)" in made.sentences()[0]
    assert check(frame, columns={"rater_id": "SITEID"}, ignore=["mood"]).ok


def test_days_that_differ_within_a_visit_are_a_complaint_of_that_record():
    made = check(WHOLE.assign(ADT=["2026-01-01", "2026-01-02", "2026-01-15", "2026-01-02"]))
    wrong = made.complaints.iloc[0]
    assert wrong[["rule", "row", "column"]].tolist() == ["differs_within_record", 3, "ADT"]
    assert made.rejected["row"].tolist() == [2]


@pytest.mark.parametrize(
    ("adam", "error", "said"),
    [
        ({"parameters": {"A": "madrs_totl"}}, SchemaError, "Did you mean 'madrs_total'"),
        ({"parameters": {"A": "madrs_total", "B": "madrs_total"}}, SchemaError, "both feed"),
        ({"parameters": {"AVAL": "madrs_total"}}, SchemaError, "the name of a column too"),
        ({"participant": "SUBJECT"}, FileError, "no column 'SUBJECT', which adam takes"),
        ({"value": "RESULT"}, FileError, "no column 'RESULT'"),
        ({"parametrs": {}}, SchemaError, "allowed: 'parameters'"),
        ({"imputed_rows": "drop"}, SchemaError, "'keep', 'leave_out'"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(adam, error, said):
    with pytest.raises(error) as refused:
        check(WHOLE, adam=adam)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_parameters_are_needed():
    with pytest.raises(SchemaError, match="adam lacks 'parameters'; add it"):
        check_table(WHOLE, "madrs", adam={})


def test_an_identifier_in_a_row_that_is_not_read_stops_the_check():
    frame = long(
        ("P01", "Week 0", "MADTOT", "30", ""),
        ("P01", "Week 0", "NOTE", "", "someone@example.org"),
        columns=["USUBJID", "AVISIT", "PARAMCD", "AVAL", "AVALC"],
    )
    made = check(frame, adam={"ignore_parameters": ["NOTE"]})
    assert made.complaints["rule"].tolist() == ["direct_identifier"]
    assert "example" not in made.complaints.to_string() + "".join(made.notes)


def test_a_list_of_rejected_rows_can_be_checked_again():
    frame = WHOLE.copy()
    frame.loc[1, "AVAL"] = "99"
    again = check(frame).rejected.assign(madrs_total="29")
    assert check(again).accepted["madrs_total"].tolist() == [29]


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["P01", "P02"]),
        st.sampled_from(["Week 0", "Week 2"]),
        st.sampled_from(["MADRS10", "MADTOT"]),
        st.integers(0, 70).map(str),
    ),
    min_size=1,
    max_size=14,
)


@given(rows=ROWS)
@settings(max_examples=15, deadline=None)
def test_every_value_is_in_one_record_and_its_row_is_known(rows):
    made = check(long(*rows, columns=COLUMNS[:4]))
    assert len(made.accepted) + len(made.rejected) == made.n_incoming
    written = made.records.written
    cells = Counter(
        (who, code, value)
        for code, ours in PARAMETERS.items()
        for who, value in zip(written["participant_id"], written[ours], strict=True)
        if value
    )
    assert cells == Counter((who, code, value) for who, _, code, value in rows)
    for (record, code), row in made.source.cell_rows.items():
        assert rows[row - 2][2] == code
        assert rows[record - 2][:2] == rows[row - 2][:2]
