"""Kaplan–Meier curves, medians, restricted means and the log-rank test, against R survival."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    kaplan_meier,
    log_rank_scores,
    log_rank_test,
    restricted_mean_difference,
)

# R 4.2.2, survival 3.5:
# t <- c(1,3,3,7,7,7,14,14,21,28,28); e <- c(1,1,0,1,1,1,0,1,0,1,1); g <- c(1,1,2,1,2,1,1,2,2,1,2)
# f <- survfit(Surv(t, e) ~ 1, conf.type = "log-log"); summary(f, censored = TRUE); f
# summary(f, rmean = 21)$table; s <- survdiff(Surv(t, e) ~ g); s$chisq; s$exp; s$var; s$pvalue
TIMES = [1, 3, 3, 7, 7, 7, 14, 14, 21, 28, 28]
EVENTS = np.array([1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1], dtype=bool)
GROUP = np.array([1, 1, 2, 1, 2, 1, 1, 2, 2, 1, 2])


def test_the_curve_of_r():
    curve = kaplan_meier(TIMES, EVENTS)
    assert curve.times.tolist() == [1, 3, 7, 14, 21, 28]
    assert curve.n_at_risk.tolist() == [11, 10, 8, 5, 3, 2]
    assert curve.n_events.tolist() == [1, 1, 3, 1, 0, 2]
    assert curve.n_censored.tolist() == [0, 1, 0, 1, 1, 0]
    assert curve.survival == pytest.approx([0.909091, 0.818182, 0.511364, 0.409091, 0.409091, 0],
                                           abs=1e-6)  # fmt: skip
    assert curve.standard_error[:5] == pytest.approx(
        [0.0866784, 0.1162913, 0.1577804, 0.1558857, 0.1558857], abs=1e-7
    )
    assert curve.ci_low[:5] == pytest.approx(
        [0.508080, 0.447429, 0.191591, 0.127292, 0.127292], abs=1e-6
    )
    assert curve.ci_high[:5] == pytest.approx(
        [0.986674, 0.951162, 0.761691, 0.678696, 0.678696], abs=1e-6
    )
    assert np.isnan([curve.ci_low[5], curve.ci_high[5]]).all()


def test_the_median_and_the_restricted_mean_of_r():
    curve = kaplan_meier(TIMES, EVENTS)
    median = curve.median()
    assert (median.value, median.ci_low, median.ci_high) == (14, 3, float("inf"))
    mean = curve.restricted_mean(21)
    half = 1.959964 * 2.404558795  # R: se(rmean)
    assert mean.value == pytest.approx(12.534090909)
    assert (mean.ci_low, mean.ci_high) == pytest.approx((mean.value - half, mean.value + half))
    assert curve.restricted_mean(28).value == pytest.approx(15.397727273)


# R: survfit(Surv(t, e) ~ 1, conf.type = "log-log") of these prints the medians 2.5, 2, 7 and NA.
@pytest.mark.parametrize(
    ("times", "events", "median", "low"),
    [
        ([1, 2, 3, 4], [1, 1, 1, 1], 2.5, 1),
        ([1, 2, 3, 4], [1, 1, 0, 0], 2, 1),
        ([1, 1, 7, 14, 14], [1, 1, 1, 0, 0], 7, 1),
    ],
)
def test_medians_where_the_curve_lies_on_a_half(times, events, median, low):
    found = kaplan_meier(times, np.array(events, dtype=bool)).median()
    assert (found.value, found.ci_low) == (median, low)


def test_nobody_has_the_event():
    curve = kaplan_meier([7.0, 14.0], [False, False])
    assert curve.survival.tolist() == [1, 1]
    assert np.isnan([curve.ci_low, curve.ci_high]).all()  # nobody of two is no certainty
    median = curve.median()
    assert np.isnan([median.value, median.ci_low, median.ci_high]).all()
    assert "not reached" in median.warnings[0]
    mean = curve.restricted_mean(14)
    assert mean.value == 14
    assert np.isnan(mean.ci_low)
    assert "no interval" in mean.warnings[0]


def test_everybody_at_once_and_one_person():
    for times in ([7.0], [7.0, 7.0, 7.0]):
        curve = kaplan_meier(times, [True] * len(times))
        assert curve.survival.tolist() == [0]
        assert curve.median().value == 7


PEOPLE = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=2, max_size=14)


@settings(max_examples=40, deadline=None)
@given(people=PEOPLE)
def test_laws_of_the_curve(people):
    times, seen = (np.array(one) for one in zip(*people, strict=True))
    curve = kaplan_meier(times, seen)
    assert (np.diff(curve.survival) <= 1e-12).all()
    known = ~np.isnan(curve.ci_low)
    assert (curve.ci_low[known] <= curve.survival[known] + 1e-12).all()
    assert (curve.survival[known] <= curve.ci_high[known] + 1e-12).all()
    assert int(curve.n_events.sum() + curve.n_censored.sum()) == len(people) == curve.n_at_risk[0]
    last = float(curve.times[-1])
    assert 0 < curve.restricted_mean(last).value <= last
    everybody = kaplan_meier(times, np.ones(len(times), dtype=bool))
    share = [(times > one).mean() for one in everybody.times]
    assert everybody.survival == pytest.approx(share)  # nobody leaves: the plain percentage
    assert everybody.restricted_mean(last).value == pytest.approx(times.mean())
    if seen.any():
        theirs = SurvfuncRight(times.astype(float), seen.astype(int))
        at = np.isin(curve.times, theirs.surv_times)
        assert curve.survival[at] == pytest.approx(theirs.surv_prob)


def test_the_difference_of_restricted_means_is_theirs_with_both_variances():
    first, second = (kaplan_meier(np.array(TIMES)[g == GROUP], EVENTS[g == GROUP]) for g in (1, 2))
    found = restricted_mean_difference(first, second, 14)
    means = [one.restricted_mean(14) for one in (first, second)]
    assert found.value == pytest.approx(means[0].value - means[1].value)
    # R: summary(survfit(Surv(t, e) ~ g), rmean = 14)$table[, c("rmean", "se(rmean)")]
    assert [one.value for one in means] == pytest.approx([7.666666667, 12.25])
    half = 1.959964 * np.hypot(2.023015717, 1.515544457)
    assert found.ci_high - found.value == pytest.approx(half, rel=1e-5)


def test_the_log_rank_test_of_r():
    mine = GROUP == 1
    found = log_rank_test(
        (np.array(TIMES)[mine], EVENTS[mine]), (np.array(TIMES)[~mine], EVENTS[~mine])
    )
    assert found.observed == 5
    assert found.expected == pytest.approx(3.945455, abs=1e-6)
    assert found.variance == pytest.approx(1.273648, abs=1e-6)
    assert found.chi_square == pytest.approx(0.8731345, abs=1e-6)
    assert found.p_chi_square == pytest.approx(0.350089, abs=1e-6)
    chi, p = survdiff(np.array(TIMES, dtype=float), EVENTS.astype(int), GROUP)
    assert (found.chi_square, found.p_chi_square) == pytest.approx((chi, p))


def test_p_is_the_share_of_every_way_to_deal_the_arms():
    mine = GROUP == 1
    scores = log_rank_scores(TIMES, EVENTS)
    assert scores.sum() == pytest.approx(0, abs=1e-12)
    found = log_rank_test(
        (np.array(TIMES)[mine], EVENTS[mine]), (np.array(TIMES)[~mine], EVENTS[~mine])
    )
    size = int(mine.sum())
    assert found.observed - found.expected == pytest.approx(scores[mine].sum())
    sums = [scores[list(one)].sum() for one in combinations(range(len(TIMES)), size)]
    share = np.mean(np.abs(sums) >= abs(scores[mine].sum()) - 1e-9)
    assert found.p_value == pytest.approx(share)
    assert found.permutation.is_exact


def test_three_against_three_by_hand():
    found = log_rank_test(([1, 2, 3], [True] * 3), ([8, 9, 9], [True, False, False]))
    # expected in the first: 3/6 + 2/5 + 1/4 + 0/3
    assert found.expected == pytest.approx(1.15)
    assert found.p_value == pytest.approx(2 / 20)
    sooner = log_rank_test(
        ([1, 2, 3], [True] * 3), ([8, 9, 9], [True, False, False]), alternative="greater"
    )
    assert sooner.p_value == pytest.approx(1 / 20)


def test_no_event_has_no_p():
    found = log_rank_test(([7.0], [False]), ([7.0, 9.0], [False, False]))
    assert np.isnan(found.p_value)
    assert "Nobody had the event" in found.warnings[0]


@pytest.mark.parametrize(
    ("times", "events", "said"),
    [
        ([-1.0, 2.0], [True, True], "0 or later"),
        ([float("nan"), 2.0], [True, True], "not finite"),
        ([1.0, 2.0], [True], "one true or false"),
        ([1.0, 2.0], [1, 0], "one true or false"),
        ([], [], "at least 1"),
    ],
)
def test_bad_times_are_refused_in_a_sentence(times, events, said):
    with pytest.raises(StatisticsError, match=said):
        kaplan_meier(times, events)


def test_a_mean_beyond_the_follow_up_is_refused():
    with pytest.raises(StatisticsError, match="at most 14"):
        kaplan_meier([7.0, 14.0], [True, False]).restricted_mean(28)
