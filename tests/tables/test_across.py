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
        "'week_2'? Correct it, or recode it under values in the study file: values = { visit = "
        '{ "wek_2" = "week_2" } }.',
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


# -- one complaint per key -------------------------------------------------------------------
def table(schema: str, name: str, rows: list[dict[str, object]], **how: object):
    return check_table(pd.DataFrame(rows, dtype="str"), schema, table=name, **how)


def people(*ids: str, **columns: list[object]):
    return table("participants", "people", pd.DataFrame({"participant_id": ids, **columns}))


def rated(*keys: tuple[str, str], **columns: object):
    rows = [
        {"participant_id": who, "visit": visit, "madrs_total": 20, **columns} for who, visit in keys
    ]
    return table("madrs", "madrs", rows)


def test_an_unknown_participant_is_one_complaint_with_every_row():
    ratings = rated(("P1", "a"), ("P02", "a"), ("P1", "b"), ("P1", "c"))
    across = check_across({"people": people("P01", "P02"), "madrs": ratings})["madrs"]
    assert across.sentences("error") == (
        "table madrs, row 2: participant_id in rows 2, 4 and 5 is 'P1', who is not in the "
        "participants table. Did you mean 'P01'? Correct it, or add the participant there.",
    )
    assert across.found[0].positions == (0, 2, 3)
    assert across.rejected["row"].tolist() == [2, 4, 5]


def test_a_thousand_rows_of_an_unknown_participant_and_visit_are_two_complaints():
    ratings = rated(*(("P09", f"v{n}") for n in range(1000)))
    across = check_across({"people": people("P01"), "madrs": ratings}, visits=["a"])["madrs"]
    told = across.complaints.query("rule == 'known_participant'")["message"].tolist()
    assert [one.split(" is ")[0] for one in told] == ["participant_id in rows 2, 3, 4 and 997 more"]
    levels = [{"participant_id": "P01", "visit": "wek", "x": n} for n in range(1000)]
    imaging = table("markers", "imaging", levels)
    across = check_across({"people": people("P01"), "imaging": imaging}, visits=["a"])["imaging"]
    assert across.complaints["rule"].value_counts()["known_visit"] == 1
    assert len(across.rejected) == 1000


def test_ids_that_a_whole_table_writes_otherwise_are_one_complaint():
    study = {
        "people": people(*(str(n) for n in range(1, 14))),
        "madrs": rated(*((f"P{n:02}", visit) for n in range(1, 14) for visit in ("a", "b"))),
    }
    across = check_across(study)
    assert across["madrs"].sentences() == (
        "table madrs, row 2: participant_id in rows 2, 3, 4 and 23 more: 13 of 13 ids are not in "
        "the participants table: here 'P01', there '1'. Write them in one way in both, or see "
        "whether both tables are of this study.",
    )
    assert not len(across["madrs"].accepted)
    # Who is rated cannot be told, so that nobody is said to lack a rating.
    assert not across["people"].sentences()


def test_half_of_the_ids_unknown_are_told_together_and_fewer_one_by_one():
    known = people("1", "2", "3", "4")
    ids = ["1", "2", "3", "X1", "X2", "X3"]
    half = check_across({"people": known, "madrs": rated(*((who, "a") for who in ids))})
    assert [one.positions for one in half["madrs"].found] == [(3, 4, 5)]
    fewer = check_across({"people": known, "madrs": rated(*((who, "a") for who in ids[:-1]))})
    assert [one.positions for one in fewer["madrs"].found] == [(3,), (4,)]
    assert "rated" in set(fewer["people"].complaints["rule"])


def test_zeros_lost_in_many_ids_are_one_complaint():
    study = {
        "people": people(*(f"{n:03}" for n in range(1, 11)), "120"),
        "madrs": rated(*((str(n), "a") for n in (1, 2, 3)), ("120", "a"), ("X9", "a")),
    }
    across = check_across(study)["madrs"]
    assert across.sentences() == (
        "table madrs, row 2: participant_id in rows 2, 3 and 4: 3 ids are those of the "
        "participants table but for leading zeros: here '1', there '001'. Write them with their "
        "zeros, in a column formatted as text.",
        "table madrs, row 6: participant_id is 'X9', who is not in the participants table. "
        "Correct it, or add the participant there.",
    )
    assert across.accepted_rows.tolist() == [5]


def test_look_alikes_are_suggested_and_never_matched():
    across = check_across({"people": people("P01", "P02"), "madrs": rated(("PO1", "a"))})
    assert across["madrs"].sentences("error") == (
        "table madrs, row 2: participant_id is 'PO1', who is not in the participants table. Did "
        "you mean 'P01' (O and 0, I, l and 1 look alike)? Correct it, or add the participant "
        "there.",
    )
    assert not len(across["madrs"].accepted)


