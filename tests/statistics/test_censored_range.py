"""The range of p over placements, against every placement written out."""

from fractions import Fraction
from itertools import combinations, pairwise, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.statistics import censored_permutation_test, permutation_test

ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]


def placements(sample):
    """Yield every order of (level, below): values with censored ones at points of their own.

    Between two neighbouring levels there is a point for each censored value, so that every order
    of them occurs.
    """
    levels = [Fraction(level) for level, _ in sample]
    marks = [min(levels) - 1, *sorted(set(levels))]
    k = sum(below for _, below in sample)
    points = [
        low + (high - low) * Fraction(i + 1, k + 1)
        for low, high in pairwise(marks)
        for i in range(k)
    ]
    free = [
        [point for point in points if point < level] if below else [level]
        for level, (_, below) in zip(levels, sample, strict=True)
    ]
    for placed in product(*free):
        censored = [value for value, (_, below) in zip(placed, sample, strict=True) if below]
        if len(set(censored)) == len(censored):
            yield placed


def centred_ranks(values):
    """Twice the mid-rank minus N + 1, from its definition."""
    return tuple(sum((one > other) - (one < other) for other in values) for one in values)


def p_of(sums, observed, alternative):
    upper = Fraction(sum(total >= observed for total in sums), len(sums))
    lower = Fraction(sum(total <= observed for total in sums), len(sums))
    both = Fraction(sum(abs(total) >= abs(observed) for total in sums), len(sums))
    doubled = min(Fraction(1), 2 * min(upper, lower))
    return float(
        {"two-sided": both, "greater": upper, "less": lower, "two-sided-doubled": doubled}[
            alternative
        ]
    )


def brute_range(x, y, alternative):
    """Smallest and largest rank-sum p over every placement, labels dealt in every way."""
    ranks = {centred_ranks(placed) for placed in placements([*x, *y])}
    found = [
        p_of([sum(one) for one in combinations(r, len(x))], sum(r[: len(x)]), alternative)
        for r in ranks
    ]
    return min(found), max(found)


def found_by(x, y, **words):
    (a, a_below), (b, b_below) = zip(*x, strict=True), zip(*y, strict=True)
    return censored_permutation_test(a, b, x_below=a_below, y_below=b_below, **words)


def sample(*marks):
    """Values, or limits where written with ``<``."""
    return [(float(str(mark).lstrip("<")), str(mark).startswith("<")) for mark in marks]


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize(
    ("x", "y"),
    [
        (sample(1, 2, "<0.5"), sample("<0.5", "<0.5", 3)),  # one limit below everything
        (sample(1, "<2", 3), sample("<4", 2, 5)),  # limits above values
        (sample(1, 1, "<2"), sample("<2", 1, 5)),  # limits above a tie, as null distributions vary
        (sample(1, 1, "<3", 2), sample("<3", 2, "<2")),  # two ties, two limits
        (sample("<1", "<2"), sample("<2", "<1")),  # nothing known
        (sample(2, 2, 2), sample("<3", "<2", "<3")),  # one tie and nothing else
        (sample(1, 2), sample(2, 3, 4)),  # nothing censored
    ],
)
def test_range_is_that_of_every_placement(x, y, alternative):
    found = found_by(x, y, alternative=alternative)
    assert (found.p_low, found.p_high) == pytest.approx(brute_range(x, y, alternative), rel=1e-12)
    assert found.range_of == "rank sum"


@st.composite
def two_samples(draw):
    """Up to seven values, up to three of them below one of a few limits."""
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    levels = draw(st.lists(st.integers(0, 3), min_size=n + m, max_size=n + m))
    below = draw(st.sets(st.integers(0, n + m - 1), max_size=3))
    both = [(float(level), place in below) for place, level in enumerate(levels)]
    return both[:n], both[n:]


@given(two_samples(), st.sampled_from(ALTERNATIVES))
@settings(max_examples=100)
def test_range_is_that_of_every_placement_of_any_data(samples, alternative):
    found = found_by(*samples, alternative=alternative)
    assert (found.p_low, found.p_high) == pytest.approx(
        brute_range(*samples, alternative), rel=1e-12
    )


def test_range_by_hand():
    # x 2, 3 v y <1, <2.5: <2.5 is below 2 or between; T = 4 with p 2/6, or T = 2 with p 4/6.
    found = found_by(sample(2, 3), sample("<1", "<2.5"))
    assert (found.p_low, found.p_high) == (2 / 6, 4 / 6)


