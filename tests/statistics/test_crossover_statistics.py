"""Crossovers on arrays: by hand, against R, against brute force, and by their laws."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import StatisticsError
from ketbio.statistics import (
    carry_over_by_sums,
    crossover_permutation_test,
    fit_crossover,
    permutation_test,
)
from ketbio.statistics.counting.questions import ask
from ketbio.statistics.crossover.crossover_arrays import crossover_arrays
from ketbio.statistics.crossover.label_arrangements import (
    count_labels,
    drawn_labellings,
    every_labelling,
)
from ketbio.statistics.crossover.label_leave_one_out import leave_one_out_labels
from ketbio.statistics.crossover.label_permutation import _many_sequences, permute_arrays
from ketbio.statistics.crossover.within_fit import any_treatment

ABBA = {"AB": "AB", "BA": "BA"}
LATIN = {"ABC": "ABC", "BCA": "BCA", "CAB": "CAB"}
LATIN_LABELS = ["ABC", "BCA", "CAB"] * 2
LATIN_Y = [[12, 15, 21], [14, 20, 13], [22, 11, 19], [9, 16, 18], [17, 25, 14], [19, 13, 15]]
QUESTION = ask(
    alternative="two-sided", exact="auto", n_resamples=999, confidence_level=0.95, seed=1
)


def test_by_hand_half_the_difference_of_the_period_differences():
    # AB: 15−21 = −6, 9−3 = 6, mean 0; BA: 12−10 = 2, 20−11 = 9, mean 5.5; (0 − 5.5)/2
    fit = fit_crossover([[15, 21], [9, 3], [12, 10], [20, 11]], ["AB", "AB", "BA", "BA"], ABBA)
    assert fit.treatments["A"].estimate == pytest.approx(-2.75)
    # period 2 − period 1, adjusted: −(0 + 5.5)/2
    assert fit.periods[2].estimate == pytest.approx(-2.75)
    # pooled SD of the half differences: ((3² + 3² + 1.75² + 1.75²)/2)^½, times (½ + ½)^½
    assert fit.treatments["A"].standard_error == pytest.approx((24.125 / 2) ** 0.5)
    assert (fit.treatments["A"].df, fit.carry_over) == (2, {})


def test_carry_over_by_hand():
    # sums: AB 36, 12, mean 24; BA 22, 31, mean 26.5
    found = carry_over_by_sums(
        [[15, 21], [9, 3], [12, 10], [20, 11]], ["AB", "AB", "BA", "BA"], ABBA
    )
    assert (found.estimate, found.df) == (-2.5, 2)
    assert found.standard_error == pytest.approx(((288 + 40.5) / 2) ** 0.5)


def test_a_latin_square_as_r_fits_it():
    # R: m <- lm(y ~ id + period + treatment); anova(lm(y ~ id + period), m)
    fit = fit_crossover(LATIN_Y, LATIN_LABELS, LATIN, reference="C")
    for name, estimate, p in (("A", -8.833333333, 1.850694539e-05),
                              ("B", -4.833333333, 1.156110966e-03)):  # fmt: skip
        found = fit.treatments[name]
        assert found.estimate == pytest.approx(estimate, rel=1e-8)
        assert found.standard_error == pytest.approx(0.9813067629, rel=1e-8)
        assert (found.df, found.p_value) == (8, pytest.approx(p, rel=1e-7))
    assert fit.periods[3].estimate == pytest.approx(1.166666667, rel=1e-8)
    whole = any_treatment(crossover_arrays(LATIN_Y, LATIN_LABELS, LATIN))
    assert whole.statistic == pytest.approx(40.63462, rel=1e-6)
    assert (whole.df, whole.p_value) == ((2, 8), pytest.approx(6.4499e-05, rel=1e-4))


def test_carry_over_of_a_latin_square_as_r_fits_it():
    # R: lm(y ~ id + period + treatment + cA + cB), cA = 1 where the period before was A
    found = fit_crossover(LATIN_Y, LATIN_LABELS, LATIN, reference="C").carry_over
    assert found["A"].estimate == pytest.approx(3.0)
    assert found["A"].standard_error == pytest.approx(3.13581462, rel=1e-8)
    assert found["B"].p_value == pytest.approx(0.8785478285, rel=1e-8)


def test_every_labelling_is_there_once():
    dealt = every_labelling(np.array([2, 1, 2]))
    assert len(dealt) == count_labels(np.array([2, 1, 2])) == 30
    assert len({tuple(row) for row in dealt.tolist()}) == 30
    assert (np.sort(dealt, axis=1) == [0, 0, 1, 2, 2]).all()


def test_draws_keep_the_counts_and_depend_on_the_seed_alone():
    codes = np.array([0, 0, 1, 2, 2])
    first, again = (drawn_labellings(codes, n_draws=50, seed=3) for _ in range(2))
    assert (first == again).all()
    assert (np.sort(first, axis=1) == codes).all()


def test_p_by_brute_force_in_three_sequences_of_two_treatments():
    """Every dealing of the sequences is fitted anew; the interval ends where p crosses α."""
    designs = {"AAB": "AAB", "ABA": "ABA", "BAA": "BAA"}
    labels = ["AAB", "AAB", "ABA", "ABA", "BAA", "BAA"]
    y = np.array([[9, 14, 22], [11, 12, 21], [13, 23, 14], [8, 25, 12], [20, 17, 10], [26, 9, 15]])
    found = crossover_permutation_test(y, labels, designs, reference="B")

    def estimate(given_labels, values):
        return fit_crossover(values, given_labels, designs, reference="B").treatments["A"].estimate

    def p_at(shift):
        moved = y - shift * np.array([[one == "A" for one in label] for label in labels])
        own = abs(estimate(labels, moved))
        every = [abs(estimate(list(deal), moved)) for deal in set(permutations(labels))]
        return np.mean([one >= own - 1e-9 for one in every])

    assert found.estimate == pytest.approx(estimate(labels, y))
    assert (found.is_exact, found.n_arrangements) == (True, 90)
    assert found.p_value == pytest.approx(p_at(0.0))
    assert p_at(found.ci_high - 1e-6) >= 0.05 > p_at(found.ci_high + 1e-6)
    assert p_at(found.ci_low + 1e-6) >= 0.05 > p_at(found.ci_low - 1e-6)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.lists(st.integers(-9, 30), min_size=2, max_size=2), min_size=6, max_size=7),
    st.sampled_from(["two-sided", "less", "greater", "two-sided-doubled"]),
)
def test_ab_ba_is_the_two_sample_test_of_the_half_differences(rows, alternative):
    """The road for many sequences and that for two give the same p and the same interval."""
    y, labels = np.array(rows, dtype=float), ["AB"] * 3 + ["BA"] * (len(rows) - 3)
    asked = replace(QUESTION, alternative=alternative)
    halves = (y[:, 0] - y[:, 1]) / 2
    direct = permutation_test(halves[:3], halves[3:], alternative=alternative)
    arrays = crossover_arrays(y, labels, ABBA)
    for found in (permute_arrays(arrays, 1, asked), _many_sequences(arrays, 1, asked)):
        assert found.p_value == pytest.approx(direct.p_value)
        assert found.estimate == pytest.approx(direct.estimate)
        assert (found.ci_low, found.ci_high) == pytest.approx((direct.ci_low, direct.ci_high))


@settings(max_examples=10, deadline=None)
@given(st.floats(-20, 20), st.lists(st.floats(-20, 20), min_size=3, max_size=3))
def test_a_period_or_a_person_changes_nothing_and_a_treatment_moves_the_estimate(effect, periods):
    y = np.array(LATIN_Y, dtype=float)
    person = np.arange(6.0)[:, None] * 7
    is_a = np.array([[one == "A" for one in label] for label in LATIN_LABELS])
    before = crossover_permutation_test(y, LATIN_LABELS, LATIN, treatment="A", reference="C")
    moved = y + person + np.array(periods) + effect * is_a
    after = crossover_permutation_test(moved, LATIN_LABELS, LATIN, treatment="A", reference="C")
    assert after.estimate == pytest.approx(before.estimate + effect, abs=1e-9)
    assert after.ci_low == pytest.approx(before.ci_low + effect, abs=1e-7)
    assert after.ci_high == pytest.approx(before.ci_high + effect, abs=1e-7)


def test_three_treatments_are_said_to_be_approximate_and_p_agrees_with_the_interval():
    found = crossover_permutation_test(LATIN_Y, LATIN_LABELS, LATIN, treatment="B", reference="C")
    assert not found.is_exact
    assert "keeps its level only approximately" in " ".join(found.warnings)
    assert (found.p_value < 0.05) == (found.ci_low > 0 or found.ci_high < 0)


def test_three_treatments_by_brute_force():
    """Residuals without the others' effects, scaled up by what these took, dealt to sequences."""
    labels = LATIN_LABELS
    participant = np.repeat(np.eye(6), 3, axis=0)
    period = np.tile(np.eye(3)[:, 1:], (6, 1))

    def given(to, one):
        return np.array([float(letter == one) for label in to for letter in label])[:, None]

    def fitted(to, y):
        design = np.hstack([given(to, "A"), given(to, "B"), participant, period])
        return np.linalg.lstsq(design, y, rcond=None)[0][0]

    y = np.ravel(LATIN_Y).astype(float)
    null = np.hstack([given(labels, "B"), participant, period])
    residuals = y - null @ np.linalg.lstsq(null, y, rcond=None)[0]
    residuals *= (10 / 9) ** 0.5  # 5 participants × 2 periods, less the one effect of B
    own = abs(fitted(labels, y))
    every = [abs(fitted(list(deal), residuals)) for deal in set(permutations(labels))]
    found = crossover_permutation_test(y.reshape(6, 3), labels, LATIN, treatment="A", reference="C")
    assert np.sort(np.abs(found.null_distribution)) == pytest.approx(np.sort(every))
    assert found.p_value == pytest.approx(np.mean([one >= own - 1e-9 for one in every]))


