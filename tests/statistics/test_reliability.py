"""Components of variance, intraclass correlations, limits of agreement: R, pingouin, hand cases."""

import math
import warnings

import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.agreement import limits_of_agreement
from ketbio.statistics.intraclass import intraclass_correlation, reliability_from_f
from ketbio.statistics.reliability import geometric_cv, sd_interval, variance_components

NESTED = [10, 11, 14, 13, 9, 9.5, 11, 12, 20, 22, 21, 18, 30, 31, 28, 30.5]
SAMPLES, RUNS = np.repeat(list("abcd"), 4), np.tile(np.repeat([1, 2], 2), 4)
UNEVEN = [10, 11, 14, 13, 9, 9.5, 20, 22, 21, 18, 18.5, 30]


def test_nested_components_are_those_of_lme():
    # R, nlme: lme(v ~ 1, random = ~1 | sample/run): 78.93489590579, 1.49999999894, 1.46874999988
    found = variance_components(NESTED, SAMPLES, RUNS)
    variances = (found.between_samples**2, found.between_run**2, found.within_run**2)
    assert variances == pytest.approx((78.93489590579, 1.5, 1.46875), rel=1e-6)
    assert (found.n_values, found.n_samples, found.n_runs, found.df_within) == (16, 4, 2, 8)
    assert found.measurement_error == pytest.approx(math.sqrt(1.5 + 1.46875))
    total = 78.93489590579 + 1.5 + 1.46875
    assert found.reliability_ratio == pytest.approx(78.93489590579 / total)


def test_uneven_nested_components_solve_the_expected_mean_squares():
    # R: anova(lm(v ~ s + s:r)) has sums of squares 362.1666667 (3), 77.375 (3) and 7.625 (5)
    found = variance_components(UNEVEN, list("aaaabbccccdd"), [1, 1, 2, 2, 1, 1, 1, 1, 2, 2, 1, 2])
    within = 7.625 / 5
    # Σ n_ij²/n_i = 2 + 2 + 2 + 1 of 12; Σ n_ij² = 8 + 4 + 8 + 2 and Σ n_i² = 16 + 4 + 16 + 4
    between = (77.375 - 3 * within) / (12 - 7)
    samples = (362.1666667 - 3 * within - (7 - 22 / 12) * between) / (12 - 40 / 12)
    assert found.within_run**2 == pytest.approx(within)
    assert found.between_run**2 == pytest.approx(between)
    assert found.between_samples**2 == pytest.approx(samples)


def test_components_in_expectation():
    # 4,000 samples, 2 runs each, 1 to 3 replicates: variances 4, 1 and 0.25
    rng = np.random.default_rng(1)
    sample, run = np.divmod(np.arange(8_000), 2)
    counts = rng.integers(1, 4, size=8_000)
    cell = np.repeat(np.arange(8_000), counts)
    values = (
        rng.normal(0, 2, 4_000)[sample[cell]]
        + rng.normal(0, 1, 8_000)[cell]
        + rng.normal(0, 0.5, cell.size)
    )
    found = variance_components(values, sample[cell], run[cell])
    assert found.between_samples**2 == pytest.approx(4, rel=0.1)
    assert found.between_run**2 == pytest.approx(1, rel=0.08)
    assert found.within_run**2 == pytest.approx(0.25, rel=0.05)


def test_runs_without_replicates_hold_their_error():
    found = variance_components([1.0, 3.0, 6.0, 8.0], ["a", "a", "b", "b"], [1, 2, 1, 2])
    assert math.isnan(found.within_run)
    assert found.between_run**2 == pytest.approx(2)
    assert found.measurement_error**2 == pytest.approx(2)


def test_without_runs_within_is_the_pooled_variance():
    found = variance_components(UNEVEN, list("aaaabbccccdd"))
    pooled = [np.var(one, ddof=1) * (len(one) - 1) for one in
              ([10, 11, 14, 13], [9, 9.5], [20, 22, 21, 18], [18.5, 30])]  # fmt: skip
    assert found.within_run**2 == pytest.approx(sum(pooled) / 8)
    assert math.isnan(found.between_run)


