import re
from html import unescape

from ketbio.report.tables.html import table_html, to_html


def test_headings_have_scopes_and_the_table_a_caption(table):
    page = to_html([table]).decode()
    assert "<strong>Table 1.</strong> Participants</caption>" in page
    assert all('scope="' in head for head in re.findall(r"<th [^>]*>", page))
    assert 'scope="row"' in page
    assert 'scope="colgroup"' in page
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')


def test_marks_notes_and_rows_of_tidy_are_there(table):
    shown = table_html(table)
    assert '<span data-tidy-rows="3">15.2 (1.50)<sup>b</sup></span>' in shown
    assert "<sup>a</sup> Welch t." in shown
    assert "Simulated data." in shown


def test_nothing_is_fetched_and_nothing_runs(nasty_table, nasty_text):
    page = to_html([nasty_table]).decode()
    assert not re.search(r"<script|src=|href=|@import|url\(", page)
    assert unescape(page).count(nasty_text) >= 6


def test_tables_of_one_page_have_different_ids(table):
    page = to_html([table, table]).decode()
    found = re.findall(r' id="([^"]+)"', page)
    assert len(found) == len(set(found))


def test_a_notebook_shows_it(table):
    assert "Participants</caption>" in table._repr_html_()
