import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.endpoints import derive_change, derive_column
from ketbio.errors import TableError

VISITS = {"baseline": "before", "endpoint": "after"}


def marker_table(before, after):
    """Two visits of one marker; keys are participants."""
    rows = [(one, "before", value) for one, value in before.items()]
    rows += [(one, "after", value) for one, value in after.items()]
    table = pd.DataFrame(rows, columns=["participant_id", "visit", "entropy"])
    return derive_column(table, column="entropy", unit="nats")


def test_change_is_post_minus_baseline_paired_by_participant():
    endpoints = marker_table({"P01": 1.0, "P02": 5.0}, {"P02": 4.0, "P01": 3.0})
    change = derive_change(endpoints, **VISITS).set_index("participant_id")["change"]
    assert change.to_dict() == {"P01": 2.0, "P02": -1.0}


@pytest.mark.parametrize(
    ("method", "expected", "unit"),
    [
        ("difference", -10.0, "nats"),
        ("percent", -25.0, "%"),
        ("log_ratio", math.log(0.75), "log ratio"),
    ],
)
def test_change_by_hand(method, expected, unit):
    change = derive_change(marker_table({"P": 40.0}, {"P": 30.0}), method=method, **VISITS)
    assert change["change"].iloc[0] == pytest.approx(expected, rel=1e-14)
    assert change["unit"].iloc[0] == unit


def test_missing_visit_is_a_row_with_a_reason():
    change = derive_change(marker_table({"P01": 1.0, "P02": 2.0}, {"P01": 3.0}), **VISITS)
    row = change.set_index("participant_id").loc["P02"]
    assert pd.isna(row["change"])
    assert row["reason"] == "no value at after"


def test_expected_participant_without_any_row_is_named():
    change = derive_change(
        marker_table({"P01": 1.0}, {"P01": 3.0}), participants=["P01", "P09"], **VISITS
    )
    assert change.set_index("participant_id").loc["P09", "reason"] == (
        "no value at before or after"
    )


def test_percent_of_zero_is_a_reason_not_an_infinity():
    change = derive_change(marker_table({"P": 0.0}, {"P": 3.0}), method="percent", **VISITS)
    assert pd.isna(change["change"].iloc[0])
    assert change["reason"].iloc[0] == "a percent change cannot be formed from 0 and 3"


def test_participant_twice_at_a_visit_is_refused():
    endpoints = marker_table({"P01": 1.0}, {"P01": 3.0})
    with pytest.raises(TableError, match="share participant, visit and marker"):
        derive_change(pd.concat([endpoints, endpoints]), **VISITS)


@pytest.mark.parametrize("column", ["unit", "scale"])
def test_values_that_are_not_measured_alike_are_refused(column):
    mixed = marker_table({"P01": 1.0}, {"P01": 3.0}).assign(**{column: ["bits", "nats"]})
    with pytest.raises(TableError, match=f"the {column}s of entropy differ: 'bits' and 'nats'"):
        derive_change(mixed, **VISITS)


def test_unknown_visit_is_refused_with_the_visits_there():
    with pytest.raises(TableError, match="endpoint is 'aftr'; allowed: 'before', 'after'"):
        derive_change(marker_table({"P": 1.0}, {"P": 2.0}), baseline="before", endpoint="aftr")


@given(st.permutations(range(6)))
def test_row_order_changes_nothing(order):
    endpoints = marker_table(
        {"P01": 1.0, "P02": 2.5, "P03": 4.0}, {"P01": 3.0, "P02": 2.0, "P03": 9.0}
    )
    shuffled = derive_change(endpoints.iloc[list(order)], **VISITS)
    assert shuffled.set_index("participant_id")["change"].to_dict() == {
        "P01": 2.0,
        "P02": -0.5,
        "P03": 5.0,
    }


def test_difference_is_that_of_the_numbers_as_written():
    before = {"P1": 0.1, "P2": 0.2, "P3": 1.1}
    after = {"P1": 0.3, "P2": 0.4, "P3": 1.3}
    change = derive_change(marker_table(before, after), **VISITS)["change"]
    assert change.tolist() == [0.2, 0.2, 0.2]
