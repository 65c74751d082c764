"""Values above limits, alone and beside values below: mirror images, and every order."""

from fractions import Fraction
from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import censored_permutation_test, gehan_scores, peto_scores

ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]
MIRRORED = {"less": "greater", "greater": "less"}


def sample(*marks):
    """Levels and sides of values, or of limits where written with ``<`` or ``>``."""
    return [(float(str(mark).lstrip("<>")), str(mark)[0] if str(mark)[0] in "<>" else "")
            for mark in marks]  # fmt: skip


def parts(both):
    levels, sides = zip(*both, strict=True)
    return levels, [one == "<" for one in sides], [one == ">" for one in sides]


def found_by(x, y, **words):
    (a, a_below, a_above), (b, b_below, b_above) = parts(x), parts(y)
    return censored_permutation_test(
        a, b, x_below=a_below, y_below=b_below, x_above=a_above, y_above=b_above, **words
    )


def certainly_higher(one, other):
    """Whether no value that ``one`` can have is as low as one that ``other`` can have."""
    (level, side), (other_level, other_side) = one, other
    if side == "<" or other_side == ">":
        return False
    strict = side == ">" or other_side == "<"
    return level > other_level or (strict and level == other_level)


def orders(both):
    """Yield the centred ranks of every order: what is observed and equal ties, nothing else does.

    An order is possible if nobody stands before somebody who is certainly lower.
    """
    items = {}
    for place, (level, side) in enumerate(both):
        items.setdefault((level,) if not side else (level, place), []).append(place)
    tied = list(items.values())
    for order in permutations(tied):
        if any(
            certainly_higher(both[order[i][0]], both[order[j][0]])
            for i in range(len(order))
            for j in range(i + 1, len(order))
        ):
            continue
        ranks, before = [0] * len(both), 0
        for item in order:
            for place in item:
                ranks[place] = 2 * before + len(item) - len(both)
            before += len(item)
        yield tuple(ranks)


def p_of(sums, observed, alternative):
    upper = Fraction(sum(total >= observed for total in sums), len(sums))
    lower = Fraction(sum(total <= observed for total in sums), len(sums))
    both = Fraction(sum(abs(total) >= abs(observed) for total in sums), len(sums))
    doubled = min(Fraction(1), 2 * min(upper, lower))
    return float({"two-sided": both, "greater": upper, "less": lower,
                  "two-sided-doubled": doubled}[alternative])  # fmt: skip


def brute_range(x, y, alternative):
    found = [
        p_of([sum(one) for one in combinations(r, len(x))], sum(r[: len(x)]), alternative)
        for r in set(orders([*x, *y]))
    ]
    return min(found), max(found)


def brute_pairs_range(x, y, alternative):
    n, found = len(x), []
    for ranks in set(orders([*x, *y])):
        differences = [a - b for a, b in zip(ranks[:n], ranks[n:], strict=True)]
        sums = [
            sum(sign * one for sign, one in zip(signs, differences, strict=True))
            for signs in product((1, -1), repeat=n)
        ]
        found.append(p_of(sums, sum(differences), alternative))
    return min(found), max(found)


CASES = [
    (sample(1, 2, "<0.5"), sample(">9", 0.7, 3)),  # one of either side, beyond everything
    (sample(1, "<2", ">3"), sample(">0.5", 2, "<5")),  # limits above and below values
    (sample(1, 1, ">0.5"), sample("<2", 1, 5)),  # both reach over a tie
    (sample("<1", ">2"), sample(">1", "<2")),  # limits cross
    (sample("<1", "<1"), sample(">1", ">1")),  # complete separation without a single value
    (sample(2, 2, ">2"), sample("<2", "<3", 2)),  # limits at a tie
    (sample(">1", 1, 1, 3), sample(">0", 3, 2)),  # values above limits alone, two ties
]


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize(("x", "y"), CASES)
def test_range_of_either_side_is_that_of_every_order(x, y, alternative):
    found = found_by(x, y, alternative=alternative)
    assert (found.p_low, found.p_high) == pytest.approx(brute_range(x, y, alternative), rel=1e-12)


@st.composite
def two_samples(draw):
    """Up to six values, up to three of them beyond one of a few limits."""
    n, m = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    levels = draw(st.lists(st.integers(0, 3), min_size=n + m, max_size=n + m))
    sides = draw(st.dictionaries(st.integers(0, n + m - 1), st.sampled_from("<>"), max_size=3))
    both = [(float(level), sides.get(place, "")) for place, level in enumerate(levels)]
    return both[:n], both[n:]


