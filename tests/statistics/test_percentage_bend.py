"""Percentage bend against R and pingouin; its interval; where it is not defined."""

import math

import numpy as np
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import correlation_permutation_test, leave_one_out_correlation
from ketbio.statistics.pairings.percentage_bend import bend_correlation

X = [2.1, 3.4, 1.9, 5.6, 4.4, 3.8, 9.7, 0.3, 2.2, 6.1, 5.0, 7.7]
Y = [1.2, 2.1, 3.3, 4.7, 2.9, 1.1, 5.5, 0.2, 9.9, 3.1, 4.2, 4.4]


def bend(x, y, **options):
    options = {"n_resamples": 499, "seed": 1} | options
    return correlation_permutation_test(x, y, statistic="percentage_bend", **options)


# R, Wilcox's pbcor and pbos (β = .2, the rank of ω being floor(.8 n + .5)):
#   pbos <- function(x) { om <- sort(abs(x - median(x)))[floor(.8*length(x) + .5)]
#     psi <- (x - median(x))/om; i1 <- sum(psi < -1); i2 <- sum(psi > 1)
#     (sum(x[abs(psi) <= 1]) + om*(i2 - i1))/(length(x) - i1 - i2) }
#   a <- pmax(-1, pmin(1, (x - pbos(x))/omx)), b alike; sum(a*b)/sqrt(sum(a^2)*sum(b^2))
@pytest.mark.parametrize(
    ("n", "value"), [(6, 0.371567895158515), (10, 0.487515984560593), (12, 0.573310485141423)]
)
def test_value_as_wilcox(n, value):
    found = bend(X[:n], Y[:n], confidence_level=None)
    assert found.statistic == pytest.approx(value, rel=1e-13)
    assert found.statistic_name == "percentage-bend r"


# pingouin takes the ⌊0.8 n⌋-th distance; Wilcox rounds, so that they agree for some n only.
@pytest.mark.parametrize("n", [5, 10])
def test_value_as_pingouin(n):
    theirs = pingouin.corr(X[:n], Y[:n], method="percbend")["r"].iloc[0]
    assert bend(X[:n], Y[:n], confidence_level=None).statistic == pytest.approx(theirs, rel=1e-12)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=10, max_size=10))
def test_value_of_resamples_is_that_of_the_test(pairs):
    x, y = np.array(pairs).T
    try:
        found = bend(x, y, confidence_level=None, exact=False, n_resamples=1)
    except StatisticsError:
        return
    assert bend_correlation(x, y) == pytest.approx(found.statistic, rel=1e-6, abs=1e-6)


def test_fourteen_pairs_are_exact():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(2, 14)).round(2)
    found = bend(x, y, confidence_level=None)
    assert found.is_exact
    drawn = bend(x, y, confidence_level=None, exact=False, n_resamples=9_999)
    assert drawn.p_interval[0] <= found.p_value <= drawn.p_interval[1]
    assert drawn.statistic == found.statistic


def test_a_far_value_moves_it_less_than_pearson():
    far = [*X[:-1], 1e6]
    one, other = bend(X, Y, confidence_level=None), bend(far, Y, confidence_level=None)
    assert one.statistic == pytest.approx(other.statistic, abs=0.05)


# Base R, as above: X = (√2, …, √13, o) and Y = (2, 1, 4, 3, 6, 5, 3) give the same for o = 100 and
# for any larger o, since the largest value is bent to ω either way.
@pytest.mark.parametrize("o", [1e9, 1e13, 1e16, 1e20, 1e100])
@pytest.mark.parametrize(
    "rest", [[1, 2, 3, 4, 5, 6.5], [math.sqrt(k) for k in (2, 3, 5, 7, 11, 13)]]
)
def test_no_outlier_blurs_the_others(rest, o):
    y = [2, 1, 4, 3, 6, 5, 3]
    near, far = (bend([*rest, one], y, confidence_level=None) for one in (100, o))
    assert (far.statistic, far.p_value) == (pytest.approx(near.statistic, rel=1e-12), near.p_value)


