"""What holds for every sentence in every style, whatever the result."""

import math
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.errors import ReportError
from ketbio.number_formats import write_count, write_number
from ketbio.result import SENTENCE_STYLES, Result, Results

FORBIDDEN = (
    r"\bsignifican", r"\bno difference", r"\bno effect", r"\bno change", r"\bno association",
    r"\bbecause of\b", r"\bdue to\b", r"\bcaus(e|ed|es|al)\b", r"\bled to\b", r"\bthanks to\b",
    r"\breduced by\b", r"\bimproved by\b", r"\bproves?\b", r"\btrend towards?\b", r"\bfailed to\b",
    r"\bequivalent\b", r"\*",
)  # fmt: skip
JARGON = (
    r"\bp ?[<=>]", r"\bCI\b", r"\bSD\b", r"hypothesis", r"permutation", r"confidence", r"log2",
    r"Hodges", r"Spearman", r"Pearson", r"regression", r"\bnull\b", r"statistic",
)  # fmt: skip
NUMBERS = st.floats(-1e5, 1e5) | st.sampled_from([math.nan, 0.0, 1.0, -1.0, 1e-9, 1e12])
LIMITS = NUMBERS | st.sampled_from([math.inf, -math.inf])
SHARES = st.floats(0, 1) | st.just(math.nan)
KINDS = (
    "mean difference", "mean change", "Hodges–Lehmann shift", "Hodges–Lehmann centre",
    "difference of medians", "probability of superiority", "Pearson r", "Spearman rho",
    "Kendall tau-b", "wins − losses per pair (Gehan)", "mean", "median", "responders", "EC50",
    "within-run CV", "bias", "log-log slope", "lanes used", "ICC(1,1)", "my own number", "",
    "difference in estimated marginal means", "estimated marginal mean",
    "treatment difference, adjusted for period", "repeated-measures correlation",
    "difference of percentages", "median time to response", "with response by day 7",
    "adjusted mean difference", "hazard ratio of response (Peto, one step)",
)  # fmt: skip
ANALYSES = (
    "compare_responders", "compare_visits", "correlate_changes", "summarise_response",
    "summarise_participants", "fit_standard_curve", "chart_controls", "summarise_dilutions",
    "summarise_spikes", "summarise_gel", "summarise_replicates", "compare_methods",
    "summarise_levels", "summarise_linear_range", "correlate_markers",
    "correlate_baseline_change", "summarise_course", "fit_mmrm", "fit_random_effects",
    "compare_crossover", "correlate_repeated", "compare_imputed", "describe_missing_visits",
    "compare_response_rates", "describe_time_to_response", "my_analysis",
)  # fmt: skip
OUTCOMES = (
    "", "change, baseline to day_14", "value at day_14", "course, baseline to day_14",
    "change, baseline to day_14, against the change of MADRS", "gel G1", "response (at least 50%)",
    "change, baseline to day_14, adjusted for the baseline value",
    "change, baseline to day_14, average over visits", "value in the period",
    "change, baseline to day_14, imputed: jump to reference", "any visit",
)  # fmt: skip
COUNTS = st.integers(0, 30)
SIDES = st.sampled_from(
    [("responder", "non-responder"), ("day_14", "baseline"), ("a", "b"), ("nacc_entropy", "MADRS")]
)


@st.composite
def results(draw):
    groups = draw(SIDES | st.sampled_from([("all",), ("responder",), ("plates",), ()]))
    whole = draw(st.sampled_from(["all", "pairs", "groups", "none"]))
    n = {
        "groups": {group: draw(COUNTS) for group in groups},
        "none": {},
    }.get(whole, {whole: draw(COUNTS)})
    is_count = draw(st.booleans())
    low, high = sorted((draw(LIMITS), draw(LIMITS)), key=lambda limit: (math.isnan(limit), limit))
    return Result(
        analysis=draw(st.sampled_from(ANALYSES)), marker="x", label="plasma marker",
        outcome=draw(st.sampled_from(OUTCOMES)), groups=groups, n=n,
        role=draw(st.sampled_from(["primary", "sensitivity", "description"])),
        estimate=draw(NUMBERS), estimate_name=draw(st.sampled_from(KINDS)),
        unit=draw(st.sampled_from(["", "points", "%", "log2 ng/mL", "ln x", "lanes", "nats"])),
        ci_low=low, ci_high=high, ci_method=draw(st.sampled_from(["", "Fisher z", "quartiles"])),
        null_value=draw(st.sampled_from([0.0, 0.5, 1.0])), spread=draw(NUMBERS),
        effect_size=draw(NUMBERS), effect_size_name=draw(st.sampled_from(["", "Hedges' g"])),
        statistic=draw(NUMBERS),
        statistic_name="count" if is_count else draw(st.sampled_from(["", "t(11)", "rank sum"])),
        p_value=draw(SHARES), p_method=draw(st.sampled_from(["", "exact, 70 arrangements"])),
        p_floor=draw(SHARES), p_adjusted=draw(SHARES), adjustment="Holm over 2 markers",
        alternative=draw(st.sampled_from(["", "two-sided", "less", "two-sided-doubled"])),
        warnings=draw(st.sampled_from([(), ("A group is empty.",)])),
    )  # fmt: skip


