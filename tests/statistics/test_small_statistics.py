"""t intervals, proportions, correlations, adjusted p values, descriptions: against R."""

import math

import numpy as np
import pytest

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    adjust_p,
    describe,
    mean_interval,
    paired_t,
    pearson,
    proportion_interval,
    spearman,
    welch_t,
)

BEFORE = [38, 27, 34, 44, 45, 33, 48, 41, 40, 41]
AFTER = [33, 22, 27, 10, 22, 21, 40, 31, 29, 33]


def test_paired_t_as_r():
    # R: t.test(after, before, paired = TRUE)
    found = paired_t(AFTER, BEFORE)
    assert found.estimate == pytest.approx(-12.3)
    assert found.t == pytest.approx(-4.2213, abs=5e-5)
    assert found.p_value == pytest.approx(0.0022350, abs=5e-8)
    assert (found.ci_low, found.ci_high) == pytest.approx((-18.89138408818, -5.70861591182))
    assert found.df == 9


def test_welch_t_as_r():
    # R: t.test(c(5, 6, 7, 8), c(1, 2, 3, 5))
    found = welch_t([5, 6, 7, 8], [1, 2, 3, 5])
    assert found.t == pytest.approx(3.50324524873)
    assert found.df == pytest.approx(5.58461538462)
    assert found.p_value == pytest.approx(0.0143665227913)
    assert (found.ci_low, found.ci_high) == pytest.approx((1.08277937753, 6.41722062247))


def test_mean_interval_of_one_value_and_of_a_constant_says_so():
    assert mean_interval([4]).estimate == 4
    assert math.isnan(mean_interval([4]).ci_low)
    assert "One value has no spread" in mean_interval([4]).warnings[0]
    assert "do not vary" in mean_interval([4, 4]).warnings[0]
    assert "One value has no spread" in welch_t([4], [3, 2]).warnings[0]
    assert "do not vary" in welch_t([4, 4], [3, 3]).warnings[0]


def test_proportions_as_binom_test():
    # R: binom.test(2, 10)$conf.int; binom.test(0, 10)$conf.int
    found = proportion_interval(2, 10)
    assert (found.ci_low, found.ci_high) == pytest.approx((0.0252107263268, 0.5560954623076))
    none = proportion_interval(0, 10)
    assert (none.ci_low, none.ci_high) == pytest.approx((0, 0.308497107819))
    assert proportion_interval(10, 10).ci_high == 1


@pytest.mark.parametrize(
    ("count", "n", "text"),
    [
        (3, 2, "count is 3 and n is 2; allowed: n of at least 1 and a count from 0 to n."),
        (0, 0, "count is 0 and n is 0; allowed: n of at least 1 and a count from 0 to n."),
        (1.5, 2, "count is 1.5; allowed: a whole number. Count people."),
        (1, True, "n is True; allowed: a whole number. Count people."),
    ],
)
def test_impossible_proportions_are_refused(count, n, text):
    with pytest.raises(StatisticsError) as caught:
        proportion_interval(count, n)
    assert str(caught.value) == text


def test_pearson_as_cor_test():
    # R: cor.test(1:5, c(2, 1, 4, 3, 5))[c("estimate", "conf.int")]
    found = pearson([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    assert found.value == pytest.approx(0.8)
    assert (found.ci_low, found.ci_high) == pytest.approx((-0.279640041969, 0.986196193301))


def test_spearman_interval_of_bonett_and_wright():
    # R: r <- cor(x, y, method = "spearman")
    #    tanh(atanh(r) + c(-1, 1) * qnorm(.975) * sqrt((1 + r^2/2)/3))
    found = spearman([2.1, 3.4, 1.9, 5.6, 4.4, 3.8], [1.2, 2.15, 3.3, 0.7, 2.9, 1.1])
    assert found.value == pytest.approx(-0.6)
    assert (found.ci_low, found.ci_high) == pytest.approx((-0.958111639737, 0.490007011151))
    assert found.ci_method == "Fisher z, Bonett–Wright"


def test_correlations_without_interval_say_so():
    assert pearson([1, 2, 3], [1, 2, 9]).warnings == (
        "An interval of Pearson r needs at least 4 pairs; there are 3.",
    )
    perfect = spearman([1, 2, 3, 4], [2, 4, 6, 9])
    assert perfect.value == 1
    assert perfect.warnings == ("Spearman rho is +1: Fisher's z has no interval there.",)


def test_adjusted_p_as_p_adjust():
    # R: p.adjust(c(.01, NA, .04, .03, .2), "holm"), p.adjust(…, "BH")
    given = [0.01, float("nan"), 0.04, 0.03, 0.2]
    holm, fdr = adjust_p(given), adjust_p(given, method="fdr_bh")
    np.testing.assert_allclose(holm.p_adjusted, [0.04, np.nan, 0.09, 0.09, 0.20])
    np.testing.assert_allclose(fdr.p_adjusted, [0.04, np.nan, 0.16 / 3, 0.16 / 3, 0.2])
    assert (holm.n_tests, holm.label, fdr.label) == (4, "Holm", "Benjamini–Hochberg")
    np.testing.assert_array_equal(adjust_p(given, method="none").p_adjusted, given)
    assert adjust_p([]).n_tests == 0
    assert adjust_p([float("nan")]).n_tests == 0


@pytest.mark.parametrize(
    ("p_values", "method", "text"),
    [
        ([0.1, 1.2], "holm", "p_values holds 1.2; allowed: numbers from 0 to 1, or NaN."),
        ([0.1], "BH", "method is 'BH'; allowed: 'holm', 'hochberg', 'fdr_bh', 'fdr_by', 'none'."),
    ],
)
def test_impossible_p_values_are_refused(p_values, method, text):
    with pytest.raises(StatisticsError) as caught:
        adjust_p(p_values, method=method)
    assert str(caught.value) == text


def test_description_by_hand():
    # R: mean, sd, quantile(type = 7), range of the ten baseline scores
    found = describe(BEFORE)
    assert (found.n, found.mean, found.median) == (10, 39.1, 40.5)
    assert found.sd == pytest.approx(6.297, abs=5e-4)
    assert (found.quartile_low, found.quartile_high) == (35.0, 43.25)
    assert (found.minimum, found.maximum) == (27, 48)
    assert math.isnan(describe([3]).sd)
