"""Rank intervals with ties against every shift tried, and ranks whatever the range of the data."""

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ketbio.statistics import hodges_lehmann, paired_permutation_test, permutation_test

tied = st.sampled_from([0, 0, 0, 1, 2, 5, 9])
ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]


# R 4.2.2, coin 1.4-2: p <- function(s) pvalue(wilcox_test(v ~ g, data.frame(v = c(x - s, y),
#   g = factor(rep(c("x", "y"), c(9, 9)))), distribution = "exact")); s 1.5, 3.5, 5.5
COIN = [(1.5, 0.2301933361), (3.5, 0.1731386261), (5.5, 0.0218428630)]
X, Y = [1, 1, 1, 1, 1, 1, 5, 9, 12], [1, 1, 1, 1, 1, 1, 1, 1, 2]


def test_tied_interval_ends_where_coin_rejects():
    for shift, p in COIN:
        shifted = permutation_test([v - shift for v in X], Y, statistic="rank_sum")
        assert shifted.p_value == pytest.approx(p, rel=1e-8)
    found = permutation_test(X, Y, statistic="rank_sum")
    assert (found.estimate, found.ci_low, found.ci_high) == (0, 0, 4)


def test_interval_starts_at_the_estimate_not_at_the_middle_difference():
    found = permutation_test([0] * 9 + [10, 20, 30, 40], [0] * 12, statistic="rank_sum")
    assert (found.ci_low, found.ci_high) == (0, 10)


def test_where_every_gap_is_rejected_the_interval_is_the_accepted_differences():
    found = permutation_test([0] * 6 + [1, 2], [0] * 7 + [3], statistic="rank_sum")
    assert (found.p_value, found.ci_low, found.ci_high) == (1, 0, 0)
    # Six equal pairs: beside 2 all signs agree, p = 2/64; at 2 nothing is left, p = 1.
    pairs = hodges_lehmann([2] * 6)
    assert (pairs.value, pairs.ci_low, pairs.ci_high) == (2, 2, 2)


def limits_by_trying(jumps, p_at, alpha):
    """Closure of the accepted gaps; of the accepted jumps, or the best, where there is none."""
    gaps = [jumps[0] - 1, *((jumps[1:] + jumps[:-1]) / 2), jumps[-1] + 1]
    accepted = np.flatnonzero([p_at(shift) >= alpha for shift in gaps])
    if accepted.size:
        ends = [-inf, *jumps, inf]
        return ends[accepted[0]], ends[accepted[-1] + 1]
    p = np.array([p_at(shift) for shift in jumps])
    inside = jumps[p >= min(alpha, p.max())]
    return inside[0], inside[-1]


@settings(max_examples=60)
@given(
    st.lists(tied, min_size=2, max_size=6),
    st.lists(tied, min_size=2, max_size=6),
    st.sampled_from([0.95, 0.8]),
    st.sampled_from(ALTERNATIVES),
)
def test_tied_rank_sum_interval_is_that_of_every_shift_tried(x, y, level, alternative):
    def p_at(shift):
        return permutation_test(
            [v - shift for v in x], y, statistic="rank_sum", alternative=alternative
        ).p_value

    found = permutation_test(
        x, y, statistic="rank_sum", alternative=alternative, confidence_level=level
    )
    jumps = np.unique(np.subtract.outer(x, y)).astype(float)
    expected = limits_by_trying(jumps, p_at, round(1 - level, 9))
    assert (found.ci_low, found.ci_high) == expected


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([-3, -1, 1, 1, 2, 4]), min_size=2, max_size=8),
    st.sampled_from([0.95, 0.8]),
)
def test_tied_signed_rank_interval_is_that_of_every_shift_tried(values, level):
    def p_at(shift):
        shifted = [v - shift for v in values]
        return paired_permutation_test(shifted, statistic="signed_rank").p_value

    found = paired_permutation_test(values, statistic="signed_rank", confidence_level=level)
    jumps = np.unique(np.add.outer(values, values) / 2)
    expected = limits_by_trying(jumps, p_at, round(1 - level, 9))
    assert (found.ci_low, found.ci_high) == expected


def test_ranks_do_not_depend_on_the_range():
    far = permutation_test([1.001, 2, 3, 1e20], [1, 2.002, 3.5, 3.7], statistic="rank_sum")
    near = permutation_test([1.001, 2, 3, 9], [1, 2.002, 3.5, 3.7], statistic="rank_sum")
    # Ranks of x by hand: 2, 3, 5, 8.
    assert far.statistic == near.statistic == 18
    assert far.p_value == near.p_value
    assert far.ci_low == pytest.approx(near.ci_low, rel=1e-12)
    lower = permutation_test([1.001, 1.5, 1e20], [1, 0.2, 0.3], statistic="rank_sum")
    assert lower.p_value == 0.1
    pairs = paired_permutation_test([1.001, -1, 1.002, 2, 1e20], statistic="signed_rank")
    assert pairs.p_value == 0.125  # positive ranks 2 + 3 + 4 + 5: beyond ±13 lie 4 of 32


@given(st.lists(st.integers(-300, 300), min_size=4, max_size=9, unique=True))
def test_ranks_survive_any_rising_transformation(thirds):
    n, values = len(thirds) // 2, [third / 3 for third in thirds]
    steep = [third**3 / 27 for third in thirds]
    plain = permutation_test(values[:n], values[n:], statistic="rank_sum")
    moved = permutation_test(steep[:n], steep[n:], statistic="rank_sum")
    assert moved.statistic == plain.statistic == stats.rankdata(values)[:n].sum()
    assert moved.p_value == plain.p_value
