"""The words of ``[report]`` and of aims: refused by line, carried to every result."""

import pytest

from ketbio.errors import StudyError
from ketbio.study import analyse_study, read_study
from ketbio.study.plan import SECTIONS

REPORT = '\n[report]\ntitle = "T"\n'
END = 'kind = "correlate_changes"\nmarkers = ["entropy"]\n'
FIRST = 43
"""The line of the first key that a test adds: the study has 39 lines, [report] and title follow."""


def with_report(study_folder, words):
    return study_folder((END, END + REPORT + words))


def test_without_words_the_report_is_whole(study_folder):
    report = read_study(study_folder()).report
    assert report.sections == SECTIONS
    assert (report.sentences, report.figures, report.citation_style) == ("full", "report", "")
    assert (report.template, report.partials, report.registered_plan) == (None, None, None)


def test_words_are_kept_in_their_order(study_folder):
    words = """sections = ["references", "summary"]
subtitle = "S"
version = "draft 2"
affiliations = ["Clinic A", "Institute B"]
contact = "the trial office"
funding = "None."
conflicts = "None."
ethics = "E"
acknowledgements = "A"
citation_style = "ama"
sentences = "apa"
figures = "nature_single"
deviations = ["Recruitment ended early."]
checklists = ["CONSORT", "SAMPL"]
"""
    report = read_study(with_report(study_folder, words)).report
    assert report.sections == ("references", "summary")
    assert report.affiliations == ("Clinic A", "Institute B")
    assert report.deviations == ("Recruitment ended early.",)
    assert report.checklists == ("CONSORT", "SAMPL")
    assert (report.citation_style, report.sentences, report.figures) == (
        "ama",
        "apa",
        "nature_single",
    )
    told = (report.subtitle, report.version, report.contact, report.funding, report.ethics)
    assert told == ("S", "draft 2", "the trial office", "None.", "E")
    assert report.lines["sections"] == FIRST


