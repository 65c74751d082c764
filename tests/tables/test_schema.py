"""Schema files: those of ketbio, and one of the user's own."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from pandera.config import CONFIG

from ketbio.errors import SchemaError
from ketbio.tables import check_table, describe_rules, describe_schema, load_schema, schema_names
from ketbio.tables.rules.contract import Known, pandera_schema
from ketbio.tables.rules.contract_words import CELL_RULES
from ketbio.tables.rules.dry_run import rule_fault
from ketbio.tables.rules.registry import RULES, rule_columns, rule_settings

OWN = """\
name: sleep
title: Sleep diary
one_row: a night
extra_columns: refused
columns:
  participant_id: {meaning: code, type: text, required: true, pattern: "P[0-9]{2}"}
  hours: {meaning: hours slept, type: number, unit: h, maximum: 24}
  good: {meaning: whether it was good, type: flag, if_empty: false}
rules:
  - {name: one_night, check: unique_rows, with: {columns: [participant_id], noun: night}}
"""


def own(tmp_path, text=OWN):
    path = tmp_path / "sleep.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", schema_names())
def test_each_schema_tells_everything_a_data_manager_asks(name):
    schema = load_schema(name)
    assert schema.name == name
    assert re.fullmatch(r"[0-9]+\.[0-9]+", schema.version)
    assert schema.title
    assert schema.one_row
    for spec in schema.columns.values():
        assert spec.meaning, spec.name
        assert spec.rule.endswith("."), spec.name
        assert spec.examples, spec.name
        assert spec.unit or spec.type not in ("number", "integer"), spec.name
        assert spec.allowed_text, spec.name
    for rule in schema.rules:
        assert rule.words.endswith("."), rule.name
        settings = rule_settings(rule, schema, visits=None)
        assert rule_columns(settings, schema), rule.name
        assert RULES[rule.check]
        assert rule_fault(rule, schema) == ""
    assert len({rule.name for rule in schema.rules}) == len(schema.rules)


@pytest.mark.parametrize("name", schema_names())
def test_each_schema_has_a_range_or_says_none_is_known(name):
    # A number without any bound would let 9999 pass; what has none is listed here on purpose.
    free = {("blots", "intensity"), ("blots", "lane_stain")}
    for spec in load_schema(name).columns.values():
        bounds = (spec.minimum, spec.maximum, spec.above)
        is_number = spec.type in ("number", "integer")
        assert (
            any(bound is not None for bound in bounds)
            or not is_number
            or ((name, spec.name) in free)
        )


@pytest.mark.parametrize("name", schema_names())
def test_the_examples_of_a_schema_follow_it(name):
    for spec in load_schema(name).columns.values():
        contract = pandera_schema(
            one_column(load_schema(name), spec.name), Known(visits=None, participants=None)
        )
        for example in spec.examples:
            if not example.startswith("<"):
                typed = {"text": str, "number": float, "integer": float}.get(spec.type)
                value = typed(example) if typed else pd.NA if spec.type == "flag" else example
                column = contract.columns[spec.name]
                frame = pd.DataFrame({spec.name: pd.Series([value], dtype=column.dtype.type)})
                assert len(column.validate(frame)) == 1, f"{spec.name}: {example}"


def one_column(schema, name):
    return replace(schema, columns={name: schema.columns[name]}, rules=())


@pytest.mark.parametrize("name", schema_names())
def test_no_rule_has_the_name_of_a_cell_rule(name):
    assert not {rule.name for rule in load_schema(name).rules} & set(CELL_RULES)


def test_a_data_dictionary():
    table = describe_schema("bdnf").set_index("column")
    assert table.loc["bdnf_ng_ml"].tolist()[1:5] == [
        "number",
        "ng/mL",
        "a number above 0",
        "no",
    ]
    assert table.loc["participant_id", "required"] == "yes"
    assert "suicidality" in describe_rules("madrs")["rule"].tolist()


def test_a_schema_of_the_users_own(tmp_path):
    nights = pd.DataFrame({"participant_id": ["P01", "07", "P03"], "hours": [8, 7, 25]})
    check = check_table(nights, own(tmp_path))
    assert check.sentences() == (
        "table sleep, row 3: participant_id is '07'; allowed: text of the form P[0-9]{2}. Correct "
        "it.",
        "table sleep, row 4: hours is 25; allowed: a number of 24 or less. Correct it, or leave it "
        "empty if it is not known.",
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("unit: h", "unitt: h", "sleep.yaml, column 'hours': key is 'unitt'; allowed: 'meaning'"),
        ("type: number", "type: float", "sleep.yaml, column 'hours': type is 'float'; allowed: "),
        ("maximum: 24", "maximum: x", "sleep.yaml, column 'hours', maximum: a number is wanted; "),
        ("  participant_id:", "  id:", "sleep.yaml has no column 'participant_id'; every table "),
        ("extra_columns: refused", "extra_columns: no", "sleep.yaml: extra_columns is 'False'; "),
        ("if_empty: false", "if_empty: 3", "sleep.yaml, column 'good': if_empty is 3, which does "),
        ("type: flag", "allowed: [yes]", "sleep.yaml, column 'good': allowed holds True; put it "),
        ("check: unique_rows", "check: uniq_rows", "sleep.yaml: check is 'uniq_rows'; allowed: "),
        ("noun: night", "non: night", "sleep.yaml: rule 'one_night': setting is 'non'; "),
        (", noun: night", "", "sleep.yaml: rule 'one_night' lacks the setting 'noun'."),
        ("[participant_id], noun", "[gone], noun", "sleep.yaml: rule 'one_night' names 'gone', "),
        (
            '"P[0-9]{2}"',
            '"P[0-9{2}"',
            "sleep.yaml, column 'participant_id': pattern 'P[0-9{2}' is no",
        ),
        ("columns:\n", "columns: [\n", "sleep.yaml is not readable as YAML: "),
        (OWN, "- 1", "sleep.yaml: a mapping of names is wanted; [1] was found."),
    ],
)
def test_a_schema_file_that_cannot_be_used(tmp_path, old, new, sentence):
    assert old in OWN
    path = own(tmp_path, OWN.replace(old, new, 1))
    with pytest.raises(SchemaError) as caught:
        check_table(pd.DataFrame({"participant_id": ["P01"]}), path)
    assert str(caught.value).startswith(sentence)


def test_an_unknown_schema():
    with pytest.raises(SchemaError) as caught:
        load_schema("madr")
    assert str(caught.value) == (
        "schema is 'madr'; allowed: 'bdi2', 'bdnf', 'blots', 'cadss', 'cdrsr', 'cssrs', "
        "'elisa_plates', 'hamd17', 'madrs', 'markers', 'participants', 'qids_sr16', 'ymrs'. Did "
        "you mean 'madrs'? A schema of your own is given by the path of its .yaml file."
    )


def test_a_schema_file_that_is_not_there():
    with pytest.raises(SchemaError, match=r"^There is no schema file 'gone\.yaml'\.$"):
        load_schema("gone.yaml")


def test_the_environment_cannot_switch_the_checks_off(monkeypatch):
    monkeypatch.setattr(CONFIG, "validation_enabled", False)
    assert not check_table(pd.DataFrame({"participant_id": ["A"], "sex": ["q"]}), "participants").ok
