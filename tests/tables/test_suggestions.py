"""What unknown columns seem to hold: asked in one sentence each, and gathered to copy."""

import pandas as pd
import pytest

from ketbio.errors import SchemaError
from ketbio.tables import check_table
from ketbio.tables.contracts.schema_file import load_schema, schema_names
from ketbio.tables.records.suggestions import near_columns


def near(names, schema="madrs"):
    columns = load_schema(schema).columns
    return near_columns(names, tuple(columns), columns)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("redcap_repeat_instrument", "madrs"),
        ("redcap_event_name", "madrs"),
        ("Sample", "blots"),
        ("Comments", "madrs"),
        ("Visit comment", "madrs"),
        ("Visit note", "madrs"),
        ("dose", "bdnf"),
        ("MADRS ratings of site 1 as sent in March", "madrs"),
    ],
)
def test_a_first_syllable_in_common_is_no_suggestion(name, schema):
    assert near([name], schema) == {}


def test_a_record_is_no_rater():
    assert near(["record_id"]) == {"participant_id": "record_id"}


@pytest.mark.parametrize(
    ("name", "schema", "ours"),
    [
        ("MADRS", "madrs", "madrs_total"),
        ("madrs_totl", "madrs", "madrs_total"),
        ("1. Apparent sadness", "madrs", "apparent_sadness"),
        ("Date of rating", "madrs", "rating_date"),
        ("Visit date", "madrs", "rating_date"),
        ("Patienten-Nr.", "bdnf", "participant_id"),
        ("BDNF serum (pg/mL)", "bdnf", "bdnf_pg_ml"),
        ("Alter", "participants", "age_years"),
        ("USUBJID", "hamd17", "participant_id"),
    ],
)
def test_words_in_common_synonyms_and_slips_are_suggested(name, schema, ours):
    assert near([name], schema) == {ours: name}


def test_a_synonym_means_one_column_of_a_schema():
    for schema in schema_names():
        words = [w.casefold() for c in load_schema(schema).columns.values() for w in c.also]
        assert len(words) == len(set(words)), schema


