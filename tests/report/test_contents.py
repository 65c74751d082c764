import re
import time

import pytest

from ketbio.report.contents import NO_CHECKS, SIMULATED, gather_contents
from ketbio.report.figure_files import FigureFile
from ketbio.report.provenance import report_date
from ketbio.report.render import render_markdown
from ketbio.result import Results


def contents_of(subject):
    results = subject if isinstance(subject, Results) else subject.results
    return gather_contents(subject, dict.fromkeys(results, FigureFile(problem="not drawn")))


def test_the_title_block(run):
    contents = contents_of(run)
    assert contents.title == "Ketamine and mTOR"
    assert contents.authors == ("A. Author", "B. Author")
    assert contents.title_page.about == (
        "Study: A small trial (DEMO-1)",
        "Registration: NCT00000000",
        "Six infusions over two weeks.",
    )
    assert contents.date == "2026-01-01"
    assert contents.seed == "20260101"
    assert contents.banner == SIMULATED


def test_without_a_fixed_day_the_day_is_today(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = time.strftime("%Y-%m-%d", time.gmtime())
    assert report_date() in {before, time.strftime("%Y-%m-%d", time.gmtime())}


def test_results_alone_say_that_the_checks_are_not_part(run):
    contents = contents_of(run.results)
    text = render_markdown(contents)
    assert (contents.checks, contents.banner, contents.flow) == (None, "", "")
    assert contents.title == (
        "8 results: summarise participants, compare responders and compare visits"
    )
    assert NO_CHECKS.replace(":", r"\:").replace(".", r"\.") in text
    assert "# Data checks" not in text
    assert contents.seed == "none: nothing was drawn"


def test_nothing_at_all_is_still_a_report():
    text = render_markdown(contents_of(Results()))
    assert "There are no results." in text
    assert "# Limitations" in text


def test_every_row_that_is_linked_is_there_once(run):
    text = render_markdown(contents_of(run))
    linked = set(re.findall(r"\]\(#(row-\d+)\)", text))
    anchored = re.findall(r"\{#(row-\d+)\}", text)
    assert len(linked) == 10
    assert sorted(anchored) == sorted(set(anchored))
    assert linked <= set(anchored)


def test_every_sentence_of_an_analysis_names_its_row(run):
    text = render_markdown(contents_of(run))
    summary = text.split("# Summary")[1].split("# Deviations")[0]
    items = [line for line in summary.splitlines() if line.startswith("- ")]
    assert len(items) == 2
    assert all(re.search(r"\[\\\[row \d+\\\]\]\(#row-\d+\)$", item) for item in items)


def test_the_appendix_has_every_row_of_tidy(run):
    rows = re.findall(r"^\| \[(\d+)\]\{#row-\1\} \|", contents_of(run).results, re.MULTILINE)
    assert [int(row) for row in rows] == list(run.results.tidy()["row"])


PARTS = ("In plain language", "Summary", "Deviations from the plan", "Data checks", "Participants",
         "Analyses", "Limitations", "Methods", "Appendix: all results",
         "Files, seed and software", "References")  # fmt: skip


@pytest.mark.parametrize("heading", PARTS)
def test_the_report_has_its_parts(run, heading):
    assert f"\n# {heading} {{#" in render_markdown(contents_of(run))


def test_an_unknown_reference_is_listed(nasty, nasty_text):
    contents = contents_of(nasty)
    assert contents.unknown_references == (f"nobody {nasty_text}",)
    assert "with no entry in the bibliography" in render_markdown(contents).split("# References")[1]
