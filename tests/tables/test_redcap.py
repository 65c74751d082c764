"""REDCap exports: rows chosen by instrument and event, words by the data dictionary."""

import re

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ketbio.errors import FileError, SchemaError
from ketbio.tables import check_table
from ketbio.tables.layouts.redcap_dictionary import read_dictionary

HEADER = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note",'
    '"Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",'
    'Identifier?,"Branching Logic (Show field only if...)","Required Field?","Custom Alignment",'
    '"Question Number (surveys only)","Matrix Group Name","Matrix Ranking?","Field Annotation"'
)


def field(name, form, kind="text", choices="", *, rule="", low="", high="", private="", needed=""):
    cells = (name, form, "", kind, name, f'"{choices}"', "", rule, low, high, private, "", needed)
    return ",".join([*cells, "", "", "", "", ""])


FIELDS = [
    field("record_id", "people"),
    field("sex", "people", "radio", "0, Female | 1, Male"),
    field("smoker", "people", "yesno"),
    field("weight", "people", rule="number", low="30", high="200"),
    field("visited", "people", rule="date_dmy"),
    field("gym", "people", "checkbox", "0, Monday | 1, Tuesday | -1, Never"),
    field("photo", "people", "file"),
    field("bp", "pressure", rule="integer"),
    field("madrs_total", "rating", rule="integer", low="0", high="60"),
    field("contact", "private", private="y"),
]


@pytest.fixture
def project(tmp_path):
    """Return a function that writes the dictionary and returns redcap options."""

    def write(*more, fields=FIELDS, **options):
        path = tmp_path / "dictionary.csv"
        path.write_text("\n".join([HEADER, *fields, *more]) + "\n", encoding="utf-8")
        return {"dictionary": str(path), **options}

    return write


def people(**columns):
    n = len(next(iter(columns.values())))
    return pd.DataFrame({"record_id": [f"P{i:02}" for i in range(1, n + 1)], **columns})


def rules(check):
    return check.complaints["rule"].tolist()


# -- the dictionary ------------------------------------------------------------------------------
def test_dictionary_of_the_web_page_and_of_the_api_are_alike(project, tmp_path):
    page = read_dictionary(project()["dictionary"])
    api = tmp_path / "api.csv"
    frame = pd.read_csv(project()["dictionary"], dtype=str).fillna("")
    frame.columns = [
        "field_name", "form_name", "section_header", "field_type", "field_label",
        "select_choices_or_calculations", "field_note",
        "text_validation_type_or_show_slider_number", "text_validation_min",
        "text_validation_max", "identifier", "branching_logic", "required_field",
        "custom_alignment", "question_number", "matrix_group_name", "matrix_ranking",
        "field_annotation",
    ]  # fmt: skip
    frame.to_csv(api, index=False)
    assert read_dictionary(api).fields == page.fields
    assert page.record_id == "record_id"
    assert page.forms == ("people", "pressure", "rating", "private")
    assert page.fields["gym"].boxes == {"gym___0": "0", "gym___1": "1", "gym____1": "-1"}
    assert page.fields["contact"].is_identifier


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (field("sex", "people"), "row 12: the field 'sex' is there twice"),
        (field("mood", "people", "radio", "no comma"), "the choice 'no comma' is not written as"),
        (field("", "people"), "row 12: field name, form name and field type are needed"),
    ],
)
def test_a_broken_dictionary_is_refused_by_place(project, line, said):
    with pytest.raises(FileError, match=re.escape(said)):
        check_table(people(sex=["0"]), "participants", redcap=project(line))


def test_a_file_that_is_no_dictionary_is_refused(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("record_id,sex\n1,0\n", encoding="utf-8")
    with pytest.raises(FileError, match="is no REDCap data dictionary: it lacks Variable"):
        check_table(people(sex=["0"]), "participants", redcap={"dictionary": path})
    with pytest.raises(FileError, match=r"There is no data dictionary .*none\.csv"):
        check_table(people(sex=["0"]), "participants", redcap={"dictionary": "none.csv"})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"instrumant": "x"}, "redcap: option is 'instrumant'; allowed: 'dictionary', 'events'"),
        ({"instrument": "peeple"}, "Did you mean 'people'?"),
        ({"export": "lables"}, "Did you mean 'labels'?"),
        ({"events": ["x"]}, "events is ['x']; a table of text = text is wanted"),
        ({"ignore_events": 3}, "ignore_events is 3; a list of text is wanted"),
    ],
)
def test_options_that_cannot_be_used_are_refused(project, options, said):
    with pytest.raises(SchemaError) as refused:
        check_table(people(sex=["0"]), "participants", redcap=project(**options))
    assert said in str(refused.value)


