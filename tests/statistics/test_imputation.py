"""Multiple imputation: by hand, against R rbmi's printed values, and laws that must hold."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics.imputation.assumptions import ASSUMPTIONS
from ketbio.statistics.imputation.completed import fit_completed
from ketbio.statistics.imputation.filling import fill_visits
from ketbio.statistics.imputation.imputations import impute_trajectories
from ketbio.statistics.imputation.jackknife import fits_without_each, jackknife_estimate
from ketbio.statistics.imputation.restricted import TrajectoryModel, fit_trajectories
from ketbio.statistics.imputation.rubin import pool_estimates
from ketbio.statistics.imputation.shifts import shift_after_dropout, tipping_point
from ketbio.statistics.imputation.trajectories import Trajectories, refuse_unidentified
from ketbio.statistics.mmrm import fit_mixed_model

NAMES = ("the constant", "arm", "the baseline value")
ARM = np.array([0.0, 1.0, 0.0])
HAMD17 = (
    Path(__file__).resolve().parents[2].parent
    / "shared/studies/hamd17_trial/antidepressant_data.csv"
)


def trial(n=16, n_visits=3, missing=(), seed=1):
    """Simulate two arms of n/2; ``missing`` names (row, visit) that are taken out."""
    rng = np.random.default_rng(seed)
    arm, baseline = np.arange(n) % 2.0, rng.normal(30, 4, n)
    own = rng.normal(0, 3, (n, 1))
    slope = np.arange(1, n_visits + 1)
    outcomes = (
        -4 * arm[:, None] * slope / n_visits - 2 * slope + own + rng.normal(0, 2, (n, n_visits))
    )
    for row, visit in missing:
        outcomes[row, visit] = np.nan
    design = np.column_stack([np.ones(n), arm, baseline])
    return Trajectories(
        outcomes=outcomes,
        design=design,
        reference_design=design * [1.0, 0.0, 1.0],
        visits=tuple(f"day_{visit + 1}" for visit in range(n_visits)),
    )


def model(coefficients, covariance):
    """Return one draw of parameters."""
    return TrajectoryModel(
        coefficients=np.array(coefficients)[None], covariance=np.array(covariance)[None]
    )


def test_which_values_follow_drop_out_and_which_are_gaps():
    data = trial(4, missing=[(0, 2), (1, 1), (2, 0), (2, 1), (2, 2), (3, 0), (3, 2)])
    assert data.dropped_out.tolist() == [
        [False, False, True],
        [False, False, False],
        [True, True, True],
        [False, False, True],
    ]
    [gap] = [one for one in data.patterns() if one.rows.tolist() == [3]]
    assert (gap.seen.tolist(), gap.gaps.tolist(), gap.later.tolist()) == ([1], [0], [2])


def test_reml_of_complete_data_is_residual_squares_over_n_less_k():
    data = trial()
    fitted = fit_trajectories(data)
    expected, *_ = np.linalg.lstsq(data.design, data.outcomes, rcond=None)
    residuals = data.outcomes - data.design @ expected
    assert fitted.coefficients == pytest.approx(expected)
    assert fitted.covariance == pytest.approx(residuals.T @ residuals / (16 - 3), rel=1e-6)


@pytest.mark.parametrize(
    ("assumption", "expected"),
    [
        # Own means 1, 3 and 6, those of the reference 0, 1 and 2; variance 4, covariance 2 beside
        # each other. Measured: 2 at the first visit, a residual of 1 (or of 2 from the reference).
        ("mar", [3 + 0.5 * 1, 6 + 0.25 * 1]),
        ("jump_to_reference", [1 + 0.5 * 1, 2 + 0.25 * 1]),
        ("copy_increments", [1 + (1 - 0) + 1 + 0.5 - 1, 1 + (2 - 0) + 0.25]),
        ("copy_reference", [1 + 0.5 * 2, 2 + 0.25 * 2]),
    ],
)
def test_conditional_means_after_drop_out_by_hand(assumption, expected):
    data = Trajectories(
        outcomes=np.array([[2.0, np.nan, np.nan]]),
        design=np.array([[1.0, 1.0]]),
        reference_design=np.array([[1.0, 0.0]]),
        visits=("day_1", "day_2", "day_3"),
    )
    means = [[0.0, 1.0, 2.0], [1.0, 2.0, 4.0]]
    covariance = [[4.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 4.0]]
    filled = fill_visits(data, model(means, covariance), assumption=assumption)
    assert filled[0, 0] == pytest.approx([2.0, *expected])


def test_a_gap_is_filled_at_random_under_every_assumption_and_later_values_follow_from_it():
    data = Trajectories(
        outcomes=np.array([[2.0, np.nan, 5.0]]),
        design=np.array([[1.0, 1.0]]),
        reference_design=np.array([[1.0, 0.0]]),
        visits=("day_1", "day_2", "day_3"),
    )
    one = model([[0.0, 1.0, 2.0], [1.0, 2.0, 4.0]], np.eye(3) + 1.0)
    # Residuals 1 and −1 at both sides cancel: the own mean, 3, is left.
    for assumption in ASSUMPTIONS:
        assert fill_visits(data, one, assumption=assumption)[0, 0] == pytest.approx([2, 3, 5])


def test_draws_of_values_have_the_conditional_mean_and_variance():
    data = Trajectories(
        outcomes=np.array([[2.0, np.nan]]),
        design=np.ones((1, 1)),
        reference_design=np.ones((1, 1)),
        visits=("day_1", "day_2"),
    )
    m = 40_000
    many = TrajectoryModel(
        coefficients=np.zeros((m, 1, 2)), covariance=np.broadcast_to([[4.0, 2], [2, 5]], (m, 2, 2))
    )
    normals = np.random.default_rng(1).standard_normal((m, 1, 2))
    drawn = fill_visits(data, many, assumption="mar", normals=normals)[:, 0, 1]
    assert drawn.mean() == pytest.approx(0.5 * 2, abs=5 * 2 / m**0.5)
    assert drawn.var() == pytest.approx(5 - 2 * 2 / 4, rel=0.05)


def test_parameters_of_complete_data_are_drawn_from_their_known_posterior():
    """Coefficients: Student's t about least squares; covariance: mean S/(ν − T − 1)."""
    data = trial(20, n_visits=2)
    made = impute_trajectories(data, names=NAMES, n_imputations=8_000, seed=1)
    projection = np.linalg.pinv(data.design)
    fitted = projection @ data.outcomes
    residuals = data.outcomes - data.design @ fitted
    squares, df = residuals.T @ residuals, 20 - 3
    expected = squares / (df - 2 - 1)
    assert made.drawn.covariance.mean(axis=0) == pytest.approx(expected, rel=0.04)
    effects = made.drawn.coefficients[:, 1, 1]
    # Its marginal is Student's t on ν − T + 1 degrees of freedom.
    scale = np.sqrt(squares[1, 1] / (df - 1) * (projection @ projection.T)[1, 1])
    uniform = stats.t.cdf((effects - fitted[1, 1]) / scale, df - 1)
    assert stats.kstest(uniform, "uniform").pvalue > 0.001


