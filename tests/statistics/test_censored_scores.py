"""Scores of left-censored values, and the tests made of them."""

from fractions import Fraction
from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    censored_permutation_test,
    correlation_permutation_test,
    gehan_scores,
    permutation_test,
    peto_scores,
)
from ketbio.statistics.censored.censored_scores import score_line

X, X_BELOW = [0.9, 1.6, 2.0, 2.0, 0.5, 3.1], [False, False, False, False, True, False]
Y, Y_BELOW = [0.5, 0.5, 0.7, 1.0, 1.6], [True, True, False, True, False]

# suppressMessages({library(coin); library(survival)})   # coin 1.4.2
# v <- c(0.9, 1.6, 2.0, 2.0, 0.5, 3.1, 0.5, 0.5, 0.7, 1.0, 1.6); F <- FALSE; T <- TRUE
# below <- c(F, F, F, F, T, F, T, T, F, T, F); g <- factor(rep(1:2, c(6, 5)))
# s <- Surv(-v, !below)
# w <- function(type) function(time, n.risk, n.event) logrank_weight(time, n.risk, n.event, type)
# -logrank_trafo(s, weight = w("Gehan-Breslow"))
# -logrank_trafo(s, weight = w("Peto-Peto"))
COIN_GEHAN = [-1, 3, 7, 7, -7, 10, -7, -7, -3, -5, 3]
COIN_PETO = [
    -0.018181818181818188, 0.272727272727272707, 0.636363636363636354, 0.636363636363636354,
    -0.672727272727272729, 0.909090909090909061, -0.672727272727272729, -0.672727272727272729,
    -0.236363636363636331, -0.454545454545454586, 0.272727272727272707,
]  # fmt: skip
# gehan <- -logrank_trafo(s, weight = w("Gehan-Breslow"))
# pvalue(oneway_test(gehan ~ g, distribution = "exact", alternative = ...))
COIN_P = {
    "two-sided": 0.0844155844155844,
    "less": 0.978354978354978,
    "greater": 0.0432900432900433,
}


def test_scores_by_hand():
    # <1, 1, 2 and <3: <1 is below 1 (which is at the limit) and below 2; 1 is above <1 and below
    # 2; 2 is above <1 and 1; of <3 nothing is certain.
    below = [True, False, False, True]
    assert gehan_scores([1, 1, 2, 3], below).tolist() == [-2, 0, 2, 0]
    # F falls at 2, of the three values up to 2, from 1 to 2/3, and at 1, of the two, to 1/3.
    hand = [1 / 3 - 1, 2 / 3 + 1 / 3 - 1, 1 + 2 / 3 - 1, 1 - 1]
    assert peto_scores([1, 1, 2, 3], below) == pytest.approx(hand, abs=1e-15)


def test_scores_are_those_of_coin():
    assert gehan_scores(X + Y, X_BELOW + Y_BELOW).tolist() == COIN_GEHAN
    assert peto_scores(X + Y, X_BELOW + Y_BELOW) == pytest.approx(COIN_PETO, abs=1e-15)


@pytest.mark.parametrize("alternative", COIN_P)
def test_two_groups_have_the_p_of_coin(alternative):
    found = censored_permutation_test(
        X, Y, x_below=X_BELOW, y_below=Y_BELOW, alternative=alternative
    )
    assert found.test.p_value == pytest.approx(COIN_P[alternative], rel=1e-12)
    assert (found.n_censored, found.n_undetermined) == ((1, 3), 4)


def test_peto_statistic_is_that_of_survdiff():
    # sd <- survdiff(s ~ g, rho = 1); sd$obs - sd$exp    # time runs backwards, events come early
    # [1]  1.76363636363636 -1.76363636363636
    # pvalue(oneway_test(peto ~ g, distribution = "exact"))    # 0.0844155844155844
    found = censored_permutation_test(X, Y, x_below=X_BELOW, y_below=Y_BELOW, scores="peto").test
    assert found.statistic == pytest.approx(1.76363636363636, rel=1e-13)
    assert found.p_value == pytest.approx(0.0844155844155844, rel=1e-12)
    assert found.statistic_name == "sum of Peto & Peto scores of x"


