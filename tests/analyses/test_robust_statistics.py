"""Responders compared by the other statistics: the mean difference stays beside, all is named."""

import pandas as pd
import pytest

from ketbio.analyses import compare_responders
from ketbio.analyses.limits import HYPOTHESES
from ketbio.endpoints import derive_column, derive_response, derive_scale_total
from ketbio.statistics import permutation_test

BEFORE, AFTER = [30.0, 32, 35, 31, 38, 40, 31, 36], [10.0, 12, 14, 13, 30, 33, 29, 34]
CHANGES = [5.0, 4.0, 7.5, 3.0, 1.0, -2.0, 0.5, 4.5]
X, Y = CHANGES[:4], CHANGES[4:]
WORDS = ["welch_t", "brunner_munzel", "median_difference", "trimmed_mean_difference"]


def compared(n=8, **options):
    ids = [f"P{i}" for i in range(n)]
    visits = ["before"] * n + ["after"] * n

    def table(name, values):
        return pd.DataFrame({"participant_id": ids * 2, "visit": visits, name: values})

    madrs = derive_scale_total(table("madrs_total", BEFORE[:n] + AFTER[:n]))
    marker = derive_column(
        table("entropy", [1.0] * n + [1 + v for v in CHANGES[:n]]), column="entropy", unit="nats"
    )
    response = derive_response(madrs, baseline="before", endpoint="after")
    return compare_responders(
        marker, response=response, marker="entropy", baseline="before", endpoint="after", **options
    )


@pytest.mark.parametrize("word", WORDS)
def test_primary_is_the_test_asked_for_with_the_mean_difference_beside(word):
    found = compared(statistic=word)
    test = permutation_test(X, Y, statistic=word)
    assert (found.p_value, found.estimate) == (test.p_value, test.estimate)
    assert (found.ci_low, found.ci_high) == (test.ci_low, test.ci_high)
    assert HYPOTHESES[word] in found.warnings
    beside = [one for one in found.companions if one.statistic_name == "mean difference"]
    assert [one.p_value for one in beside] == [permutation_test(X, Y).p_value]
    effects = {found.effect_size_name, *(one.estimate_name for one in found.companions)}
    assert {"Hedges' g", "probability of superiority"} <= effects


def test_probability_has_no_unit_and_other_estimates_have():
    assert compared(statistic="brunner_munzel").unit == ""
    assert compared(statistic="median_difference").unit == "nats"


def test_one_value_in_a_group_is_said_and_not_tested():
    found = compared(n=5, statistic="welch_t")
    assert found.warnings == (
        "Nothing could be computed: welch_t needs at least 2 values in each group.",
    )
