"""Least squares beside covariates: by hand, against R's lm, and what cannot be fitted."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import adjusted_coefficient, ancova, welch_t

POST = [12, 15, 9, 20, 22, 18]
BASE = [30, 34, 28, 33, 36, 31]
IN_X = [True, True, True, False, False, False]
AGE = [14, 17, 15, 16, 13, 18]

# options(digits = 16)
# post <- c(12,15,9,20,22,18); base <- c(30,34,28,33,36,31); g <- c(1,1,1,0,0,0)
# age <- c(14,17,15,16,13,18)
# coef(summary(lm(post ~ base + g)))["g", ]; confint(lm(post ~ base + g))["g", ]
# coef(summary(lm(post ~ base + g + age)))["g", ]; confint(lm(post ~ base + g + age))["g", ]
# predict(lm(post ~ base + g), data.frame(base = mean(base), g = c(1, 0)))
R_BASELINE = (-5.617021276595747, 0.5399394698063608, -10.403057362356169, 0.001895512539506169,
              -7.335349647357844, -3.898692905833651)  # fmt: skip
R_AGE = (-5.58031088082901761, 0.6626708037657899, -8.4209397020625136, 0.01381048583295185,
         -8.431553223577163, -2.729068538080872)  # fmt: skip


@pytest.mark.parametrize(("covariates", "df", "expected"), [(None, 3, R_BASELINE), (AGE, 2, R_AGE)])
def test_lm_of_r(covariates, df, expected):
    found = ancova(POST, BASE, IN_X, covariates=covariates).difference
    ours = (found.estimate, found.standard_error, found.t, found.p_value, found.ci_low,
            found.ci_high)  # fmt: skip
    assert ours == pytest.approx(expected, rel=1e-11)
    assert (found.df, found.n) == (df, (3, 3))


def test_adjusted_means_of_r():
    found = ancova(POST, BASE, IN_X)
    expected = (13.19148936170212, 18.80851063829787)
    assert (found.adjusted_mean_x, found.adjusted_mean_y) == pytest.approx(expected, rel=1e-12)


def test_by_hand():
    # within groups the baselines are −1, 1 and −½, ½, the values −½, ½ and −2, 2: the common
    # slope is (½ + ½ + 1 + 1)/(1 + 1 + ¼ + ¼) = 1.2; means 6 − 1.5 − 1.2 (4.5 − 4) = 3.9
    found = ancova([4, 8, 1, 2], [4, 5, 3, 5], [1, 1, 0, 0])
    assert found.difference.estimate == pytest.approx(3.9, rel=1e-14)
    assert found.adjusted_mean_x - found.adjusted_mean_y == pytest.approx(3.9)


def test_change_in_place_of_the_later_value_gives_the_same():
    change = np.subtract(POST, BASE)
    later, changed = (ancova(y, BASE, IN_X).difference for y in (POST, change))
    assert (changed.estimate, changed.p_value) == pytest.approx((later.estimate, later.p_value))


numbers = st.integers(-50, 50)


@given(st.lists(st.tuples(numbers, numbers, st.booleans()), min_size=5, max_size=10), numbers)
def test_least_squares_of_numpy_and_a_shift_of_one_group(rows, shift):
    y, z, x = (np.array(column) for column in zip(*rows, strict=True))
    design = np.column_stack([np.ones(y.size), x, z]).astype(float)
    if np.linalg.matrix_rank(design) < 3:
        with pytest.raises(StatisticsError):
            adjusted_coefficient(y, x, z)
        return
    expected = np.linalg.lstsq(design, y, rcond=None)[0][1]
    found = adjusted_coefficient(y, x, z)
    assert found.estimate == pytest.approx(expected, rel=1e-9, abs=1e-9)
    moved = adjusted_coefficient(y + shift * x + 3 * z, x, z)
    assert moved.estimate == pytest.approx(found.estimate + shift, rel=1e-9, abs=1e-9)
    assert moved.standard_error == pytest.approx(found.standard_error, rel=1e-6, abs=1e-9)


def test_without_covariates_it_is_the_mean_difference():
    found = adjusted_coefficient(POST, IN_X)
    assert found.estimate == pytest.approx(welch_t(POST[:3], POST[3:]).estimate, rel=1e-14)


def test_a_large_offset_blurs_nothing():
    far = np.add(POST, 1e9)
    found = ancova(far, np.add(BASE, 1e9), IN_X).difference
    assert found.estimate == pytest.approx(R_BASELINE[0], rel=1e-9)


def test_a_fit_without_remainder_has_no_test_and_says_so():
    found = ancova([2, 3, 4, 12, 13, 14], [1, 2, 3, 1, 2, 3], [0, 0, 0, 1, 1, 1]).difference
    assert found.estimate == pytest.approx(10)
    assert np.isnan(found.p_value)
    assert found.warnings == (
        "The model fits the values without remainder: there is neither a t test nor an interval.",
    )


@pytest.mark.parametrize(
    ("post", "baseline", "is_x", "covariates", "message"),
    [
        (POST, [30] * 6, IN_X, None, "baseline is constant or follows from the intercept"),
        (POST, BASE, [1] * 6, None, "is_x is the same for everyone; allowed: at least two"),
        (POST, BASE, [0, 1, 2, 0, 1, 1], None, "is_x holds 2; allowed: true and false, or 1 and 0"),
        (POST, BASE, IN_X, np.multiply(BASE, 2), "covariates[:, 0] is constant or follows from"),
        (POST, BASE, IN_X, [[1, 5]] * 5, "covariates has shape (5, 2); allowed: (6,) or (6, q)"),
        (POST, BASE, IN_X, list("abcdef"), "covariates[:, 0] holds text; allowed: integers or"),
        (POST, BASE, IN_X, [1, 2, 3, 4, 5, np.nan], "covariates[:, 0] holds 1 value that is not"),
        (POST, BASE, IN_X, [1, 1, 1, 0, 0, 0], "is_x follows from the covariates (and blocks)"),
        (POST, BASE, [1, 0, [1]], None, "is_x cannot be read as one row of numbers"),
        (POST, BASE, np.ma.masked_equal([0, 1, 0, 1, 1, 9], 9), None, "is_x is a masked array"),
        (POST, BASE, IN_X, np.ma.masked_equal(AGE, 18), "covariates[:, 0] is a masked array"),
        (POST[:3], BASE[:3], [1, 0, 1], None, "post has 3 values for 3 coefficients; allowed: at"),
        (POST[:5], BASE, IN_X, None, "post has 5 values and baseline has 6; allowed: the same"),
        (POST, BASE, IN_X[:5], None, "post has 6 values and is_x has 5; allowed: the same number"),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_is_refused_in_words(post, baseline, is_x, covariates, message):
    with pytest.raises(StatisticsError, match=re.escape(message)):
        ancova(post, baseline, is_x, covariates=covariates)