def test_estimate_counts_pairs_whose_order_is_certain():
    # x <2 and 5, y 2 and <6: <2 is below 2; 5 is above 2; of <6 nothing is certain.
    found = censored_permutation_test([2, 5], [2, 6], x_below=[True, False], y_below=[False, True])
    assert found.test.estimate == (1 - 1) / 4
    assert found.test.estimate_name == "wins − losses of x, per pair of an x and a y"
    assert np.isnan(found.test.ci_low)
    assert found.test.warnings[0].startswith("In 2 of 4 pairs of a value of either group it is not")
    assert "The limits differ" in found.test.warnings[1]


def test_pairs_have_the_p_of_every_sign():
    # w1 <- c(1.5, 0.5, 1.1, 0.5, 0.8, 0.5); below1 <- c(F, T, F, T, F, T)
    # w0 <- c(2.1, 0.9, 3.0, 0.5, 0.5, 1.4); below0 <- c(F, F, F, T, T, F)
    # s <- Surv(-c(w1, w0), !c(below1, below0))
    # g <- -logrank_trafo(s, weight = w("Gehan-Breslow")); d <- g[1:6] - g[7:12]
    # d                                          # -2  -8  -8   0   6 -12
    # signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), 6)))
    # mean(abs(signs %*% d) >= abs(sum(d)))      # 0.1875
    found = censored_permutation_test(
        [1.5, 0.5, 1.1, 0.5, 0.8, 0.5],
        [2.1, 0.9, 3.0, 0.5, 0.5, 1.4],
        x_below=[False, True, False, True, False, True],
        y_below=[False, False, False, True, True, False],
        design="pairs",
    )
    assert (found.test.statistic, found.test.p_value) == (-24, 0.1875)
    # one pair not known (<0.5 and <0.5), four lower and one higher
    assert found.test.estimate == (1 - 4) / 6
    assert found.n_undetermined == 1


def test_pairings_have_the_p_of_every_pairing():
    x, x_below = [1.0, 1.0, 2.0, 4.0, 3.0], [True, True, False, False, False]
    y, y_below = [10.0, 20.0, 20.0, 40.0, 30.0], [True, False, True, False, False]
    found = censored_permutation_test(x, y, x_below=x_below, y_below=y_below, design="pairings")
    a, b = gehan_scores(x, x_below), gehan_scores(y, y_below)
    sums = np.array([a @ b[list(order)] for order in permutations(range(5))])
    assert found.test.p_value == (abs(sums) >= abs(a @ b)).mean()
    assert found.test.estimate == pytest.approx(np.corrcoef(a, b)[0, 1], rel=1e-12)
    assert found.test.estimate_name == "Pearson r of Gehan scores"
    assert found.n_undetermined is None


def test_scores_dealt_within_blocks():
    x, x_below = [3.0, 5.0, 9.0], [False, False, True]
    y, y_below = [3.0, 2.0, 8.0, 1.0], [True, False, False, False]
    blocks = ["a", "a", "b", "a", "a", "b", "b"]
    found = censored_permutation_test(
        x, y, x_below=x_below, y_below=y_below, blocks=blocks, alternative="greater"
    ).test
    # a: 3, 5 v <3, 2 have scores 1, 3, −2, −2 (3 and 5 are above <3, which may be above 2 or not);
    # b: <9 v 8, 1 have scores 0, 1, −1.
    a, b = [1, 3, -2, -2], [0, 1, -1]
    sums = [sum(pair) + one for pair in combinations(a, 2) for one in b]
    assert found.statistic == 4
    assert found.p_value == sum(total >= 4 for total in sums) / 18
    assert found.n_arrangements == 18


