"""Whole trajectories permuted: against single tests, max T, and every arrangement by hand."""

from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
import pytest

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    adjusted_permutation_test,
    max_t_test,
    paired_permutation_test,
    permutation_test,
)
from ketbio.statistics.trajectory_permutation import (
    trajectory_permutation_test,
    trajectory_sign_test,
)
from ketbio.statistics.trajectory_residual_permutation import trajectory_residual_test

NAN = float("nan")
VALUES = np.random.default_rng(5).normal([0.0, 0.4, 0.8], 1.0, size=(11, 3)).round(3)
ARM = np.arange(11) < 5


def t_of(y, arm, columns):
    """t of the arm in y ~ 1 + arm + columns by least squares, of those with a value."""
    here = ~np.isnan(y)
    design = np.column_stack([arm.astype(float), np.ones(len(y)), columns])[here]
    design = design[
        :, [0, *(j for j in range(1, design.shape[1]) if np.ptp(design[:, j]) or j == 1)]
    ]
    q, r = np.linalg.qr(design[:, ::-1])
    if abs(r[-1, -1]) < 1e-9:
        return NAN
    left = y[here] - q @ (q.T @ y[here])
    df = here.sum() - design.shape[1]
    return (q[:, -1] @ y[here]) / np.sqrt(left @ left / df) * np.sign(r[-1, -1])


def by_hand(values, arm, columns, blocks=None):
    """Every relabelling within blocks: p of each visit, p adjusted by step-down, p of any."""
    blocks = np.zeros(len(arm)) if blocks is None else np.asarray(blocks)
    choices = [
        [set(one) for one in combinations(np.flatnonzero(blocks == b), int(arm[blocks == b].sum()))]
        for b in np.unique(blocks)
    ]
    rows = [np.isin(np.arange(len(arm)), list(set().union(*one))) for one in product(*choices)]
    t = np.abs([[t_of(column, row, columns) for column in values.T] for row in rows])
    t = np.nan_to_num(t, nan=0.0)
    own = np.abs([t_of(column, arm, columns) for column in values.T])
    alone = (t >= own - 1e-9).mean(axis=0)
    order, joint, least = np.argsort(-own), np.empty(len(own)), 0.0
    for place, visit in enumerate(order):
        highest = t[:, order[place:]].max(axis=1)
        least = max(least, (highest >= own[visit] - 1e-9).mean())
        joint[visit] = least
    return alone, joint


def test_without_covariates_it_is_the_exact_test_of_each_visit_and_max_t_over_them():
    found = trajectory_permutation_test(VALUES, ARM)
    joint = max_t_test(VALUES[ARM], VALUES[~ARM])
    assert found.p_adjusted == pytest.approx(joint.p_adjusted, abs=1e-15)
    for visit, one in enumerate(found.visits):
        alone = permutation_test(VALUES[ARM, visit], VALUES[~ARM, visit])
        assert one.p_value == alone.p_value
        assert one.estimate == pytest.approx(alone.estimate)
        assert (one.ci_low, one.ci_high) == pytest.approx((alone.ci_low, alone.ci_high), abs=1e-6)
    assert found.p_any_visit == found.p_adjusted.min()
    means = VALUES.mean(axis=1)
    of_means = permutation_test(means[ARM], means[~ARM])
    assert found.average.p_value == of_means.p_value
    assert found.average.estimate == pytest.approx(of_means.estimate)
    assert found.visits[0].method == "exact, 462 arrangements"


def test_missing_visits_are_permuted_with_their_participants():
    values = VALUES.copy()
    values[[1, 4, 8], [2, 1, 2]] = NAN
    found = trajectory_permutation_test(values, ARM)
    assert found.p_adjusted == pytest.approx(max_t_test(values[ARM], values[~ARM]).p_adjusted)
    assert found.n.tolist() == [[5, 6], [4, 6], [4, 5]]
    assert found.n_missing == 3  # counted here, and told in words without the counts
    assert found.warnings[1].startswith("Missing values stay with their participants")


def test_covariates_and_blocks_as_every_arrangement_by_hand():
    rng = np.random.default_rng(9)
    values, arm = rng.normal(size=(8, 2)), np.array([1, 0, 1, 0, 1, 1, 0, 0], bool)
    baseline, site = rng.normal(size=8), np.array([0, 0, 0, 0, 1, 1, 1, 1])
    found = trajectory_permutation_test(values, arm, baseline)
    alone, joint = by_hand(values, arm, baseline[:, None])
    assert [one.p_value for one in found.visits] == pytest.approx(alone)
    assert found.p_adjusted == pytest.approx(joint)
    assert found.visits[1].statistic == pytest.approx(t_of(values[:, 1], arm, baseline[:, None]))
    within = trajectory_permutation_test(values, arm, baseline, blocks=list("aaaabbbb"))
    alone, joint = by_hand(values, arm, np.column_stack([baseline, site]), site)
    assert [one.p_value for one in within.visits] == pytest.approx(alone)
    assert within.p_adjusted == pytest.approx(joint)
    assert within.average.n_arrangements == 36


def test_p_is_below_alpha_exactly_where_the_interval_excludes_zero_and_shifts_go_through():
    rng = np.random.default_rng(2)
    for _ in range(12):
        values, arm = rng.normal(size=(9, 2)), np.arange(9) < 4
        values[arm] += rng.normal(0, 1.5)
        baseline = rng.normal(size=9)
        found = trajectory_permutation_test(values, arm, baseline)
        moved = trajectory_permutation_test(values + 3.0 * arm[:, None], arm, baseline)
        for one, other in zip(found.visits, moved.visits, strict=True):
            assert (one.p_value < 0.05) == (one.ci_low > 0 or one.ci_high < 0)
            assert other.ci_low == pytest.approx(one.ci_low + 3, abs=1e-5)
            assert one.ci_low <= one.estimate <= one.ci_high


