"""Many plates at once: each gets the number, the verdict and the sentence that it gets alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    back_calculate,
    back_calculate_plates,
    dose_response_plates,
    fit_dose_response,
    fit_dose_responses,
)
from ketbio.statistics.curves.stacked_records import OF_A_PLATE, OF_THE_DESIGN
from ketbio.statistics.curves.stacked_solving import solve_stack

DOUBLING = np.array([0, 1, 2, 4, 8, 16, 32, 64], dtype=float)
READ = ("concentration", "se", "ci_low", "ci_high")


def logistic(x, b, c, d, e):
    with np.errstate(divide="ignore"):
        return c + (d - c) / (1 + np.exp(b * (np.log(x) - np.log(e))))


def good_plates(n=20, n_wells=2, sd=0.02, seed=20260105):
    rng = np.random.default_rng(seed)
    x = np.repeat(DOUBLING, n_wells)
    truths = [(-rng.uniform(0.9, 1.5), 0.1, rng.uniform(1, 3), rng.uniform(4, 15))
              for _ in range(n)]  # fmt: skip
    return x, np.array([rng.normal(logistic(x, *truth), sd) for truth in truths])


def any_plates(rng, n):
    """Return a design and plates on it: good, noisy, flat, turning, steep, exact, missing."""
    levels = rng.uniform(20, 200) / rng.uniform(1.6, 3.5) ** np.arange(rng.integers(4, 9))
    if rng.random() < 0.6:
        levels = np.append(levels, 0)
    x = np.repeat(levels, rng.integers(1, 4))
    if rng.random() < 0.2:
        x = x[1:]  # counts that differ
    x = rng.permutation(x)
    return x, np.array([any_plate(rng, x, levels) for _ in range(n)])


def any_plate(rng, x, levels):
    positive = np.log(levels[levels > 0])
    is_good = rng.random() < 0.7
    middle = rng.uniform(positive.min() + 0.5, positive.max() - 0.5)
    if not is_good:
        middle = rng.normal(positive.mean(), 2)
    truth = (rng.choice([-1, 1]) * rng.uniform(0.6, 3), rng.uniform(0.02, 0.2))
    height = rng.choice([0.2, 1, 3, 30_000])
    y = logistic(x, *truth, height, np.exp(middle))
    noise = rng.choice([0.003, 0.01, 0.03] if is_good else [0, 0.03, 0.2])
    y = y + rng.normal(0, noise, x.size) * (height if rng.random() < 0.5 else y)
    if is_good:
        return y
    if rng.random() < 0.3:
        y[rng.integers(y.size)] *= rng.uniform(0, 3)  # an outlier
    if rng.random() < 0.2:
        y = rng.choice([rng.permutation(y), np.round(y, 1), np.full(y.size, 0.3)])
    if rng.random() < 0.1:
        y[0] = np.nan
    return y


def alone(call, *args, **how):
    try:
        return call(*args, **how), ""
    except StatisticsError as refusal:
        return None, str(refusal)


def scales(fit):
    """What 1e-8 is a share of, where it is not the number itself."""
    se = np.sqrt(np.diag(fit.covariance))
    span = fit.d - fit.c
    return {
        "c": span, "d": span, "covariance": np.outer(se, se),
        "mean_responses": span, "fitted_responses": span, "aicc": fit.n_points,
    }  # fmt: skip


def same_numbers(one, other):
    sizes = scales(one)
    for name in OF_A_PLATE:
        mine, its = np.asarray(getattr(one, name)), np.asarray(getattr(other, name))
        size = np.maximum(np.abs(mine), sizes.get(name, 0.0))
        assert ((np.abs(mine - its) <= 1e-8 * size) | (np.isnan(mine) & np.isnan(its))).all(), name
    for name in (*OF_THE_DESIGN, "direction", "curve", "parameter_names", "warnings"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert other.ec50 == pytest.approx(one.ec50, rel=1e-8)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    weights=st.sampled_from(["none", "relative"]),
    points=st.sampled_from(["means", "wells"]),
    direction=st.sampled_from(["either", "either", "rising", "falling"]),
)
def test_each_plate_gets_what_it_gets_alone(seed, weights, points, direction):
    rng = np.random.default_rng(seed)
    x, plates = any_plates(rng, 8)
    how = {"weights": weights, "points": points, "direction": direction}
    found, said = alone(fit_dose_responses, x, plates, **how)
    if found is None:
        assert said == alone(fit_dose_response, x, np.nan_to_num(plates[0]), **how)[1]
        return
    for i, plate in enumerate(plates):
        fit, refusal = alone(fit_dose_response, x, plate, **how)
        assert found.refusals[i] == refusal
        assert found.is_fitted[i] == (fit is not None)
        if fit is None:
            assert np.isnan(found.covariance[i]).all()
            with pytest.raises(StatisticsError) as told:
                found.plate(i)
            assert str(told.value) == refusal
        else:
            same_numbers(fit, found.plate(i))
    check_reading(rng, x, plates, found, how)


def check_reading(rng, x, plates, found, how):
    y = np.abs(rng.uniform(-0.1, 1.2, (len(plates), 4)) * np.nanmax(plates, axis=1, keepdims=True))
    ask = {
        "n_wells": rng.integers(1, 4, 4),
        "interval": rng.choice(["delta", "none", "profile"]),
        "uncertainty": rng.choice(["curve", "curve_and_wells"]),
    }
    read = back_calculate_plates(found, y, **ask)
    for i, plate in enumerate(plates):
        if not found.is_fitted[i]:
            assert np.isnan(read.concentration[i]).all()
            continue
        one, other = back_calculate(fit_dose_response(x, plate, **how), y[i], **ask), read.plate(i)
        rel = 1e-6 if ask["interval"] == "profile" else 1e-7
        for name in READ:
            assert getattr(other, name) == pytest.approx(getattr(one, name), rel=rel, nan_ok=True)
        for name in ("side", "beyond", "n_wells", "warnings"):
            assert np.array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("weights", ["none", "relative"])
@pytest.mark.parametrize("points", ["means", "wells"])
def test_good_plates_are_fitted_together(weights, points, monkeypatch):
    """Else the tests above would hold one road against itself."""
    x, plates = good_plates()
    expected = [fit_dose_response(x, y, weights=weights, points=points) for y in plates]
    quiet = [not fit.warnings for fit in expected]
    assert sum(quiet) > 15

    def not_called(*_, **__):
        raise AssertionError("a good plate was fitted alone")

    monkeypatch.setattr(dose_response_plates, "fit_dose_response", not_called)
    found = fit_dose_responses(x, plates[quiet], weights=weights, points=points)
    for i, place in enumerate(np.flatnonzero(quiet)):
        same_numbers(expected[place], found.plate(i))


def test_the_stack_finds_what_minpack_finds():
    x, plates = good_plates(n_wells=1)
    log_x, weights = np.log(x[1:]), np.linspace(1, 3, 7)
    start = np.array([-1.0, 0.0, 2.5, np.log(8)])
    theta, settled = solve_stack(log_x, plates[:, 1:], weights, np.tile(start, (len(plates), 1)))
    assert settled.all()
    for y, mine in zip(plates[:, 1:], theta, strict=True):

        def off(p, y=y):
            return np.sqrt(weights) * (logistic(x[1:], *p[:3], np.exp(p[3])) - y)

        theirs = least_squares(off, start, method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15)
        assert mine == pytest.approx(theirs.x, rel=1e-6, abs=1e-7)
        assert (off(mine) ** 2).sum() <= 2 * theirs.cost * (1 + 1e-12)


def test_what_a_stack_cannot_solve_is_left_unsettled():
    log_x = np.log(DOUBLING[1:])
    means = np.array([np.full(7, np.nan), np.linspace(0, 1, 7) ** 9, log_x])
    starts = np.tile([-1.0, 0.0, 2.0, 2.0], (3, 1))
    with np.errstate(all="ignore"):
        assert not solve_stack(log_x, means, np.ones(7), starts)[1][[0, 2]].any()


def test_drc_errors_are_those_of_each_plate():
    x, plates = good_plates(n=3)
    fits = fit_dose_responses(x, plates)
    how = {"interval": "delta", "uncertainty": "curve_as_drc", "confidence_level": 0.9}
    read = back_calculate_plates(fits, np.full((3, 2), 0.7), **how)
    for i in range(3):
        assert read.se[i] == pytest.approx(back_calculate(fits.plate(i), [0.7, 0.7], **how).se)


def test_records_say_what_they_hold():
    x, plates = good_plates(n=3)
    plates[1] = 0.3
    found = fit_dose_responses(x, plates)
    assert "3 plates, 1 refused" in repr(found)
    assert "plate 1: the standards give the same mean response" in repr(found)
    read = back_calculate_plates(found, np.full((3, 2), 9.0), interval="delta")
    assert "3 plates of 2 samples, 4 beyond an asymptote" in repr(read)
    for refused in (lambda: found.plate(3), lambda: read.plate(-1)):
        with pytest.raises(StatisticsError, match="allowed: 0 to 2"):
            refused()
    with pytest.raises(ValueError, match="read-only"):
        found.b[0] = 1.0


def test_no_plates_and_no_samples():
    x, plates = good_plates(n=2)
    none = fit_dose_responses(x, plates[:0])
    assert none.n_plates == 0
    assert back_calculate_plates(none, np.empty((0, 3))).concentration.shape == (0, 3)
    empty = back_calculate_plates(fit_dose_responses(x, plates), np.empty((2, 0)))
    assert empty.concentration.shape == (2, 0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x, y: fit_dose_responses(x, y[0]), "allowed: a table of numbers"),
        (lambda x, y: fit_dose_responses(x, y > 1), "allowed: a table of numbers"),
        (lambda x, y: fit_dose_responses(x, y[:, 1:]), "15 columns and concentration has 16"),
        (lambda x, y: fit_dose_responses(-x, y), "14 negative values"),
        (lambda x, y: fit_dose_responses(x[:8], y[:, :8]), "4 different concentrations"),
        (lambda x, y: fit_dose_responses(x, y, weights="1/y"), "weights is '1/y'"),
        (lambda x, y: back_calculate_plates(fit_dose_responses(x, y), y[:1]), "1 row and fits has"),
        (lambda x, y: back_calculate_plates(fit_dose_responses(x, y), y * np.nan),
         "32 values that cannot be read .the first, of sample 1 in row 1, is nan"),
        (lambda x, y: back_calculate_plates(fit_dose_responses(x, y), y, n_wells=0), "n_wells"),
        (lambda x, y: back_calculate_plates(
            fit_dose_responses(x, y), y, uncertainty="curve_as_drc"), "no profile"),
    ],
)  # fmt: skip
def test_a_clear_sentence_for_arguments(call, words):
    x, plates = good_plates(n=2)
    with pytest.raises(StatisticsError, match=words):
        call(x, plates)
