"""Random plates: noise, outliers, few standards, wrong concentrations. Each fits or is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import back_calculate, fit_dose_response, limit_of_detection

COMPLAINTS = (
    "different concentrations; allowed",
    "different concentration; allowed",
    "negative value",
    "not finite",
    "same mean response",
    "no dose–response is distinguishable",
    "do not determine the curve",
    "fall back",
    "rise again",
)
WORDS = {
    "curve": ("4pl", "5pl", "aicc"),
    "weights": ("none", "relative"),
    "points": ("means", "wells"),
}


def random_plate(rng):
    """Return a plate of 3 to 10 standards, often a bad one."""
    top, ratio, n = 10 ** rng.uniform(-2, 5), rng.uniform(1.5, 4), rng.integers(3, 10)
    levels = top / ratio ** np.arange(n)
    if rng.random() < 0.6:
        levels = np.append(levels, 0)
    if rng.random() < 0.1:
        rng.shuffle(levels)  # concentrations typed in the wrong order
    x = np.repeat(levels, rng.integers(1, 4))
    y = true_responses(rng, x, middle=top * ratio ** (-n / 2))
    noise = rng.choice([0, 0.001, 0.02, 0.05, 0.3])
    y = y * (1 + rng.normal(0, noise, x.size)) + rng.normal(0, noise / 3, x.size)
    if rng.random() < 0.2:
        y[rng.integers(y.size)] *= rng.uniform(0, 5)  # an outlier
    if rng.random() < 0.1:
        y = np.round(y, 1)
    if rng.random() < 0.05:
        y = np.minimum(y, np.median(y))  # a saturated reader
    if rng.random() < 0.03:
        x[0] = -1
    if rng.random() < 0.03:
        y[0] = np.nan
    kept = rng.random(x.size) >= rng.choice([0, 0.2])  # masked wells
    return x[kept], y[kept]


def true_responses(rng, x, middle):
    b = rng.choice([-1, 1]) * rng.uniform(0.4, 4)
    e, f = middle * np.exp(rng.normal(0, 1.5)), np.exp(rng.normal(0, 0.4))
    height = rng.choice([0, 0.05, 1, 3, 40_000], p=[0.05, 0.05, 0.3, 0.5, 0.1])
    with np.errstate(divide="ignore"):
        z = b * (np.log(x) - np.log(e))
    return rng.uniform(-0.05, 0.3) + height * np.exp(-f * np.logaddexp(0, z))


@pytest.mark.parametrize("seed", range(4))
def test_a_thousand_random_plates_fit_or_are_refused_by_name(seed):
    """Warnings are errors here: none of NumPy's gets out."""
    rng = np.random.default_rng([20260105, seed])
    n_fitted = 0
    for _ in range(250):
        x, y = random_plate(rng)
        how = {name: words[rng.integers(len(words))] for name, words in WORDS.items()}
        fit, said = fitted_or_refused(x, y, **how)
        if fit is None:
            assert any(one in said for one in COMPLAINTS), said
            continue
        n_fitted += 1
        check_fit(fit)
        check_reading(fit, rng.uniform(y.min() - np.ptp(y) / 5, y.max() + np.ptp(y) / 5, 6))
        limit_of_detection(fit, y[:2])
    assert n_fitted > 80


def fitted_or_refused(x, y, **how):
    try:
        return fit_dose_response(x, y, **how), ""
    except StatisticsError as refusal:
        return None, str(refusal)


def check_fit(fit):
    assert fit.c < fit.d
    assert fit.e > 0
    assert fit.f > 0
    assert np.isfinite(fit.covariance).all()
    assert np.linalg.eigvalsh(fit.covariance).min() >= -1e-6 * np.abs(fit.covariance).max()
    assert fit.direction == ("rising" if fit.b < 0 else "falling")
    assert all(one.endswith(".") for one in fit.warnings)


def check_reading(fit, responses):
    for interval in ("profile", "delta"):
        found = back_calculate(fit, responses, n_wells=2, interval=interval)
        is_read = ~np.isnan(found.concentration)
        assert ((found.side == "") == is_read).all()
        assert (found.beyond[~is_read] != "").all()
        assert (found.ci_low[is_read] <= found.concentration[is_read]).all()
        assert (found.concentration[is_read] <= found.ci_high[is_read]).all()
        assert not (found.ci_low < 0).any()


@settings(max_examples=40, deadline=None)
@given(
    b=st.floats(0.5, 3) | st.floats(-3, -0.5),
    e=st.floats(2, 50),
    d=st.floats(0.5, 5),
    place=st.floats(0.05, 0.95),
)
def test_what_is_read_back_is_what_was_put_in(b, e, d, place):
    x = 2.0 ** np.arange(-2, 9)
    fit = fit_dose_response(x, 0.1 + d / (1 + (x / e) ** b))
    found = back_calculate(fit, [0.1 + d * place])
    assert found.concentration[0] == pytest.approx(e * (1 / place - 1) ** (1 / b), rel=1e-5)
