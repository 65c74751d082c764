"""From visit to visit: baselines, jumps, ratings copied or turned round."""

import pandas as pd
import pytest

from ketbio.tables import Check, check_table
from ketbio.vocabulary import MADRS_ITEMS

VISITS = ["screening", "baseline", "day_1", "day_14"]
STUDY = {"visits": VISITS, "baseline": "baseline"}


def totals(*lines: tuple[str, str, int | None], **study: object) -> Check:
    frame = pd.DataFrame(lines, columns=["participant_id", "visit", "madrs_total"])
    return check_table(frame, "madrs", **{**STUDY, **study})


def items(*lines: tuple[str, str, list[int]], **study: object) -> Check:
    rows = [
        {"participant_id": who, "visit": visit, **dict(zip(MADRS_ITEMS, scores, strict=True))}
        for who, visit, scores in lines
    ]
    return check_table(pd.DataFrame(rows), "madrs", **{"visits": VISITS, **study})


def said(check: Check, rule: str) -> list[str]:
    return check.complaints.loc[check.complaints["rule"] == rule, "message"].tolist()


# -- one baseline each -----------------------------------------------------------------------
def test_later_visits_without_a_baseline_are_one_warning_for_a_participant():
    check = totals(("P01", "day_1", 20), ("P01", "day_14", 15), ("P02", "baseline", 30))
    assert check.ok
    assert check.sentences() == (
        "table madrs, row 2: Participant P01 has no rating at baseline, only at day_1 (row 2) and "
        "day_14 (row 3): no change from baseline can be formed, and no day counted from it. Add "
        "the rating, or correct the visit; the rows are kept.",
    )


def test_a_screening_alone_asks_for_no_baseline():
    assert not totals(("P01", "screening", 20)).sentences()


def test_a_rejected_baseline_is_a_baseline():
    check = totals(("P01", "baseline", 99), ("P01", "day_1", 20))
    assert check.complaints["rule"].tolist() == ["range"]


def test_without_a_baseline_visit_named_nothing_is_asked():
    assert not totals(("P01", "day_14", 20), baseline="").sentences()


# -- jumps -----------------------------------------------------------------------------------
def test_a_jump_beyond_two_thirds_of_the_range_is_a_warning_that_names_both():
    check = totals(("P01", "baseline", 45), ("P01", "day_1", 4))
    assert check.ok
    assert said(check, "plausible_jump") == [
        "Participant P01: madrs_total is 4 at day_1 and 45 at baseline (row 2), a change of 41 "
        "points from one visit to the next, where more than 40.2 is not usual. Check both; the "
        "rows are kept."
    ]
    assert check.found[0].positions == (1, 0) or set(check.found[0].positions) == {0, 1}


@pytest.mark.parametrize(("first", "second"), [(45, 5), (5, 45), (30, 30)])
def test_what_is_no_jump(first, second):
    assert not totals(("P01", "baseline", first), ("P01", "day_1", second)).sentences()


def test_a_rise_is_a_jump_too_and_the_order_is_that_of_the_study():
    check = totals(("P01", "day_14", 50), ("P01", "day_1", 5), ("P01", "baseline", 30))
    assert check.complaints[["row", "rule"]].to_numpy().tolist() == [[2, "plausible_jump"]]


def test_a_total_that_is_impossible_makes_no_jump():
    check = totals(("P01", "baseline", 600), ("P01", "day_1", 5))
    assert check.complaints["rule"].tolist() == ["range"]


def test_a_wrong_total_is_no_jump_where_the_items_say_otherwise():
    other = dict(zip(MADRS_ITEMS, [3] * 9 + [1], strict=True))
    frame = pd.DataFrame({"participant_id": "P01", "visit": ["baseline", "day_1"]}).assign(**other)
    check = check_table(frame.assign(lassitude=[3, 4], madrs_total=[60, 29]), "madrs", **STUDY)
    assert check.complaints["rule"].tolist() == ["total_is_sum"]


def test_a_visit_rated_twice_is_compared_with_its_nearer_rating():
    check = totals(("P01", "baseline", 50), ("P01", "baseline", 20), ("P01", "day_1", 5))
    assert set(check.complaints["rule"]) == {"one_rating_per_visit"}


@pytest.mark.parametrize(
    ("schema", "total", "first", "second"),
    [("hamd17", "hamd17_total", 40, 5), ("cdrsr", "cdrsr_total", 90, 20)],
)
def test_other_scales_name_their_own_range(schema, total, first, second):
    frame = pd.DataFrame(
        {"participant_id": "P01", "visit": ["baseline", "day_1"], total: [first, second]}
    )
    check = check_table(frame, schema, visits=VISITS, baseline="baseline")
    assert check.ok
    assert check.complaints["rule"].tolist() == ["plausible_jump"]


# -- copies ----------------------------------------------------------------------------------
SEVERE = [4, 5, 3, 4, 2, 3, 4, 5, 3, 1]


def test_the_same_ten_items_at_two_visits_are_a_warning_that_names_both():
    check = items(("P01", "baseline", SEVERE), ("P02", "day_1", SEVERE), ("P01", "day_1", SEVERE))
    assert check.ok
    assert said(check, "copied_items") == [
        "Participant P01: all 10 items are the same at baseline (row 2) and day_1 (row 4), 34 "
        "points in sum. Check that no rating was copied forward; the rows are kept."
    ]


def test_low_ratings_are_the_same_by_themselves():
    mild = [1, 1, 1, 2, 1, 1, 1, 1, 1, 0]
    assert not items(("P01", "baseline", mild), ("P01", "day_1", mild)).sentences()


def test_one_rating_twice_at_a_visit_is_a_duplicate_and_no_copy():
    check = items(("P01", "baseline", SEVERE), ("P01", "baseline", SEVERE))
    assert set(check.complaints["rule"]) == {"one_rating_per_visit"}


def test_one_item_apart_is_no_copy():
    other = [*SEVERE[:9], 0]
    assert not items(("P01", "baseline", SEVERE), ("P01", "day_1", other)).sentences()


def test_items_turned_round_are_a_warning():
    turned = [6 - score for score in SEVERE]
    check = items(("P01", "baseline", SEVERE), ("P01", "day_1", turned))
    assert said(check, "reversed_items") == [
        "Participant P01: each item at day_1 is 6 minus that at baseline (row 2). Check that no "
        "rating was scored the wrong way round; the rows are kept."
    ]
    middle = [3] * 10
    halves = items(("P01", "baseline", middle), ("P01", "day_1", middle))
    assert not said(halves, "reversed_items")
