"""Correlations over every pairing, within blocks and without, against every pairing written out."""

import math
from collections import Counter
from fractions import Fraction
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from ketbio.errors import StatisticsError
from ketbio.statistics import Budget, correlation_permutation_test, leave_one_out_correlation
from ketbio.statistics.counting.questions import ask
from ketbio.statistics.pairings.kendall import kendall_tails
from ketbio.statistics.pairings.paired_values import pairings_of
from ketbio.statistics.pairings.pairing_floors import at_least_by_ties
from ketbio.statistics.pairings.product_designs import product_design
from ketbio.statistics.pairings.product_pairings import METHODS

ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]
rng = np.random.default_rng(20260102)


def bent(values, block):
    """Percentage-bend scores by Wilcox's recipe, in fractions; values from their block's median."""
    values = [
        v - Fraction(np.median([w for w, c in zip(values, block, strict=True) if c == b]))
        for v, b in zip(values, block, strict=True)
    ]
    middle = Fraction(np.median([float(v) for v in values]))
    omega = sorted(abs(v - middle) for v in values)[
        math.floor(Fraction(8 * len(values) + 5, 10)) - 1
    ]
    assume(omega > 0)
    psi = [(v - middle) / omega for v in values]
    low, high = sum(p < -1 for p in psi), sum(p > 1 for p in psi)
    kept = sum((v for v, p in zip(values, psi, strict=True) if abs(p) <= 1), Fraction(0))
    location = (kept + omega * (high - low)) / (len(values) - low - high)
    return [max(Fraction(-1), min(Fraction(1), (v - location) / omega)) for v in values]


def ranked(values, block):
    return [
        Fraction(1 + 2 * sum(w < v for w in mine) + sum(w == v for w in mine), 2)
        for v, b in zip(values, block, strict=True)
        for mine in [[w for w, c in zip(values, block, strict=True) if c == b]]
    ]


SCORES = {
    "pearson": lambda values, _: values,
    "spearman": ranked,
    "percentage_bend": bent,
    "kendall": lambda values, _: values,
}


def concordance(x, y, block):
    sign = lambda a, b: (a > b) - (a < b)  # noqa: E731
    return Fraction(
        sum(
            sign(x[i], x[j]) * sign(y[i], y[j])
            for i in range(len(x))
            for j in range(i)
            if block[i] == block[j]
        )
    )


def every_statistic(x, y, block, statistic):
    """T of every pairing within blocks, the observed one first, exactly."""
    x, y = ([Fraction(v) for v in side] for side in (x, y))
    a, b = (SCORES[statistic](side, block) for side in (x, y))
    places = [[i for i, c in enumerate(block) if c == label] for label in dict.fromkeys(block)]
    found = []
    for orders in product(*(permutations(mine) for mine in places)):
        dealt = list(b)
        for mine, order in zip(places, orders, strict=True):
            for place, origin in zip(mine, order, strict=True):
                dealt[place] = b[origin]
        if statistic == "kendall":
            found.append(concordance(a, dealt, block))
        else:
            found.append(sum(p * q for p, q in zip(a, dealt, strict=True)))
    return found


def brute_p(every, alternative, *, weight=Fraction(1), among=None):
    """Share of pairings at least as extreme as the first; those as extreme count ``weight``."""
    observed, ways = every[0], Counter(every if among is None else among)
    n = ways.total()
    mean = sum(v * count for v, count in ways.items()) / n

    def share(far_of):
        edge = far_of(observed)
        beyond = sum(count for v, count in ways.items() if far_of(v) > edge)
        return (beyond + weight * sum(c for v, c in ways.items() if far_of(v) == edge)) / n

    upper = share(lambda v: v)
    lower = share(lambda v: -v)
    return {
        "two-sided": share(lambda v: abs(v - mean)),
        "greater": upper,
        "less": lower,
        "two-sided-doubled": min(Fraction(1), 2 * min(upper, lower)),
    }[alternative]


def usable(x, y, block):
    parts = [[i for i, c in enumerate(block) if c == label] for label in set(block)]
    return all(any(len({side[i] for i in part}) > 1 for part in parts) for side in (x, y))


tied = st.integers(-2, 3)
blocked_pairs = st.lists(st.tuples(tied, tied, st.integers(0, 2)), min_size=3, max_size=6).filter(
    lambda rows: usable(*zip(*rows, strict=True))
)
statistics = st.sampled_from(sorted(SCORES))
alternatives = st.sampled_from(ALTERNATIVES)


def plain(x, y, **options):
    return correlation_permutation_test(x, y, confidence_level=None, **options)


