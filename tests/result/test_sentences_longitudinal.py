"""Sentences of analyses over visits: what each says, word by word."""

import math
from dataclasses import replace

import pytest

from ketbio.result import Result

ARMS = {"groups": ("ketamine", "saline"), "n": {"ketamine": 8, "saline": 7}}
CHANGE = "change, baseline to day_14"


def asked(analysis, **fields):
    given = {"analysis": analysis, "marker": "MADRS", "unit": "points", "ci_method": "t"}
    return Result(**(given | fields))


DIFFERENCE = asked(
    "fit_mmrm", **ARMS, outcome=CHANGE, estimate=-4.0, ci_low=-7.5, ci_high=-0.5,
    estimate_name="difference in estimated marginal means", statistic=-2.4,
    statistic_name="t(13.4)", p_value=0.031, p_method="mixed model (REML), Kenward–Roger",
    alternative="two-sided",
)  # fmt: skip
MEAN = asked(
    "fit_mmrm", groups=("ketamine",), n={"ketamine": 8}, outcome=CHANGE, role="description",
    estimate=-9.0, ci_low=-11.5, ci_high=-6.5, estimate_name="estimated marginal mean",
)  # fmt: skip
OVERALL = asked(
    "fit_mmrm", groups=("all",), n={"all": 15}, outcome="arm × visit interaction", unit="",
    role="description", statistic=1.7, statistic_name="F(4, 7.0)", p_value=0.25,
    p_method="mixed model", alternative="two-sided", ci_method="",
)  # fmt: skip
WITHIN = asked(
    "correlate_repeated", groups=("MADRS", "BDNF_serum"), n={"participants": 9}, unit="",
    outcome="values over 3 visits within participants, with those of BDNF_serum", estimate=-0.4,
    estimate_name="repeated-measures correlation", ci_low=-0.7, ci_high=0.1, statistic=-0.4,
    statistic_name="r(17)", p_value=0.08, p_method="9,999 draws", alternative="two-sided",
)  # fmt: skip
BY_DAY = asked(
    "describe_time_to_response", groups=("ketamine",), n={"ketamine": 8}, unit="%",
    outcome="time to response", estimate=50.0, estimate_name="with response by day 7",
    ci_low=18.0, ci_high=83.0, ci_method="Kaplan–Meier, log–log",
)  # fmt: skip
MEDIAN = replace(BY_DAY, estimate_name="median time to response", unit="days", estimate=7.0,
                 ci_low=1.0, ci_high=math.inf)  # fmt: skip
ANY_VISIT = asked(
    "fit_mmrm", **ARMS, outcome=f"{CHANGE}, any visit", unit="", ci_method="", role="sensitivity",
    statistic=2.91, statistic_name="largest |t| over the visits", p_value=0.0501, is_exact=True,
    p_method="exact, 6,435 arrangements", n_arrangements=6435, alternative="two-sided",
)  # fmt: skip
RANKS = replace(ANY_VISIT, outcome=CHANGE, statistic=41.0, statistic_name="rank sum of x")
P_ALONE = replace(ANY_VISIT, statistic=math.nan, statistic_name="")
RATES = asked(
    "compare_response_rates", **ARMS, outcome="response (at least 50%)", estimate=35.0,
    estimate_name="difference of percentages", unit="percentage points", ci_low=-5.0,
    ci_high=70.0, p_value=0.11, p_method="Boschloo's exact unconditional test",
)  # fmt: skip