@pytest.mark.parametrize("assumption", ASSUMPTIONS)
def test_without_missing_values_it_is_the_complete_ancova_exactly(assumption):
    data = trial()
    made = impute_trajectories(data, names=NAMES, n_imputations=5, seed=1)
    found = made.pooled(made.completed(assumption)[:, :, 2], contrast=ARM, confidence_level=0.95)
    x, y = data.design, data.outcomes[:, 2]
    beta, rss, *_ = np.linalg.lstsq(x, y, rcond=None)
    error = np.sqrt(rss[0] / 13 * np.linalg.inv(x.T @ x)[1, 1])
    assert (found.estimate, found.standard_error) == pytest.approx((beta[1], error))
    assert (found.between, found.df, found.missing_information) == (0.0, 13.0, 0.0)
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(beta[1]) / error, 13))


def test_rubins_rules_by_hand():
    """Estimates 1, 2, 3 with variance 1: W 1, B 1, total 1 + 4/3; λ = 4/7."""
    found = pool_estimates([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], df=20)
    of_draws, observed = 2 / (4 / 7) ** 2, 21 / 23 * 20 * (3 / 7)
    df = of_draws * observed / (of_draws + observed)
    relative = 4 / 3
    assert found.estimate == 2.0
    assert found.standard_error == pytest.approx((7 / 3) ** 0.5)
    assert found.df == pytest.approx(df)
    missing = (relative + 2 / (of_draws + 3)) / (relative + 1)
    assert found.missing_information == pytest.approx(missing)
    assert found.relative_efficiency == pytest.approx(1 / (1 + found.missing_information / 3))
    assert found.monte_carlo_error == pytest.approx(3**-0.5)
    assert found.p_value == pytest.approx(2 * stats.t.sf(2 / (7 / 3) ** 0.5, df))


