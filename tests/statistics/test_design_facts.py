"""What a design can show: floors and true sizes by hand, by brute force and from the books."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    Budget,
    attained_size,
    design_facts,
    paired_permutation_test,
    permutation_test,
)
from ketbio.statistics.counting.attained_size import attained_size_of_tails
from ketbio.statistics.counting.questions import ask
from ketbio.statistics.counting.subset_runs import run_subsets
from ketbio.statistics.signs.pairs import sign_design


def sizes_by_brute_force(values, n, alpha):
    """Share of arrangements whose own two-sided p is below alpha, in whole numbers."""
    total = sum(values)
    centred = [abs(len(values) * sum(one) - n * total) for one in combinations(values, n)]
    own = [sum(other >= one for other in centred) / len(centred) for one in centred]
    return sum(p < alpha for p in own) / len(centred)


# Wilcoxon's tables for 5 v 6: U ≤ 3 is significant at .05 two-sided, and
# R: 2 * pwilcox(3, 5, 6) gives 0.03030303, 2 * pwilcox(4, 5, 6) gives 0.05194805.
def test_true_size_of_the_rank_sum_is_that_of_the_tables():
    facts = design_facts([1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11], statistic="rank_sum")
    assert facts.true_size["two-sided"] == pytest.approx(0.03030303, abs=1e-8)
    assert facts.p_floor == {
        "two-sided": 2 / 462, "two-sided-doubled": 2 / 462, "less": 1 / 462, "greater": 1 / 462,
    }  # fmt: skip
    assert facts.n == (5, 6)
    assert facts.n_arrangements == 462


def test_four_pairs_can_show_nothing_at_five_per_cent():
    facts = design_facts([1.0, 2.0, 4.0, 8.0], design="pairs")
    assert facts.p_floor["two-sided"] == 2 / 16
    assert facts.true_size["two-sided"] == 0
    assert not facts.is_attainable["two-sided"]
    assert facts.warnings[-1].startswith("The smallest p value that this design can give is .12")


def test_one_of_many_markers_needs_more_than_the_design_has():
    x, y = [1.0, 2.5, 3.1, 4.7, 5.2], [6.0, 7.3, 8.8, 9.1, 10.4, 11.9]
    facts = design_facts(x, y, n_tests=24)
    assert facts.p_floor["two-sided"] == 1 / 462
    assert facts.p_floor_adjusted["two-sided"] == pytest.approx(24 / 462)
    assert not facts.is_attainable["two-sided"]
    assert facts.adjustment == "Holm"
    assert "as the smallest of 24 it cannot pass the adjusted level 0.05/24" in facts.warnings[-1]
    assert design_facts(x, y, n_tests=24, adjust="none").is_attainable["two-sided"]


def test_ties_take_size_away_and_the_result_says_so():
    found = permutation_test([0, 0, 0, 1, 1], [0, 0, 0, 0, 1])
    # Three ones among ten: all of them on one side, 2 · C(7, 2)/C(10, 5) = 1/6.
    assert found.p_floor == pytest.approx(1 / 6)
    assert found.true_size == 0
    coarse = paired_permutation_test([1, 1, 1, 1, 1, 1, 1, 1], statistic="sign")
    # Of 2^8 signs only all alike (2 of 256) are below .05: one differing gives 18/256 = .07.
    assert coarse.true_size == 2 / 256
    assert coarse.warnings[-1] == (
        "The p values of this design come in large steps: p falls below 0.05 in only 0.78% of "
        "arrangements, so that the test is stricter than it says."
    )


@given(
    st.lists(st.integers(0, 6), min_size=4, max_size=8),
    st.integers(1, 3),
    st.sampled_from([0.02, 0.05, 0.1, 0.3]),
)
@settings(max_examples=60, deadline=None)
def test_true_size_is_the_share_of_arrangements_below_the_level(values, n, alpha):
    found = permutation_test(values[:n], values[n:], confidence_level=1 - alpha)
    assert found.true_size == pytest.approx(sizes_by_brute_force(values, n, alpha), abs=1e-12)
    assert found.true_size <= alpha


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater", "two-sided-doubled"])
@pytest.mark.parametrize("mid_p", [False, True])
def test_size_of_mid_p_and_doubling_by_brute_force(alternative, mid_p):
    values = [0, 0, 1, 2, 2, 5, 7]
    found = permutation_test(values[:3], values[3:], alternative=alternative, mid_p=mid_p)
    own = [
        permutation_test(
            [values[i] for i in one],
            [values[i] for i in range(7) if i not in one],
            alternative=alternative,
            mid_p=mid_p,
            confidence_level=None,
        ).p_value
        for one in combinations(range(7), 3)
    ]
    assert found.true_size == pytest.approx(np.mean(np.array(own) < 0.05))


def test_size_counted_without_listing_is_the_listed_one():
    rng = np.random.default_rng(3)
    x, y = rng.integers(0, 30, 40), rng.integers(0, 30, 40)
    counted = permutation_test(x, y, confidence_level=None)
    assert counted.algorithm == "shift algorithm"
    assert 0.045 < counted.true_size < 0.05
    # R: k <- 0:300; p <- 2 * pmin(psignrank(k, 24), psignrank(k - 1, 24, lower.tail = FALSE))
    #    sum(dsignrank(k, 24)[p < .05]) gives 0.04906117916
    question = ask(
        alternative="two-sided", exact=True, n_resamples=1, confidence_level=None, seed=None
    )
    run = run_subsets(
        sign_design(2.0 * np.arange(1, 25), tolerance=0.0), question, with_shifts=False
    )
    assert run.listed is None
    size = attained_size_of_tails(run.tails, "two-sided", 0.05)
    assert size == pytest.approx(0.04906117916, abs=1e-10)


def test_attained_size_of_all_signs():
    sums = np.array([sum(signs) for signs in product([-1, 1], repeat=6)], dtype=float)
    # 2/64 = .031 is below .05, (2 + 12)/64 is not.
    assert attained_size(sums, "two-sided", 0.05) == 2 / 64
    assert attained_size(sums, "greater", 0.05) == 1 / 64


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"design": "groups"}, "design is 'groups'; allowed: "),
        ({"n_tests": 0}, "n_tests is 0; allowed: a whole number from 1 on"),
        ({"adjust": "bonferroni"}, "adjust"),
        ({"confidence_level": 2}, "confidence_level is 2"),
    ],
)
def test_refusals(options, said):
    with pytest.raises(StatisticsError) as caught:
        design_facts([1, 2], [3, 4], **options)
    assert said in str(caught.value)


@pytest.mark.parametrize("wrong", [-1, float("nan"), True, "5"])
def test_a_budget_is_two_numbers_from_zero_on(wrong):
    with pytest.raises(StatisticsError, match="allowed: a number from 0 on"):
        Budget(seconds=wrong, gibibytes=1)
