from itertools import permutations

import numpy as np
import pytest

from ketbio.analyses import correlate_changes
from ketbio.errors import TableError

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
    assert data.loc["P03"].tolist() == [pytest.approx(0.6), -18.0, "responder"]


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


def test_kendall_has_no_interval_and_says_none(endpoints):
    result = correlate_changes(endpoints, marker="entropy", method="kendall", **VISITS)
    assert np.isnan(result.ci_low)
    assert result.ci_method == ""
    assert result.is_exact


def test_one_sided_test_raises_no_alarm_about_the_two_sided_interval(endpoints):
    result = correlate_changes(endpoints, marker="entropy", alternative="greater", **VISITS)
    assert result.ci_method.endswith(", two-sided")
    assert not any("disagree" in one for one in result.warnings)
