"""Real files, read as they are; they are not in the repository."""

import pytest

from ketbio.tables import check_table

RATINGS = {
    "participant_id": "Id",
    "madrs_total@baseline": "MADRS_Baseline",
    "madrs_total@hour_24": "MADRS_Post",
    "suicidal_thoughts@baseline": "MADRS_Suicide_Baseline",
    "suicidal_thoughts@hour_24": "MADRS_Suicide_Post",
}
PEOPLE = {
    "participant_id": "Id",
    "age_years": "Age",
    "sex_code": "Sex",
    "suicide_attempt": "Suicide_Attempt",
    "is_resistant": "Depressão_resistente",
}


def test_esketamine_ratings_as_they_are(study_data):
    check = check_table(
        study_data("esketamine_adolescents") / "Dataset.csv",
        "madrs",
        columns=RATINGS,
        ignore=["", "Sex", "Age", "Suicide_Attempt", "Depressão_resistente", "Dissociation"],
        visits=["baseline", "hour_24"],
    )
    assert check.ok
    assert (check.n_incoming, len(check.accepted)) == (20, 20)
    totals = check.accepted.groupby("visit")["madrs_total"]
    assert totals.mean().to_dict() == {"baseline": 39.1, "hour_24": 26.8}
    assert totals.std().round(6).tolist() == [6.297266, 8.403703]
    first = check.complaints.iloc[0]
    assert first[["severity", "participant_id", "visit", "row", "column"]].tolist() == [
        "safety", "10", "hour_24", 11, "MADRS_Suicide_Post",
    ]  # fmt: skip
    assert set(check.complaints["severity"]) == {"safety"}
    assert len(check.complaints) == 13


def test_esketamine_participants_as_they_are(study_data):
    given = ["MADRS_Baseline", "MADRS_Post", "MADRS_Suicide_Baseline", "MADRS_Suicide_Post"]
    check = check_table(
        study_data("esketamine_adolescents") / "Dataset.csv",
        "participants",
        columns=PEOPLE,
        ignore=["", *given],
        missing=["NA"],
    )
    assert not check.sentences()
    assert check.accepted["participant_id"].tolist() == [str(n) for n in range(1, 11)]
    assert check.accepted["is_resistant"].isna().sum() == 4
    assert check.accepted["age_years"].between(14, 18).all()


def test_serum_bdnf_repeats_its_ids_between_groups(study_data):
    other = ["age", "kg", "m", "BMI", "obesity", "AA", "GA", "GG", "female", "male", "team_code"]
    path = study_data("bdnf_serum") / "bdnf.csv"
    how = {"constants": {"visit": "baseline", "specimen": "serum"}, "ignore": [*other, "group"]}
    columns = {"participant_id": "idx", "bdnf_ng_ml": "BDNF"}
    check = check_table(path, "bdnf", columns=columns, **how)
    assert check.n_incoming == 788
    assert set(check.complaints["rule"]) == {"replicate_once", "plausible_level"}
    how["ignore"] = other
    unique = check_table(path, "bdnf", columns={**columns, "plate_id": "group"}, **how)
    assert unique.ok
    means = unique.accepted.groupby("plate_id")["bdnf_ng_ml"].mean()
    assert means.to_dict() == pytest.approx(
        {"control": 9.568853, "MDD": 7.806189, "schizophrenia": 9.342487}, abs=1e-6
    )


def test_a_negative_band_of_a_real_blot_is_named(study_data):
    check = check_table(
        study_data("blots_rps6") / "rps6_wb_two_species.tsv",
        "blots",
        columns={
            "participant_id": "species", "visit": "treatment", "gel_id": "date", "lane": "species",
            "condition": "treatment", "intensity": "signal",
        },
        constants={"form": "loading"},
        ignore=["whole_prot"],
    )  # fmt: skip
    below = check.complaints[check.complaints["rule"] == "above_background"]
    assert below[["row", "column", "value"]].to_numpy().tolist() == [[28, "signal", "-0.020084918"]]


def test_redcap_exports_with_identifiers_are_refused_by_column(study_data):
    check = check_table(
        study_data("redcap") / "simple" / "data.csv",
        "participants",
        columns={"participant_id": "record_id", "age_years": "age", "sex_code": "sex"},
    )
    refused = check.complaints[check.complaints["rule"] == "direct_identifier"]
    assert {"name_first", "name_last", "address", "telephone", "email", "dob"} <= set(
        refused["column"]
    )
    assert "@" not in check.complaints.to_string()
    assert check.n_incoming == 5
