"""P values of other programs: the shared reference file, and a literal witness beside it."""

import json
from pathlib import Path

import pytest

from ketbio.statistics import (
    correlation_permutation_test,
    paired_permutation_test,
    permutation_test,
)

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
CASES = SHARED / "reference" / "exact_tests.json"
PAIRED = {"mean_difference": "mean", "signed_rank_wilcoxon_zeros_dropped": "signed_rank"}


def run_case(case):
    alternative = case["alternative"].replace(".", "-")
    x, y, statistic = case["x"], case["y"], case["statistic"]
    if case["test"] == "two_sample":
        return permutation_test(x, y, statistic=statistic, alternative=alternative)
    if case["test"] == "paired":
        return paired_permutation_test(x, y, statistic=PAIRED[statistic], alternative=alternative)
    return correlation_permutation_test(x, y, statistic=statistic, alternative=alternative)


@pytest.mark.skipif(not CASES.exists(), reason="the shared reference values are not beside us")
def test_all_shared_reference_cases_agree_to_1e_9():
    cases = json.loads(CASES.read_text())
    assert len(cases) == 140
    for case in cases:
        found = run_case(case)
        assert found.is_exact
        assert found.p_value == pytest.approx(case["p"], rel=1e-9, abs=0), case


X = [12.5, 9.1, 15.2, 11.0, 13.3]
Y = [8.2, 7.7, 10.4, 9.1, 6.5, 8.8]
BEFORE = [38, 27, 34, 44, 45, 33, 48, 41, 40, 41]
AFTER = [33, 22, 27, 10, 22, 21, 40, 31, 29, 44]

# R 4.2.2, coin 1.4-2: d <- data.frame(v = c(x, y), g = factor(rep(c("x", "y"), c(5, 6))))
#   pvalue(oneway_test(v ~ g, d, distribution = "exact", alternative = a))
#   pvalue(wilcox_test(v ~ g, d, distribution = "exact", alternative = a))
TWO_SAMPLE = [
    ("mean_difference", "two-sided", 0.0108225108225108),
    ("mean_difference", "less", 0.997835497835498),
    ("mean_difference", "greater", 0.00649350649350649),
    ("rank_sum", "two-sided", 0.0108225108225108),
    ("rank_sum", "less", 0.997835497835498),
    ("rank_sum", "greater", 0.00649350649350649),
]


@pytest.mark.parametrize(("statistic", "alternative", "p"), TWO_SAMPLE)
def test_two_sample_as_coin(statistic, alternative, p):
    found = permutation_test(X, Y, statistic=statistic, alternative=alternative)
    assert found.p_value == pytest.approx(p, rel=1e-12)
    assert found.method == "exact, 462 arrangements"


# R: exactRankTests 0.8-35 perm.test(e, b, paired = TRUE, exact = TRUE, alternative = a)$p.value
#    coin pvalue(wilcoxsign_test(e ~ b, distribution = "exact", zero.method = "Wilcoxon"))
PAIRS = [
    ("mean", "two-sided", 0.00390625),
    ("mean", "less", 0.001953125),
    ("mean", "greater", 0.9990234375),
    ("signed_rank", "two-sided", 0.00390625),
    ("signed_rank", "less", 0.001953125),
    ("signed_rank", "greater", 0.9990234375),
]


@pytest.mark.parametrize(("statistic", "alternative", "p"), PAIRS)
def test_paired_as_exact_rank_tests_and_coin(statistic, alternative, p):
    found = paired_permutation_test(AFTER, BEFORE, statistic=statistic, alternative=alternative)
    assert found.p_value == p


def test_signed_rank_with_zero_and_ties_as_coin():
    # R: pvalue(wilcoxsign_test(p ~ rep(0, 8), distribution = "exact", zero.method = "Wilcoxon"))
    found = paired_permutation_test([0, 3, -2, 5, 5, 1, -1, 4], statistic="signed_rank")
    assert found.p_value == 0.125
    assert found.warnings[0] == "1 difference of zero was dropped before ranking (Wilcoxon's way)."


