"""Names of visits: near misses are suggested, none is renamed in silence."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.tables import check_table
from ketbio.tables.visit_words import nearest_visit

ORDER = ("baseline", "hour_24", "day_7", "day_14")


@pytest.mark.parametrize(
    ("word", "visit"),
    [
        ("Baseline", "baseline"), ("base line", "baseline"), ("BL", "baseline"),
        ("D0", "baseline"), ("V1", "baseline"), ("Day14", "day_14"), ("D14", "day_14"),
        ("Tag 14", "day_14"), ("día 14", "day_14"), ("week 2", "day_14"), ("W1", "day_7"),
        ("24h", "hour_24"), ("D1", "hour_24"), ("V2", "hour_24"), ("Visit 4", "day_14"),
        ("day 15", ""), ("V5", ""), ("week 3", ""), ("follow-up", ""), ("14", ""),
    ],
)  # fmt: skip
def test_what_a_visit_seems_to_be(word, visit):
    assert nearest_visit(word, ORDER) == visit


def test_a_numbered_visit_is_no_place_in_the_order_where_visits_have_numbers():
    assert nearest_visit("V3", ("visit_1", "visit_3", "visit_5")) == "visit_3"
    assert nearest_visit("V2", ("visit_1", "visit_3")) == ""


@given(st.text(max_size=12))
def test_a_suggestion_is_a_visit_of_the_study(word):
    assert nearest_visit(word, ORDER) in ("", *ORDER)


@given(st.sampled_from(ORDER))
def test_a_visit_is_nearest_to_itself(visit):
    assert nearest_visit(visit, ORDER) == visit


def test_a_spelling_is_told_once_and_its_rows_kept_out():
    ratings = pd.DataFrame(
        {
            "participant_id": [f"P{n:02}" for n in range(7)],
            "visit": [*["D14"] * 6, "day_14"],
            "madrs_total": 20,
        }
    )
    check = check_table(ratings, "madrs", visits=ORDER)
    assert check.sentences() == (
        "table madrs, row 2: visit is 'D14'; allowed: 'baseline', 'hour_24', 'day_7', 'day_14'. "
        "Did you mean 'day_14'? Correct it, or recode it under values in the study file: values = "
        '{ visit = { "D14" = "day_14" } }. This holds for 6 cells (rows 2, 3, 4 and 3 more).',
    )
    assert len(check.rejected) == 6
    assert check_table(
        ratings, "madrs", visits=ORDER, values={"visit": {"D14": "day_14"}}
    ).accepted["visit"].unique().tolist() == ["day_14"]
