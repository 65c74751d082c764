"""The slope on dilution: by hand, against least squares with an intercept per sample, refusals."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics.parallelism import dilution_slope


def test_by_hand() -> None:
    # x − mean: ±0.5 twice; y − means: ±0.6 and ±0.4; b = (0.3 + 0.3 + 0.2 + 0.2) / 1 = 1
    found = dilution_slope([0, -1, 0, -1], [3.0, 1.8, 2.0, 1.2], ["a", "a", "b", "b"])
    assert found.value == pytest.approx(1.0)
    # residuals ±0.1: RSS 0.04 on 1 df, SE 0.2, t(1) = 12.7062
    assert found.ci_high - 1 == pytest.approx(12.706205 * 0.2, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), samples=st.integers(1, 4))
def test_it_is_least_squares_with_an_intercept_per_sample(seed: int, samples: int) -> None:
    stream = np.random.default_rng(seed)
    label = np.repeat(np.arange(samples), 3)
    x = np.tile([0.0, -0.7, -1.4], samples)
    y = x + label + stream.normal(0, 0.2, x.size)
    design = np.column_stack([x, *(label == one for one in range(samples))]).astype(float)
    peer = sm.OLS(y, design).fit()
    found = dilution_slope(x, y, label)
    assert found.value == pytest.approx(peer.params[0])
    assert (found.ci_low, found.ci_high) == pytest.approx(tuple(peer.conf_int()[0]))


def test_two_readings_of_one_sample_have_a_slope_and_no_interval() -> None:
    found = dilution_slope([0, -1], [1.0, 0.5], ["a", "a"])
    assert found.value == pytest.approx(0.5)
    assert math.isnan(found.ci_low)
    assert found.ci_method == ""


@pytest.mark.parametrize(
    ("x", "sample", "message"),
    [
        ([0.0, 0.0], ["a", "a"], "no sample was read at two dilutions"),
        ([0.0, -1.0], ["a", "b"], "no sample was read at two dilutions"),
        ([0.0], ["a", "a"], "shapes"),
    ],
)
def test_refusals(x: list[float], sample: list[str], message: str) -> None:
    with pytest.raises(StatisticsError, match=message):
        dilution_slope(x, [1.0, 2.0], sample)
