"""What a plan asks for and the tables do not have is refused before any test is run."""

import pytest

from ketbio import cli
from ketbio.errors import StudyError
from ketbio.study import check_analyses, check_study, read_study, run_study
from ketbio.study import run as running

MARKERS = 'markers = ["entropy"]'
LEVELS = """participant_id,visit,specimen,bdnf_ng_ml
P01,baseline,plasma,2.0
P02,baseline,plasma,3.0
P03,baseline,plasma,4.0
P04,baseline,plasma,0.5
P05,baseline,plasma,1.5
P06,baseline,plasma,1.0
P01,day_14,plasma,2.0
P02,day_14,plasma,3.0
P03,day_14,plasma,4.0
P04,day_14,plasma,<0.1
P05,day_14,plasma,1.5
P06,day_14,plasma,1.0
"""
BDNF = ("[markers.entropy]", '[tables.bdnf]\nfile = "bdnf.csv"\n\n[markers.BDNF_plasma]\n'
        'from = "bdnf"\n\n[markers.entropy]')  # fmt: skip
"""A marker below its LLOQ at the endpoint; six lines more."""
TITLE = 'title = "Entropy by response"\nmarkers = ["entropy"]'


@pytest.fixture
def no_test(monkeypatch):
    """Fail where an analysis is run at all."""

    def refuse(*_given):
        raise AssertionError("a test was run")

    monkeypatch.setattr(running, "RUNNERS", dict.fromkeys(running.RUNNERS, refuse))


@pytest.mark.usefixtures("no_test")
def test_columns_that_are_not_there_are_told_together_with_analysis_and_line(study_folder):
    path = study_folder((MARKERS, f'{MARKERS}\ncovariates = ["age"]\nblocks = "centre"'))
    with pytest.raises(StudyError) as refused:
        run_study(read_study(path))
    told = str(refused.value).splitlines()
    assert [line.partition(": ")[0] for line in told] == [
        f"study.toml, line {number}" for number in (36, 37, 42, 43)
    ]
    assert (
        "covariates of [[analyses]] Entropy by response: covariates is 'age'; allowed:" in told[0]
    )
    assert "blocks of [[analyses]] correlate_changes: blocks is 'centre'; allowed: 'sex'" in told[3]


@pytest.mark.usefixtures("no_test")
def test_values_below_the_lloq_have_no_ranks_in_a_joint_test_within_blocks(study_folder):
    words = (
        'markers = ["BDNF_plasma", "entropy"]\nmeasure = "endpoint"\nadjust = "max_t"\n'
        'blocks = "sex"'
    )
    with pytest.raises(StudyError) as refused:
        run_study(read_study(study_folder(BDNF, (TITLE, words), bdnf=LEVELS)))
    assert str(refused.value) == (
        "study.toml, line 42: adjust of [[analyses]] compare_responders: BDNF_plasma has values "
        "below the LLOQ, which can only be ranked, and adjust='max_t' with blocks='sex' has no "
        "ranks; allowed there: 'mean_difference'. Take BDNF_plasma out of these markers, leave "
        'blocks out, or write adjust="holm".'
    )


@pytest.mark.usefixtures("no_test")
def test_a_statistic_of_values_is_refused_where_some_are_below_the_lloq(study_folder):
    words = 'markers = ["BDNF_plasma"]\nmeasure = "endpoint"\nstatistic = "welch_t"'
    with pytest.raises(StudyError, match=r"line 42: statistic of .* can only be ranked"):
        run_study(read_study(study_folder(BDNF, (TITLE, words), bdnf=LEVELS)))


def test_the_check_does_not_pass_what_the_report_refuses(study_folder, capsys):
    path = study_folder((MARKERS, f'{MARKERS}\nblocks = "centre"'))
    study = read_study(path)
    with pytest.raises(StudyError, match="blocks is 'centre'"):
        check_analyses(study, check_study(study))
    assert cli.run(["check", str(path)]) == cli.UNUSABLE
    assert "blocks is 'centre'" in capsys.readouterr().err


def test_a_plan_that_can_be_run_is_not_refused(study_folder):
    path = study_folder((MARKERS, f'{MARKERS}\nblocks = "sex"'))
    study = read_study(path)
    check_analyses(study, check_study(study))
    assert cli.run(["check", str(path)]) != cli.UNUSABLE
