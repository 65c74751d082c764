"""Covariates of the plan reach the analyses with the participants table."""

import pytest

from ketbio.errors import StudyError
from ketbio.study import read_study, run_study

MARKERS = 'markers = ["entropy"]'
PLANNED = f'{MARKERS}\ncovariates = ["age_years"]'


def outcomes(results, analysis):
    """Return what the companions of an analysis are about."""
    (result,) = (one for one in results if one.analysis == analysis)
    return [one.outcome for one in result.companions if ", adjusted for " in one.outcome]


def test_both_analyses_are_adjusted_as_planned(study_folder):
    results = run_study(read_study(study_folder((MARKERS, PLANNED))))
    assert outcomes(results, "compare_responders") == [
        "change, baseline to day_14, adjusted for the baseline value",
        "change, baseline to day_14, adjusted for the baseline value",
        "change, baseline to day_14, adjusted for the baseline value and age years",
        "change, baseline to day_14, adjusted for the baseline value and age years",
    ]
    assert outcomes(results, "correlate_changes") == [
        "change, baseline to day_14, against the change of MADRS, adjusted for age years",
        "change, baseline to day_14, against the change of MADRS, adjusted for age years",
    ]


def test_a_covariate_that_is_no_column_is_refused_by_name(study_folder):
    path = study_folder((MARKERS, PLANNED.replace("age_years", "age")))
    with pytest.raises(StudyError, match=r"line 36: .*covariates is 'age'; allowed: .*'age_years'"):
        run_study(read_study(path))


def test_covariates_are_a_list_and_not_for_visits(study_folder):
    for old, new in (
        (MARKERS, PLANNED.replace('["age_years"]', '"age_years"')),
        ('markers = ["MADRS"]', 'markers = ["MADRS"]\ncovariates = ["age_years"]'),
    ):
        with pytest.raises(StudyError, match="covariates"):
            read_study(study_folder((old, new)))
