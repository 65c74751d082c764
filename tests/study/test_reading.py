import pytest

from ketbio.errors import FileError, StudyError
from ketbio.study import read_study
from ketbio.study.places import line_of


def test_plan_is_read_in_its_order(study_folder):
    study = read_study(study_folder())
    assert (study.id, study.baseline, study.endpoint, study.seed) == (
        "small",
        "baseline",
        "day_14",
        7,
    )
    assert study.is_simulated
    assert [table.schema for table in study.tables] == ["participants", "madrs", "markers"]
    assert [plan.kind for plan in study.analyses] == [
        "compare_visits",
        "compare_responders",
        "correlate_changes",
    ]
    assert study.markers[0].label == "accumbens entropy"
    assert study.response.remission_at_or_below == 10


REFUSED = [
    (
        ("title =", "titel ="),
        5,
        "a key of [study] is 'titel'; allowed: 'id', 'title', 'registration', "
        "'description', 'simulated', 'rejected_rows', 'check_log'. Did you mean 'title'?",
    ),
    (('file = "madrs.csv"', 'fil = "madrs.csv"'), 17, "Did you mean 'file'?"),
    (
        ('file = "madrs.csv"', 'file = "gone.csv"'),
        17,
        "tables.madrs names the file 'gone.csv', which is not there",
    ),
    (('file = "madrs.csv"', "file = 3"), 17, "file is 3; a text is wanted."),
    (
        ('endpoint = "day_14"', 'endpoint = "day14"'),
        11,
        "endpoint is 'day14'; allowed: 'baseline', 'day_14'. Did you mean 'day_14'?",
    ),
    (
        ('baseline = "baseline"', 'baseline = "day_14"'),
        11,
        "endpoint 'day_14' is not after baseline 'day_14'",
    ),
    (
        ('["baseline", "day_14"]', '["baseline", "day_14", "day_14"]'),
        9,
        "order names a visit twice",
    ),
    (('schema = "markers"', 'schema = "marker"'), 21, "schema is 'marker'; allowed:"),
    (
        ('from = "imaging"', 'from = "image"'),
        24,
        "from is 'image'; allowed: 'participants', 'madrs', 'imaging'.",
    ),
    (('from = "imaging"', 'from = "madrs"'), 24, "a marker can come from blots, bdnf, markers"),
    (('unit = "nats"', 'specimen = "serum"'), 26, "a key for a markers marker is 'specimen'"),
    (('kind = "compare_visits"', 'kind = "compare_visit"'), 29, "Did you mean 'compare_visits'?"),
    (
        ('markers = ["MADRS"]', 'markers = ["MADR"]'),
        30,
        "a marker is 'MADR'; allowed: 'MADRS', 'entropy'.",
    ),
    (('markers = ["MADRS"]', "markers = []"), 30, "markers is empty; name at least one."),
    (
        ('markers = ["MADRS"]', 'markers = ["MADRS"]\nstatistic = "median"'),
        31,
        "statistic is 'median'; allowed: 'mean', 'signed_rank', 'signed_rank_pratt', 'sign'.",
    ),
    (
        ('markers = ["MADRS"]', 'markers = ["MADRS"]\nadjust = "bonferroni"'),
        31,
        "adjust is 'bonferroni'",
    ),
    (
        ('markers = ["MADRS"]', 'markers = ["MADRS"]\nconfidence_level = 95'),
        31,
        "allowed: a number between 0 and 1",
    ),
    (
        ('kind = "correlate_changes"', 'kind = "correlate_changes"\noutcome = "entropy"'),
        39,
        "a change correlates with itself",
    ),
    (
        ("simulated = true", 'simulated = "yes"'),
        6,
        "simulated is 'yes'; a true or false is wanted.",
    ),
    (("seed = 7", "seed = true"), 1, "seed is True; a whole number is wanted."),
    (("seed = 7", "sed = 7"), 1, "a key of the study file is 'sed'"),
]


@pytest.mark.parametrize(("replaced", "line", "sentence"), REFUSED)
def test_impossible_plan_is_refused_with_its_line(study_folder, replaced, line, sentence):
    with pytest.raises(StudyError) as refused:
        read_study(study_folder(replaced))
    assert str(refused.value).startswith(f"study.toml, line {line}: ")
    assert sentence in str(refused.value)


def test_missing_part_is_named(study_folder):
    with pytest.raises(StudyError, match=r"\[visits\] lacks 'endpoint'"):
        read_study(study_folder(('endpoint = "day_14"\n', "")))


def test_participants_are_needed(study_folder):
    with pytest.raises(StudyError, match="lacks 'participants'"):
        read_study(study_folder(('[tables.participants]\nfile = "participants.csv"\n', "")))


def test_percent_outside_its_range_is_refused(study_folder):
    with pytest.raises(StudyError, match="reduction_percent is 150; more than 0 and at most 100"):
        read_study(study_folder(("[markers", "[response]\nreduction_percent = 150\n\n[markers")))


def test_broken_toml_is_one_sentence(study_folder):
    with pytest.raises(StudyError, match=r"study.toml is not valid TOML: .*line 1"):
        read_study(study_folder(("seed = 7", "seed = ")))


def test_missing_study_file_is_one_sentence(tmp_path):
    with pytest.raises(FileError, match=r"gone.toml: no such file"):
        read_study(tmp_path / "gone.toml")


def test_folder_in_place_of_a_file(tmp_path):
    with pytest.raises(FileError, match="is a folder"):
        read_study(tmp_path)


def test_study_file_in_latin_1_is_one_sentence(tmp_path):
    path = tmp_path / "s.toml"
    path.write_bytes("title = 'Depressão'".encode("latin-1"))
    with pytest.raises(FileError, match="not UTF-8"):
        read_study(path)


def test_line_of_the_second_of_two_tables_in_a_list():
    text = '[[analyses]]\nkind = "a"\n\n[[analyses]]\nkind = "b"\n'
    assert line_of(text, ["analyses", 1, "kind"]) == 5


def test_line_of_a_quoted_key():
    text = '[tables.madrs.columns]\n"madrs_total@baseline" = "x"\n'
    assert line_of(text, ["tables", "madrs", "columns", "madrs_total@baseline"]) == 2


def test_all_faults_are_told_at_once(study_folder):
    path = study_folder(
        ('id = "small"', 'ident = "small"'),
        ('file = "madrs.csv"', 'file = "gone.csv"'),
        ('kind = "compare_visits"', 'kind = "compare_visit"'),
        ("seed = 7", "seed = -7"),
    )
    with pytest.raises(StudyError) as refused:
        read_study(path)
    lines = str(refused.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        f"study.toml, line {number}" for number in (1, 3, 4, 17, 29)
    ]


def test_two_tables_of_ratings_are_refused(study_folder):
    path = study_folder(
        (
            "[tables.imaging]",
            '[tables.more]\nfile = "madrs.csv"\nschema = "madrs"\n\n[tables.imaging]',
        )
    )
    with pytest.raises(StudyError, match="tables madrs and more are both of schema 'madrs'"):
        read_study(path)


def test_folder_in_place_of_a_table(study_folder):
    with pytest.raises(StudyError, match="which is a folder"):
        read_study(study_folder(('file = "madrs.csv"', 'file = "."')))


def test_remission_cut_off_the_scale_is_refused(study_folder):
    path = study_folder(("[markers", "[response]\nremission_at_or_below = 99\n\n[markers"))
    with pytest.raises(StudyError, match="the MADRS runs from 0 to 60"):
        read_study(path)
