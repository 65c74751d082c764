"""The shipped tables through the checks: nothing is rejected, and each fault is told as meant."""

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from ketbio.endpoints import derive_band_ratio, derive_concentration, derive_scale_total
from ketbio.tables import Check, check_across, check_table

VISITS = ("baseline", "day_1", "day_4", "day_7", "day_11", "day_14")
SCHEMAS = {
    "participants": "participants",
    "madrs": "madrs",
    "blots": "blots",
    "bdnf": "bdnf",
    "imaging": "markers",
}


@pytest.fixture(scope="module")
def demo_checks() -> dict[str, Check]:
    folder = Path(str(files("ketbio.demo")))
    checks = {
        name: check_table(folder / f"simulated_{name}.csv", schema, visits=VISITS)
        for name, schema in SCHEMAS.items()
    }
    return check_across(checks, visits=VISITS)


def complaint_places(checks: dict[str, Check], severity: str) -> list[tuple[str, str, str]]:
    complaints = pd.concat([check.complaints for check in checks.values()])
    chosen = complaints[complaints["severity"] == severity]
    columns = ["table", "participant_id", "visit"]
    return sorted(map(tuple, chosen[columns].to_numpy().tolist()))


def test_nothing_is_rejected(demo_checks):
    assert complaint_places(demo_checks, "error") == []
    assert all(check.ok and len(check.rejected) == 0 for check in demo_checks.values())
    counted = {name: len(check.accepted) for name, check in demo_checks.items()}
    assert counted == {"participants": 13, "madrs": 75, "blots": 400, "bdnf": 100, "imaging": 23}


def test_safety_complaints_are_the_high_baselines_and_the_one_rise(demo_checks):
    assert complaint_places(demo_checks, "safety") == [
        ("madrs", "K05", "baseline"),
        ("madrs", "K08", "baseline"),
        ("madrs", "K11", "baseline"),
        ("madrs", "K11", "day_7"),
        ("madrs", "K13", "baseline"),
    ]


def test_the_saturated_band_is_a_warning(demo_checks):
    assert ("blots", "K08", "day_14") in complaint_places(demo_checks, "warning")


def test_a_saturated_lane_leaves_its_replicate(demo_checks):
    ratios = derive_band_ratio(
        demo_checks["blots"].accepted,
        marker="p_GSK3B_S9",
        form="phospho/total",
        condition="insulin/basal",
        scale="log2",
    ).set_index(["participant_id", "visit"])
    assert len(ratios) == 20
    assert ratios["value"].notna().all()
    assert "saturated" in ratios.loc[("K08", "day_14"), "note"]


def test_the_total_of_nine_items_is_prorated(demo_checks):
    totals = derive_scale_total(demo_checks["madrs"].accepted, scale="MADRS")
    rating = totals.set_index(["participant_id", "visit"]).loc[("K06", "day_4")]
    assert rating["value"] == pytest.approx(31 * 10 / 9)
    assert "prorated" in rating["note"]


def test_the_level_below_the_limit_is_censored(demo_checks):
    levels = derive_concentration(
        demo_checks["bdnf"].accepted, marker="BDNF_plasma", specimen="plasma", scale="raw"
    ).set_index(["participant_id", "visit"])
    level = levels.loc[("K04", "day_14")]
    assert (level["censored"], level["limit"], pd.isna(level["value"])) == ("left", 0.1, True)
    assert levels["censored"].eq("left").sum() == 1
