"""Lanes as replicates: one row per lane, or per pair of lanes where two conditions are compared."""

import pandas as pd
import pytest

from ketbio.analyses.laboratory.gels import summarise_gels
from ketbio.analyses.laboratory.lane_replicates import lane_replicates
from ketbio.result import Results


def gels() -> Results:
    """Return a gel of one participant: two lanes basal (0.5, 0.4), two insulin (1, 2)."""
    rows = []
    for lane, (condition, phospho) in enumerate(
        [("basal", 50.0), ("basal", 40.0), ("insulin", 100.0), ("insulin", 200.0)], start=1
    ):
        for form, site, intensity in (("phospho", "S2448", phospho), ("total", None, 100.0)):
            rows.append(
                {
                    "participant_id": "P01", "visit": "baseline", "gel_id": "G1",
                    "lane": str(lane), "condition": condition, "target": "mTOR", "form": form,
                    "site": site, "intensity": intensity,
                }
            )  # fmt: skip
    return summarise_gels(pd.DataFrame(rows), marker="p_mTOR_S2448")


def test_one_condition_has_a_row_per_lane() -> None:
    rows = lane_replicates(gels(), condition="basal")
    assert rows["value"].tolist() == pytest.approx([0.5, 0.4])
    assert set(rows["gel_id"]) == {"G1"}


def test_two_conditions_have_a_row_per_pair_of_lanes() -> None:
    rows = lane_replicates(gels(), condition="insulin/basal")
    assert rows["value"].tolist() == pytest.approx([2.0, 5.0])


def test_without_a_condition_every_lane_has_a_row() -> None:
    assert len(lane_replicates(gels())) == 4
