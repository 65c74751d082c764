"""Many markers: against step-down by brute force, R, and the tests of one marker."""

import math
from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    Budget,
    correlation_permutation_test,
    max_t_test,
    paired_permutation_test,
    permutation_test,
)
from ketbio.statistics.markers import step_down
from ketbio.statistics.markers.marker_intervals import drawn_intervals

NAN = float("nan")

A = [7.1, 8.3, 9.0, 6.2, 8.8, 3.4, 2.9, 5.1, 4.6, 1.7, 6.5]
B = [1.2, 0.4, 2.2, 1.9, 0.8, 1.1, 0.3, 0.9, 1.4, 0.2, 0.5]
C = [5, 3, 4, 6, 2, 4, 5, 3, 2, 6, 1]
TABLE = np.array([A, B, C]).T
X, Y = TABLE[:5], TABLE[5:]


# -- brute force: plain formulas, one arrangement at a time --------------------------------------
def pooled_t(first, second):
    """Student's t of two lists; 0 where one is empty or there is no degree of freedom."""
    n, m = len(first), len(second)
    if min(n, m) == 0 or n + m < 3:
        return 0.0
    u, v = np.mean(first), np.mean(second)
    within = sum((a - u) ** 2 for a in first) + sum((b - v) ** 2 for b in second)
    if within < 1e-12:
        return math.copysign(math.inf, u - v) if abs(u - v) > 1e-12 else 0.0
    return (u - v) / math.sqrt(within / (n + m - 2) * (1 / n + 1 / m))


def one_sample_t(values):
    n = len(values)
    sd = np.std(values, ddof=1) if n > 1 else 0.0
    if n < 2 or not np.any(values):
        return 0.0
    return np.mean(values) / (sd / math.sqrt(n)) if sd > 1e-12 else math.inf * np.sign(values[0])


def t_of_r(u, v):
    if len(u) < 3 or np.ptp(u) < 1e-12 or np.ptp(v) < 1e-12:
        return 0.0
    r = np.corrcoef(u, v)[0, 1]
    left = 1 - r * r
    return r * math.sqrt((len(u) - 2) / left) if left > 1e-12 else math.copysign(math.inf, r)


def group_rows(table, n_x):
    """Every arrangement: one t per marker, from those of its values that are there."""
    for chosen in combinations(range(len(table)), n_x):
        is_x = np.isin(np.arange(len(table)), chosen)
        yield [
            pooled_t(column[is_x & ~np.isnan(column)], column[~is_x & ~np.isnan(column)])
            for column in table.T
        ]


def sign_rows(table):
    for signs in product([1, -1], repeat=len(table)):
        flipped = (table.T * signs).tolist()
        yield [one_sample_t([v for v in column if not math.isnan(v)]) for column in flipped]


def pairing_rows(table, outcome):
    for order in permutations(outcome):
        dealt = np.array(order)
        yield [t_of_r(c[~np.isnan(c)], dealt[~np.isnan(c)]) for c in table.T]


def nearly_at_least(values, edge):
    """At least the edge, values that are equal on paper counting as equal."""
    return values >= edge - 1e-9 * (1 + abs(edge) if math.isfinite(edge) else 0)


SIDES = {"two-sided": np.abs, "greater": np.positive, "less": np.negative}


def by_brute_force(rows, alternative="two-sided"):
    """Raw and step-down max T p values; the first arrangement is the observed one."""
    table = SIDES[alternative](np.array(list(rows)))
    observed = table[0]
    raw = [nearly_at_least(table[:, j], observed[j]).mean() for j in range(table.shape[1])]
    order = sorted(range(table.shape[1]), key=lambda j: -observed[j])
    adjusted, highest = np.empty(len(order)), 0.0
    for place, j in enumerate(order):
        joint = table[:, order[place:]].max(axis=1)
        highest = max(highest, nearly_at_least(joint, observed[j]).mean())
        adjusted[j] = highest
    return np.array(raw), adjusted


