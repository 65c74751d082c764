"""What a rule of a schema file is set to is held to what the rule takes, before any data come."""

import copy
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest
import yaml

from ketbio.errors import SchemaError
from ketbio.tables import check_large_table, check_table, load_schema, schema_names
from ketbio.tables.contracts.columns_and_rules import COLUMN_KEYS
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
     "items is 'madrs_total'; a list of different columns, or of lists with the highest of each, "),
    ("madrs", "total_is_sum", "items", ["lassitude", ["inner_tension", "rater_id"]],
     "names 'rater_id', which is a column of 'text'"),
    ("madrs", "plausible_jump", "limits", [0],
     "limits is [0]; a list of two numbers, the lower first, is wanted."),
    ("madrs", "plausible_jump", "limits", [60, 0],
     "limits is [60, 0]; a list of two numbers, the lower first, is wanted."),
    ("madrs", "plausible_jump", "share", True, "share is True; a part of the range, above 0 and"),
    ("madrs", "plausible_jump", "share", 67, "share is 67; a part of the range, above 0 and at"),
    ("madrs", "plausible_jump", "limits", [0, 0], "limits is [0, 0]; a list of two numbers, the"),
    ("madrs", "total_is_sum", "items", ["lassitude", "lassitude"],
     "items is ['lassitude', 'lassitude']; a list of different columns, or of lists with"),
    ("madrs", "total_is_sum", "items", ["lassitude", "madrs_total"],
     "'madrs_total' is the total and among the items; name the items alone."),
    ("madrs", "enough_items", "may_be_missing", 10,
     "may_be_missing is 10, and there are 10 items; fewer than that can be missing."),
    ("madrs", "total_fits_items", "item_maximum", {"lassitude": 6},
     "item_maximum has nothing for 'apparent_sadness', 'reported_sadness',"),
    ("madrs", "total_fits_items", "item_maximum", {"lasitude": 6},
     "an item of item_maximum is 'lasitude'; allowed: 'apparent_sadness',"),
    ("madrs", "total_fits_items", "item_minimum", 6,
     "'apparent_sadness' would lie from 6 to 6; correct the bounds."),
    ("madrs", "suicidality", "at", 7,
     "looks from 7 on, and 'suicidal_thoughts' goes up to 6; set 'at' to the score from which on"),
    ("madrs", "suicidality", "rise", 0, "rise is 0; a number above 0 is wanted."),
    ("bdnf", "plausible_level", "ranges", {"Serum": [1, 60]},
     "a word of ranges is 'Serum'; allowed: 'serum', 'plasma',"),
    ("blots", "site_of_phospho", "filled", ["Phospho"],
     "a word of filled is 'Phospho'; allowed: 'phospho', 'total'"),
    ("bdnf", "limits_fit", "lower", "bdnf_pg_ml", "is in 'pg/mL'; 'ng/mL' is wanted there."),
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
        ("column", "pattern", None, "pattern is None; a regular expression in quotes is"),
        ("column", "pattern", "(?i)f.*", "flags such as (?i) are written around what they are for"),
        ("column", "minimum", 1, "minimum is for a column of the type 'number' or 'integer', and"),
        ("age_years", "pattern", "[0-9]+", "pattern is for a column of the type 'text', and this"),
        ("age_years", "allowed", ["1", "2"], "allowed is for a column of the type 'text', and"),
        ("age_years", "above", 1, "minimum and above are both there; keep one of them."),
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
    name = "sex" if place == "column" else place
    (changed if place == "top" else changed["columns"][name])[key] = value
    with pytest.raises(SchemaError) as refused:
        load(changed, tmp_path)
    assert said in str(refused.value)


def test_two_rules_of_one_name_are_refused(tmp_path):
    changed = content("participants")
    changed["rules"].append(changed["rules"][0])
    with pytest.raises(SchemaError, match="there are two rules 'alike_codes'; rename yours"):
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


# -- what would be taken in silence ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("twice", "line"),
    [("rules: []\n", 8), ("columns: {participant_id: {meaning: x}}\n", 8), ("name: b\n", 8)],
)
def test_a_key_that_stands_twice_is_refused(twice, line, tmp_path):
    text = (
        "name: a\ncolumns:\n  participant_id: {meaning: x, required: true}\n"
        "rules:\n  - name: once\n    check: unique_rows\n"
        "    with: {columns: [participant_id], noun: row}\n"
    )
    path = tmp_path / "own.yaml"
    path.write_text(text + twice, encoding="utf-8")
    word = twice.partition(":")[0]
    with pytest.raises(SchemaError) as refused:
        load_schema(path)
    said = f"own.yaml, line {line}: {word!r} stands there twice; join the two."
    assert str(refused.value) == said


