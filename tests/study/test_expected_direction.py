"""The expected direction: resolved where reports of people agree, refused otherwise, said."""

import pytest

from ketbio.errors import StudyError
from ketbio.report import write_report
from ketbio.result import Result
from ketbio.study import analyse_study, read_study
from ketbio.study.expected import told_one_sided

ENTROPY = '[markers.entropy]\nfrom = "imaging"\nlabel = "accumbens entropy"\nunit = "nats"\n'
PLANS = '[[analyses]]\nkind = "compare_responders"\ntitle = "Entropy by response"\n' + (
    'markers = ["entropy"]\n\n[[analyses]]\nkind = "correlate_changes"\nmarkers = ["entropy"]\n'
)


@pytest.fixture
def planned(study_folder):
    """Return a function that writes a study of registered markers, all from one column."""

    def write(*names, alternative="expected", kind="compare_visits", words="", of_marker=""):
        markers = "".join(
            f'[markers.{name}]\nfrom = "imaging"\ncolumn = "entropy"\n{of_marker}\n'
            for name in names
        )
        listed = ", ".join(f'"{name}"' for name in names)
        analysis = (
            f'[[analyses]]\nkind = "{kind}"\nmarkers = [{listed}]\n'
            f'alternative = "{alternative}"\n{words}\n'
        )
        return study_folder((ENTROPY, markers), (PLANS, analysis))

    return write


def results_of(path, marker):
    return [one for one in analyse_study(read_study(path)).results if one.marker == marker
            and one.analysis == "compare_visits"]  # fmt: skip


def test_the_expected_direction_is_the_one_sided_test_and_says_so(planned):
    (found,) = results_of(planned("glutamine_glutamate_ratio"), "glutamine_glutamate_ratio")
    (plain,) = results_of(
        planned("glutamine_glutamate_ratio", alternative="greater"), "glutamine_glutamate_ratio"
    )
    assert found.alternative == plain.alternative == "greater"
    assert (found.p_value, found.ci_low) == (plain.p_value, plain.ci_low)
    sentence = (
        "Tested one-sided (greater) because the plan asked for the expected direction: brain "
        "glutamine/glutamate ratio was in people raised in 2 reports (Evans et al. 2018; Li et "
        "al. 2020), measured at: 24 h. A change the other way could not have been found, and a "
        "two-sided p would be larger."
    )
    assert found.warnings == (*plain.warnings, sentence)
    one_sided = [one for one in found.companions if one.alternative == "greater"]
    assert one_sided
    assert all(sentence in one.warnings for one in one_sided)
    others = [one for one in found.companions if one.alternative != "greater"]
    assert all(sentence not in one.warnings for one in others)


def test_several_markers_of_one_direction_are_tested_together(planned):
    path = planned("VEGFA_mRNA", "VEGF_PEDF_mRNA_ratio", words='adjust = "max_t"')
    for name in ("VEGFA_mRNA", "VEGF_PEDF_mRNA_ratio"):
        (result,) = results_of(path, name)
        assert "McGrory et al. 2020" in result.warnings[-1]


def test_two_sided_stays_two_sided(planned):
    (result,) = results_of(planned("VEGFA_mRNA", alternative="two-sided"), "VEGFA_mRNA")
    assert result.alternative == "two-sided"
    assert not any("one-sided" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("names", "how", "sentence"),
    [
        (["BDNF_brain"], {}, "BDNF_brain has no direction to expect: no report of people; in "
         "animals or cells raised in 14 reports ("),
        (["VEGF_plasma"], {}, "VEGF_plasma has no direction to expect: the reports of people "
         "conflict: raised in 1 report (McGrory et al. 2020), unchanged in 1 report (Medeiros et "
         "al. 2021). Write 'two-sided'."),
        (["p_mTOR_insulin_PBMC"], {}, "in people only higher in responders than in non-responders "
         "in 1 report (Roy et al. 2021). Write 'two-sided'."),
        (["my_marker"], {}, "my_marker is not in the registry of markers. Write 'two-sided'."),
        (["VEGFA_mRNA"], {"kind": "compare_responders"}, "alternative is 'expected' in "
         "compare_responders, but the reports are of changes after ketamine: allowed in "
         "compare_visits only. Write 'two-sided'."),
        (["VEGFA_mRNA"], {"kind": "correlate_changes"}, "allowed in compare_visits only"),
        (["VEGFA_mRNA"], {"words": 'baseline = "day_14"\nendpoint = "baseline"'},
         "later minus earlier, but the analysis has baseline 'day_14' after endpoint 'baseline'"),
        (["VEGFA_mRNA", "VEGF_plasma"], {}, "VEGF_plasma has no direction to expect"),
    ],
)  # fmt: skip
def test_where_there_is_no_direction_the_plan_is_refused(planned, names, how, sentence):
    with pytest.raises(StudyError) as refused:
        read_study(planned(*names, **how))
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("study.toml, line ")


def test_a_scale_has_no_direction_to_expect(study_folder):
    path = study_folder(('markers = ["MADRS"]', 'markers = ["MADRS"]\nalternative = "expected"'))
    with pytest.raises(StudyError, match="MADRS is not in the registry of markers"):
        read_study(path)


def test_a_level_read_in_another_specimen_has_none(study_folder):
    path = study_folder(
        ('schema = "markers"', 'schema = "bdnf"'),
        (ENTROPY, '[markers.BDNF_plasma]\nfrom = "imaging"\nspecimen = "serum"\n'),
        (PLANS, '[[analyses]]\nkind = "compare_visits"\nmarkers = ["BDNF_plasma"]\n'
                'alternative = "expected"\n'),
    )  # fmt: skip
    with pytest.raises(StudyError, match="is read in serum, and its reports are of plasma"):
        read_study(path)


def test_a_joint_test_is_refused_as_for_the_direction_itself(planned):
    path = planned(
        "VEGFA_mRNA", "VEGF_PEDF_mRNA_ratio", words='adjust = "max_t"\nstop_after = 99999'
    )
    with pytest.raises(StudyError, match="stop_after"):
        read_study(path)


def test_only_what_was_tested_one_sided_is_told_so():
    line = Result(analysis="compare_visits", marker="VEGFA_mRNA", outcome="", groups=(), n={})
    assert told_one_sided(line, {"alternative": "expected"}).warnings == ()
    assert told_one_sided(line, {"alternative": "greater"}) is line


def test_the_report_tells_that_the_plan_asked_for_one_side(planned, tmp_path):
    done = write_report(read_study(planned("VEGFA_mRNA")), tmp_path / "report.html")
    text = done.read_text(encoding="utf-8")
    assert "because the plan asked for the expected" in text
    assert "McGrory" in text[text.index("References") :]
