"""Pairs against every sign written out, and the interval against its definition."""

from fractions import Fraction
from itertools import product
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ketbio.statistics import paired_permutation_test

ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]
differences = st.lists(st.integers(-5, 5), min_size=1, max_size=8)


def brute_sign_p(values, alternative):
    values = [Fraction(v) for v in values]
    sums = [
        sum(s * v for s, v in zip(signs, values, strict=True))
        for signs in product((1, -1), repeat=len(values))
    ]
    observed = sum(values)
    upper = Fraction(sum(s >= observed for s in sums), len(sums))
    lower = Fraction(sum(s <= observed for s in sums), len(sums))
    both = Fraction(sum(abs(s) >= abs(observed) for s in sums), len(sums))
    doubled = min(Fraction(1), 2 * min(upper, lower))
    return {"two-sided": both, "greater": upper, "less": lower, "two-sided-doubled": doubled}[
        alternative
    ]


@given(differences, st.sampled_from(ALTERNATIVES))
def test_p_is_the_share_of_signs(values, alternative):
    found = paired_permutation_test(values, alternative=alternative)
    assert found.p_value == float(brute_sign_p(values, alternative))
    assert found.n_arrangements == 2 ** len(values)


@given(differences, st.sampled_from(ALTERNATIVES))
def test_signed_rank_p_is_the_share_of_signs(values, alternative):
    kept = [v for v in values if v]
    ranks = stats.rankdata([abs(v) for v in kept]) if kept else []
    signed = [r if v > 0 else -r for r, v in zip(ranks, kept, strict=True)]
    found = paired_permutation_test(values, statistic="signed_rank", alternative=alternative)
    assert found.p_value == float(brute_sign_p(signed, alternative))
    assert found.statistic == sum(r for r in signed if r > 0)


@given(differences, st.sampled_from(ALTERNATIVES), st.sampled_from(["0.95", "0.8", "0.5"]))
def test_interval_of_pairs_is_where_the_shifted_test_does_not_reject(values, alternative, level):
    alpha = 1 - Fraction(level)
    found = paired_permutation_test(values, alternative=alternative, confidence_level=float(level))

    def p_at(shift):
        return brute_sign_p([v - shift for v in values], alternative)

    for limit, outward in ((found.ci_low, -1), (found.ci_high, 1)):
        if abs(limit) == inf:
            assert p_at(Fraction(outward * 1000)) >= alpha
            continue
        exact = Fraction(limit).limit_denominator(50)
        assert float(exact) == pytest.approx(limit, abs=1e-12)
        assert p_at(exact) >= alpha
        assert p_at(exact + outward * Fraction(1, 10**6)) < alpha


@given(differences, st.sampled_from(ALTERNATIVES), st.sampled_from([0.95, 0.9, 0.75]))
def test_paired_p_below_alpha_exactly_when_interval_excludes_zero(values, alternative, level):
    found = paired_permutation_test(values, alternative=alternative, confidence_level=level)
    rejected = found.p_value < float(1 - Fraction(repr(level)))
    assert rejected == (found.ci_low > 0 or found.ci_high < 0)


@given(st.lists(st.floats(-50, 50, allow_subnormal=False), min_size=1, max_size=9))
def test_changing_every_sign_turns_everything_round(values):
    one, other = paired_permutation_test(values), paired_permutation_test([-v for v in values])
    assert other.p_value == one.p_value
    assert (other.ci_low, other.ci_high) == pytest.approx((-one.ci_high, -one.ci_low))


def test_pairs_given_twice_or_as_differences_are_the_same():
    x, y = [0.3, 1.2, 2.5, 0.7], [0.1, 1.4, 1.1, 0.2]
    pairs = paired_permutation_test(x, y)
    tenths = paired_permutation_test([2, -2, 14, 5])
    assert pairs.p_value == tenths.p_value
    assert pairs.ci_low == tenths.ci_low == -inf


def test_zero_differences_double_the_floor():
    assert paired_permutation_test([1, 2, 3, 4]).p_floor == 2 / 16
    assert paired_permutation_test([1, 2, 3, 0]).p_floor == 4 / 16


def test_all_zero_differences_give_one():
    for statistic in ("mean", "signed_rank"):
        found = paired_permutation_test([0, 0, 0], statistic=statistic)
        assert found.p_value == 1
        assert "Every arrangement gives the same statistic, so p is 1." in found.warnings


# R 4.2.2: wilcox.test(d, conf.int = TRUE, exact = TRUE)[c("p.value", "conf.int", "estimate")]
def test_walsh_interval_as_wilcox_test():
    values = [1.1, -0.4, 2.3, 0.9, 1.75, -0.2, 3.1, 0.65]
    found = paired_permutation_test(values, statistic="signed_rank")
    assert found.p_value == 0.0390625
    assert (found.ci_low, found.ci_high) == pytest.approx((0.125, 2.300), rel=1e-12)
    assert found.estimate == pytest.approx(1.075, rel=1e-12)