def test_few_participants_are_not_taken_for_missing_information():
    """As many draws agree, the share is B / (W + B), however few the degrees of freedom."""
    estimates = np.tile([0.9, 1.1], 500)
    found = pool_estimates(estimates, np.ones(1000), df=4)
    assert found.missing_information == pytest.approx(0.01 / 1.01, rel=0.02)


def test_a_shift_is_added_after_drop_out_only_and_adds_up_where_asked():
    data = trial(4, missing=[(0, 1), (0, 2), (1, 1)])
    ones = np.ones((4, 3))
    plain = shift_after_dropout(data, ones, accumulate=False)
    assert plain.tolist() == [[0, 1, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert shift_after_dropout(data, ones, accumulate=True)[0].tolist() == [0, 1, 2]


@settings(max_examples=15, deadline=None)
@given(shift=st.floats(0.1, 20), seed=st.integers(0, 99), lost=st.integers(1, 4))
def test_a_shift_moves_the_estimate_by_the_coefficient_of_who_is_shifted(shift, seed, lost):
    data = trial(24, missing=[(2 * row + 1, 2) for row in range(lost)], seed=seed)
    made = impute_trajectories(data, names=NAMES, n_imputations=4, seed=seed)
    filled = made.completed("delta")[:, :, 2]
    pattern = shift_after_dropout(data, np.ones((24, 3)), accumulate=False)[:, 2]
    by = fit_completed(pattern[None], data.design, contrast=ARM).estimates[0]
    plain, moved = (
        made.pooled(filled + size * pattern, contrast=ARM, confidence_level=0.95).estimate
        for size in (0.0, shift)
    )
    assert moved - plain == pytest.approx(shift * by)
    assert moved > plain  # those shifted are in the arm that is compared


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 99))
def test_jump_to_reference_pulls_towards_it_the_more_have_dropped_out(seed):
    """With the effect of the model fixed, each drop-out of the arm takes its share of it away."""
    n = 40
    complete = trial(n, seed=seed)
    effect = 5.0
    means = np.array([[0.0] * 3, [-effect] * 3, [0.0] * 3])
    fixed = model(means, np.eye(3))
    estimates = []
    for lost in (0, 5, 10, 15):
        outcomes = complete.design @ means
        for row in range(lost):
            outcomes[2 * row + 1, :] = np.nan
        data = Trajectories(
            outcomes=outcomes,
            design=complete.design,
            reference_design=complete.reference_design,
            visits=complete.visits,
        )
        filled = fill_visits(data, fixed, assumption="jump_to_reference")[:, :, 2]
        plain = np.array([0.0, 1.0, 0.0])
        no_baseline = complete.design[:, :2]
        estimates.append(float(fit_completed(filled, no_baseline, contrast=plain[:2]).estimates[0]))
    assert estimates == pytest.approx([-effect * (1 - lost / 20) for lost in (0, 5, 10, 15)])


