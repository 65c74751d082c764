"""Leaving one out is the test on the rest, in the order of the observations."""

import numpy as np
import pytest

from ketbio.statistics import (
    correlation_permutation_test,
    leave_one_out_correlation,
    leave_one_out_groups,
    leave_one_out_pairs,
    paired_permutation_test,
    permutation_test,
)

X, Y = [5.1, 6.2, 9.9, 7.0, 6.4], [4.4, 5.2, 6.0, 4.9, 3.1]


@pytest.mark.parametrize("statistic", ["mean_difference", "rank_sum", "welch_t", "brunner_munzel"])
@pytest.mark.parametrize("alternative", ["two-sided", "less"])
def test_groups_without_each_value(statistic, alternative):
    found = leave_one_out_groups(X, Y[:4], statistic=statistic, alternative=alternative)
    rest = [(np.delete(X, i), Y[:4]) for i in range(5)] + [
        (X, np.delete(Y[:4], i)) for i in range(4)
    ]
    whole = [permutation_test(*pair, statistic=statistic, alternative=alternative) for pair in rest]
    assert found.p_values.tolist() == [test.p_value for test in whole]
    assert found.estimates == pytest.approx([test.estimate for test in whole])
    assert found.is_exact
    assert found.n == (5, 4)


@pytest.mark.parametrize("statistic", ["mean", "signed_rank"])
def test_pairs_without_each(statistic):
    found = leave_one_out_pairs(X, Y, statistic=statistic)
    whole = [
        paired_permutation_test(np.delete(X, i), np.delete(Y, i), statistic=statistic)
        for i in range(5)
    ]
    assert found.p_values.tolist() == [test.p_value for test in whole]
    assert found.estimates == pytest.approx([test.estimate for test in whole])


@pytest.mark.parametrize("statistic", ["pearson", "spearman", "kendall"])
def test_correlation_without_each(statistic):
    found = leave_one_out_correlation(X, Y, statistic=statistic)
    whole = [
        correlation_permutation_test(np.delete(X, i), np.delete(Y, i), statistic=statistic)
        for i in range(5)
    ]
    assert found.p_values.tolist() == [test.p_value for test in whole]
    assert found.estimates == pytest.approx([test.estimate for test in whole])


def test_nothing_left_is_missing_and_said():
    found = leave_one_out_groups([1], [2, 3])
    assert np.isnan(found.estimates).tolist() == [True, False, False]
    assert found.warnings == ("1 of 3 tests could not be made with one value less.",)
    assert np.isnan(leave_one_out_pairs([1]).p_values).all()
    constant = leave_one_out_correlation([1, 1, 1, 5], [1, 2, 3, 4])
    assert np.isnan(constant.estimates).tolist() == [False, False, False, True]


def test_drawn_leave_one_out_repeats_with_its_seed():
    one, other = (leave_one_out_groups(X, Y, exact=False, n_resamples=99, seed=4) for _ in range(2))
    assert one.p_values.tolist() == other.p_values.tolist()
    assert not one.is_exact
