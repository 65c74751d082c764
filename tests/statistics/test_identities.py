"""What must hold whatever the data: every method counts the same, and p values add up."""

from fractions import Fraction
from itertools import combinations, product
from math import comb, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.statistics import paired_permutation_test, permutation_test
from ketbio.statistics.counting import subset_sums
from ketbio.statistics.counting.questions import ask
from ketbio.statistics.counting.subset_plan import SubsetPlan
from ketbio.statistics.counting.subset_runs import SubsetRun, shift_limits
from ketbio.statistics.counting.subset_tails import enumerate_subsets, halve, tails_of_list
from ketbio.statistics.counting.tails import p_value
from ketbio.statistics.signs.pairs import sign_design
from ketbio.statistics.two_groups.groups import two_groups
from ketbio.statistics.two_groups.mean_difference import mean_design

ALTERNATIVES = ("two-sided", "less", "greater", "two-sided-doubled")
GROUPS = ("mean_difference", "rank_sum")
PAIRS = ("mean", "signed_rank", "signed_rank_pratt", "sign")

alternatives = st.sampled_from(ALTERNATIVES)
tied = st.integers(-3, 3)
group = st.lists(tied, min_size=1, max_size=5)
differences = st.lists(tied, min_size=1, max_size=8)


@st.composite
def blocked_groups(draw):
    x, y = draw(group), draw(group)
    n = len(x) + len(y)
    return x, y, draw(st.none() | st.lists(st.integers(0, 1), min_size=n, max_size=n))


def sums_by_hand(design):
    """Sum of every subset that the design allows, written out."""
    values = [int(v) for v in design.positions]
    if design.takes is None:
        kept = product((0, 1), repeat=len(values))
        return [sum(v for v, k in zip(values, some, strict=True) if k) for some in kept]
    per_block, start = [], 0
    for size, take in zip(design.block_sizes, design.takes, strict=True):
        per_block.append([sum(some) for some in combinations(values[start : start + size], take)])
        start += size
    return [sum(parts) for parts in product(*per_block)]


