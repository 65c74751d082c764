"""Sequential stopping (Besag & Clifford 1991): by a loop over the same draws, made by hand."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ketbio.statistics import paired_permutation_test, permutation_test
from ketbio.statistics.counting import draws
from ketbio.statistics.counting.tails import stopped_p_interval

ALTERNATIVES = ("two-sided", "less", "greater", "two-sided-doubled")
alternatives = st.sampled_from(ALTERNATIVES)
seeds = st.integers(0, 10**6)
tied = st.lists(st.integers(0, 6), min_size=2, max_size=7)


def drawn_group_sums(x, y, seed, n_draws):
    """Sum of the x of every draw, in their order: the places of the smallest random numbers."""
    values = np.array([*x, *y], dtype=float)
    rows = np.concatenate(list(draws.uniform_rows(seed, n_draws, values.size)))
    return [values[np.argsort(row, kind="stable")[: len(x)]].sum() for row in rows]


def stopped_by_hand(sums, observed, middle, alternative, h):
    """Return h/l at the h-th draw as extreme, else (b + 1)/(m + 1), and the draws looked at."""
    as_extreme = {
        "greater": [lambda t: t >= observed],
        "less": [lambda t: t <= observed],
        "two-sided": [lambda t: abs(t - middle) >= abs(observed - middle) - 1e-9],
        "two-sided-doubled": [lambda t: t >= observed, lambda t: t <= observed],
    }[alternative]
    counts = [0] * len(as_extreme)
    for number, one in enumerate(sums, start=1):
        counts = [count + test(one) for count, test in zip(counts, as_extreme, strict=True)]
        if min(counts) >= h:  # the slower side has just had its h-th
            return Fraction(len(counts) * h, number), number
    return len(counts) * Fraction(min(counts) + 1, len(sums) + 1), len(sums) + 1


@given(tied, tied, alternatives, seeds, st.integers(1, 12))
def test_p_is_h_over_l_by_a_loop_over_the_same_draws(x, y, alternative, seed, h):
    found = permutation_test(
        x, y, exact=False, n_resamples=120, seed=seed, alternative=alternative, stop_after=h
    )
    sums = drawn_group_sums(x, y, seed, 120)
    middle = len(x) * sum([*x, *y]) / (len(x) + len(y))
    p, looked_at = stopped_by_hand(sums, sum(x), middle, alternative, h)
    assert found.p_value == float(min(Fraction(1), p))
    assert found.null_distribution.size == looked_at - 1
    stopped = looked_at <= 120
    assert ("stopped at the" in found.method) == stopped


@given(tied, tied, alternatives, seeds)
def test_where_never_reached_it_is_the_plain_test(x, y, alternative, seed):
    asked = {"exact": False, "n_resamples": 60, "seed": seed, "alternative": alternative}
    for statistic in ("mean_difference", "rank_sum"):
        plain = permutation_test(x, y, statistic=statistic, **asked)
        patient = permutation_test(x, y, statistic=statistic, stop_after=61, **asked)
        assert (patient.p_value, patient.method) == (plain.p_value, plain.method)
        assert np.array_equal(patient.null_distribution, plain.null_distribution)
        assert patient.p_interval == plain.p_interval
        assert (patient.ci_low, patient.ci_high) == (plain.ci_low, plain.ci_high)


@given(
    x=tied, y=tied, alternative=alternatives, seed=seeds, h=st.integers(1, 12),
    rows=st.integers(1, 90),
)  # fmt: skip
def test_any_batch_size_gives_the_same(*, x, y, alternative, seed, h, rows):
    asked = {"exact": False, "n_resamples": 90, "seed": seed, "alternative": alternative}
    one = permutation_test(x, y, stop_after=h, **asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(draws, "STOPPING_ROWS", rows)
        other = permutation_test(x, y, stop_after=h, **asked)
    assert (other.p_value, other.method) == (one.p_value, one.method)
    assert np.array_equal(other.null_distribution, one.null_distribution)
    assert (other.ci_low, other.ci_high) == (one.ci_low, one.ci_high)


@given(
    x=tied, y=tied, alternative=alternatives, seed=seeds, h=st.integers(1, 12),
    level=st.sampled_from([0.9, 0.75, 0.5]),
)  # fmt: skip
def test_the_interval_agrees_with_the_stopped_p(*, x, y, alternative, seed, h, level):
    asked = {"exact": False, "n_resamples": 90, "seed": seed, "alternative": alternative}
    asked |= {"stop_after": h, "confidence_level": level}
    for found in (permutation_test(x, y, **asked), paired_permutation_test(x, **asked)):
        rejected = found.p_value < float(1 - Fraction(repr(level)))
        assert rejected == (found.ci_low > 0 or found.ci_high < 0)


def test_interval_of_a_stopped_p_is_that_of_a_negative_binomial_count():
    # P(the h-th of l) by hand: R pnbinom(l - h, h, p) is P(the h-th comes at draw l or sooner).
    for h, drawn in ((1, 1), (1, 30), (20, 71), (5, 5)):
        low, high = stopped_p_interval(h, drawn, "greater")
        assert stats.nbinom.cdf(drawn - h, h, low) == pytest.approx(0.005)
        if drawn > h:
            assert stats.nbinom.sf(drawn - h - 1, h, high) == pytest.approx(0.005)
        else:
            assert high == 1
        assert low < h / drawn <= high
    doubled = stopped_p_interval(20, 71, "two-sided-doubled")
    assert doubled == tuple(min(1, 2 * end) for end in stopped_p_interval(20, 71, "less"))


def test_stopping_is_valid_over_all_seeds():
    """p ≤ u in at most a share u of runs whose observed arrangement is itself a random one."""
    values = np.array([0, 1, 1, 2, 3, 5, 8, 13], dtype=float)
    rng = np.random.default_rng(20260103)
    found = []
    for seed in range(400):
        x, y = np.split(rng.permutation(values), [4])
        found.append(
            permutation_test(
                x, y, exact=False, n_resamples=99, stop_after=4, seed=seed, alternative="less",
                confidence_level=None,
            ).p_value
        )  # fmt: skip
    for level in (0.05, 0.1, 0.25, 0.5):
        rejected = np.mean(np.array(found) <= level)
        assert rejected <= level + 3 * np.sqrt(level * (1 - level) / 400)


def test_few_draws_are_not_called_a_small_design():
    x, y = [5, 6, 7, 3, 9, 1, 2], [1, 2, 3, 4, 6, 8, 9]
    found = permutation_test(x, y, exact=False, stop_after=2, n_resamples=999, seed=4)
    assert found.method == "2 draws, stopped at the 2nd as extreme"
    assert found.p_floor == 0.001  # of the 999 draws that were planned
    assert found.warnings == (
        "Too few draws were made (2) for a 95% interval: it is open on both sides. To have one, "
        "leave stop_after out.",
    )
    found = permutation_test(x, y, exact=False, n_resamples=9, seed=4)
    assert found.warnings == (
        "Too few draws were made (9) for a 95% interval: it is open on both sides. To have one, "
        "draw more (n_resamples).",
        "The smallest p value that 9 draws can give is .10, not below 0.05: draw more "
        "(n_resamples).",
    )


def test_stopping_at_the_very_first_draw():
    found = permutation_test([1, 2, 3], [2, 2, 2], exact=False, stop_after=1, seed=1)
    assert found.p_value == 1
    assert found.method == "1 draw, stopped at the 1st as extreme"
    assert not any("Every arrangement" in text for text in found.warnings)