def test_of_two_known_codes_that_a_word_may_be_both_are_suggested():
    across = check_across({"people": people("P01", "P001"), "madrs": rated(("p1", "a"))})
    assert "Did you mean 'P001' or 'P01'?" in across["madrs"].sentences("error")[0]


def test_without_a_participants_table_spellings_of_two_tables_are_a_warning():
    imaging = table("markers", "imaging", [{"participant_id": "p1", "visit": "a", "x": 1}])
    across = check_across({"madrs": rated(("P01", "a"), ("P02", "a")), "imaging": imaging})
    assert across["madrs"].sentences() == ()
    assert across["imaging"].ok
    assert across["imaging"].sentences() == (
        "table imaging, row 2: participant_id is 'p1', which no other table has. Did you mean "
        "'P01'? Another table does; write one code for one participant.",
    )


# -- attributes ------------------------------------------------------------------------------
def with_attributes(rows: list[dict[str, object]]):
    extend = {
        "columns": {
            "sex": {"meaning": "sex", "type": "text"},
            "site": {"meaning": "study site", "type": "text"},
        }
    }
    return table("madrs", "madrs", rows, extend=extend)


def test_an_attribute_that_differs_between_tables_names_both():
    rows = [
        {"participant_id": who, "visit": visit, "madrs_total": 20, "sex": sex}
        for who, visit, sex in (("P01", "a", "male"), ("P02", "a", "male"), ("P02", "b", "male"))
    ]
    known = people("P01", "P02", sex=["male", "female"])
    across = check_across({"people": known, "madrs": with_attributes(rows)})
    assert across["madrs"].sentences() == (
        "table madrs, row 3: sex in rows 3 and 4 is 'male', but 'female' in table people, row 3, "
        "for participant P02, who has one sex. Correct the one that is wrong.",
    )
    assert across["madrs"].accepted_rows.tolist() == [2]
    assert across["people"].ok


def test_a_site_that_changes_within_a_participant_is_an_error():
    rows = [
        {"participant_id": "P01", "visit": visit, "madrs_total": 20, "site": site}
        for visit, site in (("a", "S1"), ("b", "s1"), ("c", "S2"), ("d", ""))
    ]
    across = check_across({"madrs": with_attributes(rows)})["madrs"]
    assert across.complaints[["row", "rule"]].to_numpy().tolist() == [[4, "same_attribute"]]


def test_the_site_of_a_blot_is_no_study_site():
    band = {"participant_id": "P01", "visit": "a", "gel_id": "G", "lane": "1", "intensity": 9}
    blots = [
        {**band, "target": "mTOR", "form": "phospho", "site": "S2448"},
        {**band, "target": "mTOR", "form": "total"},
    ]
    known = people("P01", site=["S1"])
    across = check_across({"people": known, "blots": table("blots", "blots", blots)})
    assert not across["blots"].sentences()


# -- days ------------------------------------------------------------------------------------
def sampled(day: str):
    rows = [
        {"participant_id": "P01", "visit": "a", "specimen": "serum", "bdnf_ng_ml": n,
         "replicate": n, "sample_date": day}
        for n in (20, 21)
    ]  # fmt: skip
    return table("bdnf", "levels", rows)


def test_a_sample_far_from_its_rating_is_one_warning():
    tables = {"madrs": rated(("P01", "a"), rating_date="2026-01-10"), "bdnf": sampled("2026-01-14")}
    across = check_across(tables)
    assert across["bdnf"].ok
    assert across["bdnf"].sentences() == (
        "table levels, row 2: sample_date in rows 2 and 3 is 2026-01-14, the rating of participant "
        "P01 at a is of 2026-01-10 (madrs): more than 3 days apart for one visit. Check both; the "
        "rows are kept.",
    )
    near = check_across({**tables, "bdnf": sampled("2026-01-13")})
    assert not near["bdnf"].sentences()
    undated = check_across({**tables, "madrs": rated(("P01", "a"))})
    assert not undated["bdnf"].sentences()


# -- participants without a rating -----------------------------------------------------------
def test_a_participant_without_any_rating_is_a_warning():
    across = check_across({"people": people("P01", "P02"), "madrs": rated(("P01", "a"))})
    assert across["people"].ok
    assert across["people"].sentences() == (
        "table people, row 3: Participant P02 has no rating in madrs; add it, or leave it so if "
        "there was none.",
    )


def test_who_is_rated_under_another_spelling_is_told_once_and_there():
    across = check_across(
        {"people": people("P01", "P02"), "madrs": rated(("P1", "a"), ("P02", "a"))}
    )
    assert not across["people"].sentences()


def test_a_rejected_rating_is_a_rating():
    ratings = table("madrs", "madrs", [{"participant_id": "P01", "visit": "a", "madrs_total": 99}])
    assert not check_across({"people": people("P01"), "madrs": ratings})["people"].sentences()
