from dataclasses import replace

import pandas as pd
import pytest

from ketbio.report.figure_files import FigureFile
from ketbio.report.findings import (
    describe_findings,
    estimate_text,
    method_text,
    p_value_text,
    question,
)
from ketbio.report.row_numbers import number_rows
from ketbio.report.stability import excluded_sentences
from ketbio.result import Result, Results


def told(run):
    rows = number_rows(run.results)
    figures = dict.fromkeys(run.results, FigureFile(problem="not drawn here"))
    return describe_findings(run.results, rows, figures)


def test_each_analysis_but_table_1_is_told_in_order(run):
    assert [finding.heading for finding in told(run)] == [
        "p-mTOR (Ser2448): change, baseline to day_14",
        "MADRS: total, day_14 against baseline",
    ]


def test_the_answer_is_the_sentence_with_its_row_and_does_not_say_the_question_again(run):
    first = told(run)[0]
    assert first.answer.startswith(r"Mean difference \(responder − non\-responder\) 0\.917 log2")
    assert first.answer.endswith(r" [\[row 7\]](#row-7)")
    assert r"\(responder − non\-responder\) 0\.917 log2\, 95\% CI 0\.400 to 1\.40" in first.answer


def test_companions_have_rows_of_their_own(run):
    rows = told(run)[0].table.splitlines()[2:5]
    assert [row.split(" | ")[0] for row in rows] == [f"| [{n}](#row-{n})" for n in (7, 8, 9)]
    assert rows[0].split(" | ")[1].startswith("**mean difference")
    assert rows[1].split(" | ")[1] == r"mean\, responder"


def test_leave_one_out_names_who_moves_the_estimate(run):
    first, second = told(run)
    assert first.stability.startswith(
        r"Leaving out one participant at a time\, the estimate lies between 0\.790 "
        r"\(without P01\) and 1\.02 \(without P02\)\, and p runs from \.010 to \.030\."
    )
    assert r"can give is \.0043 \(2 of 462\)\." in first.stability
    assert second.stability == ""


def test_caveats_and_exclusions(run):
    first, second = told(run)
    assert first.caveats == ("Groups formed by the outcome.",)
    assert first.excluded == ("P12 and P13: no blot at day_14",)
    assert second.excluded == ()


def test_exclusions_are_grouped_by_reason_in_their_order():
    left_out = pd.DataFrame(
        {"participant_id": ["P3", "P1", "P2"], "reason": ["no visit", "no blot", "no visit"]}
    )
    result = Result(analysis="a", marker="m", outcome="o", groups=(), n={}, excluded=left_out)
    assert excluded_sentences(result) == ("P3 and P2: no visit", "P1: no blot")


def test_an_analysis_not_known_here_is_asked_plainly():
    result = Result(analysis="my_model", marker="MADRS", outcome="total", groups=(), n={})
    assert question(result) == "What was found for MADRS, total?"


def test_numbers_of_a_result_are_written_as_in_a_sentence(run):
    result = run.results[6]
    assert estimate_text(result) == (
        "0.917 log2, 95% CI 0.400 to 1.40; Hedges' g 2.40, 95% CI 0.900 to 3.90"
    )
    assert p_value_text(result).replace("\u00a0", " ") == "p = .0043; p = .0087 after Holm"
    assert method_text(result) == (
        "p: exact, 462 arrangements, two-sided; interval: inversion of the exact test"
    )


def test_a_count_is_written_whole_and_a_percent_without_a_gap(run):
    assert p_value_text(run.results[3]).replace("\u00a0", " ") == "6 of 11"
    assert estimate_text(run.results[3]) == "54.5%"


def test_a_number_is_not_said_twice_in_a_row():
    result = Result(
        analysis="correlate_changes", marker="m", outcome="o", groups=("m", "MADRS"), n={"a": 9},
        estimate=0.5, estimate_name="Pearson r", effect_size=0.5, effect_size_name="Pearson r",
        statistic=0.5, statistic_name="Pearson r", p_value=0.17, p_method="exact",
        leave_one_out=pd.DataFrame({"participant_id": ["P1"], "estimate": [0.4], "p_value": [0.2]}),
    )  # fmt: skip
    assert estimate_text(result) == "0.500"
    assert p_value_text(result).replace("\u00a0", " ") == "p = .17"
    (told_,) = describe_findings([result], {result: 1}, {result: FigureFile()})
    assert "| **Pearson r** |" in told_.table  # a correlation has no first minus second
    assert r"p is \.20 throughout" in told_.stability


