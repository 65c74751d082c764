"""A mixed model for repeated measures as a study file plans it."""

import pytest

from ketbio import fit_mmrm
from ketbio.errors import StudyError
from ketbio.study import analyse_study, read_study

ARMS = "participant_id,arm,age_years\n" + "".join(
    f"P{n:02d},{('saline', 'ketamine')[n % 2]},{14 + n % 4}\n" for n in range(1, 11)
)
TOTALS = {
    "screening": (33, 31, 40, 35, 37, 29, 34, 36, 30, 38),
    "baseline": (31, 30, 38, 34, 36, 28, 35, 33, 29, 37),
    "day_1": (16, 27, 20, 31, 25, 26, 14, 30, 19, 29),
    "day_7": (20, 26, 21, 25, 30, 27, 19, 31, None, 28),
}
MADRS = "participant_id,visit,madrs_total\n" + "".join(
    f"P{n:02d},{visit},{total}\n"
    for visit, totals in TOTALS.items()
    for n, total in enumerate(totals, 1)
    if total is not None
)
STUDY = """seed = 7
[study]
id = "two_arms"
title = "Two arms"
simulated = true
[visits]
order = ["screening", "baseline", "day_1", "day_7"]
baseline = "baseline"
endpoint = "day_7"
[tables.participants]
file = "participants.csv"
[tables.madrs]
file = "madrs.csv"
[[analyses]]
kind = "fit_mmrm"
title = "MADRS by arm"
aim = "primary"
markers = ["MADRS"]
"""


@pytest.fixture
def planned(tmp_path):
    """Return a function that reads the study with further words of its analysis."""

    def read(words=""):
        (tmp_path / "participants.csv").write_text(ARMS, encoding="utf-8")
        (tmp_path / "madrs.csv").write_text(MADRS, encoding="utf-8")
        path = tmp_path / "study.toml"
        path.write_text(f"{STUDY}{words}\n", encoding="utf-8")
        return read_study(path)

    return read


def of_model(run):
    return [one for one in run.results if one.analysis == "fit_mmrm"]


def test_the_plan_runs_what_the_function_does(planned):
    run = analyse_study(planned('covariates = ["age_years"]\nadjust = "none"\npermutation = false'))
    found = of_model(run)
    assert [one.outcome for one in found] == [
        "change, baseline to day_1",
        "change, baseline to day_7",
        "change, baseline to day_7, average over visits",
    ]
    assert {(one.title, one.aim, one.groups) for one in found} == {
        ("MADRS by arm", "primary", ("ketamine", "saline"))
    }
    people = run.checks[0].accepted
    same = fit_mmrm(
        run.endpoints, marker="MADRS", participants=people, baseline="baseline",
        visits=["day_1", "day_7"], covariates="age_years", adjust="none", permutation=False,
    )  # fmt: skip
    assert [one.estimate for one in found] == [one.estimate for one in same]
    assert [one.p_value for one in found] == [one.p_value for one in same]


def test_no_arms_are_an_empty_word(planned):
    found = of_model(analyse_study(planned('arm = ""\npermutation = false')))
    assert {one.groups for one in found} == {("all",)}


READ = [
    ('structure = "us"', "structure is 'us'; allowed: 'unstructured'"),
    ('df = "kenward_roger"\ncovariance = "CR2"', "df is 'kenward_roger', which corrects the"),
    ('method = "ml"', "method is 'ml'"),
    ('formula = "arm"\ncovariates = ["age_years"]', "formula and covariates are both given"),
    ('visits = ["day_7", "day_1"]', "visits is"),
    ("confidence_level = 95", "confidence_level is 95"),
    ("n_resamples = 0", "n_resamples is 0"),
    ('endpoint = "day_7"', "endpoint"),
]


@pytest.mark.parametrize(("words", "said"), READ)
def test_words_are_refused_as_the_study_is_read(planned, words, said):
    with pytest.raises(StudyError, match=said) as refused:
        planned(words)
    assert "line" in str(refused.value)


TABLES = [
    (
        'reference = "placebo"',
        "line 19: reference of .* reference is 'placebo'; allowed: 'ketamine'",
    ),
    ('formula = "arm * visit + agee"', "line 19: formula of .* names 'agee', which is not there"),
    ('covariates = ["hight"]', "covariates is 'hight'"),
    ('arm = "group"', "line 19: arm of .* no arm of anybody in 'group'; .* or arm = \"\" where"),
    ('formula = "arm * visit + age_years + center(age_years)"', "markers of .* design is singular"),
]


@pytest.mark.parametrize(("words", "said"), TABLES)
def test_what_the_tables_do_not_have_is_refused_before_anything_runs(planned, words, said):
    with pytest.raises(StudyError, match=said):
        analyse_study(planned(words))
