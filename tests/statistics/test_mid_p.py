"""Mid-p: half of those exactly as extreme, everywhere, and an interval that inverts it."""

from fractions import Fraction
from itertools import combinations, product
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.statistics import (
    correlation_permutation_test,
    paired_permutation_test,
    permutation_test,
)

ALTERNATIVES = ("two-sided", "less", "greater", "two-sided-doubled")
alternatives = st.sampled_from(ALTERNATIVES)
tied = st.lists(st.integers(-3, 3), min_size=1, max_size=5)


def mid_p_of(every, observed, alternative):
    """Share of the more extreme, and half of the share of those as extreme."""
    middle = Fraction(sum(every), len(every))

    def share(distance, own):
        more = sum(distance(t) > own for t in every)
        same = sum(distance(t) == own for t in every)
        return (more + Fraction(same, 2)) / len(every)

    upper = share(lambda t: t, observed)
    lower = share(lambda t: -t, -observed)
    both = share(lambda t: abs(t - middle), abs(observed - middle))
    doubled = min(Fraction(1), 2 * min(upper, lower))
    return {"greater": upper, "less": lower, "two-sided": both, "two-sided-doubled": doubled}[
        alternative
    ]


def group_mid_p(x, y, alternative):
    values = [Fraction(v) for v in (*x, *y)]
    every = [sum(some) for some in combinations(values, len(x))]
    return mid_p_of(every, sum(values[: len(x)]), alternative)


def sign_mid_p(values, alternative):
    signs = product((1, -1), repeat=len(values))
    every = [sum(s * Fraction(v) for s, v in zip(one, values, strict=True)) for one in signs]
    return mid_p_of(every, sum(map(Fraction, values)), alternative)


def test_by_hand():
    # x = 1 2 4 sum to 7; the ten sums of three of 1 to 5 are listed below.
    found = permutation_test([1, 2, 4], [3, 5], alternative="less", mid_p=True)
    assert sorted(sum(some) for some in combinations([1, 2, 3, 4, 5], 3)) == [
        6, 7, 8, 8, 9, 9, 10, 10, 11, 12,
    ]  # fmt: skip
    assert found.p_value == pytest.approx(0.15, rel=1e-15)  # (6) + half of (7), of ten
    assert found.p_floor == 0.05
    assert found.method == "exact, 10 arrangements, mid-p"
    assert found.p_definition.endswith("those exactly as extreme count half")
    assert any(text.startswith("This is a mid-p") for text in found.warnings)


@given(tied, tied, alternatives)
def test_groups_as_written_out(x, y, alternative):
    found = permutation_test(x, y, alternative=alternative, mid_p=True)
    assert found.p_value == pytest.approx(float(group_mid_p(x, y, alternative)), rel=1e-15)


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=8), alternatives)
def test_pairs_as_written_out(values, alternative):
    found = paired_permutation_test(values, alternative=alternative, mid_p=True)
    assert found.p_value == pytest.approx(float(sign_mid_p(values, alternative)), rel=1e-15)


@given(tied, tied, st.sampled_from(["less", "greater"]), st.sampled_from(["rank_sum"]))
def test_mid_p_is_p_less_half_of_those_as_extreme(x, y, alternative, statistic):
    asked = {"alternative": alternative, "statistic": statistic}
    whole, mid = permutation_test(x, y, **asked), permutation_test(x, y, **asked, mid_p=True)
    same = (abs(whole.null_distribution - whole.statistic) < 1e-9).mean()
    assert mid.p_value == pytest.approx(whole.p_value - same / 2, abs=1e-12)


@given(tied, tied)
def test_mid_p_of_both_sides_adds_up_to_one(x, y):
    sides = [
        permutation_test(x, y, alternative=one, mid_p=True).p_value for one in ("less", "greater")
    ]
    assert sum(sides) == pytest.approx(1)


@given(tied, tied, alternatives, st.sampled_from(["0.9", "0.75", "0.5"]))
def test_the_interval_is_where_mid_p_does_not_reject(x, y, alternative, level):
    alpha = 1 - Fraction(level)
    found = permutation_test(
        x, y, alternative=alternative, mid_p=True, confidence_level=float(level)
    )
    for limit, outward in ((found.ci_low, -1), (found.ci_high, 1)):
        if abs(limit) == inf:
            continue
        at = Fraction(limit).limit_denominator(200)
        step = outward * Fraction(1, 10**6)
        p_in, p_out = (
            group_mid_p([v - at - side for v in x], y, alternative) for side in (-step, step)
        )
        assert p_out < alpha
        assert p_in >= alpha or found.ci_low == found.ci_high  # a single shift is inside


@given(st.lists(st.integers(-4, 4), min_size=2, max_size=7), st.sampled_from(["0.9", "0.75"]))
def test_the_interval_of_pairs_is_where_mid_p_does_not_reject(values, level):
    alpha = 1 - Fraction(level)
    found = paired_permutation_test(values, mid_p=True, confidence_level=float(level))
    for limit, outward in ((found.ci_low, -1), (found.ci_high, 1)):
        if abs(limit) == inf:
            continue
        at = Fraction(limit).limit_denominator(60)
        step = outward * Fraction(1, 10**6)
        p_in, p_out = (
            sign_mid_p([v - at - side for v in values], "two-sided") for side in (-step, step)
        )
        assert p_out < alpha
        assert p_in >= alpha or found.ci_low == found.ci_high  # a single shift is inside


def test_a_limit_at_zero_is_told():
    # The mid-p of 0 is .1875 and that of shifts just above it more: α = .2 lies between.
    found = paired_permutation_test(
        [92, 82, 79, 0, -62], mid_p=True, alternative="two-sided-doubled", confidence_level=0.8
    )
    assert (found.p_value, found.ci_low) == (0.1875, 0)
    assert any(text.startswith("The limit at zero is open") for text in found.warnings)


def test_correlation_as_written_out():
    x, y = [1, 2, 2, 4, 5], [2, 1, 4, 4, 3]
    for alternative in ALTERNATIVES:
        found = correlation_permutation_test(x, y, alternative=alternative, mid_p=True)
        every = [sum(a * b for a, b in zip(x, one, strict=True)) for one in orders(y)]
        observed = sum(a * b for a, b in zip(x, y, strict=True))
        assert found.p_value == pytest.approx(float(mid_p_of(every, observed, alternative)))


def orders(values):
    if not values:
        return [[]]
    return [
        [values[i], *rest]
        for i in range(len(values))
        for rest in orders(values[:i] + values[i + 1 :])
    ]