def test_a_dictionary_is_needed_and_one_layout_only():
    with pytest.raises(SchemaError, match="redcap lacks 'dictionary'; add it"):
        check_table(people(sex=["0"]), "participants", redcap={})
    with pytest.raises(SchemaError, match="redcap and adam are both given"):
        check_table(people(sex=["0"]), "participants", redcap={}, adam={})


def test_an_export_of_another_project_is_refused(project):
    with pytest.raises(FileError, match="has no column 'record_id', the record's id by dictionary"):
        check_table(pd.DataFrame({"id": ["1"]}), "participants", redcap=project())


# -- codes and labels ----------------------------------------------------------------------------
def test_codes_become_labels_in_the_words_of_the_schema(project):
    check = check_table(people(sex=["0", "1"], smoker=["1", ""]), "participants", redcap=project())
    assert check.accepted["sex"].tolist() == ["female", "male"]
    assert check.accepted["smoker"].fillna("–").tolist() == ["Yes", "–"]
    assert "Codes of sex read by the dictionary: 0 = female, 1 = male." in check.notes
    assert check.rejected.empty


def test_labels_are_taken_in_either_export_and_said(project):
    frame = people(sex=["Female", "1"])
    check = check_table(frame, "participants", redcap=project(export="labels"))
    assert check.accepted["sex"].tolist() == ["female", "male"]
    assert rules(check) == ["redcap_export"]
    raw = check_table(frame, "participants", redcap=project())
    assert raw.accepted["sex"].tolist() == ["female", "male"]
    assert "sex holds labels (first in row 2), though export is 'raw'" in raw.sentences()[0]


def test_a_word_that_is_a_code_and_a_label_is_read_as_the_export_says(project):
    crossed = field("mood", "people", "radio", "1, 2 | 2, 1")
    for export, wanted in {"raw": ["2", "1"], "labels": ["1", "2"]}.items():
        frame = people(mood=["1", "2"])
        check = check_table(frame, "participants", redcap=project(crossed, export=export))
        assert check.accepted["mood"].astype(int).astype(str).tolist() == wanted, export


def test_the_words_of_the_caller_win(project):
    how = {"values": {"sex": {"0": "other"}}, "redcap": project()}
    check = check_table(people(sex=["0", "1"]), "participants", **how)
    assert check.accepted["sex"].tolist() == ["other", "male"]


@pytest.mark.parametrize(
    ("export", "cells"),
    [("raw", ["0", "4"]), ("labels", ["Enjoys life", "Better dead"])],
)
def test_a_number_column_takes_codes(project, export, cells):
    item = field("suicidal_thoughts", "rating", "radio", "0, Enjoys life | 4, Better dead")
    frame = people(madrs_total=["10", "20"], suicidal_thoughts=cells)
    redcap = project(item, instrument="rating", export=export)
    check = check_table(frame, "madrs", constants={"visit": "day_1"}, redcap=redcap)
    assert check.accepted["suicidal_thoughts"].tolist() == [0, 4]
    assert check.counts()["safety"] == 1


def test_a_word_that_is_no_choice_names_the_cell(project):
    check = check_table(people(smoker=["1", "7"]), "participants", redcap=project())
    one = check.complaints.iloc[0]
    assert one[["rule", "row", "column", "value", "severity"]].tolist() == [
        "redcap_choice", 3, "smoker", "7", "error",
    ]  # fmt: skip
    assert "neither a code nor a label of its choices (1 = Yes, 0 = No)" in one["message"]
    assert check.rejected["row"].tolist() == [3]
    named = check_table(people(smoker=["1", "7"]), "participants", missing=["7"], redcap=project())
    assert named.ok


