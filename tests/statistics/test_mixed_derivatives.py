"""Derivatives of structures and likelihood against finite differences, and both by definition."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from ketbio.statistics.mixed.arrays import as_observations
from ketbio.statistics.mixed.fitting import problem_of
from ketbio.statistics.mixed.information import expected_information, observed_information
from ketbio.statistics.mixed.likelihood import Likelihood
from ketbio.statistics.mixed.patterns import Inputs, Pattern, gather_patterns
from ketbio.statistics.mixed.structures.choice import STRUCTURES
from ketbio.statistics.mixed.structures.random_effects import (
    EffectsShape,
    RandomEffects,
    RelativeFactor,
)
from ketbio.statistics.mixed.sums import kenward_roger_sums

STEP = 1e-5
SHAPES = {
    "full": EffectsShape(n_effects=2),
    "diagonal": EffectsShape(n_effects=2, is_diagonal=True),
    "nested": EffectsShape(n_effects=1, n_levels=1),
}
FAMILIES = {
    **{name: make(4, 1) for name, make in STRUCTURES.items()},
    **{f"{name} by group": make(3, 2) for name, make in STRUCTURES.items()},
    **{f"relative {name}": RelativeFactor(shape) for name, shape in SHAPES.items()},
    **{f"variances {name}": RandomEffects(shape) for name, shape in SHAPES.items()},
}


def differences(function, theta):
    """Central differences of a function of θ, one per parameter."""
    steps = STEP * np.eye(theta.size)
    return np.stack(
        [(function(theta + step) - function(theta - step)) / (2 * STEP) for step in steps]
    )


def some_pattern(rng, name):
    n_visits = 3 if "by group" in name else 4
    m = int(rng.integers(1, n_visits + 1))
    q = 1 if "nested" in name else 2
    inputs = Inputs(
        group=np.array(rng.integers(0, 2) if "by group" in name else 0),
        times=np.cumsum(rng.uniform(0.2, 2, (m, 1)), axis=0),
        z=rng.normal(size=(m, q)),
        units=rng.integers(0, 2, (m, 1)),
    )
    visits = np.sort(rng.choice(n_visits, m, replace=False))
    return Pattern(visits=visits, inputs=inputs, members=np.arange(m)[None])


@pytest.mark.parametrize("name", FAMILIES)
@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_derivatives_of_each_structure(name, seed):
    rng = np.random.default_rng(seed)
    family, pattern = FAMILIES[name], some_pattern(rng, name)
    theta = rng.normal(0, 0.6, family.n_parameters)
    gradient = family.gradient(theta, pattern)
    hessian = family.hessian(theta, pattern)
    assert gradient == pytest.approx(
        differences(lambda t: family.covariance(t, pattern), theta), abs=1e-6
    )
    assert hessian == pytest.approx(
        differences(lambda t: family.gradient(t, pattern), theta), abs=1e-6
    )
    kernel = rng.normal(size=hessian.shape[-2:])
    kernel += kernel.T
    assert family.at(theta).curvature(pattern, kernel) == pytest.approx(
        (hessian * kernel).sum(axis=(-1, -2)), abs=1e-9
    )


def some_data(rng, name):
    """Twelve participants in two groups, each with 1 to 3 of three visits."""
    participants = np.repeat(np.arange(12), 3)
    visits = np.tile([0, 1, 2], 12)
    kept = (rng.random(36) > 0.25) | (visits == participants % 3)
    participants, visits = participants[kept], visits[kept]
    n = visits.size
    design = np.column_stack([np.ones(n), participants % 2, visits == 1, visits == 2])
    times = np.tile([0.0, 1, 3], 12)[kept]
    if "spatial" in name:  # hardly two alike
        times = times + rng.uniform(0, 0.5, n)
    response = rng.normal(30, 4, n) + 3 * rng.normal(size=12)[participants]
    weights = rng.uniform(0.5, 2, n)
    observations = as_observations(response, design.astype(float), participants, weights, None)
    patterns = gather_patterns(
        observations.participants,
        visits,
        groups=participants % 2 if "by group" in name else None,
        times=times[:, None],
        z=np.column_stack([np.ones(n), times]),
    )
    return observations, patterns


CASES = {
    "unstructured": lambda: STRUCTURES["unstructured"](3, 1),
    "heterogeneous_toeplitz by group": lambda: STRUCTURES["heterogeneous_toeplitz"](3, 2),
    "ante_dependence": lambda: STRUCTURES["ante_dependence"](3, 1),
    "spatial_exponential by group": lambda: STRUCTURES["spatial_exponential"](3, 2),
    "random effects": lambda: RelativeFactor(SHAPES["full"]),
}


@pytest.mark.parametrize("is_reml", [True, False])
@pytest.mark.parametrize("name", CASES)
def test_derivatives_of_the_likelihood(name, is_reml):
    rng = np.random.default_rng(8)
    family = CASES[name]()
    observations, patterns = some_data(rng, name)
    problem = problem_of(observations, patterns, is_reml=is_reml)
    theta = rng.normal(0, 0.3, family.n_parameters)
    theta[0] += 1.0 if name != "random effects" else 0.0
    at = Likelihood(problem, family, theta)
    assert at.gradient == pytest.approx(
        differences(lambda t: Likelihood(problem, family, t).value, theta), rel=1e-6, abs=1e-6
    )
    assert observed_information(at) == pytest.approx(
        -differences(lambda t: Likelihood(problem, family, t).gradient, theta), rel=1e-6, abs=1e-6
    )


def dense(observations, patterns, family, theta):
    """Σ and its slopes for all rows at once."""
    n = observations.n
    sigma, slopes = np.zeros((n, n)), np.zeros((theta.size, n, n))
    for pattern in patterns:
        for rows in pattern.members:
            sigma[np.ix_(rows, rows)] = family.covariance(theta, pattern)
            slopes[np.ix_(np.arange(theta.size), rows, rows)] = family.gradient(theta, pattern)
    return sigma, slopes


@pytest.mark.parametrize("name", CASES)
def test_likelihood_and_expected_information_by_their_definitions(name):
    rng = np.random.default_rng(5)
    family = CASES[name]()
    observations, patterns = some_data(rng, name)
    theta = rng.normal(0.2, 0.3, family.n_parameters)
    sigma, slopes = dense(observations, patterns, family, theta)
    root = np.sqrt(observations.weights)
    x, y = observations.design * root[:, None], observations.response * root
    w = np.linalg.inv(sigma)
    beta = np.linalg.solve(x.T @ w @ x, x.T @ w @ y)
    jacobian = np.log(observations.weights).sum() / 2
    ml = multivariate_normal(x @ beta, sigma).logpdf(y) + jacobian
    reml = ml + 4 * np.log(2 * np.pi) / 2 - np.linalg.slogdet(x.T @ w @ x)[1] / 2
    for is_reml, value in ((True, reml), (False, ml)):
        at = Likelihood(problem_of(observations, patterns, is_reml=is_reml), family, theta)
        assert at.value == pytest.approx(value, rel=1e-10)
        projected = w - w @ x @ np.linalg.solve(x.T @ w @ x, x.T @ w) if is_reml else w
        expected = (
            np.einsum("ab,hbc,cd,kda->hk", projected, slopes, projected, slopes, optimize=True) / 2
        )
        assert expected_information(at) == pytest.approx(expected, rel=1e-8, abs=1e-8)


def test_sums_of_kenward_and_roger_by_their_definition():
    rng = np.random.default_rng(6)
    family = STRUCTURES["heterogeneous_ar1"](3, 1)
    observations, patterns = some_data(rng, "heterogeneous_ar1")
    theta = rng.normal(0.2, 0.3, family.n_parameters)
    sigma, slopes = dense(observations, patterns, family, theta)
    w, x = np.linalg.inv(sigma), observations.design
    sums = kenward_roger_sums(patterns, family, theta, x, with_second=True)
    assert sums.p == pytest.approx(-(x.T @ w @ slopes @ w @ x))
    assert sums.q == pytest.approx(
        np.einsum("ap,hab,bc,kcd,dq->hkpq", w @ x, slopes, w, slopes, w @ x, optimize=True)
    )
    assert sums.r == pytest.approx(
        differences(lambda t: _weighted_slopes(observations, patterns, family, t, w @ x), theta),
        abs=1e-6,
    )
    linear = RandomEffects(SHAPES["full"])
    found = kenward_roger_sums(patterns, linear, np.array([2, 0.3, 1, 1.5]), x, with_second=True)
    assert found.r is None


def _weighted_slopes(observations, patterns, family, theta, wx):
    return wx.T @ dense(observations, patterns, family, theta)[1] @ wx
