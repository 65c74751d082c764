"""Effect sizes against R, pingouin and hand counts."""

import math
import warnings

import numpy as np
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    hedges_g,
    hodges_lehmann,
    paired_effect,
    probability_of_superiority,
)

BEFORE = [38, 27, 34, 44, 45, 33, 48, 41, 40, 41]
AFTER = [33, 22, 27, 10, 22, 21, 40, 31, 29, 33]


# R: sp, d by hand; J <- gamma(3)/(sqrt(3)*gamma(2.5)); limits J * ncp * sqrt(1/4 + 1/4), ncp by
# uniroot(function(d) pt(t, 6, d) - p, c(-20, 40), tol = 1e-12)
def test_hedges_g_as_r():
    found = hedges_g([5, 6, 7, 8], [1, 2, 3, 5])
    assert found.value == pytest.approx(2.151734644619, rel=1e-11)
    assert found.ci_low == pytest.approx(0.418644937341, rel=1e-8)
    assert found.ci_high == pytest.approx(3.801444094139, rel=1e-8)


def test_hedges_g_near_pingouin_which_approximates_the_correction():
    x, y = np.arange(30.0), np.arange(25.0) + 3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = pingouin.compute_effsize(x, y, eftype="hedges")
    assert hedges_g(x, y).value == pytest.approx(peer, rel=1e-4)


# R: J9 <- gamma(4.5)/(sqrt(4.5)*gamma(4)); sav <- sqrt((var(a) + var(b))/2)
#    srm <- sd(d)/sqrt(2*(1 - cor(a, b))); limits J9 * ncp * sd(d)/s/sqrt(n), ncp of the paired t
@pytest.mark.parametrize(
    ("standardiser", "value", "low", "high"),
    [
        ("d_av", -1.513780309192, -2.476874437831, -0.509342843257),
        ("d_rm", -1.504265719640, -2.461306496100, -0.506141461877),
    ],
)
def test_paired_effects_as_r(standardiser, value, low, high):
    found = paired_effect(AFTER, BEFORE, standardiser=standardiser)
    assert found.name == f"{standardiser} (Hedges-corrected)"
    assert found.value == pytest.approx(value, rel=1e-11)
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high), rel=1e-8)


# R: Brunner–Munzel from rank(): A, A + c(-1, 1) * qt(.975, df) * sqrt(v); uncut above 1
def test_probability_of_superiority_as_r():
    found = probability_of_superiority([3, 4, 5, 6], [1, 2, 3, 5])
    assert found.value == 0.8125
    assert found.ci_low == pytest.approx(0.366574154504, rel=1e-11)
    assert found.ci_high == 1
    tied = probability_of_superiority(
        [2.1, 3.4, 1.9, 5.6, 4.4, 3.8, 2.2], [1.2, 2.1, 3.3, 0.7, 2.9, 1.1]
    )
    assert tied.value == pytest.approx(0.821428571429, rel=1e-11)
    assert tied.ci_low == pytest.approx(0.553268166334, rel=1e-11)


@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=8),
    st.lists(st.integers(0, 9), min_size=2, max_size=8),
)
def test_probability_of_superiority_by_counting(x, y):
    wins = [1.0 if a > b else 0.5 if a == b else 0.0 for a in x for b in y]
    found = probability_of_superiority(x, y)
    assert found.value == pytest.approx(sum(wins) / len(wins))
    assert probability_of_superiority(y, x).value == pytest.approx(1 - found.value)


def test_probability_of_superiority_excludes_half_when_brunner_munzel_rejects():
    x, y = [2.1, 3.4, 1.9, 5.6, 4.4, 3.8, 2.2], [1.2, 2.1, 3.3, 0.7, 2.9, 1.1]
    p = stats.brunnermunzel(x, y).pvalue
    found = probability_of_superiority(x, y, confidence_level=1 - p)
    assert found.ci_low == pytest.approx(0.5, abs=1e-9)


def test_separated_groups_have_no_brunner_munzel_interval():
    found = probability_of_superiority([5, 6, 7], [1, 2, 3])
    assert found.value == 1
    assert math.isnan(found.ci_low)
    assert found.warnings == (
        "The groups do not overlap (or their ranks do not vary), so that the Brunner–Munzel "
        "variance is zero: no interval.",
    )


@pytest.mark.parametrize(
    "found",
    [
        hedges_g([1], [2, 3]),
        hedges_g([2, 2], [2, 2]),
        paired_effect([1, 2], [2, 4]),
        paired_effect([1, 2, 3], [2, 3, 4]),
        paired_effect([1, 1, 1], [2, 3, 4], standardiser="d_rm"),
    ],
)
def test_effects_without_spread_are_missing_and_say_so(found):
    assert math.isnan(found.value)
    assert math.isnan(found.ci_low)
    assert len(found.warnings) == 1


def test_hodges_lehmann_by_hand():
    found = hodges_lehmann([1, 4, 9], [0, 2])
    assert found.value == 3  # median of 1, −1, 4, 2, 9, 7
    assert hodges_lehmann([1, 2, 6]).value == 2.75  # median of 1, 1.5, 2, 3.5, 4, 6
    assert found.name == "Hodges–Lehmann shift"


def test_unknown_standardiser_is_refused():
    with pytest.raises(StatisticsError) as caught:
        paired_effect(AFTER, BEFORE, standardiser="d_avg")
    assert str(caught.value) == (
        "standardiser is 'd_avg'; allowed: 'd_av', 'd_rm'. Did you mean 'd_av'?"
    )


@given(st.floats(0.01, 100), st.floats(-50, 50))
def test_hedges_g_does_not_know_the_unit(factor, shift):
    x, y = np.array([5.0, 6, 7, 8]), np.array([1.0, 2, 3, 5])
    moved = hedges_g(factor * x + shift, factor * y + shift)
    assert moved.value == pytest.approx(hedges_g(x, y).value, rel=1e-6)
