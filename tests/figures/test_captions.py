"""Captions and alternative texts are written from the result."""

import math

import pandas as pd
import pytest

from ketbio.figures import alternative_text, figure_caption
from ketbio.figures.captions import small_print
from ketbio.figures.labels import quantity_label


def test_caption_of_an_estimation_plot(make):
    assert figure_caption(make["estimation_null"]()) == (
        "Change in p-mTOR (Ser2448), baseline to day 14. Each point is one participant. Dash and "
        "bar beside the points: mean and SD. Grey bars: the differences under all arrangements "
        "of the groups. Grey line on the right: 0, no difference. "
        "Mean difference 0.533 log2 ratio (responder − non-responder), 95% CI "
        "0.133 to 0.883; p = .011. n: responder 5, non-responder 6. Test of the mean difference: "
        "exact, 462 arrangements, two-sided. Interval: inversion of the exact permutation test. "
        "Excluded: 2 – no blot at day 14 (1), response not known: no MADRS at day 14 (1)."
    )


def test_printed_lines_name_n_test_interval_and_exclusions(make):
    assert small_print(make["slopes"]()) == (
        "n = 10 pairs. Test of the mean: exact, 1,024 arrangements, two-sided. Interval: "
        "inversion of the exact sign-flip test. Excluded: none. Each line is one participant. "
        "Thick line and bars: mean and SD."
    )


@pytest.mark.parametrize("name", ["estimation", "slopes", "scatter", "waterfall"])
def test_every_figure_prints_them(drawn, make, name):
    printed = " ".join(text.get_text() for text in drawn(name).texts).replace("\n", " ")
    assert small_print(make[name]()) in printed


def test_drawn_p_is_said_to_be_drawn(make):
    result = make["estimation"](p_method="9,999 draws", is_exact=False, p_value=0.0002)
    assert "Test of the mean difference: 9,999 draws, two-sided." in small_print(result)
    assert "p < .001" in figure_caption(result)


def test_adjusted_p_is_named_with_its_adjustment(make):
    result = make["estimation"](p_adjusted=0.0432, adjustment="Holm over 4 markers")
    assert "two-sided; p = .043 after Holm over 4 markers." in small_print(result)


def test_reasons_are_counted_shortened_and_the_rare_ones_pooled(make):
    reasons = ["saturated band"] * 3 + ["no blot at day_14"] * 2 + ["a" * 120, "c", "d"]
    excluded = pd.DataFrame({"participant_id": [f"P{i}" for i in range(8)], "reason": reasons})
    assert (
        f"Excluded: 8 – saturated band (3), no blot at day 14 (2), {'a' * 89}… (1), "
        "other reasons (2)." in small_print(make["estimation"](excluded=excluded))
    )


def test_an_open_interval_is_said(make):
    caption = figure_caption(make["estimation_open_below"]())
    assert "95% CI −∞ to 0.883 (open below: arrow)" in caption


def test_why_nothing_could_be_computed(make):
    result = make["estimation"](
        estimate=math.nan, warnings=("Nothing could be computed: no responder has a value.",)
    )
    assert "Nothing could be computed: no responder has a value; p = .011." in figure_caption(
        result
    )


def test_one_participant_has_no_spread_to_be_read(make):
    assert "Dash beside the points: mean." in figure_caption(make["estimation_one_each"]())
    assert "mean" not in small_print(make["slopes"](companions=(), statistic_name=""))


def test_remitters_stand_beside_responders(make):
    assert (
        "Responders 36.4%, 95% CI 18.2 to 68.2; remitters 18.2%, 95% CI 2.30 to 51.8."
        in figure_caption(make["waterfall"]())
    )


