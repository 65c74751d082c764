"""What stands beside a finding: earlier reports, people apart, and the sign of a change only."""

import re

import pytest

from ketbio.report.bibliography import known_keys
from ketbio.report.earlier_reports import describe_earlier_reports
from ketbio.report.figure_files import FigureFile
from ketbio.report.findings import describe_findings
from ketbio.report.row_numbers import number_rows
from ketbio.result import Result, Results
from ketbio.vocabulary.marker_registry import marker_registry


def result(marker, analysis="compare_visits", **fields):
    given = {"outcome": "o", "groups": ("day_14", "baseline"), "n": {"pairs": 9}} | fields
    return Result(analysis=analysis, marker=marker, **given)


def plain(sentences):
    return [re.sub(r"\\(.)", r"\1", sentence) for sentence in sentences]


def test_conflicting_reports_stand_side_by_side_with_their_papers():
    people, animals, review, sign = plain(
        describe_earlier_reports(result("BDNF_plasma", estimate=0.4))
    )
    assert people == (
        "Reported in people after ketamine: raised in 2 reports [@duncan2013; @haile2014], "
        "unchanged in 4 reports [@machadovieira2009; @medeiros2021; @woelfer2020; @zheng2020]."
    )
    assert animals == "Reported in animals and cell cultures: raised in 1 report [@lenedelec2018]."
    assert review == "The papers are cited as a review tells of them [@kang2022]."
    assert sign == (
        "By its sign alone, the change found here, a rise, is in line with 2 reports in people "
        "[@duncan2013; @haile2014]; unlike 4 reports in people that found no change "
        "[@machadovieira2009; @medeiros2021; @woelfer2020; @zheng2020]."
    )


@pytest.mark.parametrize(
    ("marker", "estimate", "words"),
    [
        ("VEGFA_mRNA", 1.0, "a rise, is in line with 1 report in people [@mcgrory2020]."),
        ("VEGFA_mRNA", -1.0, "a fall, is opposite to 1 report in people [@mcgrory2020]."),
        ("Glx_brain", -1.0, "a fall, is in line with 1 report in people [@milak2020]; opposite to "
         "1 report in people [@milak2016]."),
    ],
)  # fmt: skip
def test_a_change_is_held_against_reports_of_people_by_its_sign(marker, estimate, words):
    assert plain(describe_earlier_reports(result(marker, estimate=estimate)))[-1].endswith(words)


@pytest.mark.parametrize(
    "one",
    [
        result("BDNF_plasma", "compare_responders", estimate=1.0),
        result("BDNF_plasma", "correlate_changes", estimate=0.5),
        result("BDNF_plasma"),  # no estimate
        result("BDNF_plasma", estimate=0.0),
        result("BDNF_plasma", estimate=0.8, null_value=0.5,
               estimate_name="probability of superiority"),
        result("VGF", estimate=1.0),  # no report of people
        result("p_GSK3B_S9", estimate=1.0),  # people compared by response only
    ],
)  # fmt: skip
def test_what_is_no_change_or_has_no_report_of_one_is_only_listed(one):
    told = plain(describe_earlier_reports(one))
    assert told
    assert not any("sign" in sentence for sentence in told)


def test_a_report_that_compares_responders_says_so_and_the_trial_was_read_itself():
    told = plain(describe_earlier_reports(result("p_GSK3B_S9", "compare_responders")))
    assert told[0] == (
        "Reported in people after ketamine: higher in responders than in non-responders in 1 "
        "report [@roy2021]."
    )
    assert told[2].endswith("tells of them [@kang2022], but for [@roy2021].")
    told = plain(describe_earlier_reports(result("p_mTOR_insulin_PBMC")))
    assert told[1] == "Reported in animals and cell cultures: nothing."
    assert len(told) == 2


@pytest.mark.parametrize(
    "one",
    [result("my_marker", estimate=1.0), result("MADRS", estimate=-9.0),
     result("BDNF_plasma", "summarise_levels", estimate=1.0)],
)  # fmt: skip
def test_a_marker_not_registered_and_another_analysis_get_nothing(one):
    assert describe_earlier_reports(one) == ()


@pytest.mark.parametrize("name", marker_registry().markers)
def test_no_word_is_causal_and_every_paper_has_its_entry(name):
    text = " ".join(plain(describe_earlier_reports(result(name, estimate=1.0))))
    cited = set(re.findall(r"@(\w+)", text))
    assert cited
    assert cited <= known_keys()
    for word in ("cause", "effect", "due to", "because", "induce", "lead", "confirm", "prove"):
        assert word not in text.casefold()


def test_it_stands_beside_its_finding_only():
    results = Results([result("BDNF_serum", estimate=1.0), result("my_marker", estimate=1.0)])
    rows = number_rows(results)
    known, own = describe_findings(results, rows, dict.fromkeys(results, FigureFile(problem="no")))
    assert "[@allen2015]" in known.earlier
    assert own.earlier == ""
