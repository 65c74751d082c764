"""In plain language: what was planned and tested, and how many responded; each with its row."""

from dataclasses import replace

import pytest

from ketbio.report.plain_summary import describe_plainly
from ketbio.result import Result, Results


def one(analysis="compare_visits", *, marker="MADRS", aim="", p=0.03, **words):
    told = {
        "outcome": "change, baseline to day_14",
        "groups": ("day_14", "baseline"),
        "n": {"pairs": 10},
        "estimate": -12.0,
        "estimate_name": "mean change",
        "unit": "points",
        "ci_low": -18.0,
        "ci_high": -6.0,
    }
    return Result(analysis=analysis, marker=marker, aim=aim, p_value=p, **{**told, **words})


RESPONSE = Result(
    analysis="summarise_response", marker="MADRS", outcome="response", groups=("all",),
    n={"all": 10}, estimate=20.0, estimate_name="responders", unit="%", statistic=2.0,
    statistic_name="count",
)  # fmt: skip


def rows_told(results):
    return [part.rsplit("row-", 1)[1].rstrip(")") for part in describe_plainly(Results(results))]


def test_primary_before_secondary_then_response_and_nothing_exploratory():
    results = [RESPONSE, one(aim="secondary"), one(aim="exploratory"), one(aim="primary")]
    assert rows_told(results) == ["4", "2", "1"]


def test_without_aims_everything_tested_is_told():
    untested = replace(one(), p_value=float("nan"))
    assert rows_told([one(), untested, one(p=0.6), RESPONSE]) == ["1", "3", "4"]


def test_a_primary_analysis_without_a_test_is_told():
    assert rows_told([replace(one(aim="primary"), p_value=float("nan"))]) == ["1"]


@pytest.mark.parametrize("p", [0.0004, 0.04, 0.6])
def test_no_cause_and_no_jargon(p):
    text = " ".join(describe_plainly(Results([one(p=p, aim="primary"), RESPONSE]))).lower()
    assert "12" in text
    for word in ("significant", "because of", "no difference", "no effect", "caused", "p ="):
        assert word not in text


def test_a_companion_takes_a_row_before_the_next_result():
    mean = replace(one(), role="description", p_value=float("nan"))
    assert rows_told([replace(one(), companions=(mean,)), one(p=0.2)]) == ["1", "3"]
