import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.endpoints import derive_scale_total
from ketbio.errors import TableError
from ketbio.vocabulary import ENDPOINT_COLUMNS, MADRS_ITEMS

NAN = float("nan")


def rating(scores, total=None, visit="baseline"):
    row = {"participant_id": "P01", "visit": visit, **dict(zip(MADRS_ITEMS, scores, strict=True))}
    return row if total is None else row | {"madrs_total": total}


def derive_one(scores, total=None):
    return derive_scale_total(pd.DataFrame([rating(scores, total)])).iloc[0]


def test_total_is_the_sum_of_ten_items():
    row = derive_one([1, 2, 3, 4, 5, 6, 0, 1, 2, 3])
    assert (row["value"], row["unit"], row["note"], row["reason"]) == (27, "points", "", "")


@pytest.mark.parametrize(
    ("scores", "value", "note"),
    [
        ([3.0] * 9 + [NAN], 30.0, "prorated to 30.0 from 9 of 10 items"),
        ([2.0] * 4 + [3.0] * 4 + [NAN] * 2, 25.0, "prorated to 25.0 from 8 of 10 items"),
    ],
)
def test_up_to_two_missing_items_are_prorated_and_said_to_be(scores, value, note):
    row = derive_one(scores)
    assert (row["value"], row["note"]) == (value, note)


def test_three_missing_items_give_no_total_and_a_reason():
    row = derive_one([3.0] * 7 + [NAN] * 3)
    assert pd.isna(row["value"])
    assert row["reason"] == "3 items of 10 missing; at most 2 can be prorated"


def test_total_as_written_stands_where_items_are_missing():
    assert derive_one([3.0] * 7 + [NAN] * 3, total=24.0)["value"] == 24


def test_neither_items_nor_total_is_a_reason_not_a_zero():
    row = derive_one([NAN] * 10)
    assert pd.isna(row["value"])
    assert row["reason"] == "neither items nor total recorded"


def test_totals_alone_are_enough():
    table = pd.DataFrame({"participant_id": ["P01"], "visit": ["v"], "madrs_total": [38.0]})
    assert list(derive_scale_total(table)["value"]) == [38]


def test_table_without_items_or_total_is_refused():
    table = pd.DataFrame({"participant_id": ["P01"], "visit": ["v"]})
    with pytest.raises(TableError, match="neither the items of the MADRS nor 'madrs_total'"):
        derive_scale_total(table)


def test_unknown_scale_is_refused_with_a_suggestion():
    with pytest.raises(
        TableError, match=r"scale is 'MADR'; allowed: 'MADRS'.* Did you mean 'MADRS'"
    ):
        derive_scale_total(pd.DataFrame(), scale="MADR")


def test_table_given_is_not_touched():
    table = pd.DataFrame([rating([1] * 10)])
    before = table.copy()
    result = derive_scale_total(table)
    pd.testing.assert_frame_equal(table, before)
    assert tuple(result.columns) == ENDPOINT_COLUMNS


@given(
    scores=st.lists(st.integers(0, 6), min_size=10, max_size=10),
    gone=st.sets(st.integers(0, 9), max_size=2),
)
def test_prorated_total_stays_on_the_scale_and_near_the_full_one(scores, gone):
    kept = [NAN if place in gone else float(score) for place, score in enumerate(scores)]
    value = derive_one(kept)["value"]
    assert 0 <= value <= 60
    assert abs(value - sum(scores)) <= 6 * len(gone) + 1e-9


@pytest.mark.parametrize(("column", "score"), [("lassitude", 7), ("madrs_total", 99)])
def test_score_that_the_scale_lacks_is_refused(column, score):
    table = pd.DataFrame([rating([1.0] * 10, total=10.0)])
    table.loc[0, column] = score
    with pytest.raises(TableError, match=f"{column} is {score} for P01 at baseline"):
        derive_scale_total(table)
