"""Bootstrap intervals: seeded, warned of, and where theory says."""

import numpy as np
import pytest

from ketbio.errors import StatisticsError
from ketbio.statistics import bootstrap_interval, mean_interval

SAMPLE = np.random.default_rng(1).normal(10, 2, 60)


def test_mean_is_near_its_t_interval():
    found, theory = bootstrap_interval(np.mean, SAMPLE, seed=1), mean_interval(SAMPLE)
    assert (found.ci_low, found.ci_high) == pytest.approx((theory.ci_low, theory.ci_high), abs=0.08)
    assert found.warnings == ()
    assert found.ci_method == "BCa bootstrap, 9,999 resamples"


def test_seed_repeats_the_interval_and_the_global_generator_is_left_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    one, other = (
        bootstrap_interval(np.median, SAMPLE, n_resamples=200, seed=5, method="percentile")
        for _ in range(2)
    )
    assert one == other
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_paired_arrays_are_resampled_together():
    def correlation(x, y):
        return float(np.corrcoef(x, y)[0, 1])

    y = SAMPLE + np.random.default_rng(2).normal(0, 0.1, SAMPLE.size)
    found = bootstrap_interval(correlation, SAMPLE, y, paired=True, n_resamples=500, seed=1)
    assert found.ci_low > 0.99
    assert found.n == (60,)


def test_few_values_and_no_spread_are_said():
    found = bootstrap_interval(np.mean, [2, 2, 2], n_resamples=50, seed=1)
    assert found.warnings == (
        "The bootstrap covers too seldom with few values: the smallest sample has 3.",
        "The resamples give no spread to take an interval from.",
    )


def test_few_resamples_beyond_a_limit_are_said():
    found = bootstrap_interval(np.mean, SAMPLE, n_resamples=199, seed=1, method="percentile")
    assert found.warnings == (
        "Only 5 of 199 resamples lie beyond the lower limit: it would move with another seed.",
        "Only 5 of 199 resamples lie beyond the upper limit: it would move with another seed.",
    )
    one = bootstrap_interval(
        np.mean, SAMPLE, n_resamples=199, seed=1, method="percentile", alternative="greater"
    )
    assert one.warnings == (
        "Only 10 of 199 resamples lie beyond the lower limit: it would move with another seed.",
    )


def test_one_sided_limits_are_those_of_twice_alpha():
    both, low, high = (
        bootstrap_interval(np.mean, SAMPLE, seed=1, alternative=side, confidence_level=level)
        for side, level in (("two-sided", 0.9), ("greater", 0.95), ("less", 0.95))
    )
    assert (low.ci_low, low.ci_high) == (pytest.approx(both.ci_low, rel=1e-12), np.inf)
    assert (high.ci_low, high.ci_high) == (-np.inf, pytest.approx(both.ci_high, rel=1e-12))


def test_vectorized_is_the_same_resamples():
    def mean(values, axis=-1):
        return values.mean(axis=axis)

    one, other = (
        bootstrap_interval(mean, SAMPLE, seed=1, n_resamples=999, vectorized=flag)
        for flag in (False, True)
    )
    assert (one.ci_low, one.ci_high) == pytest.approx((other.ci_low, other.ci_high), rel=1e-12)


def test_bad_calls_are_refused():
    with pytest.raises(StatisticsError, match="No array was given to resample"):
        bootstrap_interval(np.mean)
    with pytest.raises(StatisticsError, match="method is 'BCA'; allowed: 'bca', 'percentile'"):
        bootstrap_interval(np.mean, SAMPLE, method="BCA")
    with pytest.raises(StatisticsError, match="array 1 has 60 values and array 2 has 3"):
        bootstrap_interval(np.dot, SAMPLE, [1, 2, 3], paired=True)
