"""Oldham's correlation by hand, the naive one beside it, and what coupling alone makes of it."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ketbio.analyses import correlate_baseline_change
from ketbio.endpoints import derive_column
from ketbio.errors import StatisticsError, TableError
from ketbio.statistics import correlation_permutation_test

VISITS = {"baseline": "before", "endpoint": "after"}
BEFORE = [10.0, 12, 14, 16, 18]
AFTER = [13.0, 10, 15, 18, 14]


def endpoints(before=BEFORE, after=AFTER):
    ids = [f"P{number:02}" for number in range(1, len(before) + 1)]
    table = pd.DataFrame(
        {
            "participant_id": ids * 2,
            "visit": ["before"] * len(ids) + ["after"] * len(ids),
            "a": [*before, *after],
        }
    )
    return derive_column(table, column="a", unit="ng/mL")


def naive_of(result):
    return [one for one in result.companions if "naive" in one.estimate_name]


@pytest.fixture(scope="module")
def result():
    return correlate_baseline_change(endpoints(), marker="a", **VISITS)


def test_oldham_by_hand(result):
    # changes 3 −2 1 2 −4 (mean 0), means 11.5 11 14.5 17 16 (mean 14):
    # S_xy = −7.5 + 6 + .5 + 6 − 8 = −3; S_yy = 34; S_xx = 6.25 + 9 + .25 + 9 + 4 = 28.5
    assert result.data["x"].tolist() == [11.5, 11.0, 14.5, 17.0, 16.0]
    assert result.data["y"].tolist() == [3.0, -2.0, 1.0, 2.0, -4.0]
    assert result.estimate == pytest.approx(-3 / np.sqrt(34 * 28.5))


def test_p_is_that_of_the_pairings_of_change_and_mean(result):
    test = correlation_permutation_test(result.data["x"], result.data["y"])
    assert (result.p_value, result.n_arrangements) == (test.p_value, 120)
    assert "oldham1962" in result.references


def test_the_naive_correlation_stands_beside_with_what_coupling_makes_of_it(result):
    naive, coupling = naive_of(result)
    before, after = np.array(BEFORE), np.array(AFTER)
    assert naive.role == "sensitivity"
    assert naive.estimate == pytest.approx(np.corrcoef(before, after - before)[0, 1])
    assert naive.warnings[0].startswith("Coupled by construction")
    r = np.corrcoef(before, after)[0, 1]
    assert coupling.estimate == pytest.approx(-np.sqrt((1 - r) / 2))
    assert coupling.role == "description"


numbers = st.lists(st.integers(0, 60), min_size=5, max_size=7)


@settings(max_examples=12, deadline=None)
@given(numbers, st.randoms())
def test_with_the_same_spread_at_both_visits_oldham_is_zero_and_the_naive_is_coupling(
    before, random
):
    after = list(before)
    random.shuffle(after)
    assume(np.ptp(before) > 0)
    assume(np.ptp(np.subtract(after, before)) > 0)
    assume(np.ptp(np.add(after, before)) > 0)
    result = correlate_baseline_change(
        endpoints(before, after), marker="a", exact=False, n_resamples=9, seed=1, **VISITS
    )
    naive, coupling = naive_of(result)
    assert result.estimate == pytest.approx(0, abs=1e-9)
    assert naive.estimate == pytest.approx(coupling.estimate)


def test_oldham_has_the_sign_of_the_change_in_spread():
    spread = correlate_baseline_change(endpoints(after=[2 * one for one in BEFORE]), marker="a",
                                       **VISITS)  # fmt: skip
    assert spread.estimate == pytest.approx(1)
    closer = correlate_baseline_change(
        endpoints(after=[14 + (one - 14) / 4 for one in BEFORE]), marker="a", **VISITS
    )
    assert closer.estimate == pytest.approx(-1)


def test_ranks_have_no_expected_coupling():
    result = correlate_baseline_change(endpoints(), marker="a", method="spearman", **VISITS)
    assert [one.estimate_name for one in naive_of(result)] == [
        "change with baseline, naive: Spearman rho"
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([10.0, 11, 12], [1.0, 2, 5], "3 participants have both visits, and at least 4 are needed"),
        ([10.0], [9.0], "1 participant has both visits"),
        (BEFORE, [one + 1 for one in BEFORE], "the change of a is the same in every participant"),
        ([5.0] * 5, [5.0] * 5, "the mean of both visits of a is the same in every participant"),
    ],
)
def test_what_cannot_be_correlated_says_why(before, after, said):
    result = correlate_baseline_change(endpoints(before, after), marker="a", **VISITS)
    assert np.isnan(result.p_value)
    assert said in result.warnings[0]


def test_a_constant_baseline_has_no_naive_correlation():
    result = correlate_baseline_change(endpoints(before=[5.0] * 5), marker="a", **VISITS)
    assert result.estimate == pytest.approx(1)
    assert naive_of(result) == []


def test_several_markers_are_one_family_and_wrong_words_are_refused():
    [one] = correlate_baseline_change(endpoints(), marker=["a"], **VISITS)
    assert one.marker == "a"
    with pytest.raises(TableError, match="method is 'oldham'"):
        correlate_baseline_change(endpoints(), marker="a", method="oldham", **VISITS)
    with pytest.raises(StatisticsError, match="adjust is 'min_p'"):
        correlate_baseline_change(endpoints(), marker=["a", "b"], adjust="min_p", **VISITS)
