"""A study's own additions to a schema: what they tighten, and what they may not loosen."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import SchemaError, StudyError
from ketbio.study import check_study, read_study, study_schema
from ketbio.tables import check_table, extended_schema, extension_faults, load_schema
from ketbio.tables.rules.contract import Known, pandera_schema

NOBODY = Known(visits=None, participants=None)
SITE = {
    "columns": {
        "participant_id": {"pattern": "S[0-9]{2}-[0-9]{3}"},
        "age_years": {"minimum": 12, "maximum": 17, "required": True},
        "sex": {"allowed": ["female", "male"]},
        "height_cm": {
            "meaning": "Height",
            "type": "number",
            "unit": "cm",
            "minimum": 100,
            "maximum": 220,
            "rule": "A number.",
        },
    },
    "rules": [
        {
            "name": "height_where_aged",
            "check": "any_filled",
            "with": {"columns": ["height_cm", "site"]},
            "severity": "warning",
            "rule": "Each participant has a height or a site.",
        }
    ],
}


def people(**changed):
    one = {"participant_id": "S01-001", "sex": "female", "age_years": "15", "height_cm": "160"}
    return pd.DataFrame([one | changed])


# -- what an addition does -------------------------------------------------------------------
def test_what_fits_the_addition_is_accepted():
    check = check_table(people(), "participants", extend=SITE)
    assert check.ok
    assert check.accepted["height_cm"].tolist() == [160.0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"participant_id": "P01"}, "'P01'; allowed: text of the form S[0-9]{2}-[0-9]{3}."),
        ({"age_years": "18"}, "age_years is 18; allowed: a number from 12 to 17."),
        ({"age_years": ""}, "age_years is empty; every row needs it."),
        ({"sex": "other"}, "'other'; allowed: 'female', 'male'."),
        ({"height_cm": "1.6"}, "height_cm is 1.6; allowed: a number from 100 to 220."),
        ({"height_cm": ""}, "The row has none of height_cm or site"),
    ],
)
def test_what_breaks_it_is_said_as_of_any_schema(changed, said):
    check = check_table(people(**changed), "participants", extend=SITE)
    assert said in "\n".join(check.sentences())


def test_the_schema_alone_is_as_it_was():
    before = load_schema("participants")
    extended_schema(before, SITE)
    assert load_schema("participants") == before
    assert check_table(people().drop(columns="height_cm"), "participants").ok


def test_the_version_says_that_and_how_it_was_extended():
    schema = load_schema("participants")
    made = extended_schema(schema, SITE)
    again = extended_schema(schema, dict(reversed(SITE.items())))
    other = extended_schema(schema, {"columns": {"age_years": {"minimum": 18}}})
    assert made.version.startswith(f"{schema.version}+ext.")
    assert made.version == again.version != other.version
    assert check_table(people(), "participants", extend=SITE).schema_version == made.version
    assert extended_schema(schema, {}) is extended_schema(schema, None) is schema


def test_named_rules_survive_into_pandera():
    made = pandera_schema(extended_schema(load_schema("participants"), SITE), NOBODY)
    names = [check.error for check in made.checks]
    assert names[-1] == "height_where_aged"
    assert {rule.name for rule in load_schema("participants").rules} < set(names)
    assert [check.error for check in made.columns["age_years"].checks] == ["range"]
    assert "pattern" in [check.error for check in made.columns["participant_id"].checks]


def test_a_second_pattern_stands_beside_the_first():
    schema = extended_schema(
        load_schema("markers"), {"columns": {"participant_id": {"pattern": "[A-Z]+[0-9]+"}}}
    )
    both = extended_schema(schema, {"columns": {"participant_id": {"pattern": ".{3}"}}})
    column = pandera_schema(both, NOBODY).columns["participant_id"]
    for code, fits in {"P01": True, "P1": False, "123": False, "P011": False}.items():
        passed = True
        try:
            column.validate(pd.DataFrame({"participant_id": pd.Series([code], dtype="str")}))
        except Exception:
            passed = False
        assert passed is fits, code
    assert both.columns["participant_id"].allowed_text == "text of the form [A-Z]+[0-9]+ and .{3}"


def test_an_own_column_can_be_converted_and_be_below_a_limit():
    made = extended_schema(
        load_schema("participants"),
        {
            "columns": {
                "crp_ng_ml": {"meaning": "CRP", "type": "number", "unit": "ng/mL"},
                "crp_pg_ml": {
                    "meaning": "CRP",
                    "type": "number",
                    "unit": "pg/mL",
                    "converted_to": "crp_ng_ml",
                },
            }
        },
    )
    assert made.columns["crp_pg_ml"].factor == 1000


# -- what it may not do ----------------------------------------------------------------------
def column(name, **keys):
    return {"columns": {name: keys}}


def rule(**keys):
    one = {"name": "own", "check": "any_filled", "with": {"columns": ["visit"]}, "rule": "Words."}
    return {"rules": [{key: value for key, value in (one | keys).items() if value is not None}]}


REFUSED = [
    (column("madrs_total", maximum=61), ("columns", "madrs_total", "maximum"),
     "maximum of 'madrs_total' is 61; a study can lower the maximum of 60, not raise it (a schema "
     "file of your own can)."),
    (column("madrs_total", minimum=-1), ("columns", "madrs_total", "minimum"),
     "minimum of 'madrs_total' is -1; a study can raise the lower bound of 0, not lower it"),
    (column("madrs_total", above=-1), ("columns", "madrs_total", "above"), "not lower it"),
    (column("madrs_total", minimum=50, maximum=40), ("columns", "madrs_total", "minimum"),
     "'madrs_total' would lie from 50 to 40, where nothing lies; correct the range."),
    (column("madrs_total", minimum="3"), ("columns", "madrs_total", "minimum"),
     "minimum of 'madrs_total' is '3'; a number is wanted."),
    (column("visit", minimum=3), ("columns", "visit", "minimum"),
     "a column of type text has no range."),
    (column("visit", required=False), ("columns", "visit", "required"),
     "a study can ask for more than its schema, not for less"),
    (column("visit", required="yes"), ("columns", "visit", "required"), "true or false is wanted"),
    (column("visit", type="number"), ("columns", "visit", "type"),
     "a key of the known column 'visit' is 'type'; allowed: 'minimum', 'maximum'"),
    (column("visit", alowed=["a"]), ("columns", "visit", "alowed"), "Did you mean 'allowed'?"),
    (column("visit", pattern="[a"), ("columns", "visit", "pattern"), "is no regular expression"),
    (column("visit", pattern=3), ("columns", "visit", "pattern"), "a regular expression is wanted"),
    (column("visit", allowed="a"), ("columns", "visit", "allowed"), "a list of text is wanted"),
    (column("visit", allowed=["a"], pattern="b"), ("columns", "visit", "allowed"),
     "no word allowed for 'visit' is of the form b"),
    (column("height", type="number"), ("columns", "height"), "lacks 'meaning'; add it."),
    (column("visti", allowed=["a"]), ("columns", "visti"), "add it. Did you mean 'visit'?"),
    (column("Height", meaning="x"), ("columns", "Height"), "is written in small letters"),
    (column("height", meaning="x", typ="text"), ("columns", "height", "typ"),
     "a key of the own column 'height' is 'typ'; allowed: 'meaning'"),
    (column("height", meaning="x", type="float"), ("columns", "height"), "type is 'float'"),
    (column("height", meaning="x", converted_to="gone"), ("columns", "height"),
     "column is 'gone'; allowed: 'participant_id'"),
    ({"columns": {"visit": 3}}, ("columns", "visit"), "columns.visit is 3; a table is wanted."),
    ({"columns": []}, ("columns",), "columns is []; a table is wanted."),
    ({"rules": {}}, ("rules",), "rules is {}; a list of tables is wanted."),
    ({"rules": [3]}, ("rules", 0), "a rule is 3; a table is wanted."),
    ({"colums": {}}, ("colums",), "Did you mean 'columns'?"),
    (rule(name="total_is_sum"), ("rules", 0, "name"),
     "rule 'total_is_sum' is there already and cannot be changed by a study"),
    (rule(name="range"), ("rules", 0, "name"), "rule 'range' is there already"),
    (rule(check="any_filed"), ("rules", 0, "check"), "Did you mean 'any_filled'?"),
    (rule(check=None), ("rules", 0), "each rule needs a name and a check."),
    (rule(severity="bad"), ("rules", 0), "severity is 'bad'; allowed: 'safety', 'error'"),
    (rule(rule=None), ("rules", 0), "lacks 'rule', what it says in words; add it."),
    (rule(whit={}), ("rules", 0, "whit"), "a key of a rule is 'whit'; allowed: 'name'"),
    (rule(**{"with": {"columns": ["visti"]}}), ("rules", 0, "check"),
     "rule 'own' names 'visti', which is no column of madrs;"),
    (rule(**{"with": {"column": ["visit"]}}), ("rules", 0, "check"), "setting is 'column'"),
    (rule(**{"with": {"columns": 3}}), ("rules", 0, "check"),
     "rule 'own': columns is 3; a list of different columns is wanted."),
]  # fmt: skip


@pytest.mark.parametrize(("extend", "path", "sentence"), REFUSED)
def test_an_addition_that_cannot_be_used(extend, path, sentence):
    faults = extension_faults(load_schema("madrs"), extend)
    assert [fault.path for fault in faults] == [path]
    assert sentence in faults[0].sentence
    with pytest.raises(SchemaError) as refused:
        check_table(pd.DataFrame({"participant_id": ["P01"]}), "madrs", extend=extend)
    assert str(refused.value) == f"extend: {faults[0].sentence}"


def test_a_word_cannot_be_added_and_a_level_below_its_limit_not_required():
    faults = extension_faults(
        load_schema("bdnf"),
        {"columns": {"specimen": {"allowed": ["saliva"]}, "bdnf_ng_ml": {"required": True}}},
    )
    assert "A study can leave words out, not add any" in faults[0].sentence
    assert "the value is empty where below_lloq is true" in faults[1].sentence


bounds = st.one_of(st.none(), st.integers(-10, 130), st.floats(-10, 130))


@settings(max_examples=60, deadline=None)
@given(low=bounds, high=bounds, above=bounds, value=st.floats(-20, 140))
def test_an_addition_never_lets_pass_what_the_schema_refuses(low, high, above, value):
    given_ = {"minimum": low, "maximum": high, "above": above}
    extend = column("age_years", **{key: one for key, one in given_.items() if one is not None})
    schema = load_schema("participants")
    if extension_faults(schema, extend):
        return

    def passes(one):
        spec = one.columns["age_years"]
        return (
            (spec.minimum is None or value >= spec.minimum)
            and (spec.maximum is None or value <= spec.maximum)
            and (spec.above is None or value > spec.above)
        )

    assert passes(schema) or not passes(extended_schema(schema, extend))


# -- in a study file -------------------------------------------------------------------------
STUDY = """[study]
id = "small"
title = "A small study"

