"""Repeated-measures correlation: pingouin, least squares, and every arrangement by hand."""

import warnings
from itertools import permutations, product

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from statsmodels.regression.linear_model import OLS

from ketbio.errors import StatisticsError
from ketbio.statistics.repeated_correlation import (
    repeated_correlation,
    repeated_correlation_test,
    swapped_trajectories_test,
)

RNG = np.random.default_rng(7)
WHO = np.repeat(np.arange(4), 3)
WHEN = np.tile(np.arange(3), 4)
X = RNG.normal(size=12).round(2) + WHO
Y = (0.8 * X + RNG.normal(size=12)).round(2) + 2.0 * WHEN


def within(values, who=WHO):
    return values - np.array([values[who == one].mean() for one in who])


def test_as_bakdash_and_marusich_report_their_example():
    # R: rmcorr(participant = Subject, measure1 = PacO2, measure2 = pH, dataset = bland1995)
    # Bakdash & Marusich (2017): r_rm(38) = -.507, 95 % CI [-.71, -.23], p < .001
    data = pg.read_dataset("rm_corr")
    found = repeated_correlation(data["PacO2"], data["pH"], data["Subject"])
    assert (found.n_participants, found.n_pairs, found.df) == (8, 47, 38)
    assert round(found.r, 3) == -0.507
    assert (round(found.ci_low, 2), round(found.ci_high, 2)) == (-0.71, -0.23)
    with warnings.catch_warnings():  # pingouin writes in place, which pandas 3.1 deprecates
        warnings.simplefilter("ignore")
        theirs = pg.rm_corr(data, x="PacO2", y="pH", subject="Subject").iloc[0]
    assert found.r == pytest.approx(float(theirs["r"]), rel=1e-5)
    assert found.p_value == pytest.approx(float(theirs["pval"]), rel=1e-6)


def test_it_is_the_correlation_of_deviations_and_the_common_slope_of_least_squares():
    found = repeated_correlation(X, Y, WHO)
    assert found.r == pytest.approx(np.corrcoef(within(X), within(Y))[0, 1])
    design = np.column_stack([X, np.eye(4)[WHO]])
    fitted = OLS(Y, design).fit()
    assert found.slope.estimate == pytest.approx(fitted.params[0])
    assert found.slope.p_value == pytest.approx(fitted.pvalues[0])
    assert found.f == pytest.approx(fitted.tvalues[0] ** 2)
    by_visit = repeated_correlation(X, Y, WHO, visits=WHEN)
    both = OLS(Y, np.column_stack([design, np.eye(3)[WHEN][:, 1:]])).fit()
    assert by_visit.slope.p_value == pytest.approx(both.pvalues[0])
    assert by_visit.df == both.df_resid
    t = both.tvalues[0]
    assert by_visit.r == pytest.approx(t / np.sqrt(t**2 + both.df_resid))


def test_p_counts_every_order_within_every_participant():
    found = repeated_correlation_test(X, Y, WHO)
    orders = [list(permutations(range(3 * one, 3 * one + 3))) for one in range(4)]
    rows = np.array([np.concatenate(one) for one in product(*orders)])
    scores = np.abs(Y[rows] @ within(X))
    assert found.n_arrangements == len(rows) == 6**4
    assert found.p_value == (scores >= scores[0] - 1e-9).mean()
    assert found.is_exact


def test_swapping_whole_trajectories_counts_every_order_of_participants():
    x, y = X.reshape(4, 3), Y.reshape(4, 3)
    found = swapped_trajectories_test(x, y, alternative="greater")

    def twice(table):
        left = table - table.mean(axis=1, keepdims=True)
        return left - left.mean(axis=0)

    rows = np.array(list(permutations(range(4))))
    scores = np.array([(twice(x) * twice(y)[row]).sum() for row in rows])
    assert found.p_value == (scores >= scores[0] - 1e-9).mean()
    assert found.estimate == pytest.approx(
        repeated_correlation(X, Y, WHO, visits=WHEN).r, rel=1e-12
    )
    drawn = swapped_trajectories_test(x, y, exact=False, n_resamples=200, seed=3)
    assert drawn.p_interval[0] <= drawn.p_value <= drawn.p_interval[1]


def test_a_trend_shared_by_both_makes_a_correlation_that_centring_by_visit_takes_out():
    who, when = np.repeat(np.arange(8), 5), np.tile(np.arange(5.0), 8)
    noise = np.random.default_rng(3).normal(size=(2, 40))
    x, y = 3 * when + noise[0], -4 * when + noise[1]
    assert repeated_correlation(x, y, who).r < -0.9
    assert abs(repeated_correlation(x, y, who, visits=when).r) < 0.3
    assert repeated_correlation_test(x, y, who, n_resamples=199, seed=1).p_value < 0.01
    centred = repeated_correlation_test(x, y, who, visits=when, n_resamples=199, seed=1)
    assert centred.p_value > 0.05
    assert not centred.is_exact
    assert swapped_trajectories_test(x.reshape(8, 5), y.reshape(8, 5)).p_value > 0.05


def test_participants_with_one_pair_say_nothing():
    found = repeated_correlation([*X, 50.0], [*Y, -9.0], [*WHO, 99])
    assert found == repeated_correlation(X, Y, WHO)
    test = repeated_correlation_test([*X, 50.0], [*Y, -9.0], [*WHO, 99])
    assert test.p_value == repeated_correlation_test(X, Y, WHO).p_value


def test_r_of_one_has_no_interval():
    found = repeated_correlation([1, 2, 3, 5, 6, 7], [2, 4, 6, 3, 5, 7], [1, 1, 1, 2, 2, 2])
    assert found.r == 1.0
    assert np.isnan(found.ci_low)
    assert np.isnan(found.p_value)


@pytest.mark.parametrize(
    ("x", "y", "who", "says"),
    [
        ([1.0, 2], [1.0, 2], ["a", "b"], "No participant has two pairs"),
        ([1.0, 1, 2, 2], [1.0, 2, 3, 5], ["a", "a", "b", "b"], "x follows from"),
        ([1.0, 2, 2, 4], [1.0, 1, 2, 2], ["a", "a", "b", "b"], "y does not vary within"),
        ([1.0, 2, 2], [1.0, 1, 2], ["a", "a", "a", "b"], "blocks"),
        ([1.0, 2], [3.0, 1], ["a", "a"], "2 values for 2 coefficients"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(x, y, who, says):
    with pytest.raises(StatisticsError, match=says):
        repeated_correlation(x, y, who)


def test_swapping_refuses_what_is_not_complete_or_does_not_vary():
    with pytest.raises(StatisticsError, match="not finite"):
        swapped_trajectories_test([[1, np.nan], [2, 3]], [[1, 2], [3, 4]])
    with pytest.raises(StatisticsError, match="the same course in all"):
        swapped_trajectories_test([[1, 2], [3, 4]], [[1, 2], [3, 9]])
    table = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 2)))
    with pytest.raises(StatisticsError, match="every arrangement of 30"):
        swapped_trajectories_test(table, table**2, exact=True)
