"""Bands: background, partners, duplicates, lanes, saturation."""

from importlib import resources

import pandas as pd

from ketbio.tables import Check, check_large_table, check_table

BAND = {
    "participant_id": "P01",
    "visit": "baseline",
    "gel_id": "G1",
    "lane": "1",
    "target": "mTOR",
    "form": "total",
    "intensity": 900,
    "background": 100,
}


def bands(*lines: dict[str, object]) -> Check:
    return check_table(pd.DataFrame([{**BAND, **line} for line in lines]), "blots")


def said(check: Check) -> list[str]:
    return check.complaints["message"].tolist()


PHOSPHO = {"form": "phospho", "site": "S2448"}


def test_a_clean_lane():
    check = bands({}, PHOSPHO, PHOSPHO | {"site": "S2481"})
    assert not said(check)
    assert check.accepted["is_saturated"].tolist() == [False, False, False]
    assert check.accepted["lane"].tolist() == ["1", "1", "1"]


def test_a_band_at_or_below_its_background():
    assert said(bands({"intensity": 100})) == [
        "intensity 100 minus background 100 is 0; above 0 is wanted. Check the band; as it is, it "
        "gives no ratio."
    ]
    below = bands({"intensity": -3, "background": 2})
    assert said(below)[0].startswith("intensity -3 minus background 2 is -5; above 0 is wanted.")
    # It stays, so that its lane is named by what is derived from it.
    assert below.ok
    assert below.accepted["intensity"].tolist() == [-3]


def test_a_background_left_empty_is_not_taken_as_0():
    assert said(bands({"background": None}, {"target": "actin", "form": "loading"})) == [
        "background is empty, but form is 'total', which needs it. Fill it in."
    ]


def test_without_a_background_column_it_is_0_and_a_note_says_so():
    frame = pd.DataFrame([{name: cell for name, cell in BAND.items() if name != "background"}])
    check = check_table(frame, "blots")
    assert check.accepted["background"].tolist() == [0.0]
    assert "No column background: taken as 0 where no other cell says so." in check.notes


def test_a_phospho_band_without_a_partner():
    message = (
        "The phospho band of mTOR in gel G1, lane 1 has neither the total form of mTOR nor a "
        "loading control or stain there; add the partner's row or correct gel, lane or target."
    )
    assert said(bands(PHOSPHO)) == [message]
    assert said(bands(PHOSPHO, {"lane": "2"})) == [message]
    assert said(bands(PHOSPHO, {"target": "GSK3B"})) == [message]
    assert said(bands(PHOSPHO, {"gel_id": "G2"})) == [message]


def test_any_loading_control_or_stain_is_a_partner():
    assert not said(bands(PHOSPHO, {"target": "actin", "form": "loading"}))
    assert not said(bands(PHOSPHO, {"target": "Ponceau", "form": "stain"}))
    assert not said(bands(PHOSPHO | {"lane_stain": 640}))


def test_a_loading_control_on_each_membrane():
    actin = {"target": "actin", "form": "loading"}
    both = [actin | {"membrane": "A"}, actin | {"membrane": "B"}]
    assert not said(bands(PHOSPHO | {"membrane": "A"}, {"membrane": "B"}, *both))


def test_a_reference_needs_no_participant_and_a_sample_does():
    nobody = {"participant_id": None, "visit": None}
    assert not said(bands(nobody | {"role": "reference"}))
    assert said(bands(nobody | {"role": "sample"})) == [
        f"{column} is empty, but role is 'sample', which needs it. Fill it in."
        for column in ("participant_id", "visit")
    ]
    assert said(bands(nobody | {"role": "dilution"})) == [
        "load_amount is empty, but role is 'dilution', which needs it. Fill it in."
    ]


def test_one_band_of_a_kind_per_lane_names_both():
    message = (
        "2 bands of the same gel, lane, target, form, site and membrane (G1, 1, mTOR, total, "
        "–, –): rows 2 and 3, which differ in intensity; one is allowed. Keep the right one and "
        "delete the rest."
    )
    check = bands({}, {"intensity": 901})
    assert said(check) == [message, message]
    assert check.rejected["row"].tolist() == [2, 3]


def test_a_lane_holds_one_sample():
    check = bands({}, PHOSPHO | {"participant_id": "P02"})
    message = (
        "gel and lane G1, 1 holds rows that differ in participant_id (rows 2 and 3); one sample is "
        "allowed. Correct them."
    )
    assert said(check) == [message, message]


def test_a_saturated_band_is_a_warning():
    check = bands({"is_saturated": "yes"})
    assert check.ok
    assert said(check) == ["is_saturated is true; a saturated band is excluded from ratios."]


def test_an_unknown_form():
    assert said(bands({"form": "phosphor"})) == [
        "form is 'phosphor'; allowed: 'phospho', 'total', 'loading', 'stain'. Did you mean "
        "'phospho'? Correct it, or recode it under values in the study file."
    ]


def test_a_rarer_spelling_of_a_word_is_an_error_that_names_the_usual_one():
    check = bands(
        {"condition": "basal"},
        {"condition": "basal", "lane": "2"},
        {"condition": "Basal ", "lane": "3"},
        {"condition": "basal", "lane": "4", "target": "mtor"},
    )
    assert check.complaints.query("severity == 'error'")["message"].tolist() == [
        "condition is 'Basal', elsewhere 'basal': the same word but for case or blanks; write one "
        "word for one thing.",
        "target is 'mtor', elsewhere 'mTOR': the same word but for case or blanks; write one word "
        "for one thing.",
    ]
    assert check.accepted_rows.tolist() == [2, 3]


def test_of_two_spellings_as_frequent_neither_is_taken():
    check = bands({"condition": "basal"}, {"condition": "Basal", "lane": "2"})
    assert check.rejected["row"].tolist() == [2, 3]


def test_a_site_belongs_to_phospho_and_to_nothing_else():
    assert said(bands({}, PHOSPHO | {"site": None})) == [
        "site is empty, but form is 'phospho', which needs it. Fill it in."
    ]
    loading = {"target": "actin", "form": "loading", "site": "S9"}
    assert said(bands({"site": "S2448"}, loading)) == [
        "site is 'S2448', but form is 'total', which has none. Leave it empty.",
        "site is 'S9', but form is 'loading', which has none. Leave it empty.",
    ]


def test_a_schema_of_ones_own_may_know_no_stain_beside_the_band(tmp_path):
    text = (resources.files("ketbio.schemas") / "blots.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(text.replace(", stains: [lane_stain]}", "}"), encoding="utf-8")
    alone = tmp_path / "alone.csv"
    pd.DataFrame([BAND | PHOSPHO | {"lane_stain": 640}]).to_csv(alone, index=False)
    for check in (check_table(alone, own), check_large_table(alone, own)):
        assert check.complaints["rule"].tolist() == ["partner_in_lane"]
    assert check_large_table(alone, "blots").ok
