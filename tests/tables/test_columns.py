"""Incoming names → ours: mapping, wide → long, constants, recodes, what is refused."""

import pandas as pd
import pytest

from ketbio.errors import SchemaError
from ketbio.tables import check_table

WIDE = {
    "participant_id": "Id",
    "madrs_total@baseline": "Pre",
    "madrs_total@day_14": "Post",
    "suicidal_thoughts@baseline": "Item10",
}


def frame(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_an_unknown_column_is_one_complaint_and_no_rejection():
    check = check_table(
        frame(participant_id=["P01"], visit=["v"], madrs_totl=[12], madrs_total=[12]), "madrs"
    )
    assert check.sentences() == (
        "table madrs, row 1: Column 'madrs_totl' is not known in madrs. Did you mean "
        "'madrs_total'? Name it under columns if it holds one of the known ones, or name it under "
        "ignore (--ignore on the command line) to leave it out.",
    )
    assert not check.ok
    assert len(check.accepted) == 1


def test_ignored_columns_are_left_out():
    check = check_table(
        frame(participant_id=["P01"], visit=["v"], madrs_total=[12], note=["x"]),
        "madrs",
        ignore=["note", "gone"],
    )
    assert check.ok
    assert check.notes[0] == "ignore names 'gone', not in the file."


def test_an_unnamed_column_can_be_ignored(csv_file):
    path = csv_file('"","participant_id"', '"1","P01"')
    assert check_table(path, "participants").sentences() == (
        'table.csv, row 1: Column 1 has no name; name it, or set ignore = [""] '
        '(--ignore "" on the command line) to leave it out.',
    )
    assert check_table(path, "participants", ignore=[""]).ok


def test_a_missing_required_column_is_one_complaint_that_rejects_all():
    check = check_table(frame(Code=["P01", "P02"], madrs_total=[1, 99], visit=["a", "b"]), "madrs")
    missing = check.complaints[check.complaints["rule"] == "missing_column"]
    assert missing["message"].tolist() == [
        "The file has no column 'participant_id', which madrs needs (found: 'Code', 'madrs_total' "
        "and 'visit'). Name the column that holds it under columns (--columns "
        "participant_id=INCOMING on the command line)."
    ]
    assert (len(check.accepted), len(check.rejected)) == (0, 2)
    assert "participant_id" in check.accepted


def test_a_missing_key_does_not_hide_a_safety_complaint():
    check = check_table(frame(Id=["P01"], visit=["a"], suicidal_thoughts=[5]), "madrs")
    assert check.complaints["rule"].tolist() == ["suicidality", "missing_column"]
    assert check.complaints["message"].iloc[0] == (
        "Participant without an id: suicidal thoughts 5 at a (a score of 4 or more); inform the "
        "responsible clinician now."
    )


def test_a_mapping_to_a_column_that_is_not_there():
    given = frame(ID=["P01"], visit=["v"], madrs_total=[12])
    check = check_table(given, "madrs", columns={"participant_id": "Id"}, ignore=["ID"])
    assert check.sentences() == (
        "table madrs, row 1: The file has no column 'Id', which columns names for "
        "'participant_id'. Did you mean 'ID'? Correct the name there.",
    )
    assert len(check.rejected) == 1
    optional = check_table(
        frame(participant_id=["P01"], visit=["v"], madrs_total=[12]),
        "madrs",
        columns={"rater_id": "Rater"},
    )
    assert optional.complaints["rule"].tolist() == ["missing_column"]
    assert len(optional.accepted) == 1


def test_complaints_name_the_column_of_the_file():
    check = check_table(
        frame(Id=["P01"], Wk=["v"], Total=[61]),
        "madrs",
        columns={"participant_id": "Id", "visit": "Wk", "madrs_total": "Total"},
    )
    assert check.complaints["column"].tolist() == ["Total"]
    assert check.complaints["message"].tolist() == [
        "Total (madrs_total) is 61; allowed: a whole number from 0 to 60. Correct it, or leave it "
        "empty if it is not known."
    ]


def test_a_wide_row_becomes_one_record_per_visit():
    wide = frame(
        Id=["007", "8"], Pre=[40, 35], Post=[20, None], Item10=[1, None], rater_id=["R", "S"]
    )
    check = check_table(wide, "madrs", columns=WIDE)
    assert check.n_incoming == 3
    assert check.accepted_rows.tolist() == [2, 2, 3]
    shown = ["participant_id", "visit", "madrs_total", "rater_id"]
    assert check.accepted[shown].to_numpy().tolist() == [
        ["007", "baseline", 40.0, "R"],
        ["007", "day_14", 20.0, "R"],
        ["8", "baseline", 35.0, "S"],
    ]
    assert check.accepted["suicidal_thoughts"].fillna(-1).tolist() == [1, -1, -1]
    assert "Row 3 has no value at visit 'day_14': no record made there." in check.notes


def test_a_visit_that_is_missing_by_word_makes_no_record():
    wide = frame(Id=["P01", "P02", "P03"], Pre=[40, 35, 30], Post=["NA", "NA", 3], Item10=[1, 1, 1])
    check = check_table(wide, "madrs", columns=WIDE, missing=["NA"])
    assert check.n_incoming == 4
    assert "Rows 2 and 3 have no value at visit 'day_14': no record made there." in check.notes


def test_a_fault_of_a_wide_row_is_said_once_and_rejects_its_records():
    wide = frame(Id=[None, "P02"], Pre=[40, 35], Post=[20, 10], Item10=[1, 1])
    check = check_table(wide, "madrs", columns=WIDE)
    assert check.sentences() == (
        "table madrs, row 2: Id (participant_id) is empty; every row needs it. Fill it in.",
    )
    assert check.rejected["row"].tolist() == [2, 2]


def test_a_wide_complaint_names_its_own_column():
    wide = frame(Id=["P01"], Pre=[40], Post=[99], Item10=[1])
    complaints = check_table(wide, "madrs", columns=WIDE).complaints
    assert complaints[["column", "visit", "value"]].to_numpy().tolist() == [
        ["Post", "day_14", "99"]
    ]


def test_accented_names_match_in_either_spelling(csv_file):
    path = csv_file("participant_id,Depressa\u0303o", "P01,1")
    check = check_table(path, "participants", columns={"resistant": "Depress\u00e3o"})
    assert check.accepted["resistant"].tolist() == [1.0]


def test_constants_fill_a_column_that_the_file_lacks():
    check = check_table(
        frame(participant_id=["P01"], bdnf_ng_ml=[20]),
        "bdnf",
        constants={"visit": "baseline", "specimen": "serum"},
    )
    assert check.ok
    assert check.accepted[["visit", "specimen"]].to_numpy().tolist() == [["baseline", "serum"]]


def test_values_are_recoded_and_the_rest_is_checked():
    check = check_table(
        frame(participant_id=["P01", "P02", "P03"], sex=["0", "1", "2"]),
        "participants",
        values={"sex": {"0": "male", "1": "female"}},
    )
    assert check.accepted["sex"].tolist() == ["male", "female"]
    assert check.sentences() == (
        "table participants, row 4: sex is '2'; allowed: 'female', 'male', 'other'. Correct it, "
        "or recode it under values in the study file.",
    )


def test_blanks_are_trimmed_and_said_once_per_column():
    ids = [" P01", "P02\u00a0", "P03"]
    check = check_table(frame(participant_id=ids), "participants")
    assert check.ok
    assert check.accepted["participant_id"].tolist() == ["P01", "P02", "P03"]
    assert check.complaints[["severity", "message"]].to_numpy().tolist() == [
        [
            "warning",
            "Blanks around cells of participant_id were trimmed (rows 2 and 3); nothing else was "
            "changed.",
        ]
    ]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        (
            {"columns": {"madrs_totl": "T"}},
            "columns: column is 'madrs_totl'; allowed: 'participant_id', 'visit', 'rating_date'",
        ),
        (
            {"columns": {"madrs_total@dy_14": "T"}, "visits": ["baseline", "day_14"]},
            "columns names 'madrs_total@dy_14': visit is 'dy_14'; allowed: 'baseline', 'day_14'. "
            "Did you mean 'day_14'?",
        ),
        (
            {"columns": {"madrs_total@a": "T", "visit": "V"}},
            "columns gives the visit twice: by 'madrs_total@a' and by 'visit'; leave one out.",
        ),
        (
            {"columns": {"visit": "V"}, "constants": {"visit": "a"}},
            "'visit' is in columns and in constants; leave one out.",
        ),
        ({"ignore": "note"}, "ignore is 'note'; a list is wanted: ['note']."),
        ({"columns": {"visit": 3}}, "columns: 'visit' = 3; text is wanted on both sides."),
        ({"decimal": ";"}, "decimal is ';'; allowed: '.' (point) or ',' (comma)."),
        ({"values": {"sx": {}}}, "values: column is 'sx'; allowed: 'participant_id'"),
    ],
)
def test_a_mapping_that_cannot_be_meant(how, sentence):
    given = frame(participant_id=["P01"], visit=["a"], madrs_total=[1])
    with pytest.raises(SchemaError) as caught:
        check_table(given, "madrs", **how)
    assert str(caught.value).startswith(sentence)


def test_a_table_without_visits_cannot_be_wide():
    with pytest.raises(SchemaError) as caught:
        check_table(frame(a=[1]), "participants", columns={"age_years@baseline": "a"})
    assert str(caught.value) == (
        "columns names 'age_years@baseline', but a row of participants has no visit."
    )


def test_a_column_fed_twice_is_not_overwritten_in_silence():
    check = check_table(
        frame(participant_id=["P01"], Id=["X1"]), "participants", columns={"participant_id": "Id"}
    )
    assert check.accepted["participant_id"].tolist() == ["X1"]
    assert check.sentences() == (
        "table participants, row 1: Column 'participant_id' is not used, because 'participant_id' "
        "is fed by another column; take that out of columns, or name it under ignore (--ignore on "
        "the command line) to leave it out.",
    )
