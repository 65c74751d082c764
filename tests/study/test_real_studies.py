"""Every study file of docs/studies, held against the published data that it reads."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from ketbio.study import check_study, read_study

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ROOT / "docs" / "studies"
DATA = ROOT.parent / "shared" / "studies"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the published data lie outside the repository and are not here"
)

IDENTIFIERS = "direct_identifier"
EXPECTED = {
    "bdnf_serum": {"serum": (788, {"range": 1})},
    "blots_rps6": {
        "two_species": (36, {"range": 1}),
        "four_species": (72, {}),
        "ratios": (18, {}),
    },
    "blots_tsc1": {"bands": (13, {})},
    "crossover_asthma": {"periods": (34, {})},
    "elisa_plate": {
        "wells": (96, {}),
        "one_sheet": (24, {"repeated_header": 1}),
        "readings": (8, {}),
        "layout": (15, {}),
        # the samples' replicates are a dilution series, which the layout does not say
        **dict.fromkeys(
            ["plate_of_one_sheet", "plate_of_two_sheets", "plate_of_wells"],
            (34, {"replicates_agree": 4}),
        ),
    },
    "elisa_softmax_export": {
        "lines": (245, {"note_row": 1, "repeated_header": 1}),
        "plates": (144, {}),
    },
    "esketamine_adolescents": {"participants": (10, {}), "madrs": (20, {"suicidality": 13})},
    "hamd17_trial": {"hamd17": (608, {}), "everything": (608, {})},
    "mmrm_fev": {"fev": (800, {})},
    "redcap_arm_single_longitudinal": {"collection": (9, {})},
    "redcap_clinical_trial": {"participants": (500, {IDENTIFIERS: 6})},
    "redcap_longitudinal": {
        "participants": (3, {}),
        "baseline_data": (3, {"instrument_status": 1}),
        "visit_lab_data": (4, {}),
        "patient_morale_questionnaire": (10, {"instrument_status": 3}),
        "visit_blood_workup": (4, {"instrument_status": 1}),
        "visit_observed_behavior": (6, {"instrument_status": 4}),
        "completion_data": (2, {}),
        "completion_project_questionnaire": (3, {}),
    },
    "redcap_repeating_instruments": {
        "participants": (2, {}),
        # a day fifteen years before the others is asked about
        "blood_pressure": (4, {"date": 1}),
        "one_blood_pressure": (4, {"participant_once": 3, "redcap_repeats": 1}),
    },
    "redcap_simple": {"participants": (5, {IDENTIFIERS: 6})},
    "redcap_survey": {"participants": (2, {IDENTIFIERS: 2})},
}
"""Study file → table → records, and complaints by rule (blanks that were trimmed left aside)."""


@pytest.fixture(scope="module")
def checks():
    made = {}

    def of(name):
        if name not in made:
            made[name] = check_study(read_study(STUDIES / f"{name}.toml"))
        return made[name]

    return of


def test_every_folder_has_a_study_file():
    named = {path.stem for path in STUDIES.glob("*.toml")}
    assert named == set(EXPECTED)
    folders = {path.name for path in DATA.iterdir() if path.is_dir()}
    assert folders <= {name for one in named for name in (one, one.split("_")[0])}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_record_is_accounted_for_and_complaints_are_the_expected(checks, name):
    found = checks(name)
    assert list(found) == list(EXPECTED[name])
    for table, check in found.items():
        n, rules = EXPECTED[name][table]
        assert check.n_incoming == n, table
        assert len(check.accepted) + len(check.rejected) == n, table
        said = Counter(one.rule for one in check.found if one.rule != "blanks")
        assert said == rules, table


@pytest.mark.parametrize("name", ["bdnf_serum", "blots_tsc1", "crossover_asthma", "mmrm_fev"])
def test_no_row_of_the_file_is_lost(checks, name):
    study = read_study(STUDIES / f"{name}.toml")
    for table, check in zip(study.tables, checks(name).values(), strict=True):
        with table.file.open(encoding="utf-8", newline="") as file:
            assert check.n_incoming == sum(1 for _ in csv.reader(file)) - 1


def test_the_height_that_stands_for_unknown_is_named(checks):
    check = checks("bdnf_serum")["serum"]
    one = check.complaints.iloc[0]
    assert one[["row", "column", "value", "severity"]].tolist() == [34, "m", "-1.0", "error"]
    assert "m (height_m) is -1.0" in one["message"]
    assert len(check.rejected) == 10
    means = check.records.cells.assign(
        bdnf=check.records.cells["bdnf"].astype(float)
    ).groupby("group")["bdnf"].mean()  # fmt: skip
    assert means.to_dict() == pytest.approx(
        {"control": 9.568853, "MDD": 7.806189, "schizophrenia": 9.342487}, abs=1e-6
    )


def test_the_band_below_its_background_is_named(checks):
    one = checks("blots_rps6")["two_species"].complaints.iloc[0]
    assert one[["row", "column", "value"]].tolist() == [28, "signal", "-0.020084918"]


def test_the_repeated_ids_of_a_repeating_instrument_are_named(checks):
    found = checks("redcap_repeating_instruments")
    once = found["one_blood_pressure"]
    assert once.rejected["row"].tolist() == [3, 4, 5]
    repeats = once.complaints[once.complaints["rule"] == "redcap_repeats"]
    assert "(1, 2 and 3; rows 3, 4 and 5): repeats, not copies" in repeats["message"].iloc[0]
    assert found["blood_pressure"].accepted["replicate"].tolist() == ["1", "2", "3"]
    assert (
        "Records with more than one instance: '1' (rows 3, 4 and 5)."
        in found["blood_pressure"].notes
    )


@pytest.mark.parametrize("name", ["redcap_clinical_trial", "redcap_simple", "redcap_survey"])
def test_identifiers_stop_the_check_and_are_not_shown(checks, name):
    study = read_study(STUDIES / f"{name}.toml")
    check = checks(name)["participants"]
    assert not check.ok
    with study.tables[0].file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    private = {
        row[column]
        for row in rows
        for column in check.complaints["column"]
        if len(row.get(column, "")) > 4
    }
    assert private
    told = check.complaints.to_csv() + "\n".join(check.notes) + check.rejected.to_csv()
    assert not [word for word in private if word in told]
