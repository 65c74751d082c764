"""The faults and labels of the shipped files, read as they are written."""

import tomllib

import pandas as pd

from ketbio.demo.simulate import SHIPPED_FILES

VISITS = ["baseline", "day_1", "day_4", "day_7", "day_11", "day_14"]


def test_every_file_says_that_it_is_simulated(shipped_texts):
    study = tomllib.loads(shipped_texts["study.toml"])
    assert study["study"]["simulated"] is True
    assert study["study"]["description"].startswith("Simulated data; no participant is real.")
    assert "Simulated data; no participant is real." in shipped_texts["README.md"]
    data = [name for name in SHIPPED_FILES if name.endswith((".csv", ".txt"))]
    assert all(name.startswith("simulated_") for name in data)
    export = shipped_texts["simulated_elisa_export.txt"]
    assert export.count("simulated data; no participant is real") == 2
    assert "simulated_gel_G1,1," in shipped_texts["simulated_blot_bands.csv"]


def test_study_file_names_every_table_and_visit(shipped_texts, shipped):
    study = tomllib.loads(shipped_texts["study.toml"])
    tables = study["tables"]
    named = {table["file"] for table in tables.values()}
    named |= {tables["blots"]["densitometry"]["lanes"], tables["elisa"]["plate"]["layout"]}
    assert named == {name for name in SHIPPED_FILES if name.endswith((".csv", ".txt"))}
    assert study["visits"]["order"] == VISITS
    samples = shipped.elisa_layout[shipped.elisa_layout["role"] == "sample"]
    for table in (shipped.madrs, shipped.blots, samples, shipped.imaging):
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
    for table in (shipped.elisa_layout, shipped.imaging):
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


def test_both_plates_hold_what_a_kit_prescribes(shipped):
    roles = pd.crosstab(shipped.elisa_layout["plate"], shipped.elisa_layout["role"])
    assert roles[["standard", "control", "blank"]].to_numpy().tolist() == [[16, 4, 4]] * 2
    assert not shipped.elisa_layout.duplicated(["plate", "well"]).any()
    for _, plate in shipped.elisa_layout.groupby("plate"):
        standards = plate.loc[plate["role"] == "standard", "concentration (pg/mL)"].astype(int)
        assert standards.value_counts().to_dict() == dict.fromkeys(
            (3200, 1600, 800, 400, 200, 100, 50, 0), 2
        )


def test_bdnf_is_in_duplicate_on_the_plate_of_its_specimen(shipped):
    samples = shipped.elisa_layout[shipped.elisa_layout["role"] == "sample"]
    usual = samples["dilution_factor"] == samples["specimen"].map({"serum": "20", "plasma": "2"})
    plain = samples[usual & (samples["spike (pg/mL)"] == "")]
    wells = plain.groupby(["participant_id", "visit", "specimen"])
    assert wells.size().eq(2).all()
    assert len(wells) == 50  # 13 at baseline and 12 at day 14, of each of two
    assert (plain["plate"] == plain["specimen"].map({"serum": "PL1", "plasma": "PL2"})).all()


def test_one_band_is_saturated_at_the_camera_ceiling(shipped):
    saturated = shipped.blots[shipped.blots["Saturated Pixels"] != "0"]
    place = ["participant_id", "visit", "condition", "replicate", "Band Label", "Volume (Int)"]
    assert saturated[place].to_numpy().tolist() == [
        ["K08", "day_14", "insulin", "2", "GSK3B", "65535.0"]
    ]
    others = shipped.blots.drop(saturated.index)["Volume (Int)"].astype(float)
    assert others.max() < 65535


def test_every_lane_has_its_five_bands_above_background(shipped):
    bands = shipped.blot_bands.groupby(["Image Name", "Lane"])["Band Label"].agg(sorted)
    assert len(bands) == 90
    assert all(lane == ["GSK3B", "actin", "mTOR", "p-GSK3B", "p-mTOR"] for lane in bands)
    signal = shipped.blot_bands["Adj. Volume (Int)"].astype(float)
    assert signal.min() > 500
    background = shipped.blot_bands["Volume (Int)"].astype(float) - signal
    assert background.between(200, 700).all()


def test_every_gel_has_the_reference_and_one_the_dilution_series(shipped):
    others = shipped.blot_lanes[shipped.blot_lanes["role"] != "sample"]
    assert others.groupby("gel_id")["role"].apply(list).to_dict() == {
        "G1": ["reference"] + ["dilution"] * 5,
        **{f"G{number}": ["reference"] for number in range(2, 6)},
    }
    assert (others["participant_id"] == "").all()


def test_a_participant_is_on_one_gel_in_a_full_design(shipped):
    blots = shipped.blots
    assert blots.groupby("participant_id")["gel_id"].nunique().eq(1).all()
    assert blots["gel_id"].nunique() == 5
    design = blots.groupby("participant_id")[["visit", "condition", "replicate"]].apply(
        lambda rows: len(rows.drop_duplicates())
    )
    assert design.eq(8).all()


def test_participants_are_adolescents_with_failed_treatments(shipped):
    assert shipped.participants["age_years"].astype(int).between(12, 17).all()
    assert shipped.participants["n_failed_antidepressants"].astype(int).ge(2).all()
    assert set(shipped.participants["sex"]) == {"female", "male"}
    assert shipped.participants["participant_id"].tolist() == [f"K{n:02d}" for n in range(1, 14)]


def test_entropy_is_within_its_plausible_range(shipped):
    for marker in ("nacc_entropy", "amygdala_entropy"):
        assert shipped.imaging[marker].astype(float).between(0.9, 1.7).all()