def test_signs_of_whole_trajectories_as_the_paired_test_and_max_t():
    found = trajectory_sign_test(VALUES)
    assert found.p_adjusted == pytest.approx(max_t_test(VALUES, design="pairs").p_adjusted)
    for visit, one in enumerate(found.visits):
        alone = paired_permutation_test(VALUES[:, visit])
        assert one.p_value == alone.p_value
        assert (one.ci_low, one.ci_high) == pytest.approx((alone.ci_low, alone.ci_high), abs=1e-6)
    holes = VALUES.copy()
    holes[[0, 3], [0, 2]] = NAN
    joint = max_t_test(holes, design="pairs").p_adjusted
    assert trajectory_sign_test(holes).p_adjusted == pytest.approx(joint)


def test_draws_are_those_of_their_seed_and_have_an_interval_of_p():
    how = {"exact": False, "n_resamples": 499, "seed": 4}
    found = trajectory_permutation_test(VALUES, ARM, **how)
    again = trajectory_permutation_test(VALUES, ARM, **how)
    assert found.p_any_visit == again.p_any_visit
    low, high = found.p_any_visit_interval
    exact = trajectory_permutation_test(VALUES, ARM).p_any_visit
    assert low <= exact <= high
    assert found.visits[0].method == "499 draws"


def test_visits_with_nothing_to_compare_have_p_1_and_say_so():
    values = VALUES.copy()
    values[:, 0] = 2.0
    values[ARM, 1] = NAN
    found = trajectory_permutation_test(pd.DataFrame(values, columns=["v1", "v2", "v3"]), ARM)
    assert found.is_tested.tolist() == [False, False, True]
    assert [one.p_value for one in found.visits[:2]] == [1.0, 1.0]
    assert np.isnan(found.visits[0].estimate)
    assert any("Nothing can be compared at v1 and v2" in line for line in found.warnings)
    nobody = trajectory_permutation_test([[1.0], [1.0]], [True, False])
    assert nobody.p_any_visit == 1.0


def test_participants_without_any_visit_are_left_out():
    more = np.vstack([VALUES, [NAN, NAN, NAN]])
    found = trajectory_permutation_test(more, [*ARM, True])
    assert found.average.n == (5, 6)
    assert found.p_any_visit == trajectory_permutation_test(VALUES, ARM).p_any_visit


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"is_x": [True] * 11}, "11 of 11 participants with a value are in the first arm"),
        ({"is_x": ["a"] * 11}, "true or false"),
        ({"is_x": [True, False]}, "11 times true or false"),
        ({"covariates": [1.0, 2.0]}, "covariates has shape"),
        ({"alternative": "two-sided-doubled"}, "alternative is 'two-sided-doubled'"),
        ({"values": VALUES[:, 0] * np.inf}, "infinite"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(change, says):
    given = {"values": VALUES, "is_x": ARM} | change
    with pytest.raises(StatisticsError, match=says):
        trajectory_permutation_test(**given)


def test_what_cannot_be_counted_is_refused_only_where_it_was_asked_for():
    values, arm = np.random.default_rng(1).normal(size=(40, 2)), np.arange(40) < 20
    with pytest.raises(StatisticsError, match="every arrangement of 40 trajectories"):
        trajectory_permutation_test(values, arm, exact=True)
    found = trajectory_permutation_test(values, arm, seed=1, n_resamples=99)
    assert found.visits[0].method == "99 draws"
    with pytest.raises(StatisticsError, match="no number"):
        trajectory_sign_test([[NAN], [NAN]])


def test_residual_trajectories_as_freedman_lane_at_each_visit():
    rng = np.random.default_rng(0)
    values, baseline = rng.normal(size=(7, 2)), rng.normal(size=7)
    arm = np.array([1, 0, 1, 0, 1, 0, 0], bool)
    for blocks in (None, list("aaaabbb")):
        found = trajectory_residual_test(values, arm, baseline, blocks=blocks)
        for visit, one in enumerate(found.visits):
            alone = adjusted_permutation_test(
                values[:, visit], arm, baseline, blocks=blocks, confidence_level=None
            )
            assert one.p_value == alone.p_value
            assert one.statistic == pytest.approx(alone.statistic)
            assert (one.method, one.is_exact) == (alone.method, False)
        assert (found.p_adjusted >= [one.p_value for one in found.visits]).all()
        assert found.p_any_visit == found.p_adjusted.min()


def test_residual_trajectories_take_the_visits_they_miss_along():
    rng = np.random.default_rng(3)
    values, baseline = rng.normal(size=(6, 2)), rng.normal(size=6)
    values[2, 1] = NAN
    arm = np.array([1, 0, 1, 0, 1, 0], bool)
    found = trajectory_residual_test(values, arm, baseline)
    here = np.flatnonzero(~np.isnan(values[:, 1]))
    design = np.column_stack([np.ones(6), baseline])
    left = np.full(6, NAN)
    fit = np.linalg.lstsq(design[here], values[here, 1], rcond=None)[0]
    left[here] = values[here, 1] - design[here] @ fit
    t = [abs(t_of(left[list(row)], arm, baseline[:, None])) for row in permutations(range(6))]
    t = np.nan_to_num(np.array(t))
    assert found.visits[1].p_value == pytest.approx((t >= t[0] - 1e-9).mean())
    drawn = trajectory_residual_test(values, arm, baseline, exact=False, n_resamples=99, seed=1)
    assert drawn.visits[1].method == "99 draws of residuals (Freedman–Lane)"
    low, high = drawn.p_any_visit_interval
    assert low <= found.p_any_visit <= high