def test_a_key_that_stands_twice_below_is_refused_too(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("columns:\n  participant_id: {maximum: 3, maximum: 30}\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="line 2: 'maximum' stands there twice"):
        load_schema(path)


@pytest.mark.parametrize("name", ["row", "complaint", "extra_cells"])
def test_a_name_that_ketbio_writes_beside_rejected_rows_is_taken(name, tmp_path):
    changed = content("participants")
    changed["columns"][name] = {"meaning": "x"}
    with pytest.raises(SchemaError, match=f"column '{name}': ketbio writes such a column"):
        load(changed, tmp_path)


@pytest.mark.parametrize("name", ["safety_unseen", "missing_column", "range", "known_visit"])
def test_a_name_by_which_complaints_are_told_apart_is_taken(name, tmp_path):
    changed = content("participants")
    changed["rules"][0]["name"] = name
    with pytest.raises(SchemaError, match=f"there are two rules '{name}'; rename yours"):
        load(changed, tmp_path)


def test_a_limit_goes_to_a_column_of_the_same_unit(tmp_path):
    changed = content("bdnf")
    changed["columns"]["lloq_ng_ml"]["unit"] = "pg/mL"
    with pytest.raises(SchemaError, match="its limits go to 'lloq_ng_ml', which is in 'pg/mL', wh"):
        load(changed, tmp_path)


def test_a_level_says_its_unit_in_its_name(tmp_path):
    changed = content("bdnf")
    text = yaml.safe_dump(changed).replace("bdnf_pg_ml", "bdnf_low")
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match="names 'bdnf_low', which is in 'pg/mL', while its name"):
        load_schema(path)


# -- safety of one's own ---------------------------------------------------------------------------
PHQ9 = """
name: phq9
columns:
  participant_id: {meaning: Code, required: true}
  visit: {meaning: Visit, required: true}
  interest: {meaning: "Item 1", type: integer, minimum: 0, maximum: 3}
  better_dead: {meaning: "Item 9", type: integer, minimum: 0, maximum: 3}
  has_plan: {meaning: "A plan", type: flag}
  phq9_total: {meaning: Total, type: integer, minimum: 0, maximum: 27}
rules:
  - name: item9
    check: suicidality
    with: {item: better_dead, at: 2, rise: 1}
    severity: safety
    rule: Item 9 at 2 or more, or 1 or more points worse.
  - name: plan
    check: not_flagged
    with: {flag: has_plan, consequence: inform the responsible clinician now}
    severity: safety
    rule: A plan.
"""


@pytest.fixture
def phq9(tmp_path):
    path = tmp_path / "phq9.yaml"
    path.write_text(PHQ9, encoding="utf-8")
    return path


def both_roads(frame, schema, tmp_path):
    """Check a table in memory and in batches; both say the same."""
    path = tmp_path / "t.csv"
    frame.to_csv(path, index=False)
    whole = check_table(path, schema, visits=["baseline", "day_14"])
    large = check_large_table(path, schema, visits=["baseline", "day_14"], batch_rows=2)
    pd.testing.assert_frame_equal(large.complaints, whole.complaints)
    assert large.summary() == whole.summary()
    assert sorted(large.notes) == sorted(whole.notes)
    return whole


def phq9_rows(**columns):
    given = {
        "participant_id": ["P01", "P01", "P02", "P02"],
        "visit": ["baseline", "day_14"] * 2,
        "interest": [1, 1, 2, 2],
        "better_dead": [2, 0, 0, 1],
        "has_plan": ["false", "false", "true", "false"],
        "phq9_total": [9, 9, 9, 9],
    }
    frame = pd.DataFrame({**given, **columns})
    return frame.loc[:, [name for name in frame if not frame[name].eq("absent").all()]]


def test_the_score_and_the_rise_that_alarm_are_the_schemas_own(phq9, tmp_path):
    check = both_roads(phq9_rows(), phq9, tmp_path)
    told = check.complaints.loc[check.complaints["severity"] == "safety", ["row", "message"]]
    of_row = told.set_index("row")["message"]
    assert set(of_row.index) == {2, 4, 5}
    assert "(a score of 2 or more)" in of_row[2]
    assert "has_plan is true; inform the responsible clinician now" in of_row[4]
    assert "up from 0 at baseline (a rise of 1 or more)" in of_row[5]
    assert "3 safety complaints," in check.summary()


@pytest.mark.parametrize(
    ("columns", "note"),
    [
        ({"better_dead": "absent"}, "There is no column better_dead: the safety check could not"),
        ({"has_plan": "absent"}, "There is no column has_plan: the safety check could not be done"),
        ({"better_dead": ["", "", "0", "0"]}, "No score of better_dead in 2 records: the safety"),
        ({"better_dead": ["", "", "", ""]}, "No score of better_dead in 4 records: the safety"),
    ],
)
def test_what_could_not_be_looked_at_is_said(columns, note, phq9, tmp_path):
    check = both_roads(phq9_rows(**columns), phq9, tmp_path)
    assert any(one.startswith(note) for one in check.notes)
    assert "(not all was looked at)" in check.summary()


def test_a_record_without_a_number_was_no_rating(phq9, tmp_path):
    empty = {name: ["", "1", "1", "1"] for name in ("interest", "better_dead", "phq9_total")}
    check = both_roads(phq9_rows(**empty), phq9, tmp_path)
    assert "(not all was looked at)" not in check.summary()


def test_the_item_of_a_scale_with_a_number_in_its_name_is_known(phq9):
    frame = phq9_rows(better_dead="absent").assign(PHQ9_9=[0, 0, 0, 0])
    check = check_table(frame, phq9, ignore=["PHQ9_9"])
    unseen = check.complaints[check.complaints["rule"] == "safety_unseen"]
    assert unseen["column"].tolist() == ["PHQ9_9"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("severity: safety", "severity: error", "'item9' is of severity 'error'; 'safety' is wan"),
        ("at: 2", "at: 4", "'item9' looks from 4 on, and 'better_dead' goes up to 3; set 'at' to"),
        ("minimum: 0, maximum: 3}\n  has", "if_empty: 0}\n  has",
         "looks at 'better_dead', for which the schema takes something where nothing was written"),
    ],
)  # fmt: skip
def test_a_rule_of_safety_that_would_not_alarm_is_refused(old, new, said, tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(PHQ9.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaError, match=said):
        load_schema(path)


def test_a_score_that_a_word_of_the_caller_hides_is_told_by_the_schemas_own_alarm(phq9):
    check = check_table(phq9_rows(), phq9, missing_in={"better_dead": ["2"]})
    unsure = check.complaints[check.complaints["rule"] == "safety_unsure"]
    assert unsure["row"].tolist() == [2]


def test_a_rule_made_an_error_does_not_say_that_the_row_is_kept(tmp_path):
    changed = content("bdnf")
    next(one for one in changed["rules"] if one["name"] == "plausible_level")["severity"] = "error"
    load(changed, tmp_path)
    level = {"participant_id": ["P01"], "visit": ["a"], "specimen": ["plasma"], "bdnf_ng_ml": [12]}
    for schema, is_kept in (("bdnf", True), (tmp_path / "own.yaml", False)):
        check = check_table(pd.DataFrame(level), schema)
        told = check.complaints.set_index("rule").loc["plausible_level", "message"]
        assert ("The row is kept." in told) == is_kept == bool(len(check.accepted))


# -- the page on schemas of one's own --------------------------------------------------------------
PAGE = Path(__file__).parents[2] / "docs" / "own_schema.md"


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_page_names_every_check_with_its_settings(name):
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| `{name}`")]
    assert len(rows) == 1
    settings = rows[0].split("|")[2]
    for setting in RULES[name].annotations:
        assert f"`{setting}`" in settings


def test_the_page_names_every_key_of_a_column():
    text = PAGE.read_text("utf-8")
    assert [key for key in COLUMN_KEYS if f"`{key}`" not in text] == []


def test_the_schema_of_the_page_can_be_used(tmp_path):
    path = tmp_path / "phq9.yaml"
    path.write_text(PAGE.read_text("utf-8").split("```yaml\n")[1].split("```")[0], "utf-8")
    check = check_table(phq9_rows().drop(columns=["interest", "has_plan"]), path)
    assert set(check.complaints["rule"]) == {"item9"}
