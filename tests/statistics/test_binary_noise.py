"""Values with binary noise are what they are on paper: ties, constants, perfect correlations."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    correlation_permutation_test,
    describe,
    hedges_g,
    leave_one_out_correlation,
    mean_interval,
    paired_effect,
    paired_permutation_test,
    paired_t,
    pearson,
    permutation_test,
    probability_of_superiority,
    spearman,
    welch_t,
)
from ketbio.statistics.number_lines import differences_without_noise, to_number_line, without_noise

BASELINE = [0.1, 0.2, 0.3, 1.1, 2.2, 3.1, 4.0]
ENDPOINT = [0.3, 0.4, 0.5, 1.4, 2.5, 3.6, 4.6]
NOISY = [after - before for before, after in zip(BASELINE, ENDPOINT, strict=True)]
CLEAN = [0.2, 0.2, 0.2, 0.3, 0.3, 0.5, 0.6]
OUTCOME = [-20, -17, -20, -13, -13, -5, 0]

tenths = st.integers(-30, 30).map(lambda k: (k / 10, (k + 700) / 10 - 70))


def test_the_noise_is_there():
    assert NOISY != CLEAN
    assert len(set(NOISY)) > 4


# R 4.2.2: r <- cor(c(2, 2, 2, 3, 3, 5, 6), y, method = m); mean(abs(r_i) >= abs(r) - 1e-12), r_i
# over all 5,040 orders i of y
@pytest.mark.parametrize(
    ("kind", "value"), [("spearman", 0.971825315808), ("kendall", 0.945905302927)]
)
def test_changes_with_noise_are_tied(kind, value):
    noisy = correlation_permutation_test(NOISY, OUTCOME, statistic=kind)
    clean = correlation_permutation_test([2, 2, 2, 3, 3, 5, 6], OUTCOME, statistic=kind)
    assert noisy.statistic == clean.statistic == pytest.approx(value, rel=1e-11)
    assert noisy.p_value == clean.p_value == pytest.approx(0.002380952381, rel=1e-9)
    others = leave_one_out_correlation(NOISY, OUTCOME, statistic=kind)
    tidy = leave_one_out_correlation(CLEAN, OUTCOME, statistic=kind)
    np.testing.assert_array_equal(others.p_values, tidy.p_values)


def test_superiority_counts_noise_as_ties():
    found = probability_of_superiority([0.1 + 0.2, 0.5], [0.3, 0.4, 0.3])
    assert found.value == (2 * 0.5 + 3) / 6  # two ties and three wins of six


@given(st.lists(tenths, min_size=2, max_size=5), st.lists(tenths, min_size=2, max_size=5))
def test_noise_changes_no_p_value(x, y):
    paper, noisy = ([v[kind] for v in x] for kind in (0, 1))
    paper_y, noisy_y = ([v[kind] for v in y] for kind in (0, 1))
    for statistic in ("mean_difference", "rank_sum"):
        one = permutation_test(paper, paper_y, statistic=statistic)
        other = permutation_test(noisy, noisy_y, statistic=statistic)
        assert (one.p_value, one.ci_low, one.ci_high) == (
            other.p_value,
            other.ci_low,
            other.ci_high,
        )
    for statistic in ("mean", "signed_rank"):
        one = paired_permutation_test(paper, statistic=statistic)
        other = paired_permutation_test(noisy, statistic=statistic)
        assert (one.p_value, one.ci_low) == (other.p_value, other.ci_low)


def test_what_is_not_noise_is_kept():
    apart = np.array([1 / 3, 1 / 3 + 1e-9, 2 / 3])
    assert without_noise(apart).tolist() == apart.tolist()
    near = without_noise(np.array([1 / 3 + 1e-14, 1 / 3, 2 / 3]))
    assert near.tolist() == [1 / 3, 1 / 3, 2 / 3]
    wide = np.array([1e15, 1e15 + 1, 1e15 + 2])
    assert without_noise(wide).tolist() == wide.tolist()
    assert without_noise(np.array([1e-300, 2e-300])).tolist() == [1e-300, 2e-300]
    assert to_number_line(np.array([0.1 + 0.2, 0.3, 0.7])).positions.tolist() == [0, 0, 1]


@given(st.floats(-1e6, 1e6).filter(lambda v: abs(v) > 1e-3), st.floats(-1e6, 1e6))
def test_nothing_moves_by_more_than_its_noise(first, second):
    given_values = np.array([first, second, 1 / 3])
    size = np.maximum(np.abs(given_values), np.median(np.abs(given_values)))
    assert (np.abs(without_noise(given_values) - given_values) <= 2e-12 * size).all()


def test_differences_beside_a_third_are_zero_within_the_noise():
    x, y = np.array([0.1 + 0.2, 1 / 3, 5.0]), np.array([0.3, 2 / 3, 1.0])
    assert differences_without_noise(x, y).tolist() == [0, -1 / 3, 4]


@pytest.mark.parametrize(
    "found",
    [
        paired_t([0.3, 0.5, 0.7], [0.1, 0.3, 0.5]),
        mean_interval([0.1] * 3),
        mean_interval([1.1] * 6),
        welch_t([0.1] * 3, [0.2] * 6),
        paired_t([1 / 3 + 0.2, 2 / 3 + 0.2, 1.2], [1 / 3, 2 / 3, 1.0]),
    ],
)
def test_noise_is_no_spread_for_a_t_test(found):
    assert math.isnan(found.t)
    assert math.isnan(found.p_value)
    assert math.isnan(found.ci_low)
    assert found.standard_error == 0
    assert found.warnings == ("The values do not vary: there is neither a t test nor an interval.",)


@pytest.mark.parametrize(
    "found",
    [
        hedges_g([0.1] * 3, [0.2] * 6),
        paired_effect([0.3, 0.5, 0.7], [0.1, 0.3, 0.5]),
        paired_effect([0.3, 0.5, 0.7, 0.3, 0.5], [0.1, 0.3, 0.5, 0.1, 0.3], standardiser="d_rm"),
    ],
)
def test_noise_is_no_spread_for_an_effect_size(found):
    assert math.isnan(found.value)
    assert found.warnings == (
        "The values do not vary, so that there is nothing to divide by: no effect size.",
    )
    assert describe([0.1] * 3).sd == 0


def test_noise_is_constant_for_a_correlation():
    with pytest.raises(StatisticsError, match=r"^x is constant \(0.2 for all 3\)"):
        correlation_permutation_test(NOISY[:3], [1, 2, 4])


def test_an_effect_beyond_the_noncentral_t_has_no_interval_and_says_so():
    found = hedges_g([1e6, 1e6 + 1, 1e6 + 2], [0, 1, 2])
    # d = 1e6; J = Γ(2)/(√2 Γ(1.5)) = .797885
    assert found.value == pytest.approx(797884.5608, rel=1e-9)
    assert math.isnan(found.ci_low)
    assert math.isnan(found.ci_high)
    assert found.warnings == (
        "The effect is too large for limits from the noncentral t distribution: no interval.",
    )


@pytest.mark.parametrize("scale", [1e-300, 1e-200, 1e-160, 1e90])
def test_effects_and_t_do_not_know_the_scale(scale):
    x, y = np.array([5.0, 6, 7, 8]), np.array([1.0, 2, 3, 5])
    here, there = welch_t(x, y), welch_t(scale * x, scale * y)
    assert (there.t, there.df) == pytest.approx((here.t, here.df), rel=1e-9)
    assert hedges_g(scale * x, scale * y).value == pytest.approx(hedges_g(x, y).value, rel=1e-9)
    for kind in ("d_av", "d_rm"):
        effect = paired_effect(scale * x, scale * y, standardiser=kind)
        assert effect.value == pytest.approx(paired_effect(x, y, standardiser=kind).value, rel=1e-9)
    assert paired_t(scale * x, scale * y).t == pytest.approx(paired_t(x, y).t, rel=1e-9)


@pytest.mark.parametrize("n", [4, 7, 11, 26])
@pytest.mark.parametrize("sign", [1, -1])
def test_perfect_correlations_are_perfect(n, sign):
    x = np.arange(n) * 0.1
    for found in (pearson(x, sign * (0.3 * x + 1)), spearman(x, sign * x**2)):
        assert found.value == sign
        assert math.isnan(found.ci_low)
        assert found.warnings[0].endswith(f"is {sign:+d}: Fisher's z has no interval there.")
    tied = np.repeat(x, 3)
    test = correlation_permutation_test(
        tied, sign * tied, statistic="kendall", exact=False, n_resamples=9, seed=1
    )
    assert test.statistic == sign
    assert math.isnan(test.ci_low)