# -- validation ----------------------------------------------------------------------------------
def test_fields_are_held_against_type_and_limits(project):
    frame = people(
        weight=["72.5", "heavy", "250", "72"], visited=["2026-01-31", "", "", "31/01/2026"]
    )
    check = check_table(frame, "participants", redcap=project())
    found = check.complaints[["rule", "row", "column", "severity"]].to_numpy().tolist()
    assert ["redcap_type", 3, "weight", "error"] in found
    assert ["redcap_range", 4, "weight", "warning"] in found
    assert ["redcap_type", 5, "visited", "error"] in found
    assert check.rejected["row"].tolist() == [3, 5]


def test_what_the_schema_says_is_not_said_twice(project):
    frame = people(madrs_total=["61", "x", "5.5", "30"])
    how = {"constants": {"visit": "day_1"}, "redcap": project(instrument="rating")}
    check = check_table(frame, "madrs", **how)
    assert len(check.complaints) == 3
    assert not [rule for rule in rules(check) if rule.startswith("redcap")]


def test_an_empty_required_field_is_a_warning(project):
    needed = field("mood", "people", needed="y")
    check = check_table(
        people(mood=["", "fine"], sex=["0", "1"]), "participants", redcap=project(needed)
    )
    assert [s.split(": ", 1)[1] for s in check.sentences("warning")] == [
        "mood is empty; the data dictionary asks for it. Fill it in in REDCap."
    ]


# -- checkboxes ----------------------------------------------------------------------------------
def test_checkboxes_are_flags_or_one_column_of_labels(project):
    boxes = {"gym___0": ["1", "0"], "gym___1": ["1", "0"], "gym____1": ["0", "0"]}
    frame = people(sex=["0", "1"], **boxes)
    flags = check_table(frame, "participants", redcap=project())
    assert flags.accepted["gym___0"].tolist() == ["true", "false"]
    assert "Checkbox gym: gym___0 = Monday, gym___1 = Tuesday, gym____1 = Never." in flags.notes
    words = check_table(frame, "participants", redcap=project(checkboxes="labels"))
    assert words.accepted["gym"].fillna("").tolist() == ["Monday; Tuesday", ""]
    assert not [name for name in words.accepted if name.startswith("gym_")]
    assert flags.ok
    assert words.ok


def test_a_box_that_is_neither_ticked_nor_not_is_a_complaint(project):
    check = check_table(people(sex=["0"], gym___0=["maybe"]), "participants", redcap=project())
    assert rules(check) == ["redcap_choice"]
    assert "a box of a checkbox is 0 or 1" in check.sentences()[0]


def test_a_word_that_neither_dictionary_nor_schema_knows_is_said_once(project):
    check = check_table(people(sex=["1", "7"]), "participants", redcap=project())
    assert check.complaints[["rule", "row", "column"]].to_numpy().tolist() == [
        ["redcap_choice", 3, "sex"]
    ]
    assert check.rejected["row"].tolist() == [3]


# -- rows ----------------------------------------------------------------------------------------
def events_frame():
    rows = [
        ("P01", "start_arm_1", "", "", "0", "", "40"),
        ("P01", "week_2_arm_1", "", "", "", "", "20"),
        ("P01", "week_2_arm_1", "pressure", "1", "", "120", ""),
        ("P01", "week_2_arm_1", "pressure", "2", "", "118", ""),
        ("P02", "start_arm_1", "", "", "1", "", "38"),
        ("P02", "week_9_arm_1", "", "", "", "", "12"),
        ("P02", "unscheduled_arm_1", "", "", "", "", ""),
    ]
    names = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"]
    return pd.DataFrame(rows, columns=[*names, "sex", "bp", "madrs_total"])


EVENTS = {"start_arm_1": "baseline", "week_2_arm_1": "day_14"}


