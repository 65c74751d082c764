"""Enumeration, meeting in the middle and merging on the lattice count the same."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ketbio.statistics import (
    correlation_permutation_test,
    paired_permutation_test,
    permutation_test,
)
from ketbio.statistics.counting import subset_plan, subset_runs
from ketbio.statistics.counting.budgets import OUT_OF_REACH
from ketbio.statistics.counting.pair_counts import places_in, sum_of_places
from ketbio.statistics.counting.subset_plan import lattice_split
from ketbio.statistics.counting.subset_tails import (
    convolve,
    enumerate_subsets,
    halve,
    shifted,
    tails_of_list,
)
from ketbio.statistics.markers import products
from ketbio.statistics.pairings import dealt_halves, pairing_tails
from ketbio.statistics.pairings.pairing_tails import PairingDesign, PairingTails, list_pairings
from ketbio.statistics.pairings.product_designs import product_design
from ketbio.statistics.signs.pairs import sign_design
from ketbio.statistics.two_groups.groups import two_groups
from ketbio.statistics.two_groups.mean_difference import mean_design

rng = np.random.default_rng(20260101)


@pytest.fixture
def no_listing(monkeypatch):
    """Count by meeting in the middle, however few arrangements there are."""
    monkeypatch.setattr(subset_plan, "LISTED", 0)


@pytest.fixture
def lattice_only(monkeypatch):
    """Count by merging equal sums only."""
    monkeypatch.setattr(subset_plan, "LISTED", 0)
    monkeypatch.setattr(subset_plan, "sizes_of_halves", lambda _: None)


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
        listed = permutation_test(x, y, alternative=alternative, confidence_level=0.8)
    assert (met.algorithm, listed.algorithm) == ("shift algorithm", "enumeration")
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


@given(
    st.lists(st.tuples(st.integers(-4, 6), st.booleans(), st.integers(0, 2)), min_size=4),
    st.floats(-3, 3),
    st.booleans(),
)
def test_the_lattice_tallies_as_many_subsets_as_lists_do(rows, shift, by_overlap):
    x, y = ([value for value, is_x, _ in rows if is_x is mine] for mine in (True, False))
    assume(x and y)
    blocks = [block for mine in (True, False) for _, is_x, block in rows if is_x is mine]
    for given_blocks in (None, blocks):
        design = mean_design(two_groups(x, y, given_blocks))
        split = lattice_split(design)
        tallied = convolve(design, split, by_overlap=by_overlap)
        listed = halve(design, split, by_overlap=by_overlap, merge=False)
        assert tallied.extremes() == listed.extremes()
        if by_overlap:
            tallied, listed = shifted(tallied, shift), shifted(listed, shift)
        for threshold in (0, -3, Fraction(7, 2), 11):
            for strict in (False, True):
                found = tallied.both(threshold, -threshold, strict=strict)
                assert found == listed.both(threshold, -threshold, strict=strict)


@given(st.lists(st.integers(-4, 6), min_size=1, max_size=9), st.floats(-3, 3), st.booleans())
def test_the_lattice_tallies_as_many_signs_as_lists_do(values, shift, by_overlap):
    design = sign_design(np.array(values, dtype=float), tolerance=0.0)
    split = lattice_split(design)
    tallied = convolve(design, split, by_overlap=by_overlap)
    listed = halve(design, split, by_overlap=by_overlap, merge=False)
    if by_overlap:
        tallied, listed = shifted(tallied, shift), shifted(listed, shift)
    for threshold in (0, -3, Fraction(7, 2), 11):
        assert tallied.both(threshold, -threshold) == listed.both(threshold, -threshold)


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_signs_listed_anew_for_every_shift_find_the_limits_of_listing(
    scale, alternative, monkeypatch
):
    values = rng.normal(0.7, 1, 11)
    values = values if scale == 1 else np.rint(scale * values) / scale
    listed = paired_permutation_test(values, alternative=alternative)
    monkeypatch.setattr(subset_plan, "LISTED", 0)
    monkeypatch.setattr(subset_plan, "RELISTED_FROM", 2)
    monkeypatch.setattr(subset_plan, "lattice_cost", lambda *_, **__: OUT_OF_REACH)
    met = paired_permutation_test(values, alternative=alternative)
    assert met.algorithm == "meet in the middle"
    assert met.p_value == listed.p_value
    tolerance = 5e-9 if scale == 1 else 0
    assert (met.ci_low, met.ci_high) == pytest.approx(
        (listed.ci_low, listed.ci_high), abs=tolerance, rel=1e-15
    )


@pytest.mark.parametrize("alternative", ALTERNATIVES)
@pytest.mark.parametrize(("n", "m"), [(9, 10), (7, 12), (4, 18), (9, 9)])
def test_limits_met_in_the_middle_are_the_jump_points_that_listing_finds(
    n, m, alternative, monkeypatch
):
    x, y = rng.normal(size=n), rng.normal(0.8, 1, size=m)
    listed = permutation_test(x, y, alternative=alternative)
    monkeypatch.setattr(subset_plan, "LISTED", 0)
    monkeypatch.setattr(subset_runs, "SMALLEST_LIST", 50)
    for sampled_from in (0, 10**9):
        monkeypatch.setattr(subset_runs, "SAMPLED_FROM", sampled_from)
        monkeypatch.setattr(subset_runs, "SAMPLED_SUMS", 40)
        met = permutation_test(x, y, alternative=alternative)
        assert (listed.algorithm, met.algorithm) == ("enumeration", "meet in the middle")
        assert (met.ci_low, met.ci_high) == pytest.approx(
            (listed.ci_low, listed.ci_high), rel=1e-12, abs=1e-12
        )


@pytest.mark.parametrize("ascending", [[0, 1, 1, 2, 5], list(range(700))])
def test_places_by_merging_are_those_of_binary_search(ascending):
    many = np.array(ascending, dtype=float)
    wanted = np.sort(np.concatenate([many[:400], many + 0.5, [-3, 9000]]))
    for side in ("left", "right"):
        places = np.searchsorted(many, wanted, side=side)
        assert (places_in(many, wanted, side) == places).all()
        assert sum_of_places(many, wanted, side) == places.sum()


@pytest.mark.parametrize("shape", [(64, 30, 1_000), (3, 60, 5), (1, 2, 0), (2, 7, 500)])
def test_products_in_pieces_are_those_in_one(shape, monkeypatch):
    k, n, count = shape
    values, rows = rng.integers(-9, 9, (k, n)).astype(float), rng.integers(0, 2, (count, n)) * 1.0
    for most in (products.ONE_THREAD, 17 * k * n, 1):
        monkeypatch.setattr(products, "ONE_THREAD", most)
        assert (products.product(values, rows) == values @ rows.T).all()


def one_block(x, y) -> PairingDesign:
    """All pairs in one block, as the tests of correlation deal them."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return product_design(x, y, np.zeros(x.size, dtype=np.intp)).parts[0]


def test_threads_and_shared_sums_change_no_count(monkeypatch):
    design = one_block(rng.integers(0, 9, 10), rng.integers(0, 9, 10))

    def counts():
        tails = PairingTails(design=design)  # anew, since halves once listed are kept
        return [tails.both(threshold, -threshold) for threshold in (0, 40, 90)]

    found = counts()
    monkeypatch.setattr(pairing_tails, "THREADED_FROM", 0)
    monkeypatch.setattr(pairing_tails, "_n_processors", lambda: 3)
    assert counts() == found
    monkeypatch.setattr(dealt_halves, "SHARED_SUMS", 100)
    assert counts() == found


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
    design = one_block(x, y)
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
    design = one_block(x, y)
    everything = np.abs(list_pairings(design))
    by_hand = (everything >= abs(float(design.observed())) - design.tolerance).mean()
    assert found.algorithm == "meet in the middle"
    assert found.p_value == pytest.approx(by_hand, rel=1e-14)


def test_kendall_of_200_pairs_is_counted():
    x = rng.normal(size=200)
    found = correlation_permutation_test(x, 0.15 * x + rng.normal(size=200), statistic="kendall")
    assert found.is_exact
    assert found.n_arrangements == math.factorial(200)
    assert 0 < found.p_value < 1