def test_the_tipping_point_is_where_p_reaches_alpha():
    data = trial(40, missing=[(1, 2), (3, 2), (5, 2), (7, 1), (7, 2)], seed=3)
    made = impute_trajectories(data, names=NAMES, n_imputations=50, seed=1)
    filled = made.completed("mar")[:, :, 2]
    pattern = shift_after_dropout(data, np.ones((40, 3)), accumulate=False)[:, 2]

    def pooled(size):
        return made.pooled(filled + size * pattern, contrast=ARM, confidence_level=0.95)

    assert pooled(0.0).estimate < 0
    assert pooled(0.0).p_value < 0.05
    tip = tipping_point(pooled, alpha=0.05, direction=1.0, farthest=100.0)
    assert tip.at_tip.p_value == pytest.approx(0.05, abs=1e-6)
    assert tip.shift > 0
    none = tipping_point(pooled, alpha=0.05, direction=1.0, farthest=tip.shift / 8)
    assert np.isnan(none.shift)


@pytest.mark.parametrize("t", [8, 10, 40])
def test_the_search_for_the_tip_does_not_leap_over_it(t):
    """By hand: the estimate t + 0.3 d with standard error 1 tips where it is Student's quantile."""

    def pooled(size):
        return pool_estimates([t + 0.3 * size] * 2, [1.0, 1.0], df=60)

    tip = tipping_point(pooled, alpha=0.05, direction=-1.0, farthest=400.0)
    assert tip.shift == pytest.approx((stats.t.ppf(0.975, 60) - t) / 0.3)


def test_draws_are_refused_where_their_variance_would_be_infinite():
    """k regressors and q visits missing: t with n − k − q + 1 degrees of freedom, at least 3."""
    lost = [(row, place) for row in range(9) for place in (1, 2)]
    data = trial(missing=lost)
    refuse_unidentified(data, NAMES)
    with pytest.raises(StatisticsError, match="at least 8 there for draws to have a variance"):
        refuse_unidentified(
            trial(missing=[*lost, *((r, 0) for r in range(9))]), NAMES, is_drawn=True
        )
    refuse_unidentified(data, NAMES, is_drawn=True)


def test_the_jackknife_of_complete_data_is_the_leave_one_out_formula():
    data = trial(12, n_visits=2)
    fitted = fit_trajectories(data)
    without = fits_without_each(data, fitted, names=NAMES)
    found = jackknife_estimate(
        data, fitted, without, assumption="mar", contrast=ARM, visit=1,
        shifts=np.zeros((12, 2)), confidence_level=0.95,
    )  # fmt: skip
    left = [
        np.linalg.lstsq(
            np.delete(data.design, i, 0), np.delete(data.outcomes[:, 1], i), rcond=None
        )[0][1]
        for i in range(12)
    ]
    expected = np.sqrt(11 / 12 * np.square(left - np.mean(left)).sum())
    assert found.standard_error == pytest.approx(expected)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ([(row, 2) for row in range(1, 16, 2)], "arm cannot be told .* at day_3"),
        ([(row, 2) for row in range(11)], "5 participants measured at day_3; .* needs at least 6"),
        (
            [(r, 0) for r in range(6)] + [(r, 1) for r in range(6, 12)],
            "measured at day_1 and day_2",
        ),
    ],
)
def test_what_is_not_identified_is_refused_with_what_to_change(missing, said):
    with pytest.raises(StatisticsError, match=said):
        refuse_unidentified(trial(missing=missing), NAMES)


def test_more_values_than_can_be_held_are_refused_with_how_many_can(monkeypatch):
    monkeypatch.setattr("ketbio.statistics.imputation.imputations.MOST_NUMBERS", 480)
    with pytest.raises(StatisticsError, match="Set n_imputations to 10 or fewer"):
        impute_trajectories(trial(), names=NAMES, n_imputations=11, seed=1)


def test_visits_that_repeat_each_other_are_refused():
    data = trial()
    twin = Trajectories(
        outcomes=data.outcomes[:, [0, 0, 1]],
        design=data.design,
        reference_design=data.reference_design,
        visits=data.visits,
    )
    with pytest.raises(StatisticsError, match="covariance of the visits is singular"):
        impute_trajectories(twin, names=NAMES, n_imputations=5, seed=1)


