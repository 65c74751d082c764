"""What the tests refuse, in the very words."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import ketbio.statistics
from ketbio.errors import StatisticsError
from ketbio.statistics import (
    correlation_permutation_test,
    paired_permutation_test,
    permutation_test,
)

NAN = float("nan")


def refused(call, *args, **given):
    with pytest.raises(StatisticsError) as caught:
        call(*args, **given)
    return str(caught.value)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (
            [1, NAN, 2],
            "x holds 1 value that is not finite (the first, value 2 of 3, is missing); allowed: "
            "finite numbers. Leave them out and count them before the test.",
        ),
        (
            [float("inf"), 1],
            "x holds 1 value that is not finite (the first, value 1 of 2, is infinite); "
            "allowed: finite numbers. Leave them out and count them before the test.",
        ),
        (
            [1 + 2j],
            "x holds complex numbers; allowed: integers or floats. Convert it to numbers first.",
        ),
        (
            ["1", "2"],
            "x holds text; allowed: integers or floats. Convert it to numbers first.",
        ),
        (
            [True, False],
            "x holds true/false values; allowed: integers or floats. Convert it to numbers first.",
        ),
        (
            [None, 1],
            "x holds values of type object; allowed: integers or floats. Convert it to numbers "
            "first.",
        ),
        (
            [],
            "x has 0 values; allowed: at least 1. Leave this test out of the plan or add "
            "observations.",
        ),
        ([[1, 2]], "x has 2 dimensions; allowed: one. Give a flat list of numbers."),
        (3, "x has 0 dimensions; allowed: one. Give a flat list of numbers."),
        (
            [2**53 + 1, 0.5],
            "x holds the whole number 9007199254740993; allowed: whole numbers up to "
            "9,007,199,254,740,992 (2**53) in size, beyond which they would be rounded. Subtract "
            "a constant or use a larger unit.",
        ),
        (
            np.array([1, -(2**60)]),
            "x holds the whole number -1152921504606846976; allowed: whole numbers up to "
            "9,007,199,254,740,992 (2**53) in size, beyond which they would be rounded. Subtract "
            "a constant or use a larger unit.",
        ),
        (
            np.ma.array([1, 2, 99], mask=[0, 0, 1]),
            "x is a masked array that hides 1 of 3, and the mask would be ignored; allowed: "
            "values without a mask. Leave the hidden ones out first, as with compressed().",
        ),
        (
            [1e200, 1],
            "x holds 1e+200; allowed: up to 1e+100 in size. Use a larger unit.",
        ),
    ],
)
def test_values_are_refused(x, text):
    assert refused(permutation_test, x, [1, 2]) == text
    assert refused(paired_permutation_test, x) == text


def test_ragged_values_are_refused():
    text = refused(permutation_test, [[1], [1, 2]], [1])
    assert text.startswith("x cannot be read as one row of numbers (")


ARGUMENTS = [
    (
        {"statistic": "mean"},
        "statistic is 'mean'; allowed: 'mean_difference', 'rank_sum', 'welch_t', 'brunner_munzel', "
        "'median_difference', 'trimmed_mean_difference'. Did you mean 'mean_difference'?",
    ),
    (
        {"alternative": "two.sided"},
        "alternative is 'two.sided'; allowed: 'two-sided', 'less', 'greater', "
        "'two-sided-doubled'. Did you mean 'two-sided'?",
    ),
    (
        {"exact": "always"},
        'exact is \'always\'; allowed: "auto", True or False. With "auto" the test is exact '
        "wherever time and memory allow.",
    ),
    (
        {"n_resamples": -1},
        "n_resamples is -1; allowed: a whole number from 1 to 10,000,000, such as 9999.",
    ),
    (
        {"seed": 1.5},
        "seed is 1.5; allowed: a whole number from 0 to 2**64 − 1, or None for a fresh one.",
    ),
    (
        {"confidence_level": 95},
        "confidence_level is 95; allowed: a number between 0 and 1, such as 0.95.",
    ),
    (
        {"blocks": ["a", "b"]},
        "blocks has shape (2,); allowed: (4,), one label per value, those of x first and then "
        "those of y.",
    ),
    (
        {"blocks": [1.0, NAN, 1.0, 1.0]},
        "blocks holds a missing label; allowed: a label for every value. Name the block or leave "
        "the value out.",
    ),
]


@pytest.mark.parametrize(("given", "text"), ARGUMENTS)
def test_arguments_are_refused(given, text):
    assert refused(permutation_test, [1, 2], [3, 4], **given) == text


NOT_A_TIME = np.array(["2025-01-01", "NaT", "2025-01-01", "2025-01-02"], dtype="M8[ns]")


@pytest.mark.parametrize(
    "blocks",
    [
        NOT_A_TIME,
        list(NOT_A_TIME),
        pd.Series(["a", pd.NaT, "a", "b"], dtype=object),
        pd.Series(["a", pd.NA, "a", "b"], dtype=object),
        ["a", NAN, "a", "b"],
        [None, "a", "a", "b"],
    ],
)
def test_missing_block_labels_are_refused(blocks):
    assert refused(permutation_test, [1, 2], [3, 4], blocks=blocks) == (
        "blocks holds a missing label; allowed: a label for every value. Name the block or leave "
        "the value out."
    )


def test_other_impossible_blocks_are_refused():
    hidden = np.ma.array([1, 2, 1, 2], mask=[0, 1, 0, 0])
    assert refused(permutation_test, [1, 2], [3, 4], blocks=hidden) == (
        "blocks is a masked array that hides 1 of 4, and the mask would be ignored; allowed: "
        "values without a mask. Leave the hidden ones out first, as with compressed()."
    )
    assert refused(permutation_test, [1, 2], [3, 4], blocks=[[1], [1, 2], 1, 1]) == (
        "blocks holds labels that are lists or tables; allowed: text, numbers or dates. Give one "
        "label per value."
    )


def test_pairs_must_match_and_vary():
    assert refused(paired_permutation_test, [1, 2], [1]) == (
        "x has 2 values and y has 1; allowed: the same number, one pair per participant. Match "
        "them by participant first."
    )
    assert refused(correlation_permutation_test, [1, 2], [1, 2]).startswith(
        "x has 2 values; allowed: at least 3."
    )
    assert refused(correlation_permutation_test, [1, 2, 3], [2, 2, 2]) == (
        "y is constant (2 for all 3); allowed: values that differ, since a constant has no "
        "correlation. Leave it out of the plan."
    )


def test_input_is_left_as_it_was_and_records_are_frozen():
    x, y = np.array([3.0, 1.0, 2.0]), np.array([9.0, 4.0])
    found = permutation_test(x, y)
    assert (x.tolist(), y.tolist()) == ([3, 1, 2], [9, 4])
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.p_value = 0


def test_extreme_but_finite_values_are_tested():
    for scale in (1e-300, 1e-30, 1e30, 1e99):
        x, y = [scale * v for v in (1, 2, 3.5)], [scale * v for v in (4, 5, 7)]
        assert permutation_test(x, y).p_value == 0.1
        assert correlation_permutation_test(x, y).p_value == 1 / 6


def test_public_names_are_all_there_and_sorted():
    names = ketbio.statistics.__all__
    assert names == sorted(names)
    assert all(hasattr(ketbio.statistics, name) for name in names)
