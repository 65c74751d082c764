"""The faults and labels of the shipped files, read as they are written."""

import tomllib

import pandas as pd
import pytest

from ketbio.demo.simulate import SHIPPED_FILES

VISITS = ["baseline", "day_1", "day_4", "day_7", "day_11", "day_14"]


def test_every_file_says_that_it_is_simulated(shipped_texts):
    study = tomllib.loads(shipped_texts["study.toml"])
    assert study["study"]["simulated"] is True
    assert study["study"]["description"].startswith("Simulated data; no participant is real.")
    assert "Simulated data; no participant is real." in shipped_texts["README.md"]
    assert all(name.startswith("simulated_") for name in SHIPPED_FILES if name.endswith(".csv"))


def test_study_file_names_every_table_and_visit(shipped_texts, shipped):
    study = tomllib.loads(shipped_texts["study.toml"])
    named = {table["file"] for table in study["tables"].values()}
    assert named == {name for name in SHIPPED_FILES if name.endswith(".csv")}
    assert study["visits"]["order"] == VISITS
    for table in (shipped.madrs, shipped.blots, shipped.bdnf, shipped.imaging):
        assert set(table["visit"]) <= set(VISITS)
        assert set(table["participant_id"]) <= set(shipped.participants["participant_id"])


def test_files_are_utf8_with_plain_line_ends(shipped_texts):
    for name, text in shipped_texts.items():
        assert "\r" not in text, name
        assert text.endswith("\n"), name


def test_planned_markers_are_defined(shipped_texts):
    study = tomllib.loads(shipped_texts["study.toml"])
    planned = {marker for analysis in study["analyses"] for marker in analysis["markers"]}
    assert planned - {"MADRS"} == set(study["markers"])


def test_missing_visits_and_ratings(shipped):
    present = set(zip(shipped.madrs["participant_id"], shipped.madrs["visit"], strict=True))
    planned = {(name, visit) for name in shipped.participants["participant_id"] for visit in VISITS}
    assert planned - present == {("K05", "day_7"), ("K13", "day_4"), ("K09", "day_14")}
    assert len(present) == len(shipped.madrs)
    for table in (shipped.bdnf, shipped.imaging):
        assert set(table.loc[table["participant_id"] == "K09", "visit"]) == {"baseline"}


def test_one_item_was_not_asked(shipped):
    empty = shipped.madrs[(shipped.madrs == "").any(axis=1)]
    assert empty[
        ["participant_id", "visit", "reduced_appetite", "madrs_total"]
    ].to_numpy().tolist() == [["K06", "day_4", "", ""]]
    assert (empty == "").sum(axis=None) == 2


def test_suicidal_thoughts_worsen_by_two_once(shipped):
    ordered = shipped.madrs.assign(order=shipped.madrs["visit"].map(VISITS.index))
    ordered = ordered.sort_values(["participant_id", "order"])
    scores = ordered["suicidal_thoughts"].astype(int)
    rise = scores.groupby(ordered["participant_id"]).diff()
    worse = ordered[rise >= 2]
    assert worse[["participant_id", "visit"]].to_numpy().tolist() == [["K11", "day_7"]]


def test_ratings_are_dated_by_their_visit(shipped):
    days = shipped.madrs["visit"].map(
        {"baseline": 0, "day_1": 1, "day_4": 4, "day_7": 7, "day_11": 11, "day_14": 14}
    )
    first = pd.to_datetime(shipped.madrs["rating_date"]) - pd.to_timedelta(days, unit="D")
    assert first.groupby(shipped.madrs["participant_id"]).nunique().eq(1).all()


def test_one_plasma_sample_is_below_the_limit(shipped):
    below = shipped.bdnf[shipped.bdnf["bdnf_ng_ml"].str.startswith("<")]
    assert below[["participant_id", "visit", "specimen", "bdnf_ng_ml"]].to_numpy().tolist() == [
        ["K04", "day_14", "plasma", "<0.1"],
        ["K04", "day_14", "plasma", "<0.1"],
    ]
    others = shipped.bdnf.drop(below.index)
    levels = others["bdnf_ng_ml"].astype(float)
    assert levels[others["specimen"] == "plasma"].between(0.1, 5).all()
    assert levels[others["specimen"] == "serum"].between(5, 60).all()


def test_bdnf_is_in_duplicate_and_duplicates_agree(shipped):
    numbers = pd.to_numeric(shipped.bdnf["bdnf_ng_ml"], errors="coerce")
    wells = numbers.groupby(
        [shipped.bdnf["participant_id"], shipped.bdnf["visit"], shipped.bdnf["specimen"]]
    )
    assert wells.size().eq(2).all()
    assert (wells.std() / wells.mean()).dropna().max() < 0.20


def test_one_band_is_saturated_at_the_camera_ceiling(shipped):
    saturated = shipped.blots[shipped.blots["is_saturated"] == "true"]
    place = ["participant_id", "visit", "condition", "replicate", "target", "form", "intensity"]
    assert saturated[place].to_numpy().tolist() == [
        ["K08", "day_14", "insulin", "2", "GSK3B", "total", "65535.0"]
    ]
    others = shipped.blots.drop(saturated.index)["intensity"].astype(float)
    assert others.max() < 65535


def test_every_lane_has_its_five_bands_above_background(shipped):
    bands = shipped.blots.groupby(["gel_id", "lane"])[["target", "form"]].apply(
        lambda lane: sorted(map(tuple, lane.to_numpy().tolist()))
    )
    expected = [
        ("ACTB", "loading"),
        ("GSK3B", "phospho"),
        ("GSK3B", "total"),
        ("mTOR", "phospho"),
        ("mTOR", "total"),
    ]
    assert len(bands) == 80
    assert all(lane == expected for lane in bands)
    signal = shipped.blots["intensity"].astype(float) - shipped.blots["background"].astype(float)
    assert signal.min() > 500


def test_a_participant_is_on_one_gel_in_a_full_design(shipped):
    blots = shipped.blots
    assert blots.groupby("participant_id")["gel_id"].nunique().eq(1).all()
    assert blots["gel_id"].nunique() == 5
    design = blots.groupby("participant_id")[["visit", "condition", "replicate"]].apply(
        lambda rows: len(rows.drop_duplicates())
    )
    assert design.eq(8).all()


@pytest.mark.parametrize(("form", "sites"), [("phospho", {"S2448", "S9"}), ("total", {""})])
def test_only_phospho_bands_name_a_site(form, sites, shipped):
    assert set(shipped.blots.loc[shipped.blots["form"] == form, "site"]) == sites


def test_participants_are_adolescents_with_failed_treatments(shipped):
    assert shipped.participants["age_years"].astype(int).between(12, 17).all()
    assert shipped.participants["n_failed_antidepressants"].astype(int).ge(2).all()
    assert set(shipped.participants["sex"]) == {"female", "male"}
    assert shipped.participants["participant_id"].tolist() == [f"K{n:02d}" for n in range(1, 14)]


def test_entropy_is_within_its_plausible_range(shipped):
    for marker in ("nacc_entropy", "amygdala_entropy"):
        assert shipped.imaging[marker].astype(float).between(0.9, 1.7).all()