def test_leaving_one_out_is_the_test_without_that_one():
    arrays = crossover_arrays(LATIN_Y, LATIN_LABELS, LATIN, reference="C")
    left = leave_one_out_labels(arrays, 1, QUESTION)
    rest = [row for place, row in enumerate(LATIN_Y) if place != 2]
    labels = [one for place, one in enumerate(LATIN_LABELS) if place != 2]
    alone = fit_crossover(rest, labels, LATIN, reference="C").treatments[arrays.names[1]]
    assert left.estimates[2] == pytest.approx(alone.estimate)
    alone_in_ba = crossover_arrays([[3, 5], [4, 9], [8, 2]], ["AB", "AB", "BA"], ABBA)
    assert np.isnan(leave_one_out_labels(alone_in_ba, 1, QUESTION).estimates[2])


def test_values_that_do_not_vary_have_p_1_and_no_t():
    y = [[5, 5]] * 6
    labels = ["AB"] * 3 + ["BA"] * 3
    assert crossover_permutation_test(y, labels, ABBA).p_value == 1
    fit = fit_crossover(y, labels, ABBA)
    assert np.isnan(fit.treatments["A"].p_value)
    assert np.isnan(carry_over_by_sums(y, labels, ABBA).p_value)


WRONG = {
    "one sequence": ({"responses": [[1, 2], [3, 4]], "sequences": ["AB", "AB"]},
                     "all participants have the sequence 'AB': treatment and period cannot"),
    "nobody": ({"responses": np.empty((0, 2)), "sequences": []}, "nobody is left"),
    "unknown sequence": ({"responses": [[1, 2], [3, 4]], "sequences": ["AB", "XY"]},
                         "has the sequence 'XY'; known: 'AB' or 'BA'"),
    "a period missing": ({"responses": [[1, np.nan], [3, 4]], "sequences": ["AB", "BA"]},
                         "missing or not finite; leave out participants who lack a period"),
    "unequal lengths": ({"responses": [[1, 2], [3, 4]], "sequences": ["AB"]},
                        "2 rows and sequences 1 label"),
    "more periods": ({"responses": [[1, 2, 3], [3, 4, 5]], "sequences": ["AB", "BA"]},
                     "names 2 treatments for 3 periods"),
    "reference": ({"responses": [[1, 2], [3, 4]], "sequences": ["AB", "BA"], "reference": "C"},
                  "reference is 'C'; the treatments of these sequences are 'A' and 'B'"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_crossover_is_refused_with_one_sentence(case):
    given_words, sentence = WRONG[case]
    with pytest.raises(StatisticsError, match=sentence):
        fit_crossover(designs=ABBA, **given_words)


def test_sequences_that_run_alike_are_refused():
    designs = {"one": "AB", "other": "AB"}
    with pytest.raises(StatisticsError, match="cannot be told apart within"):
        fit_crossover([[1, 2], [3, 4]], ["one", "other"], designs)


def test_exact_out_of_reach_and_an_unknown_treatment_are_refused():
    labels = ["ABC", "BCA", "CAB"] * 6
    y = np.arange(54.0).reshape(18, 3)
    with pytest.raises(StatisticsError, match="17,153,136 ways to deal the sequences"):
        crossover_permutation_test(y, labels, LATIN, exact=True)
    with pytest.raises(StatisticsError, match="treatment is 'D'; allowed against it: 'A', 'B'"):
        crossover_permutation_test(y, labels, LATIN, treatment="D", reference="C")
