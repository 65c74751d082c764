"""Two groups against every arrangement written out, and the interval against its definition."""

from fractions import Fraction
from itertools import combinations, product
from math import comb, inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ketbio.statistics import permutation_test

ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]
small = st.integers(-4, 4)
groups = st.tuples(st.lists(small, min_size=1, max_size=5), st.lists(small, min_size=1, max_size=5))


def all_sums(values, n, blocks):
    """Sum of x over every arrangement, exactly."""
    per_block = []
    for block in sorted(set(blocks)):
        mine = [i for i, b in enumerate(blocks) if b == block]
        take = sum(i < n for i in mine)
        per_block.append([sum(values[i] for i in some) for some in combinations(mine, take)])
    return [sum(parts) for parts in product(*per_block)]


def brute_p(x, y, alternative, blocks=None):
    values = [Fraction(v) for v in [*x, *y]]
    sums = all_sums(values, len(x), blocks or [0] * len(values))
    observed, mean = sum(values[: len(x)]), sum(sums) / len(sums)
    upper = Fraction(sum(s >= observed for s in sums), len(sums))
    lower = Fraction(sum(s <= observed for s in sums), len(sums))
    both = Fraction(sum(abs(s - mean) >= abs(observed - mean) for s in sums), len(sums))
    return {
        "two-sided": both,
        "greater": upper,
        "less": lower,
        "two-sided-doubled": min(Fraction(1), 2 * min(upper, lower)),
    }[alternative]


@given(groups, st.sampled_from(ALTERNATIVES))
def test_p_is_the_share_of_arrangements(pair, alternative):
    found = permutation_test(*pair, alternative=alternative)
    assert found.p_value == float(brute_p(*pair, alternative))
    assert found.n_arrangements == comb(len(pair[0]) + len(pair[1]), len(pair[0]))


@given(groups, st.sampled_from(ALTERNATIVES), st.data())
def test_p_within_blocks_is_the_share_of_arrangements(pair, alternative, data):
    size = len(pair[0]) + len(pair[1])
    blocks = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    found = permutation_test(*pair, alternative=alternative, blocks=blocks)
    assert found.p_value == float(brute_p(*pair, alternative, blocks))


@given(groups, st.sampled_from(ALTERNATIVES))
def test_rank_sum_p_is_the_share_of_arrangements(pair, alternative):
    ranks = stats.rankdata([*pair[0], *pair[1]])
    n = len(pair[0])
    found = permutation_test(*pair, statistic="rank_sum", alternative=alternative)
    assert found.p_value == float(brute_p(ranks[:n], ranks[n:], alternative))
    assert found.statistic == ranks[:n].sum()


@given(groups, st.sampled_from(ALTERNATIVES))
def test_floor_is_the_smallest_p_of_all_arrangements(pair, alternative):
    values = [*pair[0], *pair[1]]
    n = len(pair[0])
    possible = []
    for chosen in combinations(range(len(values)), n):
        x = [values[i] for i in chosen]
        y = [v for i, v in enumerate(values) if i not in chosen]
        possible.append(brute_p(x, y, alternative))
    found = permutation_test(*pair, alternative=alternative)
    assert found.p_floor == float(min(possible))


@given(groups, st.sampled_from(ALTERNATIVES), st.sampled_from(["0.95", "0.8", "0.5"]))
def test_interval_is_where_the_shifted_test_does_not_reject(pair, alternative, level):
    """p at each limit is α or more, and beyond it less: the definition, in exact fractions."""
    x, y = pair
    alpha = 1 - Fraction(level)
    found = permutation_test(x, y, alternative=alternative, confidence_level=float(level))

    def p_at(shift):
        return brute_p([v - shift for v in x], y, alternative)

    for limit, outward in ((found.ci_low, -1), (found.ci_high, 1)):
        if abs(limit) == inf:
            assert p_at(Fraction(outward * 1000)) >= alpha
            continue
        exact = Fraction(limit).limit_denominator(200)
        assert float(exact) == pytest.approx(limit, abs=1e-12)
        assert p_at(exact) >= alpha
        assert p_at(exact + outward * Fraction(1, 10**6)) < alpha


@given(groups, st.sampled_from(ALTERNATIVES), st.sampled_from([0.95, 0.9, 0.8, 0.5]), st.data())
def test_p_below_alpha_exactly_when_interval_excludes_zero(pair, alternative, level, data):
    size = len(pair[0]) + len(pair[1])
    blocks = data.draw(st.none() | st.lists(st.integers(0, 1), min_size=size, max_size=size))
    found = permutation_test(*pair, alternative=alternative, confidence_level=level, blocks=blocks)
    rejected = found.p_value < float(1 - Fraction(repr(level)))
    assert rejected == (found.ci_low > 0 or found.ci_high < 0)


reals = st.floats(-100, 100, allow_subnormal=False)


@given(st.lists(reals, min_size=3, max_size=6), st.lists(reals, min_size=3, max_size=6))
def test_swapping_groups_turns_everything_round(x, y):
    one, other = permutation_test(x, y), permutation_test(y, x)
    assert other.p_value == one.p_value
    assert other.statistic == pytest.approx(-one.statistic, rel=1e-9, abs=1e-9)
    assert other.ci_low == pytest.approx(-one.ci_high, rel=1e-9, abs=1e-9)
    greater = permutation_test(x, y, alternative="greater").p_value
    assert permutation_test(y, x, alternative="less").p_value == greater