REFUSED = [
    ('sections = ["sumary"]', "a section of the report is 'sumary'; allowed: 'title_page',"),
    ('sections = ["sumary"]', "Did you mean 'summary'?"),
    ('checklists = ["REMARKS"]', "a reporting checklist is 'REMARKS'; allowed: 'SAMPL',"),
    ("sections = []", "sections is empty; name at least one."),
    ('sections = ["summary", "summary"]', "sections names 'summary' twice; name it once."),
    ('sections = "summary"', "sections is 'summary'; a list of text is wanted."),
    ('citation_style = "nature"', "allowed: 'vancouver', 'apa', 'ama'."),
    ('sentences = "plain"', "sentences is 'plain'; allowed: 'full', 'apa', 'ama'."),
    ('template = "gone.md.j2"', "template names the file 'gone.md.j2', which is not there"),
    ('partials = "gone"', "partials names the folder 'gone', which is not there"),
    ('partials = "madrs.csv"', "partials names the folder 'madrs.csv', which is a file"),
    ('registered_plan = "gone.toml"', "registered_plan names the file 'gone.toml', which is not"),
    ('registered_plan = "madrs.csv"', "registered_plan cannot be used: madrs.csv is not valid"),
    ('deviations = [" "]', "deviations holds an empty text; leave it out."),
    ('contact = "A. Author, a@b.example"', "contact holds an e-mail address"),
    ('subtitel = "S"', "a key of [report] is 'subtitel'; allowed: 'title', 'subtitle',"),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
def test_a_word_that_cannot_be_used_is_refused_with_its_line(study_folder, words, sentence):
    with pytest.raises(StudyError) as error:
        read_study(with_report(study_folder, words))
    assert f"study.toml, line {FIRST}: " in str(error.value)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_a_partial_is_a_section_once_it_is_named(study_folder, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "meeting.md.j2").write_text("# M")
    (tmp_path / "parts" / "_row.md.j2").write_text("only taken in")
    words = 'partials = "parts"\n'
    named = words + 'sections = ["summary", "meeting"]\n'
    assert read_study(with_report(study_folder, named)).report.sections == ("summary", "meeting")
    with pytest.raises(StudyError, match=r"partials holds 'meeting\.md\.j2', which is no section"):
        read_study(with_report(study_folder, words))


def test_an_aim_that_there_is_not_is_refused(study_folder):
    old = 'title = "Entropy by response"'
    with pytest.raises(StudyError, match="aim is 'main'; allowed: 'primary', 'secondary',"):
        read_study(study_folder((old, f'{old}\naim = "main"')))
    table_one = '\n[[analyses]]\nkind = "summarise_participants"\naim = "primary"\n'
    with pytest.raises(StudyError, match=r"a key of \[analyses\] is 'aim'"):
        read_study(study_folder((END, END + table_one)))


def test_aim_and_deviation_are_of_every_result_and_of_no_companion(study_folder):
    old = 'title = "Entropy by response"'
    path = study_folder((old, f'{old}\naim = "primary"\ndeviation = "Later than planned."'))
    results = analyse_study(read_study(path)).results
    aimed = [one for one in results if one.analysis == "compare_responders"]
    assert [(one.aim, one.deviation) for one in aimed] == [("primary", "Later than planned.")]
    assert {(one.aim, one.deviation) for one in aimed[0].companions} == {("", "")}
    assert {one.aim for one in results if one not in aimed} == {""}
    rows = results.tidy().set_index("row")
    assert list(rows["aim"].value_counts()[["primary"]]) == [1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ('visits = ["day_15"]', "a visit of visits is 'day_15'; allowed: 'baseline', 'day_14'."),
        ('days = { day_14 = "two weeks" }', "days.day_14 is 'two weeks'; a day counted from"),
    ],
)
def test_a_course_names_visits_of_the_study(study_folder, words, sentence):
    course = f'\n[[analyses]]\nkind = "summarise_course"\nmarkers = ["entropy"]\n{words}\n'
    with pytest.raises(StudyError) as error:
        read_study(study_folder((END, END + course)))
    assert sentence in str(error.value)


def test_pairs_and_courses_are_run_from_the_plan(study_folder):
    added = (
        '\n[[analyses]]\nkind = "correlate_markers"\nmarkers = ["entropy", "MADRS"]\n'
        '\n[[analyses]]\nkind = "summarise_course"\nmarkers = ["MADRS"]\n'
    )
    results = analyse_study(read_study(study_folder((END, END + added)))).results
    (pair,) = [one for one in results if one.analysis == "correlate_markers"]
    (change,) = [one for one in results if one.analysis == "correlate_changes"]
    assert pair.estimate == pytest.approx(change.estimate)  # the same two changes
    (course,) = [one for one in results if one.analysis == "summarise_course"]
    assert course.estimate == pytest.approx((10 + 15 + 18 + 33 + 30 + 28) / 6)  # of day_14


@pytest.mark.parametrize("key", ["authors", "affiliations", "deviations"])
def test_an_address_in_a_list_of_the_title_page_is_refused(study_folder, key):
    with pytest.raises(StudyError, match=rf"line {FIRST}: {key} holds an e-mail address"):
        read_study(with_report(study_folder, f'{key} = ["A", "B <b@clinic.example>"]\n'))


def test_an_address_in_a_statement_is_refused(study_folder):
    with pytest.raises(StudyError, match=r"funding holds an e-mail address"):
        read_study(with_report(study_folder, 'funding = "ask b@clinic.example"\n'))
    assert read_study(with_report(study_folder, 'funding = "F @ 5 mg"\n')).report.funding


def test_a_study_is_not_held_against_itself(study_folder):
    words = 'registered_plan = "study.toml"\n'
    with pytest.raises(StudyError, match=rf"line {FIRST}: registered_plan names this study file"):
        read_study(with_report(study_folder, words))