def estimate_of(result):
    return result.estimate if not math.isnan(result.estimate) else result.effect_size


@pytest.mark.parametrize("style", SENTENCE_STYLES)
@settings(max_examples=25)
@given(result=results())
def test_every_sentence_is_fit_to_print(style, result):
    said = result.sentence(style)
    assert said.endswith(".")
    assert not said.endswith("..")
    assert not re.search(r"\bnan\b|\binf\b|\bNone\b|  |\n", said)
    assert not re.search(r"\b1 (people|pairs|points|lanes|plates|times|responders)\b", said)
    assert not re.search(r"(?<![\d,.])-\d", said), "a hyphen for a minus"
    found = [one for one in FORBIDDEN if re.search(one, said, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("style", SENTENCE_STYLES)
@settings(max_examples=20)
@given(result=results())
def test_every_sentence_says_how_many(style, result):
    said = result.sentence(style)
    counts = {result.n_total, *result.n.values()}
    houses = {"full": "ketbio"}
    house = houses.get(style, "apa" if style == "plain" else style)
    told = [write_count(count, house) for count in counts]
    is_said = any(re.search(rf"(?<!\d){re.escape(count)}(?!\d)", said) for count in told)
    assert is_said or not result.n


@pytest.mark.parametrize("style", ["apa", "ama"])
@settings(max_examples=20)
@given(result=results())
def test_a_paper_gets_the_estimate_with_p_behind_it(style, result):
    said = result.sentence(style)
    value = estimate_of(result)
    if math.isnan(value):
        assert said.startswith("No estimate was given for")
    elif result.statistic_name != "count" and result.unit != "lanes":
        text = write_number(value, style).removeprefix("−").removeprefix("0")
        assert text in said
        p = re.search(r"\b[pP][ \u202f][<=>]", said)
        assert p is None or said.index(text) < p.start()


@given(result=results())
def test_a_patient_gets_no_jargon(result):
    named = [*KINDS, *result.warnings, "Hedges' g"]
    said = result.sentence("plain")
    for words in sorted(named, key=len, reverse=True):
        # What a user called a number is told as it is; our own words are plain.
        said = said.replace(words, "") if words else said
    assert [one for one in JARGON if re.search(one, said)] == []
    assert 1 <= len(re.findall(r"\.(?= |$)", result.sentence("plain"))) <= 3


@given(low=st.floats(-10, -0.1), high=st.floats(0.1, 10), p=st.floats(0.06, 1))
def test_a_large_p_leaves_open_what_the_interval_holds(of_visits, low, high, p):
    result = of_visits(estimate=(low + high) / 2, ci_low=low, ci_high=high, p_value=p)
    for style in ("apa", "ama"):
        assert result.sentence(style).endswith("The interval holds values on both sides of 0.")
    assert "which leaves open whether it rose or fell" in result.sentence("plain")


@pytest.mark.parametrize(
    "label", ["P" * 60, "前頭葉", "عصبي", "😀", "<script>alert(1)</script>", "$%&_^\\{}#~", "A\nb"]
)
@pytest.mark.parametrize("style", SENTENCE_STYLES)
def test_any_name_is_told(of_visits, style, label):
    said = of_visits(label=label).sentence(style)
    assert label.replace("\n", " ") in said.replace("\n", " ")


def test_an_unknown_style_is_refused(of_visits):
    with pytest.raises(ReportError) as caught:
        of_visits().sentence("apaa")
    assert str(caught.value) == (
        "style is 'apaa'; allowed: 'full', 'apa', 'ama', 'plain'. Did you mean 'apa'?"
    )


def test_results_are_told_in_one_style(typical):
    several = Results([typical["visits"], typical["groups"]])
    assert several.sentences(style="plain") == tuple(one.sentence("plain") for one in several)
    assert several.sentences() == tuple(one.sentence() for one in several)


def test_who_was_left_out_is_not_counted(of_visits):
    out = pd.DataFrame({"participant_id": ["P01"], "reason": ["no value at day_14"]})
    assert of_visits(excluded=out).sentence("apa") == of_visits().sentence("apa")
