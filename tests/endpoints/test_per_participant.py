import pandas as pd
import pytest

from ketbio.endpoints import derive_column, derive_flow, derive_per_participant
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