def test_range_with_mid_p_counts_ties_half():
    # The same: T takes 4, 2, 0, 0, −2, −4, so that mid-p is (2 + 0)/12 and (4 + 2)/12.
    found = found_by(sample(2, 3), sample("<1", "<2.5"), mid_p=True)
    assert (found.p_low, found.p_high) == (2 / 12, 6 / 12)


def test_range_within_blocks_adds_up_blocks():
    # a: x 1, <3 v y 2, 2, where <3 is above or below the tie; b: x <5 v y 4, <4.
    x, y = sample(1, "<3", "<5"), sample(2, 2, 4, "<4")
    found = found_by(x, y, blocks=list("aabaabb"), alternative="greater")
    a = {centred_ranks(placed) for placed in placements([x[0], x[1], y[0], y[1]])}
    b = {centred_ranks(placed) for placed in placements([x[2], y[2], y[3]])}
    expected = [
        p_of([sum(i) + j for i in combinations(r, 2) for j in s], r[0] + r[1] + s[0], "greater")
        for r, s in product(a, b)
    ]
    assert (found.p_low, found.p_high) == pytest.approx((min(expected), max(expected)), rel=1e-12)


def test_one_limit_below_all_leaves_the_censored_against_each_other():
    # 8 v 8 with 3 and 4 below: T moves by 2 from − 12 to + 12 about that of the seen.
    x = sample("<1", "<1", "<1", 2, 3, 5, 8, 9)
    y = sample("<1", "<1", "<1", "<1", 2.5, 4, 6, 7)
    found = found_by(x, y)
    seen = [
        (values_x, values_y)
        for values_x, values_y in (([0.7, 0.8, 0.9], [0.1, 0.2, 0.3, 0.4]),
                                   ([0.1, 0.2, 0.3], [0.6, 0.7, 0.8, 0.9]))
    ]  # fmt: skip
    ends = [
        permutation_test([*a, 2, 3, 5, 8, 9], [*b, 2.5, 4, 6, 7], statistic="rank_sum").p_value
        for a, b in seen
    ]
    assert found.p_low == min(ends)
    assert found.p_high == 1
    assert found.n_undetermined == 12


def brute_pairs_range(x, y, alternative):
    n = len(x)
    found = []
    for ranks in {centred_ranks(placed) for placed in placements([*x, *y])}:
        differences = [a - b for a, b in zip(ranks[:n], ranks[n:], strict=True)]
        sums = [
            sum(sign * d for sign, d in zip(signs, differences, strict=True))
            for signs in product((1, -1), repeat=n)
        ]
        found.append(p_of(sums, sum(differences), alternative))
    return min(found), max(found)


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_range_of_pairs_is_that_of_every_order(alternative):
    x, y = sample(1, "<2", 3, "<1"), sample("<2.5", 2, 5, 3)
    found = found_by(x, y, design="pairs", alternative=alternative)
    assert (found.p_low, found.p_high) == brute_pairs_range(x, y, alternative)


def test_range_of_pairings_is_that_of_every_order():
    x, y = sample(1, "<2", 3, 2), sample("<20", 20, 20, "<10")
    found = found_by(x, y, design="pairings")
    expected = []
    for r, s in product(*({centred_ranks(one) for one in placements(z)} for z in (x, y))):
        sums = [
            sum(a * s[j] for a, j in zip(r, order, strict=True)) for order in permutations(range(4))
        ]
        expected.append(p_of(sums, sums[0], "two-sided"))
    assert (found.p_low, found.p_high) == pytest.approx((min(expected), max(expected)), rel=1e-12)
    assert found.range_of == "Spearman rho"


def test_where_there_is_no_range_a_sentence_says_why():
    many = found_by(sample(*["<1"] * 7, 2), sample(*["<1"] * 7, 3), design="pairs")
    assert np.isnan(many.p_low)
    assert many.range_warning == (
        "The range of p over every placement of 14 censored values was not worked out: they can "
        "stand in more than 1,000,000 orders, too many to test each exactly."
    )
    tied = sample(*[1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6], *["<7"] * 6)
    ways = found_by(tied, tied)
    assert np.isnan(ways.p_high)
    assert ways.range_warning.startswith("Limits lie above observed values that are tied")
    assert ways.test.p_value == 1
