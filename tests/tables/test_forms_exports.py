"""Schemas in other people's formats: Frictionless Table Schema, REDCap data dictionary."""

import csv
import json
import re

import pytest

from ketbio.tables import extended_schema, load_schema, schema_names, write_schema
from ketbio.tables.forms.frictionless import table_schema
from ketbio.tables.forms.redcap import REDCAP_COLUMNS, field_names, redcap_fields

# Of the standard (datapackage.org, version 2), by type of field.
CONSTRAINTS = {
    "string": {"required", "unique", "pattern", "enum", "minLength", "maxLength"},
    "number": {"required", "unique", "enum", "minimum", "maximum", "exclusiveMinimum"},
    "integer": {"required", "unique", "enum", "minimum", "maximum", "exclusiveMinimum"},
    "date": {"required", "unique", "enum", "minimum", "maximum"},
    "boolean": {"required", "enum"},
}
VALIDATIONS = {"", "integer", "number", "date_ymd"}
FIELD_TYPES = {"text", "dropdown", "truefalse"}


# -- Frictionless ----------------------------------------------------------------------------
@pytest.mark.parametrize("name", schema_names())
def test_a_table_schema_keeps_to_the_standard(tmp_path, name):
    path = write_schema(name, tmp_path / "schema.json")
    made = json.loads(path.read_text(encoding="utf-8"))
    names = [field["name"] for field in made["fields"]]
    assert names == list(load_schema(name).columns)
    for field in made["fields"]:
        constraints = field.get("constraints", {})
        assert set(constraints) <= CONSTRAINTS[field["type"]], field["name"]
        assert field["description"].endswith(".")
        if "pattern" in constraints:
            re.compile(constraints["pattern"])
        if field["type"] == "boolean":
            assert not set(field["trueValues"]) & set(field["falseValues"])
    assert set(made.get("primaryKey", [])) <= set(names)
    assert made["fieldsMatch"] in ("exact", "equal", "subset", "superset", "partial")
    assert [rule["name"] for rule in made["rules"]] == [
        rule.name for rule in load_schema(name).rules
    ]


def test_what_a_field_of_each_kind_becomes():
    fields = {
        field["name"]: field
        for name in ("blots", "madrs", "bdnf")
        for field in table_schema(load_schema(name))["fields"]
    }
    assert fields["suicidal_thoughts"]["constraints"] == {"minimum": 0, "maximum": 6}
    assert fields["suicidal_thoughts"]["type"] == "integer"
    assert fields["specimen"]["constraints"]["enum"][:2] == ["serum", "plasma"]
    assert fields["lloq_ng_ml"]["constraints"] == {"exclusiveMinimum": 0}
    assert fields["rating_date"]["type"] == "date"
    assert fields["participant_id"]["constraints"] == {"required": True}
    assert "TRUE" in fields["below_lloq"]["trueValues"]


@pytest.mark.parametrize(
    ("cell", "fits"),
    [("24.1", True), ("<0.5", True), ("> 2000", True), ("1e3", True), ("low", False), ("<", False)],
)
def test_a_level_below_its_limit_is_text_with_a_pattern(cell, fits):
    fields = {field["name"]: field for field in table_schema(load_schema("bdnf"))["fields"]}
    level = fields["bdnf_ng_ml"]
    assert level["type"] == "string"
    assert bool(re.fullmatch(level["constraints"]["pattern"], cell)) is fits


def test_a_key_stands_only_where_each_of_its_cells_is_filled():
    assert table_schema(load_schema("madrs"))["primaryKey"] == ["participant_id", "visit"]
    assert table_schema(load_schema("participants"))["primaryKey"] == ["participant_id"]
    assert "primaryKey" not in table_schema(load_schema("bdnf"))  # a replicate may be empty


# -- REDCap ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", schema_names())
def test_a_data_dictionary_can_be_uploaded(tmp_path, name):
    path = write_schema(name, tmp_path / "redcap.csv", format="redcap")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert tuple(header) == REDCAP_COLUMNS
    assert len(header) == 18
    fields = [dict(zip(header, row, strict=True)) for row in rows]
    names = [field["Variable / Field Name"] for field in fields]
    assert names[0] == "participant_id"
    assert len(names) == len(set(names)) >= len(load_schema(name).columns)
    for field in fields:
        assert re.fullmatch(r"[a-z](?:_?[a-z0-9])*", field["Variable / Field Name"])
        assert len(field["Variable / Field Name"]) <= 100
        assert re.fullmatch(r"[a-z][a-z0-9_]*", field["Form Name"])
        assert field["Field Type"] in FIELD_TYPES
        assert field["Field Label"]
        kind = field["Text Validation Type OR Show Slider Number"]
        assert kind in VALIDATIONS
        assert field["Field Type"] == "text" or not kind
        choices = field["Choices, Calculations, OR Slider Labels"]
        assert bool(choices) is (field["Field Type"] == "dropdown")
        for choice in filter(None, choices.split(" | ")):
            assert re.fullmatch(r"[A-Za-z0-9_]+, .+", choice)
        assert field["Required Field?"] in ("", "y")
        assert (field["Identifier?"] == "y") is (kind == "date_ymd")


def test_what_each_kind_of_column_becomes():
    fields = redcap_fields(load_schema("bdnf")).set_index("Variable / Field Name")
    choices = fields.loc["specimen", "Choices, Calculations, OR Slider Labels"]
    assert choices == (
        "serum, serum | plasma, plasma | platelet_poor_plasma, platelet-poor plasma | "
        "whole_blood, whole blood | csf, csf"
    )
    # "<0.5" is no number to REDCap
    assert fields.loc["bdnf_ng_ml", "Text Validation Type OR Show Slider Number"] == ""
    assert fields.loc["lloq_ng_ml", "Text Validation Min"] == "0"
    assert fields.loc["lloq_ng_ml", "Field Label"].endswith("(ng/mL)")
    assert fields.loc["below_lloq", "Field Type"] == "truefalse"
    assert fields.loc["participant_id", "Required Field?"] == "y"
    day = redcap_fields(load_schema("madrs")).set_index("Variable / Field Name").loc["rating_date"]
    assert day["Text Validation Min"] == "1990-01-01"


def test_visits_and_patterns_of_a_study(tmp_path):
    extend = {"columns": {"participant_id": {"pattern": "S[0-9]{3}"}}}
    schema = extended_schema(load_schema("madrs"), extend)
    path = write_schema(schema, tmp_path / "m.csv", format="redcap", visits=["before", "day 14"])
    with path.open(encoding="utf-8", newline="") as file:
        fields = {row["Variable / Field Name"]: row for row in csv.DictReader(file)}
    assert fields["visit"]["Choices, Calculations, OR Slider Labels"] == (
        "before, before | day_14, day 14"
    )
    assert "longitudinal project" in fields["visit"]["Field Note"]
    assert "Of the form S[0-9]{3}." in fields["participant_id"]["Field Note"]


def test_words_that_differ_in_their_signs_only_are_numbered():
    extend = {
        "columns": {"grade": {"meaning": "Grade", "type": "text", "allowed": ["a+", "a-", "b|c"]}}
    }
    fields = redcap_fields(extended_schema(load_schema("participants"), extend))
    assert fields.iloc[-1]["Choices, Calculations, OR Slider Labels"] == "1, a+ | 2, a- | 3, b/c"


def test_names_as_redcap_takes_them():
    assert field_names(["A" * 120, "a" * 110])[1] == "a" * 96 + "_2"
    assert field_names(["", "µ"]) == ["x", "x_2"]
