"""Dose–response fits: exact cases, R's numbers, and what is refused."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import approx_fprime, curve_fit, fsolve

from ketbio.errors import StatisticsError
from ketbio.statistics import back_calculate, fit_dose_response, limit_of_detection
from ketbio.statistics.dose_response import predict_response

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
DOUBLING = np.array([0, 1, 2, 4, 8, 16, 32, 64], dtype=float)


def logistic(x, b, c, d, e, f=1.0):  # noqa: PLR0917
    with np.errstate(divide="ignore"):
        return c + (d - c) / (1 + np.exp(b * (np.log(x) - np.log(e)))) ** f


def rows_of(*parts):
    path = SHARED.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside this checkout")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# -- exact cases ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("b", "direction"), [(-1.0, "rising"), (1.7, "falling")])
@pytest.mark.parametrize("points", ["means", "wells"])
@pytest.mark.parametrize("weights", ["none", "relative"])
def test_a_curve_without_noise_is_recovered(b, direction, points, weights):
    x = np.repeat(DOUBLING, 2)
    found = fit_dose_response(x, logistic(x, b, 0.1, 2.1, 8.0), points=points, weights=weights)
    assert found.direction == direction
    assert [found.b, found.c, found.d, found.e, found.f] == pytest.approx([b, 0.1, 2.1, 8, 1])
    assert found.ec50 == pytest.approx(8)
    assert found.residual_sd == pytest.approx(0, abs=1e-7)
    assert (found.n_wells, found.n_concentrations) == (16, 8)
    assert found.df == {"means": 4, "wells": 12}[points]


def test_half_way_by_hand():
    # with b = −1 the curve is c + (d − c) x/(x + e): 0.05 + 2 · 8/16 = 1.05 at the EC50 of 8
    fit = fit_dose_response(DOUBLING, 0.05 + 2 * DOUBLING / (DOUBLING + 8))
    found = back_calculate(fit, [1.05, 0.05 + 2 * 2 / 10], interval="none")
    assert found.concentration == pytest.approx([8, 2])


def test_a_five_parameter_curve_without_noise_is_recovered():
    x = 2.0 ** np.arange(-3, 9)
    found = fit_dose_response(x, logistic(x, -1.2, 0.1, 2.1, 8.0, 0.5), curve="5pl")
    assert [found.b, found.c, found.d, found.e, found.f] == pytest.approx(
        [-1.2, 0.1, 2.1, 8.0, 0.5], rel=1e-5
    )
    # half-way: (1 + (x/e)^b)^f = 2, so x = e (2^(1/f) − 1)^(1/b) = 8 · 3^(−1/1.2)
    assert found.ec50 == pytest.approx(8 * 3 ** (-1 / 1.2), rel=1e-5)
    chosen = fit_dose_response(x, logistic(x, -1.2, 0.1, 2.1, 8.0, 0.5), curve="aicc")
    assert chosen.curve == "5pl"
    assert chosen.aicc < chosen.aicc_other
    assert "AICc chose the 5PL" in chosen.warnings[0]


def test_units_of_concentration_and_response_carry_through():
    rng = np.random.default_rng(3)
    x = np.repeat(DOUBLING, 3)
    y = logistic(x, -1.1, 0.1, 2.1, 8.0) + rng.normal(0, 0.03, x.size)
    one, other = fit_dose_response(x, y), fit_dose_response(1000 * x, 50 * y)
    assert other.e == pytest.approx(1000 * one.e, rel=1e-6)
    assert (other.d, other.residual_sd) == pytest.approx((50 * one.d, 50 * one.residual_sd))
    assert (other.b, other.b_se) == pytest.approx((one.b, one.b_se), rel=1e-5)
    low = back_calculate(one, [0.6], n_wells=2).ci_low
    assert back_calculate(other, [30.0], n_wells=2).ci_low == pytest.approx(1000 * low, rel=1e-4)


# -- reference values ----------------------------------------------------------------------------
# R 4.2.2, base only. With
# f <- function(x, b, c, d, e, f = 1) c + (d - c)/(1 + exp(b*(log(x) - log(e))))^f
# m <- nls(y ~ f(x, b, c, d, e, f), start = list(b=-1.5, c=.05, d=2.3, e=16, f=1))
# w <- nls(y ~ f(x, b, c, d, e), start = list(b=-1.3, c=.05, d=2.3, e=16)); then 60 times
# w <- nls(y ~ f(x, b, c, d, e), start = as.list(coef(w)), weights = 1/fitted(w)^2)
X_OF_R = np.tile([1.0, 2, 4, 8, 16, 32, 64, 128], 2)
Y_OF_R = np.array([0.07, 0.12, 0.24, 0.50, 0.95, 1.50, 1.90, 2.12,
                   0.08, 0.11, 0.26, 0.48, 0.99, 1.46, 1.93, 2.09])  # fmt: skip


def test_five_parameters_as_nls_of_r():
    found = fit_dose_response(X_OF_R, Y_OF_R, curve="5pl", points="wells")
    assert [found.b, found.c, found.d, found.e, found.f] == pytest.approx(
        [-1.49597289, 0.03902950, 2.24705621, 22.35793458, 0.90257389], rel=1e-6
    )
    assert found.rss == pytest.approx(0.004877335126, rel=1e-9)


def test_relative_weights_as_repeated_nls_of_r():
    found = fit_dose_response(X_OF_R, Y_OF_R, weights="relative", points="wells")
    assert [found.b, found.c, found.d, found.e] == pytest.approx(
        [-1.44893030, 0.04596135, 2.24712446, 20.20888313], rel=1e-6
    )
    assert found.residual_sd == pytest.approx(0.049749674, rel=1e-7)


def test_five_parameters_as_curve_fit():
    found = fit_dose_response(X_OF_R, Y_OF_R, curve="5pl", points="wells")
    start = [found.b * 0.9, found.c, found.d, found.e * 1.1, 1.0]
    theirs, _ = curve_fit(logistic, X_OF_R, Y_OF_R, p0=start, maxfev=20_000, xtol=1e-12)
    assert [found.b, found.c, found.d, found.e, found.f] == pytest.approx(theirs, rel=1e-4)


def test_covariance_is_that_of_a_numerical_hessian():
    found = fit_dose_response(X_OF_R, Y_OF_R, points="wells")

    def rss(p):
        return float(((Y_OF_R - logistic(X_OF_R, *p)) ** 2).sum())

    at = np.array([found.b, found.c, found.d, found.e])
    steps = 1e-4 * np.abs(at)
    hessian = np.array(
        [
            (approx_fprime(at + h, rss, steps / 10) - approx_fprime(at - h, rss, steps / 10))
            / (2 * h.sum())
            for h in np.diag(steps)
        ]
    )
    expected = 2 * found.residual_sd**2 * np.linalg.inv((hessian + hessian.T) / 2)
    assert found.covariance == pytest.approx(expected, rel=0.01, abs=1e-9)
    assert [found.b_se, found.c_se] == pytest.approx(np.sqrt(np.diag(expected))[:2], rel=0.005)
    with pytest.raises(ValueError, match="read-only"):
        found.covariance[0, 0] = 1


def test_ryegrass_as_drc():
    rows = rows_of("reference", "drc_ryegrass.csv")
    x, y = ([float(row[name]) for row in rows] for name in ("conc", "rootl"))
    found = fit_dose_response(x, y, points="wells")
    # drc's page of summary(drm(rootl ~ conc, data = ryegrass, fct = LL.4()))
    assert [round(v, 5) for v in (found.b, found.c, found.d)] == [2.98223, 0.48141, 7.79296]
    assert [found.b, found.c, found.d, found.e] == pytest.approx(
        [2.98222, 0.48141, 7.79296, 3.05796], abs=1.1e-5
    )
    assert [found.b_se, found.c_se, found.d_se, found.e_se] == pytest.approx(
        [0.46506, 0.21219, 0.18857, 0.18573], abs=1.1e-5
    )
    assert (round(found.residual_sd, 4), found.df) == (0.5196, 20)
    # R 4.2.2: V <- 2 * sigma^2 * solve(optimHess(coef, rss)); sqrt(g' V g), g by differences of
    # inv <- function(p, y) p[4] * ((p[3]-p[2])/(y-p[2]) - 1)^(1/p[1])
    read = back_calculate(found, [7, 4, 1], interval="delta", uncertainty="curve")
    assert read.concentration == pytest.approx([1.508853, 3.135926, 7.245393], rel=1e-6)
    assert read.se == pytest.approx([0.161706, 0.157182, 0.953693], rel=1e-5)


ELISAR_OD = np.array([0.516, 0.251, 0.112, 0.231])
ELISAR = np.array([159.998395, 70.308342, 5.933014, 62.798726])
ELISAR_SE = np.array([9.880593, 6.329615, 1.879901, 6.192559])
"""Printed on elisar's page (koncina/elisar, README): drc::drm of LL.4 and ED(type = "absolute")."""