def test_a_probability_of_superiority_is_one_of_a_group_over_the_other(make):
    result = make["estimation_superiority"]()
    answer = "Probability of superiority 1.00 (responder over non-responder), no interval; p = .011"
    caption = figure_caption(result)
    assert answer in caption
    assert "Grey line on the right: 0.5, no superiority." in caption
    assert "mean and SD; the estimate is not their difference." in caption
    told = alternative_text(result)
    assert answer in told
    assert "Responder: 3 participants, 3.00 to 5.00 log2 ratio." in told
    assert "−" not in told


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("estimation_medians", {}, "Dash beside the points: median. Grey line"),
        (
            "estimation",
            {"estimate_name": "difference of 20% trimmed means", "estimate": 0.51},
            "Dash and bar beside the points: mean and SD; the difference is of 20% trimmed means.",
        ),
        (
            "estimation_shift",
            {},
            "Dash and bar beside the points: mean and SD; the estimate is not their difference.",
        ),
        ("estimation", {}, "Dash and bar beside the points: mean and SD. Grey line"),
        (
            "estimation_no_estimate",
            {},
            "Dash and bar beside the points: mean and SD. Mean difference;",
        ),
    ],
)
def test_what_the_dashes_are_is_said(make, name, fields, said):
    assert said in figure_caption(make[name](**fields) if fields else make[name]())


def test_a_rank_sum_is_one_of_the_first_group(make):
    result = make["estimation"](statistic_name="rank sum of x")
    assert "Test of the rank sum of responders: exact" in small_print(result)


BLOCKS = "Permuted within study_site only (2 of them), so that differences between them cannot …"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"warnings": ("Small.", BLOCKS)}, ", two-sided. Permuted within study site. Interval"),
        ({"warnings": ("Ranked within site only (2 of them)",)}, " Ranked within site. "),
        ({"estimate_name": "mean difference within blocks"}, " Permuted within blocks. "),
        ({}, ", two-sided. Interval"),
    ],
)
def test_blocks_are_told_in_the_caption_and_on_the_page(make, fields, said):
    result = make["estimation"](**fields)
    assert said in figure_caption(result)
    assert said in small_print(result)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "estimation",
            "Estimation plot of change in p-mTOR (Ser2448), baseline to day 14. Responder: "
            "5 participants, 0.120 to 0.920 log2 ratio. Non-responder: 6 participants, −0.350 to "
            "0.310 log2 ratio. Mean difference 0.533 log2 ratio (responder − non-responder), "
            "95% CI 0.133 to 0.883; p = .011.",
        ),
        (
            "slopes",
            "Slope plot of change in MADRS, baseline to day 14. One line per "
            "participant (10 participants) from baseline (29.0 to 50.0 points) to endpoint "
            "(12.0 to 41.0 points); 9 fell and 1 did not change. Mean change −12.3 points "
            "(day 14 − baseline), 95% CI −18.9 to −6.10; p = .0020.",
        ),
        (
            "scatter",
            "Scatter plot of change in p-mTOR (Ser2448), baseline to day 14, against the change "
            "of MADRS. 11 participants, from −0.350 to "
            "0.920 across and −21.0 to 1.00 upwards. Each point is one participant. Ringed: P04, "
            "without whom the estimate moves most (to −0.466). Pearson r −0.690, 95% CI −0.910 to "
            "−0.150; one left out: −0.740 to −0.466; p = .021.",
        ),
        (
            "waterfall",
            "Waterfall plot of MADRS, response (reduction of at least 50%). One bar per "
            "participant (11), reductions from −12.5 to 72.1%; the response line is at 50.0%; "
            "1 worse than at baseline. Responders 36.4%, 95% CI 18.2 to 68.2; remitters 18.2%, "
            "95% CI 2.30 to 51.8.",
        ),
    ],
)
def test_alternative_text_tells_what_is_seen(make, name, text):
    assert alternative_text(make[name]()) == text


def test_texts_of_every_case_are_sentences(any_result):
    for text in (figure_caption(any_result), alternative_text(any_result)):
        assert text.endswith(".")
        assert "nan" not in text
        assert "  " not in text
        assert ".." not in text


@pytest.mark.parametrize(
    ("outcome", "label"),
    [
        ("change, baseline to day_14", "Change in MADRS, baseline to day 14"),
        ("percent change, baseline to day_14", "Percent change in MADRS, baseline to day 14"),
        ("value at baseline", "MADRS at baseline"),
        ("total", "MADRS, total"),
        ("", "MADRS"),
    ],
)
def test_what_an_axis_says(make, outcome, label):
    assert quantity_label(make["slopes"](outcome=outcome)) == label


def test_a_long_reason_is_cut_between_words(make):
    excluded = pd.DataFrame({"participant_id": ["P01"], "reason": ["the sample was lost " * 8]})
    printed = small_print(make["estimation"](excluded=excluded))
    assert "the sample was lost the… (1)" in printed