# R: bl <- data.frame(v = …, g = rep(c("x", "y"), c(4, 5)), s = c(1, 1, 2, 2, 1, 1, 2, 2, 2))
#    pvalue(oneway_test(v ~ g | s, bl, distribution = "exact", alternative = a))
BLOCKED = [("two-sided", 0.25), ("less", 0.883333333333333), ("greater", 0.133333333333333)]


@pytest.mark.parametrize(("alternative", "p"), BLOCKED)
def test_blocks_as_coin(alternative, p):
    found = permutation_test(
        [5.1, 7.3, 8.1, 9.7],
        [6.2, 4.4, 9.1, 6.9, 7.7],
        blocks=[1, 1, 2, 2, 1, 1, 2, 2, 2],
        alternative=alternative,
    )
    assert found.n_arrangements == 60
    assert found.p_value == pytest.approx(p, rel=1e-12)


# R, all 720 orders i: mean(abs(r_i) >= abs(r) - 1e-12), mean(r_i >= r - 1e-12), r by cor()
U = [2.1, 3.4, 1.9, 5.6, 4.4, 3.8]
UNTIED, TIED = [1.2, 2.1, 3.3, 4.7, 2.9, 1.1], [1.2, 2.1, 2.1, 4.7, 2.9, 1.2]
CORRELATION = [
    ("pearson", UNTIED, 0.532593708985072, 0.283333333333333, 0.15),
    ("spearman", UNTIED, 0.257142857142857, 0.658333333333333, 0.329166666666667),
    ("kendall", UNTIED, 0.2, 0.719444444444444, 0.359722222222222),
    ("pearson", TIED, 0.774186180719001, 0.0722222222222222, 0.0444444444444444),
    ("spearman", TIED, 0.617914380653325, 0.222222222222222, 0.111111111111111),
    ("kendall", TIED, 0.501280411827603, 0.255555555555556, 0.127777777777778),
]


@pytest.mark.parametrize(("statistic", "y", "value", "two_sided", "greater"), CORRELATION)
def test_correlation_as_brute_force_in_r(statistic, y, value, two_sided, greater):
    found = correlation_permutation_test(U, y, statistic=statistic)
    assert found.statistic == pytest.approx(value, rel=1e-12)
    assert found.p_value == pytest.approx(two_sided, rel=1e-12)
    one = correlation_permutation_test(U, y, statistic=statistic, alternative="greater")
    assert one.p_value == pytest.approx(greater, rel=1e-12)


def test_kendall_of_twelve_pairs_as_r():
    # R: cor.test(x, y, method = "kendall", exact = TRUE)$p.value
    x = [1, 4, 2, 8, 5, 7, 9, 3, 6, 10, 12, 11]
    y = [2, 3, 1, 9, 4, 8, 7, 6, 5, 12, 10, 11]
    found = correlation_permutation_test(x, y, statistic="kendall")
    assert found.p_value == pytest.approx(0.000498883511036219, rel=1e-12)
    assert found.n_arrangements == 479_001_600


def test_separated_groups_where_a_peer_gives_zero():
    # DABEST gives p = 0 for 4 v 4 fully separated and for 4 pairs; the floors are 2/70 and 2/16.
    found = permutation_test([5, 6, 7, 9], [1, 2, 3, 4])
    assert found.p_value == found.p_floor == 2 / 70
    pairs = paired_permutation_test([5, 6, 7, 9], [1, 2, 3, 4])
    assert pairs.p_value == pairs.p_floor == 0.125


def test_eight_against_eight_is_counted_where_scipy_draws():
    # scipy's default of 9,999 resamples draws for 8 v 8 (12,870 arrangements): exact is 2/12870.
    found = permutation_test(range(8, 16), range(8))
    assert found.p_value == pytest.approx(2 / 12870, rel=1e-15)


def test_esketamine_differences_known_values():
    after = [33, 22, 27, 10, 22, 21, 40, 31, 29, 33]
    found = paired_permutation_test(after, BEFORE)
    assert found.statistic == -12.3
    assert found.p_value == 2 / 1024
    assert (found.ci_low, found.ci_high) == (-19.0, -7.0)
    assert found.method == "exact, 1,024 arrangements"