def test_events_become_visits_and_an_unnamed_one_is_a_complaint(project):
    how = {"redcap": project(instrument="rating", events=EVENTS), "visits": ["baseline", "day_14"]}
    check = check_table(events_frame(), "madrs", **how)
    assert check.accepted[["participant_id", "visit"]].to_numpy().tolist() == [
        ["P01", "baseline"], ["P01", "day_14"], ["P02", "baseline"],
    ]  # fmt: skip
    wrong = check.complaints[check.complaints["severity"] == "error"]
    assert wrong[["rule", "row", "column", "value"]].to_numpy().tolist() == [
        ["known_visit", 7, "redcap_event_name", "week_9_arm_1"]
    ]
    assert "which events does not name" in wrong["message"].iloc[0]
    assert "2 rows of the repeating instrument 'pressure' left out: another is read." in check.notes
    assert "1 row without a value in the fields of 'rating' left out." in check.notes


@pytest.mark.parametrize(
    "how",
    [
        {"ignore_events": ["week_9_arm_1"], "events": EVENTS},
        {"events": {**EVENTS, "week_9_arm_1": "-"}},
    ],
)
def test_an_event_can_be_left_out_and_is_counted(project, how):
    check = check_table(events_frame(), "madrs", redcap=project(instrument="rating", **how))
    assert check.ok
    assert "1 row of the event 'week_9_arm_1' left out, as asked for." in check.notes


def test_a_near_miss_of_an_event_is_suggested(project):
    events = {"start_arm_1": "baseline", "weak_2_arm_1": "day_14", "week_9_arm_1": "day_14"}
    check = check_table(events_frame(), "madrs", redcap=project(instrument="rating", events=events))
    assert "Did you mean 'weak_2_arm_1'?" in check.sentences("error")[0]


def test_events_by_label(project):
    frame = events_frame().assign(redcap_event_name="Week 2")[1:2]
    frame = frame.drop(columns=["redcap_repeat_instrument", "redcap_repeat_instance"])
    how = {"events": {"Week 2": "day_14"}, "export": "labels", "instrument": "rating"}
    check = check_table(frame, "madrs", redcap=project(**how))
    assert check.accepted["visit"].tolist() == ["day_14"]


def test_repeats_go_into_replicate_where_the_schema_has_it(project, tmp_path):
    schema = tmp_path / "pressure.yaml"
    schema.write_text(
        "columns:\n  participant_id: {type: text}\n  visit: {type: text}\n"
        "  replicate: {type: text}\n  bp: {type: number}\n",
        encoding="utf-8",
    )
    how = {"redcap": project(instrument="pressure", events=EVENTS)}
    check = check_table(events_frame(), schema, **how)
    assert check.accepted["replicate"].tolist() == ["1", "2"]
    assert check.accepted["bp"].tolist() == [120, 118]
    assert "Records with more than one instance: 'P01' (rows 4 and 5)." in check.notes


def test_repeats_read_as_one_row_each_are_named_as_repeats(project):
    check = check_table(events_frame(), "participants", redcap=project(instrument="pressure"))
    assert check.rejected["row"].tolist() == [4, 5]
    warned = check.complaints[check.complaints["rule"] == "redcap_repeats"].iloc[0]
    assert warned["participant_id"] == "P01"
    assert (
        "2 instances of the repeating instrument 'pressure' (1 and 2; rows 4 and 5)"
        in warned["message"]
    )


def test_which_repeating_instrument_is_read_must_be_said(project):
    with pytest.raises(SchemaError, match="instrument = 'pressure'"):
        check_table(events_frame(), "participants", redcap=project())


def test_status_survey_stamp_and_group(project):
    frame = people(
        sex=["0", "1", "", ""],
        people_complete=["2", "0", "2", "1"],
        people_timestamp=["2026-01-01 10:00:00", "[not completed]", "", ""],
        redcap_data_access_group=["north", "south", "south", "south"],
        photo=["a.jpg", "", "", ""],
    )
    check = check_table(frame, "participants", redcap=project())
    assert check.accepted["site"].tolist() == ["north", "south"]
    assert sorted(zip(rules(check), check.complaints["row"], strict=True)) == [
        ("complete_but_empty", 4), ("instrument_status", 3), ("instrument_status", 3),
    ]  # fmt: skip
    assert check.ok
    assert "2 rows without a value in the fields of the data dictionary left out." in check.notes
    assert "Columns of uploaded files left out: photo." in check.notes
    assert set(check.accepted) & {"photo", "people_complete", "people_timestamp"} == set()
    quiet = check_table(
        frame, "participants", ignore=["people_complete", "people_timestamp"], redcap=project()
    )
    assert not [rule for rule in rules(quiet) if rule == "instrument_status"]


