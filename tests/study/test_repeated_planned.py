"""Correlations within participants as a study file plans them."""

import pytest

from ketbio.errors import StudyError
from ketbio.study import read_study, run_study

LAST = 'kind = "correlate_changes"\nmarkers = ["entropy"]\n'
PLAN = """
[[analyses]]
kind = "correlate_repeated"
title = "Within"
markers = ["entropy"]
n_resamples = 99
"""


def planned(study_folder, text):
    return read_study(study_folder((LAST, f"{LAST}{text}")))


def test_it_runs_with_the_scale_of_the_response_and_the_plans_words(study_folder):
    results = run_study(planned(study_folder, f'{PLAN}adjust_for = "visit"\n'))
    [within] = [one for one in results if one.analysis == "correlate_repeated"]
    assert (within.title, within.groups) == ("Within", ("entropy", "MADRS"))
    assert within.outcome == "values over 2 visits within participants, with those of MADRS"
    assert within.label == "accumbens entropy"
    assert "Centred by visit too" in " ".join(within.warnings)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ('adjust_for = "sex"', "adjust_for is 'sex'"),
        ('measure = "ratio"', "measure is 'ratio'"),
        ('lag = "one"', "lag"),
        ('outcome = "entropy"', "outcome and marker at once"),
        ('visits = ["day_14", "baseline"]', "in the order of"),
        ('adjust_for = "visit"\nstop_after = 200', "it can never stop"),
        ('baseline = "baseline"', "baseline"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_line(study_folder, words, says):
    with pytest.raises(StudyError, match=says):
        planned(study_folder, f"{PLAN}{words}\n")


def test_too_few_visits_for_a_lag_are_refused_in_a_sentence(study_folder):
    with pytest.raises(Exception, match="share 2 visits") as refused:
        run_study(planned(study_folder, f"{PLAN}lag = 1\n"))
    assert "\n" not in str(refused.value)