def min_p_by_brute_force(rows, alternative="two-sided"):
    table = SIDES[alternative](np.array(list(rows)))
    counts = np.array(
        [[nearly_at_least(column, one).sum() for one in column] for column in table.T]
    ).T
    order = sorted(range(table.shape[1]), key=lambda j: counts[0, j])
    adjusted, highest = np.empty(len(order)), 0.0
    for place, j in enumerate(order):
        joint = counts[:, order[place:]].min(axis=1)
        highest = max(highest, (joint <= counts[0, j]).mean())
        adjusted[j] = highest
    return counts[0] / len(table), adjusted


# -- reference values ----------------------------------------------------------------------------
def test_step_down_as_r_coin():
    # R 4, coin: g <- factor(rep(1:0, c(5, 6)), levels = 1:0); a, b, c as above
    #   m <- independence_test(a + b + c ~ g, teststat = "maximum",
    #                          distribution = approximate(nresample = 2e6))
    #   statistic(m, "standardized")           2.57765295691 1.43563467716 0.491869376838
    #   pvalue(m, method = "step-down")        0.0151755 0.3137615 0.731809 (drawn)
    # and counted over combn(11, 5) in base R:
    #   z <- apply(combn(11, 5), 2, function(i)
    #     abs(colSums(X[i, ]) - 5 * colMeans(X)) / sqrt(5 * 6 / 11 * apply(X, 2, var)))
    #   7, 145 and 338 of 462 step-down, 3, 82 and 338 of 462 each marker alone
    found = max_t_test(X, Y)
    assert found.p_adjusted * 462 == pytest.approx([7, 145, 338])
    assert found.p_values * 462 == pytest.approx([3, 82, 338])
    assert (found.method, found.is_exact, found.n_arrangements) == (
        "exact, 462 arrangements", True, 462,
    )  # fmt: skip
    z, df = np.array([2.57765295691, 1.43563467716, 0.491869376838]), 9
    assert found.statistics == pytest.approx(z * np.sqrt(df / (df + 1 - z**2)))
    assert found.order.tolist() == [0, 1, 2]
    assert found.n.tolist() == [[5, 6]] * 3


def test_statistic_is_students_t_as_r():
    # R: t.test(a[1:5], a[6:11], var.equal = TRUE)$statistic: 4.2213736839
    found = max_t_test(X, Y)
    assert found.statistics[0] == pytest.approx(pooled_t(A[:5], A[5:]))
    assert found.statistics[0] == pytest.approx(4.2213736839)
    assert found.estimates == pytest.approx([np.mean(A[:5]) - np.mean(A[5:]), 0.56667, 0.5], 1e-5)


def test_one_sided_p_is_one_sided():
    # MNE's permutation_t_test(tail=1) takes max|t| for every tail: .0157 (PEERS, B.5). Seven
    # differences above zero: one of 2**7 arrangements is as large.
    differences = [1.2, 0.7, 2.1, 0.4, 1.9, 0.8, 1.1]
    found = max_t_test(differences, design="pairs", alternative="greater")
    assert found.p_values[0] == found.p_adjusted[0] == 1 / 128 == 0.0078125
    both = max_t_test(differences, design="pairs")
    assert both.p_values[0] == 2 / 128
    joint = max_t_test(
        np.stack([differences, [0.2, -0.1, 0.3, 0.5, -0.6, 0.1, -0.2]], axis=1),
        design="pairs", alternative="greater",
    )  # fmt: skip
    assert joint.p_adjusted[0] == 1 / 128


# -- brute force ---------------------------------------------------------------------------------
def with_gaps(table, gaps):
    holed = np.array(table, dtype=float)
    for row, column in gaps:
        holed[row, column] = NAN
    return holed


SMALL = TABLE[[0, 1, 2, 5, 6, 7, 8]]
GAPS = [(0, 1), (4, 1), (5, 1), (6, 2), (0, 2)]
WHOLE_OR_NOT = [SMALL, with_gaps(SMALL, GAPS)]
TESTS = {"max_t": by_brute_force, "min_p": min_p_by_brute_force}


@pytest.mark.parametrize("method", TESTS)
@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("table", WHOLE_OR_NOT)
def test_two_groups_by_brute_force(table, alternative, method):
    found = max_t_test(table[:3], table[3:], alternative=alternative, method=method)
    raw, adjusted = TESTS[method](group_rows(table, 3), alternative)
    assert found.p_values == pytest.approx(raw)
    assert found.p_adjusted == pytest.approx(adjusted)


