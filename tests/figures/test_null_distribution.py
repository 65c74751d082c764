"""The null distribution: every arrangement counted once, and what is filled is what p counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.analyses.companions import permutation_fields
from ketbio.errors import FigureError
from ketbio.figures import draw_null_distribution
from ketbio.figures.null_counts import Counted, counted_by_p, null_of, sticks_of
from ketbio.figures.record import figure_record
from ketbio.result import Result
from ketbio.statistics import (
    correlation_permutation_test,
    paired_permutation_test,
    permutation_test,
)

X, Y = [3.0, 5.0, 8.0], [1.0, 2.0, 4.0, 0.5]


def result_of(test, **fields):
    given = permutation_fields(test) | {"outcome": "value", "groups": ("x", "y")} | fields
    return Result(analysis="compare_responders", marker="m", n={"x": 3, "y": 4}, **given)


def counted(result):
    null = null_of(result)
    return int(counted_by_p(result, null).sum()), null.size


def test_each_value_that_can_come_out_is_a_stick_of_its_height():
    # signs of 1, 2 and 4: all eight sums differ; observed 7/3, the largest
    result = result_of(paired_permutation_test([1.0, 2.0, 4.0]))
    figure = draw_null_distribution(result)
    [panel] = figure.axes
    bars = {
        round(bar.get_x() + bar.get_width() / 2, 6): (bar.get_height(), kind.get_label())
        for kind in panel.containers
        for bar in kind
    }
    sums = [s * 1 / 3 for s in (-7, -5, -3, -1, 1, 3, 5, 7)]
    assert sorted(bars) == pytest.approx(sums, abs=1e-6)
    assert [bars[at][1] for at in sorted(bars)] == ["counted by p"] + ["others"] * 6 + [
        "counted by p"
    ]
    assert {height for height, _ in bars.values()} == {1}
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "as extreme as observed: 2 of 8 arrangements",
        "others",
    ]


def test_words_say_p_its_definition_and_its_floor():
    record = figure_record(draw_null_distribution(result_of(permutation_test(X, Y))))
    assert "p: exact, 35 arrangements, two-sided; share of arrangements with |T − E T|" in (
        record.caption
    )
    assert "The smallest p that can come out is .029." in record.caption
    assert record.kind == "Null distribution"
    assert "at least as extreme" in record.alternative
    table = record.data["null_distribution"]
    assert table["count"].sum() == 35
    assert table["counted_by_p"].sum() == counted(result_of(permutation_test(X, Y)))[0]


values = st.lists(st.integers(-8, 8), min_size=3, max_size=5)


@settings(max_examples=12, deadline=None)
@given(
    values, values, st.sampled_from(["two-sided", "less", "greater"]),
    st.sampled_from(["mean_difference", "rank_sum", "welch_t", "brunner_munzel"]),
)  # fmt: skip
def test_what_is_filled_is_what_an_exact_p_counts(x, y, alternative, statistic):
    test = permutation_test(x, y, statistic=statistic, alternative=alternative)
    if np.isnan(test.null_distribution).any() or np.isnan(test.statistic):
        return
    extreme, n = counted(result_of(test))
    assert extreme / n == pytest.approx(test.p_value)


@pytest.mark.parametrize("words", [{}, {"stop_after": 10}, {"alternative": "less"}])
@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_filled_is_what_a_drawn_p_counts(words, seed):
    test = permutation_test(X, Y, exact=False, n_resamples=199, seed=seed, **words)
    extreme, n = counted(result_of(test))
    assert (extreme + 1) / (n + 1) == pytest.approx(test.p_value)


def test_doubled_p_fills_the_smaller_tail():
    test = permutation_test(X, Y, alternative="two-sided-doubled")
    extreme, n = counted(result_of(test))
    assert 2 * extreme / n == pytest.approx(test.p_value)


def test_many_values_are_a_histogram_of_all_of_them():
    rng = np.random.default_rng(2)
    test = permutation_test(rng.normal(size=5), rng.normal(size=6))
    figure = draw_null_distribution(result_of(test), style="single_column")
    heights = [bar.get_height() for kind in figure.axes[0].containers for bar in kind]
    assert sum(heights) == 462
    assert "Each stick" not in figure_record(figure).caption


def test_infinite_statistics_stand_at_the_ends_and_are_told():
    test = permutation_test([4.0, 5, 6], [1.0, 2, 3], statistic="brunner_munzel")
    result = result_of(test)
    figure = draw_null_distribution(result)
    assert "Infinite in 2" in figure_record(figure).caption
    rows = sticks_of(
        Counted(values=null_of(result), is_extreme=counted_by_p(result, null_of(result)))
    )
    assert rows["statistic"].iloc[[0, -1]].tolist() == [-np.inf, np.inf]


def test_all_values_tied_are_one_stick():
    test = permutation_test([2.0, 2, 2], [2.0, 2])
    figure = draw_null_distribution(result_of(test))
    assert figure_record(figure).data["null_distribution"]["counted_by_p"].tolist() == [10]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"null_distribution": None, "n_arrangements": 39_916_800},
         "counted without listing its 39,916,800 arrangements"),
        ({"null_distribution": None, "n_arrangements": None, "p_method": "Welch's t test"},
         "was tested by Welch's t test, which permutes nothing"),
        ({"p_value": float("nan"), "p_method": ""}, "has no permutation test"),
        ({"null_distribution": np.array([0.0, np.nan])}, "arrangements without a statistic"),
    ],
)  # fmt: skip
def test_what_has_no_null_distribution_is_refused_in_one_sentence(fields, said):
    with pytest.raises(FigureError, match=said):
        draw_null_distribution(result_of(permutation_test(X, Y), **fields))


def test_a_correlation_keeps_its_pairings():
    test = correlation_permutation_test([1.0, 2, 3, 4], [2.0, 1, 4, 3])
    extreme, n = counted(result_of(test))
    assert (extreme / n, n) == (pytest.approx(test.p_value), 24)


@pytest.mark.parametrize(("statistic", "centre"), [("mean", 0.0), ("sign", 4.0)])
def test_draws_with_mid_p_fill_what_lies_as_far_from_the_centre(statistic, centre):
    differences = [3.1, 2.2, -1.4, 0.6, 1.9, -0.3, 2.7, 0.8]
    test = paired_permutation_test(
        differences, statistic=statistic, exact=False, n_resamples=299, seed=5, mid_p=True
    )
    result = result_of(test)
    null = null_of(result)
    is_far = np.abs(null - centre) >= abs(test.statistic - centre) - 1e-9
    assert counted_by_p(result, null).tolist() == is_far.tolist()
    assert not np.isclose(null.mean(), centre, atol=1e-6)
