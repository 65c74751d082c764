import pandas as pd
import pytest

from ketbio.endpoints import (
    derive_column,
    derive_flow,
    derive_per_participant,
    derive_response,
    derive_scale_total,
)
from ketbio.errors import TableError


def imaging(**options):
    table = pd.DataFrame(
        {
            "participant_id": ["P01", "P01", "P02"],
            "visit": ["before", "after", "before"],
            "entropy": [1.0, 2.0, 3.0],
        }
    )
    return derive_column(table, column="entropy", **options)


def test_one_row_per_participant_with_gaps_kept():
    wide = derive_per_participant(imaging())
    assert list(wide.columns) == ["participant_id", "entropy@before", "entropy@after"]
    assert wide.loc[0].tolist() == ["P01", 1.0, 2.0]
    assert pd.isna(wide.loc[1, "entropy@after"])


def test_column_must_be_numbers():
    table = pd.DataFrame({"participant_id": ["P"], "visit": ["v"], "note": ["low"]})
    with pytest.raises(TableError, match=r"column 'note' holds .*, not numbers"):
        derive_column(table, column="note")


def test_missing_value_in_a_column_has_a_reason():
    table = pd.DataFrame({"participant_id": ["P"], "visit": ["v"], "x": [float("nan")]})
    assert derive_column(table, column="x")["reason"].tolist() == ["no value recorded"]


def test_flow_counts_everyone_and_names_the_lost():
    flow = derive_flow(
        imaging(), participants=["P01", "P02", "P03"], baseline="before", endpoint="after",
        markers=["entropy"],
    )  # fmt: skip
    assert flow["n"].tolist() == [3, 1]
    assert flow["reasons"].iloc[1] == ("P02: no value at after; P03: no value at before or after")
    assert flow["stage"].tolist() == ["enrolled", "analysed"]
    assert flow["n_per_group"].tolist() == ["", ""]


def test_flow_counts_the_groups_of_those_left_from_the_endpoint_on():
    totals = derive_scale_total(
        pd.DataFrame(
            {
                "participant_id": ["P01", "P02", "P03", "P04"] * 2,
                "visit": ["before"] * 4 + ["after"] * 4,
                "madrs_total": [40.0, 30.0, 36.0, 38.0, 10.0, 28.0, 12.0, None],
            }
        )
    )
    markers = imaging()
    visits = {"baseline": "before", "endpoint": "after"}
    flow = derive_flow(
        pd.concat([totals, markers]), participants=["P01", "P02", "P03", "P04"], **visits,
        markers=["entropy"], response=derive_response(totals, **visits),
    )  # fmt: skip
    # P01 and P03 respond, P02 does not, P04 did not come; entropy only of P01 at both visits
    assert flow["n"].tolist() == [4, 4, 3, 1]
    assert flow["n_per_group"].tolist() == [
        "",
        "",
        "responder 2; non-responder 1",
        "responder 1; non-responder 0",
    ]