@pytest.mark.parametrize("method", TESTS)
@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("table", WHOLE_OR_NOT)
def test_pairs_by_brute_force(table, alternative, method):
    differences = table - [5.0, 0.8, 3.0]
    found = max_t_test(differences, design="pairs", alternative=alternative, method=method)
    raw, adjusted = TESTS[method](sign_rows(differences), alternative)
    assert found.p_values == pytest.approx(raw)
    assert found.p_adjusted == pytest.approx(adjusted)
    assert found.n[:, 0].tolist() == (~np.isnan(table)).sum(axis=0).tolist()


@pytest.mark.parametrize("method", TESTS)
@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("table", WHOLE_OR_NOT)
def test_pairings_by_brute_force(table, alternative, method):
    outcome = [30.0, 12, 25, 8, 14, 14, 9]
    table, outcome = table[:6], outcome[:6]
    found = max_t_test(table, outcome, design="pairings", alternative=alternative, method=method)
    raw, adjusted = TESTS[method](pairing_rows(table, outcome), alternative)
    assert found.method == "exact, 720 arrangements"
    assert found.p_values == pytest.approx(raw)
    assert found.p_adjusted == pytest.approx(adjusted)


def test_blocks_by_brute_force():
    # Site 0: participants 0, 1 (x) and 5, 6; site 1: 2 to 4 (x) and 7 to 10.
    blocks = [0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1]
    found = max_t_test(X, Y, blocks=blocks)
    site = np.array(blocks)
    members = [np.flatnonzero(site == one) for one in (0, 1)]
    deviations = TABLE.copy()
    for rows in members:
        deviations[rows] -= TABLE[rows].mean(axis=0)
    sums = np.array(
        [
            deviations[[*first, *second]].sum(axis=0)
            for first in combinations(members[0], 2)
            for second in combinations(members[1], 3)
        ]
    )
    z = sums / np.sqrt((sums**2).mean(axis=0))
    assert found.n_arrangements == len(z) == math.comb(4, 2) * math.comb(7, 3)
    raw, adjusted = by_brute_force(z)
    assert found.p_values == pytest.approx(raw)
    assert found.p_adjusted == pytest.approx(adjusted)
    assert found.statistics == pytest.approx(z[0])
    assert found.statistic_name == "z within blocks"


def test_blocks_with_a_gap_use_the_spread_that_is_there():
    blocks = [0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1]
    whole = max_t_test(X, Y, blocks=blocks)
    gap = np.column_stack([TABLE, TABLE[:, 0]])
    gap[3, 3] = NAN
    found = max_t_test(gap[:5], gap[5:], blocks=blocks)
    assert found.p_values[:3] == pytest.approx(whole.p_values)  # the complete ones are as before
    assert found.statistics[:3] == pytest.approx(whole.statistics)
    # The marker with the gap, over the arrangements of everyone, each with its own spread.
    site = np.array(blocks)
    there = ~np.isnan(gap[:, 3])
    z = []
    for first in combinations(np.flatnonzero(site == 0), 2):
        for second in combinations(np.flatnonzero(site == 1), 3):
            is_x = np.isin(np.arange(11), [*first, *second])
            above = variance = 0.0
            for one in (0, 1):
                rows = there & (site == one)
                values, n = gap[rows, 3], rows.sum()
                n_x = (is_x & rows).sum()
                above += gap[rows & is_x, 3].sum() - n_x * values.mean()
                variance += n_x * (n - n_x) / n * values.var(ddof=1)
            z.append(above / math.sqrt(variance))
    assert found.statistics[3] == pytest.approx(z[0])
    assert found.p_values[3] == pytest.approx((np.abs(z) >= abs(z[0]) - 1e-9).mean())


