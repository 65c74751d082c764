"""Welch's t over every arrangement, against its definition written out in fractions."""

from fractions import Fraction
from itertools import combinations, product
from math import inf, isinf, isnan, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import Budget, leave_one_out_groups, permutation_test
from ketbio.statistics.counting.draws import draw_subsets
from ketbio.statistics.counting.questions import ask
from ketbio.statistics.two_groups import welch_statistic
from ketbio.statistics.two_groups.groups import two_groups
from ketbio.statistics.two_groups.label_arrangements import (
    drawn_arrangements,
    every_arrangement,
    labels_of,
)
from ketbio.statistics.two_groups.mean_difference import mean_design
from ketbio.statistics.two_groups.studentised import Studentised, count_studentised, value_at
from ketbio.statistics.two_groups.studentised_limits import (
    OPEN_LIMIT,
    search_counted,
    search_curve,
    studentised_limits,
)
from ketbio.statistics.two_groups.welch_statistic import mean_block

ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]
small = st.integers(-4, 4)
group = st.lists(small, min_size=2, max_size=5)
groups = st.tuples(group, group)


def signed_square(values, is_x, blocks):
    """Sign of T times T² as a fraction, ±∞ without any variance: ordered as T is."""
    parts, weights, squares, frees, shares = [], [], [0, 0], [0, 0], [0, 0]
    for block in sorted(set(blocks)):
        sides = [
            [
                Fraction(v)
                for v, mine, b in zip(values, is_x, blocks, strict=True)
                if b == block and mine == side
            ]
            for side in (True, False)
        ]
        n, m = map(len, sides)
        if n and m:
            means = [sum(side) / len(side) for side in sides]
            weight = Fraction(n * m, n + m)
            weights.append(weight)
            parts.append(weight * (means[0] - means[1]))
            for i, side in enumerate(sides):
                squares[i] += sum((v - means[i]) ** 2 for v in side)
                frees[i] += len(side) - 1
                shares[i] += weight**2 / len(side)
    difference = sum(parts) / sum(weights)
    variance = sum(
        s / f * share / sum(weights) ** 2
        for s, f, share in zip(squares, frees, shares, strict=True)
    )
    if variance == 0:
        return inf * (1 if difference > 0 else -1) if difference else 0
    return (1 if difference > 0 else -1) * difference**2 / variance


def every_label(n, size, blocks):
    per_block = []
    for block in sorted(set(blocks)):
        mine = [i for i in range(size) if blocks[i] == block]
        per_block.append(list(combinations(mine, sum(i < n for i in mine))))
    for parts in product(*per_block):
        chosen = {i for part in parts for i in part}
        yield [i in chosen for i in range(size)]


def brute_p(values, n, alternative, statistic=signed_square, blocks=None):
    blocks = blocks or [0] * len(values)
    of_all = [statistic(values, some, blocks) for some in every_label(n, len(values), blocks)]
    observed = statistic(values, [i < n for i in range(len(values))], blocks)
    upper = Fraction(sum(t >= observed for t in of_all), len(of_all))
    lower = Fraction(sum(t <= observed for t in of_all), len(of_all))
    both = Fraction(sum(abs(t) >= abs(observed) for t in of_all), len(of_all))
    return float(
        {
            "two-sided": both,
            "greater": upper,
            "less": lower,
            "two-sided-doubled": min(Fraction(1), 2 * min(upper, lower)),
        }[alternative]
    )


def welch(x, y, **options):
    return permutation_test(x, y, statistic="welch_t", **options)


def test_three_against_three_by_hand():
    # Means 2 and 6, variances 1 and 4: T = −4/√(1/3 + 4/3). Only {1, 2, 3} against the rest and
    # the other way round are as extreme: of 20 arrangements, 2.
    found = welch([1, 2, 3], [4, 6, 8])
    assert found.statistic == pytest.approx(-4 / sqrt(5 / 3))
    assert found.p_value == 2 / 20
    assert (found.estimate, found.estimate_name) == (-4.0, "mean difference")
    assert found.p_definition == "share of arrangements with |T| ≥ |t|"
    assert found.null_distribution.size == 20


