"""The permutation companion of longitudinal models: one result per arm and visit, and over them."""

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses.blocks import blocks_asked
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.trajectory_permutation import few_per_arm, permute_arms
from ketbio.result import ANY_VISIT, AVERAGE
from ketbio.statistics.trajectory_permutation import trajectory_permutation_test

VISITS = ("day_1", "day_3", "day_7")
QUESTION = Question(
    analysis="fit_mmrm", marker="MADRS", outcome="change", groups=(), n={}, unit="points"
)
SETTINGS = Settings(
    alternative="two-sided", confidence_level=0.95, exact="auto", n_resamples=999, seed=1
)
ARMS = ("ketamine", "saline", "midazolam")


def rows():
    rng = np.random.default_rng(1)
    made = []
    for i in range(15):
        baseline = float(rng.integers(26, 42))
        for visit in VISITS:
            drop = 8.0 if ARMS[i % 3] == "ketamine" else 0.0
            made.append(
                {
                    "participant_id": f"P{i + 1:02}",
                    "arm": ARMS[i % 3],
                    "visit": visit,
                    "baseline_value": baseline,
                    "change": float(np.rint(-4 - drop + rng.normal(0, 5))),
                }
            )
    return pd.DataFrame(made)


def wide(table):
    return table.pivot_table(index="participant_id", columns="visit", values="change")


def test_every_arm_visit_average_and_any_visit_as_the_statistic_gives_them():
    table = rows()
    found = permute_arms(table, reference="saline", question=QUESTION, settings=SETTINGS)
    assert list(found) == [
        (arm, place) for arm in ("ketamine", "midazolam") for place in (*VISITS, AVERAGE, ANY_VISIT)
    ]
    two = table[table["arm"] != "midazolam"]
    each = two.drop_duplicates("participant_id")
    test = trajectory_permutation_test(
        wide(two), (each["arm"] == "ketamine").to_numpy(), each["baseline_value"].to_numpy()
    )
    for visit, one, adjusted in zip(VISITS, test.visits, test.p_adjusted, strict=True):
        result = found["ketamine", visit]
        assert (result.estimate, result.p_value) == (one.estimate, one.p_value)
        assert (result.ci_low, result.ci_high) == (one.ci_low, one.ci_high)
        assert result.p_adjusted == adjusted
        assert result.adjustment == "step-down max T over 3 visits"
        assert (result.role, result.groups) == ("sensitivity", ("ketamine", "saline"))
        assert result.n == {"ketamine": 5, "saline": 5}
        assert result.outcome == f"change, {visit}"
        assert result.is_exact
    assert found["ketamine", AVERAGE].p_value == test.average.p_value
    anywhere = found["ketamine", ANY_VISIT]
    assert anywhere.p_value == test.p_any_visit == test.p_adjusted.min()
    assert np.isnan(anywhere.estimate)
    assert anywhere.p_floor == pytest.approx(2 / 252)
    assert "p = " in anywhere.sentence()


def test_outcomes_are_the_callers_words():
    words = {"day_1": "change, baseline to day_1"}
    found = permute_arms(
        rows(), reference="saline", question=QUESTION, settings=SETTINGS, outcomes=words
    )
    assert found["ketamine", "day_1"].outcome == "change, baseline to day_1"


def test_missing_visits_sites_and_covariates_are_said():
    table = rows()
    table.loc[(table["participant_id"] == "P04") & (table["visit"] == "day_7"), "change"] = np.nan
    ids = sorted(set(table["participant_id"]))
    people = pd.DataFrame(
        {"participant_id": ids, "site": ["A", "B", "B", "A"] * 3 + ["A", "B", ""]}
    )
    sex = pd.DataFrame({"sex": ["male", "female"] * 7 + ["male"]}, index=ids)
    sex.iloc[0] = None
    settings = Settings(
        alternative="two-sided-doubled", confidence_level=0.95, exact=True, n_resamples=99, seed=1,
        blocks=blocks_asked("site", people),
    )  # fmt: skip
    found = permute_arms(
        table, reference="saline", question=QUESTION, settings=settings, covariates=sex
    )
    last = found["ketamine", "day_7"]
    assert last.n == {"ketamine": 3, "saline": 5}
    assert last.alternative == "two-sided"
    said = " ".join(last.warnings)
    assert "Missing values stay with their participants when arms are permuted" in said
    assert "2 participants left out of the permutation test" in said
    assert "Permuted within site only" in said
    assert "Adjusted for baseline value and sex" in said
    assert "chance assigned the arms" in said


def test_an_arm_without_a_reference_is_answered_without_numbers():
    table = rows()
    table.loc[table["arm"] == "saline", "change"] = np.nan
    found = permute_arms(
        table, reference="saline", question=QUESTION, settings=SETTINGS, baseline_value=None
    )
    one = found["ketamine", "day_1"]
    assert np.isnan(one.p_value)
    assert one.warnings == (
        "Nothing could be computed: saline has nobody whose trajectory could be permuted.",
    )


def test_fewer_than_ten_per_arm_are_told():
    assert few_per_arm({"ketamine": 10, "saline": 12}) == ()
    assert "fewer than 10 per arm" in few_per_arm({"ketamine": 9, "saline": 12})[0]


def test_arms_that_chance_did_not_assign_have_their_residuals_permuted():
    found = permute_arms(
        rows(), reference="saline", question=QUESTION, settings=SETTINGS, randomised=False
    )
    one = found["ketamine", "day_3"]
    assert one.p_method == "999 draws of residuals (Freedman–Lane)"
    assert not one.is_exact
    assert np.isnan(one.ci_low)
    assert one.references[0] == "freedman1983"
    assert "chance assigned" not in " ".join(one.warnings)