def test_pairings_within_blocks_by_brute_force():
    outcome = np.array([30.0, 12, 25, 8, 14, 20])
    table, site = TABLE[:6], np.array([0, 0, 0, 1, 1, 1])
    found = max_t_test(table, outcome, design="pairings", blocks=site)
    within = table.copy()
    for one in (0, 1):
        within[site == one] -= table[site == one].mean(axis=0)
    sums = np.array(
        [
            within.T @ np.array([*first, *second])
            for first in permutations(outcome[:3])
            for second in permutations(outcome[3:])
        ]
    )
    raw, adjusted = by_brute_force(sums / np.sqrt((sums**2).mean(axis=0)))
    assert found.p_values == pytest.approx(raw)
    assert found.p_adjusted == pytest.approx(adjusted)


# -- one marker ----------------------------------------------------------------------------------
@pytest.mark.parametrize("alternative", SIDES)
@pytest.mark.parametrize("exact", ["auto", False])
def test_one_marker_has_the_p_of_its_own_test(alternative, exact):
    how = {"alternative": alternative, "exact": exact, "n_resamples": 500, "seed": 4}
    alone = {**how, "confidence_level": None}
    for found, expected in [
        (max_t_test(A[:5], A[5:], **how), permutation_test(A[:5], A[5:], **alone)),
        (
            max_t_test(A[:5], A[5:], blocks=[0, 1] * 5 + [1], **how),
            permutation_test(A[:5], A[5:], blocks=[0, 1] * 5 + [1], **alone),
        ),
        (
            max_t_test(A[:6], C[:6], design="pairs", **how),
            paired_permutation_test(A[:6], C[:6], **alone),
        ),
        (
            max_t_test(B[:7], A[:7], design="pairings", **how),
            correlation_permutation_test(B[:7], A[:7], **alone),
        ),
    ]:
        assert found.p_values[0] == pytest.approx(expected.p_value)
        assert found.p_adjusted[0] == found.p_values[0]
        assert found.estimates[0] == pytest.approx(expected.estimate)
        assert found.method == expected.method


def test_t_and_standardised_sum_order_arrangements_alike():
    # With a complete marker beside one with a gap, t orders the arrangements of the complete one;
    # without gaps z does. Both must give the same p.
    holed = with_gaps(np.column_stack([TABLE, B]), [(0, 3)])
    with_t = max_t_test(holed[:5], holed[5:])
    with_z = max_t_test(X, Y)
    assert with_t.p_values[:3] == pytest.approx(with_z.p_values)
    assert with_t.statistics[:3] == pytest.approx(with_z.statistics)


# -- ties ----------------------------------------------------------------------------------------
def test_sums_that_are_equal_on_paper_are_ties():
    # .1 + .2 is not .3 in binary; the mirror arrangement is as extreme, on paper.
    x = np.array([[0.1, 1000.1], [0.2, 1000.2], [0.3, 1000.3]])
    y = np.array([[0.4, 1000.4], [0.5, 1000.5], [0.1 + 0.5, 1000.6]])
    found = max_t_test(x, y)
    assert found.p_values.tolist() == [0.1, 0.1]
    assert found.p_adjusted.tolist() == [0.1, 0.1]
    found = max_t_test(x + 1e6, y + 1e6)
    assert found.p_values.tolist() == [0.1, 0.1]


def test_same_marker_twice_costs_nothing():
    found = max_t_test(X[:, [0, 0, 0]], Y[:, [0, 0, 0]])
    assert found.p_adjusted == pytest.approx(np.full(3, 3 / 462))


# -- drawing -------------------------------------------------------------------------------------
DRAWN = [
    lambda **how: max_t_test(X, Y, exact=False, **how),
    lambda **how: max_t_test(X, Y, exact=False, blocks=[0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0], **how),
    lambda **how: max_t_test(TABLE - 3, design="pairs", exact=False, **how),
    lambda **how: max_t_test(TABLE[:, 1:], A, design="pairings", exact=False, **how),
    lambda **how: max_t_test(*np.split(with_gaps(TABLE, GAPS), [5]), exact=False, **how),
    lambda **how: max_t_test(X, Y, exact=False, method="min_p", **how),
]