def test_statistic_as_in_r():
    # > x <- c(3.1, 4.7, 2.2, 5.9, 4.4); y <- c(1.2, 2.9, 2.2, 3.3, 0.7, 1.8)
    # > print(t.test(x, y)$statistic, digits = 16)
    # 2.687175327299503
    found = welch([3.1, 4.7, 2.2, 5.9, 4.4], [1.2, 2.9, 2.2, 3.3, 0.7, 1.8])
    assert found.statistic == pytest.approx(2.687175327299503, rel=1e-13)
    assert found.statistic_name == "Welch t"


@given(groups, st.sampled_from(ALTERNATIVES))
def test_p_is_the_share_of_arrangements(pair, alternative):
    found = welch(*pair, alternative=alternative, confidence_level=None)
    assert found.p_value == brute_p([*pair[0], *pair[1]], len(pair[0]), alternative)


@settings(max_examples=50)
@given(groups, st.sampled_from(ALTERNATIVES), st.data())
def test_p_within_blocks_is_the_share_of_arrangements(pair, alternative, data):
    size, n = len(pair[0]) + len(pair[1]), len(pair[0])
    blocks = data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    sizes = [
        (sum(b == block for b in blocks[:n]), sum(b == block for b in blocks[n:]))
        for block in (0, 1)
    ]
    compared = [pair for pair in sizes if min(pair) > 0]
    assume(compared and all(max(side) > 1 for side in zip(*compared, strict=True)))
    # A block of one group only is left out, as the definition above does.
    found = welch(*pair, alternative=alternative, blocks=blocks, confidence_level=None)
    assert found.p_value == brute_p([*pair[0], *pair[1]], n, alternative, blocks=blocks)


@given(st.integers(2, 6), st.data(), st.sampled_from(ALTERNATIVES))
def test_with_equal_numbers_p_is_that_of_the_mean_difference(n, data, alternative):
    values = data.draw(st.lists(st.floats(-9, 9), min_size=2 * n, max_size=2 * n))
    pair = values[:n], values[n:]
    mean = permutation_test(*pair, alternative=alternative, confidence_level=None)
    assert welch(*pair, alternative=alternative, confidence_level=None).p_value == mean.p_value


@given(groups, st.sampled_from(ALTERNATIVES), st.sampled_from([0.5, 0.8, 0.9, 0.95]), st.booleans())
def test_p_below_alpha_exactly_when_interval_excludes_zero(pair, alternative, level, mid_p):
    found = welch(*pair, alternative=alternative, confidence_level=level, mid_p=mid_p)
    if isnan(found.ci_low):
        assert "there is no interval" in found.warnings[0]
        return
    rejects = found.p_value < float(1 - Fraction(str(level)))
    if OPEN_LIMIT in found.warnings:
        assert mid_p
        assert rejects
        assert 0 in (found.ci_low, found.ci_high)
        return
    assert rejects == (found.ci_low > 0 or found.ci_high < 0)


@given(groups)
def test_interval_is_the_largest_t_that_is_not_rejected_times_the_error(pair):
    found = welch(*pair, confidence_level=0.8)
    assume(not isnan(found.ci_low))
    size = np.abs(found.null_distribution)
    kept = [t for t in size if np.mean(size >= t - 1e-9 * max(1, min(t, 1e9))) >= 0.2]
    assume(found.statistic != 0)
    # Where not even the largest is rejected, nothing is.
    is_open = len(kept) == size.size
    reach = inf if is_open else max(kept) * found.estimate / found.statistic
    assert found.ci_low == pytest.approx(found.estimate - reach, abs=1e-9)
    assert found.ci_high == pytest.approx(found.estimate + reach, abs=1e-9)


@given(groups, st.integers(-50, 50))
def test_constant_order_and_names_change_nothing_or_mirror(pair, constant):
    x, y = pair
    found = welch(x, y, alternative="greater")
    moved = welch([v + constant for v in x[::-1]], [v + constant for v in y], alternative="greater")
    assert (moved.p_value, moved.statistic) == (found.p_value, pytest.approx(found.statistic))
    swapped = welch(y, x, alternative="less")
    assert swapped.p_value == found.p_value
    assert swapped.ci_high == pytest.approx(-found.ci_low, nan_ok=True)


def test_equal_t_on_paper_tie_in_decimals():
    x, y = [0.1, 0.3, 0.7], [0.2, 0.4, 0.9, 0.3]
    whole = welch([10 * v for v in x], [10 * v for v in y], alternative="greater")
    found = welch(x, y, alternative="greater")
    assert found.p_value == whole.p_value
    assert found.p_value == brute_p([1, 3, 7, 2, 4, 9, 3], 3, "greater")


