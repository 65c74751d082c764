"""Correlated changes: pairs by participant, exact p, intervals, and what cannot be correlated."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import correlate_changes
from ketbio.endpoints import derive_column
from ketbio.errors import TableError

A = [1.0, 3.0, 2.0, 5.0, 4.0, 6.0]
VISITS = {"baseline": "before", "endpoint": "after"}


@pytest.fixture
def result(endpoints, response):
    return correlate_changes(
        endpoints, marker="entropy", outcome="MADRS", response=response, **VISITS
    )


def test_correlation_and_exact_p_by_brute_force(result):
    x, y = np.array([0.5, 0.4, 0.6, 0.1, -0.1]), np.array([-30.0, -23, -18, -8, -5])
    observed = np.corrcoef(x, y)[0, 1]
    every = [np.corrcoef(x[list(order)], y)[0, 1] for order in permutations(range(5))]
    p = np.mean(np.abs(every) >= abs(observed) - 1e-12)
    assert result.estimate == pytest.approx(observed)
    assert result.p_value == pytest.approx(p)
    assert result.p_method == "exact, 120 arrangements"


def test_pairs_are_made_by_participant(result):
    data = result.data.set_index("participant_id")
    assert data.loc["P03", ["x", "y", "group"]].tolist() == [pytest.approx(0.6), -18.0, "responder"]


def test_the_line_and_the_lines_without_one_stand_beside_r(result):
    x, y = np.array([0.5, 0.4, 0.6, 0.1, -0.1]), np.array([-30.0, -23, -18, -8, -5])
    slope, intercept = np.polyfit(x, y, 1)
    assert result.data["fitted"].to_numpy() == pytest.approx(intercept + slope * x)
    without_first = np.polyfit(x[1:], y[1:], 1)
    first = result.leave_one_out.iloc[0]
    assert (first["slope"], first["intercept"]) == pytest.approx(tuple(without_first))


def test_ranks_have_no_line(endpoints):
    ranks = correlate_changes(
        endpoints, marker="entropy", baseline="before", endpoint="after", method="spearman"
    )
    assert "fitted" not in ranks.data
    assert list(ranks.leave_one_out) == ["participant_id", "estimate", "p_value"]


def test_excluded_name_which_of_the_two_is_missing(result):
    assert result.excluded.set_index("participant_id")["reason"].to_dict() == {
        "P06": "entropy: no value at after",
        "P07": "MADRS: no value at after",
    }


def test_leave_one_out_has_a_row_per_participant(result):
    left_out = result.leave_one_out.set_index("participant_id")
    assert len(left_out) == 5
    x, y = [0.4, 0.6, 0.1, -0.1], [-23, -18, -8, -5]
    assert left_out.loc["P01", "estimate"] == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_other_correlation_stands_beside(result):
    beside = next(one for one in result.companions if one.role == "sensitivity")
    assert beside.estimate_name.startswith("Spearman")


def test_marker_that_is_its_own_outcome_is_refused(endpoints):
    with pytest.raises(TableError, match="correlates perfectly with itself"):
        correlate_changes(endpoints, marker="MADRS", outcome="MADRS", **VISITS)


def test_unknown_method_is_refused(endpoints):
    with pytest.raises(TableError, match=r"method is 'persson'.*Did you mean 'pearson'"):
        correlate_changes(endpoints, marker="entropy", method="persson", **VISITS)


def test_constant_change_is_a_result_that_says_why(endpoints):
    flat = endpoints.copy()
    flat.loc[flat["marker"] == "entropy", "value"] = 1.0
    result = correlate_changes(flat, marker="entropy", **VISITS)
    assert np.isnan(result.p_value)
    assert "the change of entropy is the same in every participant" in result.warnings[0]


@pytest.mark.parametrize("alternative", ["two-sided", "greater"])
def test_kendall_has_fiellers_interval_always_two_sided(totals, alternative):
    # by hand: tanh(atanh(tau) ± 1.959964 √(.437/(n − 4)))
    table = pd.DataFrame(
        {
            "participant_id": [f"P{number:02}" for number in range(1, 7)] * 2,
            "visit": ["before"] * 6 + ["after"] * 6,
            "a": [0.0] * 6 + A,
        }
    )
    both = pd.concat([totals, derive_column(table, column="a", unit="u")])
    result = correlate_changes(
        both, marker="a", method="kendall", alternative=alternative, **VISITS
    )
    # a: 1 3 2 5 4 6 against −30 −23 −18 −8 −5 −9: 11 of 15 pairs concordant, 4 not
    assert result.estimate == pytest.approx(7 / 15)
    middle, reach = np.arctanh(7 / 15), 1.959963984540054 * np.sqrt(0.437 / 2)
    assert (result.ci_low, result.ci_high) == pytest.approx(
        (np.tanh(middle - reach), np.tanh(middle + reach))
    )
    assert result.ci_method == "Fisher z, Fieller, two-sided"
    assert result.is_exact
    assert "fieller1957" in result.references


def test_one_sided_test_raises_no_alarm_about_the_two_sided_interval(endpoints):
    result = correlate_changes(endpoints, marker="entropy", alternative="greater", **VISITS)
    assert result.ci_method.endswith(", two-sided")
    assert not any("disagree" in one for one in result.warnings)
