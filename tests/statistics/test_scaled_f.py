"""Kenward and Roger's scaled F, down to the fewest denominator degrees of freedom."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ketbio.statistics.mixed.contrast import contrast_test
from ketbio.statistics.mixed.degrees_of_freedom.kenward_roger import scaled_f
from ketbio.statistics.mmrm import fit_mixed_model


def hotelling(x, y):
    """Two samples: T², scaled, its degrees of freedom and p."""
    n, m, q = len(x), len(y), x.shape[1]
    away = x.mean(axis=0) - y.mean(axis=0)
    left = n + m - 2
    pooled = ((n - 1) * np.cov(x.T) + (m - 1) * np.cov(y.T)) / left
    t2 = n * m / (n + m) * away @ np.linalg.solve(pooled, away)
    f = t2 * (left - q + 1) / (left * q)
    return f, left - q + 1, stats.f.sf(f, q, left - q + 1)


@pytest.mark.parametrize("visits", [2, 3, 4, 5])
def test_complete_trajectories_of_two_arms_are_compared_by_hotelling(visits):
    # 4 v 4: 5 denominator degrees of freedom at two visits, 2 (a limit of 0/0) at five
    values = np.random.default_rng(20260101).normal(20, 5, (8, visits)).round(1)
    arm = np.repeat([0, 1], 4)
    visit = np.tile(np.arange(visits), 8)
    means = np.eye(visits)[visit]
    design = np.hstack([means, means * np.repeat(arm, visits)[:, None]])
    model = fit_mixed_model(
        values.ravel(), design, participants=np.repeat(np.arange(8), visits), visits=visit,
        fallbacks=(),
    )  # fmt: skip
    found = contrast_test(model, np.eye(2 * visits)[visits:])
    f, df, p = hotelling(values[arm == 1], values[arm == 0])
    assert (found.statistic, found.df) == pytest.approx((f, df), rel=1e-5)
    assert found.p_value == pytest.approx(p, rel=1e-5)


def matched(q, a1, a2):
    """λ and m where A1 and A2 are what they are asked to be: one covariance parameter, diagonal."""
    mean, spread = a1**0.5 / q, (max(a2 - a1 / q, 0) / q) ** 0.5
    signs = np.where(np.arange(q) % 2, -1.0, 1.0)
    gradient = np.diag(mean + spread * signs)[None]
    return scaled_f(np.eye(q), np.eye(q), gradient, np.eye(1))


@pytest.mark.parametrize("df", [1.5, 2.0, 2.5, 4.0, 9.0])
def test_balanced_f_keeps_its_degrees_of_freedom(df):
    assert matched(4, 2 * 16 / df, 2 * 4 / df) == pytest.approx((1.0, df))


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([2, 4, 6]), st.floats(0.05, 3), st.floats(0, 2))
def test_there_is_an_f_distribution_or_none_is_claimed(q, mean, spread):
    scale, df = matched(q, (q * mean) ** 2, q * (mean**2 + spread**2))
    assert (scale > 0 and df > 0) or (np.isnan(scale) and np.isnan(df))


def test_joint_test_of_satterthwaite_warns():
    values = np.array([20.0, 17, 24, 15, 22, 19, 28, 21, 25, 16, 27, 20])
    design = np.eye(2)[np.tile([0, 1], 6)]
    model = fit_mixed_model(
        values, design, participants=np.repeat(np.arange(6), 2), visits=np.tile([0, 1], 6)
    )
    [warning] = contrast_test(model, np.eye(2), df="satterthwaite").warnings
    assert "far too small" in warning
    assert contrast_test(model, [0, 1], df="satterthwaite").warnings == ()