def test_groups_without_spread_are_most_extreme_and_have_no_interval():
    found = welch([2, 2, 2], [1, 1])
    assert found.statistic == inf
    assert found.p_value == 1 / 10
    assert isnan(found.ci_low)
    assert found.warnings[0] == (
        "The groups do not vary within themselves, so that there is no interval; the test stands."
    )
    assert welch([5, 5], [5, 5, 5]).p_value == 1
    assert "so p is 1" in " ".join(welch([5, 5], [5, 5, 5]).warnings)


def test_all_ways_of_counting_agree():
    rng = np.random.default_rng(3)
    pair = two_groups(rng.normal(1, 2, 11), rng.normal(size=11))
    question = ask(
        alternative="two-sided", exact="auto", n_resamples=9, confidence_level=0.95, seed=None
    )
    by_sums = permutation_test(
        *(pair.line.positions[some] for some in (pair.is_x, ~pair.is_x)), statistic="welch_t"
    )
    statistic = Studentised(
        labels=labels_of(pair), blocks=(mean_block(pair.line.positions, pair.is_x),)
    )
    listed = count_studentised(statistic, question, "T")
    error = by_sums.estimate / by_sums.statistic
    limits = studentised_limits(listed, question, search_counted(listed), value_at, error)
    assert (by_sums.algorithm, listed.algorithm) == ("meet in the middle", "enumeration")
    assert by_sums.p_value == listed.p_value("two-sided")
    assert (by_sums.ci_low, by_sums.ci_high) == pytest.approx((limits.low, limits.high), rel=1e-5)
    labels = labels_of(two_groups(range(5), range(6)))
    some = Studentised(labels=labels, blocks=(mean_block(np.arange(11.0) ** 2, labels.is_x),))
    halves = np.sort(np.concatenate(list(some.from_halves())))
    one_by_one = np.sort(np.concatenate([some.places(b) for b in every_arrangement(labels)]))
    assert halves == pytest.approx(one_by_one, abs=1e-12)


def test_draws_are_those_of_the_mean_difference_whatever_the_batch():
    pair = two_groups([4, 1, 7, 3], [2, 9, 5], ["a", "a", "b", "b", "a", "b", "b"])
    question = ask(
        alternative="two-sided", exact=False, n_resamples=50, confidence_level=None, seed=6
    )
    sums = draw_subsets(mean_design(pair), question, 6).sums[1:]
    for rows in (7, 50):
        batches = drawn_arrangements(labels_of(pair), 6, 50, batch_rows=rows)
        assert (np.concatenate(list(batches)) @ pair.line.positions).tolist() == sums.tolist()


def test_drawn_p_counts_the_observed_arrangement_and_can_stop():
    x, y = [4.0, 1.5, 7.2, 3.3], [2.1, 9.0, 5.4, 8.8, 6.1]
    drawn = welch(x, y, exact=False, n_resamples=199, seed=1)
    null = drawn.null_distribution
    beyond = (np.abs(null) >= abs(drawn.statistic) - 1e-9).sum()
    assert drawn.p_value == pytest.approx((beyond + 1) / 200)
    assert drawn.method == "199 draws"
    assert welch(x, y, exact=False, n_resamples=199, seed=1).ci_low == drawn.ci_low
    stopped = welch(x, y, exact=False, n_resamples=999, seed=1, stop_after=5)
    draws = int(stopped.method.split()[0])
    assert stopped.method.endswith("stopped at the 5th as extreme")
    assert stopped.p_value == pytest.approx(5 / draws)
    rejects = drawn.p_value < 0.05
    assert rejects == (drawn.ci_low > 0 or drawn.ci_high < 0)


def test_no_interval_ends_where_nothing_can_be_rejected():
    # 17 draws show no p below 1/18, and 2 v 2 none below 1/3: every mean difference is kept.
    drawn = welch([1.2, 3.4, 5.6, 2.2, 7.1], [2.5, 9.3, 6.1, 8.8, 9.9, 12.0], exact=False,
                  n_resamples=17, seed=3)  # fmt: skip
    assert (drawn.ci_low, drawn.ci_high) == (-inf, inf)
    assert drawn.warnings[0] == (
        "Too few draws were made (17) for a 95% interval: it is open on both sides. To have one, "
        "draw more (n_resamples)."
    )
    small = welch([1, 4], [2, 7])
    assert (small.ci_low, small.ci_high) == (-inf, inf)
    assert "This design has too few arrangements for a 95% interval" in small.warnings[0]
    # Of 20 arrangements one has the largest T: .05 is not below .05, and one draw shows nothing.
    one_sided = welch([1, 2, 3], [4, 6, 9], alternative="less")
    assert (one_sided.p_value, one_sided.ci_high) == (1 / 20, inf)


