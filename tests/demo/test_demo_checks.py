"""The shipped tables through the checks: nothing is rejected, and each fault is told as meant."""

from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from ketbio.endpoints import derive_band_ratio, derive_scale_total
from ketbio.study import check_study, read_study
from ketbio.tables import Check


@pytest.fixture(scope="module")
def demo_checks() -> dict[str, Check]:
    study = read_study(Path(str(files("ketbio.demo"))) / "study.toml")
    return dict(check_study(study))


def complaint_places(checks: dict[str, Check], severity: str) -> list[tuple[str, str, str]]:
    complaints = pd.concat([check.complaints for check in checks.values()])
    chosen = complaints[complaints["severity"] == severity]
    columns = ["table", "participant_id", "visit"]
    return sorted(map(tuple, chosen[columns].to_numpy().tolist()))


def test_nothing_is_rejected(demo_checks):
    assert complaint_places(demo_checks, "error") == []
    assert all(check.ok and len(check.rejected) == 0 for check in demo_checks.values())
    counted = {name: len(check.accepted) for name, check in demo_checks.items()}
    assert counted == {"participants": 13, "madrs": 75, "blots": 450, "elisa": 162, "imaging": 23}


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


def test_only_the_wells_without_anything_in_them_are_left_out(demo_checks):
    notes = demo_checks["elisa"].notes
    assert [note.partition(" wells")[0] for note in notes if "with a reading" in note] == [
        "Plate PL1: 10",
        "Plate PL2: 20",
    ]
    assert "450 nm read as absorbance, 620 nm as its reference." in notes


def test_the_masked_well_has_its_reason(demo_checks):
    wells = demo_checks["elisa"].accepted
    masked = wells[wells["is_masked"]]
    names = ["plate_id", "participant_id", "visit", "specimen", "mask_reason"]
    assert masked[names].to_numpy().tolist() == [["PL2", "K10", "day_14", "plasma", "air bubble"]]
