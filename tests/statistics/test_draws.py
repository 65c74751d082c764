"""Monte Carlo: reproducible whatever the batches, never zero, near the exact value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.statistics import (
    correlation_permutation_test,
    paired_permutation_test,
    permutation_test,
)
from ketbio.statistics.counting import draws

rng = np.random.default_rng(7)
X, Y = rng.normal(0.6, 1, 12), rng.normal(0, 1, 13)

TESTS = [
    lambda **given: permutation_test(X, Y, exact=False, **given),
    lambda **given: permutation_test(X, Y, exact=False, blocks=[0, 1, 2, 1, 0] * 5, **given),
    lambda **given: permutation_test(X, Y, exact=False, statistic="rank_sum", **given),
    lambda **given: paired_permutation_test(X, Y[:12], exact=False, **given),
    lambda **given: paired_permutation_test(X, exact=False, statistic="signed_rank", **given),
    lambda **given: correlation_permutation_test(X, Y[:12], exact=False, **given),
    lambda **given: correlation_permutation_test(
        X, Y[:12], exact=False, statistic="kendall", **given
    ),
]


@pytest.mark.parametrize("test", TESTS)
def test_seed_gives_the_result_whatever_the_batches(test, monkeypatch):
    found = test(seed=11, n_resamples=500)
    monkeypatch.setattr(draws, "BATCH_NUMBERS", 64)
    again = test(seed=11, n_resamples=500)
    assert np.array_equal(found.null_distribution, again.null_distribution)
    assert (found.p_value, found.ci_low, found.ci_high) == (
        again.p_value,
        again.ci_low,
        again.ci_high,
    )
    assert found.seed == 11
    assert found.method == "500 draws"
    assert found.algorithm == "Monte Carlo"


@pytest.mark.parametrize("test", TESTS)
def test_drawn_p_is_near_the_exact_one(test):
    found = test(seed=3)
    assert found.p_value >= 1 / 10_000
    assert found.p_interval[1] >= found.p_floor >= 1 / 10_000
    low, high = found.p_interval
    assert low < found.p_value < high
    assert high - low < 0.03


def test_drawn_p_interval_holds_the_exact_p():
    exact = permutation_test(X, Y).p_value
    held = 0
    for seed in range(40):
        low, high = permutation_test(X, Y, exact=False, n_resamples=999, seed=seed).p_interval
        held += low <= exact <= high
    assert held >= 38


def test_fresh_seed_is_recorded_and_repeats_the_result():
    first = permutation_test(X, Y, exact=False, n_resamples=200)
    again = permutation_test(X, Y, exact=False, n_resamples=200, seed=first.seed)
    assert np.array_equal(first.null_distribution, again.null_distribution)


def test_drawn_p_is_never_zero():
    found = permutation_test(range(100, 130), range(30), exact=False, n_resamples=99, seed=1)
    assert found.p_value == found.p_floor == 0.01
    assert found.p_interval[0] == 0
    doubled = permutation_test(
        range(100, 130), range(30), exact=False, n_resamples=99, seed=1,
        alternative="two-sided-doubled",
    )  # fmt: skip
    assert doubled.p_value == doubled.p_floor == 0.02


@given(st.integers(0, 10**6), st.sampled_from(["two-sided", "less", "greater"]))
def test_drawn_interval_agrees_with_the_drawn_p(seed, alternative):
    x, y = X[:6], Y[:6]
    found = permutation_test(
        x, y, exact=False, n_resamples=99, seed=seed, alternative=alternative, confidence_level=0.8
    )
    assert (found.p_value < 0.2) == (found.ci_low > 0 or found.ci_high < 0)
    pairs = paired_permutation_test(
        x, y, exact=False, n_resamples=99, seed=seed, alternative=alternative, confidence_level=0.8
    )
    assert (pairs.p_value < 0.2) == (pairs.ci_low > 0 or pairs.ci_high < 0)


def test_beyond_the_budget_auto_draws_and_true_refuses_with_numbers():
    x, y = rng.normal(size=90), rng.normal(size=90)
    assert permutation_test(x, y, seed=1, n_resamples=99).algorithm == "Monte Carlo"
    with pytest.raises(
        Exception, match=r"9\.\d+e\+52 arrangements of 180 values cannot be counted"
    ):
        permutation_test(x, y, exact=True)
    with pytest.raises(Exception, match="every pairing of 90 pairs cannot be counted by any exact"):
        correlation_permutation_test(x, y, exact=True)
    with pytest.raises(Exception, match="every pairing of 90 pairs with ties would take about"):
        correlation_permutation_test(x.round(), y, statistic="kendall", exact=True)


def test_drawn_signs_and_labels_are_uniform():
    rows = np.concatenate(list(draws.uniform_rows(5, 4000, 3)))
    assert rows.shape == (4000, 3)
    assert np.abs(rows.mean(axis=0) - 0.5).max() < 0.02
    assert np.abs(np.corrcoef(rows.T) - np.eye(3)).max() < 0.05


# By hand: 2 of C(6, 3) = 20; 1 of 20; 2 of 2³; of 3! = 6 pairings 2 are as far, 1 as high.
@pytest.mark.parametrize(
    ("test", "data", "alternative", "floor"),
    [
        (permutation_test, ([5, 6, 7], [1, 2, 3]), "two-sided", 2 / 20),
        (permutation_test, ([5, 6, 7], [1, 2, 3]), "greater", 1 / 20),
        (permutation_test, ([5, 6, 7], [1, 2, 3]), "two-sided-doubled", 2 / 20),
        (paired_permutation_test, ([5, 6, 7],), "two-sided", 2 / 8),
        (correlation_permutation_test, ([1, 2, 3], [1, 2, 3]), "two-sided", 2 / 6),
        (correlation_permutation_test, ([1, 2, 3], [1, 2, 3]), "less", 1 / 6),
    ],
)
def test_a_drawn_floor_is_not_below_the_floor_of_the_design(test, data, alternative, floor):
    found = test(*data, alternative=alternative, exact=False, seed=1)
    assert found.p_floor == pytest.approx(floor, rel=1e-15)


tied_values = st.lists(st.integers(0, 4), min_size=2, max_size=6)
alternatives = st.sampled_from(["two-sided", "less", "greater", "two-sided-doubled"])


@given(tied_values, tied_values, alternatives, st.data())
def test_the_floor_of_drawn_groups_is_the_counted_one(x, y, alternative, data):
    size = len(x) + len(y)
    blocks = data.draw(st.none() | st.lists(st.integers(0, 1), min_size=size, max_size=size))
    for statistic in ("mean_difference", "rank_sum"):
        given_test = {"statistic": statistic, "alternative": alternative, "blocks": blocks}
        counted = permutation_test(x, y, **given_test)
        drawn = permutation_test(x, y, **given_test, exact=False, n_resamples=5_000, seed=1)
        assert drawn.p_floor == pytest.approx(counted.p_floor, rel=1e-12)


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=8), alternatives)
def test_the_floor_of_drawn_pairs_is_the_counted_one(values, alternative):
    for statistic in ("mean", "signed_rank"):
        given_test = {"statistic": statistic, "alternative": alternative}
        counted = paired_permutation_test(values, **given_test)
        drawn = paired_permutation_test(values, **given_test, exact=False, n_resamples=999, seed=1)
        assert drawn.p_floor == pytest.approx(counted.p_floor, rel=1e-12)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=3, max_size=6).filter(
        lambda pairs: all(len(set(side)) > 1 for side in zip(*pairs, strict=True))
    ),
    alternatives,
    st.sampled_from(["pearson", "spearman", "kendall"]),
)
def test_the_floor_of_drawn_pairings_is_the_counted_one(pairs, alternative, statistic):
    x, y = zip(*pairs, strict=True)
    given_test = {"statistic": statistic, "alternative": alternative}
    counted = correlation_permutation_test(x, y, **given_test)
    drawn = correlation_permutation_test(x, y, **given_test, exact=False, n_resamples=999, seed=1)
    assert drawn.p_floor == pytest.approx(counted.p_floor, rel=1e-12)


def test_many_pairs_with_ties_have_a_floor_from_exchanging_equals():
    x = [1] * 9 + [2]
    found = correlation_permutation_test(
        x, range(10), statistic="kendall", exact=False, n_resamples=99, seed=1
    )
    assert found.p_floor == pytest.approx(0.2, rel=1e-15)  # the 2 with the first or the last
