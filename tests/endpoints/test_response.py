import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.endpoints import derive_response, derive_scale_total
from ketbio.errors import TableError

VISITS = {"baseline": "before", "endpoint": "after"}


def respond(before, after, **options):
    rows = [(f"P{i:02}", "before", value) for i, value in enumerate(before, 1)]
    rows += [(f"P{i:02}", "after", value) for i, value in enumerate(after, 1) if value is not None]
    table = pd.DataFrame(rows, columns=["participant_id", "visit", "madrs_total"])
    return derive_response(
        derive_scale_total(table.astype({"madrs_total": float})), **VISITS, **options
    )


def test_response_at_exactly_half_and_just_short_of_it():
    response = respond([38, 38, 33], [19, 20, 17])
    assert list(response["response"]) == ["responder", "non-responder", "non-responder"]
    assert list(response["percent_reduction"].round(2)) == [50.0, 47.37, 48.48]


def test_remission_is_at_or_below_ten_by_default_and_twelve_on_request():
    assert list(respond([40, 40], [10, 11])["is_remitter"]) == [True, False]
    assert list(respond([40, 40], [12, 13], remission_at_or_below=12)["is_remitter"]) == [
        True,
        False,
    ]


def test_missing_endpoint_is_no_response_value():
    row = respond([40, 40], [10, None]).iloc[1]
    assert (row["response"], row["reason"]) == ("", "no MADRS at after")
    assert pd.isna(row["is_responder"])
    assert pd.isna(row["is_remitter"])


def test_missing_endpoint_counts_as_non_response_only_when_asked():
    row = respond([40, 40], [10, None], missing="non_responder").iloc[1]
    assert row["response"] == "non-responder"
    assert row["note"] == "no MADRS at after: counted as non-responder, as the plan says"


def test_reduction_counts_from_the_floor_of_the_scale():
    table = pd.DataFrame(
        {"participant_id": ["P", "P"], "visit": ["before", "after"], "cdrsr_total": [57.0, 37.0]}
    )
    totals = derive_scale_total(table, scale="CDRS-R")
    row = derive_response(totals, scale="CDRS-R", **VISITS).iloc[0]
    assert row["percent_reduction"] == 50.0  # 100·(57 − 37)/(57 − 17)
    assert row["response"] == "responder"


def test_baseline_at_the_floor_has_no_percent():
    row = respond([0, 30], [0, 10]).iloc[0]
    assert row["response"] == ""
    assert "floor of the MADRS" in row["reason"]


@pytest.mark.parametrize("percent", [0, -5, 101])
def test_impossible_percent_is_refused(percent):
    with pytest.raises(TableError, match="more than 0 and at most 100 is allowed"):
        respond([40], [10], reduction_percent=percent)


@given(before=st.integers(1, 60), after=st.integers(0, 60), percent=st.integers(1, 100))
def test_response_agrees_with_whole_number_arithmetic(before, after, percent):
    response = respond([before], [after], reduction_percent=percent)["is_responder"].iloc[0]
    assert response == (100 * (before - after) >= percent * before)