def test_pairs_are_scored_within_blocks():
    x, x_below = [3.0, 1.0, 9.0], [False, False, True]
    y, y_below = [2.0, 2.0, 8.0], [False, True, False]
    found = censored_permutation_test(
        x, y, x_below=x_below, y_below=y_below, design="pairs", blocks=["a", "a", "b"]
    ).test
    # a: 3 is above 2, 1 and <2 (3); 1 is below 3 and 2 (−2); 2 is above 1 and <2, below 3 (1); <2
    # is below 3 and 2 (−2), so that the differences are 2 and 0. b: <9 and 8 are not known (0, 0).
    assert found.statistic == 2
    assert (found.p_value, found.n_arrangements) == (1, 8)


def test_pairings_are_scored_and_dealt_within_blocks():
    x, x_below = [1.0, 2.0, 3.0, 10.0, 20.0], [True, False, False, False, True]
    y, y_below = [1.0, 2.0, 3.0, 5.0, 4.0], [False] * 5
    found = censored_permutation_test(
        x, y, x_below=x_below, y_below=y_below, design="pairings", blocks=list("aaabb"),
        alternative="greater",
    ).test  # fmt: skip
    # a: <1, 2, 3 have −2, 0, 2 against −2, 0, 2; b: 10 and <20 have 0, 0 against 1, −1.
    assert found.p_value == 2 / 12
    assert found.n_arrangements == 12


def test_drawn_p_has_an_interval_and_the_range_is_counted_all_the_same():
    words = {"x_below": X_BELOW, "y_below": Y_BELOW}
    counted = censored_permutation_test(X, Y, **words)
    drawn = [
        censored_permutation_test(X, Y, **words, exact=False, n_resamples=999, seed=seed)
        for seed in range(100)
    ]
    assert drawn[0].test.method == "999 draws"
    assert (drawn[0].p_low, drawn[0].p_high) == (counted.p_low, counted.p_high)
    # A 99 % interval misses once in a hundred seeds (9 of the first 1,000, seed 3 among them).
    p = counted.test.p_value
    missed = sum(not one.test.p_interval[0] <= p <= one.test.p_interval[1] for one in drawn)
    assert missed <= 4
    # b/m is unbiased: within three standard errors over all the draws.
    shares = [(1000 * one.test.p_value - 1) / 999 for one in drawn]
    assert abs(np.mean(shares) - p) < 3 * np.sqrt(p * (1 - p) / 99_900)


@pytest.mark.parametrize("design", ["two_groups", "pairs", "pairings"])
def test_where_everything_is_censored_p_is_1_and_said(design):
    found = censored_permutation_test(
        [1, 1, 2], [1, 2, 2], x_below=[True] * 3, y_below=[True] * 3, design=design
    )
    assert found.test.p_value == found.test.p_floor == 1
    assert np.isnan(found.test.estimate)
    assert (
        "All 6 values are below a limit, so that nothing is known of their order and p is 1."
        in found.test.warnings
    )


LEVELS = st.integers(0, 4)
SAMPLE = st.lists(st.tuples(LEVELS, st.booleans()), min_size=2, max_size=5)
SCORES = st.sampled_from(["gehan", "peto"])


def is_above(one, other):
    """Whether one (level, below) is certainly higher than another."""
    (a, a_below), (b, b_below) = one, other
    return not a_below and (a >= b if b_below else a > b)


@given(sample=SAMPLE)
def test_gehan_scores_count_certain_pairs(sample):
    hand = [sum(is_above(one, other) - is_above(other, one) for other in sample) for one in sample]
    levels, below = zip(*sample, strict=True)
    assert gehan_scores(levels, below).tolist() == hand
    assert sum(hand) == 0


@given(sample=SAMPLE)
def test_peto_scores_sum_to_zero_and_order_as_the_values(sample):
    levels, below = zip(*sample, strict=True)
    found = peto_scores(levels, below)
    assert abs(found.sum()) < 1e-12
    for (one, a), (other, b) in product(zip(sample, found, strict=True), repeat=2):
        assert a > b - 1e-12 or not is_above(one, other)


@given(x=st.lists(LEVELS, min_size=2, max_size=5), y=st.lists(LEVELS, min_size=2, max_size=5))
@settings(max_examples=30, deadline=None)
def test_without_censored_values_it_is_the_rank_sum_test(x, y):
    none = {"x_below": [False] * len(x), "y_below": [False] * len(y)}
    p = permutation_test(x, y, statistic="rank_sum", confidence_level=None).p_value
    for scores in ("gehan", "peto"):
        found = censored_permutation_test(x, y, **none, scores=scores)
        assert (found.test.p_value, found.p_low, found.p_high) == (p, p, p)