def test_reml_with_missing_visits_is_that_of_the_mixed_model():
    """EM and Newton's method climb the same likelihood, with drop-out and gaps."""
    data = trial(
        24, missing=[(1, 2), (2, 1), (3, 1), (3, 2), (4, 2), (7, 0), (9, 0), (9, 1), (9, 2)]
    )
    fitted = fit_trajectories(data, tolerance=1e-12)
    rows, visits = np.nonzero(~data.is_missing)
    at_visit = np.eye(3)[visits]
    design = np.einsum("nk,nt->nkt", data.design[rows], at_visit).reshape(len(rows), -1)
    model_of_all = fit_mixed_model(
        data.outcomes[rows, visits], design, participants=rows, visits=visits
    )
    assert fitted.covariance == pytest.approx(model_of_all.visit_covariance[0], rel=1e-5)
    assert fitted.coefficients.ravel() == pytest.approx(model_of_all.coefficients, rel=1e-5)


@pytest.fixture(scope="module")
def hamd17():
    if not HAMD17.exists():
        pytest.skip("the antidepressant trial of R rbmi is not here")
    table = pd.read_csv(HAMD17)
    wide = table.pivot_table(index="PATIENT", columns="VISIT", values="CHANGE")
    people = table.drop_duplicates("PATIENT").set_index("PATIENT").loc[wide.index]
    placebo = (people["THERAPY"] == "PLACEBO").to_numpy(float)
    design = np.column_stack([np.ones(len(wide)), placebo, people["BASVAL"].to_numpy(float)])
    reference = design.copy()
    reference[:, 1] = 1.0
    return Trajectories(
        outcomes=wide.to_numpy(float),
        design=design,
        reference_design=reference,
        visits=tuple(map(str, wide.columns)),
    )


RBMI_CONDITIONAL = {0: (-0.092, 0.695), 1: (1.305, 0.878), 2: (1.929, 0.862), 3: (2.126, 0.858)}
"""R rbmi, vignette "CondMean_Inference": method_condmean(type = "jackknife"), strategy JR for all
who discontinued, analyse(ancova, BASVAL), pool(): trt_4 … trt_7, est and se."""


def test_conditional_means_with_the_jackknife_are_those_of_rbmi(hamd17):
    fitted = fit_trajectories(hamd17)
    without = fits_without_each(hamd17, fitted, names=NAMES)
    for visit, (estimate, error) in RBMI_CONDITIONAL.items():
        found = jackknife_estimate(
            hamd17, fitted, without, assumption="jump_to_reference", contrast=ARM, visit=visit,
            shifts=np.zeros(hamd17.outcomes.shape), confidence_level=0.95,
        )  # fmt: skip
        assert (found.estimate, found.standard_error) == pytest.approx((estimate, error), abs=6e-4)


def test_bayesian_imputation_is_that_of_rbmi_within_monte_carlo_error(hamd17):
    """R rbmi, vignette "quickstart": method_bayes(n_samples = 150), JR, ancova(BASVAL), pool().

    trt_4 -0.09180645 (0.6826279), where nothing is missing (its interval takes 167.03 degrees of
    freedom there, ours the 169 of the complete ANCOVA); trt_7 2.14433243 (1.1127032); an earlier
    printing gives a standard error of 1.13.
    """
    made = impute_trajectories(hamd17, names=NAMES, n_imputations=300, seed=1)
    filled = made.completed("jump_to_reference")
    first, last = (
        made.pooled(filled[:, :, visit], contrast=ARM, confidence_level=0.95) for visit in (0, 3)
    )
    assert (first.estimate, first.standard_error) == pytest.approx(
        (-0.09180645, 0.6826279), abs=1e-7
    )
    apart = (last.monte_carlo_error**2 * (1 + 300 / 150)) ** 0.5
    assert last.estimate == pytest.approx(2.14433243, abs=4 * apart)
    assert last.standard_error == pytest.approx(1.12, abs=0.03)
    at_random = made.pooled(made.completed("mar")[:, :, 3], contrast=ARM, confidence_level=0.95)
    # The mixed model of what was measured: 2.80177 (SE 1.11404, mmrm).
    assert at_random.estimate == pytest.approx(2.80177, abs=4 * at_random.monte_carlo_error)
    assert at_random.standard_error == pytest.approx(1.11404, rel=0.03)