[visits]
order = ["baseline", "day_14"]
baseline = "baseline"
endpoint = "day_14"

[tables.participants]
file = "participants.csv"

[tables.participants.extend]
columns.participant_id.pattern = "P[0-9]{2}"
columns.age_years.minimum = 12

[[tables.participants.extend.rules]]
name = "site_known"
check = "any_filled"
with = { columns = ["site", "sex"] }
rule = "Each participant has a site or a sex."

[[tables.participants.extend.rules]]
name = "group_known"
check = "any_filled"
with = { columns = ["group", "arm", "sex"] }
severity = "warning"
rule = "Each participant has a group or an arm."
"""


@pytest.fixture
def study_file(tmp_path):
    def write(*replaced):
        text = STUDY
        for old, new in replaced:
            assert old in text, old
            text = text.replace(old, new)
        (tmp_path / "participants.csv").write_text(
            "participant_id,sex,age_years\nP01,female,15\n7,male,11\n"
        )
        path = tmp_path / "study.toml"
        path.write_text(text)
        return path

    return write


def test_a_study_extends_its_schemas(study_file):
    study = read_study(study_file())
    check = check_study(study)["participants"]
    assert [line.partition(": ")[2].partition(";")[0] for line in check.sentences("error")] == [
        "participant_id is '7'",
        "age_years is 11",
    ]
    schema = study_schema(study, "participants")
    assert [rule.name for rule in schema.rules][-2:] == ["site_known", "group_known"]
    assert schema.version == check.schema_version


@pytest.mark.parametrize(
    ("replaced", "line", "sentence"),
    [
        (("age_years.minimum = 12", "age_years.minimum = -1"), 15, "tables.participants: minimum"),
        (("age_years.minimum", "age_years.minimun"), 15, "Did you mean 'minimum'?"),
        (('check = "any_filled"\nwith = { columns = ["site", "sex"] }',
          'check = "any_filed"\nwith = { columns = ["site", "sex"] }'), 19, "Did you mean"),
        (('["group", "arm", "sex"]', '["grup", "arm"]'), 25, "'grup', which is no column"),
        (("severity", "severty"), 27, "Did you mean 'severity'?"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_before_any_data_are_read(
    study_file, replaced, line, sentence
):
    with pytest.raises(StudyError) as refused:
        read_study(study_file(replaced))
    assert str(refused.value).startswith(f"study.toml, line {line}: ")
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        (
            {"own": {"meaning": "M", "type": "number", "minimum": 100, "maximum": 50}},
            "column 'own': 'own' would lie from 100 to 50, where nothing lies; correct the range.",
        ),
        (
            {"own": {"meaning": "M", "type": "number", "maximum": float("nan")}},
            "column 'own', maximum is nan, no bound; leave it out.",
        ),
        (
            {"own": {"meaning": "M", "type": "integer", "minimum": 10**400}},
            f"column 'own', minimum is {10**400}, no bound; leave it out.",
        ),
        (
            {"age_years": {"maximum": float("nan")}},
            "maximum of 'age_years' is nan, no bound; leave",
        ),
        ({"age_years": {"above": float("inf")}}, "above of 'age_years' is inf, no bound; leave it"),
    ],
)
def test_a_range_that_holds_nothing_is_refused(column, sentence):
    with pytest.raises(SchemaError) as caught:
        check_table(people(), "participants", extend={"columns": column})
    assert sentence in str(caught.value)


@pytest.mark.parametrize(("low", "high"), [("5", "1"), (".nan", "1"), ("0", ".inf")])
def test_a_schema_file_with_such_a_range_is_refused(tmp_path, low, high):
    path = tmp_path / "own.yaml"
    path.write_text(
        "columns:\n  participant_id: {type: text, required: true}\n"
        f"  x: {{type: number, minimum: {low}, maximum: {high}}}\n"
    )
    with pytest.raises(SchemaError, match=r"own.yaml, column 'x'.*(nothing lies|no bound)"):
        load_schema(path)