@pytest.mark.parametrize("test", DRAWN)
def test_seed_gives_the_p_whatever_the_batches_and_workers(test, monkeypatch):
    found = test(seed=5, n_resamples=700)
    monkeypatch.setattr(step_down, "BATCH_ROWS", 97)
    monkeypatch.setattr(step_down, "BATCH_MARKERS", 2)
    monkeypatch.setattr(step_down, "MIN_P_NUMBERS", 1)
    again = test(seed=5, n_resamples=700, workers=3)
    assert again.p_values.tolist() == found.p_values.tolist()
    assert again.p_adjusted.tolist() == found.p_adjusted.tolist()
    assert (found.method, found.seed, found.is_exact) == ("700 draws", 5, False)
    assert again.p_floor == found.p_floor


@pytest.mark.parametrize("method", TESTS)
def test_drawn_p_is_near_the_exact_one_and_never_zero(method):
    exact = max_t_test(X, Y, method=method)
    drawn = max_t_test(X, Y, method=method, exact=False, n_resamples=20_000, seed=2)
    assert drawn.p_adjusted == pytest.approx(exact.p_adjusted, abs=0.015)
    far = max_t_test(TABLE + 100, TABLE, method=method, exact=False, n_resamples=99, seed=1)
    assert far.p_adjusted.tolist() == [0.01] * 3
    assert far.p_floor == 0.01


@pytest.mark.parametrize("method", ["max_t", "min_p"])
def test_a_drawn_adjusted_p_has_its_clopper_pearson_interval(method):
    table = np.column_stack([TABLE, np.ones(len(TABLE))])
    drawn = max_t_test(table[:5], table[5:], method=method, exact=False, n_resamples=499, seed=2)
    for p, interval in zip(drawn.p_adjusted[:3], drawn.p_adjusted_interval[:3], strict=True):
        found = stats.binomtest(round(500 * p) - 1, 499).proportion_ci(0.99, method="exact")
        assert interval.tolist() == pytest.approx([found.low, found.high])
    assert drawn.is_tested.tolist() == [True, True, True, False]
    assert np.isnan(drawn.p_adjusted_interval[3]).all()
    assert np.isnan(max_t_test(X, Y, method=method).p_adjusted_interval).all()


def test_a_drawn_interval_reaches_0_and_1():
    never, always = drawn_intervals(np.array([1, 100]), np.array([0, 1]), 99, 2)
    # R: binom.test(0, 99, conf.level = .99)$conf.int, and of 99 of 99
    assert never.tolist() == pytest.approx([0, 1 - 0.005 ** (1 / 99)])
    assert always.tolist() == pytest.approx([0.005 ** (1 / 99), 1])


def test_fresh_seed_is_recorded_and_repeats_the_result():
    first = max_t_test(X, Y, exact=False, n_resamples=300)
    again = max_t_test(X, Y, exact=False, n_resamples=300, seed=first.seed)
    assert first.p_adjusted.tolist() == again.p_adjusted.tolist()


def test_drawn_rows_with_equal_numbers_still_have_the_group_sizes(monkeypatch):
    from ketbio.statistics.markers import marker_arrangements  # noqa: PLC0415

    crowded = lambda seed, start, count, width: np.zeros((count, width))  # noqa: ARG005, E731
    monkeypatch.setattr(marker_arrangements, "uniform_batch", crowded)
    found = max_t_test(X, Y, exact=False, n_resamples=3, seed=1)
    # every draw is the first five: the observed arrangement, four times in all
    assert found.p_values.tolist() == [1.0] * 3


# -- properties ----------------------------------------------------------------------------------
tables = st.lists(
    st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3, 0.7, 1.5, 4.0, NAN]), min_size=3, max_size=3),
    min_size=6, max_size=7,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(list(SIDES)), st.sampled_from(list(TESTS)))
def test_random_small_tables_by_brute_force(rows, alternative, method):
    table = np.array(rows)
    found = max_t_test(table[:3], table[3:], alternative=alternative, method=method)
    assert ((found.p_adjusted >= found.p_values) & (found.p_adjusted <= 1)).all()
    assert (np.diff(found.p_adjusted[found.order]) >= 0).all()
    assert (found.p_values >= 1 / found.n_arrangements).all()
    assert found.p_adjusted.min() >= found.p_floor
    all_tested = not any("could not be tested" in sentence for sentence in found.warnings)
    if alternative == "two-sided" or all_tested:
        raw, adjusted = TESTS[method](group_rows(table, 3), alternative)
        assert found.p_values == pytest.approx(raw)
        assert found.p_adjusted == pytest.approx(adjusted)


