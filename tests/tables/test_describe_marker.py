"""One marker described, the list of all, and the page in the docs."""

from pathlib import Path

import pytest

import ketbio as kb
from ketbio.errors import TableError
from ketbio.tables.markers.description import REPORT_COLUMNS, marker_table
from ketbio.tables.markers.page import markers_page, write_page
from ketbio.tables.markers.reported import expected_direction, summary_words, windows_words
from ketbio.vocabulary.marker_records import MarkerReport, RegisteredMarker
from ketbio.vocabulary.marker_registry import marker_registry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "markers.md"


def marker_of(*reports):
    told = tuple(
        MarkerReport(citation=key, via="", species=species, direction=direction, population="x")
        for key, species, direction in reports
    )
    return RegisteredMarker(name="m", label="M", table="markers", reports=told)


def test_a_marker_is_told_people_apart_with_every_source():
    found = kb.describe_marker("plasma BDNF")
    lines = str(found).splitlines()
    assert lines[0] == "plasma BDNF (BDNF_plasma)"
    assert "In people: raised in 2 reports, unchanged in 4 reports." in lines
    assert "In animals and cell cultures: raised in 1 report." in lines
    (direction,) = (line for line in lines if line.startswith("Direction that a plan could"))
    assert "none: the reports of people conflict: raised in 2 reports (Duncan" in direction
    assert repr(found) == str(found)
    assert tuple(found.reports.columns) == REPORT_COLUMNS
    assert len(found.reports) == 7
    assert set(found.reports["via"]) == {"kang2022"}


def test_a_direction_that_could_be_pre_specified_is_shown():
    found = kb.describe_marker("Gln/Glu")
    assert found.expected.alternative == "greater"
    assert found.expected.citations == ("evans2018", "li2020")
    assert "a rise (greater): in people raised in 2 reports (Evans et al. 2018; Li" in str(found)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("BDNF", "'BDNF' leaves open the specimen; name BDNF_serum, BDNF_plasma or BDNF_brain."),
        ("BDNF_serun", "is not a marker of the registry; `ketbio markers` lists all 55. Did you "),
        ("", "'' is not a marker of the registry"),
        (3, "a marker's name is a text; 3 was given."),
    ],
)
def test_a_word_that_means_no_marker_is_refused(word, sentence):
    with pytest.raises(TableError) as refused:
        kb.describe_marker(word)
    assert sentence in str(refused.value)


# -- directions ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reports", "alternative", "words"),
    [
        ([("a", "human", "raised"), ("b", "human", "raised")], "greater",
         "in people raised in 2 reports (a; b)"),
        ([("a", "human", "lowered"), ("b", "rat", "raised")], "less",
         "in people lowered in 1 report (a)"),
        ([("a", "human", "raised"), ("b", "human", "unchanged")], "",
         "the reports of people conflict: raised in 1 report (a), unchanged in 1 report (b)"),
        ([("a", "human", "raised"), ("a", "human", "lowered")], "",
         "the reports of people conflict: raised in 1 report (a), lowered in 1 report (a)"),
        ([("a", "human", "unchanged")], "",
         "the reports of people found no change: unchanged in 1 report (a)"),
        ([("a", "rat", "raised"), ("b", "cell culture", "raised")], "",
         "no report of people; in animals or cells raised in 2 reports (a; b)"),
        ([], "", "no report of people"),
    ],
)  # fmt: skip
def test_a_direction_needs_people_who_agree(reports, alternative, words):
    found = expected_direction(marker_of(*reports))
    assert (found.alternative, found.words) == (alternative, words)
    assert bool(found.citations) == bool(alternative)


def test_a_difference_between_responders_is_no_change():
    found = expected_direction(marker_registry().markers["p_mTOR_insulin_PBMC"])
    assert found.alternative == ""
    assert found.words == (
        "in people only higher in responders than in non-responders in 1 report (Roy et al. 2021)"
    )


def test_a_paper_counts_once_in_a_direction():
    reports = marker_of(("a", "rat", "raised"), ("a", "mouse", "raised")).reports
    assert summary_words(reports) == "raised in 1 report"
    assert windows_words(reports) == ""


# -- list, page, command ---------------------------------------------------------------------
def test_the_list_has_every_marker_with_its_direction():
    table = marker_table()
    assert table["marker"].tolist() == list(marker_registry().markers)
    assert table.set_index("marker").loc["BDNF_plasma", "expected"] == ""


def test_the_page_in_the_docs_is_not_stale():
    assert PAGE.read_text(encoding="utf-8") == markers_page(), "stale; run: make markers"


def test_the_page_tells_every_marker_and_every_work_and_is_written_anew(tmp_path):
    page = markers_page()
    registry = marker_registry()
    assert all(f"`{name}`" in page for name in [*registry.markers, *registry.references])
    write_page(tmp_path / "markers.md")
    assert (tmp_path / "markers.md").read_text(encoding="utf-8") == page


def test_the_rows_of_the_page_have_as_many_cells_as_their_headings():
    width = 0
    for line in markers_page().splitlines():
        cells = line.count(" | ") + 2 if line.startswith("| ") else 0
        assert cells == width or not (cells and width), line
        width = cells