def test_without_censored_values_pairings_are_spearmans():
    x, y = [1.0, 2.0, 2.0, 5.0, 7.0, 6.0], [2.0, 1.0, 4.0, 4.0, 9.0, 3.0]
    none = [False] * 6
    found = censored_permutation_test(x, y, x_below=none, y_below=none, design="pairings")
    rho = correlation_permutation_test(x, y, statistic="spearman")
    assert found.test.p_value == rho.p_value == found.p_low == found.p_high
    assert found.test.estimate == pytest.approx(rho.estimate, rel=1e-12)


def found_by(x, y, **words):
    """Test two samples of (level, below)."""
    (a, a_below), (b, b_below) = zip(*x, strict=True), zip(*y, strict=True)
    return censored_permutation_test(a, b, x_below=a_below, y_below=b_below, **words)


@given(x=SAMPLE, y=SAMPLE, scores=SCORES)
@settings(max_examples=25)
def test_swapping_the_groups_mirrors(x, y, scores):
    one = found_by(x, y, scores=scores, alternative="greater")
    other = found_by(y, x, scores=scores, alternative="less")
    assert one.test.p_value == other.test.p_value
    assert (one.p_low, one.p_high) == (other.p_low, other.p_high)
    assert one.test.statistic == pytest.approx(-other.test.statistic, abs=1e-12)


@given(x=SAMPLE, y=SAMPLE, scores=SCORES)
@settings(max_examples=25)
def test_only_the_order_of_values_and_limits_matters(x, y, scores):
    def moved(sample):
        # steeper, elsewhere, and limits moved down as far as crosses no value
        return [(7.5 * level - 40 - (3.3 if below else 0), below) for level, below in sample]

    one, other = found_by(x, y, scores=scores), found_by(moved(x), moved(y), scores=scores)
    assert one.test.p_value == other.test.p_value
    assert one.test.statistic == other.test.statistic
    assert (one.p_low, one.p_high) == (other.p_low, other.p_high)


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"x_below": [0, 2]}, "x_below holds int64 of shape (2,); allowed: True or False (or 1 and "
         "0), of shape (2,), one per value. Give True where the value is a limit that the "
         "measurement was below."),
        ({"x_below": [True]}, "x_below holds bool of shape (1,); allowed: True or False (or 1 and "
         "0), of shape (2,)"),
        ({"y_below": [[True], [True, False]]}, "y_below holds"),
        ({"scores": "logrank"}, "scores is 'logrank'; allowed: 'gehan', 'peto'"),
        ({"design": "groups"}, "design is 'groups'; allowed: 'two_groups', 'pairs', 'pairings'"),
        ({"design": "pairings"}, "x has 2 values; allowed: at least 3"),
        ({"alternative": "both"}, "alternative is 'both'"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(given_, said):
    words = {"x_below": [False, True], "y_below": [False, True]} | given_
    with pytest.raises(StatisticsError) as refused:
        censored_permutation_test([1.0, 2.0], [3.0, 4.0], **words)
    assert said in str(refused.value)


def test_flags_may_be_ones_and_zeros_and_left_out_where_nothing_is_below():
    plain = censored_permutation_test([1.0, 2.0], [3.0, 4.0], x_below=[True, False])
    flags = censored_permutation_test([1.0, 2.0], [3.0, 4.0], x_below=[1, 0], y_below=[0, 0])
    assert plain.n_censored == flags.n_censored == (1, 0)
    assert plain.test.p_value == flags.test.p_value


def test_fractions_too_fine_for_whole_numbers_become_floats():
    fine = [Fraction(1, prime) for prime in (101, 103, 107, 109, 113, 127, 131, 137, 139)]
    line = score_line(fine)
    assert not line.is_exact
    assert line.tolerance > 0
    assert line.positions == pytest.approx([float(one) for one in fine])
