"""What the caller's words or a row filter would hide of safety is said all the same."""

import json

import pandas as pd
import pytest

from ketbio.intake import log_checks, read_check_log
from ketbio.tables import check_table, render_checks
from ketbio.tables.rules.safety import item_words

VISITS = ["baseline", "day_14"]
ADAM = {
    "parameters": {"MADTOT": "madrs_total", "MAD10": "suicidal_thoughts"},
    "visits": {"Baseline": "baseline", "Week 2": "day_14"},
}
LONG = ["USUBJID", "AVISIT", "PARAMCD", "AVAL", "AVALC", "DTYPE", "ANL01FL"]


def ratings(*scores, item="suicidal_thoughts", ids=None):
    n = len(scores)
    ids = ids or [f"P{i:02}" for i in range(1, n + 1)]
    visits = VISITS if n > 1 and len({one.casefold() for one in ids}) == 1 else ["baseline"] * n
    return pd.DataFrame(
        {"participant_id": ids, "visit": visits[:n], item: list(scores), "madrs_total": ["20"] * n}
    )


def told(check, rule):
    chosen = check.complaints[check.complaints["rule"] == rule]
    return list(zip(chosen["row"], chosen["severity"], chosen["message"], strict=True))


def long(*rows):
    return pd.DataFrame(rows, columns=LONG)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"missing": ["5"]}, "is '5' in the file, which is taken as missing;"),
        ({"missing_in": {"suicidal_thoughts": ["5"]}}, "is '5' in the file, which is taken as"),
        ({"values": {"suicidal_thoughts": {"5": "0"}}}, "which values takes for '0';"),
    ],
)
def test_a_score_that_the_caller_empties_or_lowers_is_looked_at(how, said):
    found = told(check_table(ratings("5", "2"), "madrs", **how), "safety_unsure")
    assert [one[:2] for one in found] == [(2, "safety")]
    assert said in found[0][2]
    assert "P01" in found[0][2]


def test_a_code_of_the_file_s_own_is_no_alarm():
    shifted = {str(i + 1): str(i) for i in range(7)}
    check = check_table(ratings("4", "1"), "madrs", values={"suicidal_thoughts": shifted})
    assert check.counts()["safety"] == 0


def test_a_constant_over_the_item_is_said():
    for item in ("suicidal_thoughts", "madrs10"):
        check = check_table(ratings("5", item=item), "madrs", constants={"suicidal_thoughts": "0"})
        assert [one[1] for one in told(check, "safety_unseen")] == ["warning"]


@pytest.mark.parametrize("name", ["Item 10", "madrs10", "MADRS_10", "q10", "Suizidgedanken"])
def test_an_item_left_out_under_another_name_is_said(name):
    check = check_table(ratings("5", item=name), "madrs", ignore=[name])
    assert [one[1] for one in told(check, "safety_unseen")] == ["warning"]


@pytest.mark.parametrize("name", ["Item 1", "madrs_1", "q100", "site"])
def test_another_column_left_out_is_not(name):
    assert told(check_table(ratings("5", item=name), "madrs", ignore=[name]), "safety_unseen") == []


def test_a_rise_between_two_spellings_is_seen():
    check = check_table(ratings("1", "3", ids=["P01", "p-1"]).assign(visit=VISITS), "madrs",
                        visits=VISITS)  # fmt: skip
    assert check.sentences("safety") == (
        "table madrs, row 3: Participant p-1: suicidal thoughts 3 at day_14, up from 1 at "
        "baseline if 'P01' and 'p-1' are one participant (a rise of 2 or more); inform the "
        "responsible clinician now.",
    )


def test_another_spelling_hides_no_rise_of_its_own():
    frame = pd.DataFrame(
        {
            "participant_id": ["P01", "p01", "P01"],
            "visit": ["a", "b", "c"],
            "suicidal_thoughts": ["1", "3", "3"],
            "madrs_total": ["9", "9", "9"],
        }
    )
    check = check_table(frame, "madrs", visits=["a", "b", "c"])
    assert [one[0] for one in told(check, "suicidality")] == [3, 4]


def test_what_stops_a_check_does_not_hide_where_it_did_not_look():
    frame = ratings("5").assign(email="someone@example.org")
    check = check_table(frame, "madrs", ignore=["suicidal_thoughts"])
    assert len(told(check, "safety_unseen")) == 1


def test_the_item_is_called_as_its_scale_calls_it():
    frame = pd.DataFrame(
        {"participant_id": ["P01", "P02"], "visit": ["a", "a"], "cssrs_ideation": ["4", "yes"]}
    )
    said = check_table(frame, "cssrs").sentences("safety")
    assert all("C-SSRS ideation" in one for one in said)
    assert len(said) == 2
    assert item_words("suicidal_thoughts") == "suicidal thoughts"