@pytest.mark.parametrize(
    ("n_resamples", "alternative"), [(1, "two-sided"), (19, "greater"), (39, "less")]
)
def test_drawn_intervals_cover_at_their_level(n_resamples, alternative):
    rng = np.random.default_rng(7)
    found = [
        welch(rng.normal(1, 1, 4), rng.normal(size=5), exact=False, n_resamples=n_resamples, seed=i,
              alternative=alternative)
        for i in range(100)
    ]  # fmt: skip
    # At 95% fewer than 89 of 100 have a chance of 1 in 200.
    assert sum(one.ci_low <= 1 <= one.ci_high for one in found) >= 89


def test_mid_p_keeps_what_lies_between_two_arrangements():
    # T is ±∞ in 2 of 6 arrangements and 0 in 4: mid-p of any T between them is 1/3, not below .2.
    found = welch([2, 1], [2, 1], mid_p=True, confidence_level=0.8)
    assert (found.ci_low, found.ci_high) == (-inf, inf)


@settings(max_examples=60)
@given(groups, st.sampled_from(ALTERNATIVES), st.sampled_from([0.5, 0.8, 0.9]))
def test_mid_p_interval_holds_all_that_mid_p_does_not_reject(pair, alternative, level):
    # Between two arrangements mid-p is p: the intervals are the same, but for limits at T itself.
    mid, whole = (
        welch(*pair, alternative=alternative, confidence_level=level, mid_p=flag)
        for flag in (True, False)
    )
    for one, other in ((mid.ci_low, whole.ci_low), (mid.ci_high, whole.ci_high)):
        assert one == pytest.approx(other, abs=1e-9, nan_ok=True) or isinf(other)


@settings(max_examples=40)
@given(
    st.integers(2, 5), st.data(), st.sampled_from(ALTERNATIVES), st.sampled_from([0.5, 0.8, 0.9]),
    st.booleans(),
)  # fmt: skip
def test_limits_along_the_curve_are_those_of_the_list(n, data, alternative, level, mid_p):
    values = data.draw(st.lists(small, min_size=2 * n, max_size=2 * n))
    options = {"alternative": alternative, "confidence_level": level, "mid_p": mid_p}
    listed = welch(values[:n], values[n:], **options)
    kept = []

    def curve(*given):
        kept.append(search_curve(*given))
        return kept[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(welch_statistic, "search_curve", curve)
        patch.setattr(welch_statistic, "search_list", lambda _: kept[0])
        counted = welch(values[:n], values[n:], **options)
    assert kept
    assert (counted.ci_low, counted.ci_high) == pytest.approx(
        (listed.ci_low, listed.ci_high), rel=1e-9, abs=1e-9, nan_ok=True
    )


def test_one_value_in_a_group_is_refused():
    with pytest.raises(StatisticsError) as told:
        welch([1], [2, 3])
    assert str(told.value) == (
        "Welch's t needs the variance of x, which has 1 value; allowed: at least 2. Use statistic "
        '"mean_difference" or "rank_sum", or add observations.'
    )
    with pytest.raises(StatisticsError, match=r"variance of y, which has 1 value in one block"):
        welch([1, 2, 3], [2, 3], blocks=["a", "a", "b", "a", "b"])


def test_exact_beyond_the_budget_is_refused_with_the_numbers():
    x, y = np.arange(9.0) ** 2, np.arange(10.0)
    with pytest.raises(StatisticsError, match=r"Welch's t of 9\.24e\+04 arrangements .* 0\.001 s"):
        welch(x, y, exact=True, budget=Budget(seconds=0.001, gibibytes=1))
    assert not welch(x, y, budget=Budget(seconds=0.001, gibibytes=1), seed=1).is_exact


def test_leaving_one_of_two_out_is_missing_and_said():
    found = leave_one_out_groups([1, 2], [2, 3, 7], statistic="welch_t")
    assert np.isnan(found.p_values).tolist() == [True, True, False, False, False]
    assert found.warnings == ("2 of 5 tests could not be made with one value less.",)
