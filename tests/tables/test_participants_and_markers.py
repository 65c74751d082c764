"""People with covariates, markers of the user's own, and what must not be in either."""

import pandas as pd
import pytest

from ketbio.tables import check_table
from ketbio.tables.privacy.identifiers import looks_like_identifier


def test_covariates_are_kept_as_they_are():
    people = pd.DataFrame(
        {"participant_id": ["007", "8"], "bmi": ["21.5", None], "ward": ["01", "02"]}
    )
    check = check_table(people, "participants")
    assert check.ok
    assert check.accepted["participant_id"].tolist() == ["007", "8"]
    assert check.accepted["bmi"].fillna(-1).tolist() == [21.5, -1]
    assert check.accepted["ward"].tolist() == ["01", "02"]


def test_a_word_among_numbers_is_not_missing_in_silence():
    people = pd.DataFrame({"participant_id": ["A", "B", "C"], "bmi": ["21", "22", "NA"]})
    check = check_table(people, "participants")
    assert check.sentences() == (
        "table participants, row 4: bmi is 'NA' among numbers; name it under missing (--missing NA "
        "on the command line) if it means that there is no value, else correct it.",
    )
    assert check.accepted["bmi"].tolist() == [21, 22]
    assert check_table(people, "participants", missing=["NA"]).accepted["bmi"].sum() == 43


def test_a_near_miss_of_a_known_column_is_a_warning():
    check = check_table(pd.DataFrame({"participant_id": ["A"], "sexe": ["male"]}), "participants")
    assert check.ok
    assert check.sentences() == (
        "table participants, row 1: Column 'sexe' is not known in participants and is kept as it "
        "is. Did you mean 'sex'? If so, map it under columns (--columns sex=sexe on the command "
        "line).",
    )


def test_a_participant_twice():
    check = check_table(pd.DataFrame({"participant_id": ["A", "B", "A"]}), "participants")
    assert check.sentences()[0] == (
        "table participants, row 2: 2 rows of the same participant (A): rows 2 and 4, "
        "identical in every column; one is allowed. Keep the right one and delete the rest."
    )
    assert check.rejected["row"].tolist() == [2, 4]


@pytest.mark.parametrize("header", ["Full name", "e-mail", "DOB", "lastName", "Telefone", "MRN"])
def test_a_direct_identifier_is_refused_and_its_cells_are_not_read(header):
    people = pd.DataFrame({"participant_id": ["A"], header: ["secret"]})
    check = check_table(people, "participants")
    (said,) = check.sentences()
    assert said.startswith(
        f"table participants, row 1: Column {header!r} looks like a direct identifier ("
    )
    assert said.endswith(
        "): 1 cell (row 2), not shown. Remove the column from the file; if it is none, name it "
        f"under allow_identifiers (--allow-identifiers {header!r} on the command line)."
    )
    everything = f"{check.accepted} {check.records.written} {check.complaints.to_string()}"
    assert "secret" not in everything


def test_a_direct_identifier_cannot_be_mapped_either():
    people = pd.DataFrame({"participant_id": ["A"], "Phone": ["secret"]})
    check = check_table(people, "participants", columns={"contact_code": "Phone"})
    assert check.complaints["rule"].tolist() == ["direct_identifier"]
    assert check.accepted.empty


@pytest.mark.parametrize("header", ["drug_name", "birthweight_g", "named", "mailing", "age"])
def test_what_only_looks_alike(header):
    assert not looks_like_identifier(header)


def test_an_e_mail_in_a_cell_is_masked_everywhere():
    people = pd.DataFrame(
        {"participant_id": ["A", "someone@example.org"], "sex": ["male", "x@y.zz"]}
    )
    check = check_table(people, "participants")
    shown = check.complaints.to_string() + " ".join(check.sentences()) + check._repr_html_()
    assert "example.org" not in shown
    assert "x@y.zz" not in shown
    assert check.complaints["value"].tolist() == ["[not shown]"] * 2
    assert check.sentences()[0] == (
        "table participants, row 3: Column 'participant_id' holds a direct identifier: 1 cell "
        "(row 3) with an e-mail address, not shown. Remove it from the file; if the column holds "
        "none, name it under allow_identifiers (--allow-identifiers 'participant_id' on the "
        "command line). Use a code for a person, never a name or a date of birth."
    )


def test_markers_are_numbers():
    frame = pd.DataFrame(
        {"participant_id": ["A", "A"], "visit": ["v1", "v2"], "entropy": ["0.81", "high"]}
    )
    check = check_table(frame, "markers", table="imaging")
    assert check.sentences() == (
        "table imaging, row 3: entropy is 'high', not a number; correct it, or name it under "
        "missing (--missing high on the command line) if it means that there is no value.",
    )
    assert check.complaints["table"].tolist() == ["imaging"]
    assert check.accepted["entropy"].tolist() == [0.81]


def test_a_marker_may_be_called_row():
    frame = pd.DataFrame({"participant_id": ["A"], "visit": ["v"], "row": ["x"]})
    assert check_table(frame, "markers").rejected.shape == (1, 5)


def test_a_table_without_markers():
    check = check_table(pd.DataFrame({"participant_id": ["A"], "visit": ["v"]}), "markers")
    assert check.sentences() == (
        "table markers, row 1: The file has no column beside participant_id and visit; each marker "
        "is a column of its own.",
    )
