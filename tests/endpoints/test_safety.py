import pandas as pd
import pytest

from ketbio.endpoints import derive_safety_flags
from ketbio.errors import TableError

VISITS = ["before", "after"]


def ratings(*rows):
    return pd.DataFrame(rows, columns=["participant_id", "visit", "suicidal_thoughts"])


def test_high_or_risen_is_flagged_and_every_rating_kept():
    table = derive_safety_flags(
        ratings(
            ("P01", "before", 3), ("P01", "after", 6), ("P02", "before", 4), ("P03", "before", 1)
        ),
        visits=VISITS,
    )
    assert table["is_flagged"].tolist() == [False, True, True, False]
    assert table["previous"].iloc[1] == 3
    assert "up from 3 at before" in table["message"].iloc[1]
    assert table["message"].iloc[3] == ""


def test_rise_of_one_below_four_is_not_flagged():
    table = derive_safety_flags(ratings(("P01", "before", 1), ("P01", "after", 2)), visits=VISITS)
    assert not table["is_flagged"].any()


def test_order_of_visits_is_the_studys_not_the_rows():
    table = derive_safety_flags(ratings(("P01", "after", 3), ("P01", "before", 1)), visits=VISITS)
    assert table["is_flagged"].tolist() == [True, False]


def test_item_not_rated_is_kept_and_not_flagged():
    table = derive_safety_flags(ratings(("P01", "before", None)), visits=VISITS)
    assert table["is_flagged"].tolist() == [False]
    assert table["score"].isna().all()


def test_ratings_without_the_item_are_refused():
    with pytest.raises(TableError, match="no column 'suicidal_thoughts'"):
        derive_safety_flags(pd.DataFrame({"participant_id": ["P"], "visit": ["v"]}))


def test_an_item_of_few_points_has_an_alarm_of_its_own():
    ratings = pd.DataFrame(
        {"participant_id": ["P01", "P01"], "visit": ["a", "b"], "better_dead": [0.0, 1.0]}
    )
    flags = derive_safety_flags(ratings, item="better_dead")
    assert not flags["is_flagged"].any()
    flags = derive_safety_flags(ratings, item="better_dead", at=2, rise=1)
    assert flags["is_flagged"].tolist() == [False, True]
    assert "up from 0 at a (a rise of 1 or more)" in flags["message"].iloc[1]