@given(blocked_pairs, statistics, alternatives, st.booleans())
def test_p_is_the_share_of_pairings(rows, statistic, alternative, within):
    x, y, block = zip(*rows, strict=True)
    block = block if within else (0,) * len(x)
    assume(usable(x, y, block))
    every = every_statistic(x, y, block, statistic)
    options = {"statistic": statistic, "alternative": alternative, "blocks": block}
    found = plain(x, y, **options)
    assert found.p_value == pytest.approx(float(brute_p(every, alternative)), rel=1e-13)
    assert found.n_arrangements == len(every) == found.null_distribution.size
    half = plain(x, y, **options, mid_p=True)
    wanted = brute_p(every, alternative, weight=Fraction(1, 2))
    assert half.p_value == pytest.approx(float(wanted), rel=1e-13)
    assert half.method.endswith("mid-p")
    p_of = {v: brute_p([v, *every], alternative, among=every) for v in set(every)}
    assert found.p_floor == pytest.approx(float(min(p_of.values())), rel=1e-13)
    rejected = sum(p_of[v] < Fraction(1, 20) for v in every)
    assert found.true_size == pytest.approx(rejected / len(every), abs=1e-13)


@given(blocked_pairs, statistics)
def test_the_two_tails_share_the_observed_value_only(rows, statistic):
    x, y, block = zip(*rows, strict=True)
    every = every_statistic(x, y, block, statistic)
    less, greater = (
        plain(x, y, statistic=statistic, blocks=block, alternative=side).p_value
        for side in ("less", "greater")
    )
    equal = sum(v == every[0] for v in every) / len(every)
    assert less + greater - equal == pytest.approx(1, rel=1e-12)


