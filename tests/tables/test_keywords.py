"""Keywords of a check: numbers as words, and one sentence for what cannot be meant."""

import pandas as pd
import pytest

from ketbio.errors import SchemaError
from ketbio.tables import check_large_table, check_table, render_checks


def ratings(**columns):
    return pd.DataFrame(
        {"participant_id": ["P01", "P02"], "visit": ["0", "14"], "madrs_total": [30, 12], **columns}
    )


def test_words_may_be_given_as_numbers():
    frame = ratings(madrs_total=[30, 99])
    check = check_table(frame, "madrs", visits=[0, 14.0], missing=[99], participants=["P01", "P02"])
    assert "known_visit" not in set(check.complaints["rule"])
    assert "range" not in set(check.complaints["rule"])


def test_codes_of_values_may_be_given_as_numbers():
    frame = pd.DataFrame({"participant_id": ["P01", "P02"], "sex": [0, 1]})
    sexes = {"sex": {0: "male", 1.0: "female"}}
    check = check_table(frame, "participants", values=sexes)
    assert check.accepted["sex"].tolist() == ["male", "female"]


def test_participants_given_as_numbers_are_those_of_the_cells():
    frame = pd.DataFrame({"participant_id": [1, 2], "sex": ["male", "female"]})
    assert check_table(frame, "participants", participants=pd.Series([1.0, 2.0])).ok


@pytest.mark.parametrize(
    ("keywords", "said"),
    [
        ({"visits": "pre"}, r"visits is 'pre'; a list is wanted"),
        ({"visits": {"pre": 0}}, "visits is of the type dict; a list of words is wanted"),
        ({"participants": "P01"}, "participants is 'P01'; a list is wanted"),
        ({"participants": pd.DataFrame({"id": ["P01"]})}, "participants is of the type DataFrame"),
        ({"columns": ["participant_id"]}, "columns is of the type list; a mapping is wanted"),
        ({"constants": ["serum"]}, "constants is of the type list; a mapping is wanted"),
        ({"limits": ["LOD"]}, "limits is of the type list; a mapping is wanted"),
        ({"values": [("visit", {})]}, "values is of the type list; a mapping is wanted"),
        (
            {"values": {"visit": ["pre"]}},
            r"values\['visit'\] is of the type list; a mapping is wanted",
        ),
        ({"missing_in": ["99"]}, "missing_in is of the type list; a mapping is wanted"),
        ({"missing": 99}, "missing is of the type int; a list of words is wanted"),
        ({"windows": {"day_7": 14}, "baseline": "0"}, "the first and the last day are wanted"),
        ({"columns": {"visit": 3}}, "text is wanted on both sides"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(keywords, said, tmp_path):
    path = tmp_path / "a.csv"
    ratings().to_csv(path, index=False)
    for look in (check_table, check_large_table):
        with pytest.raises(SchemaError, match=said):
            look(path, "madrs", **keywords)


def test_no_words_may_be_said_as_none():
    nothing = dict.fromkeys(("missing", "ignore", "allow_identifiers", "limits", "missing_in"))
    nothing |= dict.fromkeys(("visits", "participants", "baseline", "windows", "columns", "values"))
    assert check_table(ratings(), "madrs", **nothing).ok


def test_an_index_with_a_name_is_said_to_be_left_out():
    check = check_table(ratings().set_index("participant_id"), "madrs")
    assert any("reset_index()" in note for note in check.notes)
    assert not any("reset_index()" in note for note in check_table(ratings(), "madrs").notes)


def test_one_check_is_rendered_as_a_list_of_one_is():
    check = check_table(ratings(), "madrs")
    assert render_checks(check) == render_checks([check])


def test_a_column_that_may_be_the_safety_item_is_warned_of_before_it_is_mapped():
    check = check_table(ratings(MADRS10=[1, 6]), "madrs")
    unseen = check.complaints[check.complaints["rule"] == "safety_unseen"]
    assert unseen["column"].tolist() == ["MADRS10"]
    assert "safety check was not done" in unseen["message"].iloc[0]


def test_a_notebook_shows_unfolded_that_nobody_looked():
    shown = check_table(ratings(), "madrs")._repr_html_()
    assert "safety check could not be done" in shown.partition("<details>")[0]