def elisar_standards():
    rows = [r for r in rows_of("studies", "elisa_plate", "plate_long.csv") if "STD" in r["id"]]
    return [float(r["id"][3:]) for r in rows], np.array([float(r["od"]) for r in rows])


def test_elisa_plate_as_elisar():
    """All wells of the standards above 0, no blank subtracted, no weights, SE as drc's ED."""
    x, y = elisar_standards()
    fit = fit_dose_response(x, y, points="wells")
    found = back_calculate(fit, ELISAR_OD, interval="delta", uncertainty="curve_as_drc")
    well_inside = [0, 1, 3]
    assert found.concentration[well_inside] == pytest.approx(ELISAR[well_inside], rel=1e-4)
    assert found.se[well_inside] == pytest.approx(ELISAR_SE[well_inside], rel=1e-4)
    # 0.112 lies below the lowest standard's response: it is said, and drc's last digits show there
    assert list(found.beyond) == ["", "", "left", ""]
    assert found.concentration[2] == pytest.approx(ELISAR[2], rel=1e-3)
    assert found.se[2] == pytest.approx(ELISAR_SE[2], rel=1e-3)


def test_elisar_stopped_short_of_the_minimum():
    """Its four numbers give back its four parameters, whose squares are above ours."""
    x, y = elisar_standards()
    fit = fit_dose_response(x, y, points="wells")

    def off(p):
        return logistic(ELISAR, p[0], p[1], p[2], np.exp(p[3])) - ELISAR_OD

    b, c, d, log_e = fsolve(off, [fit.b, fit.c, fit.d, np.log(fit.e)], xtol=1e-13)
    theirs = float(((y - logistic(x, b, c, d, np.exp(log_e))) ** 2).sum())
    assert fit.rss < theirs < fit.rss * (1 + 1e-7)
    assert b == pytest.approx(fit.b, rel=1e-4)


