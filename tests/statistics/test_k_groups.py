"""k groups against every deal written out, R, SciPy, and the test of two groups."""

import math
from collections import Counter
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics import Budget, k_group_permutation_test, permutation_test
from ketbio.statistics.several_groups import k_group_counts

GROUPS = [3, 5, 4], [4, 6, 7, 6], [12, 10, 6]
rng = np.random.default_rng(20260103)

small = st.integers(-2, 3)
three_groups = st.lists(st.lists(small, min_size=1, max_size=3), min_size=2, max_size=3)


def flat(groups):
    return [v for group in groups for v in group], [
        g for g, mine in enumerate(groups) for _ in mine
    ]


def ranks(values):
    return [
        Fraction(1 + 2 * sum(w < v for w in values) + sum(w == v for w in values), 2)
        for v in values
    ]


def places_of(block):
    return [[i for i, b in enumerate(block) if b == label] for label in dict.fromkeys(block)]


def every_between(groups, block, *, ranked):
    """Sum of squares between groups for every deal of the labels, the observed one first."""
    values, labels = flat(groups)
    places = places_of(block)
    scores = [Fraction(0)] * len(values)
    for mine in places:
        own = ranks([values[i] for i in mine]) if ranked else [Fraction(values[i]) for i in mine]
        for place, score in zip(mine, own, strict=True):
            scores[place] = score - sum(own) / len(own)
    size = Counter(labels)

    def between(dealt):
        sums = [
            sum((s for s, g in zip(scores, dealt, strict=True) if g == k), Fraction(0))
            for k in size
        ]
        return sum(total**2 / size[k] for total, k in zip(sums, size, strict=True))

    deals = [sorted(set(permutations(labels[i] for i in mine))) for mine in places]
    found = []
    for orders in product(*deals):
        dealt = list(labels)
        for mine, order in zip(places, orders, strict=True):
            for place, label in zip(mine, order, strict=True):
                dealt[place] = label
        found.append(between(dealt))
    return between(labels), found


@given(three_groups, st.data(), st.booleans())
def test_p_is_the_share_of_deals(groups, data, ranked):
    size = sum(map(len, groups))
    block = data.draw(
        st.just([0] * size) | st.lists(st.integers(0, 1), min_size=size, max_size=size)
    )
    observed, every = every_between(groups, block, ranked=ranked)
    options = {"statistic": "kruskal_wallis" if ranked else "f", "blocks": block}
    found = k_group_permutation_test(*groups, **options)
    p_of = {v: Fraction(sum(w >= v for w in every), len(every)) for v in set(every)}
    assert found.p_value == pytest.approx(float(p_of[observed]), rel=1e-13)
    assert found.n_arrangements == len(every) == found.null_distribution.size
    assert found.p_floor == pytest.approx(float(min(p_of.values())), rel=1e-13)
    rejected = sum(p_of[v] < Fraction(1, 20) for v in every)
    assert found.true_size == pytest.approx(rejected / len(every), abs=1e-13)
    half = k_group_permutation_test(*groups, **options, mid_p=True)
    equal = Fraction(every.count(observed), len(every))
    assert half.p_value == pytest.approx(float(p_of[observed] - equal / 2), rel=1e-13)
    drawn = k_group_permutation_test(*groups, **options, exact=False, n_resamples=4_999, seed=1)
    assert drawn.p_floor == pytest.approx(max(1 / 5_000, found.p_floor), rel=1e-12)