def test_also_is_a_list_of_names(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("columns:\n  participant_id: {type: text, also: ID}\n", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        check_table(pd.DataFrame({"a": [1]}), path)
    assert "also is 'ID'; a list of names is wanted." in str(caught.value)


def test_names_that_differ_by_case_blanks_and_underscores_are_taken_and_noted():
    frame = pd.DataFrame({"Participant ID": ["P01"], "VISIT": ["a"], "MadrsTotal": [12]})
    check = check_table(frame, "madrs")
    assert check.sentences() == ()
    assert check.accepted["madrs_total"].tolist() == [12]
    assert "Column 'Participant ID' read as participant_id." in check.notes
    assert "Column 'VISIT' read as visit." in check.notes


def test_of_two_spellings_none_is_taken():
    frame = pd.DataFrame(
        {"participant_id": ["P01"], "VISIT": ["a"], "Visit": ["b"], "madrs_total": [1]}
    )
    check = check_table(frame, "madrs")
    assert "missing_column" in set(check.complaints["rule"])
    assert len(check.accepted) == 0


def test_each_missing_column_is_one_complaint_and_a_note_has_them_all():
    frame = pd.DataFrame(
        {
            "Subject ID": ["P01"],
            "Timepoint": ["a"],
            "MADRS Total Score": [12],
            "Datum": ["2026-01-05"],
        }
    )
    check = check_table(frame, "madrs")
    assert len(check.sentences()) == 4
    assert check.notes[-1] == (
        "All columns suggested, to copy if they are right: "
        "columns={'participant_id': 'Subject ID', 'visit': 'Timepoint', "
        "'madrs_total': 'MADRS Total Score', 'rating_date': 'Datum'} in Python, "
        '--columns "participant_id=Subject ID" --columns visit=Timepoint '
        '--columns "madrs_total=MADRS Total Score" --columns rating_date=Datum on the command line.'
    )
    columns = {
        "participant_id": "Subject ID",
        "visit": "Timepoint",
        "madrs_total": "MADRS Total Score",
        "rating_date": "Datum",
    }
    assert check_table(frame, "madrs", columns=columns).ok


def test_a_mapping_away_from_a_column_that_is_there_is_one_complaint():
    frame = pd.DataFrame({"participant_id": ["P01"], "visit": ["a"], "madrs_total": [1]})
    check = check_table(frame, "madrs", columns={"participant_id": "Id"})
    assert check.sentences() == (
        "table madrs, row 1: The file has no column 'Id', which columns names for "
        "'participant_id', but it has a column 'participant_id'. Take 'participant_id' out of "
        "columns, or correct the name there.",
    )
    assert len(check.rejected) == 1


WIDE = {"Pat": ["P01"], "MADRS BL": [30], "MADRS D1": [20], "MADRS D14": [12]}


@pytest.mark.parametrize(
    ("visits", "named"),
    [
        (None, ["baseline", "day_1", "day_14"]),
        (["baseline", "day_1", "day_14"], ["baseline", "day_1", "day_14"]),
        (["BL", "V2 (D1)", "Tag 14"], ["BL", "Tag 14"]),
        (["baseline", "week_2"], ["baseline", "week_2"]),
    ],
)
def test_columns_of_one_stem_are_one_suggestion_to_make_them_long(visits, named):
    check = check_table(pd.DataFrame(WIDE), "madrs", visits=visits)
    wide = [one for one in check.found if one.rule == "missing_column" and "@" in one.message]
    assert len(wide) == 1
    for visit in named:
        assert f'"madrs_total@{visit}" = "MADRS ' in wide[0].message
    assert wide[0].message.count('" = "') == len(named)
    assert len(check.accepted) == 0
    assert "items_or_total" not in set(check.complaints["rule"])


def test_what_was_suggested_for_a_wide_sheet_reads_it():
    columns = {
        "participant_id": "Pat",
        "madrs_total@baseline": "MADRS BL",
        "madrs_total@day_1": "MADRS D1",
        "madrs_total@day_14": "MADRS D14",
    }
    check = check_table(pd.DataFrame(WIDE), "madrs")
    for ours, name in columns.items():
        assert f"{ours}={name}" in check.notes[-1]
    assert len(check_table(pd.DataFrame(WIDE), "madrs", columns=columns).accepted) == 3


def test_a_level_with_its_unit_is_suggested_in_that_unit():
    frame = pd.DataFrame({"Subject": ["P01"], "BDNF pre [ng/ml]": [20], "BDNF post [ng/ml]": [24]})
    check = check_table(frame, "bdnf", constants={"specimen": "serum"})
    wide = next(one.message for one in check.found if "@" in one.message)
    assert '"bdnf_ng_ml@pre" = "BDNF pre [ng/ml]", "bdnf_ng_ml@post" = "BDNF post' in wide


# -- items by their number ---------------------------------------------------------------------
ITEMS = {f"MADRS{i}": [2] for i in range(1, 11)}


def test_an_item_by_its_number_is_never_suggested_as_the_total():
    frame = pd.DataFrame({"ID": ["P01"], "Visit": ["pre"], **ITEMS})
    check = check_table(frame, "madrs")
    assert not any("madrs_total" in note for note in check.notes)
    assert any("'suicidal_thoughts': 'MADRS10'" in note for note in check.notes)


def test_items_and_totals_at_visits_are_told_apart():
    frame = pd.DataFrame(
        {"ID": ["P01"], "MADRS10_V1": [1], "MADRS10_V2": [5], "MADRS_V1": [30], "MADRS_V2": [20]}
    )
    said = " ".join(check_table(frame, "madrs").notes)
    assert "'madrs_total@visit_1': 'MADRS_V1'" in said
    assert "'suicidal_thoughts@visit_2': 'MADRS10_V2'" in said


def test_a_mapping_turned_round_is_said_to_be():
    frame = pd.DataFrame({"Paciente": ["P01"], "visit": ["pre"], "madrs_total": [12]})
    with pytest.raises(SchemaError, match="the other way round"):
        check_table(frame, "madrs", columns={"Paciente": "participant_id"})
