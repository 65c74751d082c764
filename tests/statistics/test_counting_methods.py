"""Enumeration, meeting in the middle and merging on the lattice count the same."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.statistics import (
    correlation_permutation_test,
    paired_permutation_test,
    permutation_test,
    subset_plan,
)
from ketbio.statistics.kendall_tails import tied_tails, untied_tails
from ketbio.statistics.mean_difference import mean_design
from ketbio.statistics.number_lines import to_number_line
from ketbio.statistics.pairing_tails import PairingTails, list_pairings, pairing_design
from ketbio.statistics.subset_tails import enumerate_subsets, halve, tails_of_list
from ketbio.statistics.two_groups import two_groups

rng = np.random.default_rng(20260101)


@pytest.fixture
def no_listing(monkeypatch):
    """Count by meeting in the middle, however few arrangements there are."""
    monkeypatch.setattr(subset_plan, "LISTED", 0)


@pytest.fixture
def lattice_only(monkeypatch):
    """Count by merging equal sums only."""
    monkeypatch.setattr(subset_plan, "LISTED", 0)
    monkeypatch.setattr(subset_plan, "AUTO_SUMS", 1)
    monkeypatch.setattr(subset_plan, "AUTO_SIGN_SUMS", 1)


SAMPLES = [(6, 7), (3, 10), (9, 4), (1, 12), (7, 7)]
ALTERNATIVES = ["two-sided", "less", "greater", "two-sided-doubled"]


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize(("n", "m"), SAMPLES)
def test_meeting_in_the_middle_finds_p_floor_and_limits(n, m, alternative, monkeypatch):
    x, y = rng.normal(size=n), rng.normal(0.8, 1, size=m)
    blocks = rng.integers(0, 2, n + m)
    for given_blocks in (None, blocks):
        listed = permutation_test(x, y, alternative=alternative, blocks=given_blocks)
        monkeypatch.setattr(subset_plan, "LISTED", 0)
        met = permutation_test(x, y, alternative=alternative, blocks=given_blocks)
        monkeypatch.undo()
        assert (listed.algorithm, met.algorithm) == ("enumeration", "meet in the middle")
        assert (met.p_value, met.p_floor) == (listed.p_value, listed.p_floor)
        assert (met.ci_low, met.ci_high) == pytest.approx((listed.ci_low, listed.ci_high), abs=5e-9)


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize("n", [5, 8, 11])
def test_signs_met_in_the_middle_find_p_floor_and_limits(n, alternative, monkeypatch):
    values = rng.normal(0.7, 1, n)
    listed = paired_permutation_test(values, alternative=alternative)
    monkeypatch.setattr(subset_plan, "LISTED", 0)
    met = paired_permutation_test(values, alternative=alternative)
    assert met.algorithm == "meet in the middle"
    assert (met.p_value, met.p_floor) == (listed.p_value, listed.p_floor)
    assert (met.ci_low, met.ci_high) == pytest.approx((listed.ci_low, listed.ci_high), abs=5e-9)


@pytest.mark.usefixtures("lattice_only")
@given(
    st.lists(st.integers(0, 6), min_size=3, max_size=7),
    st.lists(st.integers(0, 6), min_size=3, max_size=7),
    st.sampled_from(ALTERNATIVES),
)
def test_lattice_limits_are_exact(x, y, alternative):
    met = permutation_test(x, y, alternative=alternative, confidence_level=0.8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subset_plan, "LISTED", 200_000)
        patch.setattr(subset_plan, "AUTO_SUMS", 2**22)
        listed = permutation_test(x, y, alternative=alternative, confidence_level=0.8)
    assert listed.algorithm == "enumeration"
    assert met.p_value == listed.p_value
    assert (met.ci_low, met.ci_high) == (listed.ci_low, listed.ci_high)


@pytest.mark.usefixtures("no_listing")
@given(st.lists(st.integers(-9, 9), min_size=2, max_size=9), st.sampled_from(ALTERNATIVES))
def test_lattice_limits_of_pairs_are_exact(values, alternative):
    met = paired_permutation_test(values, alternative=alternative, confidence_level=0.8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subset_plan, "LISTED", 200_000)
        listed = paired_permutation_test(values, alternative=alternative, confidence_level=0.8)
    assert met.p_value == listed.p_value
    assert (met.ci_low, met.ci_high) == (listed.ci_low, listed.ci_high)


def test_merged_and_unmerged_sums_count_the_same():
    x, y = rng.integers(0, 12, 11), rng.integers(2, 14, 10)
    design = mean_design(two_groups(x, y))
    everything = tails_of_list(design, enumerate_subsets(design, 10))
    merged = halve(design, 11, by_overlap=False, merge=True)
    plain = halve(design, 8, by_overlap=True, merge=False)
    assert any(pair.ways_from is not None for pair in merged.pairs)
    for threshold in (-30, -3, 0, 5, 17):
        expected = everything.at_least(threshold)
        assert merged.at_least(threshold) == plain.at_least(threshold) == expected
        assert merged.at_most(threshold) == plain.at_most(threshold)
    assert merged.extremes() == plain.extremes() == everything.extremes()


def test_mirrored_counts_on_a_large_lattice_add_up_to_all_arrangements():
    x, y = rng.integers(0, 61, 30), rng.integers(5, 61, 25)
    found = {
        word: permutation_test(x, y, alternative=word) for word in ("less", "greater", "two-sided")
    }
    assert found["less"].n_arrangements == math.comb(55, 30)
    assert 1 < found["less"].p_value + found["greater"].p_value < 1.05
    assert found["two-sided"].is_exact


@pytest.mark.parametrize("n", [3, 4, 5, 6, 7])
@pytest.mark.parametrize("ties", [False, True])
def test_pairings_met_in_the_middle_count_as_listed(n, ties):
    x, y = rng.normal(size=n), rng.normal(size=n)
    if ties:
        x, y = rng.integers(0, 4, n) + np.arange(n) % 2 / 2, np.append(rng.integers(0, 3, n - 1), 9)
        x[0] += 7
    design = pairing_design(to_number_line(x), to_number_line(y))
    tails, everything = PairingTails(design=design), np.sort(list_pairings(design))
    for threshold in (*everything[:: max(1, everything.size // 7)], 0.0, float(design.observed())):
        upper = int((everything >= threshold - design.tolerance).sum())
        lower = int((everything <= threshold + design.tolerance).sum())
        assert tails.both(threshold, threshold) == (upper, lower)
        assert (tails.at_least(threshold), tails.at_most(threshold)) == (upper, lower)
    assert [float(end) for end in tails.extremes()] == pytest.approx(everything[[0, -1]])


def test_nine_pairs_agree_with_listing_every_pairing():
    x, y = rng.normal(size=9), rng.normal(size=9)
    found = correlation_permutation_test(x, y)
    design = pairing_design(to_number_line(x), to_number_line(y))
    everything = np.abs(list_pairings(design))
    by_hand = (everything >= abs(float(design.observed())) - design.tolerance).mean()
    assert found.algorithm == "meet in the middle"
    assert found.p_value == pytest.approx(by_hand, rel=1e-14)


def test_kendall_inversions_and_listing_count_the_same():
    x, y = rng.normal(size=6), rng.normal(size=6)
    listed, counted = tied_tails(x, y), untied_tails(6)
    assert listed.values.tolist() == counted.values.tolist()
    assert listed.ways == counted.ways
    assert counted.n_counted == 720


def test_kendall_of_200_pairs_is_counted():
    x = rng.normal(size=200)
    found = correlation_permutation_test(x, 0.15 * x + rng.normal(size=200), statistic="kendall")
    assert found.is_exact
    assert found.n_arrangements == math.factorial(200)
    assert 0 < found.p_value < 1