@settings(max_examples=40, deadline=None)
@given(tables, st.randoms(use_true_random=False), st.sampled_from([0.0, 3.0, 1e5]))
def test_order_of_rows_and_markers_and_constants_change_nothing(rows, random, constant):
    table = np.array(rows)
    found = max_t_test(table[:3], table[3:])
    markers = random.sample(range(3), 3)
    x, y = random.sample(range(3), 3), random.sample(range(3, len(table)), len(table) - 3)
    again = max_t_test(table[x][:, markers] + constant, table[y][:, markers] + constant)
    assert again.p_adjusted == pytest.approx(found.p_adjusted[markers])
    assert again.p_values == pytest.approx(found.p_values[markers])
    swapped = max_t_test(table[3:], table[:3])
    assert swapped.p_adjusted == pytest.approx(found.p_adjusted)
    one_side = max_t_test(table[:3], table[3:], alternative="less")
    mirrored = max_t_test(table[3:], table[:3], alternative="greater")
    assert one_side.p_adjusted == pytest.approx(mirrored.p_adjusted)


def test_every_family_wise_error_is_at_most_alpha_under_the_null():
    # The whole reference set: each arrangement taken for the observed one in turn.
    table = with_gaps(SMALL, [(0, 1), (4, 2)])
    smallest = []
    for chosen in combinations(range(7), 3):
        rest = [i for i in range(7) if i not in chosen]
        smallest.append(max_t_test(table[list(chosen)], table[rest]).p_adjusted.min())
    for alpha in sorted(set(smallest)):
        assert np.mean(np.array(smallest) <= alpha) <= alpha + 1e-12
    assert min(smallest) == pytest.approx(max_t_test(table[:3], table[3:]).p_floor)


# -- markers that show nothing -------------------------------------------------------------------
def test_markers_that_cannot_be_tested_have_p_1_and_a_sentence():
    constant = np.full(11, 0.3)
    constant[4] = 0.1 + 0.2
    one_group = np.where(np.arange(11) < 5, NAN, C)
    nobody = np.full(11, NAN)
    for alternative in SIDES:
        table = np.column_stack([A, constant, one_group, nobody])
        found = max_t_test(table[:5], table[5:], alternative=alternative)
        assert found.p_values[1:].tolist() == found.p_adjusted[1:].tolist() == [1.0] * 3
        assert found.statistics[1:].tolist() == [0.0] * 3
        assert sorted(found.order.tolist()) == [0, 1, 2, 3]
        assert found.n.tolist() == [[5, 6], [5, 6], [0, 6], [0, 0]]
        assert (
            "3 markers could not be tested and got p = 1 (2, 3, 4): "
            "constant, without values in a group, or with too few values."
        ) in found.warnings


def test_constant_marker_leaves_the_others_as_they_are():
    for alternative in SIDES:
        found = max_t_test(
            np.column_stack([X, np.ones(5)]), np.column_stack([Y, np.ones(6)]),
            alternative=alternative,
        )  # fmt: skip
        alone = max_t_test(X, Y, alternative=alternative)
        assert found.p_adjusted[:3].tolist() == alone.p_adjusted.tolist()


def test_nothing_but_constants_is_a_result_with_p_1():
    found = max_t_test(np.zeros((4, 2)), design="pairs")
    assert found.p_adjusted.tolist() == [1.0, 1.0]
    assert found.p_floor == 1.0
    assert "The smallest adjusted p value" in found.warnings[-1]


def test_missing_values_are_counted_and_told():
    table = with_gaps(TABLE, GAPS)
    found = max_t_test(table[:5], table[5:])
    assert found.n.tolist() == [[5, 6], [3, 5], [4, 5]]
    assert found.warnings == (
        "2 of 3 markers have missing values (2 to 3 of 11 participants); each statistic is formed "
        "from those that are there in each arrangement.",
    )


