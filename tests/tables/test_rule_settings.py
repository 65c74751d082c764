"""What a rule of a schema file is set to is held to what the rule takes, before any data come."""

import copy
from importlib import resources

import pandas as pd
import pytest
import yaml

from ketbio.errors import SchemaError
from ketbio.tables import check_table, load_schema, schema_names
from ketbio.tables.rules.dry_run import rule_fault
from ketbio.tables.rules.registry import RULES


def content(name):
    return yaml.safe_load((resources.files("ketbio.schemas") / f"{name}.yaml").read_text("utf-8"))


def load(changed, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(changed), encoding="utf-8")
    return load_schema(path)


@pytest.mark.parametrize("name", schema_names())
def test_every_rule_of_ketbio_can_be_run(name, tmp_path):
    schema = load_schema(name)
    assert [rule_fault(rule, schema) for rule in schema.rules] == [""] * len(schema.rules)
    assert load(content(name), tmp_path).columns == schema.columns


def test_every_setting_says_what_is_wanted():
    for rule in RULES.values():
        for name, annotation in rule.annotations.items():
            words = [one for one in annotation.__metadata__ if isinstance(one, str)]
            assert words, (rule.name, name)


CASES = [
    ("madrs", "total_is_sum", "total", 3, "total is 3; a column is wanted."),
    ("madrs", "total_is_sum", "total", "madrs", "names 'madrs', which is no column of madrs; its"),
    ("madrs", "total_is_sum", "total", "rater_id",
     "names 'rater_id', which is a column of 'text'; 'number' or 'integer' is wanted there."),
    ("madrs", "total_is_sum", "items", "madrs_total",
     "items is 'madrs_total'; a list of columns, or of lists with the highest of each, is wanted."),
    ("madrs", "total_is_sum", "items", ["lassitude", ["inner_tension", "rater_id"]],
     "names 'rater_id', which is a column of 'text'"),
    ("madrs", "plausible_jump", "limits", [0],
     "limits is [0]; a list of two numbers, the lower first, is wanted."),
    ("madrs", "plausible_jump", "limits", [60, 0],
     "limits is [60, 0]; a list of two numbers, the lower first, is wanted."),
    ("madrs", "plausible_jump", "share", True, "share is True; a number is wanted."),
    ("madrs", "dates_in_order", "date", "visit", "is a column of 'text'; 'date' is wanted there."),
    ("madrs", "visit_window", "dates_expected", "yes",
     "dates_expected is 'yes'; true or false is wanted."),
    ("madrs", "one_rating_per_visit", "columns", [],
     "columns is []; a list of different columns is wanted."),
    ("madrs", "one_rating_per_visit", "columns", ["visit", "visit"],
     "columns is ['visit', 'visit']; a list of different columns is wanted."),
    ("madrs", "one_rating_per_visit", "noun", {"a": 1}, "noun is {'a': 1}; a word is wanted."),
    ("blots", "partner_in_lane", "lane", ["gel_id"],
     "lane is ['gel_id']; a list of two columns is wanted."),
    ("blots", "saturated", "flag", "lane", "is a column of 'text'; 'flag' is wanted there."),
    ("bdnf", "specimen_mix_up", "impossible_above", {"serum": "high"},
     "impossible_above is {'serum': 'high'}; a number for each word is wanted."),
    ("bdnf", "plausible_level", "ranges", {"serum": [1]},
     "ranges is {'serum': [1]}; a list of two numbers, the lower first, for each word is wanted."),
    ("elisa_plates", "standard_levels", "at_least", 2.5,
     "at_least is 2.5; a whole number of 0 or more is wanted."),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_a_setting_that_the_rule_cannot_take_is_refused(case, tmp_path):
    schema, rule, setting, value, said = case
    changed = copy.deepcopy(content(schema))
    own = next(one for one in changed["rules"] if one["name"] == rule)
    own["with"][setting] = value
    with pytest.raises(SchemaError) as refused:
        load(changed, tmp_path)
    assert str(refused.value).startswith(f"own.yaml: rule {rule!r}")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("place", "key", "value", "said"),
    [
        ("top", "rules", "x", "own.yaml: rules is 'x'; a list is wanted."),
        ("top", "title", ["x"], "own.yaml: title is ['x']; a text is wanted."),
        ("column", "required", "yes", "required is 'yes'; true or false is wanted."),
        ("column", "allowed", "f", "allowed is 'f'; a list is wanted."),
        ("column", "examples", 3, "examples is 3; a list is wanted."),
        ("column", "meaning", {}, "meaning is {}; a text is wanted."),
    ],
)
def test_an_entry_of_another_kind_is_refused(place, key, value, said, tmp_path):
    changed = content("participants")
    (changed if place == "top" else changed["columns"]["sex"])[key] = value
    with pytest.raises(SchemaError) as refused:
        load(changed, tmp_path)
    assert said in str(refused.value)


def test_two_rules_of_one_name_are_refused(tmp_path):
    changed = content("participants")
    changed["rules"].append(changed["rules"][0])
    with pytest.raises(SchemaError, match="there are two rules 'alike_codes'; rename one of them"):
        load(changed, tmp_path)


def test_a_rule_of_visits_needs_a_column_of_them(tmp_path):
    changed = content("participants")
    changed["rules"].append(
        {"name": "a", "check": "plausible_jump",
         "with": {"total": "age_years", "limits": [0, 100], "share": 0.5}}
    )  # fmt: skip
    with pytest.raises(SchemaError, match="rule 'a' needs the column 'visit', which participants"):
        load(changed, tmp_path)


def test_a_schema_of_the_key_alone_names_what_is_there_twice(tmp_path):
    changed = content("participants")
    changed["columns"] = {"participant_id": changed["columns"]["participant_id"]}
    load(changed, tmp_path)
    twice = pd.DataFrame({"participant_id": ["P01", "P01", "P02"]})
    check = check_table(twice, tmp_path / "own.yaml")
    assert check.complaints["rule"].tolist() == ["participant_once", "participant_once"]
    assert "identical in every column" in check.complaints["message"].iloc[0]


def test_a_rule_of_safety_with_nothing_to_tell_is_silent(tmp_path):
    changed = content("participants")
    changed["rules"][-1]["severity"] = "safety"
    load(changed, tmp_path)
    frame = pd.DataFrame({"participant_id": ["P01"]})
    assert "participant_once" not in set(
        check_table(frame, tmp_path / "own.yaml").complaints["rule"]
    )