# -- points, weights, pure error -----------------------------------------------------------------
def test_means_and_wells_agree_where_counts_are_equal():
    means = fit_dose_response(X_OF_R, Y_OF_R)
    wells = fit_dose_response(X_OF_R, Y_OF_R, points="wells")
    assert [means.b, means.c, means.d, means.e] == pytest.approx(
        [wells.b, wells.c, wells.d, wells.e], rel=1e-7
    )
    assert (means.df, wells.df, means.well_df, wells.well_df) == (4, 12, 12, 12)
    assert means.well_sd == pytest.approx(wells.well_sd, rel=1e-7)
    one, other = (back_calculate(fit, [0.3, 1.2], n_wells=2) for fit in (means, wells))
    assert one.ci_low == pytest.approx(other.ci_low, rel=1e-5)
    assert one.se == pytest.approx(other.se, rel=1e-5)


def test_pure_error_and_lack_of_fit_by_hand():
    found = fit_dose_response(X_OF_R, Y_OF_R, points="wells")
    pairs = Y_OF_R.reshape(2, 8)
    within = float(((pairs[0] - pairs[1]) ** 2 / 2).sum())  # two wells: half the squared difference
    assert found.pure_error_variance == pytest.approx(within / 8)
    assert found.pure_error_df == 8
    f = (found.rss - within) / 4 / (within / 8)
    assert found.lack_of_fit_p == pytest.approx(stats.f.sf(f, 4, 8))


