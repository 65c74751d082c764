"""Response rates and times to response as a study file plans them."""

import pytest

from ketbio.errors import StudyError
from ketbio.study import read_study, run_study
from ketbio.study.checking import check_study
from ketbio.study.readiness import check_analyses

LAST = 'kind = "correlate_changes"\nmarkers = ["entropy"]\n'
PLANNED = """
[[analyses]]
kind = "compare_response_rates"
title = "Response"
aim = "secondary"
arm = "arm"
reference = "saline"
missing = "exclude"
test = "barnard"

[[analyses]]
kind = "describe_time_to_response"
event = "response"
arm = "arm"
reference = "saline"
"""
ARMS = ("ketamine", "saline", "ketamine", "saline", "ketamine", "saline")


def planned(study_folder, text=PLANNED):
    path = study_folder((LAST, f"{LAST}{text}"))
    people = path.parent / "participants.csv"
    lines = people.read_text(encoding="utf-8").splitlines()
    with_arms = [f"{lines[0]},arm", *(f"{a},{b}" for a, b in zip(lines[1:], ARMS, strict=True))]
    people.write_text("\n".join(with_arms) + "\n", encoding="utf-8")
    return read_study(path)


def test_both_run_with_the_words_of_the_plan(study_folder):
    results = run_study(planned(study_folder))
    [rates] = [one for one in results if one.analysis == "compare_response_rates"]
    assert (rates.title, rates.aim, rates.groups) == ("Response", "secondary",
                                                      ("ketamine", "saline"))  # fmt: skip
    assert rates.p_method.startswith("Barnard's (pooled z)")
    assert dict(rates.n) == {"ketamine": 3, "saline": 3}
    [times] = [one for one in results if one.analysis == "describe_time_to_response"]
    assert times.outcome == "time to response (a reduction of at least 50%)"
    assert set(times.data["day"]) == {14}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (('test = "barnard"', 'test = "chi_square"'), "chi_square"),
        (('event = "response"', 'event = "recovery"'), "recovery"),
        (('missing = "exclude"', 'missing = "locf"'), "locf"),
        (('event = "response"', 'days = { day_14 = "x" }'), "a day counted from the baseline"),
    ],
)
def test_words_that_are_not_allowed_are_refused_with_their_line(study_folder, changed, said):
    with pytest.raises(StudyError, match=said) as refused:
        planned(study_folder, PLANNED.replace(*changed))
    assert "line" in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (('arm = "arm"', 'arm = "treatment_arm"'), "no column 'treatment_arm'"),
        (('reference = "saline"', 'reference = "placebo"'), "placebo"),
        (('event = "response"', "days = { day_14 = -3 }"), "is not after 'baseline'"),
    ],
)
def test_what_the_tables_do_not_have_is_told_before_any_test(study_folder, changed, said):
    study = planned(study_folder, PLANNED.replace(*changed))
    with pytest.raises(StudyError, match=said):
        check_analyses(study, check_study(study))