def every_tails(design, split):
    """Return the tail counts of a design by enumeration, meeting in the middle, and shifting."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subset_sums, "MERGE_FROM", 0)
        merged = halve(design, split, by_overlap=False, merge=True)
    return {
        "enumeration": tails_of_list(design, enumerate_subsets(design, split)),
        "meet in the middle": halve(design, split, by_overlap=True, merge=False),
        "shift algorithm": merged,
    }


def assert_counted_as_written_out(design, split):
    sums = sums_by_hand(design)
    middle = Fraction(sum(sums), len(sums))
    by_hand = [s - middle for s in sums]
    assert design.n_arrangements == len(sums)
    for tails in every_tails(design, split).values():
        for edge in {*by_hand, Fraction(0), Fraction(1, 3), min(by_hand) - 1, max(by_hand) + 1}:
            assert tails.at_least(edge) == sum(t >= edge for t in by_hand)
            assert tails.at_least(edge, strict=True) == sum(t > edge for t in by_hand)
            assert tails.at_most(edge) == sum(t <= edge for t in by_hand)
            assert tails.at_most(edge, strict=True) == sum(t < edge for t in by_hand)
        assert tails.extremes() == (min(by_hand), max(by_hand))
        # The null distribution adds up to all arrangements.
        per_value = [tails.at_least(t) - tails.at_least(t, strict=True) for t in set(by_hand)]
        assert sum(per_value) == tails.n_counted == len(sums)


@given(blocked_groups(), st.data())
def test_every_method_counts_labels_as_written_out(groups, data):
    design = mean_design(two_groups(*groups))
    assert_counted_as_written_out(design, data.draw(st.integers(0, design.positions.size)))


@given(differences, st.data())
def test_every_method_counts_signs_as_written_out(values, data):
    design = sign_design(np.array(values, dtype=float), tolerance=0.0)
    assert_counted_as_written_out(design, data.draw(st.integers(0, len(values))))


@given(blocked_groups(), alternatives, st.sampled_from([0.95, 0.8, 0.5]), st.booleans())
def test_every_method_gives_p_and_an_interval_that_agree(groups, alternative, level, mid_p):
    """The same p and limits whichever way was counted; p < α where the limits leave 0 out."""
    design = mean_design(two_groups(*groups))
    question = ask(
        alternative=alternative, exact="auto", n_resamples=99, confidence_level=level, seed=None,
        mid_p=mid_p,
    )  # fmt: skip
    split = design.positions.size // 2
    listed = enumerate_subsets(design, split)
    found = {}
    for word, tails, rows in (
        ("enumeration", tails_of_list(design, listed), listed),
        ("meet in the middle", halve(design, split, by_overlap=True, merge=True), None),
    ):
        plan = SubsetPlan(algorithm=word, split=split)
        run = SubsetRun(design=design, plan=plan, tails=tails, question=question, listed=rows)
        limits = shift_limits(run, scale=1.0)
        found[word] = (run.p_value(alternative), limits.low, limits.high)
    # Limits within blocks are bracketed, not fractions of a known denominator.
    assert found["meet in the middle"] == pytest.approx(found["enumeration"], abs=5e-9)
    p, low, high = found["enumeration"]
    excluded = low > 0 or high < 0
    if mid_p and 0 in (low, high):
        assert not excluded  # the limit is 0 itself, where p may be on either side of α
    else:
        assert (p < float(question.alpha)) == excluded


@given(blocked_groups(), alternatives, st.sampled_from(GROUPS))
def test_a_constant_and_another_order_change_nothing(groups, alternative, statistic):
    x, y, blocks = groups
    asked = {"alternative": alternative, "statistic": statistic}
    here = permutation_test(x, y, blocks=blocks, **asked)
    n = len(x)
    turned = None if blocks is None else blocks[:n][::-1] + blocks[n:][::-1]
    there = permutation_test(
        [v + 7.5 for v in x[::-1]], [v + 7.5 for v in y[::-1]], blocks=turned, **asked
    )
    assert there.p_value == here.p_value
    assert np.array_equal(
        [there.estimate, there.ci_low, there.ci_high],
        [here.estimate, here.ci_low, here.ci_high],
        equal_nan=True,
    )


@given(differences, alternatives, st.sampled_from(PAIRS))
def test_the_order_of_pairs_and_a_constant_in_both_change_nothing(values, alternative, statistic):
    asked = {"alternative": alternative, "statistic": statistic}
    here = paired_permutation_test(values, **asked)
    there = paired_permutation_test([v + 9 for v in values[::-1]], [9] * len(values), **asked)
    assert (there.p_value, there.ci_low, there.ci_high) == (here.p_value, here.ci_low, here.ci_high)


@given(blocked_groups(), st.sampled_from(GROUPS))
def test_swapping_groups_mirrors_one_sided_p(groups, statistic):
    x, y, blocks = groups
    n = len(x)
    swapped = None if blocks is None else blocks[n:] + blocks[:n]
    for one, other in (("less", "greater"), ("two-sided", "two-sided")):
        here = permutation_test(x, y, blocks=blocks, alternative=one, statistic=statistic)
        there = permutation_test(y, x, blocks=swapped, alternative=other, statistic=statistic)
        assert there.p_value == here.p_value
        assert there.p_floor == here.p_floor
        assert there.true_size == here.true_size


@given(differences, st.sampled_from(PAIRS))
def test_swapping_visits_mirrors_one_sided_p_and_limits(values, statistic):
    here = paired_permutation_test(values, alternative="less", statistic=statistic)
    there = paired_permutation_test(
        [-v for v in values], alternative="greater", statistic=statistic
    )
    assert there.p_value == here.p_value
    assert (there.ci_low, there.estimate) == (-here.ci_high, -here.estimate)


@given(blocked_groups())
def test_one_sided_p_values_add_up_to_one_and_the_ties(groups):
    design = mean_design(two_groups(*groups))
    sums = sums_by_hand(design)
    same = Fraction(sum(s == design.observed_sum for s in sums), len(sums))
    for tails in every_tails(design, design.positions.size // 2).values():
        upper, lower = (p_value(tails, tails.observed(), word) for word in ("greater", "less"))
        assert upper + lower - float(same) == pytest.approx(1, rel=1e-15)


@given(blocked_groups(), st.sampled_from(GROUPS))
def test_the_null_distribution_holds_every_arrangement(groups, statistic):
    x, y, blocks = groups
    found = permutation_test(x, y, blocks=blocks, statistic=statistic)
    labels = blocks or [0] * (len(x) + len(y))
    ways = prod(comb(labels.count(one), labels[: len(x)].count(one)) for one in set(labels))
    assert found.n_arrangements == found.null_distribution.size == ways
    assert np.isclose(found.null_distribution, found.statistic).any()


sevenths = st.lists(st.integers(1, 400), min_size=6, max_size=12, unique=True)


@given(sevenths, st.data(), alternatives, st.sampled_from([0.95, 0.8, 0.5]), st.integers(0, 999))
def test_untied_tests_agree_with_their_intervals_counted_or_drawn(
    sizes, data, alternative, level, seed
):
    """Rank tests too: without ties at zero, p < α exactly where the interval leaves it out."""
    negative = data.draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes)))
    # On no decimal grid, and apart: none is the negative of another.
    values = [(-k if mine else k) / 7 for k, mine in zip(sizes, negative, strict=True)]
    x, y = values[: len(sizes) // 2], values[len(sizes) // 2 :]
    drawn = {"exact": False, "n_resamples": 40, "seed": seed}
    for how in ({}, drawn, drawn | {"stop_after": 3}):
        asked = {"alternative": alternative, "confidence_level": level, **how}
        tests = [paired_permutation_test(x, statistic=one, **asked) for one in PAIRS]
        tests += [permutation_test(x, y, statistic=one, **asked) for one in GROUPS]
        for found in tests:
            excluded = found.ci_low > 0 or found.ci_high < 0
            assert (found.p_value < float(1 - Fraction(repr(level)))) == excluded