@given(two_samples(), st.sampled_from(ALTERNATIVES))
@settings(max_examples=100, deadline=None)
def test_range_of_any_data_is_that_of_every_order(samples, alternative):
    found = found_by(*samples, alternative=alternative)
    assert (found.p_low, found.p_high) == pytest.approx(
        brute_range(*samples, alternative), rel=1e-12
    )


@pytest.mark.parametrize("alternative", ["two-sided", "greater"])
def test_range_of_pairs_of_either_side_is_that_of_every_order(alternative):
    x, y = sample(1, ">2", 3), sample("<2.5", 2, ">1")
    found = found_by(x, y, design="pairs", alternative=alternative)
    assert (found.p_low, found.p_high) == brute_pairs_range(x, y, alternative)


@given(two_samples())
@settings(deadline=None)
def test_gehan_scores_count_certain_pairs(samples):
    both = [*samples[0], *samples[1]]
    levels, below, above = parts(both)
    hand = [
        sum(certainly_higher(one, other) - certainly_higher(other, one) for other in both)
        for one in both
    ]
    assert gehan_scores(levels, below, above).tolist() == hand


@given(two_samples())
@settings(deadline=None)
def test_scores_of_the_mirror_image_have_the_other_sign(samples):
    both = [*samples[0], *samples[1]]
    levels, below, above = parts(both)
    mirrored = -np.array(levels)
    assert gehan_scores(mirrored, above, below).tolist() == (
        (-gehan_scores(levels, below, above)).tolist()
    )
    if not any(above):
        assert peto_scores(mirrored, None, below) == pytest.approx(-peto_scores(levels, below))


@given(two_samples(), st.sampled_from(ALTERNATIVES), st.sampled_from(["two_groups", "pairs"]))
@settings(max_examples=50, deadline=None)
def test_the_mirror_image_has_the_same_p(samples, alternative, design):
    x, y = samples
    if design == "pairs":
        x, y = x[: len(y)], y[: len(x)]
    found = found_by(x, y, alternative=alternative, design=design)
    turn = {"<": ">", ">": "<", "": ""}
    x, y = ([(-level, turn[side]) for level, side in one] for one in (x, y))
    mirror = found_by(x, y, alternative=MIRRORED.get(alternative, alternative), design=design)
    assert mirror.test.p_value == found.test.p_value
    assert mirror.test.statistic == -found.test.statistic
    assert mirror.n_undetermined == found.n_undetermined
    assert (mirror.p_low, mirror.p_high) == pytest.approx((found.p_low, found.p_high), nan_ok=True)


def test_two_groups_with_both_sides_by_hand():
    # x 4, >6 v y <2, 5, 1: 4 is above <2 and 1, below 5; >6 is above all three.
    found = found_by(sample(4, ">6"), sample("<2", 5, 1), alternative="greater")
    # scores: <2 −3, 1 −3 (below 4, >6, 5), 4: +2 − 2 (5, >6) = 0, 5: +3 − 1 = 2, >6: +4
    assert found.test.statistic == 4
    assert found.test.estimate == pytest.approx((5 - 1) / 6)
    # of 10 pairs of scores only {2, 4} sums to more than {0, 4}, so that 2 are as extreme
    assert found.test.p_value == 2 / 10
    assert found.n_censored == (1, 1)
    assert found.n_undetermined == 0


def test_sentences_name_the_side():
    above = found_by(sample(">1", ">2"), sample(">2", ">1"))
    assert above.test.p_value == 1
    assert any("All 4 values are above a limit" in one for one in above.test.warnings)
    both = found_by(sample("<1", 3), sample(">0", 4))
    assert any("one or both are beyond a limit" in one for one in both.test.warnings)
    many = found_by(sample(*["<1"] * 6, *[">1"] * 2), sample(*["<1"] * 8), design="pairs")
    assert "they can stand in more than 300 orders" in many.range_warning


def test_peto_scores_are_refused_with_both_sides():
    with pytest.raises(StatisticsError, match="allowed with both: 'gehan'"):
        found_by(sample("<1", 2), sample(">3", 1), scores="peto")


def test_a_value_beyond_its_limit_on_both_sides_is_refused():
    with pytest.raises(StatisticsError, match="value 2 of y is both below and above its limit"):
        censored_permutation_test([1, 2], [3, 4], y_below=[0, 1], y_above=[0, 1])
    with pytest.raises(StatisticsError, match=r"x_above holds .* the measurement was above"):
        censored_permutation_test([1, 2], [3, 4], x_above=[0.5, 1])