# -- columns -------------------------------------------------------------------------------------
def test_columns_of_other_instruments_are_left_out_by_one_note(project):
    frame = people(sex=["0"], bp=["120"], madrs_total=["12"])
    check = check_table(frame, "participants", redcap=project(instrument="people"))
    assert "2 columns of other instruments left out: pressure (1) and rating (1)." in check.notes
    assert check.ok
    assert "bp" not in check.accepted
    mapped = check_table(
        frame, "participants", columns={"pressure": "bp"}, redcap=project(instrument="people")
    )
    assert mapped.accepted["pressure"].tolist() == [120]


def test_a_column_that_the_dictionary_lacks_is_a_complaint(project):
    check = check_table(people(sex=["0"], sexx=["1"]), "participants", redcap=project())
    assert (
        "Column 'sexx' is not in the data dictionary dictionary.csv" in check.sentences("error")[0]
    )
    ignored = check_table(
        people(sex=["0"], sexx=["1"]), "participants", ignore=["sexx"], redcap=project()
    )
    assert ignored.ok


def test_fields_that_the_export_lacks_are_noted(project):
    check = check_table(people(sex=["0"]), "participants", redcap=project(instrument="pressure"))
    assert "1 field of the dictionary not in the export: bp." in check.notes


def test_an_identifier_of_the_dictionary_stops_the_check_unseen(project):
    frame = people(sex=["0", "1"], contact=["Jane Doe", "John Doe"])
    check = check_table(frame, "participants", redcap=project(instrument="people"))
    assert "direct_identifier" in rules(check)
    assert check.complaints.loc[
        check.complaints["rule"] == "direct_identifier", "column"
    ].tolist() == ["contact"]
    assert "Doe" not in check.complaints.to_string() + "".join(check.notes)


def test_an_identifier_in_a_row_that_is_not_read_stops_it_too(project):
    frame = events_frame().assign(contact=["Jane Doe", "", "", "", "", "", ""])
    check = check_table(frame, "participants", redcap=project(instrument="pressure"))
    found = check.complaints[check.complaints["rule"] == "direct_identifier"]
    assert found["column"].tolist() == ["contact"]
    assert not check.ok


def test_a_list_of_rejected_rows_can_be_checked_again(project):
    how = {"redcap": project(instrument="rating", events=EVENTS), "visits": ["baseline", "day_14"]}
    frame = events_frame()
    frame.loc[1, "madrs_total"] = "99"
    first = check_table(frame, "madrs", **how)
    again = first.rejected.query("row == 3").assign(madrs_total="19")
    second = check_table(again, "madrs", **how)
    assert second.accepted[["participant_id", "visit", "madrs_total"]].to_numpy().tolist() == [
        ["P01", "day_14", 19]
    ]


# -- law: no row goes uncounted ------------------------------------------------------------------
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["P01", "P02", "P03"]),
        st.sampled_from(["start_arm_1", "week_2_arm_1", "other_arm_1", ""]),
        st.sampled_from(["", "pressure", "people"]),
        st.sampled_from(["", "12", "61", "x"]),
        st.sampled_from(["", "120"]),
    ),
    min_size=1,
    max_size=12,
)


@given(rows=ROWS, instrument=st.sampled_from(["rating", "pressure", "people"]))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_row_is_a_record_or_is_counted(project, rows, instrument):
    names = ["record_id", "redcap_event_name", "redcap_repeat_instrument", "madrs_total", "bp"]
    frame = pd.DataFrame(rows, columns=names)
    options = project(instrument=instrument, events=EVENTS, ignore_events=["other_arm_1"])
    check = check_table(frame, "markers", redcap=options)
    left_out = [re.match(r"([\d,]+) rows? (of the|without)", note) for note in check.notes]
    n_left_out = sum(int(one.group(1)) for one in left_out if one)
    assert len(check.accepted) + len(check.rejected) == check.n_incoming
    assert check.n_incoming + n_left_out == len(frame)