def test_unequal_counts_weigh_the_same_as_means():
    y = logistic(DOUBLING, -1.0, 0.1, 2.1, 8.0) + np.array([1, -1, 1, -1, 1, -1, 1, -1]) * 0.02
    once = fit_dose_response(DOUBLING, y)
    thrice = fit_dose_response(np.append(DOUBLING, [64, 64]), np.append(y, [y[-1], y[-1]]))
    assert [thrice.b, thrice.e] == pytest.approx([once.b, once.e], rel=1e-7)


GOOD = logistic(DOUBLING, -1.2, 0.05, 2.0, 8.0)


# -- warnings ------------------------------------------------------------------------------------
def test_an_extrapolated_asymptote_and_a_misfit_are_said():
    found = fit_dose_response(DOUBLING[:6], logistic(DOUBLING[:6], -1.2, 0.05, 2.0, 24.0))
    assert any("above the highest standard (16)" in one for one in found.warnings)
    y = np.repeat(GOOD, 2) + np.tile([0.001, -0.001], 8)
    y[8:10] += 0.15
    assert any(
        "lack of fit" in one for one in fit_dose_response(np.repeat(DOUBLING, 2), y).warnings
    )


def test_aicc_without_room_says_so():
    found = fit_dose_response(DOUBLING[:6], GOOD[:6], curve="aicc")
    assert found.curve == "4pl"
    assert np.isnan(found.aicc_other)
    assert "not offered" in found.warnings[0]


def test_aicc_by_hand():
    found = fit_dose_response(X_OF_R, Y_OF_R, points="wells", curve="aicc")
    # n ln(RSS/n) + 2k + 2k(k + 1)/(n − k − 1), k = 4 parameters and a variance
    assert found.aicc == pytest.approx(16 * np.log(found.rss / 16) + 10 + 60 / 10)
    other = fit_dose_response(X_OF_R, Y_OF_R, points="wells", curve="5pl")
    assert found.aicc_other == pytest.approx(other.aicc)
    assert (found.curve, found.aicc < found.aicc_other) == ("4pl", True)


# -- limit of detection, band --------------------------------------------------------------------
def test_limit_of_detection_by_hand():
    fit = fit_dose_response(DOUBLING, 0.05 + 2 * DOUBLING / (DOUBLING + 8))
    # mean 0.05, SD 0.01: 0.08 = 0.05 + 2 x/(x + 8), so x = 8 · 0.03/1.97
    assert limit_of_detection(fit, [0.04, 0.05, 0.06]) == pytest.approx(8 * 0.03 / 1.97)
    assert limit_of_detection(fit, [0.04, 0.05, 0.06], n_sd=2) == pytest.approx(8 * 0.02 / 1.98)
    falling = fit_dose_response(DOUBLING, 2.05 - 2 * DOUBLING / (DOUBLING + 8))
    assert limit_of_detection(falling, [2.04, 2.05, 2.06]) == pytest.approx(8 * 0.03 / 1.97)
    assert np.isnan(limit_of_detection(fit, [0.0, 0.001]))  # blanks far below the curve
    for wrong in ({"n_sd": 0}, {"n_sd": "three"}):
        with pytest.raises(StatisticsError, match="n_sd"):
            limit_of_detection(fit, [0.04, 0.05], **wrong)
    with pytest.raises(StatisticsError, match="at least 2"):
        limit_of_detection(fit, [0.04])


def test_band_meets_the_asymptote_at_zero():
    found = fit_dose_response(X_OF_R, Y_OF_R, points="wells")
    band = predict_response(found, [0.0, found.e])
    assert band.response == pytest.approx([found.c, (found.c + found.d) / 2])
    assert band.se[0] == pytest.approx(found.c_se)
    assert band.ci_high[0] - band.ci_low[0] == pytest.approx(2 * 2.1788128 * found.c_se)  # t, 12 df
    with pytest.raises(StatisticsError, match="negative value"):
        predict_response(found, [-1.0])
