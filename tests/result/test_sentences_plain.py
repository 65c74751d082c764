"""For a patient or a relative: one to three short sentences, no jargon, no reason why."""

import numpy as np
import pytest

SAID = {
    "visits": (
        "In 12 people, the MADRS score fell on average by 17 points from baseline to "
        "day 14. The data fit anything from a fall of 10.2 points to a fall of 23.9 "
        "points; if chance alone were at work, a rise or fall at least this large would "
        "turn up less than once in 1,000. There was no comparison group, so this cannot "
        "say why."
    ),
    "visits by t": (
        "In 12 people, the MADRS score fell on average by 17 points from baseline to "
        "day 14. The data fit anything from a fall of 10.2 points to a fall of 23.8 "
        "points; if chance alone were at work, a rise or fall at least this large would "
        "turn up less than once in 1,000. There was no comparison group, so this cannot "
        "say why."
    ),
    "visits, fold": (
        "In 10 people, serum BDNF rose typically by 10% from baseline to day 14. The "
        "data fit anything from a fall of 11% to a rise of 32%, which leaves open "
        "whether it rose or fell; if chance alone were at work, a rise or fall at least "
        "this large would turn up about 24 times in 100 (about 47 times in 100 when all "
        "tests of this kind are counted). There was no comparison group, so this cannot "
        "say why."
    ),
    "groups": (
        "The change in nucleus accumbens entropy from baseline to day 14 was on average "
        "0.19 nats higher in the 5 people who responded than in the 6 people who did "
        "not respond. The data fit anything from 0.018 nats higher to 0.37 nats higher; "
        "if chance alone were at work, a difference at least this large would turn up "
        "about 4 times in 100 (about 18 times in 100 when all tests of this kind are "
        "counted). This shows what went together, not why."
    ),
    "groups, fold": (
        "Measured against baseline, p-mTOR (Ser2448) at day 14 was typically 38% higher "
        "in the 1 person who responded than in the 5 people who did not respond. The "
        "data fit anything from 3% lower to 2.3 times as high, which leaves open which "
        "group is higher; if chance alone were at work, a difference at least this "
        "large would turn up about 33 times in 100, and with so few people nothing "
        "could have been rarer than about 17 times in 100. This shows what went "
        "together, not why."
    ),
    "superiority": (
        "If one of the 5 people who responded and one of the 6 people who did not "
        "respond were picked at random, the first would have the higher nucleus "
        "accumbens entropy at day 14 about 71 times in 100. The data fit anything from "
        "21 to 100 times in 100, which leaves open which is higher; if chance alone "
        "were at work, a difference at least this large would turn up about 27 times in "
        "100. This shows what went together, not why."
    ),
    "correlation": (
        "In 11 people, the more nucleus accumbens entropy rose, the more the MADRS "
        "score tended to fall (correlation −0.81, where 0 is no link and −1 or 1 a "
        "perfect one). The data fit anything from −0.95 to −0.4; if chance alone were "
        "at work, a link at least this large would turn up about 2 times in 1,000. This "
        "shows what went together, not why."
    ),
    "correlation, open": (
        "In 11 people, the more nucleus accumbens entropy rose, the more the MADRS "
        "score tended to rise (correlation 0.31, where 0 is no link and −1 or 1 a "
        "perfect one). The data fit anything from −0.34 to 0.76, which leaves open "
        "which way the link runs; if chance alone were at work, a link at least this "
        "large would turn up about 33 times in 100. This shows what went together, not "
        "why."
    ),
    "response": (
        "5 of 12 people (42%) had a response (reduction of at least 50%) by the MADRS "
        "score. The data fit a true share of anything from 15% to 72%. There was no "
        "comparison group, so this cannot say why."
    ),
    "mean": (
        "In 13 people, age was on average 14.5 years. Single values typically lay 1.56 "
        "years away from that."
    ),
    "median": (
        "In 13 people, age was typically 14 years. The middle half of the values lay "
        "between 13 years and 16 years."
    ),
    "curve": (
        "A laboratory check of how amounts are read from test wells of known content "
        "gave the amount at the middle of the curve, which was 0.87 ng/mL for BDNF "
        "(standard curve of plate PL1; 16 standard wells). The data fit anything from "
        "0.84 ng/mL to 0.91 ng/mL. This is about the measuring, not about the people in "
        "the study."
    ),
    "replicates": (
        "A laboratory check of how well repeated measurements agree gave a typical "
        "spread between repeats of 10.6% for p-mTOR (Ser2448) (replicates of 20 "
        "samples; 10 people). The data fit anything from 8.12% to 15.3%. This is about "
        "the measuring, not about the people in the study."
    ),
    "of a user": ("In 1 person, the best score for gait speed was 1 point."),
    "without an answer": (
        "No single number can be given for nucleus accumbens entropy (change, baseline "
        "to day 14; 1 person): A group has fewer than 2 participants."
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_plain_sentence(typical, name):
    assert typical[name].sentence("plain") == SAID[name]


def test_every_typical_result_is_told(typical):
    assert set(SAID) == set(typical)


def test_values_below_a_limit_are_told_by_wins(of_groups):
    said = of_groups(
        estimate=0.4286, estimate_name="wins − losses per pair (Gehan)", unit="",
        ci_low=float("nan"), p_value=0.268, outcome="value at day_14",
    ).sentence("plain")  # fmt: skip
    assert said.startswith(
        "Comparing each of the 5 people who responded with each of the 6 people who did not "
        "respond, the first value of nucleus accumbens entropy at day 14 was higher 43 percentage "
        "points more often than it was lower."
    )


def test_groups_of_a_user_are_named(of_groups):
    said = of_groups(groups=("esketamine", "placebo"), n={"esketamine": 1, "placebo": 4})
    words = "in the 1 person in group “esketamine” than in the 4 people in group “placebo”."
    assert words in said.sentence("plain")


def test_a_change_against_the_mean_of_both_visits(of_pair):
    said = of_pair(
        analysis="correlate_baseline_change", marker="MADRS", label="MADRS",
        outcome="change, baseline to day_14, against the mean of both visits",
        groups=("mean of both visits", "change"), estimate=0.45,
    ).sentence("plain")  # fmt: skip
    assert said.startswith(
        "In 11 people, the higher the mean of both visits of the MADRS score was, the more the "
        "MADRS score tended to rise"
    )


def test_two_markers(of_pair):
    said = of_pair(
        analysis="correlate_markers", groups=("nacc_entropy", "p_mTOR_S2448"), estimate=0.2,
        outcome="value at baseline, with that of p-mTOR (Ser2448)",
    ).sentence("plain")  # fmt: skip
    assert "the higher nucleus accumbens entropy was, the higher p-mTOR (Ser2448) tended" in said


def test_a_course_is_told_by_its_last_visit(of_visits):
    said = of_visits(
        analysis="summarise_course", outcome="course, baseline to day_14", groups=("all",),
        n={"all": 12}, estimate=22.4, estimate_name="mean at the last visit", ci_low=15.8,
        ci_high=29.0, spread=10.4, p_method="", role="description",
    ).sentence("plain")  # fmt: skip
    assert said == (
        "In 12 people, the MADRS score at day 14 was on average 22.4 points. The data fit "
        "anything from 15.8 points to 29 points."
    )


def test_gels_count_in_the_singular(of_visits):
    shared = {"analysis": "summarise_gel", "outcome": "gel G1", "groups": ("all",),
              "n": {"all": 1}, "unit": "lanes", "p_method": "", "ci_low": float("nan")}  # fmt: skip
    one = of_visits(**shared, estimate=1.0, estimate_name="reference lanes")
    assert "counted 1 reference lane for MADRS (gel G1; 1 person)." in one.sentence("plain")
    assert one.sentence("apa") == "The number of reference lanes of MADRS, gel G1, was 1 (n = 1)."


def test_an_error_on_a_log_scale_is_a_percentage(of_visits):
    said = of_visits(
        analysis="summarise_replicates", outcome="replicates of 20 samples", groups=("all",),
        estimate=0.156, estimate_name="standard error of measurement", unit="log2 ng/mL",
        p_method="", ci_low=float("nan"),
    ).sentence("plain")  # fmt: skip
    assert "a typical error of a single measurement of 11% for MADRS" in said


@pytest.mark.parametrize("style", ["apa", "ama", "plain"])
def test_the_design_says_what_it_could_not_show(of_visits, style):
    few = of_visits(n={"pairs": 4}, p_value=0.125, p_floor=0.125, ci_low=-30.0, ci_high=2.0)
    said = few.sentence(style)
    assert ("could have given is .12" in said) or ("rarer than about 12 times in 100" in said)


@pytest.mark.parametrize(
    ("alternative", "limits", "fit", "counted"),
    [
        ("less", (-np.inf, -11.4), "a fall of at least 11.4 points", "as low as this or lower"),
        ("greater", (-22.6, np.inf), "a fall of at most 22.6 points, or any rise",
         "as high as this or higher"),
    ],
)  # fmt: skip
def test_a_one_sided_test_says_its_side(of_visits, alternative, limits, fit, counted):
    one = of_visits(alternative=alternative, ci_low=limits[0], ci_high=limits[1])
    said = one.sentence(style="plain")
    assert f"The data fit {fit}" in said
    assert f"a result {counted} would turn up" in said
    assert "at least this large" not in said
