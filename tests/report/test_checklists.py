"""Checklists: every topic is known, and an item points to where the report answers it."""

import re
import tomllib
from dataclasses import replace
from importlib.resources import files

import pytest

from ketbio.report.bibliography import known_keys
from ketbio.report.checklists import (
    FOR_AUTHORS,
    TOPICS,
    describe_checklists,
    fitting_checklists,
)
from ketbio.report.contents import gather_contents
from ketbio.report.figure_files import FigureFile
from ketbio.report.render import render_markdown
from ketbio.result import Result, Results
from ketbio.study.plan import CHECKLISTS, SECTIONS

LISTS = tomllib.loads(files("ketbio.report").joinpath("checklists.toml").read_text("utf-8"))


def lines_of(part):
    """Item number → its line of the table."""
    return {
        found[1]: line
        for line in part.splitlines()
        if (found := re.match(r"\|\s*(\d+)\s*\|", line))
    }


@pytest.fixture(scope="module")
def told(run):
    figures = {one: FigureFile() for one in run.results}
    return gather_contents(run, figures), run.results


def test_the_lists_are_those_a_study_file_may_name():
    assert tuple(sorted(LISTS)) == tuple(sorted(CHECKLISTS))


@pytest.mark.parametrize("name", CHECKLISTS)
def test_items_are_numbered_once_and_name_known_topics(name):
    items = LISTS[name]["items"]
    assert [item["n"] for item in items] == [str(n) for n in range(1, len(items) + 1)]
    assert {topic for item in items for topic in item["where"]} <= set(TOPICS)
    assert LISTS[name]["reference"] in known_keys()


def test_every_topic_is_of_use():
    used = {topic for one in LISTS.values() for item in one["items"] for topic in item["where"]}
    assert used == set(TOPICS)


def test_topics_lead_to_sections_that_there_are(told):
    contents, results = told
    parts = describe_checklists(contents, results, names=CHECKLISTS)
    text = render_markdown(replace(contents, checklists=parts, sections=SECTIONS))
    pointed = set(re.findall(r"\]\(#([a-z-]+)\)", "\n".join(parts)))
    assert "participants" in pointed
    assert pointed <= set(re.findall(r"\{#([a-z-]+)", text))


def test_what_is_not_in_the_report_is_for_the_authors(told):
    contents, results = told
    *_, table = describe_checklists(contents, results, names=["CONSORT"])
    lines = lines_of(table)
    assert FOR_AUTHORS.split(":")[0] in lines["8"].replace("\\", "")  # random sequence
    assert "Participants" in lines["13"]
    assert "Limitations" in lines["20"]


def test_a_section_that_is_left_out_answers_nothing(told):
    contents, results = told
    without = replace(contents, sections=tuple(s for s in SECTIONS if s != "limitations"))
    *_, table = describe_checklists(without, results, names=["STROBE"])
    assert FOR_AUTHORS.split(":")[0] in lines_of(table)["19"].replace("\\", "")


def test_no_funding_told_is_no_funding_answered(told):
    contents, results = told
    *_, table = describe_checklists(contents, results, names=["STROBE"])
    has_funding = any(one.head == "Funding" for one in contents.title_page.statements)
    assert has_funding is ("Title page" in lines_of(table)["22"])


def test_a_crossover_is_no_observational_study():
    result = Result(analysis="compare_crossover", marker="MADRS", outcome="change", p_value=0.04,
                    groups=("K", "S"), n={"KS": 4, "SK": 4})  # fmt: skip
    assert fitting_checklists([result]) == ("SAMPL", "CONSORT", "CONSORT_CROSSOVER")


def of_arms(analysis):
    return Result(analysis=analysis, marker="MADRS", outcome="change", p_value=0.04,
                  groups=("ketamine", "saline"), n={"ketamine": 8, "saline": 8})  # fmt: skip


@pytest.mark.parametrize("analysis", ["fit_mmrm", "compare_response_rates", "compare_imputed"])
def test_arms_compared_are_not_told_as_a_study_without_controls(told, analysis):
    contents, _ = told
    sentence, *_ = describe_checklists(contents, [of_arms(analysis)], names=["STROBE"])
    said = sentence.replace("\\", "")
    assert "before–after" not in said
    assert "arms compared; where chance assigned them, CONSORT is the checklist" in said
    assert fitting_checklists([of_arms(analysis)]) == ("SAMPL", "STROBE")


def test_one_arm_is_still_before_and_after(told):
    contents, results = told
    one = replace(of_arms("fit_mmrm"), groups=("ketamine",), n={"ketamine": 8})
    for asked in (results, [one]):
        sentence, *_ = describe_checklists(contents, asked, names=["STROBE"])
        assert "uncontrolled before–after" in sentence.replace("\\", "")


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Two sites. A randomized, saline-controlled trial.", True),
        ("Open-label, randomised.", True),
        ("A non-randomised comparison.", False),
        ("Arms were not randomised", False),
        ("Neither blinded nor randomised", False),
        ("Treatment by clinical choice.", False),
    ],
)
def test_a_study_that_says_that_its_arms_are_randomised_has_the_list_of_trials(
    told, description, expected
):
    contents, _ = told
    titled = replace(contents.title_page, about=("Study: A (B)", description))
    parts = describe_checklists(replace(contents, title_page=titled), [of_arms("fit_mmrm")])
    text = "\n".join(parts)
    assert ("CONSORT checklist" in text) is expected
    assert ("STROBE checklist" in text) is not expected


def test_an_empty_list_of_names_is_none_and_results_without_tests_have_none(told):
    contents, results = told
    assert describe_checklists(contents, results, names=[]) == ()
    assert fitting_checklists(Results()) == ()
    assert fitting_checklists(results)[0] == "SAMPL"


def test_the_sentence_counts_the_items_that_have_a_place(told):
    contents, results = told
    sentence, table = describe_checklists(contents, results, names=["SAMPL"])
    answered = [line for line in lines_of(table).values() if "](#" in line or "Title page" in line]
    assert f"[@lang2015]\\: {len(answered)} of 18 items" in sentence


def test_an_item_points_to_the_findings_that_answer_it_only(run):
    results = Results(
        replace(one, aim="primary" if one.adjustment else "exploratory") for one in run.results
    )
    assert {bool(one.adjustment) for one in results} == {True, False}
    figures = {one: FigureFile() for one in results}
    contents = gather_contents(replace(run, results=results), figures)
    *_, table = describe_checklists(contents, results, names=["SAMPL"])
    adjusted = lines_of(table)["6"]
    assert "Primary analyses" in adjusted
    assert "Exploratory" not in adjusted
