"""APA (7th edition): brackets, no zero before p and r, t(df) and r(df), three decimals of p."""

import pytest

SAID = {
    "visits": (
        "The mean change in MADRS from baseline to day 14 was −17.0 points, 95% CI "
        "[−23.9, −10.2], p < .001 (exact permutation test, 4,096 arrangements; n = 12 "
        "pairs)."
    ),
    "visits by t": (
        "The mean change in MADRS from baseline to day 14 was −17.0 points, 95% CI "
        "[−23.8, −10.2], t(11) = −5.48, p < .001 (paired t test; n = 12 pairs)."
    ),
    "visits, fold": (
        "The Hodges–Lehmann centre of the change in serum BDNF from baseline to day 14 "
        "was 0.139 log2 ng/mL, 95% CI [−0.173, 0.403], p = .236, p = .473 after Holm "
        "over 2 markers (exact permutation test, 1,024 arrangements; n = 10 pairs). The "
        "interval holds values on both sides of 0."
    ),
    "groups": (
        "The mean difference (responder − non-responder) in the change in nucleus "
        "accumbens entropy from baseline to day 14 was 0.192 nats, 95% CI [0.0183, "
        "0.368], Hedges' g = 1.39, 95% CI [0.106, 2.62], p = .037, p = .184 after Holm "
        "over 5 markers (exact permutation test, 462 arrangements; n = 5 responders and "
        "6 non-responders)."
    ),
    "groups, fold": (
        "The mean difference (responder − non-responder) in the change in p-mTOR "
        "(Ser2448) from baseline to day 14 was 0.460 log2 ratio, 95% CI [−0.0500, "
        "1.20], p = .333 (exact permutation test, 462 arrangements; n = 1 responder and "
        "5 non-responders). The interval holds values on both sides of 0. The smallest "
        "p that this design could have given is .167."
    ),
    "superiority": (
        "The probability of superiority (responder over non-responder) in nucleus "
        "accumbens entropy at day 14 was .714, 95% CI [.206, 1.00], p = .268 (exact "
        "permutation test, 462 arrangements; n = 5 responders and 6 non-responders). "
        "The interval holds values on both sides of .5."
    ),
    "correlation": (
        "The Pearson r of the change in nucleus accumbens entropy from baseline to day "
        "14 with the change of MADRS was r(9) = −.808, 95% CI [−.948, −.403], p = .002 "
        "(exact permutation test, 39,916,800 arrangements; n = 11 pairs)."
    ),
    "correlation, open": (
        "The Spearman rho of the change in nucleus accumbens entropy from baseline to "
        "day 14 with the change of MADRS was rs(9) = .310, 95% CI [−.335, .757], p = "
        ".327 (exact permutation test, 39,916,800 arrangements; n = 11 pairs). The "
        "interval holds values on both sides of 0."
    ),
    "response": (
        "The number of responders for MADRS, response (reduction of at least 50%), was "
        "5 of 12 (41.7%), 95% CI [15.2, 72.3] (n = 12)."
    ),
    "mean": ("The mean of age was 14.5 years, SD = 1.56 (n = 13)."),
    "median": ("The median of age was 14.0 years, IQR [13.0, 16.0] (n = 13)."),
    "curve": (
        "The EC50 of BDNF, standard curve of plate PL1, was 0.874 ng/mL, 95% CI [0.844, "
        "0.905] (n = 16 standard wells)."
    ),
    "replicates": (
        "The within-run CV of p-mTOR (Ser2448), replicates of 20 samples, was 10.6%, "
        "95% CI [8.12, 15.3] (n = 10)."
    ),
    "of a user": ("The best score of gait speed was 1.00 points (n = 1)."),
    "without an answer": (
        "No estimate was given for the change in nucleus accumbens entropy from "
        "baseline to day 14: A group has fewer than 2 participants (n = 1 responder and "
        "0 non-responders)."
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_apa_sentence(typical, name):
    assert typical[name].sentence("apa") == SAID[name]


def test_every_typical_result_is_told(typical):
    assert set(SAID) == set(typical)


def test_a_one_sided_test_says_so(of_visits):
    said = of_visits(alternative="less").sentence("apa")
    assert "(exact permutation test, 4,096 arrangements, 1-sided: less; n = 12 pairs)" in said


def test_a_drawn_p_names_its_draws(of_visits):
    drawn = of_visits(p_method="9,999 draws", is_exact=False, p_value=0.0312, n_arrangements=None)
    assert "p = .031 (permutation test, 9,999 draws; n = 12 pairs)" in drawn.sentence("apa")


def test_an_interval_open_on_one_side(of_visits):
    said = of_visits(ci_low=float("-inf")).sentence("apa")
    assert "95% CI [−∞, −10.2]" in said


def test_the_reliability_of_a_change_has_one_change(of_visits):
    result = of_visits(
        analysis="summarise_replicates", estimate=0.81, estimate_name="reliability of the change",
        unit="", p_method="", groups=("all",), ci_low=0.45, ci_high=0.95,
    )  # fmt: skip
    assert result.sentence("apa") == (
        "The reliability of the change in MADRS from baseline to day 14 was .810, "
        "95% CI [.450, .950] (n = 12 pairs)."
    )