SAID = [
    (DIFFERENCE, "full", "difference in estimated marginal means (ketamine − saline) −4.00 points,"
     " 95% CI −7.50 to −0.500 (t), p = .031 (mixed model"),
    (DIFFERENCE, "apa", "95% CI [−7.50, −0.500], t(13.4) = −2.40, p = .031 (mixed model"),
    (DIFFERENCE, "ama", "day 14 was −4.00 points (95% CI, −7.50 to −0.500; P"),
    (DIFFERENCE, "plain", "was on average 4 points lower in the 8 people in group “ketamine” than "
     "in the 7 people in group “saline”."),
    (replace(DIFFERENCE, outcome=f"{CHANGE}, average over visits"), "apa",
     "in the change in MADRS from baseline, averaged over the visits up to day 14, was"),
    (MEAN, "apa", "The estimated marginal mean of the change in MADRS from baseline to day 14 was "
     "−9.00 points, 95% CI [−11.5, −6.50] (n = 8 in ketamine)."),
    (MEAN, "plain", "In the 8 people in group “ketamine”, the MADRS score fell on average by 9 "
     "points from baseline to day 14. The data fit"),
    (OVERALL, "full", "arm × visit interaction: F(4, 7.0) = 1.70, p = .25 (mixed model"),
    (OVERALL, "apa", "MADRS, arm × visit interaction was tested, F(4, 7.0) = 1.70, p = .250"),
    (WITHIN, "full", "repeated-measures correlation −0.400, 95% CI −0.700 to 0.100 (t), p = .080 "
     "(9,999 draws); 9 participants."),
    (WITHIN, "apa", "was rrm(17) = −.400, 95% CI [−.700, .100], p = .080 (permutation test, 9,999 "
     "draws; n = 9 participants). The interval holds values on both sides of 0."),
    (WITHIN, "plain", "which leaves open which way the link runs"),
    (BY_DAY, "full", "percentage with response by day 7 50.0%, 95% CI 18.0 to 83.0"),
    (BY_DAY, "apa", "The percentage with response by day 7 of MADRS, time to response, was 50.0%"),
    (BY_DAY, "plain", "An estimated 50% of the 8 people in group “ketamine” had response by day 7"),
    (MEDIAN, "plain", "was typically 7 days. The data fit 1 day and anything above it."),
    (ANY_VISIT, "full", "any visit: largest |t| over the visits = 2.91, p = .050 (exact, "),
    (ANY_VISIT, "apa", "The change in MADRS from baseline at any visit up to day 14 was tested, "
     "largest |t| over the visits = 2.91, p = .050 (exact permutation test, 6,435 arrangements;"),
    (ANY_VISIT, "ama", "was tested (largest |t| over the visits = 2.91; P\u202f=\u202f.05; exact "
     "permutation test, 6435 arrangements;"),
    (OVERALL, "ama", "was tested (F(4, 7.0) = 1.70; P"),
    (RANKS, "apa", "was tested, rank sum of ketamine = 41.0, p = .050 (exact permutation test"),
    (P_ALONE, "full", "any visit: tested, p = .050 (exact"),
    (P_ALONE, "apa", "at any visit up to day 14 was tested, p = .050 (exact permutation test"),
    (RATES, "full", "difference of percentages (ketamine − saline) 35.0 percentage points"),
    (RATES, "plain", "was 35 percentage points higher in the 8 people in group “ketamine”"),
]  # fmt: skip


@pytest.mark.parametrize(("result", "style", "words"), SAID)
def test_what_is_said(result, style, words):
    assert words in result.sentence(style)


def test_a_difference_between_arms_is_never_called_an_effect_of_one():
    for style in ("full", "apa", "ama", "plain"):
        said = DIFFERENCE.sentence(style)
        assert not any(word in said for word in ("effect of", "reduced", "improve", "due to"))
    assert DIFFERENCE.sentence("plain").endswith("This shows what went together, not why.")


def test_a_result_with_neither_estimate_nor_statistic_says_why():
    nothing = replace(OVERALL, statistic=math.nan, statistic_name="", p_method="", p_value=math.nan,
                      warnings=("The design is singular.",))  # fmt: skip
    assert "The design is singular" in nothing.sentence()


def test_the_average_of_one_arm_is_not_told_as_its_last_visit():
    one = replace(MEAN, outcome=f"{CHANGE}, average over visits")
    said = one.sentence("plain")
    assert "from baseline, averaged over the visits up to day 14" in said
    assert "from baseline to day 14" not in said


def test_a_difference_in_estimated_changes_is_of_means():
    one = replace(DIFFERENCE, estimate_name="difference in estimated changes")
    assert "on average" in one.sentence("plain")


PERMUTED = replace(DIFFERENCE, role="sensitivity", p_value=0.046, statistic=math.nan,
                   statistic_name="", p_method="9,999 draws, arms permuted")  # fmt: skip


def test_what_permuting_the_arms_says_stands_beside_the_models_p_in_plain_words():
    both = replace(DIFFERENCE, companions=(MEAN, PERMUTED))
    said = both.sentence("plain")
    assert said.endswith(
        "would turn up about 3 times in 100. When people were shuffled between the groups instead, "
        "without the model, a difference at least this large turned up about 5 times in 100. This "
        "shows what went together, not why."
    )
    assert "shuffled" not in DIFFERENCE.sentence("plain")
    few = replace(both, companions=(replace(PERMUTED, p_value=0.1, p_floor=0.1),))
    assert (
        "10 times in 100, and nothing could have been rarer than about 10 times in 100. This"
        in (few.sentence("plain"))
    )


def test_one_arms_permutation_swaps_rises_and_falls():
    one = replace(MEAN, role="primary", p_value=0.02, p_method="mixed model (REML)")
    signs = replace(one, role="sensitivity", p_value=0.0313, p_method="exact, 32 arrangements")
    said = replace(one, companions=(signs,)).sentence("plain")
    assert "When rises and falls were swapped at random instead, without the model, a" in said


def test_a_permutation_beside_what_is_no_model_adds_no_sentence():
    other = replace(RATES, companions=(PERMUTED,))
    assert other.sentence("plain") == RATES.sentence("plain")
