"""Exact unconditional tests and intervals of two proportions, against fractions, SciPy and hand."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, stats

from ketbio.errors import StatisticsError
from ketbio.statistics import exact_proportion_difference, unconditional_test
from ketbio.statistics.two_proportions.score import likeliest_second

TESTS = ("boschloo", "barnard", "barnard_unpooled")

COUNTS = st.integers(1, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def brute_force(first, second, statistic, places=4001):
    """Return the largest P over a plain grid of tables whose fraction is at least the observed."""
    (a, n), (b, m) = first, second
    observed = statistic(a, n, b, m)
    worst = np.linspace(0, 1, places)
    tables = [
        (x, y) for x in range(n + 1) for y in range(m + 1) if statistic(x, n, y, m) >= observed
    ]
    return float(
        sum(stats.binom.pmf(x, n, worst) * stats.binom.pmf(y, m, worst) for x, y in tables).max()
    )


def pooled_square(x, n, y, m):
    gap, both = x * m - y * n, x + y
    return Fraction(gap * gap, both * (n + m - both)) if gap else Fraction(0)


def fisher_as_fraction(x, n, y, m):
    """Minus the two-sided conditional p: tables as probable as the one given, or less."""
    ways = {k: comb(n, k) * comb(m, x + y - k) for k in range(max(0, x + y - m), min(n, x + y) + 1)}
    return -Fraction(sum(one for one in ways.values() if one <= ways[x]), comb(n + m, x + y))


# 15 against 15 is the vaccine example of Mehta & Senchaudhuri (2003), "Conditional versus
# unconditional exact tests for comparing two binomials": 7 of 15 against 12 of 15, one-sided
# Fisher .0641, Barnard .034.
@pytest.mark.parametrize(
    ("first", "second"), [((7, 15), (12, 15)), ((3, 3), (0, 3)), ((7, 8), (2, 9)), ((1, 4), (5, 6))]
)
def test_p_is_that_of_every_table_in_whole_numbers(first, second):
    barnard = unconditional_test(first, second, test="barnard")
    assert barnard.p_value == pytest.approx(brute_force(first, second, pooled_square), rel=2e-6)
    boschloo = unconditional_test(first, second)
    assert boschloo.p_value == pytest.approx(
        brute_force(first, second, fisher_as_fraction), rel=2e-6
    )


def test_the_published_example():
    one_sided = {
        test: unconditional_test((7, 15), (12, 15), test=test, alternative="less").p_value
        for test in ("barnard", "fisher")
    }
    assert round(one_sided["fisher"], 4) == 0.0641
    assert round(one_sided["barnard"], 3) == 0.034


@pytest.mark.parametrize("side", ["greater", "less"])
@pytest.mark.parametrize(("first", "second"), [((7, 8), (2, 9)), ((4, 10), (1, 12))])
def test_one_sided_p_is_that_of_scipy(first, second, side):
    table = [[first[0], second[0]], [first[1] - first[0], second[1] - second[0]]]
    found = {test: unconditional_test(first, second, test=test, alternative=side) for test in TESTS}
    theirs = {
        "boschloo": stats.boschloo_exact(table, alternative=side, n=256).pvalue,
        "barnard": stats.barnard_exact(table, alternative=side, pooled=True, n=256).pvalue,
        "barnard_unpooled": stats.barnard_exact(
            table, alternative=side, pooled=False, n=256
        ).pvalue,
    }
    assert {test: one.p_value for test, one in found.items()} == pytest.approx(theirs, rel=1e-6)
    fisher = unconditional_test(first, second, test="fisher", alternative=side)
    assert fisher.p_value == pytest.approx(stats.fisher_exact(table, alternative=side)[1], rel=1e-9)


def test_two_sided_boschloo_of_scipy_is_the_doubled_one():
    found = unconditional_test((7, 8), (2, 9), alternative="two-sided-doubled")
    theirs = stats.boschloo_exact([[7, 2], [1, 7]], n=256).pvalue
    assert found.p_value == pytest.approx(theirs, rel=1e-6)
    assert unconditional_test((7, 8), (2, 9)).p_value != pytest.approx(theirs, rel=1e-2)


def test_three_against_three_by_hand():
    found = unconditional_test((3, 3), (0, 3))
    assert found.p_value == pytest.approx(2 / 64)  # π³(1 − π)³ both ways, largest at ½
    assert found.nuisance == pytest.approx(0.5, abs=1e-4)
    assert found.p_floor == found.p_value
    assert found.true_size == pytest.approx(2 / 64)  # nothing else is rejected at .05
    assert found.n_tables == 16
    fisher = unconditional_test((3, 3), (0, 3), test="fisher")
    assert fisher.p_value == pytest.approx(2 / comb(6, 3))
    assert "0.1" in fisher.warnings[0] or ".10" in fisher.warnings[0]  # never below .05


def test_two_against_two_can_never_be_small():
    found = unconditional_test((2, 2), (0, 2))
    assert found.p_floor == pytest.approx(2 / 16)
    assert "groups of 2 and 2" in found.warnings[0]
    assert found.true_size == 0


@settings(max_examples=12, deadline=None)
@given(first=COUNTS, second=COUNTS, test=st.sampled_from(TESTS), where=st.floats(0.02, 0.98))
def test_laws_of_every_test(first, second, test, where):
    here = unconditional_test(first, second, test=test)
    there = unconditional_test(second, first, test=test)
    assert here.p_value == pytest.approx(there.p_value, rel=1e-9)
    assert here.p_value >= here.p_floor * (1 - 1e-9)
    own = stats.binom.pmf(first[0], first[1], where) * stats.binom.pmf(second[0], second[1], where)
    assert here.p_value >= own * (1 - 1e-9)
    up, down = (
        unconditional_test(first, second, test=test, alternative=side).p_value
        for side in ("greater", "less")
    )
    flipped = unconditional_test(second, first, test=test, alternative="less").p_value
    assert up == pytest.approx(flipped, rel=1e-9)
    assert up + down >= 1 - 1e-9  # both hold the table itself


@settings(max_examples=12, deadline=None)
@given(first=COUNTS, second=COUNTS, side=st.sampled_from(["two-sided", "greater", "less"]))
def test_boschloo_is_never_above_fisher(first, second, side):
    boschloo, fisher = (
        unconditional_test(first, second, test=test, alternative=side).p_value
        for test in ("boschloo", "fisher")
    )
    assert boschloo <= fisher * (1 + 1e-6)


def test_the_size_of_a_test_is_held_at_every_proportion():
    rejected = {
        (x, y)
        for x in range(7)
        for y in range(6)
        if unconditional_test((x, 6), (y, 5)).p_value < 0.05
    }
    places = np.linspace(0, 1, 301)
    size = sum(stats.binom.pmf(x, 6, places) * stats.binom.pmf(y, 5, places) for x, y in rejected)
    assert size.max() == pytest.approx(unconditional_test((3, 6), (2, 5)).true_size, abs=1e-4)
    assert size.max() < 0.05


def test_berger_and_boos_look_in_the_interval_only():
    plain = unconditional_test((74, 117), (31, 63), test="barnard_unpooled")
    confined = unconditional_test((74, 117), (31, 63), test="barnard_unpooled", berger_boos=0.001)
    assert confined.p_value < plain.p_value  # the worst case, at 3 %, is far off the data
    assert plain.nuisance < 0.05
    assert 0.4 < confined.nuisance < 0.75
    assert "γ = 0.001" in confined.method
    with pytest.raises(StatisticsError, match="berger_boos"):
        unconditional_test((1, 2), (1, 2), berger_boos=0.5)


@pytest.mark.parametrize("n", [3, 6, 10])
def test_an_interval_by_hand(n):
    # All of n against none of n: (½ + Δ/2)²ⁿ is the largest P of the one table that is as extreme.
    found = exact_proportion_difference((n, n), (0, n), alternative="two-sided-doubled")
    assert found.ci_low == pytest.approx(2 * 0.025 ** (1 / (2 * n)) - 1, abs=1e-6)
    assert found.ci_high == 1
    one_sided = exact_proportion_difference((n, n), (0, n), alternative="greater")
    assert one_sided.ci_low == pytest.approx(2 * 0.05 ** (1 / (2 * n)) - 1, abs=1e-6)


def test_limits_by_a_search_of_another_make():
    """Score statistics from a numerical likelihood, p over a plain grid: the same limits."""
    first, second = (4, 5), (1, 4)
    found = exact_proportion_difference(first, second)
    for limit, inside in ((found.ci_low, 1), (found.ci_high, -1)):
        p_inside, p_outside = (
            slow_p(first, second, limit + side * inside * 2e-3) for side in (1, -1)
        )
        assert p_inside >= 0.05 > p_outside


def slow_p(first, second, difference):
    (a, n), (b, m) = first, second

    def score(x, y):
        def minus_log_likelihood(q):
            return -stats.binom.logpmf(x, n, q + difference) - stats.binom.logpmf(y, m, q)

        low, high = max(0.0, -difference) + 1e-9, min(1.0, 1 - difference) - 1e-9
        q = optimize.minimize_scalar(
            minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-10}
        ).x
        p = q + difference
        return abs(x / n - y / m - difference) / np.sqrt(p * (1 - p) / n + q * (1 - q) / m)

    observed = score(a, b)
    tables = [
        (x, y) for x in range(n + 1) for y in range(m + 1) if score(x, y) >= observed * (1 - 1e-5)
    ]
    places = np.linspace(max(0.0, -difference), min(1.0, 1 - difference), 801)
    return sum(
        stats.binom.pmf(x, n, places + difference) * stats.binom.pmf(y, m, places)
        for x, y in tables
    ).max()


def test_the_cubic_finds_the_largest_likelihood():
    x, n, y, m, difference = 3.0, 8, 5.0, 7, 0.15
    found = float(likeliest_second(np.array([x]), np.array([y]), (n, m), difference)[0])

    def log_likelihood(q):
        p = q + difference
        return x * np.log(p) + (n - x) * np.log(1 - p) + y * np.log(q) + (m - y) * np.log(1 - q)

    grid = np.linspace(1e-6, 1 - difference - 1e-6, 200_001)
    assert found == pytest.approx(grid[np.argmax(log_likelihood(grid))], abs=1e-5)


@settings(max_examples=8, deadline=None)
@given(first=COUNTS, second=COUNTS)
def test_the_interval_holds_the_estimate_turns_round_and_agrees_with_the_test(first, second):
    here = exact_proportion_difference(first, second)
    there = exact_proportion_difference(second, first)
    assert here.ci_low - 1e-9 <= here.value <= here.ci_high + 1e-9
    assert (here.ci_low, here.ci_high) == pytest.approx((-there.ci_high, -there.ci_low), abs=1e-6)
    p = unconditional_test(first, second, test="barnard").p_value
    assert (here.ci_low > 0 or here.ci_high < 0) == (p < 0.05)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (((1, 0), (0, 3)), "n of at least 1"),
        (((4, 3), (0, 3)), "count from 0 to n"),
        (((1.5, 3), (0, 3)), "a whole number"),
        (((1, 300), (0, 3)), "up to 200"),
    ],
)
def test_what_is_no_table_is_refused(arguments, said):
    with pytest.raises(StatisticsError, match=said):
        unconditional_test(*arguments)
    with pytest.raises(StatisticsError, match=said):
        exact_proportion_difference(*arguments)


def test_an_unknown_test_is_refused():
    with pytest.raises(StatisticsError, match="boschloo"):
        unconditional_test((1, 3), (0, 3), test="boschlo")


def test_one_person_each_and_everybody_alike():
    assert unconditional_test((1, 1), (0, 1), test="barnard").p_value == pytest.approx(0.5)
    assert unconditional_test((1, 1), (0, 1)).p_value == 1  # Fisher's p is 1 in every table
    same = unconditional_test((0, 5), (0, 4))
    assert same.p_value == 1
    found = exact_proportion_difference((0, 5), (0, 4))
    assert found.ci_low < 0 < found.ci_high
