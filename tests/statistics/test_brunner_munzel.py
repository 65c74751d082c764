"""Brunner–Munzel's statistic over every arrangement, against its definition in fractions."""

from fractions import Fraction
from itertools import combinations
from math import inf, isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    leave_one_out_groups,
    permutation_test,
    probability_of_superiority,
)
from ketbio.statistics.two_groups.brunner_munzel import placement_block
from ketbio.statistics.two_groups.groups import two_groups
from ketbio.statistics.two_groups.label_arrangements import every_arrangement, labels_of
from ketbio.statistics.two_groups.studentised import Studentised
from ketbio.statistics.two_groups.studentised_limits import OPEN_LIMIT

ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]
group = st.lists(st.integers(-3, 3), min_size=2, max_size=5)
groups = st.tuples(group, group)


def brunner_munzel(x, y, **options):
    return permutation_test(x, y, statistic="brunner_munzel", **options)


def placements(mine, others):
    return [sum(Fraction(1, 2) * ((v > w) + (v >= w)) for w in others) / len(others) for v in mine]


def signed_square(x, y):
    """Sign of T times T² as a fraction: ordered as T is."""
    of_x, of_y = placements(x, y), placements(y, x)
    difference = sum(of_x) / len(x) - Fraction(1, 2)
    variance = Fraction(0)
    for some in (of_x, of_y):
        mean = sum(some) / len(some)
        variance += sum((p - mean) ** 2 for p in some) / (len(some) - 1) / len(some)
    if variance == 0:
        return inf * (1 if difference > 0 else -1) if difference else 0
    return (1 if difference > 0 else -1) * difference**2 / variance


def brute_p(x, y, alternative):
    values = [*x, *y]
    of_all = []
    for some in combinations(range(len(values)), len(x)):
        rest = [v for i, v in enumerate(values) if i not in some]
        of_all.append(signed_square([values[i] for i in some], rest))
    observed = signed_square(x, y)
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
    # Shares of y below 2, 4, 6 are 1/3, 2/3, 1: A = 2/3, variance 1/9. Shares of x below 1, 3, 5
    # are 0, 1/3, 2/3: variance 1/9. T = (2/3 − 1/2)/√(1/27 + 1/27).
    found = brunner_munzel([2, 4, 6], [1, 3, 5])
    assert found.estimate == pytest.approx(2 / 3)
    assert found.statistic == pytest.approx((1 / 6) / np.sqrt(2 / 27))
    assert (found.estimate_name, found.null_value) == ("probability of superiority", 0.5)
    assert found.p_value == brute_p([2, 4, 6], [1, 3, 5], "two-sided")
    assert found.p_definition == "share of arrangements with |T| ≥ |t|"


def test_statistic_as_in_r_and_scipy():
    # > x <- c(3.1, 4.7, 2.2, 5.9, 4.4); y <- c(1.2, 2.9, 2.2, 3.3, 0.7, 1.8); n <- 5; m <- 6
    # > r <- rank(c(x, y)); sx <- var(r[1:5] - rank(x)); sy <- var(r[6:11] - rank(y))
    # > (mean(r[1:5]) - mean(r[6:11])) / ((n + m) * sqrt(sx/(n*m^2) + sy/(m*n^2)))
    # 3.664204680293706
    # > (mean(r[1:5]) - (n + 1)/2)/m
    # 0.8833333333333334
    x, y = [3.1, 4.7, 2.2, 5.9, 4.4], [1.2, 2.9, 2.2, 3.3, 0.7, 1.8]
    found = brunner_munzel(x, y)
    assert found.statistic == pytest.approx(3.664204680293706, rel=1e-12)
    assert found.statistic == pytest.approx(-stats.brunnermunzel(x, y).statistic, rel=1e-12)
    assert found.estimate == pytest.approx(0.8833333333333334)
    assert found.estimate == pytest.approx(probability_of_superiority(x, y).value)


@given(groups, st.sampled_from(ALTERNATIVES))
def test_p_is_the_share_of_arrangements(pair, alternative):
    found = brunner_munzel(*pair, alternative=alternative, confidence_level=None)
    assert found.p_value == brute_p(*pair, alternative)


@given(groups, st.sampled_from(ALTERNATIVES), st.sampled_from([0.5, 0.8, 0.9, 0.95]), st.booleans())
def test_p_below_alpha_exactly_when_interval_excludes_one_half(pair, alternative, level, mid_p):
    found = brunner_munzel(*pair, alternative=alternative, confidence_level=level, mid_p=mid_p)
    if isnan(found.ci_low):
        assert "there is no interval" in found.warnings[0]
        return
    assert 0 <= found.ci_low <= found.ci_high <= 1
    rejects = found.p_value < float(1 - Fraction(str(level)))
    if OPEN_LIMIT in found.warnings:
        assert mid_p
        assert rejects
        assert 0.5 in (found.ci_low, found.ci_high)
        return
    assert rejects == (found.ci_low > 0.5 or found.ci_high < 0.5)


