"""Summaries of values beyond limits, against R, NADA and hand cases."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.imputation import ros

from ketbio.errors import StatisticsError
from ketbio.statistics.censored_summary import censored_summary

ARSENIC = [3.2, 2.8, *[2.0] * 8, 1.7, 1.5, *[1.0] * 4, 0.9, 0.9, 0.7, 0.7, 0.6, 0.5, 0.5, 0.5]
BELOW = [False] * 2 + [True] * 8 + [False] * 2 + [True] * 4 + [False, True] + [False] * 6
"""Arsenic in stream water of Oahu (Helsel 2012): 13 of 24 below one of three limits."""

MIXED = {
    "values": [0.5, 2, 3, 5, 1.2, 4, 4.5],
    "below": [True, *[False] * 6],
    "above": [False, False, False, True, False, False, True],
}


def test_maximum_likelihood_is_that_of_survreg():
    # R 4.2.2, survival: survreg(Surv(res, 1 - cen, type = "left") ~ 1, dist = "lognormal")
    found = censored_summary(ARSENIC, below=BELOW)
    assert math.log(found.geometric_mean) == pytest.approx(-0.2528290104, abs=1e-9)
    sigma = math.log(found.quartile_high / found.quartile_low) / (2 * stats.norm.ppf(0.75))
    assert sigma == pytest.approx(0.6269484572, abs=1e-9)
    # dist = "gaussian": coef 0.8246884938, scale 0.9073701003
    raw = censored_summary(ARSENIC, below=BELOW, scale="raw")
    assert (raw.mean, raw.sd) == pytest.approx((0.8246884938, 0.9073701003), abs=1e-9)


def test_the_three_methods_give_what_nada_prints_of_this_example():
    # NADA's censtats(As, AsCen): median, mean and SD of ROS and MLE; K–M median and mean
    found = {how: censored_summary(ARSENIC, below=BELOW, method=how) for how in ("ml", "ros", "km")}
    assert (round(found["ml"].mean, 3), round(found["ml"].sd, 3)) == (0.945, 0.656)
    assert round(found["ml"].median, 3) == 0.777
    assert (round(found["ros"].mean, 3), round(found["ros"].sd, 3)) == (0.972, 0.718)
    assert (round(found["km"].mean, 3), found["km"].median) == (0.949, 0.7)


def test_both_sides_are_those_of_survreg():
    # R: l = c(NA, 2, 3, 5, 1.2, 4, 4.5); u = c(.5, 2, 3, NA, 1.2, 4, NA)
    # survreg(Surv(l, u, type = "interval2") ~ 1, dist = "lognormal"): 0.9756160766, 1.2527064540
    found = censored_summary(**MIXED)
    assert math.log(found.geometric_mean) == pytest.approx(0.9756160766, abs=1e-8)
    assert (found.n, found.n_below, found.n_above, found.n_censored) == (7, 1, 2, 3)
    assert found.detection_rate == pytest.approx(4 / 7)
    raw = censored_summary(**MIXED, scale="raw")  # dist = "gaussian"
    assert (raw.mean, raw.sd) == pytest.approx((3.144160132, 2.583905639), abs=1e-8)


def test_lognormal_mean_and_sd_follow_from_the_fit():
    found = censored_summary(ARSENIC, below=BELOW)
    mu, sigma = -0.2528290104, 0.6269484572
    assert found.mean == pytest.approx(math.exp(mu + sigma**2 / 2))
    assert found.sd == pytest.approx(stats.lognorm(sigma, scale=math.exp(mu)).std())


def test_profile_interval_is_where_the_likelihood_has_fallen_by_what_is_allowed():
    found = censored_summary(**MIXED, scale="raw")
    value = np.array(MIXED["values"])
    low, high = (np.array(MIXED[side]) for side in ("below", "above"))
    seen = ~(low | high)

    def profile(mean):
        """The highest likelihood with this mean, over a fine grid of the SD."""
        sd = np.geomspace(0.3, 60, 40_001)[:, None]
        z = (value - mean) / sd
        by_sd = (
            (stats.norm.logpdf(z[:, seen]) - np.log(sd)).sum(axis=1)
            + stats.norm.logcdf(z[:, low]).sum(axis=1)
            + stats.norm.logsf(z[:, high]).sum(axis=1)
        )
        return by_sd.max()

    t = stats.t.ppf(0.975, 6)
    allowed = 7 * math.log(1 + t**2 / 6) / 2
    for limit in found.mean_interval:
        assert profile(found.mean) - profile(limit) == pytest.approx(allowed, abs=1e-5)


def test_kaplan_meier_is_that_of_survfit():
    # R: summary(survfit(Surv(10 - res, 1 - cen) ~ 1))$table: rmean 9.0510416667, se 0.1570245647
    found = censored_summary(ARSENIC, below=BELOW, method="km", scale="raw")
    assert found.mean == pytest.approx(10 - 9.0510416667, abs=1e-9)
    reach = stats.norm.ppf(0.975) * 0.1570245647
    assert found.mean_interval == pytest.approx((found.mean - reach, found.mean + reach), abs=1e-8)
    assert (found.quartile_low, found.median, found.quartile_high) == (0.5, 0.7, 0.9)
    assert math.isnan(found.geometric_mean)
    # the same of log(res): 10 - rmean = -0.2362301086, se 0.1306642618
    logs = censored_summary(ARSENIC, below=BELOW, method="km")
    assert math.log(logs.geometric_mean) == pytest.approx(-0.2362301086, abs=1e-9)
    reach = stats.norm.ppf(0.975) * 0.1306642618
    assert math.log(logs.geometric_mean_interval[1]) == pytest.approx(-0.2362301086 + reach)


def test_kaplan_meier_of_values_above_limits():
    # R: survfit(Surv(c(1, 2, 4, 6, 6), c(1, 1, 0, 1, 0)) ~ 1): rmean 4.2, se 0.9959919678, median 6
    found = censored_summary([1, 2, 4, 6, 6], above=[0, 0, 1, 0, 1], method="km")
    assert found.mean == pytest.approx(4.2)
    reach = stats.norm.ppf(0.975) * 0.9959919678
    assert found.mean_interval[0] == pytest.approx(4.2 - reach)
    assert (found.quartile_low, found.median) == (2, 6)
    assert math.isnan(found.quartile_high)  # among those above 6
    assert found.warnings == (
        "30% of the distribution lies above every measured value and was put at the limit of "
        "6.00, so that the mean is a little too low.",
    )


def test_kaplan_meier_by_hand():
    # <2, <2, 2, 3, 1: above 3 nothing, 3 has 1/5; 2 (not below 2) 4/5 · 1/4 = 1/5; 1 the rest
    found = censored_summary([2, 2, 2, 3, 1], below=[1, 1, 0, 0, 0], method="km")
    assert found.mean == pytest.approx(3 / 5 * 1 + 1 / 5 * 2 + 1 / 5 * 3)
    assert found.median == 1
    assert found.sd == pytest.approx(math.sqrt((0.6 * 0.36 + 0.2 * 0.16 + 0.2 * 1.96) * 5 / 4))
    assert found.warnings == ()


def test_regression_on_order_statistics_is_that_of_statsmodels():
    table = pd.DataFrame({"obs": ARSENIC, "cen": BELOW})
    peer = ros.impute_ros("obs", "cen", df=table)
    found = censored_summary(ARSENIC, below=BELOW, method="ros")
    assert found.mean == pytest.approx(peer.mean(), rel=1e-12)
    assert found.sd == pytest.approx(peer.std(ddof=1), rel=1e-12)
    assert found.median == pytest.approx(np.median(peer))
    assert all(math.isnan(one) for one in (*found.mean_interval, *found.geometric_mean_interval))


@st.composite
def left_censored(draw):
    """Twelve values, up to five of them below one of two limits that are not above them all."""
    value = draw(
        st.lists(st.integers(10, 400), min_size=12, max_size=12, unique=True).map(np.array)
    )
    limits = draw(st.lists(st.sampled_from([5.0, 60.0]), min_size=0, max_size=5))
    values = [*(value[: 12 - len(limits)] / 10), *np.array(limits) / 10]
    return values, [False] * (12 - len(limits)) + [True] * len(limits)


@given(left_censored())
@settings(max_examples=40, deadline=None)
def test_order_statistics_of_any_data_are_those_of_statsmodels(sample):
    values, below = sample
    table = pd.DataFrame({"obs": values, "cen": below})
    if not any(below) or max(np.array(values)[below]) > max(np.array(values)[~np.array(below)]):
        return  # statsmodels leaves out limits above everything
    peer = ros.impute_ros("obs", "cen", df=table)
    found = censored_summary(values, below=below, method="ros")
    assert found.mean == pytest.approx(peer.mean(), rel=1e-9)


@given(left_censored(), st.sampled_from(["ml", "ros", "km"]), st.floats(0.01, 100))
@settings(max_examples=40, deadline=None)
def test_another_unit_changes_nothing_but_the_unit(sample, method, factor):
    values, below = sample
    one = censored_summary(values, below=below, method=method)
    other = censored_summary(np.array(values) * factor, below=below, method=method)
    for name in ("mean", "sd", "median", "geometric_mean", "quartile_high"):
        assert getattr(other, name) == pytest.approx(
            factor * getattr(one, name), rel=1e-6, nan_ok=True
        )


@given(left_censored(), st.sampled_from(["ml", "km"]))
@settings(max_examples=40, deadline=None)
def test_the_mirror_image_has_the_mirrored_summary(sample, method):
    values, below = sample
    one = censored_summary(values, below=below, method=method, scale="raw")
    mirror = -np.array(values)
    other = censored_summary(mirror, above=below, method=method, scale="raw")
    assert other.mean == pytest.approx(-one.mean, abs=1e-6)
    assert other.sd == pytest.approx(one.sd, rel=1e-6)
    low, high = one.mean_interval
    assert other.mean_interval == pytest.approx((-high, -low), abs=1e-5)


@given(st.lists(st.integers(1, 500), min_size=3, max_size=20).filter(lambda x: len(set(x)) > 1))
@settings(max_examples=40, deadline=None)
def test_without_censored_values_the_numbers_are_the_ordinary_ones(values):
    x = np.array(values, dtype=float)
    n, mean, sd = x.size, x.mean(), x.std(ddof=1)
    ml = censored_summary(x, scale="raw")
    assert (ml.mean, ml.sd) == pytest.approx((mean, x.std()), rel=1e-7)
    reach = stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n)
    assert ml.mean_interval == pytest.approx((mean - reach, mean + reach), abs=1e-4 * sd)
    for how in ("ros", "km"):
        found = censored_summary(x, method=how)
        assert (found.mean, found.sd) == pytest.approx((mean, sd), rel=1e-9)
        assert found.geometric_mean == pytest.approx(math.exp(np.log(x).mean()))
        assert found.median == pytest.approx(np.median(x))
    geometric = censored_summary(x)
    logs = stats.t.interval(0.95, n - 1, np.log(x).mean(), np.log(x).std(ddof=1) / math.sqrt(n))
    assert np.log(geometric.geometric_mean_interval) == pytest.approx(np.array(logs), abs=1e-4)


def test_many_censored_values_are_said():
    assert "54%" in censored_summary(ARSENIC, below=BELOW).warnings[0]
    most = censored_summary([1.0] * 17 + [2, 3, 4], below=[True] * 17 + [False] * 3)
    assert most.warnings == (
        "17 of 20 values (85%) are beyond a limit: no method gives a trustworthy mean; the share "
        "measured says more.",
    )
    curve = censored_summary([1.0] * 3 + [2, 3], below=[True] * 3 + [False] * 2, method="km")
    assert "the median is not known" in curve.warnings[0]
    assert math.isnan(curve.median)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"values": [1, 2, 3, 1], "below": [1, 0, 0, 1]}, "2 of 4 values were measured"),
        ({"values": [1, 2, 2, 2], "below": [1, 0, 0, 0]}, "all 3 measured values are equal"),
        ({"values": [1, 1], "below": [1, 1], "method": "km"}, "0 of 2 values were measured; allow"),
        ({"values": [1, 2, 3, 9], "above": [0, 0, 0, 1], "method": "ros"}, "Use method='ml'"),
        ({"values": [1, 2, 3, 9, 5], "above": [0, 0, 0, 1, 0], "below": [1, 0, 0, 0, 0],
          "method": "km"}, "limits on one side"),
        ({"values": [0, 2, 3, 4], "below": [0, 1, 0, 0]}, "has no logarithm"),
        ({"values": [1, 2, 3, 4], "method": "lloq/2"}, "method is 'lloq/2'"),
        ({"values": [1, 2, 3, 4], "scale": "log2"}, "scale is 'log2'"),
    ],
)  # fmt: skip
def test_what_cannot_be_summarised_is_refused_in_a_sentence(words, sentence):
    with pytest.raises(StatisticsError, match=sentence):
        censored_summary(**words)


def test_order_statistics_above_the_limit_are_said():
    values, below = [0.1, 8.0, 10.0, 11.0, 12.0, 14.0], [True, *[False] * 5]
    found = censored_summary(values, below=below, method="ros")
    assert any("1 value below a limit was put above it" in said for said in found.warnings)
    near = censored_summary([7.5, *values[1:]], below=below, method="ros")
    assert near.warnings == ()