@given(blocked_pairs, statistics, alternatives, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_the_names_of_blocks_change_nothing(
    rows, statistic, alternative, random
):
    x, y, block = zip(*rows, strict=True)
    every_statistic(x, y, block, statistic)  # leaves out what cannot be bent
    shuffled = random.sample(rows, len(rows))
    options = {"statistic": statistic, "alternative": alternative}
    one = plain(x, y, blocks=block, **options)
    x, y, block = zip(*shuffled, strict=True)
    other = plain(x, y, blocks=[f"site {b}" for b in block], **options)
    assert one.p_value == pytest.approx(other.p_value, rel=1e-12)
    assert one.statistic == pytest.approx(other.statistic, rel=1e-12, abs=1e-12)


MIRRORED = {"less": "greater", "greater": "less"}


@given(blocked_pairs, statistics, alternatives)
def test_negating_y_mirrors(rows, statistic, alternative):
    x, y, block = zip(*rows, strict=True)
    every_statistic(x, y, block, statistic)
    one = plain(x, y, statistic=statistic, blocks=block, alternative=alternative)
    other = plain(
        x,
        [-v for v in y],
        statistic=statistic,
        blocks=block,
        alternative=MIRRORED.get(alternative, alternative),
    )
    assert one.p_value == pytest.approx(other.p_value, rel=1e-12)
    assert one.statistic == pytest.approx(-other.statistic, rel=1e-12, abs=1e-12)


@given(blocked_pairs, statistics, alternatives)
def test_one_block_is_no_block(rows, statistic, alternative):
    x, y, _ = zip(*rows, strict=True)
    assume(usable(x, y, [0] * len(x)))
    every_statistic(x, y, [0] * len(x), statistic)
    options = {"statistic": statistic, "alternative": alternative, "n_resamples": 99, "seed": 1}
    one = correlation_permutation_test(x, y, blocks=["gel 1"] * len(x), **options)
    other = correlation_permutation_test(x, y, **options)
    assert (one.p_value, one.statistic_name) == (other.p_value, other.statistic_name)
    assert one.statistic == other.statistic
    assert [one.ci_low, one.ci_high] == pytest.approx([other.ci_low, other.ci_high], nan_ok=True)


# By hand. Block A: x 1 2 3 with y 1 3 2; block B: x 0 4 with y 5 9. T − E T is
# −1·1 + 0·3 + 1·2 = 1 in A (of 2, 1, 1, −1, −1, −2) and ½·4·4 = 8 in B (of 8, −8): of the 12
# sums 10, 9 and 9 are at least 9, and as many at most −9.
def test_two_small_blocks_by_hand():
    x, y, block = [1, 2, 3, 0, 4], [1, 3, 2, 5, 9], list("AAABB")
    found = plain(x, y, blocks=block)
    assert found.p_value == 6 / 12
    assert plain(x, y, blocks=block, alternative="greater").p_value == 3 / 12
    assert found.p_floor == 2 / 12
    assert found.statistic == pytest.approx(9 / 10)  # 9/√(2 + 8)²
    assert found.statistic_name == found.estimate_name == "Pearson r within blocks"


X, Y = [2.1, 3.4, 1.9, 5.6, 4.4, 3.8, 9.7], [1.2, 2.1, 3.3, 4.7, 2.9, 1.1, 5.5]
BLOCKS = [1, 1, 1, 2, 2, 2, 2]


# R, all 3!·4! orders i within b: cw <- function(v) v - ave(v, b); r_i <- cor(cw(x), cw(y_i)),
# with ave(x, b, FUN = rank) in place of x for Spearman; tau_b from the pairs of one block;
# mean(abs(r_i) >= abs(r) - 1e-12), mean(r_i >= r - 1e-12)
@pytest.mark.parametrize(
    ("statistic", "value", "two_sided", "greater"),
    [
        ("pearson", 0.728955411767422, 0.145833333333333, 0.041666666666667),
        ("spearman", 0.571428571428571, 0.291666666666667, 0.145833333333333),
        ("kendall", 0.555555555555556, 0.263888888888889, 0.131944444444444),
    ],
)
def test_within_blocks_as_brute_force_in_r(statistic, value, two_sided, greater):
    options = {"statistic": statistic, "blocks": BLOCKS}
    found = correlation_permutation_test(X, Y, **options)
    assert found.statistic == pytest.approx(value, rel=1e-12)
    assert found.p_value == pytest.approx(two_sided, rel=1e-12)
    one = correlation_permutation_test(X, Y, **options, alternative="greater")
    assert one.p_value == pytest.approx(greater, rel=1e-12)


def test_the_interval_within_blocks_is_that_of_a_partial_correlation():
    # R: r <- cor(resid(lm(y ~ b)), resid(lm(x ~ b)))
    # tanh(atanh(r) + c(-1, 1)*qnorm(.975)/sqrt(7 - 1 - 3))
    found = correlation_permutation_test(X, Y, blocks=BLOCKS)
    assert found.ci_low == pytest.approx(-0.202263089606656, rel=1e-9)
    assert found.ci_high == pytest.approx(0.967909303311149, rel=1e-9)
    assert found.ci_method == "Fisher z, partial"


@pytest.mark.parametrize(
    ("statistic", "name"), [("spearman", "Spearman rho"), ("kendall", "Kendall tau-b")]
)
def test_no_interval_within_blocks_is_said(statistic, name):
    found = correlation_permutation_test(X, Y, blocks=BLOCKS, statistic=statistic)
    assert math.isnan(found.ci_low)
    assert f"There is no interval of {name} within blocks." in found.warnings


def counted_by(method, design):
    question = ask(
        alternative="two-sided", exact=True, n_resamples=9, confidence_level=None, seed=None
    )
    return METHODS[method].count(design, question)


@pytest.mark.parametrize("blocks", [[0] * 8, [0, 0, 0, 1, 1, 1, 1, 2], [0, 0, 0, 0, 0, 0, 0, 1]])
@pytest.mark.parametrize("highest", [3, 40])
def test_every_method_counts_the_same(blocks, highest):
    x, y = rng.integers(0, highest, (2, 8)) + np.eye(2, 8)
    design = product_design(x, y, np.array(blocks))
    every = [counted_by(method, design) for method in METHODS]
    thresholds = every[0].tails.values
    for threshold in (*thresholds[:: max(1, thresholds.size // 9)], 0.0, every[0].observed):
        for strict in (False, True):
            listed, halved, tallied = (
                [float(n) for n in one.tails.both(threshold, threshold, strict=strict)]
                for one in every
            )
            assert listed == halved == tallied
    assert every[2].tails.n_counted == sum(every[2].tails.ways) == every[0].tails.values.size
    ends = [[float(end) for end in one.tails.extremes()] for one in every]
    assert ends[0] == ends[1] == ends[2]


def test_real_values_in_blocks_meet_in_the_middle_as_listed():
    x, y = rng.normal(size=(2, 12))
    blocks = np.repeat([0, 1, 2], [5, 5, 2])
    listed = counted_by("enumeration", product_design(x, y, blocks))
    found = plain(x, y, blocks=blocks)
    assert (found.algorithm, found.n_arrangements) == ("enumeration", 120 * 120 * 2)
    assert listed.p_value("two-sided") == found.p_value
    blocks = np.repeat([0, 1, 2], [5, 5, 3])
    x, y = rng.normal(size=(2, 13))
    listed = counted_by("enumeration", product_design(x, y, blocks))
    found = plain(x, y, blocks=blocks)
    assert (found.algorithm, found.n_arrangements) == ("meet in the middle", 120 * 120 * 6)
    assert listed.p_value("two-sided") == pytest.approx(found.p_value, rel=1e-14)


def test_nine_values_of_one_block_are_listed_one_by_one_first():
    x, y = rng.normal(size=(2, 12))
    blocks = np.repeat([0, 1], [9, 3])
    tails = counted_by("meet in the middle", product_design(x, y, blocks)).tails
    assert tails.n_counted == math.factorial(9) * 6
    assert tails.at_least(-math.inf) == tails.n_counted
    assert tails.at_least(0.0) + tails.at_most(0.0) == tails.n_counted


@pytest.mark.parametrize("side", [0, 1])
def test_kendall_with_ties_as_listed_from_either_side(side):
    values = [[1, 1, 2, 2, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6]]
    x, y = values[side], values[1 - side]
    tails = kendall_tails(pairings_of(x, y))
    every = [concordance(x, order, [0] * 7) for order in permutations(y)]
    assert sum(tails.ways) == math.factorial(7)
    for value, ways in zip(tails.values, tails.ways, strict=True):
        assert ways == every.count(value)


def test_kendall_with_ties_is_exact_where_enumeration_is_not():
    x = [1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 9, 10, 11, 12]
    y = [3, 1, 2, 4, 4, 6, 5, 9, 7, 8, 10, 12, 11, 13]
    found = plain(x, y, statistic="kendall")
    assert found.is_exact
    assert found.n_arrangements == math.factorial(14)
    # Kendall (1970, § 4): the variance of S with ties, from every order.
    tails = kendall_tails(pairings_of(x, y))
    variance = sum(w * v**2 for w, v in zip(tails.ways, tails.values, strict=True)) / sum(
        tails.ways
    )
    n = 14
    by_ties = [
        sum(f(int(c)) for c in np.unique(side, return_counts=True)[1])
        for side in (x, y)
        for f in (
            lambda t: t * (t - 1) * (2 * t + 5),
            lambda t: t * (t - 1) * (t - 2),
            lambda t: t * (t - 1),
        )
    ]
    expected = (
        (n * (n - 1) * (2 * n + 5) - by_ties[0] - by_ties[3]) / 18
        + by_ties[1] * by_ties[4] / (9 * n * (n - 1) * (n - 2))
        + by_ties[2] * by_ties[5] / (2 * n * (n - 1))
    )
    assert variance == pytest.approx(expected, rel=1e-12)


def test_ranks_beyond_fourteen_pairs_are_exact():
    x, y = rng.normal(size=(2, 15))
    found = plain(x, y, statistic="spearman")
    assert (found.algorithm, found.is_exact) == ("shift algorithm", True)
    drawn = plain(x, y, statistic="spearman", exact=False, seed=1)
    assert drawn.p_interval[0] <= found.p_value <= drawn.p_interval[1]


@given(blocked_pairs, statistics, alternatives)
def test_the_floor_of_draws_within_blocks_is_the_counted_one(rows, statistic, alternative):
    x, y, block = zip(*rows, strict=True)
    every_statistic(x, y, block, statistic)
    options = {"statistic": statistic, "alternative": alternative, "blocks": block}
    drawn = plain(x, y, **options, exact=False, n_resamples=999, seed=1)
    assert drawn.p_floor == pytest.approx(plain(x, y, **options).p_floor, rel=1e-12)


@pytest.mark.parametrize("statistic", sorted(SCORES))
@pytest.mark.parametrize("blocks", [None, np.arange(40) // 10])
def test_drawing_stops_and_says_so(statistic, blocks):
    x, y = rng.normal(size=(2, 40))
    options = {"statistic": statistic, "blocks": blocks, "exact": False, "seed": 3}
    found = plain(x, y, **options, stop_after=20)
    every = plain(x, y, **options)
    assert "stopped at the 20th as extreme" in found.method
    drawn = int(found.method.split()[0].replace(",", ""))
    assert found.p_value == pytest.approx(20 / drawn, rel=1e-12)
    assert found.p_interval[0] < every.p_value < found.p_interval[1]
    assert "stopped" not in every.method
    # So many are not as extreme among all draws: nothing is stopped.
    whole = plain(x, y, **options, stop_after=9_999)
    assert (whole.method, whole.p_value) == (every.method, every.p_value)
    half = plain(x, y, **options, mid_p=True)
    assert half.p_value < every.p_value


def test_a_budget_of_nothing_draws_and_exact_is_refused_with_its_cost():
    x, y = rng.normal(size=(2, 10))
    nothing = Budget(seconds=0, gibibytes=0)
    assert plain(x, y, budget=nothing, seed=1).algorithm == "Monte Carlo"
    for statistic in SCORES:
        with pytest.raises(StatisticsError, match=r"^exact is True, and every pairing of 10 pairs"):
            plain(x, y, budget=nothing, exact=True, statistic=statistic)
    small = Budget(seconds=0.01, gibibytes=1)
    with pytest.raises(StatisticsError, match="20 pairs in 2 blocks would take about"):
        plain(*rng.normal(size=(2, 20)), blocks=np.arange(20) // 10, exact=True, budget=small)


def test_the_default_budgets_count_14_real_pairs_and_16_when_told():
    x, y = rng.normal(size=(2, 17))
    costs = {
        n: METHODS["meet in the middle"].cost(product_design(x[:n], y[:n], np.zeros(n, dtype=int)))
        for n in (14, 15, 16, 17)
    }
    assert costs[14].seconds < 5 < costs[15].seconds
    assert costs[16].seconds < 300 < costs[17].seconds
    # Held for all deals: the sums of every set of 7 of the 16 in every order, for either half.
    assert costs[16].gibibytes == pytest.approx(2 * 8 * 11_440 * 5_040 / 2**30, rel=0.02)
    with pytest.raises(StatisticsError) as caught:
        plain(x, y, exact=True)
    assert str(caught.value) == (
        "exact is True, and every pairing of 17 pairs would take about 392 s and 0.23 GiB by the "
        'cheapest exact method; allowed: 300 s and 3 GiB. Give exact="auto" or exact=False to '
        "draw arrangements instead, or a larger budget."
    )


def test_blocks_that_add_nothing_are_said():
    found = plain([1, 2, 3, 5, 5, 9], [2, 1, 3, 1, 2, 0], blocks=list("AAABBC"))
    assert found.n_arrangements == 12
    assert found.warnings[0] == (
        "2 blocks hold one pair or one value of x or y only: nothing can be exchanged there that "
        "would change the correlation."
    )
    alone = plain([1, 2, 3, 4], [2, 1, 3, 3], blocks=list("AAAB"))
    assert alone.warnings[0].startswith("1 block holds one pair")


def test_x_varies_in_one_block_and_y_in_the_other():
    found = plain([1, 2, 3, 3], [5, 5, 1, 2], blocks=[0, 0, 1, 1])
    assert (found.p_value, found.statistic) == (1, 0)
    assert "Every arrangement gives the same statistic, so p is 1." in found.warnings


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        (
            [0, 1, 2, 3],
            "x is constant within each of 4 blocks; allowed: values that differ within a block, "
            "since only these are compared. Leave the blocks or the test out of the plan.",
        ),
        ([0, 1], "blocks has shape (2,); allowed: (4,), one label per pair."),
        (
            [0, None, 1, 1],
            "blocks holds a missing label; allowed: a label for every value. Name the block or "
            "leave the value out.",
        ),
    ],
)
def test_blocks_that_cannot_be_used_are_refused(blocks, said):
    with pytest.raises(StatisticsError) as caught:
        plain([1, 2, 3, 4], [2, 1, 3, 5], blocks=blocks)
    assert str(caught.value) == said


def test_what_p_is_at_least_where_equal_values_are_exchanged():
    x, y = np.array([1.0, 1, 2]), np.array([1.0, 2, 3])
    assert at_least_by_ties([(x, y)]) == 2 / 6
    assert at_least_by_ties([(x, y), (y, x), (x, x)]) == pytest.approx((2 / 6) ** 3)


def test_thousands_of_pairs_are_drawn():
    x, y = rng.normal(size=(2, 2_000))
    for blocks in (None, np.arange(2_000) // 5):
        found = plain(x, y, blocks=blocks, n_resamples=99, seed=1)
        assert found.method == "99 draws"


def test_leave_one_out_within_blocks():
    found = leave_one_out_correlation(X, Y, blocks=BLOCKS)
    for place in (0, 6):
        x, y, block = (np.delete(side, place) for side in (X, Y, BLOCKS))
        one = plain(x, y, blocks=block)
        assert found.p_values[place] == one.p_value
        assert found.estimates[place] == one.estimate
    assert found.estimate_name == "Pearson r within blocks"


def test_scipy_agrees_on_tau_and_rho():
    x, y = rng.integers(0, 6, (2, 12))
    kendall, spearman = (plain(x, y, statistic=one).statistic for one in ("kendall", "spearman"))
    assert kendall == pytest.approx(stats.kendalltau(x, y).statistic, rel=1e-12)
    assert spearman == pytest.approx(stats.spearmanr(x, y).statistic, rel=1e-12)