@given(groups)
def test_only_the_order_counts_and_swapping_mirrors(pair):
    x, y = pair
    found = brunner_munzel(x, y, alternative="greater")
    stretched = brunner_munzel([v**3 for v in x[::-1]], [v**3 for v in y], alternative="greater")
    assert stretched.p_value == found.p_value
    swapped = brunner_munzel(y, x, alternative="less")
    assert swapped.p_value == found.p_value
    assert swapped.estimate == pytest.approx(1 - found.estimate)
    assert swapped.ci_high == pytest.approx(1 - found.ci_low, nan_ok=True)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 5), min_size=9, max_size=9), st.integers(2, 7))
def test_halves_give_the_same_as_one_by_one(values, n):
    pair = two_groups(values[:n], values[n:], ranked=True)
    labels = labels_of(pair)
    statistic = Studentised(
        labels=labels, blocks=(placement_block(pair.line.positions, pair.is_x),)
    )
    halves = np.sort(np.concatenate(list(statistic.from_halves())))
    one_by_one = np.sort(np.concatenate([statistic.places(b) for b in every_arrangement(labels)]))
    assert halves == pytest.approx(one_by_one, abs=1e-12)


def test_separate_groups_are_most_extreme_and_have_no_interval():
    found = brunner_munzel([4, 5, 6, 9], [1, 2, 3])
    assert (found.statistic, found.estimate) == (inf, 1.0)
    assert found.p_value == 2 / 35
    assert found.p_floor == 2 / 35
    assert isnan(found.ci_low)
    assert isnan(found.ci_high)
    assert found.warnings[0] == (
        "The groups do not overlap, or hold one value only, so that there is no interval; the test "
        "stands."
    )
    tied = brunner_munzel([1, 1], [1, 1, 1])
    assert (tied.p_value, tied.statistic, tied.estimate) == (1.0, 0.0, 0.5)


def test_infinite_critical_value_gives_the_whole_range():
    # 2 of 10 arrangements are separate: p of T = ±∞ is .2, not below .05.
    found = brunner_munzel([1, 3], [2, 4, 5])
    assert (found.ci_low, found.ci_high) == (0.0, 1.0)
    assert found.warnings[0] == (
        "This design has too few arrangements for a 95% interval: it is open on both sides."
    )


def test_interval_is_open_where_draws_cannot_reject():
    x, y = [1.2, 3.4, 5.6, 2.2, 7.1], [2.5, 9.3, 6.1, 8.8, 9.9, 12.0]
    found = brunner_munzel(x, y, exact=False, n_resamples=19, seed=3)
    assert (found.ci_low, found.ci_high) == (0.0, 1.0)
    assert found.warnings[0] == (
        "Too few draws were made (19) for a 95% interval: it is open on both sides. To have one, "
        "draw more (n_resamples)."
    )


def test_within_blocks_values_meet_their_own_block_only():
    x, y = [2, 5, 1, 12, 15], [3, 4, 11, 13, 16]
    blocks = [0, 0, 0, 1, 1, 0, 0, 1, 1, 1]
    found = brunner_munzel(x, y, blocks=blocks)
    first = probability_of_superiority(x[:3], y[:2]).value
    second = probability_of_superiority(x[3:], y[2:]).value
    assert found.estimate == pytest.approx((first + second) / 2)  # weights 6/5 and 6/5
    apart = [v + 1000 * (b == 1) for v, b in zip([*x, *y], blocks, strict=True)]
    assert brunner_munzel(apart[:5], apart[5:], blocks=blocks).p_value == found.p_value
    assert found.n_arrangements == 100


def test_one_value_in_a_group_is_refused_and_left_out_of_leave_one_out():
    with pytest.raises(StatisticsError, match=r"^Brunner–Munzel's statistic needs the variance of"):
        brunner_munzel([1, 2], [3])
    found = leave_one_out_groups([1, 4, 2], [2, 3], statistic="brunner_munzel")
    assert np.isnan(found.p_values).tolist() == [False, False, False, True, True]


def test_drawn_agrees_with_its_seed_and_its_interval():
    rng = np.random.default_rng(2)
    x, y = rng.normal(1.5, 1, 12), rng.normal(0, 3, 15)
    one, other = (
        brunner_munzel(x, y, exact=False, n_resamples=999, seed=8, alternative=side)
        for side in ("greater", "two-sided")
    )
    assert one.p_value <= other.p_value
    for found in (one, other):
        assert (found.p_value < 0.05) == (found.ci_low > 0.5 or found.ci_high < 0.5)
    null = other.null_distribution
    as_extreme = (np.abs(null) >= abs(other.statistic) - 1e-9).sum()
    assert other.p_value == pytest.approx((as_extreme + 1) / 1000)