def test_limits_do_not_hang_on_the_seed_nor_on_the_draws_of_the_test():
    x = [2.0, -2.6, 0.4, -0.6, -0.5, -0.2, -2.0, -0.2, -0.9, 3.3, 0.2]
    y = [-2.1, 2.5, -0.6, 0.2, 0.4, 0.4, 1.9, 0.5, 0.8, -3.3, 0.3]
    highs = [bend(x, y, exact=False, n_resamples=9, seed=seed).ci_high for seed in range(4)]
    assert np.ptp(highs) < 0.01
    many = np.random.default_rng(1).normal(size=(2, 60))
    assert bend(*many, exact=False).ci_method == "BCa bootstrap, 9,999 resamples"


def test_interval_is_the_bootstrap_and_its_seed_is_kept():
    found, again = bend(X, Y), bend(X, Y)
    assert found.ci_method == "BCa bootstrap, 99,999 resamples"
    assert found.seed == 1
    assert (found.ci_low, found.ci_high) == (again.ci_low, again.ci_high)
    assert found.ci_low < found.estimate < found.ci_high
    fresh = bend(X, Y, seed=None)
    assert bend(X, Y, seed=fresh.seed).ci_low == fresh.ci_low


def test_one_sided_interval_is_open_to_the_edge():
    both = bend(X, Y, confidence_level=0.9)
    low = bend(X, Y, alternative="greater")
    high = bend(X, Y, alternative="less")
    assert [low.ci_low, low.ci_high] == pytest.approx([both.ci_low, 1], rel=1e-9)
    assert [high.ci_low, high.ci_high] == pytest.approx([-1, both.ci_high], rel=1e-9)
    none = bend(X, Y, alternative="less", confidence_level=0.5)
    assert math.isnan(none.ci_low)
    assert "There is no one-sided bootstrap interval at a level of 0.5 or less." in none.warnings


def test_disagreement_of_interval_and_test_is_said():
    # p is .0538: with this level the exact test rejects, and the wide bootstrap interval does not.
    found = bend(X, Y, confidence_level=0.94)
    assert found.p_value < 0.06
    assert found.ci_low < 0 < found.ci_high
    assert (
        "The bootstrap interval and the permutation test disagree about zero: the interval does "
        "not invert the test, and p is the one that is exact."
    ) in found.warnings


def test_perfect_correlation_and_blocks_have_no_interval():
    perfect = bend(range(10), range(10))
    assert perfect.statistic == 1
    assert "Percentage-bend r is +1: its bootstrap has no spread there." in perfect.warnings
    blocked = bend(X, Y, blocks=[0] * 6 + [1] * 6)
    assert math.isnan(blocked.ci_low)
    assert blocked.statistic_name == "percentage-bend r within blocks"
    assert (
        "There is no interval of a percentage-bend correlation within blocks." in blocked.warnings
    )


def test_a_block_that_lies_apart_is_not_bent_as_a_whole():
    blocks = [0] * 6 + [1] * 6
    apart = [*X[:6], *(value + 100 for value in X[6:])]
    one = bend(X, Y, blocks=blocks, confidence_level=None)
    other = bend(apart, Y, blocks=blocks, confidence_level=None)
    assert one.p_value == other.p_value
    assert one.statistic == pytest.approx(other.statistic, rel=1e-12)


def test_too_many_equal_values_are_refused():
    with pytest.raises(StatisticsError) as caught:
        bend([1, 1, 1, 1, 1, 1, 1, 1, 2, 3], range(10))
    assert str(caught.value) == (
        "x has 8 of 10 values equal to the median; allowed for percentage bend: fewer than 8, "
        'since the spread that it bends at would be 0. Use statistic="spearman" or "kendall".'
    )
    with pytest.raises(StatisticsError, match=r"^y has 8 of 10 values equal to the median of"):
        bend(range(10), [1, 1, 1, 1, 2, 5, 5, 5, 5, 6], blocks=[0] * 5 + [1] * 5)


def test_leave_one_out():
    found = leave_one_out_correlation(X[:8], Y[:8], statistic="percentage_bend")
    assert found.estimate_name == "percentage-bend r"
    rest = bend(X[1:8], Y[1:8], confidence_level=None)
    assert (found.estimates[0], found.p_values[0]) == (rest.estimate, rest.p_value)
    # Without 5 or 9 the rest are too alike: of five values four (the rank of ω) are equal.
    undefined = leave_one_out_correlation([1, 1, 1, 1, 5, 9], range(6), statistic="percentage_bend")
    assert np.isnan(undefined.p_values).tolist() == [False] * 4 + [True] * 2