@pytest.mark.parametrize(
    "more",
    [{"only": {"ANL01FL": "Y"}}, {"imputed_rows": "leave_out"}, {"ignore_parameters": ["MAD10"]}],
)
def test_rows_of_a_long_table_that_are_left_out_hide_nobody(more):
    frame = long(
        ("P01", "Baseline", "MADTOT", "30", "", "", "Y"),
        ("P01", "Baseline", "MAD10", "5", "", "LOCF", ""),
        ("P02", "Baseline", "MAD10", "2", "", "LOCF", ""),
    )
    adam = {**ADAM, **more}
    if "ignore_parameters" in more:
        adam["parameters"] = {"MADTOT": "madrs_total"}
    check = check_table(frame, "madrs", visits=VISITS, adam=adam)
    unsure, unseen = told(check, "safety_unsure"), told(check, "safety_unseen")
    assert unsure == [
        (3, "safety", "Row 3 is left out, but holds suicidal thoughts 5; look at the original "
         "rating now.")
    ]  # fmt: skip
    assert [one[:2] for one in unseen] == [(4, "warning")]


def test_rows_of_an_export_that_are_left_out_hide_nobody(tmp_path):
    forms = {"record_id": "people", "suicidal_thoughts": "rating", "madrs_total": "rating"}
    fields = [f"{name},{form},,text,{name}{',' * 13}" for name, form in forms.items()]
    header = (
        "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
        '"Choices, Calculations, OR Slider Labels",Field Note,'
        "Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,"
        "Identifier?,Branching Logic (Show field only if...),Required Field?,Custom Alignment,"
        "Question Number (surveys only),Matrix Group Name,Matrix Ranking?,Field Annotation"
    )
    (tmp_path / "d.csv").write_text("\n".join([header, *fields]) + "\n", encoding="utf-8")
    frame = pd.DataFrame(
        {
            "record_id": ["P01", "P01", "P02"],
            "redcap_event_name": ["base_arm_1", "extra_arm_1", "extra_arm_1"],
            "suicidal_thoughts": ["1", "5", "1"],
            "madrs_total": ["20", "30", "9"],
        }
    )
    for how in ({"ignore_events": ["extra_arm_1"]}, {}):
        events = {"base_arm_1": "baseline", **({} if how else {"extra_arm_1": "-"})}
        options = {"dictionary": str(tmp_path / "d.csv"), "events": events, **how}
        check = check_table(frame, "madrs", visits=VISITS, redcap=options)
        assert [one[:2] for one in told(check, "safety_unsure")] == [(3, "safety")]
        assert [one[:2] for one in told(check, "safety_unseen")] == [(4, "warning")]


def test_a_number_and_a_text_that_contradict_each_other_are_an_error():
    frame = long(
        ("P01", "Baseline", "MADTOT", "30", "31", "", ""),
        ("P02", "Baseline", "MAD10", "1", "5", "", ""),
        ("P03", "Baseline", "MADTOT", "24", "24.0", "", ""),
    )
    check = check_table(frame, "madrs", visits=VISITS, adam=ADAM)
    assert [one[:2] for one in told(check, "two_values")] == [(2, "error"), (3, "error")]
    assert "AVAL is '30', but AVALC is '31'" in told(check, "two_values")[0][2]
    assert "suicidal thoughts 5" in check.sentences("safety")[0]
    assert check.accepted["participant_id"].tolist() == ["P03"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"madrs_total": [3]}, "0 safety complaints (not all was looked at)"),
        ({"madrs_total": [3], "suicidal_thoughts": [1]}, "0 safety complaints,"),
        ({"madrs_total": [30], "suicidal_thoughts": [5]}, "1 safety complaint,"),
        ({"madrs_total": [30], "MADRS10": [5]}, "0 safety complaints (not all was looked at)"),
    ],
)
def test_none_found_is_not_none_looked_for(columns, said, tmp_path):
    frame = pd.DataFrame({"participant_id": ["P01"], "visit": ["baseline"], **columns})
    check = check_table(frame, "madrs", missing=[])
    assert said in check.summary()
    is_unseen = "not all" in said
    assert ("safety (not all was looked at)" in render_checks([check], format="html")) == is_unseen
    assert ("not all was looked at" in check._repr_html_()) == is_unseen
    told = json.loads(render_checks([check], format="json"))["tables"][0]
    assert told["is_safety_seen"] is not is_unseen
    log_checks([check], tmp_path / "log.jsonl")
    assert read_check_log(tmp_path / "log.jsonl")[0]["is_safety_seen"] is not is_unseen
