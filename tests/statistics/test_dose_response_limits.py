"""Intervals of back-calculated concentrations: against joint refits, and how often they cover."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq, least_squares

from ketbio.errors import StatisticsError
from ketbio.statistics import back_calculate, fit_dose_response

DOUBLING = np.array([0, 1, 2, 4, 8, 16, 32, 64], dtype=float)


def logistic(x, p):
    b, c, d, log_e, *log_f = p
    with np.errstate(divide="ignore"):
        z = b * (np.log(x) - log_e)
    return c + (d - c) * np.exp(-math.exp(log_f[0] if log_f else 0.0) * np.logaddexp(0, z))


def noisy_plate(seed, *, b=-1.1, f=1.0, n_wells=2, sd=0.04):
    x = np.repeat(DOUBLING, n_wells)
    y = logistic(x, [b, 0.1, 2.1, math.log(8), math.log(f)])
    return x, y + np.random.default_rng(seed).normal(0, sd, x.size)


def internal(fit):
    p = [fit.b, fit.c, fit.d, math.log(fit.e)]
    return np.array([*p, math.log(fit.f)] if fit.curve == "5pl" else p)


class JointRefit:
    """Standards and sample refitted together by SciPy for one concentration of the sample."""

    def __init__(self, fit, *, n_wells, curve_only=False):
        self.fit, self.start = fit, internal(fit)
        fitted = logistic(fit.concentrations, self.start)
        is_relative = fit.weights == "relative"
        # one variance per concentration, as the weights of the fit
        self.scale = np.abs(fitted) if is_relative else np.ones_like(fitted)
        self.per_mean = fit.well_counts if fit.points == "wells" else np.ones(fitted.size)
        if fit.points == "means" and not curve_only:
            self.per_mean = np.full(fitted.size, fit.n_concentrations / (1 / fit.well_counts).sum())
        self.sample_wells = 1e7 if curve_only else n_wells
        sd, df = (fit.residual_sd, fit.df) if curve_only else (fit.well_sd, fit.well_df)
        self.allowed = sd**2 * stats.f.isf(0.05, 1, df)
        self.is_relative = is_relative
        self.alone = self.squares(self.start, None, None)

    def residuals(self, p, x0, y0):
        off = (
            np.sqrt(self.per_mean)
            / self.scale
            * (self.fit.mean_responses - logistic(self.fit.concentrations, p))
        )
        if x0 is None:
            return off
        at = float(logistic(np.array([x0]), p)[0])
        scale = abs(at) if self.is_relative else 1.0
        return np.append(off, math.sqrt(self.sample_wells) * (y0 - at) / scale)

    def squares(self, p, x0, y0):
        return float((self.residuals(p, x0, y0) ** 2).sum())

    def excess(self, log_x, y0):
        x0 = math.exp(log_x)
        found = least_squares(self.residuals, self.start, args=(x0, y0), x_scale="jac",
                              xtol=1e-11, ftol=1e-13, gtol=1e-13, max_nfev=200)  # fmt: skip
        return self.squares(found.x, x0, y0) - self.alone - self.allowed

    def limits(self, x_hat, y0):
        at = math.log(x_hat)
        return [
            math.exp(brentq(self.excess, at, at + far, args=(y0,), xtol=1e-6))
            for far in (-1.5, 1.5)
        ]


@pytest.mark.parametrize(
    ("how", "plate"),
    [
        ({}, {}),
        ({"points": "wells"}, {}),
        ({"points": "wells"}, {"b": 1.4}),
        ({"curve": "5pl", "points": "wells"}, {"f": 0.6, "sd": 0.01}),
    ],
)
@pytest.mark.parametrize("curve_only", [False, True])
def test_profile_limits_are_those_of_joint_refits(how, plate, curve_only):
    x, y = noisy_plate(11, **plate)
    fit = fit_dose_response(x, y, **how)
    refit = JointRefit(fit, n_wells=2, curve_only=curve_only)
    responses = np.array([0.6] if curve_only else [0.6, 1.1, 1.6])
    found = back_calculate(
        fit, responses, n_wells=2, uncertainty="curve" if curve_only else "curve_and_wells"
    )
    for i, response in enumerate(responses):
        expected = refit.limits(found.concentration[i], response)
        assert [found.ci_low[i], found.ci_high[i]] == pytest.approx(expected, rel=2e-4)


def test_delta_error_by_hand():
    """In the middle of the curve: the curve's own variance and the wells', over its steepness."""
    x, y = noisy_plate(5)
    fit = fit_dose_response(x, y, points="wells")
    at = np.array([(fit.c + fit.d) / 2])
    g = np.array([0.0, 0.5, 0.5, fit.b / fit.e * (fit.d - fit.c) / 4])  # of the response, at x = e
    of_curve = g @ fit.covariance @ g
    steep = (fit.d - fit.c) * abs(fit.b) / 4 / fit.e
    for uncertainty, extra in (("curve", 0.0), ("curve_and_wells", fit.well_sd**2 / 3)):
        found = back_calculate(fit, at, n_wells=3, interval="delta", uncertainty=uncertainty)
        assert found.concentration[0] == pytest.approx(fit.e)
        assert found.se[0] == pytest.approx(math.sqrt(of_curve + extra) / steep)
        t = stats.t.isf(0.025, 12)
        assert found.ci_high[0] == pytest.approx(fit.e + t * found.se[0])


def test_error_with_known_asymptotes_by_hand():
    x, y = noisy_plate(5)
    fit = fit_dose_response(x, y, points="wells")
    response = 1.6
    found = back_calculate(fit, [response], interval="delta", uncertainty="curve_as_drc")
    ratio = (fit.d - fit.c) / (response - fit.c) - 1  # x = e · ratio^(1/b)
    x0 = fit.e * ratio ** (1 / fit.b)
    g = x0 * np.array([-math.log(ratio) / fit.b**2, 0, 0, 1 / fit.e])
    assert found.se[0] == pytest.approx(math.sqrt(g @ fit.covariance @ g))


def test_beyond_an_asymptote_there_is_a_side_and_no_number():
    for b, order in ((-1.1, ["left", "", "right"]), (1.1, ["right", "", "left"])):
        x, y = noisy_plate(2, b=b)
        found = back_calculate(fit_dose_response(x, y), [0.0, 1.0, 2.6], n_wells=2)
        assert list(found.side) == order
        assert list(found.beyond) == order
        assert list(np.isnan(found.concentration)) == [True, False, True]
        assert list(np.isnan(found.se)) == [True, False, True]


def test_just_beyond_an_asymptote_the_profile_gives_a_limit_on_one_side():
    x, y = noisy_plate(2)
    fit = fit_dose_response(x, y)
    found = back_calculate(fit, [fit.c - 0.01, fit.d + 0.01], n_wells=2)
    assert np.isnan(found.concentration).all()
    assert (found.ci_low[0], found.ci_high[1]) == (0.0, np.inf)
    assert 0 < found.ci_high[0] < 2
    assert 30 < found.ci_low[1] < np.inf
    delta = back_calculate(fit, [fit.c - 0.01], interval="delta")
    assert np.isnan(delta.ci_low[0])
    assert np.isnan(delta.ci_high[0])


def test_intervals_are_open_near_the_ends():
    x, y = noisy_plate(2)
    fit = fit_dose_response(x, y)
    found = back_calculate(fit, [fit.c + 0.02, fit.d - 0.02])
    assert found.ci_low[0] == 0
    assert found.ci_high[1] == np.inf
    assert (found.ci_low <= found.concentration).all()
    assert (found.concentration <= found.ci_high).all()


def test_extrapolation_beyond_the_outermost_standard_is_said():
    x, y = noisy_plate(2)
    keep = (x > 0) & (x < 64)
    fit = fit_dose_response(x[keep], y[keep])
    ends = fit.fitted_responses[[0, -1]]
    found = back_calculate(fit, [ends[0] - 0.01, *ends, ends[1] + 0.01], interval="none")
    assert list(found.beyond) == ["left", "", "", "right"]
    assert list(found.side) == [""] * 4
    assert np.isnan(found.ci_low).all()


def test_more_wells_and_a_lower_level_narrow_the_interval():
    x, y = noisy_plate(4)
    fit = fit_dose_response(x, y)
    widths = [
        float(found.ci_high[0] - found.ci_low[0])
        for found in (
            back_calculate(fit, [1.0], n_wells=1),
            back_calculate(fit, [1.0], n_wells=4),
            back_calculate(fit, [1.0], n_wells=4, confidence_level=0.8),
            back_calculate(fit, [1.0], uncertainty="curve", confidence_level=0.8),
        )
    ]
    assert widths == sorted(widths, reverse=True)
    together = back_calculate(fit, [1.0, 1.0], n_wells=[1, 4])
    assert together.ci_high - together.ci_low == pytest.approx(widths[:2])


def test_no_samples_give_no_rows():
    fit = fit_dose_response(*noisy_plate(4))
    found = back_calculate(fit, [])
    assert found.concentration.shape == found.ci_low.shape == found.side.shape == (0,)


@pytest.mark.parametrize(
    ("response", "how", "words"),
    [
        ([1.0, np.nan], {}, "response holds 1 value that is not finite"),
        ([1.0, 2.0], {"n_wells": [1, 2, 3]}, "n_wells is"),
        ([1.0], {"n_wells": 0}, "n_wells is 0"),
        ([1.0], {"n_wells": 1.5}, "n_wells is 1.5"),
        ([1.0], {"interval": "wald"}, "interval is 'wald'"),
        ([1.0], {"uncertainty": "all"}, "uncertainty is 'all'"),
        ([1.0], {"uncertainty": "curve_as_drc"}, "has no profile"),
        ([1.0], {"confidence_level": 95}, "confidence_level is 95"),
    ],
)
def test_a_clear_sentence_for_samples(response, how, words):
    fit = fit_dose_response(*noisy_plate(4))
    with pytest.raises(StatisticsError, match=words):
        back_calculate(fit, response, **how)


@pytest.mark.parametrize("points", ["means", "wells"])
@pytest.mark.parametrize(("weights", "n_wells"), [("none", 1), ("none", 3), ("relative", 2)])
def test_intervals_cover_within_monte_carlo_error(points, weights, n_wells):
    """300 plates, one sample each: 95 % of 300 with four standard errors of 1.26 % either side."""
    rng = np.random.default_rng([17, n_wells])
    truth = np.exp(rng.uniform(np.log(1.5), np.log(48), 300))
    x, curve = np.repeat(DOUBLING, 2), [-1.1, 0.1, 2.1, math.log(8)]
    held = 0
    for x0 in truth:
        wells = [logistic(x, curve), logistic(np.array([x0]), curve)]
        sd = [0.05 * w if weights == "relative" else np.full(w.size, 0.04) for w in wells]
        fit = fit_dose_response(x, rng.normal(wells[0], sd[0]), weights=weights, points=points)
        sample = rng.normal(wells[1], sd[1] / math.sqrt(n_wells))
        found = back_calculate(fit, sample, n_wells=n_wells)
        held += int(found.ci_low[0] <= x0 <= found.ci_high[0])
    assert abs(held / 300 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 300)