@given(groups, st.integers(-50, 50))
def test_shift_of_everything_changes_nothing(pair, shift):
    x, y = pair
    moved = permutation_test([v + shift for v in x], [v + shift for v in y])
    here = permutation_test(x, y)
    assert (moved.p_value, moved.ci_low, moved.ci_high) == (here.p_value, here.ci_low, here.ci_high)


@given(groups)
def test_one_sided_p_values_overlap_in_ties_only(pair):
    x, y = pair
    found = permutation_test(x, y, alternative="greater")
    lower = permutation_test(x, y, alternative="less").p_value
    tied = np.isclose(found.null_distribution, found.statistic, rtol=0, atol=1e-9).mean()
    assert found.p_value + lower - tied == pytest.approx(1)


@given(groups)
def test_order_within_groups_changes_nothing(pair):
    x, y = pair
    one, other = permutation_test(x, y), permutation_test(x[::-1], y[::-1])
    assert (one.p_value, one.ci_low, one.ci_high) == (other.p_value, other.ci_low, other.ci_high)


def test_decimals_are_counted_without_rounding():
    # 0.1 + 0.2 is not 0.3 in binary; on the decimal grid the two arrangements tie.
    tenths = permutation_test([0.1, 0.2, 0.9], [0.3, 0.0, 0.4], alternative="greater")
    whole = permutation_test([1, 2, 9], [3, 0, 4], alternative="greater")
    assert tenths.p_value == whole.p_value
    assert tenths.ci_low == pytest.approx(whole.ci_low / 10, rel=1e-15)


def test_nearly_tied_real_values_count_as_tied():
    noise = 1e-14
    base = permutation_test([1, 2, 3], [1, 2, 5], alternative="less").p_value
    third = 1 / 3
    x, y = [third, 2 * third + noise, 1], [third - noise, 2 * third, 5 * third]
    assert permutation_test(x, y, alternative="less").p_value == base


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_constant_values_give_one_and_say_so(alternative):
    found = permutation_test([3, 3], [3, 3, 3], alternative=alternative)
    assert found.p_value == 1
    assert "Every arrangement gives the same statistic, so p is 1." in found.warnings


def test_small_design_names_its_floor_and_its_open_interval():
    found = permutation_test([4, 5, 6], [1, 2, 3])
    assert found.p_value == found.p_floor == 0.1
    assert (found.ci_low, found.ci_high) == (-inf, inf)
    assert found.warnings == (
        "This design has too few arrangements for a 95% interval: it is open on both sides.",
        "The smallest p value that this design can give is .10, not below 0.05: no result of it "
        "can be significant at that level.",
    )


def test_block_of_one_group_is_named():
    found = permutation_test([1, 2], [3, 4], blocks=["a", "b", "a", "c"])
    assert found.warnings[0] == (
        "2 blocks hold values of one group only and add nothing to the comparison."
    )
    assert found.n_arrangements == 2
    assert found.estimate == -2  # block a alone: 1 − 3
    assert found.estimate_name == "mean difference within blocks"


def test_null_distribution_is_the_statistic_read_only():
    found = permutation_test([1, 2], [5, 9])
    by_hand = [-5.5, -2.5, -1.5, 1.5, 2.5, 5.5]
    assert found.null_distribution.tolist() == by_hand
    with pytest.raises(ValueError, match="read-only"):
        found.null_distribution[0] = 0


# R 4.2.2: wilcox.test(u, w, conf.int = TRUE, exact = TRUE)[c("p.value", "conf.int", "estimate")]
def test_hodges_lehmann_interval_as_wilcox_test():
    u = [2.1, 3.4, 1.9, 5.6, 4.4, 3.8, 2.2]
    w = [1.2, 2.15, 3.3, 0.7, 2.9, 1.1]
    found = permutation_test(u, w, statistic="rank_sum")
    assert found.p_value == pytest.approx(0.0734265734266, rel=1e-11)
    assert (found.ci_low, found.ci_high) == pytest.approx((-0.25, 3.20), rel=1e-12)
    assert found.estimate == pytest.approx(1.225, rel=1e-12)


@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=12, unique=True),
    st.integers(1, 6),
    st.sampled_from(ALTERNATIVES),
)
def test_rank_interval_agrees_with_the_test_without_ties(values, n, alternative):
    n = min(n, len(values) - 1)
    found = permutation_test(
        values[:n], values[n:], statistic="rank_sum", alternative=alternative, confidence_level=0.9
    )
    assert (found.p_value < 0.1) == (found.ci_low > 0 or found.ci_high < 0)


@given(groups)
def test_rank_interval_disagrees_only_with_a_warning(pair):
    found = permutation_test(*pair, statistic="rank_sum", confidence_level=0.8)
    agrees = (found.p_value < 0.2) == (found.ci_low > 0 or found.ci_high < 0)
    warned = any(text.startswith("Ties at zero shift") for text in found.warnings)
    assert agrees != warned
