"""Differences of medians and trimmed means over every arrangement, against their definitions."""

from fractions import Fraction
from itertools import combinations
from math import comb, inf, isinf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import Budget, leave_one_out_groups, permutation_test
from ketbio.statistics.two_groups.groups import two_groups
from ketbio.statistics.two_groups.label_arrangements import every_arrangement, labels_of
from ketbio.statistics.two_groups.order_statistic_shifts import (
    DrawnShifts,
    ListedShifts,
    shifted_groups,
)
from ketbio.statistics.two_groups.order_statistic_sums import (
    median_weights,
    order_weights,
    trimmed_weights,
)

ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]
WORDS = ["median_difference", "trimmed_mean_difference"]
group = st.lists(st.integers(-4, 4), min_size=1, max_size=5)
groups = st.tuples(group, group)


def median(values):
    ascending, size = sorted(values), len(values)
    return Fraction(ascending[(size - 1) // 2] + ascending[size // 2]) / 2


def trimmed(values):
    cut = len(values) // 5
    kept = sorted(values)[cut : len(values) - cut]
    return Fraction(sum(kept)) / len(kept)


LOCATION = {"median_difference": median, "trimmed_mean_difference": trimmed}


def brute_p(x, y, word, alternative):
    values, location = [*x, *y], LOCATION[word]
    of_all = []
    for some in combinations(range(len(values)), len(x)):
        rest = [v for i, v in enumerate(values) if i not in some]
        of_all.append(location([values[i] for i in some]) - location(rest))
    observed = location(x) - location(y)
    upper = Fraction(sum(t >= observed for t in of_all), len(of_all))
    lower = Fraction(sum(t <= observed for t in of_all), len(of_all))
    both = Fraction(sum(abs(t) >= abs(observed) for t in of_all), len(of_all))
    return float(
        {
            "two-sided": both,
            "greater": upper,
            "less": lower,
            "two-sided-doubled": min(Fraction(1), 2 * min(upper, lower)),
        }[alternative]
    )


def test_three_against_three_by_hand():
    # Medians 2 and 6. They are 4 apart only where 1 and 2 go with 3 or 5 and the others with 6 and
    # 9: {1, 2, 3} against {5, 6, 9}, {1, 2, 5} against {3, 6, 9}, and the other way round.
    found = permutation_test([1, 2, 3], [5, 6, 9], statistic="median_difference")
    assert (found.statistic, found.estimate) == (-4.0, -4.0)
    assert found.p_value == 4 / 20
    assert found.p_definition == "share of arrangements with |T| ≥ |t|"
    assert found.statistic_name == found.estimate_name == "difference of medians"
    assert (found.ci_low, found.ci_high) == (-inf, inf)


def test_values_as_in_r():
    # > x <- c(3.1, 4.7, 2.2, 5.9, 4.4); y <- c(1.2, 2.9, 2.2, 3.3, 0.7, 1.8)
    # > median(x) - median(y)
    # 2.4
    # > print(mean(x, trim = .2) - mean(y, trim = .2), digits = 16)
    # 2.041666666666667
    x, y = [3.1, 4.7, 2.2, 5.9, 4.4], [1.2, 2.9, 2.2, 3.3, 0.7, 1.8]
    assert permutation_test(x, y, statistic="median_difference").estimate == 2.4
    found = permutation_test(x, y, statistic="trimmed_mean_difference")
    assert found.estimate == pytest.approx(2.041666666666667, rel=1e-15)
    assert found.estimate_name == "difference of 20% trimmed means"


@given(groups, st.sampled_from(WORDS), st.sampled_from(ALTERNATIVES))
def test_p_is_the_share_of_arrangements(pair, word, alternative):
    found = permutation_test(*pair, statistic=word, alternative=alternative, confidence_level=None)
    assert found.p_value == pytest.approx(brute_p(*pair, word, alternative), rel=1e-14)
    size = len(pair[0]) + len(pair[1])
    assert found.n_arrangements == found.null_distribution.size == comb(size, len(pair[0]))


@settings(max_examples=40)
@given(groups, st.sampled_from(WORDS), st.sampled_from(ALTERNATIVES), st.sampled_from([0.5, 0.8]))
def test_interval_is_where_the_shifted_test_does_not_reject(pair, word, alternative, level):
    found = permutation_test(*pair, statistic=word, alternative=alternative, confidence_level=level)
    alpha = float(1 - Fraction(str(level)))

    def p_of(shift):
        shifted = [v - shift for v in pair[0]]
        return brute_p(shifted, pair[1], word, alternative)

    for limit, outwards in ((found.ci_low, -1), (found.ci_high, 1)):
        if isinf(limit):
            assert p_of(Fraction(outwards * 1000)) >= alpha
            continue
        exact = Fraction(limit).limit_denominator(1000)
        assert float(exact) == pytest.approx(limit, abs=1e-9)
        assert p_of(exact) >= alpha
        assert p_of(exact + outwards * Fraction(1, 10**6)) < alpha


@settings(max_examples=60)
@given(
    groups,
    st.sampled_from(WORDS),
    st.sampled_from(ALTERNATIVES),
    st.sampled_from([0.5, 0.8, 0.95]),
    st.tuples(st.booleans(), st.booleans()),
)
def test_p_below_alpha_exactly_when_interval_excludes_zero(pair, word, alternative, level, how):
    mid_p, drawn = how
    found = permutation_test(
        *pair,
        statistic=word,
        alternative=alternative,
        confidence_level=level,
        mid_p=mid_p,
        exact=False if drawn else "auto",
        n_resamples=39,
        seed=4,
    )
    rejects = found.p_value < float(1 - Fraction(str(level)))
    if any("The limit at zero is open" in said for said in found.warnings):
        assert mid_p
        assert rejects
        assert 0 in (found.ci_low, found.ci_high)
        return
    assert rejects == (found.ci_low > 0 or found.ci_high < 0)


def test_open_limit_at_zero_is_said():
    # Mid-p is .4 at a shift of 0, and .6 beside it.
    found = permutation_test([-4, -1, 1], [-3, 4, 3], statistic="median_difference",
                             confidence_level=0.5, mid_p=True)  # fmt: skip
    assert (found.p_value, found.ci_high) == (0.4, 0.0)
    assert found.warnings[0] == (
        "The limit at zero is open: with mid-p the test rejects zero itself and no shift beside it."
    )


@given(groups, st.sampled_from(WORDS), st.integers(-50, 50))
def test_constant_order_and_names_change_nothing_or_mirror(pair, word, constant):
    x, y = pair
    found = permutation_test(x, y, statistic=word, alternative="greater", confidence_level=None)
    moved = permutation_test(
        [v + constant for v in x[::-1]],
        [v + constant for v in y],
        statistic=word,
        alternative="greater",
        confidence_level=None,
    )
    swapped = permutation_test(y, x, statistic=word, alternative="less", confidence_level=None)
    assert moved.p_value == found.p_value == swapped.p_value
    assert moved.estimate == pytest.approx(found.estimate)
    assert swapped.estimate == -found.estimate


@given(st.lists(st.floats(-5, 5), min_size=7, max_size=9), st.sampled_from(WORDS))
def test_real_values_are_counted_as_fractions_are(values, word):
    x, y = values[:3], values[3:]
    assume(len(set(values)) == len(values))
    assume(min(np.diff(np.sort(values))) > 1e-6)
    found = permutation_test(x, y, statistic=word, confidence_level=None)
    assert found.p_value == pytest.approx(brute_p(x, y, word, "two-sided"), rel=1e-12)


def test_far_groups_are_extreme_whichever_is_larger_and_longer():
    # Measured from E T, which is not 0 where sizes differ, p was .24 on one side and .05 on the
    # other, without any overlap.
    for shift in (-1000, 1000):
        x = np.round(np.arange(16) * 1.1 ** np.arange(16), 3) + shift
        found = permutation_test(x, np.arange(18), statistic="median_difference")
        assert found.p_value == found.p_floor < 1e-5
        assert found.ci_low * found.ci_high > 0


ROOTS = [2**0.5, 3**0.5, 5**0.5, 1 / 3], [k**0.5 for k in (7, 11, 13, 17, 6, 19)]
WHOLE = [2, 5, 3, 1], [7, 11, 13, 17, 6, 19]


# By brute force in fractions (`brute_p`) at o = 100.
@pytest.mark.parametrize("o", [1e5, 1e6, 1e8, 1e10, 1e13, 1e16, 1e20, 1e100])
@pytest.mark.parametrize(
    ("word", "pair", "figures"),
    [
        ("median_difference", ROOTS, (37 / 462, -2.968836076506117, None)),
        ("median_difference", WHOLE, (77 / 462, -17, None)),
        ("trimmed_mean_difference", ROOTS, (36 / 462, -2.92457386945919, 0.2693957072997215)),
        ("trimmed_mean_difference", WHOLE, (54 / 462, -15.1, 29 / 6)),
    ],
)
def test_no_outlier_blurs_the_others(word, pair, figures, o):
    p, low, high = figures
    found = permutation_test([o, *pair[0]], pair[1], statistic=word)
    assert found.p_value == p
    assert found.ci_low == pytest.approx(low, rel=1e-8)
    if high is None:  # it involves o
        assert 0.5 * o < found.ci_high < inf
    else:
        assert found.ci_high == pytest.approx(high, rel=1e-8)


def test_figures_of_the_outliers_are_those_of_brute_force():
    for word, count in (("median_difference", 77), ("trimmed_mean_difference", 54)):
        assert brute_p([100, *WHOLE[0]], WHOLE[1], word, "two-sided") == count / 462
        assert brute_p([10**20, *WHOLE[0]], WHOLE[1], word, "two-sided") == count / 462
    assert brute_p([1e20, 2.5, 1.5], [3.5, 7, 9], "median_difference", "two-sided") == 0.6
    found = permutation_test([1e20, 2.5, 1.5], [3.5, 7, 9], statistic="median_difference")
    assert (found.statistic, found.p_value) == (-4.5, 0.6)


@settings(max_examples=60)
@given(
    groups,
    st.sampled_from(WORDS),
    st.sampled_from(["two-sided", "less", "greater"]),
    st.sampled_from(["low", "high"]),
    st.booleans(),
)
def test_p_without_end_is_that_far_off(pair, word, alternative, side, mid_p):
    x, y = pair
    weights = {"median_difference": median_weights, "trimmed_mean_difference": trimmed_weights}[
        word
    ]
    shifted = shifted_groups(
        two_groups(x, y, ranked=True), order_weights(weights(len(x)), weights(len(y)))
    )
    if alternative != "two-sided":
        alternative = {"low": "greater", "high": "less"}[side]
    every = np.concatenate(list(every_arrangement(labels_of(two_groups(x, y)))))
    size = comb(len(x) + len(y), len(x))
    shifts = [
        ListedShifts(groups=shifted, n_arrangements=size),
        DrawnShifts(groups=shifted, labels=every),
    ]
    found = [
        some.far(side).p_value(
            shifted.observed_sum, side=side, both=alternative == "two-sided", mid_p=mid_p
        )
        for some in shifts
    ]
    assert found[0] == found[1]
    if not mid_p:
        far = 10**6 if side == "low" else -(10**6)
        assert found[0] == brute_p([v + far for v in x], y, word, alternative)


def test_an_interval_that_ties_leave_open_does_not_blame_the_design():
    found = permutation_test([3] * 4, [3] * 5, statistic="median_difference")
    assert (found.p_value, found.ci_low, found.ci_high) == (1, -inf, inf)
    assert found.warnings[0] == (
        "At any shift too many arrangements are as extreme as the observed one for a 95% interval: "
        "it is open where a limit is infinite."
    )
    few = permutation_test([1, 2, 3], [5, 6, 9], statistic="median_difference")
    assert few.warnings[0] == (
        "This design has too few arrangements for a 95% interval: it is open on both sides."
    )


def test_medians_are_exact_for_many_values():
    rng = np.random.default_rng(1)
    x, y = rng.normal(0.8, 1, 40).round(2), rng.normal(size=45).round(2)
    found = permutation_test(x, y, statistic="median_difference", confidence_level=None)
    assert (found.is_exact, found.algorithm) == (True, "meet in the middle")
    drawn = permutation_test(x, y, statistic="median_difference", confidence_level=None,
                             exact=False, n_resamples=9_999, seed=1)  # fmt: skip
    assert drawn.p_interval[0] < found.p_value < drawn.p_interval[1]


def test_all_tied_gives_one_and_says_so():
    found = permutation_test([2, 2], [2, 2, 2], statistic="trimmed_mean_difference")
    assert found.p_value == 1
    assert "Every arrangement gives the same statistic, so p is 1." in found.warnings


def test_interval_beyond_the_budget_is_a_bootstrap_and_says_so():
    x, y = [3.1, 4.7, 2.2, 5.9, 4.4], [1.2, 2.9, 2.2, 3.3, 0.7, 1.8]
    little = Budget(seconds=1e-4, gibibytes=1)
    for side, is_open in (("two-sided", (False, False)), ("greater", (False, True))):
        found = permutation_test(x, y, statistic="trimmed_mean_difference", budget=little, seed=5,
                                 n_resamples=499, alternative=side)  # fmt: skip
        assert found.is_exact
        assert found.ci_method == "BCa bootstrap, 499 resamples"
        assert (isinf(found.ci_low), isinf(found.ci_high)) == is_open
        assert "need not agree about zero" in found.warnings[0]
        assert found.seed == 5
    alone = permutation_test([3.1], y, statistic="median_difference", exact=False, seed=5,
                             budget=Budget(seconds=0, gibibytes=0))  # fmt: skip
    assert np.isnan(alone.ci_low)
    assert alone.warnings[0].startswith("No interval: inverting the test would take too long")


def test_exact_beyond_the_budget_is_refused():
    rng = np.random.default_rng(1)
    pair = rng.normal(size=30), rng.normal(size=30)
    little = Budget(seconds=0.01, gibibytes=1)
    with pytest.raises(StatisticsError, match=r"1\.18e\+17 arrangements of 60 values cannot be"):
        permutation_test(*pair, statistic="trimmed_mean_difference", exact=True, budget=little)


@pytest.mark.parametrize("word", WORDS)
def test_blocks_are_refused(word):
    with pytest.raises(StatisticsError) as told:
        permutation_test([1, 2], [3, 4], statistic=word, blocks=[0, 1, 0, 1])
    assert str(told.value) == (
        f"blocks holds 2 blocks, and statistic '{word}' has no form within blocks; allowed with "
        'blocks: "mean_difference", "rank_sum", "welch_t", "brunner_munzel". Use one of these, or '
        "leave blocks out."
    )


@pytest.mark.parametrize("word", WORDS)
def test_leaving_one_out_is_the_test_on_the_rest(word):
    x, y = [5.1, 6.2, 9.9, 7.0], [4.4, 5.2, 6.0]
    found = leave_one_out_groups(x, y, statistic=word)
    rest = [(np.delete(x, i), y) for i in range(4)] + [(x, np.delete(y, i)) for i in range(3)]
    whole = [permutation_test(*pair, statistic=word) for pair in rest]
    assert found.p_values.tolist() == [test.p_value for test in whole]
    assert found.estimates.tolist() == [test.estimate for test in whole]


def test_stopping_early_gives_h_over_draws():
    found = permutation_test([1, 5, 3], [2, 4, 9, 7], statistic="median_difference", exact=False,
                             n_resamples=999, stop_after=10, seed=3)  # fmt: skip
    assert found.method.endswith("stopped at the 10th as extreme")
    assert found.p_value == pytest.approx(10 / int(found.method.split()[0]))
