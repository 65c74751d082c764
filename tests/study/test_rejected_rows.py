"""Rejected rows under ``rejected_rows = "exclude"``: named where they are missed, never absent."""

import pandas as pd
import pytest

from ketbio.errors import StudyError
from ketbio.study import analyse_study, read_study

EXCLUDE = ("simulated = true", 'simulated = true\nrejected_rows = "exclude"')
BLOTS = "participant_id,visit,gel_id,lane,condition,target,form,site,intensity\n"
LEVELS = "participant_id,visit,specimen,replicate,bdnf_ng_ml\n"
TABLES = (
    "[markers.entropy]",
    '[tables.blots]\nfile = "blots.csv"\n\n[tables.bdnf]\nfile = "bdnf.csv"\n\n'
    '[markers.p_mTOR_S2448]\nfrom = "blots"\nform = "phospho/total"\ncondition = "basal"\n\n'
    '[markers.BDNF_serum]\nfrom = "bdnf"\nspecimen = "serum"\n\n[markers.entropy]',
)


def blots(**changed: str) -> str:
    """Return two lanes of P01 and one of P02 at baseline; ``changed`` is lane_form → the line."""
    lines = []
    for who, lane in (("P01", "1"), ("P01", "2"), ("P02", "3")):
        for form, site, value in (("phospho", "S2448", "400"), ("total", "", "200")):
            whole = f"{who},baseline,G1,{lane},basal,mTOR,{form},{site},{value}"
            lines.append(changed.get(f"{form}_{lane}", whole))
    return BLOTS + "\n".join(lines) + "\n"


def levels(*lines: str) -> str:
    usual = ["P01,baseline,serum,1,20", "P01,baseline,serum,2,22", "P02,baseline,serum,1,20"]
    return LEVELS + "\n".join(lines or usual) + "\n"


@pytest.fixture
def endpoints(study_folder):
    """Return a function: tables → the endpoints of one marker, by participant."""

    def derived(marker: str, plan: str = TABLES[1], **files: str) -> pd.DataFrame:
        path = study_folder(
            EXCLUDE, (TABLES[0], plan), **{"blots": blots(), "bdnf": levels(), **files}
        )
        run = analyse_study(read_study(path))
        found = run.endpoints[run.endpoints["marker"] == marker]
        return found.set_index("participant_id")

    return derived


def test_without_rejected_rows_nothing_is_said(endpoints):
    for marker in ("p_mTOR_S2448", "BDNF_serum"):
        found = endpoints(marker)
        assert "rejected" not in found["reason"].str.cat() + found["note"].str.cat()


def test_a_rejected_band_is_no_absent_lane(endpoints):
    bad = "P02,baseline,G1,3,basal,mTOR,total,,dark"
    found = endpoints("p_mTOR_S2448", blots=blots(total_3=bad)).loc["P02"]
    assert pd.isna(found["value"])
    assert found["reason"] == (
        "basal: total band rejected (gel G1 lane 3); rejected: blots.csv row 7"
    )


def test_a_rejected_condition_is_not_one_without_bands(endpoints):
    stimulated = TABLES[1].replace('condition = "basal"', 'condition = "insulin/basal"')
    insulin = [
        f"{who},baseline,G1,{lane},insulin,mTOR,{form},{site},{value}"
        for who, lane, value in (("P01", "4", "9"), ("P02", "5", "dark"))
        for form, site in (("phospho", "S2448"), ("total", ""))
    ]
    lines = blots() + "\n".join(insulin) + "\n"
    found = endpoints("p_mTOR_S2448", plan=stimulated, blots=lines).loc["P02"]
    assert found["reason"] == "insulin: bands rejected; rejected: blots.csv row 10 and 11"


def test_one_rejected_lane_of_two_is_left_out_by_name(endpoints):
    bad = "P01,baseline,G1,2,basal,mTOR,phospho,S2448,dark"
    found = endpoints("p_mTOR_S2448", blots=blots(phospho_2=bad)).loc["P01"]
    assert found["value"] == 1.0
    assert found["note"] == (
        "basal: 1 lane, left out: phospho band rejected (gel G1 lane 2); "
        "left out as rejected: blots.csv row 4"
    )


def test_a_band_below_its_background_is_kept_and_named(endpoints):
    low = "P01,baseline,G1,2,basal,mTOR,phospho,S2448,-5"
    found = endpoints("p_mTOR_S2448", blots=blots(phospho_2=low)).loc["P01"]
    assert found["value"] == 1.0
    assert found["note"] == (
        "basal: 1 lane, left out: phospho band not above background (gel G1 lane 2)"
    )


def test_a_rejected_loading_control_is_no_rejected_total(endpoints):
    bad = "P02,baseline,G1,3,basal,actin,loading,,x"
    found = endpoints("p_mTOR_S2448", blots=blots(total_3=bad)).loc["P02"]
    assert found["reason"] == "basal: total band absent (gel G1 lane 3)"


def test_a_misspelt_target_may_be_any(endpoints):
    bad = "P01,baseline,G1,2,basal,mTR,phospho,S2448,-5"
    found = endpoints("p_mTOR_S2448", blots=blots(phospho_2=bad)).loc["P01"]
    assert found["note"].endswith("left out as rejected: blots.csv row 4")


def test_rejected_levels_are_named_and_other_specimens_left_alone(endpoints):
    lines = ["P01,baseline,serum,1,20", "P01,baseline,serum,2,-1", "P02,baseline,serum,1,x",
             "P02,baseline,plasma,1,x", "P03,baseline,plasma,1,x"]  # fmt: skip
    found = endpoints("BDNF_serum", bdnf=levels(*lines))
    assert found.loc["P01", "note"] == "left out as rejected: bdnf.csv row 3"
    assert found.loc["P01", "value"] == 20
    assert found.loc["P02", "reason"] == "rejected: bdnf.csv row 4"
    assert "P03" not in found.index


def test_a_marker_of_which_every_row_was_rejected_says_so(endpoints):
    lines = ["P01,baseline,serum,1,x", "P02,baseline,plasma,1,0.3"]
    with pytest.raises(StudyError, match=r"specimen is 'serum'.* 1 row of bdnf.csv for it was rej"):
        endpoints("BDNF_serum", bdnf=levels(*lines))
