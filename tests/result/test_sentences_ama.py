"""AMA (11th edition): P, narrow spaces around signs, 95% CI with a comma, whole percentages."""

import pytest

from ketbio.result import Result

N = "\u202f"
"""A narrow space, never broken over two lines."""

SAID = {
    "visits": (
        "The mean change in MADRS from baseline to day 14 was −17.0 points (95% CI, "
        f"−23.9 to −10.2; P{N}<{N}.001; exact permutation test, 4096 arrangements; n{N}={N}12 "
        "pairs)."
    ),
    "visits by t": (
        "The mean change in MADRS from baseline to day 14 was −17.0 points (95% CI, "
        f"−23.8 to −10.2; P{N}<{N}.001; paired t test; n{N}={N}12 pairs)."
    ),
    "visits, fold": (
        "The Hodges–Lehmann centre of the change in serum BDNF from baseline to day 14 "
        f"was 0.139 log2 ng/mL (95% CI, −0.173 to 0.403; P{N}={N}.24; P{N}={N}.47 after Holm "
        f"over 2 markers; exact permutation test, 1024 arrangements; n{N}={N}10 pairs). The "
        "interval holds values on both sides of 0."
    ),
    "groups": (
        "The mean difference (responder − non-responder) in the change in nucleus "
        "accumbens entropy from baseline to day 14 was 0.192 nats (95% CI, 0.0183 to "
        f"0.368; P{N}={N}.04; P{N}={N}.18 after Holm over 5 markers; exact permutation test, 462 "
        f"arrangements; n{N}={N}5 responders and 6 non-responders)."
    ),
    "groups, fold": (
        "The mean difference (responder − non-responder) in the change in p-mTOR "
        "(Ser2448) from baseline to day 14 was 0.460 log2 ratio (95% CI, −0.0500 to "
        f"1.20; P{N}={N}.33; exact permutation test, 462 arrangements; n{N}={N}1 responder and 5 "
        "non-responders). The interval holds values on both sides of 0. The smallest P "
        "that this design could have given is .17."
    ),
    "superiority": (
        "The probability of superiority (responder over non-responder) in nucleus "
        f"accumbens entropy at day 14 was 0.714 (95% CI, 0.206 to 1.00; P{N}={N}.27; exact "
        f"permutation test, 462 arrangements; n{N}={N}5 responders and 6 non-responders). "
        "The interval holds values on both sides of 0.5."
    ),
    "correlation": (
        "The Pearson r of the change in nucleus accumbens entropy from baseline to day "
        f"14 with the change of MADRS was −0.808 (95% CI, −0.948 to −0.403; P{N}={N}.002; "
        f"exact permutation test, 39{N}916{N}800 arrangements; n{N}={N}11 pairs)."
    ),
    "correlation, open": (
        "The Spearman rho of the change in nucleus accumbens entropy from baseline to "
        f"day 14 with the change of MADRS was 0.310 (95% CI, −0.335 to 0.757; P{N}={N}.33; "
        f"exact permutation test, 39{N}916{N}800 arrangements; n{N}={N}11 pairs). The interval "
        "holds values on both sides of 0."
    ),
    "response": (
        "The number of responders for MADRS, response (reduction of at least 50%), was "
        f"5 of 12 (42%; 95% CI, 15% to 72%; n{N}={N}12)."
    ),
    "mean": (f"The mean of age was 14.5 years (SD, 1.56; n{N}={N}13)."),
    "median": (f"The median of age was 14.0 years (IQR, 13.0 to 16.0; n{N}={N}13)."),
    "curve": (
        "The EC50 of BDNF, standard curve of plate PL1, was 0.874 ng/mL (95% CI, 0.844 "
        f"to 0.905; n{N}={N}16 standard wells)."
    ),
    "replicates": (
        "The within-run CV of p-mTOR (Ser2448), replicates of 20 samples, was 10.6% "
        f"(95% CI, 8.12% to 15.3%; n{N}={N}10)."
    ),
    "of a user": (f"The best score of gait speed was 1.00 points (n{N}={N}1)."),
    "without an answer": (
        "No estimate was given for the change in nucleus accumbens entropy from "
        f"baseline to day 14: A group has fewer than 2 participants (n{N}={N}1 responder and "
        "0 non-responders)."
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_ama_sentence(typical, name):
    assert typical[name].sentence("ama") == SAID[name]


def test_every_typical_result_is_told(typical):
    assert set(SAID) == set(typical)


def test_a_whole_percentage_has_no_decimals_just_below_ten_either():
    one = Result(
        analysis="summarise_response", marker="MADRS", outcome="response", groups=("all",),
        n={"all": 52}, estimate=100 * 5 / 52, estimate_name="responders", unit="%", ci_low=3.2,
        ci_high=21.0, statistic=5.0, statistic_name="count",
    )  # fmt: skip
    assert "5 of 52 (10%; 95% CI, 3% to 21%;" in one.sentence(style="ama")