GROUPS = ("responder", "non-responder")


def compared(**fields):
    given = {"n": {"responder": 5, "non-responder": 6}, "groups": GROUPS, "outcome": "o"} | fields
    return Result(analysis="compare_responders", marker="m", **given)


def test_a_probability_of_superiority_is_no_difference():
    beside = compared(estimate=0.8, estimate_name="probability of superiority", role="sensitivity")
    result = compared(
        estimate=0.8, estimate_name="probability of superiority", null_value=0.5,
        effect_size=0.8, effect_size_name="probability of superiority", companions=(beside,),
    )  # fmt: skip
    rows = {result: 1, beside: 2}
    (finding,) = describe_findings([result], rows, {result: FigureFile()})
    assert r"| **probability of superiority\, responder over non\-responder** |" in finding.table
    assert r"| probability of superiority\, responder over non\-responder |" in finding.table
    assert "−" not in finding.table
    assert estimate_text(result) == "0.800"  # the same effect is not told twice


@pytest.mark.parametrize(
    ("estimate", "statistic", "said"),
    [
        ("mean difference within blocks", "mean difference", ""),
        ("mean difference", "mean difference", ""),
        ("mean difference within blocks", "Welch t", "Welch t = 2.50"),
        ("Hodges–Lehmann shift", "rank sum of x", "rank sum of responders = 2.50"),
        ("wins − losses", "sum of Gehan scores of x", "sum of Gehan scores of responders = 2.50"),
    ],
)
def test_a_statistic_is_told_where_it_is_not_the_estimate(estimate, statistic, said):
    result = compared(estimate_name=estimate, statistic=2.5, statistic_name=statistic)
    assert p_value_text(result).replace("\u00a0", " ") == said


def test_an_estimate_that_is_not_there_is_called_so():
    result = Result(analysis="a", marker="m", outcome="o", groups=(), n={}, unit="log2 ng/mL")
    assert estimate_text(result) == "not estimated"


def test_quartiles_are_not_called_a_confidence_interval():
    median = Result(
        analysis="a", marker="m", outcome="o", groups=(), n={}, estimate=15.0, unit="years",
        ci_low=14.0, ci_high=16.5, ci_level=0.5, ci_method="quartiles, type 7",
    )  # fmt: skip
    assert estimate_text(median) == "15.0 years, quartiles 14.0 and 16.5"


def test_the_smallest_mid_p_is_no_count_of_arrangements(run):
    whole = run.results[6]
    for changed in ({"p_method": "exact, mid-p, 462 arrangements", "p_floor": 1 / 462},
                    {"alternative": "two-sided-doubled"}):  # fmt: skip
        rows = number_rows(Results([replace(whole, **changed)]))
        (told_one,) = describe_findings(
            rows, rows, dict.fromkeys(rows, FigureFile(problem="none"))
        )[:1]
        assert "The smallest p value that this design can give is" in told_one.stability
        assert "of 462" not in told_one.stability


def test_who_is_left_out_beside_the_answer_only_is_named_once(run):
    out = run.results[6].excluded
    lacking = pd.concat(
        [out, pd.DataFrame({"participant_id": ["P03"], "reason": ["no age years"]})]
    )
    beside = Result(
        analysis="compare_responders", marker="p_mTOR_S2448", groups=(), n={}, excluded=lacking,
        outcome="change, adjusted for age years",
    )  # fmt: skip
    result = replace(run.results[6], companions=(beside, replace(beside, p_value=0.5)))
    assert excluded_sentences(result) == (
        "P12 and P13: no blot at day_14",
        "P03: no age years; left out beside it only, in change, adjusted for age years",
    )


def test_the_interval_of_a_drawn_p_stands_beside_it():
    drawn = Result(
        analysis="a", marker="m", outcome="o", groups=(), n={}, p_value=0.0123,
        p_interval=(0.0096, 0.0157), p_method="9,999 draws",
    )  # fmt: skip
    said = p_value_text(drawn).replace("\u00a0", " ")
    assert said == "p = .012; 99% interval of p .0096 to .016"


def test_a_statistic_not_within_blocks_is_not_told_beside_the_estimate_within():
    within = Result(
        analysis="a", marker="m", outcome="o", groups=(), n={}, p_value=0.02, estimate=0.193,
        estimate_name="mean difference within blocks", statistic=0.192,
        statistic_name="mean difference",
    )  # fmt: skip
    assert "0.192" not in p_value_text(within)
