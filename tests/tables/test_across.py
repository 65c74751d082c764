"""Tables of a study held against each other."""

import pandas as pd

from ketbio.tables import check_across, check_table

PEOPLE = pd.DataFrame({"participant_id": ["P01", "P02"], "age_years": [15, 200]})
RATINGS = pd.DataFrame(
    {
        "Id": ["P01", "P02", "P03", "P01"],
        "visit": ["baseline", "baseline", "baseline", "wek_2"],
        "madrs_total": [30, 31, 32, 33],
    }
)


def checks(**how: object) -> dict:
    return {
        "people": check_table(PEOPLE, "participants"),
        "ratings": check_table(RATINGS, "madrs", columns={"participant_id": "Id"}, **how),
    }


def test_orphans_and_unknown_visits_move_to_the_rejected():
    before = checks()
    across = check_across(before, visits=["baseline", "week_2"])
    assert list(across) == ["people", "ratings"]
    assert across["ratings"].sentences() == (
        "table madrs, row 4: Id (participant_id) is 'P03', who is not in the participants table. "
        "Correct it, or add the participant there.",
        "table madrs, row 5: visit is 'wek_2'; allowed: 'baseline', 'week_2'. Did you mean "
        "'week_2'? Correct it, or recode it under values in the study file.",
    )
    assert across["ratings"].accepted_rows.tolist() == [2, 3]
    assert across["ratings"].accepted["madrs_total"].tolist() == [30, 31]
    assert across["ratings"].rejected["row"].tolist() == [4, 5]
    assert before["ratings"].ok
    assert len(before["ratings"].accepted) == 4


def test_a_participant_whose_own_row_was_rejected_is_no_orphan():
    across = check_across(checks(), visits=["baseline", "wek_2"])
    assert across["people"].rejected["participant_id"].tolist() == ["P02"]
    assert "P02" in across["ratings"].accepted["participant_id"].tolist()


def test_what_was_said_before_is_not_said_again():
    known = {"visits": ["baseline"], "participants": ["P01", "P02"]}
    before = checks(**known)
    across = check_across(before, visits=["baseline"])
    assert across["ratings"].sentences() == before["ratings"].sentences()
    assert len(before["ratings"].sentences()) == 2


def test_without_a_participants_table_nobody_is_an_orphan():
    ratings = checks()["ratings"]
    assert check_across({"ratings": ratings})["ratings"].ok