def test_nothing_measured_twice_is_refused():
    with pytest.raises(StatisticsError, match="none of 3 samples was measured twice"):
        variance_components([1, 2, 3], ["a", "b", "c"])
    with pytest.raises(StatisticsError, match="samples has shape"):
        variance_components([1, 2, 3], ["a", "b"])
    with pytest.raises(StatisticsError, match="all values are equal"):
        intraclass_correlation([1, 1, 1, 1], list("aabb"))
    with pytest.raises(StatisticsError, match="values are of 1 samples with at most 3"):
        intraclass_correlation([1, 2, 1], list("aaa"))


def test_geometric_cv_is_that_of_a_lognormal_distribution():
    assert geometric_cv(0.3) == pytest.approx(stats.lognorm(0.3).std() / stats.lognorm(0.3).mean())


def test_interval_of_an_sd_has_the_tail_areas():
    low, high = sd_interval(2.0, 9)
    assert stats.chi2.cdf(9 * 4 / low**2, 9) == pytest.approx(0.975)
    assert stats.chi2.cdf(9 * 4 / high**2, 9) == pytest.approx(0.025)
    assert all(math.isnan(one) for one in sd_interval(2.0, 0))


@given(st.integers(3, 8), st.integers(2, 4), st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_intraclass_correlation_is_that_of_pingouin(n, k, seed):
    rng = np.random.default_rng(seed)
    values = np.repeat(rng.normal(size=n), k) + rng.normal(size=n * k)
    table = pd.DataFrame(
        {"who": np.repeat(np.arange(n), k), "turn": np.tile(np.arange(k), n), "value": values}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pingouin calls pandas in ways that will go
        peer = pingouin.intraclass_corr(table, targets="who", raters="turn", ratings="value")
    peer = peer.set_index("Type")
    found = intraclass_correlation(values, table["who"])
    for name, mine in (("ICC(1,1)", found.single), ("ICC(1,k)", found.average)):
        assert mine.value == pytest.approx(peer.loc[name, "ICC"])
        assert mine.name == name
        # pingouin rounds its interval to two decimals
        assert (mine.ci_low, mine.ci_high) == pytest.approx(tuple(peer.loc[name, "CI95"]), abs=6e-3)
    assert found.f_ratio == pytest.approx(peer.loc["ICC(1,1)", "F"])


def test_intraclass_correlation_of_shrout_and_fleiss():
    # Their table 2: six targets, four judges; ICC(1,1) .17 and ICC(1,4) .44 (Shrout & Fleiss 1979)
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = intraclass_correlation(np.ravel(ratings), np.repeat(np.arange(6), 4))
    assert (round(found.single.value, 2), round(found.average.value, 2)) == (0.17, 0.44)


def test_uneven_numbers_use_the_harmonic_mean_by_hand():
    found = intraclass_correlation([1, 3, 5, 7, 9, 8], list("aabbbc"))
    # means 2, 7, 8 with variance 31/3; error (2 + 8)/3; k = 3/(1/2 + 1/3 + 1)
    k = 3 / (1 / 2 + 1 / 3 + 1)
    ratio = k * (31 / 3) / (10 / 3)
    assert found.f_ratio == pytest.approx(ratio)
    assert found.average.value == pytest.approx(1 - 1 / ratio)
    assert found.single.value == pytest.approx((ratio - 1) / (ratio + k - 1))


def test_interval_of_the_correlation_covers():
    # ρ = 0.6: 2,000 sets of 8 samples in duplicate; the Monte Carlo error of 95% is 0.5 points
    rng = np.random.default_rng(7)
    who = np.repeat(np.arange(8), 2)
    inside = 0
    for _ in range(2_000):
        values = np.sqrt(0.6) * rng.normal(size=8)[who] + np.sqrt(0.4) * rng.normal(size=16)
        means = values.reshape(8, 2).mean(axis=1)
        error = ((values - means[who]) ** 2).sum() / 8
        single = reliability_from_f(2 * means.var(ddof=1) / error, 7, 8, n_replicates=2).single
        inside += single.ci_low <= 0.6 <= single.ci_high
    assert inside / 2_000 == pytest.approx(0.95, abs=0.015)


# -- agreement ---------------------------------------------------------------------------------
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
"""Peak flow by two meters (Bland & Altman 1986, first reading of each)."""


def test_agreement_of_peak_flow_meters_as_published():
    # mean difference −2.1 l/min, SD 38.8; with ± 2 SD the limits are −79.7 and 75.5
    found = limits_of_agreement(WRIGHT, MINI)
    assert (round(found.bias.value, 1), round(found.sd, 1), found.n) == (-2.1, 38.8, 17)
    assert found.bias.value - 2 * found.sd == pytest.approx(-79.7, abs=0.06)
    # the interval of the bias, −22.0 to 17.8, is printed there too
    assert (round(found.bias.ci_low, 1), round(found.bias.ci_high, 1)) == (-22.0, 17.8)
    assert found.lower.value == pytest.approx(found.bias.value - stats.norm.ppf(0.975) * found.sd)


def test_limits_have_exact_intervals():
    # R: qt(c(.025, .975), 16, ncp = qnorm(.975) * sqrt(17)): 5.42200499779, 12.98065568386
    found = limits_of_agreement(WRIGHT, MINI)
    mean, step = found.bias.value, found.sd / math.sqrt(17)
    upper = (mean + 5.42200499779 * step, mean + 12.98065568386 * step)
    assert (found.upper.ci_low, found.upper.ci_high) == pytest.approx(upper, rel=1e-7)
    lower = (mean - 12.98065568386 * step, mean - 5.42200499779 * step)
    assert (found.lower.ci_low, found.lower.ci_high) == pytest.approx(lower, rel=1e-7)


def test_exact_intervals_cover_the_limit():
    rng = np.random.default_rng(3)
    z, inside = stats.norm.ppf(0.975), 0
    for _ in range(400):
        found = limits_of_agreement(rng.normal(size=8), np.zeros(8))
        inside += found.upper.ci_low <= z <= found.upper.ci_high
    assert inside / 400 == pytest.approx(0.95, abs=0.033)


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=3, max_size=9))
@settings(max_examples=30, deadline=None)
def test_exchanged_methods_exchange_limits(pairs):
    a, b = (np.array(one, dtype=float) for one in zip(*pairs, strict=True))
    one, other = limits_of_agreement(a, b), limits_of_agreement(b, a)
    assert other.bias.value == pytest.approx(-one.bias.value)
    assert (other.lower.value, other.lower.ci_low) == pytest.approx(
        (-one.upper.value, -one.upper.ci_high)
    )
    ratio = limits_of_agreement(a, b, scale="ratio")
    logs = limits_of_agreement(np.log(a), np.log(b))
    assert np.log(ratio.upper.ci_low) == pytest.approx(logs.upper.ci_low)
    assert ratio.bias.name == "bias, as a ratio"


def test_proportional_bias_is_the_slope():
    second = np.array([1.0, 2, 3, 4, 5])
    found = limits_of_agreement(1.2 * second + [0, 0.01, -0.01, 0.01, 0], second)
    # d = 0.2 s and the mean is 1.1 s
    assert found.slope.value == pytest.approx(0.2 / 1.1, abs=0.01)
    assert found.slope_p < 0.001
    assert limits_of_agreement(WRIGHT, MINI).slope_p == pytest.approx(0.7494985, abs=1e-6)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(StatisticsError, match="holds 0, which has no logarithm"):
        limits_of_agreement([1, 2, 0], [1, 2, 3], scale="ratio")
    with pytest.raises(StatisticsError, match="first has 2 values; allowed: at least 3"):
        limits_of_agreement([1, 2], [1, 2])