@given(three_groups, st.data(), st.sampled_from(["f", "kruskal_wallis"]))
def test_halves_count_as_listed(groups, data, statistic):
    size = sum(map(len, groups))
    block = data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    options = {"statistic": statistic, "blocks": block}
    listed = k_group_permutation_test(*groups, **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(k_group_counts, "LISTED", 0)
        halved = k_group_permutation_test(*groups, **options)
        half = k_group_permutation_test(*groups, **options, mid_p=True)
    assert halved.algorithm == "meet in the middle"
    assert halved.p_value == pytest.approx(listed.p_value, rel=1e-13)
    assert halved.p_floor == pytest.approx(listed.p_floor, rel=1e-13)
    assert half.p_value <= halved.p_value
    alike = "Every arrangement gives the same statistic, so p is 1."
    assert (alike in halved.warnings) == (alike in listed.warnings)


two_groups = st.tuples(
    st.lists(small, min_size=1, max_size=5), st.lists(small, min_size=1, max_size=5)
)


@given(
    two_groups,
    st.data(),
    st.sampled_from([("f", "mean_difference"), ("kruskal_wallis", "rank_sum")]),
)
def test_two_groups_are_the_two_sided_test_of_two_groups(groups, data, names):
    size = sum(map(len, groups))
    block = data.draw(st.none() | st.lists(st.integers(0, 1), min_size=size, max_size=size))
    found = k_group_permutation_test(*groups, statistic=names[0], blocks=block)
    two = permutation_test(*groups, statistic=names[1], blocks=block, confidence_level=None)
    assert found.p_value == pytest.approx(two.p_value, rel=1e-13)
    assert found.n_arrangements == two.n_arrangements
    assert found.p_floor == pytest.approx(two.p_floor, rel=1e-13)


@given(three_groups, st.randoms(use_true_random=False), st.integers(-50, 50))
def test_order_of_groups_and_of_values_and_a_constant_change_nothing(groups, random, constant):
    one = k_group_permutation_test(*groups)
    moved = [[v + constant for v in random.sample(group, len(group))] for group in groups]
    other = k_group_permutation_test(*random.sample(moved, len(moved)))
    assert one.p_value == other.p_value
    assert one.statistic == pytest.approx(other.statistic, rel=1e-12, nan_ok=True)


# By hand: only the 3! orders of three separated groups reach F = 27.
def test_three_separated_groups_by_hand():
    found = k_group_permutation_test([1, 2, 3], [4, 5, 6], [7, 8, 9])
    assert found.p_value == found.p_floor == 6 / 1680
    assert found.statistic == 27  # 54/2 over 6/6
    assert (found.estimate, found.estimate_name) == (0.9, "eta squared")
    assert (found.alternative, found.n) == ("greater", (3, 3, 3))
    assert math.isnan(found.ci_low)
    assert found.ci_method == ""


# R: oneway.test(w ~ g, var.equal = TRUE)$statistic, kruskal.test(w, g)$statistic; p over the 4,200
# deals (combn of 10 by 3, then of 7 by 4) as mean(sum(S^2/n) of the deal >= observed - 1e-9)
@pytest.mark.parametrize(
    ("statistic", "value", "p"),
    [("f", 6.153114754098362, 0.026666666666667), ("kruskal_wallis", 5.753906249999998, 0.05)],
)
def test_as_brute_force_in_r(statistic, value, p):
    found = k_group_permutation_test(*GROUPS, statistic=statistic)
    assert found.statistic == pytest.approx(value, rel=1e-12)
    assert found.p_value == pytest.approx(p, rel=1e-12)
    assert found.method == "exact, 4,200 arrangements"


def test_one_value_per_group_and_block_is_friedman():
    # R: friedman.test(m)$statistic is 0.4; Hollander & Wolfe's rounding times, first five rows.
    rows = [
        [5.40, 5.50, 5.55],
        [5.85, 5.70, 5.75],
        [5.20, 5.60, 5.50],
        [5.55, 5.50, 5.40],
        [5.90, 5.85, 5.70],
    ]
    columns = list(zip(*rows, strict=True))
    found = k_group_permutation_test(*columns, statistic="kruskal_wallis", blocks=[*range(5)] * 3)
    assert found.statistic == pytest.approx(0.4, rel=1e-12)
    assert found.statistic_name == "Kruskal–Wallis H within blocks"
    assert found.n_arrangements == 6**5
    few = list(zip(*rows[:3], strict=True))
    found = k_group_permutation_test(*few, statistic="kruskal_wallis", blocks=[*range(3)] * 3)
    every = [
        stats.friedmanchisquare(*zip(*deal, strict=True)).statistic
        for deal in product(*(list(permutations(row)) for row in rows[:3]))
    ]
    assert found.p_value == pytest.approx(np.mean(np.array(every) >= every[0] - 1e-9), rel=1e-12)


@pytest.mark.parametrize("sizes", [(4, 5, 6), (2, 3, 4, 5), (7, 7)])
def test_statistics_as_scipy(sizes):
    groups = [rng.integers(0, 9, size) for size in sizes]
    f = k_group_permutation_test(*groups)
    h = k_group_permutation_test(*groups, statistic="kruskal_wallis")
    assert f.statistic == pytest.approx(stats.f_oneway(*groups).statistic, rel=1e-12)
    assert h.statistic == pytest.approx(stats.kruskal(*groups).statistic, rel=1e-12)
    assert h.estimate == pytest.approx(h.statistic / (sum(sizes) - 1), rel=1e-12)


def test_real_values_without_a_grid_count_as_listed(monkeypatch):
    groups = [np.sqrt(np.arange(2, 5)), np.log(np.arange(3, 6)), np.exp([0.1, 0.7, 0.3])]
    listed = k_group_permutation_test(*groups)
    monkeypatch.setattr(k_group_counts, "LISTED", 0)
    halved = k_group_permutation_test(*groups)
    values = np.concatenate(groups)
    observed = sum(group.sum() ** 2 for group in groups)
    deals = {
        order: sum(values[[i for i in range(9) if order[i] == g]].sum() ** 2 for g in range(3))
        for order in set(permutations([0, 0, 0, 1, 1, 1, 2, 2, 2]))
    }
    by_hand = np.mean(np.array(list(deals.values())) >= observed - 1e-9)
    assert listed.p_value == halved.p_value == pytest.approx(by_hand, rel=1e-12)


def test_six_each_is_counted_and_drawn_alike():
    groups = rng.normal(size=(3, 6)) + np.array([[0], [0.6], [1]])
    found = k_group_permutation_test(*groups)
    assert (found.algorithm, found.n_arrangements) == ("meet in the middle", 17_153_136)
    drawn = k_group_permutation_test(*groups, exact=False, seed=1)
    assert drawn.p_interval[0] <= found.p_value <= drawn.p_interval[1]
    again = k_group_permutation_test(*groups, exact=False, seed=1)
    assert drawn.p_value == again.p_value
    assert drawn.statistic == found.statistic
    stopped = k_group_permutation_test(*groups, exact=False, seed=1, stop_after=15)
    assert "stopped at the 15th as extreme" in stopped.method


def test_many_equal_values_are_counted_far_beyond_enumeration():
    # A response rate: 0 and 1 in three groups of 15; deals depend on how many 1 each group has.
    ones = (3, 7, 11)
    found = k_group_permutation_test(*([1] * k + [0] * (15 - k) for k in ones))
    total = sum(ones)
    ways = {
        (a, b, total - a - b): math.comb(15, a) * math.comb(15, b) * math.comb(15, total - a - b)
        for a in range(16)
        for b in range(16)
        if 0 <= total - a - b <= 15
    }
    squares = sum(k**2 for k in ones)
    extreme = sum(w for counts, w in ways.items() if sum(c**2 for c in counts) >= squares)
    assert found.is_exact
    assert found.p_value == pytest.approx(extreme / sum(ways.values()), rel=1e-12)


def test_beyond_the_budget_auto_draws_and_true_refuses():
    groups = rng.normal(size=(4, 20))
    assert k_group_permutation_test(*groups, n_resamples=99, seed=1).algorithm == "Monte Carlo"
    with pytest.raises(StatisticsError, match=r"every deal of 80 values to 4 groups cannot be"):
        k_group_permutation_test(*groups, exact=True)
    with pytest.raises(StatisticsError, match=r"every deal of 15 values to 3 groups would take"):
        k_group_permutation_test(
            *rng.normal(size=(3, 5)), exact=True, budget=Budget(seconds=0, gibibytes=1)
        )


def test_eight_groups_have_a_floor_of_one_deal_at_least():
    groups = [[i, i + 0.5] for i in range(8)]
    found = k_group_permutation_test(*groups, exact=False, n_resamples=99, seed=1)
    assert found.p_floor == 0.01
    assert found.p_value <= 0.02


@pytest.mark.parametrize(
    ("groups", "options", "said"),
    [
        (
            ([1, 2, 3],),
            {},
            "1 group given; allowed: two or more, one argument each. Give the groups as "
            "k_group_permutation_test(first, second, third).",
        ),
        (
            ([1, 2], []),
            {},
            "group 2 has 0 values; allowed: at least 1. Leave this test out of the plan or add "
            "observations.",
        ),
        (
            ([1, 2], [3, 4], [math.nan, 1]),
            {},
            "group 3 holds 1 value that is not finite (the first, value 1 of 2, is missing); "
            "allowed: finite numbers. Leave them out and count them before the test.",
        ),
        (
            ([1, 2], [3, 4]),
            {"blocks": [1, 2]},
            "blocks has shape (2,); allowed: (4,), one label per value, group after group.",
        ),
        (
            ([1, 2], [3, 4]),
            {"statistic": "kruskal"},
            "statistic is 'kruskal'; allowed: 'f', 'kruskal_wallis'.",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(groups, options, said):
    with pytest.raises(StatisticsError) as caught:
        k_group_permutation_test(*groups, **options)
    assert str(caught.value).startswith(said)


def test_constants_and_single_values_have_p_1_and_say_why():
    constant = k_group_permutation_test([2, 2], [2, 2, 2], [2])
    assert constant.p_value == 1
    assert math.isnan(constant.statistic)
    assert constant.warnings[:2] == (
        "F is not defined: all values (of a block) are equal.",
        "Every arrangement gives the same statistic, so p is 1.",
    )
    alone = k_group_permutation_test([1], [2], [5])
    assert alone.p_value == 1
    assert alone.warnings[0] == "F is not defined: there are too few values within the groups."
    parted = k_group_permutation_test([1, 1], [2, 2], [5, 5])
    assert math.isinf(parted.statistic)
    assert parted.p_value == 6 / 90
    assert parted.warnings[0] == "F is infinite: within the groups all values are equal."


def test_blocks_of_one_group_are_said():
    found = k_group_permutation_test(
        [1, 2, 7], [3, 4], [5], blocks=list("AAC") + list("AA") + ["A"]
    )
    assert found.warnings[0] == (
        "1 block holds values of one group only and adds nothing to the comparison."
    )
