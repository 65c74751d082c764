"""Adjusted p values and simultaneous intervals against mvtnorm, and at their exact limits."""

import numpy as np
import pytest
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.mixed.contrast import contrast_test
from ketbio.statistics.mixed.multivariate_t import multivariate_t
from ketbio.statistics.mixed.simultaneous import simultaneous_tests
from ketbio.statistics.mmrm import fit_mixed_model

R = np.array([[1, 0.5, 0.3], [0.5, 1, 0.6], [0.3, 0.6, 1]])
HALF = np.sqrt(0.5)
# An average beside the two independent statistics it is of: a singular correlation
AVERAGE = np.array([[1, 0, HALF], [0, 1, HALF], [HALF, HALF, 1]])


def test_integral_is_that_of_mvtnorm():
    # pmvt(rep(-2.5, 3), rep(2.5, 3), df = 10L, corr = R, algorithm = GenzBretz(abseps = 1e-8,
    # maxpts = 5e6)); one-sided pmvt(rep(-Inf, 3), rep(2.1, 3), …); 2.2 with df = 8L of AVERAGE
    assert multivariate_t(R).within(2.5, 10)[0] == pytest.approx(0.923199962217, abs=2e-6)
    one_sided = multivariate_t(R, is_two_sided=False)
    assert one_sided.within(2.1, 10)[0] == pytest.approx(0.926347691772, abs=2e-6)
    assert multivariate_t(AVERAGE).within(2.2, 8)[0] == pytest.approx(0.875391576855, abs=2e-6)


def test_dunnett_quantile_is_that_of_the_table():
    # Dunnett (1964), two-sided 5 %: 3 comparisons with a control, 16 degrees of freedom: 2.59
    correlation = np.full((3, 3), 0.5) + np.eye(3) / 2
    assert multivariate_t(correlation).quantile(0.95, 16) == pytest.approx(2.59, abs=0.005)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_independent_normal_statistics_multiply(k):
    inside = (2 * stats.norm.cdf(2.1) - 1) ** k
    chance, error = multivariate_t(np.eye(k)).within(2.1, np.inf)
    assert abs(chance - inside) <= max(error, 1e-8)
    expected = stats.norm.ppf((1 + 0.95 ** (1 / k)) / 2)
    assert multivariate_t(np.eye(k)).quantile(0.95, np.inf) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("signs", [(1, 1, 1), (1, -1, 1)])
def test_perfectly_correlated_statistics_are_one(signs):
    joint = multivariate_t(np.outer(signs, signs).astype(float))
    assert joint.within(2.0, 7)[0] == pytest.approx(2 * stats.t.cdf(2.0, 7) - 1, abs=1e-7)
    assert joint.quantile(0.9, 7) == pytest.approx(stats.t.ppf(0.95, 7), abs=1e-5)


def test_opposite_one_sided_statistics_exclude_each_other():
    joint = multivariate_t(np.array([[1.0, -1], [-1, 1]]), is_two_sided=False)
    assert joint.within(2.0, 7)[0] == pytest.approx(2 * stats.t.cdf(2.0, 7) - 1, abs=1e-7)


def test_drawn_points_give_the_same_every_time_and_tell_their_error():
    correlation = 0.6 ** np.abs(np.subtract.outer(range(6), range(6)))
    one, two = (multivariate_t(correlation).within(2.5, 10.3) for _ in range(2))
    assert one == two
    other = multivariate_t(correlation, seed=7).within(2.5, 10.3)
    assert abs(one[0] - other[0]) <= one[1] + other[1]
    assert 0 < one[1] < 1e-3


WHO, VISIT = np.repeat(np.arange(8), 3), np.tile([0, 1, 2], 8)
ARM = np.repeat([0.0, 1.0], 12)
# fmt: off
SCORE = [30, 24, 22, 33, 31, 25, 28, 22, 20, 35, 30, 31, 29, 18, 12, 31, 25, 20, 34, 21, 15, 27,
         19, 18]
# fmt: on
BY_VISIT = np.column_stack(
    [np.ones(24), VISIT == 1, VISIT == 2, ARM, ARM * (VISIT == 1), ARM * (VISIT == 2)]
)
EACH = np.array([[0, 0, 0, 1, 0, 0], [0, 0, 0, 1, 1, 0], [0, 0, 0, 1, 0, 1]])


@pytest.fixture(scope="module")
def model():
    return fit_mixed_model(SCORE, BY_VISIT, participants=WHO, visits=VISIT)


def test_multivariate_t_lies_between_unadjusted_and_bonferroni(model):
    found = simultaneous_tests(model, EACH)
    p = np.array([one.p_value for one in found.tests])
    assert (found.p_adjusted >= p).all()
    assert (found.p_adjusted <= np.minimum(3 * p, 1) + 1e-6).all()
    assert found.interval == "simultaneous, multivariate t"


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_interval_excludes_the_null_as_often_as_p_is_small(model, alternative):
    for level in (0.5, 0.95):
        found = simultaneous_tests(
            model, EACH, alternative=alternative, confidence_level=level, null=-4.0
        )
        excludes = (found.ci_low > -4.0) | (found.ci_high < -4.0)
        assert (excludes == (found.p_adjusted < 1 - level)).all()


def test_average_beside_its_visits_is_taken_in(model):
    found = simultaneous_tests(model, np.vstack([EACH, EACH.mean(axis=0)]))
    assert np.linalg.matrix_rank(found.correlation) == 3
    assert found.error < 1e-4
    assert (found.p_adjusted[:3] >= simultaneous_tests(model, EACH).p_adjusted - 1e-5).all()


def test_one_contrast_is_not_adjusted(model):
    alone, by_itself = simultaneous_tests(model, EACH[:1]), contrast_test(model, EACH[0])
    assert alone.p_adjusted[0] == pytest.approx(by_itself.p_value, abs=1e-7)
    assert alone.ci_low[0] == pytest.approx(by_itself.ci_low, abs=1e-5)


def test_holm_has_bonferroni_intervals_and_none_has_its_own(model):
    holm, none = (simultaneous_tests(model, EACH, adjust=word) for word in ("holm", "none"))
    p = np.sort([one.p_value for one in holm.tests])
    assert holm.p_adjusted.min() == pytest.approx(3 * p[0])
    assert holm.interval == "simultaneous, Bonferroni"
    narrow = [one.ci_high - one.ci_low for one in none.tests]
    np.testing.assert_allclose(none.ci_high - none.ci_low, narrow)
    assert (holm.ci_high - holm.ci_low > narrow).all()


def test_what_cannot_be_adjusted_is_refused(model):
    with pytest.raises(StatisticsError, match="adjust is 'dunnet'"):
        simultaneous_tests(model, EACH, adjust="dunnet")
    with pytest.raises(StatisticsError, match="a row of nothing but zeros"):
        simultaneous_tests(model, np.vstack([EACH, np.zeros(6)]))
