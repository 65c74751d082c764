import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from ketbio.errors import StatisticsError
from ketbio.statistics import proportion_difference, standardised_proportion_difference

# Newcombe (1998), Table II, method 10: the eight contrasts of the paper.
NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
]


@pytest.mark.parametrize(("first", "second", "low", "high"), NEWCOMBE)
def test_limits_of_the_paper(first, second, low, high):
    found = proportion_difference(first, second)
    assert (round(found.ci_low, 4), round(found.ci_high, 4)) == (low, high)
    assert found.value == pytest.approx(first[0] / first[1] - second[0] / second[1])


COUNTS = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(first=COUNTS, second=COUNTS)
def test_exchanging_the_groups_turns_the_interval_round(first, second):
    here, there = proportion_difference(first, second), proportion_difference(second, first)
    assert here.ci_low == pytest.approx(-there.ci_high, abs=1e-12)
    assert -1 <= here.ci_low <= here.value + 1e-12
    assert here.value - 1e-12 <= here.ci_high <= 1


@pytest.mark.parametrize(("first", "second"), [((3, 5), (4, 7)), ((0, 5), (3, 7))])
def test_limits_are_those_of_statsmodels(first, second):
    low, high = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    found = proportion_difference(first, second)
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high), abs=1e-12)


def test_standardised_difference_by_hand():
    # 3/5 against 1/5: 0.4 / sqrt((0.24 + 0.16) / 2)
    found = standardised_proportion_difference((3, 5), (1, 5))
    assert found.value == pytest.approx(0.4 / math.sqrt(0.2))


def test_nothing_varies_in_either_group_is_told():
    found = standardised_proportion_difference((5, 5), (7, 7))
    assert math.isnan(found.value)
    assert "nothing to divide by" in found.warnings[0]


@pytest.mark.parametrize("counts", [(3, 2), (1.5, 2), (0, 0)])
def test_what_is_no_count_is_refused(counts):
    with pytest.raises(StatisticsError):
        proportion_difference(counts, (1, 2))
    with pytest.raises(StatisticsError):
        standardised_proportion_difference((1, 2), counts)
