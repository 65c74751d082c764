"""Studies whose tables are checked and not analysed; schemas and layouts named in a study file."""

import re

import pytest

from ketbio import cli
from ketbio.errors import StudyError
from ketbio.study import check_analyses, check_markers, check_study, read_study, run_study

OWN = """name: own
columns:
  participant_id: {type: text, required: true}
  score: {type: integer, minimum: 0, maximum: 5}
"""
STUDY = """[study]
id = "checked"
title = "Checked only"

[tables.scores]
file = "scores.csv"
schema = "own.yaml"
"""
DICTIONARY = (
    "field_name,form_name,field_type,select_choices_or_calculations\n"
    "participant_id,scores,text,\nscore,scores,text,\n"
)


@pytest.fixture
def study(tmp_path):
    """Return a function that writes the study with lines added and reads it."""

    def write(more="", *, replaced=("", "")):
        (tmp_path / "scores.csv").write_text("participant_id,score\nP01,3\nP02,9\n", "utf-8")
        (tmp_path / "own.yaml").write_text(OWN, "utf-8")
        (tmp_path / "dictionary.csv").write_text(DICTIONARY, "utf-8")
        path = tmp_path / "study.toml"
        path.write_text(STUDY.replace(*replaced) + more, "utf-8")
        return read_study(path)

    return write


def test_a_table_is_checked_by_a_schema_beside_the_study_file(study):
    plan = study()
    check = check_study(plan)["scores"]
    assert check.schema == "own"
    assert check.rejected["row"].tolist() == [3]
    assert (plan.visits, plan.baseline, plan.endpoint) == ((), "", "")


def test_checking_passes_and_running_says_what_lacks(study):
    plan = study()
    checks = check_study(plan)
    check_markers(plan, checks)
    check_analyses(plan, checks)
    with pytest.raises(StudyError) as refused:
        run_study(plan)
    assert str(refused.value) == (
        "study.toml: the study can be checked, but not run: it lacks [tables.participants], a "
        "baseline and an endpoint in [visits] and ratings ([tables.madrs]) or a [markers.…] table."
    )


def test_visits_alone_are_held_against_without_baseline(study):
    assert study('[visits]\norder = ["day_1"]\n').visits == ("day_1",)
    with pytest.raises(StudyError, match="windows count from baseline, which"):
        study('[visits]\norder = ["day_1"]\nwindows = { day_1 = [0, 1] }\n')
    with pytest.raises(StudyError, match="lacks 'order'"):
        study('[visits]\nbaseline = "day_1"\n')


def test_an_analysis_brings_all_demands_back(study):
    more = '\n[[analyses]]\nkind = "compare_visits"\nmarkers = ["x"]\n'
    with pytest.raises(StudyError, match="lacks 'visits'"):
        study(more)
    with pytest.raises(StudyError, match="lacks 'baseline'"):
        study(f'{more}\n[visits]\norder = ["a", "b"]\n')
    visits = '\n[visits]\norder = ["a", "b"]\nbaseline = "a"\nendpoint = "b"\n'
    with pytest.raises(StudyError, match="lacks 'participants'; add"):
        study(more + visits)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("none.yaml", "names the schema 'none.yaml', which is not there"),
        ("dictionary.csv", "schema is 'dictionary.csv'"),
    ],
)
def test_a_schema_that_is_not_there_is_refused_by_line(study, own, said):
    with pytest.raises(StudyError) as refused:
        study(replaced=("own.yaml", own))
    assert str(refused.value).startswith("study.toml, line 7: ")
    assert said in str(refused.value)


def test_a_broken_schema_is_refused_by_line(study, tmp_path):
    (tmp_path / "broken.yaml").write_text("columns: {x: {type: text}}\n", "utf-8")
    with pytest.raises(StudyError, match=r"line 7: broken\.yaml has no column 'participant_id'"):
        study(replaced=("own.yaml", "broken.yaml"))


def test_the_dictionary_of_redcap_lies_beside_the_study_file(study):
    plan = study('[tables.scores.redcap]\ndictionary = "dictionary.csv"\ninstrument = "scores"\n')
    check = check_study(plan)["scores"]
    assert check.n_incoming == 2
    assert any(note.startswith("REDCap export read by dictionary.csv") for note in check.notes)


@pytest.mark.parametrize(
    ("words", "line", "said"),
    [
        ('dictionary = "none.csv"', 9, "names the data dictionary 'none.csv', which is not there"),
        ('events = { a = "b" }', 8, "redcap lacks 'dictionary'; add it"),
        ('dictionary = "dictionary.csv"\nevnts = {}', 8, "Did you mean 'events'?"),
    ],
)
def test_words_of_redcap_that_cannot_be_used_are_refused(study, words, line, said):
    with pytest.raises(StudyError) as refused:
        study(f"[tables.scores.redcap]\n{words}\n")
    assert said in str(refused.value)
    assert f"line {line}: " in str(refused.value)


@pytest.mark.parametrize("layout", ["redcap", "adam"])
def test_visits_that_the_study_does_not_have_are_refused(study, layout):
    words = {
        "redcap": 'dictionary = "dictionary.csv"\nevents = { week_2 = "day_41", spare = "-" }',
        "adam": 'parameters = { A = "score" }\nvisits = { week_2 = "day_41" }',
    }[layout]
    with pytest.raises(StudyError, match=re.escape("the visit of 'week_2' is 'day_41'")) as refused:
        study(f'[tables.scores.{layout}]\n{words}\n[visits]\norder = ["day_14"]\n')
    assert "spare" not in str(refused.value)


def test_a_running_trial_is_checked_before_its_last_visit(tmp_path, capsys):
    (tmp_path / "people.csv").write_text("participant_id\nP01\nP02\n", "utf-8")
    rating = "{},baseline,30,1\n"
    ratings = "participant_id,visit,madrs_total,suicidal_thoughts\n"
    (tmp_path / "ratings.csv").write_text(
        ratings + rating.format("P01") + rating.format("P02"), "utf-8"
    )
    path = tmp_path / "study.toml"
    path.write_text(
        '[study]\nid = "running"\ntitle = "Running"\n\n[visits]\norder = ["baseline", "day_14"]\n'
        'baseline = "baseline"\nendpoint = "day_14"\n\n[tables.participants]\n'
        'file = "people.csv"\n\n[tables.madrs]\nfile = "ratings.csv"\n',
        "utf-8",
    )
    assert cli.run(["check", str(path)]) == cli.DONE
    assert "There is no record of 'day_14' yet: the analyses were not" in capsys.readouterr().err
