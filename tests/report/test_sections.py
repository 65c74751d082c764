"""The sections of a report: chosen, ordered, and findings told by what they are for."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from ketbio.errors import ReportError
from ketbio.report import write_report
from ketbio.report.aims import (
    beside_table,
    families_of,
    group_findings,
    primary_of,
    primary_remark,
)
from ketbio.report.contents import gather_contents
from ketbio.report.figure_files import FigureFile
from ketbio.report.findings import describe_findings
from ketbio.report.more_figures import draw_more_figures
from ketbio.report.render import render_markdown
from ketbio.report.row_numbers import number_rows
from ketbio.report.template_files import read_templates
from ketbio.report.write import result_paths
from ketbio.result import Result, Results
from ketbio.study import ReportPlan
from ketbio.study.plan import SECTIONS

UNDRAWN = FigureFile(problem="not drawn")
NAN = float("nan")


def told(run, **plan):
    """Markdown of a run whose report is planned so."""
    planned = replace(run.study, report=ReportPlan(title="T", **plan))
    subject = replace(run, study=planned)
    return render_markdown(gather_contents(subject, dict.fromkeys(run.results, UNDRAWN)))


def headings(text):
    return re.findall(r"^# (.+) \{#", text, re.MULTILINE)


def one(marker="m", **fields) -> Result:
    given = {"analysis": "compare_visits", "outcome": "change", "groups": ("b", "a"),
             "n": {"pairs": 9}, "estimate": 1.5, "estimate_name": "mean change", "p_value": 0.04,
             "unit": "ng/mL", "ci_low": 0.5, "ci_high": 2.5, "p_method": "exact"}  # fmt: skip
    return Result(marker=marker, **(given | fields))


# -- which sections there are -----------------------------------------------------------------
def test_every_section_has_its_file():
    assert {f"{section}.md.j2" for section in SECTIONS} < set(read_templates(None))


def test_sections_stand_in_the_order_of_the_plan(run):
    text = told(run, sections=("limitations", "summary", "methods"))
    assert headings(text) == ["Limitations", "Summary", "Methods"]


def test_what_is_left_out_is_linked_from_nowhere(run):
    text = told(run, sections=("summary", "analyses"))
    assert r"\[row 7\]" in text
    assert "](#" not in text.replace("(#finding", "").replace("(#table-finding", "")
    whole = told(run)
    assert r"[\[row 7\]](#row-7)" in whole


def test_simulated_data_and_safety_stand_above_whatever_is_chosen(run):
    text = told(run, sections=("references",))
    assert text.index("Simulated data") < text.index("Safety first.") < text.index("# References")


def test_the_title_page_says_what_the_plan_says(run):
    text = told(
        run, subtitle="Sub*title*", version="draft 2", affiliations=("Clinic A",),
        contact="the trial office", funding="None.", sections=("title_page",),
    )  # fmt: skip
    assert r"**Sub\*title\***" in text
    assert "Clinic A" in text
    assert r"Version\: draft 2" in text or "Version: draft 2" in text
    assert "**Contact.** the trial office" in text
    assert "Conflicts" not in text


def test_sentences_are_told_in_the_style_of_the_plan(run):
    result = run.results[7]
    text = told(run, sentences="apa", sections=("summary",)).replace("\\", "")
    assert result.sentence("apa") in text
    assert result.sentence("apa") not in told(run, sections=("summary",)).replace("\\", "")


# -- findings by aim --------------------------------------------------------------------------
def test_findings_stand_in_the_section_of_their_aim(run):
    primary = replace(run.results[7], aim="primary", deviation="Later than planned.")
    other = run.results[6]
    contents = gather_contents(
        replace(run, results=Results([other, primary])), {primary: UNDRAWN, other: UNDRAWN}
    )
    text = render_markdown(contents)
    first, rest = text.split("# Primary analyses {#primary}")[1].split("# Other analyses")
    assert "**Deviation from the plan.** Later than planned" in first
    assert "MADRS" in first
    assert "p\\-mTOR" in rest
    assert "# Secondary" not in text
    items = re.findall(r"^- (.*\*\*.*)$", text.split("# Deviations")[0], re.MULTILINE)
    assert items[0].startswith("*Primary.* **Does MADRS differ")
    assert items[1].startswith("**Do responders")


def test_a_family_is_what_one_analysis_made_of_several_markers():
    a, b = one("a", adjustment="Holm"), one("b", adjustment="Holm")
    lost = one("c", p_value=NAN)  # without a p there is nothing to adjust
    again, titled = one("a", adjustment="Holm"), one("d", title="Other")
    assert families_of([a, b, lost, again, titled]) == ((a, b, lost), (again,), (titled,))
    otherwise = one("b", adjustment="Hochberg")
    assert families_of([a, otherwise]) == ((a,), (otherwise,))


def test_pairs_of_markers_are_one_family():
    pairs = [
        one("a", analysis="correlate_markers", groups=("a", other),
            outcome=f"change, b to a, with that of {other}")
        for other in ("b", "c")
    ]  # fmt: skip
    assert families_of(pairs) == (tuple(pairs),)
    levels = one("d", analysis="correlate_markers", groups=("d", "e"),
                 outcome="value at a, with that of e")  # fmt: skip
    assert families_of([*pairs, levels]) == (tuple(pairs), (levels,))


def test_several_primary_tests_without_adjustment_are_remarked_on():
    a, b = one("a", aim="primary"), one("b", aim="primary")
    assert primary_remark([a]) == ""
    assert primary_remark([a, b]).startswith(
        "2 tests are called primary and their p values are not adjusted for one another:"
    )
    spanned = [replace(each, p_adjusted=0.08, adjustment="Holm") for each in (a, b)]
    assert primary_remark(spanned) == ""
    apart = [*spanned, replace(spanned[0], title="Another", marker="c")]
    assert "adjusted within an analysis at most, not over all of them" in primary_remark(apart)
    assert primary_remark([a, one("c", aim="primary", p_value=NAN)]) == ""


def test_sensitivity_stands_beside_the_primary_analysis_of_its_marker():
    first = one("a", aim="primary", analysis="correlate_changes", outcome="other")
    primary = one("a", aim="primary")
    ranks = one("a", aim="sensitivity", estimate=1.2, estimate_name="median", p_value=0.06,
                p_adjusted=0.12, ci_low=0.1, ci_high=2.0)  # fmt: skip
    alone = one("z", aim="sensitivity")
    assert primary_of(ranks, [first, primary]) is primary
    assert primary_of(alone, [first, primary]) is None
    results = [first, primary, ranks, alone]
    table = beside_table(results, number_rows(Results(results))).replace("\\", "")
    lines = [line for line in table.splitlines() if line.startswith("| [")]
    assert len(lines) == 2
    assert "| Primary |" in lines[0]
    assert "1.50 ng/mL | 95% CI 0.500 to 2.50 | .040 |" in lines[0]
    assert "1.20 ng/mL | 95% CI 0.100 to 2.00 | .060; .12 after adjustment |" in lines[1]
    assert "[3](#row-3)" in lines[1]
    assert beside_table([primary, alone], {}) == ""


def test_the_visits_of_one_call_are_adjusted_together_and_each_has_its_own_sensitivity():
    visits = [
        one("a", analysis="compare_crossover", aim="primary", outcome=f"change, b to {visit}",
            title="K against S", p_adjusted=0.05, adjustment="Holm over 2 comparisons")
        for visit in ("min_165", "day_1")
    ]  # fmt: skip
    assert primary_remark(visits) == ""
    assert "not over all of them" in primary_remark([*visits, replace(visits[0], marker="b")])
    beside = one("a", analysis="compare_crossover", aim="sensitivity",
                 outcome="value at day_1, adjusted for b")  # fmt: skip
    assert primary_of(beside, visits) is visits[1]


def test_every_finding_is_in_one_group(run):
    results = [run.results[6], replace(run.results[7], aim="sensitivity")]
    rows = number_rows(Results(results))
    findings = describe_findings(results, rows, dict.fromkeys(results, UNDRAWN))
    groups = group_findings(results, findings, rows, {})
    placed = [f for group in groups.values() for family in group.families for f in family.findings]
    assert sorted(f.identifier for f in placed) == ["finding-1", "finding-2"]
    assert [section for section, group in groups.items() if group.families] == [
        "analyses",
        "sensitivity",
    ]


# -- figures ----------------------------------------------------------------------------------
def test_figures_are_numbered_as_they_stand(run):
    figures = {
        result: FigureFile(name=f"f{place}.png", caption="Shown.", alternative="seen")
        for place, result in enumerate(run.results)
    }
    contents = gather_contents(run, figures)
    flow = FigureFile(name="flow.png", caption="Flow.", alternative="boxes")
    contents = replace(
        contents, flow_figure=flow, figure_names=(*contents.figure_names, "flow.png")
    )
    numbers = re.findall(r"!\[Figure (\d+)\. (\w+)", render_markdown(contents))
    assert numbers == [("1", "Flow"), ("2", "Shown"), ("3", "Shown")]
    turned = replace(contents, sections=("analyses", "participants"))
    assert re.findall(r"!\[Figure (\d+)\. (\w+)", render_markdown(turned))[-1] == ("3", "Flow")


def test_families_and_the_flow_are_drawn(run, tmp_path):
    other = replace(run.results[6], marker="p_GSK3B_S9", label="")
    more = draw_more_figures(
        Results([run.results[6], other]), run.flow, folder=tmp_path, suffix=".svg"
    )
    assert [file.name for file in more.families.values()] == ["figure-family-1.svg"]
    assert more.flow.name == "figure-flow.svg"
    assert all(file.alternative and file.caption for file in more.files())
    assert {path.name for path in tmp_path.iterdir()} == {"figure-family-1.svg", "figure-flow.svg"}


def test_a_flow_that_cannot_be_drawn_says_why(tmp_path):
    strange = pd.DataFrame({"step": ["a"], "n": ["many"], "excluded": [0], "reasons": [""]})
    more = draw_more_figures([], strange, folder=tmp_path, suffix=".svg")
    assert more.flow.problem
    assert list(tmp_path.iterdir()) == []


# -- the files of results ---------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("report.html", "results.json"),
        ("study-report.docx", "study-results.json"),
        ("draft.pdf", "draft-results.json"),
        ("my.report.html", "my.results.json"),
    ],
)
def test_results_are_named_after_the_document(name, beside):
    assert [path.name for path in result_paths(Path("x") / name)] == [
        beside,
        beside.replace(".json", ".csv"),
    ]


@pytest.fixture
def quick(monkeypatch):
    """No document is made: its files are what is tested."""
    monkeypatch.setattr("ketbio.report.write._document", lambda *_: b"whole")


@pytest.mark.usefixtures("quick")
def test_results_come_with_the_document_and_stay_with_its_other_formats(run, tmp_path):
    write_report(run, tmp_path / "report.html")
    content = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert [row["row"] for row in content["results"]] == list(run.results.tidy()["row"])
    write_report(run, tmp_path / "report.docx")  # the very same results may stay
    names = {"report.html", "report.docx", "results.json", "results.csv"}
    assert {path.name for path in tmp_path.iterdir()} == names


@pytest.mark.usefixtures("quick")
def test_results_of_another_run_are_not_replaced_and_nothing_is_written(run, tmp_path):
    (tmp_path / "results.csv").write_text("theirs")
    with pytest.raises(ReportError, match=r"results\.csv is there already and was not touched"):
        write_report(run, tmp_path / "report.html")
    assert [path.name for path in tmp_path.iterdir()] == ["results.csv"]
    write_report(run, tmp_path / "report.html", overwrite=True)
    assert (tmp_path / "results.csv").read_text(encoding="utf-8").startswith("row,")


@pytest.mark.usefixtures("quick")
def test_results_can_be_left_out(run, tmp_path):
    write_report(run, tmp_path / "report.html", results=False)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
