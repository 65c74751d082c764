"""Missing outcomes in a study file: words refused with their line, and a plan that runs."""

import numpy as np
import pytest

from ketbio.errors import StudyError
from ketbio.report.findings import question
from ketbio.report.methods import describe_methods
from ketbio.study import read_study, run_study

PLAN = """
[[analyses]]
kind = "describe_missing_visits"
markers = ["MADRS"]

[[analyses]]
kind = "compare_imputed"
aim = "sensitivity"
markers = ["MADRS"]
reference = "saline"
{more}
"""
STUDY = """seed = 7

[study]
id = "two_arms"
title = "Two arms"
simulated = true

[visits]
order = ["baseline", "day_1", "day_7"]
baseline = "baseline"
endpoint = "day_7"

[tables.participants]
file = "participants.csv"

[tables.madrs]
file = "madrs.csv"

[report]
title = "Two arms"
"""


@pytest.fixture
def planned(tmp_path):
    """A function: further lines of the plan → the study read."""
    rng = np.random.default_rng(1)
    people, ratings = ["participant_id,arm"], ["participant_id,visit,madrs_total"]
    for i in range(14):
        who = f"P{i + 1:02d}"
        people.append(f"{who},{'saline' if i % 2 else 'ketamine'}")
        for step, visit in enumerate(("baseline", "day_1", "day_7")):
            if (i, step) not in {(2, 2), (5, 2)}:
                ratings.append(f"{who},{visit},{int(30 + rng.integers(-6, 6) - 6 * step)}")
    (tmp_path / "participants.csv").write_text("\n".join(people) + "\n")
    (tmp_path / "madrs.csv").write_text("\n".join(ratings) + "\n")

    def read(more):
        (tmp_path / "study.toml").write_text(STUDY + PLAN.format(more=more))
        return read_study(tmp_path / "study.toml")

    return read


def test_a_plan_runs_and_is_told(planned):
    study = planned(
        'assumption = ["mar", "jump_to_reference", "delta"]\n'
        "delta_by = { day_7 = 2 }\nn_imputations = 20"
    )
    results = [
        one
        for one in run_study(study)
        if one.analysis in {"describe_missing_visits", "compare_imputed"}
    ]
    missing, *imputed = results
    assert missing.statistic == 12
    assert {one.groups[0] for one in missing.companions} == {"ketamine", "saline"}
    assert [one.aim for one in imputed] == ["sensitivity"] * 3
    assert [one.seed for one in imputed] == [7] * 3
    assert "ketamine +2 points at day_7" in imputed[2].outcome
    assert question(imputed[0]).startswith("Do the arms differ in MADRS (change, baseline to day_7")
    assert question(missing).startswith("Which visits of MADRS are missing")
    told = " ".join(describe_methods(results, None))
    assert "data augmentation" in told
    assert "nothing is tested" in told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            'assumption = ["delta"]\ndelta_by = { day_9 = 3 }',
            r"line 32: delta_by of .* delta names 'day_9'",
        ),
        ('covariates = ["height"]', "covariates is 'height'"),
        ('arm = "team"', "no column 'team'"),
    ],
)
def test_what_the_tables_do_not_allow_is_refused_before_anything_runs(planned, more, said):
    study = planned(more)
    with pytest.raises(StudyError, match=said) as refused:
        run_study(study)
    assert "line " in str(refused.value)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('assumption = ["j2r"]', "assumption is 'j2r'"),
        ("assumption = []", "assumption is empty"),
        ('assumption = ["delta"]', 'names "delta", but neither delta nor delta_by'),
        ("delta = 3", 'delta is given, but assumption does not name "delta"'),
        ('assumption = ["delta"]\ndelta = 3\ndelta_by = { day_7 = 3 }', "both given"),
        ("n_imputations = 1", "n_imputations is 1"),
        ('adjust = "max_t"', "adjust is 'max_t'"),
        ('endpoint = "day_9"', "endpoint is 'day_9'"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_its_line(planned, more, said):
    with pytest.raises(StudyError, match=said) as refused:
        planned(more)
    assert "line " in str(refused.value)