def test_blocks_that_do_nothing_are_told():
    found = max_t_test(X, Y, blocks=[0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2])
    assert found.warnings[0].startswith("2 blocks hold values of one group only")
    pairs = max_t_test(X, design="pairs", blocks=[0, 0, 1, 1, 1])
    assert pairs.warnings[0].startswith("Blocks change nothing here")


def test_smallest_p_that_cannot_be_significant_is_told():
    found = max_t_test(X[:2], Y[:2])
    assert found.p_floor == pytest.approx(1 / 3)
    assert found.warnings == (
        "The smallest adjusted p value that these arrangements can give is .33, not below 0.05: "
        "no marker can be significant at that level.",
    )


# -- refusals ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"design": "pair"}, "design is 'pair'; .*Did you mean 'pairs'"),
        ({"method": "maxt"}, "method is 'maxt'; .*Did you mean 'max_t'"),
        ({"alternative": "two-sided-doubled"}, "alternative is 'two-sided-doubled'; allowed"),
        ({"workers": 0}, "workers is 0; allowed: a whole number of threads from 1 to 256"),
        ({"workers": True}, "workers is True"),
        ({"n_resamples": 0}, "n_resamples is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"budget": 3}, "budget is 3"),
        ({"exact": "yes"}, "exact is 'yes'"),
        ({"y": None}, "y is None; allowed with this design: the markers of the second group"),
        ({"y": Y[:, :2]}, r"x has shape \(5, 3\) and y has \(6, 2\); allowed: the same markers"),
        ({"design": "pairs"}, "one row per participant in both"),
        ({"design": "pairings", "y": None}, "y is None; allowed with this design: the outcome"),
        ({"design": "pairings", "y": [1, 2]}, "x has 5 participants and y has 2 values"),
        ({"design": "pairings", "y": [1, 2, NAN, 3, 4]}, "y holds 1 value that is not finite"),
        ({"design": "pairings", "y": [2] * 5}, "y is the same in every participant"),
        ({"x": np.empty((0, 3))}, r"x has shape \(0, 3\); allowed: \(participants, markers\)"),
        ({"x": np.zeros((2, 2, 2))}, r"x has shape \(2, 2, 2\)"),
        ({"x": [[1, 2], [3]]}, "x cannot be read as a table of numbers"),
        ({"x": [["1", "2", "3"]]}, "x holds text"),
        ({"x": [[True, False, True]]}, "x holds true/false values"),
        ({"x": [[1, None, 2]]}, "x holds values of type object"),
        ({"x": [[1, 2, 3], [1, math.inf, 2]]}, "x is infinite at participant 2, marker 2"),
        ({"x": [[2**60, 2, 3]]}, "x holds the whole number"),
        ({"x": np.ma.masked_equal([[1, 2, 3]], 2)}, "x is a masked array that hides 1"),
        ({"blocks": [0, 1]}, r"blocks has shape \(2,\); allowed: \(11,\)"),
    ],
)
def test_what_cannot_be_used_is_refused(given, message):
    arguments = {"x": X, "y": Y} | given
    with pytest.raises(StatisticsError, match=message):
        max_t_test(arguments.pop("x"), arguments.pop("y"), **arguments)


def test_exact_beyond_the_budget_is_refused_with_the_numbers():
    with pytest.raises(StatisticsError, match="exact is True, and 462 arrangements of 11 part"):
        max_t_test(X, Y, exact=True, budget=Budget(seconds=0, gibibytes=1))
    wide = np.arange(140.0).reshape(70, 2)
    with pytest.raises(StatisticsError, match=r"more than 2\*\*62 arrangements of 70 .* cannot be"):
        max_t_test(wide, design="pairs", exact=True, budget=Budget(seconds=1e9, gibibytes=1e9))
    large = np.random.default_rng(1).normal(size=(80, 2))
    assert max_t_test(large, design="pairs", n_resamples=50, seed=1).method == "50 draws"


def test_arrays_cannot_be_written():
    found = max_t_test(X, Y)
    for name in ("statistics", "estimates", "p_values", "p_adjusted", "order", "n"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(found, name)[0] = 0
